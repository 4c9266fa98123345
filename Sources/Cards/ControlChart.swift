/// A pattern on a control chart that is unlikely to be chance.
public enum SpecialCause: String, CaseIterable, Sendable {
    /// A point outside a limit.
    case outside
    /// Six successive rises or falls: seven points.
    case trend
    /// Two of three successive points beyond the same near line, all three on one side of the mean.
    case twoOfThree = "two_of_three"
    /// Seven successive points on one side of the mean.
    case shift
}

/// A special cause and the points that make it, counted from 0.
public struct Signal: Hashable, Sendable {
    public var cause: SpecialCause
    public var points: ClosedRange<Int>
    /// Whether the points lie above the mean, or rise.
    public var isHigh: Bool

    public init(cause: SpecialCause, points: ClosedRange<Int>, isHigh: Bool) {
        self.cause = cause
        self.points = points
        self.isHigh = isHigh
    }

    /// The same signal where some points stand before those it was found among.
    func moved(by count: Int) -> Signal {
        Signal(
            cause: cause, points: (points.lowerBound + count)...(points.upperBound + count), isHigh: isHigh)
    }
}

/// The limits of an XmR chart: one value a week, and the moving range between neighbours.
///
/// As in NHS England, "Making data count": mean plus and minus 2.66 times the average moving range.
public struct XmRLimits: Hashable, Sendable {
    public var mean: Double
    /// The average moving range.
    public var averageRange: Double

    /// Makes limits from a baseline; `nil` where it has fewer than two values.
    ///
    /// - Parameters:
    ///   - baseline: The values of the baseline in order; at least two.
    ///   - isScreened: Whether moving ranges of 3.267 times their average and more are dropped, once.
    public init?(baseline: [Double], isScreened: Bool = false) {
        guard baseline.count >= 2 else { return nil }
        mean = baseline.reduce(0, +) / Double(baseline.count)
        var ranges = zip(baseline.dropFirst(), baseline).map { abs($0 - $1) }
        averageRange = ranges.reduce(0, +) / Double(ranges.count)
        if isScreened {
            ranges.removeAll { $0 >= 3.267 * averageRange }
            if !ranges.isEmpty { averageRange = ranges.reduce(0, +) / Double(ranges.count) }
        }
    }

    public var upper: Double { mean + 2.66 * averageRange }
    public var lower: Double { mean - 2.66 * averageRange }
    /// The lines two thirds of the way to the limits.
    public var upperNear: Double { mean + 2.66 * averageRange * 2 / 3 }
    public var lowerNear: Double { mean - 2.66 * averageRange * 2 / 3 }
}

/// The limits of a Laney p' chart: a share of a number that changes from week to week.
///
/// z = (p - pbar) / s_i with s_i the binomial standard deviation; sigma_z is the mean moving range of
/// z over 1.128; limits pbar plus and minus 3 s_i sigma_z (D. B. Laney, Quality Engineering 14, 2002).
public struct LaneyLimits: Hashable, Sendable {
    /// The share of the whole baseline.
    public var centre: Double
    public var sigmaZ: Double

    /// Makes limits from a baseline; `nil` where fewer than two weeks are left, or the share is 0 or 1.
    ///
    /// - Parameter baseline: The numerator and denominator of each week; weeks without any are left out.
    public init?(baseline: [(numerator: Int, denominator: Int)]) {
        let weeks = baseline.filter { $0.denominator > 0 }
        guard weeks.count >= 2 else { return nil }
        let total = weeks.reduce(0) { $0 + $1.denominator }
        centre = Double(weeks.reduce(0) { $0 + $1.numerator }) / Double(total)
        guard centre > 0, centre < 1 else { return nil }
        let share = centre
        let scores = weeks.map {
            (Double($0.numerator) / Double($0.denominator) - share) / Self.deviation(share, $0.denominator)
        }
        let ranges = zip(scores.dropFirst(), scores).map { abs($0 - $1) }
        sigmaZ = ranges.reduce(0, +) / Double(ranges.count) / 1.128
    }

    /// The lower and upper limit of a week with a denominator, clipped to 0 and 1.
    public func limits(denominator: Int) -> (lower: Double, upper: Double) {
        let reach = 3 * Self.deviation(centre, denominator) * sigmaZ
        return (max(0, centre - reach), min(1, centre + reach))
    }

