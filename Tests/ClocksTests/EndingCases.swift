import EngineTestSupport

extension ClockCase {
    private static let referral = "referral_received 2010-11-01 r1\ninitial_assessment_started 2010-11-03 r1 I1\n"

    static let endings: [ClockCase] = [
        ClockCase(
            "no further action voids what had not stopped", "initial_assessment",
            referral + "referral_nfa 2010-11-10 r1\ninitial_assessment_authorised 2010-11-12 r1 I1",
            ["I1 2010-11-01 2010-11-10 - 10 - void referral_nfa"]),
        ClockCase(
            "on one day the NFA wins", "initial_assessment",
            referral + "referral_nfa 2010-11-10 r1\ninitial_assessment_authorised 2010-11-10 r1 I1",
            ["I1 2010-11-01 2010-11-10 - 10 - void referral_nfa"]),
        ClockCase(
            "received, begun, authorised and NFA on one day: the NFA wins", "initial_assessment",
            "referral_received 2010-11-10 r1\ninitial_assessment_started 2010-11-10 r1 I1\n"
                + "referral_nfa 2010-11-10 r1\ninitial_assessment_authorised 2010-11-10 r1 I1",
            ["I1 2010-11-10 2010-11-10 - 10 - void referral_nfa"]),
        ClockCase(
            "signed on the day of the NFA: the wait for the signature is void", "authorisation",
            referral + "initial_assessment_completed 2010-11-08 r1 I1\nreferral_nfa 2010-11-10 r1\n"
                + "initial_assessment_authorised 2010-11-10 r1 I1",
            ["I1 2010-11-08 2010-11-10 - 5 - void referral_nfa"]),
        ClockCase(
            "an enquiry and an assessment ended on the day of the NFA: the window is void", "ia_and_s47_window",
            "referral_received 2010-11-01 r1\ninitial_assessment_started 2010-11-03 r1 I1\n"
                + "initial_assessment_authorised 2010-11-10 r1 I1\nreferral_nfa 2010-11-10 r1",
            ["- 2010-11-01 2010-11-10 - 56 - void referral_nfa"]
        ) { $0.switchedOn = ["ia_and_s47_window"] },
        ClockCase(
            "stopped before the NFA it stays stopped", "initial_assessment",
            referral + "referral_nfa 2010-11-10 r1\ninitial_assessment_authorised 2010-11-09 r1 I1",
            ["I1 2010-11-01 2010-11-09 6 10 2010-11-15 in_time -"]),
        ClockCase(
            "begun after the NFA it is void from its start", "core_assessment",
            referral + "referral_nfa 2010-11-10 r1\ncore_assessment_started 2010-11-15 r1 A1",
            ["A1 2010-11-15 2010-11-15 - 35 - void referral_nfa"]),
        ClockCase(
            "an S47 on an NFA referral is measured", "s47_to_icpc",
            "referral_received 2010-11-01 r1\nreferral_nfa 2010-11-02 r1\ns47_started 2010-11-15 r1 S1",
            ["S1 2010-11-15 - 9 15 2010-12-06 open -"]),
        ClockCase(
            "the NFA decides the referral", "referral_decision",
            "referral_received 2010-11-01 r1\nreferral_nfa 2010-11-03 r1",
            ["- 2010-11-01 2010-11-03 2 1 2010-11-02 late -"]),
        ClockCase(
            "the NFA voids short-term work", "short_term_work",
            "referral_received 2010-11-01 r1\nreferral_nfa 2010-11-10 r1\ncase_closed 2010-11-10 r1",
            ["- 2010-11-01 2010-11-10 - 84 - void referral_nfa"]),
        ClockCase(
            "a closure voids what runs", "initial_assessment", referral + "case_closed 2010-11-20 r1",
            ["I1 2010-11-01 2010-11-20 - 10 - void case_closed"]),
        ClockCase(
            "a stop after the closure still stops", "initial_assessment",
            referral + "case_closed 2010-11-10 r1\ninitial_assessment_authorised 2010-11-12 r1 I1",
            ["I1 2010-11-01 2010-11-12 9 10 2010-11-15 in_time -"]),
        ClockCase(
            "unless it is after the as-at date", "initial_assessment",
            referral + "case_closed 2010-11-10 r1\ninitial_assessment_authorised 2010-11-30 r1 I1",
            ["I1 2010-11-01 2010-11-10 - 10 - void case_closed"]),
        ClockCase(
            "a closure before the step's start voids nothing", "core_assessment",
            "referral_received 2010-11-01 r1\ncase_closed 2010-11-02 r1\ncore_assessment_started 2010-11-08 r1 A1",
            ["A1 2010-11-08 - 14 35 2010-12-29 open -"]),
        ClockCase(
            "cancelled and closed on one day: cancelled is the reason", "core_assessment",
            "referral_received 2010-11-01 r1\ncore_assessment_started 2010-11-08 r1 A1\n"
                + "core_assessment_cancelled 2010-11-10 r1 A1\ncase_closed 2010-11-10 r1",
            ["A1 2010-11-08 2010-11-10 - 35 - void core_assessment_cancelled"]),
        ClockCase(
            "a closure voids the wait for a conference", "s47_to_icpc",
            "referral_received 2010-11-01 r1\ns47_started 2010-11-02 r1 S1\ncase_closed 2010-11-15 r1",
            ["S1 2010-11-02 2010-11-15 - 15 - void case_closed"]),
        ClockCase(
            "a closure voids core groups only where no referral is left open", "icpc_to_core_group",
            "referral_received 2010-11-01 r1\nreferral_received 2010-11-02 r2\nicpc_held 2010-11-15 r1 S1\n"
                + "cp_plan_started 2010-11-15 r1 P1\ncase_closed 2010-11-22 r1",
            ["S1 2010-11-15 - 9 10 2010-11-29 due_soon -"]),
        ClockCase(
            "and voids them on the last closure", "icpc_to_core_group",
            "referral_received 2010-11-01 r1\nicpc_held 2010-11-15 r1 S1\ncp_plan_started 2010-11-15 r1 P1\n"
                + "case_closed 2010-11-22 r1",
            ["S1 2010-11-15 2010-11-22 - 10 - void case_closed"]),
    ]

