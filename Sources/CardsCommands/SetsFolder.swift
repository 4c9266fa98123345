import ArgumentParser
import Ledger
import Settings

/// The configuration that a command takes its places from.
struct ConfigurationFile: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration; without it, cards.yaml of the working folder, if there is one.",
            valueName: "cards.yaml"),
        completion: .file(extensions: ["yaml"]))
    var config: String?

    func configuration() throws -> Configuration { try RunSetup.configuration(config) }
}

/// The folder of the sets that a command looks at.
struct SetsFolder: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of the sets; without it, that of the configuration.", valueName: "dir"),
        completion: .directory)
    var out: String?

    @OptionGroup var file: ConfigurationFile

    func configuration() throws -> Configuration { try file.configuration() }

    /// The path of the folder.
    func path() throws -> String {
        guard let folder = try out ?? configuration().out else { throw Misuse.noSetsFolder.error() }
        return folder
    }

    /// The ledger whose nights fill the folder; `nil` where there is none.
    func ledger() throws -> Ledger? {
        let configuration = try configuration()
        guard let path = configuration.nightly?.ledger, try self.path() == configuration.out, TextFile.exists(path)
        else { return nil }
        return try Ledger(path, isReadOnly: true)
    }
}
