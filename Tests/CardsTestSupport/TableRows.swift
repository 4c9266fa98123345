public import Reports

extension Table {
    /// The cells of every row, read back from the CSV.
    ///
    /// Compiled with optimisation, as thousands of random exports go through it.
    public var rows: [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var wasQuote = false
        for byte in csv.utf8 {
            if isQuoted {
                isQuoted = byte != UInt8(ascii: "\"")
                wasQuote = !isQuoted
                if isQuoted { cell.append(byte) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                // The second of two: one that belongs to the text.
                if wasQuote { cell.append(byte) }
                isQuoted = true
            case UInt8(ascii: ","), UInt8(ascii: "\n"):
                row.append(String(decoding: cell, as: UTF8.self))
                cell.removeAll(keepingCapacity: true)
                if byte == UInt8(ascii: "\n") {
                    rows.append(row)
                    row.removeAll(keepingCapacity: true)
                }
            default: cell.append(byte)
            }
            wasQuote = false
        }
        return Array(rows.dropFirst())
    }
}
