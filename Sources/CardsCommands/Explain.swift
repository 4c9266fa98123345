import ArgumentParser
import Cards
import Rules
import WorkingCalendar

/// `cards explain`: the evidence for a child's clocks or for a figure.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the evidence: a child's clocks day by day, or the list behind a figure.",
        discussion: """
            With --child: every row, every clock with its rule and source, and each day counted or not and why.
            With --figure: what stands behind a number of a card, one line each, then the sum. --rule and --measure \
            are as cards.csv has them; the rule is referral for what belongs to no rule. Without --unit, --team, \
            --group-manager or --service the number is that of the authority.

            Examples:
              cards explain events.csv --child C0000123
              cards explain events.csv --child C0000123 --rule core_assessment --every-day
              cards explain events.csv --figure 2010-W47 --rule core_assessment \\
                --measure missed --teams teams.csv --team 'Duty Team'
              cards explain events.csv --figure 2010-W47 --rule referral \\
                --measure child_not_seen --teams teams.csv --service Children
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var when: WeekOptions

    @Option(help: ArgumentHelp("The child to explain.", valueName: "child"))
    var child: String?

    @Option(help: ArgumentHelp("The week of the figure to explain.", valueName: "2010-W47"))
    var figure: ISOWeek?

    @Option(
        help: ArgumentHelp(
            "The rule of the figure, or referral; with --child, only this rule's clocks.", valueName: "rule"))
    var rule: String?

    @Option(help: ArgumentHelp("The measure of the figure, as cards.csv names it.", valueName: "measure"))
    var measure: String?

    @Option(help: ArgumentHelp("The figure of this unit.", valueName: "unit"))
    var unit: String?

    @Option(help: ArgumentHelp("The figure of this team.", valueName: "team"))
    var team: String?

    @Option(help: ArgumentHelp("The figure of this Group Manager.", valueName: "group-manager"))
    var groupManager: String?

    @Option(help: ArgumentHelp("The figure of this service.", valueName: "service"))
    var service: String?

    @Flag(help: "With --child, a line for every day, however long the run.")
    var everyDay = false

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func validate() throws {
        if (child == nil) == (figure == nil) {
            throw Misuse.neitherChildNorFigure.error()
        }
        let names = [unit, team, groupManager, service].compactMap { $0 }
        if child != nil, measure != nil || !names.isEmpty { throw Misuse.belongsToFigure.error() }
        guard figure != nil else { return }
        if rule == nil || measure == nil { throw Misuse.figureWithoutMeasure.error() }
        if everyDay { throw Misuse.belongsToChild.error() }
        if when.chosen != nil { throw Misuse.figureAndWeek.error() }
        if names.count > 1 { throw Misuse.severalLevels.error() }
    }

    func run() throws {
        let setup = try RunSetup(source, week: figure ?? when.chosen)
        if let rule, child != nil || rule != ExceptionRow.referralRule { try checkRule(rule, setup.job) }
        if let child {
            try explain(child: child, setup)
        } else if let rule, let measure {
            try explain(measure: measure, rule: rule, setup)
        }
    }

    private func checkRule(_ rule: String, _ job: WeeklyJob) throws {
        guard let known = job.rulebook.rules.first(where: { $0.name == rule }) else {
            let near = suggestion(rule, job.rulebook.rules.map(\.name))
            throw CommandError(
                .unknownRule, "the rulebook has no such rule\(near)", hint: "`cards rules` lists them")
        }
        guard known.isOn else {
            throw CommandError(
                .ruleSwitchedOff, "the rule \(known.name) is switched off in this rulebook, so it has no clocks",
                hint: "switch it on in a rulebook of your own; see docs/rulebooks.md")
        }
    }
}
