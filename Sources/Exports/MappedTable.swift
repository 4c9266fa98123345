import CaseEvents
import DelimitedText

/// A mapping bound to the columns of one file.
struct MappedTable: Sendable {
    /// A value of an event: the place of its column among ``columns``, or a fixed text.
    struct Value: Sendable {
        /// -1 for a fixed text.
        var column: Int
        var fixed: ContiguousArray<UInt8> = []
        /// What values mean, by ``CodedValue/keys(_:)``.
        var meanings: [String: String] = [:]
        /// A number of its own, under which what its cells mean is remembered.
        var number = 0

        var isAbsent: Bool { column < 0 && fixed.isEmpty }
    }

    struct Event: Sendable {
        /// The event, or `nil` where a column says it.
        var kind: EventKind?
        var name: ContiguousArray<UInt8> = []
        var kindColumn = Value(column: -1)
        var dates: [Value]
        var isNeeded: Bool
        var conditions: [Condition]
        /// In the order of ``EventCell``.
        var values: [Value]
    }

    /// What the hot loop asks of an event, without a pointer in it.
    struct PlainEvent: Sendable, BitwiseCopyable {
        var date: Int
        /// -1 for none.
        var otherDate: Int
        var hasConditions: Bool
        var isNeeded: Bool
        var isStart: Bool
        /// The kind of step it belongs to.
        var step: UInt8?
        /// The kind of step whose name it bears: for conferences that of the enquiry.
        var family: UInt8?
        /// Whether a column says which event it is.
        var isByValue: Bool
    }

    /// A value of an event, without a pointer in it.
    struct PlainCell: Sendable, BitwiseCopyable {
        /// How many there are of each event: in the order of ``EventText/header``, without the date.
        static let perEvent = 11
        /// The places of the event's name, of its step and of the day it was recorded.
        static let event = 1
        static let step = 3
        static let recorded = 4
        /// -1 for a fixed text.
        var column: Int
        /// The number of its value map, 0 for none; of a fixed text its place among ``MappedTable/fixed``.
        var map: Int
        var isEmpty: Bool
    }

    struct Condition: Sendable {
        var value: Value
        var accepted: Set<String>
        var isUnless: Bool
    }

    /// The headings as they stand.
    let header: [String]
    /// The number of columns of the header, without empty ones at its end.
    let width: Int
    /// The places in the file of the columns that are read.
    private(set) var columns: [Int] = []
    /// Their headings.
    private(set) var headings: [String] = []
    private(set) var conditions: [Condition] = []
    private(set) var events: [Event] = []
    let dateForms: Set<DateForm>
    let nothing: Set<String>
    /// The headings of the columns that are not read.
    let extra: [String]
    /// The events that the file can tell of.
    let carries: Set<EventKind>
    /// Whether it says when its rows were recorded.
    let hasRecorded: Bool
    /// The place among ``columns`` of the child's id; -1 where it is fixed.
    let child: Int
    /// Its heading, as headings are compared.
    let childHeading: ContiguousArray<UInt8>
    /// The events and their values, flat, for the hot loop.
    private(set) var plainEvents: ContiguousArray<PlainEvent> = []
    private(set) var plainCells: ContiguousArray<PlainCell> = []
    private(set) var fixed: ContiguousArray<ContiguousArray<UInt8>> = []
    /// The columns that say when rows were recorded.
    private(set) var recordedColumns: ContiguousArray<Int> = []
    private(set) var hasMaps = false
    /// The value maps by their numbers.
    private(set) var maps: ContiguousArray<[String: String]> = []
    /// The highest number of a condition or value map.
    let valueCount: Int

