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

    /// What a cell holds.
    public enum Value: Sendable, Hashable {
        /// The text of this number among the shared ones.
        case shared(Int)
        /// A text or number as it stands; dates are `yyyy-mm-dd`.
        case text(ContiguousArray<UInt8>)
    }

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
    ///   - body: Called with the number of each row that holds anything, counted from 1, and its cells; says
    ///     whether to go on.
    /// - Throws: ``WorkbookError``.
    public func readRows(
        ofSheet sheet: Int, columns: Set<Int>?, _ body: @escaping (Int, [Int: Value]) -> Bool
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

    func begin(_ element: Int, _ attributes: XMLAttributes, line: Int) {
        if element == 1 {
            countsFrom1904 = ["1", "true"].contains(attributes["date1904"] ?? "")
        } else if sheets.count < 1000, let name = attributes["name"], let relation = attributes["id"] {
            sheets.append((name, relation))
        }
    }

    func end(_ element: Int, text: ArraySlice<UInt8>, line: Int) {}
}

/// `xl/_rels/workbook.xml.rels`: where the sheets are.
private final class RelationVisitor: XMLVisitor {
    private(set) var targets: [String: String] = [:]
    private(set) lazy var reader = XMLReader(names: ["Relationship"], visitor: self)

    func begin(_ element: Int, _ attributes: XMLAttributes, line: Int) {
        guard let id = attributes["Id"], let target = attributes["Target"] else { return }
        targets[id] = target
    }

    func end(_ element: Int, text: ArraySlice<UInt8>, line: Int) {}
}

/// `xl/sharedStrings.xml`: the texts of cells, each once.
private final class SharedTextVisitor: XMLVisitor {
    private let wanted: Set<Int>
    private(set) var texts: [Int: ContiguousArray<UInt8>] = [:]
    private var number = -1
    private var isPhonetic = false
    private(set) lazy var reader = XMLReader(names: ["si", "t", "rPh"], visitor: self)

    init(_ wanted: Set<Int>) { self.wanted = wanted }

    func begin(_ element: Int, _ attributes: XMLAttributes, line: Int) {
        if element == 0 { number += 1 }
        if element == 2 { isPhonetic = true }
    }

    func end(_ element: Int, text: ArraySlice<UInt8>, line: Int) {
        if element == 2 { isPhonetic = false }
        guard element == 1, !isPhonetic, wanted.contains(number) else { return }
        texts[number, default: []].append(contentsOf: text.prefix(max(0, 4096 - (texts[number]?.count ?? 0))))
    }
}

/// A sheet: its rows, of each the wanted cells.
private final class SheetVisitor: XMLVisitor {
    private let columns: Set<Int>?
    private let styles: CellStyles
    private let countsFrom1904: Bool
    private let body: (Int, [Int: Workbook.Value]) -> Bool
    private var row = 0
    private var cells: [Int: Workbook.Value] = [:]
    private var column = -1
    private var type = ""
    private var isDate = false
    private var inline: ContiguousArray<UInt8> = []
    private(set) lazy var reader = XMLReader(names: ["row", "c", "v", "t"], visitor: self)

    init(
        _ columns: Set<Int>?, _ styles: CellStyles, countsFrom1904: Bool,
        _ body: @escaping (Int, [Int: Workbook.Value]) -> Bool
    ) {
        self.columns = columns
        self.styles = styles
        self.countsFrom1904 = countsFrom1904
        self.body = body
    }

    func begin(_ element: Int, _ attributes: XMLAttributes, line: Int) {
        switch element {
        case 0:
            row = attributes["r"].flatMap { Int($0) } ?? row + 1
            column = -1
            cells.removeAll(keepingCapacity: true)
        case 1:
            column = attributes["r"].flatMap(Self.column) ?? column + 1
            type = attributes["t"] ?? "n"
            isDate = attributes["s"].flatMap { Int($0) }.map(styles.isDate) ?? false
            inline = []
        default: break
        }
    }

    func end(_ element: Int, text: ArraySlice<UInt8>, line: Int) {
        switch element {
        case 0: if !cells.isEmpty, !body(row, cells) { reader.stop() }
        case 1: if !inline.isEmpty, isWanted { cells[column] = .text(inline) }
        case 2: if isWanted, let value = value(text) { cells[column] = value }
        case 3: if isWanted { inline.append(contentsOf: text.prefix(max(0, 4096 - inline.count))) }
        default: break
        }
    }

    private var isWanted: Bool { columns?.contains(column) ?? (column < 16_384) }

    private func value(_ text: ArraySlice<UInt8>) -> Workbook.Value? {
        switch type {
        case "s": return Int(String(decoding: text, as: UTF8.self)).map { .shared($0) }
        case "b": return .text(ContiguousArray((text.first == UInt8(ascii: "1") ? "true" : "false").utf8))
        // Whatever went wrong in the sheet, the cell has no value.
        case "e": return .text(ContiguousArray("#N/A".utf8))
        case "n": return .text(ContiguousArray(number(String(decoding: text, as: UTF8.self)).utf8))
        default: return .text(ContiguousArray(text))
        }
    }

    /// A number as it is read everywhere else: a whole one without a fraction, a date as one.
    private func number(_ text: String) -> String {
        guard let number = Double(text), number.magnitude < 1e15 else { return text }
        let whole = number.rounded(.down)
        if isDate, 1..<2_958_466 ~= whole {
            // Days are counted from 1899-12-30 (which is right from 1 March 1900 on), or from 1904-01-01.
            return "\(CivilDate(daysSinceEpoch: Int32(whole) - (countsFrom1904 ? 24_107 : 25_569)))"
        }
        return number == whole ? String(Int(whole)) : text
    }

    /// The column of a cell's name, such as 27 of `AB12`; `nil` where it has no letters.
    private static func column(_ name: String) -> Int? {
        var column = 0
        for byte in name.utf8 {
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { break }
            column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
            guard column <= 16_384 else { return nil }
        }
        return column == 0 ? nil : column - 1
    }
}
