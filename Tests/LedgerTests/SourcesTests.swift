import CardsTestSupport
import Exports
import Foundation
import Glibc
import Testing
import WorkingCalendar

@testable import Ledger

/// A council with several exports, which come in another order, under other names, or not at all.
@Suite("Several exports")
struct SourcesTests {
    private let first = day("2010-11-29")

    /// Sources known, with `*` before those of the last night; tonight's; the numbers they get.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var known: [String]
        var tonight: [String]
        var numbers: [Int]
    }

    @Test(
        "a source keeps its number",
        arguments: [
            Case(testDescription: "the first night counts them", known: [], tonight: ["a", "b"], numbers: [0, 1]),
            Case(testDescription: "in another order", known: ["*a", "*b"], tonight: ["b", "a"], numbers: [1, 0]),
            Case(
                testDescription: "names with dates", known: ["*in_0101.csv", "*out_0101.csv"],
                tonight: ["out_0102.csv", "in_0102.csv"], numbers: [1, 0]),
            Case(
                testDescription: "the exact name before one that differs in digits", known: ["*a1", "*a2"],
                tonight: ["a2", "a3"], numbers: [1, 0]),
            Case(
                testDescription: "a digit that is no date, in another order",
                known: ["*area1_2010-11-22.csv", "*area2_2010-11-22.csv"],
                tonight: ["area2_2010-11-30.csv", "area1_2010-11-30.csv"], numbers: [1, 0]),
            Case(
                testDescription: "a date before a digit that is none",
                known: ["*2010-11-22_area1.csv", "*2010-11-22_area2.csv"],
                tonight: ["2010-12-01_area2.csv", "2010-12-01_area1.csv"], numbers: [1, 0]),
            Case(testDescription: "a new one in front", known: ["*a"], tonight: ["b", "a"], numbers: [1, 0]),
            Case(
                testDescription: "renamed, and the only one left", known: ["*a", "*b"], tonight: ["c", "b"],
                numbers: [0, 1]),
            Case(
                testDescription: "what was missing for a night is known again", known: ["*a", "b"],
                tonight: ["a", "b"], numbers: [0, 1]),
            Case(
                testDescription: "what was missing takes no other's place", known: ["*a", "b"], tonight: ["c"],
                numbers: [0]),
            Case(
                testDescription: "a sheet keeps its digits", known: ["*x1.xlsx: List 1", "*x1.xlsx: List 2"],
                tonight: ["x2.xlsx: List 2", "x2.xlsx: List 1"], numbers: [1, 0]),
        ])
    func numbers(_ example: Case) {
        let known = example.known.enumerated().map { number, name in
            SourceNumbers.Known(
                number: number, file: name.replacing("*", with: ""), isOfLastNight: name.hasPrefix("*"))
        }
        #expect(SourceNumbers(example.tonight, known: known).numbers == example.numbers)
    }

    @Test("a night that tells the same in another order changes nothing, and every night can be had as it was")
    func order() throws {
        let made = try MadeNights(formats: "[csv]")
        defer { made.cards.clean() }
        func export(_ night: CivilDate, _ exports: String, _ early: String, _ late: String) throws {
            for (name, isEarly) in [(early, true), (late, false)] {
                try made.export(night) { rows in
                    rows.filter { (made.cell("child_id", $0) < "C0000100") == isEarly }
                        // A row of each that cannot be used, on another line every night.
                        + [made.with("date", "no day", rows[isEarly ? 0 : rows.count - 1])]
                }
                let text = try made.cards.text(of: "events.csv")
                try made.cards.write(text, to: name)
            }
            let rest = try made.cards.text(of: "cards.yaml").split(separator: "\n").dropFirst()
            try made.cards.write(
                "exports: [\(exports)]\n" + rest.joined(separator: "\n") + "\n", to: "cards.yaml")
        }
        try export(first, "early_*.csv, late_*.csv", "early_1.csv", "late_1.csv")
        _ = try made.good(first)
        let then = try made.contents("out/2010-W47")
        try export(first, "late_*.csv, early_*.csv", "early_2.csv", "late_2.csv")
        let report = try made.good(first.adding(days: 1))
        #expect(report.changes == .init(added: 0, corrected: 0, withdrawn: 0, merged: 0))
        let rejected = try made.ledger().filter { $0.hasPrefix("rejected") }
        #expect(
            rejected.allSatisfy { $0.contains("learnt=1 gone=NULL") }, "rejected rows are the same wherever they stand")
        let next = first.adding(days: 7)
        try export(next, "late_*.csv, early_*.csv", "early_3.csv", "late_3.csv")
        let changes = try made.good(next).changes
        #expect(changes.added == made.known(next).count - made.known(first).count && changes.withdrawn == 0)
        for (week, night) in [("2010-W47", first), ("2010-W48", next)] {
            let again = [
                "weekly", "ledger.sqlite", "--week", week, "--known-at", "\(night)", "--out", "again", "--quiet",
            ]
            #expect(try made.cards.run(again).code == 0)
            #expect(try made.contents("out/\(week)") == made.contents("again/\(week)"), "\(week)")
        }
        #expect(try made.contents("out/2010-W47") == then)
        let single = [
            "weekly", "late_3.csv", "early_3.csv", "--teams", "sample/teams.csv", "--workers", "sample/workers.csv",
        ]
        #expect(try made.cards.run(single + ["--week", "2010-W48", "--out", "single", "--quiet"]).code == 0)
        for file in ["cards.csv", "watch.csv"] {
            #expect(
                try made.cards.text(of: "single/2010-W48/data/\(file)")
                    == made.cards.text(of: "out/2010-W48/data/\(file)"), "\(file)")
        }
        // Half of one export is refused, wherever it stands.
        try export(next, "early_*.csv, late_*.csv", "early_4.csv", "late_4.csv")
        let half = try made.cards.text(of: "late_4.csv").split(separator: "\n")
        try made.cards.write(half.prefix(half.count / 3).joined(separator: "\n") + "\n", to: "late_4.csv")
        let refused = try made.run(next.adding(days: 1))
        #expect(refused.code == 65 && refused.errors.contains("late_4.csv: there are far fewer rows than last night"))
    }

    @Test("what is hidden, or no file, is none of the exports a pattern stands for; a run by hand reads the same one")
    func pattern() throws {
        let made = try MadeNights(formats: "[csv]")
        defer { made.cards.clean() }
        let rest = try made.cards.text(of: "cards.yaml").split(separator: "\n").dropFirst()
        try made.cards.write("exports: [in/*.csv]\n" + rest.joined(separator: "\n") + "\n", to: "cards.yaml")
        try made.export(first)
        let text = try made.cards.text(of: "events.csv")
        try FileManager.default.createDirectory(atPath: made.path("in"), withIntermediateDirectories: false)
        try made.cards.write(text, to: "in/1.csv")
        try made.cards.write("nothing", to: "in/.2.csv")
        #expect(mkfifo(made.path("in/3.csv"), 0o600) == 0)
        #expect(try made.good(first).published == ["2010-W47"])
        let hand = try made.cards.run(["weekly", "--week", "2010-W47", "--out", "hand", "--quiet"])
        #expect(hand.code == 0, "\(hand.errors)")
        #expect(
            try made.cards.text(of: "hand/2010-W47/data/cards.csv")
                == made.cards.text(of: "out/2010-W47/data/cards.csv"))
    }

    @Test("of equal steps in equal referrals each stays in its own, however they are renumbered")
    func twins() {
        func row(_ referral: String, _ step: String, _ rest: String) -> KeptRow {
            KeptRow(source: 0, line: 1, referral: referral, step: step, rest: rest)
        }
        func rows(_ names: [(String, String)]) -> [KeptRow] {
            names.flatMap { [row($0, "", "referral_received,2010-11-01"), row($0, $1, "s47_started,2010-11-02")] }
        }
        let known = rows([("R1", "S1"), ("R2", "S2")])
        let tonight = rows([("a", "y"), ("b", "x")]) + [row("c", "", "referral_received,2010-11-20")]
        #expect(Set(References(known: known, tonight: tonight).rows) == Set(known + tonight.suffix(1)))
    }

    @Test("a row that goes and comes back is no late entry, and settings that changed since are named")
    func back() throws {
        let made = try MadeNights(formats: "[csv, text]")
        defer { made.cards.clean() }
        try made.export(first)
        _ = try made.good(first)
        // A child on the list, so that figures change without it.
        let listed = try made.cards.text(of: "out/2010-W47/data/exceptions.csv").split(separator: "\n")[1]
        let gone = try #require(listed.split(separator: ",").map(String.init).first { $0.hasPrefix("C0") })
        try made.export(first, []) { rows in rows.filter { made.cell("child_id", $0) != gone } }
        _ = try made.good(first.adding(days: 1))
        let diff = ["ledger", "diff", "2010-W47", "--since-published"]
        #expect(try made.cards.run(diff).output.contains(gone))
        try made.export(first)
        _ = try made.good(first.adding(days: 2))
        #expect(try made.cards.run(diff).output == "2010-W47: every figure is as it was published\n")

        let teams = try made.cards.text(of: "sample/teams.csv")
        try made.cards.write(teams.replacing("Group Manager A", with: "Group Manager Z"), to: "sample/teams.csv")
        let next = first.adding(days: 7)
        try made.export(next)
        _ = try made.good(next)
        #expect(try made.cards.run(diff).output.contains("\nmeasured otherwise since: organisation or workers file\n"))
        let json = try made.cards.run(diff + ["--json"]).output
        #expect(json.contains("\"organisation or workers file\""))
        let page = try made.cards.text(of: "out/2010-W48/authority/index.txt")
        #expect(
            page.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
                "because these changed: organisation or workers file."))
    }
}
