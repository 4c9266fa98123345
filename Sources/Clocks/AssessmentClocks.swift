import CaseEvents
import Rules
import WorkingCalendar

/// Clocks of assessments: until they are authorised, and from completion to authorisation.
extension ClockEvaluator {
    /// From the referral, for its first assessment of the kind, or the step's own start.
    mutating func assessmentClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        guard let kind = rule.step else { return }
        for place in file.steps.indices where file.steps[place].kind == kind {
            let step = file.steps[place]
            let referral = file.referrals[Int(step.referral)]
            let isFirst = rule.firstStartsAtReferral && file.isFirst(place)
            var clock = Clock(rule: index, referral: step.referral, start: isFirst ? referral.received : step.start)
            clock.step = Int32(place)
            clock.stepId = step.id
            clock.toldOn = step.earliest
            if isFirst && referral.received == CaseFile.never {
                addUnmeasurable(clock, .missingReferral, rule, file)
                continue
            }
            var ends = Ends()
            ends.stop = file.end(ofStep: place, from: clock.start)
            ends.void = file.cancellation(ofStep: place, from: clock.start)
            ends.voidEvent = file.cancelled(kind)
            ends.hasEarlierEnd = file.hasEnd(ofStep: place, before: clock.start)
            ends.nfa = referral.nfa
            let begun = step.start == CaseFile.never ? clock.start : step.start
            ends.closure = file.closure(of: step.referral, onOrAfter: begun)
            settle(clock, rule, file, ends, stepStart: step.start)
        }
    }

    /// From the last completion before the authorisation, or as at the day, to the authorisation.
    mutating func authorisationClocks(_ rule: PlainRule, _ index: Int, _ file: CaseFile) {
        for place in file.steps.indices where file.steps[place].kind.isAssessment {
            let step = file.steps[place]
            // Without a completion there is nothing to sign off, nor after an authorisation that came before it.
            guard step.completed != CaseFile.never, step.authorised >= step.completed else { continue }
            var ends = Ends()
            let completed = noteSignOff(place, file, &ends)
            var clock = Clock(rule: index, referral: step.referral, start: completed)
            clock.step = Int32(place)
            clock.stepId = step.id
            let referral = file.referrals[Int(step.referral)]
            ends.nfa = referral.nfa
            let begun = step.start == CaseFile.never ? completed : step.start
            ends.closure = file.closure(of: step.referral, onOrAfter: begun)
            settle(clock, rule, file, ends, stepStart: step.start)
        }
    }
}

extension ClockEvaluator {
    /// Notes what signed off a completed step, or took it back.
    ///
    /// - Returns: The last completion before that.
    private func noteSignOff(_ place: Int, _ file: CaseFile, _ ends: inout Ends) -> CivilDate {
        let step = file.steps[place]
        if !step.isCompletedAgain && min(step.returned, step.cancelled) == CaseFile.never {
            ends.stop = step.authorised
            return step.completed
        }
        var completed = CaseFile.never
        for row in file.rows(ofStep: place) where ends.stop == CaseFile.never {
            switch row.kind.verb {
            case .completed:
                completed = row.day
                ends.void = CaseFile.never
            case .returned where completed != CaseFile.never && ends.void == CaseFile.never,
                .cancelled where completed != CaseFile.never && ends.void == CaseFile.never:
                ends.void = row.day
                ends.voidEvent = row.kind
            case .authorised: ends.stop = row.day
            default: break
            }
        }
        return completed
    }
}

extension CaseFile {
    /// Whether a step is the first of its kind in its referral: the earliest start (or, without one,
    /// earliest row) of those not cancelled, ties by step id.
    func isFirst(_ place: Int) -> Bool {
        let step = steps[place]
        guard step.cancelled == Self.never else { return false }
        let day = step.start == Self.never ? step.earliest : step.start
        for other in steps.indices where other != place && steps[other].kind == step.kind {
            let rival = steps[other]
            guard rival.referral == step.referral, rival.cancelled == Self.never else { continue }
            let rivalDay = rival.start == Self.never ? rival.earliest : rival.start
            // Steps without an id that began on one day are told apart by the order of their rows.
            let isEarlierByName = (stepIdRank(other), other) < (stepIdRank(place), place)
            if rivalDay < day || (rivalDay == day && isEarlierByName) { return false }
        }
        return true
    }

    /// The first `cancelled` of a step on or after a day, or ``never``.
    func cancellation(ofStep place: Int, from start: CivilDate) -> CivilDate {
        let first = steps[place].cancelled
        if first >= start { return first }
        for row in rows(ofStep: place) where row.kind.verb == .cancelled && row.day >= start { return row.day }
        return Self.never
    }

    /// The event that cancels a step of the kind.
    func cancelled(_ kind: StepKind) -> EventKind {
        switch kind {
        case .initialAssessment: .initialAssessmentCancelled
        case .coreAssessment: .coreAssessmentCancelled
        case .assessment: .assessmentCancelled
        case .s47: .s47Cancelled
        }
    }

    /// Whether a row that ends or voids the step's clocks lies before a day.
    func hasEnd(ofStep place: Int, before start: CivilDate) -> Bool {
        let step = steps[place]
        if step.cancelled < start { return true }
        guard endsAtCompletion(step.kind) else { return step.authorised < start }
        // A completion that was returned has ended nothing.
        return end(ofStep: place, from: CivilDate(daysSinceEpoch: .min)) < start
    }
}
