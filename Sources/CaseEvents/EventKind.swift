/// What happened to a child's case, in the words of the case-events format.
///
/// The raw value is the place in the vocabulary; it is stored in events and never written to a file.
public enum EventKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case contactReceived, contactDecided
    case referralReceived, referralDecided, referralNFA
    case caseAllocated, caseTransferred, caseClosed
    case childSeen, managementDecisionRecorded
    case initialAssessmentStarted, initialAssessmentCompleted, initialAssessmentAuthorised
    case initialAssessmentReturned, initialAssessmentCancelled
    case coreAssessmentStarted, coreAssessmentCompleted, coreAssessmentAuthorised
    case coreAssessmentReturned, coreAssessmentCancelled
    case assessmentStarted, assessmentCompleted, assessmentAuthorised
    case assessmentReturned, assessmentCancelled
    case strategyDiscussionHeld
    case s47Started, s47Completed, s47Cancelled
    case icpcArranged, icpcHeld, icpcNotRequired
    case coreGroupHeld
    case cpPlanStarted, cpPlanEnded
    case cpReviewHeld
    case transferInNotified, transferInConferenceHeld
    case teamChanged

    /// The number of kinds.
    public static let count = allCases.count

    /// The event's name in files, such as `referral_received`.
    public var name: String { Self.names[Int(rawValue)] }

    /// Finds a kind by its name in files.
    public init?(name: String) {
        guard let index = Self.names.firstIndex(of: name), let kind = EventKind(rawValue: UInt8(index)) else {
            return nil
        }
        self = kind
    }

    /// The place of the event among those of one day: by ``verb``, then by name.
    ///
    /// - Complexity: O(1); read for every event.
    @inlinable
    public var dayRank: UInt8 { Self.dayRanks[Int(rawValue)] }

    /// The place of the event's verb in the order of one day, counted from 0.
    @inlinable
    public var verb: Verb {
        switch self {
        case .transferInNotified: .notified
        case .contactReceived, .referralReceived: .received
        case .contactDecided, .referralDecided: .decided
        case .referralNFA: .nfa
        case .caseAllocated: .allocated
        case .initialAssessmentStarted, .coreAssessmentStarted, .assessmentStarted, .s47Started, .cpPlanStarted:
            .started
        case .icpcArranged: .arranged
        case .strategyDiscussionHeld, .icpcHeld, .coreGroupHeld, .cpReviewHeld, .transferInConferenceHeld: .held
        case .childSeen: .seen
        case .managementDecisionRecorded: .recorded
        case .initialAssessmentCompleted, .coreAssessmentCompleted, .assessmentCompleted, .s47Completed: .completed
        case .initialAssessmentReturned, .coreAssessmentReturned, .assessmentReturned: .returned
        case .initialAssessmentAuthorised, .coreAssessmentAuthorised, .assessmentAuthorised: .authorised
        case .icpcNotRequired: .notRequired
        case .initialAssessmentCancelled, .coreAssessmentCancelled, .assessmentCancelled, .s47Cancelled: .cancelled
        case .caseTransferred: .transferred
        case .teamChanged: .changed
        case .cpPlanEnded: .ended
        case .caseClosed: .closed
        }
    }

    @usableFromInline static let dayRanks: [UInt8] = {
        let order = allCases.sorted { ($0.verb.rawValue, $0.name) < ($1.verb.rawValue, $1.name) }
        var ranks = [UInt8](repeating: 0, count: allCases.count)
        for (rank, kind) in order.enumerated() { ranks[Int(kind.rawValue)] = UInt8(rank) }
        return ranks
    }()

    /// The names, in the order of the cases.
    private static let names: [String] = [
        "contact_received", "contact_decided",
        "referral_received", "referral_decided", "referral_nfa",
        "case_allocated", "case_transferred", "case_closed",
        "child_seen", "management_decision_recorded",
        "initial_assessment_started", "initial_assessment_completed", "initial_assessment_authorised",
        "initial_assessment_returned", "initial_assessment_cancelled",
        "core_assessment_started", "core_assessment_completed", "core_assessment_authorised",
        "core_assessment_returned", "core_assessment_cancelled",
        "assessment_started", "assessment_completed", "assessment_authorised",
        "assessment_returned", "assessment_cancelled",
        "strategy_discussion_held",
        "s47_started", "s47_completed", "s47_cancelled",
        "icpc_arranged", "icpc_held", "icpc_not_required",
        "core_group_held",
        "cp_plan_started", "cp_plan_ended",
        "cp_review_held",
        "transfer_in_notified", "transfer_in_conference_held",
        "team_changed",
    ]
}

/// What an event does, in the order in which the events of one day are taken.
public enum Verb: UInt8, Sendable, BitwiseCopyable {
    case notified, received, decided, nfa, allocated, started, arranged, held, seen, recorded
    case completed, returned, authorised, notRequired, cancelled, transferred, changed, ended, closed
}

/// A piece of work that has a start and an end of its own within a referral.
public enum StepKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case initialAssessment, coreAssessment, assessment, s47

    /// The kind's name in the rulebook, which is the stem of its events' names.
    public var name: String {
        switch self {
        case .initialAssessment: "initial_assessment"
        case .coreAssessment: "core_assessment"
        case .assessment: "assessment"
        case .s47: "s47"
        }
    }

    /// Whether the kind is an assessment, which a manager authorises.
    @inlinable
    public var isAssessment: Bool { self != .s47 }

    /// The event that begins a step of the kind.
    @inlinable
    public var started: EventKind {
        switch self {
        case .initialAssessment: .initialAssessmentStarted
        case .coreAssessment: .coreAssessmentStarted
        case .assessment: .assessmentStarted
        case .s47: .s47Started
        }
    }

    /// The event by which a worker ends a step of the kind.
    public var completed: EventKind {
        switch self {
        case .initialAssessment: .initialAssessmentCompleted
        case .coreAssessment: .coreAssessmentCompleted
        case .assessment: .assessmentCompleted
        case .s47: .s47Completed
        }
    }

    /// The event by which a manager ends an assessment; none for an S47.
    public var authorised: EventKind? {
        switch self {
        case .initialAssessment: .initialAssessmentAuthorised
        case .coreAssessment: .coreAssessmentAuthorised
        case .assessment: .assessmentAuthorised
        case .s47: nil
        }
    }
}

extension EventKind {
    /// The kind of step whose own event this is, if it is one.
    @inlinable
    public var step: StepKind? {
        switch self {
        case .initialAssessmentStarted, .initialAssessmentCompleted, .initialAssessmentAuthorised,
            .initialAssessmentReturned, .initialAssessmentCancelled:
            .initialAssessment
        case .coreAssessmentStarted, .coreAssessmentCompleted, .coreAssessmentAuthorised,
            .coreAssessmentReturned, .coreAssessmentCancelled:
            .coreAssessment
        case .assessmentStarted, .assessmentCompleted, .assessmentAuthorised, .assessmentReturned,
            .assessmentCancelled:
            .assessment
        case .s47Started, .s47Completed, .s47Cancelled: .s47
        default: nil
        }
    }

    /// Whether the event begins a step.
    @inlinable
    public var isStepStart: Bool { step?.started == self }
}

/// In files an event is its name.
extension EventKind: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let kind = EventKind(name: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no such event")
        }
        self = kind
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension StepKind: Codable {}
