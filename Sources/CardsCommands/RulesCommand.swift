import ArgumentParser
import Rules
import Settings

/// `cards rules`: the rulebook in use, and whether a council's own can be read.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Show a rulebook, or check one.",
        discussion: """
            Examples:
              cards rules
              cards rules --markdown > rules.md
              cards rules --yaml > england.yaml
              cards rules show --rulebook council.yaml
              cards rules check council.yaml
            """,
        subcommands: [RulesShow.self, RulesCheck.self], defaultSubcommand: RulesShow.self)
}

/// `cards rules show`: a rulebook as a table, as Markdown, as JSON, or as it is written.
struct RulesShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a rulebook.")

    @Option(
        help: ArgumentHelp("The rulebook; without it, that of England.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var rulebook: String?

    @Flag(help: "As a page in Markdown, with every source.")
    var markdown = false

    @Flag(help: "As it is written, with its comments.")
    var yaml = false

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func validate() throws {
        if [markdown, yaml, json].count(where: { $0 }) > 1 { throw Misuse.severalShapes.error() }
    }

    func run() throws {
        let book = try RunSetup.rulebook(rulebook)
        if json {
            try Console.write(try jsonText(RulebookAnswer(book)))
        } else if yaml {
            let text = try rulebook.map { try TextFile.read($0, "rulebook") } ?? DefaultRulebook.yaml
            try Console.write(text.hasSuffix("\n") ? text : text + "\n")
        } else {
            try Console.write(markdown ? rulebookMarkdown(book) : rulebookSummary(book))
        }
    }
}

/// `cards rules check`: whether a rulebook can be read, and what it holds.
struct RulesCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check that a rulebook can be read.",
        discussion: "Exits with 78 and the first thing wrong, with its line, where it cannot.")

    @Argument(help: "The rulebook.", completion: .file(extensions: ["yaml"]))
    var file: String

    func run() throws {
        let book = try RunSetup.rulebook(file)
        let on = book.rules.filter(\.isOn)
        let editions = on.flatMap(\.editions)
        let unverified = editions.filter { $0.confidence == .unverified }.count
        try Console.write(
            """
            ok
            \(book.name), version \(book.version), bank holidays of \(book.jurisdiction)
            \(on.count) rules in use, \(book.rules.count - on.count) switched off
            \(editions.count) editions in use, \(unverified) of them not verified

            """)
    }
}
