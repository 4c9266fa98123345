public import CaseEvents
import DelimitedText
public import WorkingCalendar

/// A row that could not be used.
public struct RejectedRow: Codable, Sendable {
    /// The place of the row's file in the run.
    public var source: Int
    /// The line of the row in its file, counted from 1.
    public var line: UInt32
    public var code: FindingCode
    /// The value that was wrong.
    public var value: String
    /// The child's reference, where the row has one.
    public var child: String
    /// The team the row names.
    public var team: String
    /// The row's date, where it has a usable one.
    public var day: CivilDate?
    /// The row as it stands in the file, without its line end.
    public var text: String
}

/// What one block of a case-events file came to.
struct ParsedBlock: Sendable {
    var batch: EventBatch?
    var rejected: [RejectedRow] = []
    /// The number of line feeds in the block.
    var lines: UInt32 = 0
    /// Rows that are accepted or duplicates, rows recorded after the known-at day.
    var kept = 0
    var notYetKnown = 0
    var unreadableRecordings = 0
    var kinds = [Int](repeating: 0, count: EventKind.count)
    /// For `date` and `recorded_at`: the first line of each format, counted from 0 in the block.
    var formats: [[UInt32?]] = [[nil, nil], [nil, nil]]
    var firstDay = UInt16.max
    /// The newest date and `recorded_at`, each with its first line, counted from 0 in the block.
    var lastDay: UInt16 = 0
    var lastDayLine: UInt32 = 0
    var lastRecorded: UInt16 = 0
    var lastRecordedLine: UInt32 = 0
    /// What became of the records that the rows were made from.
    var tally: RecordTally?
    /// Of records of another format, the first line with each way of writing dates.
    var forms: [DateForm: UInt32] = [:]
    /// The reason why the file cannot be read, with its line counted from 0 in the block.
    var failure: ExportError?
}
