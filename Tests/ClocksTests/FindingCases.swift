import Cards
import CaseEvents
import EngineTestSupport
import Testing

/// Some rows, and the findings of one kind that they make, worked out by hand.
struct FindingCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let code: FindingCode
    let rows: String
    /// The lines that carry the finding, the header being line 1; 0 where no row does.
    let lines: [Int]
    let options: EngineOptions

    init(
        _ code: FindingCode, _ why: String, _ rows: String, _ lines: [Int], asAt: String = "2010-11-28",
        _ change: (inout EngineOptions) -> Void = { _ in }
    ) {
        testDescription = "\(code.rawValue): \(why)"
        self.code = code
        self.rows = rows
        self.lines = lines
        var options = EngineOptions(asAt: asAt)
        change(&options)
        self.options = options
    }

    private static let received = "referral_received 2010-11-01 r1\n"
    private static let core = received + "core_assessment_started 2010-11-03 r1 A1\n"
    private static let s47 = received + "s47_started 2010-11-01 r1 S1\n"
    private static let units = """
        unit,team,group_manager,service,short_term,from,to,succeeded_by
        T1,Team 1,GM,Svc,0,2010-11-08,,

        """

    static let rowsAlone: [FindingCase] = [
        FindingCase(.noChild, "no child", "child_seen 2010-11-02 r1 child_id=", [2]),
        FindingCase(.unknownEvent, "no such event", "child_sen 2010-11-02 r1", [2]),
        FindingCase(.noDate, "no date", "child_seen - r1", [2]),
        FindingCase(.badDate, "no such day", "child_seen 2010-02-30 r1", [2]),
        FindingCase(.fieldCount, "one field too many", "child_seen 2010-11-02 r1 - a,b", [2]),
        FindingCase(.duplicate, "the same row three times", received + received + received, [3, 4]),
        FindingCase(.duplicate, "another step id is another row", core + core.replacing("A1", with: "A2"), [4]),
        FindingCase(
            .duplicateDiffers, "the same row with another team",
            "referral_received 2010-11-01 r1 - T1\nreferral_received 2010-11-01 r1 - T2", [3]),
        FindingCase(
            .duplicateDiffers, "another worker is no difference",
            "referral_received 2010-11-01 r1 - T1 w1\nreferral_received 2010-11-01 r1 - T1 w2", []),
        FindingCase(
            .recordedBeforeDate, "recorded the day before; on the day is in order",
            "child_seen 2010-11-02 r1 recorded_at=2010-11-01\nchild_seen 2010-11-03 r1 recorded_at=2010-11-03", [2]),
        FindingCase(
            .futureDate, "dated after the newest recording",
            "child_seen 2010-11-01 r1 recorded_at=2010-11-02\nchild_seen 2010-11-02 r1\nchild_seen 2010-11-03 r1", [4]),
        FindingCase(
            .futureDate, "a booking never is",
            "child_seen 2010-11-01 r1 recorded_at=2010-11-02\nicpc_arranged 2010-11-30 r1", []),
        FindingCase(
            .severalReferralsReceived, "each one after the earliest, by date and not by line",
            "referral_received 2010-11-04 r1\n" + received + "referral_received 2010-11-05 r1", [2, 4]),
        FindingCase(
            .severalReferralsReceived, "those without an id are referrals of their own",
            "referral_received 2010-11-01\nreferral_received 2010-11-04", []),
        FindingCase(.severalStarts, "a second start", core + "core_assessment_started 2010-11-05 r1 A1", [4]),
        FindingCase(
            .returnedAfterAuthorised, "each one",
            core + "core_assessment_authorised 2010-11-10 r1 A1\ncore_assessment_returned 2010-11-11 r1 A1\n"
                + "core_assessment_returned 2010-11-12 r1 A1", [5, 6]),
        FindingCase(
            .returnedAfterAuthorised, "returned on the day it was authorised came before",
            core + "core_assessment_authorised 2010-11-10 r1 A1\ncore_assessment_returned 2010-11-10 r1 A1", []),
        FindingCase(
            .icpcOnClosedDay, "a Saturday and a bank holiday",
            received + "icpc_held 2010-11-12 r1\nicpc_held 2010-11-13 r1\nicpc_held 2010-12-27 r1", [4, 5],
            asAt: "2011-01-02"),
        FindingCase(
            .activityOnNFA, "whatever is recorded later, but for the closure",
            received + "referral_nfa 2010-11-02 r1\nchild_seen 2010-11-05 r1\ncase_closed 2010-11-05 r1\n"
                + "child_seen 2010-11-01 r1", [4]),
        FindingCase(
            .activityOnNFA, "a sign-off on the day of the NFA comes after it",
            core + "referral_nfa 2010-11-10 r1\ncore_assessment_authorised 2010-11-10 r1 A1", [5]),
        FindingCase(
            .laterStop, "authorised twice: the second",
            core + "core_assessment_authorised 2010-11-12 r1 A1\ncore_assessment_authorised 2010-11-10 r1 A1", [4]),
        FindingCase(.laterStop, "authorised once", core + "core_assessment_authorised 2010-11-12 r1 A1", []),
        FindingCase(
            .laterStop, "cancelled after it was authorised",
            core + "core_assessment_authorised 2010-11-10 r1 A1\ncore_assessment_cancelled 2010-11-11 r1 A1", [5]),
        FindingCase(
            .laterStop, "authorised after it was cancelled",
            core + "core_assessment_cancelled 2010-11-10 r1 A1\ncore_assessment_authorised 2010-11-11 r1 A1", [5]),
        FindingCase(
            .laterStop, "on one day the cancellation comes second, whatever the lines",
            core + "core_assessment_cancelled 2010-11-10 r1 A1\ncore_assessment_authorised 2010-11-10 r1 A1", [4]),
        FindingCase(
            .laterStop, "completed twice is no end twice",
            core + "core_assessment_completed 2010-11-10 r1 A1\ncore_assessment_completed 2010-11-11 r1 A1", []),
        FindingCase(
            .laterStop, "an enquiry cancelled after its conference",
            s47 + "icpc_held 2010-11-15 r1\ns47_cancelled 2010-11-16 r1 S1", [5]),
        FindingCase(
            .laterStop, "and on its day", s47 + "icpc_held 2010-11-15 r1\ns47_cancelled 2010-11-15 r1 S1", [5]),
        FindingCase(
            .laterStop, "an enquiry cancelled twice",
            s47 + "s47_cancelled 2010-11-15 r1 S1\ns47_cancelled 2010-11-16 r1 S1", [5]),
        FindingCase(
            .laterStop, "an enquiry cancelled before its conference",
            s47 + "s47_cancelled 2010-11-12 r1 S1\nicpc_held 2010-11-15 r1", []),
        FindingCase(
            .laterStop, "an enquiry cancelled after it needed no conference",
            s47 + "icpc_not_required 2010-11-12 r1 S1\ns47_cancelled 2010-11-15 r1 S1", []),
    ]

    static let steps: [FindingCase] = [
        FindingCase(.unknownStart, "no start", received + "core_assessment_authorised 2010-11-10 r1 A1", [3]),
        FindingCase(
            .endWithoutStart, "the first assessment is measured all the same",
            received + "initial_assessment_authorised 2010-11-08 r1 I1", [3]),
        FindingCase(
            .endBeforeStart, "authorised before its start; its first row carries it",
            core + "core_assessment_authorised 2010-11-02 r1 A1", [4]),
        FindingCase(
            .endBeforeStart, "a referral decided before it was received",
            received + "referral_decided 2010-10-29 r1", [2]),
        FindingCase(
            .missingReferral, "never received; another kind is a warning",
            "initial_assessment_started 2010-11-03 r1 I1\ncore_assessment_started 2010-11-03 r1 A1", [2, 3]),
        FindingCase(
            .calendarTooShort, "one for each clock: two of the assessment, one of the short-term work",
            "referral_received 2030-12-02 r1\nassessment_started 2030-12-02 r1 A1", [2, 3, 3], asAt: "2030-12-08"),
        FindingCase(
            .stepBeforeReferral, "begun the day before; on the day is in order",
            received + "core_assessment_started 2010-10-31 r1 A1\ns47_started 2010-11-01 r1 S1", [3]),
        FindingCase(
            .severalOpenSteps, "begun while another was open", core + "core_assessment_started 2010-11-05 r1 A2", [4]),
        FindingCase(
            .severalOpenSteps, "begun on the day another ended: it was open still",
            core + "core_assessment_authorised 2010-11-05 r1 A1\ncore_assessment_started 2010-11-05 r1 A2", [5]),
        FindingCase(
            .severalOpenSteps, "begun on the day after",
            core + "core_assessment_authorised 2010-11-04 r1 A1\ncore_assessment_started 2010-11-05 r1 A2", []),
        FindingCase(
            .severalOpenSteps, "begun after another was cancelled",
            core + "core_assessment_cancelled 2010-11-04 r1 A1\ncore_assessment_started 2010-11-05 r1 A2", []),
        FindingCase(
            .severalOpenSteps, "nobody signs: open until the later of two completions",
            core + "core_assessment_completed 2010-11-08 r1 A1\ncore_assessment_completed 2010-11-15 r1 A1\n"
                + "core_assessment_started 2010-11-10 r1 A2", [6]),
        FindingCase(
            .severalOpenSteps, "two of one day: the greater id",
            received + "core_assessment_started 2010-11-03 r1 A2\ncore_assessment_started 2010-11-03 r1 A1", [3]),
        FindingCase(
            .severalOpenSteps, "each of three but the first",
            core + "core_assessment_started 2010-11-04 r1 A2\ncore_assessment_started 2010-11-05 r1 A3", [4, 5]),
        FindingCase(
            .severalOpenSteps, "an enquiry beside an enquiry", s47 + "s47_started 2010-11-08 r1 S2", [4]),
        FindingCase(
            .severalOpenSteps, "an enquiry is over when it is completed",
            s47 + "s47_completed 2010-11-05 r1 S1\ns47_started 2010-11-08 r1 S2", []),
        FindingCase(
            .severalOpenSteps, "another kind", core + "initial_assessment_started 2010-11-05 r1 I1", []),
        FindingCase(
            .severalOpenSteps, "another referral",
            core + "referral_received 2010-11-04 r2\ncore_assessment_started 2010-11-05 r2 A2", []),
        FindingCase(
            .severalOpenSteps, "one without a start is not known to have been open",
            received + "core_assessment_completed 2010-11-20 r1 A1\ncore_assessment_started 2010-11-05 r1 A2", []),
        FindingCase(
            .stepInTwoReferrals, "once, at its first row",
            received + "referral_received 2010-11-10 r2\ncore_assessment_started 2010-11-03 r1 A1\n"
                + "core_assessment_authorised 2010-11-15 r2 A1", [4]),
        FindingCase(
            .activityAfterClosure, "authorised on the day after the closure",
            core + "case_closed 2010-11-10 r1\ncore_assessment_authorised 2010-11-11 r1 A1", [3]),
        FindingCase(
            .activityAfterClosure, "authorised on the day of the closure",
            core + "case_closed 2010-11-10 r1\ncore_assessment_authorised 2010-11-10 r1 A1", []),
        FindingCase(
            .openOnClosedCase, "one for the step, though its sign-off is void too",
            core + "core_assessment_completed 2010-11-08 r1 A1\ncase_closed 2010-11-10 r1\n"
                + "c2: core_assessment_authorised 2010-11-08 r2 A1", [3]),
        FindingCase(.s47WithoutAssessment, "an enquiry alone", s47, [3]),
        FindingCase(
            .s47WithoutAssessment, "an assessment of the referral, even a later one",
            s47 + "core_assessment_started 2010-11-20 r1 A1", []),
        FindingCase(
            .icpcAndNotRequired, "both, on one day",
            s47 + "icpc_held 2010-11-15 r1\nicpc_not_required 2010-11-15 r1 S1",
            [3]),
        FindingCase(
            .icpcAndNotRequired, "a conference that is not its own is none",
            s47 + "icpc_not_required 2010-11-10 r1 S1\nicpc_held 2010-11-15 r1", []),
        FindingCase(
            .noRuleInForce, "a core assessment of 2013 on a referral of 16 April",
            "referral_received 2013-04-16 r1\ncore_assessment_started 2013-05-07 r1 A1", [3], asAt: "2013-05-12"),
        FindingCase(
            .teamUnknown, "once for its name", "child_seen 2010-11-02 r1 - X9\nchild_seen 2010-11-03 r1 - X9", [0]
        ) { $0.teams = units },
        FindingCase(
            .teamOutOfDates, "it held a clock a week before its first day",
            "referral_received 2010-11-01 r1 - T1\nreferral_decided 2010-11-02 r1", [0]
        ) { $0.teams = units },
        FindingCase(
            .teamOutOfDates, "from its first day on it is in order",
            "referral_received 2010-11-08 r1 - T1\nreferral_decided 2010-11-09 r1", []
        ) { $0.teams = units },
        FindingCase(
            .eventNeverSeen,
            "no decision, closure, transfer or allocation while two clocks run; one is late, its child not seen and nothing decided",
            received, [0, 0, 0, 0, 0, 0]),
        FindingCase(
            .eventNeverSeen, "nothing runs for want of them",
            received + "referral_decided 2010-11-02 r1\ncase_closed 2010-11-03 r1", []),
        FindingCase(.eventNeverSeen, "the source cannot carry any but the decision", received, [0]) {
            $0.without = [
                "case_closed", "case_transferred", "case_allocated", "child_seen", "management_decision_recorded",
            ]
        },
    ]
}

@Suite("Findings, worked by hand")
struct FindingTests {
    @Test("of rows", arguments: FindingCase.rowsAlone)
    func rows(_ example: FindingCase) throws { try check(example) }

    @Test("of steps, clocks and names", arguments: FindingCase.steps)
    func steps(_ example: FindingCase) throws { try check(example) }

    private func check(_ example: FindingCase) throws {
        let found = try Engine(eventRows(example.rows), example.options).report.findings
        let lines = found.filter { $0.code == example.code }.map { Int($0.line) }.sorted()
        #expect(lines == example.lines)
    }

    @Test("every kind has a case in which it occurs")
    func everyKind() {
        let found = (FindingCase.rowsAlone + FindingCase.steps).filter { !$0.lines.isEmpty }.map(\.code)
        // Those about several exports, or the end of a file, are in FormatsTests.
        #expect(Set(found) == Set(FindingCode.allCases).subtracting([.nearMatch, .lastRowUnended]))
    }
}
