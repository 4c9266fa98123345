public import CaseEvents
import DelimitedText
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
    /// The file's name as the user gave it, with the sheet or table where it has several.
    public var file: String
    /// The header of its rejected rows.
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
    /// The newest day of either kind.
    public var newest: CivilDate? { [newestRecorded, newestDate].compactMap(\.self).max() }
    /// The lines of the first rows with the newest `recorded_at` and the newest date.
    public var newestRecordedLine = 0
    public var newestDateLine = 0
    /// How many rows each ``EventKind`` has.
    public var kinds = [Int](repeating: 0, count: EventKind.count)
    /// The size of the file in bytes.
    public var size = 0
    /// The place of its export among those of the run: the files of one folder are one export.
    public var export = 0
    /// What became of its records; `nil` where every record is an event.
    public var records: RecordTally?
    /// The events that the source can tell of.
    public var carries = EventKind.allCases
    /// The first day for which it is complete; `nil` where nobody has said.
    public var completeFrom: CivilDate?
    /// The last day of what a census is about.
    public var referenceDate: CivilDate?
    /// For sources that hold so many months before their newest date.
    var completeMonths: Int?
    /// What the cards say of such a source.
    public var notes: [String] = []
    /// The line of a last row without a line end, which may have been cut off; 0 where there is none.
    public var unendedLine = 0

    init(_ source: ExportSource, file: String, size: Int) {
        self.file = file
        header = EventText.header
        extraColumns = []
        dateFormats = [:]
        self.size = size
        export = source.export
        completeFrom = source.completeFrom
        completeMonths = source.completeMonths
        notes = source.notes
    }

    /// Counts what one block came to; its lines are counted from 0 after so many others.
    mutating func add(_ block: ParsedBlock, after lines: Int) {
        rowsRead += block.kept + block.rejected.count + block.notYetKnown
        rejectedCount += block.rejected.count
        notYetKnown += block.notYetKnown
        unreadableRecordings += block.unreadableRecordings
        for kind in 0..<EventKind.count { kinds[kind] += block.kinds[kind] }
        if block.firstDay < .max {
            let earliest = EventDay.date(block.firstDay)
            earliestDate = min(earliestDate ?? earliest, earliest)
        }
        if block.lastDay > 0, newestDate.map({ $0 < EventDay.date(block.lastDay) }) ?? true {
            newestDate = EventDay.date(block.lastDay)
            newestDateLine = lines + Int(block.lastDayLine) + 1
        }
        if block.lastRecorded > 0, newestRecorded.map({ $0 < EventDay.date(block.lastRecorded) }) ?? true {
            newestRecorded = EventDay.date(block.lastRecorded)
            newestRecordedLine = lines + Int(block.lastRecordedLine) + 1
        }
    }

    /// Works out the first complete day where it follows from the newest date.
    mutating func finish() {
        if completeFrom == nil, let completeMonths, let newestDate {
            completeFrom = newestDate.adding(months: -Int32(completeMonths))
        }
    }
}

/// Everything that was read from a run's exports.
public struct ReadResult: Sendable {
    public var store: CaseStore
    public var sources: [SourceSummary]
    public var rejected: [RejectedRow]
}
