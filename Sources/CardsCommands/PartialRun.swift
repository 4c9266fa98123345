import Cards
import CaseEvents
import Exports
import Rules
import WorkingCalendar

/// A run over some of the children, before anything is made of its sums.
///
/// Runs over different children, with the same settings and as at the same day, add up to the run over all
/// of them. A file of `cards weekly --partial` holds one, as JSON.
struct PartialRun: Codable {
    var settings: RunSettings
    var week: ISOWeek
    var asAt: CivilDate
    var sources: [SourceSummary]
    /// The SHA-256 of each export in hexadecimal.
    var digests: [String]
    var rejected: [RejectedRow]
    var totals: RunTotals
    /// The children of the run, so that none is counted twice.
    var children: ChildDigests

    /// For each event, how many rows have it.
    var counts: [Int] { Self.counts(sources) }

    static func counts(_ sources: [SourceSummary]) -> [Int] {
        sources.reduce(into: [Int](repeating: 0, count: EventKind.count)) { sums, source in
            for kind in sums.indices { sums[kind] += source.kinds[kind] }
        }
    }
}

/// What a run was made with, as far as its figures depend on it.
struct RunSettings: Codable, Hashable {
    var rulebook: Rulebook
    var closures: ClosureTable
    var organisation: Organisation
    var knownAt: CivilDate?
    var weeks: Int?
    var isCurrentStructure: Bool
    var completeFrom: CivilDate?
    var without: [EventKind]
    var changes: [CivilDate]
    var screensLimits: Bool
    var keepsClocks: Bool

    /// What differs between two settings, in the words of the options; empty where nothing does.
    func differences(from other: RunSettings) -> [String] {
        [
            ("rulebook", rulebook == other.rulebook), ("calendar", closures == other.closures),
            ("organisation or workers file", organisation == other.organisation),
            ("--known-at", knownAt == other.knownAt), ("--weeks", weeks == other.weeks),
            ("--structure", isCurrentStructure == other.isCurrentStructure),
            ("--complete-from", completeFrom == other.completeFrom), ("--without", without == other.without),
            ("changes of the configuration", changes == other.changes),
            ("screened limits", screensLimits == other.screensLimits), ("--clocks", keepsClocks == other.keepsClocks),
        ].filter { !$0.1 }.map(\.0)
    }
}
