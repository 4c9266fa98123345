import Cards
import EngineTestSupport
import Reports
import Testing
import WorkingCalendar

/// Some events, and the exceptions they make, worked out by hand.
struct ExceptionCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let rows: String
    /// One line a row: rule, rank, kind, also, status, weeks listed.
    let expected: [String]
    let options: EngineOptions

    init(
        _ why: String, _ rows: String, _ expected: [String], asAt: String = "2010-11-28",
        _ change: (inout EngineOptions) -> Void = { _ in }
    ) {
        testDescription = why
        self.rows = rows
        self.expected = expected
        var options = EngineOptions(asAt: asAt)
        change(&options)
        self.options = options
    }
}

@Suite("Exceptions, worked by hand")
struct ExceptionTests {
    @Test("kinds, ranks and lives", arguments: ExceptionCase.all)
    func exception(_ example: ExceptionCase) throws {
        let run = try Engine(eventRows(example.rows, team: "T1"), example.options)
        let columns = ["child_id", "rule", "rank", "kind", "also", "status", "weeks_listed"]
        let lines = run.exceptions(columns).filter { $0.hasPrefix("c1 ") }.map { String($0.dropFirst(3)) }
        #expect(lines == example.expected)
    }

    @Test("by rank, then days past the due date, then start; a family at the place of its gravest row")
    func order() throws {
        let run = try Engine(
            eventRows(
                // Decisions overdue by 1, 4 and 9 days, all of rank 2, and a conference of rank 1 in family f1.
                "a: referral_received 2010-11-24 a family_id=f1\nb: referral_received 2010-11-19 b\n"
                    + "c: referral_received 2010-11-12 c family_id=f1\nd: referral_received 2010-11-19 d\n"
                    + "e: referral_received 2010-11-01 e family_id=f1\ne: referral_decided 2010-11-01 e\n"
                    + "e: s47_started 2010-11-01 e S\ne: child_seen 2010-11-01 e\ne: case_allocated 2010-11-01 e\n"
                    + "e: icpc_arranged 2010-11-29 e\n"))
        #expect(
            run.exceptions(["child_id", "rule"], where: { $0["rank"] == "1" || $0["rule"] == "referral_decision" }) == [
                "e s47_to_icpc", "c referral_decision", "a referral_decision", "b referral_decision",
                "d referral_decision",
            ])
    }

    @Test("the dates a reader needs while there is a delay, and days past the due date")
    func dates() throws {
        let run = try Engine(
            eventRows(
                "referral_received 2010-11-01 r1 - T1 w1 family_id=f1\nreferral_decided 2010-11-02 r1\n"
                    + "case_allocated 2010-11-02 r1 - T1 w1\ninitial_assessment_started 2010-11-02 r1 I1\n"
                    + "child_seen 2010-11-08 r1\nmanagement_decision_recorded 2010-11-16 r1\nchild_seen 2010-11-29 r1"))
        let columns = [
            "week_ending", "team", "worker", "family_id", "step_id", "rule", "kind", "started_on", "due_on", "elapsed",
            "limit", "days_over", "last_seen_on", "last_decision_on", "last_event_on",
        ]
        #expect(
            run.exceptions(columns) == [
                "2010-11-28 T1 w1 f1 I1 initial_assessment overdue 2010-11-01 2010-11-15 19 10 9 2010-11-08 2010-11-16 2010-11-16"
            ])
    }

    @Test("a Group Manager has no page for a team that is another one's now")
    func formerManager() throws {
        let rows =
            "referral_received 2010-11-01 r1 - U1\nreferral_decided 2010-11-23 r1 - U1\n"
            + "c2: referral_received 2010-11-01 r2 - U2\n"
        let head = "unit,team,group_manager,service,short_term,from,to,succeeded_by\n"
        func readers(_ asAt: String, _ units: String) throws -> [String] {
            var options = EngineOptions(asAt: asAt)
            options.teams = head + units
            return CardPages.make(try Engine(eventRows(rows), options).report).managers.map {
                "\($0.name): \($0.teams.joined(separator: " "))"
            }
        }
        let handedOn = "U1,T1,GM1,Svc,0,,2010-11-24,\nU1,T1,GM2,Svc,0,2010-11-25,,\nU2,T2,GM2,Svc,0,,,\n"
        // In the week of the change her page holds what was decided while the team was hers.
        #expect(try readers("2010-11-28", handedOn) == ["GM1: ", "GM2: T1 T2"])
        #expect(try readers("2010-12-05", handedOn) == ["GM2: T1 T2"])
        #expect(try readers("2010-11-21", handedOn) == ["GM1: T1", "GM2: T2"])
        // A team that ended is that of the one who had it last.
        #expect(
            try readers("2010-12-05", "U1,T1,GM1,Svc,0,,2010-11-24,\nU2,T2,GM2,Svc,0,,,\n") == ["GM1: T1", "GM2: T2"])
    }

    @Test("a decision without a referral counts for those open: on the day of an NFA none is any more")
    func decisionOnTheLastDay() throws {
        let rows = "referral_received 2010-11-01 r1\ns47_started 2010-11-01 r1 S1\n"
        for (end, expected) in [
            ("referral_nfa 2010-11-24 r1", "-"), ("referral_nfa 2010-11-25 r1", "2010-11-24"),
            ("case_closed 2010-11-24 r1", "2010-11-24"),
        ] {
            let run = try Engine(eventRows(rows + end + "\nmanagement_decision_recorded 2010-11-24", team: "T1"))
            let found = run.exceptions(["last_decision_on"]) {
                $0["rule"] == "s47_to_icpc" && $0["status"] != "cleared"
            }
            #expect(found == [expected], "\(end)")
        }
    }

    @Test("a booking says what family a child is of and whether access is limited, as any row does")
    func bookings() throws {
        let rows = "referral_received 2010-11-01 r1\nreferral_decided 2010-11-02 r1 family_id=f1 restricted=0\n"
        for (booking, family, isRestricted) in [
            ("2010-11-24", "f2", true), ("2010-12-06", "f2", true), ("2010-11-01", "f1", false),
        ] {
            let run = try Engine(
                eventRows(rows + "icpc_arranged \(booking) r1 family_id=f2 restricted=1", team: "T1"))
            let row = try #require(run.report.exceptions.first)
            #expect(row.family == family && row.isRestricted == isRestricted, "\(booking)")
        }
    }

    @Test("the watch list asks for no answer: at its limit, due soon, past eight weeks; by due date")
    func watch() throws {
        let run = try Engine(
            eventRows(
                "a: referral_received 2010-11-15 a\na: initial_assessment_started 2010-11-15 a I\n"
                    + "b: referral_received 2010-11-12 b\nb: initial_assessment_started 2010-11-12 b I\n"
                    + "c: referral_received 2010-11-22 c\nc: initial_assessment_started 2010-11-22 c I\n"
                    + "d: referral_received 2010-09-30 d\nd: case_allocated 2010-09-30 d\n"))
        #expect(
            run.watch(["child_id", "rule", "kind", "due_on", "elapsed", "limit"]) == [
                "b initial_assessment at_limit 2010-11-26 10 10", "a initial_assessment due_soon 2010-11-29 9 10",
                "d short_term_work beyond_expected 2010-12-23 59 84",
            ])
    }

    @Test("a reference stays the same from week to week, whatever the ids of the export")
    func references() throws {
        let rows = "referral_received 2010-11-01 r1\nreferral_decided 2010-11-02 r1\ns47_started 2010-11-02 r1 S1\n"
        let first = try Engine(eventRows(rows, team: "T1")).exceptions(["exception"])
        let next = try Engine(
            eventRows(rows.replacing("r1", with: "r7").replacing("S1", with: "S9"), team: "T1"),
            EngineOptions(asAt: "2010-12-05")
        ).exceptions(["exception"])
        #expect(first.count == 1 && first == next)
        #expect(first.allSatisfy { $0.hasPrefix("E-") && $0.utf8.count == 12 })
    }

    @Test("a child that moved to another Group Manager is shown once under the one it left")
    func moved() throws {
        var options = EngineOptions()
        options.teams = """
            unit,team,group_manager,service,short_term,from,to,succeeded_by
            U1,T1,GM1,Svc,0,,,
            U2,T2,GM2,Svc,0,,,

            """
        let run = try Engine(
            eventRows(
                "referral_received 2010-11-01 r1 - U1\ncase_allocated 2010-11-01 r1 - U1\n"
                    + "child_seen 2010-11-20 r1 - U1\nteam_changed 2010-11-24 r1 - U2"), options)
        #expect(
            run.exceptions(["group_manager", "rule", "status", "also", "weeks_listed"]) == [
                "GM2 referral_decision continuing no_oversight 4", "GM1 referral_decision cleared moved 0",
            ])
    }
}

