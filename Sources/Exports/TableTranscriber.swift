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
    let table: MappedTable
    let file: String
    let source: Int
    let dates: WrittenDates
    var fields: FieldReader
    private let mayHaveQuotes: Bool
    /// Whether a cell of the record can hold what must be quoted in the case-events format.
    private var mayNeedQuotes = false
    private let hasOtherDelimiter: Bool
    /// The cleaned cells of the record, in the order of the table's columns.
    var cells: ContiguousArray<Range<Int>>
    /// Whether each has to be quoted in the case-events format.
    var needsQuotes: ContiguousArray<Bool>
    /// Of columns whose values are looked up: the different values, and the number of the record's own; -1 unknown.
    var values: ContiguousArray<IdTable>
    var symbols: ContiguousArray<Int>
    /// For each condition and value map, by the symbol of the cell: what was found out already.
    var answers: ContiguousArray<ContiguousArray<Bool?>>
    var meanings: ContiguousArray<ContiguousArray<ContiguousArray<UInt8>?>>
    /// The dates of the record's columns, as far as they were asked for.
    var readings: ContiguousArray<WrittenDates.Reading?>
    /// The events that the record is, each with the column of its date; -1 for none.
    var chosen: ContiguousArray<(event: Int, date: Int)> = []
    var plainDates = PlainDates()
    var text = EventText()
    var tally = RecordTally()
    private var rejected: [RejectedRow] = []
    var failure: ExportError?
    /// For each way of writing dates, the first line that has it.
    var forms = ContiguousArray<UInt32?>(repeating: nil, count: DateForm.allCases.count)
    var line: UInt32 = 0

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

    mutating func fail(_ code: ExportError.Code, column: String, message: String, hint: String) {
        guard failure == nil else { return }
        failure = ExportError(code, file: file, line: Int(line), column: column, message: message, hint: hint)
    }
}
