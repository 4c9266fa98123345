import ArgumentParser
import Cards
import Exports
import Reports
import Settings
import WorkingCalendar

/// `cards weekly`: the cards and exception lists of a week.
struct Weekly: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the cards and exception lists of a week.",
        discussion: """
            Without --out the card of the authority (or of --team) goes to the terminal; with it, one set is written \
            to a folder named for the week.

            Examples:
              cards weekly events.csv
              cards weekly events.csv --teams teams.csv --week 2010-W47 --out out
              cards weekly events.csv --teams teams.csv --team 'Duty Team' --weeks 4
              cards weekly --config /srv/cards/cards.yaml --strict
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var when: WeekOptions

    @Option(help: ArgumentHelp("How many weeks cards.csv has, or all that are covered.", valueName: "n|all"))
    var weeks: WeekCount = .some(1)

    @Option(help: ArgumentHelp("The folder the set is written to.", valueName: "dir"), completion: .directory)
    var out: String?

    @Option(
        help: ArgumentHelp(
            "The formats of the set, with commas between them; without it, text, csv, json and html.",
            valueName: "html,csv,…"),
        transform: formatsArgument)
    var format: [Configuration.Format]?

    @Flag(help: "Also write every clock, to data/clocks.csv.")
    var clocks = false

    @Option(help: ArgumentHelp("The card of one team.", valueName: "team"))
    var team: String?

    @Option(help: ArgumentHelp("The card of one Group Manager.", valueName: "group-manager"))
    var groupManager: String?

    @Flag(help: "Exit with 1 where there are findings.")
    var strict = false

    @Flag(help: "Print the accounting and the figures as JSON.")
    var json = false

    func validate() throws {
        if team != nil, groupManager != nil { throw ValidationError("Give --team or --group-manager, not both") }
        if format?.contains(.xlsx) == true { throw ValidationError("The format xlsx is not written yet") }
    }

    func run() throws {
        var setup = try RunSetup(source, week: when.chosen)
        setup.job.weeks = weeks.count
        setup.job.keepsClocks = clocks
        setup.job.digest = exportDigest
        let result = try setup.watching { try $0.run() }
        let card = try cardAsked(result.report)
        let summary = RunSummary(result)
        if !source.quiet {
            let isDefaultWeek = when.chosen == nil && source.asAt == nil
            for line in summary.lines(today: isDefaultWeek ? today() : nil) { Console.note(line) }
        }
        if let folder = out ?? setup.configuration.out {
            let formats = format ?? setup.configuration.formats ?? [.text, .csv, .json, .html]
            let set = try writeSet(
                result, to: folder, formats: formats, hasClocks: clocks, configuration: setup.configuration)
            if !source.quiet { Console.note("written: \(set)") }
            if json { try Console.write(try jsonText(WeeklyJSON(summary: summary, figures: nil))) }
        } else if json {
            let figures = result.report.figures.filter {
                card.level == .authority || ($0.level == card.level && $0.name == card.name)
            }
            try Console.write(try jsonText(WeeklyJSON(summary: summary, figures: figures.map(FigureJSON.init))))
        } else {
            try Console.write(figureText(result.report, level: card.level, name: card.name))
        }
        if strict, summary.findings > 0 { throw FindingsWereFound() }
    }

    /// The card to be shown, once it is known that there is one.
    private func cardAsked(_ report: WeeklyReport) throws -> (level: Level, name: String) {
        if let team { return (.team, try placeName(team, .team, report.places)) }
        if let groupManager { return (.groupManager, try placeName(groupManager, .groupManager, report.places)) }
        return (.authority, "all")
    }
}

/// A name of a level, as typed, once it is known that the run has it.
///
/// - Throws: ``CommandError`` with the nearest name.
func placeName(_ typed: String, _ level: Level, _ places: [Place]) throws -> String {
    let names = Set(places.map { $0.name(level) }).sorted()
    guard !names.contains(typed) else { return typed }
    let what = level == .team ? "team" : "Group Manager"
    throw CommandError(
        .usage, "no \(what) of that name has work in these exports",
        hint: nearestName(to: typed, among: names).map { "did you mean '\($0)'?" }
            ?? "the column team of the exports and the file given with --teams name them")
}

/// Writes a set and returns its folder.
///
/// TO BE REPLACED by the atomic set of the publishing module; for now the tables of `data/` alone, which need
/// neither the formats nor the configuration.
func writeSet(
    _ result: WeeklyJob.Result, to folder: String, formats: [Configuration.Format], hasClocks: Bool,
    configuration: Configuration
) throws -> String {
    let report = result.report
    let set = "\(folder)/\(report.header.week)"
    let data = "\(set)/data"
    try PrivateFile.makeFolder(data)
    var files = [
        ("cards.csv", Tables.cards(report).csv), ("exceptions.csv", Tables.exceptions(report.exceptions).csv),
        ("watch.csv", Tables.watch(report.watch).csv), ("findings.csv", Tables.findings(report).csv),
    ]
    if hasClocks { files.append(("clocks.csv", Tables.clocks(report).csv)) }
    for (index, source) in result.read.sources.enumerated() {
        let rows = result.read.rejected.filter { $0.source == index }
        let name = result.read.sources.count == 1 ? "rejected.csv" : "rejected-\(index + 1).csv"
        files.append((name, Tables.rejected(rows, header: source.header)))
    }
    for (name, text) in files { try PrivateFile.write(text, to: "\(data)/\(name)") }
    return set
}

/// What `cards weekly --json` prints.
private struct WeeklyJSON: Encodable {
    var summary: RunSummary
    var figures: [FigureJSON]?
}

/// A figure as JSON: the columns of `cards.csv`.
private struct FigureJSON: Encodable {
    var weekEnding: String
    var level: String
    var name: String
    var rule: String
    var measure: String
    var numerator: Int?
    var denominator: Int?
    var value: String

    init(_ figure: Figure) {
        weekEnding = "\(figure.weekEnding)"
        level = figure.level.rawValue
        name = figure.name
        rule = figure.rule
        measure = figure.measure
        numerator = figure.numerator
        denominator = figure.denominator
        value = figure.valueText
    }
}
