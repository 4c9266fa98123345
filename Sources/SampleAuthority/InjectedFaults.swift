/// What is put wrong on purpose, one child each time, so that every finding and exception can be seen.
///
/// The children are made for it and have the highest numbers, so that figures can be taken without them.
enum InjectedFault: CaseIterable {
    // Of rows and ids.
    case rejectedRows
    case unknownStart
    case duplicates
    case unknownUnit
    case closedUnit
    case wrongDates
    case stepInTwoReferrals
    case severalReferralsReceived
    case missingReferral
    // Of steps.
    case endBeforeStart
    case stepBeforeReferral
    case severalSteps
    case endWithoutStart
    case changedAfterAuthorisation
    case workAfterClosure
    case openOnClosedCase
    case conferenceOnClosedDay
    case noRuleInForce
    case activityAfterNFA
    case conferenceNotRequired
    // Neglected work that runs at the end.
    case childNotSeen
    case noOutcome
    case unallocated
    case notStarted
    case noOversight
    case lateDecision
    case quiet
    case conferenceNotBooked
    case beyondLimit
    case transferIn

    /// Unit names that stand in no organisation file.
    static let misspeltUnits = ["CAT Unti 1", "Asessment Unit 2", "Duty Tm"]
    /// Event names that stand in no vocabulary.
    static let unknownEvents = ["home_visit", "case_note", "asessment_started"]
    /// Values that are no date, or stand for none.
    static let emptyDates = ["", "1900-01-01", "NULL"]
    static let badDates = ["2010-11-31", "soon", "2010-13-05"]
}

extension CaseGenerator {
    /// How many times each fault is made: three, or one in 1,500 referrals.
    static func copies(referrals: Int) -> Int { max(3, referrals / 1_500) }

    /// Makes each fault `copies` times, spread over the span or running at its end.
    mutating func injectFaults(copies: Int) {
        firstInjectedChild = UInt32(householdOfChild.count) + 1
        for fault in InjectedFault.allCases {
            for copy in 0..<copies {
                let share = (Double(copy) + 0.5) / Double(copies)
                let past = after(firstDay + 15 + Int32(Double(lastDay - firstDay - 140) * share), 1)
                inject(fault, copy: copy, past: past)
            }
        }
    }

    private mutating func inject(_ fault: InjectedFault, copy: Int, past: Int32) {
        switch fault {
        case .rejectedRows, .unknownStart, .duplicates, .unknownUnit, .closedUnit, .wrongDates, .stepInTwoReferrals,
            .severalReferralsReceived, .missingReferral:
            injectIntoRows(fault, copy: copy, past: past)
        case .endBeforeStart, .stepBeforeReferral, .severalSteps, .endWithoutStart, .changedAfterAuthorisation,
            .workAfterClosure, .openOnClosedCase, .conferenceOnClosedDay, .noRuleInForce, .activityAfterNFA,
            .conferenceNotRequired:
            injectIntoSteps(fault, copy: copy, past: past)
        case .childNotSeen, .noOutcome, .unallocated, .notStarted, .noOversight, .lateDecision, .quiet,
            .conferenceNotBooked, .beyondLimit, .transferIn:
            neglect(fault, copy: copy, past: past)
        }
    }

