public import Rules
public import WorkingCalendar

/// The weeks of one figure of one card, with the limits of its control chart.
public struct Trend: Hashable, Sendable {
    /// How the chart's limits are made.
    public enum Chart: String, Sendable {
        /// One value a week: `missed`, a flow.
        case xmr
        /// A share of the work that stopped: `in_time`.
        case laney
        /// The share in blocks of four weeks, where too few weeks have ten and more.
        case blocks
        /// The work there is at each week's end: `running`, `overdue`. Each week's contains most of the last one's, so
        /// it has no limits.
        case stock
    }

    /// One point: a week, or the four weeks that end with it.
    public struct Point: Hashable, Sendable {
        public var weekEnding: CivilDate
        public var numerator: Int
        /// What the numerator is a part of; 0 where the value is a count.
        public var denominator: Int
        /// The value drawn: a count, or a share between 0 and 1.
        public var value: Double
        /// Whether the point is drawn hollow and breaks no rule, its denominator being below 10.
        public var isHollow: Bool
        public var lower: Double?
        public var upper: Double?

        public init(
            weekEnding: CivilDate, numerator: Int, denominator: Int, value: Double, isHollow: Bool,
            lower: Double? = nil, upper: Double? = nil
        ) {
            self.weekEnding = weekEnding
            self.numerator = numerator
            self.denominator = denominator
            self.value = value
            self.isHollow = isHollow
            self.lower = lower
            self.upper = upper
        }
    }

    public var level: Level
    public var name: String
    public var rule: String
    public var measure: String
    public var chart: Chart
    public var points: [Point]
    /// The centre line; `nil` where there is no baseline.
    public var mean: Double?
    /// The Sundays of the first and last week of the baseline.
    public var baseline: ClosedRange<CivilDate>?
    /// Whether there are fewer than 12 points since the last break, or fewer baseline weeks: limits are trial and raise
    /// no alarm.
    public var isTrial: Bool
    /// Whether the largest moving ranges were left out of the limits.
    public var isScreened = false
    /// The points, by their Sundays, before which the line is broken: a limit changed, or a change was declared.
    ///
    /// Limits are drawn, and causes looked for, from the last one on.
    public var breaks: [CivilDate] = []
    /// The special causes completed in the last four weeks.
    public var signals: [Signal]

    public init(
        level: Level, name: String, rule: String, measure: String, chart: Chart, points: [Point], mean: Double? = nil,
        baseline: ClosedRange<CivilDate>? = nil, isTrial: Bool, signals: [Signal] = []
    ) {
        self.level = level
        self.name = name
        self.rule = rule
        self.measure = measure
        self.chart = chart
        self.points = points
        self.mean = mean
        self.baseline = baseline
        self.isTrial = isTrial
        self.signals = signals
    }
}

/// Which weeks the trends are made of.
public struct TrendCalendar: Sendable {
    /// The number of weeks a chart shows, those a share in blocks needs, and those of a baseline.
    public static let shown = 26
    static let inBlocks = 52
    public static let baselineWeeks = 12
    /// A signal is named when it was completed in this many weeks, the last one included.
    static let recent = 4

    /// Every Sunday whose flow is needed, oldest first.
    public let weeks: [CivilDate]
    /// The places in ``weeks`` of the weeks shown.
    let shownWeeks: Range<Int>
    let blockWeeks: Range<Int>
    private let last: CivilDate
    private let coveredFrom: CivilDate
    private let changes: [CivilDate]

