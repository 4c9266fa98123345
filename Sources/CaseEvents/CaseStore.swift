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
    /// How the ids of each ``IdColumn`` are written.
    public let spellings: [IdSpellings]
    /// The distinct combinations of team, worker and manager.
    public private(set) var actors: [Actor] = []
    /// The distinct names of teams, workers and managers, sorted by the order of appearance; entry 0 is empty.
    public private(set) var names = IdTable()
    /// The distinct outcome codes; entry 0 is empty.
    public private(set) var outcomes = IdTable()

    /// For each source, the place of its export in the run; empty where the run has one export alone.
    public var exports: [UInt8] = []

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
        let spellings = IdColumn.allCases.map { _ in IdSpellings() }
        self.spellings = spellings
        partitions = (0..<Self.partitionCount).map { _ in Partition(spellings) }
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
