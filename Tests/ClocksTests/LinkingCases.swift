extension ClockCase {
    private static let places = ["referral_id", "step_id", "started_on", "stopped_on", "verdict"]
    private static let two = "referral_received 2010-11-01 r1\nreferral_received 2010-11-10 r2\n"
    private static let core = "core_assessment"

    static let linking: [ClockCase] = [
        ClockCase(
            "a step id without a referral joins the child's step of that id", core,
            two + "core_assessment_started 2010-11-03 r1 A1\ncore_assessment_authorised 2010-11-15 - A1",
            ["r1 A1 2010-11-03 2010-11-15 in_time"], columns: places),
        ClockCase(
            "of two such steps, the latest begun on or before it", core,
            two + "core_assessment_started 2010-11-03 r1 A1\ncore_assessment_started 2010-11-12 r2 A1\n"
                + "core_assessment_authorised 2010-11-15 - A1",
            ["r1 A1 2010-11-03 - open", "r2 A1 2010-11-12 2010-11-15 in_time"], columns: places),
        ClockCase(
            "of two such steps of which none has begun, that of the greatest referral", core,
            two + "core_assessment_completed 2010-11-24 r2 A1\ncore_assessment_started 2010-11-26 r1 A1\n"
                + "core_assessment_started 2010-11-20 - A1",
            ["r2 A1 2010-11-20 2010-11-24 in_time", "r1 A1 2010-11-26 - open"], columns: places),
        ClockCase(
            "begun on its day counts, whatever the order of the day", core,
            two + "core_assessment_completed 2010-11-24 r2 A1\ncore_assessment_started 2010-11-20 r1 A1\n"
                + "core_assessment_started 2010-11-20 - A1",
            ["r2 A1 - - unmeasurable", "r1 A1 2010-11-20 - open"], columns: places),
        ClockCase(
            "without either id a start joins the latest referral on or before it", core,
            two + "core_assessment_started 2010-11-05\ncore_assessment_started 2010-11-12 - A2\n"
                + "core_assessment_authorised 2010-11-26 r9 A9",
            ["r9 A9 - - unmeasurable", "r1 - 2010-11-05 - open", "r2 A2 2010-11-12 - open"], columns: places),
        ClockCase(
            "of two referrals of one day, the greatest id", core,
            "referral_received 2010-11-01 r10\nreferral_received 2010-11-01 r9\ncore_assessment_started 2010-11-05 - A1",
            ["r9 A1 2010-11-05 - open"], columns: places),
        ClockCase(
            "an end without either id joins the earliest open step of its kind", core,
            "referral_received 2010-11-01 r1\ncore_assessment_started 2010-11-03 r1 A1\n"
                + "core_assessment_started 2010-11-05 r1 A2\ncore_assessment_authorised 2010-11-15",
            ["r1 A1 2010-11-03 2010-11-15 in_time", "r1 A2 2010-11-05 - open"], columns: places),
        ClockCase(
            "but not one in a referral closed before it", core,
            two + "core_assessment_started 2010-11-03 r1 A1\ncase_closed 2010-11-12 r1\n"
                + "core_assessment_started 2010-11-11 r2 A2\ncore_assessment_authorised 2010-11-15",
            ["r1 A1 2010-11-03 2010-11-12 void", "r2 A2 2010-11-11 2010-11-15 in_time"], columns: places),
        ClockCase(
            "a start without a step id always begins a step; ends go to the earliest that is open", core,
            "referral_received 2010-11-01 r1\ncore_assessment_started 2010-11-03 r1\n"
                + "core_assessment_started 2010-11-05 r1\ncore_assessment_authorised 2010-11-15 r1\n"
                + "core_assessment_authorised 2010-11-16 r1",
            ["r1 - 2010-11-03 2010-11-15 in_time", "r1 - 2010-11-05 2010-11-16 in_time"], columns: places),
        ClockCase(
            "several starts of one id: the earliest", core,
            "referral_received 2010-11-01 r1\ncore_assessment_started 2010-11-05 r1 A1\n"
                + "core_assessment_started 2010-11-03 r1 A1",
            ["r1 A1 2010-11-03 - open"], columns: places),
        ClockCase(
            "one step id in two referrals is two steps", core,
            two + "core_assessment_started 2010-11-03 r1 A1\ncore_assessment_authorised 2010-11-15 r2 A1",
            ["r2 A1 - - unmeasurable", "r1 A1 2010-11-03 - open"], columns: places),
        ClockCase(
            "a referral received without an id is one of its own", "referral_decision",
            "referral_received 2010-11-01\nreferral_received 2010-11-08\nreferral_decided 2010-11-09",
            ["- - 2010-11-01 - overdue", "- - 2010-11-08 2010-11-09 in_time"], columns: places),
        ClockCase(
            "contacts belong to no referral", "referral_decision",
            "contact_received 2010-11-01\ncontact_decided 2010-11-02", [], columns: places),
        ClockCase(
            "rows of one day stand in the order of the vocabulary, not of the file", core,
            "core_assessment_authorised 2010-11-05 r1\ncore_assessment_completed 2010-11-05 r1\n"
                + "core_assessment_started 2010-11-05 r1\nreferral_received 2010-11-05 r1",
            ["r1 - 2010-11-05 2010-11-05 in_time"], columns: places),
    ]

    private static let who = ["team", "worker", "verdict"]
    private static let begun =
        "referral_received 2010-11-01 r1 - T1 w1\ninitial_assessment_started 2010-11-03 r1 I1 T1 w1\n"
    private static let rule = "initial_assessment"

    static let holders: [ClockCase] = [
        ClockCase("the team of the latest holding event", rule, begun, ["T1 w1 overdue"], columns: who),
        ClockCase(
            "running work belongs to whoever holds it as at the day", rule,
            begun + "team_changed 2010-11-22 r1 - T2 w2", ["T2 w2 overdue"], columns: who),
        ClockCase(
            "handed on on the day of sign-off, it is still that of the day before", rule,
            begun + "team_changed 2010-11-16 r1 - T2 w2\ninitial_assessment_authorised 2010-11-16 r1 I1 T2 w2",
            ["T1 w1 late"], columns: who),
        ClockCase(
            "void work is that of the day before it was voided", rule,
            begun + "case_transferred 2010-11-20 r1 - T2\ncase_closed 2010-11-20 r1 - T2", ["T1 w1 void"], columns: who),
        ClockCase(
            "case_allocated names the team that receives", rule, begun + "case_allocated 2010-11-04 r1 - T4 w9",
            ["T4 w9 overdue"], columns: who),
        ClockCase(
            "who acts does not hold", rule,
            begun + "strategy_discussion_held 2010-11-10 r1 - Night n1\ns47_started 2010-11-10 r1 S1 Night n1\n"
                + "child_seen 2010-11-10 r1 - Night n1", ["T1 w1 overdue"], columns: who),
        ClockCase(
            "unless nobody holds", rule,
            "referral_received 2010-11-01 r1\ninitial_assessment_started 2010-11-03 r1 I1\n"
                + "strategy_discussion_held 2010-11-10 r1 - T7 w7", ["T7 - overdue"], columns: who),
        ClockCase(
            "of one day, the first in the order of holding events", rule,
            begun + "case_allocated 2010-11-08 r1 - T3\nteam_changed 2010-11-08 r1 - T2", ["T2 - overdue"], columns: who
        ),
        ClockCase(
            "a worker older than the row that gave the team is not taken along", rule,
            begun + "team_changed 2010-11-10 r1 - T2", ["T2 - overdue"], columns: who),
        ClockCase(
            "a later holding event without a team gives the worker", rule,
            begun + "case_allocated 2010-11-10 r1 - - w5", ["T1 w5 overdue"], columns: who),
        ClockCase(
            "no row has a team: nobody", rule,
            "referral_received 2010-11-01 r1\ninitial_assessment_started 2010-11-03 r1 I1",
            ["- - overdue"], columns: who),
        ClockCase(
            "stopped on the first day: of that day", "referral_decision",
            "referral_received 2010-11-01 r1 - T1 w1\nreferral_decided 2010-11-01 r1 - T2 w2", ["T2 w2 in_time"],
            columns: who),
    ]
}
