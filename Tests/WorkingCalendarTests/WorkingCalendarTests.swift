import EngineTestSupport
import Settings
import Testing
import WorkingCalendar

@Suite("WorkingCalendar against a loop over days")
struct WorkingCalendarTests {
    private let calendar = WorkingCalendar(DefaultCalendar.table)
    private let coverage = DefaultCalendar.table.coverage

    /// The working days by definition, with no sums: Monday to Friday and not a closure that stands.
    private func naiveDays() -> [Bool] {
        let closed = Set(DefaultCalendar.table.closures.filter { $0.withdrawnOn == nil }.map(\.date.daysSinceEpoch))
        return (coverage.lowerBound.daysSinceEpoch...coverage.upperBound.daysSinceEpoch).map { number in
            // 1970-01-05 was a Monday.
            let weekday = (number - 4 + 7 * 10_000) % 7
            return weekday < 5 && !closed.contains(number)
        }
    }

    @Test("elapsed from every day of 1999 to 2030 over spans of 0 to 400 days, and due for limits of 1 to 90")
    func everyDay() {
        let works = naiveDays()
        var mismatches: [String] = []
        for start in works.indices {
            let startDate = coverage.lowerBound.adding(days: Int32(start))
            if calendar.isWorkingDay(startDate) != works[start] { mismatches.append("\(startDate) works") }
            var count: Int32 = 0
            for span in 0...400 where start + span < works.count {
                let end = startDate.adding(days: Int32(span))
                if span > 0 && works[start + span] {
                    count += 1
                    if count <= 90, start % 3 == 0, calendar.due(from: startDate, workingDays: count) != end {
                        mismatches.append("due \(startDate) \(count)")
                    }
                }
                if calendar.elapsed(from: startDate, to: end) != count { mismatches.append("\(startDate) \(end)") }
            }
        }
        #expect(mismatches.isEmpty, "\(mismatches.count): \(mismatches.prefix(5))")
    }

    @Test("a limit of 0 is due at once, whatever the day")
    func zeroLimit() { #expect(calendar.due(from: day("2010-12-25"), workingDays: 0) == day("2010-12-25")) }

    @Test("outside its span the calendar has no answer, and no working day")
    func coverageEnds() {
        #expect(calendar.elapsed(from: day("1998-12-31"), to: day("1999-01-04")) == nil)
        #expect(calendar.elapsed(from: day("2030-12-30"), to: day("2031-01-01")) == nil)
        #expect(calendar.due(from: day("2030-12-31"), workingDays: 1) == nil)
        #expect(calendar.due(from: day("1998-12-31"), workingDays: 1) == nil)
        #expect(!calendar.isWorkingDay(day("2031-01-01")))
        #expect(calendar.covers(day("1999-01-01")) && calendar.covers(day("2030-12-31")))
    }

    @Test(
        "a closure counts while it is known and not called off",
        arguments: [
            ClosureCase("always known", "2010-12-25", nil, nil, at: "2000-01-01", counts: true),
            ClosureCase("always known, no day", "2010-12-25", nil, nil, at: nil, counts: true),
            ClosureCase("the day before it is known", "2022-09-19", "2022-09-09", nil, at: "2022-09-08", counts: false),
            ClosureCase("from the day it is known on", "2022-09-19", "2022-09-09", nil, at: "2022-09-09", counts: true),
            ClosureCase("known at last", "2022-09-19", "2022-09-09", nil, at: nil, counts: true),
            ClosureCase("before it is called off", "2020-05-04", nil, "2019-06-10", at: "2019-06-09", counts: true),
            ClosureCase("the day it is called off", "2020-05-04", nil, "2019-06-10", at: "2019-06-10", counts: false),
            ClosureCase("called off at last", "2020-05-04", nil, "2019-06-10", at: nil, counts: false),
            ClosureCase(
                "proclaimed and called off", "2020-05-04", "2019-01-01", "2019-06-10", at: "2018-12-31", counts: false),
        ])
    func closure(_ example: ClosureCase) {
        #expect(example.closure.counts(knownAt: example.knownAt) == example.counts)
    }

    @Test("the bank holidays that broke the pattern, and the days that were worked instead")
    func oddYears() {
        for closed in [
            "1999-12-31", "2002-06-03", "2002-06-04", "2011-04-29", "2012-06-04", "2012-06-05", "2020-05-08",
            "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08",
        ] { #expect(!calendar.isWorkingDay(day(closed)), "\(closed)") }
        for worked in ["2002-05-27", "2012-05-28", "2020-05-04", "2022-05-30", "2010-12-31"] {
            #expect(calendar.isWorkingDay(day(worked)), "\(worked)")
        }
    }
}

/// Whether a closure counts on a day.
struct ClosureCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let closure: Closure
    let knownAt: CivilDate?
    let counts: Bool

    init(_ why: String, _ date: String, _ known: String?, _ withdrawn: String?, at knownAt: String?, counts: Bool) {
        testDescription = why
        closure = Closure(date: day(date), knownFrom: known.map(day), withdrawnOn: withdrawn.map(day))
        self.knownAt = knownAt.map(day)
        self.counts = counts
    }
}
