import Cards
import CaseEvents
import Clocks
import Columnar
import DelimitedText
import Exports
import Ledger
import Rules
import Settings
import WorkingCalendar

/// A run of the engine over some exports, from files to a report.
///
/// Everything a command measures goes through here: `cards weekly`, `explain` and `check` differ in
/// what they ask for and what they print.
struct WeeklyJob {
    var sources: [ExportSource]
    var rulebook: Rulebook
    var closures: ClosureTable
    var organisation = Organisation(placements: [])
    var week: ISOWeek?
    var asAt: CivilDate?
    var knownAt: CivilDate?
    /// How many weeks `cards.csv` has; `nil` for every covered one.
    var weeks: Int? = 1
    var isCurrentStructure = false
    var completeFrom: CivilDate?
    var without: Set<EventKind> = []
    /// The dates of declared changes, for the baselines of the control charts.
    var changes: [CivilDate] = []
    /// Whether the limits of control charts leave out the largest moving ranges.
    var screensLimits = false
    var keepsClocks = false
    /// Whether the run is as at the newest date of the exports where no day was asked for.
    var isAsAtNewest = false
    /// Whether the run is as at the last day of what its census is about, where it has one.
    var isAsAtReference = false
    /// Whether everything is read and counted the plain way, for tests to compare with.
    var takesNoShortCuts = false
    /// Whether the run is a part of one that `cards merge` adds up.
    var isPart = false
    /// Whether exports without a usable row are reported, as `cards check` does, instead of refused.
    var reportsEmptyExports = false
    /// The day after which no date can be true; `nil` where a week was chosen by somebody.
    var today: CivilDate?
    var cores = 2
    var blockSize = 2 << 20
    var progress: (@Sendable (Int, Int, Int) -> Void)?
    var countingProgress: (@Sendable (Int, Int) -> Void)?
    /// Whether the exports are hashed as they are read, for the head of the cards.
    var hashesExports = false
    /// The ledger whose own the sources are, and what it knew.
    var kept: (ledger: Ledger, state: KnownState)?

    /// Whether a run over a ledger also says what is known now of the week published before.
    var restates = false

    /// What a run starts from: everything read, and what it is measured with.
    struct Prepared {
        var read: ReadResult
        /// The SHA-256 of each export in hexadecimal; empty where none was asked for.
        var digests: [String]
        var week: ISOWeek
        var asAt: CivilDate
        var context: CardContext
        var availability: Availability
        /// For each event, how many rows have it.
        var counts: [Int]
        /// The first covered day, as it was stated or as the exports suggest it.
        var coveredFrom: CivilDate
        var reported: [ReportedWeek]
        /// The list that a ledger's night published for the week before.
        var published: [ListedException]
    }

    /// Reads the exports and makes the cards.
    ///
    /// - Throws: ``ExportError`` for an export that cannot be read, ``CommandError`` for a
    ///   week that cannot be reported.
    func run() throws -> Result {
        let prepared = try prepare()
        var result = report(measure(prepared), prepared.context, prepared.availability)
        if let kept {
            if let publication = try kept.ledger.publication(of: prepared.week),
                publication.night == kept.state.night
            {
                result.promises = publication.promises
                if publication.version != CardsCommand.version {
                    result.report.header.notes.append(
                        "Published by cards \(publication.version), and made again by cards \(CardsCommand.version).")
                }
            }
            let before = ISOWeek(containing: prepared.week.monday.adding(days: -1))
            if let publication = try kept.ledger.publication(of: before), publication.night <= kept.state.night {
                result.before = publication.promises
            }
            result.succession = Succession(of: prepared.published, in: result.report.exceptions)
            if restates { result.report.restatement = try restatement(before: prepared.week, kept) }
        }
        return result
    }

    /// The list that a ledger's night published for the week before one, with the references children have now.
    private func published(
        before week: ISOWeek, _ kept: (ledger: Ledger, state: KnownState)
    ) throws -> [ListedException] {
        let before = ISOWeek(containing: week.monday.adding(days: -1))
        let merged = try kept.ledger.merged(upTo: kept.state.night)
        return try kept.ledger.listed(before, night: kept.state.night).map { row in
            var row = row
            row.child = merged[row.child] ?? row.child
            return row
        }
    }

