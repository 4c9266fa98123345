import CaseEvents
import Columnar
import DelimitedText
import Glibc
import WorkingCalendar

/// Turns records of a mapped table into rows of the case-events format.
///
/// One goes over one block; nothing it does depends on the records before. This is a hot loop, called for
/// every event of every record: it works on places in the block, and asks what a cell means, or whether it
/// meets a condition, once for each different value.
struct TableTranscriber {
    private let table: MappedTable
    private let file: String
    private let source: Int
    private let dates: WrittenDates
    private var fields: FieldReader
    private let mayHaveQuotes: Bool
    /// Whether a cell of the record can hold what must be quoted in the case-events format.
    private var mayNeedQuotes = false
    private let hasOtherDelimiter: Bool
    /// The cleaned cells of the record, in the order of the table's columns.
    private var cells: ContiguousArray<Range<Int>>
    /// Whether each has to be quoted in the case-events format.
    private var needsQuotes: ContiguousArray<Bool>
    /// Of columns whose values are looked up: the different values, and the number of the record's own; -1 unknown.
    private var values: ContiguousArray<IdTable>
    private var symbols: ContiguousArray<Int>
    /// For each condition and value map, by the symbol of the cell: what was found out already.
    private var answers: ContiguousArray<ContiguousArray<Bool?>>
    private var meanings: ContiguousArray<ContiguousArray<ContiguousArray<UInt8>?>>
    /// The dates of the record's columns, as far as they were asked for.
    private var readings: ContiguousArray<WrittenDates.Reading?>
    /// The events that the record is, each with the column of its date; -1 for none.
    private var chosen: ContiguousArray<(event: Int, date: Int)> = []
    private var plainDates = PlainDates()
    private var text = EventText()
    private var tally = RecordTally()
    private var rejected: [RejectedRow] = []
    private var failure: ExportError?
    /// For each way of writing dates, the first line that has it.
    private var forms = ContiguousArray<UInt32?>(repeating: nil, count: DateForm.allCases.count)
    private var line: UInt32 = 0

    /// What the records of a block came to.
    struct Outcome: Sendable {
        var text: EventText
        var tally: RecordTally
        var rejected: [RejectedRow]
        /// For each way of writing dates, the first line that has it.
        var forms: [DateForm: UInt32]
        /// The number of lines of the block; 0 where its records brought their own.
        var lines: UInt32
        var failure: ExportError?
    }

    /// Transcribes a block of whole records, of which the first few are left out: the header, and what is above it.
    ///
    /// The `lines` are those of the records in their source, where the text itself is not the source.
    ///
    /// - Complexity: O(*n*) in the number of bytes, times the events of a record.
    static func transcribe(
        _ block: TextBlock, lines: ContiguousArray<UInt32>?, table: MappedTable, delimiter: UInt8, file: String,
        source: Int, skipping skipped: Int
    ) -> Outcome {
        var transcriber = TableTranscriber(block, table, delimiter, file, source)
        let count = transcriber.run(block, lines, delimiter, skipping: skipped)
        var forms: [DateForm: UInt32] = [:]
        for (index, form) in DateForm.allCases.enumerated() { forms[form] = transcriber.forms[index] }
        return Outcome(
            text: transcriber.text, tally: transcriber.tally, rejected: transcriber.rejected, forms: forms,
            lines: count, failure: transcriber.failure)
    }

    private init(_ block: TextBlock, _ table: MappedTable, _ delimiter: UInt8, _ file: String, _ source: Int) {
        self.table = table
        self.file = file
        self.source = source
        dates = WrittenDates(forms: table.dateForms)
        fields = FieldReader(bytes: block.bytes)
        mayHaveQuotes = block.hasQuotes
        hasOtherDelimiter = delimiter != UInt8(ascii: ",")
        let count = table.columns.count
        cells = ContiguousArray(repeating: 0..<0, count: count)
        needsQuotes = ContiguousArray(repeating: false, count: count)
        values = ContiguousArray((0..<count).map { _ in IdTable() })
        symbols = ContiguousArray(repeating: -1, count: count)
        readings = ContiguousArray(repeating: nil, count: count)
        answers = ContiguousArray(repeating: [], count: table.valueCount + 1)
        meanings = ContiguousArray(repeating: [], count: table.valueCount + 1)
        text.reserveCapacity(block.count)
    }

