import DelimitedText
public import Exports
import Foundation
import GRDB
public import WorkingCalendar

/// What a ledger knew after a night.
public struct KnownState: Sendable {
    public var night: Int
    public var day: CivilDate
    /// The end of the log when it was taken in.
    public var head: String
    /// What runs were made with, as it was given.
    public var settings: String
    /// The exports of the night, as reading them went, and the numbers the ledger has for them.
    public var sources: [SourceSummary]
    public var numbers: [Int]
    /// The SHA-256 of each in hexadecimal.
    public var digests: [String]
    public var rejected: [RejectedRow]
}

extension Ledger {
    /// What was known at the end of a day, or is known now.
    ///
    /// Where a week was published on that day, after one of several nights of it, it is what was known then.
    ///
    /// - Throws: ``LedgerError``, for one where nothing had been told by then.
    public func state(
        knownAt day: CivilDate? = nil, publishing week: ISOWeek? = nil
    ) throws(LedgerError) -> KnownState {
        let path = path
        return try read { database in
            let bound = day.map { "\($0)" } ?? "9999-12-31"
            let published = try Int.fetchOne(
                database, sql: "SELECT night FROM published JOIN night ON night.id = night WHERE week = ? AND day = ?",
                arguments: [week.map { "\($0)" }, bound])
            guard
                let night = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT id, day, head, content FROM night JOIN document ON hash = settings
                        WHERE day <= ?1 AND id <= ifnull(?2, id)
                            AND EXISTS (SELECT 1 FROM source WHERE source.night = night.id)
                        ORDER BY id DESC LIMIT 1
                        """, arguments: [bound, published])
            else {
                let first = try String.fetchOne(database, sql: "SELECT min(day) FROM night JOIN source ON night = id")
                throw LedgerError(
                    .notYet, "\(path): what was known on \(bound) is not in the ledger",
                    hint: first.map { "the ledger can answer from \($0) on" } ?? "run `cards nightly` first")
            }
            let id: Int = night["id"]
            let decoder = JSONDecoder()
            var state = KnownState(
                night: id, day: CivilDate(night["day"]) ?? CivilDate(daysSinceEpoch: 0), head: night["head"],
                settings: night["content"], sources: [], numbers: [], digests: [], rejected: [])
            let sources = try Row.fetchAll(
                database, sql: "SELECT number, sha256, summary FROM source WHERE night = ? ORDER BY place",
                arguments: [id])
            for row in sources {
                state.numbers.append(row["number"])
                state.digests.append(row["sha256"])
                state.sources.append(
                    try decoder.decode(SourceSummary.self, from: Data((row["summary"] as String).utf8)))
            }
            let rejected = try String.fetchCursor(
                database,
                sql: "SELECT content FROM rejected WHERE learnt <= ?1 AND (gone IS NULL OR gone > ?1) ORDER BY id",
                arguments: [id])
            while let content = try rejected.next() {
                var row = try decoder.decode(RejectedRow.self, from: Data(content.utf8))
                guard let place = state.numbers.firstIndex(of: row.source) else { continue }
                row.source = place
                state.rejected.append(row)
            }
            state.rejected.sort { ($0.source, $0.line) < ($1.source, $1.line) }
            return state
        }
    }

    /// What was known when a week was published; `nil` where it was not, or where that has been purged.
    ///
    /// - Throws: ``LedgerError``.
    public func state(whenPublishing week: ISOWeek) throws(LedgerError) -> KnownState? {
        let day = try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT day FROM published JOIN night ON night.id = night
                    WHERE week = ? AND EXISTS (SELECT 1 FROM source WHERE source.night = night.id)
                    """, arguments: ["\(week)"])
        }
        guard let day = day.flatMap(CivilDate.init) else { return nil }
        return try state(knownAt: day, publishing: week)
    }

    /// The rows of a state, for a run to read; one source of it for each of its exports.
    public func exports(_ state: KnownState) -> [ExportSource] {
        zip(state.sources, state.numbers).map { summary, number in
            var source = ExportSource(path: summary.file, content: .kept(NightRows(self, state.night, number)))
            source.export = summary.export
            return source
        }
    }
}

/// Hands out the rows of one source as they were told on a night, some children at a time.
private final class NightRows: KeptRows, @unchecked Sendable {
    private let ledger: Ledger
    private let night: Int
    private let source: Int
    private var child = 0
    private static let step = 2_048

    init(_ ledger: Ledger, _ night: Int, _ source: Int) {
        self.ledger = ledger
        self.night = night
        self.source = source
    }

    var size: Int { 0 }

    func next() throws(ExportError) -> KeptText? {
        do {
            while true {
                let (text, isEnd) = try ledger.read { try rows($0) }
                if text.count > 0 { return text }
                if isEnd { return nil }
            }
        } catch {
            throw ExportError(
                .notDatabase, file: ledger.path, message: "the ledger cannot be read, or is not whole",
                hint: "`cards ledger check` says what is wrong")
        }
    }

    private func rows(_ database: Database) throws -> (KeptText, isEnd: Bool) {
        let statement = try database.cachedStatement(
            sql: """
                SELECT child, line, referral, step, cells FROM event
                WHERE child > ?1 AND child <= ?2 AND source = ?3 AND learnt <= ?4 AND (gone IS NULL OR gone > ?4)
                """)
        var text = KeptText()
        var names: [Int: String] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT id, name FROM child WHERE id > ? AND id <= ?", arguments: [child, child + Self.step])
        { names[row[0]] = row[1] }
        let cursor = try Row.fetchCursor(statement, arguments: [child, child + Self.step, source, night])
        while let row = try cursor.next() {
            guard let name = names[row[0]] else { continue }
            text.add(
                KeptRow(
                    source: source, line: UInt32(clamping: row[1] as Int), referral: row[2], step: row[3], rest: row[4]),
                of: name)
        }
        child += Self.step
        let last = try Int.fetchOne(database, sql: "SELECT max(id) FROM child") ?? 0
        return (text, child >= last)
    }
}