    private mutating func injectIntoRows(_ fault: InjectedFault, copy: Int, past: Int32) {
        switch fault {
        case .rejectedRows:
            beginCase(on: past)
            for fault in [EventRecord.Fault.noChild, .unknownEvent, .noDate, .missingField] {
                put(.childSeen, after(past, 4), fault: fault)
            }
            endCase(after: addFirst(past, days: 6))
        case .unknownStart:
            let received = beforeEnd(40 + copy % 20)
            beginCase(on: received)
            let first = addFirst(received, days: 6)
            put(secondKind(received).started, after(first, 1), step: nextStep(), fault: .badDate)
            put(.childSeen, beforeEnd(6))
        case .duplicates:
            beginCase(on: past)
            let step = nextStep()
            let kind = firstKind(past)
            put(kind.started, after(past, 1), step: step)
            put(.childSeen, after(past, 2))
            put(.childSeen, after(past, 2))
            put(kind.completed, after(past, 5), step: step)
            put(kind.completed, after(past, 5), step: step)
            records[records.count - 1].unit = organisation.unit(line: organisation.emergencyLine, on: past)
            put(kind.authorised, after(past, 5), step: step)
            put(kind.authorised, after(past, 5), step: step)
            endCase(after: after(past, 5))
        case .unknownUnit, .closedUnit:
            let received = copy % 2 == 0 ? beforeEnd(12 + copy % 5) : past
            beginCase(on: received)
            let units = organisation.units.count
            let unit = fault == .closedUnit ? Int(organisation.closedUnits[copy % 3]) : units + copy % 3
            let first = records.count - 3
            let end = addFirst(received, days: 5)
            for index in first..<records.count { records[index].unit = UInt16(unit) }
            if copy % 2 == 1 { endCase(after: end) }
        case .wrongDates:
            beginCase(on: past)
            put(.childSeen, after(past, 5), typedOn: after(past, 2))
            put(.childSeen, lastDay)
            records[records.count - 1].day = UInt16(lastDay + 8 + Int32(copy % 20))
            records[records.count - 1].recordedAfter = EventRecord.notRecorded
            endCase(after: addFirst(past, days: 6))
        case .stepInTwoReferrals:
            beginCase(on: past)
            let kind = firstKind(past)
            let step = nextStep()
            put(kind.started, past, step: step)
            put(.childSeen, past)
            put(kind.authorised, after(past, 4), step: step)
            endCase(after: after(past, 4))
            let again = after(past, 40)
            takeChild(file.child)
            beginReferral(on: again)
            put(kind.completed, after(again, 3), step: step)
            endCase(after: addFirst(again, days: 6))
        case .severalReferralsReceived:
            beginCase(on: past)
            put(.referralReceived, after(past, 3))
            endCase(after: addFirst(past, days: 6))
        default:
            beginCase(on: past)
            records[records.count - 3].event = .contactReceived
            records[records.count - 3].referral = 0
            endCase(after: addFirst(past, days: 6))
        }
    }

    // MARK: Building blocks

    /// Begins the only referral of a new child, with its first three rows.
    mutating func beginCase(on day: Int32) {
        let household = addHousehold(size: 1, on: day)
        openFile(on: day)
        takeChild(households[household].firstChild)
        beginReferral(on: day)
    }

    /// Adds the receipt, the decision and the allocation of the file's referral.
    mutating func beginReferral(on day: Int32, isAllocated: Bool = true) {
        file.isReferralNamed = true
        file.areStepsNamed = true
        file.firstRecord = nil
        file.received = day
        file.allocated = isAllocated ? after(day, 1) : .max
        put(.referralReceived, day)
        put(.referralDecided, after(day, 1))
        if isAllocated { put(.caseAllocated, after(day, 1)) }
    }

    /// Adds a whole first assessment, the child seen, and returns the day it was authorised.
    @discardableResult
    mutating func addFirst(_ day: Int32, days: Int) -> Int32 {
        let kind = firstKind(day)
        let step = nextStep()
        put(kind.started, after(day, 1), step: step)
        put(.childSeen, after(day, min(2, days)))
        put(kind.completed, after(day, days), step: step)
        put(kind.authorised, after(day, days), step: step)
        return after(day, days)
    }

    /// Closes the case three working days after another day.
    mutating func endCase(after day: Int32) {
        put(.caseClosed, after(day, 3), outcome: .caseClosed)
    }

    func firstKind(_ day: Int32) -> AssessmentKind { day < Self.singleFrom ? .initial : .single }
    func secondKind(_ day: Int32) -> AssessmentKind { day < Self.singleFrom ? .core : .single }

    /// Adds a row typed in on its day, or on another one.
    mutating func put(
        _ event: CaseEvent, _ day: Int32, step: UInt32 = 0, typedOn: Int32? = nil, outcome: Outcome = .none,
        fault: EventRecord.Fault = .none
    ) {
        let count = records.count
        add(event, day, step: step, outcome: outcome, typedOn: typedOn ?? min(day, exportDay))
        if records.count > count { records[count].fault = fault }
    }
}