    private mutating func run(
        _ block: TextBlock, _ lines: ContiguousArray<UInt32>?, _ delimiter: UInt8, skipping skipped: Int
    ) -> UInt32 {
        let (ends, facts) = FieldScanner(delimiter: delimiter).scan(block)
        var first = 0
        var start = 0
        var record = 0
        var textLine: UInt32 = 0
        while first < ends.count && failure == nil {
            var last = first
            while ends[last] & FieldScanner.recordEnd == 0 { last += 1 }
            let end = Int(ends[last] & ~FieldScanner.recordEnd)
            line = lines.map { $0[record] } ?? textLine
            if record >= skipped { take(ends, first...last, start: start, end: end) }
            textLine += 1
            if facts.hasQuotedLineFeed { for index in start..<end where fields.bytes[index] == 10 { textLine += 1 } }
            record += 1
            start = end + 1
            first = last + 1
        }
        return lines == nil ? textLine : 0
    }

    // MARK: A record

    private mutating func take(
        _ ends: ContiguousArray<UInt32>, _ places: ClosedRange<Int>, start: Int, end: Int
    ) {
        let stop = end > start && fields.bytes[end - 1] == 13 ? end - 1 : end
        guard !isBlank(start, stop) else { return }
        tally.records += 1
        mayNeedQuotes =
            has(UInt8(ascii: "\""), start, stop) || (hasOtherDelimiter && has(UInt8(ascii: ","), start, stop))
        guard !mayHaveQuotes || checkQuotes(ends, places, start: start, stop: stop) else { return }
        clean(ends, places, start: start, stop: stop)
        // A line of totals may have fewer fields than the header.
        if isTotal(start, stop) {
            tally.totals += 1
            return
        }
        guard places.count >= table.width, !hasMore(ends, places, start: start, stop: stop) else {
            return reject(.fieldCount, start, stop)
        }
        if isRepeatedHeader {
            tally.repeatedHeaders += 1
        } else if !meets(table.conditions) {
            tally.leftOut += 1
        } else {
            writeEvents()
        }
    }

