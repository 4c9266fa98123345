import ArgumentParser
import CaseEvents
import Settings
import WorkingCalendar

/// What a run reads and measures with; the same for every command that runs the engine.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: "The exports to read, files or folders; without any, those of the configuration.",
        completion: .file())
    var export: [String] = []

    @Option(help: ArgumentHelp("The day everything is as at.", valueName: "yyyy-mm-dd"))
    var asAt: CivilDate?

    @Option(help: ArgumentHelp("Only what was recorded by the end of this day.", valueName: "yyyy-mm-dd"))
    var knownAt: CivilDate?

    @Option(
        help: ArgumentHelp("The organisation file: units, teams, Group Managers.", valueName: "teams.csv"),
        completion: .file(extensions: ["csv"]))
    var teams: String?

    @Option(
        help: ArgumentHelp("The file that places workers in units.", valueName: "workers.csv"),
        completion: .file(extensions: ["csv"]))
    var workers: String?

    @Option(
        help: ArgumentHelp("The rulebook; without it, that of England.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var rulebook: String?

    @Option(
        help: ArgumentHelp("The bank holidays; without it, those of England and Wales.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var calendar: String?

    @Option(
        help: ArgumentHelp(
            "The structure figures are shown in: that of each figure's date, or today's.", valueName: "structure"))
    var structure: Configuration.Structure?

    @Option(help: ArgumentHelp("The first day for which the exports are complete.", valueName: "yyyy-mm-dd"))
    var completeFrom: CivilDate?

    @Option(
        help: ArgumentHelp("An event that the exports cannot carry. May be repeated.", valueName: "event"),
        transform: eventArgument)
    var without: [EventKind] = []

    @Option(
        help: ArgumentHelp(
            "The configuration; without it, cards.yaml of the working folder, if there is one. Options override it.",
            valueName: "cards.yaml"),
        completion: .file(extensions: ["yaml"]))
    var config: String?

    @Option(help: ArgumentHelp("The number of cores; without it, all.", valueName: "n"))
    var cores: Int?

    @Flag(help: "Say nothing on standard error but errors.")
    var quiet = false

    func validate() throws {
        if let cores, !(1...256 ~= cores) { throw Misuse.cores.error() }
    }
}

/// The week a run reports.
struct WeekOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The week to report; without it, the last complete one before the newest date of the exports.",
            valueName: "2010-W47"))
    var week: ISOWeek?

    @Option(help: ArgumentHelp("The week to report, by its Sunday.", valueName: "yyyy-mm-dd"))
    var weekEnding: CivilDate?

    init() {}

    /// The week asked for, if one is.
    var chosen: ISOWeek? { week ?? weekEnding.map(ISOWeek.init(containing:)) }

    func validate() throws {
        if week != nil, weekEnding != nil { throw Misuse.weekAndWeekEnding.error() }
        if let weekEnding, weekEnding.weekday != 6 {
            throw Misuse.notASunday.error("; its week ends on \(weekEnding.weekEnding)")
        }
    }
}
