import CaseEvents
import DelimitedText
import WorkingCalendar

/// Reads the dates of files that are not ours, in every ``DateForm``.
struct WrittenDates: Sendable {
    let forms: Set<DateForm>

    enum Reading: Equatable {
        case none, bad, monthOver12
        case date(CivilDate, DateForm)
    }

    /// Reads a cleaned cell.
    ///
    /// - Complexity: O(length).
    func read(_ fields: FieldReader, _ range: Range<Int>) -> Reading {
        guard !range.isEmpty, !Self.isNothing(fields.bytes[range]) else { return .none }
        let reading: Reading =
            switch fields.date(range) {
            case .none: .none
            case .monthOver12: .monthOver12
            case .date(let date, let format): .date(date, format == .iso ? .iso : .slashes)
            case .bad: Self.otherForm(fields.bytes[range])
            }
        if case .date(_, let form) = reading, !forms.contains(form) { return .bad }
        return reading
    }

    private static func otherForm(_ text: ArraySlice<UInt8>) -> Reading {
        serial(text) ?? monthName(text) ?? shortYear(text) ?? .bad
    }

    /// The marks for "nothing" of statistical tables, which no date can be.
    private static func isNothing(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count == 1, let byte = text.first else { return false }
        return [":", "c", "u", "x", "z"].contains(Unicode.Scalar(byte | 32)) || byte == UInt8(ascii: ":")
    }

    /// The days since 1899-12-30, with or without a part of a day; of the years 1954 to 2079.
    private static func serial(_ text: ArraySlice<UInt8>) -> Reading? {
        var days: Int32 = 0
        var digits = 0
        var rest = text
        while let byte = rest.first, byte &- UInt8(ascii: "0") <= 9, digits < 6 {
            days = days * 10 + Int32(byte &- UInt8(ascii: "0"))
            digits += 1
            rest.removeFirst()
        }
        guard digits == 5, 20_000...65_000 ~= days else {
            // The first day that a workbook can hold stands for "nothing".
            return (digits == text.count && days <= 2) ? Reading.none : nil
        }
        if let point = rest.first {
            guard point == UInt8(ascii: "."), rest.dropFirst().allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
                return nil
            }
        }
        return .date(CivilDate(daysSinceEpoch: days - 25_569), .serial)
    }

    /// A day, the name of a month or its first three letters, and a year of two or four digits.
    ///
    /// Two digits are a year from 1950 to 2049.
    private static func monthName(_ text: ArraySlice<UInt8>) -> Reading? {
        let words = String(decoding: text, as: UTF8.self).lowercased().split { $0 == "-" || $0 == " " || $0 == "/" }
        guard words.count >= 3, let day = Int32(words[0]), words[0].utf8.count <= 2,
            let month = months.firstIndex(where: { $0 == words[1] || ($0.hasPrefix(words[1]) && words[1].count == 3) }),
            let number = Int32(words[2]), words[2].utf8.count == 2 || words[2].utf8.count == 4
        else { return nil }
        // Only a time may follow.
        guard words.count == 3 || (words.count == 4 && words[3].contains(":")) else { return nil }
        let year = words[2].utf8.count == 4 ? number : fullYear(number)
        guard let date = CivilDate(year: year, month: Int32(month + 1), day: day) else { return nil }
        if date.parts == (1900, 1, 1) || date.parts == (9999, 12, 31) { return Reading.none }
        return EventDay.number(date) == 0 ? .bad : .date(date, .monthName)
    }

    /// Numbers of one or two digits for day and month and of two for the year, after which only a time may follow.
    private static func shortYear(_ text: ArraySlice<UInt8>) -> Reading? {
        let words = String(decoding: text, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        let numbers = words[0].split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count == 3, words.count == 1 || (words.count == 2 && words[1].contains(":")),
            numbers.allSatisfy({ 1...2 ~= $0.utf8.count && $0.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 } }),
            numbers[2].utf8.count == 2, let day = Int32(numbers[0]), let month = Int32(numbers[1]),
            let year = Int32(numbers[2])
        else { return nil }
        guard month <= 12 else { return .monthOver12 }
        return CivilDate(year: fullYear(year), month: month, day: day).map { .date($0, .shortYear) }
    }

    /// The year from 1950 to 2049 that ends in two digits.
    private static func fullYear(_ digits: Int32) -> Int32 { digits + (digits < 50 ? 2000 : 1900) }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
}
