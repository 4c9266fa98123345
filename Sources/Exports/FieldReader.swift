import CaseEvents
import Columnar
import DelimitedText
import WorkingCalendar

/// How a date column writes its dates.
enum DateFormat: Sendable { case iso, slashes }

/// A date field, read.
enum DateField: Equatable, Sendable {
    /// Empty, or a sentinel for "nothing".
    case none
    case bad
    /// A slash date whose second number is over 12: no month.
    case monthOver12
    case date(CivilDate, DateFormat)
}

/// Cleans and reads the fields of one block of text.
///
/// Blanks, tabs and non-breaking spaces are trimmed, `NULL`, `#N/A` and `-1` are "no value", and an
/// id of digits and `.0` loses the `.0` that a spreadsheet gave it.
struct FieldReader {
    /// The block's bytes; unescaped fields are added at the end.
    var bytes: ContiguousArray<UInt8>

    /// The field without quotes and surrounding blanks; `nil` where a quote is where none may be.
    ///
    /// - Complexity: O(1) for plain fields, O(length) for quoted ones.
    mutating func field(_ start: Int, _ end: Int, mayBeQuoted: Bool) -> Range<Int>? {
        var range = start..<end
        if mayBeQuoted {
            guard let unquoted = unquoted(range) else { return nil }
            range = unquoted
        }
        return trimmed(range)
    }

    private mutating func unquoted(_ range: Range<Int>) -> Range<Int>? {
        let quote = UInt8(ascii: "\"")
        guard !range.isEmpty, bytes[range.lowerBound] == quote else {
            for index in range where bytes[index] == quote { return nil }
            return range
        }
        guard range.count >= 2, bytes[range.upperBound - 1] == quote else { return nil }
        let inner = (range.lowerBound + 1)..<(range.upperBound - 1)
        var isEscaped = false
        var index = inner.lowerBound
        while index < inner.upperBound {
            if bytes[index] == quote {
                guard index + 1 < inner.upperBound, bytes[index + 1] == quote else { return nil }
                isEscaped = true
                index += 1
            }
            index += 1
        }
        guard isEscaped else { return inner }
        let begin = bytes.count
        index = inner.lowerBound
        while index < inner.upperBound {
            let byte = bytes[index]
            bytes.append(byte)
            index += byte == quote ? 2 : 1
        }
        let end = bytes.count
        // A key reads eight bytes, whatever the length of the id.
        bytes.append(contentsOf: repeatElement(0, count: 8))
        return begin..<end
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end {
            if isBlank(bytes[start]) {
                start += 1
            } else if end - start >= 2, bytes[start] == 0xC2, bytes[start + 1] == 0xA0 {
                start += 2
            } else {
                break
            }
        }
        while start < end {
            if isBlank(bytes[end - 1]) {
                end -= 1
            } else if end - start >= 2, bytes[end - 2] == 0xC2, bytes[end - 1] == 0xA0 {
                end -= 2
            } else {
                break
            }
        }
        return start..<end
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }

    /// The value, empty where it is a sentinel.
    func value(_ range: Range<Int>) -> Range<Int> {
        isSentinel(range) ? range.lowerBound..<range.lowerBound : range
    }

    /// The value of an id column, empty where it is a sentinel, without a spreadsheet's `.0`.
    func id(_ range: Range<Int>) -> Range<Int> {
        let count = range.count
        if count > 2, bytes[range.upperBound - 1] == UInt8(ascii: "0"),
            bytes[range.upperBound - 2] == UInt8(ascii: "."),
            isDigits(range.lowerBound..<range.upperBound - 2)
        {
            return range.lowerBound..<range.upperBound - 2
        }
        return value(range)
    }

    private func isDigits(_ range: Range<Int>) -> Bool {
        for index in range where bytes[index] &- UInt8(ascii: "0") > 9 { return false }
        return true
    }

    private func isSentinel(_ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        switch range.count {
        case 2: return bytes[start] == UInt8(ascii: "-") && bytes[start + 1] == UInt8(ascii: "1")
        case 4:
            // Setting the sixth bit makes letters small and leaves `#` and `/` as they are.
            let a = (bytes[start] | 32, bytes[start + 1] | 32, bytes[start + 2] | 32, bytes[start + 3] | 32)
            return a == (UInt8(ascii: "n"), UInt8(ascii: "u"), UInt8(ascii: "l"), UInt8(ascii: "l"))
                || a == (UInt8(ascii: "#"), UInt8(ascii: "n"), UInt8(ascii: "/"), UInt8(ascii: "a"))
        default: return false
        }
    }

