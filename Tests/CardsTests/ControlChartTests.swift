import Cards
import Testing

/// Whether two numbers are equal to four decimals, as the vectors are printed.
private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 0.000_051 }

@Suite("Control charts")
struct ControlChartTests {
    private let spike: [Double] = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    private let base: [Double] = [72, 68, 75, 71, 66, 74, 70, 73, 69, 72, 77, 71]

    @Test("XmR: one outlier of eighteen, with and without screening")
    func screening() throws {
        let plain = try #require(XmRLimits(baseline: spike))
        #expect(isNear(plain.mean, 1.9444) && isNear(plain.lower, -3.0626) && isNear(plain.upper, 6.9515))
        let screened = try #require(XmRLimits(baseline: spike, isScreened: true))
        #expect(isNear(screened.mean, 1.9444) && isNear(screened.lower, -0.7156) && isNear(screened.upper, 4.6044))
        #expect(XmRLimits(baseline: [3]) == nil && XmRLimits(baseline: []) == nil)
    }

    @Test("XmR: mean, range, limits and near lines of twelve weeks")
    func limits() throws {
        let limits = try #require(XmRLimits(baseline: base))
        #expect(isNear(limits.mean, 71.5) && isNear(limits.averageRange, 4.8182))
        #expect(isNear(limits.lower, 58.6836) && isNear(limits.upper, 84.3164))
        #expect(isNear(limits.lowerNear, 62.9558) && isNear(limits.upperNear, 80.0442))
    }

    @Test("points 14 to 20 are a shift, and 20 is outside")
    func signals() throws {
        let limits = try #require(XmRLimits(baseline: base))
        let signals = specialCauses((base + [64, 80, 81, 79, 83, 82, 84, 85]).map { ChartPoint($0, limits) })
        #expect(signals.first == Signal(cause: .outside, points: 19...19, isHigh: true))
        #expect(signals.last == Signal(cause: .shift, points: 13...19, isHigh: true))
        #expect(signals.filter { $0.cause == .outside }.count == 1 && signals.filter { $0.cause == .shift }.count == 1)
        // Of points 15, 16 and 17 two are over 80.0442: 81 and 83. The first three with two are 14 to 16? 80, 81, 79: one.
        let pairs = signals.filter { $0.cause == .twoOfThree }
        #expect(pairs.map(\.points) == [14...16, 15...17, 16...18, 17...19])
    }

    @Test("special causes in lines of one width", arguments: SignalCase.all)
    func causes(_ example: SignalCase) {
        // Mean 10, near lines 8 and 12, limits 7 and 13.
        let points = example.values.map {
            ChartPoint(value: $0, mean: 10, lower: 7, upper: 13, lowerNear: 8, upperNear: 12)
        }
        #expect(specialCauses(points) == example.signals)
    }

    @Test("Laney p': the ten weeks of the design")
    func laney() throws {
        let sizes = [25, 31, 18, 40, 22, 28, 35, 12, 27, 30]
        let counts = [18, 24, 13, 31, 14, 22, 27, 7, 21, 24]
        let limits = try #require(LaneyLimits(baseline: zip(counts, sizes).map { (numerator: $0, denominator: $1) }))
        #expect(isNear(limits.centre, 0.75) && isNear(limits.sigmaZ, 0.8744))
        let (first, eighth) = (limits.limits(denominator: 25), limits.limits(denominator: 12))
        #expect(isNear(first.lower, 0.5228) && isNear(first.upper, 0.9772))
        #expect(isNear(eighth.lower, 0.4221) && eighth.upper == 1)
    }

    @Test("Laney p' needs two weeks with work and a share that is neither 0 nor 1")
    func noLaney() {
        #expect(LaneyLimits(baseline: [(numerator: 5, denominator: 10), (numerator: 0, denominator: 0)]) == nil)
        #expect(LaneyLimits(baseline: [(numerator: 10, denominator: 10), (numerator: 4, denominator: 4)]) == nil)
        #expect(LaneyLimits(baseline: [(numerator: 0, denominator: 10), (numerator: 0, denominator: 4)]) == nil)
    }
}

/// Points around a mean of 10 and what they make.
struct SignalCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let values: [Double]
    let signals: [Signal]

    init(_ why: String, _ values: [Double], _ signals: [Signal] = []) {
        testDescription = why
        self.values = values
        self.signals = signals
    }

    private static func signal(_ cause: SpecialCause, _ points: ClosedRange<Int>, _ isHigh: Bool) -> Signal {
        Signal(cause: cause, points: points, isHigh: isHigh)
    }

    static let all: [SignalCase] = [
        SignalCase("nothing of nothing", []),
        SignalCase("a point on a limit is not outside it", [13, 7]),
        SignalCase("a point below the lower limit", [6.9], [signal(.outside, 0...0, false)]),
        SignalCase("six successive rises", [8.1, 9, 9.5, 10.5, 11, 11.5, 12], [signal(.trend, 0...6, true)]),
        SignalCase("five rises are no trend", [9, 9.5, 10.5, 11, 11.5, 12]),
        SignalCase(
            "equal neighbours break a trend", [8.1, 9, 9.5, 9.5, 10.5, 11, 11.5]),
        SignalCase(
            "six falls, after a rise", [9.5, 11.9, 11.5, 11, 10.5, 9.5, 9, 8.5], [signal(.trend, 1...7, false)]),
        SignalCase("two of three beyond a near line", [12.5, 11, 12.5], [signal(.twoOfThree, 0...2, true)]),
        SignalCase("not if the third is across the mean", [12.5, 9, 12.5]),
        SignalCase("not if they are on different sides", [12.5, 11, 7.5]),
        SignalCase("low side", [9, 7.5, 7.5], [signal(.twoOfThree, 0...2, false)]),
        SignalCase("on the near line is not beyond it", [12, 11, 12]),
        SignalCase("seven on one side are a shift", [11, 10.5, 11, 10.5, 11, 10.5, 11], [signal(.shift, 0...6, true)]),
        SignalCase("six are none", [11, 10.5, 11, 10.5, 11, 10.5]),
        SignalCase("a point on the mean breaks a shift", [11, 10.5, 11, 10, 11, 10.5, 11, 10.5]),
        SignalCase(
            "a longer shift is one signal", [9, 9.5, 9, 9.5, 9, 9.5, 9, 9.5], [signal(.shift, 0...7, false)]),
    ]
}
