import Cards
import Reports
import Rules
import WorkingCalendar

/// The figures of a week as they may be published: for the authority, its services and its teams, how much of the work
/// that fell due was done by its date, small numbers hidden.
///
/// One pair of numbers for each kind of work, and no other. What is open, what began and what ended hang together from
/// week to week (what is overdue now was overdue, or fell due and was not done, and has not ended), so that with two of
/// them whoever has two weeks works out a small number of the third. What fell due in a week is counted once, in that
/// week, whether it was ever done or not. Nothing of units, workers, Group Managers or children is in it, and no trend.
struct Release {
    /// A figure: the columns of `cards.csv`, with `c` for what is hidden and `:` for what is not available.
    struct Row: Hashable {
        var level: Level
        var name: String
        var rule: String
        var measure: String
        var numerator = ""
        var denominator = ""
        var value = ""
    }

    let rows: [Row]
    private let report: WeeklyReport

    /// What stands for a hidden number.
    static let hidden = "c"

    init(_ report: WeeklyReport) {
        self.report = report
        let isAvailable = Dictionary(
            Self.week(report).lazy.filter { $0.level == .authority && $0.measure == "met" }.map {
                ($0.rule, $0.value != .notAvailable)
            }
        ) { first, _ in first }
        let names = Self.names(report)
        var rows: [Row] = []
        for (rule, decided) in Self.decisions(report) {
            guard isAvailable[rule] ?? true else {
                rows.append(Row(level: .authority, name: "all", rule: rule, measure: "met", value: ":"))
                continue
            }
            rows += Self.rows(decided, .authority, "all", rule)
            for (service, own) in zip(decided.children, names) {
                rows += Self.rows(service, .service, own.service, rule)
                for (team, name) in zip(service.children, own.teams) { rows += Self.rows(team, .team, name, rule) }
            }
        }
        let order = Dictionary(uniqueKeysWithValues: Level.allCases.enumerated().map { ($1, $0) })
        self.rows = rows.enumerated().sorted { a, b in
            if a.element.level != b.element.level {
                return (order[a.element.level] ?? 0) < (order[b.element.level] ?? 0)
            }
            if a.element.name != b.element.name {
                return a.element.name.utf8.lexicographicallyPrecedes(b.element.name.utf8)
            }
            return a.offset < b.offset
        }.map(\.element)
    }

    // MARK: The tree

    /// The rules that are published.
    ///
    /// Of several about the same steps the first: what is seen of the one would bound what is hidden of the other. None
    /// from the day of the referral to the next, such as that for the decision: they count every referral.
    static func rules(_ report: WeeklyReport) -> [Rule] {
        var rules: [Rule] = []
        for rule in report.rules where ![.authorisation, .referral].contains(rule.shape) {
            func subject(_ rule: Rule) -> ClockShape { rule.shape == .childSeen ? .conference : rule.shape }
            let isAgain = rules.contains {
                subject($0) == subject(rule) && $0.step == rule.step && (rule.stops.isEmpty || $0.stops == rule.stops)
            }
            if !isAgain { rules.append(rule) }
        }
        return rules
    }

    /// What is decided of every published rule: of what fell due, and of what was done by then.
    static func decisions(_ report: WeeklyReport) -> [(rule: String, Suppression.Node)] {
        struct Key: Hashable {
            var level: Level
            var name: String
            var rule: String
        }
        let pairs = Dictionary(
            week(report).lazy.filter { $0.measure == "met" }.map {
                (
                    Key(level: $0.level, name: $0.name, rule: $0.rule),
                    Suppression.Pair(whole: $0.denominator ?? 0, part: $0.numerator ?? 0)
                )
            }
        ) { first, _ in first }
        let names = names(report)
        return rules(report).map { rule in
            func node(_ level: Level, _ name: String, _ children: [Suppression.Node] = []) -> Suppression.Node {
                let pair = pairs[Key(level: level, name: name, rule: rule.name)] ?? .init(whole: 0, part: 0)
                return Suppression.Node(pair: pair, children: children)
            }
            let services = names.map { service, teams in node(.service, service, teams.map { node(.team, $0) }) }
            return (rule.name, Suppression.decide(node(.authority, "all", services)))
        }
    }

