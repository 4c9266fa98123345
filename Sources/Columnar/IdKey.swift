/// An id in one word: the id itself where it is short, else where its bytes stand.
///
/// Short is up to eight bytes of ASCII without a zero byte, as most ids are. Its first byte is in the
/// highest place, so that keys are ordered as the ids' bytes are, a shorter id first. Whoever holds a
/// key knows the bytes that a long id's key points into.
public struct IdKey: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline let bits: UInt64

    /// Set for a long id; a short one is ASCII, so its highest bit is free.
    @usableFromInline static var longMark: UInt64 { 1 &<< 63 }

    @usableFromInline
    init(bits: UInt64) { self.bits = bits }

    /// The empty id.
    @inlinable public static var empty: IdKey { IdKey(bits: 0) }

    /// Reads the id at a place.
    ///
    /// - Parameters:
    ///   - range: The place of the id, below 2^39 and shorter than 2^24 bytes.
    ///   - bytes: At least eight bytes must follow the id's place in them.
    /// - Complexity: O(1).
    @inlinable
    public init(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) {
        let count = range.count
        if count == 0 {
            bits = 0
            return
        }
        if count <= 8 {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)
            let unused = UInt64(64 &- 8 &* count)
            let key = (UInt64(bigEndian: word) &>> unused) &<< unused
            // The classical test for a zero byte, with the unused ones filled.
            let filled = key | ((1 &<< unused) &- 1)
            let zeros = (filled &- 0x0101_0101_0101_0101) & ~filled & 0x8080_8080_8080_8080
            if key & 0x8080_8080_8080_8080 == 0 && zeros == 0 {
                bits = key
                return
            }
        }
        bits = Self.long(range)
    }

    @inlinable
    static func long(_ range: Range<Int>) -> UInt64 {
        longMark | UInt64(range.count) &<< 39 | UInt64(range.lowerBound)
    }

    @inlinable public var isEmpty: Bool { bits == 0 }

    /// Whether the id's bytes stand elsewhere.
    @inlinable public var isLong: Bool { bits & Self.longMark != 0 }

    /// The place of a long id's bytes.
    @inlinable var range: Range<Int> {
        let offset = Int(bits & 0x7F_FFFF_FFFF)
        return offset..<offset &+ Int((bits & ~Self.longMark) &>> 39)
    }

    /// The bytes of the id.
    func bytes(in text: ContiguousArray<UInt8>) -> ContiguousArray<UInt8> {
        if isLong { return ContiguousArray(text[range]) }
        var rest = bits
        var bytes: ContiguousArray<UInt8> = []
        while rest != 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest &>> 56))
            rest &<<= 8
        }
        return bytes
    }

    /// Whether a short id's bytes sort before another's.
    func precedes(_ other: IdKey) -> Bool { bits < other.bits }

    /// The key with the bytes of a long id copied to the end of others; at least eight bytes must follow
    /// them there before the key is used.
    public func copied(from text: UnsafeRawBufferPointer, to bytes: inout ContiguousArray<UInt8>) -> IdKey {
        guard isLong else { return self }
        let begin = bytes.count
        unsafe bytes.append(contentsOf: text[range])
        return IdKey(bits: Self.long(begin..<bytes.count))
    }

    // MARK: Hashing

    /// A 64-bit hash of the id, the same in every run and on every machine.
    ///
    /// Good enough to spread ids, not a secret.
    ///
    /// - Complexity: O(1) for a short id, else O(its length).
    @inlinable
    public func hash(in text: UnsafeRawBufferPointer) -> UInt64 {
        isLong ? unsafe Self.hash(text, range) : Self.fold(bits ^ 0x243F_6A88_85A3_08D3)
    }

    /// The hash of bytes: eight a step, multiplied and folded.
    @inlinable
    static func hash(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        var state: UInt64 = 0x1319_8A2E_0370_7344 ^ UInt64(truncatingIfNeeded: range.count)
        var offset = range.lowerBound
        while offset &+ 8 <= range.upperBound {
            let word = unsafe text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            state = fold(state ^ UInt64(littleEndian: word))
            offset &+= 8
        }
        var tail: UInt64 = 0
        while offset < range.upperBound {
            tail = unsafe tail &<< 8 | UInt64(text[offset])
            offset &+= 1
        }
        return fold(state ^ tail)
    }

    @inlinable
    static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
