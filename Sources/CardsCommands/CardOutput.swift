import ArgumentParser
import Cards
import Exports
import Publishing
import Reports
import Returns
import Settings
import WorkingCalendar

/// Where the cards of a run go, and which of them: the same for `cards weekly` and `cards merge`.
struct CardOutput: ParsableArguments {
    @Option(help: ArgumentHelp("The folder the set is written to.", valueName: "dir"), completion: .directory)
    var out: String?

    @Option(
        help: ArgumentHelp(
            "The formats of the set, with commas between them; without it, all of them.",
            valueName: "html,csv,…"),
        transform: formatsArgument)
    var format: [Configuration.Format]?

    @Flag(help: "Also write every clock, to data/clocks.csv.")
    var clocks = false

    @Option(help: ArgumentHelp("The card of one team.", valueName: "team"))
    var team: String?

    @Option(help: ArgumentHelp("The card of one Group Manager.", valueName: "group-manager"))
    var groupManager: String?

    @Flag(help: "Write a set that may be published, to DIR/published: counts only, small ones hidden.")
    var publish = false

    @Option(
        help: ArgumentHelp(
            "A folder with page.mustache, table.mustache or style.css of your own.", valueName: "dir"),
        completion: .directory)
    var templates: String?

    @Flag(help: "Exit with 1 where there are findings.")
    var strict = false

    @Flag(help: "Print the accounting and the figures as JSON.")
    var json = false

    func validate() throws {
        if publish, team != nil || groupManager != nil || clocks { throw Misuse.publishIsWhole.error() }
        if publish, format == [.xlsx] { throw Misuse.publishHasNoWorkbook.error() }
        if team != nil, groupManager != nil { throw Misuse.teamAndGroupManager.error() }
    }

    /// Whether anything but the clocks was asked for that a partial result does not have.
    var asksForCards: Bool {
        out != nil || publish || format != nil || team != nil || groupManager != nil || strict || json
    }

    /// The formats of a set, as the options or the configuration ask for them.
    func formats(_ configuration: Configuration) -> [Configuration.Format] {
        format ?? configuration.formats ?? Configuration.Format.allCases
    }

    /// The council's own templates, or the shipped ones.
    private func pageTemplates() throws -> PageTemplates {
        guard let templates else { return .shipped }
        var parts: [PageTemplates.Part: String] = [:]
        for part in PageTemplates.Part.allCases where TextFile.exists("\(templates)/\(part.file)") {
            parts[part] = try TextFile.read("\(templates)/\(part.file)", "template")
        }
        guard !parts.isEmpty else {
            throw CommandError(
                .noTemplates, "\(templates): there is no template here",
                hint: "the folder holds one or more of "
                    + PageTemplates.Part.allCases.map(\.file).joined(separator: ", "))
        }
        do {
            return try PageTemplates(page: parts[.page], table: parts[.table], style: parts[.style])
        } catch {
            throw CommandError(
                .wrongTemplate, "\(templates)/\(error.part.file): the template \(error.words)",
                hint: "docs/formats.md says what a template may hold")
        }
    }

