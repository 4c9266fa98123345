import CaseEvents
public import DelimitedText

/// What a file of delimited text looks like: its dialect, its columns, and how they write dates.
///
/// Values are looked at and not kept: of each column there are only counts, and the shapes of a few cells, in
/// which every letter is an `a` and every digit a `9`.
public struct ExtractLook: Sendable {
    /// What most of a column's values are.
    public enum Kind: Sendable, Hashable {
        case empty
        /// A date; the ways in which it is written, the most frequent first.
        case date([DateForm])
        /// References: digits, or letters and digits without blanks, many different ones.
        case id
        /// A few short values that come again and again.
        case code
        case number
        case text

        var isDate: Bool { if case .date = self { true } else { false } }
    }

    public struct Column: Sendable {
        public var name: String
        public var kind: Kind
        /// Up to three shapes of its values, the most frequent first.
        public var shapes: [String]
        public var filled: Int
    }

    public var dialect: Dialect
    public var hasMark: Bool
    public var columns: [Column]
    /// The line of the headings, counted from 1: above it may stand a title, or what a program said.
    public var headingLine: Int
    /// Whether a heading is a date, as where a file has none and begins with its first record.
    public var hasDateAsHeading: Bool
    /// The records, without headings in mid-file, totals and short lines, as far as they were looked at.
    public var records: Int
    /// Lines with fewer fields than the headings: a note or a count below a list.
    public var shortLines: Int
    public var repeatedHeaders: Int
    public var totals: Int
    /// The line of a quote in the wrong place, for which reading refuses the file.
    public var strayQuoteLine: Int?
    /// Whether more of the file is there than was looked at.
    public var isCut: Bool

    /// How many bytes are looked at.
    public static let most = 4 << 20

    /// Looks at the beginning of a file; the rest is cut off where it `isCut`.
    ///
    /// - Throws: ``ExportError`` where it is empty or no text.
    public init(_ bytes: [UInt8], isCut: Bool, file: String) throws(ExportError) {
        self.isCut = isCut
        (dialect, hasMark) = Self.encoding(of: bytes, isCut: isCut)
        var text = dialect.encoding.text(of: bytes)
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        guard !text.contains(0) else {
            throw ExportError(
                .notText, file: file, message: "this is not a text file",
                hint: "for workbooks and databases no mapping is needed; `cards check` reads them")
        }
        // The last line may be cut in two.
        if isCut, let end = text.lastIndex(of: UInt8(ascii: "\n")) { text.removeSubrange((end + 1)...) }
        guard !Heading.hasLoneReturns(text) else { throw ExportError.carriageReturns(file) }
        dialect.delimiter = Self.delimiter(of: text)
        guard let all = plainRecords(text, delimiter: dialect.delimiter) ?? Self.unquoted(text, dialect.delimiter),
            let top = Self.headings(among: all)
        else {
            throw ExportError(
                .emptyFile, file: file, message: "the file is empty",
                hint: "check that the export finished; even an export without rows has a header")
        }
        let header = all[top].fields
        headingLine = all[top].line
        let width = (header.lastIndex { !$0.trimmingBlanks().isEmpty } ?? -1) + 1
        let names = header.prefix(width).map { $0.trimmingBlanks() }
        hasDateAsHeading = names.contains(where: ColumnLook.isDate)
        (records, repeatedHeaders, totals, shortLines) = (0, 0, 0, 0)
        var rows: [[String]] = []
        let normal = names.map(Heading.normal)
        for record in all.dropFirst(top + 1) {
            let cells = record.fields.prefix(width).map { $0.trimmingBlanks() }
            let first = cells.first { !$0.isEmpty }?.lowercased() ?? ""
            if cells.allSatisfy({ $0.allSatisfy { $0 == "-" } }) {
                continue
            } else if cells.map(Heading.normal) == normal {
                repeatedHeaders += 1
            } else if first.hasPrefix("total") || first.hasPrefix("grand total") {
                totals += 1
            } else if cells.count < width {
                shortLines += 1
            } else {
                rows.append(cells)
            }
        }
        let dates = Self.columns(names, rows).enumerated().filter { $1.kind.isDate }.map(\.offset)
        // A note or a sum under a list has hardly a cell, and none of a day.
        let notes = rows.count { Self.isNote($0, dates) }
        if notes > 0 { rows.removeAll { Self.isNote($0, dates) } }
        shortLines += notes
        records = rows.count
        columns = Self.columns(names, rows)
        strayQuoteLine = Self.strayQuoteLine(text, dialect.delimiter)
    }