    /// Chooses the weeks.
    ///
    /// - Parameters:
    ///   - last: The Sunday of the last reported week.
    ///   - coveredFrom: The first covered day: earlier weeks are neither drawn nor used.
    ///   - changes: The dates of declared changes; the baseline begins after the last one not after `last`.
    ///   - limitChanges: The dates on which a limit of some rule changes, which are changes for that rule.
    public init(
        last: CivilDate, coveredFrom: CivilDate, changes: [CivilDate], limitChanges: [CivilDate] = []
    ) {
        self.last = last
        self.coveredFrom = coveredFrom
        self.changes = changes
        let firstCovered = Self.firstWholeWeek(from: coveredFrom)
        let window = (0..<Int32(Self.inBlocks)).map { last.adding(days: -7 * $0) }.filter { $0 >= firstCovered }
        var all = Set(window)
        for change in [[]] + limitChanges.map({ [$0] }) {
            all.formUnion(Self.baseline(last, coveredFrom, changes + change))
        }
        weeks = all.sorted()
        blockWeeks = Self.range(window, weeks)
        shownWeeks = Self.range(Array(window.prefix(Self.shown)), weeks)
    }

    private static func firstWholeWeek(from day: CivilDate) -> CivilDate {
        day.weekday == 0 ? day.weekEnding : day.weekEnding.adding(days: 7)
    }

    /// The changes that lie in the covered history, in order.
    private static func inHistory(_ changes: [CivilDate], _ last: CivilDate, _ coveredFrom: CivilDate) -> [CivilDate] {
        changes.filter { $0 <= last && $0 >= coveredFrom }.sorted()
    }

    private static func baseline(
        _ last: CivilDate, _ coveredFrom: CivilDate, _ changes: [CivilDate]
    ) -> [CivilDate] {
        let first = firstWholeWeek(from: inHistory(changes, last, coveredFrom).last ?? coveredFrom)
        return (0..<Int32(baselineWeeks)).map { first.adding(days: $0 * 7) }.filter { $0 <= last }
    }

    /// The places of weeks that follow one another.
    private static func range(_ days: [CivilDate], _ weeks: [CivilDate]) -> Range<Int> {
        guard let first = days.min(), let last = days.max(), let low = weeks.firstIndex(of: first),
            let high = weeks.firstIndex(of: last)
        else { return 0..<0 }
        return low..<(high + 1)
    }

    /// The places in ``weeks`` of the baseline of a rule whose limit changes on some days, on a card that
    /// begins with a week.
    ///
    /// Where not all of a card's first weeks are known, because it began long ago, those of the window are.
    func baseline(limitChanges: [CivilDate], from begun: Int) -> Range<Int> {
        let usual = Self.range(Self.baseline(last, coveredFrom, changes + limitChanges), weeks)
        guard begun > usual.lowerBound, !usual.isEmpty else { return usual }
        func twelve(from first: Int) -> Range<Int> { first..<min(first + Self.baselineWeeks, weeks.count) }
        let own = twelve(from: begun)
        let isWhole = weeks[own.upperBound - 1] == weeks[begun].adding(days: Int32(own.count - 1) * 7)
        return isWhole ? own : twelve(from: blockWeeks.lowerBound)
    }

    /// The days on which what a rule's charts show became something else.
    func breaks(limitChanges: [CivilDate]) -> [CivilDate] {
        Self.inHistory(changes + limitChanges, last, coveredFrom)
    }
}

extension Rule {
    /// The first days of the editions whose limits are not those of the edition before.
    public var limitChanges: [CivilDate] {
        zip(editions, editions.dropFirst()).compactMap { before, after in
            (before.limit, before.expected) == (after.limit, after.expected) ? nil : after.from
        }
    }
}

/// Makes the trends of every card from the flow of the weeks.
struct TrendMaker {
    let calendar: TrendCalendar
    let sums: CardSums
    /// The reported weeks, oldest first: those whose stock is known.
    let reported: [ReportedWeek]
    let isScreened: Bool

    /// The week with which the trends of a card begin: that of its first work, or, where the organisation
    /// file states one, that of its first day.
    ///
    /// Before it there was no team, which is not a team that missed nothing.
    func firstWeek(of places: [Int], from stated: CivilDate?) -> Int {
        calendar.weeks.indices.first { week in
            if let stated, stated <= calendar.weeks[week] { return true }
            return (0..<sums.rules).contains { rule in
                places.contains {
                    sums.sum(.due, trendWeek: week, rule: rule, place: $0) > 0
                        || sums.sum(.judged, trendWeek: week, rule: rule, place: $0) > 0
                }
            }
        } ?? 0
    }

