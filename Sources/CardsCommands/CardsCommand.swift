public import ArgumentParser
import Glibc

/// The root command, which the executable does nothing but call.
public struct CardsCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "cards",
        abstract: "Tell managers every week which children are waiting too long.",
        discussion: """
            Reads exports of a council's case system, runs a clock for every step against a dated rulebook, and \
            writes a card for every team, a list for every Group Manager, and the evidence for each figure.

            To begin:
              cards sample --out sample
              cards weekly sample/events.csv --teams sample/teams.csv
              cards weekly sample/events.csv --teams sample/teams.csv --out out

            Exit codes: 0 done; 1 done, with findings where --strict was asked for; 64 usage; 65 unusable input; \
            66 missing input; 69 the ledger is busy or refused; 70 a bug in cards; 73 cannot write output; 78 configuration.
            """,
        version: CardsCommand.version,
        subcommands: [
            Weekly.self, Merge.self, Nightly.self, LedgerCommand.self, ExceptionsCommand.self, PrintPage.self,
            Explain.self, Due.self, CalendarCommand.self, Check.self, Inspect.self, Convert.self, RulesCommand.self,
            Sample.self,
        ])

    /// The version of the program, printed on every set.
    static let version = "0.1.0"

    public init() {}

    /// Runs the command that the arguments ask for.
    ///
    /// - Returns: The exit code; what there is to say has been printed.
    public static func run(_ arguments: [String]) -> Int32 {
        // A reader that goes away shows as a failed write instead of killing the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            return 0
        } catch {
            report(error)
            return CardsCommands.exitCode(for: error)
        }
    }
}
