/// A table for a terminal: columns as wide as their widest cell, two blanks between them.
struct AlignedTable {
    var header: [String]
    var rows: [[String]] = []
    /// The columns whose cells stand to the right.
    var numbers: Set<Int> = []

    /// The lines, without blanks at their ends; empty without rows.
    var text: String {
        guard !rows.isEmpty else { return "" }
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            var cells: [String] = []
            for (column, cell) in line.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                cells.append(numbers.contains(column) ? padding + cell : cell + padding)
            }
            var text = cells.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }
}