    /// Whether the record is nothing but blanks, separators and dashes: a line that a spreadsheet left, or the rule
    /// that a database's program draws under its headings.
    private func isBlank(_ start: Int, _ stop: Int) -> Bool {
        for index in start..<stop {
            let byte = fields.bytes[index]
            switch byte {
            case 0...34, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "-"): continue
            default: return false
            }
        }
        return true
    }

    /// Whether a byte stands in a part of the block.
    private func has(_ byte: UInt8, _ start: Int, _ stop: Int) -> Bool {
        unsafe fields.bytes.withUnsafeBytes { text in
            unsafe memchr(text.baseAddress.unsafelyUnwrapped + start, Int32(byte), stop - start) != nil
        }
    }

    @inline(__always)
    private func bounds(
        _ ends: ContiguousArray<UInt32>, _ places: ClosedRange<Int>, _ place: Int, start: Int, stop: Int
    ) -> Range<Int> {
        let index = places.lowerBound &+ place
        let begin = place == 0 ? start : Int(ends[index &- 1] & ~FieldScanner.recordEnd) &+ 1
        let end = index == places.upperBound ? stop : Int(ends[index] & ~FieldScanner.recordEnd)
        return begin..<max(begin, end)
    }

    /// Refuses a quote where RFC 4180 has none, in any column, because what follows it cannot be trusted.
    private mutating func checkQuotes(
        _ ends: ContiguousArray<UInt32>, _ places: ClosedRange<Int>, start: Int, stop: Int
    ) -> Bool {
        for place in 0..<places.count {
            let saved = fields.bytes.count
            let range = bounds(ends, places, place, start: start, stop: stop)
            let isFine = fields.field(range.lowerBound, range.upperBound, mayBeQuoted: true) != nil
            fields.bytes.removeSubrange(saved...)
            guard isFine else {
                fail(
                    .strayQuote, column: place < table.header.count ? table.header[place] : "",
                    message: "a field has a quote in the wrong place",
                    hint: "a field with quotes must begin and end with \", and double each \" inside")
                return false
            }
        }
        return true
    }

    /// Finds and cleans the cells that are read.
    private mutating func clean(
        _ ends: ContiguousArray<UInt32>, _ places: ClosedRange<Int>, start: Int, stop: Int
    ) {
        for index in cells.indices {
            symbols[index] = -1
            readings[index] = nil
            let place = table.columns[index]
            guard place < places.count else {
                cells[index] = start..<start
                continue
            }
            let range = bounds(ends, places, place, start: start, stop: stop)
            let cell = fields.field(range.lowerBound, range.upperBound, mayBeQuoted: mayHaveQuotes) ?? start..<start
            let value = isNothing(cell) ? cell.lowerBound..<cell.lowerBound : fields.value(cell)
            cells[index] = value
            needsQuotes[index] = mayNeedQuotes && EventText.mustBeQuoted(fields.bytes.span, value)
        }
    }

    /// Whether there is something in the fields past the header's last.
    private func hasMore(
        _ ends: ContiguousArray<UInt32>, _ places: ClosedRange<Int>, start: Int, stop: Int
    ) -> Bool {
        guard places.count > table.width else { return false }
        return (table.width..<places.count).contains { place in
            let range = bounds(ends, places, place, start: start, stop: stop)
            return range.contains { fields.bytes[$0] > 32 && fields.bytes[$0] != UInt8(ascii: "\"") }
        }
    }

    private func isNothing(_ cell: Range<Int>) -> Bool {
        if cell.count == 1, fields.bytes[cell.lowerBound] == UInt8(ascii: ":") { return true }
        return !table.nothing.isEmpty && table.nothing.contains(fields.string(cell).lowercased())
    }

    private var isRepeatedHeader: Bool {
        guard table.child >= 0 else { return false }
        let (cell, heading) = (cells[table.child], table.childHeading)
        // Nearly every reference differs from the heading in length or in its first letters.
        guard cell.count >= heading.count, heading.count > 0 else { return false }
        for place in 0..<min(3, heading.count) where fields.bytes[cell.lowerBound + place] | 32 != heading[place] | 32 {
            return false
        }
        return Heading.normal(fields.string(cell)).utf8.elementsEqual(heading)
    }

    /// Whether the record is a list's last line, which adds the others up: it begins with "total".
    private func isTotal(_ start: Int, _ stop: Int) -> Bool {
        var begin = start
        let separators: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")]
        while begin < stop, fields.bytes[begin] <= 34 || separators.contains(fields.bytes[begin]) { begin += 1 }
        guard begin < stop, [UInt8(ascii: "t"), UInt8(ascii: "g")].contains(fields.bytes[begin] | 32) else {
            return false
        }
        for word in ["total", "grand total"] where stop - begin >= word.utf8.count {
            guard fields.string(begin..<begin + word.utf8.count).lowercased() == word else { continue }
            guard table.child >= 0, !cells[table.child].isEmpty else { return true }
            // A child's own reference may begin so, but not with a blank or the end behind it.
            let cell = cells[table.child]
            return cell.lowerBound == begin
                && (cell.count == word.utf8.count || fields.bytes[begin + word.utf8.count] <= 32)
        }
        return false
    }

    // MARK: Events

    /// Chooses the events that the record is, and writes them.
    ///
    /// First all that is asked of its cells, and then the rows: while they are written, nothing of the record
    /// changes.
    private mutating func writeEvents() {
        chosen.removeAll(keepingCapacity: true)
        var kinds: UInt8 = 0
        var hasUndated = false
        for index in table.plainEvents.indices {
            let event = table.plainEvents[index]
            if event.hasConditions, !meets(table.events[index].conditions) { continue }
            var column = event.date
            if reading(column) == .none, event.otherDate >= 0 { column = event.otherDate }
            if reading(column) == .none {
                hasUndated = true
                continue
            }
            chosen.append((index, column))
            if let step = event.step { kinds |= 1 &<< step }
        }
        guard failure == nil else { return }
        if hasUndated { chooseUndated(kinds) }
        if chosen.isEmpty { tally.withoutEvent += 1 }
        if table.hasMaps { for (index, _) in chosen { findMeanings(index) } }
        for column in table.recordedColumns { _ = reading(column) }
        writeRows()
    }

    /// Chooses the events that ought to have a date and have none; of some kinds of step another was chosen.
    private mutating func chooseUndated(_ kinds: UInt8) {
        for index in table.plainEvents.indices {
            let event = table.plainEvents[index]
            guard event.isNeeded || event.isStart || event.isByValue, meets(table.events[index].conditions),
                reading(event.date) == .none,
                event.otherDate < 0 || reading(event.otherDate) == .none
            else { continue }
            // A step that has a name and no date at all must not vanish.
            let step = table.events[index].values[EventCell.step.index]
            let kind = event.isByValue ? kindByValue(index) : nil
            let isNamedStart =
                (event.isStart || kind?.isStepStart == true) && step.column >= 0 && !cells[step.column].isEmpty
                && (event.step ?? kind?.step?.rawValue).map { kinds & (1 &<< $0) == 0 } ?? false
            if event.isNeeded || isNamedStart { chosen.append((index, -1)) }
        }
    }

    /// The event that a record's own column names.
    private mutating func kindByValue(_ index: Int) -> EventKind? {
        let column = table.events[index].kindColumn
        guard column.column >= 0 else { return nil }
        let cell = cells[column.column]
        let name = column.meanings.isEmpty ? ContiguousArray(fields.bytes[cell]) : meaning(of: cell, column.meanings)
        return EventKind(name: String(decoding: name, as: UTF8.self))
    }

    private mutating func writeRows() {
        // Moved, so that it can be written to while the cells are read.
        var rows = EventText()
        swap(&rows, &text)
        for (index, dateColumn) in chosen {
            let first = index &* MappedTable.PlainCell.perEvent
            for place in 0..<MappedTable.PlainCell.perEvent {
                let value = table.plainCells[first &+ place]
                if place == MappedTable.PlainCell.recorded {
                    write(date: value.column, to: &rows)
                } else if value.column >= 0 {
                    if value.map == 0 {
                        rows.add(fields.bytes.span, cells[value.column], needsQuotes: needsQuotes[value.column])
                    } else {
                        rows.add(meanings[value.map][symbols[value.column]] ?? [])
                    }
                } else if value.isEmpty {
                    if place == MappedTable.PlainCell.step, let name = stepName(index) {
                        rows.add(name)
                    } else {
                        rows.addEmpty()
                    }
                } else {
                    rows.add(table.fixed[value.map])
                }
                if place == MappedTable.PlainCell.event { write(date: dateColumn, to: &rows) }
            }
            rows.endRow(line: line)
        }
        swap(&rows, &text)
    }

    /// A name for the step of a record that has several events of it and no reference: its dates.
    ///
    /// Without one, a start and the end beside it would each be a row alone, and could be taken for parts of two
    /// steps. The same record twice has the same name.
    private func stepName(_ index: Int) -> ContiguousArray<UInt8>? {
        guard let family = table.plainEvents[index].family else { return nil }
        var name: ContiguousArray<UInt8> = []
        var hasStart = false
        var count = 0
        for (other, column) in chosen where table.plainEvents[other].family == family && column >= 0 {
            guard case .date(let day, _)? = readings[column] else { continue }
            hasStart = hasStart || table.plainEvents[other].isStart
            count += 1
            name += ContiguousArray("\(count == 1 ? "" : "/")\(day)".utf8)
        }
        return hasStart && count > 1 ? name : nil
    }

    /// Writes the date of a column, as a date where it can be read as one; -1 for none.
    @inline(__always)
    private func write(date column: Int, to rows: inout EventText) {
        guard column >= 0 else { return rows.addEmpty() }
        if case .date(let day, let form)? = readings[column] {
            let cell = cells[column]
            if cell.count == 10, form == .slashes {
                rows.add(slashes: fields.bytes.span, at: cell.lowerBound)
            } else if cell.count == 10, form == .iso {
                rows.add(fields.bytes.span, cell, needsQuotes: false)
            } else {
                rows.add(day)
            }
        } else if readings[column] == .bad, isOfOtherForm(cells[column]) {
            // Said in the finding, and no date to anybody.
            rows.add(ContiguousArray(fields.string(cells[column]).utf8) + ContiguousArray(" (not in dates)".utf8))
        } else {
            rows.add(fields.bytes.span, cells[column], needsQuotes: needsQuotes[column])
        }
    }

    /// Finds out what the cells of an event mean by its value maps.
    private mutating func findMeanings(_ index: Int) {
        let first = index * MappedTable.PlainCell.perEvent
        for place in first..<first + MappedTable.PlainCell.perEvent {
            let value = table.plainCells[place]
            guard value.column >= 0, value.map > 0 else { continue }
            let symbol = symbol(value.column)
            while meanings[value.map].count <= symbol { meanings[value.map].append(nil) }
            if meanings[value.map][symbol] == nil {
                meanings[value.map][symbol] = meaning(of: cells[value.column], table.maps[value.map])
            }
        }
    }

    private func meaning(of cell: Range<Int>, _ map: [String: String]) -> ContiguousArray<UInt8> {
        let keys = CodedValue.keys(fields.string(cell))
        guard let meaning = keys.lazy.compactMap({ map[$0] }).first else { return ContiguousArray(fields.bytes[cell]) }
        return ContiguousArray(meaning.utf8)
    }

    private mutating func meets(_ conditions: [MappedTable.Condition]) -> Bool {
        for condition in conditions {
            let symbol = symbol(condition.value.column)
            let number = condition.value.number
            while answers[number].count <= symbol { answers[number].append(nil) }
            var answer = answers[number][symbol]
            if answer == nil {
                let keys = CodedValue.keys(fields.string(cells[condition.value.column]))
                answer = !condition.accepted.isDisjoint(with: keys)
                answers[number][symbol] = answer
            }
            if answer == condition.isUnless { return false }
        }
        return true
    }

    /// The number of the value that a column has in this record, among those of the block.
    private mutating func symbol(_ column: Int) -> Int {
        if symbols[column] >= 0 { return symbols[column] }
        let cell = cells[column]
        let symbol = unsafe fields.bytes.withUnsafeBytes { text in
            let key = unsafe IdKey(cell, in: text)
            return unsafe values[column].intern(key, hash: key.hash(in: text), in: text)
        }
        symbols[column] = Int(symbol)
        return symbols[column]
    }

    /// The date that stands in a column of the record.
    private mutating func reading(_ column: Int) -> WrittenDates.Reading {
        if let known = readings[column] { return known }
        let cell = cells[column]
        let reading = cell.isEmpty ? .none : read(cell, column)
        readings[column] = reading
        return reading
    }

    private mutating func read(_ cell: Range<Int>, _ column: Int) -> WrittenDates.Reading {
        let plain = unsafe fields.bytes.withUnsafeBytes { unsafe plainDates.day($0, cell) }
        let reading: WrittenDates.Reading
        if let plain, dates.forms.contains(plain.format == .iso ? .iso : .slashes) {
            reading = .date(EventDay.date(plain.number), plain.format == .iso ? .iso : .slashes)
        } else {
            reading = dates.read(fields, cell)
        }
        switch reading {
        case .date(_, let form): if forms[form.index] == nil { forms[form.index] = line }
        case .monthOver12:
            fail(
                .monthOver12, column: table.headings[column],
                message: "a date's second number is over 12; slashes always mean dd/mm/yyyy",
                hint: "export the column as dd/mm/yyyy or yyyy-mm-dd")
        case .none, .bad: break
        }
        return reading
    }

    /// Whether a cell holds a date of a form that the mapping does not allow, which the next reader would take.
    private func isOfOtherForm(_ cell: Range<Int>) -> Bool {
        guard dates.forms.count < DateForm.allCases.count else { return false }
        if case .date = fields.date(cell) { return true }
        return false
    }

    // MARK: What is wrong

    /// Sets a record aside whose fields cannot be told apart: it stands whole in the first cell.
    private mutating func reject(_ code: FindingCode, _ start: Int, _ stop: Int) {
        var row = EventText()
        row.add(fields.bytes.span, start..<stop, needsQuotes: true)
        for _ in EventText.header.dropFirst() { row.addEmpty() }
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
