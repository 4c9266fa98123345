import Exports
import Foundation
import GRDB

/// Writes what changed of one child after the other, with statements that are prepared once.
struct RowWriter {
    private let night: Int
    private let database: Database
    private let select: Statement
    private let insert: Statement
    private let end: Statement
    private let find: Statement
    private let addChild: Statement
    private let setForm: Statement

    init(_ database: Database, _ night: Int) throws {
        self.night = night
        self.database = database
        select = try database.makeStatement(
            sql: """
                SELECT id, source, line, referral, step, cells FROM event WHERE child = ? AND gone IS NULL ORDER BY id
                """)
        insert = try database.makeStatement(
            sql: """
                INSERT INTO event (child, source, line, referral, step, cells, learnt) VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        end = try database.makeStatement(sql: "UPDATE event SET gone = ? WHERE id = ?")
        find = try database.makeStatement(sql: "SELECT id FROM child WHERE name = ?")
        addChild = try database.makeStatement(sql: "INSERT INTO child (name, form) VALUES (?, ?)")
        setForm = try database.makeStatement(sql: "UPDATE child SET form = ? WHERE id = ?")
    }

    /// A row without its line, by which rows are told apart.
    private struct Content: Hashable {
        var source: Int
        var referral: ExactText
        var step: ExactText
        var rest: ExactText

        init(_ row: KeptRow) {
            (source, referral) = (row.source, ExactText(row.referral))
            (step, rest) = (ExactText(row.step), ExactText(row.rest))
        }

        /// What happened, whenever it did: a row with another date is the same one corrected.
        var subject: Content {
            var subject = self
            subject.rest = ExactText(String(rest.text.prefix { $0 != "," }))
            return subject
        }
    }

    private func rows(of child: Int) throws -> [(id: Int, row: KeptRow)] {
        try Row.fetchAll(select, arguments: [child]).map { row in
            (
                row[0],
                KeptRow(
                    source: row[1], line: UInt32(clamping: row[2] as Int), referral: row[3], step: row[4], rest: row[5])
            )
        }
    }

    /// Takes what is told of a child in the place of what was told before.
    mutating func take(_ child: Ledger.ChangedChild, _ changes: inout NightChanges) throws {
        guard let id = try child.id ?? number(of: child.name) else {
            let new = try addNumber(of: child.name, child.form)
            for row in child.rows { try add(row, new) }
            changes.added += child.rows.count
            return
        }
        let old = try rows(of: id)
        let tonight = References(known: old.map(\.row), tonight: child.rows).rows
        var left: [Content: [Int]] = [:]
        for (id, row) in old { left[Content(row), default: []].append(id) }
        var added: [KeptRow] = []
        for row in tonight {
            if left[Content(row)]?.popLast() == nil { added.append(row) }
        }
        let ended = left.flatMap { content, ids in ids.map { (content.subject, $0) } }.sorted { $0.1 < $1.1 }
        var subjects: [Content: Int] = [:]
        for (subject, id) in ended {
            subjects[subject, default: 0] += 1
            try end.execute(arguments: [night, id])
        }
        changes.withdrawn += ended.count
        for row in added {
            try add(row, id)
            if let count = subjects[Content(row).subject], count > 0 {
                subjects[Content(row).subject] = count - 1
                changes.corrected += 1
                changes.withdrawn -= 1
            } else {
                changes.added += 1
            }
        }
        try setForm.execute(arguments: [Data(child.form), id])
    }

    private func add(_ row: KeptRow, _ child: Int) throws {
        try insert.execute(
            arguments: [child, row.source, Int(row.line), row.referral, row.step, row.rest, night])
    }

    /// Marks everything of a child as gone.
    mutating func remove(_ child: Int, _ changes: inout NightChanges) throws {
        let old = try rows(of: child)
        for (id, _) in old { try end.execute(arguments: [night, id]) }
        changes.withdrawn += old.count
        try setForm.execute(arguments: [Data(), child])
    }

    /// Lets the rows of a child go on as those of another, who may be new.
    ///
    /// - Returns: How many there were.
    mutating func move(_ child: Int, to name: String) throws -> Int {
        let old = try rows(of: child)
        guard !old.isEmpty else { return 0 }
        // Looked up each time: the merge before this one may have added it.
        let id = try number(of: name) ?? addNumber(of: name, [])
        for (number, row) in old {
            try end.execute(arguments: [night, number])
            try add(row, id)
        }
        try setForm.execute(arguments: [Data(), child])
        return old.count
    }

    private func number(of name: String) throws -> Int? {
        try Int.fetchOne(find, arguments: [name])
    }

    private func addNumber(of name: String, _ form: [UInt8]) throws -> Int {
        try addChild.execute(arguments: [name, Data(form)])
        return Int(database.lastInsertedRowID)
    }
}
