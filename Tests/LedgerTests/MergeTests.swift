import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

/// Children whose references were merged, and exceptions whose start was corrected: the list and the promises go on.
@Suite("Merges")
struct MergeTests {
    private let first = MadeNights.first
    private let second = MadeNights.second
    private let third = MadeNights.second.adding(days: 7)

    /// A council whose file of merges is empty, after a good night; and a core assessment on its list that nothing ends
    /// by the third night.
    private func begun() throws -> (MadeNights, own: [String: String], child: String) {
        let made = try MadeNights(more: "  merges: merges.csv")
        try made.cards.write("from,to\n", to: "merges.csv")
        try made.export(first)
        _ = try made.good(first)
        let own = try made.waiting(until: third)
        return (made, own, own["child_id"] ?? "")
    }

    /// The events with a child's under another name.
    private func renamed(_ rows: [[String]], _ child: String, _ name: String, _ made: MadeNights) -> [[String]] {
        rows.map { made.cell("child_id", $0) == child ? made.with("child_id", name, $0) : $0 }
    }

    /// The rows that a set has of an exception, whatever its child is called there.
    private func rows(
        of own: [String: String], _ set: String, _ made: MadeNights
    ) throws -> [[String: String]] {
        try made.table("out/\(set)/data/exceptions.csv").filter {
            $0["step_id"] == own["step_id"] && $0["rule"] == "core_assessment"
        }
    }

