public import Columnar

/// A row that has been parsed and not yet been given its ids' numbers.
public struct EventDraft: Sendable, BitwiseCopyable {
    /// The ids; the keys of long ones point into the batch's bytes.
    public var child: IdKey
    public var referral: IdKey
    public var step: IdKey
    public var family: IdKey
    /// The batch's own numbers of the actor and the outcome.
    public var actor: UInt32
    public var outcome: UInt16
    /// The line of the row, counted from 0 in the block.
    public var line: UInt32
    /// As in an ``Event``.
    public var day: UInt16
    public var lag: Int16
    public var kind: EventKind
    public var flags: Event.Flags

    public init(
        child: IdKey, referral: IdKey, step: IdKey, family: IdKey, actor: UInt32, outcome: UInt16, line: UInt32,
        day: UInt16, lag: Int16, kind: EventKind, flags: Event.Flags
    ) {
        self.child = child
        self.referral = referral
        self.step = step
        self.family = family
        self.actor = actor
        self.outcome = outcome
        self.line = line
        self.day = day
        self.lag = lag
        self.kind = kind
        self.flags = flags
    }
}

/// The rows of one block of text, those of one partition together.
public struct EventBatch: Sendable {
    /// The bytes that the keys of long ids point into; empty where there are none.
    let bytes: ContiguousArray<UInt8>
    /// The drafts, those of one partition together and in the order of the file.
    let drafts: ContiguousArray<EventDraft>
    /// Where each partition's drafts begin; one more than there are partitions.
    let starts: ContiguousArray<Int32>
    /// The distinct combinations of team, worker and manager in the block, in order of appearance.
    let actors: [ActorName]
    /// The distinct outcome codes in the block, in order of appearance.
    let outcomes: [String]

    /// What is added to each draft's line: the number of the block's first line in its file.
    public var lineBase: UInt32 = 0

    /// Creates a batch and sorts the drafts by partition.
    ///
    /// - Complexity: O(*n*) in the number of drafts.
    public init(
        bytes: ContiguousArray<UInt8>, drafts unsorted: ContiguousArray<EventDraft>, actors: [ActorName],
        outcomes: [String]
    ) {
        self.actors = actors
        self.outcomes = outcomes
        var next = ContiguousArray<Int32>(repeating: 0, count: CaseStore.partitionCount + 1)
        var partitions = ContiguousArray<UInt8>(repeating: 0, count: unsorted.count)
        var hasLongIds = false
        unsafe bytes.withUnsafeBytes { text in
            for index in unsorted.indices {
                let draft = unsorted[index]
                let partition = unsafe CaseStore.partition(draft.child.hash(in: text))
                partitions[index] = UInt8(truncatingIfNeeded: partition)
                next[partition &+ 1] &+= 1
                hasLongIds =
                    hasLongIds || draft.child.isLong || draft.referral.isLong || draft.step.isLong
                    || draft.family.isLong
            }
        }
        for index in 1..<next.count { next[index] += next[index - 1] }
        starts = next
        drafts = unsafe ContiguousArray(unsafeUninitializedCapacity: unsorted.count) { sorted, count in
            for index in unsorted.indices {
                let partition = Int(partitions[index])
                unsafe sorted.initializeElement(at: Int(next[partition]), to: unsorted[index])
                next[partition] &+= 1
            }
            count = unsorted.count
        }
        self.bytes = hasLongIds ? bytes : []
    }

    /// The number of rows.
    public var count: Int { drafts.count }
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
}
