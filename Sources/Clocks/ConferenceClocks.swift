import CaseEvents
import WorkingCalendar

/// Clocks that start with an S47.
extension ClockEvaluator {
    /// From the start of the S47 to its conference.
    mutating func conferenceClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        guard file.steps.contains(where: { $0.kind == .s47 }) else { return }
        pairing.pair(file)
        for place in file.steps.indices where file.steps[place].kind == .s47 {
            let step = file.steps[place]
            let answer = pairing.answers[place]
            var clock = Clock(rule: index, referral: step.referral, start: step.start)
            clock.step = Int32(place)
            clock.stepId = step.id
            var ends = Ends()
            ends.stop = answer.stop
            ends.void = answer.void
            ends.voidEvent = answer.voidEvent
            ends.hasEarlierEnd = answer.hasEarlierEnd
            ends.closure = file.closure(of: step.referral, onOrAfter: step.start)
            settle(clock, rule, file, ends, stepStart: step.start)
        }
    }

    /// From the start of the S47 to the first day the child was seen, in whatever referral.
    mutating func childSeenClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.steps.indices where file.steps[place].kind == .s47 {
            let step = file.steps[place]
            var clock = Clock(rule: index, referral: step.referral, start: step.start)
            clock.step = Int32(place)
            clock.stepId = step.id
            var ends = Ends()
            ends.stop = file.rows.first { $0.kind == .childSeen && $0.day >= step.start }?.day ?? CaseFile.never
            ends.void = file.cancellation(ofStep: place, from: step.start)
            ends.voidEvent = .s47Cancelled
            ends.closure = file.closure(of: step.referral, onOrAfter: step.start)
            settle(clock, rule, file, ends, stepStart: step.start)
        }
    }

    /// From the notification of a move into the area to the transfer-in conference.
    mutating func transferInClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.rows.indices where file.rows[place].kind == .transferInNotified {
            let row = file.rows[place]
            let referral = file.referralOfRow[place]
            var clock = Clock(rule: index, referral: referral, start: row.day)
            clock.stepId = row.stepId
            var ends = Ends()
            for otherPlace in file.rows.indices where file.rows[otherPlace].kind == .transferInConferenceHeld {
                let other = file.rows[otherPlace]
                guard !other.namesReferral || file.referralOfRow[otherPlace] == referral else { continue }
                if other.day >= row.day {
                    ends.stop = min(ends.stop, other.day)
                } else if row.stepId != 0 && other.stepId == row.stepId {
                    ends.hasEarlierEnd = true
                }
            }
            ends.closure = file.closure(of: referral, onOrAfter: row.day)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }
}