    @Test("two references that become one, and later another, keep their place on the list and their promise")
    func merged() throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        let other = try #require(made.known(first).map { made.cell("child_id", $0) }.first { $0 != child })
        try made.promise(own, "2010-12-03")
        for (night, name, merges) in [
            (second, "N2", "\(child),N2\n\(other),N2\n"), (third, "N3", "\(child),N2\n\(other),N2\nN2,N3\n"),
        ] {
            try made.cards.write("from,to\n\(merges)", to: "merges.csv")
            try made.export(night) {
                $0.map { [child, other].contains(made.cell("child_id", $0)) ? made.with("child_id", name, $0) : $0 }
            }
            #expect(try made.good(night).changes.merged > 0)
            // A chain in the file is none of late names.
            #expect(try made.cards.text(of: "out/nightly.json").contains("\"merges_late\" : 0"))
            let week = "out/\(ISOWeek(containing: night.adding(days: -7)))/data"
            let list = try made.table("\(week)/exceptions.csv")
            let rows = list.filter { $0["step_id"] == own["step_id"] && $0["rule"] == "core_assessment" }
            #expect(rows.count == 1, "\(night)")
            let row = try #require(rows.first)
            #expect(row["child_id"] == name && row["status"] == "continuing" && row["started_on"] == own["started_on"])
            #expect(row["previous_revised_date"] == "2010-12-03" && row["previous_kept"] == "no", "\(night)")
            #expect(!list.contains { $0["also"] == "changed" && [child, other, "N2"].contains($0["child_id"]) })
            // Rows that only went to another reference came and went for nobody.
            let late = try made.table("\(week)/late_entries.csv")
            #expect(
                !late.contains { [child, other, "N2", "N3"].contains($0["child_id"]) && $0["what"] == "withdrawn" })
            let again = ["weekly", "ledger.sqlite", "--week", "\(ISOWeek(containing: night.adding(days: -7)))"]
            #expect(
                try made.cards.run(again + ["--known-at", "\(night)", "--out", "again\(name)", "--quiet"]).code == 0)
            let set = "\(ISOWeek(containing: night.adding(days: -7)))"
            #expect(try made.contents("out/\(set)") == made.contents("again\(name)/\(set)"))
        }
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        // An answer to the set before both merges finds the reference of now.
        try made.promise(own, "2010-12-10", agreedBy: "Group Manager")
        let answers = try made.contents("out/returns").keys.sorted()
        let now = try made.table("out/2010-W49/data/exceptions.csv").first { $0["step_id"] == own["step_id"] }
        let newest = try made.cards.text(of: "out/returns/\(answers.last ?? "")")
        #expect(newest.contains(",\(now?["exception"] ?? "none"),"))
    }

    @Test("a start that is corrected keeps the promise, and the old row is not shown as cleared")
    func corrected() throws {
        let (made, own, _) = try begun()
        defer { made.cards.clean() }
        try made.promise(own, "2010-12-03")
        for night in [second, third] {
            try made.export(night) {
                $0.map { row in
                    guard made.cell("step_id", row) == own["step_id"], let start = own["started_on"],
                        made.cell("date", row).hasPrefix(start)
                    else { return row }
                    return made.with("date", "\(day(start).adding(days: -1))", row)
                }
            }
            _ = try made.good(night)
            let list = try made.table("out/\(ISOWeek(containing: night.adding(days: -7)))/data/exceptions.csv")
            let rows = list.filter { $0["step_id"] == own["step_id"] && $0["rule"] == "core_assessment" }
            #expect(rows.count == 1, "\(rows)")
            let row = try #require(rows.first)
            #expect(row["exception"] != own["exception"] && row["started_on"] != own["started_on"])
            #expect(row["previous_revised_date"] == "2010-12-03" && row["previous_kept"] == "no")
        }
    }

    @Test("an answer to the set before a merge goes on under the reference of now")
    func answeredLate() throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        try made.cards.write("from,to\n\(child),N2\n", to: "merges.csv")
        let rename: ([[String]]) -> [[String]] = { renamed($0, child, "N2", made) }
        try made.export(second, [], rename)
        _ = try made.good(second)
        try made.promise(own, "2010-12-03")
        try made.export(third, [], rename)
        _ = try made.good(third)
        let row = try made.table("out/2010-W49/data/exceptions.csv").first {
            $0["step_id"] == own["step_id"] && $0["rule"] == "core_assessment"
        }
        #expect(row?["child_id"] == "N2" && row?["previous_revised_date"] == "2010-12-03")
    }

    @Test(
        "a merge that is named when the old reference has gone already is followed from then on",
        arguments: [0, 1] as [Int32])
    func late(_ days: Int32) throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        try made.promise(own, "2010-12-03")
        let rename: ([[String]]) -> [[String]] = { renamed($0, child, "N2", made) }
        let night = first.adding(days: 2)
        try made.export(night, [], rename)
        #expect(try made.good(night).changes.withdrawn > 0)
        // The file is put right on the same day, or comes a day late.
        try made.cards.write("from,to\n\(child),N2\n", to: "merges.csv")
        try made.export(night, [], rename)
        for _ in 0..<2 {
            let outcome = try made.run(night.adding(days: days))
            #expect(outcome.code == 0 && outcome.errors.contains("; merges named late: 1;"), "\(outcome.errors)")
        }
        try made.export(second, [], rename)
        let outcome = try made.run(second)
        #expect(outcome.code == 0 && !outcome.errors.contains("merges named late"), "\(outcome.errors)")
        let rows = try rows(of: own, "2010-W48", made)
        #expect(rows.map { $0["child_id"] } == ["N2"] && rows.map { $0["status"] } == ["continuing"])
        #expect(rows.map { $0["previous_revised_date"] } == ["2010-12-03"])
    }

    @Test("a contact that stays under the old reference keeps no merge from being followed", arguments: [true, false])
    func stub(_ isFirst: Bool) throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        try made.promise(own, "2010-12-03")
        try made.cards.write("from,to\n\(child),N2\n", to: "merges.csv")
        for night in [first.adding(days: 2), second] {
            try made.export(night) { rows in
                let moved = renamed(rows, child, "N2", made)
                let contact = ["referral_id", "step_id"].reduce(
                    rows.first { made.cell("child_id", $0) == child } ?? []
                ) { made.with($1, "", $0) }
                let stub = [made.with("event", "contact_received", contact)]
                return isFirst ? stub + moved : moved + stub
            }
            _ = try made.good(night)
        }
        let rows = try rows(of: own, "2010-W48", made)
        #expect(rows.map { $0["child_id"] } == ["N2"] && rows.map { $0["status"] } == ["continuing"])
        #expect(rows.map { $0["previous_revised_date"] } == ["2010-12-03"])
    }

    @Test("what ends in the week of its merge is cleared once, with what was promised")
    func ended() throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        try made.promise(own, "2010-12-03")
        try made.cards.write("from,to\n\(child),N2\n", to: "merges.csv")
        try made.export(second) { rows in
            let start = rows.first { made.cell("step_id", $0) == own["step_id"] } ?? []
            let end = [("event", "core_assessment_authorised"), ("date", "2010-12-01"), ("recorded_at", "2010-12-01")]
            return renamed(rows + [end.reduce(start) { made.with($1.0, $1.1, $0) }], child, "N2", made)
        }
        _ = try made.good(second)
        let rows = try rows(of: own, "2010-W48", made)
        #expect(rows.map { $0["child_id"] } == ["N2"], "once")
        #expect(rows.map { $0["status"] } == ["cleared"] && rows.map { $0["also"] } == ["stopped"])
        #expect(
            rows.map { $0["previous_revised_date"] } == ["2010-12-03"] && rows.map { $0["previous_kept"] } == ["yes"])
    }

    @Test("what a late entry ended goes on as no other step of its referral")
    func endedLate() throws {
        let (made, own, _) = try begun()
        defer { made.cards.clean() }
        let start = day(own["started_on"] ?? "")
        try made.promise(own, "2010-12-03")
        try made.export(second) { rows in
            let first = rows.first { made.cell("step_id", $0) == own["step_id"] } ?? []
            let end = [("event", "core_assessment_authorised"), ("date", "2010-11-24"), ("recorded_at", "2010-12-01")]
            let other = [
                ("event", "core_assessment_started"), ("date", "\(start.adding(days: 3))"),
                ("recorded_at", "2010-12-01"), ("step_id", "OTHER"),
            ]
            return rows + [end, other].map { $0.reduce(first) { made.with($1.0, $1.1, $0) } }
        }
        _ = try made.good(second)
        let rows = try rows(of: own, "2010-W48", made)
        #expect(rows.map { $0["also"] } == ["stopped"] && rows.map { $0["previous_kept"] } == ["yes"])
        let other = try self.rows(of: ["step_id": "OTHER"], "2010-W48", made)
        #expect(other.count == 1 && other.allSatisfy { $0["previous_revised_date"] == "" })
    }

    @Test("a night that is repeated gives the same sets, also where its exports know of the day itself")
    func repeated() throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        try made.promise(own, "2010-12-03")
        try made.cards.write("from,to\n\(child),N2\n", to: "merges.csv")
        try made.export(second.adding(days: 1)) {
            renamed($0, child, "N2", made)
        }
        _ = try made.good(second)
        let sets = try made.contents("out")
        let today = try rows(of: own, "today", made)
        #expect(today.map { $0["previous_revised_date"] } == ["2010-12-03"])
        _ = try made.good(second)
        #expect(try made.contents("out") == sets)
    }

    @Test("a merge that is undone: what leaves the list afterwards leaves it as its own child's")
    func undone() throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        let other = try #require(made.known(first).map { made.cell("child_id", $0) }.first { $0 != child })
        try made.cards.write("from,to\n\(child),\(other)\n", to: "merges.csv")
        try made.export(first.adding(days: 2)) {
            renamed($0, child, other, made)
        }
        #expect(try made.good(first.adding(days: 2)).changes.merged > 0)
        // The reference is told again, whether or not the file still has the merge.
        try made.export(second)
        _ = try made.good(second)
        try made.export(third) { $0.filter { made.cell("child_id", $0) != child } }
        try made.cards.write("from,to\n", to: "merges.csv")
        _ = try made.good(third)
        let gone = try made.table("out/2010-W49/data/exceptions.csv").filter { $0["step_id"] == own["step_id"] }
        #expect(!gone.isEmpty && gone.allSatisfy { $0["child_id"] == child && $0["status"] == "cleared" }, "\(gone)")
    }

    @Test("a purge between a merge and its week loses neither the promise nor the place")
    func purged() throws {
        let (made, own, child) = try begun()
        defer { made.cards.clean() }
        try made.promise(own, "2010-12-03")
        try made.cards.write("from,to\n\(child),N2\n", to: "merges.csv")
        for night in [first.adding(days: 2), first.adding(days: 4), second] {
            try made.export(night) {
                renamed($0, child, "N2", made)
            }
            if night == second { #expect(try made.cards.run(["ledger", "purge", "--before", "2010-12-02"]).code == 0) }
            _ = try made.good(night)
        }
        let rows = try rows(of: own, "2010-W48", made)
        #expect(rows.map { $0["child_id"] } == ["N2"] && rows.map { $0["status"] } == ["continuing"])
        #expect(rows.map { $0["previous_revised_date"] } == ["2010-12-03"])
        // Once a week was published since, the merge is in its list, and nothing of it is kept.
        #expect(try made.cards.run(["ledger", "purge", "--before", "\(second)"]).code == 0)
        try made.export(second.adding(days: 1)) {
            renamed($0, child, "N2", made)
        }
        _ = try made.good(second.adding(days: 1))
        #expect(try made.cards.run(["ledger", "purge", "--before", "2010-12-07"]).code == 0)
        #expect(try !made.ledger().contains { $0.hasPrefix("merge ") })
    }

    @Test("a merge that nobody knows is counted, and a spreadsheet's .0 is none of a reference")
    func unknown() throws {
        let made = try MadeNights(more: "  merges: merges.csv")
        defer { made.cards.clean() }
        let child = try #require(made.known(first).map { made.cell("child_id", $0) }.min())
        func export(_ night: CivilDate, _ name: String) throws {
            try made.export(night) {
                renamed($0, child, name, made)
            }
        }
        try made.cards.write("from,to\n", to: "merges.csv")
        try export(first, "123")
        _ = try made.good(first)
        try made.cards.write("from,to\n123.0,124.0\nNOBODY,NOONE\n", to: "merges.csv")
        try export(first.adding(days: 1), "124")
        let outcome = try made.run(first.adding(days: 1))
        #expect(outcome.code == 0 && outcome.errors.contains("merges of references that nobody knows: 1"))
        #expect(try made.report().changes.merged > 0)
    }
}