    /// The figures of the reported week.
    private static func week(_ report: WeeklyReport) -> [Figure] {
        report.figures.filter { $0.weekEnding == report.header.week.ending }
    }

    /// The services, and the teams of those whose teams belong to no other service.
    ///
    /// A unit that the organisation file does not have may be named for a person: it is in no team's number.
    private static func names(_ report: WeeklyReport) -> [(service: String, teams: [String])] {
        var services: [String: Set<String>] = [:]
        var teams: [String: Set<String>] = [:]
        for place in report.places {
            services[place.team, default: []].insert(place.service)
            teams[place.service, default: []].formUnion(place.isKnown ? [place.team] : [])
        }
        return teams.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { service, names in
            let areOwn = names.allSatisfy { services[$0]?.count == 1 }
            return (service, areOwn ? names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } : [])
        }
    }

    // MARK: Rows

    private static func rows(_ node: Suppression.Node, _ level: Level, _ name: String, _ rule: String) -> [Row] {
        guard node.shown != .leftOut, node.pair.whole > 0 else { return [] }
        func text(_ number: Int, isSeen: Bool) -> String { isSeen || number == 0 ? "\(number)" : hidden }
        let whole = text(node.pair.whole, isSeen: node.shown != .hidden)
        func share(_ measure: String, _ number: Int) -> Row {
            let part = text(number, isSeen: node.shown == .full)
            var row = Row(level: level, name: name, rule: rule, measure: measure, numerator: part, denominator: whole)
            if part == hidden || whole == hidden {
                row.value = hidden
            } else if node.pair.whole >= 10 {
                let tenths = (number * 2_000 + node.pair.whole) / (node.pair.whole * 2)
                row.value = "\(tenths / 10).\(tenths % 10)"
            }
            return row
        }
        let due = Row(level: level, name: name, rule: rule, measure: "due_cohort", value: whole)
        // A rest that is zero would say that the part is the whole.
        let missed = node.shown == .full ? [share("missed", node.pair.rest)] : []
        return [due, share("met", node.pair.part)] + missed
    }

    // MARK: Files

    /// `cards.csv`, with the columns of the internal one.
    var csv: String {
        Table(
            header: ["week_ending", "level", "name", "rule", "measure", "numerator", "denominator", "value"],
            rows: rows.map { row in
                [
                    "\(report.header.week.ending)", row.level.rawValue, row.name, row.rule, row.measure, row.numerator,
                    row.denominator, row.value,
                ]
            }
        ).csv
    }

    /// The page of a level: what is published of it.
    func page(_ level: Level, _ name: String, title: String) -> CardPage {
        let own = rows.filter { $0.level == level && $0.name == name }
        let rules = report.rules.map(\.name).filter { rule in own.contains { $0.rule == rule } }
        func cell(_ rule: String) -> String {
            guard let row = own.first(where: { $0.rule == rule && $0.measure == "met" }), !row.denominator.isEmpty
            else { return "n/a" }
            let share = "\(row.numerator)/\(row.denominator)"
            return row.value.isEmpty || row.value == Self.hidden ? share : "\(share) (\(row.value)%)"
        }
        let titles = Dictionary(report.rules.map { ($0.name, PageText.clean($0.title)) }) { first, _ in first }
        var blocks: [CardPage.Block] = []
        if rules.isEmpty {
            blocks.append(.sentences(["Nothing can be published of this week."]))
        } else {
            blocks.append(
                .table(
                    PageTable(
                        caption: "Each kind of work that fell due in the week",
                        columns: ["Work", .number("Done by its date, of due")],
                        rows: rules.map { [titles[$0] ?? $0, cell($0)] })))
        }
        blocks.append(
            .sentences([
                "c: a number of 1 to 5, or one from which such a number could be worked out. Work that is not here did "
                    + "not fall due, or is left out for the same reason. n/a: the data cannot say it. Percentages "
                    + "stand from 10 on."
            ]))
        let week = report.header.week
        return CardPage(
            title: "\(title), week \(week)",
            lead: [
                "\(PageText.date(week.monday)) to \(PageText.date(week.ending)), as at "
                    + "\(PageText.date(report.header.asAt)). Small numbers are hidden."
            ],
            header: HeaderLines.ofRelease(report.header),
            sections: [CardPage.Section("Work that fell due", blocks)])
    }
}
