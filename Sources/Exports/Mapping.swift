public import CaseEvents
public import DelimitedText
public import WorkingCalendar

/// How the files of one source system become case events.
///
/// People write it as YAML; those of published formats are part of the program. It decides which columns
/// are read at all: no other column comes into memory beyond the block of text it stands in.
public struct Mapping: Sendable, Hashable {
    /// The name of the source system, for people.
    public var name: String
    /// The first day for which the files are complete; `nil` where nobody has said.
    public var completeFrom: CivilDate?
    /// For files that hold so many months before their newest date; `nil` where that is not so.
    public var completeMonths: Int?
    public var tables: [TableMapping]
    /// What the cards say of such a source, one sentence each.
    public var notes: [String]

    public init(
        name: String, completeFrom: CivilDate? = nil, completeMonths: Int? = nil, tables: [TableMapping] = [],
        notes: [String] = []
    ) {
        self.name = name
        self.completeFrom = completeFrom
        self.completeMonths = completeMonths
        self.tables = tables
        self.notes = notes
    }
}

/// How one file, sheet or table becomes case events: every record may be several of them.
public struct TableMapping: Sendable, Hashable {
    /// Its names: that of a file, in which `*` stands for anything, of a sheet or of a table.
    public var names: [String]
    public var dialect = Dialect()
    /// Whether columns other than the child's may be missing, as they are in some years' lists.
    public var hasOptionalColumns = false
    /// The ways in which its dates may be written.
    public var dateForms = Set(DateForm.allCases)
    /// Further words for "no value".
    public var nothing: [String] = []
    /// Which records are read.
    public var conditions: [Condition] = []
    /// Where each value of its events comes from, unless the event says otherwise.
    public var cells: [EventCell: Cell]
    public var events: [EventMapping]

    public init(names: [String], cells: [EventCell: Cell] = [:], events: [EventMapping] = []) {
        self.names = names
        self.cells = cells
        self.events = events
    }
}

/// One event that a record may be.
public struct EventMapping: Sendable, Hashable {
    /// Which event.
    public enum Kind: Sendable, Hashable {
        case fixed(EventKind)
        /// The values of a column, and the event each means.
        case byValue(Cell)
    }

    public var kind: Kind
    /// The columns of its date: the first that has one.
    ///
    /// A record without any is no such event.
    public var dates: [Cell]
    /// Whether a record without a date is a rejected row.
    public var isNeeded = false
    /// Whether its absence is evidence.
    ///
    /// A source may hold some dates of an event and not all.
    public var isCarried = true
    public var conditions: [Condition] = []
    /// What differs from the table's own cells.
    public var cells: [EventCell: Cell] = [:]

    public init(_ kind: Kind, dates: [Cell]) {
        self.kind = kind
        self.dates = dates
    }
}

/// The columns of the case-events format that a mapping fills, besides event and date.
public enum EventCell: String, CaseIterable, Sendable {
    case child, referral, step, recorded, team, worker, manager, family, outcome, restricted
}

/// Where a value comes from: a column, or the mapping itself.
public struct Cell: Sendable, Hashable {
    /// The headings the column may have; empty for a fixed value.
    public var columns: [String]
    public var fixed = ""
    /// What values of the column mean; others stay as they are.
    public var values: [String: String] = [:]

    public init(columns: [String]) { self.columns = columns }

    public init(fixed: String) {
        columns = []
        self.fixed = fixed
    }
}

/// Chooses records by the value of a column.
public struct Condition: Sendable, Hashable {
    public var column: Cell
    /// In any case; of `a) Yes`, the code, the label and the whole all count.
    public var values: [String]
    /// Whether records with one of the values are left out instead.
    public var isUnless: Bool

    public init(column: Cell, values: [String], isUnless: Bool) {
        self.column = column
        self.values = values
        self.isUnless = isUnless
    }
}

/// A way in which a date is written; no text can be read in two of them.
public enum DateForm: String, CaseIterable, Sendable {
    case iso = "yyyy-mm-dd"
    /// Day, month, year.
    case slashes = "dd/mm/yyyy"
    /// Day, month, and a year from 1950 to 2049 of which only the last two digits stand there.
    case shortYear = "dd/mm/yy"
    /// As in `5-Mar-24` or `05 March 2024`.
    case monthName = "d-mmm-yy"
    /// The days since 1899-12-30, as workbooks keep dates.
    case serial = "excel"

    /// The place among ``allCases``.
    var index: Int {
        switch self {
        case .iso: 0
        case .slashes: 1
        case .shortYear: 2
        case .monthName: 3
        case .serial: 4
        }
    }
}
