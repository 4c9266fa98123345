import Crypto
import GRDB
public import WorkingCalendar

/// An entry of the log of what was done; it names no child.
public struct Activity: Hashable, Sendable {
    public var number: Int
    public var day: CivilDate
    public var what: String
    public var detail: String
    /// The SHA-256, in hexadecimal, of the hash before it and of this entry.
    public var hash: String
}

extension Ledger {
    /// Appends an entry; a part of a transaction.
    ///
    /// - Returns: Its hash.
    @discardableResult
    static func log(_ what: String, _ detail: String, on day: CivilDate, _ database: Database) throws -> String {
        let last = try Row.fetchOne(database, sql: "SELECT number, hash FROM activity ORDER BY number DESC LIMIT 1")
        let number = (last?["number"] ?? 0) + 1
        let hash = chained(last?["hash"] ?? "", number, "\(day)", what, detail)
        try database.execute(
            sql: "INSERT INTO activity VALUES (?, ?, ?, ?, ?)", arguments: [number, "\(day)", what, detail, hash])
        return hash
    }

    /// Appends an entry to the log of what was done.
    ///
    /// - Throws: ``LedgerError``.
    public func log(_ what: String, _ detail: String, on day: CivilDate) throws(LedgerError) {
        _ = try write { try Self.log(what, detail, on: day, $0) }
    }

    /// The hash of the last entry, with which every earlier one can be checked; empty where there is none.
    ///
    /// - Throws: ``LedgerError``.
    public func chainHead() throws(LedgerError) -> String {
        try read { try String.fetchOne($0, sql: "SELECT hash FROM activity ORDER BY number DESC LIMIT 1") ?? "" }
    }

    /// Every entry, oldest first.
    ///
    /// - Throws: ``LedgerError``.
    public func activities() throws(LedgerError) -> [Activity] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM activity ORDER BY number").map { row in
                Activity(
                    number: row["number"], day: CivilDate(row["day"]) ?? CivilDate(daysSinceEpoch: 0),
                    what: row["what"], detail: row["detail"], hash: row["hash"])
            }
        }
    }

    /// The number of the first entry that does not follow from the one before it; `nil` where all do.
    static func broken(_ database: Database) throws -> Int? {
        var last = ""
        var number = 0
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM activity ORDER BY number")
        while let row = try rows.next() {
            number += 1
            let hash: String = row["hash"]
            let own: Int = row["number"]
            guard own == number, hash == chained(last, number, row["day"], row["what"], row["detail"]) else {
                return number
            }
            last = hash
        }
        return nil
    }

    private static func chained(_ last: String, _ number: Int, _ day: String, _ what: String, _ detail: String)
        -> String
    {
        // A unit separator cannot stand in any of them.
        digest([last, "\(number)", day, what, detail].joined(separator: "\u{1F}"))
    }

    /// The SHA-256 of a text in hexadecimal.
    static func digest(_ text: String) -> String { hexadecimal(SHA256.hash(data: Array(text.utf8))) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
