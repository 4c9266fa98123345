public import CaseEvents
public import WorkingCalendar

/// How the conferences of a child answer its S47s, each within its referral.
public struct ConferencePairing: Sendable {
    /// What became of one S47.
    public struct Answer: Sendable, BitwiseCopyable {
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

    /// The answers, one for each step of the case file; those of assessments say nothing.
    public private(set) var answers: ContiguousArray<Answer> = []
    /// The places of the S47s, by start and then by step id.
    private var places: ContiguousArray<Int> = []

    init() {}

    /// Pairs the conferences and S47s of a case file.
    public init(_ file: CaseFile) { pair(file) }

    /// Goes through the child's rows in order.
    ///
    /// One conference stops every S47 of the referral that began on or before it and is running. An
    /// `icpc_not_required` voids the S47 of its step id, else the earliest that nothing stopped or
    /// voided before that day; a later conference with that S47's own step id stops it after all.
    mutating func pair(_ file: CaseFile) {
        answers.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        for place in file.steps.indices {
            answers.append(Answer())
            if file.steps[place].kind == .s47 { places.append(place) }
        }
        guard !places.isEmpty else { return }
        if places.count > 1 {
            places.sort {
                (file.steps[$0].start, file.stepIdRank($0)) < (file.steps[$1].start, file.stepIdRank($1))
            }
        }
        for index in file.rows.indices {
            switch file.rows[index].kind {
            case .icpcHeld: hold(file.rows[index], file.referralOfRow[index], file)
            case .icpcNotRequired: notRequire(file.rows[index], file.referralOfRow[index], file)
            case .s47Cancelled: cancel(file.rows[index], Int(file.stepOfRow[index]), file)
            default: break
            }
        }
    }

    private mutating func hold(_ row: CaseRow, _ referral: Int32, _ file: CaseFile) {
        for place in places where !row.namesReferral || file.steps[place].referral == referral {
            let step = file.steps[place]
            var answer = answers[place]
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

    private mutating func notRequire(_ row: CaseRow, _ referral: Int32, _ file: CaseFile) {
        var target: Int?
        var isNamed = false
        for place in places where file.steps[place].referral == referral {
            let step = file.steps[place]
            let isOwn = row.stepId != 0 && row.stepId == step.id
            if step.start == CaseFile.never && (row.stepId == 0 || isOwn) {
                answers[place].isAnsweredWithoutStart = true
            }
            if isOwn && !isNamed {
                isNamed = true
                target = place
            }
            let isOpen = step.start <= row.day && answers[place].stop >= row.day && answers[place].void >= row.day
            if target == nil && isOpen { target = place }
        }
        guard let target else { return }
        if file.steps[target].start > row.day {
            answers[target].hasEarlierEnd = true
            return
        }
        answers[target].isNotRequired = true
        if answers[target].stop != CaseFile.never {
            answers[target].isContradictory = true
        } else if answers[target].void == CaseFile.never {
            answers[target].void = row.day
            answers[target].voidEvent = .icpcNotRequired
        }
    }

    private mutating func cancel(_ row: CaseRow, _ place: Int, _ file: CaseFile) {
        if file.steps[place].start > row.day {
            answers[place].hasEarlierEnd = true
        } else if answers[place].stop == CaseFile.never {
            // For good: a conference with its step id no longer stops it.
            answers[place].isCancelled = true
            if answers[place].void == CaseFile.never {
                answers[place].void = row.day
                answers[place].voidEvent = .s47Cancelled
            }
        }
    }
}
