import CZip
import EngineTestSupport
import Foundation

/// A workbook made from its parts, which may be wrong in any way.
struct MadeWorkbook {
    var parts: [(name: String, text: String)]

    /// A cell of a made sheet.
    enum Cell {
        case shared(Int)
        case inline(String)
        case number(String)
        /// A number with a style; 1 and 2 show dates, 0 does not.
        case styled(String, Int)
        case error(String)
        case formula(String, String)
        case flag(Bool)
        case none
    }

    /// Sheets with rows of cells; the rows begin at the first line.
    init(_ sheets: [(name: String, rows: [[Cell]])], shared: [String] = [], countsFrom1904: Bool = false) {
        let list = sheets.indices.map {
            "<sheet name=\"\(sheets[$0].name)\" sheetId=\"\($0 + 1)\" r:id=\"rId\($0 + 1)\"/>"
        }
        let relations = sheets.indices.map {
            "<Relationship Id=\"rId\($0 + 1)\" Type=\"t/worksheet\" Target=\"worksheets/sheet\($0 + 1).xml\"/>"
        }
        parts = [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><workbookPr date1904=\"\(countsFrom1904 ? 1 : 0)\"/>"
                    + "<sheets>\(list.joined())</sheets></workbook>"
            ),
            ("xl/_rels/workbook.xml.rels", "<Relationships>\(relations.joined())</Relationships>"),
            (
                "xl/styles.xml",
                "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"[$-809]dd\\-mmm\\-yyyy;@\"/>"
                    + "<numFmt numFmtId=\"171\" formatCode=\"0.0&quot;d&quot;\"/></numFmts>"
                    + "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                    + "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/>"
                    + "</cellXfs></styleSheet>"
            ),
            ("xl/sharedStrings.xml", "<sst>\(shared.map { "<si>\($0)</si>" }.joined())</sst>"),
        ]
        for (number, sheet) in sheets.enumerated() {
            let rows = sheet.rows.enumerated().map { line, cells in
                let texts = cells.enumerated().map { Self.xml($1, "\(Self.letter($0))\(line + 1)") }
                return "<row r=\"\(line + 1)\">\(texts.joined())</row>"
            }
            parts.append(
                (
                    "xl/worksheets/sheet\(number + 1).xml",
                    "<worksheet><sheetData>\(rows.joined())</sheetData></worksheet>"
                ))
        }
    }

    private static func letter(_ column: Int) -> String { String(UnicodeScalar(UInt8(65 + column))) }

    private static func xml(_ cell: Cell, _ name: String) -> String {
        switch cell {
        case .shared(let number): "<c r=\"\(name)\" t=\"s\"><v>\(number)</v></c>"
        case .inline(let text): "<c r=\"\(name)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
        case .number(let text): "<c r=\"\(name)\"><v>\(text)</v></c>"
        case .styled(let text, let style): "<c r=\"\(name)\" s=\"\(style)\"><v>\(text)</v></c>"
        case .error(let text): "<c r=\"\(name)\" t=\"e\"><v>\(text)</v></c>"
        case .formula(let formula, let text): "<c r=\"\(name)\" t=\"str\"><f>\(formula)</f><v>\(text)</v></c>"
        case .flag(let flag): "<c r=\"\(name)\" t=\"b\"><v>\(flag ? 1 : 0)</v></c>"
        case .none: ""
        }
    }

    /// The workbook as the bytes of a file.
    func bytes() throws -> [UInt8] {
        let scratch = try Scratch()
        let path = scratch.folder.appending(path: "made.xlsx").path
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code) else { return [] }
        for part in parts {
            let text = Array(part.text.utf8)
            // The library frees the copy when it has written it.
            let copy = UnsafeMutableRawPointer(malloc(max(text.count, 1)))
            text.withUnsafeBytes {
                if let bytes = $0.baseAddress { copy?.copyMemory(from: bytes, byteCount: $0.count) }
            }
            let source = zip_source_buffer(archive, copy, zip_uint64_t(text.count), 1)
            _ = zip_file_add(archive, part.name, source, 0)
        }
        zip_close(archive)
        return Array(try Data(contentsOf: URL(filePath: path)))
    }
}
