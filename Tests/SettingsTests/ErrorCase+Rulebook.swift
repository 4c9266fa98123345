import Settings

/// Whole rulebooks with one thing wrong.
extension ErrorCase {
    /// A rulebook of one rule, line by line: the rule begins in line 7, its edition in line 14.
    private static let whole = """
        rulebook: Test
        version: 1
        jurisdiction: england-and-wales
        risks: {child_not_seen: 1, no_outcome: 1, unallocated: 2, not_started: 2, no_oversight: 3,
          closed_unfinished: 3, no_recent_activity: 4, icpc_not_booked: 4, finding: 5}
        rules:
          - rule: first_visit
            title: First visit
            shape: referral
            stops: [child_seen]
            risk: 3
            on: true
            editions:
              - edition: all
                from: 2010-01-01
                to: 2010-12-31
                limit: 10 wd
                basis: local
                source: a decision
                confidence: verified
        """

    private static func wrong(
        _ code: SettingsError.Code, _ line: Int, _ column: Int, _ says: String, hint: String = "", _ old: String,
        _ new: String
    ) -> ErrorCase {
        ErrorCase(.rulebook, code, line, column, says, hint: hint, whole.replacing(old, with: new))
    }

    /// A second edition after the first.
    private static func second(_ edition: String) -> String {
        whole + "\n      - {edition: b, limit: 5 wd, basis: local, source: s, confidence: verified\(edition)}"
    }

