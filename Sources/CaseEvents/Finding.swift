/// How much a finding matters to the figures.
public enum Severity: String, CaseIterable, Codable, Sendable {
    /// The row was not used.
    case rejected
    /// A clock could not be measured.
    case unmeasurable
    /// The row or step was used; somebody should look at it.
    case warning
    /// Two rows cannot both be right.
    case contradiction
}

/// A kind of data-quality finding; the raw value is its stable code.
public enum FindingCode: String, CaseIterable, Codable, Sendable, BitwiseCopyable {
    case noChild = "no_child"
    case unknownEvent = "unknown_event"
    case noDate = "no_date"
    case badDate = "bad_date"
    case fieldCount = "field_count"
    case unknownStart = "unknown_start"
    case endBeforeStart = "end_before_start"
    case missingReferral = "missing_referral"
    case calendarTooShort = "calendar_too_short"
    case duplicate
    case duplicateDiffers = "duplicate_differs"
    case stepBeforeReferral = "step_before_referral"
    case severalOpenSteps = "several_open_steps"
    case severalStarts = "several_starts"
    case severalReferralsReceived = "several_referrals_received"
    case stepInTwoReferrals = "step_in_two_referrals"
    case endWithoutStart = "end_without_start"
    case returnedAfterAuthorised = "returned_after_authorised"
    case laterStop = "later_stop"
    case activityAfterClosure = "activity_after_closure"
    case openOnClosedCase = "open_on_closed_case"
    case icpcOnClosedDay = "icpc_on_closed_day"
    case s47WithoutAssessment = "s47_without_assessment"
    case teamUnknown = "team_unknown"
    case teamOutOfDates = "team_out_of_dates"
    case recordedBeforeDate = "recorded_before_date"
    case futureDate = "future_date"
    case noRuleInForce = "no_rule_in_force"
    case eventNeverSeen = "event_never_seen"
    case nearMatch = "near_match"
    case lastRowUnended = "last_row_unended"
    case activityOnNFA = "activity_on_nfa"
    case icpcAndNotRequired = "icpc_and_not_required"

    /// The severity a finding of this kind usually has.
    public var severity: Severity {
        switch self {
        case .noChild, .unknownEvent, .noDate, .badDate, .fieldCount: .rejected
        case .unknownStart, .endBeforeStart, .missingReferral, .calendarTooShort: .unmeasurable
        case .activityOnNFA, .icpcAndNotRequired: .contradiction
        default: .warning
        }
    }

    /// The column of the case-events format in which the value of such a finding stands.
    ///
    /// A finding about a step shows its `step_id` instead, where the step has one.
    public var column: String {
        switch self {
        case .noChild: "child_id"
        case .unknownEvent, .eventNeverSeen: "event"
        case .fieldCount, .lastRowUnended: ""
        case .teamUnknown, .teamOutOfDates, .duplicateDiffers: "team"
        case .recordedBeforeDate: "recorded_at"
        default: "date"
        }
    }

    /// What is wrong and what to do, in one sentence without any value.
    public var message: String {
        switch self {
        case .noChild: "the row names no child; fill in child_id"
        case .unknownEvent: "the event is not in the vocabulary; see docs/formats.md"
        case .noDate: "the row has no date; fill in the day the event happened"
        case .badDate: "the date cannot be read; write yyyy-mm-dd or dd/mm/yyyy"
        case .fieldCount: "the row has not as many fields as the header; look for a stray comma or quote"
        case .unknownStart: "the step has no usable start, so a clock cannot be measured; correct its started row"
        case .endBeforeStart: "the clock's only end is before its start; correct one of the two dates"
        case .missingReferral: "the step's referral was never received in these exports; add its referral_received"
        case .calendarTooShort: "the clock runs past the calendar; give a longer one with --calendar"
        case .duplicate: "the row says what another one says; it was counted once"
        case .duplicateDiffers: "the row says what another one says with another team or outcome; the first was kept"
        case .stepBeforeReferral: "the step began before its referral was received; check both dates"
        case .severalOpenSteps: "the step began while another of its kind was open; end or cancel one"
        case .severalStarts: "the step has another start that is earlier, which was taken"
        case .severalReferralsReceived: "the referral was received earlier already; the earliest date was taken"
        case .stepInTwoReferrals: "one step id stands in two referrals; correct referral_id or step_id"
        case .endWithoutStart: "the assessment has no start; it was measured from the referral"
        case .returnedAfterAuthorised: "returned after it was authorised; the clock stays stopped, counted as rework"
        case .laterStop: "a later end of a step that has ended already; the first one counts"
        case .activityAfterClosure: "the step ended after its case was closed; check the closing date"
        case .openOnClosedCase: "the case was closed while the step was open; end or cancel the step"
        case .icpcOnClosedDay: "the conference was held on a day that is not a working day; check its date"
        case .s47WithoutAssessment: "the referral has a section 47 enquiry and no assessment"
        case .teamUnknown: "the organisation file does not know this unit; add it to teams.csv"
        case .teamOutOfDates: "the organisation file has no row for this unit on a day it held work; check from and to"
        case .recordedBeforeDate: "recorded before it happened; counted as recorded on its own date"
        case .futureDate: "dated after the export itself; it counts from its date on"
        case .noRuleInForce: "no limit was in force for this clock; its time is counted, not judged"
        case .eventNeverSeen: "no row has this event; if the source cannot carry it, say so with --without"
        case .nearMatch: "another export has this begin up to three working days away; correct one of the two dates"
        case .lastRowUnended: "the file ends without a line end; if it was cut off, its last row is wrong"
        case .activityOnNFA: "activity on a referral that ended in no further action; check the decision"
        case .icpcAndNotRequired: "the conference was held and also marked as not required; correct one of the two"
        }
    }
}

/// One data-quality finding, ready to be written to `findings.csv`.
///
/// Findings files may name the child and the value; messages and logs never do.
public struct Finding: Hashable, Codable, Sendable {
    /// The place of the source in the run, counted from 0; `nil` where no row carries the finding.
    public var source: Int?
    /// The line of the row in its file, counted from 1 with the header; 0 where there is none.
    public var line: UInt32
    public var code: FindingCode
    public var severity: Severity
    /// The column in which the value stands; empty where the finding is about a whole row.
    public var column: String
    /// The offending value, as it stands or as it was understood.
    public var value: String
    /// The child's reference; empty where the finding is about no child.
    public var child: String

    public init(
        _ code: FindingCode, severity: Severity? = nil, source: Int?, line: UInt32, column: String? = nil,
        value: String, child: String
    ) {
        self.code = code
        self.severity = severity ?? code.severity
        self.column = column ?? code.column
        self.source = source
        self.line = line
        self.value = value
        self.child = child
    }
}
