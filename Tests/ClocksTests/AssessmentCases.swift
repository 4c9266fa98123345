extension ClockCase {
    private static let referral = "referral_received 2010-11-01 r1\ninitial_assessment_started 2010-11-03 r1 I1\n"
    private static let core = "referral_received 2010-11-01 r1\ncore_assessment_started 2010-11-03 r1 A1\n"
    /// One authorised row of the kind, so that completion ends nothing.
    private static let other =
        "c2: referral_received 2010-11-01 r2\nc2: initial_assessment_authorised 2010-11-02 r2 I9\n"

    static let assessments: [ClockCase] = [
        ClockCase(
            "the first one runs from the referral until it is authorised", "initial_assessment",
            referral + "initial_assessment_authorised 2010-11-15 r1 I1",
            ["I1 2010-11-01 2010-11-15 10 10 2010-11-15 in_time -"]),
        ClockCase(
            "authorised on the Saturday after its Friday is in time", "initial_assessment",
            "referral_received 2010-11-19 r1\ninitial_assessment_started 2010-11-22 r1 I1\n"
                + "initial_assessment_authorised 2010-12-04 r1 I1",
            ["I1 2010-11-19 2010-12-04 10 10 2010-12-03 in_time -"], asAt: "2010-12-05"),
        ClockCase(
            "authorised on the Monday after its Friday is late", "initial_assessment",
            "referral_received 2010-11-19 r1\ninitial_assessment_started 2010-11-22 r1 I1\n"
                + "initial_assessment_authorised 2010-12-06 r1 I1",
            ["I1 2010-11-19 2010-12-06 11 10 2010-12-03 late -"], asAt: "2010-12-12"),
        ClockCase(
            "a second one runs from its own start", "initial_assessment",
            referral + "initial_assessment_authorised 2010-11-05 r1 I1\ninitial_assessment_started 2010-11-08 r1 I2\n"
                + "initial_assessment_authorised 2010-11-22 r1 I2",
            [
                "I1 2010-11-01 2010-11-05 4 10 2010-11-15 in_time -",
                "I2 2010-11-08 2010-11-22 10 10 2010-11-22 in_time -",
            ]),
        ClockCase(
            "where the first is cancelled the next is the first", "initial_assessment",
            referral + "initial_assessment_cancelled 2010-11-04 r1 I1\ninitial_assessment_started 2010-11-08 r1 I2\n"
                + "initial_assessment_authorised 2010-11-12 r1 I2",
            [
                "I2 2010-11-01 2010-11-12 9 10 2010-11-15 in_time -",
                "I1 2010-11-03 2010-11-04 - 10 - void initial_assessment_cancelled",
            ]),
        ClockCase(
            "returned after it was authorised, it does not start again", "initial_assessment",
            referral + "initial_assessment_authorised 2010-11-10 r1 I1\ninitial_assessment_returned 2010-11-11 r1 I1\n"
                + "initial_assessment_authorised 2010-11-19 r1 I1",
            ["I1 2010-11-01 2010-11-10 7 10 2010-11-15 in_time -"]),
        ClockCase(
            "returned before it is authorised, it runs on", "initial_assessment",
            referral + "initial_assessment_completed 2010-11-08 r1 I1\ninitial_assessment_returned 2010-11-09 r1 I1\n"
                + "initial_assessment_authorised 2010-11-16 r1 I1",
            ["I1 2010-11-01 2010-11-16 11 10 2010-11-15 late -"]),
        ClockCase(
            "no row is authorised: the last completed ends it", "initial_assessment",
            referral + "initial_assessment_completed 2010-11-08 r1 I1\ninitial_assessment_returned 2010-11-09 r1 I1\n"
                + "initial_assessment_completed 2010-11-12 r1 I1",
            ["I1 2010-11-01 2010-11-12 9 10 2010-11-15 in_time -"]),
        ClockCase(
            "no row is authorised: a completed that was returned ends nothing", "initial_assessment",
            referral + "initial_assessment_completed 2010-11-08 r1 I1\ninitial_assessment_returned 2010-11-09 r1 I1",
            ["I1 2010-11-01 - 19 10 2010-11-15 overdue -"]),
        ClockCase(
            "completed and returned on one day: the return comes after", "initial_assessment",
            referral + "initial_assessment_returned 2010-11-08 r1 I1\ninitial_assessment_completed 2010-11-08 r1 I1",
            ["I1 2010-11-01 - 19 10 2010-11-15 overdue -"]),
        ClockCase(
            "one authorised row of the kind anywhere: completed ends nothing", "initial_assessment",
            referral + other + "initial_assessment_completed 2010-11-08 r1 I1",
            ["I1 2010-11-01 - 19 10 2010-11-15 overdue -"]),
        ClockCase(
            "one authorised row of another kind changes nothing", "initial_assessment",
            referral + "c2: core_assessment_authorised 2010-11-05 r9 A9\ninitial_assessment_completed 2010-11-08 r1 I1",
            ["I1 2010-11-01 2010-11-08 5 10 2010-11-15 in_time -"]),
        ClockCase(
            "the first is measured without a start", "initial_assessment",
            "referral_received 2010-11-01 r1\ninitial_assessment_authorised 2010-11-08 r1 I1",
            ["I1 2010-11-01 2010-11-08 5 10 2010-11-15 in_time -"]),
        ClockCase(
            "ended before the referral it runs from", "initial_assessment",
            "referral_received 2010-11-08 r1\ninitial_assessment_started 2010-11-03 r1 I1\n"
                + "initial_assessment_authorised 2010-11-05 r1 I1",
            ["I1 2010-11-08 - - 10 - unmeasurable end_before_start"]),
        ClockCase(
            "the referral was never received", "initial_assessment", "initial_assessment_started 2010-11-03 r1 I1",
            ["I1 - - - 10 - unmeasurable missing_referral"]),
        ClockCase(
            "seven days up to 16 March 2010", "initial_assessment",
            "referral_received 2010-03-16 r1\ninitial_assessment_started 2010-03-17 r1 I1",
            ["I1 2010-03-16 - 3 7 2010-03-25 due_soon -"], asAt: "2010-03-21"),
        ClockCase(
            "ten days from 17 March 2010", "initial_assessment",
            "referral_received 2010-03-17 r1\ninitial_assessment_started 2010-03-17 r1 I1",
            ["I1 2010-03-17 - 2 10 2010-03-31 open -"], asAt: "2010-03-21"),
        ClockCase(
            "due on the Friday before the Sunday: at its limit", "initial_assessment",
            "referral_received 2010-11-12 r1\ninitial_assessment_started 2010-11-12 r1 I1",
            ["I1 2010-11-12 - 10 10 2010-11-26 at_limit -"]),
        ClockCase(
            "five working days left are due soon", "initial_assessment",
            "referral_received 2010-11-19 r1\ninitial_assessment_started 2010-11-19 r1 I1",
            ["I1 2010-11-19 - 5 10 2010-12-03 due_soon -"]),
        ClockCase(
            "six working days left are open", "initial_assessment",
            "referral_received 2010-11-22 r1\ninitial_assessment_started 2010-11-22 r1 I1",
            ["I1 2010-11-22 - 4 10 2010-12-06 open -"]),
        ClockCase(
            "authorised after the as-at date is not there", "initial_assessment",
            referral + "initial_assessment_authorised 2010-11-29 r1 I1",
            ["I1 2010-11-01 - 19 10 2010-11-15 overdue -"]),
        ClockCase(
            "stopped and cancelled on one day: the stop wins", "core_assessment",
            core + "core_assessment_cancelled 2010-11-10 r1 A1\ncore_assessment_authorised 2010-11-10 r1 A1",
            ["A1 2010-11-03 2010-11-10 5 35 2010-12-22 in_time -"]),
        ClockCase(
            "cancelled the day before: void", "core_assessment",
            core + "core_assessment_cancelled 2010-11-09 r1 A1\ncore_assessment_authorised 2010-11-10 r1 A1",
            ["A1 2010-11-03 2010-11-09 - 35 - void core_assessment_cancelled"]),
        ClockCase(
            "authorised before its own start", "core_assessment", core + "core_assessment_authorised 2010-11-02 r1 A1",
            ["A1 2010-11-03 - - 35 - unmeasurable end_before_start"]),
        ClockCase(
            "without a start it cannot be measured", "core_assessment",
            "referral_received 2010-11-01 r1\ncore_assessment_authorised 2010-11-10 r1 A1",
            ["A1 - - - 35 - unmeasurable unknown_start"]),
        ClockCase(
            "begun in May 2013 on an April referral it keeps its limit", "core_assessment",
            "referral_received 2013-04-10 r1\ncore_assessment_started 2013-05-07 r1 A1",
            ["A1 2013-05-07 - 3 35 2013-06-26 open -"], asAt: "2013-05-12"),
        ClockCase(
            "no limit was in force at any of the dates: time is counted only", "core_assessment",
            "referral_received 2013-04-16 r1\ncore_assessment_started 2013-05-07 r1 A1",
            ["A1 2013-05-07 - 3 - - running -"], asAt: "2013-05-12"),
        ClockCase(
            "and stopped, not judged", "core_assessment",
            "referral_received 2013-04-16 r1\ncore_assessment_started 2013-05-07 r1 A1\n"
                + "core_assessment_authorised 2013-05-10 r1 A1",
            ["A1 2013-05-07 2013-05-10 3 - - stopped -"], asAt: "2013-05-12"),
        ClockCase(
            "45 days from the referral of 15 April 2013", "assessment",
            "referral_received 2013-04-15 r1\nassessment_started 2013-04-18 r1 A1\nassessment_authorised 2013-06-19 r1 A1",
            ["A1 2013-04-15 2013-06-19 45 45 2013-06-19 in_time -"], asAt: "2013-06-23"),
        ClockCase(
            "the same from its own start", "assessment_duration",
            "referral_received 2013-04-15 r1\nassessment_started 2013-04-18 r1 A1\nassessment_authorised 2013-06-19 r1 A1",
            ["A1 2013-04-18 2013-06-19 42 45 2013-06-24 in_time -"], asAt: "2013-06-23"),
        ClockCase(
            "past the end of the calendar", "assessment",
            "referral_received 2030-12-02 r1\nassessment_started 2030-12-02 r1 A1",
            ["A1 2030-12-02 - - 45 - unmeasurable calendar_too_short"], asAt: "2030-12-08"),
        ClockCase(
            "from completed to authorised", "authorisation",
            referral + "initial_assessment_completed 2010-11-08 r1 I1\ninitial_assessment_authorised 2010-11-15 r1 I1",
            ["I1 2010-11-08 2010-11-15 5 5 2010-11-15 in_time -"]),
        ClockCase(
            "from the last completed before the authorisation", "authorisation",
            referral + "initial_assessment_completed 2010-11-08 r1 I1\ninitial_assessment_returned 2010-11-09 r1 I1\n"
                + "initial_assessment_completed 2010-11-12 r1 I1\ninitial_assessment_authorised 2010-11-16 r1 I1",
            ["I1 2010-11-12 2010-11-16 2 5 2010-11-19 in_time -"]),
        ClockCase(
            "returned voids it", "authorisation",
            referral + other
                + "initial_assessment_completed 2010-11-08 r1 I1\ninitial_assessment_returned 2010-11-09 r1 I1",
            ["I1 2010-11-08 2010-11-09 - 5 - void initial_assessment_returned"]),
        ClockCase(
            "completed and not authorised, it runs", "authorisation",
            referral + other + "initial_assessment_completed 2010-11-22 r1 I1",
            ["I1 2010-11-22 - 4 5 2010-11-29 due_soon -"]),
    ]
}
