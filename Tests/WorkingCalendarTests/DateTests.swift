import EngineTestSupport
import Testing
import WorkingCalendar

@Suite("Dates, weeks and London time")
struct DateTests {
    @Test("a date and its parts are the same day, for every day of 1800 to 2200")
    func roundTrip() {
        var wrong: [Int32] = []
        var previous = day("1799-12-31".replacing("1799", with: "1800")).daysSinceEpoch
        for number in day("1800-01-01").daysSinceEpoch...day("2200-12-31").daysSinceEpoch {
            let date = CivilDate(daysSinceEpoch: number)
            let (year, month, dayOfMonth) = date.parts
            if CivilDate(year: year, month: month, day: dayOfMonth) != date { wrong.append(number) }
            if number % 97 == 0, CivilDate("\(date)") != date { wrong.append(number) }
            previous = number
        }
        #expect(wrong.isEmpty && previous == day("2200-12-31").daysSinceEpoch)
    }

    @Test(
        "texts that are no date",
        arguments: [
            "", "2010-02-29", "2010-13-01", "2010-00-10", "2010-01-00", "2010-1-01", "10-01-2010", "2010/01/01",
            "2010-01-01 ", "2010-01-01T00:00", "1799-12-31", "1900-02-29",
        ])
    func noDate(_ text: String) { #expect(CivilDate(text) == nil) }

    @Test("weekdays: 0 is Monday; a week ends on its Sunday")
    func weekdays() {
        #expect(day("1970-01-01").weekday == 3)
        #expect(day("1969-12-29").weekday == 0)
        #expect(day("2010-11-28").weekday == 6 && day("2010-11-28").isWeekend)
        #expect(day("2010-11-22").weekEnding == day("2010-11-28"))
        #expect(day("2010-11-28").weekEnding == day("2010-11-28"))
    }

    @Test("months on are the same day, or the month's last, whichever way they go")
    func months() {
        for (from, months, to) in [
            ("2010-11-30", 3, "2011-02-28"), ("2011-11-30", 3, "2012-02-29"), ("2012-02-29", 12, "2013-02-28"),
            ("2010-01-31", 1, "2010-02-28"), ("2010-12-31", 6, "2011-06-30"), ("2011-02-28", -3, "2010-11-28"),
            ("2010-01-15", -1, "2009-12-15"), ("2010-05-31", 0, "2010-05-31"),
        ] as [(String, Int32, String)] {
            #expect(day(from).adding(months: months) == day(to), "\(from) \(months)")
        }
    }

    @Test(
        "ISO week names: the year is that of the Thursday",
        arguments: [
            ("2010-11-28", "2010-W47"), ("2008-12-28", "2008-W52"), ("2008-12-29", "2009-W01"),
            ("2009-12-28", "2009-W53"), ("2010-01-03", "2009-W53"), ("2010-01-04", "2010-W01"),
            ("2020-12-31", "2020-W53"), ("2021-01-03", "2020-W53"), ("2021-01-04", "2021-W01"),
            ("2019-12-30", "2020-W01"), ("2012-01-01", "2011-W52"),
        ])
    func weekNames(date: String, name: String) {
        let week = ISOWeek(containing: day(date))
        #expect("\(week)" == name)
        #expect(ISOWeek(name) == week)
        #expect(week.monday.weekday == 0 && week.monday.adding(days: 6) == week.ending)
    }

    @Test(
        "texts that are no week, a week 53 the year does not have among them",
        arguments: [
            "2008-W53", "2010-W53", "2021-W53", "2010-W00", "2010-W54", "2010-47", "2010-W7", "2010-W047", "W47", "",
        ])
    func noWeek(_ text: String) { #expect(ISOWeek(text) == nil) }

    @Test("weeks are in the order of their days")
    func weekOrder() throws {
        #expect(try #require(ISOWeek("2009-W53")) < #require(ISOWeek("2010-W01")))
    }

    @Test("a moment is reduced to its London date around both changes of the clock", arguments: LondonCase.all)
    func london(_ example: LondonCase) {
        #expect(
            LondonTime.date(of: day(example.date), minute: example.minute, offsetMinutes: example.offset)
                == day(example.expected))
    }
}

/// A written time and the London date it falls on.
struct LondonCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let date: String
    let minute: Int32
    let offset: Int32
    let expected: String

    init(_ why: String, _ date: String, _ hour: Int32, _ minute: Int32, offset: Int32, is expected: String) {
        testDescription = why
        self.date = date
        self.minute = hour * 60 + minute
        self.offset = offset
        self.expected = expected
    }

    // In 2010 summer time ran from Sunday 28 March to Sunday 31 October.
    static let all = [
        LondonCase("00:30 BST is its own day", "2010-07-02", 0, 30, offset: 60, is: "2010-07-02"),
        LondonCase("23:30 UTC in summer is the next day", "2010-07-01", 23, 30, offset: 0, is: "2010-07-02"),
        LondonCase("22:59 UTC in summer is the same day", "2010-07-01", 22, 59, offset: 0, is: "2010-07-01"),
        LondonCase("23:30 UTC in winter is the same day", "2010-01-01", 23, 30, offset: 0, is: "2010-01-01"),
        LondonCase("the evening before summer time", "2010-03-27", 23, 30, offset: 0, is: "2010-03-27"),
        LondonCase("the evening of the day it begins", "2010-03-28", 23, 30, offset: 0, is: "2010-03-29"),
        LondonCase("00:59 UTC, a minute before it begins", "2010-03-28", 0, 59, offset: 0, is: "2010-03-28"),
        LondonCase("the evening before it ends", "2010-10-30", 23, 30, offset: 0, is: "2010-10-31"),
        LondonCase("the evening of the day it ends", "2010-10-31", 23, 30, offset: 0, is: "2010-10-31"),
        LondonCase("00:30 BST on the day it ends", "2010-10-31", 0, 30, offset: 60, is: "2010-10-31"),
        LondonCase("New Year's morning far to the east", "2011-01-01", 5, 0, offset: 600, is: "2010-12-31"),
        LondonCase("an evening far to the west", "2010-12-31", 22, 0, offset: -480, is: "2011-01-01"),
        LondonCase("before 1970", "1969-12-31", 23, 30, offset: 0, is: "1969-12-31"),
        LondonCase("the last second of the last year", "9999-12-31", 23, 59, offset: 0, is: "9999-12-31"),
        LondonCase("a slip of the keyboard in the year", "6844-07-05", 23, 30, offset: 0, is: "6844-07-06"),
    ]
}
