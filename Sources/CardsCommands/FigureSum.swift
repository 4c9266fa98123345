import CaseEvents
import WorkingCalendar

/// How a list makes its figure.
enum FigureSum: Sendable {
    /// The number of its lines.
    case count
    /// The number of children on it.
    case children
    /// The number of those that belong to the part, of their number.
    case share
    case total, greatest, mean
    /// The value at the nearest rank of a percentage.
    case rank(Int)
}

/// Who signed something off, and when.
struct Signature: Hashable, Sendable {
    /// From how many signatures of one manager on one day they are a batch.
    static let leastOfBatch = 5

    var manager: UInt32
    var day: CivilDate

    /// The signature on a row; `nil` where it names no manager.
    init?(_ row: CaseRow) {
        guard row.manager != 0 else { return nil }
        manager = row.manager
        day = row.day
    }
}
