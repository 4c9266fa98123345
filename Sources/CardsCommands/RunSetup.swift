import CaseEvents
import DelimitedText
import Exports
import FoundationEssentials
import Ledger
import Rules
import Settings
import WorkingCalendar

/// A run as the options and the configuration ask for it.
struct RunSetup {
    var job: WeeklyJob
    var configuration: Configuration
    /// Every file the run reads, so that no output is put over one.
    let inputs: [String]
    /// What shows the progress, where somebody watches.
    let progress: RunProgress?

    /// Reads the configuration and every file it or the options name.
    ///
    /// - Parameters:
    ///   - options: The options.
    ///   - week: The week to report, if one was asked for.
    ///   - picksNewest: Whether of several files that a mapping may mean the newest is read, and none refused.
    /// - Throws: ``SettingsError`` for a file that is wrong, ``CommandError`` for one that is not there.
    init(_ options: SourceOptions, week: ISOWeek? = nil, picksNewest: Bool = false) throws {
        let configuration = try Self.configuration(options.config)
        let exports =
            options.export.isEmpty ? try configuration.exports.map(ExportFinder.newest) : options.export
        guard !exports.isEmpty else {
            throw CommandError(
                .noExport, "there is no export to read: none was given, and no cards.yaml names one",
                hint: """
                    give the exports of your case system, or begin with those of a made-up authority:
                      cards sample --out sample
                      cards weekly sample/events.csv --teams sample/teams.csv
                    """)
        }
        if options.export.isEmpty, let missing = exports.first(where: { !TextFile.exists($0) }) {
            throw ExportError(
                .missingFile, file: missing, message: "there is no such file",
                hint: "check `exports` of the configuration, whose paths are from the folder it is in")
        }
        var job = try Self.job(exports, options, configuration, week: week, picksNewest: picksNewest)
        guard job.sources.count <= ExportReader.mostSources else {
            throw CommandError(
                .tooManyExports,
                "a run can read \(ExportReader.mostSources) files, sheets and tables, and \(job.sources.count) were given",
                hint: "join some of them; they have one header")
        }
        job.week = week
        job.asAt = options.asAt
        job.today = CardsCommands.today()
        job.cores = Self.cores(options.cores)
        job.blockSize = job.sources.map { TextFile.size($0.path) }.reduce(1 << 16) {
            max($0, min($1 + 1, job.blockSize))
        }
        let progress = options.quiet || !Console.isWatched ? nil : RunProgress()
        if let progress {
            job.progress = { progress.showReading($0, $1, $2) }
            job.countingProgress = { progress.showCounting($0, $1) }
        }
        self.progress = progress
        let settings = [
            options.config ?? "cards.yaml", options.teams ?? configuration.teams,
            options.workers ?? configuration.workers, options.rulebook ?? configuration.rulebook,
            options.calendar ?? configuration.calendar,
        ]
        inputs = exports + job.sources.map(\.path) + settings.compactMap { $0 }
        self.job = job
        self.configuration = configuration
    }

