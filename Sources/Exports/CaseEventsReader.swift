public import CaseEvents
import Columnar
public import DelimitedText
import Synchronization
public import WorkingCalendar

/// What a run was told to read, and how.
public struct ReadOptions: Sendable {
    /// Only rows recorded by the end of this day count; `nil` for every row.
    public var knownAt: CivilDate?
    /// The number of threads.
    public var cores: Int
    /// Whether every row is read the long way: for tests to compare with.
    public var takesNoShortCuts = false
    /// The most lines a file may have; a line's number is kept in 32 bits.
    ///
    /// Looked at once a block.
    package var mostLines = Int(UInt32.max)
    /// Called with the number of an export and its bytes as they are read, in order.
    public var observe: (@Sendable (_ source: Int, _ bytes: RawSpan) -> Void)?
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
public struct SourceSummary: Codable, Sendable {
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
    ///
    /// A booking's date is the day booked for, so it is never the newest.
    public var earliestDate: CivilDate?
    public var newestDate: CivilDate?
    /// The lines of the first rows with the newest `recorded_at` and the newest date.
    public var newestRecordedLine = 0
    public var newestDateLine = 0
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
/// The file is read once, in rounds: some blocks are read and parsed on all cores, and then their rows
/// are taken in by the partitions on all cores. Memory holds one block of text for each core, and the
/// rows of one round.
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
        if let observe = options.observe { reader.observe = { bytes in observe(source, bytes) } }
        guard let first = try reader.next(), let header = header(of: first) else {
            throw DelimitedTextError(
                .emptyFile, file: file, message: "the file is empty",
                hint: "check that the export finished; even an export without rows has a header")
        }
        // A carriage return inside it would make the whole file, children and all, the header.
        guard !header.contains(where: { $0.utf8.contains(13) }) else {
            throw DelimitedTextError(
                .carriageReturns, file: file, line: 1,
                message: "the header ends in a carriage return without a line feed",
                hint: "save the export with line ends of Windows or Unix")
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
        let size = reader.size
        let blocks = Mutex(PendingBlocks(reader, first: first))
        let rooms = Mutex<[Room]>([])
        let spellings = result.store.spellings
        let (knownAt, takesNoShortCuts) = (options.knownAt, options.takesNoShortCuts)
        // No more than the file can have; the last one finds that there is no other.
        let perRound = min(max(options.cores * 2, roundSize / blockSize), size / blockSize + 2)
        var isDone = false
        while !isDone {
            let threads = concurrentVisit(count: perRound, cores: options.cores) {
                ThreadOfRound()
            } _: { thread, _ in
                var room = thread.room.take() ?? rooms.withLock { $0.popLast() } ?? Room(spellings)
                defer { thread.room = room }
                guard let next = blocks.withLock({ $0.next(reusing: &room.bytes) }) else { return }
                let parsed = next.block.map { block in
                    defer { room.bytes = block.bytes }
                    return BlockParser.parse(
                        block, layout: layout, file: file, source: source, knownAt: knownAt, vocabulary: vocabulary,
                        builder: &room.builder, skipsHeader: next.number == 0, takesShortCuts: !takesNoShortCuts)
                }
                thread.parsed.append(NumberedBlock(number: next.number, block: parsed))
            }
            rooms.withLock { $0 = threads.compactMap(\.room) }
            let parsed = threads.flatMap(\.parsed).sorted { $0.number < $1.number }
            isDone = parsed.isEmpty
            var batches: [EventBatch] = []
            for next in parsed {
                let block = try next.block.get()
                if var failure = block.failure {
                    failure.line += lines + 1
                    throw failure
                }
                try merge(block, into: &summary, &formats, lines: lines, file: file)
                for var row in block.rejected {
                    row.line += UInt32(truncatingIfNeeded: lines + 1)
                    result.rejected.append(row)
                }
                if var batch = block.batch {
                    batch.lineBase = UInt32(truncatingIfNeeded: lines + 1)
                    batches.append(batch)
                }
                lines += Int(block.lines)
                guard lines < options.mostLines else {
                    throw DelimitedTextError(
                        .tooManyLines, file: file, message: "the file has more than four thousand million lines",
                        hint: "split the export by year")
                }
            }
            result.store.absorb(batches, cores: options.cores)
            options.progress?(blocks.withLock { $0.position }, size, summary.rowsRead)
        }
        result.sources.append(summary)
    }

    /// How many bytes of text are parsed before their rows are taken in.
    ///
    /// More rows at once are taken in by fewer rounds, for which the cores wait; fewer need less memory.
    private static let roundSize = 32 << 20

    /// A block of the file in order, parsed, or the reason why it could not be read.
    private struct NumberedBlock: Sendable {
        var number: Int
        var block: Result<ParsedBlock, DelimitedTextError>
    }

    /// The blocks of a file that are still to be handed out, to one thread at a time.
    private struct PendingBlocks: ~Copyable {
        private var reader: BlockReader
        private var first: TextBlock?
        private var number = 0
        private var hasFailed = false

        init(_ reader: consuming BlockReader, first: TextBlock) {
            self.reader = reader
            self.first = first
        }

        /// How many bytes have been handed out.
        var position: Int { reader.position }

        /// The next block and its number, counted from 0; `nil` at the end and after a failure.
        ///
        /// The bytes of `spare` are no longer needed, and are used up.
        mutating func next(
            reusing spare: inout ContiguousArray<UInt8>
        ) -> (number: Int, block: Result<TextBlock, DelimitedTextError>)? {
            guard !hasFailed else { return nil }
            defer { number += 1 }
            if let block = first.take() { return (number, .success(block)) }
            do throws(DelimitedTextError) {
                var bytes: ContiguousArray<UInt8> = []
                swap(&bytes, &spare)
                return try reader.next(reusing: bytes).map { (number, .success($0)) }
            } catch {
                hasFailed = true
                return (number, .failure(error))
            }
        }
    }

    /// The memory in which a thread reads one block after the other.
    private struct Room: Sendable {
        var bytes: ContiguousArray<UInt8> = []
        var builder: EventBuilder

        init(_ spellings: [IdSpellings]) { builder = EventBuilder(spellings) }
    }

    /// What a thread has done in a round, and the room it did it in.
    private struct ThreadOfRound: Sendable {
        var parsed: [NumberedBlock] = []
        var room: Room?
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
        if block.firstDay < .max {
            let earliest = EventDay.date(block.firstDay)
            summary.earliestDate = min(summary.earliestDate ?? earliest, earliest)
        }
        if block.lastDay > 0, summary.newestDate.map({ $0 < EventDay.date(block.lastDay) }) ?? true {
            summary.newestDate = EventDay.date(block.lastDay)
            summary.newestDateLine = lines + Int(block.lastDayLine) + 1
        }
        if block.lastRecorded > 0, summary.newestRecorded.map({ $0 < EventDay.date(block.lastRecorded) }) ?? true {
            summary.newestRecorded = EventDay.date(block.lastRecorded)
            summary.newestRecordedLine = lines + Int(block.lastRecordedLine) + 1
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
