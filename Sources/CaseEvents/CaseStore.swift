public import Columnar
import Synchronization
import WorkingCalendar

/// Everything a run has read: the events by partition, and the names they use.
///
/// A child's rows are all in the partition that its id's hash chooses, so that each partition's
/// tables stay small and two cores can work on two partitions.
public struct CaseStore: Sendable {
    /// How many partitions there are; the six highest bits of a child's hash choose one.
    public static let partitionCount = 64

    /// The partition of a child, by the hash of its id.
    @inline(__always)
    static func partition(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 58) }

    /// The partitions.
    public let partitions: [Partition]
    /// The distinct combinations of team, worker and manager.
    public private(set) var actors: [Actor] = []
    /// The distinct names of teams, workers and managers, sorted by the order of appearance; entry 0 is empty.
    public private(set) var names = IdTable()
    /// The distinct outcome codes; entry 0 is empty.
    public private(set) var outcomes = IdTable()

    private var actorNumbers: [ActorName: UInt32] = [:]
    /// For each entry of ``names``, the units of the worker of that name; empty where no workers file was given.
    private var unitsOfWorkers: [UInt32: [WorkerSpan]] = [:]

    /// A worker's time in a unit, both days inside; `nil` is open.
    private struct WorkerSpan: Sendable {
        var from: CivilDate?
        var to: CivilDate?
        var unit: UInt32
    }

    /// The team, worker and manager of a row, as entries of ``names``; 0 is none.
    public struct Actor: Hashable, Sendable {
        public var team: UInt32
        public var worker: UInt32
        public var manager: UInt32
    }

    /// Creates an empty store.
    public init() {
        partitions = (0..<Self.partitionCount).map { _ in Partition() }
        _ = names.intern("")
        _ = outcomes.intern("")
    }

    /// Takes in batches, in the order of the file, and keeps their events.
    ///
    /// - Parameters:
    ///   - batches: The parsed blocks.
    ///   - cores: The number of threads to use.
    /// - Complexity: O(*n*) expected in the number of rows.
    public mutating func absorb(_ batches: [EventBatch], cores: Int) {
        let numbered = batches.map { batch in
            (
                batch: batch, actors: batch.actors.map { number(of: $0) },
                outcomes: batch.outcomes.map { UInt16(truncatingIfNeeded: min(outcomes.intern($0), 65_535)) }
            )
        }
        let partitions = partitions
        _ = concurrentMap(count: Self.partitionCount, cores: cores) { index in
            partitions[index].update { contents in
                for (batch, actors, outcomes) in numbered {
                    contents.absorb(batch, partition: index, actors: actors, outcomes: outcomes)
                }
            }
        }
    }

    /// Places workers in units, so that a row that names a worker and no team still has one.
    public mutating func place(_ workers: [Organisation.WorkerPlacement]) {
        for row in workers {
            let span = WorkerSpan(from: row.from, to: row.to, unit: names.intern(row.unit))
            unitsOfWorkers[names.intern(row.worker), default: []].append(span)
        }
    }

    /// The unit of a worker on a day; 0 where it is not known.
    ///
    /// - Complexity: O(rows of the worker).
    func unit(of worker: UInt32, on day: CivilDate) -> UInt32 {
        guard !unitsOfWorkers.isEmpty else { return 0 }
        return unitsOfWorkers[worker]?.last { ($0.from ?? day) <= day && ($0.to ?? day) >= day }?.unit ?? 0
    }

    /// The entry of ``names`` for a name, adding it where it is new.
    public mutating func name(_ text: String) -> UInt32 { names.intern(text) }

    private mutating func number(of name: ActorName) -> UInt32 {
        if let known = actorNumbers[name] { return known }
        let number = UInt32(truncatingIfNeeded: actors.count)
        actors.append(
            Actor(
                team: names.intern(name.team), worker: names.intern(name.worker), manager: names.intern(name.manager)))
        actorNumbers[name] = number
        return number
    }
}

/// The children whose ids' hashes fall together, with their ids and events.
public final class Partition: Sendable {
    private let contents = Mutex(PartitionContents())

    init() {}

    /// Calls `body` with the contents, which nobody else sees meanwhile.
    func update(_ body: (inout sending PartitionContents) -> Void) {
        contents.withLock { body(&$0) }
    }

    /// The ids of the partition so far.
    public var ids: PartitionIds { contents.withLock { PartitionIds($0) } }

    /// Hands over the events, grouped by child, and forgets them.
    ///
    /// - Complexity: O(*n*) in the number of events.
    public func takeEvents() -> GroupedEvents {
        contents.withLock { contents in
            let pieces = contents.pieces
            contents.pieces = []
            return GroupedEvents(pieces, PartitionIds(contents))
        }
    }
}

/// The tables of ids of one partition, as they are once everything is read.
///
/// A class, because every visit to a child passes them on: one count for all their storage.
public final class PartitionIds: Sendable {
    /// The children.
    public let children: IdTable
    /// The referral ids, each belonging to a child; the empty id is "none".
    public let referrals: IdTable
    /// The step ids; entry 0 is the empty id.
    public let steps: IdTable
    /// The family ids; entry 0 is the empty id.
    public let families: IdTable

    /// Tables without any child.
    public static let empty = PartitionIds(PartitionContents())

    init(_ contents: PartitionContents) {
        children = contents.children
        referrals = contents.referrals
        steps = contents.steps
        families = contents.families
    }
}

