import CaseEvents
import DelimitedText
import Exports
import Foundation
import Testing
import WorkingCalendar

/// Documents of nested elements: the census and the API.
@Suite("Documents")
struct DocumentTests {
    private static let columns = ["child_id", "event", "date", "referral_id", "step_id", "worker", "outcome"]

    private func census(_ children: String, header: String = "") -> [UInt8] {
        bytes(
            "<?xml version=\"1.0\"?>\n<Message><Header>\(header)</Header>\n<Children>\(children)</Children></Message>\n"
        )
    }

    private func read(xml: [UInt8]) throws -> ReadExport { try ReadExport(files: ["c.xml": xml], export: "c.xml") }

    private func child(_ details: String, id: String = "C1") -> String {
        "<Child><ChildIdentifiers><LAchildID>\(id)</LAchildID><UPN>CANARY</UPN></ChildIdentifiers>\(details)</Child>\n"
    }

    private func details(_ text: String, date: String = "2024-03-05") -> String {
        "<CINdetails><CINreferralDate>\(date)</CINreferralDate>\(text)</CINdetails>"
    }

    @Test(
        "what a part of a census becomes",
        arguments: [
            (
                "a referral and its closure",
                "<CINclosureDate>2024-03-20</CINclosureDate><ReasonForClosure>RC8</ReasonForClosure>",
                ["C1 case_closed 2024-03-20 R2024-03-05 - - RC8"]
            ),
            (
                "no further action, dated by the closure",
                "<CINclosureDate>2024-03-06</CINclosureDate><ReferralNFA>true</ReferralNFA>",
                ["C1 case_closed 2024-03-06 R2024-03-05 - - -", "C1 referral_nfa 2024-03-06 R2024-03-05 - - -"]
            ),
            (
                "no further action, without a closure", "<ReferralNFA> TRUE </ReferralNFA>",
                ["C1 referral_nfa 2024-03-05 R2024-03-05 - - -"]
            ),
            (
                "what is new in 2026 is passed over, with all it holds",
                "<PreProceedingsandFGDM><FGDMOffered>1</FGDMOffered><CINclosureDate>2026-01-05</CINclosureDate>"
                    + "<Section47><S47ActualStartDate>2026-01-06</S47ActualStartDate></Section47>"
                    + "</PreProceedingsandFGDM>", []
            ),
            ("a no is a no", "<ReferralNFA>false</ReferralNFA>", []),
            ("a zero is a no", "<ReferralNFA>0</ReferralNFA>", []),
            (
                "a conference of a child who moved in", "<DateOfInitialCPC>2024-03-07</DateOfInitialCPC>",
                ["C1 transfer_in_conference_held 2024-03-07 R2024-03-05 - - -"]
            ),
            (
                "an assessment",
                "<Assessments><AssessmentActualStartDate>2024-03-06</AssessmentActualStartDate>stray<AssessmentAuthorisationDate>2024-04-02</AssessmentAuthorisationDate><FactorsIdentifiedAtAssessment><AssessmentFactors>1A,2B</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>",
                [
                    "C1 assessment_authorised 2024-04-02 R2024-03-05 R2024-03-05 A2024-03-06 - -",
                    "C1 assessment_started 2024-03-06 R2024-03-05 R2024-03-05 A2024-03-06 - -",
                ]
            ),
            (
                "two assessments begun on one day",
                "<Assessments><AssessmentActualStartDate>2024-03-06</AssessmentActualStartDate></Assessments><Assessments><AssessmentActualStartDate>2024-03-06</AssessmentActualStartDate></Assessments>",
                [
                    "C1 assessment_started 2024-03-06 R2024-03-05 R2024-03-05 A2024-03-06 - -",
                    "C1 assessment_started 2024-03-06 R2024-03-05 R2024-03-05 A2024-03-06.2 - -",
                ]
            ),
            (
                "an enquiry with a conference",
                "<Section47><S47ActualStartDate>2024-03-06</S47ActualStartDate><InitialCPCtarget>2024-03-27</InitialCPCtarget><DateOfInitialCPC>2024-03-20</DateOfInitialCPC><ICPCnotRequired>0</ICPCnotRequired></Section47>",
                [
                    "C1 icpc_held 2024-03-20 R2024-03-05 R2024-03-05 S2024-03-06 - -",
                    "C1 s47_started 2024-03-06 R2024-03-05 R2024-03-05 S2024-03-06 - -",
                ]
            ),
            (
                "an enquiry without",
                "<Section47><S47ActualStartDate>2024-03-06</S47ActualStartDate><ICPCnotRequired>1</ICPCnotRequired></Section47>",
                [
                    "C1 icpc_not_required 2024-03-06 R2024-03-05 R2024-03-05 S2024-03-06 - -",
                    "C1 s47_started 2024-03-06 R2024-03-05 R2024-03-05 S2024-03-06 - -",
                ]
            ),
            (
                "a plan and its reviews",
                "<ChildProtectionPlans><CPPstartDate>2024-03-20</CPPstartDate><CPPendDate>2024-09-01</CPPendDate><Reviews><CPPreviewDate>2024-06-10</CPPreviewDate><CPPreviewDate>2024-08-10</CPPreviewDate></Reviews></ChildProtectionPlans>",
                [
                    "C1 cp_plan_ended 2024-09-01 R2024-03-05 R2024-03-05 P2024-03-20 - -",
                    "C1 cp_plan_started 2024-03-20 R2024-03-05 R2024-03-05 P2024-03-20 - -",
                    "C1 cp_review_held 2024-06-10 R2024-03-05 R2024-03-05 P2024-03-20 - -",
                    "C1 cp_review_held 2024-08-10 R2024-03-05 R2024-03-05 P2024-03-20 - -",
                ]
            ),
            (
                "assessments of the old kinds, in groups and without",
                "<InitialAssessments><InitialAssessmentActualStartDate>2010-03-06</InitialAssessmentActualStartDate><InitialAssessmentAuthorisationDate>2010-03-12</InitialAssessmentAuthorisationDate></InitialAssessments><CoreAssessmentActualStartDate>2010-03-12</CoreAssessmentActualStartDate>",
                [
                    "C1 core_assessment_started 2010-03-12 R2024-03-05 R2024-03-05 C2010-03-12 - -",
                    "C1 initial_assessment_authorised 2010-03-12 R2024-03-05 R2024-03-05 I2010-03-06 - -",
                    "C1 initial_assessment_started 2010-03-06 R2024-03-05 R2024-03-05 I2010-03-06 - -",
                ]
            ),
        ])
    func part(_ why: String, _ text: String, _ rows: [String]) throws {
        let expected = rows + ["C1 referral_received 2024-03-05 R2024-03-05 - - -"]
        #expect(try read(xml: census(child(details(text)))).lines(Self.columns) == expected.sorted())
    }

