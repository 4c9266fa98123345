import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

/// Nights of a council whose case system writes extracts that a mapping explains.
@Suite("Nights of mapped extracts")
struct MappedNightsTests {
    private let first = day("2010-11-29")

    private func made(_ more: String) throws -> MadeNights {
        let made = try MadeNights()
        try made.cards.write(
            """
            mapping: M
            files:
              - file: referrals_*.csv
                child: Id
                referral: Ref
                events:
                  - {event: referral_received, date: Received}
                  - {event: case_closed, date: Closed}
            """, to: "map.yaml")
        try made.cards.write(
            "exports: [map.yaml]\nout: out\nformats: [csv]\nnightly:\n  ledger: ledger.sqlite\n\(more)\n",
            to: "cards.yaml")
        return made
    }

    /// Writes an extract as many hours ago.
    private func extract(_ made: MadeNights, _ name: String, hoursAgo: Double, _ rows: [String]) throws {
        try made.cards.write("Id,Ref,Received,Closed\n" + rows.joined(separator: "\n") + "\n", to: name)
        try age(made, name, hoursAgo)
    }

    private func age(_ made: MadeNights, _ name: String, _ hours: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date.now.addingTimeInterval(-hours * 3_600)], ofItemAtPath: made.path(name))
    }

    @Test("of several extracts of one name the newest is read, and what it says differently is a change")
    func newest() throws {
        let made = try made("  oldest_hours: 30")
        defer { made.cards.clean() }
        try age(made, "map.yaml", 5_000)
        try extract(made, "referrals_1.csv", hoursAgo: 25, ["1,R1,2010-11-01,", "2,R2,2010-11-02,"])
        #expect(try made.good(first).changes == .init(added: 2, corrected: 0, withdrawn: 0, merged: 0))
        try extract(made, "referrals_2.csv", hoursAgo: 1, ["1,R1,2010-11-01,2010-11-29", "2,R2,2010-11-03,"])
        #expect(
            try made.good(first.adding(days: 1)).changes == .init(added: 1, corrected: 1, withdrawn: 0, merged: 0))
        // To a person who gives the mapping by hand, two are a question.
        let asked = try made.cards.run(["weekly", "map.yaml"])
        #expect(asked.code == 65 && asked.errors.contains("two files match one entry of the mapping"))
    }

    @Test("the extract's own age counts, and not that of the mapping; so for the marker, and for a change meanwhile")
    func ages() throws {
        let made = try made("  oldest_hours: 30\n  marker: DONE")
        defer { made.cards.clean() }
        try extract(made, "referrals_1.csv", hoursAgo: 40, ["1,R1,2010-11-01,"])
        try made.cards.write("", to: "DONE")
        let old = try made.run(first)
        #expect(old.code == 65 && old.errors.contains("map.yaml: the export is more than 30 hours old"))
        try extract(made, "referrals_1.csv", hoursAgo: 1, ["1,R1,2010-11-01,"])
        try age(made, "DONE", 2)
        let early = try made.run(first)
        #expect(early.code == 66 && early.errors.contains("[no-marker]"), "the extract is newer than the marker")
        try age(made, "DONE", 0)
        _ = try made.good(first)
    }

    @Test("of several exports each is judged alone: one that is empty, or gone, would withdraw all it told")
    func eachExport() throws {
        let made = try MadeNights()
        defer { made.cards.clean() }
        let seen = made.known(first).filter { made.cell("event", $0) == "child_seen" }
        try #require(seen.count >= 100 && seen.count * 5 < made.known(first).count)
        func export(_ night: CivilDate, seen: [[String]]) throws {
            try made.export(night) { told in told.filter { made.cell("event", $0) != "child_seen" } }
            let header = try made.cards.text(of: "sample/events.csv").prefix { $0 != "\n" }
            try made.cards.write(
                header + "\n" + seen.map { $0.joined(separator: ",") + "\n" }.joined(), to: "seen_\(night).csv")
        }
        let plain = try made.cards.text(of: "cards.yaml")
        try made.cards.write(plain.replacing("[events.csv]", with: "[events.csv, seen_*.csv]"), to: "cards.yaml")
        try export(first, seen: seen)
        _ = try made.good(first)
        let second = first.adding(days: 1)
        try export(second, seen: [])
        let empty = try made.run(second)
        #expect(empty.code == 65)
        #expect(
            empty.errors.contains(
                "seen_\(second).csv: there are far fewer rows than last night: 0, not \(seen.count) [fewer-rows]"))
        // Nobody named it any more.
        try made.cards.write(plain, to: "cards.yaml")
        let gone = try made.run(second)
        #expect(gone.code == 65 && gone.errors.contains("seen_\(first).csv: there are far fewer rows"))
        try made.cards.write(plain + "\n  least_share: 0\n", to: "cards.yaml")
        // But for the few that could not be used.
        #expect(try made.good(second).changes.withdrawn > seen.count * 9 / 10)
    }
}
