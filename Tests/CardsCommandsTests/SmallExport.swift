/// A small export with one child of each fate, made by hand.
let smallExport = """
    child_id,event,date,referral_id,step_id,recorded_at,team,worker,colour
    K1,referral_received,2010-10-04,R1,,2010-10-04,Duty,W1,red
    K1,referral_decided,2010-10-05,R1,,2010-10-05,Duty,W1,red
    K1,case_allocated,2010-10-06,R1,,2010-10-06,North,W2,red
    K1,core_assessment_started,2010-10-05,R1,A1,2010-10-06,North,W2,red
    K1,management_decision_recorded,2010-11-24,R1,,2010-11-24,North,M1,red
    K1,referral_decided,2010-10-05,R1,,2010-10-07,Duty,W1,red
    K2,referral_received,2010-11-22,R2,,2010-11-22,Duty,W1,
    K2,referral_nfa,2010-11-23,R2,,2010-11-23,Duty,W1,
    K3,referral_received,2010-11-01,,,2010-11-01,North,W2,
    K3,s47_started,2010-11-02,,S1,2010-11-02,North,W2,
    K3,icpc_held,2010-11-23,,S1,2010-11-23,North,W2,
    K3,initial_assessment_started,2010-11-02,,A2,2010-11-02,North,W2,
    K3,initial_assessment_authorised,2010-11-16,,A2,2010-11-16,North,M1,
    K3,child_seen,31/02/2010,,,,North,W2,
    ,child_seen,2010-11-03,,,,North,W2,
    K1,core_assessment_authorised,2010-12-06,R1,A1,2010-12-06,North,M1,

    """

/// The units of ``smallExport``.
let smallTeams = """
    unit,team,group_manager,service,short_term,from,to,succeeded_by
    Duty,Duty Team,GM One,Children,1,,,
    North,North Team,GM Two,Children,,,,

    """
