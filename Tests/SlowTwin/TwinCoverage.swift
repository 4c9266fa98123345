/// How often each verdict, reason, finding, kind, status, edition, way of clearing and branch of the pairing rules
/// occurred; zero included.
public func coverage(of results: [TwinResult]) -> [(name: String, count: Int)] {
    let verdicts = [
        "in_time", "late", "overdue", "at_limit", "due_soon", "beyond_expected", "open", "running", "stopped", "void",
        "unmeasurable",
    ]
    let voids = [
        "case_closed", "referral_nfa", "icpc_not_required", "s47_cancelled", "cp_plan_ended",
        "initial_assessment_cancelled", "core_assessment_cancelled", "assessment_cancelled",
        "initial_assessment_returned", "core_assessment_returned", "assessment_returned",
    ]
    let reasons = ["unknown_start", "end_before_start", "missing_referral", "calendar_too_short", "no_evidence"]
    let codes = [
        "no_child", "unknown_event", "no_date", "bad_date", "field_count", "unknown_start", "end_before_start",
        "missing_referral", "calendar_too_short", "duplicate", "duplicate_differs", "step_before_referral",
        "several_open_steps", "several_starts", "several_referrals_received", "step_in_two_referrals",
        "end_without_start", "returned_after_authorised", "later_stop", "activity_after_closure",
        "open_on_closed_case", "icpc_on_closed_day", "s47_without_assessment", "team_unknown", "team_out_of_dates",
        "recorded_before_date", "future_date", "no_rule_in_force", "event_never_seen", "activity_on_nfa",
        "icpc_and_not_required",
    ]
    let kinds = [
        "child_not_seen", "overdue", "no_outcome", "unallocated", "not_started", "no_oversight", "closed_unfinished",
        "beyond_limit", "no_recent_activity", "icpc_not_booked", "finding",
    ]
    let statuses = ["new", "continuing", "cleared"]
    let editions = ["FA2000", "WT2010", "WT2013", "all", "local", "none"]
    let ways = ["stopped", "voided", "moved", "changed"]

    var table: [(name: String, count: Int)] = []
    func tally(_ title: String, _ names: [String], _ found: [String]) {
        let counts = Dictionary(grouping: found, by: { $0 }).mapValues(\.count)
        for name in names { table.append(("\(title) \(name)", counts[name] ?? 0)) }
        let known = Set(names)
        for name in counts.keys.sorted() where !known.contains(name) {
            table.append(("\(title) ?\(name)", counts[name] ?? 0))
        }
    }
    let clocks = results.flatMap(\.clocks)
    let rows = results.flatMap(\.exceptions)
    let live = rows.filter { $0[21] != "cleared" }
    tally("verdict", verdicts, clocks.map { $0[15] })
    tally("void", voids, clocks.filter { $0[15] == "void" }.map { $0[16] })
    tally("unmeasurable", reasons, clocks.filter { $0[15] == "unmeasurable" }.map { $0[16] })
    tally("edition", editions, clocks.map { $0[18] })
    tally("rule", (defaultRules + switchedOnRules).map(\.name), clocks.map { $0[0] })
    tally("finding", codes, results.flatMap(\.findings).map { $0[0] })
    tally("kind", kinds, live.flatMap { [$0[11]] + $0[12].split(separator: " ").map { String($0) } })
    tally("own row", ["referral"], live.map { $0[9] }.filter { $0 == "referral" })
    tally("status", statuses, rows.map { $0[21] })
    tally("cleared", ways, rows.filter { $0[21] == "cleared" }.map { $0[12] })
    tally("watch", ["at_limit", "due_soon", "beyond_expected"], results.flatMap(\.watch).map { $0[9] })
    tally("measure", [], results.flatMap(\.cards).map { $0[4] })
    let again = results.flatMap(\.cards).filter { $0[4] == "re_referrals" }
    tally("re_referrals", ["counted", "not available"], again.map { $0[7] == ":" ? "not available" : "counted" })
    tally("pairing", pairingBranches, results.flatMap(\.pairings))
    return table
}
