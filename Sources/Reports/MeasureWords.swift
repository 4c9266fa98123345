import Rules

/// The one dictionary from the names in files to the words on pages.
enum MeasureWords {
    /// A table of measures that belong together.
    enum Group: String, CaseIterable {
        case flow = "work of the week"
        case due = "due in the week"
        case voids = "ended without being completed"
        case stock = "still running at the end of the week"
        case speed = "how long completed work took (days as its limit counts them)"
        case care = "oversight of late work"
        case quality = "sign-off and recording"
    }

    /// A measure's words and table.
    struct Entry {
        var words: String
        var group: Group

        init(_ words: String, _ group: Group) {
            self.words = words
            self.group = group
        }
    }

    static let entries: [String: Entry] = [
        "started": Entry("Started", .flow),
        "stopped": Entry("Completed", .flow),
        "in_time": Entry("Completed in time", .flow),
        "within_expected": Entry("Completed within the expected time", .flow),
        "due_cohort": Entry("Fell due", .due),
        "met": Entry("Fell due and met", .due),
        "missed": Entry("Fell due and missed", .due),
        "voided": Entry("Ended without being completed", .voids),
        "voided_after_due": Entry("Of these, already past the limit", .voids),
        "voided_closed": Entry("Because the case was closed", .voids),
        "voided_cancelled": Entry("Because the work was cancelled", .voids),
        "voided_not_required": Entry("Because a conference was not required", .voids),
        "voided_nfa": Entry("Because of no further action", .voids),
        "voided_returned": Entry("Because the work was returned to the worker", .voids),
        "voided_plan_ended": Entry("Because the plan ended", .voids),
        "running": Entry("Running", .stock),
        "running_not_due": Entry("Running, not due yet", .stock),
        "running_due_soon": Entry("Running, due in the next 5 working days", .stock),
        "running_at_limit": Entry("Running, at the limit today", .stock),
        "running_over_1_5": Entry("Overdue by 1 to 5 days", .stock),
        "running_over_6_20": Entry("Overdue by 6 to 20 days", .stock),
        "running_over_21": Entry("Overdue by 21 days or more", .stock),
        "overdue": Entry("Overdue", .stock),
        "total_days_over": Entry("Days overdue, added up", .stock),
        "oldest": Entry("Longest running, in days", .stock),
        "past_expected": Entry("Running past the expected time", .stock),
        "elapsed_p25": Entry("A quarter took this many days or fewer", .speed),
        "elapsed_median": Entry("Half took this many days or fewer", .speed),
        "elapsed_p75": Entry("Three quarters took this many days or fewer", .speed),
        "elapsed_p90": Entry("Nine in ten took this many days or fewer", .speed),
        "late_mean_over": Entry("Mean days over the limit, of those completed late", .speed),
        "deadline_share": Entry("Completed in the last five days before the limit", .speed),
        "late_overseen": Entry("Overdue, with a management decision since the due date", .care),
        "late_seen_20wd": Entry("Overdue, with the child seen in the last 20 working days", .care),
        "awaiting_authorisation": Entry("Completed, waiting for a manager's authorisation", .quality),
        "signed_same_day": Entry("Completed and authorised on the same day", .quality),
        "signed_in_batch": Entry("Authorised in a batch of five or more", .quality),
        "returned_for_rework": Entry("Returned for rework", .quality),
        "basis_sensitivity": Entry("Would be judged otherwise from the stricter start", .quality),
        "unallocated": Entry("Children with work running and nobody allocated", .stock),
        "child_not_seen": Entry("Children not seen since their work started", .stock),
        "not_started": Entry("Children whose decided work has not started", .stock),
        "re_referrals": Entry("Referrals of children referred in the 12 months before", .flow),
        "recording_lag_median": Entry("Half the rows were recorded within this many days", .quality),
        "recorded_late": Entry("Rows recorded more than 5 working days late", .quality),
        "excluded": Entry("Cannot be measured (excluded)", .quality),
    ]

    /// The words of a measure; one that the dictionary does not know is shown with its underscores as blanks.
    static func words(_ measure: String) -> String {
        entries[measure]?.words ?? PageText.sentence(measure.replacing("_", with: " "))
    }

    static func group(_ measure: String) -> Group { entries[measure]?.group ?? .quality }

    /// The words of a band such as `1_10` or `61_up`.
    static func band(_ name: some StringProtocol) -> String {
        let parts = name.split(separator: "_")
        guard parts.count == 2 else { return name == "0" ? "The same day" : "\(name) days" }
        return parts[1] == "up" ? "\(parts[0]) days or more" : "\(parts[0]) to \(parts[1]) days"
    }

    /// Why a row stands on the list.
    static func kind(_ kind: String) -> String {
        switch ExceptionKind(rawValue: kind) {
        case .childNotSeen: "Child not seen"
        case .overdue: "Overdue"
        case .noOutcome: "Enquiry completed without an outcome"
        case .unallocated: "No worker allocated"
        case .notStarted: "Work decided and not started"
        case .noOversight: "Overdue without a management decision"
        case .closedUnfinished: "Closed before the work was finished"
        case .beyondLimit: "Beyond the outer limit"
        case .noRecentActivity: "No activity in the last 20 working days"
        case .icpcNotBooked: "Conference not booked"
        case .finding: "Record to be put right"
        case nil: watch[kind] ?? PageText.sentence(kind.replacing("_", with: " "))
        }
    }

    /// Why somebody waits, as part of a line that says for what.
    static func wait(_ kind: String) -> String {
        switch ExceptionKind(rawValue: kind) {
        case .noOutcome: "enquiry completed without an outcome"
        case .unallocated: "nobody allocated"
        case .notStarted: "decided and not started"
        case .noOversight: "no management decision since"
        case .childNotSeen: "not seen since it began"
        case .closedUnfinished: "closed before it was finished"
        case .beyondLimit: "past the outer limit"
        case .noRecentActivity: "nothing recorded for 20 working days"
        case .overdue, .icpcNotBooked, .finding, nil: self.kind(kind).lowercased()
        }
    }

    private static let watch = [
        "at_limit": "At the limit", "due_soon": "Due soon", "beyond_expected": "Past the expected time",
    ]

    /// How a row left the list.
    static let clearances = [
        "stopped": "the work was completed", "voided": "the work ended without being completed",
        "moved": "it moved to another Group Manager", "changed": "it no longer meets the conditions",
    ]
}
