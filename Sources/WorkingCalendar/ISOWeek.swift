/// A week, Monday to Sunday, named as ISO 8601 names it: `2010-W47`.
public struct ISOWeek: Hashable, Comparable, Codable, Sendable {
    /// The Sunday that ends the week.
    public let ending: CivilDate

    /// The week that holds `date`.
    public init(containing date: CivilDate) { ending = date.weekEnding }

    /// The Monday that begins the week.
    public var monday: CivilDate { ending.adding(days: -6) }

    /// Whether the week ends on a Sunday, as every week does that was not read from a file.
    public var isWhole: Bool { ending.weekday == 6 }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.ending < rhs.ending }
}

extension ISOWeek: LosslessStringConvertible {
    /// Reads a week such as `2010-W47`, or returns `nil`; a week 53 that the year does not have is none.
    public init?(_ description: String) {
        let parts = description.split(separator: "-W", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            let year = Int32(parts[0]), let number = Int32(parts[1]), number >= 1,
            // 4 January is always in week 1.
            let inWeekOne = CivilDate(year: year, month: 1, day: 4)
        else { return nil }
        self.init(containing: inWeekOne.adding(days: 7 * (number - 1)))
        guard self.description == description else { return nil }
    }

    /// The week's ISO 8601 name; its year is that of its Thursday.
    public var description: String {
        let thursday = ending.adding(days: -3)
        let year = thursday.parts.year
        let firstOfYear = CivilDate(year: year, month: 1, day: 1) ?? thursday
        let number = (thursday.daysSinceEpoch - firstOfYear.daysSinceEpoch) / 7 + 1
        return "\(year)-W\(number < 10 ? "0" : "")\(number)"
    }
}