    /// What is known now of the week that a ledger published before one.
    private func restatement(
        before week: ISOWeek, _ kept: (ledger: Ledger, state: KnownState)
    ) throws -> Restatement? {
        guard let last = try kept.ledger.lastPublished(before: week, night: kept.state.night) else { return nil }
        return try Self.restatement(of: last, kept.ledger, kept.state, cores: cores)
    }

    /// Reads the exports and adds up what is in them, for `cards merge` to make the cards.
    ///
    /// - Throws: As ``run()``.
    func runPart() throws -> PartialRun {
        var job = self
        job.isPart = true
        let prepared = try job.prepare()
        return job.measure(prepared)
    }

    /// Visits every child of the exports; the events are used up.
    private func measure(_ prepared: Prepared) -> PartialRun {
        let (read, context) = (prepared.read, prepared.context)
        var request = RunRequest(
            weeks: prepared.reported, trendWeeks: trendWeeks(prepared.week, prepared.coveredFrom),
            keepsClocks: keepsClocks, exportedOn: read.sources.map { $0.newestRecorded ?? $0.referenceDate },
            earliestSunday: earliestSunday(read.sources, prepared.asAt), cores: cores)
        request.takesNoShortCuts = takesNoShortCuts
        request.progress = countingProgress
        request.published = prepared.published
        let outcome = WeeklyRun(context, request, store: read.store).run()
        return PartialRun(
            settings: settings, week: prepared.week, asAt: prepared.asAt, sources: read.sources,
            digests: prepared.digests, rejected: read.rejected,
            totals: RunTotals(outcome, request, context, read.store),
            children: isPart ? ChildDigests(read.store) : ChildDigests())
    }

    /// Makes the cards of what a run came to, or of several runs added up.
    func report(_ run: PartialRun, _ context: CardContext, _ availability: Availability) -> Result {
        let covered = coveredFrom(run.sources, run.asAt)
        var totals = run.totals
        for row in run.rejected { if let day = row.day { totals.count(row.code, row.team, on: day, context) } }
        let report = WeeklyReport(
            totals, header: header(run, context, availability),
            findings: findings(run, context, availability), context: context,
            printedWeeks: reportedWeeks(last: run.week, asAt: run.asAt, coveredFrom: covered).printed,
            coveredFrom: covered, trendCalendar: trendCalendar(run.week, covered), isScreened: screensLimits,
            cores: cores)
        return Result(
            report: report, sources: run.sources, rejected: run.rejected, context: context,
            availability: availability, counts: run.counts)
    }

    /// Everything that must be the same in runs that are to be added up.
    var settings: RunSettings {
        RunSettings(
            rulebook: rulebook, closures: closures, organisation: organisation,
            knownAt: knownAt, weeks: weeks, isCurrentStructure: isCurrentStructure, completeFrom: completeFrom,
            without: EventKind.allCases.filter(without.contains), changes: changes, screensLimits: screensLimits,
            keepsClocks: keepsClocks)
    }

    /// Reads the exports and decides the week.
    ///
    /// - Throws: As ``run()``.
    func prepare() throws -> Prepared {
        // A ledger hands out only what it had been told by then.
        var options = ReadOptions(knownAt: kept == nil ? knownAt : nil, cores: cores, progress: progress)
        options.takesNoShortCuts = takesNoShortCuts
        let hashes = hashesExports && kept == nil ? ExportDigests() : nil
        if let hashes { options.observe = { hashes.add($0, $1) } }
        var read = try ExportReader.read(sources, options, blockSize: blockSize)
        var digests = read.sources.indices.map { hashes?.digest($0) ?? "" }
        if let state = kept?.state {
            (read.sources, read.rejected, digests) = (state.sources, state.rejected, state.digests)
        }
        let counts = PartialRun.counts(read.sources)
        if !reportsEmptyExports, counts.allSatisfy({ $0 == 0 }) { throw noRows }
        read.store.place(organisation.workers)
        let (week, asAt) = try chooseWeek(read.sources)
        // A rejected row counts for its team, so that has a place too.
        for row in read.rejected { _ = read.store.name(row.team) }
        let calendar = calendar
        guard calendar.covers(asAt), calendar.covers(week.monday) else {
            throw CommandError(
                .weekNotCovered, "the calendar does not cover the week \(week)",
                hint: "give one that does with --calendar; `cards calendar list` shows what it covers")
        }
        let covered = coveredFrom(read.sources, asAt)
        let reported = reportedWeeks(last: week, asAt: asAt, coveredFrom: countedFrom(covered))
        return Prepared(
            read: read, digests: digests, week: week, asAt: asAt,
            context: context(read.store.names, read.sources, asAt), availability: availability(read.sources),
            counts: counts, coveredFrom: covered, reported: reported.weeks,
            published: try kept.map { try published(before: week, $0) } ?? [])
    }

