import Cards
import Charts
import WorkingCalendar

/// Turns exceptions and watch rows into tables in plain words.
struct RowTables {
    let figures: FigureSections

    /// So many rows at most are to be answered first.
    static let mostFirst = 12
    /// So many rows at most stand on a page; the others are in the folder's tables.
    static let mostRows = 60

    // MARK: Exceptions

    /// The rows to be answered first, and the rest: at most twelve, no family torn apart unless it is larger.
    static func divided(_ rows: [ListedException]) -> (first: [ListedException], rest: [ListedException]) {
        let standing = rows.filter(\.counts)
        guard standing.count > mostFirst else { return (standing, []) }
        var cut = mostFirst
        func isTorn(_ cut: Int) -> Bool {
            !standing[cut].family.isEmpty && standing[cut].family == standing[cut - 1].family
        }
        while cut > 0, isTorn(cut) { cut -= 1 }
        if cut == 0 { cut = mostFirst }
        return (Array(standing[..<cut]), Array(standing[cut...]))
    }

    /// Exceptions that ask for an answer, with their waiting lines and room for it.
    ///
    /// Lines are drawn where `hasLines`; more rows than a page holds are counted and not shown.
    func answers(
        _ all: [ListedException], caption: String, namesWorker: Bool = true, hasLines: Bool = true
    ) -> [CardPage.Block] {
        let rows = all.prefix(Self.mostRows)
        var columns: [PageTable.Column] = [
            "Child", "Worker", "Waiting for", .number("Days over"), .short("Last seen"), .short("Last decision"),
            .short("Listed"), .short("Promised for"),
        ]
        var cells = rows.enumerated().map { index, row in
            [
                child(row, after: all[..<index]), worker(row),
                "\(figures.shortTitle(row.rule)): \(figures.why(row))",
                over(row), Self.day(row.lastSeenOn), Self.day(row.lastDecisionOn), listed(row),
                promise(row),
            ]
        }
        // Until somebody has promised something, nobody needs the column.
        if rows.allSatisfy({ $0.promisedOn == nil }) {
            columns.removeLast()
            for index in cells.indices { cells[index].removeLast() }
        }
        if !namesWorker {
            columns.remove(at: 1)
            for index in cells.indices { cells[index].remove(at: 1) }
        }
        let drawings = hasLines ? PageTable.Drawings("How long it waits", rows.map(waitingLine)) : nil
        let table = PageTable(
            caption: caption, columns: columns, rows: cells, drawings: drawings, blank: "Your answer")
        return [.table(table)] + Self.others(all.count - rows.count, in: "exceptions.csv")
    }

    /// What is said of rows that are not on the page.
    private static func others(_ count: Int, in file: String) -> [CardPage.Block] {
        guard count > 0 else { return [] }
        return [
            .sentences([
                "\(PageText.count(count, "more row stands", "more rows stand")) in \(file) and in the workbook of the "
                    + "Group Manager's folder."
            ])
        ]
    }

    /// What the waiting lines and the days over mean.
    static let key =
        "Days over are working days where nothing else is said. The lines run from the referral to today: thick is past the limit (upright bar); a ring is the last time the "
        + "child was seen, a diamond a strategy discussion; weekends and closed days are hatched."

    /// Exceptions that have left the list, and how.
    func cleared(_ rows: [ListedException]) -> [CardPage.Block] {
        let cleared = rows.filter { !$0.counts }
        guard !cleared.isEmpty else { return [.sentences(["Nothing was cleared since last week."])] }
        let cells = cleared.prefix(Self.mostRows).map { row in
            [
                PageText.clean(row.child), worker(row),
                "\(figures.shortTitle(row.rule)): \(MeasureWords.wait(row.kind))",
                over(row), PageText.sentence(MeasureWords.clearances[row.also] ?? "it left the list"),
            ]
        }
        return [
            .table(
                PageTable(
                    caption: "Cleared since last week (they count in no total)",
                    columns: ["Child", "Worker", "Was waiting for", .number("Days over then"), "How it cleared"],
                    rows: cells))
        ] + Self.others(cleared.count - cells.count, in: "exceptions.csv")
    }

    /// A child's reference; where it stands for the first time under another of its family, that is said.
    private func child(_ row: ListedException, after rows: ArraySlice<ListedException>) -> String {
        let isSameFamily =
            !row.family.isEmpty && row.family == rows.last?.family && !row.isRestricted
            && !rows.contains { $0.child == row.child }
        return PageText.clean(row.child) + (isSameFamily ? " (same family)" : "")
    }

    private func worker(_ row: ListedException) -> String { Self.holder(row.worker, row.unit) }

    /// Who has the work: the worker and the unit.
    private static func holder(_ worker: String, _ unit: String) -> String {
        let worker = worker.isEmpty ? "nobody" : PageText.clean(worker)
        return "\(worker), \(unit.isEmpty ? "no team" : PageText.clean(unit))"
    }

    private static func day(_ date: CivilDate?) -> String { date == nil ? "not recorded" : PageText.date(date) }

    /// The days past the limit as the rule counts them; empty where nothing is past a limit.
    private func over(_ row: ListedException) -> String {
        guard let over = row.daysOver, over > 0 else { return "" }
        return figures.countsWorkingDays(row.rule, startedOn: row.startedOn) ? "\(over)" : "\(over) calendar"
    }

    private func listed(_ row: ListedException) -> String { row.status == .new ? "new" : "week \(row.weeksListed)" }

    private func promise(_ row: ListedException) -> String {
        PageText.date(row.promisedOn) + (row.isPromiseKept == false ? ", passed" : "")
    }

    private func waitingLine(_ row: ListedException) -> Chart? {
        guard let start = row.referredOn ?? row.startedOn else { return nil }
        let today = figures.report.header.asAt
        return WaitingLine(
            start: min(start, today), seen: row.lastSeenOn, discussed: row.discussedOn, limit: row.dueOn, today: today
        ).chart(calendar: figures.report.calendar) { PageText.date($0) }
    }

    // MARK: The watch list

    /// The work to keep an eye on.
    func watch(
        _ rows: [ListedWatch], caption: String = "Watch list, by due date (no answer needed)"
    ) -> [CardPage.Block] {
        guard !rows.isEmpty else { return [.sentences(["Nothing to watch."])] }
        let cells = rows.prefix(Self.mostRows).map { row in
            [
                PageText.clean(row.child), Self.holder(row.worker, row.unit), figures.shortTitle(row.rule),
                MeasureWords.kind(row.kind), PageText.date(row.dueOn), Self.day(row.lastSeenOn),
                Self.day(row.lastDecisionOn),
            ]
        }
        return [
            .table(
                PageTable(
                    caption: caption,
                    columns: [
                        "Child", "Worker", "Work", "Why", .short("Due"), .short("Last seen"), .short("Last decision"),
                    ], rows: cells))
        ] + Self.others(rows.count - cells.count, in: "watch.csv")
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
