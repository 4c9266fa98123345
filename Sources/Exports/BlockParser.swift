import CaseEvents
import Columnar
import DelimitedText
import WorkingCalendar

/// Turns one block of a case-events file into events: the hot loop of reading.
///
/// Every row goes one way: fields found by the scanner, the three needed ones cleaned and checked, a
/// rejected row set aside with its reason, the others folded into an event. Nothing is allocated for
/// a plain row.
struct BlockParser {
    let layout: CaseEventsLayout
    private let file: String
    let source: Int
    let knownAt: CivilDate?
    let vocabulary: EventVocabulary
    let mayHaveQuotes: Bool
    private var takesShortCuts = true
    /// Where each row comes from, in text that was made from another format: it has all dates in one form.
    let lines: ContiguousArray<UInt32>?
    private(set) var facts = FieldScanner.Facts()
    /// Whether the result has a failure, which is too large to look at for every row.
    private var hasFailed = false

    private var fields: FieldReader
    var result: ParsedBlock
    var builder: EventBuilder
    var actors = ActorTable()
    private var outcomes = IdTable()
    private var outcomeNames: [String] = []
    private(set) var line: UInt32 = 0
    let columns: ColumnPlaces
    var dates = PlainDates()

    /// The longest id, name or code that is read, in bytes.
    static let longestField = 200

