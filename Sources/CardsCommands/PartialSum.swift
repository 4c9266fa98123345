import Cards
import CaseEvents
import Columnar
import Exports
import WorkingCalendar

/// Partial results added up, in the order in which they were given.
struct PartialSum {
    private(set) var run: PartialRun
    private var job: WeeklyJob
    private let context: CardContext

    /// Adds up partial results.
    ///
    /// - Throws: ``CommandError`` where they do not belong together.
    init(_ parts: [(file: String, run: PartialRun)]) throws {
        let first = parts[0].run
        for part in parts.dropFirst() { try Self.check(part.run, part.file, against: first, parts[0].file) }
        try Self.checkEnds(parts)
        let settings = first.settings
        job = WeeklyJob(sources: [], rulebook: settings.rulebook, closures: settings.closures)
        job.organisation = settings.organisation
        job.knownAt = settings.knownAt
        job.weeks = settings.weeks
        job.isCurrentStructure = settings.isCurrentStructure
        job.completeFrom = settings.completeFrom
        job.without = Set(settings.without)
        job.changes = settings.changes
        job.screensLimits = settings.screensLimits
        job.keepsClocks = settings.keepsClocks

        var names = IdTable()
        for part in parts { for name in part.run.totals.names { _ = names.intern(name) } }
        let sources = parts.flatMap(\.run.sources)
        context = job.context(names, sources, first.asAt)
        let (weeks, trendWeeks) = job.weeks(of: sources, first.week, first.asAt)
        run = PartialRun(
            settings: settings, week: first.week, asAt: first.asAt, sources: sources,
            digests: parts.flatMap(\.run.digests), rejected: [],
            totals: RunTotals(context, weeks: weeks, trendWeeks: trendWeeks), children: ChildDigests())
        var firstSource = 0
        for (file, part) in parts {
            try add(part, file, firstSource)
            firstSource += part.sources.count
        }
    }

    private mutating func add(_ part: PartialRun, _ file: String, _ firstSource: Int) throws {
        let shared = run.children.shared(with: part.children)
        guard shared == 0 else {
            throw CommandError(
                .sameChildren, "\(file): \(shared) of its children are in another part too",
                hint: "give each child to one part; if two authorities use the same reference for two children, "
                    + "put the authority's code before it")
        }
        run.children.add(part.children)
        for var row in part.rejected {
            row.source += firstSource
            run.rejected.append(row)
        }
        let earliest = Self.earliest(part.sources) ?? part.asAt
        // Such a step has been there on every Sunday since the run began, which only one run can tell.
        if part.totals.firstGhost < earliest, let first = Self.earliest(run.sources), first < earliest {
            throw CommandError(
                .partWithRejectedStart,
                "\(file): a rejected start has no recorded_at, or one before the first row of the part, "
                    + "and other parts begin earlier",
                hint: "correct the row, which `cards check` lists, and make the part again")
        }
        guard run.totals.add(part.totals, firstSource: firstSource, from: earliest) else {
            throw CommandError(
                .partsDiffer, "\(file): the part does not count the weeks that the others do",
                hint: "make the parts again with the same --week, --weeks and --complete-from")
        }
    }

    /// The cards.
    func result(cores: Int) -> WeeklyJob.Result {
        var job = job
        job.cores = cores
        return job.report(run, context, job.availability(run.sources))
    }

    private static func earliest(_ sources: [SourceSummary]) -> CivilDate? {
        sources.compactMap(\.earliestDate).min()
    }

    // MARK: What does not belong together

    private static func check(_ part: PartialRun, _ file: String, against first: PartialRun, _ other: String) throws {
        let differences = part.settings.differences(from: first.settings)
        guard differences.isEmpty else {
            throw CommandError(
                .partsDiffer, "\(file): the part was not made like \(other): \(differences.joined(separator: ", "))",
                hint: "make the parts again with the same options and files")
        }
        guard Set(part.sources.flatMap(\.carries)) == Set(first.sources.flatMap(\.carries)) else {
            throw CommandError(
                .partsDiffer, "\(file): the part was made from exports that carry other events than those of \(other)",
                hint: "make both from exports of one kind, or give --without for what one of them lacks")
        }
        guard part.week == first.week, part.asAt == first.asAt else {
            throw CommandError(
                .partsOfOtherWeeks,
                "\(file): the part is of \(part.week) as at \(part.asAt), and \(other) of \(first.week) as at \(first.asAt)",
                hint: "make the parts again with the same --week")
        }
    }

    /// Refuses parts of which some have authorised assessments of a kind and others completed ones alone.
    ///
    /// In one run such assessments end when they are authorised; in a part without any they ended when they
    /// were completed.
    private static func checkEnds(_ parts: [(file: String, run: PartialRun)]) throws {
        for kind in StepKind.allCases {
            guard let authorised = kind.authorised else { continue }
            func rows(_ run: PartialRun, _ event: EventKind) -> Int { run.counts[Int(event.rawValue)] }
            guard parts.contains(where: { rows($0.run, authorised) > 0 }) else { continue }
            let other = parts.first { rows($0.run, authorised) == 0 && rows($0.run, kind.completed) > 0 }
            guard let other else { continue }
            throw CommandError(
                .partsEndOtherwise,
                "\(other.file): the part has \(kind.completed.name) and no \(authorised.name), which others have",
                hint: "run the exports of that part together with others that have it")
        }
    }
}
