import ArgumentParser
import Settings
import WorkingCalendar

/// `cards calendar`: questions about working days.
struct CalendarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Count working days, find due dates, list bank holidays.",
        discussion: """
            The start is day 0. A working day is Monday to Friday and no bank holiday. The answer stands alone on \
            the first line.

            Examples:
              cards calendar elapsed 2010-11-25 2010-12-29
              cards calendar due 2010-12-20 15
              cards calendar due 2010-11-30 3 --unit months
              cards calendar due 2022-08-10 45 --known-at 2022-09-05
              cards calendar list 2010
            """,
        subcommands: [CalendarElapsed.self, CalendarDue.self, CalendarList.self])
}

/// Which calendar a question is asked of.
struct CalendarOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The bank holidays, as gov.uk publishes them; without it, those of England and Wales.",
            valueName: "file"),
        completion: .file(extensions: ["json"]))
    var calendar: String?

    @Option(
        help: ArgumentHelp("The jurisdiction whose bank holidays of the file count.", valueName: "name"))
    var jurisdiction = DefaultCalendar.table.jurisdiction

    @Option(help: ArgumentHelp("Only the closures that were known on this day.", valueName: "yyyy-mm-dd"))
    var knownAt: CivilDate?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func closures() throws -> ClosureTable { try RunSetup.closures(calendar, jurisdiction) }
}

/// The reason why a calendar has no answer.
func calendarTooShort(_ table: ClosureTable) -> CommandError {
    CommandError(
        .calendarTooShort,
        "the calendar covers \(table.coverage.lowerBound) to \(table.coverage.upperBound), and the answer is not in it",
        hint: "give a calendar that reaches further with --calendar")
}

/// `cards calendar elapsed`: the working days after a start, up to and including an end.
struct CalendarElapsed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "elapsed", abstract: "Count the working days from a start, which is day 0, to an end.")

    @Argument(help: ArgumentHelp("The first day.", valueName: "start"))
    var start: CivilDate

    @Argument(help: ArgumentHelp("The last day.", valueName: "end"))
    var end: CivilDate

    @Flag(help: "Count the start as day 1, as some tools do.")
    var inclusive = false

    @OptionGroup var options: CalendarOptions

    func validate() throws {
        if end < start { throw Misuse.endBeforeStart.error() }
    }

    func run() throws {
        let table = try options.closures()
        let calendar = WorkingCalendar(table, knownAt: options.knownAt)
        guard var days = calendar.elapsed(from: start, to: end) else { throw calendarTooShort(table) }
        if inclusive, calendar.isWorkingDay(start) { days += 1 }
        struct Answer: Encodable {
            var start: String
            var end: String
            var inclusive: Bool
            var elapsed: Int32
            var unit = "wd"
        }
        let answer = Answer(start: "\(start)", end: "\(end)", inclusive: inclusive, elapsed: days)
        try Console.write(options.json ? try jsonText(answer) : "\(days)\n")
    }
}

/// `cards calendar due`: the day on which so much time has passed.
struct CalendarDue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "due", abstract: "Find the day on which a limit is reached.")

    @Argument(help: ArgumentHelp("The first day, which is day 0.", valueName: "start"))
    var start: CivilDate

    @Argument(help: ArgumentHelp("The limit.", valueName: "n"))
    var count: Int32

    @Option(help: ArgumentHelp("The unit of the limit.", valueName: "wd|days|weeks|months"))
    var unit: LimitUnit = .wd

    @OptionGroup var options: CalendarOptions

    /// The unit of a limit as it is typed.
    enum LimitUnit: String, CaseIterable, ExpressibleByArgument {
        case wd, days, weeks, months
    }

    func validate() throws {
        guard 0...20_000 ~= count else { throw Misuse.limitOutOfRange.error() }
    }

    func run() throws {
        let due: CivilDate
        switch unit {
        case .wd:
            let table = try options.closures()
            guard let day = WorkingCalendar(table, knownAt: options.knownAt).due(from: start, workingDays: count) else {
                throw calendarTooShort(table)
            }
            due = day
        case .days: due = start.adding(days: count)
        case .weeks: due = start.adding(days: count * 7)
        case .months: due = start.adding(months: count)
        }
        struct Answer: Encodable {
            var start: String
            var limit: Int32
            var unit: String
            var due: String
        }
        let answer = Answer(start: "\(start)", limit: count, unit: unit.rawValue, due: "\(due)")
        try Console.write(options.json ? try jsonText(answer) : "\(due)\n")
    }
}

/// `cards calendar list`: the closures of a year.
struct CalendarList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the bank holidays of a year.")

    @Argument(help: ArgumentHelp("The year.", valueName: "year"))
    var year: Int32

    @OptionGroup var options: CalendarOptions

    func run() throws {
        let table = try options.closures()
        guard let first = CivilDate(year: year, month: 1, day: 1), let last = CivilDate(year: year, month: 12, day: 31),
            table.coverage.contains(first), table.coverage.contains(last)
        else { throw calendarTooShort(table) }
        struct Answer: Encodable {
            var date: String
            var weekday: String
            var knownFrom: String?
            var isByRule: Bool
        }
        let closures = table.closures.filter { $0.counts(knownAt: options.knownAt) && (first...last).contains($0.date) }
        let answers = closures.sorted { $0.date < $1.date }.map { closure in
            Answer(
                date: "\(closure.date)", weekday: closure.date.weekdayName,
                knownFrom: closure.knownFrom.map { "\($0)" },
                isByRule: table.byRuleFrom.map { closure.date >= $0 } ?? false)
        }
        if options.json {
            try Console.write(try jsonText(answers))
        } else {
            let lines = answers.map { answer in
                var line = "\(answer.date)  \(answer.weekday)"
                if let known = answer.knownFrom { line += ", known from \(known)" }
                if answer.isByRule { line += ", by rule, not yet proclaimed" }
                return line + "\n"
            }
            try Console.write(lines.joined())
        }
    }
}

extension CivilDate {
    /// The day of the week in English.
    var weekdayName: String {
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][Int(weekday)]
    }

    /// The date with its day of the week, as `Mon 2010-12-20`.
    var withWeekday: String { "\(weekdayName.prefix(3)) \(self)" }
}
