import Cards
import EngineTestSupport
import Testing
import WorkingCalendar

@Suite("Trends")
struct TrendTests {
    /// Figures by everything but their value.
    private func byName(_ report: WeeklyReport, _ week: CivilDate) -> [String: String] {
        let own = report.figures.filter { $0.weekEnding == week }
        return Dictionary(
            uniqueKeysWithValues: own.map {
                (
                    "\($0.level.rawValue)/\($0.name)/\($0.rule)/\($0.measure)",
                    "\($0.numerator ?? -1)/\($0.denominator ?? -1) \($0.valueText)"
                )
            })
    }

    @Test("week k of every trend, and of a run of thirty weeks, is the card printed as at week k")
    func weeks() throws {
        let sample = try sampleExport(referrals: 300, years: 0.75, ending: "2010-12-19")
        var options = EngineOptions(asAt: "2010-12-19")
        options.teams = sample.teams
        options.weeks = 30
        let run = try Engine([sample.events], options).report
        var cards: [CivilDate: WeeklyReport] = [:]
        for back in 0..<30 {
            let ending = options.asAt.adding(days: Int32(-7 * back))
            let card = try Engine(
                [sample.events],
                options.with {
                    $0.asAt = ending; $0.weeks = 1
                }
            ).report
            cards[ending] = card
            #expect(byName(run, ending) == byName(card, ending), "the week that ends on \(ending)")
        }
        var compared = 0
        for trend in run.trends {
            let size: Int32 = trend.chart == .blocks ? 4 : 1
            for point in trend.points {
                let weeks = (0..<size).compactMap { cards[point.weekEnding.adding(days: -7 * $0)] }
                guard weeks.count == size else { continue }
                let own = weeks.compactMap { report in
                    report.figures.first {
                        $0.level == trend.level && $0.name == trend.name && $0.rule == trend.rule
                            && $0.measure == trend.measure
                    }
                }
                #expect(own.reduce(0) { $0 + ($1.numerator ?? 0) } == point.numerator, "\(trend.name) \(trend.measure)")
                if trend.measure == "in_time" {
                    #expect(own.reduce(0) { $0 + ($1.denominator ?? 0) } == point.denominator)
                }
                compared += 1
            }
        }
        #expect(compared > 500 && run.trends.contains { $0.measure == "missed" })
    }

    @Test("the baseline is the first twelve whole weeks after the last declared change, else of the covered history")
    func calendar() {
        let last = day("2010-11-28")
        let plain = TrendCalendar(last: last, coveredFrom: day("2009-01-01"), changes: [])
        // 1 January 2009 was a Thursday: the first whole week begins on the 5th. 52 weeks end with the last.
        #expect(plain.weeks.first == day("2009-01-11") && plain.weeks.last == last && plain.weeks.count == 64)
        let changed = TrendCalendar(
            last: last, coveredFrom: day("2009-01-01"), changes: [day("2010-03-29"), day("2010-12-13")])
        #expect(changed.weeks.count == 52 && changed.weeks.first == day("2009-12-06"))
        let short = TrendCalendar(last: last, coveredFrom: day("2010-11-08"), changes: [])
        #expect(short.weeks == [day("2010-11-14"), day("2010-11-21"), day("2010-11-28")])
    }
}
