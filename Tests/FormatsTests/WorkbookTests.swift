import CaseEvents
import DelimitedText
import Exports
import Foundation
import Testing
import WorkingCalendar

/// What a cell of a date or a team holds, and how it is read.
struct CellCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let date: MadeWorkbook.Cell
    let team: MadeWorkbook.Cell
    /// The date and team that are read; `-` for none.
    let read: String
    var countsFrom1904 = false

    init(_ why: String, _ date: MadeWorkbook.Cell, _ team: MadeWorkbook.Cell, _ read: String, from1904: Bool = false) {
        testDescription = why
        self.date = date
        self.team = team
        self.read = read
        countsFrom1904 = from1904
    }

    /// The shared texts of every case.
    static let shared = [
        "<t>Child Unique ID</t>", "<t>North</t>", "<t>05/03/2024</t>",
        "<r><rPr><b/></rPr><t>No</t></r><r><t xml:space=\"preserve\">rth</t></r><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh>",
    ]

    static let all: [CellCase] = [
        CellCase("a real date, with a format every workbook has", .styled("45356", 1), .shared(1), "2024-03-05 North"),
        CellCase(
            "a real date with a time and a format of its own", .styled("45356.75", 2), .shared(1), "2024-03-05 North"),
        CellCase("text of a date, shared; rich text", .shared(2), .shared(3), "2024-03-05 North"),
        CellCase("text in the sheet itself", .inline("5-Mar-24"), .inline("North"), "2024-03-05 North"),
        CellCase("a number without a format of dates", .number("45356"), .number("12"), "2024-03-05 12"),
        CellCase("a format with a quoted d is none of dates", .styled("45356", 3), .none, "2024-03-05 -"),
        CellCase(
            "the saved value of a formula", .formula("TODAY()", "2024-03-05"), .formula("A1", "North"),
            "2024-03-05 North"),
        CellCase("an error is no value", .styled("45356", 1), .error("#N/A"), "2024-03-05 -"),
        CellCase("any error is no value", .styled("45356", 1), .error("#REF!"), "2024-03-05 -"),
        CellCase("days counted from 1904", .styled("43894", 1), .shared(1), "2024-03-05 North", from1904: true),
        CellCase("non-breaking spaces", .inline("\u{A0}2024-03-05\u{A0}"), .inline("\u{A0}North"), "2024-03-05 North"),
        CellCase(
            "what XML cannot hold as it is", .inline("2024-03-05"), .inline("N &amp; S &lt;1&gt;, &quot;x&quot;"),
            "2024-03-05 N & S <1>, \"x\""),
    ]
}

@Suite("Workbooks")
struct WorkbookTests {
    private func contacts(_ rows: [[MadeWorkbook.Cell]], name: String = "List 3") -> (String, [[MadeWorkbook.Cell]]) {
        (name, [[.shared(0), .inline("Date of  REFERRAL "), .inline("Allocated Team"), .inline("Notes")]] + rows)
    }

    @Test("how a cell is read", arguments: CellCase.all)
    func cell(_ example: CellCase) throws {
        let book = MadeWorkbook(
            [contacts([[.number("1001"), example.date, example.team, .inline("CANARY")]])], shared: CellCase.shared,
            countsFrom1904: example.countsFrom1904)
        let read = try ReadExport(files: ["a.xlsx": try book.bytes()], export: "a.xlsx")
        #expect(read.lines(["child_id", "date", "team"]) == ["1001 \(example.read)"])
        #expect(read.sources.first?.file.hasSuffix("a.xlsx: List 3") == true)
        #expect(read.sources.first?.extraColumns == ["Notes"])
    }

    @Test("a value outside every cell is passed over, and never a trap")
    func strayValue() throws {
        var book = MadeWorkbook(
            [contacts([[.number("1001"), .styled("45356", 1), .shared(1)]])], shared: CellCase.shared)
        for index in book.parts.indices where book.parts[index].name.hasSuffix("sheet1.xml") {
            book.parts[index].text = book.parts[index].text.replacing(
                "<row r=\"2\">", with: "<row r=\"2\"><v>9</v><v/><t>x</t>")
        }
        let read = try ReadExport(files: ["a.xlsx": try book.bytes()], export: "a.xlsx")
        #expect(read.lines(["child_id", "date", "team"]) == ["1001 2024-03-05 North"])
    }