    /// The run over some exports, or over a ledger, which knows itself with what it was made.
    private static func job(
        _ exports: [String], _ options: SourceOptions, _ configuration: Configuration, week: ISOWeek?,
        picksNewest: Bool
    ) throws -> WeeklyJob {
        var job: WeeklyJob
        if exports.contains(where: Ledger.isLedger) {
            guard exports.count == 1 else { throw Misuse.ledgerIsAlone.error() }
            let ledger = try Ledger(exports[0], isReadOnly: true)
            job = try WeeklyJob(ledger, try ledger.state(knownAt: options.knownAt, publishing: week))
            if let structure = options.structure { job.isCurrentStructure = structure == .current }
            if let day = options.completeFrom { job.completeFrom = day }
            if !options.without.isEmpty { job.without = Set(options.without) }
            guard options.rulebook == nil, options.calendar == nil, options.teams == nil, options.workers == nil else {
                throw Misuse.ledgerHasItsOwn.error()
            }
            return job
        }
        let rulebook = try Self.rulebook(options.rulebook ?? configuration.rulebook)
        job = WeeklyJob(
            sources: try ExportFinder.sources(of: exports, picksNewest: picksNewest), rulebook: rulebook,
            closures: try Self.closures(options.calendar ?? configuration.calendar, rulebook.jurisdiction))
        job.organisation = try Self.organisation(
            options.teams ?? configuration.teams, options.workers ?? configuration.workers)
        if job.organisation.placements.isEmpty, let own = try ExportFinder.organisation(of: exports) {
            job.organisation = Organisation(placements: own.placements, workers: job.organisation.workers)
        }
        job.knownAt = options.knownAt
        job.isCurrentStructure = (options.structure ?? configuration.structure) == .current
        job.completeFrom = options.completeFrom ?? configuration.completeFrom
        job.without = Set(options.without.isEmpty ? configuration.without : options.without)
        job.changes = configuration.changes.map(\.date)
        job.screensLimits = configuration.screensLimits
        return job
    }

    /// Runs something and takes the progress away, whether it comes to a good end or not.
    func watching<Value>(_ body: (WeeklyJob) throws -> Value) throws -> Value {
        defer { progress?.erase() }
        return try body(job)
    }

    /// The number of threads that was asked for, or one for each core.
    static func cores(_ asked: Int?) -> Int { asked ?? ProcessInfo.processInfo.activeProcessorCount }

    // MARK: Files

    /// The rulebook of a file, or the shipped one.
    static func rulebook(_ path: String?) throws -> Rulebook {
        guard let path else { return try DefaultRulebook.rulebook() }
        return try readRulebook(yaml: try TextFile.read(path, "rulebook"), file: path)
    }

    /// The closures of a file, or the shipped ones.
    static func closures(_ path: String?, _ jurisdiction: String) throws -> ClosureTable {
        if let path {
            return try readCalendar(
                text: try TextFile.read(path, "calendar"), file: path, jurisdiction: jurisdiction)
        }
        let shipped = DefaultCalendar.table
        guard shipped.jurisdiction == jurisdiction else {
            throw CommandError(
                .otherBankHolidays,
                "the rulebook asks for the bank holidays of another place than \(shipped.jurisdiction)",
                hint: "give them with --calendar, in the shape of gov.uk's bank-holidays.json")
        }
        return shipped
    }

    private static func organisation(_ teams: String?, _ workers: String?) throws -> Organisation {
        try readOrganisation(
            teams: try teams.map { try TextFile.read($0, "organisation file") }, teamsFile: teams ?? "teams.csv",
            workers: try workers.map { try TextFile.read($0, "workers file") }, workersFile: workers ?? "workers.csv")
    }

    /// What a path leads to, where it is a link: the files beside a ledger stand beside the ledger, not beside the link.
    static func followed(_ path: String) -> String {
        var path = path
        // As many as the kernel follows.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            path = target.hasPrefix("/") ? target : folder + target
        }
        return path
    }

    /// The configuration, its paths taken from its own folder.
    static func configuration(_ path: String?) throws -> Configuration {
        guard let file = path ?? (TextFile.exists("cards.yaml") ? "cards.yaml" : nil) else { return Configuration() }
        var configuration = try readConfiguration(yaml: try TextFile.read(file, "configuration"), file: file)
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        func resolved(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
        configuration.exports = configuration.exports.map(resolved)
        configuration.teams = configuration.teams.map(resolved)
        configuration.workers = configuration.workers.map(resolved)
        configuration.rulebook = configuration.rulebook.map(resolved)
        configuration.calendar = configuration.calendar.map(resolved)
        configuration.out = configuration.out.map(resolved)
        if var nightly = configuration.nightly {
            nightly.ledger = followed(resolved(nightly.ledger))
            nightly.marker = nightly.marker.map(resolved)
            nightly.merges = nightly.merges.map(resolved)
            configuration.nightly = nightly
        }
        return configuration
    }
}
