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
        var references: [String: String] = [:]
        for old in published where old.counts && !shown.contains(old.reference) {
            let same = (places[Key(child: old.child, rule: old.rule)] ?? []).filter { $0.referral == old.referral }
            let own = same.filter { $0.step == old.step }
            let found = own.isEmpty ? same : own
            // What stands before what has left in the same week; and one and not several: a promise is no other's.
            for rows in [found.filter(\.counts), found] where references[old.reference] == nil {
                let successors = Set(rows.map(\.reference))
                if successors.count == 1 { references[old.reference] = successors.first }
            }
        }
        self.references = references
    }

    private struct Key: Hashable {
        var child: String
        var rule: String
    }
}
