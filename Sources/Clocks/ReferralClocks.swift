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
                if row.day >= referral.received {
                    ends.stop = min(ends.stop, row.day)
                } else {
                    ends.hasEarlierEnd = true
                }
            }
            if rule.voidedByNFA { ends.nfa = referral.nfa }
            ends.closure = file.closure(of: referral, onOrAfter: referral.received)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }

    /// From the referral to its closure, or to the first change of its holder out of short-term work.
    mutating func shortTermWorkClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, referral) in file.referrals.enumerated() where referral.received != CaseFile.never {
            let change = leavesShortTermWork(Int32(place), file)
            guard change.isShortTerm else { continue }
            let clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            var ends = Ends()
            ends.stop = change.left
            for row in file.rows(of: referral)
            where row.kind == .caseClosed || (!context.shortTerm.isMarked && row.kind == .caseTransferred) {
                if row.day >= referral.received {
                    ends.stop = min(ends.stop, row.day)
                } else {
                    ends.hasEarlierEnd = true
                }
            }
            ends.nfa = referral.nfa
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }

    /// Whether a marked unit ever held the referral, and the first day it passed from one to a unit without a mark.
    private func leavesShortTermWork(_ place: Int32, _ file: CaseFile) -> (isShortTerm: Bool, left: CivilDate) {
        guard context.shortTerm.isMarked else { return (true, CaseFile.never) }
        let referral = file.referrals[Int(place)]
        var isShortTerm = false
        var day = referral.received
        var holder = file.holder(of: place, on: day, names: context.names).team
        while true {
            // The holder can only change on a day with a row.
            let next = file.rows(of: referral).first { $0.day > day }?.day
            let last = next?.adding(days: -1) ?? file.asAt
            isShortTerm = isShortTerm || context.shortTerm.isShortTerm(holder, from: day, to: last)
            guard let next else { return (isShortTerm, CaseFile.never) }
            let newHolder = file.holder(of: place, on: next, names: context.names).team
            if newHolder != holder && newHolder != 0 && context.shortTerm.isShortTerm(holder, on: last)
                && !context.shortTerm.isShortTerm(newHolder, on: next)
            {
                return (true, next)
            }
            holder = newHolder
            day = next
        }
    }

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
                if step.cancelled != CaseFile.never && file.end(ofStep: stepPlace, from: referral.received) > step.cancelled {
                    if latestCancellation == CaseFile.never || step.cancelled > latestCancellation {
                        latestCancellation = step.cancelled
                        cancelling = step.kind == .s47 ? .s47Cancelled : .initialAssessmentCancelled
                    }
                    continue
                }
                let end = file.end(ofStep: stepPlace, from: referral.received)
                if end == CaseFile.never { isRunning = true } else { latestEnd = max(latestEnd ?? end, end) }
            }
            guard hasSteps else { continue }
            var ends = Ends()
            if !isRunning, let latestEnd {
                ends.stop = latestEnd
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
