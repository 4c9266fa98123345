public import CaseEvents

extension Rule {
    /// The events without which the rule cannot be measured: each group needs one of its events.
    ///
    /// For `authorisation` the groups are those of a kind of step; see ``signOffEvidence(_:)``.
    public var evidence: [[EventKind]] {
        switch shape {
        case .referral: [stops.filter { $0 != .referralNFA }]
        case .assessment: step.map { [[$0.authorised, $0.completed].compactMap { $0 }] } ?? []
        case .authorisation: []
        case .conference: [[.icpcHeld]]
        case .childSeen: [[.childSeen]]
        case .afterConference:
            stops.contains(.cpReviewHeld)
                ? [[.cpReviewHeld], [.cpPlanStarted], [.cpPlanEnded]] : [[.coreGroupHeld], [.cpPlanStarted]]
        case .laterReview: [[.cpReviewHeld], [.cpPlanStarted], [.cpPlanEnded]]
        case .transferIn: [[.transferInConferenceHeld]]
        case .window: [[.initialAssessmentAuthorised, .initialAssessmentCompleted], [.s47Completed]]
        case .shortTermWork: [[.caseClosed, .caseTransferred]]
        }
    }

    /// The events without which the sign-off of a kind of assessment cannot be measured.
    public static func signOffEvidence(_ kind: StepKind) -> [[EventKind]] {
        guard let authorised = kind.authorised else { return [] }
        return [[kind.completed], [authorised]]
    }
}
