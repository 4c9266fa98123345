public import WorkingCalendar

/// What is known now of a week that was published before: what differs, and because of which rows.
public struct Restatement: Hashable, Sendable {
    /// A figure that says something else now than when its week was published.
    public struct ChangedFigure: Hashable, Sendable {
        public var level: String
        public var name: String
        public var rule: String
        public var measure: String
        /// As printed; empty where there was or is none.
        public var published: String
        public var now: String

        public init(level: String, name: String, rule: String, measure: String, published: String, now: String) {
            self.level = level
            self.name = name
            self.rule = rule
            self.measure = measure
            self.published = published
            self.now = now
        }
    }

    /// A row that was learnt, or is told no more, since the week was published.
    public struct LateEntry: Hashable, Sendable {
        public var child: String
        public var event: String
        public var date: String
        /// The day of the night on which it came or went.
        public var learntOn: CivilDate
        /// Whether it is told no more.
        public var isWithdrawn: Bool

        public init(child: String, event: String, date: String, learntOn: CivilDate, isWithdrawn: Bool) {
            self.child = child
            self.event = event
            self.date = date
            self.learntOn = learntOn
            self.isWithdrawn = isWithdrawn
        }
    }

    public var week: ISOWeek
    /// In the order of the cards.
    public var figures: [ChangedFigure]
    /// `nil` where what was known then has been purged.
    public var lateEntries: [LateEntry]?
    /// What the week was published with and is measured with otherwise now, such as `rulebook`.
    public var changedSettings: [String] = []

    public init(week: ISOWeek, figures: [ChangedFigure], lateEntries: [LateEntry]?) {
        self.week = week
        self.figures = figures
        self.lateEntries = lateEntries
    }
}
