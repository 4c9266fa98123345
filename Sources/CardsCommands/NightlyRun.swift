import Cards
import CaseEvents
import DelimitedText
import Exports
import Foundation
import Glibc
import Ledger
import Publishing
import Reports
import Returns
import Settings
import WorkingCalendar

/// One night: find the exports, check them, take them in, publish, back up.
///
/// What is published is made from the ledger, after the night was taken in. So a run that is stopped anywhere is
/// completed by the next one: nothing is taken in twice, and what is published comes out the same.
struct NightlyRun {
    let configuration: Configuration
    let nightly: Configuration.Nightly
    let out: String
    let options: SourceOptions
    let night: CivilDate
    /// A week that ended longer after everything the exports know is not published: nobody says what happened in it.
    private static let mostDaysUnknown: Int32 = 8
    /// Called before each step, with the week it is about where it is about one.
    var begin: (NightStep, ISOWeek?) -> Void = { _, _ in }

    /// - Throws: ``CommandError`` where the configuration says nothing of nights.
    init(_ options: SourceOptions, night: CivilDate) throws {
        configuration = try RunSetup.configuration(options.config)
        guard let nightly = configuration.nightly else {
            throw CommandError(
                .noNightly, "the configuration has no block `nightly`",
                hint: "it names at least the ledger's file; docs/nightly.md has an example")
        }
        guard let out = configuration.out else { throw Misuse.noSetsFolder.error() }
        self.nightly = nightly
        self.out = out
        self.options = options
        self.night = night
    }

    /// The file beside a ledger that its last good backup is in.
    static func backup(of ledger: String) -> String { ledger + ".backup" }

    /// Does it all.
    ///
    /// - Throws: The first thing that went wrong, with what was published left as it was.
    func run() throws -> NightlyReport {
        umask(0o077)
        let lock = try LedgerLock(nightly.ledger)
        defer { lock.release() }
        var report = NightlyReport(night: night)
        begin(.find, nil)
        let exports = try NightlyExports(configuration, nightly)
        begin(.check, nil)
        // A new one would remember nothing, and take the backup's place too.
        guard TextFile.exists(nightly.ledger) || !TextFile.exists(Self.backup(of: nightly.ledger)) else {
            throw LedgerError(
                .gone, "\(nightly.ledger): the ledger is not there, and its backup is",
                hint: "`cards ledger restore` brings it back; to begin a new one, move the backup away")
        }
        let isAsLeft = try Ledger.isAsLeft(nightly.ledger)
        let ledger = try Ledger(nightly.ledger, mayMake: true)
        if !isAsLeft { try ledger.check() }
        try ledger.checkHead()
        begin(.read, nil)
        let last = try ledger.lastNight() == nil ? nil : ledger.state()
        let telling = try read(exports, last)
        try exports.checkUnchanged()
        report.exports = telling.sources.map { NightlyReport.Export(file: $0.file, rows: $0.rowsRead) }
        report.rejected = telling.rejected.count
        begin(.judge, nil)
        let newest = try refuseUnlikely(telling, ledger, last) ?? night
        begin(.takeIn, nil)
        try ledger.noteHead()
        let changes = try ledger.takeIn(telling)
        try ledger.noteHead()
        report.changes = NightlyReport.Changes(changes)
        let state = try ledger.state()
        begin(.returns, nil)
        let returns = ReturnStore(sets: out)
        report.answersPutBack = try returns.putBack(ledger.returns())
        try ledger.keep(returns: returns.files(), night: state.night, day: night)
        try completeLast(ledger)
        report.newest = "\(newest)"
        for week in try weeksToPublish(ledger) {
            guard week.ending <= newest.adding(days: Self.mostDaysUnknown) else {
                report.waiting.append("\(week)")
                continue
            }
            begin(.week, week)
            try publish(week, ledger, state, returns)
        }
        // After the weeks: what is running is told against the newest of their lists.
        begin(.today, nil)
        try publishToday(ledger, state, returns)
        begin(.tidy, nil)
        try removeOldSets(ledger)
        (report.published, report.kept, report.removed) = try ledger.done(night: state.night, day: night)
        begin(.backUp, nil)
        // A night that is published is a good one, also while somebody reads the ledger.
        report.isAtRest = try ledger.checkpoint()
        try ledger.noteHead(isAtRest: report.isAtRest)
        try ledger.backUp(to: Self.backup(of: nightly.ledger))
        report.head = try ledger.chainHead()
        return report
    }

    // MARK: Reading

    private func read(_ exports: NightlyExports, _ last: KnownState?) throws -> Telling {
        var options = options
        options.export = exports.paths
        let setup = try RunSetup(options, picksNewest: true)
        var read = ReadOptions(cores: setup.job.cores)
        let digests = ExportDigests()
        read.observe = { digests.add($0, $1) }
        let result = try ExportReader.read(setup.job.sources, read, blockSize: setup.job.blockSize)
        guard result.sources.contains(where: { $0.kinds.contains { $0 > 0 } }) else {
            throw ExportError(
                .noRows, file: exports.paths.first ?? "", message: "no row can be used, so there is nothing to report",
                hint: "look at `cards check` to see why")
        }
        let settings = try setup.job.settings.ledgerText(last?.settings, nightly.ledger)
        var telling = Telling(
            day: night, read: result, digests: result.sources.indices.map(digests.digest), settings: settings,
            cores: setup.job.cores)
        if let file = nightly.merges {
            telling.merges = try MergesFile.read(try TextFile.read(file, "file of merged references"), file)
        }
        return telling
    }

