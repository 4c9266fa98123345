import CaseEvents
import Rules
import WorkingCalendar

/// Clocks that run while a child protection plan does.
extension ClockEvaluator {
    /// How many calendar days after a conference its plan may be recorded as started.
    private static let planWithin: Int32 = 15

    /// From a conference that made a plan to the first of the rule's stops.
    ///
    /// A review on the conference's own day is not its first review; a core group may be the same day.
    mutating func afterConferenceClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, row) in file.rows.enumerated()
        where row.kind == .icpcHeld || row.kind == .transferInConferenceHeld {
            let last = row.day.adding(days: Self.planWithin)
            let hasPlan = file.rows.contains { $0.kind == .cpPlanStarted && $0.day >= row.day && $0.day <= last }
            guard hasPlan else { continue }
            planClock(rule, index, file, place) { other in
                rule.stops.contains(other.kind)
                    && (other.kind == .cpReviewHeld ? other.day > row.day : other.day >= row.day)
            }
        }
    }

    /// From a review conference to the next one, where a plan was running on its day.
    mutating func laterReviewClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, row) in file.rows.enumerated() where row.kind == .cpReviewHeld {
            guard file.plans.contains(where: { $0.start <= row.day && $0.end >= row.day }) else { continue }
            planClock(rule, index, file, place) { $0.kind == .cpReviewHeld && $0.day > row.day }
        }
    }

    private mutating func planClock(
        _ rule: Rule, _ index: Int, _ file: CaseFile, _ place: Int, isStop: (CaseRow) -> Bool
    ) {
        let row = file.rows[place]
        let referral = file.referralOfRow[place]
        var clock = Clock(rule: index, referral: referral, start: row.day)
        clock.stepId = row.stepId
        var ends = Ends()
        ends.voidEvent = .cpPlanEnded
        for (otherPlace, other) in file.rows.enumerated() where other.day >= row.day {
            if other.kind == .cpPlanEnded {
                ends.void = min(ends.void, other.day)
            } else if isStop(other), !other.namesReferral || file.referralOfRow[otherPlace] == referral {
                ends.stop = min(ends.stop, other.day)
            }
        }
        ends.closure = file.lastClosure(onOrAfter: row.day)
        settle(clock, rule, file, ends, stepStart: CaseFile.never)
    }
}

extension CaseFile {
    /// The first closure on or after a day that left the child without an open referral, or ``never``.
    func lastClosure(onOrAfter day: CivilDate) -> CivilDate {
        for row in rows where row.kind == .caseClosed && row.day >= day {
            let isOpen = referrals.contains {
                !$0.isNameless && $0.date <= row.day && $0.closed > row.day && $0.nfa > row.day
            }
            if !isOpen { return row.day }
        }
        return Self.never
    }
}
