public import CaseEvents
public import WorkingCalendar

/// The unit in which a clock's time is counted.
public enum TimeUnit: String, CaseIterable, Sendable, BitwiseCopyable {
    /// Working days of the rulebook's calendar.
    case workingDays = "wd"
    /// Calendar days.
    case days
}

/// A length of time as a rulebook states it.
public struct TimeLimit: Hashable, Codable, Sendable {
    /// The units a rulebook may use; weeks and months become calendar days from the clock's own start.
    public enum Unit: String, CaseIterable, Codable, Sendable, BitwiseCopyable {
        case workingDays = "wd"
        case days, weeks, months
    }

    /// The number of units; at least 0.
    public var count: Int32
    public var unit: Unit

    public init(_ count: Int32, _ unit: Unit) {
        self.count = count
        self.unit = unit
    }
}

/// What a limit rests on.
public enum Basis: String, CaseIterable, Codable, Sendable {
    case statutory, local
    /// For comparison with published figures; never an exception.
    case statistical
}

/// Whether the source of a limit has been read.
public enum Confidence: String, CaseIterable, Codable, Sendable {
    case verified, unverified
}

/// A limit and the dates between which it is in force.
public struct Edition: Hashable, Codable, Sendable {
    /// The short name printed in the column `edition`, such as `WT2010`.
    public var name: String
    /// The first day of the edition; `nil` for all time before.
    public var from: CivilDate?
    /// The last day of the edition; `nil` while it is in force.
    public var to: CivilDate?
    /// The limit; `nil` where time is counted and not judged.
    public var limit: TimeLimit?
    /// The inner limit of a two-limit rule, in the unit of ``limit``.
    public var expected: TimeLimit?
    public var basis: Basis
    public var source: String
    public var confidence: Confidence
    /// What is not verified, where something is.
    public var note: String?

    public init(
        name: String, from: CivilDate? = nil, to: CivilDate? = nil, limit: TimeLimit?, expected: TimeLimit? = nil,
        basis: Basis, source: String, confidence: Confidence, note: String? = nil
    ) {
        self.name = name
        self.from = from
        self.to = to
        self.limit = limit
        self.expected = expected
        self.basis = basis
        self.source = source
        self.confidence = confidence
        self.note = note
    }

    /// Whether the edition is in force on `date`.
    public func isInForce(on date: CivilDate) -> Bool {
        if let from, date < from { return false }
        if let to, date > to { return false }
        return true
    }
}

/// How the clocks of a rule are found among a child's events.
///
/// The engine has one evaluator for each shape; everything else about a rule is data.
public enum ClockShape: String, CaseIterable, Codable, Sendable, BitwiseCopyable {
    /// From the referral to the first of the rule's stops in that referral.
    case referral
    /// From the referral (first assessment) or the step's own start to its authorisation.
    case assessment
    /// From the last completion of an assessment to its authorisation.
    case authorisation
    /// From the start of an S47 to its initial child protection conference.
    case conference
    /// From the start of an S47 to the day the child was first seen.
    case childSeen = "child_seen"
    /// From a conference that made a plan to the first of the rule's stops.
    case afterConference = "after_conference"
    /// From a review conference to the next one while the plan runs.
    case laterReview = "later_review"
    /// From the notification of a move into the area to the transfer-in conference.
    case transferIn = "transfer_in"
    /// From the referral to the end of all its initial assessments and S47s.
    case window
    /// From the referral until short-term work has ended.
    case shortTermWork = "short_term_work"
}

/// One rule of a rulebook: which clock, within which limit, resting on what.
public struct Rule: Hashable, Codable, Sendable {
    /// The name in every output, such as `core_assessment`.
    public var name: String
    /// The words managers use.
    public var title: String
    public var shape: ClockShape
    /// Whether clocks of the rule are made at all.
    public var isOn: Bool
    /// The kind of step (shape `assessment`).
    public var step: StepKind?
    /// Whether the first step of a referral starts at the referral (shape `assessment`).
    public var firstStartsAtReferral: Bool
    /// How many working days before the recorded start the strict basis may look; `nil` for no strict basis.
    public var strictWithin: Int32?
    /// The events that stop the clock (shapes `referral`, `afterConference`).
    public var stops: [EventKind]
    /// Whether `referral_nfa` voids the clock (shape `referral`).
    public var voidedByNFA: Bool
    /// Referrals outside these dates have no clock (shape `window`).
    public var referralsFrom: CivilDate?
    public var referralsTo: CivilDate?
    /// Whether the start counts as day 1, for reconciling with tools that do so.
    public var countsStartDay: Bool
    /// The rank of the exception `overdue` (or `beyond_limit`), 1 the gravest.
    public var risk: Int
    /// After how many working days without the child seen the clock is an exception; `nil` for never.
    public var childNotSeenAfter: Int32?
    /// The limits, in order of their dates; at least one.
    public var editions: [Edition]

    public init(
        name: String, title: String, shape: ClockShape, isOn: Bool = true, step: StepKind? = nil,
        firstStartsAtReferral: Bool = false, strictWithin: Int32? = nil, stops: [EventKind] = [],
        voidedByNFA: Bool = false, referralsFrom: CivilDate? = nil, referralsTo: CivilDate? = nil,
        countsStartDay: Bool = false, risk: Int, childNotSeenAfter: Int32? = nil, editions: [Edition]
    ) {
        self.name = name
        self.title = title
        self.shape = shape
        self.isOn = isOn
        self.step = step
        self.firstStartsAtReferral = firstStartsAtReferral
        self.strictWithin = strictWithin
        self.stops = stops
        self.voidedByNFA = voidedByNFA
        self.referralsFrom = referralsFrom
        self.referralsTo = referralsTo
        self.countsStartDay = countsStartDay
        self.risk = risk
        self.childNotSeenAfter = childNotSeenAfter
        self.editions = editions
    }

    /// Whether every edition is statistical, so that no clock of the rule is ever an exception.
    public var isStatistical: Bool { editions.allSatisfy { $0.basis == .statistical } }
}

extension Rule {
    /// The day by which work that starts on a day is due, were that its clock's start.
    ///
    /// - Returns: `nil` where the calendar does not reach so far.
    public func due(_ limit: TimeLimit, from date: CivilDate, in calendar: WorkingCalendar) -> CivilDate? {
        let start = countsStartDay ? date.adding(days: -1) : date
        return switch limit.unit {
        case .workingDays: calendar.due(from: start, workingDays: limit.count)
        case .days: start.adding(days: limit.count)
        case .weeks: start.adding(days: limit.count * 7)
        // A month's limit is the distance to the clamped day, as the clocks count it.
        case .months: start.adding(days: date.adding(months: limit.count).daysSinceEpoch - date.daysSinceEpoch)
        }
    }
}
