public import WorkingCalendar

/// The structure of the service over time: which unit belonged to which team, Group Manager and service.
///
/// Built from the organisation file; see `docs/formats.md`. Without one, every unit is its own team.
public struct Organisation: Hashable, Codable, Sendable {
    /// One row of the organisation file: a unit's place between two dates.
    public struct Placement: Hashable, Codable, Sendable {
        /// The unit's name as it stands in the events' `team` column.
        public var unit: String
        public var team: String
        public var groupManager: String
        public var service: String
        /// Whether the unit does short-term work, so that the 8 to 12 week clock runs in it.
        public var isShortTerm: Bool
        /// The first and last day of the placement, both inside; `nil` is open.
        public var from: CivilDate?
        public var to: CivilDate?
        /// The unit that carries the work on; empty for none.
        public var succeededBy: String

        public init(
            unit: String, team: String, groupManager: String, service: String, isShortTerm: Bool = false,
            from: CivilDate? = nil, to: CivilDate? = nil, succeededBy: String = ""
        ) {
            self.unit = unit
            self.team = team
            self.groupManager = groupManager
            self.service = service
            self.isShortTerm = isShortTerm
            self.from = from
            self.to = to
            self.succeededBy = succeededBy
        }
    }

    /// The placements, those of one unit in order of date and without overlap.
    public let placements: [Placement]
    /// The unit of each worker between two dates, where a workers file was given.
    public let workers: [WorkerPlacement]

    /// One row of the workers file: the unit a worker belonged to between two dates, both inside.
    public struct WorkerPlacement: Hashable, Codable, Sendable {
        public var worker: String
        public var unit: String
        public var from: CivilDate?
        public var to: CivilDate?

        public init(worker: String, unit: String, from: CivilDate? = nil, to: CivilDate? = nil) {
            self.worker = worker
            self.unit = unit
            self.from = from
            self.to = to
        }
    }

    /// Creates a structure from rows that have been checked for overlap.
    public init(placements: [Placement], workers: [WorkerPlacement] = []) {
        self.placements = placements.sorted {
            ($0.unit, $0.from?.daysSinceEpoch ?? .min) < ($1.unit, $1.from?.daysSinceEpoch ?? .min)
        }
        self.workers = workers
    }

    /// Whether there is no organisation file.
    public var isEmpty: Bool { placements.isEmpty }

    /// Whether any unit is marked for short-term work.
    public var marksShortTerm: Bool { placements.contains(where: \.isShortTerm) }
}
