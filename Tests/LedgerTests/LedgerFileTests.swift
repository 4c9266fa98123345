import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

/// What the file of a ledger may be called, and what may stand in it.
@Suite("The file of a ledger")
struct LedgerFileTests {
    private let first = MadeNights.first
    private let second = MadeNights.second

    /// A council after a good night, with the export of the next one.
    private func made() throws -> MadeNights { try .begun(formats: "[csv]", exportsSecond: true) }

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

    @Test("a line end within a reference is a blank, and no damage", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) throws {
        // From the first night on: a reference is kept as it was first met.
        let made = try MadeNights(formats: "[csv]")
        defer { made.cards.clean() }
        let child = try #require(made.known(first).map { made.cell("child_id", $0) }.sorted().dropFirst(5).first)
        func broken(_ rows: [[String]]) -> [[String]] {
            rows.map { row in
                guard made.cell("child_id", row) == child, !made.cell("referral_id", row).isEmpty else { return row }
                let step = made.cell("step_id", row)
                return made.with(
                    "referral_id", "\"R\(end)1\"", step.isEmpty ? row : made.with("step_id", "\"S\(end)\(step)\"", row))
            }
        }
        for number in [0, 7] as [Int32] {
            try made.export(first.adding(days: number), [], broken)
            _ = try made.good(first.adding(days: number))
            let check = try made.cards.run(["ledger", "check"])
            #expect(check.code == 0, "\(check.errors)")
            // As after a run that was stopped: everything is looked at.
            try FileManager.default.removeItem(atPath: made.path("ledger.sqlite.head"))
        }
        #expect(try made.cards.run(["ledger", "restore"]).code == 0)
        let single = ["weekly", "--as-at", "2010-12-06", "--out"]
        #expect(try made.cards.run(single + ["single", "--quiet"]).code == 0)
        #expect(try made.cards.run(["weekly", "ledger.sqlite"] + single.dropFirst() + ["kept", "--quiet"]).code == 0)
        #expect(
            try made.cards.text(of: "kept/2010-W49/data/cards.csv")
                == made.cards.text(of: "single/2010-W49/data/cards.csv"))
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

    @Test("what `check` and `log` print for machines, and how a ledger that is none is refused")
    func json() throws {
        let made = try made()
        defer { made.cards.clean() }
        struct Check: Decodable {
            var nights: Int
            var lastNight: String
            var published: [String]
            var head: String
        }
        struct Entry: Decodable {
            var number: Int
            var what, hash: String
        }
        func printed<Value: Decodable>(_ command: String, as type: Value.Type) throws -> Value {
            let outcome = try made.cards.run(["ledger", command, "--json"])
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(type, from: Data(outcome.output.utf8))
        }
        let check = try printed("check", as: Check.self)
        #expect(check.nights == 1 && check.lastNight == "\(first)" && check.published == ["2010-W47"])
        let log = try printed("log", as: [Entry].self)
        #expect(log.last?.hash == check.head && log.last?.number == log.count && log.last?.what == "publish")
        let none = try made.cards.run(["ledger", "check", "--ledger", "none.sqlite"])
        #expect(none.code == 66 && none.errors.contains("none.sqlite: there is no ledger here [missing-ledger]"))
        try made.change("ledger.sqlite") { _ in Data() }
        let empty = try made.cards.run(["ledger", "check"])
        #expect(empty.code == 69 && empty.errors.contains("the ledger is damaged: it is empty [ledger-damaged]"))
    }

    @Test("a copy takes the place of an earlier one, and of nothing else")
    func copies() throws {
        let made = try made()
        defer { made.cards.clean() }
        func contents() throws -> [String: Data] {
            try made.contents(".").filter { file in
                // Not what programs print, and what is beside a ledger while it is read.
                !file.key.hasPrefix(".") && ![".lock", "-wal", "-shm"].contains { file.key.hasSuffix($0) }
            }
        }
        let before = try contents()
        let answers = ["exceptions", "export", "--to"]
        let backup = ["ledger", "backup", "--to"]
        for (command, place, word) in [
            (answers, "ledger.sqlite", "file-exists"), (answers, "events.csv", "file-exists"),
            (answers, "out/2010-W47/data/exceptions.csv", "folder-of-nights"),
            (answers, "out/new.csv", "folder-of-nights"), (backup, "ledger.sqlite", "output-is-input"),
            (backup, "./ledger.sqlite", "output-is-input"), (backup, "sample/teams.csv", "file-exists"),
            (backup, "out/2010-W47/copy", "folder-of-nights"), (backup, "none/copy", "no-folder"),
        ] {
            let outcome = try made.cards.run(command + [place])
            #expect(outcome.code != 0 && outcome.errors.contains("[\(word)]"), "\(place): \(outcome.errors)")
        }
        let after = try contents()
        #expect(Set(after.keys).symmetricDifference(before.keys) == [])
        #expect(after.keys.filter { after[$0] != before[$0] } == [])
        for _ in 0..<2 {
            for command in [answers + ["answers.csv"], backup + ["copy.sqlite"]] {
                let outcome = try made.cards.run(command)
                #expect(outcome.code == 0, "\(outcome.errors)")
            }
        }
    }

    @Test(
        "what a purge, a vacuum or a restore left is known to the byte",
        arguments: [["purge", "--before", "2010-11-29"], ["vacuum"], ["restore"]])
    func atRest(_ command: [String]) throws {
        let made = try made()
        defer { made.cards.clean() }
        #expect(try made.cards.run(["ledger"] + command).code == 0)
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        // A date, by which no page and no reference is wrong.
        try made.change("ledger.sqlite") { bytes in
            var bytes = bytes
            let place = bytes.range(of: Data("core_assessment_started,".utf8))?.upperBound ?? 0
            bytes[place + 3] ^= 1
            return bytes
        }
        let outcome = try made.cards.run(["ledger", "check"])
        #expect(outcome.code == 69 && outcome.errors.contains("[ledger-damaged]"), "\(outcome.errors)")
        #expect(try made.run(second).code == 69)
    }

    @Test(
        "a link to a ledger stays one; what belongs beside the ledger is there", arguments: ["kept/one.sqlite", "l2"])
    func links(_ target: String) throws {
        let made = try MadeNights(formats: "[csv]")
        defer { made.cards.clean() }
        try FileManager.default.createDirectory(atPath: made.path("kept"), withIntermediateDirectories: false)
        func link(_ name: String, _ to: String) throws {
            try FileManager.default.createSymbolicLink(atPath: made.path(name), withDestinationPath: to)
        }
        try link("ledger.sqlite", target)
        if target == "l2" { try link("l2", made.path("kept/one.sqlite")) }
        for night in [first, second] {
            try made.export(night)
            _ = try made.good(night)
        }
        let names = ["one.sqlite", "one.sqlite.backup", "one.sqlite.head", "one.sqlite.lock"]
        #expect(try made.contents("kept").keys.sorted() == names)
        try made.change("kept/one.sqlite") { $0.prefix($0.count / 2) }
        #expect(try made.cards.run(["ledger", "restore"]).code == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: made.path("ledger.sqlite")) == target)
        #expect(try made.cards.run(["ledger", "check", "--ledger", "ledger.sqlite"]).code == 0)
        _ = try made.good(second)
    }
}
