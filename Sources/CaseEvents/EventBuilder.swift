public import Columnar

/// Collects the rows of one block of text and sorts them by partition: the end of the hot loop of reading.
///
/// Ids that are spelled with digits are codes at once (see ``IdSpellings``); the others are set aside
/// with the place they belong to, until their partition looks them up.
public struct EventBuilder: Sendable {
    private var child: IdCoder
    private var referral: IdCoder
    private var step: IdCoder
    private var family: IdCoder
    private var events: ContiguousArray<Event> = []
    /// The partition of each event.
    private var partitions: ContiguousArray<UInt8> = []
    private var others: ContiguousArray<OtherId> = []
    /// The bytes of the long ones among the other ids.
    private var otherBytes: ContiguousArray<UInt8> = []
    /// Memory for the next batch's events; what is in it means nothing.
    private var spare: ContiguousArray<Event> = []

    /// Creates an empty builder.
    ///
    /// - Parameter spellings: Those of the store, for each ``IdColumn``.
    public init(_ spellings: [IdSpellings]) {
        child = IdCoder(spellings[Int(IdColumn.child.rawValue)])
        referral = IdCoder(spellings[Int(IdColumn.referral.rawValue)])
        step = IdCoder(spellings[Int(IdColumn.step.rawValue)])
        family = IdCoder(spellings[Int(IdColumn.family.rawValue)])
    }

    /// A builder that takes the place of another one for a while.
    public static var none: EventBuilder { EventBuilder(IdColumn.allCases.map { _ in IdSpellings() }) }

    /// Makes room for so many rows.
    public mutating func reserveCapacity(_ count: Int) {
        events.reserveCapacity(count)
        partitions.reserveCapacity(count)
    }

    /// Takes the memory of a batch that was absorbed, for the next batch's events.
    public mutating func reuse(_ events: consuming ContiguousArray<Event>?) {
        if let events { spare = events }
    }

    /// Adds a row: an event without ids, and its ids.
    ///
    /// Its actor and outcome are numbers of the block, its line is counted from 0 in it. The keys of long ids
    /// point into `text`.
    ///
    /// - Complexity: O(1) for ids spelled with digits, else O(their length).
    @inline(__always)
    public mutating func append(
        _ event: Event, child childId: IdKey, referral referralId: IdKey, step stepId: IdKey, family familyId: IdKey,
        in text: UnsafeRawBufferPointer
    ) {
        var event = event
        if let code = child.code(childId) { event.child = code } else { unsafe setAside(childId, .child, text) }
        if let code = referral.code(referralId) {
            event.referral = code
        } else {
            unsafe setAside(referralId, .referral, text)
        }
        if let code = step.code(stepId) { event.step = code } else { unsafe setAside(stepId, .step, text) }
        if let code = family.code(familyId) { event.family = code } else { unsafe setAside(familyId, .family, text) }
        events.append(event)
        partitions.append(UInt8(truncatingIfNeeded: CaseStore.partition(unsafe childId.hash(in: text))))
    }

    @inline(never)
    private mutating func setAside(_ key: IdKey, _ column: IdColumn, _ text: UnsafeRawBufferPointer) {
        let place = UInt32(truncatingIfNeeded: events.count)
        others.append(
            OtherId(
                key: unsafe key.copied(from: text, to: &otherBytes), hash: unsafe key.hash(in: text), event: place,
                column: column))
    }

