/// The reduction of a time with an offset to the civil date in London.
public enum LondonTime {
    /// The London date of a moment.
    ///
    /// British summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last
    /// Sunday of October (Summer Time Order 2002; the same days since 1996).
    ///
    /// - Parameters:
    ///   - day: The date written.
    ///   - minute: Minutes after midnight as written, in `0..<1440`.
    ///   - offsetMinutes: The written offset from UTC, in minutes; 0 for `Z`.
    /// - Returns: The date in London at that moment.
    public static func date(of day: CivilDate, minute: Int32, offsetMinutes: Int32) -> CivilDate {
        let utc = day.daysSinceEpoch * 1440 + minute - offsetMinutes
        let utcDay = CivilDate(daysSinceEpoch: floorDivide(utc, 1440))
        let year = utcDay.parts.year
        guard let march = CivilDate(year: year, month: 3, day: 31),
            let october = CivilDate(year: year, month: 10, day: 31)
        else { return utcDay }
        let begins = lastSunday(onOrBefore: march).daysSinceEpoch * 1440 + 60
        let ends = lastSunday(onOrBefore: october).daysSinceEpoch * 1440 + 60
        let local = utc >= begins && utc < ends ? utc + 60 : utc
        return CivilDate(daysSinceEpoch: floorDivide(local, 1440))
    }

    private static func lastSunday(onOrBefore date: CivilDate) -> CivilDate {
        date.adding(days: -((date.weekday + 1) % 7))
    }

    private static func floorDivide(_ value: Int32, _ divisor: Int32) -> Int32 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}
