public import Exports
import Foundation
import GRDB

/// Tells which of tonight's files, sheets and tables is which of those that a ledger knows.
///
/// A ledger has a number for each, which stays when the order of the exports changes, or one is missing for a night.
struct SourceNumbers {
    /// A source as it was told last.
    struct Known {
        var number: Int
        var file: String
        var isOfLastNight: Bool
    }

    /// For each of tonight's sources its number.
    private(set) var numbers: [Int]

    /// A source is the one of its name; else the one whose name differs in digits alone, which may be those of a date,
    /// and in the fewest;
    /// else, where as many of the last night are left as there are new ones, the one in its place.
    init(_ tonight: [String], known: [Known]) {
        var found = [Int?](repeating: nil, count: tonight.count)
        var left = known
        func take(_ isSame: (String, Known) -> Bool) {
            let pairs = tonight.indices.filter { found[$0] == nil }.flatMap { place in
                left.filter { isSame(tonight[place], $0) }.map { known in
                    (place: place, known: known, alike: Self.alike(tonight[place], known.file))
                }
            }
            // Those first whose names differ least.
            for pair in pairs.sorted(by: {
                ($1.alike, $0.place, $0.known.number) < ($0.alike, $1.place, $1.known.number)
            })
            where found[pair.place] == nil {
                guard let same = left.firstIndex(where: { $0.number == pair.known.number }) else { continue }
                found[pair.place] = left.remove(at: same).number
            }
        }
        take { $0 == $1.file }
        take { $1.isOfLastNight && Self.undated($0) == Self.undated($1.file) }
        take { Self.undated($0) == Self.undated($1.file) }
        if left.count(where: \.isOfLastNight) == found.count(where: { $0 == nil }) { take { $1.isOfLastNight } }
        var next = (known.map(\.number).max() ?? -1) + 1
        numbers = found.map { number in
            if let number { return number }
            defer { next += 1 }
            return next
        }
    }

    /// How many bytes two names share at their beginning and end.
    private static func alike(_ a: String, _ b: String) -> Int {
        func shared(_ a: some Sequence<UInt8>, _ b: some Sequence<UInt8>) -> Int { zip(a, b).prefix { $0 == $1 }.count }
        return shared(a.utf8, b.utf8) + shared(a.utf8.reversed(), b.utf8.reversed())
    }

    /// The name of a source without the digits of its file; a sheet keeps its own.
    private static func undated(_ name: String) -> String {
        let file = name.firstRange(of: ": ").map { name[..<$0.lowerBound] } ?? name[...]
        return file.filter { !$0.isNumber } + name[file.endIndex...]
    }
}

extension Ledger {
    /// The numbers under which the ledger has, or will have, some sources.
    ///
    /// - Throws: ``LedgerError``.
    public func numbers(of sources: [SourceSummary]) throws(LedgerError) -> [Int] {
        struct Name: Decodable { var file: String }
        let known = try read { database in
            let last = try Int.fetchOne(database, sql: "SELECT max(night) FROM source")
            return try Row.fetchAll(
                database, sql: "SELECT number, summary, max(night) AS night FROM source GROUP BY number ORDER BY number"
            ).map { row in
                let name = try JSONDecoder().decode(Name.self, from: Data((row["summary"] as String).utf8))
                return SourceNumbers.Known(
                    number: row["number"], file: name.file, isOfLastNight: row["night"] as Int? == last)
            }
        }
        return SourceNumbers(sources.map(\.file), known: known).numbers
    }
}
