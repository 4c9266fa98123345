import Columnar
public import WorkingCalendar

/// One row of a child, unfolded for linking and measuring.
public struct CaseRow: Sendable, BitwiseCopyable {
    /// The day it happened; for a ghost, the day from which it is there.
    public var day: CivilDate
    /// The day it was recorded, not before ``day`` but for a booking; ``day`` where the row does not say.
    public var recordedOn: CivilDate
    /// The code of the referral's id; 0 is none.
    public var referralId: UInt32
    /// The codes of the step's and family's ids, and the entries of the run's names; 0 is none.
    public var stepId: UInt32
    public var family: UInt32
    public var team: UInt32
    public var worker: UInt32
    public var manager: UInt32
    public var line: UInt32
    public var outcome: UInt16
    /// The days from the date to the recording as they stand, or ``Event/noLag``.
    public var lag: Int16
    public var kind: EventKind
    public var flags: Event.Flags
    /// Whether the row names its referral.
    public var namesReferral: Bool
    /// Whether the row says when it was recorded.
    public var saysRecorded: Bool
    /// Whether it says that it was recorded before it happened.
    public var isRecordedBefore: Bool

    /// The place of the row among a child's: by day, then in the order of one day.
    ///
    /// Rows equal in this are ordered by their referral's and step's ids.
    @inlinable
    public var orderKey: Int64 { Int64(day.daysSinceEpoch) &<< 8 | Int64(kind.dayRank) }
}

/// A child's rows in order, each thing that happened once.
public struct ChildRows: Sendable {
    /// The accepted rows, ordered; bookings of conferences and ghosts are apart.
    public private(set) var rows: ContiguousArray<CaseRow> = []
    /// Rows of `icpc_arranged`, whose date is the day booked for.
    public private(set) var bookings: ContiguousArray<CaseRow> = []
    /// Rejected `started` rows, whose steps exist with an unknown start.
    public private(set) var ghosts: ContiguousArray<CaseRow> = []
    /// The rows dropped because another row is the same, each with whether team or outcome differed.
    public private(set) var duplicates: ContiguousArray<(row: CaseRow, differs: Bool)> = []

    /// Rows that begin something a few days from where another export has it begin.
    public private(set) var nearMatches: ContiguousArray<CaseRow> = []

    /// Whether every row but those of contacts names its referral and, where it is of a step, the step.
    public private(set) var areNamed = true

    private var scratch: ContiguousArray<CaseRow> = []

    public init() {}

    /// Takes the rows of the next child.
    ///
    /// Of rows that are the same (child, event, date, referral and step), the one recorded first is
    /// kept, then the smallest team, worker and outcome (then manager, family and place in the
    /// files, so that no shuffle shows).
    ///
    /// - Complexity: O(*n* log *n*) in the child's rows.
    public mutating func load(
        _ events: ContiguousArray<Event>, _ range: Range<Int>, store: CaseStore, ids: PartitionIds
    ) {
        rows.removeAll(keepingCapacity: true)
        bookings.removeAll(keepingCapacity: true)
        ghosts.removeAll(keepingCapacity: true)
        duplicates.removeAll(keepingCapacity: true)
        scratch.removeAll(keepingCapacity: true)
        for index in range { scratch.append(Self.row(events[index], store: store, ids: ids)) }
        if !store.exports.isEmpty {
            var merge = ExportMerge(store.exports)
            let (dropped, near) = merge.merge(&scratch)
            duplicates.append(contentsOf: dropped)
            nearMatches = ContiguousArray(near)
        }
        sort(store, ids)
        if areAllRows { swap(&rows, &scratch) } else { split() }
        areNamed = true
        for index in rows.indices {
            if rows[index].team == 0 && rows[index].worker != 0 {
                rows[index].team = store.unit(of: rows[index].worker, on: rows[index].day)
            }
            if !rows[index].namesReferral || (rows[index].stepId == 0 && rows[index].kind.step != nil) {
                areNamed = areNamed && rows[index].kind.isContact
            }
        }
        for index in bookings.indices where bookings[index].team == 0 && bookings[index].worker != 0 {
            bookings[index].team = store.unit(of: bookings[index].worker, on: bookings[index].day)
        }
    }

    /// The number of rows accepted: kept and not ghosts.
    public var acceptedCount: Int { rows.count + bookings.count }

