public import CaseEvents
import Columnar
import Rules
public import WorkingCalendar

/// A finding about one row.
public struct RowFinding: Sendable {
    public var code: FindingCode
    public var row: CaseRow

    public init(_ code: FindingCode, _ row: CaseRow) {
        self.code = code
        self.row = row
    }
}

/// A finding about a child's steps or clocks, with the row that carries it.
public struct CaseFinding: Sendable {
    public var code: FindingCode
    public var severity: Severity
    /// The line and source of the row.
    public var line: UInt32
    public var source: Int32
    /// The day of the row; ``CaseFile/never`` for a ghost.
    public var day: CivilDate
    /// The code of the step's id; 0 where ``day`` is the value.
    public var stepId: UInt32
}

/// Looks for what is wrong with a child's rows and steps, as at the day of the case file.
public struct CaseFindings {
    /// How conferences answer S47s, for children that have any.
    private var pairing = ConferencePairing()
    private var found: [CaseFinding] = []
    private var foundRows: [RowFinding] = []

    /// The findings about the child's steps and clocks.
    ///
    /// - Complexity: O(*n* · *s*) in the child's rows and steps.
    public static func ofSteps(
        _ file: CaseFile, clocks: ContiguousArray<Clock>, context: ClockContext
    ) -> [CaseFinding] {
        var findings = CaseFindings()
        if file.steps.contains(where: { $0.kind == .s47 }) { findings.pairing.pair(file) }
        for place in file.steps.indices { findings.lookAtStep(place, file, clocks, context) }
        findings.lookForSplitSteps(file)
        findings.lookAtClocks(file, clocks)
        return findings.found
    }

    /// The findings about single rows, for which the file should hold every row of the child.
    ///
    /// - Complexity: O(*n* · *s*) in the child's rows and steps.
    ///
    /// Of a case whose rows are all in order (see ``ClockEvaluator/regularSince(_:)``) only conferences and what
    /// follows an NFA are left to look at.
    public static func ofRows(_ file: CaseFile, areInOrder: Bool, context: ClockContext) -> [RowFinding] {
        if areInOrder, !file.kinds.contains(.icpcHeld), !file.kinds.contains(.referralNFA) { return [] }
        var findings = CaseFindings()
        if file.steps.contains(where: { $0.kind == .s47 }) { findings.pairing.pair(file) }
        findings.lookAtReferrals(file, context.calendar)
        for place in file.steps.indices { findings.lookAtRows(place, file.steps[place], file) }
        return findings.foundRows
    }

    private mutating func add(_ code: FindingCode, _ row: CaseRow) { foundRows.append(RowFinding(code, row)) }

    private mutating func add(_ code: FindingCode, _ step: CaseFile.Step, severity: Severity? = nil) {
        let day = step.start != CaseFile.never ? step.start : step.earliest
        found.append(
            CaseFinding(
                code: code, severity: severity ?? code.severity, line: step.line, source: step.source, day: day,
                stepId: step.id))
    }

    // MARK: Referrals and rows

    private mutating func lookAtReferrals(_ file: CaseFile, _ calendar: WorkingCalendar) {
        for place in file.referrals.indices {
            let referral = file.referrals[place]
            var hasReceived = false
            var isNFA = false
            for row in file.rows(of: Int32(place)) {
                if isNFA && row.kind != .caseClosed { add(.activityOnNFA, row) }
                switch row.kind {
                case .referralNFA: isNFA = true
                case .referralReceived:
                    if hasReceived { add(.severalReferralsReceived, row) }
                    hasReceived = true
                case .icpcHeld where calendar.covers(row.day) && !calendar.isWorkingDay(row.day):
                    add(.icpcOnClosedDay, row)
                default: break
                }
            }
            for booking in file.bookings
            where booking.referral == Int32(place) && booking.row.day >= referral.nfa {
                add(.activityOnNFA, booking.row)
            }
        }
    }

    // MARK: Steps

    private mutating func lookAtStep(
        _ place: Int, _ file: CaseFile, _ clocks: ContiguousArray<Clock>, _ context: ClockContext
    ) {
        let step = file.steps[place]
        let referral = file.referrals[Int(step.referral)]
        lookAtStart(place, step, clocks, context)
        if step.start != CaseFile.never, referral.date != CaseFile.never, step.start < referral.date {
            add(.stepBeforeReferral, step)
        }
        if referral.received == CaseFile.never {
            let isHarmful = clocks.contains {
                $0.step == Int32(place) && $0.reason == .finding(.missingReferral)
            }
            add(.missingReferral, step, severity: isHarmful ? .unmeasurable : .warning)
        }
        if overlapsAnother(place, file) { add(.severalOpenSteps, step) }
        lookAtClosure(place, file, clocks)
        if step.kind == .s47 {
            let hasAssessment = file.steps.contains { $0.referral == step.referral && $0.kind.isAssessment }
            if !hasAssessment { add(.s47WithoutAssessment, step) }
            if pairing.answers[place].isContradictory {
                add(.icpcAndNotRequired, step)
            }
        }
    }

