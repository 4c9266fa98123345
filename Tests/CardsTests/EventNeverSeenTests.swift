import Cards
import CaseEvents
import EngineTestSupport
import Testing

@Suite("An event that a measure or exception needs and no row has")
struct EventNeverSeenTests {
    private static let rows = """
        child_id,event,date,referral_id,step_id,recorded_at,team
        c1,referral_received,2010-09-01,r1,,2010-09-01,T1
        c1,core_assessment_started,2010-09-02,r1,A1,2010-09-02,T1
        c1,s47_started,2010-11-22,r1,S1,2010-11-22,T1

        """

    /// The events warned of, with the clocks that each leaves open.
    private func warned(_ text: String, without: [String] = []) throws -> [String: Int] {
        let run = try Engine(text, EngineOptions().with { $0.without = without })
        let values = run.report.findings.filter { $0.code == .eventNeverSeen }.map { $0.value.split(separator: " ") }
        return Dictionary(uniqueKeysWithValues: values.map { (String($0[0]), Int($0[1].dropFirst()) ?? -1) })
    }

    @Test("is a warning with the running clocks it leaves open, each counted once")
    func isWarnedOf() throws {
        let run = try Engine(Self.rows)
        let running = run.report.clocks.filter {
            ["overdue", "at_limit", "due_soon", "beyond_expected", "open", "running"].contains($0.verdict)
        }
        let overdue = running.filter { $0.verdict == "overdue" }
        let watched = running.filter { ["core_assessment", "s47_to_icpc"].contains($0.rule) }
        #expect(Set(overdue.map(\.rule)).isSuperset(of: ["referral_decision", "core_assessment"]))
        #expect(watched.count == 2 && running.count > overdue.count)

        let warned = try warned(Self.rows)
        #expect(warned["child_seen"] == overdue.count + 1, "the S47 is not overdue, and the assessment is one of them")
        #expect(warned["management_decision_recorded"] == overdue.count)
        #expect(warned["case_allocated"] == running.count)
        #expect(warned["referral_decided"] == running.count)
        for event in ["icpc_arranged", "icpc_not_required", "s47_completed"] { #expect(warned[event] == 1, "\(event)") }
    }

    @Test("is none where one row has it, where it cannot be carried, and where nothing runs")
    func isNotWarnedOf() throws {
        let seen = try warned(Self.rows + "c2,child_seen,2010-11-22,r2,,2010-11-22,T1\n")
        #expect(seen["child_seen"] == nil && seen["case_allocated"] != nil)
        let declared = try warned(Self.rows, without: ["case_allocated"])
        #expect(declared["case_allocated"] == nil && declared["child_seen"] != nil)
        #expect(
            try warned(Self.rows + "c1,referral_nfa,2010-09-01,r1,,,T1\nc1,s47_cancelled,2010-11-23,r1,S1,,T1\n")[
                "child_seen"] == nil)
    }
}
