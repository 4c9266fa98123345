import Cards
import Reports
import Rules
import WorkingCalendar

/// The figures of a week as they may be published: of the authority, its services and its teams, small ones hidden.
///
/// Nothing of units, workers, Group Managers or children is in it, and no trend, quantile or mean. What started and
/// what ended otherwise is left out too: with both, whoever has two weeks works out each from the other and from
/// what is open. So is every rule that measures what another one does: what is hidden of the one would be bounded by
/// what is seen of the other.
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
    /// How many numbers are hidden although they are not small, so that others cannot be worked out.
    let secondaryCount: Int
    private let report: WeeklyReport

    /// What stands for a hidden number.
    static let hidden = "c"

    /// A measure that is published at every level: the measure of the whole, and that of its part.
    enum Measure: CaseIterable {
        case running, inTime, met, reReferrals

        /// The measure from which the pair is read: a count, or a share that has both.
        var name: String {
            switch self {
            case .running: "running"
            case .inTime: "in_time"
            case .met: "met"
            case .reReferrals: "re_referrals"
            }
        }
    }

    /// What is published of the authority alone, where none of it is small.
    private static let verdicts = [
        "running_not_due", "running_due_soon", "running_at_limit", "running_over_1_5", "running_over_6_20",
        "running_over_21",
    ]

    init(_ report: WeeklyReport) {
        self.report = report
        let cells = Cells(report)
        var rows: [Row] = []
        var secondary = 0
        for (rule, measure, decided) in Self.decisions(report) {
            secondary += Self.secondary(decided)
            Self.add(decided, .authority, "all", rule, measure, cells, Self.names(report), to: &rows)
        }
        for rule in Self.rules(report) { rows += cells.safe(Self.verdicts, rule.name) }
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
        secondaryCount = secondary
    }

    // MARK: The tree

    /// The rules that are published: of several about the same steps the first.
    static func rules(_ report: WeeklyReport) -> [Rule] {
        var rules: [Rule] = []
        for rule in report.rules where rule.shape != .authorisation {
            let isAgain = rules.contains { $0.shape == rule.shape && $0.step == rule.step && $0.stops == rule.stops }
            if !isAgain { rules.append(rule) }
        }
        return rules
    }

    /// What is decided of every published rule and measure.
    static func decisions(_ report: WeeklyReport) -> [(rule: String, measure: Measure, Suppression.Node)] {
        let cells = Cells(report)
        return (rules(report).map(\.name) + ["referral"]).flatMap { rule in
            Measure.allCases.map { measure in
                (rule, measure, Suppression.decide(tree(report) { cells.pair($0, $1, rule, measure.name) }))
            }
        }
    }

    /// The services, and the teams of those whose teams belong to no other service.
    private static func names(_ report: WeeklyReport) -> [(service: String, teams: [String])] {
        var services: [String: Set<String>] = [:]
        var teams: [String: Set<String>] = [:]
        for place in report.places {
            services[place.team, default: []].insert(place.service)
            teams[place.service, default: []].insert(place.team)
        }
        return teams.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { service, names in
            let areOwn = names.allSatisfy { services[$0]?.count == 1 }
            return (service, areOwn ? names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } : [])
        }
    }

    private static func tree(
        _ report: WeeklyReport, _ pair: (Level, String) -> Suppression.Pair
    ) -> Suppression.Node {
        let services = names(report).map { service, teams in
            Suppression.Node(
                pair: pair(.service, service), children: teams.map { Suppression.Node(pair: pair(.team, $0)) })
        }
        return Suppression.Node(pair: pair(.authority, "all"), children: services)
    }

    private static func secondary(_ node: Suppression.Node) -> Int {
        (node.isSecondary ? [node.pair.whole, node.pair.part].count { $0 > 0 } : 0)
            + node.children.reduce(0) { $0 + secondary($1) }
    }

    // MARK: Rows

    private static func add(
        _ node: Suppression.Node, _ level: Level, _ name: String, _ rule: String, _ measure: Measure, _ cells: Cells,
        _ names: [(service: String, teams: [String])], to rows: inout [Row]
    ) {
        rows += cells.isAvailable(rule, measure.name) ? Self.rows(node, level, name, rule, measure) : []
        if level == .authority, !cells.isAvailable(rule, measure.name) {
            rows.append(Row(level: level, name: name, rule: rule, measure: measure.name, value: ":"))
        }
        let below: Level = level == .authority ? .service : .team
        let children = level == .authority ? names.map(\.service) : names.first { $0.service == name }?.teams ?? []
        for (child, name) in zip(node.children, children) {
            add(child, below, name, rule, measure, cells, names, to: &rows)
        }
    }

    private static func rows(
        _ node: Suppression.Node, _ level: Level, _ name: String, _ rule: String, _ measure: Measure
    ) -> [Row] {
        guard node.shown != .leftOut, node.pair.whole > 0 else { return [] }
        func text(_ number: Int, isSeen: Bool) -> String { isSeen || number == 0 ? "\(number)" : hidden }
        let whole = text(node.pair.whole, isSeen: node.shown != .hidden)
        let part = text(node.pair.part, isSeen: node.shown == .full)
        func row(_ measure: String, value: String) -> Row {
            Row(level: level, name: name, rule: rule, measure: measure, value: value)
        }
        func share(_ measure: String, _ number: Int, _ text: String) -> Row {
            var row = Row(
                level: level, name: name, rule: rule, measure: measure, numerator: text, denominator: whole)
            if text == hidden || whole == hidden {
                row.value = hidden
            } else if node.pair.whole >= 10 {
                let tenths = (number * 2_000 + node.pair.whole) / (node.pair.whole * 2)
                row.value = "\(tenths / 10).\(tenths % 10)"
            }
            return row
        }
        switch measure {
        case .running: return [row("running", value: whole), row("overdue", value: part)]
        case .inTime, .reReferrals: return [share(measure.name, node.pair.part, part)]
        case .met:
            var rows = [row("due_cohort", value: whole), share("met", node.pair.part, part)]
            // A rest that is zero would say that the part is the whole.
            if node.shown == .full { rows.append(share("missed", node.pair.rest, "\(node.pair.rest)")) }
            return rows
        }
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
        func cell(_ rule: String, _ measure: String) -> String {
            guard let row = own.first(where: { $0.rule == rule && $0.measure == measure }) else { return "–" }
            let share = row.denominator.isEmpty ? "" : "\(row.numerator)/\(row.denominator)"
            if share.isEmpty { return row.value == ":" ? "n/a" : row.value }
            return row.value.isEmpty || row.value == Self.hidden ? share : "\(share) (\(row.value)%)"
        }
        let measures = ["in_time", "met", "running", "overdue"]
        let titles = Dictionary(report.rules.map { ($0.name, PageText.clean($0.title)) }) { first, _ in first }
        var blocks: [CardPage.Block] = []
        if rules.isEmpty {
            blocks.append(.sentences(["Nothing can be published of this week."]))
        } else {
            blocks.append(
                .table(
                    PageTable(
                        caption: "Each kind of work: this week, and open at its end",
                        columns: [
                            "Work", .number("In time, of completed"), .number("Done, of due"), .number("Open"),
                            .number("Overdue"),
                        ],
                        rows: rules.map { rule in [titles[rule] ?? rule] + measures.map { cell(rule, $0) } })))
        }
        blocks.append(
            .sentences([
                "c: a number of 1 to 5, or one from which such a number could be worked out. –: nothing, or left out "
                    + "for the same reason. n/a: the data cannot say it. Percentages stand from 10 on."
            ]))
        let week = report.header.week
        return CardPage(
            title: "\(title), week \(week)",
            lead: [
                "\(PageText.date(week.monday)) to \(PageText.date(week.ending)), as at "
                    + "\(PageText.date(report.header.asAt)). Small numbers are hidden."
            ],
            header: HeaderLines.lines(report.header),
            sections: [CardPage.Section("Work of the week and what is open", blocks)])
    }
}

