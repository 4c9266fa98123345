import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Testing

@testable import CardsCommands

/// A mapped file with one quirk, and the rows it becomes.
struct MappedCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let mapping: String
    let text: [UInt8]
    /// Child, event, date, step and team of each row.
    let rows: [String]
    /// Read and rejected.
    let counts: [Int]
    /// Records, left out, repeated headings, totals, without an event.
    let records: [Int]

    init(
        _ why: String, _ mapping: String, _ text: String, rows: [String], counts: [Int], records: [Int],
        encoding: String.Encoding = .utf8
    ) {
        testDescription = why
        self.mapping = mapping
        self.text = Array(text.data(using: encoding) ?? Data())
        self.rows = rows
        self.counts = counts
        self.records = records
    }

    private static func file(_ more: String = "", events: String = "- {event: referral_received, date: Date}") -> String
    {
        "mapping: Test\nfiles:\n  - file: a.csv\n    child: Id\n\(more)    events:\n      \(events)\n"
    }

    private static let team = "    team: Team\n"

    static let all: [MappedCase] = [
        MappedCase(
            "every way of writing a date, in one column", file(),
            """
            Id,Date
            1,05/03/2024
            2,2024-03-05
            3,2024-03-05T10:00:00
            4,05/03/2024 09:30
            5,5-Mar-24
            6,45356
            7,45356.75
            8,5 March 2024

            """, rows: (1...8).map { "\($0) referral_received 2024-03-05 - -" }, counts: [8, 0],
            records: [8, 0, 0, 0, 0]),
        MappedCase(
            "a form that the mapping does not allow is no date", file("    dates: [yyyy-mm-dd]\n"),
            "Id,Date\n1,05/03/2024\n2,2024-03-05\n3,45356\n", rows: ["2 referral_received 2024-03-05 - -"],
            counts: [3, 2], records: [3, 0, 0, 0, 0]),
        MappedCase(
            "marks of no value", file(),
            "Id,Date\n"
                + [":", "c", "u", "x", "z", "NULL", "#N/A", "-1", "1900-01-01", "01/01/1900", "9999-12-31", ""]
                .map { "1,\($0)\n" }.joined() + "2,2024-03-05\n",
            rows: ["2 referral_received 2024-03-05 - -"], counts: [1, 0], records: [13, 0, 0, 0, 12]),
        MappedCase(
            "words of the council's own for no value", file("    nothing: [Not known]\n"),
            "Id,Date\n1,not known\nNot known,2024-03-05\n", rows: [], counts: [1, 1], records: [2, 0, 0, 0, 1]),
        MappedCase(
            "ids that a spreadsheet made numbers, and non-breaking spaces", file(team),
            "Id,Date,Team\n123.0,2024-03-05,\u{A0}North\u{A0}\n", rows: ["123 referral_received 2024-03-05 - North"],
            counts: [1, 0], records: [1, 0, 0, 0, 0]),
        MappedCase(
            "semicolons, quoted ones among them", file("    delimiter: semicolon\n" + team),
            "Id;Date;Team\n1;2024-03-05;\"North; East\"\n", rows: ["1 referral_received 2024-03-05 - North; East"],
            counts: [1, 0], records: [1, 0, 0, 0, 0]),
        MappedCase(
            "a comma and a quote within a name", file(team),
            "Id,Date,Team\n1,2024-03-05,\"North, \"\"A\"\"\"\n",
            rows: ["1 referral_received 2024-03-05 - North, \"A\""],
            counts: [1, 0], records: [1, 0, 0, 0, 0]),
        MappedCase(
            "Unicode text from Excel", file("    encoding: utf-16le\n    delimiter: tab\n" + team),
            "\u{FEFF}Id\tDate\tTeam\r\n1\t05/03/2024\tCafé 𝔸\r\n",
            rows: ["1 referral_received 2024-03-05 - Café 𝔸"], counts: [1, 0], records: [1, 0, 0, 0, 0],
            encoding: .utf16LittleEndian),
        MappedCase(
            "UTF-16, big end first", file("    encoding: utf-16be\n" + team),
            "\u{FEFF}Id,Date,Team\n1,05/03/2024,Née\n", rows: ["1 referral_received 2024-03-05 - Née"], counts: [1, 0],
            records: [1, 0, 0, 0, 0], encoding: .utf16BigEndian),
        MappedCase(
            "Windows-1252, with a euro and a curly apostrophe", file("    encoding: windows-1252\n" + team),
            "Id,Date,Team\r\n1,05/03/2024,Children’s € Team\r\n",
            rows: ["1 referral_received 2024-03-05 - Children’s € Team"], counts: [1, 0], records: [1, 0, 0, 0, 0],
            encoding: .windowsCP1252),
        MappedCase(
            "a repeated heading, a total, blank lines, trailing separators", file(),
            "Id,Date,,\n1,2024-03-05,,\n\n,,,\nID ,Date,,\n2,2024-03-06,,\nTotal,2,,\n",
            rows: ["1 referral_received 2024-03-05 - -", "2 referral_received 2024-03-06 - -"], counts: [2, 0],
            records: [4, 0, 1, 1, 0]),
        MappedCase(
            "a child whose reference begins like a total is a child", file(),
            "Id,Date\nT1,2024-03-05\nTO2,2024-03-05\n",
            rows: ["T1 referral_received 2024-03-05 - -", "TO2 referral_received 2024-03-05 - -"], counts: [2, 0],
            records: [2, 0, 0, 0, 0]),
        MappedCase(
            "a header and no records", file(), "Id,Date\n", rows: [], counts: [0, 0], records: [0, 0, 0, 0, 0]),
        MappedCase(
            "too few fields, and too many", file(), "Id,Date\n1\n1,2024-03-05,more\n2,2024-03-05\n",
            rows: ["2 referral_received 2024-03-05 - -"], counts: [3, 2], records: [3, 0, 0, 0, 0]),
        MappedCase(
            "line ends within quotes", file(), "Id,Notes,Date\n1,\"a\nb\r\nc\",2024-03-05\n2,,2024-03-06\n",
            rows: ["1 referral_received 2024-03-05 - -", "2 referral_received 2024-03-06 - -"], counts: [2, 0],
            records: [2, 0, 0, 0, 0]),
        MappedCase(
            "exact duplicates, and those of a join", file(team),
            "Id,Date,Team,Worker\n1,2024-03-05,N,W1\n1,2024-03-05,N,W1\n1,2024-03-05,N,W2\n",
            rows: ["1 referral_received 2024-03-05 - N"], counts: [3, 0], records: [3, 0, 0, 0, 0]),
        MappedCase(
            "codes with labels choose records and events",
            file(
                "    where: {Status: [Open]}\n",
                events: """
                    - {event: referral_received, date: Date}
                          - {event: referral_nfa, date: Decided, where: {Outcome: [NFA]}}
                          - {event: referral_decided, date: Decided, unless: {Outcome: [n]}}
                    """),
            """
            Id,Date,Status,Outcome,Decided
            1,2024-03-05,a) open,n) NFA,2024-03-06
            2,2024-03-05,OPEN,y) Assess,2024-03-06
            3,2024-03-05,b) Closed,,2024-03-06

            """,
            rows: [
                "1 referral_nfa 2024-03-06 - -", "1 referral_received 2024-03-05 - -",
                "2 referral_decided 2024-03-06 - -", "2 referral_received 2024-03-05 - -",
            ], counts: [4, 0], records: [3, 1, 0, 0, 0]),
        MappedCase(
            "the event is the value of a column, another date stands in, a fixed team",
            file(
                "    step: Step\n    team: {value: Duty}\n",
                events: """
                    - event: {column: Type, values: {Core: core_assessment_started, s47: s47_started}}
                            date: Date
                            or_date: Planned
                    """),
            "Id,Step,Type,Date,Planned\n1,A1,CORE,2024-03-05,\n2,S1,S47,,2024-03-07\n3,Z1,Other,2024-03-05,\n",
            rows: ["1 core_assessment_started 2024-03-05 A1 Duty", "2 s47_started 2024-03-07 S1 Duty"], counts: [3, 1],
            records: [3, 0, 0, 0, 0]),
        MappedCase(
            "values of a column mean others", file("    team: {column: Team, values: {N: North, E: \"\"}}\n"),
            "Id,Date,Team\n1,2024-03-05,n) Nth\n2,2024-03-05,E\n3,2024-03-05,W\n",
            rows: [
                "1 referral_received 2024-03-05 - North", "2 referral_received 2024-03-05 - -",
                "3 referral_received 2024-03-05 - W",
            ], counts: [3, 0], records: [3, 0, 0, 0, 0]),
        MappedCase(
            "a step with a name and no date does not vanish; one without either has not happened",
            file(
                "    step: Step\n",
                events: """
                    - {event: assessment_started, date: Date}
                          - {event: assessment_authorised, date: Signed}
                    """),
            "Id,Step,Date,Signed\n1,A1,,\n2,A2,,2024-03-05\n3,,,\n",
            rows: ["1 assessment_started - A1 -", "2 assessment_authorised 2024-03-05 A2 -"], counts: [2, 1],
            records: [3, 0, 0, 0, 1]),
        MappedCase(
            "a date that must be there", file(events: "- {event: referral_received, date: Date, needed: yes}"),
            "Id,Date\n1,\n2,31/02/2024\n3,2024-03-05\n", rows: ["3 referral_received 2024-03-05 - -"], counts: [3, 2],
            records: [3, 0, 0, 0, 0]),
    ]
}

