import WorkingCalendar

/// One event of a made-up case, before it is written down.
struct MessyRow {
    var child: String
    var event: String
    var date: CivilDate
    var referral = ""
    var step = ""
    var recorded: CivilDate?
    var team = ""
    var worker = ""
    var manager = ""
    var family = ""
    var outcome = ""
    /// Written in the date column instead of the date.
    var badDate: String?
    /// Leave cells off the end of the row.
    var isShort = false
}

/// Makes plausible case histories, then spoils some of the rows.
struct MessyCases {
    var random: MessyRandom
    let base: CivilDate
    /// The last day anything should happen, roughly.
    let horizon: CivilDate
    let units: [String]
    var rows: [MessyRow] = []
    private var referralNumber = 0

    init(random: MessyRandom, base: CivilDate, horizon: CivilDate, units: [String]) {
        self.random = random
        self.base = base
        self.horizon = horizon
        self.units = units
    }

    // MARK: Small parts

    /// A number of days to the next event: same day and the limits are frequent.
    private mutating func gap(_ usual: [Int]) -> Int {
        random.chance(70) ? random.pick(usual) : random.number(0...(usual.max() ?? 1) + 3)
    }

    private mutating func add(
        _ child: String, _ event: String, _ date: CivilDate, _ referral: String, _ step: String = ""
    ) {
        let holding = ["allocated", "transferred", "changed", "started", "decided", "received"]
        let isHolding = holding.contains { event.hasSuffix($0) }
        var row = MessyRow(child: child, event: event, date: date, referral: referral, step: step)
        if random.chance(isHolding ? 75 : 20) { row.team = random.pick(units) }
        if random.chance(isHolding ? 60 : 15) { row.worker = random.pick(["W1", "W2", "W3"]) }
        if event.hasSuffix("_authorised") || random.chance(10) {
            row.manager = random.chance(80) ? "M1" : random.pick(["M2", ""])
        }
        if random.chance(10) { row.outcome = random.pick(["A", "B"]) }
        rows.append(row)
    }

    // MARK: Histories

    mutating func referral(_ child: String, startingOn first: CivilDate, single: Bool) {
        referralNumber += 1
        let id = random.chance(85) ? "R\(referralNumber)" : ""
        var day = first
        if random.chance(15) {
            add(child, "contact_received", day, random.chance(20) ? id : "")
            if random.chance(60) { add(child, "contact_decided", day.plus(gap([0, 1])), "") }
        }
        if random.chance(93) { add(child, "referral_received", day, id) }
        if random.chance(4) { add(child, "referral_received", day.plus(gap([1, 5])), id) }
        day = day.plus(gap([0, 1, 1, 3]))
        let isNFA = random.chance(10)
        if random.chance(85) { add(child, "referral_decided", day, id) }
        if isNFA { add(child, "referral_nfa", day.plus(gap([0, 0, 5, 20])), id) }
        if isNFA && random.chance(60) { return }
        if random.chance(75) { add(child, "case_allocated", day.plus(gap([0, 1, 2])), id) }
        if random.chance(12) { return }
        if single {
            assessment(child, "assessment", id, day, lengths: [14, 30, 45, 60, 63, 64, 66, 91])
        } else {
            assessment(child, "initial_assessment", id, day, lengths: [3, 7, 9, 13, 14, 15, 20])
            if random.chance(40) {
                let start = day.plus(gap([5, 10, 14, 20]))
                assessment(child, "core_assessment", id, start, lengths: [20, 40, 49, 50, 51, 70])
            }
        }
        if random.chance(55) { inquiry(child, id, day.plus(gap([0, 2, 5, 10]))) }
        if random.chance(6) { transferIn(child, id, day.plus(gap([0, 3]))) }
        oversight(child, id, first)
        if random.chance(15) { add(child, "case_transferred", first.plus(gap([20, 56, 57, 84])), id) }
        if random.chance(12) { add(child, "team_changed", first.plus(gap([5, 14, 30])), id) }
        if random.chance(4) { add(child, "case_closed", first.plus(gap([70, 85])), id) }
        if random.chance(35) { add(child, "case_closed", first.plus(gap([10, 30, 50, 70, 84, 85])), id) }
        if random.chance(4) { add(child, "referral_nfa", first.plus(gap([10, 20])), id) }
    }

    private mutating func oversight(_ child: String, _ id: String, _ first: CivilDate) {
        for _ in 0..<random.number(0...3) {
            let date = first.plus(gap([0, 1, 2, 3, 7, 14, 21, 40]))
            add(child, "child_seen", date, random.chance(60) ? id : "")
        }
        for _ in 0..<random.number(0...1) {
            add(child, "management_decision_recorded", first.plus(gap([7, 14, 28, 60])), random.chance(60) ? id : "")
        }
        if random.chance(5) { add(child, "strategy_discussion_held", first.plus(gap([0, 2])), id) }
    }

    private mutating func stepId(_ child: String) -> String {
        random.chance(65) ? "\(random.pick(["A", "B", "S"]))\(random.number(1...3))" : ""
    }

