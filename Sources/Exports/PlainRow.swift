import CByteScan
import CaseEvents
import Columnar
import DelimitedText
import WorkingCalendar

/// Where the columns that are read stand among a row's fields; -1 for those the file does not have.
struct ColumnPlaces: BitwiseCopyable {
    let child, event, date, referral, step, recordedAt, team, worker, manager, family, outcome, restricted: Int

    init(_ layout: CaseEventsLayout) {
        child = layout.place(.child)
        event = layout.place(.event)
        date = layout.place(.date)
        referral = layout.place(.referral)
        step = layout.place(.step)
        recordedAt = layout.place(.recordedAt)
        team = layout.place(.team)
        worker = layout.place(.worker)
        manager = layout.place(.manager)
        family = layout.place(.family)
        outcome = layout.place(.outcome)
        restricted = layout.place(.restricted)
    }
}

/// The fast way of reading: rows in which nothing needs care.
///
/// Such a row has all its fields, plain ASCII without blanks around it, quotes only around whole fields, two
/// plain dates, no sentinel and a known event. Whatever else it is, it is left to ``BlockParser``'s
/// `parseRow`, which reads every row, plain ones the same; tests read the same text both ways.
extension BlockParser {
    /// Reads a row, if it is plain.
    ///
    /// The row's fields have the ends `first...last`; it begins at `start`, and its line feed is at `end`.
    /// At least 64 bytes of the block follow it.
    ///
    /// - Returns: Whether the row was read; otherwise nothing was noted of it.
    /// - Complexity: O(length of the row); allocates nothing.
    mutating func takePlainRow(
        _ text: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<UInt32>, _ first: Int, _ last: Int, start: Int,
        end: Int
    ) -> Bool {
        guard last &- first &+ 1 == layout.count else { return false }
        var row = unsafe PlainRow(text, ends, first, last, start: start, end: end, mayHaveQuotes: mayHaveQuotes)
        if facts.hasNonASCII && row.hasNonASCII { return false }
        if mayHaveQuotes && !row.hasPlainQuotes { return false }
        let child = row.id(columns.child)
        let name = row.field(columns.event)
        let date = row.field(columns.date)
        let recordedAt = row.field(columns.recordedAt)
        let referral = row.id(columns.referral)
        let step = row.id(columns.step)
        let family = row.id(columns.family)
        let team = row.field(columns.team)
        let worker = row.id(columns.worker)
        let manager = row.id(columns.manager)
        let outcome = row.field(columns.outcome)
        let restricted = row.field(columns.restricted)
        guard row.isPlain, !child.isEmpty,
            let kind = unsafe vocabulary.kind(text, name),
            let day = unsafe dates.day(text, date), day.format == .iso || lines == nil
        else { return false }
        var lag = Event.noLag
        var recorded: PlainDates.Day?
        if !recordedAt.isEmpty {
            guard let day2 = unsafe dates.day(text, recordedAt), day2.format == .iso || lines == nil else {
                return false
            }
            recorded = day2
            lag = self.lag(EventDay.date(day.number), EventDay.date(day2.number))
        }
        var flags = Event.Flags.source(source)
        if !restricted.isEmpty {
            let byte = unsafe text[restricted.lowerBound]
            guard restricted.count == 1, byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else { return false }
            flags.insert(.statesRestriction)
            if byte == UInt8(ascii: "1") { flags.insert(.restricted) }
        }
        // From here on the row is read.
        if !dates.isNoted(day.format, column: 0) { note(.date(EventDay.date(day.number), day.format), .date) }
        if let recorded {
            if !dates.isNoted(recorded.format, column: 1) {
                note(.date(EventDay.date(recorded.number), recorded.format), .recordedAt)
            }
            note(recorded: recorded.number)
        }
        let event = unsafe Event(
            actor: actors.number(text, team: team, worker: worker, manager: manager), line: line, day: day.number,
            lag: lag, outcome: outcome.isEmpty ? 0 : outcomeNumber(outcome), kind: kind, flags: flags)
        count(event)
        unsafe builder.append(
            event, child: IdKey(child, in: text), referral: IdKey(referral, in: text), step: IdKey(step, in: text),
            family: IdKey(family, in: text), in: text)
        return true
    }
}

/// The fields of one row, as long as they are plain.
///
/// Lives no longer than the call that was given the text.
@safe private struct PlainRow {
    private let text: UnsafeRawBufferPointer
    private let ends: UnsafeBufferPointer<UInt32>
    private let first: Int
    private let last: Int
    private let start: Int
    private let end: Int
    private let mayHaveQuotes: Bool
    /// Whether every field asked for so far is plain.
    private(set) var isPlain = true

    init(
        _ text: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<UInt32>, _ first: Int, _ last: Int, start: Int,
        end: Int, mayHaveQuotes: Bool
    ) {
        unsafe self.text = unsafe text
        unsafe self.ends = unsafe ends
        self.first = first
        self.last = last
        self.start = start
        self.mayHaveQuotes = mayHaveQuotes
        // The carriage return of a CRLF line end is no part of the last field.
        self.end = unsafe end > start && text[end &- 1] == 13 ? end &- 1 : end
    }

    /// Whether any byte of the row is not ASCII.
    var hasNonASCII: Bool {
        for index in start..<end where unsafe text[index] >= 0x80 { return true }
        return false
    }