    // MARK: Weeks

    /// What is said of exports without a usable row, whatever week was asked for: a set made of them
    /// would say that no child waits.
    private var noRows: ExportError {
        ExportError(
            .noRows, file: sources.first?.name ?? "", message: "no row can be used, so there is nothing to report",
            hint: "look at `cards check` to see why")
    }

    private func chooseWeek(_ sources: [SourceSummary]) throws -> (ISOWeek, CivilDate) {
        if let week {
            guard let asAt else { return (week, week.ending) }
            guard asAt >= week.monday else {
                throw CommandError(
                    .asAtBeforeWeek,
                    "the as-at date \(asAt) is before the week \(week), which begins on \(week.monday)",
                    hint: "give a later --as-at, or leave --week out")
            }
            return (week, asAt)
        }
        if let asAt { return (ISOWeek(containing: asAt), asAt) }
        if isAsAtReference, let day = sources.compactMap(\.referenceDate).max() {
            return (ISOWeek(containing: day), day)
        }
        let newest = sources.compactMap(\.newestRecorded).max() ?? sources.compactMap(\.newestDate).max()
        guard let newest else {
            if reportsEmptyExports {
                return (ISOWeek(containing: closures.coverage.upperBound), closures.coverage.upperBound)
            }
            throw noRows
        }
        if let today, newest > today {
            // What is asked is what is wrong with the exports, so they are looked at all the same.
            if isAsAtNewest { return (ISOWeek(containing: today), today) }
            throw futureWeek(sources, today)
        }
        if isAsAtNewest { return (ISOWeek(containing: newest), newest) }
        // The last week whose Sunday lies before the newest date.
        let week = ISOWeek(containing: newest.adding(days: -7))
        return (week, week.ending)
    }

    /// The error of a row that is dated after today and would choose the week.
    private func futureWeek(_ sources: [SourceSummary], _ today: CivilDate) -> ExportError {
        let source = sources.first { ($0.newestRecorded ?? $0.newestDate).map { $0 > today } ?? false }
        let isRecorded = source?.newestRecorded != nil
        return ExportError(
            .futureWeek, file: source?.file ?? "",
            line: (isRecorded ? source?.newestRecordedLine : source?.newestDateLine) ?? 0,
            column: isRecorded ? "recorded_at" : "date",
            message: "the newest date of the exports lies after today, so it cannot choose the week",
            hint: "correct the row, or give the week with --week")
    }

    /// The first covered day, as it was stated or as the exports suggest it.
    private func coveredFrom(_ sources: [SourceSummary], _ asAt: CivilDate) -> CivilDate {
        completeFrom(sources) ?? sources.compactMap(\.earliestDate).min() ?? asAt
    }

    /// The first complete day that was stated: for the run, or by every export of it.
    ///
    /// The sources of one export are complete together, from the last of their days on; several exports from the
    /// first of theirs.
    func completeFrom(_ sources: [SourceSummary]) -> CivilDate? {
        if let completeFrom { return completeFrom }
        let days = Dictionary(grouping: sources, by: \.export).values.map { $0.compactMap(\.completeFrom).max() }
        return days.contains(nil) ? nil : days.compactMap { $0 }.min()
    }

    /// The first day from which a run counts.
    ///
    /// What a part is added to may be covered from earlier, so a part counts all of its first week.
    private func countedFrom(_ coveredFrom: CivilDate) -> CivilDate {
        isPart ? ISOWeek(containing: coveredFrom).monday : coveredFrom
    }

    private func trendWeeks(_ week: ISOWeek, _ coveredFrom: CivilDate) -> [CivilDate] {
        let own = trendCalendar(week, coveredFrom).weeks
        guard isPart else { return own }
        return Set(own).union(trendCalendar(week, countedFrom(coveredFrom)).weeks).sorted()
    }

    private func trendCalendar(_ week: ISOWeek, _ coveredFrom: CivilDate) -> TrendCalendar {
        TrendCalendar(
            last: week.ending, coveredFrom: coveredFrom, changes: changes,
            limitChanges: rulebook.rules.filter(\.isOn).flatMap(\.limitChanges))
    }

