public import CaseEvents
import Clocks
public import Rules
public import WorkingCalendar

/// Whether an exception stood on the list a week ago.
public enum ExceptionStatus: String, CaseIterable, Codable, Sendable {
    case new, continuing, cleared
}

/// How an exception left the list.
public enum Clearance: String, CaseIterable, Sendable {
    case stopped, voided, moved, changed

    /// How a row left the list whose clock has a verdict now.
    init(_ verdict: Verdict) {
        self = verdict.isStopped ? .stopped : verdict == .void ? .voided : .changed
    }
}

/// A child and a step that need a manager's answer; ids are entries of the child's partition.
public struct ExceptionRow: Sendable {
    /// The name of the rule; `referral` for a row about the referral alone.
    public static let referralRule = "referral"

    public var partition: Int
    public var child: UInt32
    public var family: UInt32
    public var referralId: UInt32
    public var stepId: UInt32
    /// The place of the rule in the rulebook; the number of rules for a row about the referral alone.
    public var rule: Int
    /// Every kind that holds, by rank and then in the table's order; the first one is the row's kind.
    public var kinds: [RankedKind]
    public var startedOn: CivilDate?
    public var dueOn: CivilDate?
    public var elapsed: Int32?
    public var limit: Int32?
    public var daysOver: Int32?
    /// Working days past the due date, which order the list whatever the rule's unit.
    public var workingDaysPastDue: Int32
    /// The day of the referral; `nil` where the export does not hold it.
    public var referredOn: CivilDate?
    /// The referral's last strategy discussion.
    public var discussedOn: CivilDate?
    public var lastSeenOn: CivilDate?
    public var lastDecisionOn: CivilDate?
    public var lastEventOn: CivilDate?
    public var holder: Holder
    /// The place of the holder, in ``Places/all``.
    public var place: Int
    /// Whether access to the child's record is limited.
    public var isRestricted: Bool
    public var status = ExceptionStatus.new
    public var weeksListed = 1
    /// How a cleared row left the list, and the day on which its clock stopped where it did.
    public var clearance: Clearance?
    public var stoppedOn: CivilDate?
    /// The row's number among those equal in child, rule and start, by step id.
    public var number = 1
    /// The place of the referral in the case file it was found in.
    var referral: Int32

    /// A kind with its rank.
    public struct RankedKind: Hashable, Comparable, Sendable {
        public var rank: Int
        public var kind: ExceptionKind

        public static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.rank, lhs.kind.tablePlace) < (rhs.rank, rhs.kind.tablePlace)
        }
    }

    /// The row's kind and rank.
    public var kind: ExceptionKind { kinds[0].kind }
    public var rank: Int { kinds[0].rank }

    /// What the column `also` says: the other kinds, or, for a cleared row, how it cleared.
    public var also: String {
        clearance?.rawValue ?? kinds.dropFirst().map(\.kind.rawValue).joined(separator: " ")
    }

    /// By what a row is the same exception from week to week, among those of one child.
    struct Identity: Hashable {
        var rule: Int
        var startedOn: CivilDate?
        var number: Int
    }

    var identity: Identity { Identity(rule: rule, startedOn: startedOn, number: number) }
}

extension ExceptionKind {
    /// The place in the table of kinds.
    var tablePlace: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A running clock to keep an eye on; it asks for no answer.
public struct WatchRow: Sendable {
    public var partition: Int
    public var child: UInt32
    public var family: UInt32
    public var referralId: UInt32
    public var stepId: UInt32
    public var rule: Int
    /// The verdict: at its limit, due soon or beyond the inner limit.
    public var kind: String
    public var startedOn: CivilDate
    public var dueOn: CivilDate
    public var elapsed: Int32
    public var limit: Int32
    public var expected: Int32?
    public var lastSeenOn: CivilDate?
    public var lastDecisionOn: CivilDate?
    public var lastEventOn: CivilDate?
    public var holder: Holder
    public var place: Int
    public var isRestricted: Bool
}
