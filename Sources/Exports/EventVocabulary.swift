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
    }

    /// The kind whose name stands at a place, or `nil`.
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
        for index in 0..<range.count
        where unsafe names[begin &+ index] != text[range.lowerBound &+ index] { return false }
        return true
    }

    private static func slot(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int {
        let first = unsafe Int(text[range.lowerBound])
        let middle = unsafe Int(text[range.lowerBound &+ range.count / 2])
        let last = unsafe Int(text[range.upperBound &- 1])
        return (range.count &* 31 &+ first &* 7 &+ middle &* 13 &+ last &* 3) & (slotCount - 1)
    }
}
