/// A measure week by week, with its mean and limits where it has them.
public struct TrendChart: Hashable, Sendable {
    public var points: [Point]
    public var mean: Double?
    /// Whether values are shares between 0 and 1, drawn as percentages.
    public var isShare: Bool
    /// The places of the points before which the line is broken.
    public var breaks: Set<Int>
    /// The places of the points that a signal is about, ringed.
    public var signals: Set<Int>

    /// One week, or the weeks that end with it.
    public struct Point: Hashable, Sendable {
        /// The last day, as it is to be printed under the chart.
        public var label: String
        public var value: Double
        /// Whether too little lies behind the value for it to count.
        public var isHollow: Bool
        public var lower: Double?
        public var upper: Double?

        public init(label: String, value: Double, isHollow: Bool, lower: Double?, upper: Double?) {
            self.label = label
            self.value = value
            self.isHollow = isHollow
            self.lower = lower
            self.upper = upper
        }
    }

    public init(points: [Point], mean: Double?, isShare: Bool, breaks: Set<Int>, signals: Set<Int>) {
        self.points = points
        self.mean = mean
        self.isShare = isShare
        self.breaks = breaks
        self.signals = signals
    }

    private static let width = 360.0
    private static let height = 108.0
    private static let left = 34.0
    private static let right = 350.0
    private static let top = 10.0
    private static let bottom = 88.0

    /// Draws the chart.
    public func chart(title: String, description: String) -> Chart {
        var canvas = Canvas(width: Self.width, height: Self.height)
        let most = isShare ? 1 : Self.round(points.flatMap { [$0.value, $0.upper ?? 0] }.max() ?? 1)
        func y(_ value: Double) -> Double {
            Self.bottom - min(max(value, 0), most) / most * (Self.bottom - Self.top)
        }
        // Whole pixels: a page has dozens of these charts, and nobody sees half a pixel.
        func x(_ index: Int) -> Double {
            (Self.left + 4 + (Self.right - Self.left - 8) * Double(index) / Double(max(points.count - 1, 1))).rounded()
        }
        for part in 0...2 {
            let value = most * Double(part) / 2
            canvas.line(Self.left, y(value), Self.right, y(value), part == 0 ? Ink.grey : Ink.faint)
            canvas.text(words(value), Self.left - 4, y(value) + 4, .end, size: 11)
        }
        drawLimits(&canvas, x: x, y: y)
        for run in runs { canvas.path(run.map { (x($0), y(points[$0].value)) }, Ink.blue, width: 2) }
        func places(_ indices: [Int]) -> [(x: Double, y: Double)] { indices.map { (x($0), y(points[$0].value)) } }
        let solid = points.indices.filter { !points[$0].isHollow && !signals.contains($0) }
        canvas.dots(places(solid), radius: 2.5, Ink.blue)
        for place in places(points.indices.filter { points[$0].isHollow }) {
            canvas.ring(place.x, place.y, radius: 2.5, Ink.blue)
        }
        canvas.diamonds(places(points.indices.filter(signals.contains)), radius: 5, Ink.pink)
        if let first = points.first, let last = points.last {
            canvas.text(first.label, Self.left, Self.height - 6, size: 11)
            if points.count > 1 { canvas.text(last.label, Self.right, Self.height - 6, .end, size: 11) }
        }
        return canvas.chart(title: title, description: description, name: "trend")
    }

    /// The points between the breaks, hollow ones left out of the line.
    private var runs: [[Int]] {
        var runs: [[Int]] = [[]]
        for index in points.indices {
            if breaks.contains(index) { runs.append([]) }
            if !points[index].isHollow { runs[runs.count - 1].append(index) }
        }
        return runs
    }

    /// Limits are drawn from each point to the next one: they may differ from week to week.
    private func drawLimits(_ canvas: inout Canvas, x: (Int) -> Double, y: (Double) -> Double) {
        let limited = points.indices.filter { points[$0].lower != nil || points[$0].upper != nil }
        guard let first = limited.first, let last = limited.last else { return }
        let half = points.count > 1 ? (x(1) - x(0)) / 2 : 8
        func steps(_ value: (Point) -> Double?) -> [(x: Double, y: Double)] {
            var steps: [(x: Double, y: Double)] = []
            for index in limited {
                guard let value = value(points[index]) else { continue }
                if steps.last?.y == y(value) { steps.removeLast() } else { steps.append((x(index) - half, y(value))) }
                steps.append((x(index) + half, y(value)))
            }
            return steps.map { (min(max($0.x, Self.left), Self.right), $0.y) }
        }
        canvas.path(steps(\.upper), Ink.orange, width: 1.5)
        // A limit below nothing says nothing.
        if points.contains(where: { ($0.lower ?? 0) > 0 }) { canvas.path(steps(\.lower), Ink.orange, width: 1.5) }
        if let mean { canvas.line(x(first), y(mean), x(last), y(mean), Ink.grey, isDashed: true) }
    }

    private func words(_ value: Double) -> String {
        if isShare { return "\(Int(value * 100))%" }
        return value == value.rounded() ? "\(Int(value))" : "\(Int(value)).5"
    }

    /// The first of 2, 5, 10, 20, 50 … that is no smaller.
    private static func round(_ value: Double) -> Double {
        var unit = 1.0
        while true {
            for step in [2.0, 5, 10] where unit * step >= value { return unit * step }
            unit *= 10
        }
    }
}
