import CaseEvents
import Columnar
public import DelimitedText
import Synchronization
import WorkingCalendar

/// Reads the exports of a run.
///
/// A source is read once, in rounds: some pieces are read in order and turned into events on all cores, and
/// then their rows are taken in by the partitions on all cores. Memory holds one block of text for each core,
/// and the rows of one round.
public enum ExportReader {
    /// How many sources one run can take; an event keeps its source in five bits.
    public static let mostSources = 32

    /// Reads sources one after the other.
    ///
    /// - Throws: ``ExportError`` where a file cannot be read at all; a bad row is no error.
    public static func read(
        _ sources: [ExportSource], _ options: ReadOptions, blockSize: Int = 4 << 20
    ) throws(ExportError) -> ReadResult {
        var result = ReadResult(store: CaseStore(), sources: [], rejected: [])
        for (index, source) in sources.enumerated() {
            let plan = try SourcePlan(source, number: index, options, blockSize)
            try read(plan, options, blockSize, into: &result)
        }
        if Set(sources.map(\.export)).count > 1 {
            result.store.exports = sources.map { UInt8(truncatingIfNeeded: $0.export) }
        }
        return result
    }

    private static func read(
        _ plan: SourcePlan, _ options: ReadOptions, _ blockSize: Int, into result: inout ReadResult
    ) throws(ExportError) {
        var summary = plan.summary
        guard options.knownAt == nil || summary.hasRecordedAt else {
            throw ExportError(
                .noRecordedAt, file: summary.file, line: 1, column: "recorded_at",
                message: "--known-at needs to know when each row was recorded, and the header does not have the column",
                hint: "export recorded_at, or leave --known-at out")
        }
        var formats = DateFormats(isMapped: plan.maker.table != nil)
        var lines = 0
        let (size, maker) = (summary.size, plan.maker)
        let pieces = Mutex(PendingPieces(plan.reader, first: plan.first))
        let rooms = Mutex<[Room]>([])
        // The memory of batches that were taken in, for those of the next round.
        let spares = Mutex<[ContiguousArray<Event>]>([])
        let spellings = result.store.spellings
        // No more than the file can have; the last one finds that there is no other.
        let perRound = min(max(options.cores * 2, roundSize / blockSize), size / blockSize + 2)
        var isDone = false
        while !isDone {
            let threads = concurrentVisit(count: perRound, cores: options.cores) {
                ThreadOfRound()
            } _: { thread, _ in
                var room = thread.room.take() ?? rooms.withLock { $0.popLast() } ?? Room(spellings)
                defer { thread.room = room }
                guard let next = pieces.withLock({ $0.next(reusing: &room.bytes) }) else { return }
                let made = next.piece.map { piece in
                    defer { room.bytes = piece.bytes }
                    room.parsing.builder.reuse(spares.withLock { $0.popLast() })
                    return maker.make(piece, isFirst: next.number == 0, &room.parsing)
                }
                thread.made.append(NumberedBlock(number: next.number, block: made))
            }
            rooms.withLock { $0 = threads.compactMap(\.room) }
            let made = threads.flatMap(\.made).sorted { $0.number < $1.number }
            isDone = made.isEmpty
            var batches: [EventBatch] = []
            for next in made {
                let block = try next.block.get()
                if var failure = block.failure {
                    failure.line += lines + 1
                    throw failure
                }
                summary.add(block, after: lines)
                if let tally = block.tally { summary.records? += tally }
                try formats.add(block, after: lines, file: summary.file)
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
                    throw ExportError(
                        .tooManyLines, file: summary.file,
                        message: "the file has more than four thousand million lines",
                        hint: "split the export by year")
                }
            }
            result.store.absorb(batches, cores: options.cores)
            spares.withLock { $0 = batches.map(\.events) }
            options.progress?(pieces.withLock { $0.position }, size, summary.rowsRead)
        }
        summary.dateFormats = formats.names
        if pieces.withLock({ $0.endsWithinLine }) { summary.unendedLine = lines }
        if case .census = plan.content {
            // Messages since 2014 have one kind of assessment; those before had two.
            let old: Set<EventKind> = [
                .initialAssessmentStarted, .initialAssessmentAuthorised, .coreAssessmentStarted,
                .coreAssessmentAuthorised,
            ]
            let isOld = old.contains { summary.kinds[Int($0.rawValue)] > 0 }
            if !isOld { summary.carries.removeAll(where: old.contains) }
        }
        summary.referenceDate = pieces.withLock { $0.referenceDate }
        // A census is about the year that ends on its reference date.
        let firstDay = summary.referenceDate?.adding(days: 1).adding(months: -12)
        summary.completeFrom = firstDay ?? summary.completeFrom
        summary.finish()
        result.sources.append(summary)
    }

    /// How many bytes of text are parsed before their rows are taken in.
    ///
    /// More rows at once are taken in by fewer rounds, for which the cores wait; fewer need less memory.
    private static let roundSize = 32 << 20

    /// A block of the file in order, parsed, or the reason why it could not be read.
    private struct NumberedBlock: Sendable {
        var number: Int
        var block: Result<ParsedBlock, ExportError>
    }

    /// The pieces of a source that are still to be handed out, to one thread at a time.
    private struct PendingPieces: ~Copyable, Sendable {
        private let reader: any PieceReader
        private var first: Piece?
        private var number = 0
        private var hasFailed = false

        init(_ reader: any PieceReader, first: Piece?) {
            self.reader = reader
            self.first = first
        }

        /// How many bytes have been handed out.
        var position: Int { reader.position }
        var endsWithinLine: Bool { reader.endsWithinLine }
        var referenceDate: CivilDate? { reader.referenceDate }

        /// The next piece and its number, counted from 0; `nil` at the end and after a failure.
        ///
        /// The bytes of `spare` are no longer needed, and are used up.
        mutating func next(
            reusing spare: inout ContiguousArray<UInt8>
        ) -> (number: Int, piece: Result<Piece, ExportError>)? {
            guard !hasFailed else { return nil }
            defer { number += 1 }
            if let piece = first.take() { return (number, .success(piece)) }
            do throws(ExportError) {
                var bytes: ContiguousArray<UInt8> = []
                swap(&bytes, &spare)
                return try reader.next(reusing: consume bytes).map { (number, .success($0)) }
            } catch {
                hasFailed = true
                return (number, .failure(error))
            }
        }
    }

    /// The memory in which a thread reads one block after the other.
    private struct Room: Sendable {
        var bytes: ContiguousArray<UInt8> = []
        var parsing: ParsingRoom

        init(_ spellings: [IdSpellings]) { parsing = ParsingRoom(builder: EventBuilder(spellings)) }
    }

    /// What a thread has done in a round, and the room it did it in.
    private struct ThreadOfRound: Sendable {
        var made: [NumberedBlock] = []
        var room: Room?
    }
}
