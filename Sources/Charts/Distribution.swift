/// How many days completed work took: a column for each day, or for each few days where there are many.
///
/// The last five days up to the limit may be hatched: work that piles up there is finished for the deadline.
public struct Distribution: Hashable, Sendable {
    /// How much work took so many days; ascending.
    public var columns: [Column]
    /// The limit in days, where there is one for all of it.
    public var limit: Int?
    /// Whether the last five days up to the limit stand out.
    public var isBunchingMarked: Bool
    public var unit: String

    /// So much work of so many days.
    public struct Column: Hashable, Sendable {
        public var days: Int
        public var count: Int

        public init(days: Int, count: Int) {
            self.days = days
            self.count = count
        }
    }

    public init(columns: [Column], limit: Int?, isBunchingMarked: Bool, unit: String) {
        self.columns = columns
        self.limit = limit
        self.isBunchingMarked = isBunchingMarked
        self.unit = unit
    }

    private static let width = 360.0
    private static let height = 108.0
    private static let left = 12.0
    private static let floor = 78.0
    private static let ceiling = 18.0

    /// Draws the columns; the last one holds all that took longer than twice the limit.
    public func chart(title: String, description: String) -> Chart {
        var canvas = Canvas(width: Self.width, height: Self.height)
        let longest = columns.last?.days ?? 0
        let end = limit.map { min(max(longest, $0 + 5), max($0 * 2, 15)) } ?? max(longest, 10)
        var counts = [Int](repeating: 0, count: end + 1)
        for column in columns { counts[min(max(column.days, 0), end)] += column.count }
        let most = Double(max(counts.max() ?? 1, 1))
        let step = (Self.width - 2 * Self.left) / Double(end + 1)
        func x(_ day: Int) -> Double { Self.left + Double(day) * step }
        for (day, count) in counts.enumerated() where count > 0 {
            let height = Double(count) / most * (Self.floor - Self.ceiling - 4)
            let ink = ink(day)
            canvas.box(x(day) + step * 0.1, Self.floor - height, max(step * 0.8, 0.8), height, ink)
            if ink == Ink.orange, step >= 4 {
                canvas.hatch(x(day) + step * 0.1, Self.floor - height, step * 0.8, height)
            }
        }
        canvas.line(Self.left, Self.floor, Self.width - Self.left, Self.floor, Ink.grey)
        if let limit {
            canvas.line(x(limit + 1), Self.ceiling - 4, x(limit + 1), Self.floor + 4, Ink.text, width: 2)
            canvas.text("limit \(limit)", x(limit + 1), Self.ceiling - 6, .middle)
        }
        let gap = [5, 10, 20, 50, 100, 200].first { end / $0 <= 8 } ?? 500
        for day in stride(from: 0, through: end, by: gap) {
            canvas.text("\(day)", x(day) + step / 2, Self.floor + 13, .middle, size: 11)
        }
        let last = longest > end ? " (the last column: \(end) or more)" : ""
        canvas.text("\(unit) taken\(last)", Self.left, Self.height - 3)
        return canvas.chart(title: title, description: description, name: "days")
    }

    private func ink(_ day: Int) -> String {
        guard let limit else { return Ink.blue }
        return day > limit ? Ink.pink : isBunchingMarked && day > limit - 5 ? Ink.orange : Ink.blue
    }
}
