public import CaseEvents
import Columnar
public import DelimitedText
public import WorkingCalendar

/// What a run was told to read, and how.
public struct ReadOptions: Sendable {
    /// Only rows recorded by the end of this day count; `nil` for every row.
    public var knownAt: CivilDate?
    /// The number of threads.
    public var cores: Int
    /// The most lines a file may have; a line's number is kept in 32 bits.
    ///
    /// Looked at once a block.
    package var mostLines = Int(UInt32.max)
    /// Called after each round with the bytes read so far and in all, for showing progress.
    public var progress: (@Sendable (_ bytes: Int, _ total: Int, _ rows: Int) -> Void)?

    public init(
        knownAt: CivilDate? = nil, cores: Int, progress: (@Sendable (Int, Int, Int) -> Void)? = nil
    ) {
        self.knownAt = knownAt
        self.cores = cores
        self.progress = progress
    }
}

/// What was read from one export.
public struct SourceSummary: Sendable {
    /// The file's name as the user gave it.
    public var file: String
    public var header: [String]
    /// The columns the format does not know, which were not read.
    public var extraColumns: [String]
    /// How each date column writes its dates: `iso`, `dd/mm/yyyy`, or empty where it has none.
    public var dateFormats: [String: String]
    public var rowsRead = 0
    public var rejectedCount = 0
    public var notYetKnown = 0
    /// Rows whose `recorded_at` could not be read and counts as empty.
    public var unreadableRecordings = 0
    public var hasRecordedAt = false
    /// The newest `recorded_at`, and the earliest and newest date; `nil` where there is none.
    public var newestRecorded: CivilDate?
    public var earliestDate: CivilDate?
    public var newestDate: CivilDate?
    /// How many rows each ``EventKind`` has.
    public var kinds = [Int](repeating: 0, count: EventKind.count)
    /// The size of the file in bytes.
    public var size = 0
}

/// Everything that was read from a run's exports.
public struct ReadResult: Sendable {
    public var store: CaseStore
    public var sources: [SourceSummary]
    public var rejected: [RejectedRow]
}

/// Reads exports in the case-events format.
///
/// The file is read once, in rounds: some blocks are read, parsed on all cores, and their rows taken
/// in by the partitions on all cores; then the next round. Memory holds one round of text at a time.
public enum CaseEventsReader {
    /// How many exports one run can take; an event keeps its source in five bits.
    public static let mostSources = 32

    /// Reads files in the case-events format.
    ///
    /// - Throws: ``DelimitedTextError`` where a file cannot be read at all; a bad row is no error.
    public static func read(
        _ files: [String], _ options: ReadOptions, blockSize: Int = 4 << 20
    ) throws(DelimitedTextError) -> ReadResult {
        var result = ReadResult(store: CaseStore(), sources: [], rejected: [])
        for (index, file) in files.enumerated() {
            try read(file, source: index, options, blockSize, into: &result)
        }
        return result
    }

