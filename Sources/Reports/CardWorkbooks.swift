public import Cards
public import Workbooks
import WorkingCalendar

/// The workbooks of a set: for a Group Manager her rows with room for her answers, above her counts only.
///
/// A workbook holds the rows its reader may see and nothing else: no hidden sheet, nothing cached.
public struct CardWorkbooks: Sendable {
    private let report: WeeklyReport
    private let figures: FigureSections
    private let header: [CardPage.HeaderLine]
    private let set: String

    /// The workbooks of a report; `set` is the hash by which answers find the set they belong to.
    public init(_ report: WeeklyReport, set: String) {
        self.report = report
        self.set = set
        figures = FigureSections(report)
        header = HeaderLines.lines(report.header)
    }

    // MARK: A Group Manager's

    /// The workbook of a Group Manager, or of the work of none.
    public func manager(_ manager: CardPages.Reader, maySeeRestricted: Bool) -> NewWorkbook {
        let own = Restriction.shown(manager.exceptions, maySeeRestricted: maySeeRestricted)
        let watched = Restriction.shown(manager.watch, maySeeRestricted: maySeeRestricted)
        let name = manager.name.isEmpty ? "No team, or a unit outside the structure" : PageText.clean(manager.name)
        let level = manager.name.isEmpty ? Places.notInStructure : manager.name
        let tables = [
            ("What waits for your answer, with room for it", returns(own.filter(\.counts))),
            ("What has left the list since last week, and how", cleared(own.filter { !$0.counts })),
            ("What to keep an eye on, by due date", watch(watched)),
            (
                "The figures of your teams, and of all of them",
                figureSheet([(.groupManager, level)] + manager.teams.map { (.team, $0) })
            ),
            ("What each reason means", Self.reasons), ("Who may own an action or agree to a date", Self.roles),
            ("Whether the child is safe", Self.safety),
        ]
        return workbook("Group Manager: \(name)", tables, notes: Self.notes)
    }

    private static let notes = [
        "Answer on the sheet Returns, in the columns from Reason on. Rows you leave empty count as not answered.",
        "You may sort, filter, and delete columns you do not need, but not Exception, Child and Rule.",
        "Send the workbook back to the analyst, who reads it with: cards exceptions import FILE",
        "A revised date is a working day after the week; a second revision needs a more senior agreement.",
        "A note has at most \(ReturnColumn.mostCharacters) characters. Write no names in it.",
    ]

    /// The exceptions, with the columns of an answer.
    private func returns(_ rows: [ListedException]) -> NewWorkbook.Sheet {
        let sunday = report.header.week.ending
        func key(_ column: ReturnColumn, _ width: Double) -> NewWorkbook.Column { .init(column.heading, width: width) }
        func answer(_ column: ReturnColumn, _ width: Double, _ answer: NewWorkbook.Answer) -> NewWorkbook.Column {
            .init(column.heading, width: width, answer: answer)
        }
        let columns: [NewWorkbook.Column] = [
            key(.exception, 14), key(.child, 12), key(.rule, 22), .init("Waiting for", width: 34),
            .init("Worker", width: 12), .init("Team", width: 18), .init("Started", width: 12), .init("Due", width: 12),
            .init("Days over", width: 8), .init("Last seen", width: 12), .init("Last decision", width: 12),
            .init("Listed", width: 9), .init("Last promise", width: 12),
            answer(.reason, 24, .oneOf(sheet: "Reasons")), answer(.childSafe, 11, .oneOf(sheet: "Child safe")),
            answer(.seenOn, 12, .dateUpTo(report.answersDue)),
            answer(.action, 30, .text(most: ReturnColumn.mostCharacters)),
            answer(.ownerRole, 18, .oneOf(sheet: "Roles")), answer(.revisedDate, 12, .dateFrom(sunday.adding(days: 1))),
            answer(.agreedByRole, 18, .oneOf(sheet: "Roles")),
            answer(.note, 40, .text(most: ReturnColumn.mostCharacters)),
        ]
        return NewWorkbook.Sheet(
            ReturnColumn.sheet, columns,
            rows.map { row in
                [
                    .text(row.reference), text(row.child), .text(row.rule),
                    .text("\(figures.shortTitle(row.rule)): \(figures.why(row))"), text(row.worker), text(row.unit),
                    date(row.startedOn), date(row.dueOn), number(row.daysOver), date(row.lastSeenOn),
                    date(row.lastDecisionOn), .text(row.status == .new ? "new" : "week \(row.weeksListed)"),
                    date(row.promisedOn),
                ] + [NewWorkbook.Cell](repeating: .empty, count: ReturnColumn.answers.count)
            })
    }

    private func cleared(_ rows: [ListedException]) -> NewWorkbook.Sheet {
        NewWorkbook.Sheet(
            "Cleared",
            [
                .init("Exception", width: 14), .init("Child", width: 12), .init("Work", width: 34),
                .init("Worker", width: 12), .init("Team", width: 18), .init("Days over then", width: 10),
                .init("How it cleared", width: 34),
            ],
            rows.map { row in
                [
                    .text(row.reference), text(row.child), .text(figures.shortTitle(row.rule)), text(row.worker),
                    text(row.unit), number(row.daysOver),
                    .text(MeasureWords.clearances[row.also] ?? "it left the list"),
                ]
            })
    }

