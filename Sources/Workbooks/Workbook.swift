import StructuredText
import WorkingCalendar

/// A workbook in the format of Office Open XML (ECMA-376), read as streams.
///
/// Only what is asked for is kept: cells of the wanted columns, and of the shared texts those that the cells
/// point to.
public final class Workbook {
    /// The names of its sheets, in their order.
    public let sheets: [String]
    private let parts: PackedParts
    private let paths: [String]
    private let styles: CellStyles
    private let countsFrom1904: Bool

    /// A cell of a row that is being read.
    public struct Cell: Sendable, BitwiseCopyable {
        /// Counted from 0.
        public var column: Int
        /// The number of its text among the shared ones; -1 where it has a text of its own.
        public var shared: Int
        fileprivate var start: Int
        fileprivate var end: Int

        /// The place of its own text in the row's; dates are `yyyy-mm-dd`.
        public var range: Range<Int> { start..<end }

        /// Its own text.
        public func text(in row: [UInt8]) -> ArraySlice<UInt8> { row[start..<end] }
    }

    /// Takes the number of a row, counted from 1, its cells and their texts; says whether to go on.
    public typealias RowTaker = (Int, [Cell], [UInt8]) -> Bool

    /// Opens a workbook and reads what it says of its sheets.
    ///
    /// - Throws: ``WorkbookError``.
    public init(path: String) throws(WorkbookError) {
        parts = try PackedParts(path)
        guard parts.contains("xl/workbook.xml") else { throw .damaged }
        guard !parts.names.contains(where: { $0.hasPrefix("xl/externalLinks/") }) else { throw .externalLinks }
        let book = BookVisitor()
        try parts.read("xl/workbook.xml", book.reader)
        let relations = RelationVisitor()
        try parts.read("xl/_rels/workbook.xml.rels", relations.reader)
        let found = book.sheets.compactMap { sheet in
            relations.targets[sheet.relation].map { (sheet.name, Self.resolved($0)) }
        }
        sheets = found.map(\.0)
        paths = found.map(\.1)
        countsFrom1904 = book.countsFrom1904
        let styles = StyleVisitor()
        if parts.contains("xl/styles.xml") { try parts.read("xl/styles.xml", styles.reader) }
        self.styles = styles.styles
    }

    /// The path of a part that the workbook points to.
    private static func resolved(_ target: String) -> String {
        target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }

    /// Reads the rows of a sheet.
    ///
    /// - Parameters:
    ///   - sheet: Its place among ``sheets``.
    ///   - columns: Which columns are kept, counted from 0; `nil` for all.
    ///   - body: Called for each row that holds anything in them.
    /// - Throws: ``WorkbookError``.
    public func readRows(
        ofSheet sheet: Int, columns: Set<Int>?, _ body: @escaping RowTaker
    ) throws(WorkbookError) {
        let visitor = SheetVisitor(columns, styles, countsFrom1904: countsFrom1904, body)
        try parts.read(paths[sheet], visitor.reader)
    }

    /// Reads the shared texts of some numbers; those over 4,096 bytes are cut off.
    ///
    /// - Throws: ``WorkbookError``.
    public func sharedTexts(_ wanted: Set<Int>) throws(WorkbookError) -> [Int: ContiguousArray<UInt8>] {
        guard !wanted.isEmpty, parts.contains("xl/sharedStrings.xml") else { return [:] }
        let visitor = SharedTextVisitor(wanted)
        try parts.read("xl/sharedStrings.xml", visitor.reader)
        return visitor.texts
    }
}

// MARK: Parts

/// `xl/workbook.xml`: the sheets, and how days are counted.
private final class BookVisitor: XMLVisitor {
    private(set) var sheets: [(name: String, relation: String)] = []
    private(set) var countsFrom1904 = false
    private(set) lazy var reader = XMLReader(names: ["sheet", "workbookPr"], visitor: self)

    func begin(_ element: Int, _ attributes: XMLAttributes) {
        if element == 1 {
            countsFrom1904 = ["1", "true"].contains(attributes["date1904"] ?? "")
        } else if sheets.count < 1000, let name = attributes["name"], let relation = attributes["id"] {
            sheets.append((name, relation))
        }
    }

