import Cards
import Reports
import WorkingCalendar

/// The figures of one card as text for a terminal: the rows of `cards.csv` in columns.
///
/// To be replaced by the text renderer of the reports.
func figureText(_ report: WeeklyReport, level: Level, name: String) -> String {
    let header = report.header
    let who = level == .authority ? "The authority" : name
    var text = "\(who), week \(header.week) (as at \(header.asAt)); rulebook \(header.rulebook)\n\n"
    let weeks = Set(report.figures.map(\.weekEnding))
    var table = AlignedTable(header: ["week_ending", "rule", "measure", "n", "of", "value"], numbers: [3, 4, 5])
    for figure in report.figures where figure.level == level && figure.name == name {
        table.rows.append([
            "\(figure.weekEnding)", figure.rule, figure.measure, figure.numerator.map(String.init) ?? "",
            figure.denominator.map(String.init) ?? "", figure.valueText,
        ])
    }
    if weeks.count < 2 {
        table.header.removeFirst()
        table.rows = table.rows.map { Array($0.dropFirst()) }
        table.numbers = [2, 3, 4]
    }
    text += table.rows.isEmpty ? "nothing to report in this week\n" : table.text
    for line in header.notAvailable + header.notes { text += "\n\(line)" }
    return text + "\n"
}
