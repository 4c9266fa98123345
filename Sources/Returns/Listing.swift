/// Under which reference an exception stands in a set.
///
/// A start that was corrected since, or a child's new reference, gives it another one: then it is the row of the same
/// child, rule and referral, where there is one such row and not several.
struct Listing {
    private struct Subject: Hashable {
        var child, rule, referral: String
    }

    private let rows: [String: PublishedSets.Row]
    private let merged: [String: String]
    private var references: [Subject: [String]] = [:]

    /// - Parameters:
    ///   - set: The set.
    ///   - merged: The references of children that became others, each with the one of now.
    /// - Complexity: O(*n*) in the rows of the set.
    init(_ set: PublishedSets.Set, merged: [String: String]) {
        rows = set.rows
        self.merged = merged
        for row in rows.values {
            references[subject(row.child, row.rule, row.referral), default: []].append(row.reference)
        }
    }

    /// The reference of an exception that had one, and was about a child, a rule and a referral.
    ///
    /// - Returns: `nil` where it is not in the set, or several rows might be it.
    /// - Complexity: O(1).
    func reference(_ reference: String, child: String, rule: String, referral: String) -> String? {
        if rows[reference] != nil { return reference }
        let same = references[subject(child, rule, referral)] ?? []
        return same.count == 1 ? same[0] : nil
    }

    /// The reference of what an answer is about; as ``reference(_:child:rule:referral:)``.
    func reference(of kept: ReturnStore.Kept) -> String? {
        reference(
            kept.listedAs.isEmpty ? kept.exception : kept.listedAs, child: kept.child, rule: kept.rule,
            referral: kept.referral)
    }

    private func subject(_ child: String, _ rule: String, _ referral: String) -> Subject {
        Subject(child: merged[child] ?? child, rule: rule, referral: referral)
    }
}
