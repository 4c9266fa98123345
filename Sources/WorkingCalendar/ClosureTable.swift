/// A day on which nobody in a jurisdiction is expected to work, and from when that was known.
public struct Closure: Hashable, Codable, Sendable {
    /// The day itself.
    public var date: CivilDate
    /// The first day on which the closure was public knowledge; `nil` where it was always known.
    public var knownFrom: CivilDate?
    /// The day on which the closure was called off; `nil` where it stands.
    public var withdrawnOn: CivilDate?

    public init(date: CivilDate, knownFrom: CivilDate? = nil, withdrawnOn: CivilDate? = nil) {
        self.date = date
        self.knownFrom = knownFrom
        self.withdrawnOn = withdrawnOn
    }

    /// Whether the closure counts for somebody who knows what was known on `day`.
    ///
    /// Without a day everything known counts, and a closure that was called off never does.
    public func counts(knownAt day: CivilDate?) -> Bool {
        guard let day else { return withdrawnOn == nil }
        if let knownFrom, knownFrom > day { return false }
        if let withdrawnOn, withdrawnOn <= day { return false }
        return true
    }
}

/// The closures of one jurisdiction over a span of whole years, as data.
public struct ClosureTable: Hashable, Codable, Sendable {
    /// The jurisdiction's name, such as `england-and-wales`.
    public var jurisdiction: String
    /// The first and last day the table answers for.
    public var coverage: ClosedRange<CivilDate>
    /// The first day from which the closures follow from the usual rule and are not yet proclaimed.
    public var byRuleFrom: CivilDate?
    /// The closures, in any order.
    public var closures: [Closure]

    public init(
        jurisdiction: String, coverage: ClosedRange<CivilDate>, byRuleFrom: CivilDate? = nil, closures: [Closure]
    ) {
        self.jurisdiction = jurisdiction
        self.coverage = coverage
        self.byRuleFrom = byRuleFrom
        self.closures = closures
    }
}
