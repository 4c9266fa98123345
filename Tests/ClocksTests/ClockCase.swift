import EngineTestSupport
import Testing

/// Some events of child `c1`, and what the clocks of one rule come to, worked out by hand.
struct ClockCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rule: String
    let rows: String
    let expected: [String]
    let options: EngineOptions
    let columns: [String]

    /// Expected is one line a clock: step, start, end, elapsed, limit, due, verdict, reason.
    init(
        _ why: String, _ rule: String, _ rows: String, _ expected: [String], asAt: String = "2010-11-28",
        columns: [String] = [
            "step_id", "started_on", "stopped_on", "elapsed", "limit", "due_on", "verdict", "reason",
        ], _ change: (inout EngineOptions) -> Void = { _ in }
    ) {
        testDescription = "\(rule): \(why)"
        self.rule = rule
        self.rows = rows
        self.expected = expected
        self.columns = columns
        var options = EngineOptions(asAt: asAt)
        change(&options)
        self.options = options
    }

    /// Runs the events and compares.
    func check() throws {
        let run = try Engine(eventRows(rows), options)
        let lines = run.clocks(rule, ["child_id"] + columns).filter { $0.hasPrefix("c1 ") }
        #expect(lines.map { String($0.dropFirst(3)) } == expected)
    }
}

@Suite("Clocks, worked by hand")
struct ClockTests {
    @Test("assessments", arguments: ClockCase.assessments)
    func assessments(_ example: ClockCase) throws { try example.check() }

    @Test("no further action and closure", arguments: ClockCase.endings)
    func endings(_ example: ClockCase) throws { try example.check() }

    @Test("referrals and short-term work", arguments: ClockCase.referrals)
    func referrals(_ example: ClockCase) throws { try example.check() }

    @Test("section 47 enquiries and conferences", arguments: ClockCase.conferences)
    func conferences(_ example: ClockCase) throws { try example.check() }

    @Test("plans, core groups and reviews", arguments: ClockCase.plans)
    func plans(_ example: ClockCase) throws { try example.check() }

    @Test("linking rows to referrals and steps", arguments: ClockCase.linking)
    func linking(_ example: ClockCase) throws { try example.check() }

    @Test("whose is it", arguments: ClockCase.holders)
    func holders(_ example: ClockCase) throws { try example.check() }
}
