import WorkingCalendar

/// CSV as it is written, cell by cell.
struct CSVWriter {
    private(set) var bytes: [UInt8] = []
    private var isRowBegun = false
    /// The date written last, with its text: in most tables the next row has the same.
    private var lastDate: CivilDate?
    private var lastDateText: [UInt8] = []

    /// For each column, the last text that stood in it as it is: most texts of a column stand in many rows.
    private var plainTexts: [String] = []
    private var column = 0

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    /// Makes room for so many bytes.
    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    /// Appends whole rows.
    mutating func append(_ rows: CSVWriter) { bytes.append(contentsOf: rows.bytes) }

    /// Ends the row.
    mutating func endRow() {
        bytes.append(UInt8(ascii: "\n"))
        isRowBegun = false
        column = 0
    }

    private mutating func beginCell() {
        if isRowBegun { bytes.append(Self.comma) }
        isRowBegun = true
        column += 1
    }

    /// Adds a cell that holds a number, or nothing.
    mutating func add(_ number: (some BinaryInteger)?) {
        beginCell()
        if let number { add(digits: Int(number)) }
    }

    /// Adds a cell that holds a date, `yyyy-mm-dd`, or nothing.
    mutating func add(_ date: CivilDate?) {
        beginCell()
        guard let date else { return }
        if date != lastDate {
            lastDate = date
            lastDateText = Array(date.description.utf8)
        }
        bytes.append(contentsOf: lastDateText)
    }

    /// Adds a cell that holds tenths as a number with one decimal.
    mutating func add(tenths: Int) {
        beginCell()
        if tenths < 0 { bytes.append(UInt8(ascii: "-")) }
        add(digits: abs(tenths) / 10)
        bytes.append(UInt8(ascii: "."))
        add(digits: abs(tenths) % 10)
    }

    private mutating func add(digits number: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var unit: UInt = 1
        while rest / unit >= 10 { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    /// Adds a cell of text: neutralised, and quoted where RFC 4180 asks for it.
    ///
    /// A cell that begins with `=`, `+`, `-` or `@` would be run as a formula by a spreadsheet; an apostrophe
    /// before it makes it text. Numbers are left as they are. Tabs and line ends are replaced with what else
    /// moves the cursor.
    mutating func add(_ text: String) {
        beginCell()
        if column <= plainTexts.count, plainTexts[column - 1] == text {
            bytes.append(contentsOf: text.utf8)
            return
        }
        // Nearly every cell needs nothing of this.
        let isPlain = text.utf8.withContiguousStorageIfAvailable { cell in
            if let first = cell.first, first == 0x3D || first == 0x2B || first == 0x2D || first == 0x40 { return false }
            for byte in cell where byte &- 0x20 >= 0x5F || byte == Self.quote || byte == Self.comma { return false }
            bytes.append(contentsOf: cell)
            return true
        }
        if isPlain == true {
            while plainTexts.count < column { plainTexts.append("") }
            plainTexts[column - 1] = text
            return
        }
        let text = PageText.clean(text)
        let begin = bytes.count
        if let first = text.utf8.first, "=+-@".utf8.contains(first), Double(text) == nil {
            bytes.append(UInt8(ascii: "'"))
        }
        bytes.append(contentsOf: text.utf8)
        guard bytes[begin...].contains(where: { $0 == Self.quote || $0 == Self.comma }) else { return }
        let plain = Array(bytes[begin...])
        bytes.removeSubrange(begin...)
        bytes.append(Self.quote)
        for byte in plain {
            if byte == Self.quote { bytes.append(Self.quote) }
            bytes.append(byte)
        }
        bytes.append(Self.quote)
    }
}
