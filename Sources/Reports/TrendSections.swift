import Cards
import Charts
import WorkingCalendar

/// Turns the trends of one card into charts, with their signals named in words.
struct TrendSections {
    let figures: FigureSections
    private let byCard: [Key: [Trend]]

    private struct Key: Hashable {
        var level: Level
        var name: String
    }

    init(_ figures: FigureSections) {
        self.figures = figures
        byCard = Dictionary(grouping: figures.report.trends) { Key(level: $0.level, name: $0.name) }
    }

    /// The section of a card; `nil` where it has no trends.
    func section(_ level: Level, _ name: String) -> CardPage.Section? {
        let trends = byCard[Key(level: level, name: name)] ?? []
        guard !trends.isEmpty else { return nil }
        return CardPage.Section("Trends", [.charts(trends.map(block))])
    }

    /// The trend that says most, and in words what the others of the card signal.
    ///
    /// It is one with a signal, else that of the rule given, else the first one. At most three of the other
    /// signals are told, and how many more there are.
    func telling(_ level: Level, _ name: String, rule: String?) -> (chart: CardPage.ChartBlock, others: [String])? {
        let trends = (byCard[Key(level: level, name: name)] ?? []).filter { $0.chart != .stock }
        let signalled = trends.filter { !$0.signals.isEmpty }
        guard let chosen = signalled.first ?? trends.first(where: { $0.rule == rule }) ?? trends.first else {
            return nil
        }
        var chart = block(chosen)
        chart.sentences = sentences(chosen).prefix(1) + limits(chosen)
        let others = signalled.filter { $0 != chosen }.compactMap { trend in
            trend.signals.first.map { "\(title(trend)). \(words($0, trend))" }
        }
        let most = 3
        let more = others.count > most ? ["\(others.count - most) more signals stand on the page of all figures."] : []
        return (chart, others.prefix(most) + more)
    }

    private func title(_ trend: Trend) -> String { "\(figures.title(trend.rule)): \(Self.words(trend.measure))" }

    private func block(_ trend: Trend) -> CardPage.ChartBlock {
        let title = title(trend)
        let isCount = trend.chart == .xmr || trend.chart == .stock
        func line(_ value: Double?) -> String {
            value.map { isCount ? PageText.decimal($0) : PageText.percentage($0) } ?? ""
        }
        let rows = trend.points.map { point in
            let value =
                isCount
                ? "\(point.numerator)" : point.isHollow ? "under 10" : PageText.percentage(point.value)
            return [
                PageText.date(point.weekEnding), isCount ? "" : "\(point.numerator)/\(point.denominator)", value,
                line(point.lower), line(point.upper),
            ]
        }
        let period = trend.chart == .blocks ? "Four weeks to" : "Week to"
        let columns: [PageTable.Column] = [
            .init(period), .number("Number of all"), .number(isCount ? "Number" : "Share"), .number("Lower limit"),
            .number("Upper limit"),
        ]
        // The limits of a count are the same in every week, so that one sentence says them.
        let keeps = columns.indices.filter { !isCount || $0 == 0 || $0 == 2 }
        let sentences = sentences(trend) + limits(trend)
        return .init(
            title,
            chart(trend, isCount).chart(title: title, description: sentences.first ?? ""),
            numbers: PageTable(
                caption: title, columns: keeps.map { columns[$0] }, rows: rows.map { row in keeps.map { row[$0] } }),
            sentences: sentences)
    }

    private func chart(_ trend: Trend, _ isCount: Bool) -> TrendChart {
        TrendChart(
            points: trend.points.map { point in
                TrendChart.Point(
                    label: PageText.date(point.weekEnding), value: point.value, isHollow: point.isHollow && !isCount,
                    lower: point.lower, upper: point.upper)
            }, mean: trend.mean, isShare: !isCount,
            breaks: Set(trend.points.indices.filter { trend.breaks.contains(trend.points[$0].weekEnding) }),
            signals: Set(trend.signals.flatMap { Array($0.points) }))
    }

    private static func words(_ measure: String) -> String {
        measure == "missed" ? "due in the week and missed" : MeasureWords.words(measure).lowercased()
    }

    private func sentences(_ trend: Trend) -> [String] {
        if trend.chart == .stock {
            return [
                "There are no limits: each week holds most of the work of the week before, so that a run means nothing."
            ] + breaks(trend)
        }
        var sentences: [String] = []
        if trend.isTrial {
            sentences.append("Trial limits: too few weeks yet, so no signal is given.")
        } else if trend.signals.isEmpty {
            sentences.append("No signal in the last four weeks: what changes from week to week can be chance.")
        } else {
            sentences += trend.signals.map { words($0, trend) }
        }
        if let baseline = trend.baseline {
            sentences.append(
                "The limits come from the weeks ending \(PageText.date(baseline.lowerBound)) to "
                    + "\(PageText.date(baseline.upperBound))\(trend.isScreened ? ", the largest ranges left out" : "")."
            )
        } else {
            sentences.append("There is no baseline, so no limits are drawn.")
        }
        return sentences + breaks(trend)
    }

    /// The mean and the limits of a count; nothing where there are none.
    private func limits(_ trend: Trend) -> [String] {
        guard trend.chart == .xmr, let mean = trend.mean, let lower = trend.points.last?.lower,
            let upper = trend.points.last?.upper
        else { return [] }
        return [
            "Mean \(PageText.decimal(mean)), limits \(PageText.decimal(max(0, lower))) to \(PageText.decimal(upper))."
        ]
    }

    /// What is said about a broken line; nothing about one that is whole.
    private func breaks(_ trend: Trend) -> [String] {
        guard !trend.breaks.isEmpty else { return [] }
        let weeks = trend.breaks.map(PageText.date).joined(separator: ", ")
        let limits = trend.chart == .stock ? "" : ", and limits begin after it"
        return ["A limit or a definition changed: the line is broken before \(weeks)\(limits)."]
    }

    private func words(_ signal: Signal, _ trend: Trend) -> String {
        guard trend.points.indices.contains(signal.points.upperBound) else { return "Signal." }
        let last = PageText.date(trend.points[signal.points.upperBound].weekEnding)
        let count = signal.points.count
        let period = trend.chart == .blocks ? "four-week blocks" : "weeks"
        let isWorse = signal.isHigh == (trend.measure == "missed")
        let what =
            switch signal.cause {
            case .outside: "the value of \(last) is \(signal.isHigh ? "above the upper" : "below the lower") limit"
            case .trend: "\(count) \(period) in a row \(signal.isHigh ? "rising" : "falling"), up to \(last)"
            case .twoOfThree:
                "two of three \(period) up to \(last) are close to the \(signal.isHigh ? "upper" : "lower") limit"
            case .shift: "\(count) \(period) in a row \(signal.isHigh ? "above" : "below") the mean, up to \(last)"
            }
        return "Signal (\(isWorse ? "worse" : "better")): \(what). This is unlikely to be chance."
    }
}
