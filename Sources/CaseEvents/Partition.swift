public import Columnar
import Synchronization

/// The children whose ids' hashes fall together, with their ids and events.
public final class Partition: Sendable {
    private let contents = Mutex(PartitionContents())
    private let spellings: [IdSpellings]

    init(_ spellings: [IdSpellings]) { self.spellings = spellings }

    /// Calls `body` with the contents, which nobody else sees meanwhile.
    func update(_ body: (inout sending PartitionContents) -> Void) {
        contents.withLock { body(&$0) }
    }

    /// The ids of the partition; its children have numbers once their events were taken.
    public var ids: PartitionIds { contents.withLock { PartitionIds($0, spellings) } }

    /// Hands over the events, grouped by child, and forgets them.
    ///
    /// - Parameter grouped: Where they go; its storage is used again.
    /// - Complexity: O(*n*) expected in the number of events.
    public func takeEvents(into grouped: inout GroupedEvents) {
        contents.withLock { contents in
            var pieces: [ContiguousArray<Event>] = []
            swap(&pieces, &contents.pieces)
            contents.children = grouped.take(&pieces)
        }
    }
}

/// The texts behind the codes of one partition, as they are once everything is read.
///
/// A class, because every visit to a child passes them on: one count for all their storage.
public final class PartitionIds: Sendable {
    public let referrals: IdTexts
    public let steps: IdTexts
    public let families: IdTexts
    private let childTexts: IdTexts
    /// The code of each child, by its number.
    private let children: ContiguousArray<UInt32>

    /// Texts without any child.
    public static let empty = PartitionIds(PartitionContents(), IdColumn.allCases.map { _ in IdSpellings() })

    init(_ contents: PartitionContents, _ spellings: [IdSpellings]) {
        func texts(_ column: IdColumn) -> IdTexts {
            let place = Int(column.rawValue)
            return IdTexts(spellings[place], table: contents.tables[place])
        }
        childTexts = texts(.child)
        referrals = texts(.referral)
        steps = texts(.step)
        families = texts(.family)
        children = contents.children
    }

    /// The number of children.
    public var childCount: Int { children.count }

    /// The reference of a child, by its number.
    public func child(_ number: UInt32) -> String { childTexts.string(children[Int(number)]) }
}

/// What a partition holds while an export is read.
struct PartitionContents: Sendable {
    /// For each ``IdColumn``, the ids that are not spelled with digits.
    private(set) var tables = IdColumn.allCases.map { _ in IdTable() }
    /// The codes of the children, once their events were taken.
    var children: ContiguousArray<UInt32> = []
    /// The events in pieces of one size, so that none is copied when there are more.
    var pieces: [ContiguousArray<Event>] = []
    private static let pieceSize = 8_192
    /// How many ids are looked up together.
    private static let lookedUp = 32

    /// Keeps the events of a batch, and looks up the ids that are not codes yet.
    mutating func absorb(_ batch: EventBatch, partition: Int, actors: [UInt32], outcomes: [UInt16]) {
        let codes = batch.others.isEmpty ? [] : codes(of: batch.others[partition], batch.otherBytes)
        let begin = Int(batch.starts[partition])
        var nextCode = codes.startIndex
        for place in begin..<Int(batch.starts[partition + 1]) {
            var event = batch.events[place]
            while nextCode < codes.endIndex, batch.others[partition][nextCode].event == place {
                event[keyPath: batch.others[partition][nextCode].column.code] = codes[nextCode]
                nextCode += 1
            }
            event.actor = actors[Int(event.actor)]
            event.outcome = outcomes[Int(event.outcome)]
            event.line &+= batch.lineBase
            append(event)
        }
    }

    @inline(__always)
    private mutating func append(_ event: Event) {
        if pieces.last.map({ $0.count == Self.pieceSize }) ?? true {
            var piece = ContiguousArray<Event>()
            piece.reserveCapacity(Self.pieceSize)
            pieces.append(piece)
        }
        pieces[pieces.count - 1].append(event)
    }

