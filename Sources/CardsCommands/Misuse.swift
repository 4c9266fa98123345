import ArgumentParser

/// A command line that cannot be meant, in the words that are printed above the usage.
enum Misuse: String, CaseIterable {
    case teamAndGroupManager = "Give --team or --group-manager, not both"
    case weekAndWeekEnding = "Give --week or --week-ending, not both"
    case notASunday = "A week ends on a Sunday, and this day is none"
    case cores = "--cores takes 1 to 256"
    case partialAndCards = "--partial makes no cards; of the options for them only --clocks goes with it"
    case unknownEvent = "There is no such event"
    case unknownFormat = "There is no such format"
    case severalShapes = "Give one of --markdown, --yaml and --json"
    case neitherChildNorFigure = "Give --child for a child's clocks, or --figure for the clocks behind a number"
    case severalLevels = "Give one of --unit, --team, --group-manager and --service"
    case belongsToFigure = "--measure, --unit, --team, --group-manager and --service belong to --figure"
    case figureWithoutMeasure = "--figure needs --rule and --measure"
    case belongsToChild = "--every-day belongs to --child"
    case figureAndWeek = "--figure names the week; leave --week out"
    case endBeforeStart = "The end is before the start"
    case publishIsWhole = "--publish is of the whole authority; leave --team, --group-manager and --clocks out"
    case publishNeedsFolder = "--publish needs --out"
    case publishHasNoWorkbook = "--publish writes no workbook: give html, csv, json or text with --format"
    case notAPage = "A page ends in .html"
    case noSetsFolder = "Give the folder of the sets with --out, or name it in cards.yaml"
    case ledgerHasItsOwn =
        "A ledger knows with which rulebook, calendar, structure and workers it was made; leave these options out"
    case ledgerIsAlone = "A ledger is read alone: it has the rows of every export it was told of"
    case noLedger = "Give the ledger with --ledger, or name it in cards.yaml"
    case limitOutOfRange = "The limit must be 0 to 20000"

    /// The error that the argument parser prints with the usage of the command.
    ///
    /// - Parameter rest: What follows the words, such as the nearest right name.
    /// - Returns: An error with its exit code, 64.
    func error(_ rest: String = "") -> ValidationError { ValidationError(rawValue + rest) }
}
