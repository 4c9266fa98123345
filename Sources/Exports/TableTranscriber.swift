import CaseEvents
import DelimitedText
import WorkingCalendar

/// Turns records of a mapped table into rows of the case-events format.
///
/// One goes over one block; nothing it does depends on the records before.
struct TableTranscriber {
    private let table: MappedTable
    private let file: String
    private let dates: WrittenDates
    private var fields: FieldReader
    private let mayHaveQuotes: Bool
    /// The cleaned cells of the record, in the order of the table's columns.
    private var cells: [Range<Int>]
    private var plainDates = PlainDates()
    /// What cells mean and whether they meet a condition: distinct values are few.
    private var meanings: [Lookup: ContiguousArray<UInt8>] = [:]
    private var answers: [Lookup: Bool] = [:]
    private(set) var text = EventText()
    private(set) var tally = RecordTally()
    private(set) var rejected: [RejectedRow] = []
    private(set) var failure: ExportError?
    /// For each way of writing dates, the first line that has it.
    private(set) var forms: [DateForm: UInt32] = [:]
    private let source: Int
    private var line: UInt32 = 0

    private struct Lookup: Hashable {
        /// The number of the mapping's value.
        var number: Int
        var cell: ContiguousArray<UInt8>
    }

    /// What the records of a block came to.
    struct Outcome: Sendable {
        var text: EventText
        var tally: RecordTally
        var rejected: [RejectedRow]
        var forms: [DateForm: UInt32]
        /// The number of lines of the block; 0 where its records brought their own.
        var lines: UInt32
        var failure: ExportError?
    }

    /// Transcribes a block of whole records, the first of which is left out where it is the header.
    ///
    /// The `lines` are those of the records in their source, where the text itself is not the source.
    ///
    /// - Complexity: O(*n*) in the number of bytes, times the events of a record.
    static func transcribe(
        _ block: TextBlock, lines: ContiguousArray<UInt32>?, table: MappedTable, delimiter: UInt8, file: String,
        source: Int, skipsHeader: Bool
    ) -> Outcome {
        var transcriber = TableTranscriber(block, table, file, source)
        let count = transcriber.run(block, lines, delimiter, skipsHeader: skipsHeader)
        return Outcome(
            text: transcriber.text, tally: transcriber.tally, rejected: transcriber.rejected, forms: transcriber.forms,
            lines: count, failure: transcriber.failure)
    }

    private init(_ block: TextBlock, _ table: MappedTable, _ file: String, _ source: Int) {
        self.table = table
        self.file = file
        self.source = source
        dates = WrittenDates(forms: table.dateForms)
        fields = FieldReader(bytes: block.bytes)
        mayHaveQuotes = block.hasQuotes
        cells = [Range<Int>](repeating: 0..<0, count: table.columns.count)
        text.reserveCapacity(block.count)
    }

    private mutating func run(
        _ block: TextBlock, _ lines: ContiguousArray<UInt32>?, _ delimiter: UInt8, skipsHeader: Bool
    ) -> UInt32 {
        let (ends, facts) = FieldScanner(delimiter: delimiter).scan(block)
        var first = 0
        var start = 0
        var record = 0
        var isHeader = skipsHeader
        var textLine: UInt32 = 0
        while first < ends.count && failure == nil {
            var last = first
            while ends[last] & FieldScanner.recordEnd == 0 { last += 1 }
            let end = Int(ends[last] & ~FieldScanner.recordEnd)
            line = lines.map { $0[record] } ?? textLine
            if isHeader {
                isHeader = false
            } else {
                take(ends[first...last], start: start, end: end)
            }
            textLine += 1
            if facts.hasQuotedLineFeed { for index in start..<end where fields.bytes[index] == 10 { textLine += 1 } }
            record += 1
            start = end + 1
            first = last + 1
        }
        return lines == nil ? textLine : 0
    }

    // MARK: A record

    private mutating func take(_ ends: ArraySlice<UInt32>, start: Int, end: Int) {
        let stop = end > start && fields.bytes[end - 1] == 13 ? end - 1 : end
        guard !isBlank(start, stop) else { return }
        tally.records += 1
        // What was unquoted for the record before is not needed any more.
        guard let width = clean(ends, start: start, stop: stop) else { return }
        guard width >= table.width, !hasMore(ends, start: start, stop: stop) else {
            return reject(.fieldCount, start, stop)
        }
        if isRepeatedHeader {
            tally.repeatedHeaders += 1
        } else if isTotal(start, stop) {
            tally.totals += 1
        } else if !table.conditions.allSatisfy({ meets($0) }) {
            tally.leftOut += 1
        } else {
            writeEvents()
        }
    }

