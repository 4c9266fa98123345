import Cards
import EngineTestSupport
import Reports
import Testing
import WorkingCalendar

@Suite("Cases whose rows are out of order, all weeks at once and each by itself")
struct DisorderTests {
    /// A child's rows, and why their weeks cannot all be read off the last.
    struct Disorder: CustomTestStringConvertible {
        var why: String
        /// Event, date, referral and step, with commas.
        var rows: [String]
        var testDescription: String { why }

        init(_ why: String, _ rows: String...) {
            self.why = why
            self.rows = rows
        }
    }

    static let disorders = [
        Disorder(
            "completed before it was started, and again: it was to be signed off all the while",
            "referral_received,2010-05-28,R1,", "initial_assessment_completed,2010-06-05,R1,A1",
            "initial_assessment_started,2010-06-07,R1,A1", "initial_assessment_completed,2010-07-02,R1,A1",
            "initial_assessment_authorised,2010-07-12,R1,A1"),
        Disorder(
            "returned and completed again: another sign-off clock before and after",
            "referral_received,2010-05-28,R1,", "initial_assessment_started,2010-06-01,R1,A1",
            "initial_assessment_completed,2010-06-10,R1,A1", "initial_assessment_returned,2010-06-23,R1,A1",
            "initial_assessment_completed,2010-07-06,R1,A1", "initial_assessment_authorised,2010-07-12,R1,A1"),
        Disorder(
            "the first of two was cancelled: the second takes its start from the referral from then on",
            "referral_received,2010-05-03,R1,", "core_assessment_started,2010-05-10,R1,A1",
            "core_assessment_started,2010-05-24,R1,A2", "core_assessment_cancelled,2010-06-15,R1,A1",
            "core_assessment_authorised,2010-07-20,R1,A2"),
        Disorder(
            "returned after an NFA had voided it: the return is counted in its own week",
            "referral_received,2010-05-03,R1,", "initial_assessment_started,2010-05-10,R1,A1",
            "referral_nfa,2010-05-18,R1,", "initial_assessment_returned,2010-06-09,R1,A1"),
        Disorder(
            "decided before it was received: not to be measured until the NFA voided it",
            "referral_decided,2010-05-03,R1,", "referral_received,2010-05-12,R1,", "referral_nfa,2010-06-15,R1,"),
        Disorder(
            "authorised after the closure: void until then, stopped from then on",
            "referral_received,2010-05-03,R1,", "initial_assessment_started,2010-05-10,R1,A1",
            "case_closed,2010-05-20,R1,", "initial_assessment_authorised,2010-06-30,R1,A1"),
        Disorder(
            "a review after the closure of the child's other referral: void until then",
            "referral_received,2010-05-03,R1,", "referral_nfa,2010-05-04,R1,", "icpc_held,2010-05-10,R1,",
            "cp_plan_started,2010-05-11,R1,P1", "referral_received,2010-05-05,R2,", "case_closed,2010-05-13,R2,",
            "cp_review_held,2010-07-14,R1,"),
        Disorder(
            "an answer to the S47 from before its start: not to be measured until it was cancelled",
            "referral_received,2010-05-03,R1,", "icpc_not_required,2010-05-11,R1,S1", "s47_started,2010-05-18,R1,S1",
            "s47_cancelled,2010-06-30,R1,S1"),
        Disorder(
            "a conference takes back that none is required",
            "referral_received,2010-05-03,R1,", "s47_started,2010-05-10,R1,S1", "icpc_not_required,2010-05-19,R1,S1",
            "icpc_held,2010-06-16,R1,S1"),
    ]

    @Test("every week is that of its own day", arguments: disorders)
    func weeks(of disorder: Disorder) throws {
        // Another child's row, so that there are weeks after the last of these.
        let rows = disorder.rows + ["referral_received,2010-08-04,R9,"]
        let lines = rows.enumerated().map { index, row in
            "\(index + 1 == rows.count ? "C2" : "C1"),\(row)\n"
        }
        let text = "child_id,event,date,referral_id,step_id\n" + lines.joined()
        var options = EngineOptions(asAt: "2010-08-08")
        options.weeks = 15
        options.switchedOn = ["allocation", "child_seen_s47"]
        let all = try figures(text, options)
        #expect(all.count > 50)
        for back in 1..<14 {
            let sunday = day("2010-08-08").adding(days: Int32(-7 * back))
            let own = try figures(text, EngineOptions(asAt: "\(sunday)").with { $0.switchedOn = options.switchedOn })
            #expect(own == all.filter { $0.hasPrefix("\(sunday),") }, "the week to \(sunday)")
        }
    }

    private func figures(_ text: String, _ options: EngineOptions) throws -> [String] {
        Tables.cards(try Engine(text, options).report).csv.split(separator: "\n").dropFirst().map(String.init)
            // What is not available differs with what the rows of a week carry.
            .filter { !$0.hasSuffix(":") }
    }
}