@Suite("Mapped files")
struct MappedTableTests {
    @Test("what a file with one quirk becomes", arguments: MappedCase.all)
    func quirk(_ example: MappedCase) throws {
        let read = try ReadExport(
            files: ["m.yaml": bytes(example.mapping), "a.csv": example.text], export: "m.yaml")
        #expect(read.lines(["child_id", "event", "date", "step_id", "team"]) == example.rows)
        #expect(read.counts == example.counts)
        let tally = try #require(read.sources.first?.records)
        #expect(
            [tally.records, tally.leftOut, tally.repeatedHeaders, tally.totals, tally.withoutEvent] == example.records)
    }

    @Test("lines of findings are those of the file, whatever stands between them")
    func lines() throws {
        let text = "Id,Notes,Date\n1,\"a\nb\",2024-03-05\n\n2,,\n3,,31/02/2024\n"
        let mapping =
            "mapping: T\nfiles:\n  - file: a.csv\n    child: Id\n    events:\n"
            + "      - {event: referral_received, date: Date, needed: yes}\n"
        let read = try ReadExport(files: ["m.yaml": bytes(mapping), "a.csv": bytes(text)], export: "m.yaml")
        #expect(
            read.rejected.map { "\($0.line) \($0.code.rawValue) \($0.value)" } == [
                "5 no_date ", "6 bad_date 31/02/2024",
            ])
        #expect(
            read.rejected.map(\.text) == ["2,referral_received,,,,,,,,,,", "3,referral_received,31/02/2024,,,,,,,,,"])
    }

    @Test("blocks and cores do not show")
    func blocks() throws {
        let scratch = try Scratch()
        var text = "Id;Step;Date;Signed;Team\n"
        for number in 0..<2_000 {
            let date = "\(number % 28 + 1)/0\(number % 9 + 1)/2024"
            text += "C\(number % 300);A\(number);\(date);\(number % 3 == 0 ? "" : "28/11/2024");\"T; \(number % 7)\"\n"
        }
        let mapping =
            "mapping: T\nfiles:\n  - file: a.csv\n    delimiter: semicolon\n    child: Id\n    step: Step\n    team: Team\n"
            + "    events:\n      - {event: assessment_started, date: Date}\n"
            + "      - {event: assessment_authorised, date: Signed}\n"
        _ = try scratch.write(bytes(text), named: "a.csv")
        let path = try scratch.write(bytes(mapping), named: "m.yaml")
        let sources = try ExportFinder.sources(of: [path])
        let whole = try ExportReader.read(sources, ReadOptions(cores: 1))
        for (blockSize, cores) in [(100, 1), (1_000, 2), (4_096, 2)] {
            let parts = try ExportReader.read(sources, ReadOptions(cores: cores), blockSize: blockSize)
            #expect(parts.sources.first?.kinds == whole.sources.first?.kinds)
            #expect(parts.sources.first?.records == whole.sources.first?.records)
            #expect(parts.sources.first?.rowsRead == 3_333)
        }
    }
}
