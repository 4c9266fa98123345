import CaseEvents

/// Finds an event's kind by the bytes of its name.
///
/// A hash of the length and three bytes leads to a slot; the name there is compared in full.
struct EventVocabulary: Sendable {
    private static let slotCount = 256
    private var slots = [UInt8](repeating: .max, count: slotCount)
    private var names: [ContiguousArray<UInt8>] = []

    init() {
        for kind in EventKind.allCases {
            let name = ContiguousArray(kind.name.utf8)
            names.append(name)
            var slot = Self.slot(name, 0..<name.count)
            while slots[slot] != .max { slot = (slot + 1) % Self.slotCount }
            slots[slot] = kind.rawValue
        }
    }

    /// The kind whose name stands at a place, or `nil`.
    ///
    /// - Complexity: O(length of the name).
    func kind(_ bytes: ContiguousArray<UInt8>, _ range: Range<Int>) -> EventKind? {
        guard !range.isEmpty else { return nil }
        var slot = Self.slot(bytes, range)
        while slots[slot] != .max {
            let raw = slots[slot]
            if matches(names[Int(raw)], bytes, range) { return EventKind(rawValue: raw) }
            slot = (slot + 1) % Self.slotCount
        }
        return nil
    }

    private func matches(_ name: ContiguousArray<UInt8>, _ bytes: ContiguousArray<UInt8>, _ range: Range<Int>) -> Bool {
        guard name.count == range.count else { return false }
        for index in 0..<name.count where name[index] != bytes[range.lowerBound + index] { return false }
        return true
    }

    private static func slot(_ bytes: ContiguousArray<UInt8>, _ range: Range<Int>) -> Int {
        let middle = bytes[range.lowerBound + range.count / 2]
        let first = Int(bytes[range.lowerBound])
        let last = Int(bytes[range.upperBound - 1])
        return (range.count &* 31 &+ first &* 7 &+ Int(middle) &* 13 &+ last &* 3) % slotCount
    }
}
