/// A reason why a ledger cannot be used, or refuses what it is asked.
public struct LedgerError: Error, CustomStringConvertible, Sendable {
    /// The stable codes.
    public enum Code: String, CaseIterable, Sendable {
        /// The file is no ledger, or damaged.
        case notALedger = "not-a-ledger"
        /// There is none.
        case missing = "missing-ledger"
        case damaged = "ledger-damaged"
        case newerLedger = "newer-ledger"
        case olderLedger = "older-ledger"
        /// Another run uses it.
        case busy = "ledger-busy"
        case nightUnderWay = "night-under-way"
        case cannotWrite = "ledger-cannot-write"
        /// The clock or the order of nights is wrong.
        case nightBefore = "night-before-last"
        /// Nothing was known then.
        case notYet = "not-known-then"
        case noBackup = "no-backup"
        /// The ledger is not there, and its backup is.
        case gone = "ledger-gone"
    }

    public var code: Code
    public var message: String
    public var hint: String

    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String { "\(message) [\(code.rawValue)]\n\nhint: \(hint)" }

    /// The exit code of the contract: missing input where there is nothing, otherwise store busy or refused.
    public var exitCode: Int32 { code == .missing || code == .noBackup ? 66 : 69 }

    static func damaged(_ path: String, _ what: String) -> LedgerError {
        LedgerError(
            .damaged, "\(path): the ledger is damaged: \(what)",
            hint: "`cards ledger restore` brings back the last backup that checks; what came after it is read again "
                + "from the next export")
    }
}
