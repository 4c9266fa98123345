import CaseEvents
import Rules
import Settings
import Testing
import WorkingCalendar

@Suite struct DefaultRulebookTests {
    /// One edition of the shipped rulebook, worked out from the guidance and not from the file.
    struct Expected: Sendable, CustomTestStringConvertible {
        var rule: String
        var edition: String
        var from: String?
        var to: String?
        var limit: TimeLimit
        var expected: TimeLimit?
        var basis: Basis
        var confidence: Confidence
        var testDescription: String { "\(rule) \(edition)" }

        init(
            _ rule: String, _ edition: String, from: String? = nil, to: String? = nil, _ count: Int32,
            _ unit: TimeLimit.Unit, expected: TimeLimit? = nil, _ basis: Basis, _ confidence: Confidence
        ) {
            self.rule = rule
            self.edition = edition
            self.from = from
            self.to = to
            limit = TimeLimit(count, unit)
            self.expected = expected
            self.basis = basis
            self.confidence = confidence
        }
    }

    static let table: [Expected] = [
        .init("referral_decision", "all", 1, .workingDays, .statutory, .verified),
        .init("initial_assessment", "FA2000", to: "2010-03-16", 7, .workingDays, .statutory, .unverified),
        .init(
            "initial_assessment", "WT2010", from: "2010-03-17", to: "2013-04-14", 10, .workingDays, .statutory,
            .unverified),
        .init(
            "core_assessment", "FA2000", from: "2001-04-01", to: "2013-04-14", 35, .workingDays, .statutory,
            .unverified),
        .init("assessment", "WT2013", from: "2013-04-15", 45, .workingDays, .statutory, .verified),
        .init("assessment_duration", "WT2013", from: "2013-04-15", 45, .workingDays, .statistical, .unverified),
        .init("authorisation", "local", 5, .workingDays, .local, .unverified),
        .init("s47_to_icpc", "all", 15, .workingDays, .statutory, .verified),
        .init("icpc_to_core_group", "all", 10, .workingDays, .statutory, .unverified),
        .init("first_review", "all", 3, .months, .statutory, .verified),
        .init("later_review", "all", 6, .months, .statutory, .verified),
        .init("transfer_in_conference", "all", 15, .workingDays, .statutory, .verified),
        .init("short_term_work", "local", 12, .weeks, expected: TimeLimit(8, .weeks), .local, .verified),
        .init("allocation", "local", 1, .workingDays, .local, .unverified),
        .init("child_seen_s47", "local", 1, .workingDays, .local, .verified),
        .init("ia_and_s47_window", "local", 8, .weeks, .local, .unverified),
    ]

    @Test func editionsAreThoseOfTheTable() throws {
        let rulebook = try DefaultRulebook.rulebook()
        let editions = rulebook.rules.flatMap { rule in rule.editions.map { (rule.name, $0) } }
        #expect(editions.count == Self.table.count)
        for ((rule, edition), expected) in zip(editions, Self.table) {
            #expect(rule == expected.rule)
            #expect(edition.name == expected.edition, "\(rule)")
            #expect(edition.from?.description == expected.from, "\(rule)")
            #expect(edition.to?.description == expected.to, "\(rule)")
            #expect(edition.limit == expected.limit, "\(rule)")
            #expect(edition.expected == expected.expected, "\(rule)")
            #expect(edition.basis == expected.basis, "\(rule)")
            #expect(edition.confidence == expected.confidence, "\(rule)")
            #expect(!edition.source.isEmpty, "\(rule)")
        }
    }

    @Test func everythingUnverifiedHasANote() throws {
        for rule in try DefaultRulebook.rulebook().rules {
            for edition in rule.editions where edition.confidence == .unverified {
                #expect(edition.note != nil, "\(rule.name) \(edition.name)")
            }
        }
    }