    // MARK: Publishing

    private func job(_ ledger: Ledger, _ state: KnownState) throws -> WeeklyJob {
        var job = try WeeklyJob(ledger, state)
        job.cores = RunSetup.cores(options.cores)
        return job
    }

    /// Replaces the set of running work, as at the newest day the exports know.
    private func publishToday(_ ledger: Ledger, _ state: KnownState, _ returns: ReturnStore) throws {
        var job = try job(ledger, state)
        job.isAsAtNewest = true
        job.today = night
        var result = try job.run()
        let answered = try returns.promises(before: result.report.header.week.ending.adding(days: 1))
        result.report.add(promises: result.promises(answered: answered))
        _ = try write(result, named: SetWriter.today)
    }

    /// The weeks that ended before the night and have no set yet; on the first night only the last of them.
    private func weeksToPublish(_ ledger: Ledger) throws -> [ISOWeek] {
        let last = ISOWeek(containing: night.adding(days: -7))
        guard let done = try ledger.publishedWeeks().last else { return [last] }
        var weeks: [ISOWeek] = []
        var week = ISOWeek(containing: done.monday.adding(days: 7))
        while week <= last {
            weeks.append(week)
            week = ISOWeek(containing: week.monday.adding(days: 7))
        }
        return weeks
    }

    /// Makes the newest published set where it is not there, or `latest` does not name it: a run may have been stopped
    /// after it wrote down what it was to publish.
    private func completeLast(_ ledger: Ledger) throws {
        guard let week = try ledger.publishedWeeks().last else { return }
        let latest = (try? TextFile.read("\(out)/\(SetWriter.pointer)", "name of the newest set")) ?? ""
        guard !TextFile.exists("\(out)/\(week)") || !latest.hasPrefix("\(week)"),
            let state = try ledger.state(whenPublishing: week)
        else { return }
        begin(.week, week)
        var result = try result(of: week, ledger, state)
        result.report.add(promises: result.promises ?? [:])
        // Another set that is there stays.
        if let there = SetIdentity.ofSet(at: "\(out)/\(week)"), there != SetIdentity.hash(result.report) { return }
        _ = try write(result, named: nil)
    }

    /// Publishes a week: writes down what it is, and then makes the set.
    ///
    /// A set that is there is never replaced by another one: where the ledger does not know it, the ledger was brought
    /// back from before. It is written down all the same, with the list as it is known now, so that what leaves it is
    /// told of in the week after.
    private func publish(_ week: ISOWeek, _ ledger: Ledger, _ state: KnownState, _ returns: ReturnStore) throws {
        var result = try result(of: week, ledger, state)
        let promises = result.promises(answered: try returns.promises(before: week.ending))
        result.report.add(promises: promises)
        let identity = SetIdentity.hash(result.report)
        let there = SetIdentity.ofSet(at: "\(out)/\(week)")
        begin(.record, week)
        try ledger.recordPublished(
            result.report, night: state.night, day: night, version: CardsCommand.version,
            identity: there ?? identity, isKept: there != nil && there != identity, promises: promises)
        guard there == nil || there == identity else { return }
        _ = try write(result, named: nil)
    }

    private func result(of week: ISOWeek, _ ledger: Ledger, _ state: KnownState) throws -> WeeklyJob.Result {
        var job = try job(ledger, state)
        (job.week, job.restates) = (week, true)
        return try job.run()
    }

    private func write(_ result: WeeklyJob.Result, named name: String?) throws -> WrittenSet {
        let formats = configuration.formats ?? Configuration.Format.allCases
        return try writeSet(
            result, to: out, name: name, isForPublication: false, formats: formats, hasClocks: false, team: nil,
            groupManager: nil, templates: .shipped, configuration: configuration, cores: RunSetup.cores(options.cores))
    }

    /// Removes the oldest weekly sets beyond the number that is kept; what was published stays in the ledger.
    private func removeOldSets(_ ledger: Ledger) throws {
        guard let most = nightly.keepSets else { return }
        let old = try ledger.publishedWeeks().dropLast(most).map { "\($0)" }
            .filter { TextFile.exists("\(out)/\($0)/run.json") }
        for name in old {
            try ledger.recordRemoval(name, on: night)
            // Hidden first, so that nobody reads a part of it; what is left of it goes with the next set.
            let hidden = "\(out)/\(Leftovers.name(name))"
            guard rename("\(out)/\(name)", hidden) == 0 else {
                throw CommandError(
                    .cannotWrite, "\(out)/\(name): the old set cannot be removed", hint: "check who may write there")
            }
            try? FileManager.default.removeItem(atPath: hidden)
        }
    }
}

/// Keeps a second run out while one is under way.
struct LedgerLock {
    private let file: Int32

    /// - Throws: ``LedgerError`` where another run has it.
    init(_ ledger: String) throws {
        let path = ledger + ".lock"
        file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw LedgerError(
                .cannotWrite, "\(path): the lock cannot be made",
                hint: "check that the folder is there, and yours to write")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw LedgerError(.nightUnderWay, "\(ledger): another run is under way", hint: "wait until it has finished")
        }
    }

    func release() { close(file) }
}
