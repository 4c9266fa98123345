import Cards
import CaseEvents
import Rules

/// What `cards check --census` prints: what we find beside the rules of the published validator of the
/// children in need census.
///
/// The validator is Data to Insight's; its rules have the codes of the Department for Education's validation
/// rules. Only rules about what `cards` reads are here: dates, and what hangs together by them.
struct CensusComparison: Encodable {
    struct Row: Encodable {
        /// A finding, or the rule and measure whose clocks are counted.
        var ours: String
        var count: Int
        /// The codes of the rules that say the same.
        var rules: [String]
        var about: String
    }

    var asAt: String
    var rows: [Row]
    /// Where the two are known to differ, and why.
    var differences: [String]

    private static let findings: [(code: FindingCode, rules: [String], about: String)] = [
        (.noChild, ["8500"], "the child has no reference"),
        (.noDate, ["8600"], "a row without a date; the rule is of referrals"),
        (.futureDate, ["8600", "8736"], "dated after the census: the rules are of referrals and open assessments"),
        (.endBeforeStart, ["8608", "8615"], "an assessment (8608) or enquiry (8615) that ends before it starts"),
        (.stepBeforeReferral, ["2889"], "an enquiry before its referral; ours also counts assessments"),
        (
            .severalOpenSteps, ["8896", "8839", "8863Q", "8890"],
            "two open assessments (8896, 8863Q) or enquiries (8839, 8890) of one referral"
        ),
        (.activityOnNFA, ["8831"], "activity on a referral with no further action, row by row"),
        (.activityAfterClosure, ["8565"], "a step that ended after its case was closed"),
        (.icpcOnClosedDay, ["8875"], "a conference on a day that is not a working day; the rule is of weekends"),
        (.s47WithoutAssessment, ["2991Q"], "an enquiry and no assessment"),
        (.openOnClosedCase, ["2990"], "work on a closed case; the rule looks at closures after an assessment only"),
        (.duplicate, [], "the same twice: the validator does not look"),
    ]

    private static let differencesKnown = [
        "8670Q and 8675Q: at exactly 45 working days, or exactly 15, the validator is one day off; ours are past the "
            + "limit from the next working day on",
        "8615: an enquiry without a start counts for the validator only where it has a conference; for us it is a row "
            + "without a date",
        "8565: for the validator, work begun after a closure is activity; for us it is work with a clock, and only its "
            + "end is a finding",
        "8870Q: a conference's target date on a weekend never shows in the validator where dates are written "
            + "yyyy-mm-dd, as they are in XML; we do not read target dates, and work them out",
        "8831 and others with yes and no: the validator does not take the word false for a no",
        "exact duplicates are not looked for by the validator; ours count once, with a finding each",
    ]

    init(_ result: WeeklyJob.Result) {
        asAt = "\(result.report.header.asAt)"
        let report = result.report
        rows = Self.findings.map { code, rules, about in
            Row(
                ours: code.rawValue, count: report.findings.count { $0.code == code }, rules: rules, about: about)
        }
        func overdue(_ rule: String) -> Int {
            let figure = report.figures.last { $0.level == .authority && $0.rule == rule && $0.measure == "overdue" }
            return figure.flatMap { Int($0.valueText) } ?? 0
        }
        rows.append(
            Row(
                ours: "assessment_duration overdue", count: overdue("assessment_duration"), rules: ["8670Q"],
                about: "an assessment open for more than 45 working days"))
        rows.append(
            Row(
                ours: "s47_to_icpc overdue", count: overdue("s47_to_icpc"), rules: ["8675Q"],
                about: "an enquiry without a conference after more than 15 working days"))
        differences = Self.differencesKnown
    }

    /// The comparison for a terminal.
    var text: String {
        var table = AlignedTable(header: ["ours", "count", "rules", "about"], numbers: [1])
        table.rows = rows.map { [$0.ours, "\($0.count)", $0.rules.joined(separator: " "), $0.about] }
        return "beside the census validator's rules, as at \(asAt)\n\n" + table.text
            + "\nwhere the two are known to differ\n" + differences.map { "- \($0)\n" }.joined()
    }
}
