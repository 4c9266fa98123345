/// A calendar that answers working-day questions in constant time.
///
/// A working day is Monday to Friday and no closure of the table. The start of a count is day 0:
/// `elapsed` counts the working days after the start, up to and including the end.
///
/// Construction walks the covered range once and counts; every later question is two array reads.
/// The questions are asked for every clock from other modules, so they are `@inlinable`.
public struct WorkingCalendar: Sendable {
    /// The dates this calendar can answer for.
    public let coverage: ClosedRange<CivilDate>

    /// `cumulative[i]` is the number of working days from `coverage.lowerBound` to the day `i` days
    /// later, both included.
    @usableFromInline let cumulative: ContiguousArray<Int32>

    /// The date of each working day, in order.
    @usableFromInline let workingDates: ContiguousArray<CivilDate>

    /// Creates the calendar that somebody had on a day, or that of today.
    ///
    /// - Parameters:
    ///   - table: The closures.
    ///   - knownAt: The day whose knowledge counts; `nil` for everything known.
    /// - Complexity: O(*n*) in the number of days covered.
    public init(_ table: ClosureTable, knownAt: CivilDate? = nil) {
        var closed: Set<CivilDate> = []
        for closure in table.closures where closure.counts(knownAt: knownAt) { closed.insert(closure.date) }
        var cumulative = ContiguousArray<Int32>()
        var workingDates = ContiguousArray<CivilDate>()
        coverage = table.coverage
        for day in coverage.lowerBound.daysSinceEpoch...coverage.upperBound.daysSinceEpoch {
            let date = CivilDate(daysSinceEpoch: day)
            if !date.isWeekend && !closed.contains(date) { workingDates.append(date) }
            cumulative.append(Int32(truncatingIfNeeded: workingDates.count))
        }
        self.cumulative = cumulative
        self.workingDates = workingDates
    }

    /// Whether the date is inside ``coverage``.
    @inlinable
    public func covers(_ date: CivilDate) -> Bool {
        date >= coverage.lowerBound && date <= coverage.upperBound
    }

    /// The number of working days after `start`, up to and including `end`.
    ///
    /// 0 on the same day. Negative where `end` is before `start`, which the engine never asks.
    ///
    /// - Returns: `nil` where either date is outside ``coverage``.
    /// - Complexity: O(1).
    @inlinable
    public func elapsed(from start: CivilDate, to end: CivilDate) -> Int32? {
        guard covers(start), covers(end) else { return nil }
        return cumulative[offset(of: end)] &- cumulative[offset(of: start)]
    }

    /// The earliest date whose distance from `start` is `workingDays`: always a working day.
    ///
    /// - Parameters:
    ///   - start: Day 0.
    ///   - workingDays: At least 1; with 0 or less the answer is `start` itself.
    /// - Returns: `nil` where `start` or the answer is outside ``coverage``.
    /// - Complexity: O(1).
    @inlinable
    public func due(from start: CivilDate, workingDays: Int32) -> CivilDate? {
        guard covers(start) else { return nil }
        guard workingDays > 0 else { return start }
        let index = Int(cumulative[offset(of: start)] &+ workingDays) &- 1
        return index < workingDates.count ? workingDates[index] : nil
    }

    /// Whether the date is a working day; a date outside ``coverage`` is none.
    @inlinable
    public func isWorkingDay(_ date: CivilDate) -> Bool {
        guard covers(date) else { return false }
        let index = offset(of: date)
        return index == 0 ? cumulative[0] == 1 : cumulative[index] != cumulative[index &- 1]
    }

    @inlinable
    func offset(of date: CivilDate) -> Int {
        Int(date.daysSinceEpoch &- coverage.lowerBound.daysSinceEpoch)
    }
}
