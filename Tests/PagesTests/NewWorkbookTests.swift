import EngineTestSupport
import Foundation
import Testing
import Workbooks
import WorkingCalendar

@Suite struct NewWorkbookTests {
    private static let hostile = [
        "=1+2", "+1", "-1", "@SUM(A1)", "\tx", "<script>", "&amp;", "]]>", "a\u{1}b", "_x0041_", "\u{202E}abc", "🙂",
        "0012", "1e5", String(repeating: "é", count: 40_000), " blank ", "a\nb",
    ]

    private static func workbook(_ texts: [String]) -> NewWorkbook {
        NewWorkbook(
            title: "A <title> & more", madeOn: day("2010-11-28"),
            sheets: [
                .init(
                    "Names", [.init("Text", width: 10), .init("Day", width: 10), .init("Number", width: 10)],
                    texts.map { [.text($0), .date(day("2010-12-25")), .number(2.5)] }),
                .init("Nothing", [.init("Text", width: 10, answer: .oneOf(sheet: "Names"))], []),
            ], opensAt: "Nothing")
    }

    /// The texts of a sheet's cells, row by row, as our own reader finds them.
    private func cells(_ sheet: String, of bytes: [UInt8]) throws -> [String] {
        let scratch = try Scratch()
        let book = try Workbook(path: try scratch.write(bytes, named: "book.xlsx"))
        var found: [(text: String, shared: Int)] = []
        let number = try #require(book.sheets.firstIndex(of: sheet))
        try book.readRows(ofSheet: number, columns: nil) { _, cells, row in
            found += cells.map { (String(decoding: $0.text(in: row), as: UTF8.self), $0.shared) }
            return true
        }
        let texts = try book.sharedTexts(Set(found.map(\.shared).filter { $0 >= 0 }))
        return found.map { cell in
            cell.shared >= 0 ? String(decoding: texts[cell.shared] ?? [], as: UTF8.self) : cell.text
        }
    }

    @Test func hostileTextsStayTexts() throws {
        let bytes = try #require(Self.workbook(Self.hostile).bytes())
        let read = try cells("Names", of: bytes)
        #expect(Array(read.prefix(3)) == ["Text", "Day", "Number"])
        let texts = stride(from: 3, to: read.count, by: 3).map { read[$0] }
        #expect(texts.count == Self.hostile.count)
        for (text, given) in zip(texts, Self.hostile) where given.utf16.count <= 32_767 && given != "a\u{1}b" {
            #expect(text == given, "\(given.prefix(20))")
        }
        // A cell holds 32,767 characters at most, and our reader keeps 4,096 bytes; nothing else is lost.
        #expect(texts[14] == String(repeating: "é", count: 2_048))
        #expect(read[4] == "2010-12-25" && read[5] == "2.5")
    }

    @Test func theSameContentsGiveTheSameBytes() throws {
        let first = try #require(Self.workbook(["a"]).bytes())
        #expect(Self.workbook(["a"]).bytes() == first)
        #expect(Self.workbook(["b"]).bytes() != first)
    }
}