    private static func read(
        _ file: String, source: Int, _ options: ReadOptions, _ blockSize: Int, into result: inout ReadResult
    ) throws(DelimitedTextError) {
        var reader = try BlockReader(path: file, blockSize: blockSize)
        guard let first = try reader.next(), let header = header(of: first) else {
            throw DelimitedTextError(
                .emptyFile, file: file, message: "the file is empty",
                hint: "check that the export finished; even an export without rows has a header")
        }
        let layout = try CaseEventsLayout(header: header, file: file)
        var summary = SourceSummary(
            file: file, header: header, extraColumns: layout.extra, dateFormats: [:])
        summary.size = reader.size
        summary.hasRecordedAt = layout.place(.recordedAt) >= 0
        if options.knownAt != nil && !summary.hasRecordedAt {
            throw DelimitedTextError(
                .noRecordedAt, file: file, line: 1, column: "recorded_at",
                message: "--known-at needs to know when each row was recorded, and the header does not have the column",
                hint: "export recorded_at, or leave --known-at out")
        }
        let vocabulary = EventVocabulary()
        var formats: [[Int?]] = [[nil, nil], [nil, nil]]
        var lines = 0
        var round = [first]
        var isFirstRound = true
        while !round.isEmpty {
            while round.count < options.cores * 2, let block = try reader.next() { round.append(block) }
            let blocks = round
            let knownAt = options.knownAt
            let skipsHeader = isFirstRound
            let parsed = concurrentMap(count: blocks.count, cores: options.cores) { index in
                BlockParser.parse(
                    blocks[index], layout: layout, file: file, source: source, knownAt: knownAt,
                    vocabulary: vocabulary, skipsHeader: skipsHeader && index == 0)
            }
            round = []
            isFirstRound = false
            var batches: [EventBatch] = []
            for block in parsed {
                if var failure = block.failure {
                    failure.line += lines + 1
                    throw failure
                }
                try merge(block, into: &summary, &formats, lines: lines, file: file)
                for var row in block.rejected {
                    row.line += UInt32(truncatingIfNeeded: lines + 1)
                    result.rejected.append(row)
                }
                var batch = block.batch
                batch.lineBase = UInt32(truncatingIfNeeded: lines + 1)
                batches.append(batch)
                lines += Int(block.lines)
                guard lines < options.mostLines else {
                    throw DelimitedTextError(
                        .tooManyLines, file: file, message: "the file has more than four thousand million lines",
                        hint: "split the export by year")
                }
            }
            result.store.absorb(batches, cores: options.cores)
            options.progress?(reader.position, reader.size, summary.rowsRead)
            if let next = try reader.next() { round = [next] }
        }
        result.sources.append(summary)
    }

    private static func header(of block: TextBlock) -> [String]? {
        var line: [UInt8] = []
        var isQuoted = false
        for byte in block.bytes.prefix(block.count) {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n") && !isQuoted { break }
            line.append(byte)
        }
        return plainRecords(line)?.first?.fields
    }

    private static func merge(
        _ block: ParsedBlock, into summary: inout SourceSummary, _ formats: inout [[Int?]], lines: Int, file: String
    ) throws(DelimitedTextError) {
        summary.rowsRead += block.kept + block.rejected.count + block.notYetKnown
        summary.rejectedCount += block.rejected.count
        summary.notYetKnown += block.notYetKnown
        summary.unreadableRecordings += block.unreadableRecordings
        for kind in 0..<EventKind.count { summary.kinds[kind] += block.kinds[kind] }
        if block.firstDay <= block.lastDay {
            let (earliest, newest) = (EventDay.date(block.firstDay), EventDay.date(block.lastDay))
            summary.earliestDate = min(summary.earliestDate ?? earliest, earliest)
            summary.newestDate = max(summary.newestDate ?? newest, newest)
        }
        if block.lastRecorded > 0 {
            let newest = EventDay.date(block.lastRecorded)
            summary.newestRecorded = max(summary.newestRecorded ?? newest, newest)
        }
        for (index, column) in ["date", "recorded_at"].enumerated() {
            for format in 0..<2 where formats[index][format] == nil {
                formats[index][format] = block.formats[index][format].map { lines + Int($0) + 1 }
            }
            switch (formats[index][0], formats[index][1]) {
            case (let iso?, let slashes?):
                throw DelimitedTextError(
                    .mixedDates, file: file, line: max(iso, slashes), column: column,
                    message: "the column writes dates in two ways: line \(min(iso, slashes)) has the other one",
                    hint: "export the column in one format, yyyy-mm-dd or dd/mm/yyyy")
            case (_?, nil): summary.dateFormats[column] = "yyyy-mm-dd"
            case (nil, _?): summary.dateFormats[column] = "dd/mm/yyyy"
            case (nil, nil): break
            }
        }
    }
}
