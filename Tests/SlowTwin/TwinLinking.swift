import WorkingCalendar

/// The paragraphs "Linking" and "Steps".
extension TwinWorld {
    /// "A referral is a child and a referral id"; each `referral_received` without an id is one of its own.
    mutating func findReferrals() {
        var named: [[String]: Int] = [:]
        for row in rows.indices where !rows[row].referral.isEmpty && !isContact(row) {
            let key = [rows[row].child, rows[row].referral]
            let known = named[key]
            let index = known ?? referrals.count
            if known == nil {
                named[key] = index
                // Rows are in order of date: this is the earliest row that names it.
                referrals.append(
                    TwinReferral(child: rows[row].child, id: rows[row].referral, date: rows[row].date))
            }
            if rows[row].event == "referral_received", !referrals[index].received {
                referrals[index].received = true
                referrals[index].date = rows[row].date
            }
        }
        for row in rows.indices where rows[row].event == "referral_received" && rows[row].referral.isEmpty {
            referralOf[row] = referrals.count
            referrals.append(TwinReferral(child: rows[row].child, id: "", date: rows[row].date, received: true))
        }
    }

    private func isContact(_ row: Int) -> Bool { rows[row].event.hasPrefix("contact_") }

    /// Goes through the rows of a child in order.
    mutating func linkRows(of child: String) {
        // A step exists where any of its rows exists, so a row with the step id alone finds it before its time.
        for row in rowsOfChild[child] ?? [] where !rows[row].referral.isEmpty && !rows[row].step.isEmpty {
            guard let kind = stepKind(rows[row].event), kind != "cp_plan" else { continue }
            let referral = findReferral(for: row)
            let exists = steps.contains {
                $0.referral == referral && $0.kind == kind && $0.id == rows[row].step
            }
            if !exists { steps.append(TwinStep(child: child, referral: referral, kind: kind, id: rows[row].step)) }
        }
        for row in rowsOfChild[child] ?? [] where !isContact(row) {
            let referral = referralOf[row] ?? findReferral(for: row)
            referralOf[row] = referral
            referrals[referral].rows.append(row)
            if let kind = stepKind(rows[row].event) { joinStep(row, kind: kind, referral: referral) }
        }
    }

    private mutating func findReferral(for row: Int) -> Int {
        let this = rows[row]
        if !this.referral.isEmpty {
            let named = referralIndexes(ofChild: this.child).first { referrals[$0].id == this.referral }
            return named ?? group(of: this.child)
        }
        if !this.step.isEmpty, let step = stepOfSameId(row) { return steps[step].referral }
        if this.step.isEmpty, let step = earliestOpenStep(forEnd: row) {
            stepOf[row] = step
            return steps[step].referral
        }
        return latestReferral(of: this.child, onOrBefore: this.date) ?? group(of: this.child)
    }

    /// The kind whose steps a row without a referral may join; the conference rows name S47s.
    private func linkingKind(_ row: Int) -> String? {
        if ["icpc_held", "icpc_arranged", "icpc_not_required"].contains(rows[row].event) { return "s47" }
        return stepKind(rows[row].event)
    }

    /// "Joins that child's step of the same id and kind (two such: the latest begun on or before it)".
    private func stepOfSameId(_ row: Int) -> Int? {
        guard let kind = linkingKind(row) else { return nil }
        let same = steps.indices.filter {
            steps[$0].child == rows[row].child && steps[$0].kind == kind && steps[$0].id == rows[row].step
        }
        func age(_ step: Int) -> [String] { [begun(step, by: row), referrals[steps[step].referral].id] }
        return same.max { before(age($0), age($1)) }
    }

    /// The day a step began; empty where that is after a row, as nothing is there to be later than.
    private func begun(_ step: Int, by row: Int) -> String {
        let name = "\(steps[step].kind)_started"
        // A start that names its referral and its step is known, whatever the order of a day.
        let own = (rowsOfChild[steps[step].child] ?? []).filter {
            rows[$0].event == name && rows[$0].step == steps[step].id && !rows[$0].referral.isEmpty
                && rows[$0].referral == referrals[steps[step].referral].id
        }
        let start = (own.map(date) + [steps[step].start].compactMap { $0 }).min()
        guard let begun = start ?? steps[step].rows.first.map(date), begun <= date(row) else { return "" }
        return begun.description
    }

    /// Steps from the earliest to the latest begun: with a start by it, without one by the earliest event.
    private func stepAge(_ step: Int) -> [String] {
        let referral = referrals[steps[step].referral]
        return [begun(step)?.description ?? "", steps[step].id, referral.id]
    }

    func begun(_ step: Int) -> CivilDate? { steps[step].start ?? steps[step].rows.first.map(date) }

    /// "A row that ends a step and has neither id joins the child's earliest open step of its kind in any referral
    /// not closed before its date".
    private func earliestOpenStep(forEnd row: Int) -> Int? {
        let verbs = ["_completed", "_returned", "_authorised", "_cancelled"]
        let event = rows[row].event
        guard event == "icpc_not_required" || verbs.contains(where: { event.hasSuffix($0) }),
            let kind = linkingKind(row)
        else { return nil }
        let open = steps.indices.filter { step in
            guard steps[step].child == rows[row].child, steps[step].kind == kind, !isStepClosed(step),
                begun(step) != nil
            else {
                return false
            }
            return !referrals[steps[step].referral].rows.contains {
                rows[$0].event == "case_closed" && rows[$0].date < rows[row].date
            }
        }
        return open.min { before(stepAge($0), stepAge($1)) }
    }

