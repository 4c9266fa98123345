import Cards
import Rules
import WorkingCalendar

/// Turns exceptions and watch rows into tables in plain words.
struct RowTables {
    let figures: FigureSections

    // MARK: Exceptions

    /// The exceptions that ask for an answer, in their order, and after them those that cleared.
    func exceptions(_ rows: [ListedException]) -> [CardPage.Block] {
        let standing = rows.filter(\.counts)
        let cleared = rows.filter { !$0.counts }
        var blocks: [CardPage.Block] = []
        if standing.isEmpty {
            blocks.append(.sentences(["No exceptions."]))
        } else {
            blocks.append(
                .table(
                    PageTable(caption: "Exceptions, worst first", columns: Self.columns, rows: standing.map(row))))
        }
        if !cleared.isEmpty {
            blocks.append(
                .table(
                    PageTable(
                        caption: "Cleared since last week (they count in no total)", columns: Self.columns,
                        rows: cleared.map(row))))
        }
        return blocks
    }

    private static let columns: [PageTable.Column] = [
        "Child", "Worker", "Team", "Work", "Why listed", "How late", "Started", "Due", "Last seen", "Last decision",
        "Status", "Reference",
    ]

    private func row(_ row: ListedException) -> [String] {
        [
            PageText.clean(row.child), row.worker.isEmpty ? "nobody" : PageText.clean(row.worker),
            row.unit.isEmpty ? "no team" : PageText.clean(row.unit), figures.title(row.rule), why(row), late(row),
            PageText.date(row.startedOn), PageText.date(row.dueOn), Self.day(row.lastSeenOn),
            Self.day(row.lastDecisionOn), status(row), row.reference,
        ]
    }

    private func why(_ row: ListedException) -> String {
        let others = row.counts ? row.also.split(separator: " ").map { MeasureWords.kind(String($0)).lowercased() } : []
        return ([MeasureWords.kind(row.kind)] + others).joined(separator: "; ")
    }

    private static func day(_ date: CivilDate?) -> String { date == nil ? "not recorded" : PageText.date(date) }

    /// `overdue by 6 working days`, in the unit of the rule's limit; empty where nothing is past a limit.
    private func late(_ row: ListedException) -> String {
        guard let over = row.daysOver, over > 0 else { return "" }
        let rule = figures.report.rules.first { $0.name == row.rule }
        let edition = rule?.editions.first { edition in row.startedOn.map(edition.isInForce) ?? false }
        let limit = edition?.limit ?? rule?.editions.lazy.compactMap(\.limit).first
        let isWorking = limit.map { $0.unit == .workingDays } ?? true
        let days = "\(over) \(isWorking ? "working " : "")\(over == 1 ? "day" : "days")"
        return row.counts ? "overdue by \(days)" : "was overdue by \(days)"
    }

    private func status(_ row: ListedException) -> String {
        switch row.status {
        case .new: "new this week"
        case .continuing: "listed for \(PageText.count(row.weeksListed, "week", "weeks"))"
        case .cleared: "cleared: \(MeasureWords.clearances[row.also] ?? "it left the list")"
        }
    }

    // MARK: The watch list

    /// The work to keep an eye on.
    func watch(_ rows: [ListedWatch]) -> [CardPage.Block] {
        guard !rows.isEmpty else { return [.sentences(["Nothing to watch."])] }
        let cells = rows.map { row in
            [
                PageText.clean(row.child), row.worker.isEmpty ? "nobody" : PageText.clean(row.worker),
                row.unit.isEmpty ? "no team" : PageText.clean(row.unit), figures.title(row.rule),
                MeasureWords.kind(row.kind), PageText.date(row.dueOn), Self.day(row.lastSeenOn),
                Self.day(row.lastDecisionOn),
            ]
        }
        return [
            .table(
                PageTable(
                    caption: "Watch list, by due date (no answer needed)",
                    columns: ["Child", "Worker", "Team", "Work", "Why", "Due", "Last seen", "Last decision"],
                    rows: cells))
        ]
    }

    // MARK: Counts

    /// How many exceptions there are of each kind, without saying whose.
    func counts(_ rows: [ListedException]) -> [CardPage.Block] {
        let standing = rows.filter(\.counts)
        guard !standing.isEmpty else { return [.sentences(["No exceptions."])] }
        let byKind = Dictionary(grouping: standing, by: \.kind)
        let order = byKind.map { kind, rows in (rank: rows.map(\.rank).min() ?? 0, kind: kind, rows: rows) }
            .sorted { ($0.rank, $0.kind) < ($1.rank, $1.kind) }
        let rows = order.map {
            [MeasureWords.kind($0.kind), "\($0.rows.count)", "\(Set($0.rows.map(\.child)).count)"]
        }
        let total = ["All", "\(standing.count)", "\(Set(standing.map(\.child)).count)"]
        return [
            .table(
                PageTable(
                    caption: "Exceptions, by the reason they are listed",
                    columns: ["Why listed", .number("Exceptions"), .number("Children")], rows: rows + [total]))
        ]
    }

    /// How many exceptions and watch rows each name has.
    func counts(
        _ heading: String, _ names: [(name: String, exceptions: [ListedException], watch: [ListedWatch])]
    ) -> CardPage.Block {
        let rows = names.map { name, exceptions, watch in
            let standing = exceptions.filter(\.counts)
            return [
                PageText.clean(name), "\(standing.count)", "\(Set(standing.map(\.child)).count)",
                "\(exceptions.count - standing.count)", "\(watch.count)",
            ]
        }
        return .table(
            PageTable(
                caption: "Exceptions and watch list, side by side",
                columns: [
                    .init(heading), .number("Exceptions"), .number("Children"), .number("Cleared"), .number("Watched"),
                ], rows: rows))
    }
}