    /// The first Sunday before any row.
    private func earliestSunday(_ sources: [SourceSummary], _ asAt: CivilDate) -> CivilDate {
        let earliest = sources.compactMap(\.earliestDate).min() ?? asAt
        return earliest.weekEnding.adding(days: -7)
    }

    /// The weeks that are reported of exports, and the weeks of their trends.
    func weeks(
        of sources: [SourceSummary], _ week: ISOWeek, _ asAt: CivilDate
    ) -> (reported: [ReportedWeek], trends: [CivilDate]) {
        let covered = coveredFrom(sources, asAt)
        return (reportedWeeks(last: week, asAt: asAt, coveredFrom: covered).weeks, trendWeeks(week, covered))
    }

    /// The weeks to be added up: those that are asked for, and those whose stock the charts show.
    private func reportedWeeks(
        last: ISOWeek, asAt: CivilDate, coveredFrom: CivilDate
    ) -> (weeks: [ReportedWeek], printed: Int) {
        let firstWhole =
            coveredFrom.weekday == 0 ? coveredFrom.weekEnding : coveredFrom.weekEnding.adding(days: 7)
        let covered = Int((last.ending.daysSinceEpoch - firstWhole.daysSinceEpoch) / 7) + 1
        let printed = max(weeks ?? covered, 1)
        let weeks = (0..<max(printed, min(TrendCalendar.shown, covered))).reversed().map { back in
            let ending = last.ending.adding(days: -7 * Int32(back))
            return ReportedWeek(week: ISOWeek(containing: ending), asAt: back == 0 ? asAt : ending)
        }
        return (weeks, printed)
    }

    // MARK: Context

    private var calendar: WorkingCalendar { WorkingCalendar(closures, knownAt: knownAt) }

    /// For each event, whether some source carries it.
    private func carries(_ sources: [SourceSummary]) -> [Bool] {
        let carried = Set(sources.flatMap(\.carries)).subtracting(without)
        return EventKind.allCases.map(carried.contains)
    }

    func availability(_ sources: [SourceSummary]) -> Availability {
        Availability(rulebook, carries: carries(sources))
    }

    /// What the clocks and cards of a run are made with, from its names and what was read.
    func context(_ names: IdTable, _ sources: [SourceSummary], _ asAt: CivilDate) -> CardContext {
        let counts = PartialRun.counts(sources)
        let availability = availability(sources)
        let endsAtCompletion = StepKind.allCases.map { kind in
            kind.authorised.map { counts[Int($0.rawValue)] == 0 } ?? false
        }
        let clocks = ClockContext(
            rulebook: rulebook, calendar: calendar, isAvailable: availability.rules,
            areStopsDated: availability.areStopsDated, signOff: availability.signOff,
            endsAtCompletion: endsAtCompletion, shortTerm: ShortTermUnits(organisation, names: names), names: names)
        let places = Places(organisation, names: names, currentOn: isCurrentStructure ? asAt : nil)
        return CardContext(clocks: clocks, places: places, carries: carries(sources))
    }

    // MARK: Findings

    private func findings(
        _ run: PartialRun, _ context: CardContext, _ availability: Availability
    ) -> [Finding] {
        var findings = run.rejected.map {
            Finding($0.code, source: $0.source, line: $0.line, value: $0.value, child: $0.child)
        }
        for (number, source) in run.sources.enumerated() where source.unendedLine > 0 {
            findings.append(
                Finding(
                    .lastRowUnended, source: number, line: UInt32(truncatingIfNeeded: source.unendedLine), value: "",
                    child: ""))
        }
        if context.places.hasStructure {
            let known = Set(organisation.placements.map(\.unit))
            let names = run.totals.names
            for team in run.totals.teams where !known.contains(names[Int(team)]) {
                findings.append(Finding(.teamUnknown, source: nil, line: 0, value: names[Int(team)], child: ""))
            }
            for team in run.totals.outOfDates {
                findings.append(Finding(.teamOutOfDates, source: nil, line: 0, value: names[Int(team)], child: ""))
            }
        }
        for (event, running) in availability.neverSeen(rulebook, counts: run.counts, totals: run.totals) {
            findings.append(
                Finding(
                    .eventNeverSeen, source: nil, line: 0,
                    value: "\(event.name) (\(running) running clocks; --without \(event.name))", child: ""))
        }
        return findings
    }
}