    @Test("whole numbers and long ones stay ids; ages are not read")
    func ids() throws {
        let rows: [[MadeWorkbook.Cell]] = [
            [.number("123.0"), .styled("45356", 1)], [.number("1.2345678901E10"), .styled("45356", 1)],
            [.inline("007"), .styled("45356", 1)],
        ]
        let book = MadeWorkbook([contacts(rows)], shared: CellCase.shared)
        let read = try ReadExport(files: ["a.xlsx": try book.bytes()], export: "a.xlsx")
        #expect(read.lines(["child_id"]) == ["007", "123", "12345678901"])
    }

    @Test("sheets are known by name, by another name, and by their headings, with a title above them")
    func sheets() throws {
        let start = MadeWorkbook.Cell.styled("45356", 1)
        let book = MadeWorkbook(
            [
                ("Front", [[.inline("A council")]]),
                (
                    "Sheet7",
                    [
                        [.inline("Assessments of the year")],
                        [
                            .inline("child unique id"), .inline("Continuous Assessment Start Date"),
                            .inline("Allocated Team"),
                        ],
                        [.number("1"), start, .inline("North")],
                    ]
                ),
                ("referrals", [[.shared(0), .inline("Date of Referral")], [.number("1"), start]]),
            ], shared: CellCase.shared)
        let read = try ReadExport(files: ["a.xlsx": try book.bytes()], export: "a.xlsx")
        #expect(
            read.lines(["child_id", "event", "date", "team"])
                == ["1 assessment_started 2024-03-05 North", "1 referral_received 2024-03-05 -"])
        #expect(read.sources.map(\.completeFrom?.description) == ["2023-09-05", "2023-09-05"])
        // The line of a row is its number in the sheet.
        let bad = MadeWorkbook(
            [("List 3", [[], [.shared(0), .inline("Date of Referral")], [], [.number("1"), .inline("31/02/2024")]])],
            shared: CellCase.shared)
        let rejected = try ReadExport(files: ["a.xlsx": try bad.bytes()], export: "a.xlsx").rejected
        #expect(rejected.map { "\($0.line) \($0.code.rawValue)" } == ["4 bad_date"])
    }

    @Test("what is refused")
    func refused() throws {
        let good = MadeWorkbook([contacts([[.number("1"), .styled("45356", 1)]])], shared: CellCase.shared)
        var links = good
        links.parts.append(("xl/externalLinks/externalLink1.xml", "<externalLink/>"))
        var bomb = good
        bomb.parts[3].text = "<sst><si><t>" + String(repeating: " ", count: 100 << 20) + "</t></si></sst>"
        var entities = good
        entities.parts[0].text = "<!DOCTYPE w [<!ENTITY a \"b\">]>" + entities.parts[0].text
        var broken = good
        broken.parts[4].text = String(broken.parts[4].text.dropLast(20))
        var nested = good
        nested.parts[4].text = String(repeating: "<row>", count: 100)
        let other = MadeWorkbook([("Sheet1", [[.inline("A")]])])
        for (book, code, message) in [
            (links, ExportError.Code.refusedContent, "the workbook takes values from other files"),
            (bomb, .refusedContent, "the workbook unpacks to far more than any workbook holds"),
            (entities, .notWorkbook, "xl/workbook.xml in the workbook is not well formed, in its line 1"),
            (broken, .notWorkbook, "xl/worksheets/sheet1.xml in the workbook is not well formed, in its line 1"),
            (nested, .notWorkbook, "xl/worksheets/sheet1.xml in the workbook is not well formed, in its line 1"),
            (other, .unknownShape, "no sheet of the workbook is one of the lists of Annex A"),
        ] {
            let error = try #require(try refusal(files: ["a.xlsx": try book.bytes()], export: "a.xlsx"))
            #expect(error.code == code)
            #expect(error.message == message)
        }
        let old = try #require(
            try refusal(files: ["a.xls": [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]], export: "a.xls"))
        #expect(old.code == .notWorkbook)
        #expect(old.hint.contains(".xls, as .xlsx"))
    }

    @Test("a workbook cut off anywhere is an error, never part of its rows")
    func truncated() throws {
        let book = try MadeWorkbook([contacts([[.number("1"), .styled("45356", 1)]])], shared: CellCase.shared).bytes()
        for count in stride(from: 4, to: book.count, by: 1) {
            let error = try refusal(files: ["a.xlsx": Array(book.prefix(count))], export: "a.xlsx")
            #expect(error?.code == .notWorkbook, "cut to \(count) bytes")
        }
    }
}
