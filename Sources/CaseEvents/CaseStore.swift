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

    /// The ids of the partition; a copy that shares its storage.
    public var ids: PartitionIds { contents.withLock { $0.ids } }

    /// Hands over the events, grouped by child, and forgets them.
    ///
    /// - Complexity: O(*n*) in the number of events.
    public func takeEvents() -> GroupedEvents {
        contents.withLock { contents in
            let events = contents.events
            contents.events = []
            return GroupedEvents(events, ids: contents.ids)
        }
    }
}

/// The tables of ids of one partition.
public struct PartitionIds: Sendable {
    /// The children.
    public var children = IdTable()
    /// The referral ids, each belonging to a child; the empty id is "none".
    public var referrals = IdTable(isOwned: true)
    /// The step ids; entry 0 is the empty id.
    public var steps = IdTable()
    /// The family ids; entry 0 is the empty id.
    public var families = IdTable()

    /// Tables without any child.
    public static let empty = PartitionIds()

    init() {
        _ = steps.intern("")
        _ = families.intern("")
    }
}

/// What a partition holds while an export is read.
struct PartitionContents: Sendable {
    var ids = PartitionIds()
    var events: ContiguousArray<Event> = []

    /// Interns the ids of a batch's rows and keeps the events.
    mutating func absorb(_ batch: EventBatch, partition: Int, actors: [UInt32], outcomes: [UInt16]) {
        let bytes = unsafe batch.bytes.span.bytes
        for index in batch.starts[partition]..<batch.starts[partition + 1] {
            let draft = batch.drafts[index]
            var event = draft.event
            let child = ids.children.intern(bytes.extracting(draft.child.range), hash: draft.childHash)
            let referral = bytes.extracting(draft.referral.range)
            event.referral = ids.referrals.intern(referral, hash: IdTable.hash(referral), owner: child)
            if draft.step.length > 0 {
                let step = bytes.extracting(draft.step.range)
                event.step = ids.steps.intern(step, hash: IdTable.hash(step))
            }
            if draft.family.length > 0 {
                let family = bytes.extracting(draft.family.range)
                event.family = ids.families.intern(family, hash: IdTable.hash(family))
            }
            event.actor = actors[Int(event.actor)]
            event.line &+= batch.lineBase
            event.outcome = outcomes[Int(event.outcome)]
            events.append(event)
        }
    }

}

/// The events of a partition, those of one child together.
public struct GroupedEvents: Sendable {
    /// The events; those of child *c* are `starts[c]..<starts[c + 1]`, in the order of the files.
    public let events: ContiguousArray<Event>
    public let starts: ContiguousArray<UInt32>

    init(_ unsorted: ContiguousArray<Event>, ids: PartitionIds) {
        var starts = ContiguousArray<UInt32>(repeating: 0, count: ids.children.count + 1)
        for event in unsorted { starts[Int(ids.referrals.owner(of: event.referral)) + 1] += 1 }
        for child in 1..<max(starts.count, 1) where starts.count > 1 { starts[child] += starts[child - 1] }
        var places = starts
        var order = ContiguousArray<UInt32>(repeating: 0, count: unsorted.count)
        for (index, event) in unsorted.enumerated() {
            let child = Int(ids.referrals.owner(of: event.referral))
            order[Int(places[child])] = UInt32(truncatingIfNeeded: index)
            places[child] += 1
        }
        var grouped = ContiguousArray<Event>()
        grouped.reserveCapacity(unsorted.count)
        for place in order { grouped.append(unsorted[Int(place)]) }
        events = grouped
        self.starts = starts
    }
}
