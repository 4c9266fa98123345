/// The names of the case-events vocabulary, as small numbers.
enum CaseEvent: UInt8, CaseIterable {
    case contactReceived
    case contactDecided
    case referralReceived
    case referralDecided
    case referralNFA
    case caseAllocated
    case caseTransferred
    case caseClosed
    case childSeen
    case managementDecisionRecorded
    case initialAssessmentStarted
    case initialAssessmentCompleted
    case initialAssessmentAuthorised
    case initialAssessmentReturned
    case initialAssessmentCancelled
    case coreAssessmentStarted
    case coreAssessmentCompleted
    case coreAssessmentAuthorised
    case coreAssessmentReturned
    case coreAssessmentCancelled
    case assessmentStarted
    case assessmentCompleted
    case assessmentAuthorised
    case assessmentReturned
    case assessmentCancelled
    case strategyDiscussionHeld
    case s47Started
    case s47Completed
    case s47Cancelled
    case conferenceArranged
    case conferenceHeld
    case conferenceNotRequired
    case coreGroupHeld
    case planStarted
    case planEnded
    case reviewHeld
    case transferInNotified
    case transferInConferenceHeld
    case teamChanged

    /// The name in the `event` column.
    var name: StaticString {
        switch self {
        case .contactReceived: "contact_received"
        case .contactDecided: "contact_decided"
        case .referralReceived: "referral_received"
        case .referralDecided: "referral_decided"
        case .referralNFA: "referral_nfa"
        case .caseAllocated: "case_allocated"
        case .caseTransferred: "case_transferred"
        case .caseClosed: "case_closed"
        case .childSeen: "child_seen"
        case .managementDecisionRecorded: "management_decision_recorded"
        case .initialAssessmentStarted: "initial_assessment_started"
        case .initialAssessmentCompleted: "initial_assessment_completed"
        case .initialAssessmentAuthorised: "initial_assessment_authorised"
        case .initialAssessmentReturned: "initial_assessment_returned"
        case .initialAssessmentCancelled: "initial_assessment_cancelled"
        case .coreAssessmentStarted: "core_assessment_started"
        case .coreAssessmentCompleted: "core_assessment_completed"
        case .coreAssessmentAuthorised: "core_assessment_authorised"
        case .coreAssessmentReturned: "core_assessment_returned"
        case .coreAssessmentCancelled: "core_assessment_cancelled"
        case .assessmentStarted: "assessment_started"
        case .assessmentCompleted: "assessment_completed"
        case .assessmentAuthorised: "assessment_authorised"
        case .assessmentReturned: "assessment_returned"
        case .assessmentCancelled: "assessment_cancelled"
        case .strategyDiscussionHeld: "strategy_discussion_held"
        case .s47Started: "s47_started"
        case .s47Completed: "s47_completed"
        case .s47Cancelled: "s47_cancelled"
        case .conferenceArranged: "icpc_arranged"
        case .conferenceHeld: "icpc_held"
        case .conferenceNotRequired: "icpc_not_required"
        case .coreGroupHeld: "core_group_held"
        case .planStarted: "cp_plan_started"
        case .planEnded: "cp_plan_ended"
        case .reviewHeld: "cp_review_held"
        case .transferInNotified: "transfer_in_notified"
        case .transferInConferenceHeld: "transfer_in_conference_held"
        case .teamChanged: "team_changed"
        }
    }

    /// Whether the row is typed in by the export at the latest: without it later rows would have no beginning.
    var isAlwaysRecorded: Bool {
        switch self {
        case .referralReceived, .initialAssessmentStarted, .coreAssessmentStarted, .assessmentStarted, .s47Started,
            .conferenceHeld, .planStarted:
            true
        default: false
        }
    }

    /// Whether a manager's name stands on the row.
    var isManagers: Bool {
        switch self {
        case .referralDecided, .referralNFA, .managementDecisionRecorded, .initialAssessmentAuthorised,
            .coreAssessmentAuthorised, .assessmentAuthorised, .initialAssessmentReturned, .coreAssessmentReturned,
            .assessmentReturned:
            true
        default: false
        }
    }
}

/// The five events of one kind of assessment.
struct AssessmentKind {
    let started: CaseEvent
    let completed: CaseEvent
    let authorised: CaseEvent
    let returned: CaseEvent
    let cancelled: CaseEvent

    static let initial = AssessmentKind(
        started: .initialAssessmentStarted, completed: .initialAssessmentCompleted,
        authorised: .initialAssessmentAuthorised, returned: .initialAssessmentReturned,
        cancelled: .initialAssessmentCancelled)
    static let core = AssessmentKind(
        started: .coreAssessmentStarted, completed: .coreAssessmentCompleted,
        authorised: .coreAssessmentAuthorised, returned: .coreAssessmentReturned,
        cancelled: .coreAssessmentCancelled)
    static let single = AssessmentKind(
        started: .assessmentStarted, completed: .assessmentCompleted, authorised: .assessmentAuthorised,
        returned: .assessmentReturned, cancelled: .assessmentCancelled)
}

/// The codes of the `outcome` column.
enum Outcome: UInt8, CaseIterable {
    case none
    case assessment
    case notInNeed
    case caseClosed
    case transferredOut
    case support
    case furtherAssessment
    case conference
    case plan

    /// The text in the `outcome` column; the `RC` codes are the census's reasons for closure.
    var name: StaticString {
        switch self {
        case .none: ""
        case .assessment: "ASSESS"
        case .notInNeed: "RC8"
        case .caseClosed: "RC7"
        case .transferredOut: "RC5"
        case .support: "SUPPORT"
        case .furtherAssessment: "CORE"
        case .conference: "ICPC"
        case .plan: "PLAN"
        }
    }
}
