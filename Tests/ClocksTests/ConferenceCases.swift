import EngineTestSupport

extension ClockCase {
    private static let two =
        "referral_received 2010-11-01 r1\ns47_started 2010-11-01 r1 S1\ns47_started 2010-11-08 r1 S2\n"
    private static let one = "referral_received 2010-11-01 r1\ns47_started 2010-11-01 r1 S1\n"

    static let conferences: [ClockCase] = [
        ClockCase(
            "fifteen working days", "s47_to_icpc", one + "icpc_held 2010-11-22 r1",
            ["S1 2010-11-01 2010-11-22 15 15 2010-11-22 in_time -"]),
        ClockCase(
            "Christmas 2010: not 21 calendar days", "s47_to_icpc",
            "referral_received 2010-12-20 r1\ns47_started 2010-12-20 r1 S1\nicpc_held 2011-01-13 r1 S1",
            ["S1 2010-12-20 2011-01-13 15 15 2011-01-13 in_time -"], asAt: "2011-01-16"),
        ClockCase(
            "one conference stops every S47 begun on or before it", "s47_to_icpc", two + "icpc_held 2010-11-22 r1",
            [
                "S1 2010-11-01 2010-11-22 15 15 2010-11-22 in_time -",
                "S2 2010-11-08 2010-11-22 10 15 2010-11-29 in_time -",
            ]),
        ClockCase(
            "not one begun after it", "s47_to_icpc",
            one + "icpc_held 2010-11-22 r1\ns47_started 2010-11-23 r1 S2",
            [
                "S1 2010-11-01 2010-11-22 15 15 2010-11-22 in_time -",
                "S2 2010-11-23 - 3 15 2010-12-14 open -",
            ]),
        ClockCase(
            "a conference without a referral", "s47_to_icpc", one + "icpc_held 2010-11-22",
            ["S1 2010-11-01 2010-11-22 15 15 2010-11-22 in_time -"]),
        ClockCase(
            "not required, by its step id", "s47_to_icpc", two + "icpc_not_required 2010-11-10 r1 S2",
            [
                "S1 2010-11-01 - 19 15 2010-11-22 overdue -",
                "S2 2010-11-08 2010-11-10 - 15 - void icpc_not_required",
            ]),
        ClockCase(
            "not required, without step id: the earliest that runs", "s47_to_icpc",
            two + "icpc_not_required 2010-11-10 r1",
            [
                "S1 2010-11-01 2010-11-10 - 15 - void icpc_not_required",
                "S2 2010-11-08 - 14 15 2010-11-29 due_soon -",
            ]),
        ClockCase(
            "a second not required takes the next one", "s47_to_icpc",
            two + "icpc_not_required 2010-11-10 r1\nicpc_not_required 2010-11-11 r1",
            [
                "S1 2010-11-01 2010-11-10 - 15 - void icpc_not_required",
                "S2 2010-11-08 2010-11-11 - 15 - void icpc_not_required",
            ]),
        ClockCase(
            "not required stays void, whatever conference comes", "s47_to_icpc",
            one + "icpc_not_required 2010-11-10 r1 S1\nicpc_held 2010-11-15 r1",
            ["S1 2010-11-01 2010-11-10 - 15 - void icpc_not_required"]),
        ClockCase(
            "unless the conference carries its step id", "s47_to_icpc",
            one + "icpc_not_required 2010-11-10 r1 S1\nicpc_held 2010-11-15 r1 S1",
            ["S1 2010-11-01 2010-11-15 10 15 2010-11-22 in_time -"]),
        ClockCase(
            "not required on the conference's day changes nothing", "s47_to_icpc",
            one + "icpc_not_required 2010-11-15 r1 S1\nicpc_held 2010-11-15 r1 S1",
            ["S1 2010-11-01 2010-11-15 10 15 2010-11-22 in_time -"]),
        ClockCase(
            "cancelled is void for good", "s47_to_icpc",
            one + "s47_cancelled 2010-11-10 r1 S1\nicpc_held 2010-11-15 r1 S1",
            ["S1 2010-11-01 2010-11-10 - 15 - void s47_cancelled"]),
        ClockCase(
            "completing the enquiry does not end the wait for its conference", "s47_to_icpc",
            one + "s47_completed 2010-11-10 r1 S1", ["S1 2010-11-01 - 19 15 2010-11-22 overdue -"]),
        ClockCase(
            "a conference before the enquiry is another one's", "s47_to_icpc",
            "referral_received 2010-10-25 r1\ns47_started 2010-11-15 r1 S1\nicpc_held 2010-11-08 r1",
            ["S1 2010-11-15 - 9 15 2010-12-06 open -"]),
        ClockCase(
            "an enquiry without a start", "s47_to_icpc",
            "referral_received 2010-11-01 r1\ns47_completed 2010-11-10 r1 S1",
            ["S1 - - - 15 - unmeasurable unknown_start"]),
        ClockCase(
            "no source has conferences", "s47_to_icpc", one, ["S1 2010-11-01 - - 15 - unmeasurable no_evidence"]
        ) { $0.without = ["icpc_held"] },
        ClockCase(
            "seen on the next day", "child_seen_s47", one + "child_seen 2010-10-31 r1\nchild_seen 2010-11-02",
            ["S1 2010-11-01 2010-11-02 1 1 2010-11-02 in_time -"]
        ) { $0.switchedOn = ["child_seen_s47"] },
        ClockCase(
            "seen before the enquiry only: it runs and is not unmeasurable", "child_seen_s47",
            one + "child_seen 2010-10-31 r1", ["S1 2010-11-01 - 19 1 2010-11-02 overdue -"]
        ) { $0.switchedOn = ["child_seen_s47"] },
        ClockCase(
            "not required does not void the visit", "child_seen_s47", one + "icpc_not_required 2010-11-01 r1 S1",
            ["S1 2010-11-01 - 19 1 2010-11-02 overdue -"]
        ) { $0.switchedOn = ["child_seen_s47"] },
        ClockCase(
            "to the conference here", "transfer_in_conference",
            "referral_received 2010-11-01 r1\ntransfer_in_notified 2010-11-01 r1\n"
                + "transfer_in_conference_held 2010-11-23 r1",
            ["2010-11-01 2010-11-23 16 15 2010-11-22 late"],
            columns: ["started_on", "stopped_on", "elapsed", "limit", "due_on", "verdict"]),
    ]

