import CaseEvents
import Crypto

/// The children of a run as numbers, to find a child that is in two runs.
///
/// They hide nothing from somebody who knows how references look, and tries them all. The first eight bytes of the SHA-256 of each reference, in order. Two of ten million children share a
/// number by chance about once in three hundred thousand runs, and are then taken for one child.
struct ChildDigests {
    private(set) var digests: [UInt64] = []

    init() {}

    init(_ store: CaseStore) {
        for partition in store.partitions {
            let ids = partition.ids
            for child in 0..<UInt32(ids.childCount) { digests.append(Self.digest(ids.child(child))) }
        }
        digests.sort()
    }

    private static func digest(_ child: String) -> UInt64 {
        var hash = SHA256()
        hash.update(data: Array(child.utf8))
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// How many children are in both.
    func shared(with other: ChildDigests) -> Int {
        var count = 0
        var place = 0
        for digest in digests {
            while place < other.digests.count, other.digests[place] < digest { place += 1 }
            if place < other.digests.count, other.digests[place] == digest { count += 1 }
        }
        return count
    }

    /// Adds the children of another run.
    mutating func add(_ other: ChildDigests) {
        digests += other.digests
        digests.sort()
    }
}

/// In files, the numbers in hexadecimal one after the other: shorter than a list of them.
extension ChildDigests: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = Array(try container.decode(String.self).utf8)
        func unsound() -> DecodingError {
            DecodingError.dataCorruptedError(in: container, debugDescription: "not sixteen digits for each child")
        }
        guard text.count.isMultiple(of: 16) else { throw unsound() }
        digests.reserveCapacity(text.count / 16)
        for begin in stride(from: 0, to: text.count, by: 16) {
            guard let digest = UInt64(String(decoding: text[begin..<begin + 16], as: UTF8.self), radix: 16) else {
                throw unsound()
            }
            digests.append(digest)
        }
        guard zip(digests, digests.dropFirst()).allSatisfy({ $0 <= $1 }) else { throw unsound() }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(
            digests.map { digest in
                let text = String(digest, radix: 16)
                return String(repeating: "0", count: 16 - text.utf8.count) + text
            }.joined())
    }
}