    func end(_ element: Int, text: borrowing [UInt8]) {}
}

/// `xl/_rels/workbook.xml.rels`: where the sheets are.
private final class RelationVisitor: XMLVisitor {
    private(set) var targets: [String: String] = [:]
    private(set) lazy var reader = XMLReader(names: ["Relationship"], visitor: self)

    func begin(_ element: Int, _ attributes: XMLAttributes) {
        guard let id = attributes["Id"], let target = attributes["Target"] else { return }
        targets[id] = target
    }

    func end(_ element: Int, text: borrowing [UInt8]) {}
}

/// `xl/sharedStrings.xml`: the texts of cells, each once.
private final class SharedTextVisitor: XMLVisitor {
    private let wanted: Set<Int>
    private let last: Int
    private(set) var texts: [Int: ContiguousArray<UInt8>] = [:]
    private var number = -1
    private var isPhonetic = false
    private(set) lazy var reader = XMLReader(names: ["si", "t", "rPh"], visitor: self)

    init(_ wanted: Set<Int>) {
        self.wanted = wanted
        last = wanted.max() ?? -1
    }

    func begin(_ element: Int, _ attributes: XMLAttributes) {
        if element == 0 { number += 1 }
        if number > last { reader.stop() }
        if element == 2 { isPhonetic = true }
    }

    func end(_ element: Int, text: borrowing [UInt8]) {
        if element == 2 { isPhonetic = false }
        guard element == 1, !isPhonetic, wanted.contains(number) else { return }
        let room = max(0, 4096 - (texts[number]?.count ?? 0))
        for index in 0..<min(room, text.count) { texts[number, default: []].append(text[index]) }
    }
}

/// A sheet: its rows, of each the wanted cells.
private final class SheetVisitor: XMLVisitor {
    /// For each column whether it is wanted; all are where it is `nil`.
    private let columns: [Bool]?
    private let styles: CellStyles
    private let countsFrom1904: Bool
    private let body: Workbook.RowTaker
    // One parser calls, so that no two accesses can overlap.
    @exclusivity(unchecked) private var row = 0
    @exclusivity(unchecked) private var cells: [Workbook.Cell] = []
    @exclusivity(unchecked) private var rowText: [UInt8] = []
    @exclusivity(unchecked) private var column = -1
    @exclusivity(unchecked) private var type: CellType = .number
    @exclusivity(unchecked) private var isDate = false
    /// Where the text of a cell in the sheet itself begins; it may come in several runs.
    @exclusivity(unchecked) private var inlineStart = 0
    private(set) lazy var reader = XMLReader(names: ["c", "v", "row", "t"], visitor: self)

    private enum CellType { case number, shared, flag, error, text }

    init(
        _ columns: Set<Int>?, _ styles: CellStyles, countsFrom1904: Bool, _ body: @escaping Workbook.RowTaker
    ) {
        self.columns = columns.map { wanted in (0...(wanted.max() ?? 0)).map(wanted.contains) }
        self.styles = styles
        self.countsFrom1904 = countsFrom1904
        self.body = body
    }

    func begin(_ element: Int, _ attributes: XMLAttributes) {
        switch element {
        case 0:
            column = attributes.bytes("r").flatMap(Self.column) ?? column + 1
            guard isWanted else { return }
            type = attributes.bytes("t").map(Self.type) ?? .number
            isDate = attributes.bytes("s").flatMap(Self.number).map(styles.isDate) ?? false
            inlineStart = rowText.count
        case 2:
            row = attributes.bytes("r").flatMap(Self.number) ?? row + 1
            column = -1
            cells.removeAll(keepingCapacity: true)
            rowText.removeAll(keepingCapacity: true)
        default: break
        }
    }

    func end(_ element: Int, text: borrowing [UInt8]) {
        switch element {
        case 0:
            if isWanted, type == .text, rowText.count > inlineStart { addCell(from: inlineStart) }
        case 1: if isWanted { takeValue(text) }
        case 2: if !cells.isEmpty, !body(row, cells, rowText) { reader.stop() }
        case 3:
            // A text in the sheet itself; more than is kept of any.
            if isWanted, type == .text, rowText.count - inlineStart < 4096 { append(text) }
        default: break
        }
    }

