import ArgumentParser
import DelimitedText
import Glibc
import Ledger
import Publishing
import Returns
import SampleAuthority
import Settings

/// The exit code of the contract for an error; 0 for what is none, such as a request for help.
func exitCode(for error: any Error) -> Int32 {
    switch error {
    case is Console.ReaderLeft: 0
    case is FindingsWereFound: 1
    case let error as AlreadyTold: exitCode(for: error.error)
    case let error as ExportError: error.code == .missingFile ? 66 : 65
    case is SettingsError: 78
    case is PublishingError: PublishingError.exitCode
    case let error as ReturnsError: error.exitCode
    case let error as LedgerError: error.exitCode
    case let error as CommandError: error.code.exit.rawValue
    case is SampleError: CommandError.Exit.usage.rawValue
    default:
        switch CardsCommand.exitCode(for: error) {
        case .success: 0
        case .validationFailure: CommandError.Exit.usage.rawValue
        default: EX_SOFTWARE
        }
    }
}

/// Prints what there is to say about an error, in the one place that does.
///
/// Help, versions and completion scripts are results; everything else goes to standard error.
func report(_ error: any Error) {
    let code = exitCode(for: error)
    switch error {
    case is Console.ReaderLeft, is FindingsWereFound, is AlreadyTold: return
    case _ where isOurs(error): Console.note("error: \(error)")
    default:
        if code == 0 {
            try? Console.write(CardsCommand.fullMessage(for: error) + "\n")
        } else if code == EX_SOFTWARE {
            // The error itself might hold something about a child, so only its kind is named.
            Console.note(bugMessage(error))
        } else {
            Console.note(usageMessage(CardsCommand.fullMessage(for: error)))
        }
    }
}

/// Whether an error has words of our own, which say nothing about a child.
func isOurs(_ error: any Error) -> Bool {
    switch error {
    case is ExportError, is SettingsError, is CommandError, is SampleError, is PublishingError, is ReturnsError,
        is LedgerError:
        true
    default: false
    }
}

/// What is said about an error that nobody expected.
func bugMessage(_ error: any Error) -> String {
    "error: something unexpected happened (\(type(of: error)))\n\nhint: this is a bug in cards; please report it"
}

/// A message of the argument parser in the form of our own.
private func usageMessage(_ message: String) -> String {
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let first = lines.first, first.hasPrefix("Error: ") { lines[0] = "error: " + first.dropFirst(7) }
    for index in lines.indices.dropFirst() {
        for (theirs, ours) in [("Usage: ", "usage: "), ("Help: ", "help: ")] where lines[index].hasPrefix(theirs) {
            lines[index] = ours + lines[index].dropFirst(theirs.count)
        }
    }
    if let last = lines.last, last.hasPrefix("  See ") {
        lines[lines.count - 1] = "\nhint: see " + last.dropFirst(6)
    }
    return lines.joined(separator: "\n")
}
