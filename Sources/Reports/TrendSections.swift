import Cards
import WorkingCalendar

/// Turns the trends of one card into tables of points, with their signals named in words.
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
        return CardPage.Section("Trends", trends.flatMap(blocks))
    }

    private func blocks(_ trend: Trend) -> [CardPage.Block] {
        let title = "\(figures.title(trend.rule)): \(Self.words(trend.measure))"
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
        let keeps = columns.indices.filter { !(isCount && $0 == 1) && !(trend.chart == .stock && $0 > 2) }
        return [
            .heading(title), .sentences(sentences(trend)),
            .table(
                PageTable(
                    caption: title, columns: keeps.map { columns[$0] },
                    rows: rows.map { row in keeps.map { row[$0] } })),
        ]
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
