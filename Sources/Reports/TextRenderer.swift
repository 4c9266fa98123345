/// Writes a page as plain text for a terminal or a printer, at most 80 columns wide.
public enum TextRenderer {
    /// How many columns a line may have.
    public static let width = 80
    private static let gap = 2
    /// No column of words is made narrower than this.
    private static let leastColumn = 10

    /// The page as text; every line ends with a line feed.
    public static func render(_ page: CardPage) -> String {
        var lines = wrap(page.title, width)
        lines.append(String(repeating: "=", count: min(lines.map(columns).max() ?? 0, width)))
        if let headline = page.headline { lines += [""] + wrap(headline, width) + [""] }
        for sentence in page.lead { lines += wrap(sentence, width) }
        for section in page.sections {
            lines += ["", section.title, String(repeating: "-", count: columns(section.title))]
            for block in section.blocks { lines += [""] + render(block) }
        }
        if !page.header.isEmpty {
            lines += ["", "What this page was made from", String(repeating: "-", count: 28), ""]
        }
        let labels = page.header.map { columns($0.label) }.max() ?? 0
        for line in page.header {
            for (index, value) in line.values.enumerated() {
                lines += labelled(index == 0 ? line.label : "", value, labels)
            }
        }
        return lines.map { trimmed($0) + "\n" }.joined()
    }

    private static func render(_ block: CardPage.Block) -> [String] {
        switch block {
        case .heading(let text): wrap("## \(text)", width)
        case .sentences(let sentences): sentences.flatMap { wrap($0, width) }
        case .table(let table): wrap(table.caption, width) + render(table)
        case .charts(let charts):
            charts.flatMap { chart in
                wrap("## \(chart.headline)", width) + chart.sentences.flatMap { wrap($0, width) }
                    + render(chart.numbers) + [""]
            }
        }
    }

    // MARK: Tables

    private static func render(_ table: PageTable) -> [String] {
        guard let widths = widths(table) else { return records(table) }
        func line(_ cells: [String]) -> [String] {
            let parts = zip(cells, widths).map { wrap($0, $1) }
            return (0..<(parts.map(\.count).max() ?? 0)).map { row in
                var line = ""
                // Blanks are kept back until something follows them.
                var blanks = 0
                for column in table.columns.indices {
                    let part = row < parts[column].count ? parts[column][row] : ""
                    let room = max(widths[column] - columns(part), 0)
                    if table.columns[column].isNumber { blanks += room }
                    if !part.isEmpty {
                        line += Self.blanks(blanks)
                        line += part
                        blanks = 0
                    }
                    blanks += gap + (table.columns[column].isNumber ? 0 : room)
                }
                return line
            }
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return line(table.columns.map(\.name)) + line(rule) + table.rows.flatMap(line)
    }

    /// The widths of a table's columns; `nil` where it is too wide to be read as columns.
    private static func widths(_ table: PageTable) -> [Int]? {
        var widths = table.columns.map { columns($0.name) }
        var words = table.columns.map { longestWord($0.name) }
        for row in table.rows {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], columns(cell))
                if !table.columns[column].isNumber { words[column] = max(words[column], longestWord(cell)) }
            }
        }
        let least = table.columns.indices.map { column in
            table.columns[column].isNumber
                ? widths[column] : max(min(words[column], 30), min(leastColumn, widths[column]))
        }
        let space = width - gap * (widths.count - 1)
        guard least.reduce(0, +) <= space, table.columns.count <= 8 else { return nil }
        while widths.reduce(0, +) > space {
            let wide = widths.indices.filter { widths[$0] > least[$0] }.max { widths[$0] < widths[$1] }
            guard let wide else { return nil }
            widths[wide] -= 1
        }
        return widths
    }

    /// The width of the longest word of a text.
    private static func longestWord(_ text: String) -> Int {
        guard asciiCount(text) != nil else { return text.split(separator: " ").map(columns).max() ?? 0 }
        var longest = 0
        var length = 0
        for byte in text.utf8 {
            length = byte == UInt8(ascii: " ") ? 0 : length + 1
            longest = max(longest, length)
        }
        return longest
    }

    /// Each row as lines of its own: the name of the column and its value.
    private static func records(_ table: PageTable) -> [String] {
        let labels = table.columns.map { columns($0.name) }.max() ?? 0
        return table.rows.enumerated().flatMap { number, row in
            ["", "\(number + 1)."]
                + zip(table.columns, row).filter { !$1.isEmpty }.flatMap { labelled($0.name, $1, labels) }
        }
    }

    // MARK: Lines

    private static func labelled(_ label: String, _ text: String, _ labels: Int) -> [String] {
        wrap(text, width - labels - gap).enumerated().map { index, part in
            let head = index == 0 ? label : ""
            return head + blanks(labels + gap - columns(head)) + part
        }
    }

    /// Breaks text at blanks, and a word that is wider than a line wherever the line ends.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        if isOneLine(text, width) { return [text] }
        var lines: [String] = []
        var line = ""
        var used = 0
        func flush() {
            lines.append(line)
            line = ""
            used = 0
        }
        for word in text.split(separator: " ") {
            let size = columns(word)
            if used > 0, used + 1 + size > width { flush() }
            if used > 0 {
                line += " "
                used += 1
            }
            if used + size <= width, asciiCount(word) != nil {
                line += word
                used += size
                continue
            }
            for character in word {
                let size = columns(character)
                if used + size > width, used > 0 { flush() }
                line.append(character)
                used += size
            }
        }
        if used > 0 || lines.isEmpty { flush() }
        return lines
    }

    /// Whether breaking would leave the text as it is: short, of single-column characters, with single blanks inside.
    private static func isOneLine(_ text: String, _ width: Int) -> Bool {
        guard let bytes = asciiCount(text), bytes <= width else { return false }
        var last = UInt8(ascii: " ")
        for byte in text.utf8 {
            if byte == UInt8(ascii: " ") && last == byte { return false }
            last = byte
        }
        return bytes == 0 || last != UInt8(ascii: " ")
    }

    /// How many characters a text has, where all of them are ASCII and take one column; else `nil`.
    private static func asciiCount(_ text: some StringProtocol) -> Int? {
        var count = 0
        for byte in text.utf8 {
            guard (0x20..<0x7F).contains(byte) else { return nil }
            count += 1
        }
        return count
    }

    private static func columns(_ text: some StringProtocol) -> Int {
        asciiCount(text) ?? text.reduce(0) { $0 + columns($1) }
    }

    /// How many columns of a terminal a character takes.
    private static func columns(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.isASCII { return 1 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F000...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// So many blanks, taken from one text where it has as many, which is faster than repeating them.
    private static func blanks(_ count: Int) -> Substring {
        count <= width ? Substring(blankLine.utf8.prefix(max(0, count))) : Substring(repeating: " ", count: count)
    }

    private static let blankLine = String(repeating: " ", count: width)

    private static func trimmed(_ line: String) -> String {
        guard line.utf8.last == UInt8(ascii: " ") else { return line }
        var line = line[...]
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
