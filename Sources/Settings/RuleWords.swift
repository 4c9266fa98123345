import CaseEvents
import Rules
import WorkingCalendar

/// What starts, stops and voids the clocks of a rule, in words made from its shape and data.
struct RuleWords {
    let starts: String
    let stops: String
    let voids: String

    init(_ rule: Rule) {
        starts = Self.starts(rule)
        stops = Self.stops(rule)
        voids = Self.voids(rule)
    }

    private static func starts(_ rule: Rule) -> String {
        let step = rule.step?.name ?? "step"
        switch rule.shape {
        case .referral:
            return "The referral (`referral_received`)."
        case .assessment where rule.firstStartsAtReferral:
            return "The referral (`referral_received`) for the first assessment of a referral; "
                + "any other runs from its own start (`\(step)_started`)."
        case .assessment:
            let strict = rule.strictWithin.map {
                " For comparison: the earliest of `s47_started` and `initial_assessment_authorised` in the referral, "
                    + "on or before that start and at most \($0) wd before it."
            }
            return "Its own start (`\(step)_started`)." + (strict ?? "")
        case .authorisation:
            return "The last `completed` of an assessment before its authorisation."
        case .conference, .childSeen:
            return "The start of the section 47 enquiry (`s47_started`)."
        case .afterConference:
            return "The conference (`icpc_held`, or `transfer_in_conference_held`), where a plan began "
                + "(`cp_plan_started`) on its day or in the 15 days after."
        case .laterReview:
            return "A review (`cp_review_held`) on a day on which a plan was running."
        case .transferIn:
            return "The notification of a move (`transfer_in_notified`)."
        case .window:
            let dates = span(rule.referralsFrom?.description, rule.referralsTo?.description)
            return "The referral (`referral_received`), where it has an initial assessment or a section 47 enquiry"
                + (dates == "always" ? "." : "; for referrals \(dates).")
        case .shortTermWork:
            return "The referral (`referral_received`), where a unit marked `short_term` held it; "
                + "with no unit marked, every referral."
        }
    }

    private static func stops(_ rule: Rule) -> String {
        switch rule.shape {
        case .referral, .afterConference:
            let names = quotedList(rule.stops.map(\.name))
            let first = rule.stops.count > 1 ? "The first of \(names)" : "The first \(names)"
            return first + (rule.stops.contains(.cpReviewHeld) ? " later than the start." : ".")
        case .assessment:
            return "A manager's authorisation (`\(rule.step?.name ?? "step")_authorised`)."
        case .authorisation:
            return "The manager's authorisation of that assessment."
        case .conference:
            return "The initial child protection conference (`icpc_held`)."
        case .childSeen:
            return "The first `child_seen` on or after the start."
        case .laterReview:
            return "The next `cp_review_held`."
        case .transferIn:
            return "The conference (`transfer_in_conference_held`)."
        case .window:
            return "The last end of all of them: every initial assessment authorised, every section 47 enquiry "
                + "completed."
        case .shortTermWork:
            return "The first of `case_closed` and the change from a unit marked `short_term` to one that is not; "
                + "with no unit marked, the first `case_transferred`."
        }
    }

    private static func voids(_ rule: Rule) -> String {
        let closure = "`case_closed` before it has stopped"
        let nfa = "`referral_nfa` before it has stopped"
        switch rule.shape {
        case .referral:
            return rule.voidedByNFA ? "\(nfa), or \(closure)." : "\(closure)."
        case .assessment:
            return "`\(rule.step?.name ?? "step")_cancelled`, \(nfa), or \(closure)."
        case .authorisation:
            return "A `returned` after that `completed`, the assessment's cancellation, \(nfa), or \(closure)."
        case .conference:
            return "`icpc_not_required`, `s47_cancelled`, or \(closure)."
        case .childSeen:
            return "`s47_cancelled`, or \(closure)."
        case .afterConference, .laterReview:
            return "`cp_plan_ended`, or a `case_closed` after which the child has no open referral."
        case .transferIn:
            return "\(closure)."
        case .window:
            return "The cancellation of all of them, \(nfa), or \(closure)."
        case .shortTermWork:
            return "\(nfa)."
        }
    }

    /// Two dates, both inside, in words.
    static func span(_ from: String?, _ to: String?) -> String {
        switch (from, to) {
        case (nil, nil): "always"
        case (let from?, nil): "from \(from)"
        case (nil, let to?): "to \(to)"
        case (let from?, let to?): "\(from) to \(to)"
        }
    }
}

extension TimeLimit {
    /// The limit as rulebooks write it: `10 wd`, `1 week`.
    var words: String {
        guard count == 1, unit != .workingDays else { return "\(count) \(unit.rawValue)" }
        return "1 \(unit.rawValue.dropLast())"
    }
}

extension Edition {
    /// The days on which the edition is in force, in words.
    var spanWords: String { RuleWords.span(from?.description, to?.description) }
}