    /// The lines two thirds of the way to the limits, not clipped.
    func near(denominator: Int) -> (lower: Double, upper: Double) {
        let reach = 2 * Self.deviation(centre, denominator) * sigmaZ
        return (centre - reach, centre + reach)
    }

    private static func deviation(_ share: Double, _ denominator: Int) -> Double {
        (share * (1 - share) / Double(max(denominator, 1))).squareRoot()
    }
}

/// One point of a chart with the lines of its week.
public struct ChartPoint: Hashable, Sendable {
    public var value: Double
    public var mean: Double
    public var lower: Double
    public var upper: Double
    public var lowerNear: Double
    public var upperNear: Double

    public init(value: Double, mean: Double, lower: Double, upper: Double, lowerNear: Double, upperNear: Double) {
        self.value = value
        self.mean = mean
        self.lower = lower
        self.upper = upper
        self.lowerNear = lowerNear
        self.upperNear = upperNear
    }

    /// A point of an XmR chart.
    public init(_ value: Double, _ limits: XmRLimits) {
        self.init(
            value: value, mean: limits.mean, lower: limits.lower, upper: limits.upper,
            lowerNear: limits.lowerNear, upperNear: limits.upperNear)
    }
}

/// Every special cause among the points, in the order of the causes and then of the points.
///
/// A point on the mean breaks a shift; equal neighbours break a trend.
///
/// - Complexity: O(*n*).
public func specialCauses(_ points: [ChartPoint]) -> [Signal] {
    outsidePoints(points) + trends(points) + twosOfThree(points) + shifts(points)
}

private func outsidePoints(_ points: [ChartPoint]) -> [Signal] {
    points.indices.compactMap { index in
        let point = points[index]
        guard point.value > point.upper || point.value < point.lower else { return nil }
        return Signal(cause: .outside, points: index...index, isHigh: point.value > point.upper)
    }
}

private func trends(_ points: [ChartPoint]) -> [Signal] {
    runs(points.count, atLeast: 7) { previous, index in
        let step = points[index].value - points[previous].value
        return step == 0 ? 0 : step > 0 ? 1 : -1
    }.map { Signal(cause: .trend, points: $0.range, isHigh: $0.sign > 0) }
}

private func twosOfThree(_ points: [ChartPoint]) -> [Signal] {
    guard points.count >= 3 else { return [] }
    return (2..<points.count).compactMap { last in
        let three = points[(last - 2)...last]
        if three.allSatisfy({ $0.value > $0.mean }), three.filter({ $0.value > $0.upperNear }).count >= 2 {
            return Signal(cause: .twoOfThree, points: (last - 2)...last, isHigh: true)
        }
        if three.allSatisfy({ $0.value < $0.mean }), three.filter({ $0.value < $0.lowerNear }).count >= 2 {
            return Signal(cause: .twoOfThree, points: (last - 2)...last, isHigh: false)
        }
        return nil
    }
}

private func shifts(_ points: [ChartPoint]) -> [Signal] {
    func side(_ index: Int) -> Int {
        points[index].value == points[index].mean ? 0 : points[index].value > points[index].mean ? 1 : -1
    }
    var signals: [Signal] = []
    var start = 0
    while start < points.count {
        var end = start
        while end + 1 < points.count && side(end + 1) == side(start) { end += 1 }
        if side(start) != 0 && end - start + 1 >= 7 {
            signals.append(Signal(cause: .shift, points: start...end, isHigh: side(start) > 0))
        }
        start = end + 1
    }
    return signals
}

/// The longest runs of points whose steps all have one sign, each with at least so many points.
private func runs(
    _ count: Int, atLeast least: Int, _ step: (Int, Int) -> Int
) -> [(range: ClosedRange<Int>, sign: Int)] {
    var found: [(ClosedRange<Int>, Int)] = []
    var start = 0
    while start + 1 < count {
        let sign = step(start, start + 1)
        var end = start + 1
        while end + 1 < count && step(end, end + 1) == sign { end += 1 }
        if sign != 0 && end - start + 1 >= least { found.append((start...end, sign)) }
        start = end
    }
    return found
}
