import WorkingCalendar

extension CivilDate {
    /// The date `days` later (or earlier, when negative).
    func plus(_ days: Int) -> CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch + Int32(days)) }

    /// Calendar days from this date to another.
    func days(to other: CivilDate) -> Int { Int(other.daysSinceEpoch - daysSinceEpoch) }

    /// 0 on a Monday … 6 on a Sunday (1 January 1970 was a Thursday).
    var weekday: Int { ((Int(daysSinceEpoch) + 3) % 7 + 7) % 7 }

    var isSaturdayOrSunday: Bool { weekday >= 5 }

    /// The Sunday that ends the week of this date.
    var sundayOfWeek: CivilDate { plus(6 - weekday) }

    /// The last Sunday strictly before this date.
    var sundayBefore: CivilDate { plus(-(weekday + 1)) }

    /// The same day of the month, `months` later, clamped to the end of a shorter month.
    func plusMonths(_ months: Int) -> CivilDate {
        let parts = description.split(separator: "-").compactMap { Int($0) }
        let monthCount = parts[0] * 12 + parts[1] - 1 + months
        var day = parts[2]
        while day > 0 {
            let date = CivilDate(year: Int32(monthCount / 12), month: Int32(monthCount % 12 + 1), day: Int32(day))
            if let date { return date }
            day -= 1
        }
        return self
    }
}

/// Counting days: the start is day 0.
struct TwinCalendar {
    let from: CivilDate
    let to: CivilDate
    let closed: Set<CivilDate>
    /// For each day from `from` to `to`: the number of working days from `from` up to and including it.
    private let worked: [Int]

    init(_ run: TwinRun) {
        from = run.calendarFrom
        to = run.calendarTo
        let counted = run.closures.filter { closure in
            guard let known = run.knownAt else { return closure.withdrawnOn == nil }
            if let knownFrom = closure.knownFrom, knownFrom > known { return false }
            if let withdrawn = closure.withdrawnOn, withdrawn <= known { return false }
            return true
        }
        let closed = Set(counted.map(\.date))
        self.closed = closed
        var total = 0
        var worked: [Int] = []
        var day = from
        while day <= to {
            if !day.isSaturdayOrSunday && !closed.contains(day) { total += 1 }
            worked.append(total)
            day = day.plus(1)
        }
        self.worked = worked
    }

    func isWorkingDay(_ day: CivilDate) -> Bool { !day.isSaturdayOrSunday && !closed.contains(day) }

    func covers(_ day: CivilDate) -> Bool { from <= day && day <= to }

    /// The number of working days d with start < d <= end.
    func elapsed(_ start: CivilDate, _ end: CivilDate) -> Int {
        guard start < end else { return 0 }
        if covers(start), covers(end) { return worked[from.days(to: end)] - worked[from.days(to: start)] }
        var count = 0
        var day = start.plus(1)
        while day <= end {
            if isWorkingDay(day) { count += 1 }
            day = day.plus(1)
        }
        return count
    }

    /// The earliest d with elapsed(start, d) = limit.
    func due(_ start: CivilDate, _ limit: Int) -> CivilDate {
        var left = limit
        var day = start
        while left > 0 {
            day = day.plus(1)
            if isWorkingDay(day) { left -= 1 }
        }
        return day
    }
}

/// Strings compare by their UTF-8 bytes, everywhere.
func before(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

/// Compares lists of cells, first difference decides.
func before(_ left: [String], _ right: [String]) -> Bool {
    for (one, other) in zip(left, right) where one != other { return before(one, other) }
    return left.count < right.count
}