    private static func isNote(_ cells: [String], _ dates: [Int]) -> Bool {
        guard cells.count > 2, !dates.isEmpty, dates.allSatisfy({ cells[$0].isEmpty }) else { return false }
        return cells.count { !$0.isEmpty } <= max(1, cells.count / 4)
    }

    private static func columns(_ names: [String], _ rows: [[String]]) -> [Column] {
        names.enumerated().map { place, name in
            var look = ColumnLook()
            for row in rows { look.add(row[place]) }
            return Column(name: name, kind: look.kind(under: name), shapes: look.topShapes, filled: look.filled)
        }
    }

    /// The line of the first quote that RFC 4180 does not allow where it stands; `nil` where there is none.
    private static func strayQuoteLine(_ text: ContiguousArray<UInt8>, _ delimiter: UInt8) -> Int? {
        let ends = [delimiter, UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        let quote = UInt8(ascii: "\"")
        var (line, place, isAtStart) = (1, 0, true)
        while place < text.count {
            if text[place] == quote {
                guard isAtStart else { return line }
                place += 1
                // To the quote that is not doubled.
                while place < text.count, text[place] != quote || (place + 1 < text.count && text[place + 1] == quote) {
                    if text[place] == UInt8(ascii: "\n") { line += 1 }
                    place += text[place] == quote ? 2 : 1
                }
                place += 1
                guard place >= text.count || ends.contains(text[place]) else { return line }
                isAtStart = false
                continue
            }
            isAtStart = ends.contains(text[place])
            if text[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
        return nil
    }

    // MARK: Dialect

    private static func encoding(of bytes: [UInt8], isCut: Bool) -> (Dialect, hasMark: Bool) {
        if bytes.starts(with: [0xFF, 0xFE]) { return (Dialect(encoding: .utf16LittleEndian), true) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (Dialect(encoding: .utf16BigEndian), true) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (Dialect(), true) }
        if bytes.count >= 4, bytes[1] == 0, bytes[3] == 0 { return (Dialect(encoding: .utf16LittleEndian), false) }
        if bytes.count >= 4, bytes[0] == 0, bytes[2] == 0 { return (Dialect(encoding: .utf16BigEndian), false) }
        // A character of several bytes may be cut at the end.
        let whole = isCut ? bytes.dropLast(bytes.reversed().prefix(4).prefix { $0 >= 0x80 }.count) : bytes[...]
        return (Dialect(encoding: String(validating: whole, as: UTF8.self) == nil ? .windows1252 : .utf8), false)
    }

    /// The separator that stands equally often in most of the first lines, outside quotes, or is declared there.
    private static func delimiter(of text: ContiguousArray<UInt8>) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
        // Excel's own first line.
        let declared = text.prefix(5)
        if declared.starts(with: Array("sep=".utf8)), let last = declared.last, candidates.contains(last) {
            return last
        }
        var counts: [[Int: Int]] = candidates.map { _ in [:] }
        var line = [Int](repeating: 0, count: candidates.count)
        var isQuoted = false
        var lines = 0
        for byte in text + [UInt8(ascii: "\n")] where lines < Heading.mostAbove {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if let place = candidates.firstIndex(of: byte) { line[place] += 1 }
            guard byte == UInt8(ascii: "\n") else { continue }
            for place in candidates.indices { counts[place][line[place], default: 0] += 1 }
            line = line.map { _ in 0 }
            lines += 1
        }
        let weights = counts.map { $0.map { $0.key * $0.value }.max() ?? 0 }
        let heaviest = weights.max() ?? 0
        return candidates[weights.firstIndex(of: heaviest) ?? 0]
    }

    /// The place of the headings: the first record that has more than half as much in it as any near the top.
    private static func headings(among records: [PlainRecord]) -> Int? {
        let filled = records.prefix(Heading.mostAbove).map { $0.fields.count { !$0.trimmingBlanks().isEmpty } }
        guard let most = filled.max() else { return nil }
        return filled.firstIndex { $0 * 2 > most }
    }

    /// The records of a text whose last quote was cut off: all but the record in which it stands.
    private static func unquoted(_ text: ContiguousArray<UInt8>, _ delimiter: UInt8) -> [PlainRecord]? {
        guard let quote = text.lastIndex(of: UInt8(ascii: "\"")) else { return nil }
        guard let end = text[..<quote].lastIndex(of: UInt8(ascii: "\n")) else { return nil }
        return plainRecords(text[...end], delimiter: delimiter)
    }
}

/// What is counted of one column.
private struct ColumnLook {
    private(set) var filled = 0
    private var forms: [DateForm: Int] = [:]
    private var numbers = 0
    private var words = 0
    /// Numbers with so many decimals as a time of day has in a spreadsheet.
    private var fractions = 0
    private var longest = 0
    private var blanks = 0
    /// Hashes of the values, to count different ones.
    private var different: Set<Int> = []
    private var shapes: [String: Int] = [:]
    private static let dates = WrittenDates(forms: Set(DateForm.allCases))
    private static let nothing: Set<String> = ["", ":", "null", "#n/a", "-1", "n/a"]

    /// Whether a text is a date as people write them, and no number.
    static func isDate(_ text: String) -> Bool {
        let bytes = ContiguousArray(text.utf8) + [0, 0, 0, 0, 0, 0, 0, 0]
        guard case .date(_, let form) = dates.read(FieldReader(bytes: bytes), 0..<text.utf8.count) else { return false }
        return form != .serial
    }

    mutating func add(_ cell: String) {
        guard !Self.nothing.contains(cell.lowercased()) else { return }
        let bytes = ContiguousArray(cell.utf8) + [0, 0, 0, 0, 0, 0, 0, 0]
        switch Self.dates.read(FieldReader(bytes: bytes), 0..<cell.utf8.count) {
        // A day of 1900 stands for none; a small number is only one where other cells are days.
        case .none: if Double(cell) == nil, cell.count > 1 { return }
        case .date(_, let form): forms[form, default: 0] += 1
        case .monthOver12, .bad: break
        }
        filled += 1
        different.insert(cell.hashValue)
        longest = max(longest, cell.count)
        if Double(cell) != nil {
            numbers += 1
            if let point = cell.firstIndex(of: "."), cell[point...].count > 3 { fractions += 1 }
        }
        if cell.contains(where: { $0.isWhitespace }) { blanks += 1 }
        if cell.contains(where: { $0.isLetter }) { words += 1 }
        shapes[Self.shape(cell), default: 0] += 1
    }

    /// What the values under a heading are.
    func kind(under name: String) -> ExtractLook.Kind {
        guard filled > 0 else { return .empty }
        let dated = forms.values.reduce(0, +)
        // Five digits alone may be references too.
        if dated * 3 >= filled * 2, forms[.serial] != filled || Self.namesADay(name) || fractions * 2 > filled {
            return .date(forms.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }.map(\.key))
        }
        let isVaried = different.count * 3 > filled
        if blanks * 4 > filled && (isVaried || longest > 40) { return .text }
        if !isVaried, different.count <= 30, longest <= 40 { return words > 0 || numbers < filled ? .code : .number }
        if numbers == filled { return longest <= 3 ? .number : .id }
        return blanks * 10 <= filled && longest <= 40 ? .id : .text
    }

    /// Whether a heading is one of days, so that five digits under it are a spreadsheet's count of them.
    private static func namesADay(_ name: String) -> Bool {
        let name = name.lowercased()
        let words = name.split { !$0.isLetter }
        guard !words.contains(where: { ["id", "ref", "no", "number", "urn"].contains($0) }) else { return false }
        return [
            "date", "start", "end", "finish", "complet", "auth", "receiv", "closed", "seen", "held", " on", "_on",
            "due", "target", "next", "review", "visit", "birth", "dob", "icpc", "conference", "strat", "decision",
        ]
        .contains(where: name.contains)
    }

    var topShapes: [String] {
        shapes.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(3).map(\.key)
    }

    /// The shape of a value: every letter an `a`, every digit a `9`, runs of more than four cut.
    private static func shape(_ cell: String) -> String {
        var shape = ""
        for letter in cell.prefix(60) {
            let mark: Character = letter.isNumber ? "9" : letter.isLetter ? "a" : letter.isWhitespace ? " " : letter
            if shape.count > 5, mark == "a", shape.suffix(4).allSatisfy({ $0 == "a" }) { continue }
            shape.append(mark)
            if shape.count >= 24 { return shape + "…" }
        }
        return shape
    }
}
