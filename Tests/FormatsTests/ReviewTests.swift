import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import GRDB
import Testing

@testable import CardsCommands

/// What somebody found who tried to prove the formats wrong.
@Suite("Found by review")
struct ReviewTests {
    private static let columns = ["child_id", "event", "date", "step_id"]

    @Test("a start and the end beside it stay one step, where records have no reference")
    func onePair() throws {
        let referrals = "Child Unique ID,Date of Referral,Referral NFA?\n1,20/02/2024,N\n2,20/02/2024,N\n"
        let assessments = """
            Child Unique ID,Continuous Assessment Start Date,Continuous Assessment Date of Authorisation
            1,01/03/2024,03/06/2024
            1,02/04/2024,10/04/2024
            1,02/04/2024,10/04/2024

            """
        let enquiries = """
            Child Unique ID,Strategy discussion initiating Section 47 Enquiry Start Date,Was an Initial Child \
            Protection Conference deemed unnecessary?,Date of Initial Child Protection Conference
            2,01/03/2024,N,
            2,02/04/2024,Y,

            """
        let scratch = try Scratch()
        let folder = scratch.folder.appending(path: "ax").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for (name, text) in [("List 3.csv", referrals), ("List 4.csv", assessments), ("List 5.csv", enquiries)] {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        let lines = try ReadExport([folder]).lines(Self.columns).filter { !$0.contains("referral") }
        #expect(
            lines == [
                "1 assessment_authorised 2024-04-10 2024-04-02/2024-04-10",
                "1 assessment_authorised 2024-06-03 2024-03-01/2024-06-03",
                "1 assessment_started 2024-03-01 2024-03-01/2024-06-03",
                "1 assessment_started 2024-04-02 2024-04-02/2024-04-10",
                "2 icpc_not_required 2024-04-02 2024-04-02/2024-04-02", "2 s47_started 2024-03-01 -",
                "2 s47_started 2024-04-02 2024-04-02/2024-04-02",
            ])
        try Data(assessments.utf8).write(to: URL(filePath: "\(folder)/Assessments.csv"))
        let error = #expect(throws: ExportError.self) { try ReadExport([folder]) }
        #expect(error?.message == "two files are the same list: Assessments.csv, List 4.csv")
    }

    private static func mapping(_ events: String, _ more: String = "") -> String {
        "mapping: M\nfiles:\n  - file: a.csv\n    child: Id\n\(more)    events:\n\(events)"
    }

    private func read(_ mapping: String, _ text: String) throws -> ReadExport {
        try ReadExport(files: ["m.yaml": bytes(mapping), "a.csv": bytes(text)], export: "m.yaml")
    }

    @Test("a step that a column names, without a date, is rejected and does not vanish")
    func undatedByValue() throws {
        let mapping = Self.mapping(
            "      - {event: {column: What, values: {Core: core_assessment_started}}, date: Day, step: Step}\n")
        let run = try read(
            mapping, "Id,What,Day,Step\n1,Core,05/03/2024,A1\n1,Core,,A2\n1,Core,01/01/1900,A3\n1,Core,,\n")
        #expect(run.counts == [3, 2])
        #expect(run.rejected.allSatisfy { $0.code == .noDate })
    }

