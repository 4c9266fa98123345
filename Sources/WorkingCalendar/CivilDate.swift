/// A calendar date in the proleptic Gregorian calendar, with no time of day and no time zone.
///
/// Time limits are set in whole days, so the engine never uses a clock-time type: a `CivilDate` is
/// four bytes, and the difference of two is one integer instruction.
public struct CivilDate: Hashable, Codable, Sendable, BitwiseCopyable {
    /// Whole days since 1970-01-01, which is day 0; dates before it are negative.
    public let daysSinceEpoch: Int32

    /// Creates a date from a count of whole days since 1970-01-01.
    @inlinable
    public init(daysSinceEpoch: Int32) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// Creates a date from its calendar parts, or returns `nil` if there is no such day.
    ///
    /// - Parameters:
    ///   - year: The year, in `1800...9999`.
    ///   - month: The month of the year, in `1...12`.
    ///   - day: The day of the month, counted from 1.
    /// - Complexity: O(1); allocates nothing.
    @inlinable
    public init?(year: Int32, month: Int32, day: Int32) {
        guard 1800...9999 ~= year, 1...12 ~= month, day >= 1 else { return nil }
        guard day <= Self.lengthOfMonth(month, year: year) else { return nil }
        // Years are counted from March, so that a leap day is the last day of its year.
        let shiftedYear = month <= 2 ? year &- 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear &- era &* 400
        let monthFromMarch = month > 2 ? month &- 3 : month &+ 9
        let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        self.init(daysSinceEpoch: era &* 146_097 &+ dayOfEra &- 719_468)
    }

    /// The number of days in the month, in `28...31`.
    @inlinable
    static func lengthOfMonth(_ month: Int32, year: Int32) -> Int32 {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The calendar parts of the date; the inverse of ``init(year:month:day:)``.
    public var parts: (year: Int32, month: Int32, day: Int32) {
        let shifted = daysSinceEpoch &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let monthFromMarch = (5 &* dayOfYear &+ 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch &+ 3 : monthFromMarch &- 9
        return (
            yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, dayOfYear &- (153 &* monthFromMarch &+ 2) / 5 &+ 1
        )
    }
}

extension CivilDate: Comparable {
    @inlinable
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.daysSinceEpoch < rhs.daysSinceEpoch }
}

extension CivilDate {
    /// The day of the week: 0 is Monday, 6 is Sunday.
    @inlinable
    public var weekday: Int32 {
        // 1970-01-01 was a Thursday.
        let weekday = (daysSinceEpoch &+ 3) % 7
        return weekday < 0 ? weekday &+ 7 : weekday
    }

    /// Whether the date is a Saturday or a Sunday.
    @inlinable
    public var isWeekend: Bool { weekday >= 5 }

    /// The Sunday that ends the date's week, Monday to Sunday; a Sunday is its own.
    @inlinable
    public var weekEnding: CivilDate { adding(days: 6 &- weekday) }

    /// The date `days` later, or earlier where it is negative.
    @inlinable
    public func adding(days: Int32) -> CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch &+ days) }

    /// The same day of the month `months` later, or the month's last day where it has no such day.
    ///
    /// 30 November and 3 months give 28 February, or 29 February in a leap year.
    public func adding(months: Int32) -> CivilDate {
        let (year, month, day) = parts
        let index = year * 12 + (month - 1) + months
        let newYear = index / 12
        let newMonth = index % 12 + 1
        let newDay = min(day, Self.lengthOfMonth(newMonth, year: newYear))
        return CivilDate(year: newYear, month: newMonth, day: newDay) ?? self
    }
}

extension CivilDate: LosslessStringConvertible {
    /// Creates a date from ISO 8601 text, `yyyy-mm-dd` exactly, or returns `nil`.
    ///
    /// For options, settings and tests. The reader of exports parses bytes and never comes here.
    public init?(_ description: String) {
        let digits = description.utf8.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard description.utf8.count == 10, digits.count == 8,
            let number = Int32(String(decoding: digits, as: UTF8.self))
        else { return nil }
        self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        guard self.description == description else { return nil }
    }

    /// The date as ISO 8601 `yyyy-mm-dd`.
    public var description: String {
        let (year, month, day) = parts
        func pad(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
        return String(year) + "-" + pad(month) + "-" + pad(day)
    }
}
