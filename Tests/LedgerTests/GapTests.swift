import CardsTestSupport
import Foundation
import GRDB
import Testing
import WorkingCalendar

/// What is missing, forgotten or not known yet: the nights after it publish what they should.
@Suite("Gaps")
struct GapTests {
    private let first = MadeNights.first
    private let second = MadeNights.second

    /// A child who stands on the list of the first week.
    private func listed(_ made: MadeNights) throws -> String {
        let list = try made.table("out/2010-W47/data/exceptions.csv")
        return try #require(list.first { $0["status"] != "cleared" }?["child_id"])
    }

    /// Exports the second night without a child.
    private func exportSecond(_ made: MadeNights, without child: String) throws {
        try made.export(second) { rows in rows.filter { made.cell("child_id", $0) != child } }
    }

    /// How the rows of a child left the list of the second week.
    private func cleared(_ made: MadeNights, _ child: String) throws -> [String] {
        try made.table("out/2010-W48/data/exceptions.csv").filter {
            $0["child_id"] == child && $0["status"] == "cleared"
        }.compactMap { $0["also"] }
    }

    @Test("a ledger that has gone is not begun anew while its backup is there")
    func ledgerGone() throws {
        let made = try MadeNights.begun(exportsSecond: true)
        defer { made.cards.clean() }
        for end in ["", ".head"] { try FileManager.default.removeItem(atPath: made.path("ledger.sqlite\(end)")) }
        let backup = try made.contents(".")["ledger.sqlite.backup"]
        let outcome = try made.run(second)
        #expect(outcome.code == 69)
        #expect(outcome.errors.contains("ledger.sqlite: the ledger is not there, and its backup is [ledger-gone]"))
        for command in [["vacuum"], ["purge", "--before", "2010-11-01"], ["check"], ["backup", "--to", "copy"]] {
            let outcome = try made.cards.run(["ledger"] + command)
            #expect(outcome.code == 66 && outcome.errors.contains("[missing-ledger]"), "\(command)")
        }
        #expect(!FileManager.default.fileExists(atPath: made.path("ledger.sqlite")))
        #expect(try made.contents(".")["ledger.sqlite.backup"] == backup)
        #expect(try made.cards.run(["ledger", "restore"]).code == 0)
        #expect(try made.good(second).published == ["2010-W48"])
        // As the hint says: with the backup away a new one is begun.
        for end in ["", ".backup"] { try FileManager.default.removeItem(atPath: made.path("ledger.sqlite\(end)")) }
        #expect(try made.good(second).changes.added > 0)
        #expect(try made.cards.run(["ledger", "check"]).output.contains("1 nights"))
    }

    @Test("what was published is not taken out", arguments: ["figure", "published", "activity"])
    func kept(_ table: String) throws {
        let made = try MadeNights.begun(formats: "[csv]")
        defer { made.cards.clean() }
        let before = try made.ledger()
        #expect(throws: DatabaseError.self) { try made.execute("DELETE FROM \(table)", withoutTriggers: false) }
        #expect(try made.ledger() == before)
    }

    @Test("a run that was stopped before `latest` named the new set is completed by the next one")
    func latest() throws {
        let made = try MadeNights.begun(exportsSecond: true)
        defer { made.cards.clean() }
        let before = try made.cards.text(of: "out/latest")
        _ = try made.good(second)
        let sets = try made.contents("out")
        #expect(try made.cards.text(of: "out/latest") != before)
        try made.cards.write(before, to: "out/latest")
        _ = try made.good(second)
        #expect(try made.contents("out") == sets)
    }

    @Test(
        "a week that the exports know nothing of waits for one that does; a date that is to come knows nothing",
        arguments: [("", ""), ("date", "2101-03-04"), ("recorded_at", "2101-03-04"), ("date", "2010-12-09")])
    func waiting(_ mistyped: String, _ day: String) throws {
        let made = try MadeNights.begun()
        defer { made.cards.clean() }
        // The rows of the first night, written anew.
        try made.export(first) { rows in
            mistyped.isEmpty ? rows : [made.with(mistyped, day, rows[0])] + rows.dropFirst()
        }
        let outcome = try made.run(first.adding(days: 14))
        #expect(outcome.code == 0)
        #expect(
            outcome.errors.contains(
                "not published yet, because the exports know nothing after 2010-11-26: "
                    + "2010-W48, 2010-W49"))
        let report = try made.report()
        #expect(report.published == [] && report.waiting == ["2010-W48", "2010-W49"])
        try made.export(first.adding(days: 15))
        let next = try made.good(first.adding(days: 15))
        #expect(next.published == ["2010-W48", "2010-W49"] && next.waiting == [])
    }

    @Test("the list of the first week that can be had after a purge is the same, with what had left the one before")
    func purged() throws {
        let made = try MadeNights.begun()
        defer { made.cards.clean() }
        let child = try listed(made)
        try exportSecond(made, without: child)
        _ = try made.good(second)
        #expect(try cleared(made, child).contains("changed"))
        #expect(try made.cards.run(["ledger", "purge", "--before", "\(second)"]).code == 0)
        let again = ["weekly", "ledger.sqlite", "--week", "2010-W48", "--known-at", "\(second)", "--out", "again"]
        #expect(try made.cards.run(again + ["--quiet"]).code == 0)
        for file in ["exceptions", "cards", "watch"] {
            let path = "2010-W48/data/\(file).csv"
            #expect(try made.cards.text(of: "again/\(path)") == made.cards.text(of: "out/\(path)"))
        }
        // And the list that the next week needs is there.
        let third = second.adding(days: 7)
        try made.export(third)
        _ = try made.good(third)
        #expect(try made.cards.run(["ledger", "purge", "--before", "\(third)"]).code == 0)
        #expect(try made.ledger().allSatisfy { !$0.hasPrefix("listed week=\"2010-W47\"") })
    }

    @Test("a set that a restored ledger does not know is written down, and what leaves its list is told of")
    func restored() throws {
        let made = try MadeNights.restored()
        defer { made.cards.clean() }
        let child = try listed(made)
        try made.export(first.adding(days: 3))
        let outcome = try made.run(first.adding(days: 3))
        #expect(outcome.errors.contains("another set is there: 2010-W47") && !outcome.errors.contains("; published"))
        // The same after a run that was stopped at the end.
        let report = try made.good(first.adding(days: 3))
        #expect(report.published == [] && report.kept == ["2010-W47"])
        try exportSecond(made, without: child)
        #expect(try made.good(second).published == ["2010-W48"])
        #expect(try cleared(made, child).contains("changed"))
    }
}
