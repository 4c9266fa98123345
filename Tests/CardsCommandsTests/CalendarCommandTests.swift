import CardsTestSupport
import Foundation
import Testing

/// The calendar commands on the vectors that two other programs agree on.
@Suite struct CalendarCommandTests {
    @Test func agreeWithVectors() throws {
        let file = packageRoot().appending(path: "Fixtures/calendars/day-count-vectors.csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        let cards = try Executable()
        defer { cards.clean() }
        #expect(lines.count > 50)
        for line in lines {
            let cells = line.split(separator: ",", maxSplits: 11, omittingEmptySubsequences: false).map(String.init)
            let (tag, kind, start, end) = (cells[0], cells[1], cells[2], cells[7])
            let known = cells[6].isEmpty ? [] : ["--known-at", cells[6]]
            func answer(_ arguments: [String]) throws -> String {
                let outcome = try cards.run(["calendar"] + arguments + known)
                #expect(outcome.code == 0, "\(tag): \(outcome.errors)")
                return String(outcome.output.prefix { $0 != "\n" })
            }
            if kind == "due" { #expect(try answer(["due", start, cells[3]]) == end, "\(tag)") }
            if kind == "weeks" { #expect(try answer(["due", start, cells[4], "--unit", "weeks"]) == end, "\(tag)") }
            if kind == "months" { #expect(try answer(["due", start, cells[5], "--unit", "months"]) == end, "\(tag)") }
            if !cells[8].isEmpty { #expect(try answer(["elapsed", start, end]) == cells[8], "\(tag)") }
            if !cells[9].isEmpty { #expect(try answer(["elapsed", start, end, "--inclusive"]) == cells[9], "\(tag)") }
            if !cells[10].isEmpty, kind != "elapsed" {
                #expect(try answer(["due", start, cells[10], "--unit", "days"]) == end, "\(tag)")
            }
        }
    }

    /// The shipped table and the fixture, read with --calendar, give the same list.
    @Test func calendarCanBeGiven() throws {
        let cards = try Executable()
        defer { cards.clean() }
        let file = packageRoot().appending(path: "Fixtures/calendars/england-and-wales.json").path
        for year in ["1999", "2002", "2022", "2030"] {
            let shipped = try cards.run(["calendar", "list", year])
            let given = try cards.run(["calendar", "list", year, "--calendar", file])
            #expect(shipped.output == given.output)
            #expect(shipped.output.contains(year))
        }
    }

    @Test func jubileeWasKnownLate() throws {
        let cards = try Executable()
        defer { cards.clean() }
        let before = try cards.run(["calendar", "due", "2022-08-10", "45", "--known-at", "2022-09-05"])
        let after = try cards.run(["calendar", "due", "2022-08-10", "45"])
        #expect(before.output == "2022-10-13\n")
        #expect(after.output == "2022-10-14\n")
    }

    @Test(arguments: ["2010-03-01", "2010-12-20", "2013-04-15"])
    func dueDatesAreAsRecorded(day: String) throws {
        let cards = try Executable()
        defer { cards.clean() }
        try expectGolden(try cards.run(["due", day]).output, named: "due-\(day).txt")
    }
}
