import CardsTestSupport
import Testing

/// What the evidence looks like, on an export made by hand.
@Suite struct ExplainTests {
    @Test(arguments: [
        ("child-running", ["--child", "K1"]), ("child-nfa", ["--child", "K2"]),
        ("child-conference", ["--child", "K3", "--rule", "s47_to_icpc", "--every-day"]),
        ("child-later", ["--child", "K1", "--rule", "core_assessment", "--as-at", "2010-12-06"]),
        (
            "figure-missed",
            ["--figure", "2010-W47", "--rule", "core_assessment", "--measure", "missed", "--team", "North Team"]
        ),
        (
            "figure-children",
            [
                "--figure", "2010-W47", "--rule", "referral", "--measure", "child_not_seen", "--service", "Children",
            ]
        ),
        (
            "figure-referrals",
            [
                "--figure", "2010-W47", "--rule", "referral", "--measure", "re_referrals", "--unit", "Duty",
                "--complete-from", "2009-01-01",
            ]
        ),
        (
            "figure-rows",
            ["--figure", "2010-W44", "--rule", "referral", "--measure", "recording_lag_median"]
        ),
        (
            "figure-not-covered",
            [
                "--figure", "2010-W47", "--rule", "referral", "--measure", "re_referrals", "--complete-from",
                "2010-01-01",
            ]
        ),
        ("figure-started", ["--figure", "2010-W47", "--rule", "referral_decision", "--measure", "started"]),
        (
            "figure-not-available",
            [
                "--figure", "2010-W47", "--rule", "core_assessment", "--measure", "late_overseen", "--without",
                "management_decision_recorded",
            ]
        ),
    ])
    func isAsRecorded(name: String, options: [String]) throws {
        let cards = try Executable()
        defer { cards.clean() }
        try cards.write(smallExport, to: "e.csv")
        try cards.write(smallTeams, to: "t.csv")
        let week = options.contains("--figure") || options.contains("--as-at") ? [] : ["--week", "2010-W47"]
        let outcome = try cards.run(["explain", "e.csv", "--teams", "t.csv"] + week + options)
        #expect(outcome.code == 0, "\(outcome.errors)")
        try expectGolden(outcome.output, named: "explain/\(name).txt")
    }

    @Test func jsonHoldsTheSame() throws {
        let cards = try Executable()
        defer { cards.clean() }
        try cards.write(smallExport, to: "e.csv")
        let outcome = try cards.run(["explain", "e.csv", "--week", "2010-W47", "--child", "K1", "--json"])
        #expect(outcome.output.contains("\"verdict\" : \"overdue\""))
        #expect(outcome.output.contains("\"due_on\" : \"2010-11-23\""))
    }
}
