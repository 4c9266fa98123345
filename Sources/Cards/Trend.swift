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
    }

    /// One point: a week, or the four weeks that end with it.
    public struct Point: Hashable, Sendable {
        public var weekEnding: CivilDate
        public var numerator: Int
        /// What the numerator is a part of; 0 in an XmR chart.
        public var denominator: Int
        /// The value drawn: a count, or a share between 0 and 1.
        public var value: Double
        /// Whether the point is drawn hollow and breaks no rule, its denominator being below 10.
        public var isHollow: Bool
        public var lower: Double?
        public var upper: Double?
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
    /// Whether there are fewer than 12 points or baseline weeks: limits are trial and raise no alarm.
    public var isTrial: Bool
    /// The special causes completed in the last four weeks.
    public var signals: [Signal]
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
    /// The places in ``weeks`` of the baseline and of the weeks shown.
    let baseline: Range<Int>
    let shownWeeks: Range<Int>
    let blockWeeks: Range<Int>

    /// Chooses the weeks.
    ///
    /// - Parameters:
    ///   - last: The Sunday of the last reported week.
    ///   - coveredFrom: The first covered day: earlier weeks are neither drawn nor used.
    ///   - changes: The dates of declared changes; the baseline begins after the last one not after `last`.
    public init(last: CivilDate, coveredFrom: CivilDate, changes: [CivilDate]) {
        func firstWholeWeek(from day: CivilDate) -> CivilDate {
            day.weekday == 0 ? day.weekEnding : day.weekEnding.adding(days: 7)
        }
        let firstCovered = firstWholeWeek(from: coveredFrom)
        let change = changes.filter { $0 <= last && $0 >= coveredFrom }.max()
        let firstBaseline = change.map { firstWholeWeek(from: $0) } ?? firstCovered
        let base = (0..<Int32(Self.baselineWeeks)).map { firstBaseline.adding(days: $0 * 7) }.filter { $0 <= last }
        let window = (0..<Int32(Self.inBlocks)).map { last.adding(days: -7 * $0) }.filter { $0 >= firstCovered }
        weeks = Array(Set(base + window)).sorted()
        let all = weeks
        func range(_ days: [CivilDate]) -> Range<Int> {
            guard let first = days.min(), let last = days.max(), let low = all.firstIndex(of: first),
                let high = all.firstIndex(of: last)
            else { return 0..<0 }
            return low..<(high + 1)
        }
        baseline = range(base)
        blockWeeks = range(window)
        shownWeeks = range(Array(window.prefix(Self.shown)))
    }
}

/// Makes the trends of every card from the flow of the weeks.
struct TrendMaker {
    let calendar: TrendCalendar
    let sums: CardSums

    /// The trends of one rule for the places that make up a name.
    func trends(level: Level, name: String, rule: Int, ruleName: String, places: [Int]) -> [Trend] {
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
        let template = Trend(
            level: level, name: name, rule: ruleName, measure: "", chart: .xmr, points: [], mean: nil,
            baseline: baseline,
            isTrial: true, signals: [])
        if level == .team { trends.append(missed(flow(.missed), template)) }
        trends.append(share(inTime, of: judged, template))
        return trends
    }

    private var baseline: ClosedRange<CivilDate>? {
        calendar.baseline.isEmpty
            ? nil : calendar.weeks[calendar.baseline.lowerBound]...calendar.weeks[calendar.baseline.upperBound - 1]
    }

    private func missed(_ counts: [Int], _ template: Trend) -> Trend {
        var trend = template
        trend.measure = "missed"
        let limits = XmRLimits(baseline: calendar.baseline.map { Double(counts[$0]) })
        trend.mean = limits?.mean
        trend.points = calendar.shownWeeks.map { week in
            Trend.Point(
                weekEnding: calendar.weeks[week], numerator: counts[week], denominator: 0,
                value: Double(counts[week]), isHollow: false, lower: limits?.lower, upper: limits?.upper)
        }
        trend.isTrial = isTrial(trend)
        if let limits, !trend.isTrial {
            trend.signals = recent(specialCauses(trend.points.map { ChartPoint($0.value, limits) }), trend.points.count)
        }
        return trend
    }

    private func isTrial(_ trend: Trend) -> Bool {
        trend.points.count < TrendCalendar.baselineWeeks || calendar.baseline.count < TrendCalendar.baselineWeeks
    }

    private func recent(_ signals: [Signal], _ count: Int) -> [Signal] {
        signals.filter { $0.points.upperBound >= count - TrendCalendar.recent }
    }

    /// The share in time: week by week where at least 20 weeks have ten and more, else in blocks of four.
    private func share(_ inTime: [Int], of judged: [Int], _ template: Trend) -> Trend {
        var trend = template
        trend.measure = "in_time"
        let busy = calendar.shownWeeks.filter { judged[$0] >= 10 }.count
        trend.chart = busy >= 20 ? .laney : .blocks
        let baseline = calendar.baseline.map { (numerator: inTime[$0], denominator: judged[$0]) }
        let limits = LaneyLimits(baseline: trend.chart == .laney ? baseline : blocks(baseline))
        trend.mean = limits?.centre
        let weeks = Array(trend.chart == .laney ? calendar.shownWeeks : calendar.blockWeeks)
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
        trend.isTrial = isTrial(trend)
        if let limits, !trend.isTrial {
            // A hollow point breaks no rule, nor makes one, so the rules see the others as neighbours.
            let solid = trend.points.indices.filter { !trend.points[$0].isHollow }
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
