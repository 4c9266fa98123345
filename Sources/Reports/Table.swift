/// Rows of text under a header, made one by one as they are asked for.
public struct Table {
    public let header: [String]
    private let count: Int
    private let row: (Int) -> [String]

    /// - Parameters:
    ///   - header: The names of the columns.
    ///   - items: What the rows are about.
    ///   - row: The cells of an item, as many as the header has.
    public init<Item>(header: [String], items: [Item], row: @escaping (Item) -> [String]) {
        self.header = header
        count = items.count
        self.row = { row(items[$0]) }
    }

    /// Every row.
    public var rows: [[String]] { (0..<count).map(row) }

    /// The table as CSV: RFC 4180 with line feeds, and cells that a spreadsheet would run made harmless.
    ///
    /// Characters that would move a terminal's cursor, end a line or hide text are replaced as on pages.
    public var csv: String {
        var bytes: [UInt8] = []
        Self.append(header, to: &bytes)
        for index in 0..<count { Self.append(row(index), to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One row as CSV.
    static func line(_ cells: [String]) -> String {
        var bytes: [UInt8] = []
        append(cells, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// One cell: neutralised, and quoted where RFC 4180 asks for it.
    ///
    /// A cell that begins with `=`, `+`, `-` or `@` would be run as a formula by a spreadsheet; an apostrophe
    /// before it makes it text. Numbers are left as they are. Tabs and line ends are replaced with what else
    /// moves the cursor.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        // Nearly every cell needs nothing of this.
        let isPlain = text.utf8.withContiguousStorageIfAvailable { cell in
            if let first = cell.first, first == 0x3D || first == 0x2B || first == 0x2D || first == 0x40 { return false }
            for byte in cell where byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x2C { return false }
            bytes.append(contentsOf: cell)
            return true
        }
        if isPlain == true { return }
        // Nearly every cell is plain ASCII, which needs no look at its characters.
        let text = text.utf8.contains { $0 < 0x20 || $0 >= 0x7F } ? PageText.clean(text) : text
        let begin = bytes.count
        if let first = text.utf8.first, "=+-@".utf8.contains(first), Double(text) == nil {
            bytes.append(UInt8(ascii: "'"))
        }
        bytes.append(contentsOf: text.utf8)
        let quote = UInt8(ascii: "\"")
        guard bytes[begin...].contains(where: { $0 == quote || $0 == 0x2C }) else { return }
        let plain = Array(bytes[begin...])
        bytes.removeSubrange(begin...)
        bytes.append(quote)
        for byte in plain {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}
