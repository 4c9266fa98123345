/// A small RFC 4180 reader for the tables that people write, which are short.
///
/// Fields are separated by commas and may stand between quotes; a BOM, CRLF and blank lines are
/// accepted. Values lose blanks and non-breaking spaces at both ends.
struct CSVText {
    /// One row with the line on which it begins.
    struct Record {
        let line: Int
        let fields: [String]
    }

    let file: String
    /// The column names of the header, in small letters.
    let header: [String]
    private(set) var records: [Record] = []

    /// Reads the whole text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - file: The file's name, for errors.
    ///   - columns: The columns that have to be there.
    /// - Throws: For stray or open quotes, a missing or doubled column, a row of another length.
    init(_ text: String, file: String, columns: [String]) throws(SettingsError) {
        try checkSize(text, file: file)
        var scanner = CSVScanner(text, file: file)
        guard let first = try scanner.next() else {
            throw SettingsError(
                .emptyFile, file: file, line: 1, message: "the file is empty; expected a header and rows",
                hint: "the header is \(columns.joined(separator: ","))")
        }
        let names = first.fields.map { $0.lowercased() }
        self.file = file
        header = names
        for column in columns where !names.contains(column) {
            let written = names.filter { !columns.contains($0) }
            throw SettingsError(
                .missingColumn, file: file, line: first.line, message: "the header lacks the column `\(column)`",
                hint: nearestName(to: column, among: written).map { _ in "one column's name is near it; correct it" }
                    ?? "the first line names the columns, separated by commas")
        }
        for (index, name) in names.enumerated() where !name.isEmpty && names[..<index].contains(name) {
            throw SettingsError(
                .duplicateColumn, file: file, line: first.line,
                message: "two columns have one name, the second is column \(index + 1)", hint: "remove one of the two")
        }
        while let record = try scanner.next() {
            guard record.fields.count == names.count else {
                throw SettingsError(
                    .fieldCount, file: file, line: record.line,
                    message: "the row has \(record.fields.count) fields; expected \(names.count), as in the header",
                    hint: "put a value with a comma in it between quotes")
            }
            records.append(record)
        }
    }

    /// The value of a column, or an empty text where the file has no such column.
    func value(_ column: String, of record: Record) -> String {
        header.firstIndex(of: column).map { record.fields[$0] } ?? ""
    }
}

/// Reads a text record by record.
private struct CSVScanner {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1

    init(_ text: String, file: String) {
        let bytes = Array(text.utf8)
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        self.file = file
    }

    /// The next record that is not blank, or `nil` at the end.
    mutating func next() throws(SettingsError) -> CSVText.Record? {
        while position < bytes.count {
            let start = line
            var fields = [try field()]
            while position < bytes.count, bytes[position] == UInt8(ascii: ",") {
                position += 1
                fields.append(try field())
            }
            endLine()
            if !fields.allSatisfy(\.isEmpty) { return CSVText.Record(line: start, fields: fields) }
        }
        return nil
    }

    private mutating func field() throws(SettingsError) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, !isEnd(bytes[position]) {
                guard bytes[position] != UInt8(ascii: "\"") else {
                    throw error(.strayQuote, "a quote stands inside a value that does not begin with one", at: line)
                }
                position += 1
            }
            return trimmed(bytes[start..<position])
        }
        return try quotedField()
    }

    private mutating func quotedField() throws(SettingsError) -> String {
        let start = line
        var value: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                    guard position == bytes.count || isEnd(bytes[position]) else {
                        throw error(.strayQuote, "text follows the closing quote of a value", at: line)
                    }
                    return trimmed(value[...])
                }
                position += 1
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            value.append(byte)
        }
        throw error(.unterminatedQuote, "a quote is opened and never closed", at: start)
    }

    private mutating func endLine() {
        if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        line += 1
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
        var text = String(decoding: bytes, as: UTF8.self)[...]
        while let first = text.first, isBlank(first) { text.removeFirst() }
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(text)
    }

    private func error(_ code: SettingsError.Code, _ message: String, at line: Int) -> SettingsError {
        SettingsError(
            code, file: file, line: line, message: message,
            hint: "put the whole value between quotes and write a quote inside it twice")
    }
}
