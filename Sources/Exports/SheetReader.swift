import Columnar
public import DelimitedText
import Workbooks

/// Reads mapped sheets of one workbook.
///
/// A sheet is gone through three times: for its header, for the numbers of the shared texts that its mapped
/// columns use, and for its rows. So only those texts come into memory, and none of a column that is not read.
public final class SheetReader {
    private let path: String
    private let workbook: Workbook

    /// The names of the workbook's sheets.
    public var sheets: [String] { workbook.sheets }

    /// How many rows may stand above the header.
    private static let titleRows = 30

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
        let columns = Set(bound.columns)
        var wanted: Set<Int> = []
        try rows(of: source.part, columns) { _, cells in
            for case .shared(let number) in cells.values { wanted.insert(number) }
            return true
        }
        let texts = try sharedTexts(wanted)
        var pieces = TablePieces(header: header.names)
        try rows(of: source.part, columns) { row, cells in
            guard row > header.row else { return true }
            pieces.add(line: row) { column in cells[column].map { Self.text($0, texts) } ?? [] }
            return true
        }
        let file = try FileBytes(path, observe)
        try file.readOn()
        return PiecesReader(pieces.finish(), size: file.size)
    }

    private static func text(
        _ value: Workbook.Value, _ texts: [Int: ContiguousArray<UInt8>]
    ) -> ContiguousArray<UInt8> {
        switch value {
        case .shared(let number): texts[number] ?? []
        case .text(let text): text
        }
    }

    /// The row with the headings of a mapping, and all its names; `nil` where there is none near the top.
    private func header(of sheet: String, _ mapping: TableMapping) throws(ExportError) -> (row: Int, names: [String])? {
        let needed = Set((mapping.cells[.child]?.columns ?? []).map(Heading.normal))
        let dates = Set(mapping.events.flatMap(\.dates).flatMap(\.columns).map(Heading.normal))
        var top: [(row: Int, cells: [Int: Workbook.Value])] = []
        try rows(of: sheet, nil) { row, cells in
            top.append((row, cells))
            return top.count < Self.titleRows
        }
        for (row, cells) in top {
            var wanted: Set<Int> = []
            for case .shared(let number) in cells.values { wanted.insert(number) }
            let texts = try sharedTexts(wanted)
            var names = [String](repeating: "", count: (cells.keys.max() ?? 0) + 1)
            for (column, value) in cells { names[column] = String(decoding: Self.text(value, texts), as: UTF8.self) }
            let headings = Set(names.map(Heading.normal))
            if !headings.isDisjoint(with: needed), !headings.isDisjoint(with: dates) { return (row, names) }
        }
        return nil
    }

    private func rows(
        of sheet: String, _ columns: Set<Int>?, _ body: @escaping (Int, [Int: Workbook.Value]) -> Bool
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

/// Rows of a table that is no text, written as delimited text with the line of each.
struct TablePieces {
    private let header: [String]
    private var bytes: ContiguousArray<UInt8> = []
    private var lines: ContiguousArray<UInt32> = []
    private var hasQuotes = false
    private var pieces: [Piece] = []

    init(header: [String]) {
        self.header = header
        for name in header { append(ContiguousArray(name.utf8)[...]) }
        endRow(line: 0)
    }

    /// Adds a row of a line, counted from 1, cell by cell.
    mutating func add(line: Int, _ cell: (Int) -> ContiguousArray<UInt8>) {
        for column in header.indices { append(cell(column)[...]) }
        endRow(line: UInt32(truncatingIfNeeded: max(line, 1) - 1))
        if bytes.count > 1 << 20 { takePiece() }
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

    private mutating func endRow(line: UInt32) {
        bytes[bytes.count - 1] = UInt8(ascii: "\n")
        lines.append(line)
    }

    private mutating func takePiece() {
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 64))
        pieces.append(.text(TextBlock(records: bytes, count: count, hasQuotes: hasQuotes), lines: lines))
        (bytes, lines, hasQuotes) = ([], [], false)
    }

    /// All pieces, the last one perhaps short.
    consuming func finish() -> [Piece] {
        if !lines.isEmpty { takePiece() }
        return pieces
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
