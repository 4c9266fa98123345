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
    private var lastDate: CivilDate?
    private var lastDateText: ContiguousArray<UInt8> = []

    var isEmpty: Bool { lines.isEmpty }

    /// The number of bytes.
    var count: Int { bytes.count }

    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    /// The cells since the last row, as text; they are taken out.
    mutating func takeLine() -> String {
        defer { bytes.removeAll(keepingCapacity: true) }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    /// Ends a row that was read from a line.
    mutating func endRow(line: UInt32) {
        bytes[bytes.count - 1] = UInt8(ascii: "\n")
        lines.append(line)
    }

    /// Adds a cell: the bytes at a place of a text, within quotes where ``mustBeQuoted(_:_:)`` says so.
    ///
    /// Line ends within it become blanks: a row is a line.
    ///
    /// - Complexity: O(length).
    @inline(__always)
    mutating func add(_ text: Span<UInt8>, _ range: Range<Int>, needsQuotes: Bool) {
        if !range.isEmpty {
            if needsQuotes { return addQuoted(text, range) }
            unsafe text.extracting(range).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        }
        bytes.append(UInt8(ascii: ","))
    }

    /// Adds a cell.
    mutating func add(_ cell: ContiguousArray<UInt8>) {
        let all = 0..<cell.count
        add(cell.span, all, needsQuotes: Self.mustBeQuoted(cell.span, all))
    }

    /// Adds a cell.
    mutating func add(_ cell: ArraySlice<UInt8>) {
        let all = 0..<cell.count
        add(cell.span, all, needsQuotes: Self.mustBeQuoted(cell.span, all))
    }

    /// Whether a cell holds a separator, a quote or a line end.
    static func mustBeQuoted(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = text[index]
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte <= 13 { return true }
        }
        return false
    }

    /// Adds cells that stand in a line already.
    mutating func add(line: String) {
        let text = line.utf8.span
        if !hasQuotes { hasQuotes = text.indices.contains { text[$0] == UInt8(ascii: "\"") } }
        bytes.append(contentsOf: line.utf8)
        bytes.append(UInt8(ascii: ","))
    }

    /// Adds an empty cell.
    @inline(__always)
    mutating func addEmpty() { bytes.append(UInt8(ascii: ",")) }

    /// Adds a cell.
    mutating func add(_ cell: String) {
        let text = cell.utf8.span
        add(text, 0..<text.count, needsQuotes: Self.mustBeQuoted(text, 0..<text.count))
    }

    /// Adds a date that stands in a text as `dd/mm/yyyy`.
    mutating func add(slashes text: Span<UInt8>, at start: Int) {
        for place in 6..<10 { bytes.append(text[start &+ place]) }
        bytes.append(UInt8(ascii: "-"))
        for place in 3..<5 { bytes.append(text[start &+ place]) }
        bytes.append(UInt8(ascii: "-"))
        for place in 0..<2 { bytes.append(text[start &+ place]) }
        bytes.append(UInt8(ascii: ","))
    }

    /// Adds a date as a cell; in most exports the next row has the same.
    mutating func add(_ date: CivilDate) {
        if date == lastDate {
            bytes.append(contentsOf: lastDateText)
            return
        }
        let begin = bytes.count
        defer {
            lastDate = date
            lastDateText = ContiguousArray(bytes[begin...])
        }
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

    private mutating func addQuoted(_ text: Span<UInt8>, _ range: Range<Int>) {
        let quote = UInt8(ascii: "\"")
        hasQuotes = true
        bytes.append(quote)
        for index in range {
            let byte = text[index]
            if byte == quote { bytes.append(quote) }
            bytes.append(byte == 10 || byte == 13 ? UInt8(ascii: " ") : byte)
        }
        bytes.append(quote)
        bytes.append(UInt8(ascii: ","))
    }

    /// The rows as a block that the parser reads, and the line of each.
    consuming func block() -> (text: TextBlock, lines: ContiguousArray<UInt32>) {
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 64))
        return (TextBlock(records: bytes, count: count, hasQuotes: hasQuotes), lines)
    }
}

/// What became of the records of a source, before they were events.
public struct RecordTally: Codable, Sendable, Hashable {
    /// The records above the headings: a title, the criteria of a report, what a program said.
    public var above = 0
    /// The records of the source below its headings.
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
        sum.above += other.above
        sum.records += other.records
        sum.leftOut += other.leftOut
        sum.repeatedHeaders += other.repeatedHeaders
        sum.totals += other.totals
        sum.withoutEvent += other.withoutEvent
    }
}
