import Cards
import EngineTestSupport
import Testing

@Suite("How long work takes, for the charts")
struct WorkTimesTests {
    private func times(_ run: Engine, _ rule: String, _ level: Level = .authority, _ name: String = "all") -> WorkTimes?
    {
        run.report.times.first { $0.rule == rule && $0.level == level && $0.name == name }
    }

    @Test("open work by its distance from the limit, completed work by the days it took, worked by hand")
    func byHand() throws {
        let rows = """
            a: referral_received 2010-11-15 a
            a: initial_assessment_started 2010-11-15 a IA
            b: referral_received 2010-11-08 b
            b: initial_assessment_started 2010-11-08 b IB
            c: referral_received 2010-11-08 c
            c: initial_assessment_started 2010-11-08 c IC
            d: referral_received 2010-11-01 d
            d: initial_assessment_started 2010-11-01 d ID
            d: initial_assessment_completed 2010-11-05 d ID
            d: initial_assessment_authorised 2010-11-08 d ID
            """
        // As at Sunday 28 November: 9 working days since the 15th, 14 since the 8th; the limit is 10.
        let run = try Engine(eventRows(rows, team: "T1"))
        let found = times(run, "initial_assessment")
        #expect(found?.open == [.init(days: -1, count: 1), .init(days: 4, count: 2)])
        #expect(found?.stopped == [.init(days: 5, count: 1)])
        #expect(times(run, "initial_assessment", .team, "T1")?.open == found?.open)
        #expect(found?.weeks.upperBound == day("2010-11-28"))
    }

    @Test("the open work of a made-up authority is that of its clocks, on every card")
    func open() throws {
        let sample = try sampleExport(referrals: 300, years: 1, ending: "2010-12-20")
        let options = EngineOptions(asAt: "2010-12-19").with { $0.teams = sample.teams }
        let run = try Engine([sample.events], options)
        let running: Set = ["overdue", "at_limit", "due_soon", "beyond_expected", "open", "running"]
        var expected: [String: [Int32: Int]] = [:]
        for clock in run.report.clocks where running.contains(clock.verdict) {
            guard let elapsed = clock.elapsed, let limit = clock.limit else { continue }
            expected[clock.rule, default: [:]][elapsed - limit, default: 0] += 1
        }
        #expect(expected.count > 6)
        for (rule, counts) in expected {
            let sorted = counts.map { WorkTimes.Count(days: $0.key, count: $0.value) }.sorted { $0.days < $1.days }
            #expect(times(run, rule)?.open == sorted, "\(rule)")
            for level in [Level.team, .groupManager, .service] {
                let parts = run.report.times.filter { $0.rule == rule && $0.level == level }.flatMap(\.open)
                let sums = parts.reduce(into: [Int32: Int]()) { $0[$1.days, default: 0] += $1.count }
                #expect(sums == counts, "\(rule) of every \(level)")
            }
        }
    }

    @Test("an exception carries the days of its waiting line")
    func waitingLine() throws {
        let rows = """
            referral_received 2010-11-01 r
            strategy_discussion_held 2010-11-03 r
            strategy_discussion_held 2010-11-10 r
            strategy_discussion_held 2010-12-10 r
            initial_assessment_started 2010-11-02 r I
            """
        let run = try Engine(eventRows(rows, team: "T1"))
        let row = run.report.exceptions.first { $0.rule == "initial_assessment" }
        #expect(row?.referredOn == day("2010-11-01"))
        #expect(row?.discussedOn == day("2010-11-10"), "the last one held by the day of the card")
        let nameless = try Engine(eventRows("s47_started 2010-11-02 - S", team: "T1"))
        let orphan = nameless.report.exceptions.first { $0.rule == "s47_to_icpc" }
        #expect(orphan.map { $0.referredOn == nil } == true, "a step without a referral has no day of one")
    }
}
