public import WorkingCalendar

/// One accepted row of an export, folded into 32 bytes.
///
/// A ten-million-row export keeps one of these for each row; everything else about a row is in
/// tables that hold each distinct value once.
public struct Event: Sendable, BitwiseCopyable {
    /// The code of the child's reference; once events are grouped, the child's number in its partition.
    public var child: UInt32 = 0
    /// The codes of the other ids, each of its ``IdColumn``; 0 is the empty one.
    public var referral: UInt32 = 0
    public var step: UInt32 = 0
    public var family: UInt32 = 0
    /// The entry of the run's actors: team, worker and manager together.
    public var actor: UInt32
    /// The line of the row in its file, counted from 1.
    public var line: UInt32
    /// Days since 1900-01-01; for a ghost, the day it was recorded, or 0.
    public var day: UInt16
    /// Days from the date to the recording, cut at the ends of the range; ``noLag`` where not recorded.
    public var lag: Int16
    /// The entry of the run's outcome codes; entry 0 is the empty code.
    public var outcome: UInt16
    public var kind: EventKind
    public var flags: Flags

    /// Marks a row that does not say when it was recorded.
    public static let noLag = Int16.min

    /// Two yes-or-no facts and the number of the source.
    public struct Flags: OptionSet, Sendable, BitwiseCopyable {
        public let rawValue: UInt8
        @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// A rejected `started` row, which still makes its step exist, with an unknown start.
        @inlinable public static var ghost: Flags { Flags(rawValue: 1) }
        /// Access to the child's record is limited, as of this row.
        @inlinable public static var restricted: Flags { Flags(rawValue: 2) }
        /// The row says whether access is limited.
        @inlinable public static var statesRestriction: Flags { Flags(rawValue: 4) }
        /// The place of the row's source in the run, `0..<32`.
        @inlinable public var source: Int { Int(rawValue &>> 3) }
        /// The flags of a row of the given source.
        @inlinable public static func source(_ source: Int) -> Flags {
            Flags(rawValue: UInt8(truncatingIfNeeded: source &<< 3))
        }
    }

    /// An event whose ids are still to be set.
    public init(
        actor: UInt32, line: UInt32, day: UInt16, lag: Int16, outcome: UInt16, kind: EventKind, flags: Flags
    ) {
        self.actor = actor
        self.line = line
        self.day = day
        self.lag = lag
        self.outcome = outcome
        self.kind = kind
        self.flags = flags
    }
}

/// The columns of an event that hold ids.
public enum IdColumn: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case child, referral, step, family

    /// Where an event keeps the column's code.
    @inlinable var code: WritableKeyPath<Event, UInt32> {
        switch self {
        case .child: \.child
        case .referral: \.referral
        case .step: \.step
        case .family: \.family
        }
    }
}

/// The two-byte day numbers events are kept with: days since 1900-01-01, up to 2079-06-06.
public enum EventDay {
    /// Days from 1900-01-01 to 1970-01-01.
    @inlinable public static var epochOffset: Int32 { 25_567 }

    /// The date of a day number.
    @inlinable
    public static func date(_ day: UInt16) -> CivilDate {
        CivilDate(daysSinceEpoch: Int32(day) &- epochOffset)
    }

    /// The day number of a date; 0 before 1900-01-02, and the last day for later dates.
    @inlinable
    public static func number(_ date: CivilDate) -> UInt16 {
        let number = date.daysSinceEpoch &+ epochOffset
        return number <= 0 ? 0 : UInt16(truncatingIfNeeded: min(number, 65_535))
    }
}
