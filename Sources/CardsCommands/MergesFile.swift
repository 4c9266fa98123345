import DelimitedText
import Settings

/// Reads `merges.csv`: which references of children became which others.
enum MergesFile {
    /// - Throws: ``ExportError`` for a file without the columns `from` and `to`, or a row without either.
    static func read(_ text: String, _ file: String) throws -> [(from: String, to: String)] {
        let bytes = text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.utf8.dropFirst(3)) : Array(text.utf8)
        let records = plainRecords(bytes) ?? []
        let header = records.first?.fields.map { $0.lowercased() } ?? []
        guard let from = header.firstIndex(of: "from"), let to = header.firstIndex(of: "to") else {
            throw ExportError(
                .missingColumn, file: file, line: 1, column: header.contains("from") ? "to" : "from",
                message: "the header does not have the column", hint: "the file has the columns from and to")
        }
        return try records.dropFirst().map { record in
            guard record.fields.count == header.count, !record.fields[from].isEmpty, !record.fields[to].isEmpty else {
                throw ExportError(
                    .missingColumn, file: file, line: record.line, column: "from",
                    message: "a row lacks one of the two references", hint: "give both, or take the row out")
            }
            return (record.fields[from], record.fields[to])
        }
    }
}
