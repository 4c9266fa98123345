import CaseEvents

/// The measures of the cards that no list of clocks stands behind, and what does.
enum OtherMeasures {
    /// What a measure is made of; `nil` where it is none of these.
    static func made(_ measure: String) -> String? {
        switch measure {
        case "signed_same_day": "the authorised rows of assessments that were completed on the same day"
        case "signed_in_batch": "the authorised rows of one manager on one day, of all teams together"
        case "returned_for_rework": "the returned rows of assessments in the week"
        case "basis_sensitivity": "the verdicts that clocks would have if they had started on another day"
        case "unallocated", "child_not_seen", "not_started": "children, each counted once"
        case "re_referrals": "referrals received in the week, and the child's earlier ones"
        case "recording_lag_median", "recorded_late": "the rows dated in the week and the days they were recorded"
        case _ where measure.hasPrefix("finding_"): "findings; `cards check --findings FILE` lists them"
        default: nil
        }
    }

    /// Their names, to find the one that somebody meant.
    static let names =
        [
            "signed_same_day", "signed_in_batch", "returned_for_rework", "basis_sensitivity", "unallocated",
            "child_not_seen", "not_started", "re_referrals", "recording_lag_median", "recorded_late",
        ] + FindingCode.allCases.map { "finding_\($0.rawValue)" }
}
