public import WorkingCalendar

/// The wait of one child on a line: referral, seen, discussion, limit, today; closed days hatched.
///
/// Time runs from left to right. The line is thin up to the limit and thick past it, so that the wait beyond the
/// limit is seen before anything is read. Referral and today are its ends, the limit an upright bar, a strategy
/// discussion a diamond, and the last sight of the child a ring.
public struct WaitingLine: Hashable, Sendable {
    public var start: CivilDate
    public var seen: CivilDate?
    public var discussed: CivilDate?
    public var limit: CivilDate?
    public var today: CivilDate

    /// A line from a start to today.
    ///
    /// A sight or discussion before the start is drawn at the start; a limit after today makes the line longer.
    public init(
        start: CivilDate, seen: CivilDate?, discussed: CivilDate?, limit: CivilDate?, today: CivilDate
    ) {
        self.start = start
        self.seen = seen
        self.discussed = discussed
        self.limit = limit
        self.today = today
    }

    /// Three millimetres high and fifty wide.
    private static let height = 11.3
    private static let width = 189.0
    private static let margin = 5.0

    /// Draws the line; dates are written as `date` writes them.
    public func chart(calendar: WorkingCalendar, date: (CivilDate) -> String) -> Chart {
        var canvas = Canvas(width: Self.width, height: Self.height)
        let end = max(today, limit ?? today)
        let days = Double(max(1, end.daysSinceEpoch - start.daysSinceEpoch))
        let scale = (Self.width - 2 * Self.margin) / days
        func x(_ day: CivilDate) -> Double {
            Self.margin + Double(min(max(day, start), end).daysSinceEpoch - start.daysSinceEpoch) * scale
        }
        let middle = Self.height / 2
        hatchClosedDays(&canvas, calendar, scale: scale, end: end, x: x)
        canvas.line(x(start), middle, x(min(limit ?? today, today)), middle, Ink.blue, width: 2)
        if let limit, today > limit { canvas.line(x(limit), middle, x(today), middle, Ink.pink, width: 6) }
        canvas.line(x(start), 2, x(start), Self.height - 2, Ink.blue, width: 2)
        if let limit { canvas.line(x(limit), 0, x(limit), Self.height, Ink.text, width: 2) }
        if let discussed { canvas.diamonds([(x(discussed), middle)], radius: 4, Ink.orange) }
        if let seen { canvas.ring(x(seen), middle, radius: 3.5, Ink.text) }
        canvas.line(x(today), 1, x(today), Self.height - 1, Ink.grey, width: 1)
        return canvas.chart(title: "Waiting line", description: words(date), name: "wait")
    }

    private func words(_ date: (CivilDate) -> String) -> String {
        var parts = ["Began \(date(start))"]
        if let seen { parts.append("child last seen \(date(seen))") } else { parts.append("child not seen") }
        if let discussed { parts.append("discussion \(date(discussed))") }
        if let limit { parts.append("limit \(date(limit))") }
        return (parts + ["today \(date(today))"]).joined(separator: ", ") + "."
    }

    /// Closed days are left plain where a day is too narrow to be told from its neighbours.
    private func hatchClosedDays(
        _ canvas: inout Canvas, _ calendar: WorkingCalendar, scale: Double, end: CivilDate, x: (CivilDate) -> Double
    ) {
        guard scale >= 1 else { return }
        var day = start
        while day < end {
            var open = day
            while open < end, !calendar.isWorkingDay(open.adding(days: 1)) { open = open.adding(days: 1) }
            if open > day { canvas.hatch(x(day), 0, x(open) - x(day), Self.height) }
            day = open.adding(days: 1)
        }
    }
}
