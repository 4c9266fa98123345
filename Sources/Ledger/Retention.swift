import GRDB
public import WorkingCalendar

/// What a purge took out.
public struct Purged: Hashable, Sendable {
    /// The first day for which the ledger can still say what was known.
    public var answersFrom: CivilDate
    public var rows = 0
    public var children = 0
}

extension Ledger {
    /// Forgets what was known before a day: rows that were told no more by then, and children of whom nothing is left,
    /// what was listed but the last list before, and what was answered.
    ///
    /// Published figures and the log stay. What is told now stays too: it is the case system's to forget.
    ///
    /// - Parameters:
    ///   - day: The first day of which everything stays known.
    ///   - today: The day on which it is done, for the log.
    /// - Returns: What was taken out.
    /// - Throws: ``LedgerError`` where no night is left to answer from, and ``LedgerError/Code/busy`` where all is
    ///   done but that the bytes are overwritten.
    public func purge(before day: CivilDate, on today: CivilDate) throws(LedgerError) -> Purged {
        let path = path
        try noteHead()
        let purged = try write { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT id, day FROM night WHERE day >= ? AND EXISTS (SELECT 1 FROM source WHERE night = night.id)
                    ORDER BY id LIMIT 1
                    """, arguments: ["\(day)"])
            guard let row, let answersFrom = CivilDate(row["day"]) else {
                throw LedgerError(
                    .notYet, "\(path): no night has been taken in since \(day), so none would be left",
                    hint: "give an earlier day")
            }
            let first: Int = row["id"]
            var purged = Purged(answersFrom: answersFrom)
            try database.execute(sql: "DELETE FROM event WHERE gone <= ?", arguments: [first])
            purged.rows = database.changesCount
            try database.execute(sql: "UPDATE event SET learnt = ?1 WHERE learnt < ?1", arguments: [first])
            try database.execute(sql: "DELETE FROM rejected WHERE gone <= ?", arguments: [first])
            try database.execute(sql: "UPDATE rejected SET learnt = ?1 WHERE learnt < ?1", arguments: [first])
            // The last list before is read with the merges since.
            try database.execute(
                sql: """
                    DELETE FROM merge WHERE night < ?1
                        AND night <= ifnull((SELECT max(night) FROM published WHERE night < ?1), ?1)
                    """, arguments: [first])
            try database.execute(sql: "DELETE FROM source WHERE night < ?", arguments: [first])
            // The list before the first week that can be had again is a part of it: what had left is shown there.
            try database.execute(
                sql: """
                    DELETE FROM listed WHERE week IN (SELECT week FROM published WHERE night < ?1)
                        AND week < (SELECT max(week) FROM published WHERE night < ?1)
                    """, arguments: [first])
            try database.execute(sql: "UPDATE returned SET document = NULL WHERE night < ?", arguments: [first])
            try database.execute(
                sql: """
                    DELETE FROM document WHERE kind = 'returned'
                        AND hash NOT IN (SELECT document FROM returned WHERE document IS NOT NULL)
                    """)
            try database.execute(
                sql: "DELETE FROM child WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.child = child.id)")
            purged.children = database.changesCount
            try Self.log(
                "purge", "before \(day): \(purged.rows) rows, \(purged.children) children; answers from \(answersFrom)",
                on: today, database)
            return purged
        }
        try vacuum()
        return purged
    }

    /// Writes the file anew, without the space of what was taken out, which is overwritten, and notes what is in it.
    ///
    /// - Throws: ``LedgerError``, also where somebody reads, because then the old bytes are still there.
    public func vacuum() throws(LedgerError) {
        try noteHead()
        do {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = ON; VACUUM") }
        } catch {
            throw Self.problem(error, path)
        }
        guard try checkpoint() else {
            throw LedgerError(
                .busy, "\(path): somebody reads the ledger, so what was taken out is still in the file",
                hint: "run `cards ledger vacuum` when nobody does; it renews the backup too")
        }
        try noteHead(isAtRest: true)
    }
}
