import Cards
import CardsTestSupport
import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Reports
import Settings
import Testing
import WorkingCalendar

@testable import CardsCommands

/// Two exports about the same children, and what a run makes of them.
struct Mixture: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Rows of the export given first, and of the other: referral, step, event, date, team.
    let first: [String]
    let second: [String]
    /// Event, date, referral, step and team of the rows that are kept.
    let kept: [String]
    /// Findings, by code.
    let findings: [String]

    init(_ why: String, _ first: [String], _ second: [String], kept: [String], findings: [String] = []) {
        testDescription = why
        self.first = first
        self.second = second
        self.kept = kept
        self.findings = findings
    }

    private static let received = "R1,,referral_received,2024-03-04,Duty"
    private static let started = "R1,A1,assessment_started,2024-03-06,North"

    static let all: [Mixture] = [
        Mixture(
            "the same referral and assessment under other ids are one", [received, started],
            ["X9,,referral_received,2024-03-04,", "X9,Y9,assessment_started,2024-03-06,"],
            kept: ["assessment_started 2024-03-06 R1 A1 North", "referral_received 2024-03-04 R1 - Duty"],
            findings: ["duplicate", "duplicate"]),
        Mixture(
            "what only the later one knows is added to the step", [received, started],
            [
                "X9,,referral_received,2024-03-04,", "X9,Y9,assessment_started,2024-03-06,",
                "X9,Y9,assessment_authorised,2024-05-02,",
            ],
            kept: [
                "assessment_authorised 2024-05-02 R1 A1 -", "assessment_started 2024-03-06 R1 A1 North",
                "referral_received 2024-03-04 R1 - Duty",
            ], findings: ["duplicate", "duplicate"]),
        Mixture(
            "what both say differently is as the first one says",
            [received, started, "R1,A1,assessment_authorised,2024-05-01,North"],
            [
                "X9,Y9,assessment_started,2024-03-06,South", "X9,Y9,assessment_authorised,2024-05-02,South",
                "X9,,referral_received,2024-03-04,Duty",
            ],
            kept: [
                "assessment_authorised 2024-05-01 R1 A1 North", "assessment_started 2024-03-06 R1 A1 North",
                "referral_received 2024-03-04 R1 - Duty",
            ], findings: ["duplicate", "duplicate_differs", "duplicate_differs"]),
        Mixture(
            "without ids too, as in Annex A", [received, started],
            [",,referral_received,2024-03-04,", ",,assessment_started,2024-03-06,North"],
            kept: ["assessment_started 2024-03-06 R1 A1 North", "referral_received 2024-03-04 R1 - Duty"],
            findings: ["duplicate", "duplicate"]),
        Mixture(
            "three working days apart is a finding and two steps", [received, started],
            [",Y9,assessment_started,2024-03-11,North"],
            kept: [
                "assessment_started 2024-03-06 R1 A1 North", "assessment_started 2024-03-11 - Y9 North",
                "referral_received 2024-03-04 R1 - Duty",
            ], findings: ["near_match", "several_open_steps"]),
        Mixture(
            "a day before is no more the same than a day after", [received, started],
            [",Y9,assessment_started,2024-03-05,North"],
            kept: [
                "assessment_started 2024-03-05 - Y9 North", "assessment_started 2024-03-06 R1 A1 North",
                "referral_received 2024-03-04 R1 - Duty",
            ], findings: ["near_match", "several_open_steps"]),
        Mixture(
            "four working days apart is two steps", [received, started],
            [",Y9,assessment_started,2024-03-12,North"],
            kept: [
                "assessment_started 2024-03-06 R1 A1 North", "assessment_started 2024-03-12 - Y9 North",
                "referral_received 2024-03-04 R1 - Duty",
            ], findings: ["several_open_steps"]),
        Mixture(
            "another kind on the same day is another step", [received, started],
            [",Y9,s47_started,2024-03-06,North"],
            kept: [
                "assessment_started 2024-03-06 R1 A1 North", "referral_received 2024-03-04 R1 - Duty",
                "s47_started 2024-03-06 - Y9 North",
            ]),
        Mixture(
            "two of one day stay two, each matched once",
            [received, started, "R1,A2,assessment_started,2024-03-06,North"],
            ["X9,Y1,assessment_started,2024-03-06,", "X9,Y2,assessment_started,2024-03-06,"],
            kept: [
                "assessment_started 2024-03-06 R1 A1 North", "assessment_started 2024-03-06 R1 A2 North",
                "referral_received 2024-03-04 R1 - Duty",
            ], findings: ["duplicate", "duplicate", "several_open_steps"]),
        Mixture(
            "a conference goes with its enquiry", [received, "R1,S1,s47_started,2024-03-06,North"],
            ["X9,Q1,s47_started,2024-03-06,", "X9,Q1,icpc_held,2024-03-20,"],
            kept: [
                "icpc_held 2024-03-20 R1 S1 -", "referral_received 2024-03-04 R1 - Duty",
                "s47_started 2024-03-06 R1 S1 North",
            ], findings: ["duplicate", "s47_without_assessment"]),
    ]
}

