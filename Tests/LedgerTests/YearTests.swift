import CardsTestSupport
import Exports
import Foundation
import GRDB
import Testing
import WorkingCalendar

@testable import Ledger

@Suite("A year of nights")
struct YearTests {
    /// Takes in the export that is there.
    private func takeIn(_ made: MadeNights, _ ledger: Ledger, _ night: CivilDate) throws -> NightChanges {
        let read = try ExportReader.read([.caseEvents(made.path("events.csv"))], ReadOptions(cores: 1))
        return try ledger.takeIn(
            Telling(day: night, read: read, digests: ["\(night)"], settings: "", cores: 1))
    }

    /// What is told now, and how many rows there ever were.
    private func rows(_ ledger: Ledger) throws -> (now: [String], ever: Int) {
        try ledger.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT child.name, source, referral, step, cells FROM event JOIN child ON child.id = child
                    WHERE gone IS NULL
                    """)
            return (
                rows.map { row in row.map { "\($0.1)" }.joined(separator: " ") }.sorted(),
                try Int.fetchOne(database, sql: "SELECT count(*) FROM event") ?? 0
            )
        }
    }

    @Test("nights of a year, with rows shuffled, corrected and withdrawn, end where the last one alone does")
    func year() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        let ledger = try Ledger(made.path("year.sqlite"), mayMake: true)
        let last = day("2010-12-20")
        var written = 0
        for number in stride(from: Int32(-364), through: 0, by: 1) {
            let night = last.adding(days: number)
            // Each week another child is missing for a night, and another team is written.
            try made.export(night, .shuffled) { told in
                guard number % 7 == 0, number < 0, let child = told.last.map({ made.cell("child_id", $0) }) else {
                    return told
                }
                return told.enumerated().compactMap { place, row in
                    if made.cell("child_id", row) == child { return nil }
                    return place % 50 == 0 ? made.with("team", "Team of \(night)", row) : row
                }
            }
            let changes = try takeIn(made, ledger, night)
            written += changes.added + changes.corrected
        }
        let once = try Ledger(made.path("once.sqlite"), mayMake: true)
        _ = try takeIn(made, once, last)
        let (year, single) = (try rows(ledger), try rows(once))
        #expect(year.now == single.now)
        #expect(year.ever == written && year.ever > single.ever)
        try ledger.check()
    }

    @Test("references that are swapped, shared, doubled or missing change nothing, and changes are told from them")
    func references() {
        func rows(_ text: String) -> [KeptRow] {
            text.split(separator: "|").map { row in
                let cells = row.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                return KeptRow(source: 0, line: 1, referral: cells[0], step: cells[1], rest: cells[2])
            }
        }
        let plain = "R1  a|R1 S1 b|R1 S1 c|R2  a|R2 S2 b|  x"
        for same in [
            // Other names, another order, names swapped between two referrals, and each other's names.
            "7  a|7 8 b|7 8 c|9  a|9 1 b|  x", "  x|R2 S2 b|R2  a|R1 S1 c|R1 S1 b|R1  a",
            "R2  a|R2 S2 b|R2 S2 c|R1  a|R1 S1 b|  x", "S1  a|S1 R1 b|S1 R1 c|S2  a|S2 R2 b|  x",
        ] {
            #expect(ChildForm(rows(same)).digest == ChildForm(rows(plain)).digest, "\(same)")
            let renamed = References(known: rows(plain), tonight: rows(same)).rows
            #expect(Set(renamed) == Set(rows(plain)), "\(same)")
        }
        // One letter and two are two references, as in the case system.
        let (one, two) = ("\u{E9}", "e\u{301}")
        let apart = References(
            known: rows("\(one)  a|\(two)  b"), tonight: rows("\(two)  a|\(one)  b")
        ).rows
        #expect(apart.map { Array($0.referral.utf8) } == [Array(one.utf8), Array(two.utf8)])
        for other in [
            // A row of the other referral, of the other step, of none, twice, or gone.
            "R1  a|R1 S1 b|R2 S1 c|R2  a|R2 S2 b|  x", "R1  a|R1 S1 b|R1 S2 c|R2  a|R2 S2 b|  x",
            "R1  a|R1 S1 b|R1 S1 c|R2  a|R2 S2 b|R2  x", "R1  a|R1 S1 b|R1 S1 c|R2  a|R2 S2 b|  x|  x",
            "R1  a|R1 S1 b|R1 S1 c|R2  a|R2 S2 b",
        ] {
            #expect(ChildForm(rows(other)).digest != ChildForm(rows(plain)).digest, "\(other)")
        }
        // Within one referral, where nothing but the step tells.
        let first = ChildForm(rows("R1 S1 b|R1 S1 c|R1 S2 d")).digest
        #expect(first == ChildForm(rows("R1 2 d|R1 1 c|R1 1 b")).digest)
        #expect(first != ChildForm(rows("R1 S1 b|R1 S2 c|R1 S2 d")).digest)
        // Under new names, with one row more: the old ones keep theirs, and the new row has its referral's.
        let more = References(known: rows(plain), tonight: rows("7  a|7 8 b|7 8 c|7 8 d|9  a|9 1 b|  x")).rows
        #expect(Set(more) == Set(rows(plain + "|R1 S1 d")))
        // A new referral that has an old one's name gets another.
        let taken = References(known: rows("R1  a|R1 S1 b"), tonight: rows("R2  a|R2 S1 b|R1  z")).rows
        #expect(Set(taken) == Set(rows("R1  a|R1 S1 b|R1~2  z")))
    }
}
