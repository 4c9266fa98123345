public import CaseEvents
public import WorkingCalendar

/// What `cards.yaml` says: the options of a run that stay the same from week to week.
///
/// Everything may be left out. Paths are as written, to be taken from the folder of the file.
public struct Configuration: Equatable, Sendable {
    /// The exports to read.
    public var exports: [String] = []
    public var teams: String?
    public var workers: String?
    public var rulebook: String?
    public var calendar: String?
    /// The folder the sets are written to.
    public var out: String?
    /// The formats to write; `nil` for the usual ones.
    public var formats: [Format]?
    /// The first day for which the exports are complete.
    public var completeFrom: CivilDate?
    /// The events that the exports cannot carry.
    public var without: [EventKind] = []
    /// The declared changes, oldest first; baselines of control charts begin after the last one.
    public var changes: [Change] = []
    /// Whether the limits of control charts leave out the largest moving ranges of their baseline.
    public var screensLimits = false
    /// The Group Managers whose restricted cases are shown by name.
    public var restrictedTo: [String] = []
    /// The Unix group that may read each kind of folder.
    public var groups: [Folder: String] = [:]
    /// The structure that figures are shown in.
    public var structure: Structure = .own
    /// What `cards nightly` does; `nil` where nothing is said of it.
    public var nightly: Nightly?

    /// A configuration that says nothing.
    public init() {}

    /// A format that a set can be written in.
    public enum Format: String, CaseIterable, Sendable {
        case html, xlsx, csv, json, text
    }

    /// A kind of folder of a set, each for other readers.
    public enum Folder: String, CaseIterable, Sendable {
        case authority, service
        case groupManager = "group_manager"
        case data
    }

    /// Which structure a figure belongs to.
    public enum Structure: String, CaseIterable, Sendable {
        /// That of its own date.
        case own
        /// Today's.
        case current
    }

    /// The nightly job.
    public struct Nightly: Equatable, Sendable {
        /// The ledger's file.
        public var ledger: String
        /// A file that is there once the exports are complete.
        public var marker: String?
        /// How many minutes to wait for it.
        public var waitMinutes = 0
        /// How many hours old an export may be; 0 for any age.
        public var oldestHours = 36
        /// The least that tonight's rows must be of last night's, in percent.
        public var leastShare = 50
        /// How many units there may be that the organisation file does not know.
        public var mostUnknownTeams = 10
        /// How many rows may be dated after the night.
        public var mostFutureRows = 100
        /// How many weekly sets are kept; `nil` for all.
        public var keepSets: Int?
        /// The file that names merged references of children.
        public var merges: String?
        /// Commands that are run at the end.
        public var onSuccess: String?
        public var onFailure: String?

        public init(ledger: String) { self.ledger = ledger }
    }

    /// A change of practice that everybody knows of.
    public struct Change: Hashable, Sendable {
        public var date: CivilDate
        /// What changed, as the charts print it.
        public var label: String

        public init(date: CivilDate, label: String) {
            self.date = date
            self.label = label
        }
    }
}
