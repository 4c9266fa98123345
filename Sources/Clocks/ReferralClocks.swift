import CaseEvents
import Rules
import WorkingCalendar

/// Clocks that run once for a referral, from the day it was received.
extension ClockEvaluator {
    /// From the referral to the first of the rule's stops in it.
    mutating func referralClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.referrals.indices where file.referrals[place].received != CaseFile.never {
            let referral = file.referrals[place]
            let clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            var ends = Ends()
            for row in file.rows(of: Int32(place)) where rule.stops.contains(row.kind) {
                ends.note(stop: row.day, start: referral.received)
            }
            if rule.voidedByNFA { ends.nfa = referral.nfa }
            ends.closure = file.closure(of: Int32(place), onOrAfter: referral.received)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }

    /// From the referral to its closure, or to the first change of its holder out of short-term work.
    mutating func shortTermWorkClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.referrals.indices where file.referrals[place].received != CaseFile.never {
            let referral = file.referrals[place]
            var clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            var ends = Ends()
            let isMarked = context.shortTerm.isMarked
            if isMarked {
                guard let first = noteShortTermWork(Int32(place), file, &ends) else { continue }
                clock.toldOn = first
            }
            for row in file.rows(of: Int32(place))
            where row.kind == .caseClosed || (!isMarked && row.kind == .caseTransferred) {
                ends.note(stop: row.day, start: referral.received)
            }
            ends.nfa = referral.nfa
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }

    /// Notes each day on which the referral passed from a marked unit to one without a mark.
    ///
    /// - Returns: The first day on which a marked unit held the referral; `nil` where none ever did.
    private func noteShortTermWork(_ place: Int32, _ file: CaseFile, _ ends: inout Ends) -> CivilDate? {
        var firstDay: CivilDate?
        var holder: UInt32 = 0
        for span in 0..<file.holderCount(of: place) {
            let (new, day, next) = file.holder(of: place, span: span)
            let newHolder = new.team
            let left =
                holder != 0 && newHolder != holder
                && context.shortTerm.isShortTerm(holder, on: day.adding(days: -1))
                && !context.shortTerm.isShortTerm(newHolder, on: day)
            if left { ends.note(stop: day, start: file.referrals[Int(place)].received) }
            holder = newHolder
            if firstDay == nil && holder != 0 {
                let last = next == CaseFile.never ? file.asAt : next.adding(days: -1)
                firstDay = context.shortTerm.firstDay(holder, from: day, to: last)
            }
        }
        return firstDay
    }

    /// Before every date of an export.
    private static let longAgo = CivilDate(daysSinceEpoch: .min)

    /// From the referral to the latest end of all its initial assessments and S47s.
    mutating func windowClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.referrals.indices where file.referrals[place].received != CaseFile.never {
            let referral = file.referrals[place]
            guard rule.takes(referralOf: referral.received) else { continue }
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
            ends.closure = file.closure(of: Int32(place), onOrAfter: referral.received)
            let clock = Clock(rule: index, referral: Int32(place), start: referral.received)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }
}
