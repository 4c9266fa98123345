public import CaseEvents
public import WorkingCalendar

/// How a clock stands on the as-at day; the raw value's name is what files say.
public enum Verdict: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case inTime, late
    case overdue, atLimit, dueSoon, beyondExpected, open
    /// A clock without a limit.
    case stopped, running
    case void, unmeasurable

    /// The verdict's name in files.
    public var name: String {
        switch self {
        case .inTime: "in_time"
        case .late: "late"
        case .overdue: "overdue"
        case .atLimit: "at_limit"
        case .dueSoon: "due_soon"
        case .beyondExpected: "beyond_expected"
        case .open: "open"
        case .stopped: "stopped"
        case .running: "running"
        case .void: "void"
        case .unmeasurable: "unmeasurable"
        }
    }

    /// Whether the clock has stopped and is not void.
    @inline(__always) @inlinable public var isStopped: Bool { self == .inTime || self == .late || self == .stopped }

    /// Whether the clock is running.
    @inline(__always) @inlinable public var isRunning: Bool {
        switch self {
        case .overdue, .atLimit, .dueSoon, .beyondExpected, .open, .running: true
        default: false
        }
    }
}

/// Why a clock is void or unmeasurable.
public enum Reason: Hashable, Sendable, BitwiseCopyable {
    case none
    case event(EventKind)
    case finding(FindingCode)
    /// No source of the run carries the events the clock needs.
    case noEvidence

    /// The name in the column `reason`; empty for none.
    public var name: String {
        switch self {
        case .none: ""
        case .event(let kind): kind.name
        case .finding(let code): code.rawValue
        case .noEvidence: "no_evidence"
        }
    }
}

/// One rule running for one child and one step or referral.
public struct Clock: Sendable, BitwiseCopyable {
    /// Marks an absent number.
    public static let absent = Int32.min

    /// The place of the rule in the rulebook.
    public var rule: UInt8
    public var verdict: Verdict = .open
    public var reason: Reason = .none
    /// The place of the referral and step in the case file; a step of -1 is none.
    public var referral: Int32
    public var step: Int32 = -1
    /// The code of the step id printed with the clock; 0 is none.
    public var stepId: UInt32 = 0
    /// The day the clock started; ``CaseFile/never`` where unknown.
    public var start: CivilDate
    /// The day it stopped or was voided; ``CaseFile/never`` while neither.
    public var stop: CivilDate = CaseFile.never
    /// Days in the rule's unit, or ``absent``.
    public var limit: Int32 = absent
    public var expected: Int32 = absent
    public var elapsed: Int32 = absent
    /// The due date; ``CaseFile/never`` where there is none.
    public var due: CivilDate = CaseFile.never
    /// The place of the edition in the rule; -1 where none was in force.
    public var edition: Int8 = -1
    /// Whether something stopped the clock, though it could not be measured.
    public var hasUnmeasuredStop = false
    /// Whether it did not run until the day on which it stopped or was voided: something that ends such clocks lies
    /// before its start, so that it could not be measured, or a closure had voided it.
    public var didNotRunToItsEnd = false
    /// The first day on which the rows tell of the clock, where that may be later than its start.
    public var toldOn = CivilDate(daysSinceEpoch: .min)
    /// Whose it is, and the day that decided.
    public var holder: Holder = .none
    public var holderDay: CivilDate = CaseFile.never

    init(rule: Int, referral: Int32, start: CivilDate) {
        self.rule = UInt8(truncatingIfNeeded: rule)
        self.referral = referral
        self.start = start
    }

    /// Days past the limit; ``absent`` where the clock is not late or overdue.
    public var daysOver: Int32 {
        verdict == .late || verdict == .overdue ? elapsed - limit : Self.absent
    }
}
