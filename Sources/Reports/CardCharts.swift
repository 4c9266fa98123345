import Cards
import Charts
import Rules
import WorkingCalendar

/// The charts of one card, each under a headline that says what it shows.
struct CardCharts {
    let figures: FigureSections
    private let times: [Key: [WorkTimes]]

    private struct Key: Hashable {
        var level: Level
        var name: String
    }

    init(_ figures: FigureSections) {
        self.figures = figures
        times = Dictionary(grouping: figures.report.times) { Key(level: $0.level, name: $0.name) }
    }

    /// The times of a card, in the order of the rules.
    func times(_ level: Level, _ name: String) -> [WorkTimes] { times[Key(level: level, name: name)] ?? [] }

    /// The assessments of a card with most of a kind of work; `nil` where none has any.
    func main(_ times: [WorkTimes], by count: (WorkTimes) -> Int) -> WorkTimes? {
        let assessments = times.filter { rule($0)?.shape == .assessment && rule($0)?.isStatistical == false }
        return assessments.filter { count($0) > 0 }.max { count($0) < count($1) }
    }

    func rule(_ times: WorkTimes) -> Rule? { figures.report.rules.first { $0.name == times.rule } }

    /// The edition of a rule that holds for work that starts now.
    private func edition(_ rule: Rule) -> Edition? {
        rule.editions.first { $0.isInForce(on: figures.report.header.asAt) } ?? rule.editions.last
    }

    private func count(_ counts: some Sequence<WorkTimes.Count>) -> Int { counts.reduce(0) { $0 + $1.count } }

    /// What a day of a rule is called.
    private func days(_ rule: String) -> String {
        figures.countsWorkingDays(rule, startedOn: figures.report.header.asAt) ? "working days" : "days"
    }

    // MARK: Open work

    /// Each open case of a rule as a dot against its limit.
    func open(_ times: WorkTimes) -> CardPage.ChartBlock {
        let title = figures.title(times.rule)
        let late = count(times.open.filter { $0.days > 0 })
        let soon = count(times.open.filter { -5...0 ~= $0.days })
        let inner = rule(times).flatMap(edition).flatMap { edition -> Int? in
            guard let expected = edition.expected, let limit = edition.limit else { return nil }
            return Int(limit.inDays - expected.inDays)
        }
        let headline = "\(title): \(count(times.open)) open, \(late) past the limit, \(soon) within 5 days of it"
        let unit = days(times.rule)
        let plot = DotPlot(
            columns: times.open.map { .init(daysOver: Int($0.days), count: $0.count) }, innerLimit: inner, unit: unit)
        let table = PageTable(
            caption: "\(title): open work against its limit",
            columns: [.init("Against the limit (\(unit))"), .number("Open")],
            rows: times.open.map { [Self.against($0.days), "\($0.count)"] })
        return .init(
            headline, plot.chart(title: headline, description: "Each open case as a dot against its limit."),
            numbers: table)
    }

    private static func against(_ days: Int32) -> String {
        days == 0 ? "at the limit" : days < 0 ? "\(-days) left" : "\(days) over"
    }

    // MARK: Completed work

    /// How long completed work of the weeks shown took.
    func taken(_ times: WorkTimes) -> CardPage.ChartBlock {
        let title = figures.title(times.rule)
        let limit = rule(times).flatMap(edition)?.limit
        let days = limit.flatMap { $0.unit == .months ? nil : $0.inDays }
        let unit = self.days(times.rule)
        let all = count(times.stopped)
        var headline = "\(title): how long \(PageText.count(all, "completed case", "completed cases")) took"
        if let days, days >= Self.leastForBunching {
            let last = count(times.stopped.filter { days - 5 < $0.days && $0.days <= days })
            headline = "\(title): \(last) of \(all) completed in the last five days before the limit"
        }
        let chart = Distribution(
            columns: times.stopped.map { .init(days: Int($0.days), count: $0.count) }, limit: days.map(Int.init),
            isBunchingMarked: (days ?? 0) >= Self.leastForBunching, unit: PageText.sentence(unit)
        ).chart(title: headline, description: "A column for each number of days, with the limit.")
        let period = "\(PageText.date(times.weeks.lowerBound)) to \(PageText.date(times.weeks.upperBound))"
        let table = PageTable(
            caption: "\(title): \(unit) taken, weeks ending \(period)",
            columns: [.init(PageText.sentence(unit)), .number("Completed")],
            rows: times.stopped.map { ["\($0.days)", "\($0.count)"] })
        return .init(headline, chart, numbers: table, sentences: ["Weeks ending \(period)."])
    }

    /// Limits of fewer days have no last days of their own.
    private static let leastForBunching: Int32 = 35
}

extension TimeLimit {
    /// The limit in days as its unit counts them; months as 30 days, for drawing only.
    var inDays: Int32 {
        switch unit {
        case .workingDays, .days: count
        case .weeks: count * 7
        case .months: count * 30
        }
    }
}
