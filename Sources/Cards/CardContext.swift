public import CaseEvents
public import Clocks
import Rules
public import WorkingCalendar

/// What cards and exceptions are made with.
///
/// A class, because everything that visits children holds it.
public final class CardContext: Sendable {
    public let clocks: ClockContext
    public let places: Places
    /// For each ``EventKind``, whether some source of the run carries it.
    public let carries: [Bool]
    let evaluator: ClockEvaluator
    /// Whether a rule that times the first sight of a child is on, and takes the S47's place on the list.
    let hasChildSeenRule: Bool
    /// Whether a rule that times the allocation is on, and takes the place of `unallocated`.
    let hasAllocationRule: Bool

    public init(clocks: ClockContext, places: Places, carries: [Bool]) {
        self.clocks = clocks
        self.places = places
        self.carries = carries
        evaluator = ClockEvaluator(clocks)
        hasChildSeenRule = clocks.rulebook.rules.contains { $0.isOn && $0.shape == .childSeen }
        hasAllocationRule = clocks.rulebook.rules.contains {
            $0.isOn && $0.shape == .referral && $0.stops == [.caseAllocated]
        }
    }

    /// The number under which sums keep what belongs to the referral and not to a rule.
    var referralRule: Int { clocks.rulebook.rules.count }

    /// The name of a rule, or `referral` for what belongs to none.
    public func ruleName(_ rule: Int) -> String {
        rule < clocks.rulebook.rules.count ? clocks.rulebook.rules[rule].name : ExceptionRow.referralRule
    }

    /// Whether some source of the run carries an event.
    public func carries(_ kind: EventKind) -> Bool { carries[Int(kind.rawValue)] }

    /// The place of a referral's holder at the as-at date.
    func place(ofReferral referral: Int32, _ file: CaseFile) -> Int {
        let holder = file.holder(of: referral, on: file.asAt)
        return places.place(of: holder.team, on: file.asAt).number
    }

    /// The place of a row: its referral's, or, for a row without one, its own team's.
    func place(ofRow row: Int, _ file: CaseFile) -> Int {
        let referral = file.referralOfRow[row]
        if referral >= 0 && !file.referrals[Int(referral)].isNameless { return place(ofReferral: referral, file) }
        return places.place(of: file.rows[row].team, on: file.asAt).number
    }

    /// Whether a referral was decided, is open, is more than a few working days old and has nothing begun.
    func isNotStarted(_ place: Int32, _ file: CaseFile) -> Bool {
        let referral = file.referrals[Int(place)]
        guard referral.date <= file.asAt, referral.nfa > file.asAt, referral.closed > file.asAt,
            !referral.isNameless,
            referral.decided <= file.asAt,
            let age = clocks.calendar.elapsed(from: referral.date, to: file.asAt),
            age > clocks.rulebook.thresholds.notStartedAfter
        else { return false }
        // A rejected start has no day, and makes its step exist from the first.
        return !file.steps.contains {
            $0.referral == place && ($0.earliest <= file.asAt || $0.earliest == CaseFile.never)
        }
    }
}

extension CaseFile {
    /// The last day the child was seen, in whatever referral.
    public var lastSeen: CivilDate? {
        for place in sightings.reversed() where rows[Int(place)].day <= asAt { return rows[Int(place)].day }
        return nil
    }

    /// The first day on or after another on which the child was seen, or ``CaseFile/never``.
    func firstSeen(onOrAfter day: CivilDate) -> CivilDate {
        for place in sightings where rows[Int(place)].day >= day { return rows[Int(place)].day }
        return Self.never
    }

    /// Whether the child was seen on or after a day.
    func isSeen(onOrAfter day: CivilDate) -> Bool { lastSeen.map { $0 >= day } ?? false }

    /// Whether a referral has a `case_allocated`.
    func isAllocated(_ referral: Int32) -> Bool {
        referrals[Int(referral)].allocated <= asAt
    }

    /// The day of a referral; `nil` where only its steps are there.
    func referredOn(_ place: Int32) -> CivilDate? {
        let referral = referrals[Int(place)]
        return referral.isNameless || referral.date == Self.never ? nil : referral.date
    }

    /// The last strategy discussion held in a referral.
    func lastDiscussion(_ place: Int32) -> CivilDate? {
        var last: CivilDate?
        for row in rows(of: place) where row.kind == .strategyDiscussionHeld && row.day <= asAt { last = row.day }
        return last
    }

    /// The last management decision for a referral: its own, or one that came without a referral
    /// while it was open.
    func lastDecision(_ place: Int32) -> CivilDate? {
        for index in decisions.reversed() where rows[Int(index)].day <= asAt && isDecision(Int(index), for: place) {
            return rows[Int(index)].day
        }
        return nil
    }

    /// Whether a row is a management decision that counts for a referral.
    func isDecision(_ index: Int, for place: Int32) -> Bool {
        let row = rows[index]
        guard row.kind == .managementDecisionRecorded else { return false }
        if row.namesReferral { return referralOfRow[index] == place }
        let referral = referrals[Int(place)]
        // In the order of one day an NFA comes before a decision, and a closure after it.
        let isOpenThen = referral.date <= row.day && referral.closed >= row.day && referral.nfa > row.day
        return isOpenThen || (referral.isNameless && referralOfRow[index] == place)
    }

    /// Whether a management decision was recorded for a referral on or after a day.
    public func hasDecision(referral: Int32, onOrAfter day: CivilDate) -> Bool {
        lastDecision(referral).map { $0 >= day } ?? false
    }

    /// The last day on which anything happened in a referral: its rows, conferences booked for a day
    /// that has come, the child seen in whatever referral, and the decisions that count for it.
    func lastEvent(_ place: Int32) -> CivilDate? {
        var last: CivilDate?
        for (index, row) in rows.enumerated()
        where referralOfRow[index] == place || row.kind == .childSeen || isDecision(index, for: place) {
            last = row.day
        }
        for booking in bookings where booking.referral == place && booking.row.day <= asAt {
            last = max(last ?? booking.row.day, booking.row.day)
        }
        return last
    }

    /// Whether a step is completed, not returned since and not authorised.
    public func awaitsAuthorisation(step: Int) -> Bool {
        if steps[step].returned == Self.never { return steps[step].completed <= asAt && steps[step].authorised > asAt }
        var isWaiting = false
        for row in rows(ofStep: step) where row.day <= asAt {
            switch row.kind.verb {
            case .completed: isWaiting = true
            case .returned: isWaiting = false
            case .authorised: return false
            default: break
            }
        }
        return isWaiting
    }

    /// Whether a step was completed on a day.
    func isCompleted(step: Int, on day: CivilDate) -> Bool {
        if day <= steps[step].completed { return day == steps[step].completed && day != Self.never }
        return steps[step].isCompletedAgain
            && rows(ofStep: step).contains { $0.kind.verb == .completed && $0.day == day }
    }

    /// The row that authorised a step on a day.
    func authorisation(ofStep step: Int, on day: CivilDate) -> CaseRow? {
        if day <= steps[step].authorised {
            return day == steps[step].authorised ? rows[Int(steps[step].authorisation)] : nil
        }
        return rows(ofStep: step).first { $0.kind.verb == .authorised && $0.day == day }
    }
}
