public import CaseEvents
public import Clocks
import Columnar
import Rules
import Synchronization
public import WorkingCalendar

/// What a run is asked for.
public struct RunRequest: Sendable {
    /// The reported weeks, oldest first; the last one decides the exceptions.
    public var weeks: [ReportedWeek]
    /// The Sundays of the weeks whose flow the trends need, oldest first.
    public var trendWeeks: [CivilDate]
    /// Whether every clock is to be kept, for `clocks.csv` and `cards explain`.
    public var keepsClocks: Bool
    /// For each source, the day after which a row is dated in the future; `nil` where unknown.
    public var exportedOn: [CivilDate?]
    /// The first Sunday that a look back at an exception can reach.
    public var earliestSunday: CivilDate
    public var cores: Int
    /// The list that was published for the week before, where somebody remembers it; its children have their
    /// references of now.
    public var published: [ListedException] = []
    /// Whether every week is looked at afresh for every child: the plain way, for tests to compare with.
    public var takesNoShortCuts = false
    /// Called after each partition with how many were visited and how many there are, for showing progress.
    public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

    public init(
        weeks: [ReportedWeek], trendWeeks: [CivilDate], keepsClocks: Bool, exportedOn: [CivilDate?],
        earliestSunday: CivilDate, cores: Int
    ) {
        self.weeks = weeks
        self.trendWeeks = trendWeeks
        self.keepsClocks = keepsClocks
        self.exportedOn = exportedOn
        self.earliestSunday = earliestSunday
        self.cores = cores
    }
}

/// A clock with the child it belongs to.
public struct ClockRow: Sendable {
    public var clock: Clock
    public var partition: UInt8
    public var child: UInt32
    public var family: UInt32
    public var referralId: UInt32
    /// Whether access to the child's record is limited.
    public var isRestricted: Bool
}

/// What a run came to, before anything is sorted or named.
public struct RunOutcome: Sendable {
    public var sums: CardSums
    public var exceptions: [ExceptionRow] = []
    public var watch: [WatchRow] = []
    public var clocks: [ClockRow] = []
    public var findings: [Finding] = []
    /// Rows that were accepted, and rows dropped because another one is the same.
    public var accepted = 0
    public var duplicates = 0
    /// For each rule, how many clocks are running as at the last day; and those of sign-offs by kind of step.
    public var running: [Int]
    public var runningSignOffs: [Int]
    /// For each entry of the run's names, whether a unit of that name held work on a day without a row,
    /// and whether an accepted row names it as its team.
    public var outOfDates: Set<UInt32> = []
    public private(set) var teams: [Bool]
    /// The first day on which a rejected start is there; ``CaseFile/never`` where none is.
    public private(set) var firstGhost = CaseFile.never

    /// Notes that a row names a team; 0 is none.
    mutating func noteTeam(_ team: UInt32) { teams[Int(team)] = true }

    /// Notes the day from which a rejected start is there.
    mutating func noteGhost(_ day: CivilDate) { firstGhost = min(firstGhost, day) }

    mutating func merge(_ other: RunOutcome) {
        sums.merge(other.sums)
        exceptions.append(contentsOf: other.exceptions)
        watch.append(contentsOf: other.watch)
        clocks.append(contentsOf: other.clocks)
        findings.append(contentsOf: other.findings)
        accepted += other.accepted
        duplicates += other.duplicates
        for index in running.indices { running[index] += other.running[index] }
        for index in runningSignOffs.indices { runningSignOffs[index] += other.runningSignOffs[index] }
        outOfDates.formUnion(other.outOfDates)
        firstGhost = min(firstGhost, other.firstGhost)
        for index in teams.indices where other.teams[index] { teams[index] = true }
    }
}

/// Visits every child of a store and adds up what the cards need.
///
/// Partition by partition and core by core: group a partition's events by child, go through the
/// child's weeks, forget the partition. Every week is the child's case file as at that week's end,
/// so a week of a trend is the card printed as at that week by construction.
public struct WeeklyRun: Sendable {
    private let context: CardContext
    private let request: RunRequest
    private let store: CaseStore
    private let points: [Point]

    /// A day on which the children are looked at.
    struct Point: Sendable {
        var asAt: CivilDate
        var trend: Int?
        var reported: Int?
    }

    public init(_ context: CardContext, _ request: RunRequest, store: CaseStore) {
        self.context = context
        self.request = request
        self.store = store
        var byDay: [CivilDate: Point] = [:]
        for (index, sunday) in request.trendWeeks.enumerated() {
            // The last week is as at the as-at date in its trend too.
            let day = request.weeks.first { $0.week.ending == sunday }?.asAt ?? sunday
            byDay[day, default: Point(asAt: day)].trend = index
        }
        for (index, week) in request.weeks.enumerated() {
            byDay[week.asAt, default: Point(asAt: week.asAt)].reported = index
        }
        points = byDay.values.sorted { $0.asAt < $1.asAt }
    }

    /// Makes the run; the store's events are used up.
    ///
    /// - Complexity: O(*n* · *w*) for *n* rows, where *w* is the number of weeks in which a child has
    ///   rows or running clocks.
    public func run() -> RunOutcome {
        let done = Atomic<Int>(0)
        let visits = concurrentVisit(count: CaseStore.partitionCount, cores: request.cores) {
            ChildVisit(context, request, store, points: points, outcome: emptyOutcome())
        } _: { visit, partition in
            visit.visit(partition)
            self.request.progress?(done.add(1, ordering: .relaxed).newValue, CaseStore.partitionCount)
        }
        var outcome = visits[0].outcome
        for visit in visits.dropFirst() { outcome.merge(visit.outcome) }
        return outcome
    }

    private func emptyOutcome() -> RunOutcome {
        let rules = context.clocks.rulebook.rules.count
        return RunOutcome(
            sums: CardSums(
                rules: rules + 1, weeks: request.weeks.count, places: context.places.all.count,
                trendWeeks: request.trendWeeks.count),
            running: Array(repeating: 0, count: rules),
            runningSignOffs: Array(repeating: 0, count: StepKind.allCases.count),
            teams: Array(repeating: false, count: store.names.count))
    }
}