    /// Parses a block.
    ///
    /// The first record is left out where it is the header.
    ///
    /// The builder of the room is empty, before and after. The `lines` say where each row comes from, in text that was
    /// made from another format.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    static func parse(
        _ block: TextBlock, lines: ContiguousArray<UInt32>? = nil, layout: CaseEventsLayout, file: String, source: Int,
        knownAt: CivilDate?, vocabulary: EventVocabulary, room: inout ParsingRoom, skipsHeader: Bool,
        takesShortCuts: Bool
    ) -> ParsedBlock {
        var parser = BlockParser(block, lines, layout, file, source, knownAt, vocabulary, EventBuilder.none)
        // Moved, not copied: what has two owners is copied when it is written to.
        swap(&parser.builder, &room.builder)
        defer { swap(&parser.builder, &room.builder) }
        // Which rows were known on a day is asked rarely, and needs care.
        parser.takesShortCuts = takesShortCuts && knownAt == nil
        parser.run(block, skipsHeader: skipsHeader, &room.ends)
        return parser.finish()
    }

    private init(
        _ block: TextBlock, _ lines: ContiguousArray<UInt32>?, _ layout: CaseEventsLayout, _ file: String,
        _ source: Int, _ knownAt: CivilDate?, _ vocabulary: EventVocabulary, _ builder: EventBuilder
    ) {
        self.lines = lines
        self.layout = layout
        self.file = file
        self.source = source
        self.knownAt = knownAt
        self.vocabulary = vocabulary
        mayHaveQuotes = block.hasQuotes
        fields = FieldReader(bytes: block.bytes)
        result = ParsedBlock()
        self.builder = builder
        columns = ColumnPlaces(layout)
        // The empty outcome and nobody come first, as they do in the store.
        outcomeNames = [""]
        _ = outcomes.intern("")
    }

    private mutating func run(_ block: TextBlock, skipsHeader: Bool, _ ends: inout ContiguousArray<UInt32>) {
        let count: Int
        (count, facts) = FieldScanner().scan(block, into: &ends)
        builder.reserveCapacity(count / max(layout.count, 1))
        unsafe block.bytes.withUnsafeBytes { text in
            unsafe ends.withUnsafeBufferPointer {
                unsafe run(text, UnsafeBufferPointer(rebasing: $0[..<count]), skipsHeader: skipsHeader)
            }
        }
    }

    private mutating func run(
        _ text: UnsafeRawBufferPointer, _ ends: UnsafeBufferPointer<UInt32>, skipsHeader: Bool
    ) {
        var first = 0
        var start = 0
        var isHeader = skipsHeader
        var row = 0
        while first < ends.count && !hasFailed {
            if let lines { line = lines[row] }
            row += 1
            var last = first
            while unsafe ends[last] & FieldScanner.recordEnd == 0 { last += 1 }
            let end = unsafe Int(ends[last] & ~FieldScanner.recordEnd)
            let isBlank = unsafe last == first && (end == start || (end == start + 1 && text[start] == 13))
            if end - start > BlockReader.longestRecord {
                fail(
                    .recordTooLong, column: "", message: "a row is longer than 1 MiB",
                    hint: "check that this is a text export with one row per line")
            }
            if !isBlank && !isHeader {
                let isTaken =
                    unsafe takesShortCuts && takePlainRow(text, ends, first, last, start: start, end: end)
                if !isTaken { unsafe parseRow(ends, first, last, start: start, end: end) }
            }
            isHeader = false
            line += facts.hasQuotedLineFeed ? lineFeeds(start, end) + 1 : 1
            start = end + 1
            first = last + 1
        }
        result.lines = line
    }

    private func lineFeeds(_ start: Int, _ end: Int) -> UInt32 {
        var count: UInt32 = 0
        for index in start..<end where fields.bytes[index] == 10 { count += 1 }
        return count
    }

    private mutating func finish() -> ParsedBlock {
        result.batch = builder.takeBatch(actors: actors.names, outcomes: outcomeNames)
        return result
    }

    // MARK: A row

    private mutating func parseRow(
        _ ends: UnsafeBufferPointer<UInt32>, _ first: Int, _ last: Int, start: Int, end: Int
    ) {
        guard last - first + 1 == layout.count else {
            reject(.fieldCount, "", start, end)
            return
        }
        if mayHaveQuotes { guard unsafe checkQuotes(ends, first, last, start) else { return } }
        func range(_ column: CaseEventsColumn) -> Range<Int> {
            let place = layout.place(column)
            guard place >= 0 else { return start..<start }
            let begin = unsafe place == 0 ? start : Int(ends[first + place - 1] & ~FieldScanner.recordEnd) + 1
            let stop = unsafe Int(ends[first + place] & ~FieldScanner.recordEnd)
            // The carriage return of a CRLF line end is no part of the last field.
            let hasReturn = first + place == last && stop > begin && fields.bytes[stop - 1] == 13
            return begin..<(hasReturn ? stop - 1 : stop)
        }
        func clean(_ column: CaseEventsColumn) -> Range<Int> {
            let raw = range(column)
            return fields.field(raw.lowerBound, raw.upperBound, mayBeQuoted: mayHaveQuotes) ?? start..<start
        }
        // Cleaning adds an unescaped field to the bytes, so it comes before they are read.
        func id(_ column: CaseEventsColumn) -> Range<Int> {
            let text = clean(column)
            return fields.id(text)
        }
        func value(_ column: CaseEventsColumn) -> Range<Int> {
            let text = clean(column)
            return fields.value(text)
        }
        let child = id(.child)
        let eventName = clean(.event)
        let dateText = clean(.date)
        let recordedText = clean(.recordedAt)
        let date = writtenDate(dateText)
        note(date, .date)
        let recording = writtenDate(recordedText)
        note(recording, .recordedAt)
        guard !hasFailed else { return }
        let recorded: CivilDate? = if case .date(let day, _) = recording { day } else { nil }
        if case .bad = recording { result.unreadableRecordings += 1 }
        let kindName = fields.value(eventName)
        let kind = unsafe fields.bytes.withUnsafeBytes { unsafe vocabulary.kind($0, kindName) }
        let day: CivilDate? = if case .date(let day, _) = date { day } else { nil }
        if let knownAt, let known = known(kind, day, recorded), known > knownAt {
            result.notYetKnown += 1
            return
        }
        if let recorded { note(recorded: EventDay.number(recorded)) }
        let team = value(.team)
        guard !child.isEmpty else {
            let childText = clean(.child)
            reject(.noChild, fields.string(childText), start, end, team: team, day: day)
            return
        }
        guard let kind else {
            reject(.unknownEvent, fields.string(eventName), start, end, child: child, team: team, day: day)
            return
        }
        let worker = id(.worker)
        let manager = id(.manager)
        let outcome = value(.outcome)
        let restricted = value(.restricted)
        var flags = Event.Flags.source(source)
        if !restricted.isEmpty {
            flags.insert(.statesRestriction)
            // Anything but a plain no counts as limited: a mistake must not open a record.
            if !["0", "n", "no", "false"].contains(fields.string(restricted).lowercased()) {
                flags.insert(.restricted)
            }
        }
        let referral = id(.referral)
        let step = id(.step)
        let family = id(.family)
        for (column, text) in [
            (CaseEventsColumn.child, child), (.referral, referral), (.step, step), (.family, family), (.team, team),
            (.worker, worker), (.manager, manager), (.outcome, outcome),
        ] { check(text, column) }
        var event = Event(
            actor: actor(team, worker, manager), line: line, day: 0, lag: Event.noLag, outcome: outcomeNumber(outcome),
            kind: kind, flags: flags)
        if let day {
            event.day = EventDay.number(day)
            if let recorded { event.lag = lag(day, recorded) }
            count(event)
        } else {
            let code: FindingCode = if case .none = date { .noDate } else { .badDate }
            reject(code, fields.string(dateText), start, end, child: child, team: team)
            guard kind.isStepStart else { return }
            event.flags.insert(.ghost)
            event.day = recorded.map { EventDay.number($0) } ?? 0
        }
        unsafe fields.bytes.withUnsafeBytes { text in
            unsafe builder.append(
                event, child: IdKey(child, in: text), referral: IdKey(referral, in: text), step: IdKey(step, in: text),
                family: IdKey(family, in: text), in: text)
        }
    }

    /// Reads a date; text made from another format has none with slashes that the format would allow.
    private func writtenDate(_ range: Range<Int>) -> DateField {
        let date = fields.date(range)
        guard lines != nil else { return date }
        switch date {
        case .date(_, .slashes), .monthOver12: return .bad
        default: return date
        }
    }

    /// Counts a row that is kept.
    @inline(__always)
    mutating func count(_ event: Event) {
        result.kept += 1
        result.kinds[Int(event.kind.rawValue)] += 1
        result.firstDay = min(result.firstDay, event.day)
        if event.day > result.lastDay && event.kind != .icpcArranged {
            result.lastDay = event.day
            result.lastDayLine = event.line
        }
    }

    /// Notes when a row was recorded, for the newest of the block.
    @inline(__always)
    mutating func note(recorded day: UInt16) {
        guard day > result.lastRecorded else { return }
        result.lastRecorded = day
        result.lastRecordedLine = line
    }

    /// The day from which a row is known; `nil` for always.
    private func known(_ kind: EventKind?, _ day: CivilDate?, _ recorded: CivilDate?) -> CivilDate? {
        // The date of a booking is the day booked for, which says nothing about when it was made.
        if kind == .icpcArranged { return recorded }
        guard let recorded else { return day }
        return max(recorded, day ?? recorded)
    }

    func lag(_ day: CivilDate, _ recorded: CivilDate) -> Int16 {
        let days = recorded.daysSinceEpoch - day.daysSinceEpoch
        return Int16(truncatingIfNeeded: max(Int32(Int16.min) + 1, min(Int32(Int16.max), days)))
    }

    // MARK: Checks

    /// Refuses a quote where RFC 4180 has none, in any column, because what follows it cannot be trusted.
    private mutating func checkQuotes(
        _ ends: UnsafeBufferPointer<UInt32>, _ first: Int, _ last: Int, _ start: Int
    ) -> Bool {
        var begin = start
        for index in first...last {
            let end = unsafe Int(ends[index] & ~FieldScanner.recordEnd)
            let isLast = index == last && end > begin && fields.bytes[end - 1] == 13
            let saved = fields.bytes.count
            let isFine = fields.field(begin, isLast ? end - 1 : end, mayBeQuoted: true) != nil
            fields.bytes.removeSubrange(saved...)
            guard isFine else {
                fail(
                    .strayQuote, column: layout.header[index - first],
                    message: "a field has a quote in the wrong place",
                    hint: "a field with quotes must begin and end with \", and double each \" inside")
                return false
            }
            begin = end + 1
        }
        return true
    }

    private mutating func check(_ text: Range<Int>, _ column: CaseEventsColumn) {
        if text.count > Self.longestField {
            fail(
                .fieldTooLong, column: column.rawValue, message: "a value is longer than 200 bytes",
                hint: "ids, names and codes are short; check that the columns are in the right order")
        }
        if facts.hasNonASCII, !fields.isUTF8(text) {
            fail(
                .notUTF8, column: column.rawValue, message: "the text is not UTF-8",
                hint: "save the export as \"CSV UTF-8\"")
        }
    }

    mutating func note(_ field: DateField, _ column: CaseEventsColumn) {
        let index = column == .date ? 0 : 1
        switch field {
        case .none, .bad: return
        case .monthOver12:
            fail(
                .monthOver12, column: column.rawValue,
                message: "a date's second number is over 12; slashes always mean dd/mm/yyyy",
                hint: "export the column as dd/mm/yyyy or yyyy-mm-dd")
        case .date(_, let format):
            let place = format == .iso ? 0 : 1
            if result.formats[index][place] == nil { result.formats[index][place] = line }
        }
    }

    private mutating func fail(_ code: ExportError.Code, column: String, message: String, hint: String) {
        guard !hasFailed else { return }
        hasFailed = true
        result.failure = ExportError(
            code, file: file, line: Int(line), column: column, message: message, hint: hint)
    }

    private mutating func reject(
        _ code: FindingCode, _ value: String, _ start: Int, _ end: Int, child: Range<Int> = 0..<0,
        team: Range<Int> = 0..<0, day: CivilDate? = nil
    ) {
        let end = end > start && fields.bytes[end - 1] == 13 ? end - 1 : end
        result.rejected.append(
            RejectedRow(
                source: source, line: line, code: code, value: value, child: fields.string(child),
                team: fields.string(team), day: day, text: fields.string(start..<end)))
    }

    // MARK: Names

    private mutating func actor(_ team: Range<Int>, _ worker: Range<Int>, _ manager: Range<Int>) -> UInt32 {
        unsafe fields.bytes.withUnsafeBytes {
            unsafe actors.number($0, team: team, worker: worker, manager: manager)
        }
    }

    mutating func outcomeNumber(_ outcome: Range<Int>) -> UInt16 {
        guard !outcome.isEmpty else { return 0 }
        let number = outcomes.intern(fields.bytes, outcome)
        if Int(number) == outcomeNames.count { outcomeNames.append(fields.string(outcome)) }
        return UInt16(truncatingIfNeeded: min(number, 65_535))
    }
}