    /// Whether every quote of the row is the first or last byte of a field that has both.
    var hasPlainQuotes: Bool {
        var quotes = 0
        var offset = start
        while offset < end {
            let mask = unsafe cards_match64(text.baseAddress.unsafelyUnwrapped + offset, UInt8(ascii: "\""))
            let left = end &- offset
            quotes &+= (left >= 64 ? mask : mask & ((1 &<< UInt64(left)) &- 1)).nonzeroBitCount
            offset &+= 64
        }
        guard quotes > 0 else { return true }
        for place in 0...(last &- first) where isQuoted(bounds(place)) { quotes &-= 2 }
        return quotes == 0
    }

    @inline(__always)
    private func bounds(_ place: Int) -> Range<Int> {
        let begin = unsafe place == 0 ? start : Int(ends[first &+ place &- 1]) &+ 1
        let stop = unsafe first &+ place == last ? end : Int(ends[first &+ place])
        return begin..<max(begin, stop)
    }

    @inline(__always)
    private func isQuoted(_ range: Range<Int>) -> Bool {
        let quote = UInt8(ascii: "\"")
        return unsafe range.count >= 2 && text[range.lowerBound] == quote && text[range.upperBound &- 1] == quote
    }

    /// A field without its quotes; empty where the file does not have the column.
    @inline(__always)
    mutating func field(_ place: Int) -> Range<Int> {
        guard place >= 0 else { return start..<start }
        var range = bounds(place)
        if mayHaveQuotes && isQuoted(range) { range = range.lowerBound &+ 1..<range.upperBound &- 1 }
        let count = range.upperBound &- range.lowerBound
        guard count > 0 else { return range }
        let (head, tail) = unsafe (text[range.lowerBound], text[range.upperBound &- 1])
        // Blanks are to be trimmed; `-1`, `NULL` and `#N/A` are no values; what is too long is refused.
        if head <= 32 || tail <= 32 || count > BlockParser.longestField { isPlain = false }
        if count == 2 || count == 4,
            head == UInt8(ascii: "-") || head == UInt8(ascii: "#") || head | 32 == UInt8(ascii: "n")
        {
            isPlain = false
        }
        return range
    }

    /// An id, which a spreadsheet may have given a `.0`.
    @inline(__always)
    mutating func id(_ place: Int) -> Range<Int> {
        let range = field(place)
        if range.count > 2, unsafe text[range.upperBound &- 1] == UInt8(ascii: "0"),
            unsafe text[range.upperBound &- 2] == UInt8(ascii: ".")
        {
            isPlain = false
        }
        return range
    }
}

/// Reads dates of ten characters, `yyyy-mm-dd` or `dd/mm/yyyy`.
struct PlainDates {
    /// A date as events keep it, and how it was written.
    struct Day {
        var number: UInt16
        var format: DateFormat
    }

    /// The last date that was read: in most exports the next row has the same.
    private var lastHead: UInt64 = 0
    private var lastTail: UInt16 = 0
    private var lastDay: Day?
    private var noted: UInt8 = 0

    /// Whether a way of writing dates was noted for a column before; notes it.
    @inline(__always)
    mutating func isNoted(_ format: DateFormat, column: UInt8) -> Bool {
        let bit: UInt8 = 1 &<< (column &* 2 &+ (format == .iso ? 0 : 1))
        defer { noted |= bit }
        return noted & bit != 0
    }

    /// The date at a place, or `nil` where it is not plain or not of the years 1901 to 2070.
    mutating func day(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Day? {
        guard range.count == 10 else { return nil }
        let head = unsafe text.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)
        let tail = unsafe text.loadUnaligned(fromByteOffset: range.lowerBound &+ 8, as: UInt16.self)
        if head == lastHead && tail == lastTail, let lastDay { return lastDay }
        guard let day = unsafe Self.read(text, range.lowerBound) else { return nil }
        lastHead = head
        lastTail = tail
        lastDay = day
        return day
    }

    private static func read(_ text: UnsafeRawBufferPointer, _ start: Int) -> Day? {
        var isNumber = true
        func digit(_ place: Int) -> Int32 {
            let value = unsafe text[start &+ place] &- UInt8(ascii: "0")
            if value > 9 { isNumber = false }
            return Int32(value)
        }
        func pair(_ place: Int) -> Int32 { digit(place) &* 10 &+ digit(place &+ 1) }
        let (third, fourth) = unsafe (text[start &+ 2], text[start &+ 4])
        let date: CivilDate?
        let format: DateFormat
        if fourth == UInt8(ascii: "-"), unsafe text[start &+ 7] == fourth {
            date = CivilDate(year: pair(0) &* 100 &+ pair(2), month: pair(5), day: pair(8))
            format = .iso
        } else if third == UInt8(ascii: "/"), unsafe text[start &+ 5] == third {
            date = CivilDate(year: pair(6) &* 100 &+ pair(8), month: pair(3), day: pair(0))
            format = .slashes
        } else {
            return nil
        }
        guard isNumber, let date else { return nil }
        let number = EventDay.number(date)
        // Outside these years are the sentinels, and what events cannot keep.
        guard number >= 366, number <= 62_000 else { return nil }
        return Day(number: number, format: format)
    }
}
