import Settings

/// Rulebooks that extend the shipped one, with one thing wrong.
extension ErrorCase {
    private static func council(
        _ code: SettingsError.Code, _ line: Int, _ column: Int, _ says: String, hint: String = "", _ lines: String
    ) -> ErrorCase {
        ErrorCase(
            .rulebook, code, line, column, says, hint: hint,
            "extends: england\nrulebook: Council\nversion: 1\n" + lines)
    }

    static let overrideCases: [ErrorCase] = [
        .init(
            .rulebook, .unknownBase, 1, 10, "expected `england`", hint: "did you mean `england`?", "extends: Englnd\n"),
        council(
            .unknownRule, 5, 11, "`rule` names no rule", hint: "did you mean `core_assessment`?",
            "overrides:\n  - rule: core_asessment\n    on: false\n"),
        council(
            .unknownRule, 5, 11, "`rule` names no rule", hint: "the rules are `referral_decision`",
            "overrides:\n  - rule: zebra\n"),
        council(
            .duplicateRule, 6, 11, "`allocation` is already overridden in line 5",
            "overrides:\n  - rule: allocation\n  - rule: allocation\n"),
        council(
            .duplicateRule, 5, 5, "already there, in the rulebook that this one extends", hint: "`overrides`",
            "rules:\n  - {rule: allocation, title: t, shape: transfer_in, risk: 1, editions: "
                + "[{edition: a, limit: 1 wd, basis: local, source: s, confidence: verified}]}\n"),
        council(.missingKey, 5, 5, "an override needs the key `rule`", "overrides:\n  - on: false\n"),
        council(
            .unknownKey, 6, 5, "`stops` is no key of an override",
            "overrides:\n  - rule: allocation\n    stops: [child_seen]\n"),
        council(
            .misplacedKey, 6, 20, "`strict_within` does not belong",
            "overrides:\n  - rule: allocation\n    strict_within: 10 wd\n"),
        council(
            .badLimit, 6, 12, "can only be `none`", hint: "`editions`",
            "overrides:\n  - rule: allocation\n    limit: 2 wd\n"),
        council(.noEditions, 6, 15, "has no edition", "overrides:\n  - rule: allocation\n    editions: []\n"),
        council(
            .datesReversed, 6, 21, "`referrals_to` is before",
            "overrides:\n  - rule: ia_and_s47_window\n"
                + "    referrals_from: 2011-01-01\n"),
        council(
            .editionsOverlap, 8, 9, "overlaps the one of line 7",
            "overrides:\n  - rule: allocation\n    editions:\n"
                + "      - {edition: a, to: 2010-01-31, limit: 1 wd, basis: local, source: s, confidence: verified}\n"
                + "      - {edition: b, from: 2010-01-31, limit: 1 wd, basis: local, source: s, confidence: verified}\n"
        ),
        council(
            .wrongType, 4, 12, "`overrides` is a single value; expected a list of overrides", "overrides: allocation\n"),
    ]
}
