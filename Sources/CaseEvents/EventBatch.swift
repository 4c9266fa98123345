/// A place in a batch's bytes.
public struct TextRange: Sendable, BitwiseCopyable {
    public var offset: UInt32
    public var length: UInt32

    @inlinable
    public init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }

    /// The offsets of the bytes.
    @inlinable public var range: Range<Int> { Int(offset)..<Int(offset) &+ Int(length) }

    /// The empty text.
    @inlinable public static var empty: TextRange { TextRange(offset: 0, length: 0) }
}

/// A row that has been parsed and not yet been given its ids' numbers.
public struct EventDraft: Sendable, BitwiseCopyable {
    /// The hash of the child's id; its highest bits choose the partition.
    public var childHash: UInt64
    public var child: TextRange
    public var referral: TextRange
    public var step: TextRange
    public var family: TextRange
    /// The event; its referral, step and family are filled in by the partition, its actor and
    /// outcome are the batch's own numbers until then.
    public var event: Event

    public init(
        childHash: UInt64, child: TextRange, referral: TextRange, step: TextRange, family: TextRange, event: Event
    ) {
        self.childHash = childHash
        self.child = child
        self.referral = referral
        self.step = step
        self.family = family
        self.event = event
    }

    /// The partition the child belongs to, in `0..<CaseStore.partitionCount`.
    @inlinable public var partition: Int { Int(truncatingIfNeeded: childHash &>> 58) }
}

/// The rows of one block of text, with the bytes their ids stand in.
public struct EventBatch: Sendable {
    /// The bytes that the drafts point into.
    public var bytes: ContiguousArray<UInt8>
    /// The drafts, those of one partition together and in the order of the file.
    public private(set) var drafts: ContiguousArray<EventDraft> = []
    /// Where each partition's drafts begin; one more than there are partitions.
    public private(set) var starts: [Int] = []
    /// The distinct combinations of team, worker and manager in the block, in order of appearance.
    public var actors: [ActorName] = []
    /// The distinct outcome codes in the block, in order of appearance.
    public var outcomes: [String] = []

    /// What is added to each draft's line: the number of the block's first line in its file.
    public var lineBase: UInt32 = 0

    /// Creates a batch and sorts the drafts by partition.
    ///
    /// - Complexity: O(*n*) in the number of drafts.
    public init(
        bytes: ContiguousArray<UInt8>, drafts unsorted: ContiguousArray<EventDraft>, actors: [ActorName],
        outcomes: [String]
    ) {
        self.bytes = bytes
        self.actors = actors
        self.outcomes = outcomes
        var counts = [Int](repeating: 0, count: CaseStore.partitionCount + 1)
        for draft in unsorted { counts[draft.partition + 1] += 1 }
        for index in 1..<counts.count { counts[index] += counts[index - 1] }
        starts = counts
        var places = ContiguousArray<UInt32>(repeating: 0, count: unsorted.count)
        for (index, draft) in unsorted.enumerated() {
            places[counts[draft.partition]] = UInt32(truncatingIfNeeded: index)
            counts[draft.partition] += 1
        }
        drafts.reserveCapacity(unsorted.count)
        for place in places { drafts.append(unsorted[Int(place)]) }
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
}
