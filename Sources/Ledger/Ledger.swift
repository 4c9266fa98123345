import Exports
import Foundation
import GRDB
import Glibc

/// What was told every night, what was published, and what was done: one SQLite file.
///
/// One process writes at a time; readers see whole nights.
public final class Ledger: Sendable {
    /// The file, as the user gave it.
    public let path: String
    let queue: DatabaseQueue

    /// Opens a ledger.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isReadOnly: Whether nothing is to be written.
    ///   - mayMake: Whether it is made where there is none: only a night begins a ledger.
    /// - Throws: ``LedgerError`` for a file that is no ledger, damaged, or of a newer version; where nothing is to be
    ///   written, also for one of an older version.
    public convenience init(
        _ path: String, isReadOnly: Bool = false, mayMake: Bool = false
    ) throws(LedgerError) {
        if mayMake, access(path, F_OK) != 0 { try Self.make(path) }
        try self.init(path, isReadOnly: isReadOnly, mayBeOlder: false)
    }

    /// Opens a ledger of this version or, for a look at what every version has, an older one.
    init(_ path: String, isReadOnly: Bool, mayBeOlder: Bool) throws(LedgerError) {
        self.path = path
        guard access(path, F_OK) == 0 else {
            throw LedgerError(.missing, "\(path): there is no ledger here", hint: "`cards nightly` makes it")
        }
        try Self.checkHead(path)
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
            guard !isReadOnly else { return }
            try database.execute(
                sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
        }
        do {
            queue = try DatabaseQueue(path: Self.file(path), configuration: configuration)
            let version = try queue.read { try Int32.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
            guard version <= Schema.version else {
                throw LedgerError(
                    .newerLedger, "\(path): the ledger was written by a newer version of cards",
                    hint: "use that version")
            }
            guard !isReadOnly else {
                guard version == Schema.version || mayBeOlder else {
                    throw LedgerError(
                        .olderLedger, "\(path): the ledger was written by an older version of cards",
                        hint: "the next `cards nightly` brings it up to date")
                }
                return
            }
            if version > 0, version < Schema.version { try noteHead() }
            try Schema.migrator.migrate(queue)
        } catch {
            throw Self.problem(error, path)
        }
    }

    /// Makes a ledger of which nothing is told yet, whole or not at all.
    private static func make(_ path: String) throws(LedgerError) {
        let new = path + ".new"
        for leftover in [new, new + "-wal", new + "-shm", new + "-journal"] { unlink(leftover) }
        // SQLite's own files beside it take the mode of this one.
        let file = open(new, O_CREAT | O_RDWR | O_CLOEXEC | O_EXCL, 0o600)
        guard file >= 0 else { throw cannotWrite(path) }
        close(file)
        do {
            let queue = try DatabaseQueue(path: self.file(new))
            try Schema.migrator.migrate(queue)
            try queue.close()
        } catch {
            unlink(new)
            throw problem(error, path)
        }
        // What stands beside a ledger that has gone says nothing of this one.
        for leftover in [path + ".head", path + "-wal", path + "-shm"] { unlink(leftover) }
        guard sync(new), rename(new, path) == 0, sync(folder(of: path)) else { throw cannotWrite(path) }
    }

    /// A path as SQLite takes it for a file's, also where a name such as `:memory:` means something else to it.
    static func file(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

    /// Whether a database is a ledger.
    public static func isLedger(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 72), head.count == 72
        else { return false }
        return head[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) } == Schema.applicationId
    }

    /// Refuses what is no ledger, before a byte of it is changed.
    private static func checkHead(_ path: String) throws(LedgerError) {
        var status = stat()
        guard stat(path, &status) != 0 || status.st_size > 0 else { throw damaged(path, "it is empty") }
        guard isLedger(path) else {
            throw LedgerError(
                .notALedger, "\(path): this file is no ledger", hint: "check `ledger` of the configuration")
        }
    }

    /// Does something in one transaction, all or nothing.
    func write<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw Self.problem(error, path)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw Self.problem(error, path)
        }
    }

    static func cannotWrite(_ path: String) -> LedgerError {
        LedgerError(
            .cannotWrite, "\(path): the ledger cannot be written",
            hint: "check the disk's space, and who may write to the folder")
    }

    static func problem(_ error: any Error, _ path: String) -> LedgerError {
        if let error = error as? LedgerError { return error }
        guard let error = error as? DatabaseError else { return damaged(path, "\(type(of: error))") }
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return LedgerError(
                .busy, "\(path): another program writes to the ledger", hint: "wait until it has finished")
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            return cannotWrite(path)
        case .SQLITE_NOTADB: return damaged(path, "it is no database")
        default: return damaged(path, error.message ?? "\(error.resultCode)")
        }
    }

    private static func damaged(_ path: String, _ what: String) -> LedgerError { LedgerError.damaged(path, what) }

    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    static func sync(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return fsync(file) == 0
    }

    /// Moves what was written into the one file, so that nothing is left beside it.
    ///
    /// - Returns: Whether it is all there; not where somebody has been reading for ten seconds.
    /// - Throws: ``LedgerError``.
    public func checkpoint() throws(LedgerError) -> Bool {
        do {
            try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return false
        } catch {
            throw Self.problem(error, path)
        }
    }
}
