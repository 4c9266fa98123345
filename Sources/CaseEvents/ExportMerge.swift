import Columnar
import WorkingCalendar

/// Makes one of what several exports of a run say of the same thing.
///
/// Exports of different systems have their own ids. A referral, step or plan of one is the same as that of an
/// export given before it where child, kind and start date are the same: its rows then take the ids of the
/// other, and those that say what the other says already are dropped. What began a few days apart is left as
/// it is and noted, for somebody to look at.
struct ExportMerge {
    /// A referral, step or plan that one export tells of.
    private struct Thing {
        var export: UInt8
        /// The event that begins it.
        var kind: EventKind
        var id: UInt32
        var referral: UInt32
        var start: CivilDate
        /// The row that begins it.
        var row: Int
        /// The place of the thing it is the same as; its own where there is none.
        var same: Int
    }

    /// A dropped row, and whether it says something else than the one that was kept.
    typealias Dropped = (row: CaseRow, differs: Bool)

    private var things: [Thing] = []
    private let exports: [UInt8]

    /// - Parameter exports: For each source, the place of its export in the run.
    init(_ exports: [UInt8]) { self.exports = exports }

    /// Merges a child's rows in place.
    ///
    /// - Returns: The rows that were dropped, and those that begin something a few days from another's start.
    /// - Complexity: O(*n*²) in the child's rows, only for children with rows in several exports.
    mutating func merge(_ rows: inout ContiguousArray<CaseRow>) -> (dropped: [Dropped], near: [CaseRow]) {
        guard let first = rows.first.map(export), rows.contains(where: { export($0) != first }) else { return ([], []) }
        collect(rows)
        var near: [CaseRow] = []
        for place in things.indices { match(place, rows, &near) }
        rename(&rows)
        return (drop(&rows), near)
    }

    private func export(_ row: CaseRow) -> UInt8 { exports[row.flags.source] }

    private mutating func collect(_ rows: ContiguousArray<CaseRow>) {
        for (place, row) in rows.enumerated() where row.kind.beginsThing && !row.flags.contains(.ghost) {
            let id = row.kind == .referralReceived ? row.referralId : row.stepId
            let known = things.firstIndex {
                $0.export == export(row) && $0.kind == row.kind && $0.id == id && id != 0
                    && (row.kind == .referralReceived || $0.referral == row.referralId)
            }
            if let known {
                if row.day < things[known].start { (things[known].start, things[known].row) = (row.day, place) }
                continue
            }
            things.append(
                Thing(
                    export: export(row), kind: row.kind, id: id, referral: row.referralId, start: row.day, row: place,
                    same: things.count))
        }
        things.sort { $0.export < $1.export }
        for place in things.indices { things[place].same = place }
    }

    /// Finds what a thing is the same as, among those of the exports before.
    private mutating func match(_ place: Int, _ rows: ContiguousArray<CaseRow>, _ near: inout [CaseRow]) {
        let thing = things[place]
        let others = things[..<place].indices.filter { other in
            things[other].export < thing.export && things[other].kind == thing.kind && things[other].same == other
                // Each is the same as one thing of an export at most.
                && !things[..<place].contains { $0.export == thing.export && $0.same == other }
        }
        if let same = others.first(where: { things[$0].start == thing.start }) {
            things[place].same = same
        } else if others.contains(where: { abs(things[$0].start.daysSinceEpoch - thing.start.daysSinceEpoch) <= 7 }) {
            near.append(rows[thing.row])
        }
    }

    private func rename(_ rows: inout ContiguousArray<CaseRow>) {
        for place in rows.indices {
            let row = rows[place]
            if let step = thing(ofStep: row), things[step.same].id != 0 { rows[place].stepId = things[step.same].id }
            if let referral = thing(ofReferral: row) {
                rows[place].referralId = things[referral.same].id
            } else if let step = thing(ofStep: row), things[step.same].referral != 0 {
                rows[place].referralId = things[step.same].referral
            }
            rows[place].namesReferral = rows[place].referralId != 0
        }
    }

    /// The referral a row names, where it is the same as another export's.
    private func thing(ofReferral row: CaseRow) -> Thing? {
        things.first {
            $0.kind == .referralReceived && $0.export == export(row) && things[$0.same].export < $0.export
                && things[$0.same].id != 0
                && ($0.id != 0 ? $0.id == row.referralId : row.kind == .referralReceived && $0.start == row.day)
        }
    }

    /// The step or plan a row belongs to, where it is the same as another export's.
    private func thing(ofStep row: CaseRow) -> Thing? {
        guard let kind = row.kind.thingBegins, kind != .referralReceived else { return nil }
        return things.first {
            $0.kind == kind && $0.export == export(row) && things[$0.same].export < $0.export
                && ($0.id != 0
                    ? $0.id == row.stepId && ($0.referral == row.referralId || row.referralId == 0)
                    : row.kind == kind && $0.start == row.day && row.stepId == 0)
        }
    }

    /// Drops the rows of later exports that say what those of an earlier one say.
    private func drop(_ rows: inout ContiguousArray<CaseRow>) -> [Dropped] {
        var dropped: [Dropped] = []
        var kept: ContiguousArray<CaseRow> = []
        for row in rows {
            let other = rows.first { other in
                export(other) < export(row) && other.kind == row.kind && !other.flags.contains(.ghost)
                    && !row.flags.contains(.ghost) && says(other, whatIsSaidBy: row)
            }
            guard let other else {
                kept.append(row)
                continue
            }
            let differs =
                other.day != row.day || (row.team != 0 && other.team != 0 && row.team != other.team)
                || (row.outcome != 0 && other.outcome != 0 && row.outcome != other.outcome)
            dropped.append((row, differs))
        }
        rows = kept
        return dropped
    }

    /// Whether one row leaves nothing to say for another of the same kind.
    private func says(_ row: CaseRow, whatIsSaidBy other: CaseRow) -> Bool {
        func agree(_ a: UInt32, _ b: UInt32) -> Bool { a == 0 || b == 0 || a == b }
        let isOfSameThing =
            agree(row.referralId, other.referralId) && agree(row.stepId, other.stepId)
        if row.day == other.day { return isOfSameThing }
        // What happens once to a thing: the export given first knows when.
        guard row.kind.happensOnce else { return false }
        return row.kind.isOfReferralAlone
            ? row.referralId != 0 && row.referralId == other.referralId
            : row.stepId != 0 && row.stepId == other.stepId && row.referralId == other.referralId
    }
}

extension EventKind {
    /// Whether the event begins a referral, step or plan.
    fileprivate var beginsThing: Bool { self == .referralReceived || self == .cpPlanStarted || isStepStart }

    /// The event that begins what this one belongs to.
    fileprivate var thingBegins: EventKind? {
        if let step { return step.started }
        switch self {
        case .icpcHeld, .icpcArranged, .icpcNotRequired: return .s47Started
        case .cpPlanStarted, .cpPlanEnded, .cpReviewHeld: return .cpPlanStarted
        case .referralReceived: return .referralReceived
        default: return nil
        }
    }

    fileprivate var isOfReferralAlone: Bool {
        switch self {
        case .referralReceived, .referralDecided, .referralNFA, .caseClosed: true
        default: false
        }
    }

    fileprivate var happensOnce: Bool {
        switch verb {
        case .received, .decided, .nfa, .started, .authorised, .cancelled, .ended, .closed: true
        case .completed: self == .s47Completed
        default: self == .icpcHeld
        }
    }
}
