import CaseEvents
import DelimitedText
import WorkingCalendar

/// A source that has been opened: its header is known, and its first piece waits.
struct SourcePlan {
    let content: ExportSource.Content
    let summary: SourceSummary
    let maker: BlockMaker
    let first: Piece?
    /// What hands out the pieces after the first.
    let reader: any PieceReader

    init(
        _ source: ExportSource, number: Int, _ options: ReadOptions, _ blockSize: Int
    ) throws(ExportError) {
        var observe: (@Sendable (RawSpan) -> Void)?
        if let report = options.observe { observe = { bytes in report(number, bytes) } }
        var delimiter = UInt8(ascii: ",")
        content = source.content
        switch source.content {
        case .caseEvents, .delimited:
            var dialect = Dialect()
            if case .delimited(let mapping) = source.content { dialect = mapping.dialect }
            delimiter = dialect.delimiter
            var blocks = try BlockReader(path: source.path, blockSize: blockSize, encoding: dialect.encoding)
            blocks.observe = observe
            reader = DelimitedReader(blocks)
        case .sheet(let mapping, let sheet): reader = try sheet.open(source, mapping, observe)
        case .table(let mapping, let database): reader = try database.open(source, mapping, observe)
        case .census: reader = try CensusReader(source.path, observe)
        case .api: reader = try APIReader(source.path, observe)
        case .kept(let rows): reader = KeptReader(rows)
        }
        var summary = SourceSummary(source, file: source.name, size: reader.size)
        first = try reader.next(reusing: [])
        var layout: CaseEventsLayout?
        var table: MappedTable?
        var above = 0
        switch source.content {
        case .caseEvents:
            let header = try Self.headings(of: first, delimiter, nil, source.name)
            let found = try CaseEventsLayout(header: header.names, file: source.name)
            summary.header = header.names
            summary.extraColumns = found.extra
            summary.hasRecordedAt = found.place(.recordedAt) >= 0
            layout = found
        case .delimited(let mapping), .sheet(let mapping, _), .table(let mapping, _):
            let header = try Self.headings(of: first, delimiter, mapping, source.name)
            let found = try MappedTable(mapping, header: header.names, line: header.line, file: source.name)
            above = header.above
            summary.extraColumns = found.extra
            summary.hasRecordedAt = found.hasRecorded
            summary.carries = EventKind.allCases.filter(found.carries.contains)
            table = found
        case .census:
            summary.carries = EventKind.allCases.filter(CensusReader.carries.contains)
            summary.notes += CensusReader.notes
        case .api:
            summary.carries = EventKind.allCases.filter(APIReader.carries.contains)
            summary.notes += APIReader.notes
        case .kept: layout = try CaseEventsLayout(header: KeptRow.header, file: source.name)
        }
        if layout == nil {
            summary.records = RecordTally()
            summary.records?.above = above
        }
        self.summary = summary
        let ownLayout = try CaseEventsLayout(header: EventText.header, file: source.name)
        maker = BlockMaker(
            layout: layout ?? ownLayout, table: table, above: above,
            delimiter: delimiter, file: source.name, source: number, knownAt: options.knownAt,
            takesShortCuts: !options.takesNoShortCuts)
    }

    /// The headings of a file, and how many records stand above them.
    private struct Headings {
        var names: [String]
        var line: Int
        var above: Int
    }

    /// Finds the headings of a file: its first record, or with a mapping the first near the top that has them.
    ///
    /// Where none near the top has them, the first one counts as the headings.
    private static func headings(
        of first: Piece?, _ delimiter: UInt8, _ mapping: TableMapping?, _ file: String
    ) throws(ExportError) -> Headings {
        var found: Headings?
        if case .text(let block, _) = first {
            var (line, above, start) = (1, 0, 0)
            while start < block.count, above < (mapping == nil ? 1 : Heading.mostAbove) {
                let record = record(of: block, from: start)
                // Lines of old Macs would make the whole file, children and all, the header.
                guard !Heading.hasLoneReturns(block.bytes[record]) else { throw ExportError.carriageReturns(file) }
                if let names = plainRecords(block.bytes[record], delimiter: delimiter)?.first?.fields {
                    let hasHeadings = mapping?.hasHeadings(names) ?? true
                    if found == nil || hasHeadings { found = Headings(names: names, line: line, above: above) }
                    if hasHeadings { break }
                }
                line += block.bytes[record].count { $0 == UInt8(ascii: "\n") } + 1
                above += 1
                start = record.upperBound + 1
            }
        }
        guard let found else {
            throw ExportError(
                .emptyFile, file: file, message: "the file is empty",
                hint: "check that the export finished; even an export without rows has a header")
        }
        return found
    }