    static let rulebookCases: [ErrorCase] = [
        .init(.rulebook, .wrongType, 1, 1, "is a single value; expected lines", "hello"),
        .init(.rulebook, .wrongType, 1, 1, "is a list; expected lines", "[a]"),
        wrong(
            .unknownKey, 2, 1, "`verison` is no key of a rulebook", hint: "did you mean `version`?", "version",
            "verison"),
        wrong(.unknownKey, 2, 1, "`zebra` is no key", hint: "the keys are `rulebook`", "version", "zebra"),
        wrong(.unknownKey, 17, 9, "`limt` is no key of an edition", hint: "did you mean `limit`?", "limit", "limt"),
        wrong(.unknownKey, 8, 5, "`titel` is no key of a rule", hint: "did you mean `title`?", "title", "titel"),
        wrong(
            .unknownKey, 4, 9, "is no key of the block `risks`", hint: "did you mean `child_not_seen`?",
            "child_not_seen",
            "child_not_sen"),
        wrong(.missingKey, 1, 1, "needs the key `rulebook`", "rulebook: Test\n", ""),
        wrong(.missingKey, 1, 1, "needs the key `version`", "version: 1\n", ""),
        wrong(
            .missingKey, 1, 1, "needs the key `jurisdiction`", hint: "england-and-wales",
            "jurisdiction: england-and-wales\n", ""),
        .init(
            .rulebook, .missingKey, 1, 1, "needs the key `risks`",
            String(whole.split(separator: "risks:")[0] + "rules:" + whole.split(separator: "rules:")[1])),
        wrong(.missingKey, 4, 8, "the block `risks` needs the key `finding`", ", finding: 5", ""),
        wrong(.missingKey, 7, 5, "a rule needs the key `title`", "    title: First visit\n", ""),
        wrong(.missingKey, 7, 5, "a rule needs the key `stops`", "    stops: [child_seen]\n", ""),
        wrong(.missingKey, 7, 5, "a rule needs the key `step`", "referral\n    stops: [child_seen]", "assessment"),
        wrong(
            .missingKey, 7, 5, "`first_starts_at`", "referral\n    stops: [child_seen]",
            "assessment\n    step: assessment"),
        wrong(.missingKey, 14, 9, "an edition needs the key `limit`", hint: "none", "        limit: 10 wd\n", ""),
        wrong(.missingKey, 14, 9, "an edition needs the key `source`", "        source: a decision\n", ""),
        wrong(.missingValue, 2, 9, "`version` has no value", "version: 1", "version:"),
        wrong(.missingValue, 10, 12, "`stops` is empty", "[child_seen]", "[]"),
        wrong(.wrongType, 11, 11, "`risk` is no number; expected a whole number from 1 to 9", "risk: 3", "risk: high"),
        wrong(.wrongType, 11, 11, "`risk` is no number", "risk: 3", "risk: \"3\""),
        wrong(.wrongType, 12, 9, "expected `true` or `false`", "on: true", "on: maybe"),
        wrong(.wrongType, 10, 12, "`stops` is a single value; expected a list of events", "[child_seen]", "child_seen"),
        wrong(.wrongType, 8, 12, "`title` is a list; expected a single value", "title: First visit", "title: [a]"),
        wrong(.outOfRange, 11, 11, "expected a whole number from 1 to 9", "risk: 3", "risk: 0"),
        wrong(.outOfRange, 17, 16, "expected 0 to 1000", "10 wd", "1001 wd"),
        wrong(
            .unknownValue, 9, 12, "`shape` is none of the known words", hint: "did you mean `referral`?",
            "shape: referral", "shape: referal"),
        wrong(
            .unknownValue, 18, 16, "expected one of `statutory`", hint: "did you mean `local`?", "basis: local",
            "basis: lokal"),
        wrong(
            .unknownValue, 10, 11, "no kind of assessment; expected one of `initial_assessment`",
            hint: "did you mean `core_assessment`?", "referral\n    stops: [child_seen]",
            "assessment\n    step: core_asessment"),
        wrong(
            .unknownEvent, 10, 13, "names no event", hint: "did you mean `child_seen`?", "[child_seen]", "[child_sen]"),
        wrong(.badDate, 15, 15, "`from` is no date", "2010-01-01", "2010-02-30"),
        wrong(.badDate, 15, 15, "`from` is no date", "2010-01-01", "12/31/2010"),
        wrong(.datesReversed, 16, 13, "`to` is before `from`", "2010-12-31", "2009-12-31"),
        wrong(.badLimit, 17, 16, "`limit` is no length of time", hint: "10 wd", "10 wd", "10"),
        wrong(.badLimit, 17, 16, "`limit` is no length of time", "10 wd", "10 fortnights"),
        wrong(.badLimit, 17, 16, "`limit` is no length of time", "10 wd", "-1 wd x"),
        wrong(.outOfRange, 17, 16, "`limit` is out of range", "10 wd", "-1 wd"),
        wrong(.badName, 7, 11, "`rule` is no name", "rule: first_visit", "rule: First visit"),
        wrong(.badName, 14, 18, "`edition` is no name", "edition: all", "edition: all of them"),
        wrong(
            .misplacedKey, 12, 11, "`step` does not belong to a rule of the shape `referral`", "on: true",
            "step: assessment"),
        wrong(
            .misplacedKey, 12, 27, "`child_not_seen_after` does not belong", "on: true", "child_not_seen_after: 1 wd"),
        wrong(.misplacedKey, 6, 12, "`overrides` stands only", "rules:", "overrides: []\nrules:"),
        wrong(.mixedUnits, 18, 19, "expected both in `wd`", "limit: 10 wd", "limit: 10 wd\n        expected: 1 week"),
        wrong(.expectedNotInside, 18, 19, "not shorter", "limit: 10 wd", "limit: 10 wd\n        expected: 10 wd"),
        wrong(.expectedNotInside, 18, 19, "without a limit", "limit: 10 wd", "limit: none\n        expected: 10 wd"),
        .init(.rulebook, .noRules, 6, 8, "has no rule", whole.split(separator: "rules:")[0] + "rules: []"),
        .init(
            .rulebook, .noEditions, 13, 15, "has no edition",
            String(whole.split(separator: "\n      - edition")[0]) + " []"),
        .init(
            .rulebook, .editionsOverlap, 21, 9, "overlaps the one of line 14", hint: "`to`",
            second(", from: 2010-12-31")),
        .init(.rulebook, .editionsOverlap, 21, 9, "has no `from`", second("")),
        .init(
            .rulebook, .editionsOutOfOrder, 21, 9, "begins before the one of line 14",
            second(", from: 2009-01-01, to: 2009-02-01")),
        .init(
            .rulebook, .duplicateRule, 21, 5, "`first_visit` is already there, in line 7",
            whole + "\n" + whole.split(separator: "rules:\n")[1]),
        wrong(.badLimit, 4, 33, "expected working days", "risks:", "thresholds: {unallocated_after: 1 week}\nrisks:"),
        wrong(.badLimit, 4, 33, "in another unit", "risks:", "thresholds: {unallocated_after: 1 days}\nrisks:"),
        wrong(
            .datesReversed, 11, 19, "`referrals_to` is before", "referral\n    stops: [child_seen]",
            "window\n    referrals_from: 2010-02-01\n    referrals_to: 2010-01-01"),
    ]
}