    /// Whether the record is nothing but blanks and separators: a line that a spreadsheet left.
    private func isBlank(_ start: Int, _ stop: Int) -> Bool {
        for index in start..<stop {
            let byte = fields.bytes[index]
            if byte > 32 && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";") { return false }
        }
        return true
    }

    /// Finds and cleans the cells that are read.
    ///
    /// - Returns: The number of fields; `nil` where a quote is where none may be.
    private mutating func clean(_ ends: ArraySlice<UInt32>, start: Int, stop: Int) -> Int? {
        func bounds(_ place: Int) -> Range<Int> {
            let index = ends.startIndex + place
            let begin = place == 0 ? start : Int(ends[index - 1] & ~FieldScanner.recordEnd) + 1
            let end = index == ends.endIndex - 1 ? stop : Int(ends[index] & ~FieldScanner.recordEnd)
            return begin..<max(begin, end)
        }
        if mayHaveQuotes {
            for place in 0..<ends.count {
                let saved = fields.bytes.count
                let range = bounds(place)
                let isFine = fields.field(range.lowerBound, range.upperBound, mayBeQuoted: true) != nil
                fields.bytes.removeSubrange(saved...)
                guard isFine else {
                    fail(
                        .strayQuote, column: "", message: "a field has a quote in the wrong place",
                        hint: "a field with quotes must begin and end with \", and double each \" inside")
                    return nil
                }
            }
        }
        for (index, place) in table.columns.enumerated() {
            guard place < ends.count else {
                cells[index] = start..<start
                continue
            }
            let range = bounds(place)
            let cell = fields.field(range.lowerBound, range.upperBound, mayBeQuoted: mayHaveQuotes) ?? start..<start
            cells[index] = isNothing(cell) ? cell.lowerBound..<cell.lowerBound : fields.value(cell)
        }
        return ends.count
    }

    /// Whether there is something in the fields past the header's last.
    private func hasMore(_ ends: ArraySlice<UInt32>, start: Int, stop: Int) -> Bool {
        guard ends.count > table.width, table.width > 0 else { return false }
        let begin = Int(ends[ends.startIndex + table.width - 1] & ~FieldScanner.recordEnd) + 1
        return begin < stop && !isBlank(begin, stop) && !isSeparators(begin, stop, ends)
    }

    /// A tab between fields counts as a blank already.
    private func isSeparators(_ start: Int, _ stop: Int, _ ends: ArraySlice<UInt32>) -> Bool {
        let places = Set(ends.map { Int($0 & ~FieldScanner.recordEnd) })
        return (start..<stop).allSatisfy { places.contains($0) || fields.bytes[$0] <= 32 }
    }

    private func isNothing(_ cell: Range<Int>) -> Bool {
        if cell.count == 1, fields.bytes[cell.lowerBound] == UInt8(ascii: ":") { return true }
        return !table.nothing.isEmpty && table.nothing.contains(fields.string(cell).lowercased())
    }

    private var isRepeatedHeader: Bool {
        let cell = cells[table.child]
        guard cell.count > 0, fields.bytes[cell.lowerBound] > 64 else { return false }
        return Heading.normal(fields.string(cell)) == Heading.normal(table.headings[table.child])
    }

    /// Whether the record is a list's last line, which adds the others up: it begins with "total".
    private func isTotal(_ start: Int, _ stop: Int) -> Bool {
        var begin = start
        while begin < stop, fields.bytes[begin] <= 34 || fields.bytes[begin] == UInt8(ascii: ",") { begin += 1 }
        for word in ["total", "grand total"] where stop - begin >= word.utf8.count {
            let head = fields.string(begin..<begin + word.utf8.count).lowercased()
            if head == word { return cells[table.child].isEmpty || cells[table.child].lowerBound == begin }
        }
        return false
    }

    // MARK: Events

    private mutating func writeEvents() {
        var written = 0
        var kinds: [StepKind] = []
        var undated: [Int] = []
        for index in table.events.indices {
            let event = table.events[index]
            guard event.conditions.isEmpty || event.conditions.allSatisfy({ meets($0) }) else { continue }
            var date: WrittenDates.Reading = .none
            var dateCell = 0..<0
            for value in event.dates {
                dateCell = cells[value.column]
                date = read(dateCell)
                if case .monthOver12 = date {
                    return fail(
                        .monthOver12, column: table.headings[value.column],
                        message: "a date's second number is over 12; slashes always mean dd/mm/yyyy",
                        hint: "export the column as dd/mm/yyyy or yyyy-mm-dd")
                }
                if date != .none { break }
            }
            if date == .none {
                undated.append(index)
                continue
            }
            write(index, date, dateCell)
            written += 1
            if let kind = event.kind?.step { kinds.append(kind) }
        }
        for index in undated {
            let event = table.events[index]
            // A step that has a name and no date at all must not vanish.
            let isNamedStart =
                event.kind?.isStepStart == true && !cell(event.values[EventCell.step.index]).isEmpty
                && !kinds.contains { $0 == event.kind?.step }
            guard event.isNeeded || isNamedStart else { continue }
            write(index, .none, 0..<0)
            written += 1
        }
        if written == 0 { tally.withoutEvent += 1 }
    }

    private mutating func write(_ index: Int, _ date: WrittenDates.Reading, _ dateCell: Range<Int>) {
        let event = table.events[index]
        add(event.values[EventCell.child.index])
        if event.kind == nil { add(event.kindColumn) } else { text.add(plain: event.name) }
        switch date {
        case .date(let day, _): text.add(day)
        default: text.add(fields.bytes, dateCell)
        }
        add(event.values[EventCell.referral.index])
        add(event.values[EventCell.step.index])
        let recorded = cell(event.values[EventCell.recorded.index])
        if case .date(let day, _) = read(recorded) { text.add(day) } else { text.add(fields.bytes, recorded) }
        for cell in EventCell.allCases.dropFirst(4) { add(event.values[cell.index]) }
        text.endRow(line: line)
    }

    private func cell(_ value: MappedTable.Value) -> Range<Int> { value.column >= 0 ? cells[value.column] : 0..<0 }

    private mutating func add(_ value: MappedTable.Value) {
        guard value.column >= 0 else { return text.add(plain: value.fixed) }
        let cell = cells[value.column]
        guard !value.meanings.isEmpty, !cell.isEmpty else { return text.add(fields.bytes, cell) }
        let lookup = Lookup(number: value.number, cell: ContiguousArray(fields.bytes[cell]))
        if let known = meanings[lookup] { return text.add(ArraySlice(known)) }
        let keys = CodedValue.keys(fields.string(cell))
        let meaning = keys.lazy.compactMap { value.meanings[$0] }.first.map { ContiguousArray($0.utf8) }
        meanings[lookup] = meaning ?? lookup.cell
        text.add(ArraySlice(meaning ?? lookup.cell))
    }

    private mutating func meets(_ condition: MappedTable.Condition) -> Bool {
        let cell = cells[condition.value.column]
        let lookup = Lookup(number: condition.value.number, cell: ContiguousArray(fields.bytes[cell]))
        let isAccepted =
            answers[lookup]
            ?? !Set(CodedValue.keys(fields.string(cell))).isDisjoint(with: condition.accepted)
        answers[lookup] = isAccepted
        return isAccepted != condition.isUnless
    }

    private mutating func read(_ cell: Range<Int>) -> WrittenDates.Reading {
        guard !cell.isEmpty else { return .none }
        let reading = dates.read(fields, cell)
        if case .date(_, let form) = reading, forms[form] == nil { forms[form] = line }
        return reading
    }

    // MARK: What is wrong

    /// Sets a record aside whose fields cannot be told apart: it stands whole in the first cell.
    private mutating func reject(_ code: FindingCode, _ start: Int, _ stop: Int) {
        var row = EventText()
        row.add(fields.bytes, start..<stop)
        for _ in EventText.header.dropFirst() { row.add(plain: []) }
        row.endRow(line: line)
        rejected.append(
            RejectedRow(
                source: source, line: line, code: code, value: "", child: "", team: "", day: nil,
                text: String(decoding: row.bytes.dropLast(), as: UTF8.self)))
    }

    private mutating func fail(_ code: ExportError.Code, column: String, message: String, hint: String) {
        guard failure == nil else { return }
        failure = ExportError(code, file: file, line: Int(line), column: column, message: message, hint: hint)
    }
}
