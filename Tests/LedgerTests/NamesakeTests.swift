import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

/// Exceptions that are equal in child, rule and start, which a number alone tells apart.
@Suite("Exceptions that are equal but for their referral")
struct NamesakeTests {
    private let first = MadeNights.first
    private let second = MadeNights.second

    /// A council in which one child's events are there twice, the second time under other references of referral and
    /// step and under `name`, after a good night on which both core assessments were listed and promised.
    private func begun(under name: String?, isElsewhere: Bool = false) throws -> (
        MadeNights, own: [String: String], copied: Copy
    ) {
        let probe = try MadeNights.begun()
        defer { probe.cards.clean() }
        let own = try probe.waiting(until: second.adding(days: 7))
        let made = try MadeNights(more: "  merges: merges.csv")
        try made.cards.write("from,to\n", to: "merges.csv")
        let teams = try probe.table("sample/teams.csv")
        let elsewhere = teams.first { $0["group_manager"] != own["group_manager"] && $0["group_manager"] != "" }?[
            "unit"]
        try #require(elsewhere != nil)
        let copy = Copy(
            made: made, child: own["child_id"] ?? "", name: name ?? own["child_id"] ?? "",
            team: isElsewhere ? elsewhere : nil)
        try made.export(first, [], copy.added)
        _ = try made.good(first)
        let rows = try made.table("out/2010-W47/data/exceptions.csv").filter {
            $0["rule"] == "core_assessment" && ($0["step_id"] ?? "").hasSuffix(own["step_id"] ?? "?")
        }
        let dates = ["2010-12-03", "2010-12-10"]
        let asked = rows.sorted { ($0["step_id"] ?? "").count < ($1["step_id"] ?? "").count }
        try #require(asked.count == 2 && asked[1]["step_id"] == "Z" + (own["step_id"] ?? ""))
        for (row, date) in zip(asked, dates) { try made.promise(row, date) }
        return (made, own, copy)
    }

    /// The events of a child, there twice.
    private struct Copy {
        let made: MadeNights
        let child: String
        let name: String
        /// The team that has the copies; `nil` for the same.
        let team: String?

        func added(_ rows: [[String]]) -> [[String]] {
            rows
                + rows.filter { made.cell("child_id", $0) == child }.map { row in
                    let row = team.map { made.with("team", $0, row) } ?? row
                    return ["referral_id", "step_id"].reduce(made.with("child_id", name, row)) { row, cell in
                        made.cell(cell, row).isEmpty ? row : made.with(cell, "Z" + made.cell(cell, row), row)
                    }
                }
        }
    }

    /// The rows of the two core assessments on a list, what was promised for the one and for its copy.
    private func rows(
        _ week: String, _ made: MadeNights, _ own: [String: String]
    ) throws -> (own: [[String: String]], copied: [[String: String]]) {
        let rows = try made.table("out/\(week)/data/exceptions.csv").filter { $0["rule"] == "core_assessment" }
        return (
            rows.filter { $0["step_id"] == own["step_id"] },
            rows.filter { $0["step_id"] == "Z" + (own["step_id"] ?? "") }
        )
    }

    @Test("of two that come under one child each keeps its own promise", arguments: [true, false])
    func merged(_ isCopyKept: Bool) throws {
        let (made, own, copy) = try begun(under: "SIB")
        defer { made.cards.clean() }
        let (from, to) = isCopyKept ? (copy.child, "SIB") : ("SIB", copy.child)
        try made.cards.write("from,to\n\(from),\(to)\n", to: "merges.csv")
        try made.export(second) { rows in
            copy.added(rows).map { made.cell("child_id", $0) == from ? made.with("child_id", to, $0) : $0 }
        }
        _ = try made.good(second)
        let rows = try rows("2010-W48", made, own)
        #expect(rows.own.map { $0["status"] } == ["continuing"] && rows.copied.map { $0["status"] } == ["continuing"])
        #expect(rows.own.map { $0["previous_revised_date"] } == ["2010-12-03"])
        #expect(rows.own.map { $0["previous_kept"] } == ["no"])
        #expect(rows.copied.map { $0["previous_revised_date"] } == ["2010-12-10"])
        #expect(rows.copied.map { $0["previous_kept"] } == [""])
        let again = ["weekly", "ledger.sqlite", "--week", "2010-W48", "--known-at", "\(second)", "--out", "again"]
        #expect(try made.cards.run(again + ["--quiet"]).code == 0)
        #expect(try made.contents("out/2010-W48") == made.contents("again/2010-W48"))
    }

    @Test(
        "where the first of two ends, it is the one that is cleared, and the other keeps its promise",
        arguments: [false, true])
    func ended(_ isElsewhere: Bool) throws {
        let (made, own, copy) = try begun(under: nil, isElsewhere: isElsewhere)
        defer { made.cards.clean() }
        let before = try rows("2010-W47", made, own)
        for (weeks, week) in [(0, "2010-W48"), (1, "2010-W49"), (2, "2010-W50")] as [(Int32, String)] {
            let night = second.adding(days: 7 * weeks)
            try made.export(night) { rows in
                let start = rows.first { made.cell("step_id", $0) == own["step_id"] } ?? []
                let end = [
                    ("event", "core_assessment_authorised"), ("date", "2010-12-01"), ("recorded_at", "2010-12-01"),
                ]
                return copy.added(rows) + [end.reduce(start) { made.with($1.0, $1.1, $0) }]
            }
            _ = try made.good(night)
            let rows = try rows(week, made, own)
            #expect(rows.copied.map { $0["status"] } == ["continuing"], "\(week)")
            #expect(rows.copied.map { $0["exception"] } == before.copied.map { $0["exception"] })
            #expect(rows.copied.map { $0["previous_revised_date"] } == ["2010-12-10"])
            guard night == second else {
                #expect(rows.own.isEmpty)
                continue
            }
            #expect(rows.own.map { $0["status"] } == ["cleared"] && rows.own.map { $0["also"] } == ["stopped"])
            #expect(rows.own.map { $0["exception"] } == before.own.map { $0["exception"] })
            #expect(rows.own.map { $0["previous_kept"] } == ["yes"])
        }
    }
}
