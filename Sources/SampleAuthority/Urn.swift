/// A draw whose shares come out as set, however few the draws.
///
/// Independent draws would put a council's year two or three points off a published share by luck alone. An urn is
/// filled with each outcome in proportion, emptied at random and filled again, so that weeks vary as they should and
/// the years do not. A sibling group takes as many from the urn as it has children.
struct Urn {
    /// How many draws one filling is good for: the fewer, the closer a small sample comes to its shares.
    private let filling: Double
    private let shares: [Double]
    private var left: [Double]

    /// Creates an urn with weights, which need not add up to one.
    init(_ weights: [Double], filling: Double = 60) {
        let total = weights.reduce(0, +)
        self.filling = filling
        shares = weights.map { $0 / total }
        left = shares.map { $0 * filling }
    }

    /// Creates an urn of two outcomes, of which 1 has this share.
    init(share: Double, filling: Double = 16) {
        self.init([1 - share, share], filling: filling)
    }

    /// Draws one outcome for `weight` children and returns its position.
    mutating func draw(_ weight: Int, _ random: inout SeededRandom) -> Int {
        if left.reduce(0, +) < 0.5 {
            for index in left.indices { left[index] += shares[index] * filling }
        }
        // With nothing that fits, what is due most.
        var chosen = left.indices.max { left[$0] < left[$1] } ?? 0
        var rest = random.unit() * left.reduce(0) { $0 + chance(left: $1, of: weight) }
        for index in left.indices {
            let chance = chance(left: left[index], of: weight)
            guard chance > 0 else { continue }
            chosen = index
            rest -= chance
            if rest < 0 { break }
        }
        left[chosen] -= Double(weight)
        return chosen
    }

    /// The chance of an outcome with so much left; rare draws keep closer to what is due, large families most.
    private func chance(left: Double, of weight: Int) -> Double {
        guard filling < 30 else { return max(0, left) }
        let fit = max(0, left - 0.4 * Double(weight - 1))
        return fit * fit * fit
    }

    /// Draws yes or no for `weight` children.
    mutating func isDrawn(_ weight: Int, _ random: inout SeededRandom) -> Bool {
        draw(weight, &random) == 1
    }
}
