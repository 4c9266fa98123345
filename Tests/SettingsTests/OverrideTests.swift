import CaseEvents
import Rules
import Settings
import Testing
import WorkingCalendar

@Suite struct OverrideTests {
    /// One edition in a few words.
    private func inWords(_ rulebook: Rulebook, _ name: String) throws -> [String] {
        let rule = try #require(rulebook.rules.first { $0.name == name })
        return rule.editions.map { edition in
            let limit = edition.limit.map { "\($0.count) \($0.unit.rawValue)" } ?? "none"
            return "\(edition.name) \(edition.from?.description ?? "")..\(edition.to?.description ?? "") \(limit)"
        }
    }

    private func council(_ overrides: String) throws -> Rulebook {
        try readRulebook(
            yaml: "extends: england\nrulebook: Council\nversion: 1\noverrides:\n" + overrides, file: "council.yaml")
    }

    @Test func lateAdopterKeepsSevenDaysBetweenItsDates() throws {
        let rulebook = try readRulebook(yaml: try fixture("rulebooks/late-adopter.yaml"), file: "late-adopter.yaml")
        #expect(rulebook.name == "Late adopter")
        #expect(
            try inWords(rulebook, "initial_assessment") == [
                "FA2000 ..2010-03-16 7 wd", "local 2010-03-17..2011-08-31 7 wd", "WT2010 2011-09-01..2013-04-14 10 wd",
            ])
    }

    @Test func exemptedAuthorityHasNoLimitBetweenItsDates() throws {
        let rulebook = try readRulebook(yaml: try fixture("rulebooks/exempted.yaml"), file: "exempted.yaml")
        #expect(
            try inWords(rulebook, "initial_assessment") == [
                "FA2000 ..2010-03-16 7 wd", "WT2010 2010-03-17..2011-03-06 10 wd", "exempt 2011-03-07..2013-04-14 none",
            ])
        #expect(
            try inWords(rulebook, "core_assessment") == [
                "FA2000 2001-04-01..2011-03-06 35 wd", "exempt 2011-03-07..2013-04-14 none",
            ])
    }

    @Test func sampleSwitchesTheLocalRulesOn() throws {
        let england = try DefaultRulebook.rulebook()
        var sample = try readRulebook(yaml: try fixture("rulebooks/sample.yaml"), file: "sample.yaml")
        #expect(!sample.rules.contains { !$0.isOn })
        for index in sample.rules.indices { sample.rules[index].isOn = england.rules[index].isOn }
        #expect(sample.rules == england.rules)
        #expect(sample.risks == england.risks)
    }

    @Test func nothingOverriddenIsTheRulebookItself() throws {
        var rulebook = try readRulebook(yaml: "extends: england\nrulebook: England\nversion: 1", file: "council.yaml")
        #expect(rulebook == (try DefaultRulebook.rulebook()))
        rulebook = try readRulebook(
            yaml: "extends: england\nrulebook: England\nversion: 1\njurisdiction: scotland\noverrides: []",
            file: "council.yaml")
        #expect(rulebook.jurisdiction == "scotland")
    }

    @Test func anEditionInTheMiddleSplitsTheOneAroundIt() throws {
        let rulebook = try council(
            """
              - rule: s47_to_icpc
                editions:
                  - {edition: a, from: 01/02/2011, to: 2011-02-28, limit: 20 wd, basis: local, source: s, confidence: verified}
                  - {edition: b, from: 2011-03-01, to: 2011-03-31, limit: 1 week, basis: local, source: s, confidence: verified}
            """)
        #expect(
            try inWords(rulebook, "s47_to_icpc") == [
                "all ..2011-01-31 15 wd", "a 2011-02-01..2011-02-28 20 wd", "b 2011-03-01..2011-03-31 1 weeks",
                "all 2011-04-01.. 15 wd",
            ])
    }

    @Test func anEditionWithoutDatesTakesThePlaceOfAll() throws {
        let rulebook = try council(
            """
              - rule: initial_assessment
                editions:
                  - {edition: local, limit: 9 wd, basis: local, source: s, confidence: verified}
            """)
        #expect(try inWords(rulebook, "initial_assessment") == ["local .. 9 wd"])
    }

    @Test func switchesRisksAndThresholds() throws {
        let rulebook = try readRulebook(
            yaml: """
                extends: england
                rulebook: Council
                version: 2
                thresholds:
                  unallocated_after: 2 wd
                risks:
                  finding: 9
                overrides:
                  - rule: core_assessment
                    title: Core
                    risk: 2
                    on: no
                    day_count: inclusive
                    strict_within: none
                    child_not_seen_after: 5 wd
                  - rule: short_term_work
                    limit: none
                rules:
                  - rule: first_visit
                    title: First visit
                    shape: referral
                    stops: [child_seen]
                    risk: 3
                    editions:
                      - {edition: local, limit: 5 days, basis: local, source: s, confidence: verified}
                """, file: "council.yaml")
        #expect(rulebook.thresholds.unallocatedAfter == 2)
        #expect(rulebook.thresholds.notStartedAfter == 3)
        #expect(rulebook.risks[.finding] == 9)
        #expect(rulebook.risks[.noOutcome] == 1)
        let core = try #require(rulebook.rules.first { $0.name == "core_assessment" })
        #expect(core.title == "Core")
        #expect(core.risk == 2)
        #expect(!core.isOn)
        #expect(core.countsStartDay)
        #expect(core.strictWithin == nil)
        #expect(core.childNotSeenAfter == 5)
        let short = try #require(rulebook.rules.first { $0.name == "short_term_work" }?.editions.first)
        #expect(short.limit == nil && short.expected == nil && short.basis == .local)
        #expect(rulebook.rules.last?.name == "first_visit")
        #expect(rulebook.rules.last?.editions.first?.limit == TimeLimit(5, .days))
    }

    /// Every override leaves the editions of its rule in order and without overlap.
    @Test func cuttingNeverOverlaps() throws {
        let days = ["2000-01-01", "2010-03-16", "2010-03-17", "2011-01-01", "2013-04-14", "2013-04-15", "2020-01-01"]
        for from in days {
            for to in days where to >= from {
                let rulebook = try council(
                    """
                      - rule: icpc_to_core_group
                        editions:
                          - {edition: x, from: \(from), to: \(to), limit: 9 wd, basis: local, source: s, confidence: verified}
                    """)
                let rule = try #require(rulebook.rules.first { $0.name == "icpc_to_core_group" })
                for (edition, next) in zip(rule.editions, rule.editions.dropFirst()) {
                    let end = try #require(edition.to)
                    #expect(next.from == end.adding(days: 1), "\(from) \(to)")
                }
                #expect(rule.editions.first?.from == nil && rule.editions.last?.to == nil)
                #expect(rule.editions.filter { $0.isInForce(on: date(from)) }.map(\.name) == ["x"])
            }
        }
    }
}
