import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

@Suite("Nights")
struct NightsTests {
    private let first = day("2010-11-29")

    @Test(
        """
        three weeks of nights, by the timer's own command and by cron's, end where a single load of the last one does; \
        each week can be had as it was
        """, arguments: ["cards-nightly.service", "cards.cron"])
    func threeWeeks(_ schedule: String) throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        var published: [String] = []
        for number in 0..<22 {
            let night = first.adding(days: Int32(number))
            // What changes nothing must be seen as nothing, now and then.
            try made.export(night, number % 3 == 1 ? .shuffled : [])
            let outcome = try made.run(schedule, on: night)
            #expect(outcome.code == 0, "\(night): \(outcome.errors)")
            let report = try made.report()
            #expect(report.status == "good" && report.night == "\(night)")
            #expect(number == 0 || report.changes.withdrawn == 0)
            published += report.published
            for week in report.published {
                let again = [
                    "weekly", "ledger.sqlite", "--week", week, "--known-at", "\(night)", "--out", "again", "--quiet",
                ]
                #expect(try made.cards.run(again).code == 0)
            }
        }
        #expect(published == ["2010-W47", "2010-W48", "2010-W49", "2010-W50"])
        // As they were, although much was entered since.
        for week in published {
            let night = ISOWeek(week).map { $0.monday.adding(days: 7) } ?? first
            let again = [
                "weekly", "ledger.sqlite", "--week", week, "--known-at", "\(night)", "--out", "later", "--quiet",
            ]
            #expect(try made.cards.run(again).code == 0)
            #expect(try made.contents("out/\(week)") == made.contents("again/\(week)"), "\(week)")
            #expect(try made.contents("out/\(week)") == made.contents("later/\(week)"), "\(week)")
        }
        let now = ["--week", "2010-W50", "--out"]
        #expect(try made.cards.run(["weekly", "ledger.sqlite", "--quiet"] + now + ["kept"]).code == 0)
        #expect(try made.cards.run(["weekly", "--quiet"] + now + ["single"]).code == 0)
        for file in ["cards.csv", "exceptions.csv", "watch.csv"] {
            #expect(
                try made.cards.text(of: "kept/2010-W50/data/\(file)")
                    == made.cards.text(of: "single/2010-W50/data/\(file)"), "\(file)")
        }
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
    }

    @Test("a system that gives new references every night changes nothing by that")
    func renumbered() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        try made.export(first)
        _ = try made.good(first)
        let plain = try made.cards.text(of: "out/today/data/exceptions.csv")
        for number in 1..<4 {
            // The same rows under other references, on the same day.
            try made.export(first, [.renumbered, .shuffled]) { rows in
                number == 2 ? rows.map { $0 } : rows
            }
            let report = try made.good(first.adding(days: Int32(number)))
            #expect(report.changes == .init(added: 0, corrected: 0, withdrawn: 0, merged: 0))
        }
        #expect(try made.cards.text(of: "out/today/data/exceptions.csv") == plain)
        // New rows among renumbered ones are told from the old ones.
        let night = first.adding(days: 9)
        try made.export(night, [.renumbered, .shuffled])
        let report = try made.good(night)
        #expect(report.changes.added == made.known(night).count - made.known(first).count)
        #expect(report.changes.withdrawn == 0 && report.changes.corrected == 0)
        let single = ["weekly", "--as-at", "2010-12-07", "--out", "single", "--quiet"]
        #expect(try made.cards.run(single).code == 0)
        let kept = ["weekly", "ledger.sqlite", "--as-at", "2010-12-07", "--out", "kept", "--quiet"]
        #expect(try made.cards.run(kept).code == 0)
        #expect(
            try made.cards.text(of: "kept/2010-W49/data/cards.csv")
                == made.cards.text(of: "single/2010-W49/data/cards.csv"))
    }

    @Test("whatever the nights told, the figures are those of the last export alone", arguments: [1, 2, 3] as [UInt64])
    func anyNights(_ seed: UInt64) throws {
        let made = try MadeNights(formats: "[csv]")
        defer { made.cards.clean() }
        var random = SeededGenerator(seed: seed)
        // What was corrected, withdrawn and doubled stays so, but for a few rows that come back.
        var corrected: [[String]: [String]] = [:]
        var (withdrawn, doubled): (Set<[String]>, Set<[String]>) = ([], [])
        for number in 0..<6 {
            let night = first.adding(days: Int32(number * 2))
            let known = made.known(night)
            for _ in 0..<12 {
                guard let row = known.randomElement(using: &random), let other = known.randomElement(using: &random)
                else { continue }
                switch Int.random(in: 0..<5, using: &random) {
                case 0: corrected[row] = made.with("team", made.cell("team", other), row)
                case 1: corrected[row] = made.with("date", made.cell("date", other), row)
                case 2: withdrawn.insert(row)
                case 3: doubled.insert(row)
                default: withdrawn = withdrawn.filter { _ in Bool.random(using: &random) }
                }
            }
            let changes: [MadeNights.Change] = [[], .renumbered, .shuffled, [.renumbered, .shuffled]]
            try made.export(night, changes.randomElement(using: &random) ?? []) { told in
                told.filter { !withdrawn.contains($0) }.flatMap { row in
                    let row = corrected[row] ?? row
                    return doubled.contains(row) ? [row, row] : [row]
                }
            }
            _ = try made.good(night)
            for (export, out) in [("ledger.sqlite", "kept"), ("events.csv", "single")] {
                var command = ["weekly", export, "--as-at", "\(night)", "--out", out, "--quiet"]
                if export == "events.csv" {
                    command += ["--teams", "sample/teams.csv", "--workers", "sample/workers.csv"]
                }
                #expect(try made.cards.run(command).code == 0)
            }
            let cards = "\(ISOWeek(containing: night))/data/cards.csv"
            #expect(try made.cards.text(of: "kept/\(cards)") == made.cards.text(of: "single/\(cards)"), "\(night)")
        }
        #expect(!corrected.isEmpty && !doubled.isEmpty)
    }

    @Test("a corrected date, a withdrawn child and merged references are told apart")
    func changes() throws {
        let made = try MadeNights(more: "  merges: merges.csv")
        defer { made.cards.clean() }
        try made.cards.write("from,to\n", to: "merges.csv")
        try made.export(first)
        #expect(try made.good(first).changes.added > 300)
        let children = Array(Set(made.known(first).map { made.cell("child_id", $0) })).sorted()
        let (corrected, withdrawn, merged) = (children[3], children[5], children[8])
        var rows = (corrected: 0, withdrawn: 0, merged: 0)
        try made.cards.write("from,to\n\(merged),NEW1\n", to: "merges.csv")
        try made.export(first) { told in
            told.compactMap { row in
                switch made.cell("child_id", row) {
                case corrected where made.cell("event", row) == "referral_received":
                    rows.corrected += 1
                    return made.with("team", "Another team", row)
                case withdrawn:
                    rows.withdrawn += 1
                    return nil
                case merged:
                    rows.merged += 1
                    return made.with("child_id", "NEW1", row)
                default: return row
                }
            }
        }
        let report = try made.good(first.adding(days: 1))
        #expect(
            report.changes
                == .init(added: 0, corrected: rows.corrected, withdrawn: rows.withdrawn, merged: rows.merged))
        #expect(rows.corrected > 0 && rows.withdrawn > 0 && rows.merged > 0)
        // Without a word about it, it is a withdrawal and a new child.
        try made.export(first) {
            $0.map { made.cell("child_id", $0) == children[9] ? made.with("child_id", "NEW2", $0) : $0 }
        }
        let unnamed = made.known(first).count { made.cell("child_id", $0) == children[9] }
        let last = try made.good(first.adding(days: 2)).changes
        #expect(last.added >= unnamed + rows.withdrawn && last.withdrawn >= unnamed)
    }

    @Test("a merge that tonight does not tell of is none, and one that is there for years is done once")
    func untoldMerges() throws {
        let made = try MadeNights(more: "  merges: merges.csv")
        defer { made.cards.clean() }
        try made.cards.write("from,to\n", to: "merges.csv")
        try made.export(first)
        _ = try made.good(first)
        let children = Array(Set(made.known(first).map { made.cell("child_id", $0) })).sorted()
        let (stays, goes) = (children[3], children[5])
        let gone = made.known(first).count { made.cell("child_id", $0) == goes }
        // The old reference is still told; the new one of another is not, nor is the old one.
        try made.cards.write("from,to\n\(stays),NEW1\n\(goes),NEW2\n", to: "merges.csv")
        for number in [1, 2] as [Int32] {
            try made.export(first) { told in told.filter { made.cell("child_id", $0) != goes } }
            let changes = try made.good(first.adding(days: number)).changes
            #expect(changes.merged == 0 && changes.added == 0)
            #expect(number == 1 ? changes.withdrawn > 0 && changes.withdrawn <= gone : changes.withdrawn == 0)
        }
        #expect(try !made.ledger().contains { $0.contains("NEW") })
    }

    @Test("a set that the ledger does not know, and would publish otherwise, stays; the report says so")
    func unknownSet() throws {
        let made = try MadeNights.restored()
        defer { made.cards.clean() }
        let set = try made.contents("out/2010-W47")
        try made.export(first.adding(days: 3))
        let outcome = try made.run(first.adding(days: 3))
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("not published, because another set is there: 2010-W47"))
        #expect(try made.contents("out/2010-W47") == set)
    }

    @Test("a week published after the first of two nights of a day can be had as it was then")
    func twiceADay() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        try made.export(first) { Array($0.dropLast(40)) }
        _ = try made.good(first)
        try made.export(first)
        #expect(try made.good(first).changes.added > 0)
        let again = [
            "weekly", "ledger.sqlite", "--week", "2010-W47", "--known-at", "\(first)", "--out", "again", "--quiet",
        ]
        #expect(try made.cards.run(again).code == 0)
        #expect(try made.contents("again/2010-W47") == made.contents("out/2010-W47"))
    }

    @Test("nights are repeated without a trace, skipped, and refused out of order")
    func order() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        try made.export(first)
        let report = try made.good(first)
        let (before, sets) = (try made.ledger(), try made.contents("out"))
        #expect(try made.good(first).changes == report.changes)
        #expect(try made.ledger() == before)
        #expect(try made.contents("out") == sets)
        let early = try made.run(first.adding(days: -1))
        #expect(early.code == 69)
        #expect(
            early.errors
                == """
                error: the last night taken in is that of 2010-11-29, and this one is of 2010-11-28 [night-before-last]

                hint: is the clock right? Nights are taken in in order

                """)
        #expect(try made.ledger() == before)
        // A fortnight without a night: both weeks are made, and the report says so.
        let late = first.adding(days: 15)
        try made.export(late)
        #expect(try made.good(late).published == ["2010-W48", "2010-W49"])
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
    }

    @Test("a set once published is never written again, and what changed since is named with its late entries")
    func restatement() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        try made.export(first)
        _ = try made.good(first)
        let published = try made.contents("out/2010-W47")
        let same = try made.cards.run(["ledger", "diff", "2010-W47", "--since-published"])
        #expect(same.output == "2010-W47: every figure is as it was published\n")
        let late = first.adding(days: 10)
        try made.export(late)
        _ = try made.good(late)
        #expect(try made.contents("out/2010-W47") == published)
        let diff = try made.cards.run(["ledger", "diff", "2010-W47", "--since-published"])
        #expect(diff.code == 0 && diff.output.contains("figures differ from what was published"))
        // Each late row is one that was recorded after the first night and is dated before the week's end.
        func count(_ night: CivilDate) -> Int {
            made.known(night).count { row in
                // A start without a date that can be read is known all the same.
                CivilDate(String(made.cell("date", row).prefix(10))).map { $0 <= day("2010-11-28") }
                    ?? made.cell("event", row).hasSuffix("_started")
            }
        }
        let expected = count(late) - count(first)
        #expect(expected > 0)
        #expect(diff.output.split(separator: "\n").count { $0.hasSuffix(" new") } == expected)
        // The next week's set says the same.
        let restated = try made.cards.text(of: "out/2010-W48/data/restated.csv").split(separator: "\n")
        let figures = diff.output.split(separator: "\n").first ?? ""
        #expect(figures.hasPrefix("2010-W47: \(restated.count - 1) figures differ"))
        let entries = try made.cards.text(of: "out/2010-W48/data/late_entries.csv").split(separator: "\n")
        #expect(entries.count - 1 == expected && entries.dropFirst().allSatisfy { $0.hasSuffix(",2010-12-09,new") })
        let page = try made.cards.text(of: "out/2010-W48/authority/index.txt")
        #expect(page.contains("Since it was published"))
        let unknown = try made.cards.run(["ledger", "diff", "2010-W30", "--since-published"])
        #expect(
            unknown.code == 69 && unknown.errors.contains("the week 2010-W30 has not been published [not-known-then]"))
        let early = try made.cards.run(["weekly", "ledger.sqlite", "--known-at", "2010-11-01"])
        #expect(early.code == 69 && early.errors.contains("the ledger can answer from 2010-11-29 on"))
    }

    @Test("what was known before a day is forgotten, but the figures; what is told now is not")
    func purge() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        try made.export(first)
        _ = try made.good(first)
        let children = Array(Set(made.known(first).map { made.cell("child_id", $0) })).sorted()
        let gone = children[5]
        func withdrawn(_ rows: [[String]]) -> [[String]] { rows.filter { made.cell("child_id", $0) != gone } }
        for number in [7, 8] {
            try made.export(first.adding(days: Int32(number)), [], withdrawn)
            _ = try made.good(first.adding(days: Int32(number)))
        }
        #expect(try made.ledger().contains { $0.contains(gone) })
        let cards = try made.cards.text(of: "out/2010-W48/data/cards.csv")
        try made.cards.write("not a ledger", to: "ledger.sqlite.damaged-2")
        let outcome = try made.cards.run(["ledger", "purge", "--before", "2010-12-06"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let rows = made.known(first).count { made.cell("child_id", $0) == gone }
        #expect(
            outcome.errors == """
                purged: \(rows) rows, 1 children; the ledger can answer from 2010-12-06 on
                not touched: ledger.sqlite.damaged-2, which was set aside by a restore and has all that was purged
                not touched: the sets of out and the files of answers in out/returns, which name children

                """)
        for file in ["ledger.sqlite", "ledger.sqlite.backup", "ledger.sqlite-wal"] {
            let bytes = (try? Data(contentsOf: made.cards.folder.appending(path: file))) ?? Data()
            #expect(!bytes.contains(Data(gone.utf8)), "\(file)")
        }
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        let early = try made.cards.run(["weekly", "ledger.sqlite", "--known-at", "2010-11-30"])
        #expect(early.code == 69 && early.errors.contains("the ledger can answer from 2010-12-06 on"))
        let again = [
            "weekly", "ledger.sqlite", "--week", "2010-W48", "--known-at", "2010-12-06", "--out", "again", "--quiet",
        ]
        #expect(try made.cards.run(again).code == 0)
        #expect(try made.cards.text(of: "again/2010-W48/data/cards.csv") == cards)
        let diff = try made.cards.run(["ledger", "diff", "2010-W47", "--since-published"])
        #expect(diff.output.contains("why they changed cannot be said"))
        let earlier = try made.cards.run(["ledger", "purge", "--before", "2010-11-29"])
        #expect(earlier.errors.contains("the ledger can answer from 2010-12-06 on"), "what is forgotten stays so")
        let none = try made.cards.run(["ledger", "purge", "--before", "2011-01-01"])
        #expect(none.code == 69 && none.errors.contains("so none would be left [not-known-then]"))
        let night = first.adding(days: 9)
        try made.export(night, [], withdrawn)
        _ = try made.good(night)
    }

    @Test("a set that was written down and not made, because the run was stopped, is made by the next night, as it was")
    func completed() throws {
        let made = try MadeNights(formats: "[csv, html]")
        defer { made.cards.clean() }
        for number in [0, 7] as [Int32] {
            try made.export(first.adding(days: number))
            _ = try made.good(first.adding(days: number))
        }
        let set = try made.contents("out/2010-W48")
        try FileManager.default.removeItem(atPath: made.path("out/2010-W48"))
        // What was entered since does not come into it.
        try made.export(first.adding(days: 8))
        #expect(try made.good(first.adding(days: 8)).published == [])
        #expect(try made.contents("out/2010-W48") == set)
        try FileManager.default.removeItem(atPath: made.path("out/2010-W48"))
        #expect(try made.cards.run(["ledger", "purge", "--before", "2010-12-07"]).code == 0)
        _ = try made.good(first.adding(days: 8))
        #expect(!FileManager.default.fileExists(atPath: made.path("out/2010-W48")), "what was known then is forgotten")
    }

    @Test("old sets go once there are more than are kept, and the ledger remembers them")
    func keptSets() throws {
        let made = try MadeNights(more: "  keep_sets: 2")
        defer { made.cards.clean() }
        var removed: [String] = []
        for number in stride(from: 0, to: 22, by: 7) {
            let night = first.adding(days: Int32(number))
            try made.export(night)
            removed += try made.good(night).removed
        }
        #expect(removed == ["2010-W47", "2010-W48"])
        let names = try FileManager.default.contentsOfDirectory(atPath: made.path("out")).sorted()
        #expect(names == ["2010-W49", "2010-W50", "latest", "nightly.json", "today"])
        #expect(try made.cards.run(["ledger", "log"]).output.contains("remove set  2010-W48"))
    }
}
