import WorkingCalendar

/// Reads a date as people write it in settings: `yyyy-mm-dd` or `dd/mm/yyyy`; `nil` where it is neither.
///
/// Slashes always mean day, month, year, with one or two digits for day and month.
func writtenDate(_ text: String) -> CivilDate? {
    if let date = CivilDate(text) { return date }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, 1...2 ~= parts[0].utf8.count, 1...2 ~= parts[1].utf8.count, parts[2].utf8.count == 4,
        parts.allSatisfy({ $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }),
        let day = Int32(parts[0]), let month = Int32(parts[1]), let year = Int32(parts[2])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
}

/// What a message says of a date that cannot be read.
let expectedDate = "is no date; expected yyyy-mm-dd or dd/mm/yyyy"