    /// The trends of one rule for the places that make up a name, from one of the weeks on.
    func trends(
        level: Level, name: String, rule: Int, _ definition: Rule, isAvailable: Bool, places: [Int], from begun: Int
    ) -> [Trend] {
        func flow(_ kind: CardSums.Flow) -> [Int] {
            calendar.weeks.indices.map { week in
                places.reduce(0) { $0 + sums.sum(kind, trendWeek: week, rule: rule, place: $1) }
            }
        }
        let judged = flow(.judged)
        let inTime = flow(.inTime)
        guard calendar.shownWeeks.contains(where: { judged[$0] > 0 }) || flow(.due).contains(where: { $0 > 0 }) else {
            return []
        }
        var trends: [Trend] = []
        let history = History(calendar, definition.limitChanges, from: begun)
        let template = Trend(
            level: level, name: name, rule: definition.name, measure: "", chart: .xmr, points: [],
            baseline: history.baselineDates(calendar), isTrial: true)
        if level == .team {
            trends.append(missed(flow(.missed), template, history))
            if isAvailable { trends += stocks(rule, places, template, history) }
        }
        trends.append(share(inTime, of: judged, template, history))
        return trends
    }

    /// What happened to a rule in the weeks of its charts.
    private struct History {
        let baseline: Range<Int>
        let breaks: [CivilDate]
        /// The place of the first week that is drawn.
        let begun: Int

        init(_ calendar: TrendCalendar, _ limitChanges: [CivilDate], from begun: Int) {
            self.begun = begun
            baseline = calendar.baseline(limitChanges: limitChanges, from: begun)
            breaks = calendar.breaks(limitChanges: limitChanges)
        }

        func baselineDates(_ calendar: TrendCalendar) -> ClosedRange<CivilDate>? {
            baseline.isEmpty ? nil : calendar.weeks[baseline.lowerBound]...calendar.weeks[baseline.upperBound - 1]
        }

        /// Breaks the line before the first point that reaches each change; limits hold from the last break on.
        ///
        /// - Returns: The place of the first point with limits.
        func divide(_ trend: inout Trend) -> Int {
            let starts = breaks.compactMap { day in trend.points.firstIndex { $0.weekEnding >= day } }
            trend.breaks = Set(starts).subtracting([0]).sorted().map { trend.points[$0].weekEnding }
            let first = starts.max() ?? 0
            for index in 0..<first { (trend.points[index].lower, trend.points[index].upper) = (nil, nil) }
            trend.isTrial =
                trend.points.count - first < TrendCalendar.baselineWeeks
                || baseline.count < TrendCalendar.baselineWeeks
            return first
        }
    }

    private func missed(_ counts: [Int], _ template: Trend, _ history: History) -> Trend {
        var trend = template
        trend.measure = "missed"
        trend.isScreened = isScreened
        let limits = XmRLimits(baseline: history.baseline.map { Double(counts[$0]) }, isScreened: isScreened)
        trend.mean = limits?.mean
        trend.points = calendar.shownWeeks.filter { $0 >= history.begun }.map { week in
            Trend.Point(
                weekEnding: calendar.weeks[week], numerator: counts[week], denominator: 0,
                value: Double(counts[week]), isHollow: false, lower: limits?.lower, upper: limits?.upper)
        }
        let first = history.divide(&trend)
        if let limits, !trend.isTrial {
            let causes = specialCauses(trend.points[first...].map { ChartPoint($0.value, limits) })
            trend.signals = causes.map { $0.moved(by: first) }.filter {
                $0.points.upperBound >= trend.points.count - TrendCalendar.recent
            }
        }
        return trend
    }

