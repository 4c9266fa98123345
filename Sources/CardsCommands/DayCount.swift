import Rules
import WorkingCalendar

/// One day of a clock, or a run of days that need no line each.
struct DayLine: Encodable {
    var from: String
    var to: String
    /// The number of the first and last counted day; both empty where none counts.
    var numbers: String
    var dates: String
    var why: String
}

/// Writes down the days of a clock: which count, and why the others do not.
struct DayCount {
    /// Longer runs are folded.
    static let mostLines = 15

    let unit: TimeUnit
    let countsStartDay: Bool
    let calendar: WorkingCalendar
    let closures: ClosureTable
    let everyDay: Bool

    private struct Day {
        var date: CivilDate
        var number: Int?
        var why: String
        /// Whether the day must have a line of its own.
        var isNotable: Bool
    }

    /// The lines from a start to an end, or on to the due date where that is later.
    func lines(from start: CivilDate, to end: CivilDate, endIs: String, due: CivilDate?) -> [DayLine] {
        let last = max(end, due ?? end)
        guard calendar.covers(start), calendar.covers(last), last >= start else { return [] }
        var days: [Day] = []
        var number = 0
        for place in 0...(last.daysSinceEpoch - start.daysSinceEpoch) {
            let date = start.adding(days: place)
            var day = self.day(date, isStart: place == 0)
            if day.number != nil, place > 0 || countsStartDay {
                number += 1
                day.number = number
            }
            if place == 0 { day.number = number }
            if date == end { mark(&day, endIs) }
            if let due, date == due { mark(&day, "due") }
            days.append(day)
        }
        if everyDay || days.count <= Self.mostLines + 1 { return days.map { line([$0][...]) } }
        var lines: [DayLine] = []
        var begin = days.startIndex
        for index in days.indices where days[index].isNotable {
            if begin < index { lines.append(line(days[begin..<index])) }
            lines.append(line(days[index...index]))
            begin = index + 1
        }
        return lines
    }

    private func mark(_ day: inout Day, _ what: String) {
        day.why += day.why.isEmpty ? what : "; \(what)"
        day.isNotable = true
    }

    private func day(_ date: CivilDate, isStart: Bool) -> Day {
        var day = Day(date: date, number: 0, why: "counted", isNotable: isStart)
        if unit == .workingDays, !calendar.isWorkingDay(date) {
            day.number = nil
            if date.isWeekend {
                day.why = "not counted: weekend"
            } else {
                let known = closures.closures.first { $0.date == date }?.knownFrom
                day.why = "not counted: bank holiday" + (known.map { ", known from \($0)" } ?? "")
                day.isNotable = true
            }
        }
        guard isStart else { return day }
        if countsStartDay {
            day.why = "the start" + (day.number == nil ? ", " + day.why : ", counted as day 1")
        } else {
            day.why = "the start"
        }
        return day
    }

    private func line(_ days: ArraySlice<Day>) -> DayLine {
        guard let first = days.first, let last = days.last else {
            return DayLine(from: "", to: "", numbers: "", dates: "", why: "")
        }
        guard days.count > 1 else {
            return DayLine(
                from: "\(first.date)", to: "\(first.date)", numbers: first.number.map { "\($0)" } ?? "-",
                dates: first.date.withWeekday, why: first.why)
        }
        let numbers = days.compactMap(\.number)
        var parts: [String] = []
        if !numbers.isEmpty { parts.append("\(numbers.count) counted") }
        if numbers.count < days.count { parts.append("\(days.count - numbers.count) not counted: weekend") }
        let range = numbers.first.map { $0 == numbers.last ? "\($0)" : "\($0)-\(numbers.last ?? $0)" }
        return DayLine(
            from: "\(first.date)", to: "\(last.date)", numbers: range ?? "-",
            dates: "\(first.date.withWeekday) to \(last.date.withWeekday)", why: parts.joined(separator: "; "))
    }
}