    private mutating func assessment(
        _ child: String, _ kind: String, _ referral: String, _ first: CivilDate, lengths: [Int]
    ) {
        let step = stepId(child)
        let start = first.plus(gap([0, 1, 2]))
        if random.chance(90) { add(child, "\(kind)_started", start, referral, step) }
        if random.chance(3) { add(child, "\(kind)_started", start.plus(gap([1, 4])), referral, step) }
        let last = start.plus(gap(lengths))
        if random.chance(7) {
            add(child, "\(kind)_cancelled", last.plus(gap([0, 1])), referral, step)
            if random.chance(70) { return }
        }
        if random.chance(20) {
            if random.chance(15) { add(child, "case_closed", last.plus(gap([2, 7, 14])), referral) }
            return
        }
        add(child, "\(kind)_completed", last.plus(-gap([0, 0, 2, 5, 7])), referral, step)
        if random.chance(12) {
            add(child, "\(kind)_returned", last.plus(-gap([0, 1, 2])), referral, step)
            if random.chance(60) { add(child, "\(kind)_completed", last, referral, step) }
        }
        if random.chance(75) { add(child, "\(kind)_authorised", last, referral, step) }
        // On the day of a sign-off the no further action comes first.
        if random.chance(4) { add(child, "referral_nfa", last, referral) }
        if random.chance(8) { add(child, "\(kind)_returned", last.plus(gap([0, 3])), referral, step) }
        if random.chance(3) { add(child, "\(kind)_authorised", last.plus(gap([1, 6])), referral, step) }
        if random.chance(10) {
            let next = random.chance(50) ? last.plus(gap([0, 5, 10])) : start.plus(gap([0, 3]))
            if next < horizon { assessment(child, kind, referral, next, lengths: lengths) }
        }
    }

    private mutating func inquiry(_ child: String, _ referral: String, _ first: CivilDate) {
        let step = stepId(child)
        if random.chance(8) { add(child, "case_closed", first.plus(gap([5, 9, 16, 23])), referral) }
        if random.chance(50) { add(child, "strategy_discussion_held", first, referral) }
        if random.chance(93) { add(child, "s47_started", first, referral, step) }
        if random.chance(16) { add(child, "s47_started", first.plus(gap([0, 0, 4])), referral, stepId(child)) }
        if random.chance(11) { add(child, "s47_cancelled", first.plus(gap([3, 10])), referral, step) }
        if random.chance(4) { add(child, "s47_cancelled", first.plus(gap([12, 15])), referral, step) }
        if random.chance(3) {
            // Twice, and mostly once the conference was held.
            for day in [30, 33] { add(child, "s47_cancelled", first.plus(day), referral, step) }
        }
        if random.chance(6) {
            add(child, "case_closed", first.plus(gap([9, 16, 23])), referral)
            return
        }
        if random.chance(65) { add(child, "s47_completed", first.plus(gap([7, 10, 14, 20])), referral, step) }
        let held = first.plus(gap([7, 13, 20, 21, 22, 23, 24, 28]))
        if random.chance(35) { add(child, "icpc_arranged", held, random.chance(70) ? referral : "", step) }
        if random.chance(28) {
            let own = random.chance(70) ? step : random.pick(["", "", "S9"])
            add(child, "icpc_not_required", held.plus(-gap([0, 3, 7])), random.chance(70) ? referral : "", own)
            if random.chance(20) { add(child, "icpc_not_required", held.plus(-gap([0, 2])), referral) }
            if random.chance(30) { return }
        }
        guard random.chance(65) else { return }
        add(child, "icpc_held", held, random.chance(70) ? referral : "", random.chance(50) ? step : "")
        if random.chance(10) { add(child, "icpc_not_required", held.plus(gap([0, 0, 2])), referral, step) }
        plan(child, referral, held)
    }

    private mutating func plan(_ child: String, _ referral: String, _ held: CivilDate) {
        guard random.chance(85) else { return }
        let id = random.chance(60) ? "P\(random.number(1...2))" : ""
        let own = random.chance(75) ? referral : ""
        add(child, "cp_plan_started", held.plus(random.pick([0, 0, 0, 1, 15, 16])), own, id)
        if random.chance(15) {
            // A second plan of the child, and perhaps an end that names none of them.
            add(child, "cp_plan_started", held.plus(gap([0, 9, 15])), own, random.chance(50) ? "P3" : "")
            if random.chance(60) {
                add(child, "cp_plan_ended", held.plus(gap([16, 20, 30])), own, random.pick(["", "P9"]))
            }
        }
        if random.chance(75) { add(child, "core_group_held", held.plus(gap([7, 10, 13, 14, 15, 21])), own) }
        if random.chance(12) { add(child, "core_group_held", held.plus(random.pick([-3, 0, 0, 14, 25])), own) }
        if random.chance(60) {
            let review = held.plus(gap([0, 14, 30, 60, 88, 90, 91, 92, 95]))
            add(child, "cp_review_held", review, own, random.chance(30) ? id : "")
            if random.chance(8) { add(child, "cp_review_held", review, own, "V2") }
            if random.chance(8) { add(child, "cp_plan_ended", review, own, id) }
            if random.chance(50) {
                add(child, "cp_review_held", review.plus(gap([0, 20, 60, 150, 181, 184, 190])), own)
            }
        }
        if random.chance(45) { add(child, "cp_plan_ended", held.plus(gap([5, 5, 12, 30, 60, 91, 120])), own, id) }
        if random.chance(8) { add(child, "cp_plan_ended", held.plus(gap([40, 130])), own, id) }
    }

    private mutating func transferIn(_ child: String, _ referral: String, _ first: CivilDate) {
        let id = random.chance(40) ? "T1" : ""
        add(child, "transfer_in_notified", first, referral, id)
        guard random.chance(65) else { return }
        let held = first.plus(random.chance(12) ? -2 : gap([10, 20, 21, 22]))
        add(child, "transfer_in_conference_held", held, random.chance(70) ? referral : "", id)
        plan(child, referral, held)
    }
}
