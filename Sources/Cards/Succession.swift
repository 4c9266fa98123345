import WorkingCalendar

/// Finds under which reference an exception of the list before goes on, where it has another one now.
///
/// An exception is known by its child, rule and start. So a start that was corrected since, or a child whose
/// reference was merged with another's, gives it a new reference; what was promised for it goes on.
public struct Succession: Sendable {
    /// The reference of now for each one of before that is no longer there and goes on.
    public let references: [String: String]

    /// - Parameters:
    ///   - published: The list before, with its children under their references of now.
    ///   - exceptions: The list of now.
    ///   - clocks: The clocks of the children published, where they are known: what still has its own has ended, and
    ///     goes on as no other.
    public init(
        of published: [ListedException], in exceptions: [ListedException], clocks: [ListedClock] = []
    ) {
        let before = Set(published.lazy.filter(\.counts).map(\.reference))
        // A row that was moved to another Group Manager stands under its new reference as well.
        let shown = Set(exceptions.map(\.reference))
        let new = exceptions.filter { !before.contains($0.reference) }
        let places = Dictionary(grouping: new) { Key(child: $0.child, rule: $0.rule) }
        let gone = published.filter { $0.counts && !shown.contains($0.reference) }
        func same(_ old: ListedException) -> [ListedException] {
            (places[Key(child: old.child, rule: old.rule)] ?? []).filter { $0.referral == old.referral }
        }
        var references: [String: String] = [:]
        for old in gone { references[old.reference] = Self.one(same(old).filter { $0.step == old.step }) }
        // What goes on from a step of its own is no other step's.
        let taken = Set(references.values)
        let known = Set(clocks.map { Own(child: $0.child, rule: $0.rule, startedOn: $0.startedOn, step: $0.step) })
        for old in gone where references[old.reference] == nil {
            let own = Own(child: old.child, rule: old.rule, startedOn: old.startedOn, step: old.step)
            guard !known.contains(own) else { continue }
            references[old.reference] = Self.one(same(old).filter { !taken.contains($0.reference) })
        }
        self.references = references
    }

    /// The one reference of some rows; those that stand come before those that have left in the same week.
    ///
    /// - Returns: `nil` for several: a promise is no other's.
    private static func one(_ rows: [ListedException]) -> String? {
        for rows in [rows.filter(\.counts), rows] {
            let references = Set(rows.map(\.reference))
            if references.count == 1 { return references.first }
        }
        return nil
    }

    /// What a row and its clock have in common.
    private struct Own: Hashable {
        var child: String
        var rule: String
        var startedOn: CivilDate?
        var step: String
    }

    private struct Key: Hashable {
        var child: String
        var rule: String
    }
}
