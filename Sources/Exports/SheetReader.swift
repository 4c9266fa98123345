import Columnar
public import DelimitedText
import Workbooks

/// Reads mapped sheets of one workbook.
///
/// A sheet's mapped cells are kept as they stand until it is known which shared texts they point to: so only
/// those texts come into memory, and none of a column that is not read.
public final class SheetReader {
    private let path: String
    private let workbook: Workbook
    /// The header of each sheet that was looked at, by sheet and mapping.
    private var headers: [String: (row: Int, names: [String])] = [:]

    /// The names of the workbook's sheets.
    public var sheets: [String] { workbook.sheets }

    /// Opens a workbook.
    ///
    /// - Throws: ``ExportError``.
    public init(path: String) throws(ExportError) {
        self.path = path
        do throws(WorkbookError) {
            workbook = try Workbook(path: path)
        } catch {
            throw ExportError.workbook(error, path)
        }
    }

    /// Whether a sheet has the columns of the child and of a date of a mapping.
    ///
    /// - Throws: ``ExportError``.
    public func fits(_ sheet: String, _ mapping: TableMapping) throws(ExportError) -> Bool {
        try header(of: sheet, mapping) != nil
    }

    /// Whether nothing stands in a sheet.
    ///
    /// - Throws: ``ExportError``.
    public func isBlank(_ sheet: String) throws(ExportError) -> Bool {
        var hasCells = false
        try rows(of: sheet, nil) { _, cells, _ in
            hasCells = hasCells || !cells.isEmpty
            return !hasCells
        }
        return !hasCells
    }

    /// The reader of a sheet's rows as delimited text, the mapping's columns alone filled in.
    func open(
        _ source: ExportSource, _ mapping: TableMapping, _ observe: (@Sendable (RawSpan) -> Void)?
    ) throws(ExportError) -> any PieceReader {
        guard let header = try header(of: source.part, mapping) else {
            throw ExportError(
                .missingColumn, file: source.name, line: 1, column: mapping.cells[.child]?.columns.first ?? "",
                message: "no row near the top of the sheet has the column",
                hint: "look at the columns with `cards inspect`, and correct the mapping")
        }
        let bound = try MappedTable(mapping, header: header.names, file: source.name)
        var kept = KeptCells()
        try rows(of: source.part, Set(bound.columns)) { row, cells, text in
            if row > header.row { kept.add(row, cells, text) }
            return true
        }
        let texts = try sharedTexts(kept.shared)
        let file = try FileBytes(path, observe)
        try file.readOn()
        return KeptCellsReader(kept, texts, header: header.names, size: file.size)
    }

    /// The row with the headings of a mapping, and all its names; `nil` where there is none near the top.
    private func header(
        of sheet: String, _ mapping: TableMapping
    ) throws(ExportError) -> (row: Int, names: [String])? {
        let key = "\(sheet)/\(mapping.names.first ?? "")"
        if let known = headers[key] { return known }
        var top: [(row: Int, cells: [Workbook.Cell], text: [UInt8])] = []
        try rows(of: sheet, nil) { row, cells, text in
            top.append((row, cells, text))
            return top.count < Heading.mostAbove
        }
        let texts = try sharedTexts(Set(top.flatMap(\.cells).map(\.shared).filter { $0 >= 0 }))
        for (row, cells, text) in top {
            var names = [String](repeating: "", count: (cells.map(\.column).max() ?? 0) + 1)
            for cell in cells {
                let own = cell.shared < 0 ? ContiguousArray(cell.text(in: text)) : texts[cell.shared] ?? []
                names[cell.column] = String(decoding: own, as: UTF8.self)
            }
            if mapping.hasHeadings(names) {
                headers[key] = (row, names)
                return (row, names)
            }
        }
        return nil
    }

    private func rows(
        of sheet: String, _ columns: Set<Int>?, _ body: @escaping Workbook.RowTaker
    ) throws(ExportError) {
        guard let place = sheets.firstIndex(of: sheet) else { return }
        do throws(WorkbookError) {
            try workbook.readRows(ofSheet: place, columns: columns, body)
        } catch {
            throw ExportError.workbook(error, path)
        }
    }

    private func sharedTexts(_ wanted: Set<Int>) throws(ExportError) -> [Int: ContiguousArray<UInt8>] {
        do throws(WorkbookError) {
            return try workbook.sharedTexts(wanted)
        } catch {
            throw ExportError.workbook(error, path)
        }
    }
}

/// The mapped cells of a sheet, their texts one after the other.
private struct KeptCells: Sendable {
    private(set) var cells: ContiguousArray<Workbook.Cell> = []
    private(set) var text: ContiguousArray<UInt8> = []
    /// The number of each row, and where its cells and texts begin.
    private(set) var rows: ContiguousArray<(number: Int, cell: Int, text: Int)> = []
    /// The numbers of the shared texts that they point to.
    private(set) var shared: Set<Int> = []