/// The numbers of a report's week, by card, rule and measure.
private struct Cells {
    private let figures: [Key: Figure]

    private struct Key: Hashable {
        var level: Level
        var name: String
        var rule: String
        var measure: String
    }

    init(_ report: WeeklyReport) {
        let week = report.header.week.ending
        figures = Dictionary(
            report.figures.lazy.filter { $0.weekEnding == week }.map {
                (Key(level: $0.level, name: $0.name, rule: $0.rule, measure: $0.measure), $0)
            }
        ) { first, _ in first }
    }

    private func figure(_ level: Level, _ name: String, _ rule: String, _ measure: String) -> Figure? {
        figures[Key(level: level, name: name, rule: rule, measure: measure)]
    }

    private func number(_ level: Level, _ name: String, _ rule: String, _ measure: String) -> Int {
        if case .number(let number)? = figure(level, name, rule, measure)?.value { number } else { 0 }
    }

    func isAvailable(_ rule: String, _ measure: String) -> Bool {
        figure(.authority, "all", rule, measure)?.value != .notAvailable
    }

    /// The whole and the part of a measure; for open work the part is what is overdue.
    func pair(_ level: Level, _ name: String, _ rule: String, _ measure: String) -> Suppression.Pair {
        if let whole = figure(level, name, rule, measure)?.denominator {
            return .init(whole: whole, part: figure(level, name, rule, measure)?.numerator ?? 0)
        }
        let part = measure == "running" ? number(level, name, rule, "overdue") : 0
        return .init(whole: number(level, name, rule, measure), part: part)
    }

    /// A group of the authority's numbers, where none is small; else nothing of it.
    func safe(_ measures: [String], _ rule: String) -> [Release.Row] {
        let numbers = measures.map { ($0, number(.authority, "all", rule, $0)) }
        guard numbers.allSatisfy({ !Suppression.isSmall($0.1) }) else { return [] }
        return numbers.filter { $0.1 > 0 }.map { measure, number in
            Release.Row(level: .authority, name: "all", rule: rule, measure: measure, value: "\(number)")
        }
    }
}
