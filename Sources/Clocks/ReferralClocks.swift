import CaseEvents
import Rules
import WorkingCalendar

/// Clocks that run once for a referral, from the day it was received.
extension ClockEvaluator {
    /// From the referral to the first of the rule's stops in it.
    mutating func referralClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, referral) in file.referrals.enumerated() where referral.received != CaseFile.never {
            let clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            var ends = Ends()
            for row in file.rows(of: referral) where rule.stops.contains(row.kind) {
                ends.note(stop: row.day, start: referral.received)
            }
            if rule.voidedByNFA { ends.nfa = referral.nfa }
            ends.closure = file.closure(of: referral, onOrAfter: referral.received)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }

    /// From the referral to its closure, or to the first change of its holder out of short-term work.
    mutating func shortTermWorkClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, referral) in file.referrals.enumerated() where referral.received != CaseFile.never {
            var ends = Ends()
            let isMarked = context.shortTerm.isMarked
            if isMarked {
                guard noteShortTermWork(Int32(place), file, &ends) else { continue }
            }
            for row in file.rows(of: referral)
            where row.kind == .caseClosed || (!isMarked && row.kind == .caseTransferred) {
                ends.note(stop: row.day, start: referral.received)
            }
            ends.nfa = referral.nfa
            let clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }

    /// Notes each day on which the referral passed from a marked unit to one without a mark.
    ///
    /// - Returns: Whether a marked unit ever held the referral.
    private func noteShortTermWork(_ place: Int32, _ file: CaseFile, _ ends: inout Ends) -> Bool {
        let referral = file.referrals[Int(place)]
        // The holder can only change on a day with a row.
        var days = file.rows(of: referral).map(\.day)
        for booking in file.bookings where booking.referral == place && booking.row.day <= file.asAt {
            days.append(booking.row.day)
        }
        days.sort()
        var isShortTerm = false
        var holder: UInt32 = 0
        for (index, day) in days.enumerated() where index == 0 || days[index - 1] != day {
            let newHolder = file.holder(of: place, on: day, names: context.names).team
            let left =
                holder != 0 && newHolder != holder
                && context.shortTerm.isShortTerm(holder, on: day.adding(days: -1))
                && !context.shortTerm.isShortTerm(newHolder, on: day)
            if left { ends.note(stop: day, start: referral.received) }
            holder = newHolder
            let next = days[(index + 1)...].first { $0 > day }
            let last = next?.adding(days: -1) ?? file.asAt
            isShortTerm = isShortTerm || (holder != 0 && context.shortTerm.isShortTerm(holder, from: day, to: last))
        }
        return isShortTerm
    }

    /// Before every date of an export.
    private static let longAgo = CivilDate(daysSinceEpoch: .min)

    /// From the referral to the latest end of all its initial assessments and S47s.
    mutating func windowClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, referral) in file.referrals.enumerated() where referral.received != CaseFile.never {
            if let from = rule.referralsFrom, referral.received < from { continue }
            if let to = rule.referralsTo, referral.received > to { continue }
            var hasSteps = false
            var isRunning = false
            var latestEnd: CivilDate?
            var latestCancellation = CaseFile.never
            var cancelling = EventKind.s47Cancelled
            for (stepPlace, step) in file.steps.enumerated()
            where step.referral == Int32(place) && (step.kind == .initialAssessment || step.kind == .s47) {
                hasSteps = true
                let end = file.end(ofStep: stepPlace, from: Self.longAgo)
                if step.cancelled != CaseFile.never && end > step.cancelled {
                    if latestCancellation == CaseFile.never || step.cancelled > latestCancellation {
                        latestCancellation = step.cancelled
                        cancelling = step.kind == .s47 ? .s47Cancelled : .initialAssessmentCancelled
                    }
                    continue
                }
                if end == CaseFile.never { isRunning = true } else { latestEnd = max(latestEnd ?? end, end) }
            }
            guard hasSteps else { continue }
            var ends = Ends()
            if !isRunning, let latestEnd {
                ends.note(stop: latestEnd, start: referral.received)
            } else if !isRunning {
                ends.void = latestCancellation
                ends.voidEvent = cancelling
            }
            ends.nfa = referral.nfa
            ends.closure = file.closure(of: referral, onOrAfter: referral.received)
            let clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }
}
