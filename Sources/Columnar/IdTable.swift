import CByteScan

/// Distinct byte strings, each named by a small number.
///
/// Ids are kept once and compared; the hash only finds the place to look. A short id is its own
/// ``IdKey``: one look-up finds it and one instruction compares it.
public struct IdTable: Sendable {
    /// The entries; the keys of long ids point into ``bytes``.
    private var keys: ContiguousArray<IdKey> = []
    /// Open addressing: an entry's number plus 1, or 0 where the slot is free; a power of two of them.
    private var slots: ContiguousArray<UInt32>
    /// The long ids, one after the other, and eight zero bytes.
    private var bytes = ContiguousArray<UInt8>(repeating: 0, count: 8)

    /// Creates an empty table.
    public init() { slots = ContiguousArray(repeating: 0, count: 16) }

    /// The number of entries.
    public var count: Int { keys.count }

    /// Returns the number of the entry for an id, adding it where it is new.
    ///
    /// - Parameters:
    ///   - key: The id.
    ///   - hash: Its ``IdKey/hash(in:)``.
    ///   - text: The bytes that the key of a long id points into.
    /// - Returns: The entry's number, counted from 0.
    /// - Complexity: O(1) expected for a short id, amortised over growth.
    public mutating func intern(_ key: IdKey, hash: UInt64, in text: UnsafeRawBufferPointer) -> UInt32 {
        if (keys.count &+ 1) &* 4 > slots.count &* 3 { grow() }
        let mask = slots.count &- 1
        var slot = Self.slot(hash, mask)
        while slots[slot] != 0 {
            let entry = slots[slot] &- 1
            if unsafe isEntry(entry, key, text) { return entry }
            slot = (slot &+ 1) & mask
        }
        unsafe keys.append(key.isLong ? keep(key, text) : key)
        slots[slot] = UInt32(truncatingIfNeeded: keys.count)
        return UInt32(truncatingIfNeeded: keys.count &- 1)
    }

    /// Asks the memory for the slot of an id that will be interned soon.
    @inline(__always)
    public func prefetchSlot(_ hash: UInt64) {
        unsafe slots.withUnsafeBufferPointer {
            unsafe cards_prefetch($0.baseAddress.unsafelyUnwrapped + Self.slot(hash, $0.count &- 1))
        }
    }

    /// Asks the memory for the key that the slot of an id names.
    @inline(__always)
    public func prefetchKey(_ hash: UInt64) {
        let entry = slots[Self.slot(hash, slots.count &- 1)]
        guard entry != 0 else { return }
        unsafe keys.withUnsafeBufferPointer {
            unsafe cards_prefetch($0.baseAddress.unsafelyUnwrapped + Int(entry &- 1))
        }
    }

    /// Returns the number of the entry for `text`, adding it where it is new.
    public mutating func intern(_ text: String) -> UInt32 {
        let utf8 = ContiguousArray(text.utf8)
        return intern(utf8, 0..<utf8.count)
    }

    /// Returns the number of the entry for a range of bytes, adding it where it is new.
    public mutating func intern(_ bytes: ContiguousArray<UInt8>, _ range: Range<Int>) -> UInt32 {
        var padded = ContiguousArray(bytes[range])
        padded.append(contentsOf: repeatElement(0, count: 8))
        return unsafe padded.withUnsafeBytes { text in
            let key = unsafe IdKey(0..<range.count, in: text)
            return unsafe intern(key, hash: key.hash(in: text), in: text)
        }
    }

    /// The entry's text; for output only, because it allocates.
    public func string(_ entry: UInt32) -> String {
        String(decoding: keys[Int(entry)].bytes(in: bytes), as: UTF8.self)
    }

    /// Whether one entry's bytes sort before another's.
    ///
    /// - Complexity: O(1) for short ids.
    public func precedes(_ lhs: UInt32, _ rhs: UInt32) -> Bool {
        let (a, b) = (keys[Int(lhs)], keys[Int(rhs)])
        if !a.isLong && !b.isLong { return a.precedes(b) }
        return a.bytes(in: bytes).lexicographicallyPrecedes(b.bytes(in: bytes))
    }

    // MARK: Inside

    @inline(__always)
    private func isEntry(_ entry: UInt32, _ key: IdKey, _ text: UnsafeRawBufferPointer) -> Bool {
        key.isLong ? unsafe isLongEntry(entry, key, text) : keys[Int(entry)] == key
    }

    private func isLongEntry(_ entry: UInt32, _ key: IdKey, _ text: UnsafeRawBufferPointer) -> Bool {
        let own = keys[Int(entry)]
        guard own.isLong, own.range.count == key.range.count else { return false }
        return unsafe bytes.withUnsafeBytes { unsafe $0[own.range].elementsEqual(text[key.range]) }
    }

    private mutating func keep(_ key: IdKey, _ text: UnsafeRawBufferPointer) -> IdKey {
        let begin = bytes.count - 8
        unsafe bytes.replaceSubrange(begin..., with: text[key.range])
        let end = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 8))
        return IdKey(bits: IdKey.long(begin..<end))
    }

    @inline(__always)
    private static func slot(_ hash: UInt64, _ mask: Int) -> Int {
        Int(truncatingIfNeeded: (hash &* 0xD6E8_FEB8_6659_FD93) &>> 20) & mask
    }

    private mutating func grow() {
        var larger = ContiguousArray<UInt32>(repeating: 0, count: slots.count * 2)
        let mask = larger.count &- 1
        unsafe bytes.withUnsafeBytes { text in
            for entry in keys.indices {
                var slot = unsafe Self.slot(keys[entry].hash(in: text), mask)
                while larger[slot] != 0 { slot = (slot &+ 1) & mask }
                larger[slot] = UInt32(truncatingIfNeeded: entry &+ 1)
            }
        }
        slots = larger
    }
}
