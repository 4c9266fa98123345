public import Exports

/// The mapping of the Standard Safeguarding Dataset, release 1.4.5, for its tables as files and in a database.
///
/// The dataset is that of the Data to Insight project (MIT licence). Only the columns named here are read: never
/// those with names, addresses, ethnicity, or case notes in JSON.
public enum StandardDatasetMapping {
    /// The mapping, read.
    ///
    /// - Throws: ``SettingsError`` where this text is wrong, which a test rules out.
    public static func mapping() throws(SettingsError) -> Mapping {
        try readMapping(yaml: yaml, file: "the mapping of the Standard Safeguarding Dataset")
    }

    /// The mapping as it would stand in a file.
    public static let yaml = """
        mapping: Standard Safeguarding Dataset
        notes:
          - >-
            The dataset does not date decisions of no further action on referrals: they stand on the day of the
            closure or the referral.
          - The dataset dates visits under a plan only, so whether other children were seen cannot be measured.
        files:
          - file: [ssd_contacts.csv, ssd_contacts]
            optional_columns: yes
            child: cont_person_id
            events:
              - {event: contact_received, date: cont_contact_date}
          - file: [ssd_cin_episodes.csv, ssd_cin_episodes]
            optional_columns: yes
            child: cine_person_id
            referral: cine_referral_id
            team: cine_referral_team
            worker: cine_referral_worker_id
            events:
              - {event: referral_received, date: cine_referral_date, needed: yes}
              - event: referral_nfa
                date: cine_close_date
                or_date: cine_referral_date
                carried: no
                where: {cine_referral_nfa: [Y, "Yes", "1", "true"]}
              - {event: case_closed, date: cine_close_date, outcome: cine_close_reason}
          - file: [ssd_cin_assessments.csv, ssd_cin_assessments]
            optional_columns: yes
            child: cina_person_id
            referral: cina_referral_id
            step: cina_assessment_id
            team: cina_assessment_team
            worker: cina_assessment_worker_id
            events:
              - {event: assessment_started, date: cina_assessment_start_date}
              - {event: assessment_authorised, date: cina_assessment_auth_date}
          - file: [ssd_s47_enquiry.csv, ssd_s47_enquiry]
            optional_columns: yes
            child: s47e_person_id
            referral: s47e_referral_id
            step: s47e_s47_enquiry_id
            team: s47e_s47_completed_by_team
            worker: s47e_s47_completed_by_worker_id
            events:
              - {event: s47_started, date: s47e_s47_start_date}
              - {event: s47_completed, date: s47e_s47_end_date}
              - event: icpc_not_required
                date: s47e_s47_end_date
                where: {s47e_s47_nfa: [Y, "Yes", "1", "true"]}
          - file: [ssd_initial_cp_conference.csv, ssd_initial_cp_conference]
            optional_columns: yes
            child: icpc_person_id
            referral: icpc_referral_id
            team: icpc_icpc_team
            worker: icpc_icpc_worker_id
            events:
              - event: icpc_held
                date: icpc_icpc_date
                step: icpc_s47_enquiry_id
                unless: {icpc_icpc_transfer_in: [Y, "Yes", "1", "true"]}
              - event: transfer_in_conference_held
                date: icpc_icpc_date
                where: {icpc_icpc_transfer_in: [Y, "Yes", "1", "true"]}
          - file: [ssd_cp_plans.csv, ssd_cp_plans]
            optional_columns: yes
            child: cppl_person_id
            referral: cppl_referral_id
            step: cppl_cp_plan_id
            events:
              - {event: cp_plan_started, date: cppl_cp_plan_start_date, needed: yes}
              - {event: cp_plan_ended, date: cppl_cp_plan_end_date}
          - file: [ssd_cp_reviews.csv, ssd_cp_reviews]
            optional_columns: yes
            child: cppr_person_id
            step: cppr_cp_plan_id
            events:
              - {event: cp_review_held, date: cppr_cp_review_date}
          - file: [ssd_cp_visits.csv, ssd_cp_visits]
            optional_columns: yes
            child: cppv_person_id
            events:
              - event: child_seen
                date: cppv_cp_visit_date
                carried: no
                where: {cppv_cp_visit_seen: [Y, "Yes", "1", "true"]}
          - file: [ssd_involvements.csv, ssd_involvements]
            optional_columns: yes
            child: invo_person_id
            referral: invo_referral_id
            team: invo_professional_team
            worker: invo_professional_id
            # A reviewing officer is involved and holds nothing.
            unless: {invo_professional_role_id: [IRO, QA]}
            events:
              - {event: case_allocated, date: invo_involvement_start_date}

        """
}