    mutating func add(_ row: Int, _ cells: [Workbook.Cell], _ text: [UInt8]) {
        rows.append((row, self.cells.count, self.text.count))
        self.cells.append(contentsOf: cells)
        self.text.append(contentsOf: text)
        for cell in cells where cell.shared >= 0 { shared.insert(cell.shared) }
    }
}

/// Hands out the rows of a sheet as delimited text, piece by piece.
private final class KeptCellsReader: PieceReader, @unchecked Sendable {
    private let kept: KeptCells
    private let texts: [Int: ContiguousArray<UInt8>]
    private let header: [String]
    private var next = 0
    private var isFirst = true
    let size: Int

    init(_ kept: KeptCells, _ texts: [Int: ContiguousArray<UInt8>], header: [String], size: Int) {
        self.kept = kept
        self.texts = texts
        self.header = header
        self.size = size
    }

    var position: Int { kept.rows.isEmpty ? size : size / max(kept.rows.count, 1) * next }
    var endsWithinLine: Bool { false }

    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece? {
        guard isFirst || next < kept.rows.count else { return nil }
        var piece = TablePiece(width: header.count)
        if isFirst { piece.addHeader(header) }
        isFirst = false
        var values = [ArraySlice<UInt8>](repeating: [], count: header.count)
        while next < kept.rows.count, piece.count < 1 << 20 {
            let row = kept.rows[next]
            let end = next + 1 < kept.rows.count ? kept.rows[next + 1].cell : kept.cells.count
            for index in row.cell..<end {
                let cell = kept.cells[index]
                guard cell.column < values.count else { continue }
                values[cell.column] =
                    cell.shared >= 0
                    ? ArraySlice(texts[cell.shared] ?? [])
                    : kept.text[row.text + cell.range.lowerBound..<row.text + cell.range.upperBound]
            }
            piece.add(values, line: row.number)
            for index in row.cell..<end where kept.cells[index].column < values.count {
                values[kept.cells[index].column] = []
            }
            next += 1
        }
        return piece.finish()
    }
}

/// Some rows of a table that is no text, written as delimited text with the line of each.
struct TablePiece {
    private let width: Int
    private var bytes: ContiguousArray<UInt8> = []
    private var lines: ContiguousArray<UInt32> = []
    private var hasQuotes = false

    init(width: Int) { self.width = width }

    /// The number of bytes.
    var count: Int { bytes.count }

    mutating func addHeader(_ header: [String]) { add(header.map { ArraySlice($0.utf8) }, line: 1) }

    /// Adds a row of a line, counted from 1.
    mutating func add(_ cells: [ArraySlice<UInt8>], line: Int) {
        for cell in cells { append(cell) }
        if cells.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes[bytes.count - 1] = UInt8(ascii: "\n")
        lines.append(UInt32(truncatingIfNeeded: max(line, 1) - 1))
    }

    private mutating func append(_ cell: ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "\"")
        if cell.contains(where: { $0 == UInt8(ascii: ",") || $0 == quote || $0 == 10 || $0 == 13 }) {
            hasQuotes = true
            bytes.append(quote)
            for byte in cell {
                if byte == quote { bytes.append(quote) }
                bytes.append(byte)
            }
            bytes.append(quote)
        } else {
            bytes.append(contentsOf: cell)
        }
        bytes.append(UInt8(ascii: ","))
    }

    /// The rows as a piece of a source.
    consuming func finish() -> Piece {
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 64))
        return .text(TextBlock(records: bytes, count: count, hasQuotes: hasQuotes), lines: lines)
    }
}

/// Hands out pieces that are in memory.
final class PiecesReader: PieceReader, @unchecked Sendable {
    private var pieces: ArraySlice<Piece>
    let size: Int

    init(_ pieces: [Piece], size: Int) {
        self.pieces = pieces[...]
        self.size = size
    }

    var position: Int { size }
    var endsWithinLine: Bool { false }

    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece? { pieces.popFirst() }
}

extension ExportError {
    static func workbook(_ error: WorkbookError, _ file: String) -> ExportError {
        switch error {
        case .cannotOpen:
            ExportError(
                .cannotRead, file: file, message: "the file cannot be opened", hint: "check that you may read it")
        case .damaged:
            ExportError(
                .notWorkbook, file: file, message: "this is no workbook, or not a whole one",
                hint: "copy it again; save a file with a password, or one that ends in .xls, as .xlsx without one")
        case .bomb:
            ExportError(
                .refusedContent, file: file, message: "the workbook unpacks to far more than any workbook holds",
                hint: "find out where this file comes from")
        case .externalLinks:
            ExportError(
                .refusedContent, file: file, message: "the workbook takes values from other files",
                hint: "break its links (Data, Edit Links), save it and try again")
        case .malformed(let part, let line):
            ExportError(
                .notWorkbook, file: file, message: "\(part) in the workbook is not well formed, in its line \(line)",
                hint: "open it in a spreadsheet program, save it and try again")
        }
    }
}
