import CaseEvents
import Clocks
import WorkingCalendar

/// Finds the exceptions that were published for the week before and that, by what was entered since, did not hold
/// then: an event that is entered late ends a wait in the past.
///
/// What is known now says that they never stood on that Sunday, so ``ExceptionLife`` does not miss them; but a
/// manager was asked about them, and is told how they left the list.
struct LateClearances {
    /// The Group Managers under whom an exception stands or has been shown as cleared, by its reference.
    private var readers: [String: Set<String>] = [:]
    /// The Group Manager under whom it stands.
    private var holders: [String: String] = [:]
    private let clocks: [Key: [ListedClock]]
    /// The children whose records are limited by now.
    private let restricted: Set<String>
    private let weekEnding: CivilDate

    /// What the clocks of a row have in common.
    private struct Key: Hashable {
        var child: String
        var rule: String
        var startedOn: CivilDate?
    }

    /// - Parameters:
    ///   - exceptions: The rows of this week.
    ///   - clocks: At least those of every child with a published row, as at the day of the list.
    ///   - weekEnding: The Sunday of the list.
    init(_ exceptions: [ListedException], _ clocks: [ListedClock], weekEnding: CivilDate) {
        for row in exceptions {
            readers[row.reference, default: []].insert(row.groupManager)
            if row.counts { holders[row.reference] = row.groupManager }
        }
        self.clocks = Dictionary(grouping: clocks) { Key(child: $0.child, rule: $0.rule, startedOn: $0.startedOn) }
        restricted = Set(exceptions.filter(\.isRestricted).map(\.child) + clocks.filter(\.isRestricted).map(\.child))
        self.weekEnding = weekEnding
    }

    /// The published rows that their reader would miss, as cleared rows of this week.
    ///
    /// - Parameters:
    ///   - published: The list before.
    ///   - succession: Where rows of it go on under another reference.
    /// - Returns: The rows, in the order of the list before.
    func rows(of published: [ListedException], _ succession: Succession) -> [ListedException] {
        published.compactMap { old in
            let reference = succession.references[old.reference] ?? old.reference
            guard old.counts, !readers[reference, default: []].contains(old.groupManager) else { return nil }
            var row = old
            row.reference = reference
            row.weekEnding = weekEnding
            row.status = .cleared
            row.weeksListed = 0
            (row.promisedOn, row.isPromiseKept) = (nil, nil)
            row.isRestricted = old.isRestricted || restricted.contains(old.child)
            guard holders[reference] == nil else {
                row.also = Clearance.moved.rawValue
                return row
            }
            let same = clocks[Key(child: old.child, rule: old.rule, startedOn: old.startedOn)] ?? []
            let own = same.first { $0.step == old.step && $0.referral == old.referral } ?? same.first
            let verdict = own.flatMap { own in Verdict.allCases.first { $0.name == own.verdict } }
            row.also = (verdict.map(Clearance.init) ?? .changed).rawValue
            row.stoppedOn = verdict?.isStopped == true ? own?.stoppedOn : nil
            return row
        }
    }
}
