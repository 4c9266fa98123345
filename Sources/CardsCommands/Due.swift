import ArgumentParser
import Rules
import Settings
import WorkingCalendar

/// `cards due`: when work that starts on a day must be done.
struct Due: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say when work that starts on a day is due, rule by rule.",
        discussion: """
            The limits are those in force on that day, each with its source; (?) marks one that is not verified.

            Examples:
              cards due 2010-12-20
              cards due 2022-08-10 --known-at 2022-09-05
              cards due 2010-12-20 --rulebook council.yaml --json
            """)

    @Argument(help: ArgumentHelp("The day the work starts.", valueName: "yyyy-mm-dd"))
    var date: CivilDate

    @Option(
        help: ArgumentHelp("The rulebook; without it, that of England.", valueName: "file"),
        completion: .file(extensions: ["yaml"]))
    var rulebook: String?

    @Option(
        help: ArgumentHelp("The bank holidays; without it, those of England and Wales.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var calendar: String?

    @Option(help: ArgumentHelp("Only the closures that were known on this day.", valueName: "yyyy-mm-dd"))
    var knownAt: CivilDate?

    @Flag(help: "Print the dates as JSON.")
    var json = false

    /// One rule's date.
    private struct Answer: Encodable {
        var rule: String
        var title: String
        var limit: String
        var expectedOn: String?
        var dueOn: String
        var edition: String
        var basis: String
        var source: String
        var isVerified: Bool
        var note: String?
    }

    func run() throws {
        let rulebook = try RunSetup.rulebook(rulebook)
        let table = try RunSetup.closures(calendar, rulebook.jurisdiction)
        let working = WorkingCalendar(table, knownAt: knownAt)
        var answers: [Answer] = []
        for rule in rulebook.rules where rule.isOn {
            guard let edition = rule.editions.first(where: { $0.isInForce(on: date) }), let limit = edition.limit
            else { continue }
            guard let due = rule.due(limit, from: date, in: working), let expected = expectedOn(edition, rule, working)
            else {
                throw calendarTooShort(table)
            }
            answers.append(
                Answer(
                    rule: rule.name, title: rule.title, limit: "\(limit.count) \(limit.unit.rawValue)",
                    expectedOn: expected.isEmpty ? nil : expected, dueOn: "\(due)", edition: edition.name,
                    basis: edition.basis.rawValue, source: edition.source,
                    isVerified: edition.confidence == .verified, note: edition.note))
        }
        try Console.write(json ? try jsonText(answers) : text(answers, rulebook))
    }

    /// The inner limit's date; empty where the rule has one limit, `nil` past the calendar.
    private func expectedOn(_ edition: Edition, _ rule: Rule, _ working: WorkingCalendar) -> String? {
        guard let expected = edition.expected else { return "" }
        return rule.due(expected, from: date, in: working).map { "\($0)" }
    }

    private func text(_ answers: [Answer], _ rulebook: Rulebook) -> String {
        var table = AlignedTable(header: ["due", "what", "limit", "edition", "basis", "source"])
        for answer in answers {
            let mark = answer.isVerified ? "" : " (?)"
            let due = "\(CivilDate(answer.dueOn)?.withWeekday ?? answer.dueOn)"
            table.rows.append([due, answer.title, answer.limit, answer.edition, answer.basis, answer.source + mark])
        }
        var text =
            "Work that starts on \(date.withWeekday); rulebook \(rulebook.name) \(rulebook.version)\n\n" + table.text
        for answer in answers {
            guard let expected = answer.expectedOn else { continue }
            text += "\n\(answer.title): expected by \(expected), at most to \(answer.dueOn)\n"
        }
        if answers.contains(where: { !$0.isVerified }) {
            text += "\n(?) not verified; `cards rules --markdown` says what is uncertain\n"
        }
        return text
    }
}
