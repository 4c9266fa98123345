import StructuredText

/// Which styles of a workbook's cells show numbers as dates.
struct CellStyles {
    fileprivate var areDates: [Bool] = []

    func isDate(_ style: Int) -> Bool { areDates.indices.contains(style) && areDates[style] }

    /// The formats of dates that every workbook has without stating them (ECMA-376, part 1, 18.8.30).
    static func isBuiltInDate(_ format: Int) -> Bool {
        switch format {
        case 14...17, 22, 27...31, 36, 50...54, 57, 58: true
        default: false
        }
    }

    /// Whether a format shows the day or year of a number.
    static func isDate(_ code: String) -> Bool {
        var isQuoted = false
        var isBracketed = false
        var isEscaped = false
        for letter in code {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch letter {
            case "\\", "_", "*": isEscaped = true
            case "\"": isQuoted.toggle()
            case "[" where !isQuoted: isBracketed = true
            case "]" where !isQuoted: isBracketed = false
            case "d", "D", "y", "Y": if !isQuoted && !isBracketed { return true }
            case ";" where !isQuoted: return false
            default: break
            }
        }
        return false
    }
}

/// `xl/styles.xml`: the formats of numbers, and the format of each style.
final class StyleVisitor: XMLVisitor {
    private(set) var styles = CellStyles()
    private var dates: Set<Int> = []
    private var isInCellStyles = false
    private(set) lazy var reader = XMLReader(names: ["numFmt", "cellXfs", "xf"], visitor: self)

    func begin(_ element: Int, _ attributes: XMLAttributes) {
        switch element {
        case 0:
            if let id = attributes["numFmtId"].flatMap({ Int($0) }), let code = attributes["formatCode"],
                CellStyles.isDate(code)
            {
                dates.insert(id)
            }
        case 1: isInCellStyles = true
        default:
            guard isInCellStyles, styles.areDates.count < 100_000 else { return }
            let format = attributes["numFmtId"].flatMap { Int($0) } ?? 0
            styles.areDates.append(dates.contains(format) || CellStyles.isBuiltInDate(format))
        }
    }

    func end(_ element: Int, text: borrowing [UInt8]) {
        if element == 1 { isInCellStyles = false }
    }
}
