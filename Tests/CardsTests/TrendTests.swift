import Cards
import EngineTestSupport
import Rules
import Settings
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
                // A figure that is nothing has no row.
                let counts = own.map { $0.numerator ?? Int($0.valueText) ?? -1 }
                #expect(counts.reduce(0, +) == point.numerator, "\(trend.name) \(trend.measure)")
                if trend.measure == "in_time" {
                    #expect(own.reduce(0) { $0 + ($1.denominator ?? 0) } == point.denominator)
                }
                compared += 1
            }
        }
        #expect(compared > 500)
        #expect(Set(run.trends.map(\.measure)) == ["missed", "in_time", "running", "overdue"])
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
        // A limit that changes is a change for its rule alone: the weeks of both baselines are needed.
        let limit = TrendCalendar(
            last: last, coveredFrom: day("2009-01-01"), changes: [], limitChanges: [day("2009-09-16")])
        #expect(limit.weeks.count == 74 && limit.weeks.contains(day("2009-09-27")))
        #expect(limit.weeks.contains(day("2009-12-06")) && !limit.weeks.contains(day("2009-09-20")))
        let short = TrendCalendar(last: last, coveredFrom: day("2010-11-08"), changes: [])
        #expect(short.weeks == [day("2010-11-14"), day("2010-11-21"), day("2010-11-28")])
    }

    /// The charts of teams that were there in every week shown: a name that is misspelt once begins with that week.
    private func ofOldTeams(_ trends: [Trend]) -> [Trend] {
        let whole = trends.filter { $0.chart == .xmr && $0.points.count == TrendCalendar.shown }
        let names = Set(whole.map(\.name))
        return trends.filter { $0.level == .team && names.contains($0.name) }
    }

    /// The trends of a made-up year whose initial assessments got ten days in its middle.
    private func trends(_ change: (inout EngineOptions) -> Void = { _ in }) throws -> [Trend] {
        let sample = try sampleExport(referrals: 300, years: 1, ending: "2010-07-11")
        var options = EngineOptions(asAt: "2010-07-11")
        options.teams = sample.teams
        change(&options)
        return try Engine([sample.events], options).report.trends
    }

    @Test("a limit that changes breaks the line of its rule and begins its baseline")
    func limitChange() throws {
        let rulebook = try DefaultRulebook.rulebook()
        let changes = Dictionary(uniqueKeysWithValues: rulebook.rules.map { ($0.name, $0.limitChanges) })
        #expect(changes["initial_assessment"] == [day("2010-03-17")] && changes["core_assessment"] == [])
        let charts = ofOldTeams(try trends())
        let own = charts.filter { $0.rule == "initial_assessment" && $0.chart == .xmr }
        #expect(!own.isEmpty)
        for trend in own {
            // 17 March 2010 was a Wednesday: its week is the first of the new line, the next one the first whole one.
            #expect(trend.breaks == [day("2010-03-21")])
            #expect(trend.baseline == day("2010-03-28")...day("2010-06-13"))
            #expect(!trend.isTrial)
            for point in trend.points { #expect((point.upper != nil) == (point.weekEnding >= day("2010-03-21"))) }
            // Signals are counted among all points, and none reaches back over the break.
            let first = trend.points.firstIndex { $0.weekEnding == day("2010-03-21") } ?? 0
            #expect(trend.signals.allSatisfy { $0.points.lowerBound >= first })
        }
        for trend in charts where trend.rule == "core_assessment" {
            #expect(trend.breaks.isEmpty)
            #expect(trend.chart != .xmr || trend.points.allSatisfy { $0.upper != nil })
        }
    }

    @Test("a declared change breaks every line; under twelve points after it limits are trial")
    func declaredChange() throws {
        let all = try trends { $0.changes = [day("2010-05-03")] }.filter { $0.chart != .stock }
        #expect(all.allSatisfy { $0.isTrial && $0.signals.isEmpty })
        let charts = ofOldTeams(all)
        #expect(charts.contains { $0.chart == .xmr } && charts.contains { $0.chart == .blocks })
        for trend in charts {
            let first = trend.points.first { $0.weekEnding >= day("2010-05-03") }
            #expect(trend.breaks.last == first?.weekEnding)
            #expect(trend.breaks.count == (trend.rule == "initial_assessment" ? 2 : 1))
            #expect(trend.isTrial && trend.signals.isEmpty)
        }
    }

    @Test("stock is drawn for 26 weeks without limits, however many weeks have figures")
    func stock() throws {
        let charts = try ofOldTeams(trends()).filter { $0.chart == .stock }
        #expect(try charts == ofOldTeams(trends { $0.weeks = 30 }).filter { $0.chart == .stock })
        #expect(Set(charts.map(\.measure)) == ["running", "overdue"] && Set(charts.map(\.level)) == [.team])
        for trend in charts {
            #expect(
                trend.points.map(\.weekEnding)
                    == (0..<26).reversed().map { day("2010-07-11").adding(days: -7 * $0) })
            #expect(trend.points.allSatisfy { $0.upper == nil && $0.lower == nil })
            #expect(trend.mean == nil && trend.signals.isEmpty && !trend.isTrial)
        }
        let without = try trends {
            $0.weeks = 3
            $0.without = ["referral_decided"]
        }
        #expect(!without.contains { $0.chart == .stock && $0.rule == "referral_decision" })
    }

    /// The decisions of two teams: one decides in time all year, the other begins with a week and decides nothing.
    private func missedOfNewTeam(from first: String, teams: String? = nil) throws -> Trend {
        var rows = "child_id,event,date,referral_id,recorded_at,team\n"
        for week in 0..<52 {
            let monday = day("2009-11-30").adding(days: Int32(week * 7))
            rows += "a\(week),referral_received,\(monday),a\(week),,Old\n"
            rows += "a\(week),referral_decided,\(monday.adding(days: 1)),a\(week),,Old\n"
            if monday >= day(first) { rows += "b\(week),referral_received,\(monday),b\(week),,New\n" }
        }
        let report = try Engine(rows, EngineOptions().with { $0.teams = teams }).report
        let old = try #require(report.trends.first { $0.name == "Old" && $0.measure == "missed" })
        #expect(old.points.count == TrendCalendar.shown && !old.isTrial)
        return try #require(report.trends.first { $0.name == "New" && $0.measure == "missed" })
    }

    @Test("a team that is new has no weeks before it began, and no alarm in its first twelve")
    func newTeam() throws {
        let young = try missedOfNewTeam(from: "2010-11-15")
        #expect(young.points.map(\.weekEnding) == [day("2010-11-21"), day("2010-11-28")])
        #expect(young.points.allSatisfy { $0.numerator == 1 } && young.isTrial && young.signals.isEmpty)
        let older = try missedOfNewTeam(from: "2010-08-16")
        #expect(older.points.count == 15 && older.baseline == day("2010-08-22")...day("2010-11-07"))
        #expect(older.mean == 1 && !older.isTrial && older.signals.isEmpty)
    }

    @Test("a team whose first day is stated begins with it, quiet weeks included")
    func statedFirstDay() throws {
        let teams = """
            unit,team,group_manager,service,short_term,from,to,succeeded_by
            Old,Old,G,S,,,,
            New,New,G,S,,2010-10-06,,

            """
        let trend = try missedOfNewTeam(from: "2010-11-15", teams: teams)
        #expect(trend.points.count == 8 && trend.points.first?.weekEnding == day("2010-10-10"))
        #expect(trend.points.map(\.numerator) == [0, 0, 0, 0, 0, 0, 1, 1] && trend.isTrial)
    }

    @Test("screening leaves out the largest ranges, and says so")
    func screening() throws {
        let plain = try trends().filter { $0.chart == .xmr }
        let screened = try trends { $0.screensLimits = true }.filter { $0.chart == .xmr }
        #expect(plain.count == screened.count && plain.allSatisfy { !$0.isScreened })
        #expect(screened.allSatisfy { $0.isScreened })
        let pairs = zip(plain, screened).compactMap { before, after in
            zip([before.points.last?.upper], [after.points.last?.upper]).compactMap { one, two in
                one.flatMap { one in two.map { (one, $0) } }
            }.first
        }
        #expect(pairs.allSatisfy { $0.1 <= $0.0 } && pairs.contains { $0.1 < $0.0 })
    }
}