    static let referrals: [ClockCase] = [
        ClockCase(
            "decided on the next day", "referral_decision",
            "referral_received 2010-11-01 r1\nreferral_decided 2010-11-02 r1",
            ["- 2010-11-01 2010-11-02 1 1 2010-11-02 in_time -"]),
        ClockCase(
            "decided on the same day", "referral_decision",
            "referral_received 2010-11-01 r1\nreferral_decided 2010-11-01 r1",
            ["- 2010-11-01 2010-11-01 0 1 2010-11-02 in_time -"]),
        ClockCase(
            "received on Christmas Day 2010", "referral_decision",
            "referral_received 2010-12-25 r1\nreferral_decided 2010-12-29 r1",
            ["- 2010-12-25 2010-12-29 1 1 2010-12-29 in_time -"], asAt: "2011-01-02"),
        ClockCase(
            "the first of several decisions", "referral_decision",
            "referral_received 2010-11-01 r1\nreferral_decided 2010-11-05 r1\nreferral_nfa 2010-11-03 r1",
            ["- 2010-11-01 2010-11-03 2 1 2010-11-02 late -"]),
        ClockCase(
            "not decided", "referral_decision", "referral_received 2010-11-01 r1",
            ["- 2010-11-01 - 19 1 2010-11-02 overdue -"]),
        ClockCase(
            "decided before it was received", "referral_decision",
            "referral_received 2010-11-01 r1\nreferral_decided 2010-10-29 r1",
            ["- 2010-11-01 - - 1 - unmeasurable end_before_start"]),
        ClockCase(
            "received more than once: the earliest", "referral_decision",
            "referral_received 2010-11-04 r1\nreferral_received 2010-11-01 r1\nreferral_decided 2010-11-05 r1",
            ["- 2010-11-01 2010-11-05 4 1 2010-11-02 late -"]),
        ClockCase(
            "no source has decisions: no evidence is not bad news", "referral_decision",
            "referral_received 2010-11-01 r1",
            ["- 2010-11-01 - - 1 - unmeasurable no_evidence"]
        ) { $0.without = ["referral_decided"] },
        ClockCase(
            "no source has decisions: what stopped is judged", "referral_decision",
            "referral_received 2010-11-01 r1\nreferral_nfa 2010-11-02 r1",
            ["- 2010-11-01 2010-11-02 1 1 2010-11-02 in_time -"]
        ) { $0.without = ["referral_decided"] },
        ClockCase(
            "to the first case_allocated", "allocation",
            "referral_received 2010-11-01 r1\ncase_allocated 2010-11-03 r1\ncase_allocated 2010-11-02 r1",
            ["- 2010-11-01 2010-11-02 1 1 2010-11-02 in_time -"]
        ) { $0.switchedOn = ["allocation"] },
        ClockCase(
            "no further action voids it", "allocation",
            "referral_received 2010-11-01 r1\nreferral_nfa 2010-11-02 r1\ncase_allocated 2010-11-02 r1",
            ["- 2010-11-01 2010-11-02 - 1 - void referral_nfa"]
        ) { $0.switchedOn = ["allocation"] },
        ClockCase(
            "switched off it has no clocks", "allocation",
            "referral_received 2010-11-01 r1\ncase_allocated 2010-11-03 r1", []),
        ClockCase(
            "stopped by the closure", "short_term_work", "referral_received 2010-11-01 r1\ncase_closed 2010-11-22 r1",
            ["- 2010-11-01 2010-11-22 21 84 2011-01-24 in_time -"]),
        ClockCase(
            "no unit is marked: the first transfer stops it", "short_term_work",
            "referral_received 2010-11-01 r1\ncase_transferred 2010-11-15 r1 - T2\ncase_closed 2010-11-22 r1",
            ["- 2010-11-01 2010-11-15 14 84 2011-01-24 in_time -"]),
        ClockCase(
            "past eight weeks", "short_term_work", "referral_received 2010-11-01 r1",
            ["- 2010-11-01 - 62 84 2011-01-24 beyond_expected -"], asAt: "2011-01-02"),
        ClockCase(
            "twelve weeks and a day", "short_term_work", "referral_received 2010-11-01 r1",
            ["- 2010-11-01 - 85 84 2011-01-24 overdue -"], asAt: "2011-01-25"),
        ClockCase(
            "stopped between eight and twelve weeks is in time", "short_term_work",
            "referral_received 2010-11-01 r1\ncase_closed 2011-01-24 r1",
            ["- 2010-11-01 2011-01-24 84 84 2011-01-24 in_time -"], asAt: "2011-01-30"),
        ClockCase(
            "marked units: from a marked holder to one not marked", "short_term_work",
            "referral_received 2010-11-01 r1 - S\nteam_changed 2010-11-08 r1 - S2\nteam_changed 2010-11-15 r1 - L",
            ["- 2010-11-01 2010-11-15 14 84 2011-01-24 in_time -"]
        ) { $0.teams = marked },
        ClockCase(
            "marked units: never held by one", "short_term_work",
            "referral_received 2010-11-01 r1 - L\ncase_closed 2010-11-15 r1", []
        ) { $0.teams = marked },
        ClockCase(
            "the latest end of all, of a referral of 12 August 2010", "ia_and_s47_window",
            "referral_received 2010-08-12 r1\ninitial_assessment_started 2010-08-13 r1 I1\n"
                + "initial_assessment_authorised 2010-09-01 r1 I1\ns47_started 2010-08-20 r1 S1\n"
                + "s47_completed 2010-09-10 r1 S1",
            ["2010-08-12 2010-09-10 29 56 2010-10-07 in_time"], columns: window
        ) { $0.switchedOn = ["ia_and_s47_window"] },
        ClockCase(
            "not of a referral of the day before", "ia_and_s47_window",
            "referral_received 2010-08-11 r1\ninitial_assessment_started 2010-08-13 r1 I1", []
        ) { $0.switchedOn = ["ia_and_s47_window"] },
        ClockCase(
            "not without either step", "ia_and_s47_window", "referral_received 2010-08-12 r1", []
        ) { $0.switchedOn = ["ia_and_s47_window"] },
    ]

    private static let window = ["started_on", "stopped_on", "elapsed", "limit", "due_on", "verdict"]

    private static let marked = """
        unit,team,group_manager,service,short_term,from,to,succeeded_by
        S,Short,G,Svc,1,,,
        S2,Short,G,Svc,1,,,
        L,Long,G,Svc,0,,,

        """
}
