/// Why work waits, as a Group Manager answers it.
///
/// The codes are this project's own; the card counts how much of the delay is in the service's own hands.
public enum ReasonCode: String, CaseIterable, Sendable {
    case familyUnavailable = "FAMILY_UNAVAILABLE"
    case familyConsent = "FAMILY_CONSENT"
    case childIll = "CHILD_ILL"
    case partnerInformation = "PARTNER_INFORMATION"
    case specialistAssessment = "SPECIALIST_ASSESSMENT"
    case police = "POLICE"
    case court = "COURT"
    case unallocated = "UNALLOCATED"
    case capacity = "CAPACITY"
    case handover = "HANDOVER"
    case signOff = "SIGN_OFF"
    case returned = "RETURNED"
    case recording = "RECORDING"
    case system = "SYSTEM"
    case complexity = "COMPLEXITY"
    case transfer = "TRANSFER"
    case dataError = "DATA_ERROR"

    /// Whose hands a delay is in.
    public enum Hands: String, Sendable {
        case ours, shared, outside
    }

    public var hands: Hands {
        switch self {
        case .unallocated, .capacity, .handover, .signOff, .returned, .recording, .system, .dataError: .ours
        case .partnerInformation, .specialistAssessment, .complexity, .transfer: .shared
        case .familyUnavailable, .familyConsent, .childIll, .police, .court: .outside
        }
    }

    /// What the code means.
    public var words: String {
        switch self {
        case .familyUnavailable: "The family could not be reached, or kept no appointment"
        case .familyConsent: "The family has not agreed yet"
        case .childIll: "The child is ill"
        case .partnerInformation: "Another agency has not given its information yet"
        case .specialistAssessment: "A specialist's assessment is waited for"
        case .police: "A police enquiry has to come first"
        case .court: "A court has to decide first"
        case .unallocated: "No worker is allocated"
        case .capacity: "There are not enough workers"
        case .handover: "It is being handed from one worker or team to another"
        case .signOff: "It is done and waits for a manager's signature"
        case .returned: "It was returned to the worker for more work"
        case .recording: "It is done and not recorded yet"
        case .system: "The case system prevented it"
        case .complexity: "The case needs more time than the limit allows"
        case .transfer: "The family has moved, or is moving, to or from another council"
        case .dataError: "The record is wrong: there is no delay"
        }
    }
}

/// Who may own an action or agree to a new date, from the least senior to the most.
public enum AnswerRole: String, CaseIterable, Comparable, Sendable {
    case worker = "Worker"
    case practiceConsultant = "Practice consultant"
    case teamManager = "Team manager"
    case groupManager = "Group Manager"
    case headOfService = "Head of service"

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.seniority < rhs.seniority }

    private var seniority: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
