public import CaseEvents
public import Rules
import WorkingCalendar

/// A rule folded into plain numbers: reading one for every clock costs no reference counting.
///
/// The words of the rule (its title, its sources) stay in the ``Rulebook``.
public struct PlainRule: Sendable, BitwiseCopyable {
    /// The place of the rule in the rulebook.
    public let number: Int
    public let shape: ClockShape
    public let isOn: Bool
    /// The kind of step (shape `assessment`).
    public let step: StepKind?
    public let firstStartsAtReferral: Bool
    public let voidedByNFA: Bool
    public let countsStartDay: Bool
    public let isStatistical: Bool
    /// How many working days back the strict basis may look; ``Clock/absent`` for no strict basis.
    public let strictWithin: Int32
    /// The events that stop the clock (shapes `referral`, `after_conference`).
    public let stops: EventSet
    /// The first and last day of referrals that have a clock (shape `window`).
    private let firstReferral: CivilDate
    private let lastReferral: CivilDate
    /// The unit of clocks to which no edition applies.
    let unitWithoutEdition: TimeUnit
    /// The rule's editions among those of the rulebook.
    let firstEdition: Int
    let editionCount: Int

    /// Folds a rule, whose editions are kept from the given place on.
    init(_ rule: Rule, number: Int, firstEdition: Int) {
        self.number = number
        shape = rule.shape
        isOn = rule.isOn
        step = rule.step
        firstStartsAtReferral = rule.firstStartsAtReferral
        voidedByNFA = rule.voidedByNFA
        countsStartDay = rule.countsStartDay
        isStatistical = rule.isStatistical
        strictWithin = rule.strictWithin ?? Clock.absent
        stops = EventSet(rule.stops)
        firstReferral = rule.referralsFrom ?? CivilDate(daysSinceEpoch: .min)
        lastReferral = rule.referralsTo ?? CivilDate(daysSinceEpoch: .max)
        unitWithoutEdition = rule.unit(edition: -1)
        self.firstEdition = firstEdition
        editionCount = rule.editions.count
    }

    /// Whether referrals of a day have a clock (shape `window`).
    func takes(referralOf day: CivilDate) -> Bool { day >= firstReferral && day <= lastReferral }
}

/// An edition of a rule in plain numbers.
struct PlainEdition: Sendable, BitwiseCopyable {
    /// The first and the last day in force; the ends of time where the edition is open.
    let from: CivilDate
    let to: CivilDate
    /// The limits, each ``Clock/absent`` where the edition has none, with their units.
    let limit: Int32
    let limitUnit: TimeLimit.Unit
    let expected: Int32
    let expectedUnit: TimeLimit.Unit
    /// The unit in which clocks under the edition are counted.
    let unit: TimeUnit

    init(_ edition: Edition, unit: TimeUnit) {
        from = edition.from ?? CivilDate(daysSinceEpoch: .min)
        to = edition.to ?? CivilDate(daysSinceEpoch: .max)
        limit = edition.limit?.count ?? Clock.absent
        limitUnit = edition.limit?.unit ?? .days
        expected = edition.expected?.count ?? Clock.absent
        expectedUnit = edition.expected?.unit ?? .days
        self.unit = unit
    }

    /// Whether the edition is in force on a day; an unknown day (``CaseFile/never``) is inside one
    /// without dates only.
    @inline(__always)
    func isInForce(on day: CivilDate) -> Bool {
        day >= from && day <= to && (day != CaseFile.never || from.daysSinceEpoch == .min)
    }
}