    /// The place of the record that begins at an offset, without its line feed.
    private static func record(of block: TextBlock, from start: Int) -> Range<Int> {
        var isQuoted = false
        var end = start
        while end < block.count {
            if block.bytes[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if block.bytes[end] == UInt8(ascii: "\n") && !isQuoted { break }
            end += 1
        }
        return start..<end
    }
}

/// Turns the pieces of one source into events, on any thread.
struct BlockMaker: Sendable {
    let layout: CaseEventsLayout
    /// How its records become events; `nil` where they are events already.
    let table: MappedTable?
    /// How many records of delimited text stand above its headings.
    let above: Int
    let delimiter: UInt8
    let file: String
    let source: Int
    let knownAt: CivilDate?
    let takesShortCuts: Bool
    private let vocabulary = EventVocabulary()

    init(
        layout: CaseEventsLayout, table: MappedTable?, above: Int, delimiter: UInt8, file: String, source: Int,
        knownAt: CivilDate?, takesShortCuts: Bool
    ) {
        self.layout = layout
        self.table = table
        self.above = above
        self.delimiter = delimiter
        self.file = file
        self.source = source
        self.knownAt = knownAt
        self.takesShortCuts = takesShortCuts
    }

    /// Makes the events of a piece; the first one of delimited text begins with the header.
    func make(_ piece: Piece, isFirst: Bool, _ room: inout ParsingRoom) -> ParsedBlock {
        switch piece {
        case .events(let text, let tally):
            let (rows, lines) = text.block()
            var block = parse(rows, lines: lines, skipsHeader: false, &room)
            block.lines = 0
            block.tally = tally
            return block
        case .text(let block, let lines):
            guard let table else { return parse(block, lines: nil, skipsHeader: isFirst, &room) }
            let made = TableTranscriber.transcribe(
                block, lines: lines, table: table, delimiter: delimiter, file: file, source: source,
                skipping: isFirst ? above + 1 : 0)
            let (rows, lines) = made.text.block()
            var parsed = parse(rows, lines: lines, skipsHeader: false, &room)
            parsed.lines = made.lines
            parsed.tally = made.tally
            parsed.forms = made.forms
            parsed.rejected += made.rejected
            parsed.failure = made.failure ?? parsed.failure
            return parsed
        }
    }

    private func parse(
        _ block: TextBlock, lines: ContiguousArray<UInt32>?, skipsHeader: Bool, _ room: inout ParsingRoom
    ) -> ParsedBlock {
        BlockParser.parse(
            block, lines: lines, layout: layout, file: file, source: source, knownAt: knownAt, vocabulary: vocabulary,
            room: &room, skipsHeader: skipsHeader, takesShortCuts: takesShortCuts)
    }
}

/// The ways in which the date columns of a source are written, over all of its blocks.
struct DateFormats {
    /// Whether a mapping says which are allowed: a value then says itself which one it is in.
    let isMapped: Bool
    /// For `date` and `recorded_at`: the first line of each format.
    private var lines: [[Int?]] = [[nil, nil], [nil, nil]]
    private var forms: Set<DateForm> = []

    init(isMapped: Bool) { self.isMapped = isMapped }

    /// Notes those of one block, whose lines are counted from 0 after so many others.
    ///
    /// - Throws: ``ExportError`` where a column of our own format is written in two ways.
    mutating func add(_ block: ParsedBlock, after count: Int, file: String) throws(ExportError) {
        forms.formUnion(block.forms.keys)
        for (index, column) in ["date", "recorded_at"].enumerated() {
            for format in 0..<2 where lines[index][format] == nil {
                lines[index][format] = block.formats[index][format].map { count + Int($0) + 1 }
            }
            guard !isMapped, let iso = lines[index][0], let slashes = lines[index][1] else { continue }
            throw ExportError(
                .mixedDates, file: file, line: max(iso, slashes), column: column,
                message: "the column writes dates in two ways: line \(min(iso, slashes)) has the other one",
                hint: "export the column in one format, yyyy-mm-dd or dd/mm/yyyy")
        }
    }

    /// What a run says of them, for each column that has any.
    var names: [String: String] {
        if isMapped {
            let written = DateForm.allCases.filter(forms.contains).map(\.rawValue)
            return written.isEmpty ? [:] : ["date": written.joined(separator: " and ")]
        }
        var names: [String: String] = [:]
        for (index, column) in ["date", "recorded_at"].enumerated() {
            if lines[index][0] != nil { names[column] = DateForm.iso.rawValue }
            if lines[index][1] != nil { names[column] = DateForm.slashes.rawValue }
        }
        return names
    }
}

extension ExportError {
    /// The lines of a file end as on old Macs.
    static func carriageReturns(_ file: String) -> ExportError {
        ExportError(
            .carriageReturns, file: file, line: 1, message: "the header ends in a carriage return without a line feed",
            hint: "save the export with line ends of Windows or Unix")
    }
}
