import Cards
import Rules
import WorkingCalendar

/// Turns the figures of one card into tables in plain words.
struct FigureSections {
    let report: WeeklyReport
    private let byCard: [Key: [Figure]]

    private struct Key: Hashable {
        var level: Level
        var name: String
    }

    /// The name that stands for no rule in figures of referrals and children.
    static let referral = "referral"

    init(_ report: WeeklyReport) {
        self.report = report
        let week = report.header.week.ending
        byCard = Dictionary(grouping: report.figures.lazy.filter { $0.weekEnding == week }) {
            Key(level: $0.level, name: $0.name)
        }
    }

    /// The figures of the reported week.
    func figures(_ level: Level, _ name: String) -> [Figure] { byCard[Key(level: level, name: name)] ?? [] }

    /// The words managers use for a rule.
    func title(_ rule: String) -> String {
        if rule == Self.referral { return "Referrals and children" }
        return PageText.clean(report.rules.first { $0.name == rule }?.title ?? rule.replacing("_", with: " "))
    }

    /// What is waited for, in the words of somebody who waits for it: shorter than the title where that says both ends.
    func shortTitle(_ rule: String) -> String {
        if rule == Self.referral { return "Referral" }
        let isConference = report.rules.first { $0.name == rule }?.shape == .conference
        return isConference ? "Initial child protection conference" : title(rule)
    }

    /// Why a row stands on the list: every kind that holds.
    func why(_ row: ListedException) -> String {
        let kinds = [row.kind] + (row.counts ? row.also.split(separator: " ").map(String.init) : [])
        return kinds.map(MeasureWords.wait).joined(separator: ", ")
    }

    /// Whether the limit of a rule counts working days, for work that started on a day.
    func countsWorkingDays(_ name: String, startedOn day: CivilDate?) -> Bool {
        let rule = report.rules.first { $0.name == name }
        let edition = rule?.editions.first { edition in day.map(edition.isInForce) ?? false }
        let limit = edition?.limit ?? rule?.editions.lazy.compactMap(\.limit).first
        return limit.map { $0.unit == .workingDays } ?? true
    }

    // MARK: The figures of a card

    /// One section for the figures of a card, and one for its data quality.
    func sections(_ level: Level, _ name: String) -> [CardPage.Section] {
        let figures = figures(level, name)
        var blocks: [CardPage.Block] = []
        for rule in report.rules.map(\.name) + [Self.referral] {
            let own = figures.filter {
                $0.rule == rule && !$0.measure.hasPrefix("finding_") && $0.measure != "excluded"
            }
            guard own.contains(where: { $0.value != .notAvailable }) else { continue }
            blocks.append(.heading(title(rule)))
            for group in MeasureWords.Group.allCases {
                let rows = own.filter { !isBand($0) && MeasureWords.group($0.measure) == group }.map(Self.row)
                guard !rows.isEmpty else { continue }
                blocks.append(.table(Self.table("\(title(rule)): \(group.rawValue)", rows)))
            }
            blocks += bands(rule, own)
        }
        if blocks.isEmpty { blocks = [.sentences(["Nothing to count this week."])] }
        return [CardPage.Section("Figures of the week", blocks), quality(figures)]
    }

    private static func table(_ caption: String, _ rows: [[String]]) -> PageTable {
        PageTable(caption: caption, columns: ["Measure", .number("Number of all"), .number("Value")], rows: rows)
    }

    private static func row(_ figure: Figure) -> [String] {
        [MeasureWords.words(figure.measure), share(figure), value(figure)]
    }

    /// `14/20`; empty for what is no share.
    static func share(_ figure: Figure) -> String {
        guard let part = figure.numerator, let whole = figure.denominator else { return "" }
        return "\(part)/\(whole)"
    }

    /// The value in words: a percentage for shares, `not available` for a colon.
    static func value(_ figure: Figure) -> String {
        switch figure.value {
        case .notAvailable: "not available"
        case .tenths where figure.denominator != nil: "\(figure.valueText)%"
        default: figure.valueText
        }
    }

    private func isBand(_ figure: Figure) -> Bool {
        figure.measure.hasPrefix("stopped_band_") || figure.measure.hasPrefix("running_band_")
    }

