import Crypto
import Foundation
import GRDB
import Glibc

extension Ledger {
    /// Looks at everything that can be checked: the pages, what points to what, and the chain of the log.
    ///
    /// - Throws: ``LedgerError`` with the first thing that is wrong.
    public func check() throws(LedgerError) {
        try check("integrity_check(5)")
        let stray = try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT id FROM event
                    WHERE source NOT IN (SELECT number FROM source) OR instr(referral || step || cells, char(10)) > 0
                    LIMIT 1
                    """)
        }
        guard stray == nil else { throw LedgerError.damaged(path, "a row of no export, or that is no row") }
    }

    /// Checks with a check of the pages, whose result is `ok`.
    ///
    /// - Throws: ``LedgerError``.
    private func check(_ pages: String) throws(LedgerError) {
        let path = path
        try read { database in
            let integrity = try String.fetchAll(database, sql: "PRAGMA \(pages)")
            guard integrity == ["ok"] else { throw LedgerError.damaged(path, integrity.first ?? "") }
            if let row = try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") {
                throw LedgerError.damaged(path, "a row of \(row["table"] as String? ?? "?") points to nothing")
            }
            if let number = try Self.broken(database) {
                throw LedgerError.damaged(path, "entry \(number) of the log does not follow from those before it")
            }
        }
    }

    /// Whether a ledger is known to be, byte for byte, what the last good run left.
    ///
    /// - Returns: `false` where that run's word is missing, because another one was stopped or wrote since: then
    ///   ``check()`` has to look at everything.
    /// - Throws: ``LedgerError`` where there is that word, and the bytes are others.
    /// - Complexity: O(size of the file), some 20 times less than ``check()``.
    public static func isAsLeft(_ path: String) throws(LedgerError) -> Bool {
        let parts = ((try? String(contentsOfFile: path + ".head", encoding: .utf8)) ?? "")
            .split(whereSeparator: \.isWhitespace)
        guard parts.count == 3, access(path, F_OK) == 0 else { return false }
        guard try fileDigest(path) == String(parts[2]) else {
            throw LedgerError.damaged(path, "its bytes are not those that the last run left")
        }
        return true
    }

    /// The SHA-256 of the file; `nil` while there is more of the ledger beside it.
    private static func fileDigest(_ path: String) throws(LedgerError) -> String? {
        var status = stat()
        guard stat(path + "-wal", &status) != 0 || status.st_size == 0 else { return nil }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw LedgerError.damaged(path, "it cannot be read")
        }
        var hash = SHA256()
        do {
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        } catch {
            throw LedgerError.damaged(path, "it cannot be read")
        }
        return Self.hexadecimal(hash.finalize())
    }

    /// The small file beside a ledger that says how long its log was, so that a cut-off end shows.
    private var headFile: String { path + ".head" }

    /// Writes down where the log ends and, for a ledger that is at rest, what is in the file.
    ///
    /// Whoever is about to write to a ledger does this first, without the latter: a run that is stopped then leaves no
    /// word about bytes that are others.
    ///
    /// - Throws: ``LedgerError``.
    public func noteHead(isAtRest: Bool = false) throws(LedgerError) {
        let last = try read {
            try Row.fetchOne($0, sql: "SELECT number, hash FROM activity ORDER BY number DESC LIMIT 1")
        }
        guard let last else { return }
        let number: Int = last["number"]
        let hash: String = last["hash"]
        let digest = isAtRest ? try Self.fileDigest(path) : nil
        let new = headFile + ".new"
        unlink(new)
        let file = open(new, O_CREAT | O_WRONLY | O_CLOEXEC | O_EXCL, 0o600)
        guard file >= 0 else { throw Self.cannotWrite(new) }
        let bytes = Array("\(number) \(hash)\(digest.map { " " + $0 } ?? "")\n".utf8)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(new, headFile) == 0, Self.sync(Self.folder(of: path)) else {
            throw Self.cannotWrite(headFile)
        }
    }

    /// Whether the log still has the entry at which it was written down to end.
    ///
    /// It may be longer: a run may have been stopped before it wrote the new end down.
    ///
    /// - Throws: ``LedgerError`` where it has not.
    public func checkHead() throws(LedgerError) {
        guard let text = try? String(contentsOfFile: headFile, encoding: .utf8) else { return }
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count >= 2, let number = Int(parts[0]) else {
            throw LedgerError.damaged(path, "the file \(headFile) is not as it was written")
        }
        let hash = try read {
            try String.fetchOne($0, sql: "SELECT hash FROM activity WHERE number = ?", arguments: [number])
        }
        guard hash == String(parts[1]) else {
            throw LedgerError.damaged(path, "its log ends before entry \(number), which had been written")
        }
    }

    /// Writes a copy that checks, in the place of an older one; others may read meanwhile.
    ///
    /// - Throws: ``LedgerError``, with the older copy left as it was.
    public func backUp(to copy: String) throws(LedgerError) {
        let new = copy + ".new"
        for leftover in [new, new + "-wal", new + "-shm"] { unlink(leftover) }
        do {
            let file = open(new, O_CREAT | O_RDWR | O_CLOEXEC | O_EXCL, 0o600)
            guard file >= 0 else { throw Self.cannotWrite(copy) }
            close(file)
            let destination = try DatabaseQueue(path: Self.file(new))
            try queue.backup(to: destination)
            try destination.close()
            // One file, without anything beside it.
            let check = try Ledger(new, isReadOnly: true, mayBeOlder: true)
            // Its pages are those of a ledger that was looked at whole.
            try check.check("quick_check(5)")
            try check.queue.close()
            for leftover in [new + "-wal", new + "-shm"] { unlink(leftover) }
        } catch {
            unlink(new)
            throw Self.problem(error, copy)
        }
        guard Self.sync(new), rename(new, copy) == 0, Self.sync(Self.folder(of: copy)) else {
            unlink(new)
            throw Self.cannotWrite(copy)
        }
    }

    /// Puts a backup that checks in the place of a ledger; what was there is kept beside it, never deleted.
    ///
    /// - Returns: Where what was there is now; `nil` where there was nothing.
    /// - Throws: ``LedgerError``, with everything left as it was.
    public static func restore(_ path: String, from backup: String) throws(LedgerError) -> String? {
        guard access(backup, F_OK) == 0 else {
            throw LedgerError(
                .noBackup, "\(backup): there is no backup here", hint: "give the one to bring back with --from")
        }
        let copy = path + ".restored"
        for leftover in [copy, copy + "-wal", copy + "-shm"] { unlink(leftover) }
        let source: Ledger
        do {
            source = try Ledger(backup, isReadOnly: true, mayBeOlder: true)
            try source.check()
        } catch {
            throw LedgerError(
                error.code, error.message,
                hint: "this is the backup: give another one with --from; the ledger was left as it is")
        }
        try source.backUp(to: copy)
        var kept: String?
        if access(path, F_OK) == 0 {
            var number = 1
            while access("\(path).damaged-\(number)", F_OK) == 0 { number += 1 }
            let name = "\(path).damaged-\(number)"
            guard link(path, name) == 0 else { throw cannotWrite(path) }
            kept = name
        }
        // A log of pages belongs to the file that was there: read into another, it would spoil it.
        for end in ["-wal", "-shm"] where access(path + end, F_OK) == 0 {
            if let kept { rename(path + end, kept + end) } else { unlink(path + end) }
        }
        // It tells of the file that was there.
        unlink(path + ".head")
        guard rename(copy, path) == 0, sync(folder(of: path)) else { throw cannotWrite(path) }
        let ledger = try Ledger(path)
        try ledger.noteHead(isAtRest: try ledger.checkpoint())
        return kept
    }

    /// What restores have set aside in the place of a ledger.
    public static func setAside(_ path: String) -> [String] {
        let start = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...] + ".damaged-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(of: path))) ?? []
        return names.filter { $0.hasPrefix(start) }.sorted().map { path + $0.dropFirst(start.count - 9) }
    }
}