    @Test("two referrals of one day, a namespace, a child without anything, and the year of the message")
    func message() throws {
        let text = census(
            child(details("") + details("")) + child("", id: "C2"),
            header:
                "<CollectionDetails><Collection>CIN</Collection><Year>2024</Year><ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails>"
        )
        let spaced = String(decoding: text, as: UTF8.self)
            .replacingOccurrences(of: "</", with: "</cin:").replacingOccurrences(of: "<", with: "<cin:")
            .replacingOccurrences(of: "<cin:/cin:", with: "</cin:").replacingOccurrences(of: "<cin:?xml", with: "<?xml")
            .replacingOccurrences(of: "<cin:Message>", with: "<cin:Message xmlns:cin=\"urn:x\">")
        for message in [text, bytes(spaced)] {
            let run = try read(xml: message)
            #expect(
                run.lines(["child_id", "referral_id"]) == ["C1 R2024-03-05", "C1 R2024-03-05.2"])
            let source = try #require(run.sources.first)
            #expect(source.records?.records == 2 && source.records?.withoutEvent == 1)
            #expect(source.completeFrom == CivilDate("2023-04-01") && source.referenceDate == CivilDate("2024-03-31"))
        }
    }

    @Test("what has no date or no child is rejected, with its line")
    func rejected() throws {
        let text = census(
            "\n" + child("<CINdetails>\n<Section47><ICPCnotRequired>1</ICPCnotRequired></Section47></CINdetails>")
                + child(details(""), id: ""))
        let run = try read(xml: text)
        #expect(
            run.rejected.map { "\($0.line) \($0.code.rawValue)" } == ["4 no_date", "5 no_date", "6 no_child"])
    }

    @Test(
        "what is refused",
        arguments: [
            ("c.xml", "<Message><Children></Message>", ExportError.Code.notXML, 1),
            ("c.xml", "<Message>\n<Children>", .incomplete, 2),
            ("c.xml", "<!DOCTYPE Message SYSTEM \"file:///etc/passwd\">\n<Message/>", .refusedContent, 1),
            (
                "c.xml", "<!DOCTYPE m [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Message>&b;</Message>",
                .refusedContent, 1
            ),
            ("c.xml", "<html><body/></html>", .unknownShape, 1),
            ("c.xml", String(repeating: "<a>", count: 65), .refusedContent, 1),
            ("c.xml", "<Message " + String(repeating: "x", count: 3 << 20), .refusedContent, 1),
            ("j.json", "{\"Children\": [}", .notJSON, 1),
            ("j.json", "{\"Children\": [\n{\"la_child_id\": \"1\"", .incomplete, 2),
            ("j.json", "{\"other\": []}", .unknownShape, 1), ("j.json", "{\"Children\": []}", .unknownShape, 1),
            ("j.json", String(repeating: "[", count: 70), .refusedContent, 1),
            (
                "j.json", "{\"Children\": [{\"la_child_id\": \"" + String(repeating: "x", count: 3 << 20),
                .refusedContent, 1
            ),
        ])
    func refused(_ name: String, _ text: String, _ code: ExportError.Code, _ line: Int) throws {
        let error = try #require(try refusal(files: [name: bytes(text)], export: name))
        #expect(error.code == code)
        #expect(error.line == line)
        #expect(!error.message.isEmpty && !error.hint.isEmpty)
    }

    @Test("a message of the API: purges, members in any order, whatever else is in it")
    func api() throws {
        let text = """
            {"la_code": "999", "Children": [
              {"social_care_episodes": [
                {"social_care_episode_id": "E1", "referral_date": "2024-03-05", "closure_date": null,
                 "referral_no_further_action_flag": false, "notes": "CANARY",
                 "care_worker_details": [{"worker_id": "W1", "start_date": "2024-03-06"},
                                         {"start_date": "2024-04-01", "worker_id": "W2"}],
                 "child_and_family_assessments": [
                   {"child_and_family_assessment_id": "A1", "start_date": "2024-03-07", "purge": false},
                   {"child_and_family_assessment_id": "A2", "start_date": "2024-03-08", "purge": true}],
                 "section_47_assessments": [
                   {"section_47_assessment_id": "S1", "start_date": "2024-03-09", "icpc_required_flag": false,
                    "end_date": "2024-03-19"},
                   {"section_47_assessment_id": "S2", "start_date": "2024-03-10", "icpc_required_flag": true,
                    "icpc_date": "2024-03-28", "end_date": "2024-03-20"}],
                 "child_protection_plans": [{"child_protection_plan_id": "P1", "start_date": "2024-03-28"}]},
                {"social_care_episode_id": "E2", "referral_date": "2024-05-05", "purge": true}],
               "first_name": "CANARY", "la_child_id": 17},
              {"la_child_id": "18", "purge": true,
               "social_care_episodes": [{"social_care_episode_id": "E3", "referral_date": "2024-05-05"}]},
              {"la_child_id": "19\\u00e9", "social_care_episodes": [
                {"social_care_episode_id": "E4", "referral_date": "2024-05-05",
                 "referral_no_further_action_flag": true, "closure_date": "2024-05-06", "closure_reason": "RC1"}]}
            ]}
            """
        let run = try ReadExport(files: ["a.json": bytes(text)], export: "a.json")
        #expect(
            run.lines(["child_id", "event", "date", "referral_id", "step_id", "worker", "outcome"]) == [
                "17 assessment_started 2024-03-07 E1 A1 - -",
                "17 case_allocated 2024-03-06 E1 - W1 -",
                "17 case_allocated 2024-04-01 E1 - W2 -",
                "17 cp_plan_started 2024-03-28 E1 P1 - -",
                "17 icpc_held 2024-03-28 E1 S2 - -",
                "17 icpc_not_required 2024-03-19 E1 S1 - -",
                "17 referral_received 2024-03-05 E1 - - -",
                "17 s47_completed 2024-03-19 E1 S1 - -",
                "17 s47_completed 2024-03-20 E1 S2 - -",
                "17 s47_started 2024-03-09 E1 S1 - -",
                "17 s47_started 2024-03-10 E1 S2 - -",
                "19é case_closed 2024-05-06 E4 - - RC1",
                "19é referral_nfa 2024-05-06 E4 - - -",
                "19é referral_received 2024-05-05 E4 - - -",
            ])
        #expect(run.sources.first?.records?.records == 3)
        #expect(run.sources.first?.records?.leftOut == 1)
    }

    @Test("a document cut off anywhere is an error, never part of its rows")
    func truncated() throws {
        let xml = census(child(details("<ReferralNFA>1</ReferralNFA>")))
        let json = bytes(
            "{\"Children\": [{\"la_child_id\": 1, \"social_care_episodes\": [{\"referral_date\": \"2024-03-05\"}]}]}")
        for (name, whole) in [("c.xml", xml), ("a.json", json)] {
            let end = whole.lastIndex { $0 > 32 } ?? 0
            for count in 1...end {
                let error = try refusal(files: [name: Array(whole.prefix(count))], export: name)
                // A census is at least its first tag; JSON that is cut in a word is not well formed.
                #expect(error != nil, "\(name) cut to \(count) bytes")
            }
            #expect(try refusal(files: [name: whole], export: name) == nil)
        }
    }

    @Test("a child's rows come out the same whatever the size of the pieces")
    func pieces() throws {
        var children = ""
        for number in 0..<5_000 { children += child(details("<ReferralNFA>1</ReferralNFA>"), id: "C\(number)") }
        let run = try read(xml: census(children))
        #expect(run.counts == [10_000, 0])
        #expect(Set(run.lines(["child_id"])).count == 5_000)
    }
}
