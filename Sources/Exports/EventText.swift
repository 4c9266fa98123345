import CaseEvents
import DelimitedText
import WorkingCalendar

/// Rows in the case-events format, written by the reader of another format, and where each comes from.
///
/// Every adapter ends here, so that its rows are cleaned, checked, rejected and counted as those of a
/// case-events file are, and can be written to one.
struct EventText: Sendable {
    /// The columns of the rows, in their order.
    static let header = [
        "child_id", "event", "date", "referral_id", "step_id", "recorded_at", "team", "worker", "manager", "family_id",
        "outcome", "restricted",
    ]

    private(set) var bytes: ContiguousArray<UInt8> = []
    /// The line of its source that each row comes from, counted from 0 in the block it was read in.
    private(set) var lines: ContiguousArray<UInt32> = []
    private(set) var hasQuotes = false

    var isEmpty: Bool { lines.isEmpty }

    /// The number of bytes.
    var count: Int { bytes.count }

    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    /// Ends a row that was read from a line.
    mutating func endRow(line: UInt32) {
        bytes[bytes.count - 1] = UInt8(ascii: "\n")
        lines.append(line)
    }

    /// Adds a cell: the bytes at a place of a text.
    ///
    /// - Complexity: O(length).
    mutating func add(_ text: ContiguousArray<UInt8>, _ range: Range<Int>) { add(text[range]) }

    /// Adds a cell.
    ///
    /// Line ends within it become blanks: a row is a line.
    ///
    /// - Complexity: O(length).
    mutating func add(_ cell: ArraySlice<UInt8>) {
        var needsQuotes = false
        for byte in cell where byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte <= 13 {
            needsQuotes = true
        }
        if needsQuotes { addQuoted(cell) } else { bytes.append(contentsOf: cell) }
        bytes.append(UInt8(ascii: ","))
    }

    /// Adds a cell.
    mutating func add(_ cell: String) { add(ArraySlice(cell.utf8)) }

    /// Adds a cell without looking at it: a name of the vocabulary, or nothing.
    mutating func add(plain cell: ContiguousArray<UInt8>) {
        bytes.append(contentsOf: cell)
        bytes.append(UInt8(ascii: ","))
    }

    /// Adds a date as a cell.
    mutating func add(_ date: CivilDate) {
        let (year, month, day) = date.parts
        let zero = UInt8(ascii: "0")
        func pair(_ number: Int32) {
            bytes.append(zero &+ UInt8(truncatingIfNeeded: number / 10))
            bytes.append(zero &+ UInt8(truncatingIfNeeded: number % 10))
        }
        pair(Int32(year) / 100)
        pair(Int32(year) % 100)
        bytes.append(UInt8(ascii: "-"))
        pair(Int32(month))
        bytes.append(UInt8(ascii: "-"))
        pair(Int32(day))
        bytes.append(UInt8(ascii: ","))
    }

    private mutating func addQuoted(_ cell: ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "\"")
        hasQuotes = true
        bytes.append(quote)
        for byte in cell {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte == 10 || byte == 13 ? UInt8(ascii: " ") : byte)
        }
        bytes.append(quote)
    }

    /// The rows as a block that the parser reads.
    func block() -> TextBlock {
        var padded = bytes
        padded.append(contentsOf: repeatElement(0, count: 64))
        return TextBlock(records: padded, count: bytes.count, hasQuotes: hasQuotes)
    }
}

/// What became of the records of a source, before they were events.
public struct RecordTally: Codable, Sendable, Hashable {
    /// The records of the source, without its header.
    public var records = 0
    /// Those that a condition of the mapping, or a mark of the source, left out.
    public var leftOut = 0
    /// Headers in the middle of a file.
    public var repeatedHeaders = 0
    /// Totals at the end of a list.
    public var totals = 0
    /// Those that say of no event when it happened.
    public var withoutEvent = 0

    public init() {}

    static func += (sum: inout Self, other: Self) {
        sum.records += other.records
        sum.leftOut += other.leftOut
        sum.repeatedHeaders += other.repeatedHeaders
        sum.totals += other.totals
        sum.withoutEvent += other.withoutEvent
    }
}