    /// Writes the set of a run, or prints the card that was asked for.
    ///
    /// No output is put over one of the `inputs`, which are every file the run read. The age of the exports is
    /// counted on the day `today`; nothing is said of it where that is `nil`.
    ///
    /// - Throws: ``FindingsWereFound`` after all is done, where `--strict` asks for it.
    func deliver(
        _ result: WeeklyJob.Result, formats: [Configuration.Format], _ configuration: Configuration,
        inputs: [String], cores: Int, isQuiet: Bool, today: CivilDate?
    ) throws {
        var result = result
        if publish, (out ?? configuration.out) == nil { throw Misuse.publishNeedsFolder.error() }
        if let promises = result.promises {
            result.report.add(promises: promises)
        } else if let folder = out ?? configuration.out {
            let store = ReturnStore(sets: folder)
            let answered = try store.promises(before: result.report.header.week.ending)
            result.report.add(promises: result.promises(answered: answered))
        }
        let header = result.report.header
        guard !publish || header.asAt >= header.week.ending else {
            throw CommandError(
                .weekNotOver, "\(header.week) is not over on \(header.asAt), so it cannot be published",
                hint: "publish it once, when its Sunday has passed: from two sets small numbers can be worked out")
        }
        let card = try cardAsked(result.report)
        let summary = RunSummary(result)
        if !isQuiet {
            for line in summary.lines(today: today) { Console.note(line) }
        }
        // The folder of a configuration with nights is theirs.
        if let folder = out ?? (publish || configuration.nightly == nil ? configuration.out : nil) {
            if !publish { try OutputFiles.checkNights(folder) }
            let folder = publish ? "\(folder)/published" : folder
            try OutputFiles.check([("--out", "\(folder)/\(SetWriter.pointer)")], inputs: inputs)
            try OutputFiles.checkFolder("\(folder)/\(result.report.header.week)", option: "--out", inputs: inputs)
            let set = try writeSet(
                result, to: folder, name: nil, isForPublication: publish, formats: formats, hasClocks: clocks,
                team: team,
                groupManager: groupManager,
                templates: try pageTemplates(), configuration: configuration, cores: cores)
            if !isQuiet { Console.note("written: \(set.path)") }
            if let leftover = set.leftover { Console.note("the old set could not be removed: \(leftover)") }
            if json { try Console.write(try jsonText(WeeklyJSON(summary: summary, figures: nil))) }
        } else if json {
            let figures = result.report.figures.filter {
                card.level == .authority || ($0.level == card.level && $0.name == card.name)
            }
            try Console.write(try jsonText(WeeklyJSON(summary: summary, figures: figures.map(FigureJSON.init))))
        } else {
            try Console.write(TextRenderer.render(page(card, result.report)))
        }
        if strict, summary.findings > 0 { throw FindingsWereFound() }
    }

    /// The page of a card, for the terminal of somebody who may see every child.
    private func page(_ card: (level: Level, name: String), _ report: WeeklyReport) -> CardPage {
        let pages = CardPages.make(report)
        switch card.level {
        case .team:
            // A team with units of two Group Managers stands under both; the one with its work has its lists.
            let hers = pages.managers.filter { $0.teams.contains(card.name) }
            let manager =
                hers.first { reader in
                    reader.exceptions.contains { $0.team == card.name && $0.counts }
                        || reader.watch.contains { $0.team == card.name }
                } ?? hers.last
            guard let manager else { return pages.authority() }
            var page = pages.teamWork(card.name, of: manager, maySeeRestricted: true)
            page.title = pages.team(card.name, of: manager).title
            page.sections += pages.figures(.team, card.name).sections
            return page
        case .groupManager:
            let manager = pages.managers.first { $0.name == card.name }
            return manager.map { pages.manager($0, maySeeRestricted: true) } ?? pages.authority()
        default: return pages.authority()
        }
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
    let (code, what): (CommandError.Code, String) =
        switch level {
        case .unit: (.unknownUnit, "unit")
        case .groupManager: (.unknownGroupManager, "Group Manager")
        case .service: (.unknownService, "service")
        case .team, .authority: (.unknownTeam, "team")
        }
    throw CommandError(
        code, "no \(what) of that name has work in these exports",
        hint: nearestName(to: typed, among: names).map { "did you mean '\($0)'?" }
            ?? "the column team of the exports and the file given with --teams name them")
}

/// Writes a set, whole or not at all, and returns its folder.
func writeSet(
    _ result: WeeklyJob.Result, to folder: String, name: String?, isForPublication: Bool,
    formats: [Configuration.Format], hasClocks: Bool, team: String?, groupManager: String?, templates: PageTemplates,
    configuration: Configuration, cores: Int
) throws -> WrittenSet {
    var options = SetOptions(version: CardsCommand.version)
    options.formats = Set(formats.compactMap { SetFormat(rawValue: $0.rawValue) })
    options.name = name
    options.isForPublication = isForPublication
    options.hasClocks = hasClocks
    options.templates = templates
    options.team = team
    options.groupManager = groupManager
    options.restrictedTo = Set(configuration.restrictedTo)
    for (kind, group) in configuration.groups {
        if let kind = SetFolder(rawValue: kind.rawValue) { options.groups[kind] = group }
    }
    options.cores = cores
    let rejected = result.sources.enumerated().map { number, source in
        RejectedSource(header: source.header, rows: result.rejected.filter { $0.source == number })
    }
    return try SetWriter().write(result.report, rejected: rejected, to: folder, options)
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
