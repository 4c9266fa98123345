import CardsTestSupport
import DelimitedText
import EngineTestSupport
import Foundation
import Settings
import Testing
import WorkingCalendar

/// One row of the day-count vectors, on which two independent implementations agree.
struct DayCountVector: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let kind: String
    let start: CivilDate
    let end: CivilDate
    let limit: Int32
    let weeks: Int32
    let months: Int32
    let knownAt: CivilDate?
    let elapsed: Int32?
    let inclusive: Int32?
    let days: Int32

    static let all: [DayCountVector] = {
        let file = packageRoot().appending(path: "Fixtures/calendars/day-count-vectors.csv")
        let records = (try? Data(contentsOf: file)).flatMap { plainRecords($0) } ?? []
        return records.dropFirst().map { DayCountVector($0.fields) }
    }()

    private init(_ fields: [String]) {
        testDescription = "\(fields[0]): \(fields[11])"
        kind = fields[1]
        start = day(fields[2])
        limit = Int32(fields[3]) ?? 0
        weeks = Int32(fields[4]) ?? 0
        months = Int32(fields[5]) ?? 0
        knownAt = CivilDate(fields[6])
        end = day(fields[7])
        elapsed = Int32(fields[8])
        inclusive = Int32(fields[9])
        days = Int32(fields[10]) ?? 0
    }
}

@Suite("Day-count vectors")
struct VectorTests {
    @Test("the file is there, whole")
    func count() { #expect(DayCountVector.all.count == 54) }

    @Test("elapsed, due, weeks and months as in the vectors", arguments: DayCountVector.all)
    func vector(_ vector: DayCountVector) {
        let calendar = WorkingCalendar(DefaultCalendar.table, knownAt: vector.knownAt)
        #expect(vector.end.daysSinceEpoch - vector.start.daysSinceEpoch == vector.days)
        if let elapsed = vector.elapsed {
            #expect(calendar.elapsed(from: vector.start, to: vector.end) == elapsed)
            if let inclusive = vector.inclusive {
                #expect(elapsed + (calendar.isWorkingDay(vector.start) ? 1 : 0) == inclusive)
            }
        }
        switch vector.kind {
        case "elapsed": break
        case "due": #expect(calendar.due(from: vector.start, workingDays: vector.limit) == vector.end)
        case "weeks": #expect(vector.start.adding(days: 7 * vector.weeks) == vector.end)
        case "months": #expect(vector.start.adding(months: vector.months) == vector.end)
        default: Issue.record("a kind nobody tests: \(vector.kind)")
        }
    }

    @Test("45 wd from 10 August 2022 is 13 October until 9 September 2022, then 14 October")
    func funeral() {
        for (known, due) in [
            ("2022-08-10", "2022-10-13"), ("2022-09-08", "2022-10-13"), ("2022-09-09", "2022-10-14"),
        ] {
            let calendar = WorkingCalendar(DefaultCalendar.table, knownAt: day(known))
            #expect(calendar.due(from: day("2022-08-10"), workingDays: 45) == day(due), "known at \(known)")
        }
        #expect(
            WorkingCalendar(DefaultCalendar.table).due(from: day("2022-08-10"), workingDays: 45) == day("2022-10-14"))
    }
}
