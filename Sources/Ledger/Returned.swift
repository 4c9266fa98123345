import GRDB
public import WorkingCalendar

extension Ledger {
    /// Keeps copies of the files of answers it does not have yet; a part of them that is kept stays as it was.
    ///
    /// - Throws: ``LedgerError``.
    public func keep(returns files: [(name: String, text: String)], night: Int, day: CivilDate) throws(LedgerError) {
        let known = try read { Set(try String.fetchAll($0, sql: "SELECT name FROM returned")) }
        for file in files where !known.contains(file.name) {
            let hash = Self.digest(file.text)
            _ = try write { database in
                try database.execute(
                    sql: "INSERT OR IGNORE INTO document VALUES (?, 'returned', ?)", arguments: [hash, file.text])
                try database.execute(
                    sql: "INSERT INTO returned VALUES (?, ?, ?)", arguments: [file.name, night, hash])
                try Self.log("returned", "\(file.name), SHA-256 \(hash)", on: day, database)
            }
        }
    }

    /// The files of answers that were kept, and not purged, in the order of their names.
    ///
    /// - Throws: ``LedgerError``.
    public func returns() throws(LedgerError) -> [(name: String, text: String)] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT name, content FROM returned JOIN document ON hash = document ORDER BY name"
            ).map { ($0["name"], $0["content"]) }
        }
    }
}
