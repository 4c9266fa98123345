import ArgumentParser
import Ledger
import Reports
import Returns
import Rules
import Settings
import WorkingCalendar

/// Which set's answers are asked for.
struct AnsweredOptions: ParsableArguments {
    @OptionGroup var sets: SetsFolder

    @Option(help: ArgumentHelp("The week; without it, the newest that has a set.", valueName: "2010-W47"))
    var week: ISOWeek?

    func answered() throws -> AnsweredSet {
        try AnsweredSet(sets: try sets.path(), week: week, merged: try sets.ledger()?.merged() ?? [:])
    }
}

/// `cards exceptions list`: who has answered, and what is missing.
struct ExceptionsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print for each Group Manager what was listed, answered, and is missing.",
        discussion: """
            Answers are due on the third working day after the week; where the ledger knows that the set came \
            later than its Monday, the day on which it came counts as the first of three.
            """)

    @OptionGroup var options: AnsweredOptions

    @Flag(help: "Print it as JSON.")
    var json = false

    private struct Answer: Encodable {
        struct Manager: Encodable {
            var groupManager: String
            var listed, answered, missing, promisesBroken, revisedAgain: Int
        }

        var weekEnding: String
        var due: String
        var groupManagers: [Manager]
    }

    func run() throws {
        let answered = try options.answered()
        let due = try dueDay(answered.weekEnding, try options.sets.configuration())
        guard !json else {
            let answer = Answer(
                weekEnding: "\(answered.weekEnding)", due: "\(due)",
                groupManagers: answered.counts.map {
                    .init(
                        groupManager: $0.groupManager, listed: $0.listed, answered: $0.answered, missing: $0.missing,
                        promisesBroken: $0.broken, revisedAgain: $0.revisedAgain)
                })
            return try Console.write(try jsonText(answer))
        }
        var table = AlignedTable(
            header: ["group_manager", "listed", "answered", "missing", "promises_broken", "revised_again"],
            numbers: [1, 2, 3, 4, 5])
        table.rows = answered.counts.map {
            [
                $0.groupManager.isEmpty ? "(none)" : $0.groupManager, "\($0.listed)", "\($0.answered)", "\($0.missing)",
                "\($0.broken)", "\($0.revisedAgain)",
            ]
        }
        try Console.write("week ending \(answered.weekEnding), answers due on \(due)\n\n" + table.text)
    }

    private func dueDay(_ weekEnding: CivilDate, _ configuration: Configuration) throws -> CivilDate {
        let rulebook = try RunSetup.rulebook(configuration.rulebook)
        let calendar = WorkingCalendar(try RunSetup.closures(configuration.calendar, rulebook.jurisdiction))
        var start = weekEnding
        if let day = try options.sets.ledger()?.publishedOn(ISOWeek(containing: weekEnding)) {
            // A set that came with the Monday's exports is as if it had come on its Sunday.
            start = max(start, day.adding(days: -1))
        }
        return calendar.due(from: start, workingDays: 3) ?? start.adding(days: 3)
    }
}

/// `cards exceptions export`: the list with its answers.
struct ExceptionsExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the exceptions of a week with their answers, as CSV.",
        discussion: """
            The columns are those of exceptions.csv. The file names children: it is for the analyst.

            Examples:
              cards exceptions export --to answers.csv --week 2010-W47
            """)

    @OptionGroup var options: AnsweredOptions

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
    var to: String

    func run() throws {
        let answered = try options.answered()
        let text = answered.table.csv
        let header = Array(text.prefix { $0 != "\n" }.utf8)
        try OutputFiles.checkCopy(to, out: [try options.sets.path(), try options.sets.configuration().out]) {
            TextFile.head(of: $0, count: header.count) == header
        }
        var file = try PrivateFile(to)
        try file.write(Array(text.utf8).span)
        try file.finish()
        Console.note("written: \(to), \(answered.counts.reduce(0) { $0 + $1.listed }) exceptions")
    }
}