    /// Binds a mapping to a header.
    ///
    /// - Throws: ``ExportError`` where a column that is needed is not there, or stands twice.
    init(_ mapping: TableMapping, header: [String], line: Int = 1, file: String) throws(ExportError) {
        let names = header.map(Heading.normal)
        self.header = header.map { $0.trimmingBlanks() }
        width = (names.lastIndex { !$0.isEmpty } ?? -1) + 1
        dateForms = mapping.dateForms
        nothing = Set(mapping.nothing.map { $0.lowercased() })
        var binder = Binder(names: names, header: header, line: line, file: file, isLenient: mapping.hasOptionalColumns)
        let childCell = mapping.cells[.child] ?? Cell(columns: [])
        let childValue = try binder.value(childCell, isNeeded: true)
        child = childValue.column
        for condition in mapping.conditions {
            if let bound = try binder.condition(condition) { conditions.append(bound) }
        }
        var carries: Set<EventKind> = []
        for event in mapping.events {
            guard let bound = try binder.event(event, mapping) else { continue }
            events.append(bound)
            guard event.isCarried else { continue }
            switch event.kind {
            case .fixed(let kind): carries.insert(kind)
            case .byValue(let cell): carries.formUnion(cell.values.values.compactMap(EventKind.init(name:)))
            }
        }
        self.carries = carries
        hasRecorded = events.contains { !$0.values[EventCell.recorded.index].isAbsent }
        valueCount = binder.valueCount
        columns = binder.places
        headings = binder.places.map { header[$0].trimmingBlanks() }
        let used = Set(columns)
        extra = header.indices.filter { !used.contains($0) && !names[$0].isEmpty }.map { header[$0].trimmingBlanks() }
        childHeading = child >= 0 ? ContiguousArray(Heading.normal(headings[child]).utf8) : []
        maps = ContiguousArray(repeating: [:], count: valueCount + 1)
        for event in events { flatten(event) }
    }

    private static func family(_ kind: EventKind) -> StepKind? {
        switch kind {
        case .icpcArranged, .icpcHeld, .icpcNotRequired: .s47
        default: kind.step
        }
    }

    private mutating func flatten(_ event: Event) {
        plainEvents.append(
            PlainEvent(
                date: event.dates[0].column, otherDate: event.dates.count > 1 ? event.dates[1].column : -1,
                hasConditions: !event.conditions.isEmpty, isNeeded: event.isNeeded,
                isStart: event.kind?.isStepStart == true, step: event.kind?.step?.rawValue,
                family: event.kind.flatMap(Self.family)?.rawValue, isByValue: event.kind == nil))
        let kind = event.kind == nil ? event.kindColumn : Value(column: -1, fixed: event.name)
        let recorded = event.values[EventCell.recorded.index].column
        if recorded >= 0, !recordedColumns.contains(recorded) { recordedColumns.append(recorded) }
        for value in [event.values[0], kind] + event.values.dropFirst() {
            var cell = PlainCell(column: value.column, map: 0, isEmpty: value.isAbsent)
            if value.column < 0 {
                cell.map = fixed.count
                fixed.append(value.fixed)
            } else if !value.meanings.isEmpty {
                cell.map = value.number
                maps[value.number] = value.meanings
                hasMaps = true
            }
            plainCells.append(cell)
        }
    }

    /// Finds the columns that a mapping names.
    private struct Binder {
        let names: [String]
        let header: [String]
        let line: Int
        let file: String
        let isLenient: Bool
        private(set) var places: [Int] = []
        private(set) var valueCount = 0

        init(names: [String], header: [String], line: Int, file: String, isLenient: Bool) {
            self.names = names
            self.header = header
            self.line = line
            self.file = file
            self.isLenient = isLenient
        }

        mutating func value(_ cell: Cell, isNeeded: Bool = false) throws(ExportError) -> Value {
            guard !cell.columns.isEmpty else { return Value(column: -1, fixed: ContiguousArray(cell.fixed.utf8)) }
            let names = names
            let found = cell.columns.lazy.compactMap { name in names.firstIndex(of: Heading.normal(name)) }.first
            guard let place = found else {
                if isLenient && !isNeeded { return Value(column: -1) }
                throw ExportError(
                    .missingColumn, file: file, line: line, column: cell.columns[0],
                    message: "the header does not have the column",
                    hint: "look at the columns with `cards inspect`, and correct the mapping")
            }
            guard names.lastIndex(of: names[place]) == place else {
                throw ExportError(
                    .repeatedColumn, file: file, line: line, column: cell.columns[0],
                    message: "the header has the column twice", hint: "remove or rename one of the two")
            }
            valueCount += 1
            var value = Value(column: column(place), number: valueCount)
            for (key, meaning) in cell.values { value.meanings[key.lowercased()] = meaning }
            return value
        }