/// What a partition holds while an export is read.
struct PartitionContents: Sendable {
    private(set) var children = IdTable()
    private(set) var referrals = IdTable(isOwned: true)
    private(set) var steps = IdTable()
    private(set) var families = IdTable()
    /// The events in pieces of one size, so that none is copied when there are more.
    var pieces: [ContiguousArray<Event>] = []
    private static let pieceSize = 8_192

    init() {
        _ = steps.intern("")
        _ = families.intern("")
    }

    /// Interns the ids of a batch's rows and keeps the events.
    ///
    /// The tables are larger than the nearest caches. So the rows are taken some at a time: first the
    /// memory is asked for all their slots, then for the keys these name, and only then are they looked up,
    /// when most of it has arrived.
    mutating func absorb(_ batch: EventBatch, partition: Int, actors: [UInt32], outcomes: [UInt16]) {
        let range = Int(batch.starts[partition])..<Int(batch.starts[partition + 1])
        unsafe batch.bytes.withUnsafeBytes { text in
            var hashes = RowHashes()
            var begin = range.lowerBound
            while begin < range.upperBound {
                let rows = begin..<min(begin + RowHashes.count, range.upperBound)
                for row in rows {
                    unsafe hashes.set(row - begin, batch.drafts[row], text)
                    prefetchSlots(hashes[row - begin])
                }
                for row in rows { prefetchKeys(hashes[row - begin]) }
                for row in rows {
                    unsafe take(
                        batch.drafts[row], hashes[row - begin], text, lineBase: batch.lineBase, actors, outcomes)
                }
                begin = rows.upperBound
            }
        }
    }

    @inline(__always)
    private mutating func take(
        _ draft: EventDraft, _ hashes: IdHashes, _ text: UnsafeRawBufferPointer, lineBase: UInt32,
        _ actors: [UInt32], _ outcomes: [UInt16]
    ) {
        let child = unsafe children.intern(draft.child, hash: hashes.child, in: text)
        let referral = unsafe referrals.intern(draft.referral, hash: hashes.referral, in: text, owner: child)
        // The empty id is the first entry of the tables of steps and families.
        let step = draft.step.isEmpty ? 0 : unsafe steps.intern(draft.step, hash: hashes.step, in: text)
        let family = draft.family.isEmpty ? 0 : unsafe families.intern(draft.family, hash: hashes.family, in: text)
        if pieces.last.map({ $0.count == Self.pieceSize }) ?? true {
            var piece = ContiguousArray<Event>()
            piece.reserveCapacity(Self.pieceSize)
            pieces.append(piece)
        }
        pieces[pieces.count - 1].append(
            Event(
                referral: referral, step: step, family: family, actor: actors[Int(draft.actor)],
                line: draft.line &+ lineBase, day: draft.day, lag: draft.lag, outcome: outcomes[Int(draft.outcome)],
                kind: draft.kind, flags: draft.flags))
    }
}

/// The hashes of a row's ids.
private struct IdHashes: BitwiseCopyable {
    var child: UInt64 = 0
    var referral: UInt64 = 0
    var step: UInt64 = 0
    var family: UInt64 = 0
}

/// The hashes of the rows that are looked up together.
private struct RowHashes {
    static let count = 16
    private var hashes = ContiguousArray(repeating: IdHashes(), count: count)

    subscript(index: Int) -> IdHashes { hashes[index] }

    mutating func set(_ index: Int, _ draft: EventDraft, _ text: UnsafeRawBufferPointer) {
        hashes[index] = IdHashes(
            child: unsafe draft.child.hash(in: text), referral: unsafe draft.referral.hash(in: text),
            step: unsafe draft.step.hash(in: text), family: unsafe draft.family.hash(in: text))
    }
}

extension PartitionContents {
    // Mutating, though they change nothing: as a value to read, the tables would be copied for each call.
    fileprivate mutating func prefetchSlots(_ hashes: IdHashes) {
        children.prefetchSlot(hashes.child)
        referrals.prefetchSlot(hashes.referral)
        steps.prefetchSlot(hashes.step)
        families.prefetchSlot(hashes.family)
    }

    fileprivate mutating func prefetchKeys(_ hashes: IdHashes) {
        children.prefetchKey(hashes.child)
        referrals.prefetchKey(hashes.referral)
        steps.prefetchKey(hashes.step)
        families.prefetchKey(hashes.family)
    }
}

/// The events of a partition, those of one child together.
public struct GroupedEvents: Sendable {
    /// The events; those of child *c* are `starts[c]..<starts[c + 1]`, in the order of the files.
    public let events: ContiguousArray<Event>
    public let starts: ContiguousArray<UInt32>

    init(_ pieces: [ContiguousArray<Event>], _ ids: PartitionIds) {
        var starts = ContiguousArray<UInt32>(repeating: 0, count: ids.children.count + 1)
        for piece in pieces {
            for event in piece { starts[Int(ids.referrals.owner(of: event.referral)) + 1] += 1 }
        }
        for child in 1..<max(starts.count, 1) where starts.count > 1 { starts[child] += starts[child - 1] }
        var next = starts
        let total = pieces.reduce(0) { $0 + $1.count }
        events = unsafe ContiguousArray(unsafeUninitializedCapacity: total) { grouped, count in
            for piece in pieces {
                for event in piece {
                    let child = Int(ids.referrals.owner(of: event.referral))
                    unsafe grouped.initializeElement(at: Int(next[child]), to: event)
                    next[child] += 1
                }
            }
            count = total
        }
        self.starts = starts
    }
}