@Suite("Several exports at once")
struct MixtureTests {
    /// Two folders of mapped files: exports of two systems.
    private func exports(_ first: [String], _ second: [String], in scratch: Scratch) throws -> [String] {
        let events = EventKind.allCases.map { "\($0.name): \($0.name)" }.joined(separator: ", ")
        return try zip(["a", "b"], [first, second]).map { name, rows in
            let text = rows.map { "C1,\($0)\n" }.joined()
            _ = try scratch.write(bytes("Child,Referral,Step,Event,Date,Team\n" + text), named: "\(name).csv")
            let mapping = """
                mapping: \(name)
                files:
                  - file: \(name).csv
                    child: Child
                    referral: Referral
                    step: Step
                    team: Team
                    events:
                      - event: {column: Event, values: {\(events)}}
                        date: Date
                """
            return try scratch.write(bytes(mapping), named: "\(name).yaml")
        }
    }

    @Test("what is one and what is not", arguments: Mixture.all)
    func mixture(_ example: Mixture) throws {
        let scratch = try Scratch()
        let paths = try exports(example.first, example.second, in: scratch)
        let read = try ReadExport(paths)
        #expect(read.lines(["event", "date", "referral_id", "step_id", "team"]) == example.kept)
        var job = WeeklyJob(
            sources: try ExportFinder.sources(of: paths), rulebook: try DefaultRulebook.rulebook(),
            closures: DefaultCalendar.table)
        job.isAsAtNewest = true
        let report = try job.run().report
        let found = report.findings.filter { $0.line > 0 }.map(\.code.rawValue).sorted()
        #expect(found == example.findings)
        let header = report.header
        #expect(header.accepted + header.duplicates + header.rejected == header.rowsRead)
    }

    @Test("a record that is wrong in two of its events has a finding about each, in the week of each")
    func oneRecord() throws {
        let mapping = """
            mapping: M
            files:
              - file: a.csv
                child: Id
                referral: Id
                events:
                  - {event: referral_received, date: Received}
                  - {event: referral_nfa, date: Closed}
                  - {event: child_seen, date: Seen}
                  - {event: case_closed, date: Ended}
                  - {event: referral_decided, date: Decided}
            """
        let scratch = try Scratch()
        _ = try scratch.write(
            bytes("Id,Received,Closed,Seen,Ended,Decided\n1,2010-11-01,2010-11-02,2010-11-10,,2010-11-17\n"),
            named: "a.csv")
        let path = try scratch.write(bytes(mapping), named: "m.yaml")
        var job = WeeklyJob(
            sources: try ExportFinder.sources(of: [path]), rulebook: try DefaultRulebook.rulebook(),
            closures: DefaultCalendar.table)
        (job.week, job.weeks) = (ISOWeek("2010-W47"), 4)
        job.completeFrom = CivilDate("2010-01-01")
        let report = try job.run().report
        let found = report.findings.filter { $0.code == .activityOnNFA }
        #expect(found.map(\.value) == ["2010-11-10", "2010-11-17"])
        let counted = report.figures.filter { $0.level == .authority && $0.measure == "finding_activity_on_nfa" }
        #expect(counted.map { "\($0.weekEnding) \($0.valueText)" } == ["2010-11-14 1", "2010-11-21 1"])
    }

    @Test("an export beside a copy of itself under other ids changes no figure")
    func copy() throws {
        let sample = formats("../sample/events.csv")
        let text = try String(contentsOfFile: sample, encoding: .utf8)
        let rows = (plainRecords(text.utf8) ?? []).filter { $0.fields.count == 9 || $0.fields.count > 5 }
        let scratch = try Scratch()
        let header = rows[0].fields
        var copied = header.joined(separator: ",") + "\n"
        let (referral, step) = (header.firstIndex(of: "referral_id") ?? 0, header.firstIndex(of: "step_id") ?? 0)
        for row in rows.dropFirst() where row.fields.count == header.count {
            var fields = row.fields
            for place in [referral, step] where !fields[place].isEmpty { fields[place] = "other " + fields[place] }
            copied += fields.joined(separator: ",") + "\n"
        }
        let other = try scratch.write(bytes(copied), named: "copy.csv")
        func run(_ paths: [String]) throws -> [String] {
            var sources = try ExportFinder.sources(of: paths)
            for index in sources.indices { sources[index].export = index }
            var job = WeeklyJob(
                sources: sources, rulebook: try DefaultRulebook.rulebook(), closures: DefaultCalendar.table)
            job.week = ISOWeek(containing: try #require(CivilDate("2010-12-19")))
            job.keepsClocks = true
            let clocks = Tables.clocks(try job.run().report).rows
            // Rows that are wrong in the sample are wrong twice in the mixture.
            return clocks.map { $0.joined(separator: ",") }
        }
        let alone = try run([sample])
        let both = try run([sample, other])
        let more = Set(both).subtracting(alone)
        // Steps whose start was rejected have no date to be known by; they are the only ones that stay two.
        #expect(Set(alone).subtracting(both).count <= 20)
        #expect(more.count <= 40, "\(more.prefix(5))")
        #expect(alone.count > 1_000)
    }
}
