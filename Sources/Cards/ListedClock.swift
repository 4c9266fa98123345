import CaseEvents
import Clocks
import Columnar
import Rules
public import WorkingCalendar

/// One row of `clocks.csv`, with every id and name as text.
public struct ListedClock: Hashable, Codable, Sendable {
    public var rule: String
    public var child: String
    public var referral: String
    public var step: String
    public var family: String
    public var unit: String
    public var worker: String
    public var startedOn: CivilDate?
    public var stoppedOn: CivilDate?
    public var timeUnit: String
    public var limit: Int32?
    public var expected: Int32?
    public var elapsed: Int32?
    public var dueOn: CivilDate?
    public var verdict: String
    public var reason: String
    public var daysOver: Int32?
    public var edition: String
    public var basis: String
    /// Whether access to the child's record is limited.
    public var isRestricted: Bool

    /// Names a clock.
    init(_ row: ClockRow, _ context: CardContext, _ store: CaseStore, _ ids: PartitionIds) {
        let clock = row.clock
        let rule = context.clocks.rulebook.rules[Int(clock.rule)]
        let edition = clock.edition < 0 ? nil : rule.editions[Int(clock.edition)]
        func number(_ value: Int32) -> Int32? { value == Clock.absent ? nil : value }
        func date(_ value: CivilDate) -> CivilDate? { value == CaseFile.never ? nil : value }
        self.rule = rule.name
        child = ids.child(row.child)
        referral = ids.referrals.string(row.referralId)
        step = ids.steps.string(clock.stepId)
        family = ids.families.string(row.family)
        unit = store.names.string(clock.holder.team)
        worker = store.names.string(clock.holder.worker)
        startedOn = date(clock.start)
        stoppedOn = date(clock.stop)
        timeUnit = rule.unit(edition: Int(clock.edition)).rawValue
        limit = number(clock.limit)
        expected = number(clock.expected)
        elapsed = number(clock.elapsed)
        dueOn = date(clock.due)
        verdict = clock.verdict.name
        reason = clock.reason.name
        daysOver = number(clock.daysOver)
        self.edition = edition?.name ?? "none"
        basis = (edition ?? rule.editions[0]).basis.rawValue
        isRestricted = row.isRestricted
    }

    /// The order of `clocks.csv`: rule, child, start, step, referral and stop, by bytes, empty first.
    static func precedes(_ a: ListedClock, _ b: ListedClock) -> Bool {
        if a.rule != b.rule { return a.rule.utf8.lexicographicallyPrecedes(b.rule.utf8) }
        if a.child != b.child { return a.child.utf8.lexicographicallyPrecedes(b.child.utf8) }
        if a.startedOn != b.startedOn { return key(a.startedOn) < key(b.startedOn) }
        if a.step != b.step { return a.step.utf8.lexicographicallyPrecedes(b.step.utf8) }
        if a.referral != b.referral { return a.referral.utf8.lexicographicallyPrecedes(b.referral.utf8) }
        if a.stoppedOn != b.stoppedOn { return key(a.stoppedOn) < key(b.stoppedOn) }
        // Beyond the order of the format, so that no shuffle shows.
        return a.tieBreaker.lexicographicallyPrecedes(b.tieBreaker)
    }

    private var tieBreaker: [String] { [verdict, reason, edition, unit, worker, "\(limit ?? -1)", "\(elapsed ?? -1)"] }

    private static func key(_ date: CivilDate?) -> Int32 { date?.daysSinceEpoch ?? .min }
}