        private mutating func column(_ place: Int) -> Int {
            if let known = places.firstIndex(of: place) { return known }
            places.append(place)
            return places.count - 1
        }

        mutating func condition(_ condition: Exports.Condition) throws(ExportError) -> Condition? {
            let value = try value(condition.column)
            guard value.column >= 0 else { return nil }
            return Condition(
                value: value, accepted: Set(condition.values.map { $0.lowercased() }), isUnless: condition.isUnless)
        }

        /// - Returns: `nil` where the file has no column for the event's date, and may lack it.
        mutating func event(_ event: EventMapping, _ table: TableMapping) throws(ExportError) -> Event? {
            var dates: [Value] = []
            for cell in event.dates {
                let value = try value(cell)
                if value.column >= 0 { dates.append(value) }
            }
            guard !dates.isEmpty else { return nil }
            var bound = Event(dates: dates, isNeeded: event.isNeeded, conditions: [], values: [])
            for condition in event.conditions {
                if let condition = try self.condition(condition) {
                    bound.conditions.append(condition)
                } else if !condition.isUnless {
                    // What cannot be asked for chooses nothing, rather than everything.
                    return nil
                }
            }
            switch event.kind {
            case .fixed(let kind):
                bound.kind = kind
                bound.name = ContiguousArray(kind.name.utf8)
            case .byValue(let cell): bound.kindColumn = try value(cell)
            }
            for cell in EventCell.allCases {
                let source = event.cells[cell] ?? table.cells[cell] ?? Cell(fixed: "")
                bound.values.append(try value(source))
            }
            return bound
        }
    }
}

extension TableMapping {
    /// Whether a record has the headings of the child and of a date, under whatever titles it may stand.
    func hasHeadings(_ names: [String]) -> Bool {
        let headings = Set(names.map(Heading.normal))
        func has(_ columns: [String]) -> Bool { columns.contains { headings.contains(Heading.normal($0)) } }
        return has(cells[.child]?.columns ?? []) && has(events.flatMap(\.dates).flatMap(\.columns))
    }
}

extension EventCell {
    /// The place among ``allCases``.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// How headings and names are compared.
public enum Heading {
    /// The letters and digits of a name, in one case: `List_4.csv` and `list 4.csv` are one.
    public static func key(_ name: String) -> String { String(name.lowercased().filter { $0.isLetter || $0.isNumber }) }

    /// How many records there may be at most down to the headings.
    static let mostAbove = 30

    /// A heading in small letters, blanks of any kind and number being one.
    static func normal(_ heading: String) -> String {
        heading.lowercased().split { $0.isWhitespace || $0 == "\u{FEFF}" }.joined(separator: " ")
    }

    /// Whether the first line ends with a carriage return alone, as old Macs ended lines: then the file is one line.
    static func hasLoneReturns(_ text: some Sequence<UInt8>) -> Bool {
        var isQuoted = false
        var isAfterReturn = false
        for byte in text {
            if isAfterReturn { return byte != UInt8(ascii: "\n") }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if byte == UInt8(ascii: "\n") { return false }
            isAfterReturn = byte == UInt8(ascii: "\r")
        }
        return false
    }
}

/// The ways in which a coded cell can be written: the code, the label, or both.
enum CodedValue {
    /// Everything that a cell such as `a) Yes` may be called: the whole, the code, the label.
    static func keys(_ cell: String) -> [String] {
        let whole = cell.lowercased()
        for separator in [") ", " - ", ": ", ")"] {
            guard let place = whole.firstRange(of: separator) else { continue }
            let code = String(whole[..<place.lowerBound])
            let label = String(whole[place.upperBound...])
            if !code.isEmpty, code.count <= 4, !label.isEmpty { return [whole, code, label.trimmingBlanks()] }
        }
        return [whole]
    }
}

extension String {
    /// The first place of a text in this one.
    func firstRange(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
