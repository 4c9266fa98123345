import WorkingCalendar

/// One referral, or (`isGroup`) the rows of a child that found none.
struct TwinReferral {
    var child: String
    var id: String
    /// The earliest `referral_received`, else the earliest row that names it.
    var date: CivilDate?
    var received = false
    var isGroup = false
    /// Its rows in order, as indexes into the world's rows.
    var rows: [Int] = []
}

/// One assessment, S47 or plan.
struct TwinStep {
    var child: String
    var referral: Int
    var kind: String
    var id: String
    var start: CivilDate?
    var rows: [Int] = []
}

struct TwinPlan {
    var child: String
    var id: String
    var begun: CivilDate
    var ended: CivilDate?
}

/// Everything there is as at one date, computed afresh from the kept rows.
struct TwinWorld {
    let context: TwinContext
    /// Nil: every row of the run.
    let asAt: CivilDate?
    /// By child and then in the order of events.
    var rows: [TwinRow]
    var referralOf: [Int?]
    var stepOf: [Int?]
    var referrals: [TwinReferral] = []
    var steps: [TwinStep] = []
    var plans: [TwinPlan] = []
    var rowsOfChild: [String: [Int]] = [:]

    init(_ context: TwinContext, asAt: CivilDate?) {
        self.context = context
        self.asAt = asAt
        rows = context.reading.kept.filter { row in
            guard let asAt else { return true }
            // "icpc_arranged … is there from its recorded_at, or always where it has none, whatever the as-at date."
            if row.event == "icpc_arranged" { return row.recorded.map { $0 <= asAt } ?? true }
            return row.date <= asAt
        }
        rows.sort { before(Self.place(of: $0), Self.place(of: $1)) }
        referralOf = rows.map { _ in nil }
        stepOf = rows.map { _ in nil }
        for index in rows.indices { rowsOfChild[rows[index].child, default: []].append(index) }
        findReferrals()
        for child in rowsOfChild.keys.sorted(by: before) { linkRows(of: child) }
        addGhosts()
        findPlans()
    }

    /// "Within a day: the verb order, then the event's name, then `referral_id`, then `step_id`".
    private static func place(of row: TwinRow) -> [String] {
        let place = String(100 + (placeInDay[row.event] ?? 0))
        return [row.child, row.date.description, place, row.event, row.referral, row.step]
    }

    // MARK: Looking things up

    /// The as-at date; a world of all rows has none and is asked for none.
    var day: CivilDate { asAt ?? context.run.asAt }

    func events(_ name: String, inReferral referral: Int) -> [Int] {
        referrals[referral].rows.filter { rows[$0].event == name }
    }

    func events(_ name: String, ofChild child: String) -> [Int] {
        (rowsOfChild[child] ?? []).filter { rows[$0].event == name }
    }

    func events(_ verb: String, inStep step: Int) -> [Int] {
        let name = "\(steps[step].kind)_\(verb)"
        return steps[step].rows.filter { rows[$0].event == name }
    }

    func date(_ row: Int) -> CivilDate { rows[row].date }

    func firstNFA(_ referral: Int) -> CivilDate? { events("referral_nfa", inReferral: referral).first.map(date) }

    func firstClosure(_ referral: Int, onOrAfter start: CivilDate) -> CivilDate? {
        events("case_closed", inReferral: referral).map(date).first { $0 >= start }
    }

    func isClosed(_ referral: Int) -> Bool { !events("case_closed", inReferral: referral).isEmpty }

    /// Neither closed nor NFA.
    func isOpen(_ referral: Int) -> Bool { !isClosed(referral) && firstNFA(referral) == nil }

    /// Whether a referral is there and neither closed nor NFA, by the rows up to and including one.
    func isOpen(_ referral: Int, afterRow row: Int) -> Bool {
        guard let date = referrals[referral].date, date <= rows[row].date else { return false }
        return !referrals[referral].rows.contains {
            $0 <= row && (rows[$0].event == "case_closed" || rows[$0].event == "referral_nfa")
        }
    }

    func referralIndexes(ofChild child: String) -> [Int] {
        referrals.indices.filter { referrals[$0].child == child && !referrals[$0].isGroup }
    }

    /// Rows that may end a clock of a referral: its own, or any of the child's that came without a referral.
    func enders(_ name: String, ofReferral referral: Int) -> [Int] {
        events(name, ofChild: referrals[referral].child).filter {
            rows[$0].referral.isEmpty || referralOf[$0] == referral
        }
    }

    /// `management_decision_recorded` counts "for its own referral, or every open one where it came without".
    func decisions(forReferral referral: Int) -> [CivilDate] {
        events("management_decision_recorded", ofChild: referrals[referral].child).filter { row in
            if !rows[row].referral.isEmpty || referrals[referral].isGroup { return referralOf[row] == referral }
            return isOpen(referral, afterRow: row)
        }.map(date).filter { $0 <= day }
    }

    /// `child_seen` counts for every referral of the child.
    func seen(_ child: String) -> [CivilDate] { events("child_seen", ofChild: child).map(date) }

    /// The days on which something happened in a referral, up to the as-at date.
    func eventDays(_ referral: Int) -> [CivilDate] {
        let own = referrals[referral].rows.map(date)
        return (own + seen(referrals[referral].child) + decisions(forReferral: referral)).filter { $0 <= day }
    }

    /// "Family … the latest non-empty value".
    func family(_ child: String) -> String {
        (rowsOfChild[child] ?? []).last { !rows[$0].family.isEmpty }.map { rows[$0].family } ?? ""
    }
}
