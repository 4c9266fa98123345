import CardsTestSupport
import Foundation
import GRDB
import Testing
import WorkingCalendar

/// Somebody reads the ledger and does not stop, so that its log cannot be moved into the file.
@Suite("A reader who stays")
struct ReaderTests {
    private let first = MadeNights.first

    /// Does something while a reader stands where the ledger is now.
    private func reading<Value>(_ made: MadeNights, _ body: () throws -> Value) throws -> Value {
        let reader = try DatabaseQueue(path: made.path("ledger.sqlite"))
        return try reader.read { database in
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM event")
            return try body()
        }
    }

    @Test("a night is a good one all the same, says so, and the next one moves the log in")
    func night() throws {
        let made = try MadeNights.begun()
        defer { made.cards.clean() }
        let second = first.adding(days: 7)
        try made.export(second)
        let outcome = try reading(made) { try made.run(second) }
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("published 2010-W48; somebody reads the ledger"))
        #expect(try made.cards.text(of: "out/nightly.json").contains("\"is_at_rest\" : false"))
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        let backup = try made.ledger("ledger.sqlite.backup")
        #expect(try backup == made.ledger(), "the backup has it all")
        _ = try made.good(second.adding(days: 1))
        #expect(try made.cards.text(of: "out/nightly.json").contains("\"is_at_rest\" : true"))
    }

    @Test("a purge says that bytes are left, and a vacuum takes them out")
    func purge() throws {
        let made = try MadeNights.begun()
        defer { made.cards.clean() }
        let gone = try #require(made.known(first).map { made.cell("child_id", $0) }.sorted().dropFirst(5).first)
        let second = first.adding(days: 1)
        try made.export(second, []) { rows in rows.filter { made.cell("child_id", $0) != gone } }
        _ = try made.good(second)
        func isThere(_ file: String) throws -> Bool {
            try Data(contentsOf: made.cards.folder.appending(path: file)).contains(Data(gone.utf8))
        }
        let purge = ["ledger", "purge", "--before", "\(second)"]
        let (outcome, isLeft) = try reading(made) { (try made.cards.run(purge), try isThere("ledger.sqlite")) }
        #expect(outcome.code == 69)
        #expect(
            outcome.errors.contains(
                "somebody reads the ledger, so what was taken out is still in the file [ledger-busy]"))
        #expect(try isLeft && isThere("ledger.sqlite.backup"), "what is told is true")
        #expect(try made.cards.run(["ledger", "vacuum"]).code == 0)
        for file in ["ledger.sqlite", "ledger.sqlite.backup"] { #expect(try !isThere(file), "\(file)") }
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
    }
}
