import Cards
import PublishedFigures
import Rules
import WorkingCalendar

/// The time work takes in the authority beside what was published for England.
///
/// Only figures that were checked against their source are shown, of the last year that ended by the as-at date,
/// and only where the authority has completed work of the kind. Nothing was published in these bands for years
/// before the one ending March 2013.
struct Comparison {
    let figures: FigureSections
    let times: [WorkTimes]

    private static let credit =
        "Published figures: Department for Education, children in need statistics for England "
        + "(Open Government Licence v3.0), years ending 31 March. They show where a council stands, not whether "
        + "children wait too long."

    /// The section; `nil` where there is nothing to compare.
    func section() -> CardPage.Section? {
        let tables = [
            table(.assessmentBand, Bands.assessment) { $0.shape == .assessment && $0.isStatistical },
            table(.conferenceBand, Bands.conference) { $0.shape == .conference },
        ].compactMap { $0 }
        guard !tables.isEmpty else { return nil }
        return CardPage.Section("Beside England", tables.map { .table($0) } + [.sentences([Self.credit])])
    }

    private func table(
        _ measure: PublishedFigure.Measure, _ ends: [Int32], _ isIt: (Rule) -> Bool
    ) -> PageTable? {
        guard let rule = figures.report.rules.first(where: isIt),
            let own = times.first(where: { $0.rule == rule.name && !$0.stopped.isEmpty }),
            let year = lastYear(measure)
        else { return nil }
        let published = PublishedFigure.all.filter { $0.measure == measure && $0.yearEnding == year && $0.isVerified }
        let names = Bands.names(ends)
        guard published.count == names.count else { return nil }
        var counts = [Int](repeating: 0, count: names.count)
        for count in own.stopped { counts[Bands.index(count.days, ends)] += count.count }
        let all = counts.reduce(0, +)
        let rows = names.indices.map { band in
            let share = all >= 10 ? PageText.percentage(Double(counts[band]) / Double(all)) : ""
            return [
                MeasureWords.band(names[band]), PageText.percentage(published[band].percent / 100),
                "\(counts[band])/\(all)", share,
            ]
        }
        let period = "\(PageText.date(own.weeks.lowerBound)) to \(PageText.date(own.weeks.upperBound))"
        return PageTable(
            caption: "\(figures.title(rule.name)), by working days: England in the year ending March \(year), and ours "
                + "in the weeks ending \(period)",
            columns: ["Working days", .number("England"), .number("Ours, of all"), .number("Ours")], rows: rows)
    }

    /// The last published year that ended by the as-at date.
    private func lastYear(_ measure: PublishedFigure.Measure) -> Int? {
        let asAt = figures.report.header.asAt
        return PublishedFigure.all.filter { figure in
            guard figure.measure == measure, figure.isVerified else { return false }
            return CivilDate(year: Int32(figure.yearEnding), month: 3, day: 31).map { $0 <= asAt } ?? false
        }.map(\.yearEnding).max()
    }
}
