import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

@Suite("Late entries and lists")
struct LateEntryTests {
    private let first = MadeNights.first

    /// The rows of a set's exceptions.
    private func listed(_ made: MadeNights, _ week: String) throws -> [[String: String]] {
        try made.table("out/\(week)/data/exceptions.csv")
    }

    @Test(
        "an exception that an entry ends in the past is shown once as cleared, with how, and what was promised is kept")
    func cleared() throws {
        let made = try MadeNights.begun()
        defer { made.cards.clean() }
        let next = first.adding(days: 7)
        // Core assessments that nothing ends by the second week, of children with no other row on the list.
        let waiting = try listed(made, "2010-W47").filter { row in
            row["rule"] == "core_assessment" && row["status"] != "cleared"
                && !made.known(next).contains {
                    made.cell("step_id", $0) == row["step_id"] && made.cell("event", $0).hasSuffix("authorised")
                }
        }
        let finished = try #require(waiting.first)
        let withdrawn = try #require(waiting.dropFirst().first { $0["group_manager"] != finished["group_manager"] })
        let moved = try #require(waiting.dropFirst().first { $0["group_manager"] == finished["group_manager"] })
        try made.cards.write(
            """
            exception,child_id,rule,reason,revised_date
            \(finished["exception"] ?? ""),\(finished["child_id"] ?? ""),core_assessment,POLICE,2010-11-30

            """, to: "back.csv")
        let set = try made.cards.text(of: "out/2010-W47/run.json").split(separator: "\"set\": \"")[1].prefix(32)
        let taken = try made.cards.run(["exceptions", "import", "back.csv", "--out", "out", "--set", String(set)])
        try #require(taken.code == 0, "\(taken.errors)")

        let edit: ([[String]]) -> [[String]] = { rows in
            var ended = rows.first { made.cell("step_id", $0) == finished["step_id"] } ?? []
            for (cell, value) in [
                ("event", "core_assessment_authorised"), ("date", "2010-11-25"), ("recorded_at", "2010-12-01"),
            ] { ended = made.with(cell, value, ended) }
            return rows.filter { made.cell("child_id", $0) != withdrawn["child_id"] }.map { row in
                let isHers = made.cell("child_id", row) == moved["child_id"]
                guard isHers else { return row }
                return made.with("worker", withdrawn["worker"] ?? "", made.with("team", withdrawn["unit"] ?? "", row))
            } + [ended]
        }
        for number in [7, 14] as [Int32] {
            try made.export(first.adding(days: number), [], edit)
            _ = try made.good(first.adding(days: number))
        }
        for (was, how, kept) in [(finished, "stopped", "yes"), (withdrawn, "changed", ""), (moved, "moved", "")] {
            let rows = try listed(made, "2010-W48").filter {
                $0["exception"] == was["exception"] && $0["group_manager"] == was["group_manager"]
            }
            #expect(rows.count == 1, "\(how)")
            let row = try #require(rows.first)
            #expect(row["status"] == "cleared" && row["also"] == how && row["weeks_listed"] == "0", "\(how): \(row)")
            #expect(row["week_ending"] == "2010-12-05" && row["due_on"] == was["due_on"], "\(how)")
            #expect(row["previous_kept"] == kept, "\(how)")
            let later = try listed(made, "2010-W49").filter {
                $0["exception"] == was["exception"] && $0["group_manager"] == was["group_manager"]
            }
            #expect(later.isEmpty, "shown once: \(how)")
        }
        let stands = try listed(made, "2010-W48").filter { $0["exception"] == moved["exception"] }
        #expect(stands.contains { $0["status"] != "cleared" && $0["group_manager"] == withdrawn["group_manager"] })
        let again = [
            "weekly", "ledger.sqlite", "--week", "2010-W48", "--known-at", "\(next)", "--out", "again", "--quiet",
        ]
        #expect(try made.cards.run(again).code == 0)
        #expect(try made.contents("out/2010-W48") == made.contents("again/2010-W48"))
        #expect(!FileManager.default.fileExists(atPath: made.path("out/2010-W48/data/clocks.csv")))
    }
}