    /// The stock of the weeks that were added up, where there are several.
    private func stocks(_ rule: Int, _ places: [Int], _ template: Trend, _ history: History) -> [Trend] {
        let begun = calendar.weeks[history.begun]
        let shown = reported.indices.suffix(TrendCalendar.shown).filter { reported[$0].week.ending >= begun }
        guard shown.count > 1 else { return [] }
        return [("running", Tally.running), ("overdue", .overdue)].map { measure, tally in
            var trend = template
            trend.measure = measure
            trend.chart = .stock
            trend.baseline = nil
            trend.points = shown.map { week in
                let count = places.reduce(0) { $0 + sums.sum(tally, week: week, rule: rule, place: $1) }
                return Trend.Point(
                    weekEnding: reported[week].week.ending, numerator: count, denominator: 0, value: Double(count),
                    isHollow: false)
            }
            _ = history.divide(&trend)
            trend.isTrial = false
            return trend
        }
    }

    /// The share in time: week by week where at least 20 weeks have ten and more, else in blocks of four.
    private func share(_ inTime: [Int], of judged: [Int], _ template: Trend, _ history: History) -> Trend {
        var trend = template
        trend.measure = "in_time"
        let busy = calendar.shownWeeks.filter { judged[$0] >= 10 }.count
        trend.chart = busy >= 20 ? .laney : .blocks
        let baseline = history.baseline.map { (numerator: inTime[$0], denominator: judged[$0]) }
        let limits = LaneyLimits(baseline: trend.chart == .laney ? baseline : blocks(baseline))
        trend.mean = limits?.centre
        let weeks = (trend.chart == .laney ? calendar.shownWeeks : calendar.blockWeeks).filter { $0 >= history.begun }
        let size = trend.chart == .laney ? 1 : 4
        var ends = Array(stride(from: weeks.count - 1, through: size - 1, by: -size))
        ends.reverse()
        trend.points = ends.map { end in
            let block = weeks[(end - size + 1)...end]
            let numerator = block.reduce(0) { $0 + inTime[$1] }
            let denominator = block.reduce(0) { $0 + judged[$1] }
            let lines = denominator > 0 ? limits?.limits(denominator: denominator) : nil
            return Trend.Point(
                weekEnding: calendar.weeks[weeks[end]], numerator: numerator, denominator: denominator,
                value: denominator > 0 ? Double(numerator) / Double(denominator) : 0, isHollow: denominator < 10,
                lower: lines?.lower, upper: lines?.upper)
        }
        let first = history.divide(&trend)
        if let limits, !trend.isTrial {
            // A hollow point breaks no rule, nor makes one, so the rules see the others as neighbours.
            let solid = trend.points.indices.filter { $0 >= first && !trend.points[$0].isHollow }
            let signals = specialCauses(solid.map { point(trend.points[$0], limits) })
            trend.signals = signals.map { signal in
                Signal(
                    cause: signal.cause, points: solid[signal.points.lowerBound]...solid[signal.points.upperBound],
                    isHigh: signal.isHigh)
            }.filter { $0.points.upperBound * size >= (trend.points.count - 1) * size - TrendCalendar.recent + 1 }
        }
        return trend
    }

    private func blocks(_ weeks: [(numerator: Int, denominator: Int)]) -> [(numerator: Int, denominator: Int)] {
        stride(from: 0, to: weeks.count - weeks.count % 4, by: 4).map { start in
            let block = weeks[start..<(start + 4)]
            return (block.reduce(0) { $0 + $1.numerator }, block.reduce(0) { $0 + $1.denominator })
        }
    }

    private func point(_ point: Trend.Point, _ limits: LaneyLimits) -> ChartPoint {
        let near = limits.near(denominator: point.denominator)
        let lines = limits.limits(denominator: point.denominator)
        return ChartPoint(
            value: point.value, mean: limits.centre, lower: lines.lower, upper: lines.upper, lowerNear: near.lower,
            upperNear: near.upper)
    }
}