    /// What is not an edition: shape, switch, risk, days until the child must have been seen.
    struct Traits: Sendable, CustomTestStringConvertible {
        var rule: String
        var shape: ClockShape
        var isOn = true
        var risk: Int
        var notSeen: Int32?
        var testDescription: String { rule }
    }

    @Test(arguments: [
        Traits(rule: "referral_decision", shape: .referral, risk: 2),
        Traits(rule: "initial_assessment", shape: .assessment, risk: 3, notSeen: 10),
        Traits(rule: "core_assessment", shape: .assessment, risk: 3, notSeen: 10),
        Traits(rule: "assessment", shape: .assessment, risk: 3, notSeen: 10),
        Traits(rule: "assessment_duration", shape: .assessment, risk: 3),
        Traits(rule: "authorisation", shape: .authorisation, risk: 4),
        Traits(rule: "s47_to_icpc", shape: .conference, risk: 1, notSeen: 1),
        Traits(rule: "icpc_to_core_group", shape: .afterConference, risk: 3),
        Traits(rule: "first_review", shape: .afterConference, risk: 1),
        Traits(rule: "later_review", shape: .laterReview, risk: 1),
        Traits(rule: "transfer_in_conference", shape: .transferIn, risk: 1),
        Traits(rule: "short_term_work", shape: .shortTermWork, risk: 4),
        Traits(rule: "allocation", shape: .referral, isOn: false, risk: 2),
        Traits(rule: "child_seen_s47", shape: .childSeen, isOn: false, risk: 1, notSeen: 1),
        Traits(rule: "ia_and_s47_window", shape: .window, isOn: false, risk: 3),
    ])
    func traits(_ traits: Traits) throws {
        let rule = try rule(traits.rule)
        #expect(rule.shape == traits.shape)
        #expect(rule.isOn == traits.isOn)
        #expect(rule.risk == traits.risk)
        #expect(rule.childNotSeenAfter == traits.notSeen)
        #expect(!rule.countsStartDay)
        #expect(rule.isStatistical == (traits.rule == "assessment_duration"))
    }

    @Test func whatStartsAndStopsTheRules() throws {
        #expect(try rule("referral_decision").stops == [.referralDecided, .referralNFA])
        #expect(try !rule("referral_decision").voidedByNFA)
        #expect(try rule("allocation").stops == [.caseAllocated])
        #expect(try rule("allocation").voidedByNFA)
        #expect(try rule("icpc_to_core_group").stops == [.coreGroupHeld])
        #expect(try rule("first_review").stops == [.cpReviewHeld])
        #expect(try rule("initial_assessment").step == .initialAssessment)
        #expect(try rule("initial_assessment").firstStartsAtReferral)
        #expect(try rule("core_assessment").step == .coreAssessment)
        #expect(try !rule("core_assessment").firstStartsAtReferral)
        #expect(try rule("core_assessment").strictWithin == 10)
        #expect(try rule("assessment").firstStartsAtReferral)
        #expect(try !rule("assessment_duration").firstStartsAtReferral)
        #expect(try rule("assessment_duration").step == .assessment)
        #expect(try rule("ia_and_s47_window").referralsFrom == date("2010-08-12"))
        #expect(try rule("ia_and_s47_window").referralsTo == date("2010-12-12"))
    }

    @Test func exceptions() throws {
        let rulebook = try DefaultRulebook.rulebook()
        #expect(
            rulebook.risks == [
                .childNotSeen: 1, .noOutcome: 1, .unallocated: 2, .notStarted: 2, .noOversight: 3,
                .closedUnfinished: 3, .noRecentActivity: 4, .icpcNotBooked: 4, .finding: 5,
            ])
        #expect(rulebook.thresholds == Rulebook.Thresholds())
        #expect(rulebook.name == "England")
        #expect(rulebook.version == "1")
        #expect(rulebook.jurisdiction == DefaultCalendar.table.jurisdiction)
    }

    private func rule(_ name: String) throws -> Rule {
        try #require(try DefaultRulebook.rulebook().rules.first { $0.name == name })
    }
}