    private func watch(_ rows: [ListedWatch]) -> NewWorkbook.Sheet {
        NewWorkbook.Sheet(
            "Watch list",
            [
                .init("Child", width: 12), .init("Work", width: 34), .init("Why", width: 20),
                .init("Worker", width: 12),
                .init("Team", width: 18), .init("Started", width: 12), .init("Due", width: 12),
                .init("Last seen", width: 12), .init("Last decision", width: 12),
            ],
            rows.map { row in
                [
                    text(row.child), .text(figures.shortTitle(row.rule)), .text(MeasureWords.kind(row.kind)),
                    text(row.worker), text(row.unit), .date(row.startedOn), .date(row.dueOn), date(row.lastSeenOn),
                    date(row.lastDecisionOn),
                ]
            })
    }

    private static let reasons = NewWorkbook.Sheet(
        "Reasons", [.init("Reason", width: 24), .init("What it means", width: 60), .init("In whose hands", width: 16)],
        ReasonCode.allCases.map { [.text($0.rawValue), .text($0.words), .text($0.hands.rawValue)] })
    private static let roles = NewWorkbook.Sheet(
        "Roles", [.init("Role", width: 24)], AnswerRole.allCases.map { [.text($0.rawValue)] })
    private static let safety = NewWorkbook.Sheet(
        "Child safe", [.init("Child safe", width: 24)], ReturnColumn.safety.map { [.text($0)] })

    // MARK: Counts only

    /// The workbook of a service: counts only.
    public func service(_ name: String, managers: [String]) -> NewWorkbook {
        workbook(
            "Service: \(PageText.clean(name))",
            [
                (
                    "The figures of the service and of its Group Managers",
                    figureSheet([(.service, name)] + managers.map { (.groupManager, $0) })
                )
            ], notes: ["This workbook holds counts only."])
    }

    /// The workbook of the authority: counts only.
    public func authority(services: [String], managers: [String]) -> NewWorkbook {
        workbook(
            "The whole authority",
            [
                (
                    "The figures of the authority, its services and its Group Managers",
                    figureSheet(
                        [(.authority, "all")] + services.map { (.service, $0) } + managers.map { (.groupManager, $0) })
                )
            ], notes: ["This workbook holds counts only."])
    }

    private func figureSheet(_ cards: [(level: Level, name: String)]) -> NewWorkbook.Sheet {
        let levels: [Level: String] = [
            .unit: "Unit", .team: "Team", .groupManager: "Group Manager", .service: "Service", .authority: "Authority",
        ]
        let rows = cards.flatMap { card in
            figures.figures(card.level, card.name).map { figure -> [NewWorkbook.Cell] in
                [
                    .text(levels[card.level] ?? ""), text(card.name), .text(figures.title(figure.rule)),
                    .text(FigureSections.words(figure.measure)), number(figure.numerator), number(figure.denominator),
                    value(figure),
                ]
            }
        }
        return NewWorkbook.Sheet(
            "Figures",
            [
                .init("Level", width: 16), .init("Name", width: 28), .init("Work", width: 34),
                .init("Measure", width: 44), .init("Number", width: 10), .init("Of all", width: 10),
                .init("Value", width: 14),
            ], rows)
    }

    private func value(_ figure: Figure) -> NewWorkbook.Cell {
        switch figure.value {
        case .none: .empty
        case .number(let number): .number(Double(number))
        case .tenths(let tenths): .number(Double(tenths) / 10)
        case .notAvailable: .text("not available")
        }
    }

    // MARK: Every workbook

    private func workbook(
        _ title: String, _ tables: [(words: String, sheet: NewWorkbook.Sheet)], notes: [String]
    ) -> NewWorkbook {
        let cover =
            [("Title", title), (ReturnColumn.setLabel, set)]
            + header.flatMap { line in line.values.map { (line.label, $0) } }
        let front = [
            NewWorkbook.Sheet(
                ReturnColumn.coverSheet, [.init("What", width: 26), .init("Value", width: 90)],
                cover.map { [.text($0.0), .text($0.1)] }),
            NewWorkbook.Sheet(
                "Contents", [.init("Sheet", width: 20), .init("What it holds", width: 60), .init("Rows", width: 10)],
                tables.map { [.text($0.sheet.name), .text($0.words), .number(Double($0.sheet.rows.count))] }),
            NewWorkbook.Sheet("Notes", [.init("Note", width: 110)], notes.map { [.text($0)] }),
        ]
        return NewWorkbook(
            title: "\(title), week \(report.header.week)", madeOn: report.header.asAt,
            sheets: front + tables.map(\.sheet), opensAt: ReturnColumn.sheet)
    }

    // MARK: Cells

    private func text(_ text: String) -> NewWorkbook.Cell { text.isEmpty ? .empty : .text(PageText.clean(text)) }
    private func date(_ date: CivilDate?) -> NewWorkbook.Cell { date.map { .date($0) } ?? .empty }
    private func number(_ number: Int?) -> NewWorkbook.Cell { number.map { .number(Double($0)) } ?? .empty }
    private func number(_ number: Int32?) -> NewWorkbook.Cell { number.map { .number(Double($0)) } ?? .empty }
}
