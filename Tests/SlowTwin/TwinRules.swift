import WorkingCalendar

/// A limit and the dates it was in force.
struct TwinEdition {
    var name: String
    var limit: Int
    var from: CivilDate?
    var to: CivilDate?

    func inForce(on date: CivilDate) -> Bool {
        if let from, date < from { return false }
        if let to, date > to { return false }
        return true
    }
}

/// How a limit is counted.
enum TwinUnit {
    case workingDays
    case days
    case months

    /// As it stands in the `unit` column.
    var name: String { self == .workingDays ? "wd" : "days" }
}

struct TwinRule {
    var name: String
    var unit: TwinUnit
    var basis: String
    var editions: [TwinEdition]
    var expected: Int?

    /// "The limit is that in force at the clock's start; if none is, at the step's own start; if none, at the
    /// referral's date".
    func edition(on dates: [CivilDate?]) -> TwinEdition? {
        for date in dates.compactMap({ $0 }) {
            if let edition = editions.first(where: { $0.inForce(on: date) }) { return edition }
        }
        // A rule without dates is in force whatever the date, a missing one included.
        return editions.first { $0.from == nil && $0.to == nil }
    }

    var isStatistical: Bool { basis == "statistical" }
}

private func simple(
    _ name: String, _ limit: Int, _ unit: TwinUnit, edition: String = "all", basis: String = "statutory",
    expected: Int? = nil
) -> TwinRule {
    TwinRule(
        name: name, unit: unit, basis: basis, editions: [TwinEdition(name: edition, limit: limit)], expected: expected)
}

/// The default rulebook (England).
let defaultRules: [TwinRule] = [
    simple("referral_decision", 1, .workingDays),
    TwinRule(
        name: "initial_assessment", unit: .workingDays, basis: "statutory",
        editions: [
            TwinEdition(name: "FA2000", limit: 7, from: nil, to: CivilDate("2010-03-16")),
            TwinEdition(name: "WT2010", limit: 10, from: CivilDate("2010-03-17"), to: CivilDate("2013-04-14")),
        ]),
    TwinRule(
        name: "core_assessment", unit: .workingDays, basis: "statutory",
        editions: [
            TwinEdition(name: "FA2000", limit: 35, from: CivilDate("2001-04-01"), to: CivilDate("2013-04-14"))
        ]),
    TwinRule(
        name: "assessment", unit: .workingDays, basis: "statutory",
        editions: [TwinEdition(name: "WT2013", limit: 45, from: CivilDate("2013-04-15"), to: nil)]),
    TwinRule(
        name: "assessment_duration", unit: .workingDays, basis: "statistical",
        editions: [TwinEdition(name: "WT2013", limit: 45, from: CivilDate("2013-04-15"), to: nil)]),
    simple("authorisation", 5, .workingDays, edition: "local", basis: "local"),
    simple("s47_to_icpc", 15, .workingDays),
    simple("icpc_to_core_group", 10, .workingDays),
    simple("first_review", 3, .months),
    simple("later_review", 6, .months),
    simple("transfer_in_conference", 15, .workingDays),
    simple("short_term_work", 84, .days, edition: "local", basis: "local", expected: 56),
]

/// The rules of the sample's rulebook that a run may switch on.
let switchedOnRules: [TwinRule] = [
    simple("allocation", 1, .workingDays, edition: "local", basis: "local"),
    simple("child_seen_s47", 1, .workingDays, edition: "local", basis: "local"),
    simple("ia_and_s47_window", 56, .days, edition: "local", basis: "local"),
]

/// The referrals the first design of the brief was for.
func isInWindowScheme(_ date: CivilDate) -> Bool {
    "2010-08-12" <= date.description && date.description <= "2010-12-12"
}

extension TwinContext {
    /// "A rule names the events it needs": groups of events, one event of each group is enough.
    func needs(of rule: String, kind: String) -> [[String]] {
        switch rule {
        case "referral_decision": [["referral_decided"]]
        case "initial_assessment", "core_assessment", "assessment": [["\(rule)_authorised", "\(rule)_completed"]]
        case "assessment_duration": [["assessment_authorised", "assessment_completed"]]
        case "authorisation": [["\(kind)_authorised"], ["\(kind)_completed"]]
        case "s47_to_icpc": [["icpc_held"]]
        case "icpc_to_core_group": [["core_group_held"], ["cp_plan_started"]]
        case "first_review", "later_review": [["cp_review_held"], ["cp_plan_started"], ["cp_plan_ended"]]
        case "transfer_in_conference": [["transfer_in_conference_held"]]
        case "short_term_work": [["case_closed", "case_transferred"]]
        case "allocation": [["case_allocated"]]
        case "child_seen_s47": [["child_seen"]]
        case "ia_and_s47_window":
            [["initial_assessment_authorised", "initial_assessment_completed"], ["s47_completed"]]
        default: []
        }
    }

    /// Whether a rule can be measured: for `authorisation`, of the kind given.
    func isAvailable(_ rule: String, kind: String) -> Bool {
        needs(of: rule, kind: kind).allSatisfy { $0.contains { carries($0) } }
    }

    /// Whether a rule can be measured at all.
    func isAvailable(_ rule: String) -> Bool { assessmentKinds.contains { isAvailable(rule, kind: $0) } }
}
