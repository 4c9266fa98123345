public import CaseEvents
import Columnar
public import DelimitedText
import WorkingCalendar

/// A row of case events as a ledger keeps it.
///
/// Its references of referral and step stand apart, because some systems give new ones every night.
public struct KeptRow: Hashable, Sendable {
    /// The place of the row's source in the run, `0..<32`.
    public var source: Int
    /// The line of the row in its file, counted from 1.
    public var line: UInt32
    public var referral: String
    public var step: String
    /// The other cells in the order of ``header``, as they stand in a line of the case-events format.
    public var rest: String

    public init(source: Int, line: UInt32, referral: String, step: String, rest: String) {
        self.source = source
        self.line = line
        self.referral = referral
        self.step = step
        self.rest = rest
    }

    /// The event, the date, and the day on which it was recorded, as they stand in ``rest``.
    public var head: (event: Substring, date: Substring, recorded: Substring) {
        let text = rest.utf8
        var start = text.startIndex
        func next() -> Substring {
            let end = text[start...].firstIndex(of: UInt8(ascii: ",")) ?? text.endIndex
            defer { start = end < text.endIndex ? text.index(after: end) : end }
            return rest[start..<end]
        }
        return (next(), next(), next())
    }

    /// The columns: the child's, the two references', and those of ``rest``.
    static let header = [
        "child_id", "referral_id", "step_id", "event", "date", "recorded_at", "team", "worker", "manager", "family_id",
        "outcome", "restricted",
    ]
}

/// The rows of a child, in no particular order.
public struct KeptChild: Sendable {
    public var child: String
    public var rows: [KeptRow]
}

extension CaseStore {
    /// The rows of every child of a partition, duplicates and rejected starts included; its events are used up.
    ///
    /// Rows of several sources stand beside one another as they were read.
    ///
    /// - Complexity: O(*n*) in the number of rows.
    public func keptChildren(partition number: Int) -> [KeptChild] {
        var events = GroupedEvents()
        partitions[number].takeEvents(into: &events)
        let ids = partitions[number].ids
        // Made once, and not for each of the rows that name them.
        let people = (0..<UInt32(names.count)).map(names.string)
        var text = EventText()
        return (0..<events.childCount).map { child in
            let range = Int(events.starts[child])..<Int(events.starts[child + 1])
            return KeptChild(
                child: ids.child(UInt32(child)), rows: range.map { keptRow(events.events[$0], ids, people, &text) })
        }
    }

    private func keptRow(_ event: Event, _ ids: PartitionIds, _ people: [String], _ text: inout EventText) -> KeptRow {
        let actor = actors[Int(event.actor)]
        let isGhost = event.flags.contains(.ghost)
        text.add(event.kind.name)
        let day = EventDay.date(event.day)
        if isGhost {
            // A start without a date: its day is the one on which it was recorded.
            text.addEmpty()
            if event.day == 0 { text.addEmpty() } else { text.add(day) }
        } else {
            text.add(day)
            if event.lag == Event.noLag { text.addEmpty() } else { text.add(day.adding(days: Int32(event.lag))) }
        }
        text.add(people[Int(actor.team)])
        text.add(people[Int(actor.worker)])
        text.add(people[Int(actor.manager)])
        text.add(ids.families.string(event.family))
        text.add(outcomes.string(UInt32(event.outcome)))
        if event.flags.contains(.statesRestriction) {
            text.add(event.flags.contains(.restricted) ? "1" : "0")
        } else {
            text.addEmpty()
        }
        return KeptRow(
            source: event.flags.source, line: event.line, referral: Self.oneLine(ids.referrals.string(event.referral)),
            step: Self.oneLine(ids.steps.string(event.step)), rest: text.takeLine())
    }

    /// A reference as it stands in a row: line ends become blanks, as those of the other cells do.
    private static func oneLine(_ reference: String) -> String {
        let text = reference.utf8.span
        guard text.indices.contains(where: { text[$0] == 10 || text[$0] == 13 }) else { return reference }
        return String(decoding: reference.utf8.map { $0 == 10 || $0 == 13 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}

/// Some rows of a ledger, on their way back into a run.
public struct KeptText: Sendable {
    fileprivate var text = EventText()

    public init() {}

    /// The number of bytes.
    public var count: Int { text.count }

    /// Adds a row of a child.
    public mutating func add(_ row: KeptRow, of child: String) {
        text.add(child)
        text.add(row.referral)
        text.add(row.step)
        text.add(line: row.rest)
        text.endRow(line: max(row.line, 1) - 1)
    }
}

/// Hands out the rows of one source of a ledger, some at a time.
public protocol KeptRows: AnyObject, Sendable {
    /// How many bytes there are, about, for showing progress.
    var size: Int { get }

    /// The next rows; `nil` at the end.
    func next() throws(ExportError) -> KeptText?
}

/// Reads the rows of a ledger as those of a source.
final class KeptReader: PieceReader, @unchecked Sendable {
    private let rows: any KeptRows
    private(set) var position = 0

    init(_ rows: any KeptRows) { self.rows = rows }

    var size: Int { rows.size }
    var endsWithinLine: Bool { false }

    func next(reusing spare: consuming ContiguousArray<UInt8>) throws(ExportError) -> Piece? {
        guard let next = try rows.next() else { return nil }
        position += next.count
        return .events(next.text, RecordTally())
    }
}
