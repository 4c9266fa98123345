import CaseEvents
import Columnar

/// The distinct combinations of team, worker and manager of one block.
struct ActorTable {
    /// The names, in order of appearance.
    private(set) var names: [ActorName] = []
    private var entries: ContiguousArray<Entry> = []
    private var slots = ContiguousArray<UInt32>(repeating: 0, count: 256)
    /// The bytes of the names, the three of an entry one after the other, and eight more.
    private var bytes = ContiguousArray<UInt8>(repeating: 0, count: 8)

    private struct Entry: BitwiseCopyable {
        var hash: UInt64
        var offset: Int
        var team: Int
        var worker: Int
        var manager: Int
    }

    /// The number of the combination whose names stand at three places.
    ///
    /// - Complexity: O(length of the names) expected.
    mutating func number(
        _ text: UnsafeRawBufferPointer, team: Range<Int>, worker: Range<Int>, manager: Range<Int>
    ) -> UInt32 {
        let hash = unsafe Self.hash(text, team) ^ Self.hash(text, worker) &* 3 ^ Self.hash(text, manager) &* 5
        var slot = Int(truncatingIfNeeded: hash &>> 8) & (slots.count &- 1)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot] &- 1)]
            let isEqual =
                entry.hash == hash && entry.team == team.count && entry.worker == worker.count
                && entry.manager == manager.count
            if isEqual, unsafe matches(text, team, entry.offset),
                unsafe matches(text, worker, entry.offset &+ team.count),
                unsafe matches(text, manager, entry.offset &+ team.count &+ worker.count)
            {
                return slots[slot] &- 1
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        unsafe add(hash, text, team, worker, manager)
        slots[slot] = UInt32(truncatingIfNeeded: entries.count)
        if entries.count * 2 > slots.count { grow() }
        return UInt32(truncatingIfNeeded: entries.count &- 1)
    }

    private mutating func add(
        _ hash: UInt64, _ text: UnsafeRawBufferPointer, _ team: Range<Int>, _ worker: Range<Int>, _ manager: Range<Int>
    ) {
        entries.append(
            Entry(
                hash: hash, offset: bytes.count - 8, team: team.count, worker: worker.count, manager: manager.count))
        bytes.removeLast(8)
        for range in [team, worker, manager] { unsafe bytes.append(contentsOf: text[range]) }
        bytes.append(contentsOf: repeatElement(0, count: 8))
        func string(_ range: Range<Int>) -> String { unsafe String(decoding: text[range], as: UTF8.self) }
        names.append(ActorName(team: string(team), worker: string(worker), manager: string(manager)))
    }

    private func matches(_ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ offset: Int) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe isEqual(text, range, $0, offset) }
    }

    private static func hash(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        unsafe IdKey(range, in: text).hash(in: text)
    }

    private mutating func grow() {
        slots = ContiguousArray(repeating: 0, count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash &>> 8) & (slots.count &- 1)
            while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
            slots[slot] = UInt32(truncatingIfNeeded: index + 1)
        }
    }
}
