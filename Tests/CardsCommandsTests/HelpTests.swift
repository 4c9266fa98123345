import CardsTestSupport
import Testing

/// The help teaches, so a change of it is a change of the product.
@Suite struct HelpTests {
    @Test(arguments: [
        [], ["weekly"], ["merge"], ["explain"], ["due"], ["calendar"], ["calendar", "elapsed"], ["calendar", "due"],
        ["calendar", "list"], ["check"], ["inspect"], ["convert"], ["rules"], ["rules", "show"], ["rules", "check"],
        ["sample"], ["exceptions"], ["exceptions", "import"], ["pdf"], ["nightly"], ["ledger"], ["ledger", "check"],
        ["ledger", "diff"], ["ledger", "log"], ["ledger", "backup"], ["ledger", "restore"], ["ledger", "purge"],
        ["ledger", "vacuum"], ["exceptions", "list"], ["exceptions", "export"],
    ])
    func isAsRecorded(command: [String]) throws {
        let cards = try Executable()
        defer { cards.clean() }
        let outcome = try cards.run(command + ["--help"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.isEmpty)
        try expectGolden(outcome.output, named: "help/\((["cards"] + command).joined(separator: "-")).txt")
    }

    @Test func versionIsPrinted() throws {
        let cards = try Executable()
        defer { cards.clean() }
        #expect(try cards.run(["--version"]).output == "0.1.0\n")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsAreMade(shell: String) throws {
        let cards = try Executable()
        defer { cards.clean() }
        let outcome = try cards.run(["--generate-completion-script", shell])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("weekly"))
    }
}
