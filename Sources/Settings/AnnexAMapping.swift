public import Exports

/// The mapping of the child-level lists that Ofsted asks for before an inspection (Annex A, now the child-level
/// data of ILACS), in a workbook or as files, with the headings of any year.
///
/// Source: Ofsted, "Inspecting local authority children's services", Annex A; Open Government Licence.
public enum AnnexAMapping {
    /// The mapping, read.
    ///
    /// - Throws: ``SettingsError`` where this text is wrong, which a test rules out.
    public static func mapping() throws(SettingsError) -> Mapping {
        try readMapping(yaml: yaml, file: "the mapping of Annex A")
    }

    /// The mapping as it would stand in a file; its lists are in the order of their numbers, 1, 3 to 7.
    public static let yaml = """
        mapping: Annex A
        complete_months: 6
        notes:
          - The lists go back six months, so older referrals are not in them.
          - >-
            The lists do not date decisions of no further action: they stand on the day of the referral, and a
            conference that was not required on the day of the enquiry.
        files:
          - file: ["List 1", List_1, Contacts, Contact]
            optional_columns: yes
            child: [Child Unique ID, "Child Unique ID*", Child ID, Unique ID]
            events:
              - {event: contact_received, date: [Date of Contact, Date of contact]}
          - file: ["List 3", List_3, Referrals, Referral]
            optional_columns: yes
            child: [Child Unique ID, Child ID, Unique ID]
            team: [Allocated Team, Team]
            worker: [Allocated Worker, Worker]
            events:
              - {event: referral_received, date: [Date of Referral, Referral Date], needed: yes}
              - event: referral_nfa
                date: [Date of Referral, Referral Date]
                carried: no
                where: {"Referral NFA?": [Y, "Yes", "1", "true"]}
          - file: ["List 4", List_4, Assessments, Assessment]
            optional_columns: yes
            child: [Child Unique ID, Child ID, Unique ID]
            team: [Allocated Team, Team]
            worker: [Allocated Worker, Worker]
            events:
              - event: assessment_started
                date: [Continuous Assessment Start Date, Assessment Start Date]
              - event: assessment_authorised
                date: [Continuous Assessment Date of Authorisation, Assessment Date of Authorisation,
                       Assessment Authorisation Date]
          - file: ["List 5", List_5, "Section 47", S47, Section 47 Enquiries]
            optional_columns: yes
            child: [Child Unique ID, Child ID, Unique ID]
            team: [Allocated Team, Team]
            worker: [Allocated Worker, Worker]
            events:
              - event: s47_started
                date: [Strategy discussion initiating Section 47 Enquiry Start Date,
                       Strategy Discussion Initiating Section 47 Enquiry Date, Section 47 Enquiry Start Date]
              - event: icpc_held
                date: [Date of Initial Child Protection Conference, Initial Child Protection Conference Date]
              - event: icpc_not_required
                date: [Strategy discussion initiating Section 47 Enquiry Start Date,
                       Strategy Discussion Initiating Section 47 Enquiry Date, Section 47 Enquiry Start Date]
                carried: no
                where: {"Was an Initial Child Protection Conference deemed unnecessary?": [Y, "Yes", "1", "true"]}
          - file: ["List 6", List_6, Children in Need, CIN]
            optional_columns: yes
            child: [Child Unique ID, Child ID, Unique ID]
            events:
              - event: child_seen
                date: [Date Child Was Last Seen, Date child was last seen]
                carried: no
              - {event: case_closed, date: [CIN Closure Date, Case Closure Date], outcome: [Reason for Closure]}
          - file: ["List 7", List_7, Child Protection, CP]
            optional_columns: yes
            child: [Child Unique ID, Child ID, Unique ID]
            events:
              - event: cp_plan_started
                date: [Child Protection Plan Start Date, CP Plan Start Date]
              - event: cp_plan_ended
                date: [Child Protection Plan End Date, CP Plan End Date]
              - event: cp_review_held
                date: [Date of the Latest Review Conference, Date of Latest Review Conference,
                       Date of Latest Review]
                carried: no
              - event: child_seen
                date: [Date of Latest Statutory Visit, Date of the Last Statutory Visit]
                carried: no

        """
}