    /// The rows, sorted by partition; the builder is empty again.
    ///
    /// The rows' numbers name the distinct combinations of team, worker and manager, and the distinct outcome codes.
    ///
    /// - Complexity: O(*n*) in the number of rows.
    public mutating func takeBatch(actors: [ActorName], outcomes: [String]) -> EventBatch {
        var next = ContiguousArray<Int32>(repeating: 0, count: CaseStore.partitionCount + 1)
        for partition in partitions { next[Int(partition) &+ 1] &+= 1 }
        for index in 1..<next.count { next[index] += next[index - 1] }
        let starts = next
        var places = ContiguousArray<Int32>(repeating: 0, count: others.isEmpty ? 0 : events.count)
        var sorted: ContiguousArray<Event> = []
        swap(&sorted, &spare)
        if sorted.count < events.count, let any = events.first {
            sorted = ContiguousArray(repeating: any, count: events.count + events.count / 16)
        }
        unsafe sorted.withUnsafeMutableBufferPointer { sorted in
            for index in events.indices {
                let partition = Int(partitions[index])
                if !places.isEmpty { places[index] = next[partition] }
                unsafe sorted[Int(next[partition])] = events[index]
                next[partition] &+= 1
            }
        }
        var othersOfPartition = [ContiguousArray<OtherId>](
            repeating: [], count: others.isEmpty ? 0 : CaseStore.partitionCount)
        for other in others {
            var other = other
            let partition = Int(partitions[Int(other.event)])
            other.event = UInt32(truncatingIfNeeded: places[Int(other.event)])
            othersOfPartition[partition].append(other)
        }
        otherBytes.append(contentsOf: repeatElement(0, count: 8))
        defer {
            events.removeAll(keepingCapacity: true)
            partitions.removeAll(keepingCapacity: true)
            others = []
            otherBytes = []
        }
        return EventBatch(
            events: sorted, count: events.count, starts: starts, others: othersOfPartition, otherBytes: otherBytes,
            actors: actors,
            outcomes: outcomes)
    }
}

/// An id that is not spelled with digits, and where it belongs.
struct OtherId: Sendable, BitwiseCopyable {
    var key: IdKey
    var hash: UInt64
    /// The place of its event in the batch.
    var event: UInt32
    var column: IdColumn
}

/// The rows of one block of text, those of one partition together and in the order of the file.
public struct EventBatch: Sendable {
    /// The events; their actors and outcomes are the batch's own numbers.
    ///
    /// There may be more of them than ``count``, which mean nothing.
    public let events: ContiguousArray<Event>
    /// The number of rows.
    public let count: Int
    /// Where each partition's events begin; one more than there are partitions.
    let starts: ContiguousArray<Int32>
    /// For each partition, the ids that are still to be looked up; empty where no id of the block is.
    let others: [ContiguousArray<OtherId>]
    /// The bytes that the keys of long ids point into.
    let otherBytes: ContiguousArray<UInt8>
    /// The distinct combinations of team, worker and manager in the block, in order of appearance.
    let actors: [ActorName]
    /// The distinct outcome codes in the block, in order of appearance.
    let outcomes: [String]

    /// What is added to each event's line: the number of the block's first line in its file.
    public var lineBase: UInt32 = 0

    init(
        events: ContiguousArray<Event>, count: Int, starts: ContiguousArray<Int32>, others: [ContiguousArray<OtherId>],
        otherBytes: ContiguousArray<UInt8>, actors: [ActorName], outcomes: [String]
    ) {
        self.events = events
        self.count = count
        self.starts = starts
        self.others = others
        self.otherBytes = otherBytes
        self.actors = actors
        self.outcomes = outcomes
    }
}

/// The people behind a row: the team, the worker and the manager it names, each perhaps empty.
public struct ActorName: Hashable, Sendable {
    public var team: String
    public var worker: String
    public var manager: String

    public init(team: String, worker: String, manager: String) {
        self.team = team
        self.worker = worker
        self.manager = manager
    }

    /// Whether the bytes are the same: two forms of one letter are two names, as they are everywhere else.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.team.utf8.elementsEqual(rhs.team.utf8) && lhs.worker.utf8.elementsEqual(rhs.worker.utf8)
            && lhs.manager.utf8.elementsEqual(rhs.manager.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for text in [team, worker, manager] {
            for byte in text.utf8 { hasher.combine(byte) }
            hasher.combine(UInt8.max)
        }
    }
}
