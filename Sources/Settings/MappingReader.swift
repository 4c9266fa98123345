import CaseEvents
import DelimitedText
public import Exports
import WorkingCalendar

/// Reads a mapping: which columns of a system's files make which case events.
///
/// - Throws: The first thing wrong in the file, with its line and column.
public func readMapping(yaml: String, file: String) throws(SettingsError) -> Mapping {
    guard let root = try parseSettings(yaml, file: file) else {
        throw SettingsError(
            .emptyFile, file: file, line: 1, message: "the mapping is empty",
            hint: "`cards inspect FILE` prints one to start from")
    }
    let block = try root.block(
        of: "a mapping", keys: ["mapping", "complete_from", "complete_months", "notes", "files"] + TableReader.defaults)
    var mapping = Mapping(name: try block.required("mapping", hint: "give the system's name").text())
    if let node = block["complete_from"] { mapping.completeFrom = try node.date() }
    if let node = block["complete_months"] { mapping.completeMonths = try node.integer(in: 1...120) }
    if let node = block["notes"] {
        for item in try node.list(of: "sentences") { mapping.notes.append(try item.text()) }
    }
    let base = try TableReader.readDefaults(block, TableMapping(names: []))
    let files = try block.required("files", hint: "name the files, and the events of each").list(of: "files")
    for item in files { mapping.tables.append(try TableReader.read(item, base)) }
    guard !mapping.tables.isEmpty else {
        throw root.error(.missingValue, "`files` is empty; a mapping reads at least one file")
    }
    return mapping
}

/// Reads the mapping of one file.
private enum TableReader {
    /// The keys that may stand once for all files.
    static let defaults = ["encoding", "delimiter", "dates", "nothing"]
    private static let cells = EventCell.allCases.map(\.rawValue)
    private static let conditions = ["where", "unless"]

    static func readDefaults(_ block: SettingsBlock, _ base: TableMapping) throws(SettingsError) -> TableMapping {
        var table = base
        if let node = block["encoding"] { table.dialect.encoding = try node.choice(of: TextEncoding.self) }
        if let node = block["delimiter"] { table.dialect.delimiter = try readDelimiter(node) }
        if let node = block["dates"] {
            table.dateForms = []
            for item in try node.list(of: "ways of writing dates") {
                table.dateForms.insert(try item.choice(of: DateForm.self))
            }
        }
        if let node = block["nothing"] {
            for item in try node.list(of: "words") { table.nothing.append(try item.text()) }
        }
        return table
    }

    private static func readDelimiter(_ node: SettingsNode) throws(SettingsError) -> UInt8 {
        switch node.scalarText {
        case ",", "comma": return UInt8(ascii: ",")
        case ";", "semicolon": return UInt8(ascii: ";")
        case "\t", "\\t", "tab": return UInt8(ascii: "\t")
        case "|", "pipe": return UInt8(ascii: "|")
        default:
            throw node.error(
                .unknownValue, "\(node.name) is none of the known words; expected `comma`, `semicolon`, `tab` or `pipe`"
            )
        }
    }

    static func read(_ node: SettingsNode, _ base: TableMapping) throws(SettingsError) -> TableMapping {
        let block = try node.block(
            of: "a file", keys: ["file", "optional_columns", "events"] + defaults + cells + conditions)
        var table = try readDefaults(block, base)
        let names = try block.required("file", hint: "write its name, in which * stands for anything")
        table.names = try texts(names)
        if let node = block["optional_columns"] { table.hasOptionalColumns = try node.flag() }
        _ = try block.required("child", hint: "name the column with the child's reference")
        table.cells = try readCells(block)
        table.conditions = try readConditions(block)
        let events = try block.required("events", hint: "name the events, and the date column of each")
        for item in try events.list(of: "events") { table.events.append(try readEvent(item)) }
        return table
    }

    private static func readEvent(_ node: SettingsNode) throws(SettingsError) -> EventMapping {
        let block = try node.block(
            of: "an event", keys: ["event", "date", "or_date", "needed", "carried"] + cells + conditions)
        let kind = try block.required("event", hint: "name an event of the vocabulary, such as `referral_received`")
        var dates = [try cell(try block.required("date", hint: "name the column with the event's date"))]
        if let node = block["or_date"] { dates.append(try cell(node)) }
        var event = EventMapping(try readKind(kind), dates: dates)
        if let node = block["needed"] { event.isNeeded = try node.flag() }
        if let node = block["carried"] { event.isCarried = try node.flag() }
        event.cells = try readCells(block)
        event.conditions = try readConditions(block)
        return event
    }

    private static func readKind(_ node: SettingsNode) throws(SettingsError) -> EventMapping.Kind {
        guard node.scalarText == nil else { return .fixed(try node.event()) }
        let block = try node.block(of: "an event by value", keys: ["column", "values"])
        var cell = Cell(columns: try texts(try block.required("column")))
        for entry in try block.required("values", hint: "say which event each value means").entries() {
            cell.values[try entry.key.text()] = try entry.value.event().name
        }
        return .byValue(cell)
    }

    private static func readCells(_ block: SettingsBlock) throws(SettingsError) -> [EventCell: Cell] {
        var cells: [EventCell: Cell] = [:]
        for cell in EventCell.allCases {
            if let node = block[cell.rawValue] { cells[cell] = try self.cell(node) }
        }
        return cells
    }

    /// A heading, several that the column may have, or a block that says more.
    private static func cell(_ node: SettingsNode) throws(SettingsError) -> Cell {
        if node.isBlock {
            let block = try node.block(of: "a value", keys: ["column", "value", "values"])
            if let fixed = block["value"] {
                try block.refuse(["column", "values"], because: "cannot stand beside a fixed `value`")
                return Cell(fixed: try fixed.text())
            }
            var cell = Cell(columns: try texts(try block.required("column", hint: "or give a fixed `value`")))
            if let node = block["values"] {
                for entry in try node.entries() {
                    // An empty meaning is "no value".
                    cell.values[try entry.key.text()] = entry.value.isNull ? "" : entry.value.scalarText ?? ""
                }
            }
            return cell
        }
        return Cell(columns: try texts(node))
    }

    /// `where` and `unless`: columns, and the values that choose records.
    private static func readConditions(_ block: SettingsBlock) throws(SettingsError) -> [Condition] {
        var conditions: [Condition] = []
        for key in self.conditions {
            guard let node = block[key] else { continue }
            for entry in try node.entries() {
                conditions.append(
                    Condition(
                        column: Cell(columns: [try entry.key.text()]), values: try texts(entry.value),
                        isUnless: key == "unless"))
            }
        }
        return conditions
    }

    private static func texts(_ node: SettingsNode) throws(SettingsError) -> [String] {
        guard node.scalarText == nil else { return [try node.text()] }
        var texts: [String] = []
        for item in try node.list(of: "names") { texts.append(try item.text()) }
        guard !texts.isEmpty else {
            throw node.error(.missingValue, "\(node.name) is empty; expected at least one name")
        }
        return texts
    }
}
