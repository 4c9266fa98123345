public import WorkingCalendar

/// One figure of a card: one row of `cards.csv`.
public struct Figure: Hashable, Sendable {
    public var weekEnding: CivilDate
    public var level: Level
    /// The unit, team, Group Manager or service; `all` for the authority.
    public var name: String
    /// The rule's name, or `referral`.
    public var rule: String
    public var measure: String
    /// The part and the whole of a share.
    public var numerator: Int?
    public var denominator: Int?
    public var value: Value

    /// What stands in the column `value`.
    public enum Value: Hashable, Sendable {
        case none
        case number(Int)
        /// A number with one decimal, in tenths.
        case tenths(Int)
        /// `:`, where no source carries what the measure needs.
        case notAvailable
    }

    /// The value as files print it.
    public var valueText: String {
        switch value {
        case .none: ""
        case .number(let number): "\(number)"
        case .tenths(let tenths): "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        case .notAvailable: ":"
        }
    }

    /// The least whole of which a percentage is printed.
    public static let leastForPercentage = 10

    /// A part of a whole in tenths of a percent, half rounded up.
    static func percentage(_ part: Int, of whole: Int) -> Int { (part * 2000 + whole) / (whole * 2) }
}
