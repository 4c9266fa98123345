/// Rows of cells under a header, made one by one as they are written.
public struct Table {
    public let header: [String]
    /// The number of rows under the header.
    public let rowCount: Int
    private let row: (Int, inout CSVText) -> Void

    /// - Parameters:
    ///   - header: The names of the columns.
    ///   - items: What the rows are about.
    ///   - row: Adds the cells of an item, as many as the header has.
    init<Item>(header: [String], items: [Item], row: @escaping (Item, inout CSVText) -> Void) {
        self.header = header
        rowCount = items.count
        self.row = { row(items[$0], &$1) }
    }

    /// The table as CSV: RFC 4180 with line feeds, and cells that a spreadsheet would run made harmless.
    ///
    /// Characters that would move a terminal's cursor, end a line or hide text are replaced as on pages.
    public var csv: String {
        var text = CSVText()
        for name in header { text.add(name) }
        text.endRow()
        for index in 0..<rowCount {
            row(index, &text)
            text.endRow()
        }
        return text.string
    }
}
