public import WorkingCalendar

/// A day on which nobody works, and when that was known.
public struct TwinClosure: Sendable {
    public var date: CivilDate
    public var knownFrom: CivilDate?
    public var withdrawnOn: CivilDate?

    public init(date: CivilDate, knownFrom: CivilDate? = nil, withdrawnOn: CivilDate? = nil) {
        self.date = date
        self.knownFrom = knownFrom
        self.withdrawnOn = withdrawnOn
    }
}

/// Everything one run is given.
public struct TwinRun: Sendable {
    public var exports: [(name: String, text: String)]
    public var teams: String?
    public var closures: [TwinClosure]
    public var calendarFrom: CivilDate
    public var calendarTo: CivilDate
    public var weekEnding: CivilDate
    public var asAt: CivilDate
    public var weeks: Int
    public var knownAt: CivilDate?
    public var completeFrom: CivilDate?
    public var without: Set<String>
    public var switchedOn: Set<String>

    public init(
        exports: [(name: String, text: String)], teams: String? = nil, closures: [TwinClosure],
        calendarFrom: CivilDate, calendarTo: CivilDate, weekEnding: CivilDate, asAt: CivilDate, weeks: Int = 1,
        knownAt: CivilDate? = nil, completeFrom: CivilDate? = nil, without: Set<String> = [],
        switchedOn: Set<String> = []
    ) {
        self.exports = exports
        self.teams = teams
        self.closures = closures
        self.calendarFrom = calendarFrom
        self.calendarTo = calendarTo
        self.weekEnding = weekEnding
        self.asAt = asAt
        self.weeks = weeks
        self.knownAt = knownAt
        self.completeFrom = completeFrom
        self.without = without
        self.switchedOn = switchedOn
    }
}

/// What the run says, as rows of text.
public struct TwinResult: Sendable {
    public var clocks: [[String]] = []
    public var cards: [[String]] = []
    public var exceptions: [[String]] = []
    public var watch: [[String]] = []
    public var findings: [[String]] = []
    /// The branches of the pairing rules that the run took, one for each time.
    public var pairings: [String] = []
    public var read = 0
    public var accepted = 0
    public var duplicate = 0
    public var rejected = 0
    public var notYetKnown = 0

    public init() {}
}

/// What every part of a run looks things up in: the kept rows and the options, the same for every as-at date.
struct TwinContext {
    let run: TwinRun
    let calendar: TwinCalendar
    let structure: TwinStructure
    let reading: TwinReading
    /// The event names found on any accepted row of the run.
    let eventsSeen: Set<String>

    init(_ run: TwinRun) {
        self.run = run
        calendar = TwinCalendar(run)
        structure = TwinStructure(run.teams)
        reading = TwinReading(run)
        eventsSeen = Set(reading.kept.map(\.event))
    }

    /// "Completed or authorised": a kind of which there is not one `authorised` ends with its last `completed`.
    func endsWhenCompleted(_ kind: String) -> Bool { !eventsSeen.contains(kind + "_authorised") }

    func carries(_ event: String) -> Bool { !run.without.contains(event) }

    var rules: [TwinRule] {
        defaultRules + switchedOnRules.filter { run.switchedOn.contains($0.name) }
    }
}

/// Measures a run straight from the definitions.
public func slowTwin(_ run: TwinRun) -> TwinResult {
    let context = TwinContext(run)
    var result = TwinResult()
    result.read = context.reading.read
    result.accepted = context.reading.kept.count
    result.duplicate = context.reading.dropped.count
    result.rejected = context.reading.rejected.count
    result.notYetKnown = context.reading.notYetKnown

    let world = TwinWorld(context, asAt: run.asAt)
    let clocks = world.allClocks()
    result.clocks = clocks.map { world.row(of: $0) }.sorted(by: clocksOrder)
    result.pairings = world.branchesTaken()

    let rowFindings = TwinWorld(context, asAt: nil).rowFindings()
    result.findings =
        (rowFindings + world.stepFindings(clocks) + world.nameFindings(clocks)).map {
            [$0.code, $0.severity, $0.child]
        }
        .sorted(by: before)

    for back in stride(from: max(1, run.weeks) - 1, through: 0, by: -1) {
        let sunday = run.weekEnding.plus(-7 * back)
        let asAt = back == 0 ? run.asAt : sunday
        result.cards += TwinWorld(context, asAt: asAt).cards(weekEnding: sunday, rowFindings: rowFindings)
    }

    var lists = TwinExceptionLists(context: context)
    result.exceptions = lists.rows(asAt: run.asAt, weekEnding: run.weekEnding)
    result.watch = world.watchList(clocks, weekEnding: run.weekEnding)
    return result
}

/// "Sorted by rule, child_id, started_on, step_id, referral_id, stopped_on (UTF-8 bytes, empty first)".
private func clocksOrder(_ left: [String], _ right: [String]) -> Bool {
    let columns = [0, 1, 7, 3, 2, 8]
    let leftKey = columns.map { left[$0] } + left
    let rightKey = columns.map { right[$0] } + right
    return before(leftKey, rightKey)
}