extension ExceptionCase {
    /// A referral with which nothing is wrong.
    private static let calm =
        "referral_received 2010-11-01 r1\nreferral_decided 2010-11-01 r1\ncase_allocated 2010-11-01 r1\n"
    /// An enquiry beside it, the child seen on its day.
    private static func s47(_ day: String) -> String { "s47_started \(day) r1 S1\nchild_seen \(day) r1\n" }
    private static let booked = "icpc_arranged 2010-12-06 r1\n"

    static let all: [ExceptionCase] = [
        ExceptionCase(
            "nothing is wrong",
            calm + "initial_assessment_started 2010-11-22 r1 I2\ninitial_assessment_authorised 2010-11-12 r1 I1", []),
        ExceptionCase(
            "the child not seen for more than a day of an enquiry", calm + "s47_started 2010-11-24 r1 S1",
            ["s47_to_icpc 1 child_not_seen - new 1", "referral 2 not_started changed cleared 0"]),
        ExceptionCase(
            "one day is not more than one", calm + "s47_started 2010-11-25 r1 S1",
            ["referral 2 not_started changed cleared 0"]),
        ExceptionCase(
            "with child_seen_s47 switched on its row takes that place", calm + "s47_started 2010-11-24 r1 S1",
            ["child_seen_s47 1 child_not_seen overdue new 1", "referral 2 not_started changed cleared 0"]
        ) { $0.switchedOn = ["child_seen_s47"] },
        ExceptionCase(
            "the child not seen for more than ten days of an assessment",
            calm + "core_assessment_started 2010-11-11 r1 A1", ["core_assessment 1 child_not_seen - new 1"]),
        ExceptionCase("ten days are not more than ten", calm + "core_assessment_started 2010-11-12 r1 A1", []),
        ExceptionCase(
            "a source without child_seen hides nobody and lists nobody",
            calm + "core_assessment_started 2010-11-11 r1 A1", []
        ) { $0.without = ["child_seen"] },
        ExceptionCase(
            "a conference overdue by one day, booked", calm + s47("2010-11-04") + booked,
            ["s47_to_icpc 1 overdue - new 1"]),
        ExceptionCase(
            "overdue for three days without a decision, and not booked", calm + s47("2010-11-01"),
            // Due on 22 November, 4 wd ago; the S47's day 10 was 15 November.
            ["s47_to_icpc 1 overdue no_oversight icpc_not_booked continuing 2"]),
        ExceptionCase(
            "a decision on the due date is oversight",
            calm + s47("2010-11-01") + booked
                + "management_decision_recorded 2010-11-22 r1", ["s47_to_icpc 1 overdue - new 1"]),
        ExceptionCase(
            "no conference booked on day 10", calm + s47("2010-11-12"), ["s47_to_icpc 4 icpc_not_booked - new 1"]),
        ExceptionCase("day 9", calm + s47("2010-11-15"), []),
        ExceptionCase(
            "a booking whose day has passed no longer counts", calm + s47("2010-11-12") + "icpc_arranged 2010-11-26 r1",
            ["s47_to_icpc 4 icpc_not_booked - new 1"]),
        ExceptionCase(
            "a booking for the as-at date counts", calm + s47("2010-11-12") + "icpc_arranged 2010-11-28 r1", []),
        ExceptionCase(
            "an enquiry completed five days ago without an outcome",
            calm + s47("2010-11-15") + "s47_completed 2010-11-19 r1 S1", ["s47_to_icpc 1 no_outcome - new 1"]),
        ExceptionCase("four days ago", calm + s47("2010-11-15") + "s47_completed 2010-11-22 r1 S1", []),
        ExceptionCase(
            "with a conference arranged it has one",
            calm + s47("2010-11-15") + booked + "s47_completed 2010-11-19 r1 S1", []),
        ExceptionCase(
            "nobody was given the referral after more than a day",
            "referral_received 2010-11-24 r1\nreferral_decided 2010-11-25 r1", ["referral 2 unallocated - new 1"]),
        ExceptionCase(
            "decided, and nothing begun after more than three days",
            "referral_received 2010-11-22 r1\nreferral_decided 2010-11-22 r1\ncase_allocated 2010-11-22 r1",
            ["referral 2 not_started - new 1"]),
        ExceptionCase(
            "with allocation switched on its overdue takes the place of unallocated",
            "referral_received 2010-11-24 r1\nreferral_decided 2010-11-25 r1", ["allocation 2 overdue - new 1"]
        ) { $0.switchedOn = ["allocation"] },
        ExceptionCase(
            "a decision overdue, and nobody given the referral: one row", "referral_received 2010-11-24 r1",
            ["referral_decision 2 overdue unallocated new 1"]),
        ExceptionCase(
            "an assessment overdue by one day",
            calm.replacing("2010-11-01", with: "2010-11-11")
                + "initial_assessment_started 2010-11-11 r1 I1\nchild_seen 2010-11-12 r1",
            ["initial_assessment 3 overdue - new 1"]),
        ExceptionCase(
            "and by three, without a decision",
            calm.replacing("2010-11-01", with: "2010-11-09")
                + "initial_assessment_started 2010-11-09 r1 I1\nchild_seen 2010-11-12 r1",
            ["initial_assessment 3 overdue no_oversight new 1"]),
        ExceptionCase(
            "a closure of this week voids an assessment past its limit",
            calm + "initial_assessment_started 2010-11-01 r1 I1\nchild_seen 2010-11-02 r1\n"
                + "management_decision_recorded 2010-11-16 r1\ncase_closed 2010-11-24 r1",
            ["initial_assessment 3 closed_unfinished - continuing 2"]),
        ExceptionCase(
            "an enquiry left open on a closed case is listed every week",
            calm + s47("2010-11-02") + "case_closed 2010-11-03 r1", ["s47_to_icpc 3 closed_unfinished - continuing 4"]),
        ExceptionCase(
            "until it has an answer, also one that comes late",
            calm + s47("2010-11-02") + "case_closed 2010-11-03 r1\ns47_completed 2010-11-24 r1 S1",
            ["s47_to_icpc 3 closed_unfinished voided cleared 0"]),
        ExceptionCase(
            "short-term work past twelve weeks",
            "referral_received 2010-09-02 r1\nreferral_decided 2010-09-02 r1\ncase_allocated 2010-09-02 r1\n"
                + "initial_assessment_started 2010-09-02 r1 I1\ninitial_assessment_authorised 2010-09-03 r1 I1\n"
                + "management_decision_recorded 2010-11-26 r1",
            // 84 days from 2 September end on 25 November.
            ["short_term_work 4 beyond_limit - new 1", "referral 4 no_recent_activity changed cleared 0"]),
        ExceptionCase(
            "a completed assessment not signed for six days",
            calm
                + "core_assessment_started 2010-11-01 r1 A1\nchild_seen 2010-11-08 r1\ncore_assessment_completed 2010-11-18 r1 A1\n"
                + "c2: core_assessment_authorised 2010-11-01 r A", ["authorisation 4 overdue - new 1"]),
        ExceptionCase(
            "nothing happened for twenty days",
            "referral_received 2010-10-25 r1\nreferral_decided 2010-10-25 r1\ncase_allocated 2010-10-25 r1\n"
                + "s47_started 2010-10-25 r1 S1\ns47_cancelled 2010-10-29 r1 S1",
            ["referral 4 no_recent_activity - new 1"]),
        ExceptionCase(
            "nineteen are not twenty",
            "referral_received 2010-10-25 r1\nreferral_decided 2010-10-25 r1\ncase_allocated 2010-10-25 r1\n"
                + "s47_started 2010-10-25 r1 S1\ns47_cancelled 2010-11-01 r1 S1", []),
        ExceptionCase(
            "a running step that cannot be measured",
            calm + "core_assessment_completed 2010-11-24 r1 A1\n"
                + "c2: core_assessment_authorised 2010-11-01 r A",
            ["core_assessment 5 finding - new 1", "referral 2 not_started changed cleared 0"]),
        ExceptionCase(
            "a step without a rule in force, while it runs",
            "referral_received 2013-05-06 r1 - T1\nreferral_decided 2013-05-06 r1\ncase_allocated 2013-05-06 r1\n"
                + "core_assessment_started 2013-05-07 r1 A1 T1\nchild_seen 2013-05-07 r1",
            ["core_assessment 5 finding - new 1"], asAt: "2013-05-12"),
        ExceptionCase(
            "an assessment begun after the NFA and not ended",
            "referral_received 2010-11-01 r1\nreferral_nfa 2010-11-02 r1\ncore_assessment_started 2010-11-24 r1 A1",
            ["core_assessment 5 finding - new 1"]),
        ExceptionCase(
            "cleared by its stop, shown once", calm + s47("2010-10-25") + "icpc_held 2010-11-24 r1 S1",
            ["s47_to_icpc 1 overdue stopped cleared 0"]),
        ExceptionCase("and not again", calm + s47("2010-10-25") + "icpc_held 2010-11-24 r1 S1", [], asAt: "2010-12-05"),
        ExceptionCase(
            "cleared by its void", calm + s47("2010-10-25") + "s47_cancelled 2010-11-24 r1 S1",
            ["s47_to_icpc 1 overdue voided cleared 0"]),
        ExceptionCase(
            "cleared because what held no longer holds",
            calm + "core_assessment_started 2010-11-01 r1 A1\nchild_seen 2010-11-24 r1",
            ["core_assessment 1 child_not_seen changed cleared 0"]),
    ]
}
