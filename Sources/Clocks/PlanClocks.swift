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
    mutating func afterConferenceClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.rows.indices
        where file.rows[place].kind == .icpcHeld || file.rows[place].kind == .transferInConferenceHeld {
            let held = file.rows[place].day
            let last = held.adding(days: Self.planWithin)
            let plan = file.rows.first { $0.kind == .cpPlanStarted && $0.day >= held && $0.day <= last }
            guard let plan else { continue }
            planClock(rule, index, file, place, toldOn: plan.day) { other in
                rule.stops.contains(other.kind) && (other.kind == .cpReviewHeld ? other.day > held : other.day >= held)
            }
        }
    }

    /// From a review conference to the next one, where a plan was running on its day.
    mutating func laterReviewClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.rows.indices where file.rows[place].kind == .cpReviewHeld {
            let held = file.rows[place].day
            guard file.plans.contains(where: { $0.start <= held && $0.end >= held }) else { continue }
            planClock(rule, index, file, place, toldOn: held) { $0.kind == .cpReviewHeld && $0.day > held }
        }
    }

    private mutating func planClock(
        _ rule: PlainRule, _ index: Int, _ file: CaseFile, _ place: Int, toldOn: CivilDate,
        isStop: (CaseRow) -> Bool
    ) {
        let row = file.rows[place]
        let referral = file.referralOfRow[place]
        var clock = Clock(rule: index, referral: referral, start: row.day)
        clock.stepId = row.stepId
        clock.toldOn = toldOn
        var ends = Ends()
        ends.voidEvent = .cpPlanEnded
        for otherPlace in file.rows.indices where file.rows[otherPlace].day >= row.day {
            let other = file.rows[otherPlace]
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
