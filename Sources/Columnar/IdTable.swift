/// Distinct byte strings, each named by a small number, in one growing array of bytes.
///
/// A key may belong to an owner (a referral id to its child): the same bytes under two owners are
/// two entries. Ids are kept once and compared; the hash only finds the place to look.
///
/// Interning *n* rows of *m* distinct values allocates O(log *m*) times.
public struct IdTable: Sendable {
    private var bytes: ContiguousArray<UInt8> = []
    private var ends: ContiguousArray<UInt32> = []
    /// The owner of each entry; empty while every owner is 0.
    private var owners: ContiguousArray<UInt32> = []
    /// Open addressing: an entry's number plus 1, or 0 where the slot is free; a power of two of them.
    private var slots: ContiguousArray<UInt32> = []
    private let isOwned: Bool

    /// Creates an empty table.
    ///
    /// - Parameter isOwned: Whether keys belong to owners; without, every owner given is ignored.
    public init(isOwned: Bool = false) {
        self.isOwned = isOwned
        slots = ContiguousArray(repeating: 0, count: 16)
    }

    /// The number of entries.
    public var count: Int { ends.count }

    /// Returns the number of the entry for `text`, adding it where it is new.
    ///
    /// - Parameters:
    ///   - text: The bytes of the id.
    ///   - hash: The text's ``IdTable/hash(_:)``.
    ///   - owner: The owner's number.
    /// - Returns: The entry's number, counted from 0.
    /// - Complexity: O(`text.byteCount`) expected, amortised over growth.
    public mutating func intern(_ text: RawSpan, hash: UInt64, owner: UInt32 = 0) -> UInt32 {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let mask = slots.count &- 1
        var slot = Self.mix(hash, owner: isOwned ? owner : 0) & mask
        while slots[slot] != 0 {
            let candidate = slots[slot] &- 1
            if (!isOwned || owners[Int(candidate)] == owner) && matches(candidate, text) { return candidate }
            slot = (slot &+ 1) & mask
        }
        unsafe text.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        if isOwned { owners.append(owner) }
        slots[slot] = UInt32(truncatingIfNeeded: ends.count)
        return UInt32(truncatingIfNeeded: ends.count &- 1)
    }

    /// Returns the number of the entry for a range of bytes, adding it where it is new.
    public mutating func intern(_ bytes: ContiguousArray<UInt8>, _ range: Range<Int>) -> UInt32 {
        let text = unsafe bytes.span.bytes.extracting(range)
        return intern(text, hash: Self.hash(text))
    }

    /// Returns the number of the entry for `text`, adding it where it is new.
    public mutating func intern(_ text: String, owner: UInt32 = 0) -> UInt32 {
        let utf8 = ContiguousArray(text.utf8)
        let span = unsafe utf8.span.bytes
        return intern(span, hash: Self.hash(span), owner: owner)
    }

    /// The owner of an entry; 0 in a table without owners.
    ///
    /// - Complexity: O(1).
    public func owner(of entry: UInt32) -> UInt32 { isOwned ? owners[Int(entry)] : 0 }

    /// The entry's text; for output only, because it allocates.
    public func string(_ entry: UInt32) -> String { String(decoding: bytes[range(of: entry)], as: UTF8.self) }

    /// Whether the entry is the empty text.
    public func isEmpty(_ entry: UInt32) -> Bool { range(of: entry).isEmpty }

    /// Whether one entry's bytes sort before another's.
    ///
    /// - Complexity: O(length of the shorter).
    public func precedes(_ lhs: UInt32, _ rhs: UInt32) -> Bool { Self.compare(self, lhs, self, rhs) < 0 }

    /// Compares the bytes of two entries, perhaps of two tables: negative, 0 or positive.
    public static func compare(_ left: Self, _ lhs: UInt32, _ right: Self, _ rhs: UInt32) -> Int {
        let a = left.range(of: lhs)
        let b = right.range(of: rhs)
        var i = a.lowerBound
        var j = b.lowerBound
        while i < a.upperBound && j < b.upperBound {
            if left.bytes[i] != right.bytes[j] { return Int(left.bytes[i]) - Int(right.bytes[j]) }
            i &+= 1
            j &+= 1
        }
        return a.count - b.count
    }

    /// Appends an entry's bytes to a buffer.
    public func append(_ entry: UInt32, to buffer: inout ContiguousArray<UInt8>) {
        buffer.append(contentsOf: bytes[range(of: entry)])
    }

    private func range(of entry: UInt32) -> Range<Int> {
        (entry == 0 ? 0 : Int(ends[Int(entry) &- 1]))..<Int(ends[Int(entry)])
    }

    private func matches(_ entry: UInt32, _ text: RawSpan) -> Bool {
        let range = range(of: entry)
        guard range.count == text.byteCount else { return false }
        for index in 0..<range.count {
            // In bounds: `index` is below the count that both sides share.
            let byte = unsafe text.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            if bytes[range.lowerBound &+ index] != byte { return false }
        }
        return true
    }

    private mutating func grow() {
        var larger = ContiguousArray<UInt32>(repeating: 0, count: slots.count * 2)
        let mask = larger.count &- 1
        for entry in 0..<UInt32(truncatingIfNeeded: count) {
            let hash = unsafe Self.hash(bytes.span.bytes.extracting(range(of: entry)))
            var slot = Self.mix(hash, owner: isOwned ? owners[Int(entry)] : 0) & mask
            while larger[slot] != 0 { slot = (slot &+ 1) & mask }
            larger[slot] = entry &+ 1
        }
        slots = larger
    }

    private static func mix(_ hash: UInt64, owner: UInt32) -> Int {
        Int(truncatingIfNeeded: (hash ^ (UInt64(owner) &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93 &>> 20)
    }

    /// A 64-bit hash of bytes, the same in every run and on every machine.
    ///
    /// Eight bytes a step, multiplied and folded; good enough to spread ids, not a secret.
    ///
    /// - Complexity: O(`text.byteCount`).
    public static func hash(_ text: RawSpan) -> UInt64 {
        var state: UInt64 = 0x243F_6A88_85A3_08D3 ^ UInt64(truncatingIfNeeded: text.byteCount)
        var offset = 0
        while offset &+ 8 <= text.byteCount {
            let word = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            state = fold(state ^ UInt64(littleEndian: word))
            offset &+= 8
        }
        var tail: UInt64 = 0
        while offset < text.byteCount {
            let byte = unsafe text.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
            tail = tail &<< 8 | UInt64(byte)
            offset &+= 1
        }
        return fold(state ^ tail)
    }

    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
