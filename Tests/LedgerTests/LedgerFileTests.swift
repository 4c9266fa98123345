import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

/// What the file of a ledger may be called, and what may stand in it.
@Suite("The file of a ledger")
struct LedgerFileTests {
    private let first = day("2010-11-29")
    private let second = day("2010-12-06")

    /// A council after a good night, with the export of the next one.
    private func made() throws -> MadeNights {
        let made = try MadeNights(formats: "[csv]")
        try made.export(first)
        _ = try made.good(first)
        try made.export(second)
        return made
    }

    @Test("a row that no export told, or that is no row, is damage")
    func strayRows() throws {
        for change in ["source = 99", "cells = cells || char(10) || 'x'"] {
            let made = try made()
            defer { made.cards.clean() }
            try made.execute("UPDATE event SET \(change) WHERE id = 7", withoutTriggers: false)
            try FileManager.default.removeItem(atPath: made.path("ledger.sqlite.head"))
            let outcome = try made.cards.run(["ledger", "check"])
            #expect(outcome.code == 69 && outcome.errors.contains("a row of no export, or that is no row"), "\(change)")
            #expect(try made.run(second).code == 69, "\(change)")
        }
    }

    @Test("a ledger is a file, whatever its name means to SQLite; `inspect` knows one")
    func names() throws {
        for name in [":memory:", "file:x?mode=memory"] {
            let made = try made()
            defer { made.cards.clean() }
            let text = try made.cards.text(of: "cards.yaml")
            try made.cards.write(text.replacing("ledger: ledger.sqlite", with: "ledger: '\(name)'"), to: "cards.yaml")
            for night in [first, second] {
                try made.export(night)
                #expect(try made.run(night).code == 0)
            }
            #expect(try made.cards.run(["ledger", "check"]).output.contains("2 nights"), "\(name)")
            let look = try made.cards.run(["inspect", name])
            #expect(look.output.hasPrefix("\(name): a ledger of `cards nightly`"))
        }
    }
}
