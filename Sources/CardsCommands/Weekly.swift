import ArgumentParser
import Cards
import Exports
import Publishing
import Reports
import Settings
import WorkingCalendar

/// `cards weekly`: the cards and exception lists of a week.
struct Weekly: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the cards and exception lists of a week.",
        discussion: """
            Without --out the card of the authority (or of --team) goes to the terminal; with it, one set is written \
            to a folder named for the week.

            Examples:
              cards weekly events.csv
              cards weekly events.csv --teams teams.csv --week 2010-W47 --out out
              cards weekly events.csv --teams teams.csv --team 'Duty Team' --weeks 4
              cards weekly --config /srv/cards/cards.yaml --strict
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var when: WeekOptions

    @Option(help: ArgumentHelp("How many weeks cards.csv has, or all that are covered.", valueName: "n|all"))
    var weeks: WeekCount = .some(1)

    @OptionGroup var output: CardOutput

    @Option(
        help: ArgumentHelp(
            "Instead of cards, write the sums of these children to a file, for `cards merge` to add up.",
            valueName: "file"), completion: .file())
    var partial: String?

    func validate() throws {
        if partial != nil, output.asksForCards { throw Misuse.partialAndCards.error() }
    }

    func run() throws {
        var setup = try RunSetup(source, week: when.chosen)
        setup.job.weeks = weeks.count
        setup.job.keepsClocks = output.clocks
        setup.job.hashesExports = true
        setup.job.restates = true
        let isDefaultWeek = when.chosen == nil && source.asAt == nil
        if let partial {
            try OutputFiles.check([("--partial", partial)], inputs: setup.inputs)
            let part = try setup.watching { try $0.runPart() }
            try PartialFile.write(part, to: partial)
            if !source.quiet {
                for line in RunSummary(part).lines(today: isDefaultWeek ? today() : nil) { Console.note(line) }
                let children = part.children.digests.count
                Console.note("written: \(partial), \(children) children of \(part.week) as at \(part.asAt)")
            }
            return
        }
        let formats = output.formats(setup.configuration)
        let result = try setup.watching { try $0.run() }
        try output.deliver(
            result, formats: formats, setup.configuration, inputs: setup.inputs, cores: setup.job.cores,
            isQuiet: source.quiet, today: isDefaultWeek ? today() : nil)
    }
}
