import Settings
import Testing
import WorkingCalendar

@Suite struct CalendarTests {
    /// Whether a day is worked by what was known on another day, or now.
    struct Fact: Sendable, CustomTestStringConvertible {
        var day: String
        var knownAt: String?
        var isWorked: Bool
        var testDescription: String { "\(day) known at \(knownAt ?? "all")" }

        init(_ day: String, knownAt: String? = nil, worked: Bool) {
            self.day = day
            self.knownAt = knownAt
            isWorked = worked
        }
    }

    @Test(arguments: [
        Fact("1999-12-31", worked: false),
        Fact("2002-05-27", worked: true), Fact("2002-06-03", worked: false), Fact("2002-06-04", worked: false),
        Fact("2011-04-29", worked: false),
        Fact("2012-05-28", worked: true), Fact("2012-06-04", worked: false), Fact("2012-06-05", worked: false),
        Fact("2020-05-04", worked: true), Fact("2020-05-08", worked: false),
        Fact("2020-05-04", knownAt: "2019-06-09", worked: false),
        Fact("2020-05-08", knownAt: "2019-06-09", worked: true),
        Fact("2020-05-04", knownAt: "2019-06-10", worked: true),
        Fact("2020-05-08", knownAt: "2019-06-10", worked: false),
        Fact("2022-05-30", worked: true), Fact("2022-06-02", worked: false), Fact("2022-06-03", worked: false),
        Fact("2022-09-19", worked: false),
        Fact("2022-09-19", knownAt: "2022-09-08", worked: true),
        Fact("2022-09-19", knownAt: "2022-09-09", worked: false),
        Fact("2023-05-08", worked: false), Fact("2023-05-08", knownAt: "2022-11-07", worked: true),
        Fact("2023-05-08", knownAt: "2022-11-08", worked: false),
        Fact("2010-12-27", worked: false), Fact("2010-12-28", worked: false), Fact("2010-12-29", worked: true),
    ])
    func shippedCalendar(_ fact: Fact) {
        let calendar = WorkingCalendar(DefaultCalendar.table, knownAt: fact.knownAt.map { date($0) })
        #expect(calendar.isWorkingDay(date(fact.day)) == fact.isWorked)
    }

    @Test func shippedCalendarIsTheSharedTable() throws {
        let shared = try readCalendar(
            text: try fixture("calendars/england-and-wales.json"), file: "england-and-wales.json",
            jurisdiction: "england-and-wales")
        let shipped = DefaultCalendar.table
        #expect(shipped.jurisdiction == shared.jurisdiction)
        #expect(shipped.coverage == shared.coverage)
        #expect(shipped.byRuleFrom == shared.byRuleFrom)
        #expect(shipped.closures.sorted { $0.date < $1.date } == shared.closures.sorted { $0.date < $1.date })
    }

    @Test func agreesWithTheVectors() throws {
        var counted = 0
        for line in try fixture("calendars/day-count-vectors.csv").split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard let days = Int32(fields[8]) else { continue }
            let calendar = WorkingCalendar(
                DefaultCalendar.table, knownAt: fields[6].isEmpty ? nil : date(fields[6]))
            #expect(calendar.elapsed(from: date(fields[2]), to: date(fields[7])) == days, "\(fields[0])")
            counted += 1
        }
        #expect(counted > 40)
    }

    @Test func govUK() throws {
        let text = try fixture("calendars/gov-uk.json")
        let table = try readCalendar(text: text, file: "bank-holidays.json", jurisdiction: "england-and-wales")
        #expect(table.coverage == date("2025-01-01")...date("2026-12-31"))
        #expect(table.closures.map(\.date) == [date("2025-01-01"), date("2025-04-18"), date("2026-12-28")])
        #expect(table.byRuleFrom == nil)
        let scotland = try readCalendar(text: text, file: "bank-holidays.json", jurisdiction: "scotland")
        #expect(scotland.coverage == date("2025-01-01")...date("2025-12-31"))
        // As gov.uk serves it: on one line, without blanks.
        let minified = text.filter { $0 != "\n" && $0 != "\t" }.replacing(": ", with: ":").replacing(", ", with: ",")
        #expect(
            try readCalendar(text: minified, file: "bank-holidays.json", jurisdiction: "england-and-wales") == table)
    }

    @Test func ourShapeMayBeYAMLAndHaveNulls() throws {
        let table = try readCalendar(
            text: """
                jurisdiction: council
                from: 2020-01-01
                to: 31/12/2020
                closures:
                  - date: 2020-05-04
                    withdrawn_on: 2019-06-10
                  - {"date": "2020-05-08", "known_from": null}
                """, file: "council.yaml", jurisdiction: "council")
        #expect(table.closures.count == 2)
        #expect(table.closures[0].withdrawnOn == date("2019-06-10"))
        #expect(table.closures[1] == Closure(date: date("2020-05-08")))
        #expect(table.coverage == date("2020-01-01")...date("2020-12-31"))
    }
}
