import CaseEvents
import Columnar
public import Exports
import Foundation
import GRDB
public import WorkingCalendar

/// What a night told, to be taken in by a ledger.
public struct Telling: Sendable {
    public var day: CivilDate
    /// The rows, in parts that can be looked at on several cores.
    public var children: [[KeptChild]]
    /// The exports, as reading them went, and the rows of them that could not be used.
    public var sources: [SourceSummary]
    public var rejected: [RejectedRow]
    /// The SHA-256 of each source in hexadecimal.
    public var digests: [String]
    /// What a run is made with, as text; kept once for each different one.
    public var settings: String
    /// Children whose references were merged: the old one, and the one under which it goes on.
    public var merges: [(from: String, to: String)] = []
    public var cores: Int

    /// The teams that the rows name.
    public var teams: Set<String>

    /// What was read; its events are used up.
    public init(day: CivilDate, read: ReadResult, digests: [String], settings: String, cores: Int) {
        self.day = day
        children = concurrentMap(count: CaseStore.partitionCount, cores: cores) { partition in
            read.store.keptChildren(partition: partition)
        }
        teams = Set(read.store.actors.map(\.team)).subtracting([0]).reduce(into: []) {
            $0.insert(read.store.names.string($1))
        }
        sources = read.sources
        rejected = read.rejected
        self.digests = digests
        self.settings = settings
        self.cores = cores
    }

    /// The same, with the ledger's numbers of its sources in its rows.
    func numbered(_ numbers: [Int]) -> Telling {
        guard numbers != Array(numbers.indices) else { return self }
        var telling = self
        for row in rejected.indices { telling.rejected[row].source = numbers[rejected[row].source] }
        for part in children.indices {
            for child in children[part].indices {
                for row in children[part][child].rows.indices {
                    telling.children[part][child].rows[row].source = numbers[children[part][child].rows[row].source]
                }
            }
        }
        return telling
    }
}

/// What a night changed.
public struct NightChanges: Hashable, Sendable {
    /// The number of the night.
    public var night: Int
    /// Rows that nobody told before, that say something else than the night before, and that are told no more.
    public var added = 0
    public var corrected = 0
    public var withdrawn = 0
    /// Rows that went to another child, because two references were merged.
    public var merged = 0
    /// Merges of which neither the old reference is known nor the new one is told.
    public var mergesUnknown = 0
    /// Merges that were named after the night on which the old reference had gone.
    public var mergesLate = 0
    /// Whether the same exports had been taken in already.
    public var isRepeated = false
}

extension Ledger {
    /// The newest night's number and day; `nil` before the first.
    ///
    /// - Throws: ``LedgerError``.
    public func lastNight() throws(LedgerError) -> (night: Int, day: CivilDate)? {
        try read { try Self.lastNight($0).map { ($0.night, $0.day) } }
    }

    private static func lastNight(_ database: Database) throws -> (night: Int, day: CivilDate, told: String)? {
        try Row.fetchOne(database, sql: "SELECT id, day, told FROM night ORDER BY id DESC LIMIT 1").map { row in
            (row["id"], CivilDate(row["day"]) ?? CivilDate(daysSinceEpoch: 0), row["told"])
        }
    }

