import Cards

/// Decides which counts of a week may be published, so that no total gives a small one away.
///
/// What is published at every level is a *whole* and, where there is one, its *part*: work that fell due and how
/// much of it was done by its date. The rest of the whole is what is left. Small is a
/// number of 1 to 5. The rules, from the authority down:
///
/// - The authority's own whole stands where it is not small; its part where neither part nor rest is small. Else `c`.
/// - The services' numbers stand only where the authority's whole and part both do, and the teams' only where those
///   of their service do. Otherwise they are left out altogether, because they would add up to what is hidden.
/// - Where one of the numbers below is small, all of them become `c`, if each can then be anything from 1 to 5 at the
///   least for somebody who knows their sum. Otherwise the numbers of that level are left out. Hiding some and
///   showing others would tell more than it hides: which are hidden depends on what they are, and whoever knows how
///   they are chosen can work backwards.
///
/// A zero stays zero; whoever sees a `c` knows that it is at least one.
struct Suppression {
    /// A whole and its part.
    struct Pair: Hashable {
        var whole: Int
        /// 0 where the measure has no part.
        var part: Int

        var rest: Int { whole - part }

        /// Whether all of it may be seen by whoever knows what it is added up from.
        var isSafe: Bool { ![whole, part, rest].contains(where: Suppression.isSmall) }

        static func + (lhs: Pair, rhs: Pair) -> Pair { Pair(whole: lhs.whole + rhs.whole, part: lhs.part + rhs.part) }
    }

    /// What is said of a pair.
    enum Shown: Hashable {
        case full
        /// The whole stands, and a part that is not zero is `c`.
        case whole
        /// What is not zero is `c`.
        case hidden
        case leftOut
    }

    /// A service, or a team without parts of its own.
    struct Node {
        var pair: Pair
        var children: [Node] = []
        var shown = Shown.leftOut
        /// Whether the node became `c` for the sake of others.
        var isSecondary = false
    }

    static func isSmall(_ number: Int) -> Bool { 1...5 ~= number }

    /// Decides about an authority and all below it; a node's pair must be the sum of its children's, where it has any.
    static func decide(_ authority: Node) -> Node {
        var authority = authority
        authority.shown = authority.pair.isSafe ? .full : isSmall(authority.pair.whole) ? .hidden : .whole
        decideChildren(&authority)
        return authority
    }

    private static func decideChildren(_ node: inout Node) {
        let isAddedUp = node.children.reduce(Pair(whole: 0, part: 0)) { $0 + $1.pair } == node.pair
        guard node.shown == .full, isAddedUp else { return }
        let counted = node.children.map(\.pair).filter { $0.whole > 0 }
        let isHidden = !counted.allSatisfy(\.isSafe)
        guard !isHidden || isProtected(counted) else { return }
        for index in node.children.indices {
            let hides = isHidden && node.children[index].pair.whole > 0
            node.children[index].shown = hides ? .hidden : .full
            node.children[index].isSecondary = hides && node.children[index].pair.isSafe
            decideChildren(&node.children[index])
        }
    }

    /// Whether each hidden number can be anything from 1 to 5, and perhaps more, for somebody who knows the sums of
    /// their parts and of their rests, and which of them are zero.
    private static func isProtected(_ hidden: [Pair]) -> Bool {
        guard hidden.count >= 2 else { return false }
        func isWide(_ numbers: [Int]) -> Bool {
            // Each of k numbers of at least one with a sum s can be as large as s - (k - 1).
            numbers.isEmpty || (numbers.count >= 2 && numbers.reduce(0, +) >= numbers.count + 4)
        }
        let parts = hidden.map(\.part).filter { $0 > 0 }
        // Where the part is zero, and is seen to be, the whole is the rest.
        let bare = hidden.filter { $0.part == 0 }
        let rests = hidden.reduce(0) { $0 + $1.rest }
        return isWide(parts) && (bare.isEmpty || rests >= bare.count + 4)
    }
}
