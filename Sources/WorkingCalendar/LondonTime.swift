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
        // Minutes up to the year 9999 need more than 32 bits.
        let utc = Int64(day.daysSinceEpoch) * 1440 + Int64(minute - offsetMinutes)
        let utcDay = civilDay(ofMinute: utc)
        let year = utcDay.parts.year
        guard let march = CivilDate(year: year, month: 3, day: 31),
            let october = CivilDate(year: year, month: 10, day: 31)
        else { return utcDay }
        let begins = Int64(lastSunday(onOrBefore: march).daysSinceEpoch) * 1440 + 60
        let ends = Int64(lastSunday(onOrBefore: october).daysSinceEpoch) * 1440 + 60
        return civilDay(ofMinute: utc >= begins && utc < ends ? utc + 60 : utc)
    }

    private static func lastSunday(onOrBefore date: CivilDate) -> CivilDate {
        date.adding(days: -((date.weekday + 1) % 7))
    }

    private static func civilDay(ofMinute minute: Int64) -> CivilDate {
        let day = minute / 1440
        return CivilDate(daysSinceEpoch: Int32(minute % 1440 < 0 ? day - 1 : day))
    }
}
