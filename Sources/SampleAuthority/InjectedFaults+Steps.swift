extension CaseGenerator {
    /// Steps whose rows contradict each other, the referral or the day.
    mutating func injectIntoSteps(_ fault: InjectedFault, copy: Int, past: Int32) {
        let kind = firstKind(past)
        let second = secondKind(past)
        switch fault {
        case .endBeforeStart:
            // Left open: a closure would void the clock instead.
            let received = beforeEnd(45 + copy % 15)
            beginCase(on: received)
            let first = addFirst(received, days: 6)
            let step = nextStep()
            put(secondKind(received).authorised, after(first, 5), step: step)
            put(secondKind(received).started, after(first, 9), step: step)
            put(.childSeen, beforeEnd(5))
        case .stepBeforeReferral:
            beginCase(on: past)
            put(second.started, past - 4, step: stepCount + 1)
            let step = nextStep()
            put(.childSeen, after(past, 2))
            put(second.authorised, after(past, 12), step: step)
            endCase(after: max(addFirst(past, days: 6), after(past, 12)))
        case .severalSteps:
            beginCase(on: past)
            let first = addFirst(past, days: 6)
            let steps = [nextStep(), nextStep()]
            put(second.started, first, step: steps[0])
            put(second.started, after(first, 2), step: steps[0])
            put(second.started, after(first, 4), step: steps[1])
            for step in steps { put(second.authorised, after(first, 20), step: step) }
            endCase(after: after(first, 20))
        case .endWithoutStart:
            beginCase(on: past)
            let step = nextStep()
            put(.childSeen, after(past, 2))
            put(kind.completed, after(past, 5), step: step)
            put(kind.authorised, after(past, 6), step: step)
            endCase(after: after(past, 6))
        case .changedAfterAuthorisation:
            beginCase(on: past)
            let authorised = addFirst(past, days: 6)
            put(kind.returned, after(authorised, 2), step: stepCount)
            put(kind.authorised, after(authorised, 4), step: stepCount)
            endCase(after: after(authorised, 4))
        case .workAfterClosure:
            beginCase(on: past)
            let step = nextStep()
            put(kind.started, after(past, 1), step: step)
            put(.childSeen, after(past, 2))
            endCase(after: after(past, 2))
            put(kind.authorised, after(past, 8), step: step)
        case .openOnClosedCase:
            // A section 47 enquiry never ended, and an assessment past its limit, both closed in the last week.
            let received = beforeEnd(80)
            beginCase(on: received)
            let first = addFirst(received, days: 6)
            if copy % 2 == 0 {
                put(.strategyDiscussionHeld, after(first, 1))
                put(.s47Started, after(first, 1), step: nextStep())
                put(.childSeen, after(first, 2))
            } else {
                put(second.started, after(first, 1), step: nextStep())
                put(.childSeen, beforeEnd(20))
            }
            put(.caseClosed, beforeEnd(copy % 3), outcome: .caseClosed)
        case .conferenceOnClosedDay:
            beginCase(on: past)
            let step = nextStep()
            put(.s47Started, after(past, 1), step: step)
            put(.childSeen, after(past, 1))
            put(.s47Completed, after(past, 8), step: step)
            var conference = after(past, 9)
            while (conference + 3) % 7 != 5 { conference += 1 }
            put(.conferenceHeld, conference)
            endCase(after: conference)
        case .noRuleInForce:
            // A form of another year's process; nobody ever completes it.
            let received = beforeEnd(20 + copy % 9)
            beginCase(on: received)
            addFirst(received, days: 6)
            if received < Self.singleFrom {
                put(.assessmentStarted, after(received, 3), step: nextStep())
            } else {
                put(.initialAssessmentStarted, after(received, 2), step: nextStep())
                put(.coreAssessmentStarted, after(received, 8), step: nextStep())
            }
            put(.childSeen, beforeEnd(7))
        case .activityAfterNFA:
            let received = beforeEnd(15 + copy % 30)
            beginCase(on: received)
            records.removeLast()
            records[records.count - 1].event = .referralNFA
            records[records.count - 1].outcome = .none
            put(firstKind(received).started, after(received, 5), step: nextStep())
            put(.childSeen, after(received, 6))
        default:
            beginCase(on: past)
            let first = addFirst(past, days: 6)
            let step = nextStep()
            put(.strategyDiscussionHeld, after(first, 1))
            put(.s47Started, after(first, 1), step: step)
            put(.childSeen, after(first, 1))
            put(.s47Completed, after(first, 6), step: step)
            put(.conferenceNotRequired, after(first, 7), step: step)
            put(.conferenceHeld, after(first, 13), step: step)
            endCase(after: after(first, 14))
        }
    }

    /// Work that waits at the end of the span for the want of one thing.
    mutating func neglect(_ fault: InjectedFault, copy: Int, past: Int32) {
        let more = copy % 10
        switch fault {
        case .childNotSeen:
            let received = beforeEnd(14 + more)
            beginCase(on: received)
            put(firstKind(received).started, after(received, 1), step: nextStep())
            put(.strategyDiscussionHeld, beforeEnd(4))
            put(.s47Started, beforeEnd(4), step: nextStep())
        case .noOutcome:
            let received = beforeEnd(24 + more)
            beginCase(on: received)
            let first = addFirst(received, days: 6)
            let step = nextStep()
            put(.strategyDiscussionHeld, after(first, 1))
            put(.s47Started, after(first, 1), step: step)
            put(.childSeen, after(first, 1))
            put(.s47Completed, after(first, 8), step: step)
        case .unallocated:
            let received = beforeEnd(6 + more % 4)
            beginCase(on: received)
            records.removeLast()
            file.allocated = .max
            put(firstKind(received).started, after(received, 2), step: nextStep())
            put(.childSeen, after(received, 3))
        case .notStarted:
            beginCase(on: beforeEnd(7 + more))
        case .noOversight:
            let received = beforeEnd(62 + more)
            beginCase(on: received)
            let first = received < Self.singleFrom ? addFirst(received, days: 6) : received
            put(secondKind(received).started, after(first, 1), step: nextStep())
            put(.childSeen, beforeEnd(8))
        case .lateDecision:
            let household = addHousehold(size: 1, on: beforeEnd(4))
            openFile(on: beforeEnd(4))
            takeChild(households[household].firstChild)
            file.isReferralNamed = true
            put(.referralReceived, beforeEnd(4))
        case .quiet:
            let received = beforeEnd(36 + more)
            beginCase(on: received)
            addFirst(received, days: 6)
        case .conferenceNotBooked:
            let received = beforeEnd(13)
            beginCase(on: received)
            put(firstKind(received).started, after(received, 1), step: nextStep())
            put(.strategyDiscussionHeld, after(received, 1))
            put(.s47Started, after(received, 1), step: nextStep())
            put(.childSeen, after(received, 2))
        case .beyondLimit:
            let received = beforeEnd(66 + more)
            beginCase(on: received)
            let first = addFirst(received, days: 6)
            put(.managementDecisionRecorded, after(first, 8))
            for restructure in organisation.restructures where received < restructure {
                put(.teamChanged, restructure)
            }
            put(.childSeen, beforeEnd(9))
        default:
            addTransferIn(copy: copy, past: past)
        }
    }

    /// A family with a plan moves in; before 2011 this council did not record the conferences.
    private mutating func addTransferIn(copy: Int, past: Int32) {
        let isRecorded = lastDay > Organisation.merger + 20
        let received = isRecorded && copy % 3 != 0 ? past : beforeEnd(21 + copy % 10)
        beginCase(on: received)
        put(.transferInNotified, received)
        let first = addFirst(received, days: 6)
        guard isRecorded, received == past else { return }
        let conference = after(received, 10 + copy % 9)
        let plan = nextStep()
        put(.transferInConferenceHeld, conference)
        put(.planStarted, conference, step: plan)
        put(.coreGroupHeld, after(conference, 8))
        put(.reviewHeld, after(conference + 80, 1))
        put(.planEnded, after(conference + 80, 1), step: plan)
        endCase(after: max(first, after(conference + 80, 1)))
    }
}
