import CaseEvents

/// Finds an event's kind by the bytes of its name.
///
/// A hash of the length and three bytes leads to a slot; the name there is compared in full.
struct EventVocabulary: Sendable {
    private static let slotCount = 256
    private var slots = ContiguousArray<UInt8>(repeating: .max, count: slotCount)
    /// The names one after the other, and where each begins; one place more than there are names.
    private var names: ContiguousArray<UInt8> = []
    private var begins: ContiguousArray<Int> = [0]

    init() {
        for kind in EventKind.allCases {
            let name = ContiguousArray(kind.name.utf8)
            names.append(contentsOf: name)
            begins.append(names.count)
            var slot = unsafe name.withUnsafeBytes { unsafe Self.slot($0, 0..<name.count) }
            while slots[slot] != .max { slot = (slot + 1) % Self.slotCount }
            slots[slot] = kind.rawValue
        }
        names.append(contentsOf: repeatElement(0, count: 8))
    }

    /// The kind whose name stands at a place, or `nil`.
    ///
    /// At least eight bytes of the text follow the place.
    ///
    /// - Complexity: O(length of the name).
    func kind(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> EventKind? {
        guard !range.isEmpty else { return nil }
        var slot = unsafe Self.slot(text, range)
        while slots[slot] != .max {
            let kind = slots[slot]
            if unsafe isName(of: Int(kind), text, range) { return EventKind(rawValue: kind) }
            slot = (slot &+ 1) % Self.slotCount
        }
        return nil
    }

    private func isName(of kind: Int, _ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        let begin = begins[kind]
        guard begins[kind &+ 1] &- begin == range.count else { return false }
        return unsafe names.withUnsafeBytes { unsafe isEqual(text, range, $0, begin) }
    }

    private static func slot(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        let first = unsafe Int(text[range.lowerBound])
        let middle = unsafe Int(text[range.lowerBound &+ range.count / 2])
        let last = unsafe Int(text[range.upperBound &- 1])
        return (range.count &* 31 &+ first &* 7 &+ middle &* 13 &+ last &* 3) & (slotCount - 1)
    }
}

/// Whether the bytes at a place are those of another text from an offset on; eight more must follow both.
@inline(__always)
func isEqual(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ other: UnsafeRawBufferPointer, _ offset: Int)
    -> Bool
{
    var done = 0
    while done < range.count {
        let word = unsafe text.loadUnaligned(fromByteOffset: range.lowerBound &+ done, as: UInt64.self)
        let otherWord = unsafe other.loadUnaligned(fromByteOffset: offset &+ done, as: UInt64.self)
        // The lowest bytes come first in memory; those past the end do not count.
        let unused = UInt64(max(0, 8 &- (range.count &- done)) &* 8)
        if (UInt64(littleEndian: word) ^ UInt64(littleEndian: otherWord)) &<< unused != 0 { return false }
        done &+= 8
    }
    return true
}