    private static let conference = "referral_received 2010-10-25 r1\nicpc_held 2010-11-01 r1 S1\n"
    private static let plan = conference + "cp_plan_started 2010-11-01 r1 P1\n"
    private static let short = ["started_on", "stopped_on", "elapsed", "limit", "due_on", "verdict", "reason"]

    static let plans: [ClockCase] = [
        ClockCase(
            "ten working days from the conference", "icpc_to_core_group", plan + "core_group_held 2010-11-15 r1",
            ["2010-11-01 2010-11-15 10 10 2010-11-15 in_time -"], columns: short),
        ClockCase(
            "a plan begun fifteen days after the conference is its own", "icpc_to_core_group",
            conference + "cp_plan_started 2010-11-16 r1 P1", ["2010-11-01 - 19 10 2010-11-15 overdue -"], columns: short
        ),
        ClockCase(
            "sixteen days after, it is not", "icpc_to_core_group", conference + "cp_plan_started 2010-11-17 r1 P1", [],
            columns: short),
        ClockCase(
            "begun before the conference, it is not", "icpc_to_core_group",
            conference + "cp_plan_started 2010-10-31 r1 P1", [], columns: short),
        ClockCase(
            "the end of the plan voids it", "icpc_to_core_group", plan + "cp_plan_ended 2010-11-10 r1 P1",
            ["2010-11-01 2010-11-10 - 10 - void cp_plan_ended"], columns: short),
        ClockCase(
            "a core group before the conference is no end before the start", "icpc_to_core_group",
            plan + "core_group_held 2010-10-28 r1", ["2010-11-01 - 19 10 2010-11-15 overdue -"], columns: short),
        ClockCase(
            "a transfer-in conference counts as one", "icpc_to_core_group",
            "referral_received 2010-11-01 r1\ntransfer_in_conference_held 2010-11-08 r1\n"
                + "cp_plan_started 2010-11-08 r1 P1\ncore_group_held 2010-11-22 r1",
            ["2010-11-08 2010-11-22 10 10 2010-11-22 in_time -"], columns: short),
        ClockCase(
            "no source has plans", "icpc_to_core_group", conference, [], columns: short
        ) { $0.without = ["cp_plan_started"] },
        ClockCase(
            "three months from 30 November end on 28 February", "first_review",
            "referral_received 2010-11-01 r1\nicpc_held 2010-11-30 r1 S1\ncp_plan_started 2010-11-30 r1 P1",
            ["2010-11-30 - 5 90 2011-02-28 open -"], asAt: "2010-12-05", columns: short),
        ClockCase(
            "a review on the conference's day does not stop it", "first_review",
            plan + "cp_review_held 2010-11-01 r1\ncp_review_held 2010-11-22 r1",
            ["2010-11-01 2010-11-22 21 92 2011-02-01 in_time -"], columns: short),
        ClockCase(
            "six months from each review to the next", "later_review",
            plan + "cp_review_held 2010-11-08 r1\ncp_review_held 2010-11-22 r1",
            [
                "2010-11-08 2010-11-22 14 181 2011-05-08 in_time -",
                "2010-11-22 - 6 181 2011-05-22 open -",
            ], columns: short),
        ClockCase(
            "not where no plan was running on its day", "later_review",
            plan + "cp_plan_ended 2010-11-05 r1 P1\ncp_review_held 2010-11-08 r1", [], columns: short),
        ClockCase(
            "ended on the review's day, the plan voids it", "later_review",
            plan + "cp_review_held 2010-11-08 r1\ncp_plan_ended 2010-11-08 r1 P1",
            ["2010-11-08 2010-11-08 - 181 - void cp_plan_ended"], columns: short),
        ClockCase(
            "an end without a step id ends the earliest open plan", "later_review",
            plan + "cp_plan_ended 2010-11-05\ncp_plan_started 2010-11-06 r1 P2\ncp_review_held 2010-11-08 r1",
            ["2010-11-08 - 20 181 2011-05-08 open -"], columns: short),
    ]
}
