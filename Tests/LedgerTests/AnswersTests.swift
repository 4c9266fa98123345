import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

@Suite("Answers at night")
struct AnswersTests {
    private let first = day("2010-11-29")

    /// A council after a good night, with an answer to the first exception of its set.
    private func answered() throws -> (made: MadeNights, child: String, note: String) {
        let made = try MadeNights()
        try made.export(first)
        _ = try made.good(first)
        let lines = try made.cards.text(of: "out/2010-W47/data/exceptions.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = lines[0]
        let listed = try #require(lines.dropFirst().first { !$0.contains("cleared") })
        func cell(_ name: String) throws -> String { listed[try #require(header.firstIndex(of: name))] }
        let note = "Rang the police on Tuesday"
        try made.cards.write(
            """
            exception,child_id,rule,reason,revised_date,note
            \(try cell("exception")),\(try cell("child_id")),\(try cell("rule")),POLICE,2010-12-02,\(note)

            """, to: "back.csv")
        let run = try JSONDecoder().decode(
            [String: JSONText].self, from: Data(try made.cards.text(of: "out/2010-W47/run.json").utf8))
        let set = try #require(run["set"]?.text)
        let taken = try made.cards.run(["exceptions", "import", "back.csv", "--out", "out", "--set", set])
        try #require(taken.code == 0, "\(taken.errors)")
        return (made, try cell("child_id"), note)
    }

    /// A member of `run.json`, as far as it is text.
    private struct JSONText: Decodable {
        var text: String?
        init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
    }

    @Test("answers are kept by the next night, come back with a restored ledger, and are purged with what they answer")
    func kept() throws {
        let (made, child, note) = try answered()
        defer { made.cards.clean() }
        let answers = try made.contents("out/returns")
        #expect(answers.count == 1 && answers.keys.allSatisfy { $0.hasPrefix("00001-") })
        for number in [7, 8] as [Int32] {
            try made.export(first.adding(days: number))
            _ = try made.good(first.adding(days: number))
        }
        let entries = try made.cards.run(["ledger", "log"]).output.split(separator: "\n")
        #expect(entries.count { $0.contains("returned  00001-") } == 1, "taken in once, on the first of two nights")
        #expect(!entries.contains { $0.contains(child) })

        try FileManager.default.removeItem(atPath: made.path("out/returns"))
        try made.cards.write("", to: "ledger.sqlite")
        let restored = try made.cards.run(["ledger", "restore"])
        #expect(restored.code == 0)
        #expect(restored.errors.hasSuffix("put back: 1 files of answers in out/returns\n"))
        #expect(try made.contents("out/returns") == answers)
        let mode = try FileManager.default.attributesOfItem(atPath: made.path("out/returns"))[.posixPermissions]
        #expect(mode as? Int == 0o700)
        let again = try made.cards.run(["ledger", "restore"])
        #expect(again.code == 0 && !again.errors.contains("put back"), "what is there stays")

        #expect(try made.cards.run(["ledger", "purge", "--before", "2010-12-07"]).code == 0)
        for file in ["ledger.sqlite", "ledger.sqlite.backup"] {
            let bytes = try Data(contentsOf: made.cards.folder.appending(path: file))
            #expect(!bytes.contains(Data(note.utf8)), "\(file)")
        }
        try made.export(first.adding(days: 9))
        _ = try made.good(first.adding(days: 9))
        let ledger = try Data(contentsOf: made.cards.folder.appending(path: "ledger.sqlite"))
        #expect(!ledger.contains(Data(note.utf8)), "what was purged is not taken in again")
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
    }

    @Test("a file of answers that has gone is put back by the next night, which says so")
    func putBack() throws {
        let (made, _, _) = try answered()
        defer { made.cards.clean() }
        try made.export(first.adding(days: 1))
        _ = try made.good(first.adding(days: 1))
        let answers = try made.contents("out/returns")
        for name in answers.keys { try FileManager.default.removeItem(atPath: made.path("out/returns/\(name)")) }
        try made.export(first.adding(days: 7))
        let outcome = try made.run(first.adding(days: 7))
        #expect(outcome.errors.contains("; files of answers that had gone, put back: 1"))
        #expect(try made.contents("out/returns") == answers)
        #expect(try made.cards.text(of: "out/2010-W48/data/exceptions.csv").contains(",2010-12-02,"))
    }

    @Test("an answer that is taken after others have gone comes after them all the same")
    func newest() throws {
        let (made, _, _) = try answered()
        defer { made.cards.clean() }
        try made.export(first.adding(days: 1))
        _ = try made.good(first.adding(days: 1))
        try FileManager.default.removeItem(atPath: made.path("out/returns"))
        let later = try made.cards.text(of: "back.csv").replacing("2010-12-02", with: "2010-12-03")
        try made.cards.write(later, to: "back.csv")
        let run = try JSONDecoder().decode(
            [String: JSONText].self, from: Data(try made.cards.text(of: "out/2010-W47/run.json").utf8))
        let set = try #require(run["set"]?.text)
        #expect(try made.cards.run(["exceptions", "import", "back.csv", "--set", set]).code == 0)
        #expect(try made.contents("out/returns").keys.map { $0.prefix(5) }.sorted() == ["00001", "00002"])
        try made.export(first.adding(days: 7))
        _ = try made.good(first.adding(days: 7))
        let list = try made.cards.text(of: "out/2010-W48/data/exceptions.csv")
        #expect(list.contains(",2010-12-03,no,") && !list.contains(",2010-12-02,no,"))
    }

    @Test("a ledger of the first version is brought up to date")
    func older() throws {
        let (made, _, _) = try answered()
        defer { made.cards.clean() }
        try made.execute(
            """
            DROP TABLE returned; DROP TABLE listed; ALTER TABLE source DROP COLUMN place; DELETE FROM grdb_migrations WHERE identifier IN ('2', '3', '4');
            DROP TABLE merge; DROP TRIGGER figure_is_kept; DROP TRIGGER published_is_kept;
            CREATE TABLE listed (week TEXT, exception TEXT) STRICT; PRAGMA user_version = 1;
            UPDATE event SET referral = 'R' || char(13) || char(10) || '1' WHERE id = 7;
            """, withoutTriggers: false)
        for command in [["weekly", "ledger.sqlite"], ["ledger", "check"]] {
            let outcome = try made.cards.run(command)
            #expect(
                outcome.code == 69 && outcome.errors.contains("written by an older version of cards [older-ledger]"))
        }
        // That version left no word about the bytes.
        try FileManager.default.removeItem(atPath: made.path("ledger.sqlite.head"))
        try made.export(first.adding(days: 1))
        _ = try made.good(first.adding(days: 1))
        #expect(try made.cards.run(["ledger", "log"]).output.contains("returned  00001-"))
        // Those versions took line ends in references.
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        try made.export(first.adding(days: 7))
        _ = try made.good(first.adding(days: 7))
        #expect(try made.ledger().contains { $0.hasPrefix("listed week=\"2010-W48\"") })
    }

    @Test("a set made again by another version says so, and has the same figures")
    func versions() throws {
        let (made, _, _) = try answered()
        defer { made.cards.clean() }
        try made.execute(
            "DROP TRIGGER published_stays; UPDATE published SET version = '0.0.9'", withoutTriggers: false)
        let again = ["weekly", "ledger.sqlite", "--week", "2010-W47", "--out", "again", "--quiet"]
        #expect(try made.cards.run(again).code == 0)
        // As one line, however it is wrapped.
        func page(_ folder: String) throws -> String {
            try made.cards.text(of: "\(folder)/2010-W47/authority/index.txt").split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
        }
        let version = try made.cards.run(["--version"]).output.trimmingCharacters(in: .newlines)
        let words = "Published by cards 0.0.9, and made again by cards \(version)."
        #expect(try page("again").contains(words))
        #expect(try !page("out").contains("Published by cards"))
        let figures = "2010-W47/data/cards.csv"
        #expect(try made.cards.text(of: "again/\(figures)") == made.cards.text(of: "out/\(figures)"))
    }

    @Test("a night says what it does as lines of JSON, its errors too")
    func lines() throws {
        let (made, _, _) = try answered()
        defer { made.cards.clean() }
        struct Line: Decodable {
            var night, level: String
            var step, week, status, message: String?
        }
        func lines(_ outcome: Executable.Outcome) throws -> [Line] {
            try outcome.errors.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
        }
        let night = first.adding(days: 7)
        try made.export(night)
        let good = try lines(try made.run(night, ["--log-json"]))
        #expect(
            good.map { $0.step ?? "end" } == [
                "find", "check", "read", "judge", "take in", "returns", "week", "record", "today", "tidy", "back up",
                "end",
            ])
        #expect(good.allSatisfy { $0.level == "info" && $0.night == "\(night)" })
        #expect(good.filter { $0.week == "2010-W48" }.count == 2)
        #expect(good.last?.status == "good" && good.last?.message?.contains("published 2010-W48") == true)
        let text = try made.cards.text(of: "cards.yaml")
        try made.cards.write(text + "  on_success: exit 3\n", to: "cards.yaml")
        let afterwards = try made.run(night, ["--log-json", "--quiet"])
        let failed = try lines(afterwards)
        #expect(afterwards.code == 78 && failed.count == 1)
        #expect(failed.first?.level == "error" && failed.first?.message?.contains("[hook-failed]") == true)
        try made.cards.write("", to: "events.csv")
        let outcome = try made.run(night.adding(days: 1), ["--log-json", "--quiet"])
        let refused = try lines(outcome)
        #expect(outcome.code == 65 && refused.count == 1)
        #expect(refused[0].level == "error" && refused[0].status == "refused")
        #expect(refused[0].message?.contains("[empty-file]") == true)
    }
}
