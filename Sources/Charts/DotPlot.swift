/// Open work against its limit: each open case a dot, so that a manager sees the wave coming.
///
/// Dots stand in columns by the days that are left (to the left of the limit) or by which the limit is past (to
/// the right of it). Dots past the limit are squares on a corner, so that they differ in grey print.
public struct DotPlot: Hashable, Sendable {
    /// Days past the limit, negative before it, with how many cases are so far; ascending.
    public var columns: [Column]
    /// The days before the limit at which an inner limit stands, where there is one.
    public var innerLimit: Int?
    /// What a day is, such as `working days`.
    public var unit: String

    /// So many cases of so many days past the limit.
    public struct Column: Hashable, Sendable {
        public var daysOver: Int
        public var count: Int

        public init(daysOver: Int, count: Int) {
            self.daysOver = daysOver
            self.count = count
        }
    }

    /// Cases more than ``mostOver`` days past the limit stand in one last column, so that a single case of long
    /// ago does not push all others together.
    public init(columns: [Column], innerLimit: Int? = nil, unit: String) {
        let within = columns.filter { -Self.mostLeft...Self.mostOver - 1 ~= $0.daysOver }
        let over = columns.filter { $0.daysOver >= Self.mostOver }.reduce(0) { $0 + $1.count }
        let early = columns.filter { $0.daysOver < -Self.mostLeft }.reduce(0) { $0 + $1.count }
        self.columns =
            (early > 0 ? [Column(daysOver: -Self.mostLeft - 1, count: early)] : []) + within
            + (over > 0 ? [Column(daysOver: Self.mostOver, count: over)] : [])
        self.innerLimit = innerLimit
        self.unit = unit
    }

    /// The days past the limit, and before it, that are told apart.
    public static let mostOver = 60
    public static let mostLeft = 200

    private static let width = 360.0
    private static let height = 108.0
    private static let floor = 82.0
    private static let ceiling = 18.0

    /// Draws the plot.
    ///
    /// A column with more dots than there is room for is drawn with smaller ones, and beyond 40 as a bar with its
    /// number, so that nothing is left out without a word.
    public func chart(title: String, description: String) -> Chart {
        var canvas = Canvas(width: Self.width, height: Self.height)
        let low = min(columns.first?.daysOver ?? 0, -(innerLimit ?? 0), -5)
        let high = max(columns.last?.daysOver ?? 0, 5)
        let scale = (Self.width - 24) / Double(high - low)
        func x(_ days: Int) -> Double { 12 + Double(days - low) * scale }
        canvas.line(8, Self.floor, Self.width - 8, Self.floor, Ink.grey)
        canvas.line(x(0), Self.ceiling - 4, x(0), Self.floor + 4, Ink.text, width: 2)
        canvas.text("limit", x(0), Self.ceiling - 6, .middle)
        if let innerLimit {
            canvas.line(x(-innerLimit), Self.ceiling - 4, x(-innerLimit), Self.floor, Ink.grey, isDashed: true)
            canvas.text("expected", x(-innerLimit), Self.ceiling - 6, .middle)
        }
        draw(&canvas, scale: scale, x: x)
        label(&canvas, low: low, high: high, x: x)
        return canvas.chart(title: title, description: description, name: "dots")
    }

    private func draw(_ canvas: inout Canvas, scale: Double, x: (Int) -> Double) {
        let most = columns.map(\.count).max() ?? 1
        let step = min(9, (Self.floor - Self.ceiling) / Double(max(min(most, Self.mostDots), 1)))
        let radius = max(1, min(4, step / 2 - 0.3, max(2, scale / 2)))
        var (inTime, late): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])
        for column in columns {
            let isLate = column.daysOver > 0
            guard column.count <= Self.mostDots else {
                let ink = isLate ? Ink.pink : Ink.blue
                canvas.box(x(column.daysOver) - 2, Self.ceiling + 8, 4, Self.floor - Self.ceiling - 8, ink)
                canvas.text("\(column.count)", x(column.daysOver), Self.ceiling + 5, .middle, size: 10)
                continue
            }
            let points = (0..<column.count).map { (x(column.daysOver), Self.floor - step * (Double($0) + 0.5)) }
            if isLate { late += points } else { inTime += points }
        }
        canvas.dots(inTime, radius: radius, Ink.blue)
        canvas.diamonds(late, radius: radius + 0.5, Ink.pink)
    }

    private static let mostDots = 40

    private func label(_ canvas: inout Canvas, low: Int, high: Int, x: (Int) -> Double) {
        let step = [5, 10, 20, 50, 100, 200, 500].first { (high - low) / $0 <= 7 } ?? 1000
        let places = stride(from: low - low % step, through: min(high, Self.mostOver - 1), by: step)
        for days in places where days != 0 && x(days) >= 8 {
            canvas.line(x(days), Self.floor, x(days), Self.floor + 3, Ink.grey)
            canvas.text("\(abs(days))", x(days), Self.floor + 14, .middle, size: 11)
        }
        if high == Self.mostOver { canvas.text("\(high)+", x(high), Self.floor + 14, .middle, size: 11) }
        canvas.text("\(unit) left", 8, Self.height - 1, size: 11)
        canvas.text("\(unit) over", Self.width - 8, Self.height - 1, .end, size: 11)
    }
}
