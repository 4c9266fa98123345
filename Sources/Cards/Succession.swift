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
    public init(of published: [ListedException], in exceptions: [ListedException]) {
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
        for old in gone where references[old.reference] == nil {
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

    private struct Key: Hashable {
        var child: String
        var rule: String
    }
}
