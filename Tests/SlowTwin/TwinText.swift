import WorkingCalendar

/// The records of an RFC 4180 text; a wholly empty line is not one.
func csvRecords(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = String.UnicodeScalarView()
    var quoted = false
    var sawAnything = false
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }

    func endOfLine() {
        if sawAnything {
            record.append(String(field))
            records.append(record)
        }
        record = []
        field = String.UnicodeScalarView()
        sawAnything = false
    }

    var index = 0
    while index < scalars.count {
        let scalar = scalars[index]
        index += 1
        if quoted {
            if scalar != "\"" {
                field.append(scalar)
            } else if index < scalars.count, scalars[index] == "\"" {
                field.append(scalar)
                index += 1
            } else {
                quoted = false
            }
        } else if scalar == "\"" && field.isEmpty {
            quoted = true
            sawAnything = true
        } else if scalar == "," {
            record.append(String(field))
            field = String.UnicodeScalarView()
            sawAnything = true
        } else if scalar == "\n" {
            endOfLine()
        } else if scalar == "\r", index < scalars.count, scalars[index] == "\n" {
            index += 1
            endOfLine()
        } else {
            field.append(scalar)
            sawAnything = true
        }
    }
    endOfLine()
    return records
}

/// Blanks, tabs and non-breaking spaces go from both ends; `NULL`, `#N/A` and `-1` are no value.
func cleanText(_ cell: String) -> String {
    let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}"]
    var scalars = Array(cell.unicodeScalars)
    while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
    while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    let text = String(view)
    if ["NULL", "#N/A", "-1"].contains(text.uppercased()) { return "" }
    return text
}

/// An id: clean text, and `123.0` is the id `123`.
func cleanId(_ cell: String) -> String {
    let text = cleanText(cell)
    let stem = text.dropLast(2)
    guard text.hasSuffix(".0"), isDigits(stem) else { return text }
    return String(stem)
}

private func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
}

/// What a date cell says.
enum DateCell: Equatable {
    case none
    case bad
    case date(CivilDate)
}

/// A date in either format, with or without a time.
func readDate(_ cell: String) -> DateCell {
    let text = cleanText(cell)
    if text.isEmpty { return .none }
    let cut = text.firstIndex { $0 == "T" || $0 == " " }
    let day = String(text[..<(cut ?? text.endIndex)])
    let time = cut.map { String(text[text.index(after: $0)...]) }
    guard let (year, month, dayOfMonth) = calendarParts(day) else { return .bad }
    if (year, month, dayOfMonth) == (1900, 1, 1) || (year, month, dayOfMonth) == (9999, 12, 31) { return .none }
    guard year >= 1900 else { return .bad }
    // Years past the range of the date type only need to be real days: they are kept as the last day.
    let shownYear = year > 2199 ? 2000 + year % 400 % 200 : year
    let leapSafe = year > 2199 && month == 2 && dayOfMonth == 29 ? 2000 : shownYear
    guard let written = CivilDate(year: Int32(leapSafe), month: Int32(month), day: Int32(dayOfMonth)),
        let last = CivilDate("2079-06-05"), let first = CivilDate("1900-01-02")
    else { return .bad }
    if year > 2199 { return .date(last) }
    var date = written
    if let time {
        guard let shift = daysToLondon(written, time) else { return .bad }
        date = written.plus(shift)
    }
    if date < first { return .bad }
    return .date(min(date, last))
}

private func calendarParts(_ text: String) -> (Int, Int, Int)? {
    let slashed = text.contains("/")
    let parts = text.split(separator: slashed ? "/" : "-", omittingEmptySubsequences: false).map { String($0) }
    guard parts.count == 3, parts.allSatisfy({ isDigits($0) }) else { return nil }
    let ordered = slashed ? [parts[2], parts[1], parts[0]] : parts
    guard ordered[0].count == 4, ordered[1].count <= 2, ordered[2].count <= 2 else { return nil }
    let numbers = ordered.compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    return (numbers[0], numbers[1], numbers[2])
}

/// How many days the London date is from the date written: a time with `Z` or an offset is moved.
private func daysToLondon(_ written: CivilDate, _ time: String) -> Int? {
    var clock = time
    var offset: Int?
    if clock.hasSuffix("Z") {
        clock.removeLast()
        offset = 0
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
        let digits = clock[clock.index(after: sign)...].filter { $0 != ":" }
        guard isDigits(digits), let number = Int(digits) else { return nil }
        let minutes = digits.count <= 2 ? number * 60 : number / 100 * 60 + number % 100
        offset = clock[sign] == "-" ? -minutes : minutes
        clock = String(clock[..<sign])
    }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, let hour = Int(parts[0]), let minute = Int(parts[1]), hour <= 24, minute < 60 else {
        return nil
    }
    guard let offset else { return 0 }
    var minutes = Int(written.daysSinceEpoch) * 1440 + hour * 60 + minute - offset
    if isSummerTime(utcMinutes: minutes) { minutes += 60 }
    let londonDay = Int((Double(minutes) / 1440).rounded(.down))
    return londonDay - Int(written.daysSinceEpoch)
}

/// From 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October.
private func isSummerTime(utcMinutes: Int) -> Bool {
    let day = CivilDate(daysSinceEpoch: Int32((Double(utcMinutes) / 1440).rounded(.down)))
    let year = day.description.prefix(4)
    guard let march = CivilDate("\(year)-03-31"), let october = CivilDate("\(year)-10-31") else { return false }
    let begins = march.plus(1).sundayBefore
    let ends = october.plus(1).sundayBefore
    return utcMinutes >= Int(begins.daysSinceEpoch) * 1440 + 60 && utcMinutes < Int(ends.daysSinceEpoch) * 1440 + 60
}
