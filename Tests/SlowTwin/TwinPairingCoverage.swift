import WorkingCalendar

/// Every branch of the rules by which conferences find their S47s, plans and ends; each must occur.
let pairingBranches = [
    "held: stops one S47", "held: stops several S47s", "held: before the S47", "held: S47 without a start",
    "held: of another referral", "held: without a referral, S47 of another one", "held: after another one",
    "held: after a cancellation", "held: after the S47 of its step id was cancelled",
    "held: own step id, after not required", "held: not its own, after not required",
    "not required: voids", "not required: by its step id", "not required: before the S47 of its step id",
    "not required: the earliest", "not required: the earliest, no S47 has its step id",
    "not required: the earliest of several", "not required: the smallest step id of one day",
    "not required: the earliest that has not ended before", "not required: none is left",
    "not required: on the conference's day", "not required: after the conference", "not required: a second time",
    "not required: after a cancellation",
    "cancelled: voids", "cancelled: after not required", "cancelled: after the conference", "cancelled: a second time",
    "cancelled: before the start, or without one",
    "plan: on the conference's day", "plan: 1 to 14 days after it", "plan: 15 days after it", "plan: too late",
    "plan: before it only", "plan: of a transfer-in conference", "plan: of another referral",
    "plan end: by its step id", "plan end: the earliest open one", "plan end: the earliest of several open",
    "plan end: no plan has its step id", "plan end: that plan has ended already", "plan end: none is open",
    "core group: on the conference's day", "core group: before it", "core group: without a referral",
    "core group: of another referral", "core group: the first of several",
    "review: on the conference's day", "review: later", "review: without a referral", "review: of another referral",
    "review: on the day of another one", "review: no plan running", "review: on the day the plan began",
    "review: on the day the plan ended",
]

extension TwinWorld {
    /// The branches of ``pairingBranches`` that the run took as at the date, one for each time.
    func branchesTaken() -> [String] {
        var branches: [String] = []
        for child in rowsOfChild.keys {
            _ = pairConferences(ofChild: child, &branches)
            branches += planEnds(child)
            for row in rowsOfChild[child] ?? [] {
                switch rows[row].event {
                case "icpc_held", "transfer_in_conference_held": branches += afterConference(row)
                case "cp_review_held": branches += laterReview(row)
                default: break
                }
            }
        }
        return branches
    }

    private func afterConference(_ row: Int) -> [String] {
        let this = rows[row]
        guard let referral = referralOf[row] else { return [] }
        let plans = events("cp_plan_started", ofChild: this.child)
        let distances = plans.map { this.date.days(to: date($0)) }
        guard let nearest = distances.filter({ $0 >= 0 }).min() else {
            return plans.isEmpty ? [] : ["plan: before it only"]
        }
        guard nearest <= 15 else { return ["plan: too late"] }
        var branches = [
            nearest == 0
                ? "plan: on the conference's day"
                : nearest < 15 ? "plan: 1 to 14 days after it" : "plan: 15 days after it"
        ]
        if this.event != "icpc_held" { branches.append("plan: of a transfer-in conference") }
        if plans.contains(where: { 0...15 ~= this.date.days(to: date($0)) && referralOf[$0] != referral }) {
            branches.append("plan: of another referral")
        }
        let groups = ender("core_group_held", of: row, referral)
        branches += groups.branches.map { "core group: \($0)" }
        if groups.counted.contains(where: { date($0) == this.date }) {
            branches.append("core group: on the conference's day")
        }
        if groups.counted.contains(where: { date($0) < this.date }) { branches.append("core group: before it") }
        if groups.counted.filter({ date($0) >= this.date }).count > 1 {
            branches.append("core group: the first of several")
        }
        let reviews = ender("cp_review_held", of: row, referral)
        branches += reviews.branches.map { "review: \($0)" }
        if reviews.counted.contains(where: { date($0) == this.date }) {
            branches.append("review: on the conference's day")
        }
        if reviews.counted.contains(where: { date($0) > this.date }) { branches.append("review: later") }
        return branches
    }

    /// The rows that may end the clocks of a conference, and how they came to it.
    private func ender(_ event: String, of row: Int, _ referral: Int) -> (counted: [Int], branches: [String]) {
        let counted = enders(event, ofReferral: referral)
        var branches: [String] = []
        if counted.contains(where: { referralOf[$0] != referral }) { branches.append("without a referral") }
        let isPassedOver = events(event, ofChild: rows[row].child).contains { !counted.contains($0) }
        if isPassedOver { branches.append("of another referral") }
        return (counted, branches)
    }

    private func laterReview(_ row: Int) -> [String] {
        let this = rows[row]
        guard planRunning(this.child, on: this.date) else { return ["review: no plan running"] }
        var branches: [String] = []
        let isRepeated = events("cp_review_held", ofChild: this.child).contains { $0 != row && date($0) == this.date }
        if isRepeated { branches.append("review: on the day of another one") }
        let running = plans.filter { plan in
            plan.child == this.child && plan.begun <= this.date && plan.ended.map { $0 >= this.date } ?? true
        }
        if running.allSatisfy({ $0.begun == this.date }) { branches.append("review: on the day the plan began") }
        if running.allSatisfy({ $0.ended == this.date }) { branches.append("review: on the day the plan ended") }
        return branches
    }

    /// How each end of a plan found its plan, in the words of the reading and not of ``findPlans()``.
    private func planEnds(_ child: String) -> [String] {
        var open: [String] = []
        var known: Set<String> = []
        var branches: [String] = []
        for row in rowsOfChild[child] ?? [] {
            let id = rows[row].step
            if rows[row].event == "cp_plan_started", id.isEmpty || known.insert(id).inserted {
                open.append(id)
            } else if rows[row].event == "cp_plan_ended" {
                if known.contains(id) {
                    branches.append(
                        open.contains(id) ? "plan end: by its step id" : "plan end: that plan has ended already")
                    open.removeAll { $0 == id }
                } else if open.isEmpty {
                    branches.append("plan end: none is open")
                } else {
                    branches.append(
                        id.isEmpty ? "plan end: the earliest open one" : "plan end: no plan has its step id")
                    if open.count > 1 { branches.append("plan end: the earliest of several open") }
                    open.removeFirst()
                }
            }
        }
        return branches
    }
}