    @Test("each event has its own day of recording, in any form")
    func recordedPerEvent() throws {
        let mapping = Self.mapping(
            "      - {event: referral_received, date: A, recorded: X}\n      - {event: case_closed, date: B, recorded: Y}\n"
        )
        let run = try read(mapping, "Id,A,X,B,Y\n1,05/03/2024,20-Mar-24,06/03/2024,45372\n")
        #expect(
            run.lines(["event", "recorded_at"]) == ["case_closed 2024-03-21", "referral_received 2024-03-20"])
    }

    @Test("a form of dates that the mapping does not allow is refused")
    func onlyAllowedForms() throws {
        let mapping = Self.mapping("      - {event: referral_received, date: A}\n", "    dates: [dd/mm/yyyy]\n")
        let run = try read(mapping, "Id,A\n1,05/03/2024\n2,2024-03-05\n3,5-Mar-24\n4,45356\n")
        #expect(run.counts == [4, 3] && run.rejected.allSatisfy { $0.code == .badDate })
    }

    @Test("totals may be short, and a blank row may have quotes or pipes")
    func totalsAndBlanks() throws {
        let mapping = Self.mapping("      - {event: referral_received, date: A, needed: yes}\n")
        let run = try read(mapping, "Id,Ref,A\n1,R1,05/03/2024\n\"\",\"\",\"\"\nTotal,2\n")
        #expect(run.counts == [1, 0] && run.sources.first?.records?.totals == 1)
        let pipes = Self.mapping("      - {event: referral_received, date: A, needed: yes}\n", "    delimiter: pipe\n")
        let piped = try read(pipes, "Id|Ref|A\n1|R1|05/03/2024\n||\n|||\n||Total\n")
        #expect(piped.counts == [1, 0] && piped.sources.first?.records?.totals == 1)
    }

    @Test("dates that stand for none, in documents and workbooks")
    func noDates() throws {
        let message = """
            {"la_code": "999", "Children": [{"la_child_id": "K1", "social_care_episodes": [{
            "social_care_episode_id": "E1", "referral_date": "2024-03-05", "referral_no_further_action_flag": true,
            "closure_date": "1900-01-01", "child_and_family_assessments": [{"child_and_family_assessment_id": "A1",
            "start_date": "2024-03-06", "authorisation_date": "9999-12-31"}]}]}]}
            """
        let run = try ReadExport(files: ["a.json": bytes(message)], export: "a.json")
        #expect(run.counts == [3, 0])
        #expect(run.lines(["event", "date"]).contains("referral_nfa 2024-03-05"))
        let contacts: [[MadeWorkbook.Cell]] = [
            [.inline("Child Unique ID"), .inline("Date of Referral")], [.number("1"), .styled("45356", 1)],
            [.number("2"), .styled("1", 1)],
        ]
        let book = MadeWorkbook([("List 3", contacts), ("List 1", [])])
        let sheet = try ReadExport(files: ["a.xlsx": try book.bytes()], export: "a.xlsx")
        #expect(sheet.lines(["child_id", "date"]) == ["1 2024-03-05"])
        #expect(sheet.rejected.map(\.code) == [.noDate], "a referral without a date, and no day of 1899")
    }

    @Test("a second sheet of a list is named, and not read")
    func secondSheet() throws {
        let rows: [[MadeWorkbook.Cell]] = [
            [.inline("Child Unique ID"), .inline("Date of Referral")], [.number("1"), .styled("45356", 1)],
        ]
        let book = MadeWorkbook([("List 3", rows), ("List 3 (2)", rows)])
        let run = try ReadExport(files: ["a.xlsx": try book.bytes()], export: "a.xlsx")
        #expect(run.sources.flatMap(\.notes).contains("The sheet List 3 (2) was not read: List 3 is the list already."))
    }

    @Test("numbers in a database that no reference can be")
    func largeNumbers() throws {
        let scratch = try Scratch()
        let path = scratch.folder.appending(path: "s.sqlite").path
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE ssd_contacts (cont_contact_id REAL, cont_person_id REAL, cont_contact_date TEXT);
                    INSERT INTO ssd_contacts VALUES (1, 1e20, '2024-03-05'), (2, 9e999, '2024-03-05'), (3, 7.0, '2024-03-05')
                    """)
        }
        #expect(try ReadExport([path]).lines(["child_id"]) == ["1e+20", "7", "inf"])
    }

    /// What the maker of a file, who had not seen the program, says of it.
    private struct Truth: Decodable {
        var encoding: String
        var delimiter: String
        var records: Int
        /// 1 where it says nothing.
        var headingLine: Int?
        var columns: [Column]

        enum CodingKeys: String, CodingKey {
            case encoding, delimiter, records, columns
            case headingLine = "heading_line"
        }

        struct Column: Decodable {
            var name: String
            var filled: Int
            var isDate: Bool

            enum CodingKeys: String, CodingKey {
                case name, filled
                case isDate = "is_date"
            }
        }
    }

    @Test("twenty files of somebody who had not seen the program: each looked at rightly, or refused for what it is")
    func blindFiles() throws {
        let folder = formats("../blind")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasSuffix(".json") }
            .sorted()
        #expect(names.count == 20)
        let encodings = [
            "utf-8-sig": "utf-8", "cp1252": "windows-1252", "utf-16-le-bom": "utf-16le", "utf-8": "utf-8",
        ]
        let delimiters = [",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"]
        for name in names {
            let all = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            let stem = String(name.prefix { $0 != "." })
            let truth = try JSONDecoder().decode(
                Truth.self, from: try Data(contentsOf: URL(filePath: "\(folder)/\(stem).truth.json")))
            if name == "ketterdale_conferences.txt" {
                // Its lines end as on old Macs.
                #expect(throws: ExportError.self) { try ExtractLook(all, isCut: false, file: name) }
                continue
            }
            let answer = InspectAnswer(name, try ExtractLook(all, isCut: false, file: name))
            if name == "sqlcmd_single_assessments.out" {
                // Written without quotes around fields that have quotes: the answer says where reading stops.
                #expect(answer.strayQuoteLine == 7)
                continue
            }
            #expect(answer.headingLine == truth.headingLine ?? 1, "\(name)")
            #expect(answer.encoding == encodings[truth.encoding], "\(name)")
            #expect(answer.delimiter == delimiters[truth.delimiter], "\(name)")
            #expect(answer.records == truth.records, "\(name)")
            #expect(answer.columns.map(\.name) == truth.columns.map(\.name), "\(name)")
            for (found, column) in zip(answer.columns, truth.columns) {
                #expect(found.filled == column.filled, "\(name): \(column.name)")
                #expect(found.kind.hasPrefix("date") == column.isDate, "\(name): \(column.name)")
            }
        }
    }

    @Test(
        "headings under a title, a message or Excel's own first line are found, and lines are counted from the top",
        arguments: [
            ("a title and a blank line", "Referrals 2024\n\n", ""), ("padded titles", "Referrals;;;\n;;;\n", ""),
            ("Excel's first line", "sep=;\r\n", ""), ("a message", "Changed database context to 'CSC'.\n", ""),
            ("a rule under the headings", "", "--;----;----;--\n"), ("a title with a line end", "\"A\nB\";;;\n", ""),
        ])
    func linesAboveTheHeadings(why: String, above: String, below: String) throws {
        let mapping = Self.mapping(
            "      - {event: referral_received, date: Received, needed: yes}\n", "    delimiter: semicolon\n")
        let run = try read(mapping, above + "Id;Received;Note;X\n" + below + "1;5/3/24;a;\n2;bad;b;\n")
        #expect(run.lines(["child_id", "date"]) == ["1 2024-03-05"])
        let lines = (above + below).utf8.count { $0 == UInt8(ascii: "\n") }
        #expect(run.rejected.map(\.line) == [UInt32(lines + 3)])
        #expect(run.sources[0].records?.records == 2)
        let missing = #expect(throws: ExportError.self) {
            try read(
                Self.mapping(
                    "      - {event: referral_received, date: Received}\n      - {event: case_closed, date: Closed}\n",
                    "    delimiter: semicolon\n"), above + "Id;Received;Note;X\n")
        }
        #expect(missing?.line == above.utf8.count { $0 == UInt8(ascii: "\n") } + 1 && missing?.column == "Closed")
    }

    @Test("a year of two digits is one from 1950 to 2049, and a second number over 12 is no month")
    func shortYears() throws {
        let mapping = Self.mapping("      - {event: referral_received, date: A, needed: yes}\n")
        let run = try read(mapping, "Id,A\n1,5/3/24\n2,31/12/99 10:15\n3,31/02/24\n4,05/03/024\n5,1/1/49\n")
        #expect(run.lines(["date"]) == ["1999-12-31", "2024-03-05", "2049-01-01"])
        #expect(run.rejected.map(\.line) == [4, 5])
        let error = #expect(throws: ExportError.self) { try read(mapping, "Id,A\n1,03/25/24\n") }
        #expect(error?.code == .monthOver12 && error?.line == 2)
        let limited = Self.mapping("      - {event: referral_received, date: A}\n", "    dates: [yyyy-mm-dd]\n")
        #expect(try read(limited, "Id,A\n1,05/03/24\n").rejected.map(\.code) == [.badDate])
    }

    @Test("a moment far away is the last day there is, one of 9999 is none; nothing overflows")
    func farMoments() throws {
        let text = """
            child_id,event,date
            1,referral_received,9999-12-31T00:00:00Z
            2,referral_received,6844-03-05T10:00+00:00
            3,referral_received,0001-01-01T00:00:00+15:00
            4,referral_received,2024-03-05T23:30:00-05:00

            """
        let run = try ReadExport(files: ["a.csv": bytes(text)], export: "a.csv")
        #expect(run.rejected.map(\.line) == [2, 4])
        #expect(run.lines(["child_id", "date"]) == ["2 2079-06-06", "4 2024-03-06"])
    }

    @Test("what is written in UTF-16 is named for what it is")
    func wide() throws {
        func wide(_ text: String) -> [UInt8] {
            [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
        let json = try refusal(files: ["a.json": wide("{\"Children\": []}")], export: "a.json")
        #expect(json?.code == .notJSON && json?.hint.contains("as UTF-8") == true)
        // The parser of XML knows UTF-16.
        let xml = try refusal(files: ["a.xml": wide("<html/>")], export: "a.xml")
        #expect(xml?.code == .unknownShape)
        let scratch = try Scratch()
        _ = try scratch.write(wide("dept_team_id\nT1\n"), named: "ssd_department.csv")
        let error = #expect(throws: ExportError.self) { try ExportFinder.organisation(of: [scratch.folder.path]) }
        #expect(error?.code == .notUTF8)
    }

    @Test("a file that begins with a record is asked for its headings")
    func noHeadings() throws {
        let rows = "1234,05/03/2024,Team A\n1235,06/03/2024,Team B\n"
        let answer = InspectAnswer("f.csv", try ExtractLook(bytes(rows), isCut: false, file: "f.csv"))
        #expect(answer.hasDateAsHeading)
        #expect(answer.text.contains("# a heading is a date: does the file lack its headings?"))
    }

    @Test("lines that end with carriage returns alone are refused with what to do")
    func loneReturns() throws {
        let text = "Id|A|Note\r1|2024-03-05|\"a\nb\"\r2|2024-03-06|\r"
        let mapping = Self.mapping("      - {event: referral_received, date: A}\n", "    delimiter: pipe\n")
        let error = #expect(throws: ExportError.self) { try self.read(mapping, text) }
        #expect(error?.code == .carriageReturns && error?.line == 1)
        let looked = #expect(throws: ExportError.self) { try ExtractLook(bytes(text), isCut: false, file: "a.csv") }
        #expect(looked?.code == .carriageReturns)
        #expect(try read(mapping, text.replacing("\r", with: "\r\n")).counts == [2, 0])
    }

    @Test("five digits are dates only under a heading of dates; the last letter is looked at where a file is whole")
    func lookingAtFiles() throws {
        func look(_ text: [UInt8]) throws -> InspectAnswer {
            InspectAnswer("f.csv", try ExtractLook(text, isCut: false, file: "f.csv"))
        }
        let rows = (0..<40).map { "\(40_000 + $0 * 7),\(45_000 + $0),\(30_100 + $0 * 31)\n" }.joined()
        let answer = try look(bytes("Person ID,Date received,Referral ID\n" + rows))
        #expect(answer.columns.map(\.kind) == ["reference", "date excel", "reference"])
        #expect(answer.mapping.contains("child: Person ID\n    referral: Referral ID\n"))
        // One letter may be a code as well as a mark for nothing.
        #expect(try look(bytes("Id,Gender\n1,U\n2,x\n3,:\n")).columns.map(\.filled) == [3, 2])
        #expect(try look(bytes("A,B\n1,Żéé€")).encoding == "utf-8")
        #expect(try look(bytes("A,B\n1,Zo") + [0xEB]).encoding == "windows-1252")
    }
}
