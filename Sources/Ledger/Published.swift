public import Cards
import Foundation
import GRDB
public import WorkingCalendar

extension Ledger {
    /// The weeks that have been published, oldest first.
    ///
    /// - Throws: ``LedgerError``.
    public func publishedWeeks() throws(LedgerError) -> [ISOWeek] {
        try read { try String.fetchAll($0, sql: "SELECT week FROM published ORDER BY week") }.compactMap(ISOWeek.init)
    }

    /// The day of the night after which a week was published; `nil` where it was not.
    ///
    /// - Throws: ``LedgerError``.
    public func publishedOn(_ week: ISOWeek) throws(LedgerError) -> CivilDate? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT day FROM published JOIN night ON night.id = night WHERE week = ?",
                arguments: ["\(week)"])
        }.flatMap(CivilDate.init)
    }

    /// The weeks that were published after a night, those whose set was there already and is another one, and the sets
    /// that were removed on its day.
    ///
    /// - Throws: ``LedgerError``.
    public func done(
        night: Int, day: CivilDate
    ) throws(LedgerError) -> (published: [String], kept: [String], removed: [String]) {
        try read { database in
            let weeks = try String.fetchAll(
                database, sql: "SELECT week FROM published WHERE night = ? ORDER BY week", arguments: [night])
            let kept = Set(
                try String.fetchAll(
                    database, sql: "SELECT substr(detail, 1, 8) FROM activity WHERE what = 'keep' ORDER BY number"))
            return (
                weeks.filter { !kept.contains($0) }, weeks.filter(kept.contains),
                try String.fetchAll(
                    database, sql: "SELECT detail FROM activity WHERE what = 'remove set' AND day = ? ORDER BY number",
                    arguments: ["\(day)"])
            )
        }
    }

    /// Writes down, once, that a set is to be removed.
    ///
    /// - Throws: ``LedgerError``.
    public func recordRemoval(_ set: String, on day: CivilDate) throws(LedgerError) {
        try write { database in
            let isKnown = try Int.fetchOne(
                database, sql: "SELECT 1 FROM activity WHERE what = 'remove set' AND detail = ?", arguments: [set])
            if isKnown == nil { try Self.log("remove set", set, on: day, database) }
        }
    }

    /// The newest week that was published before a week, on an earlier night than one.
    ///
    /// - Throws: ``LedgerError``.
    public func lastPublished(before week: ISOWeek, night: Int) throws(LedgerError) -> ISOWeek? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT max(week) FROM published WHERE week < ? AND night < ?",
                arguments: ["\(week)", night])
        }.flatMap(ISOWeek.init)
    }

    /// What a week was published with besides the rows; `nil` where it was not published.
    ///
    /// - Returns: The night after which it was, the promised dates of then, by the references of exceptions, and the
    ///   version of `cards`.
    /// - Throws: ``LedgerError``.
    public func publication(
        of week: ISOWeek
    ) throws(LedgerError) -> (night: Int, promises: [String: CivilDate], version: String)? {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT night, content, version FROM published JOIN document ON hash = promises WHERE week = ?
                    """, arguments: ["\(week)"])
            guard let row else { return nil }
            let days = try JSONDecoder().decode([String: String].self, from: Data((row["content"] as String).utf8))
            return (row["night"], days.compactMapValues(CivilDate.init), row["version"])
        }
    }

    /// Writes down what was published, once and for all; a week that has been recorded stays as it is.
    ///
    /// - Parameters:
    ///   - report: The cards and the lists.
    ///   - night: The number of the night after which it is made, and its day.
    ///   - day: The day of that night.
    ///   - version: The version of `cards`.
    ///   - identity: The hash of the set that is to be there.
    ///   - isKept: Whether that set was there already, and is another one than the report would give.
    ///   - promises: The promised dates, by the references of exceptions.
    /// - Throws: ``LedgerError``.
    public func recordPublished(
        _ report: WeeklyReport, night: Int, day: CivilDate, version: String, identity: String, isKept: Bool,
        promises: [String: CivilDate]
    ) throws(LedgerError) {
        let week = "\(report.header.week)"
        try write { database in
            guard try Int.fetchOne(database, sql: "SELECT 1 FROM published WHERE week = ?", arguments: [week]) == nil
            else { return }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let text = String(decoding: try encoder.encode(promises.mapValues { "\($0)" }), as: UTF8.self)
            let hash = Self.digest(text)
            try database.execute(
                sql: "INSERT OR IGNORE INTO document VALUES (?, 'promises', ?)", arguments: [hash, text])
            try database.execute(
                sql: "INSERT INTO published VALUES (?, ?, ?, ?, ?)", arguments: [week, night, version, identity, hash])
            let addFigure = try database.makeStatement(sql: "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            for figure in report.figures where figure.weekEnding == report.header.week.ending {
                try addFigure.execute(arguments: [
                    week, figure.level.rawValue, figure.name, figure.rule, figure.measure, figure.numerator,
                    figure.denominator, figure.valueText,
                ])
            }
            let addListed = try database.makeStatement(sql: "INSERT INTO listed VALUES (?, ?, ?, ?, ?)")
            for row in report.exceptions {
                try addListed.execute(arguments: [
                    week, row.reference, row.groupManager, row.status.rawValue,
                    String(decoding: try encoder.encode(row), as: UTF8.self),
                ])
            }
            try Self.log(
                isKept ? "keep" : "publish", "\(week) as \(identity), made after night \(night) by cards \(version)",
                on: day, database)
        }
    }

    /// The list of a week as it was published by a night; empty where it was not, or has been purged.
    ///
    /// - Throws: ``LedgerError``.
    public func listed(_ week: ISOWeek, night: Int) throws(LedgerError) -> [ListedException] {
        try read { database in
            let rows = try String.fetchAll(
                database,
                sql: """
                    SELECT content FROM listed JOIN published ON published.week = listed.week
                    WHERE listed.week = ? AND night <= ? ORDER BY exception, group_manager
                    """, arguments: ["\(week)", night])
            let decoder = JSONDecoder()
            return try rows.map { try decoder.decode(ListedException.self, from: Data($0.utf8)) }
        }
    }

    /// What the run that published a week was made with, as text; `nil` where the week was not published.
    ///
    /// - Throws: ``LedgerError``.
    public func settings(whenPublishing week: ISOWeek) throws(LedgerError) -> String? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT content FROM published JOIN night ON night.id = night JOIN document ON hash = settings
                    WHERE week = ?
                    """, arguments: ["\(week)"])
        }
    }

    /// What is known after a night of a week that was published, as it is measured now.
    ///
    /// - Throws: ``LedgerError`` for a week that was not published.
    public func restatement(
        of week: ISOWeek, now report: WeeklyReport, night: Int
    ) throws(LedgerError) -> Restatement {
        Restatement(
            week: week, figures: try changes(since: week, now: report),
            lateEntries: try lateEntries(since: week, night: night))
    }

    /// The figures of a week that differ from those that were published.
    private func changes(
        since week: ISOWeek, now report: WeeklyReport
    ) throws(LedgerError) -> [Restatement.ChangedFigure] {
        struct Key: Hashable { var level, name, rule, measure: String }
        let path = path
        let was = try read { database in
            guard
                try Int.fetchOne(database, sql: "SELECT 1 FROM published WHERE week = ?", arguments: ["\(week)"]) != nil
            else {
                throw LedgerError(
                    .notYet, "\(path): the week \(week) has not been published",
                    hint: "`cards ledger log` says which weeks were")
            }
            var figures: [Key: String] = [:]
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM figure WHERE week = ?", arguments: ["\(week)"])
            while let row = try rows.next() {
                let key = Key(level: row["level"], name: row["name"], rule: row["rule"], measure: row["measure"])
                figures[key] = Self.printed(row["numerator"], row["denominator"], row["value"])
            }
            return figures
        }
        var left = was
        var changes: [Restatement.ChangedFigure] = []
        for figure in report.figures where figure.weekEnding == week.ending {
            let key = Key(level: figure.level.rawValue, name: figure.name, rule: figure.rule, measure: figure.measure)
            let now = Self.printed(figure.numerator, figure.denominator, figure.valueText)
            let before = left.removeValue(forKey: key) ?? ""
            guard before != now else { continue }
            changes.append(
                Restatement.ChangedFigure(
                    level: key.level, name: key.name, rule: key.rule, measure: key.measure, published: before, now: now)
            )
        }
        let gone = left.map { key, value in
            Restatement.ChangedFigure(
                level: key.level, name: key.name, rule: key.rule, measure: key.measure, published: value, now: "")
        }
        return changes
            + gone.sorted { ($0.level, $0.name, $0.rule, $0.measure) < ($1.level, $1.name, $1.rule, $1.measure) }
    }

    private static func printed(_ numerator: Int?, _ denominator: Int?, _ value: String) -> String {
        guard let numerator, let denominator else { return value }
        return value.isEmpty ? "\(numerator)/\(denominator)" : "\(numerator)/\(denominator) \(value)"
    }

    /// The rows dated up to the end of a week that came or went after it was published, up to a night.
    ///
    /// - Returns: `nil` where the ledger has forgotten what was known when the week was published.
    private func lateEntries(
        since week: ISOWeek, night: Int
    ) throws(LedgerError) -> [Restatement.LateEntry]? {
        try read { database in
            let isKnown = try Bool.fetchOne(
                database, sql: "SELECT night >= (SELECT min(night) FROM source) FROM published WHERE week = ?",
                arguments: ["\(week)"])
            guard isKnown == true else { return nil }
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT child.name, cells, learnt > published.night AS is_new, came.day AS came, went.day AS went
                    FROM published JOIN event ON (learnt > published.night OR gone > published.night)
                    JOIN child ON child.id = event.child
                    JOIN night AS came ON came.id = learnt LEFT JOIN night AS went ON went.id = gone
                    WHERE published.week = ?1 AND (
                        (learnt > published.night AND learnt <= ?2 AND (gone IS NULL OR gone > ?2))
                        OR (learnt <= published.night AND gone > published.night AND gone <= ?2))
                    ORDER BY child.name, event.id
                    """, arguments: ["\(week)", night])
            var entries: [Restatement.LateEntry] = []
            // A row that went and came back, or went to another reference of the same child, says nothing new.
            let merged = try Self.merged(database, upTo: night)
            var said: [[String]: [Int]] = [:]
            var back: Set<Int> = []
            while let row = try rows.next() {
                let cells = (row["cells"] as String).split(
                    separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
                guard cells.count > 1, String(cells[1]) <= "\(week.ending)" else { continue }
                let isNew: Bool = row["is_new"]
                let child: String = row["name"]
                let subject: [String] = [merged[child] ?? child, row["cells"]]
                if let other = said[subject]?.last, entries[other].isWithdrawn == isNew {
                    said[subject]?.removeLast()
                    back.insert(other)
                    continue
                }
                said[subject, default: []].append(entries.count)
                let day: String? = isNew ? row["came"] : row["went"]
                entries.append(
                    Restatement.LateEntry(
                        child: child, event: String(cells[0]), date: String(cells[1]),
                        learntOn: day.flatMap(CivilDate.init) ?? week.ending, isWithdrawn: !isNew))
            }
            return entries.indices.filter { !back.contains($0) }.map { entries[$0] }
        }
    }
}
