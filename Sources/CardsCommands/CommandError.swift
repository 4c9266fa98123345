/// A reason why a command cannot be carried out, with the exit code of the contract.
struct CommandError: Error, CustomStringConvertible {
    /// The exit codes of the contract that the commands themselves decide.
    enum Code: Int32, CaseIterable {
        case usage = 64
        case missingInput = 66
        case cannotWrite = 73
        case configuration = 78
    }

    var code: Code
    var message: String
    var hint: String

    init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    var description: String { "\(message)\n\nhint: \(hint)" }
}

/// Thrown after everything was done, where `--strict` turns findings into an exit code of their own.
struct FindingsWereFound: Error {}
