import CByteScan

/// Counts in blocks of one size, made when they are first needed.
struct Blocks: Sendable {
    private var places: ContiguousArray<Int32>
    private var counts: ContiguousArray<Int32> = []
    private let size: Int

    init(count: Int, size: Int) {
        places = ContiguousArray(repeating: -1, count: count)
        self.size = size
    }

    /// Asks the memory for a count and those after it, if the block is there.
    @inline(__always)
    func prefetch(block: Int, at index: Int) {
        guard places[block] >= 0 else { return }
        unsafe counts.withUnsafeBufferPointer {
            unsafe cards_prefetch($0.baseAddress.unsafelyUnwrapped + (Int(places[block]) &* size &+ index))
        }
    }

    mutating func add(_ count: Int32, block: Int, at index: Int) {
        counts[begin(block) + index] += count
    }

    /// Calls `body` with some counts of a block that follow one another; the block is made where it is not there.
    @inline(__always)
    mutating func update(block: Int, from start: Int, count: Int, _ body: (UnsafeMutableBufferPointer<Int32>) -> Void) {
        let first = begin(block) + start
        unsafe counts.withUnsafeMutableBufferPointer {
            unsafe body(UnsafeMutableBufferPointer(rebasing: $0[first..<first + count]))
        }
    }

    /// Adds a count that a file states, up to the largest there is.
    mutating func addUpToMost(_ count: Int32, block: Int, at index: Int) {
        counts[begin(block) + index].addUpToMost(count)
    }

    mutating func raise(to count: Int32, block: Int, at index: Int) {
        let place = begin(block) + index
        if counts[place] < count { counts[place] = count }
    }

    /// The place of a block's first count; makes the block where it is not there.
    private mutating func begin(_ block: Int) -> Int {
        if places[block] < 0 { make(block) }
        return Int(places[block]) &* size
    }

    @inline(never)
    private mutating func make(_ block: Int) {
        places[block] = Int32(truncatingIfNeeded: counts.count / max(size, 1))
        counts.append(contentsOf: repeatElement(0, count: size))
    }

    func value(block: Int, at index: Int) -> Int {
        places[block] < 0 ? 0 : Int(counts[Int(places[block]) * size + index])
    }

    /// Adds counts of a block, from a place on, to others.
    ///
    /// - Returns: Whether there is such a block.
    func add(block: Int, from start: Int, to sums: inout ContiguousArray<Int32>) -> Bool {
        guard places[block] >= 0 else { return false }
        let begin = Int(places[block]) * size + start
        let own = counts[begin..<begin + sums.count]
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            unsafe own.withUnsafeBufferPointer { own in
                // Without checks for each count, the compiler adds several at once.
                for index in 0..<sums.count { unsafe sums[index] &+= own[index] }
            }
        }
        return true
    }

    /// Calls `body` with every count that is not zero: its block, its place in the block, and itself.
    func forEach(_ body: (_ block: Int, _ index: Int, _ count: Int32) -> Void) {
        for block in places.indices where places[block] >= 0 {
            let begin = Int(places[block]) * size
            for index in 0..<size where counts[begin + index] != 0 { body(block, index, counts[begin + index]) }
        }
    }

    mutating func merge(_ other: Blocks, _ combine: (Int32, Int32) -> Int32) {
        for block in other.places.indices where other.places[block] >= 0 {
            let (to, from) = (begin(block), Int(other.places[block]) * size)
            for index in 0..<size { counts[to + index] = combine(counts[to + index], other.counts[from + index]) }
        }
    }
}

/// In files, the blocks that are there one after the other, with a run of zeros as one negative number.
extension Blocks: Codable {
    /// What a file can make us take memory for: blocks of two thousand weeks, half a gibibyte in all.
    private static let mostSize = 1 << 18
    private static let mostCounts = 1 << 27

    private enum CodingKeys: CodingKey {
        case count, size, blocks, counts
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let own = places.indices.filter { places[$0] >= 0 }
        try container.encode(places.count, forKey: .count)
        try container.encode(size, forKey: .size)
        try container.encode(own, forKey: .blocks)
        var packed: [Int32] = []
        for block in own {
            let begin = Int(places[block]) * size
            for count in counts[begin..<begin + size] {
                if count == 0, let last = packed.last, last < 0, last > Int32.min {
                    packed[packed.count - 1] = last - 1
                } else {
                    packed.append(count == 0 ? -1 : count)
                }
            }
        }
        try container.encode(packed, forKey: .counts)
    }

    /// - Throws: `DecodingError` where the counts are not as many as the blocks hold.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let count = try container.decode(Int.self, forKey: .count)
        let size = try container.decode(Int.self, forKey: .size)
        let blocks = try container.decode([Int].self, forKey: .blocks)
        let isSound =
            (0...1 << 24).contains(count) && (0...Self.mostSize).contains(size) && Set(blocks).count == blocks.count
            && blocks.allSatisfy { (0..<count).contains($0) } && blocks.count * size <= Self.mostCounts
        func unsound() -> DecodingError {
            DecodingError.dataCorruptedError(forKey: .blocks, in: container, debugDescription: "blocks do not fit")
        }
        guard isSound else { throw unsound() }
        self.init(count: count, size: size)
        for (place, block) in blocks.enumerated() { places[block] = Int32(truncatingIfNeeded: place) }
        counts.reserveCapacity(blocks.count * size)
        for number in try container.decode([Int32].self, forKey: .counts) {
            if number >= 0 {
                counts.append(number)
            } else {
                guard counts.count + Int(number.magnitude) <= blocks.count * size else { throw unsound() }
                counts.append(contentsOf: repeatElement(0, count: Int(number.magnitude)))
            }
        }
        guard counts.count == blocks.count * size else { throw unsound() }
    }

    /// Whether the blocks are as many and as large as given.
    func isOf(count: Int, size: Int) -> Bool { places.count == count && self.size == size }
}
