/// Rows of text under a header, before they become CSV or anything else.
public struct Table: Hashable, Sendable {
    public var header: [String]
    public var rows: [[String]]

    public init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    /// The table as CSV: RFC 4180 with line feeds, and cells that a spreadsheet would run made harmless.
    ///
    /// Characters that would move a terminal's cursor, end a line or hide text are replaced as on pages.
    public var csv: String {
        var text = ""
        for row in [header] + rows { text += Self.line(row.map(PageText.clean)) }
        return text
    }

    /// One row as CSV.
    static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }

    /// One cell: neutralised, and quoted where RFC 4180 asks for it.
    ///
    /// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return would be run as a formula by
    /// a spreadsheet; an apostrophe before it makes it text. Numbers are left as they are.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.utf8.first, "=+-@\t\r".utf8.contains(first), Double(text) == nil { text = "'" + text }
        let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
