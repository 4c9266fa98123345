import DelimitedText
import Exports
import FoundationEssentials
import Reports
import Workbooks

/// A file that came back: the set it answers, and its rows as they were written.
///
/// It may have been saved again by another program, sorted, filtered, and relieved of columns and rows.
struct ReturnedFile {
    /// A row with what stands in the columns that matter.
    struct Row {
        /// The number of the row in its sheet or file, counted from 1 with the header.
        var number: Int
        var cells: [ReturnColumn: String]

        func text(_ column: ReturnColumn) -> String { cells[column] ?? "" }

        /// Whether nothing was answered.
        var isBlank: Bool { ReturnColumn.answers.allSatisfy { text($0).isEmpty } }
    }

    /// The hash of the set from the cover; `nil` where the file has none, as in CSV.
    let set: String?
    /// The sheet the rows stand in; empty in CSV.
    let sheet: String
    let rows: [Row]
    /// The file as it came.
    let bytes: [UInt8]

    /// More bytes than any return has.
    static let mostBytes = 32 << 20

    /// Reads a workbook, or CSV in any of the ways in which spreadsheets save it.
    ///
    /// - Throws: ``ReturnsError`` for a file that is not there, is neither, or has no column to match rows by.
    init(_ path: String) throws(ReturnsError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw ReturnsError(.missingReturn, "\(path): the return is not there", hint: "check the path")
        }
        guard let data = try? Data(contentsOf: URL(filePath: path)), data.count <= Self.mostBytes else {
            throw ReturnsError(
                .missingReturn, "\(path): the return cannot be opened, or is far too large",
                hint: "check who may read it, and that it is the right file")
        }
        bytes = [UInt8](data)
        let isWorkbook = data.starts(with: [0x50, 0x4B])
        let table: [(number: Int, cells: [String])]
        if isWorkbook {
            (set, table) = try Self.workbook(path)
            sheet = ReturnColumn.sheet
        } else {
            (set, sheet) = (nil, "")
            table = try Self.delimited(bytes, path)
        }
        rows = try Self.rows(table, path)
    }

    // MARK: Workbooks

    private static func workbook(
        _ path: String
    ) throws(ReturnsError) -> (set: String?, table: [(number: Int, cells: [String])]) {
        do {
            let book = try Workbook(path: path)
            func place(_ name: String) -> Int? { book.sheets.firstIndex { $0.lowercased() == name.lowercased() } }
            guard let returns = place(ReturnColumn.sheet) else {
                throw ReturnsError(
                    .noReturnsSheet, "\(path): the workbook has no sheet \(ReturnColumn.sheet)",
                    hint: "give the workbook of a Group Manager's folder, with that sheet under its own name")
            }
            let cover = try place(ReturnColumn.coverSheet).map { try cells(of: book, $0) } ?? []
            let set = cover.first { $0.cells.first == ReturnColumn.setLabel }?.cells.dropFirst().first
            return (set, try cells(of: book, returns))
        } catch let error as ReturnsError {
            throw error
        } catch {
            throw ReturnsError(
                .notAReturn, "\(path): this is no workbook that can be read, or not a whole one",
                hint: "open it in a spreadsheet program, save it as .xlsx without a password and try again")
        }
    }

    /// The texts of a sheet, row by row, an empty one where a cell is.
    private static func cells(of book: Workbook, _ sheet: Int) throws -> [(number: Int, cells: [String])] {
        var found: [(number: Int, cells: [(column: Int, shared: Int, text: String)])] = []
        try book.readRows(ofSheet: sheet, columns: nil) { number, cells, row in
            let own = cells.filter { $0.column < mostColumns }.map {
                (column: $0.column, shared: $0.shared, text: String(decoding: $0.text(in: row), as: UTF8.self))
            }
            found.append((number, own))
            return found.count < mostRows
        }
        let wanted = Set(found.flatMap { $0.cells.map(\.shared) }.filter { $0 >= 0 })
        let texts = try book.sharedTexts(wanted)
        return found.map { number, cells in
            var row = [String](repeating: "", count: (cells.map(\.column).max() ?? -1) + 1)
            for cell in cells {
                row[cell.column] =
                    cell.shared < 0 ? cell.text : String(decoding: texts[cell.shared] ?? [], as: UTF8.self)
            }
            return (number, row)
        }
    }

    private static let mostColumns = 200
    private static let mostRows = 100_000

    // MARK: CSV

    private static func delimited(
        _ bytes: [UInt8], _ path: String
    ) throws(ReturnsError) -> [(number: Int, cells: [String])] {
        do {
            let dialect = try ExtractLook(bytes, isCut: false, file: path).dialect
            var text = dialect.encoding.text(of: bytes)
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
            guard let records = plainRecords(text, delimiter: dialect.delimiter) else { throw Unreadable() }
            return records.map { ($0.line, $0.fields) }
        } catch {
            throw ReturnsError(
                .notAReturn, "\(path): this is neither a workbook nor CSV",
                hint: "save the sheet \(ReturnColumn.sheet) as .xlsx or as CSV and try again")
        }
    }

    private struct Unreadable: Error {}

    // MARK: Rows

    private static func rows(
        _ table: [(number: Int, cells: [String])], _ path: String
    ) throws(ReturnsError) -> [Row] {
        let header = (table.first?.cells ?? []).map { plain($0).lowercased() }
        var places: [ReturnColumn: Int] = [:]
        for column in ReturnColumn.allCases {
            places[column] = header.firstIndex { $0 == column.heading.lowercased() || $0 == column.rawValue }
        }
        for column in ReturnColumn.keys where places[column] == nil {
            throw ReturnsError(
                .missingReturnColumn, "\(path): the header has no column \(column.heading)",
                hint: "rows are matched by \(ReturnColumn.keys.map(\.heading).joined(separator: ", ")); "
                    + "put the column back, with its heading in the first row")
        }
        return table.dropFirst().compactMap { number, cells in
            let own = places.compactMapValues { $0 < cells.count ? plain(cells[$0]) : nil }
            return own.values.allSatisfy(\.isEmpty) ? nil : Row(number: number, cells: own)
        }
    }

    /// A cell without blanks at its ends and the apostrophe that keeps a spreadsheet from running it.
    static func plain(_ text: String) -> String {
        let blanks: Set<Character> = [" ", "\u{A0}", "\t", "\r", "\n", "\r\n"]
        var text = Substring(text)
        while let first = text.first, blanks.contains(first) { text.removeFirst() }
        while let last = text.last, blanks.contains(last) { text.removeLast() }
        if text.first == "'", let second = text.dropFirst().first, "=+-@".contains(second) { text.removeFirst() }
        return String(text)
    }
}
