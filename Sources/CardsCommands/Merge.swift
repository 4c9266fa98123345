import ArgumentParser
import CaseEvents
import Columnar
import WorkingCalendar

/// `cards merge`: the cards of several partial results.
struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Add up partial results and make the cards of all of them.",
        discussion: """
            For a region or a nation: each machine runs `cards weekly --partial` over some of the children, and one \
            adds up what they wrote. The cards are the same, byte for byte, as those of one run over all the exports \
            in the order in which the parts are given. The parts hold the rulebook, the calendar and the organisation \
            file they were made with, which must be the same in all; a child may be in one part only.

            Examples:
              cards weekly north.csv --teams teams.csv --week 2010-W47 --partial north.part
              cards weekly south.csv --teams teams.csv --week 2010-W47 --partial south.part
              cards merge north.part south.part --out out
            """)

    @Argument(help: "The partial results.", completion: .file())
    var file: [String]

    @OptionGroup var output: CardOutput

    @Option(
        help: ArgumentHelp(
            "The configuration; without it, cards.yaml of the working folder, if there is one.",
            valueName: "cards.yaml"),
        completion: .file(extensions: ["yaml"]))
    var config: String?

    @Option(help: ArgumentHelp("The number of cores; without it, all.", valueName: "n"))
    var cores: Int?

    @Flag(help: "Say nothing on standard error but errors.")
    var quiet = false

    func validate() throws {
        if let cores, !(1...256 ~= cores) { throw Misuse.cores.error() }
    }

    func run() throws {
        let configuration = try RunSetup.configuration(config)
        let formats = output.formats(configuration)
        let sum = try PartialSum(try file.map { (file: $0, run: try PartialFile.read($0)) })
        guard !output.clocks || sum.run.settings.keepsClocks else {
            throw CommandError(
                .noClocks, "the partial results hold no clocks", hint: "make them with --clocks, or leave it out here")
        }
        try output.deliver(
            sum.result(cores: RunSetup.cores(cores)), formats: formats, configuration,
            inputs: file + [config ?? "cards.yaml"], cores: RunSetup.cores(cores), isQuiet: quiet, today: nil)
    }
}
