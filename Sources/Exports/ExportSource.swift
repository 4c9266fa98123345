import DelimitedText
public import WorkingCalendar

/// One file, sheet or table that a run reads, and how.
public struct ExportSource {
    /// What is in it.
    public enum Content {
        /// A file in our own format.
        case caseEvents
        /// A file of delimited text, with the mapping of its columns.
        case delimited(TableMapping)
        /// A sheet of a workbook.
        case sheet(TableMapping, SheetReader)
        /// A table of an SQLite database.
        case table(TableMapping, DatabaseReader)
        /// The children in need census.
        case census
        /// The government's nightly message.
        case api
        /// What a ledger was told.
        case kept(any KeptRows)
    }

    public var path: String
    /// The sheet or table, where the file has several.
    public var part = ""
    public var content: Content
    /// The place of its export among those of the run.
    public var export = 0
    public var completeFrom: CivilDate?
    /// For exports that hold so many months before their newest date.
    public var completeMonths: Int?
    /// What the cards say of such a source.
    public var notes: [String] = []

    public init(path: String, content: Content) {
        self.path = path
        self.content = content
    }

    /// A file in our own format.
    public static func caseEvents(_ path: String) -> ExportSource { ExportSource(path: path, content: .caseEvents) }

    /// What people call it.
    public var name: String { part.isEmpty ? path : "\(path): \(part)" }
}

/// Hands out what is in a source, piece by piece and in order, to one thread at a time.
protocol PieceReader: AnyObject, Sendable {
    /// How many bytes have been handed out, and how many there are.
    var position: Int { get }
    var size: Int { get }
    /// Whether the last row had no line end.
    var endsWithinLine: Bool { get }
    /// The last day of what the source is about, where it says so itself; known at its end.
    var referenceDate: CivilDate? { get }

    /// The next piece, or `nil` at the end.
    ///
    /// The memory of `spare`, the bytes of a block that is no longer needed, may be used again.
    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece?
}

extension PieceReader {
    var referenceDate: CivilDate? { nil }
}

/// A part of a source that one thread turns into events.
enum Piece: Sendable {
    /// Delimited text, which is its own source, or comes with the line of each record in its source.
    case text(TextBlock, lines: ContiguousArray<UInt32>?)
    /// Rows of events.
    case events(EventText, RecordTally)

    /// The memory of its text.
    var bytes: ContiguousArray<UInt8> {
        switch self {
        case .text(let block, _): block.bytes
        case .events: []
        }
    }
}

/// Hands out the blocks of a file of delimited text.
final class DelimitedReader: PieceReader, @unchecked Sendable {
    private var reader: BlockReader

    init(_ reader: consuming BlockReader) { self.reader = reader }

    var position: Int { reader.position }
    var size: Int { reader.size }
    var endsWithinLine: Bool { reader.endsWithinLine }

    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece? {
        try reader.next(reusing: consume spare).map { .text($0, lines: nil) }
    }
}
