import ArgumentParser
import Ledger
import Returns
import Rules
import Settings
import WorkingCalendar

/// `cards exceptions`: what Group Managers answer.
struct ExceptionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exceptions", abstract: "Take in what Group Managers answer, and see what is missing.",
        subcommands: [ExceptionsImport.self, ExceptionsList.self, ExceptionsExport.self])
}

/// `cards exceptions import`: takes the answers of a file that came back.
struct ExceptionsImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take the answers of a workbook or CSV that came back.",
        discussion: """
            Each row is matched by its exception, and child and rule must agree; the workbook's cover says which set \
            it answers. Rows that make sense are kept in the folder `returns` beside the sets, where nothing is ever \
            changed; of two answers to one exception the later file counts. Refused rows are named with the reason, \
            and can be corrected and given again in a new file.

            Examples:
              cards exceptions import cards.xlsx --out out
              cards exceptions import returns.csv --out out --set 74a6ae556116b0159ad4bd023458db34
            """)

    @Argument(help: "The file that came back.", completion: .file(extensions: ["xlsx", "csv"]))
    var file: String

    @OptionGroup var sets: SetsFolder

    @Option(help: ArgumentHelp("The hash of the set, for a file without a cover, such as CSV.", valueName: "hash"))
    var set: String?

    @Option(
        help: ArgumentHelp("The rulebook; without it, that of the configuration.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var rulebook: String?

    @Option(
        help: ArgumentHelp("The bank holidays; without them, those of the configuration.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var calendar: String?

    @Flag(help: "Print what became of every row as JSON.")
    var json = false

    func run() throws {
        let configuration = try sets.configuration()
        let rulebook = try RunSetup.rulebook(rulebook ?? configuration.rulebook)
        let closures = try RunSetup.closures(calendar ?? configuration.calendar, rulebook.jurisdiction)
        let folder = try sets.path()
        let ledger = try sets.ledger()
        // Files are numbered in the order in which they are taken, so those that have gone are put back before.
        if let ledger { _ = try ReturnStore(sets: folder).putBack(try ledger.returns()) }
        let outcome = try ReturnsImport(
            file, sets: folder, set: set, today: today(), calendar: WorkingCalendar(closures),
            merged: try ledger?.merged() ?? [:])
        try Console.write(json ? try jsonText(ImportJSON(outcome)) : text(outcome))
    }

    private func text(_ outcome: ReturnsImport) -> String {
        var lines: [String] = []
        func count(_ holds: (ReturnsImport.Fate) -> Bool) -> Int { outcome.lines.count { holds($0.fate) } }
        let taken = outcome.lines.count - count { $0 == .unanswered } - count(\.isRefused)
        lines.append(
            "\(outcome.lines.count) rows read = \(taken) taken + \(count(\.isRefused)) refused + "
                + "\(count { $0 == .unanswered }) not answered")
        lines.append(
            "week ending \(outcome.weekEnding): \(outcome.unanswered) of her exceptions are still without an answer")
        for line in outcome.lines {
            let place = (line.sheet.isEmpty ? "line " : "\(line.sheet) row ") + "\(line.row)"
            let who = line.exception.isEmpty ? "" : " (\(line.exception))"
            switch line.fate {
            case .taken, .unanswered: continue
            case .takenAs(let reference): lines.append("\(place)\(who): taken, and goes on as \(reference)")
            case .noLongerListed: lines.append("\(place)\(who): kept; answered, no longer listed")
            case .refused(let reason): lines.append("\(place)\(who): refused: \(reason)")
            }
        }
        if let kept = outcome.keptIn { lines.append("kept in \(kept)") }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension ReturnsImport.Fate {
    fileprivate var isRefused: Bool { if case .refused = self { true } else { false } }
}

/// What `cards exceptions import --json` prints.
private struct ImportJSON: Encodable {
    var weekEnding: String
    var unanswered: Int
    var keptIn: String?
    var rows: [Row]

    struct Row: Encodable {
        var sheet: String
        var row: Int
        var exception: String
        var fate: String
        var reason: String?
        var listedAs: String?
    }

    init(_ outcome: ReturnsImport) {
        weekEnding = "\(outcome.weekEnding)"
        unanswered = outcome.unanswered
        keptIn = outcome.keptIn
        rows = outcome.lines.map { line in
            var row = Row(sheet: line.sheet, row: line.row, exception: line.exception, fate: "taken")
            switch line.fate {
            case .taken: break
            case .takenAs(let reference): row.listedAs = reference
            case .noLongerListed: row.fate = "no_longer_listed"
            case .unanswered: row.fate = "unanswered"
            case .refused(let reason): (row.fate, row.reason) = ("refused", reason)
            }
            return row
        }
    }
}