    private mutating func lookAtStart(
        _ place: Int, _ step: CaseFile.Step, _ clocks: ContiguousArray<Clock>, _ context: ClockContext
    ) {
        guard step.start == CaseFile.never else { return }
        let isMeasured = clocks.contains {
            $0.step == Int32(place) && context.rules[Int($0.rule)].firstStartsAtReferral && $0.start != CaseFile.never
        }
        if isMeasured {
            add(.endWithoutStart, step)
        } else if clocks.contains(where: { $0.step == Int32(place) && $0.reason == .finding(.unknownStart) }) {
            add(.unknownStart, step)
        }
    }

    private mutating func lookAtRows(_ place: Int, _ step: CaseFile.Step, _ file: CaseFile) {
        var hasStart = false
        var isAuthorised = false
        var isEnded = false
        var conferenceEnd = CaseFile.never
        if step.kind == .s47 {
            conferenceEnd = pairing.answers[place].stop
        }
        for row in file.rows(ofStep: place) {
            switch row.kind.verb {
            case .started:
                if hasStart { add(.severalStarts, row) }
                hasStart = true
            case .returned: if isAuthorised { add(.returnedAfterAuthorised, row) }
            case .authorised:
                if isEnded { add(.laterStop, row) }
                isAuthorised = true
                isEnded = true
            case .cancelled:
                if isEnded || conferenceEnd <= row.day { add(.laterStop, row) }
                isEnded = true
            default: break
            }
        }
    }

    /// Whether another step of the kind and referral began before and had not ended when this one began.
    private func overlapsAnother(_ place: Int, _ file: CaseFile) -> Bool {
        let step = file.steps[place]
        guard step.start != CaseFile.never else { return false }
        for other in file.steps.indices where other != place && file.steps[other].kind == step.kind {
            let rival = file.steps[other]
            guard rival.referral == step.referral, rival.start != CaseFile.never else { continue }
            let isEarlier =
                rival.start < step.start
                || (rival.start == step.start && file.stepIdRank(other) < file.stepIdRank(place))
            guard isEarlier else { continue }
            // The end its clocks have, which may be a later completion than the first.
            let ended = file.end(ofStep: other, from: CivilDate(daysSinceEpoch: .min))
            if min(ended, rival.cancelled) >= step.start { return true }
        }
        return false
    }

    private mutating func lookAtClosure(_ place: Int, _ file: CaseFile, _ clocks: ContiguousArray<Clock>) {
        let step = file.steps[place]
        guard file.referrals[Int(step.referral)].closed != CaseFile.never else { return }
        if clocks.contains(where: { $0.step == Int32(place) && $0.reason == .event(.caseClosed) }) {
            add(.openOnClosedCase, step)
        }
        let isLate = clocks.contains { clock in
            guard clock.step == Int32(place) else { return false }
            let begun = step.start != CaseFile.never ? step.start : clock.start
            return clock.verdict.isStopped && clock.stop > file.closure(of: step.referral, onOrAfter: begun)
        }
        if isLate { add(.activityAfterClosure, step) }
    }

    private mutating func lookForSplitSteps(_ file: CaseFile) {
        for place in file.steps.indices where file.steps[place].id != 0 {
            let step = file.steps[place]
            let isSplit = file.steps[(place + 1)...].contains {
                $0.id == step.id && $0.kind == step.kind && $0.referral != step.referral
            }
            guard isSplit, !file.steps[..<place].contains(where: { $0.id == step.id && $0.kind == step.kind }) else {
                continue
            }
            add(.stepInTwoReferrals, step)
        }
    }

    // MARK: Clocks

    private mutating func lookAtClocks(_ file: CaseFile, _ clocks: ContiguousArray<Clock>) {
        for clock in clocks {
            switch clock.reason {
            case .finding(.endBeforeStart): add(clock, .endBeforeStart, file)
            case .finding(.calendarTooShort): add(clock, .calendarTooShort, file)
            default: break
            }
            if clock.edition < 0, clock.verdict == .running || clock.verdict == .stopped {
                add(clock, .noRuleInForce, file)
            }
        }
    }

    private mutating func add(_ clock: Clock, _ code: FindingCode, _ file: CaseFile) {
        guard clock.step < 0 else { return add(code, file.steps[Int(clock.step)]) }
        guard let row = file.rows(of: clock.referral).first(where: { $0.day == clock.start }) else { return }
        found.append(
            CaseFinding(
                code: code, severity: code.severity, line: row.line, source: Int32(row.flags.source), day: row.day,
                stepId: 0))
    }
}
