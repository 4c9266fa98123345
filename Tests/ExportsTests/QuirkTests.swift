import Cards
import CardsTestSupport
import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Testing
import WorkingCalendar

/// An export with one quirk, and what is made of it.
struct Quirk: CustomTestStringConvertible, Sendable {
    let file: String
    /// Rows read, accepted, duplicate and rejected.
    let counts: [Int]
    let findings: [String]
    /// The clocks of `referral_decision`: child, referral, start, stop and team.
    let clocks: [String]

    var testDescription: String { file }

    var bytes: [UInt8] {
        get throws {
            try Array(Data(contentsOf: packageRoot().appending(path: "Fixtures/quirks/\(file).csv")))
        }
    }

    init(
        _ file: String, _ counts: [Int], findings: [String] = [], clocks: [String] = ["c1 r1 2010-11-01 2010-11-02 T1"]
    ) {
        self.file = file
        self.counts = counts
        self.findings = findings
        self.clocks = clocks
    }

    // The holder is that of the day before the decision: the team of the referral's row.
    static let all: [Quirk] = [
        Quirk(
            "sentinels", [7, 2, 0, 5],
            findings: ["4 no_child -", "5 no_date c1", "6 no_date c1", "7 no_date c1", "8 no_date c1"],
            clocks: ["c1 r1 2010-11-01 2010-11-02 T1"]),
        Quirk("non_breaking_spaces", [2, 2, 0, 0]),
        Quirk("spreadsheet_ids", [2, 2, 0, 0], clocks: ["123 77 2010-11-01 2010-11-02 T1"]),
        Quirk("quoted_newline", [3, 2, 0, 1], findings: ["3 future_date c1", "5 unknown_event c1"]),
        Quirk("doubled_quotes", [2, 2, 0, 0], clocks: ["c\"1\" r,1 2010-11-01 2010-11-02 the \"duty\" team"]),
        Quirk("crlf", [2, 2, 0, 0]),
        Quirk("byte_order_mark", [2, 2, 0, 0]),
        Quirk("columns_in_any_order", [2, 2, 0, 0]),
        Quirk("extra_columns", [2, 2, 0, 0], clocks: ["c1 r1 2010-11-01 2010-11-02 -"]),
        Quirk("slash_dates", [2, 2, 0, 0]),
        Quirk("times_with_offsets", [2, 2, 0, 0], clocks: ["c1 r1 2010-07-02 2010-07-05 T1"]),
        Quirk("blank_lines", [2, 2, 0, 0]),
        Quirk("repeated_header", [3, 2, 0, 1], findings: ["3 unknown_event child_id"]),
        Quirk("field_count", [4, 2, 0, 2], findings: ["3 field_count -", "4 field_count -"]),
        Quirk("no_child", [4, 2, 0, 2], findings: ["3 no_child -", "4 no_child -"]),
        Quirk(
            "unknown_event", [5, 2, 0, 3],
            findings: ["3 unknown_event c1", "4 unknown_event c1", "5 unknown_event c1"]),
        Quirk("no_date", [3, 2, 0, 1], findings: ["3 no_date c1"]),
        Quirk(
            "bad_date", [6, 2, 0, 4], findings: ["3 bad_date c1", "4 bad_date c1", "5 bad_date c1", "6 bad_date c1"]),
        Quirk("bad_slash_date", [3, 2, 0, 1], findings: ["3 bad_date c1"]),
        // A1 exists with an unknown start; A2 has a good copy, to which the ghost adds nothing.
        Quirk(
            "ghosts", [6, 3, 0, 3],
            findings: ["4 bad_date c1", "5 no_date c1", "5 unknown_start c1", "6 no_date c1", "7 future_date c1"]),
        Quirk("recorded_before_date", [2, 2, 0, 0], findings: ["2 recorded_before_date c1"]),
        Quirk("unreadable_recorded_at", [2, 2, 0, 0]),
        Quirk(
            "siblings_one_event_id", [4, 4, 0, 0],
            clocks: ["c1 r1 2010-11-01 2010-11-02 -", "c2 r1 2010-11-01 2010-11-02 -"]),
        Quirk("exact_duplicate", [5, 2, 3, 0], findings: ["3 duplicate c1", "5 duplicate c1", "6 duplicate c1"]),
        // Line 3 was recorded first; of lines 4 and 5 the smaller team is kept.
        Quirk("duplicate_differs", [4, 2, 2, 0], findings: ["2 duplicate_differs c1", "4 duplicate_differs c1"]),
    ]
}

@Suite("Quirks of exports")
struct QuirkTests {
    @Test("rows, findings and clocks of an export with one quirk", arguments: Quirk.all)
    func quirk(_ quirk: Quirk) throws {
        let run = try Engine([quirk.bytes])
        let header = run.report.header
        #expect([header.rowsRead, header.accepted, header.duplicates, header.rejected] == quirk.counts)
        #expect(header.accepted + header.duplicates + header.rejected == header.rowsRead)
        // The unknown start of a core assessment leaves `core_assessment_authorised` unseen, and the like.
        #expect(run.findings.filter { !$0.hasPrefix("0 ") } == quirk.findings)
        let columns = ["child_id", "referral_id", "started_on", "stopped_on", "team"]
        #expect(run.clocks("referral_decision", columns) == quirk.clocks)
    }

    @Test("every fixture is tested, and has as many rows as Python's csv module finds")
    func rowCounts() throws {
        let folder = packageRoot().appending(path: "Fixtures/quirks")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == (Quirk.all.map { "\($0.file).csv" } + ["nightmare.csv"]).sorted())
        let paths = files.map { folder.appending(path: $0).path }
        let script = try PythonScript("Tests/ExportsTests/count_rows.py", paths)
        let counted = script.output.split(separator: "\n").map { Int($0) }
        let result = try ExportReader.read(paths.map { ExportSource.caseEvents($0) }, ReadOptions(cores: 1))
        let read = result.sources.map(\.rowsRead)
        #expect(script.status == 0 && counted == read, "\(script.output)")
    }

    @Test("what the summary says of columns, formats and recordings")
    func summary() throws {
        func source(_ name: String) throws -> SourceSummary {
            let quirk = try #require(Quirk.all.first { $0.file == name })
            return try #require(try Engine([quirk.bytes]).sources.first)
        }
        #expect(try source("extra_columns").extraColumns == ["Notes", "colour"])
        #expect(try source("extra_columns").hasRecordedAt == false)
        #expect(try source("slash_dates").dateFormats == ["date": "dd/mm/yyyy", "recorded_at": "dd/mm/yyyy"])
        #expect(try source("crlf").dateFormats == ["date": "yyyy-mm-dd", "recorded_at": "yyyy-mm-dd"])
        // Sentinels fix no format.
        #expect(try source("sentinels").dateFormats == ["date": "yyyy-mm-dd"])
        #expect(try source("unreadable_recorded_at").unreadableRecordings == 2)
        #expect(try source("times_with_offsets").newestRecorded == day("2010-07-05"))
        #expect(try source("ghosts").earliestDate == day("2010-11-01"))
        #expect(try source("ghosts").newestDate == day("2010-11-05"))
    }
}
