import DelimitedText
import Foundation
import Settings

/// Reads `merges.csv`: which references of children became which others.
enum MergesFile {
    /// - Returns: Each old reference with the one under which the child goes on in the end.
    /// - Throws: ``ExportError`` for a file without the columns `from` and `to`, or a row without either;
    ///   ``CommandError`` for a reference that became two others, and for references in a circle.
    static func read(_ text: String, _ file: String) throws -> [(from: String, to: String)] {
        let bytes = text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.utf8.dropFirst(3)) : Array(text.utf8)
        let records = plainRecords(bytes) ?? []
        let header = records.first?.fields.map { $0.lowercased() } ?? []
        guard let from = header.firstIndex(of: "from"), let to = header.firstIndex(of: "to") else {
            throw ExportError(
                .missingColumn, file: file, line: 1, column: header.contains("from") ? "to" : "from",
                message: "the header does not have the column", hint: "the file has the columns from and to")
        }
        var next: [String: String] = [:]
        for record in records.dropFirst() {
            // As the references of an export: without blanks around them, and without a spreadsheet's `.0`.
            let fields = record.fields.map { field in
                let text = field.trimmingCharacters(in: .whitespaces)
                let isNumber =
                    text.hasSuffix(".0") && text.utf8.count > 2
                    && text.dropLast(2).utf8.allSatisfy {
                        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    }
                return isNumber ? String(text.dropLast(2)) : text
            }
            guard fields.count == header.count, !fields[from].isEmpty, !fields[to].isEmpty else {
                throw ExportError(
                    .missingColumn, file: file, line: record.line, column: "from",
                    message: "a row lacks one of the two references", hint: "give both, or take the row out")
            }
            let (old, new) = (fields[from], fields[to])
            if old == new { continue }
            guard next[old] == nil || next[old] == new else {
                throw CommandError(
                    .mergesDisagree, "\(file):\(record.line): the reference became another one in an earlier row",
                    hint: "a reference becomes one other; take one of the rows out")
            }
            next[old] = new
        }
        return try next.keys.sorted().map { old in
            var new = old
            var seen: Set<String> = []
            while let further = next[new] {
                guard seen.insert(new).inserted else {
                    throw CommandError(
                        .mergesDisagree, "\(file): references become one another in a circle",
                        hint: "a reference that lives on is no other's old one; take that row out")
                }
                new = further
            }
            return (old, new)
        }
    }
}
