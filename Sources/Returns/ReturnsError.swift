/// A reason why a return cannot be read or kept.
public struct ReturnsError: Error, Equatable, CustomStringConvertible {
    /// The stable codes.
    public enum Code: String, CaseIterable, Sendable {
        case missingReturn = "missing-return"
        case notAReturn = "not-a-return"
        case noReturnsSheet = "no-returns-sheet"
        case missingReturnColumn = "missing-return-column"
        case noSets = "no-sets"
        case unknownSet = "unknown-set"
        case whichSet = "which-set"
        case takenBefore = "taken-before"
        case damagedReturns = "damaged-returns"
        case cannotKeep = "cannot-keep"
    }

    public var code: Code
    public var message: String
    public var hint: String

    /// What a person reads: what is wrong, where, and what to do next.
    public var description: String { "\(message) [\(code.rawValue)]\n\nhint: \(hint)" }

    /// The exit code of the contract.
    public var exitCode: Int32 {
        switch code {
        case .missingReturn: 66
        case .cannotKeep: 73
        default: 65
        }
    }

    init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