    /// Whether the cell is one of those that are kept; a value outside every cell has no column.
    private var isWanted: Bool {
        guard let columns else { return 0..<16_384 ~= column }
        return columns.indices.contains(column) && columns[column]
    }

    private func addCell(from start: Int) {
        cells.append(Workbook.Cell(column: column, shared: -1, start: start, end: rowText.count))
    }

    private func append(_ text: borrowing [UInt8]) {
        for index in 0..<text.count { rowText.append(text[index]) }
    }

    private func takeValue(_ text: borrowing [UInt8]) {
        let start = rowText.count
        switch type {
        case .shared:
            guard let number = Self.wholeNumber(text) else { return }
            cells.append(Workbook.Cell(column: column, shared: number, start: 0, end: 0))
            return
        case .flag: rowText.append(contentsOf: (text.first == UInt8(ascii: "1") ? "true" : "false").utf8)
        // Whatever went wrong in the sheet, the cell has no value.
        case .error: rowText.append(contentsOf: "#N/A".utf8)
        case .text:
            append(text)
            inlineStart = rowText.count
        case .number: takeNumber(text)
        }
        addCell(from: start)
    }

    /// A number as it is read everywhere else: a whole one without a fraction, a date as one.
    private func takeNumber(_ text: borrowing [UInt8]) {
        if !isDate, let whole = Self.wholeNumber(text), text.count < 15 {
            rowText.append(contentsOf: String(whole).utf8)
            return
        }
        let string = String(decoding: copy text, as: UTF8.self)
        guard let number = Double(string), number.magnitude < 1e15 else { return append(text) }
        let whole = number.rounded(.down)
        if isDate, 1..<2_958_466 ~= whole {
            // Days are counted from 1899-12-30 (which is right from 1 March 1900 on), or from 1904-01-01.
            // Before that, spreadsheets count a 29 February 1900 that never was.
            let early: Int32 = !countsFrom1904 && whole < 60 ? 1 : 0
            let date = CivilDate(daysSinceEpoch: Int32(whole) + early - (countsFrom1904 ? 24_107 : 25_569))
            rowText.append(contentsOf: date.description.utf8)
        } else {
            rowText.append(contentsOf: (number == whole ? String(Int(whole)) : string).utf8)
        }
    }

    // MARK: Reading bytes

    private static func wholeNumber(_ text: borrowing [UInt8]) -> Int? {
        guard 1...15 ~= text.count else { return nil }
        var value = 0
        for index in 0..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func number(_ text: UnsafePointer<CChar>) -> Int? {
        var value = 0
        var place = text
        while place.pointee != 0 {
            let digit = UInt8(bitPattern: place.pointee) &- UInt8(ascii: "0")
            guard digit <= 9, value < 100_000_000 else { return nil }
            value = value * 10 + Int(digit)
            place += 1
        }
        return place == text ? nil : value
    }

    private static func type(_ text: UnsafePointer<CChar>) -> CellType {
        switch (UInt8(bitPattern: text[0]), text[0] == 0 ? 0 : text[1]) {
        case (UInt8(ascii: "s"), 0): .shared
        case (UInt8(ascii: "b"), 0): .flag
        case (UInt8(ascii: "e"), 0): .error
        case (UInt8(ascii: "n"), 0): .number
        default: .text
        }
    }

    /// The column of a cell's name, such as 27 of `AB12`; `nil` where it has no letters.
    private static func column(_ name: UnsafePointer<CChar>) -> Int? {
        var column = 0
        var place = name
        while case let letter = UInt8(bitPattern: place.pointee), UInt8(ascii: "A")...UInt8(ascii: "Z") ~= letter {
            column = column * 26 + Int(letter - UInt8(ascii: "A")) + 1
            guard column <= 16_384 else { return nil }
            place += 1
        }
        return column == 0 ? nil : column - 1
    }
}
