import Clocks
import Rules
public import WorkingCalendar

/// How long the work of one rule takes on one card: what its dot plot and its distribution are drawn from.
public struct WorkTimes: Hashable, Sendable {
    public var level: Level
    public var name: String
    public var rule: String
    /// The running clocks by how far they are past their limit in the rule's days, negative before it; ascending.
    public var open: [Count]
    /// The clocks that stopped in the weeks the charts show, by the days they took; ascending.
    public var stopped: [Count]
    /// The Sundays of the first and the last of those weeks.
    public var weeks: ClosedRange<CivilDate>

    /// So many clocks of so many days.
    public struct Count: Hashable, Sendable {
        public var days: Int32
        public var count: Int

        public init(days: Int32, count: Int) {
            self.days = days
            self.count = count
        }
    }

    public init(
        level: Level, name: String, rule: String, open: [Count], stopped: [Count], weeks: ClosedRange<CivilDate>
    ) {
        self.level = level
        self.name = name
        self.rule = rule
        self.open = open
        self.stopped = stopped
        self.weeks = weeks
    }
}

extension WorkTimes {
    /// Adds up the times of the cards of every level.
    ///
    /// - Complexity: O(*c*) in the clocks that stopped in the weeks shown, or run.
    static func ofCards(
        _ cards: [(level: Level, name: String, places: [Int])], _ sums: CardSums, weeks: [ReportedWeek],
        context: CardContext
    ) -> [WorkTimes] {
        let shown = max(0, weeks.count - TrendCalendar.shown)..<weeks.count
        guard let first = shown.first, let last = shown.last else { return [] }
        let period = weeks[first].week.ending...weeks[last].week.ending
        var open: [Key: [Int32: Int]] = [:]
        for (key, count) in sums.open {
            open[Key(rule: key.rule, place: key.place), default: [:]][key.daysOver, default: 0] += Int(count)
        }
        var stopped: [Key: [Int32: Int]] = [:]
        for packed in sums.elapsed {
            let (week, rule, place, days) = CardSums.unpacked(packed)
            if shown.contains(week) { stopped[Key(rule: rule, place: place), default: [:]][days, default: 0] += 1 }
        }
        func sorted(_ parts: [[Int32: Int]]) -> [Count] {
            parts.reduce(into: [Int32: Int]()) { $0.merge($1, uniquingKeysWith: +) }
                .map { Count(days: $0.key, count: $0.value) }.sorted { $0.days < $1.days }
        }
        return cards.flatMap { card in
            context.clocks.rulebook.rules.indices.compactMap { rule in
                let keys = card.places.map { Key(rule: rule, place: $0) }
                let times = WorkTimes(
                    level: card.level, name: card.name, rule: context.ruleName(rule),
                    open: sorted(keys.compactMap { open[$0] }), stopped: sorted(keys.compactMap { stopped[$0] }),
                    weeks: period)
                return times.open.isEmpty && times.stopped.isEmpty ? nil : times
            }
        }
    }

    /// A rule at a place.
    private struct Key: Hashable {
        var rule: Int
        var place: Int
    }
}