    /// Looks ids up in their tables, adding them where they are new.
    ///
    /// The tables are larger than the nearest caches. So some ids are taken at a time: first the memory is
    /// asked for all their slots, then for the keys these name, and only then are they looked up, when most
    /// of it has arrived.
    private mutating func codes(
        of others: ContiguousArray<OtherId>, _ bytes: ContiguousArray<UInt8>
    ) -> ContiguousArray<UInt32> {
        var codes: ContiguousArray<UInt32> = []
        codes.reserveCapacity(others.count)
        unsafe bytes.withUnsafeBytes { text in
            var begin = 0
            while begin < others.count {
                let range = begin..<min(begin + Self.lookedUp, others.count)
                for other in others[range] { tables[Int(other.column.rawValue)].prefetchSlot(other.hash) }
                for other in others[range] { tables[Int(other.column.rawValue)].prefetchKey(other.hash) }
                for other in others[range] {
                    let entry = unsafe tables[Int(other.column.rawValue)].intern(other.key, hash: other.hash, in: text)
                    codes.append(entry | IdCode.tableMark)
                }
                begin = range.upperBound
            }
        }
        return codes
    }
}

/// The events of a partition, those of one child together.
public struct GroupedEvents: Sendable {
    /// The events; those of child *c* are `starts[c]..<starts[c + 1]`, in the order of the files.
    ///
    /// There may be more, which are of an earlier use.
    public private(set) var events: ContiguousArray<Event> = []
    public private(set) var starts: ContiguousArray<UInt32> = [0]

    public init() {}

    /// The number of children.
    public var childCount: Int { starts.count - 1 }

    /// Takes the events of pieces, which are used up.
    ///
    /// - Returns: The codes of the children, by their numbers.
    mutating func take(_ pieces: inout [ContiguousArray<Event>]) -> ContiguousArray<UInt32> {
        var children = ChildNumbers()
        var total = 0
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
        for piece in pieces.indices {
            for place in pieces[piece].indices {
                let child = children.number(pieces[piece][place].child)
                pieces[piece][place].child = child
                if Int(child) + 1 == starts.count { starts.append(0) }
                starts[Int(child) + 1] += 1
            }
            total += pieces[piece].count
        }
        for child in 1..<max(starts.count, 1) where starts.count > 1 { starts[child] += starts[child - 1] }
        if events.count < total, let any = pieces.first?.first {
            events = []
            events = ContiguousArray(repeating: any, count: total)
        }
        var next = starts
        for piece in pieces {
            for event in piece {
                events[Int(next[Int(event.child)])] = event
                next[Int(event.child)] += 1
            }
        }
        return children.codes
    }
}

/// Gives the children of a partition numbers, in the order in which they are met.
private struct ChildNumbers {
    private(set) var codes: ContiguousArray<UInt32> = []
    /// Open addressing: a child's number plus 1, or 0 where the slot is free; a power of two of them.
    private var slots = ContiguousArray<UInt32>(repeating: 0, count: 1 << 10)

    mutating func number(_ code: UInt32) -> UInt32 {
        var slot = place(code)
        while slots[slot] != 0 {
            let number = slots[slot] &- 1
            if codes[Int(number)] == code { return number }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        codes.append(code)
        slots[slot] = UInt32(truncatingIfNeeded: codes.count)
        if codes.count * 2 > slots.count { grow() }
        return UInt32(truncatingIfNeeded: codes.count &- 1)
    }

    private func place(_ code: UInt32) -> Int {
        Int(truncatingIfNeeded: UInt64(code) &* 0x9E37_79B9_7F4A_7C15 &>> 32) & (slots.count &- 1)
    }

    private mutating func grow() {
        slots = ContiguousArray(repeating: 0, count: slots.count * 4)
        for (number, code) in codes.enumerated() {
            var slot = place(code)
            while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
            slots[slot] = UInt32(truncatingIfNeeded: number + 1)
        }
    }
}