    /// Whether no row is a ghost, a booking or the same as another, as with most children.
    private var areAllRows: Bool {
        for index in scratch.indices {
            if scratch[index].kind == .icpcArranged || scratch[index].flags.contains(.ghost) { return false }
            if index > 0, Self.isSame(scratch[index - 1], scratch[index]) { return false }
        }
        return true
    }

    /// Sets ghosts and bookings apart, and drops rows that are the same as the one before.
    private mutating func split() {
        for (index, row) in scratch.enumerated() {
            if row.flags.contains(.ghost) {
                ghosts.append(row)
            } else if index > 0, !scratch[index - 1].flags.contains(.ghost), Self.isSame(scratch[index - 1], row) {
                drop(row)
            } else if row.kind == .icpcArranged {
                bookings.append(row)
            } else {
                rows.append(row)
            }
        }
    }

    private mutating func drop(_ row: CaseRow) {
        guard let kept = row.kind == .icpcArranged ? bookings.last : rows.last else { return }
        duplicates.append((row, kept.team != row.team || kept.outcome != row.outcome))
    }

    /// Puts the rows in order; in most exports they nearly are.
    private mutating func sort(_ store: CaseStore, _ ids: PartitionIds) {
        guard scratch.count <= Self.few else {
            scratch.sort { Self.precedes($0, $1, store, ids) }
            return
        }
        for index in scratch.indices.dropFirst() {
            // In most exports the rows of a child are in order of date, and few are of one day.
            if scratch[index - 1].orderKey < scratch[index].orderKey { continue }
            let row = scratch[index]
            var place = index
            while place > 0, Self.precedes(row, scratch[place - 1], store, ids) {
                scratch[place] = scratch[place - 1]
                place -= 1
            }
            if place < index { scratch[place] = row }
        }
    }

    /// So few rows are put in order by insertion.
    private static let few = 64

    /// The number of rows up to a day.
    public func count(upTo day: CivilDate) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].day <= day { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func row(_ event: Event, store: CaseStore, ids: PartitionIds) -> CaseRow {
        let actor = store.actors[Int(event.actor)]
        let day = EventDay.date(event.day)
        let says = event.lag != Event.noLag
        // A booking is recorded before the day it is for.
        let isBooking = event.kind == .icpcArranged
        return CaseRow(
            day: day,
            recordedOn: says ? day.adding(days: isBooking ? Int32(event.lag) : max(0, Int32(event.lag))) : day,
            referralId: event.referral,
            stepId: event.step, family: event.family, team: actor.team, worker: actor.worker, manager: actor.manager,
            line: event.line, outcome: event.outcome, lag: event.lag, kind: event.kind, flags: event.flags,
            namesReferral: event.referral != 0, saysRecorded: says,
            isRecordedBefore: says && !isBooking && event.lag < 0)
    }
}

extension ChildRows {
    /// Whether two rows say the same thing: child, event, date, referral and step.
    private static func isSame(_ a: CaseRow, _ b: CaseRow) -> Bool {
        a.orderKey == b.orderKey && a.referralId == b.referralId && a.stepId == b.stepId
    }

    /// The order of a child's rows; the row to keep comes first among rows that are the same.
    private static func precedes(
        _ a: CaseRow, _ b: CaseRow, _ store: CaseStore, _ ids: PartitionIds
    ) -> Bool {
        if a.orderKey != b.orderKey { return a.orderKey < b.orderKey }
        if a.referralId != b.referralId { return ids.referrals.precedes(a.referralId, b.referralId) }
        if a.stepId != b.stepId { return ids.steps.precedes(a.stepId, b.stepId) }
        let aGhost = a.flags.contains(.ghost)
        if aGhost != b.flags.contains(.ghost) { return !aGhost }
        let (first, second) = (max(a.recordedOn, a.day), max(b.recordedOn, b.day))
        if first != second { return first < second }
        if a.team != b.team { return store.names.precedes(a.team, b.team) }
        if a.worker != b.worker { return store.names.precedes(a.worker, b.worker) }
        if a.outcome != b.outcome { return store.outcomes.precedes(UInt32(a.outcome), UInt32(b.outcome)) }
        if a.lag != b.lag { return a.lag < b.lag }
        if a.manager != b.manager { return store.names.precedes(a.manager, b.manager) }
        if a.family != b.family { return ids.families.precedes(a.family, b.family) }
        if a.flags != b.flags { return a.flags.rawValue < b.flags.rawValue }
        return a.line < b.line
    }
}
