/// A kind of exception: why a child and a step need a manager's answer.
///
/// The order of the cases is the order of the table, which decides between kinds of one rank.
public enum ExceptionKind: String, CaseIterable, Codable, Sendable {
    case childNotSeen = "child_not_seen"
    case overdue
    case noOutcome = "no_outcome"
    case unallocated
    case notStarted = "not_started"
    case noOversight = "no_oversight"
    case closedUnfinished = "closed_unfinished"
    case beyondLimit = "beyond_limit"
    case noRecentActivity = "no_recent_activity"
    case icpcNotBooked = "icpc_not_booked"
    case finding
}

/// The rules of one place and time, with the ranks and thresholds of the exceptions.
public struct Rulebook: Hashable, Codable, Sendable {
    /// The rulebook's name, printed on every card.
    public var name: String
    /// The rulebook's own version, printed on every card.
    public var version: String
    /// The calendar whose closures count, such as `england-and-wales`.
    public var jurisdiction: String
    /// The rules in the order of the cards.
    public var rules: [Rule]
    /// The rank of each kind but `overdue` and `beyond_limit`, whose ranks are their rules'.
    public var risks: [ExceptionKind: Int]
    public var thresholds: Thresholds

    public init(
        name: String, version: String, jurisdiction: String, rules: [Rule], risks: [ExceptionKind: Int],
        thresholds: Thresholds
    ) {
        self.name = name
        self.version = version
        self.jurisdiction = jurisdiction
        self.rules = rules
        self.risks = risks
        self.thresholds = thresholds
    }

    private enum CodingKeys: String, CodingKey {
        case name, version, jurisdiction, rules, risks, thresholds
    }

    /// Writes the ranks in the order of their kinds, so that one rulebook is one text; a dictionary has none.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(version, forKey: .version)
        try container.encode(jurisdiction, forKey: .jurisdiction)
        try container.encode(rules, forKey: .rules)
        try container.encode(thresholds, forKey: .thresholds)
        // As the library reads a dictionary back: keys and values in turn.
        var ranks = container.nestedUnkeyedContainer(forKey: .risks)
        for kind in ExceptionKind.allCases {
            guard let rank = risks[kind] else { continue }
            try ranks.encode(kind)
            try ranks.encode(rank)
        }
    }

    /// The numbers that decide when a referral or step becomes an exception, in working days.
    public struct Thresholds: Hashable, Codable, Sendable {
        /// A referral without `case_allocated` is an exception when more than this has passed.
        public var unallocatedAfter: Int32 = 1
        /// A decided referral with nothing begun is an exception when more than this has passed.
        public var notStartedAfter: Int32 = 3
        /// An S47 completed this long ago or longer needs an outcome.
        public var noOutcomeFrom: Int32 = 5
        /// A clock this long or longer past its due date needs a management decision.
        public var noOversightFrom: Int32 = 3
        /// A referral without any event for this long or longer is an exception.
        public var noRecentActivityFrom: Int32 = 20
        /// From this day of an S47 on its conference should be booked.
        public var icpcNotBookedFrom: Int32 = 10
        /// A clock with no more than this left is due soon.
        public var dueSoonWithin: Int32 = 5

        public init() {}
    }
}
