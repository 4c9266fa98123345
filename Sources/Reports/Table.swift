import Columnar

/// Rows of cells under a header, made one by one as they are written.
public struct Table: Sendable {
    public let header: [String]
    /// The number of rows under the header.
    public let rowCount: Int
    private let row: @Sendable (Int, inout CSVWriter) -> Void

    /// - Parameters:
    ///   - header: The names of the columns.
    ///   - items: What the rows are about.
    ///   - row: Adds the cells of an item, as many as the header has.
    init<Item: Sendable>(
        header: [String], items: [Item], row: @escaping @Sendable (Item, inout CSVWriter) -> Void
    ) {
        self.header = header
        rowCount = items.count
        self.row = { row(items[$0], &$1) }
    }

    /// A table of texts, each row with a cell for each name of the header.
    public init(header: [String], rows: [[String]]) {
        self.init(header: header, items: rows) { cells, row in
            for cell in cells { row.add(cell) }
        }
    }

    /// The table as CSV: RFC 4180 with line feeds, and cells that a spreadsheet would run made harmless.
    ///
    /// Characters that would move a terminal's cursor, end a line or hide text are replaced as on pages.
    public var csv: String { String(decoding: bytes(cores: 1), as: UTF8.self) }

    /// The bytes of ``csv``, made on several cores.
    public func bytes(cores: Int) -> [UInt8] {
        var head = CSVWriter()
        for name in header { head.add(name) }
        head.endRow()
        let size = Self.rowsOfPart
        let parts = concurrentMap(count: (rowCount + size - 1) / size, cores: cores) { part in
            var text = CSVWriter()
            for index in part * size..<min((part + 1) * size, rowCount) {
                row(index, &text)
                text.endRow()
            }
            return text
        }
        head.reserveCapacity(parts.reduce(head.bytes.count) { $0 + $1.bytes.count })
        for part in parts { head.append(part) }
        return head.bytes
    }

    /// So many rows are written in one piece.
    private static let rowsOfPart = 20_000
}