    /// Takes in what a night told: what is new is added, and what is told no more is marked as gone.
    ///
    /// All of it or nothing, in one transaction. The same exports again on the same day change nothing.
    ///
    /// - Throws: ``LedgerError``, for one where the day lies before the last night's.
    /// - Complexity: O(*n*) in the rows told; what is written grows with what changed.
    public func takeIn(_ telling: Telling) throws(LedgerError) -> NightChanges {
        let numbers = try numbers(of: telling.sources)
        let telling = telling.numbered(numbers)
        var exports = telling.digests.joined(separator: " ")
        if !telling.merges.isEmpty {
            exports += " merges " + Self.digest(telling.merges.map { "\($0.from)\n\($0.to)\n" }.joined())
        }
        let last = try read { try Self.lastNight($0) }
        if let last, telling.day < last.day {
            throw LedgerError(
                .nightBefore, "the last night taken in is that of \(last.day), and this one is of \(telling.day)",
                hint: "is the clock right? Nights are taken in in order")
        }
        let settings = Self.digest(telling.settings)
        if let last, last.day == telling.day, last.told == exports, try settingsOf(last.night) == settings {
            return try changes(of: last.night, telling)
        }
        let known = try read { database in
            var forms: [ExactText: (id: Int, form: [UInt8])] = [:]
            let rows = try Row.fetchCursor(database, sql: "SELECT id, name, form FROM child")
            while let row = try rows.next() {
                forms[ExactText(row["name"])] = (row["id"], [UInt8](row["form"] as Data))
            }
            return forms
        }
        let merged = try merged()
        let told: Set<ExactText> =
            telling.merges.isEmpty && merged.isEmpty ? [] : Set(telling.children.joined().map { ExactText($0.child) })
        // A reference has gone though contacts may have stayed behind.
        let living = told.isEmpty ? [] : Self.living(telling)
        // A merge that tonight does not tell of is none: the old reference lives on, or the new one is not there.
        let merges = telling.merges.filter { told.contains(ExactText($0.to)) && !living.contains(ExactText($0.from)) }
        let found = Self.changed(telling, known, merges)
        let night = (last?.night ?? 0) + 1
        return try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO document VALUES (?, 'settings', ?)",
                arguments: [settings, telling.settings])
            try database.execute(
                sql: "INSERT INTO night VALUES (?, ?, ?, ?, '', 0, 0, 0, 0)",
                arguments: [night, "\(telling.day)", exports, settings])
            try Self.keepSources(telling, numbers, night, database)
            var changes = NightChanges(night: night)
            try Self.keepRejected(telling.rejected, night, database)
            var writer = try RowWriter(database, night)
            let becomes = Dictionary(merges.map { ($0.from, $0.to) }) { first, _ in first }
            let addMerge = try database.makeStatement(sql: "INSERT INTO merge VALUES (?, ?, ?)")
            // A reference that became another and is told again lives by itself again.
            for name in merged.keys.sorted() where living.contains(ExactText(name)) {
                try addMerge.execute(arguments: [night, name, name])
            }
            for (from, to) in merges {
                guard let old = known[ExactText(from)] else { continue }
                let rows = told.contains(ExactText(from)) ? 0 : try writer.move(old.id, to: to)
                // One that is named late has no rows any more; what was listed and promised follows it all the same.
                let now = merged[from].map { becomes[$0] ?? $0 }
                guard rows > 0 || now != to else { continue }
                changes.merged += rows
                try addMerge.execute(arguments: [night, from, to])
            }
            for child in found.changed { try writer.take(child, &changes) }
            for child in found.gone { try writer.remove(child, &changes) }
            let head = try Self.log(
                "take in",
                "night \(night): \(changes.added) added, \(changes.corrected) corrected, \(changes.withdrawn) "
                    + "withdrawn, \(changes.merged) merged; exports \(exports)", on: telling.day, database)
            try database.execute(
                sql: "UPDATE night SET head = ?, added = ?, corrected = ?, withdrawn = ?, merged = ? WHERE id = ?",
                arguments: [head, changes.added, changes.corrected, changes.withdrawn, changes.merged, night])
            try Self.countMerges(telling, &changes, database)
            return changes
        }
    }

    /// The children of whom more is told than contacts.
    private static func living(_ telling: Telling) -> Set<ExactText> {
        let contacts = [EventKind.contactReceived.name, EventKind.contactDecided.name]
        let living = telling.children.joined().filter { child in
            child.rows.contains { !contacts.contains(String($0.head.event)) }
        }
        return Set(living.map { ExactText($0.child) })
    }

    /// What a night changed that has been taken in already.
    private func changes(of night: Int, _ telling: Telling) throws(LedgerError) -> NightChanges {
        try read { database in
            var changes = NightChanges(night: night)
            changes.isRepeated = true
            let row = try Row.fetchOne(
                database, sql: "SELECT added, corrected, withdrawn, merged FROM night WHERE id = ?", arguments: [night])
            guard let row else { return changes }
            (changes.added, changes.corrected, changes.withdrawn, changes.merged) = (row[0], row[1], row[2], row[3])
            try Self.countMerges(telling, &changes, database)
            return changes
        }
    }

    /// Counts, after a night was taken in, the merges that nothing came of or that were named late.
    private static func countMerges(_ telling: Telling, _ changes: inout NightChanges, _ database: Database) throws {
        guard !telling.merges.isEmpty else { return }
        let isKnown = try database.makeStatement(
            sql: """
                SELECT 1 FROM child WHERE name = ?1
                UNION ALL SELECT 1 FROM child WHERE name = ?2 AND length(form) > 0 LIMIT 1
                """)
        changes.mergesUnknown = try telling.merges.count {
            try Int.fetchOne(isKnown, arguments: [$0.from, $0.to]) == nil
        }
        changes.mergesLate =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM merge WHERE night = ? AND name <> became AND NOT EXISTS (
                        SELECT 1 FROM event JOIN child ON child.id = child
                        WHERE child.name = merge.name AND gone = merge.night)
                    """, arguments: [changes.night]) ?? 0
    }

    /// The references of children that became others up to a night, each with the one of then.
    ///
    /// - Throws: ``LedgerError``.
    public func merged(upTo night: Int = .max) throws(LedgerError) -> [String: String] {
        try read { try Self.merged($0, upTo: night) }
    }

    static func merged(_ database: Database, upTo night: Int) throws -> [String: String] {
        var merged: [String: String] = [:]
        let rows = try Row.fetchAll(
            database, sql: "SELECT name, became FROM merge WHERE night <= ? ORDER BY night, name", arguments: [night])
        for row in rows {
            let (name, new): (String, String) = (row["name"], row["became"])
            // What had become this one goes on with it; what lives again became no other.
            for (old, became) in merged where became == name { merged[old] = new }
            merged[name] = new
            merged[new] = nil
        }
        return merged
    }

    private func settingsOf(_ night: Int) throws(LedgerError) -> String? {
        try read { try String.fetchOne($0, sql: "SELECT settings FROM night WHERE id = ?", arguments: [night]) }
    }

    /// A child of whom something else is told than the night before.
    struct ChangedChild: Sendable {
        var id: Int?
        var name: String
        var form: [UInt8]
        var rows: [KeptRow]
    }

    /// The children who changed, in the order of their names, and the numbers of those of whom nothing is told.
    private static func changed(
        _ telling: Telling, _ known: [ExactText: (id: Int, form: [UInt8])], _ merges: [(from: String, to: String)]
    ) -> (changed: [ChangedChild], gone: [Int]) {
        let merged = Set(merges.map { ExactText($0.to) })
        let parts = concurrentMap(count: telling.children.count, cores: telling.cores) { part in
            var changed: [ChangedChild] = []
            var seen: [Int] = []
            for child in telling.children[part] {
                let name = ExactText(child.child)
                let old = known[name]
                if let old { seen.append(old.id) }
                // Most children are told of in the same words as the night before.
                let verbatim = ChildForm.verbatim(child.rows)
                let isMerged = merged.contains(name)
                if let old, !isMerged, old.form.dropFirst(ChildForm.length) == verbatim[...] { continue }
                let form = ChildForm(child.rows).digest
                if let old, !isMerged, old.form.prefix(ChildForm.length) == form[...] { continue }
                changed.append(ChangedChild(id: old?.id, name: child.child, form: form + verbatim, rows: child.rows))
            }
            return (changed, seen)
        }
        let seen = Set(parts.flatMap(\.1))
        let gone = known.values.filter { !$0.form.isEmpty && !seen.contains($0.id) }.map(\.id).sorted()
        return (parts.flatMap(\.0).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }, gone)
    }

    private static func keepSources(
        _ telling: Telling, _ numbers: [Int], _ night: Int, _ database: Database
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for (place, source) in telling.sources.enumerated() {
            try database.execute(
                sql: "INSERT INTO source VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    night, numbers[place], telling.digests[place],
                    String(decoding: try encoder.encode(source), as: UTF8.self), place,
                ])
        }
    }

    private static func keepRejected(_ rows: [RejectedRow], _ night: Int, _ database: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        /// What is told of a row, wherever it stands now.
        func subject(_ row: RejectedRow) throws -> Data {
            var row = row
            row.line = 0
            return try encoder.encode(row)
        }
        var known: [Data: [Int]] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT id, content FROM rejected WHERE gone IS NULL ORDER BY id DESC")
        {
            let old = try JSONDecoder().decode(RejectedRow.self, from: Data((row["content"] as String).utf8))
            known[try subject(old), default: []].append(row["id"])
        }
        for row in rows {
            if known[try subject(row), default: []].popLast() != nil { continue }
            try database.execute(
                sql: "INSERT INTO rejected (content, learnt) VALUES (?, ?)",
                arguments: [String(decoding: try encoder.encode(row), as: UTF8.self), night])
        }
        for id in known.values.flatMap({ $0 }).sorted() {
            try database.execute(sql: "UPDATE rejected SET gone = ? WHERE id = ?", arguments: [night, id])
        }
    }
}