    /// "Nothing has closed" it, by the rows so far.
    private func isStepClosed(_ step: Int) -> Bool {
        if !events("authorised", inStep: step).isEmpty || !events("cancelled", inStep: step).isEmpty { return true }
        if steps[step].kind == "s47" { return !events("completed", inStep: step).isEmpty }
        return context.endsWhenCompleted(steps[step].kind) && lastCompletedNotReturned(step) != nil
    }

    /// "The last `completed` not followed by `returned`".
    func lastCompletedNotReturned(_ step: Int) -> Int? {
        guard let completed = events("completed", inStep: step).last else { return nil }
        if let returned = events("returned", inStep: step).last, returned > completed { return nil }
        return completed
    }

    /// "The child's latest referral on or before its date (several that day: the greatest id)".
    private func latestReferral(of child: String, onOrBefore date: CivilDate?) -> Int? {
        let candidates = referralIndexes(ofChild: child).filter { index in
            guard let begun = referrals[index].date else { return false }
            return date.map { begun <= $0 } ?? true
        }
        return candidates.max {
            before(
                [referrals[$0].date?.description ?? "", referrals[$0].id],
                [referrals[$1].date?.description ?? "", referrals[$1].id])
        }
    }

    /// The child's nameless group.
    private mutating func group(of child: String) -> Int {
        if let index = referrals.firstIndex(where: { $0.isGroup && $0.child == child }) { return index }
        referrals.append(TwinReferral(child: child, id: "", isGroup: true))
        return referrals.count - 1
    }

    /// "Steps": puts a row into its step, making the step where there is none.
    private mutating func joinStep(_ row: Int, kind: String, referral: Int) {
        let this = rows[row]
        let isStart = this.event.hasSuffix("_started")
        if kind == "cp_plan" && this.step.isEmpty { return }
        let step = stepOf[row] ?? stepToJoin(row, kind: kind, referral: referral, isStart: isStart)
        let index = step ?? steps.count
        if step == nil { steps.append(TwinStep(child: this.child, referral: referral, kind: kind, id: this.step)) }
        stepOf[row] = index
        steps[index].rows.append(row)
        // Several starts of one id: the earliest, which is the first in order.
        if isStart && steps[index].start == nil { steps[index].start = this.date }
    }

    private func stepToJoin(_ row: Int, kind: String, referral: Int, isStart: Bool) -> Int? {
        let ofKind = steps.indices.filter { steps[$0].referral == referral && steps[$0].kind == kind }
        if !rows[row].step.isEmpty { return ofKind.first { steps[$0].id == rows[row].step } }
        if isStart { return nil }
        let started = ofKind.filter { steps[$0].start != nil }.sorted { before(stepAge($0), stepAge($1)) }
        if let open = started.first(where: { !isStepClosed($0) }) { return open }
        if let latest = started.last { return latest }
        return ofKind.first { steps[$0].start == nil && steps[$0].id.isEmpty }
    }

    /// "A rejected `started` row still makes its step exist, with an unknown start".
    mutating func addGhosts() {
        for ghost in context.reading.rejected where ghost.reason == "no_date" || ghost.reason == "bad_date" {
            guard let kind = stepKind(ghost.event), kind != "cp_plan", ghost.event.hasSuffix("_started") else {
                continue
            }
            if let asAt, let recorded = ghost.recorded, recorded > asAt { continue }
            let hasGoodCopy = rows.contains {
                $0.child == ghost.child && $0.event == ghost.event && $0.referral == ghost.referral
                    && $0.step == ghost.step
            }
            if hasGoodCopy { continue }
            let referral = referralOfGhost(ghost)
            let exists = steps.contains {
                guard $0.referral == referral, $0.kind == kind, $0.id == ghost.step else { return false }
                return !ghost.step.isEmpty || $0.start == nil
            }
            if exists { continue }
            steps.append(TwinStep(child: ghost.child, referral: referral, kind: kind, id: ghost.step))
        }
    }

    /// "Without a referral it joins the child's latest".
    private mutating func referralOfGhost(_ ghost: TwinRejected) -> Int {
        guard !ghost.referral.isEmpty else {
            return latestReferral(of: ghost.child, onOrBefore: nil) ?? group(of: ghost.child)
        }
        if let named = referralIndexes(ofChild: ghost.child).first(where: { referrals[$0].id == ghost.referral }) {
            return named
        }
        referrals.append(TwinReferral(child: ghost.child, id: ghost.referral))
        return referrals.count - 1
    }

    /// Plans pair on the child, whatever the referral.
    mutating func findPlans() {
        for child in rowsOfChild.keys.sorted(by: before) {
            var own: [TwinPlan] = []
            for row in rowsOfChild[child] ?? [] {
                let this = rows[row]
                let named = this.step.isEmpty ? nil : own.firstIndex { $0.id == this.step }
                if this.event == "cp_plan_started", named == nil {
                    own.append(TwinPlan(child: child, id: this.step, begun: this.date))
                } else if this.event == "cp_plan_ended" {
                    // In order of their starts: the first open one is the earliest.
                    if let index = named ?? own.firstIndex(where: { $0.ended == nil }), own[index].ended == nil {
                        own[index].ended = this.date
                    }
                }
            }
            plans += own
        }
    }

    /// "A plan of the child was running on the day (begun on or before it, not ended before it)".
    func planRunning(_ child: String, on day: CivilDate) -> Bool {
        plans.contains { plan in
            guard plan.child == child, plan.begun <= day else { return false }
            return plan.ended.map { $0 >= day } ?? true
        }
    }
}
