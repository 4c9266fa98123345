public import CaseEvents
import Rules
public import WorkingCalendar

/// How the conferences of a referral answer its S47s.
public struct ConferencePairing: Sendable {
    /// What became of one S47.
    public struct Answer: Sendable {
        public var stop = CaseFile.never
        public var void = CaseFile.never
        public var voidEvent = EventKind.icpcNotRequired
        /// Whether it was cancelled, for good.
        var isCancelled = false
        /// Whether some row with its step id lies before its start.
        public var hasEarlierEnd = false
        /// Whether both a conference and a "not required" are its.
        public var isContradictory = false
        /// Whether a conference or an `icpc_not_required` could be its, though its start is not known.
        public var isAnsweredWithoutStart = false
        /// Whether an `icpc_not_required` is its, effective or not.
        public var isNotRequired = false
    }

    /// The answers, by the step's place in the case file.
    public private(set) var answers: [Int: Answer] = [:]

    /// Goes through the child's rows in order.
    ///
    /// One conference stops every S47 of the referral that began on or before it and is running. An
    /// `icpc_not_required` voids the S47 of its step id, else the earliest that nothing stopped or
    /// voided before that day; a later conference with that S47's own step id stops it after all.
    public init(referral: Int32, _ file: CaseFile) {
        var places: [Int] = []
        for (place, step) in file.steps.enumerated() where step.kind == .s47 && step.referral == referral {
            places.append(place)
            answers[place] = Answer()
        }
        guard !places.isEmpty else { return }
        places.sort {
            (file.steps[$0].start, file.stepIdRank($0)) < (file.steps[$1].start, file.stepIdRank($1))
        }
        for (index, row) in file.rows.enumerated() {
            switch row.kind {
            case .icpcHeld where !row.namesReferral || file.referralOfRow[index] == referral:
                hold(row, places, file)
            case .icpcNotRequired where file.referralOfRow[index] == referral:
                notRequire(row, places, file)
            case .s47Cancelled where file.referralOfRow[index] == referral:
                cancel(row, Int(file.stepOfRow[index]), file)
            default: break
            }
        }
    }

    private mutating func hold(_ row: CaseRow, _ places: [Int], _ file: CaseFile) {
        for place in places {
            guard var answer = answers[place] else { continue }
            let step = file.steps[place]
            let isOwn = row.stepId != 0 && row.stepId == step.id
            if step.start == CaseFile.never {
                answer.isAnsweredWithoutStart = true
            } else if step.start > row.day {
                if isOwn { answer.hasEarlierEnd = true }
            } else if answer.stop == CaseFile.never {
                if answer.void == CaseFile.never {
                    answer.stop = row.day
                } else if isOwn && !answer.isCancelled {
                    answer.void = CaseFile.never
                    answer.stop = row.day
                }
            }
            answer.isContradictory = answer.isContradictory || (answer.stop != CaseFile.never && answer.isNotRequired)
            answers[place] = answer
        }
    }

    private mutating func notRequire(_ row: CaseRow, _ places: [Int], _ file: CaseFile) {
        for place in places
        where file.steps[place].start == CaseFile.never && (row.stepId == 0 || row.stepId == file.steps[place].id) {
            answers[place]?.isAnsweredWithoutStart = true
        }
        let own = row.stepId == 0 ? nil : places.first { file.steps[$0].id == row.stepId }
        let target =
            own
            ?? places.first { place in
                guard let answer = answers[place] else { return false }
                return file.steps[place].start <= row.day && answer.stop >= row.day && answer.void >= row.day
            }
        guard let target, var answer = answers[target] else { return }
        if file.steps[target].start > row.day {
            answer.hasEarlierEnd = true
        } else {
            answer.isNotRequired = true
            if answer.stop != CaseFile.never {
                answer.isContradictory = true
            } else if answer.void == CaseFile.never {
                answer.void = row.day
                answer.voidEvent = .icpcNotRequired
            }
        }
        answers[target] = answer
    }

    private mutating func cancel(_ row: CaseRow, _ place: Int, _ file: CaseFile) {
        guard var answer = answers[place] else { return }
        if file.steps[place].start > row.day {
            answer.hasEarlierEnd = true
        } else if answer.stop == CaseFile.never {
            // For good: a conference with its step id no longer stops it.
            answer.isCancelled = true
            if answer.void == CaseFile.never {
                answer.void = row.day
                answer.voidEvent = .s47Cancelled
            }
        }
        answers[place] = answer
    }
}

/// Clocks that start with an S47.
extension ClockEvaluator {
    /// From the start of the S47 to its conference.
    mutating func conferenceClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (referralPlace, referral) in file.referrals.enumerated() {
            let pairing = ConferencePairing(referral: Int32(referralPlace), file)
            for (place, step) in file.steps.enumerated() {
                guard let answer = pairing.answers[place] else { continue }
                var clock = Clock(rule: index, referral: step.referral, start: step.start)
                clock.step = Int32(place)
                clock.stepId = step.id
                var ends = Ends()
                ends.stop = answer.stop
                ends.void = answer.void
                ends.voidEvent = answer.voidEvent
                ends.hasEarlierEnd = answer.hasEarlierEnd
                ends.closure = file.closure(of: referral, onOrAfter: step.start)
                settle(clock, rule, file, ends, stepStart: step.start)
            }
        }
    }

    /// From the start of the S47 to the first day the child was seen, in whatever referral.
    mutating func childSeenClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, step) in file.steps.enumerated() where step.kind == .s47 {
            var clock = Clock(rule: index, referral: step.referral, start: step.start)
            clock.step = Int32(place)
            clock.stepId = step.id
            var ends = Ends()
            ends.stop = file.rows.first { $0.kind == .childSeen && $0.day >= step.start }?.day ?? CaseFile.never
            ends.void = file.cancellation(ofStep: place, from: step.start)
            ends.voidEvent = .s47Cancelled
            ends.closure = file.closure(of: file.referrals[Int(step.referral)], onOrAfter: step.start)
            settle(clock, rule, file, ends, stepStart: step.start)
        }
    }

    /// From the notification of a move into the area to the transfer-in conference.
    mutating func transferInClocks(_ rule: Rule, _ index: Int, _ file: CaseFile) {
        for (place, row) in file.rows.enumerated() where row.kind == .transferInNotified {
            let referral = file.referralOfRow[place]
            var clock = Clock(rule: index, referral: referral, start: row.day)
            clock.stepId = row.stepId
            var ends = Ends()
            for (otherPlace, other) in file.rows.enumerated() where other.kind == .transferInConferenceHeld {
                guard !other.namesReferral || file.referralOfRow[otherPlace] == referral else { continue }
                if other.day >= row.day {
                    ends.stop = min(ends.stop, other.day)
                } else if row.stepId != 0 && other.stepId == row.stepId {
                    ends.hasEarlierEnd = true
                }
            }
            ends.closure = file.closure(of: file.referrals[Int(referral)], onOrAfter: row.day)
            settle(clock, rule, file, ends, stepStart: CaseFile.never)
        }
    }
}
