public import CaseEvents
import Clocks
import Columnar
import Rules
public import WorkingCalendar

/// What a run came to, with every id and name as text: the totals of different children add up.
///
/// Everything a report is made of is here, but for the settings. A run over a region can so be made in
/// parts, each over some of the children, and added up afterwards.
public struct RunTotals: Codable, Sendable {
    /// The reported weeks and the weeks of the trends that the sums are for.
    public private(set) var weeks: [ReportedWeek]
    public private(set) var trendWeeks: [CivilDate]
    /// The places and the names that the sums have numbers for.
    public private(set) var places: [Place]
    public private(set) var names: [String]
    public private(set) var sums: CardSums
    /// The rows of the lists, in no order.
    public private(set) var exceptions: [ListedException] = []
    public private(set) var watch: [ListedWatch] = []
    public private(set) var clocks: [ListedClock] = []
    /// The findings about children; ``Finding/source`` counts the sources of the run.
    public private(set) var findings: [Finding] = []
    /// Rows that were accepted, and rows dropped because another one is the same.
    public private(set) var accepted = 0
    public private(set) var duplicates = 0
    /// For each rule, how many clocks are running as at the last day; and those of sign-offs by kind of step.
    public private(set) var running: [Int]
    public private(set) var runningSignOffs: [Int]
    /// The teams that accepted rows name, and those that held work on a day without a row of theirs, as places in
    /// ``names``.
    public private(set) var teams: Set<UInt32> = []
    public private(set) var outOfDates: Set<UInt32> = []
    /// The first day on which a rejected start is there, which may lie before every row.
    ///
    /// ``CaseFile/never`` where none is.
    public private(set) var firstGhost = CaseFile.never

    /// The totals of no children.
    public init(_ context: CardContext, weeks: [ReportedWeek], trendWeeks: [CivilDate]) {
        self.weeks = weeks
        self.trendWeeks = trendWeeks
        let table = context.clocks.names
        names = (0..<UInt32(table.count)).map(table.string)
        places = context.places.all
        let rules = context.clocks.rulebook.rules.count
        sums = CardSums(rules: rules + 1, weeks: weeks.count, places: places.count, trendWeeks: trendWeeks.count)
        running = Array(repeating: 0, count: rules)
        runningSignOffs = Array(repeating: 0, count: StepKind.allCases.count)
    }

    /// The totals of a run.
    public init(_ outcome: RunOutcome, _ request: RunRequest, _ context: CardContext, _ store: CaseStore) {
        self.init(context, weeks: request.weeks, trendWeeks: request.trendWeeks)
        sums = outcome.sums
        let lister = RowLister(context, store, weekEnding: request.weeks.last?.week.ending ?? CaseFile.never)
        exceptions = KeptReferences(outcome.exceptions.map(lister.name), after: request.published).rows
        watch = outcome.watch.map(lister.name)
        let ids = store.partitions.map(\.ids)
        clocks = outcome.clocks.map { ListedClock($0, context, store, ids[Int($0.partition)]) }
        exceptions += LateClearances(exceptions, clocks, weekEnding: lister.weekEnding)
            .rows(of: request.published, Succession(of: request.published, in: exceptions, clocks: clocks))
        if !request.keepsClocks { clocks = [] }
        findings = outcome.findings
        accepted = outcome.accepted
        duplicates = outcome.duplicates
        running = outcome.running
        runningSignOffs = outcome.runningSignOffs
        for name in outcome.teams.indices where outcome.teams[name] && name != 0 {
            teams.insert(UInt32(truncatingIfNeeded: name))
        }
        outOfDates = outcome.outOfDates
        firstGhost = outcome.firstGhost
    }

    /// Adds the totals of other children.
    ///
    /// - Parameters:
    ///   - other: Totals that are ``isSound(rules:)``, made with the same rules and structure.
    ///   - firstSource: What is added to the numbers of its sources.
    ///   - earliest: The first day on which the other run has a row.
    /// - Returns: `false`, with nothing added, where the other run did not count a week in which it may have rows,
    ///   or has a name or place that these totals have not.
    public mutating func add(_ other: RunTotals, firstSource: Int, from earliest: CivilDate) -> Bool {
        let numbers = Dictionary(places.enumerated().map { ($1, $0) }) { first, _ in first }
        var entries = Self.table(names)
        let move = SumsMove(
            places: other.places.compactMap { numbers[$0] }, weeks: other.weeks.map { weeks.firstIndex(of: $0) },
            trendWeeks: other.trendWeeks.map { trendWeeks.firstIndex(of: $0) },
            names: other.names.map { entries.intern($0) })
        let isWhole =
            move.places.count == other.places.count && entries.count == names.count
            && weeks.allSatisfy { $0.asAt < earliest || other.weeks.contains($0) }
            && trendWeeks.allSatisfy { $0 < earliest || other.trendWeeks.contains($0) }
        guard isWhole else { return false }
        sums.add(other.sums, move)
        exceptions += other.exceptions
        watch += other.watch
        clocks += other.clocks
        findings += other.findings.map { finding in
            var finding = finding
            finding.source = finding.source.map { $0 + firstSource }
            return finding
        }
        accepted += other.accepted
        duplicates += other.duplicates
        for rule in running.indices { running[rule] += other.running[rule] }
        for kind in runningSignOffs.indices { runningSignOffs[kind] += other.runningSignOffs[kind] }
        teams.formUnion(other.teams.map { move.names[Int($0)] })
        outOfDates.formUnion(other.outOfDates.map { move.names[Int($0)] })
        firstGhost = min(firstGhost, other.firstGhost)
        return true
    }

    /// Counts a finding about a row outside every case, such as a rejected one, on the cards of its week.
    ///
    /// The row's team holds it.
    public mutating func count(_ code: FindingCode, _ team: String, on day: CivilDate, _ context: CardContext) {
        var entries = context.clocks.names
        let name = entries.intern(team)
        guard Int(name) < names.count else { return }
        for (index, week) in weeks.enumerated() where week.contains(day) {
            let place = context.places.place(of: name, on: week.asAt).number
            sums.findings[CardSums.FindingKey(week: index, place: place, code: code), default: 0].addUpToMost(1)
        }
    }

    /// Names in a table, in which they are told apart by their bytes.
    private static func table(_ names: [String]) -> IdTable {
        var table = IdTable()
        for name in names { _ = table.intern(name) }
        return table
    }

    /// Whether totals that were read from a file fit together, and have so many rules.
    public func isSound(rules: Int) -> Bool {
        sums.rules == rules + 1 && sums.weeks == weeks.count && sums.places == places.count
            && sums.trendWeeks == trendWeeks.count && sums.isSound(names: names.count)
            && running.count == rules && runningSignOffs.count == StepKind.allCases.count
            && (running + runningSignOffs + [accepted, duplicates]).allSatisfy { 0...1 << 40 ~= $0 }
            && Set(places).count == places.count && Self.table(names).count == names.count
            && teams.union(outOfDates).allSatisfy { $0 < names.count } && weeks.allSatisfy { $0.week.isWhole }
    }

    /// The sums with the batches of signatures counted, which needs all of a manager's day.
    func settledSums() -> CardSums {
        var sums = sums
        sums.settleBatches()
        return sums
    }

    /// How many clocks of a rule are past their limit in the last reported week.
    func overdue(rule: Int) -> Int {
        places.indices.reduce(0) { $0 + sums.sum(.overdue, week: weeks.count - 1, rule: rule, place: $1) }
    }
}