    // MARK: Dates

    /// Reads a date, with or without a time, as its London date.
    ///
    /// - Complexity: O(length); allocates nothing.
    func date(_ range: Range<Int>) -> DateField {
        guard !range.isEmpty, !isSentinel(range) else { return .none }
        var cursor = range.lowerBound
        guard let first = number(&cursor, range.upperBound, atMost: 4), cursor < range.upperBound else { return .bad }
        let separator = bytes[cursor]
        let firstDigits = cursor - range.lowerBound
        cursor += 1
        let secondStart = cursor
        guard let second = number(&cursor, range.upperBound, atMost: 2), cursor < range.upperBound,
            bytes[cursor] == separator
        else { return .bad }
        let secondDigits = cursor - secondStart
        cursor += 1
        let thirdStart = cursor
        guard let third = number(&cursor, range.upperBound, atMost: 4) else { return .bad }
        let thirdDigits = cursor - thirdStart
        let format: DateFormat
        let date: CivilDate?
        if separator == UInt8(ascii: "-") {
            guard firstDigits == 4, secondDigits == 2, thirdDigits == 2 else { return .bad }
            format = .iso
            date = CivilDate(year: first, month: second, day: third)
        } else if separator == UInt8(ascii: "/") {
            guard firstDigits <= 2, thirdDigits == 4 else { return .bad }
            format = .slashes
            if second > 12 { return .monthOver12 }
            date = CivilDate(year: third, month: second, day: first)
        } else {
            return .bad
        }
        guard var date, let moved = inLondon(date, cursor, range.upperBound) else { return .bad }
        let day = EventDay.number(date)
        if day == 0 && date.parts == (1900, 1, 1) || date.parts == (9999, 12, 31) { return .none }
        date = moved
        return EventDay.number(date) == 0 ? .bad : .date(date, format)
    }

    private func number(_ cursor: inout Int, _ end: Int, atMost digits: Int) -> Int32? {
        var value: Int32 = 0
        let start = cursor
        while cursor < end, cursor - start < digits {
            let digit = bytes[cursor] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            value = value * 10 + Int32(digit)
            cursor += 1
        }
        return cursor > start ? value : nil
    }

    /// Reads what follows a date: nothing, or a time with or without an offset; `nil` where it is neither.
    private func inLondon(_ date: CivilDate, _ start: Int, _ end: Int) -> CivilDate? {
        guard start < end else { return date }
        guard bytes[start] == UInt8(ascii: "T") || bytes[start] == UInt8(ascii: " ") else { return nil }
        var cursor = start + 1
        guard let hour = number(&cursor, end, atMost: 2), hour < 24, take(":", &cursor, end),
            let minute = number(&cursor, end, atMost: 2), minute < 60
        else { return nil }
        if take(":", &cursor, end) {
            guard let second = number(&cursor, end, atMost: 2), second <= 60 else { return nil }
            if take(".", &cursor, end) { guard number(&cursor, end, atMost: 9) != nil else { return nil } }
        }
        if cursor == end { return date }
        if take("Z", &cursor, end) {
            return cursor == end ? LondonTime.date(of: date, minute: hour * 60 + minute, offsetMinutes: 0) : nil
        }
        let isBehind = bytes[cursor] == UInt8(ascii: "-")
        guard isBehind || bytes[cursor] == UInt8(ascii: "+") else { return nil }
        cursor += 1
        guard let offsetHours = number(&cursor, end, atMost: 2), offsetHours <= 15 else { return nil }
        _ = take(":", &cursor, end)
        let offsetMinutes = cursor < end ? number(&cursor, end, atMost: 2) : 0
        guard let offsetMinutes, cursor == end else { return nil }
        let offset = offsetHours * 60 + offsetMinutes
        return LondonTime.date(of: date, minute: hour * 60 + minute, offsetMinutes: isBehind ? -offset : offset)
    }

    private func take(_ text: Character, _ cursor: inout Int, _ end: Int) -> Bool {
        guard cursor < end, bytes[cursor] == text.asciiValue else { return false }
        cursor += 1
        return true
    }

    /// The text of a range.
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Whether a range is valid UTF-8.
    func isUTF8(_ range: Range<Int>) -> Bool { String(validating: bytes[range], as: UTF8.self) != nil }
}