    private func bands(_ rule: String, _ figures: [Figure]) -> [CardPage.Block] {
        let bands = figures.filter(isBand)
        guard !bands.isEmpty else { return [] }
        func counts(_ prefix: String) -> [String: String] {
            var counts: [String: String] = [:]
            for figure in bands where figure.measure.hasPrefix(prefix) {
                counts[String(figure.measure.dropFirst(prefix.count))] = figure.valueText
            }
            return counts
        }
        let stopped = counts("stopped_band_")
        let running = counts("running_band_")
        let names = Set(stopped.keys).union(running.keys).sorted { (Self.low($0), $0) < (Self.low($1), $1) }
        let rows = names.map { [MeasureWords.band($0), stopped[$0] ?? "0", running[$0] ?? "0"] }
        return [
            .table(
                PageTable(
                    caption: "\(title(rule)): by days taken",
                    columns: ["Days", .number("Completed"), .number("Running")], rows: rows))
        ]
    }

    private static func low(_ band: String) -> Int { band.split(separator: "_").first.flatMap { Int($0) } ?? 0 }

    /// The words of any measure, those of findings and bands among them.
    static func words(_ measure: String) -> String {
        for (prefix, words) in [
            ("finding_", FindingWords.words), ("stopped_band_", { "Completed, days taken: \(MeasureWords.band($0))" }),
            ("running_band_", { "Running, days so far: \(MeasureWords.band($0))" }),
        ] as [(String, (String) -> String)] where measure.hasPrefix(prefix) {
            return words(String(measure.dropFirst(prefix.count)))
        }
        return MeasureWords.words(measure)
    }

    // MARK: Data quality

    private func quality(_ figures: [Figure]) -> CardPage.Section {
        var blocks: [CardPage.Block] = []
        let prefix = "finding_"
        let findings = figures.filter { $0.measure.hasPrefix(prefix) }.map { figure in
            [FindingWords.words(String(figure.measure.dropFirst(prefix.count))), figure.valueText]
        }
        if findings.isEmpty {
            blocks.append(.sentences(["No findings about rows dated in this week."]))
        } else {
            blocks.append(
                .table(
                    PageTable(
                        caption: "Findings about rows dated in this week",
                        columns: ["Finding", .number("Rows")], rows: findings)))
        }
        let excluded = figures.filter { $0.measure == "excluded" }.map { [title($0.rule), Self.value($0)] }
        if !excluded.isEmpty {
            blocks.append(
                .table(
                    PageTable(
                        caption: "Running work that cannot be measured and is left out of the figures",
                        columns: ["Work", .number("Number")], rows: excluded)))
        }
        let missing = figures.filter { $0.value == .notAvailable && $0.measure != "excluded" }
        if !missing.isEmpty {
            let rows = missing.map { [title($0.rule), MeasureWords.words($0.measure)] }
            blocks.append(
                .table(
                    PageTable(caption: "Not available from these exports", columns: ["Work", "Measure"], rows: rows)))
        }
        return CardPage.Section("Data quality", blocks)
    }

    // MARK: Side by side

    /// For each rule, the cards of one level side by side: counts only.
    func sideBySide(_ level: Level, _ names: [String], heading: String) -> [CardPage.Block] {
        let measures = ["started", "in_time", "missed", "running", "overdue"]
        var blocks: [CardPage.Block] = []
        for rule in report.rules.map(\.name) {
            let rows: [[String]] = names.compactMap { name in
                let figures = figures(level, name).filter { $0.rule == rule }
                let cells = measures.map { measure in
                    guard let figure = figures.first(where: { $0.measure == measure }) else { return "0" }
                    if figure.value == .notAvailable { return "not available" }
                    return figure.denominator == nil ? figure.valueText : Self.share(figure)
                }
                return cells.allSatisfy { $0 == "0" || $0 == "not available" } ? nil : [PageText.clean(name)] + cells
            }
            guard !rows.isEmpty else { continue }
            blocks.append(
                .table(
                    PageTable(
                        caption: "\(title(rule)), side by side",
                        columns: [
                            .init(heading), .number("Started"), .number("In time"), .number("Missed"),
                            .number("Running"), .number("Overdue"),
                        ], rows: rows)))
        }
        return blocks
    }
}
