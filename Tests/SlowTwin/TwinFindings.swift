import WorkingCalendar

/// A finding; `date`, `row` and `team` are of the row that carries it, where one does.
struct TwinFinding {
    var code: String
    var severity: String
    var child: String
    var date: CivilDate?
    /// The id of the kept row (for a duplicate: of the row that was kept).
    var row: Int?
    var team = ""
}

/// The severity of each code; `missing_referral` says its own.
func severity(of code: String) -> String {
    switch code {
    case "no_child", "unknown_event", "no_date", "bad_date", "field_count": "rejected"
    case "unknown_start", "end_before_start", "missing_referral", "calendar_too_short": "unmeasurable"
    case "activity_on_nfa", "icpc_and_not_required": "contradiction"
    default: "warning"
    }
}

/// Reading 49: one for each row, over all rows of the run.
extension TwinWorld {
    func rowFindings() -> [TwinFinding] {
        var found: [TwinFinding] = context.reading.rejected.map { row in
            TwinFinding(
                code: row.reason, severity: "rejected", child: row.child, date: row.date, row: nil, team: row.team)
        }
        for (row, kept) in context.reading.dropped {
            let first = context.reading.kept[kept]
            let differs = row.team != first.team || row.outcome != first.outcome
            found.append(finding(differs ? "duplicate_differs" : "duplicate", row, kept))
        }
        let all = context.reading.kept.map { ($0, $0.id) } + context.reading.dropped.map { ($0.row, $0.kept) }
        for (row, kept) in all {
            if row.event != "icpc_arranged", let recorded = row.recorded, recorded < row.date {
                found.append(finding("recorded_before_date", row, kept))
            }
            if row.event != "icpc_arranged", let newest = context.reading.newestRecorded[row.export],
                row.date > newest
            {
                found.append(finding("future_date", row, kept))
            }
        }
        for row in rows where row.event == "icpc_held" && context.calendar.covers(row.date) {
            // Whether anybody works on a day past the calendar is not known.
            if context.calendar.isWorkingDay(row.date) { continue }
            found.append(finding("icpc_on_closed_day", row, row.id))
        }
        return found + linkedRowFindings()
    }

    private func finding(_ code: String, _ row: TwinRow, _ kept: Int) -> TwinFinding {
        TwinFinding(
            code: code, severity: severity(of: code), child: row.child, date: row.date, row: kept, team: row.team)
    }

    private func linkedRowFindings() -> [TwinFinding] {
        var found: [TwinFinding] = []
        func add(_ code: String, _ indexes: some Sequence<Int>) {
            for index in indexes { found.append(finding(code, rows[index], rows[index].id)) }
        }
        for referral in referrals.indices {
            if !referrals[referral].id.isEmpty {
                add("several_referrals_received", events("referral_received", inReferral: referral).dropFirst())
            }
            if let nfa = events("referral_nfa", inReferral: referral).first {
                add(
                    "activity_on_nfa",
                    referrals[referral].rows.filter { $0 > nfa && rows[$0].event != "case_closed" })
            }
        }
        for step in steps.indices where steps[step].kind != "cp_plan" {
            add("several_starts", events("started", inStep: step).dropFirst())
            if let authorised = events("authorised", inStep: step).first {
                add("returned_after_authorised", events("returned", inStep: step).filter { $0 > authorised })
            }
            if steps[step].kind != "s47" {
                let ends = (events("authorised", inStep: step) + events("cancelled", inStep: step)).sorted()
                add("later_stop", ends.dropFirst())
            }
        }
        for child in rowsOfChild.keys {
            for pair in pairConferences(ofChild: child).values { add("later_stop", pair.laterCancellations) }
        }
        return found
    }

    // MARK: Readings 50 and 51

    /// One for each step, or for each clock, as at the as-at date.
    func stepFindings(_ clocks: [TwinClock]) -> [TwinFinding] {
        var found: [TwinFinding] = []
        func add(_ code: String, _ child: String, severity own: String? = nil) {
            found.append(TwinFinding(code: code, severity: own ?? severity(of: code), child: child))
        }
        for step in steps.indices where steps[step].kind != "cp_plan" {
            let child = steps[step].child
            let own = clocks.filter { $0.step == step }
            if measuredWithoutStart(step) {
                add("end_without_start", child)
            } else if own.contains(where: { $0.reason == "unknown_start" }) {
                add("unknown_start", child)
            }
            let referral = referrals[steps[step].referral]
            if let start = steps[step].start, let date = referral.date, start < date {
                add("step_before_referral", child)
            }
            if !referral.received {
                let unmeasured = own.contains { $0.reason == "missing_referral" }
                add("missing_referral", child, severity: unmeasured ? "unmeasurable" : "warning")
            }
            if overlapsAnother(step) { add("several_open_steps", child) }
            if own.contains(where: { $0.state == .void && $0.reason == "case_closed" }) {
                add("open_on_closed_case", child)
            }
            if own.contains(where: stoppedAfterClosure) { add("activity_after_closure", child) }
            if steps[step].kind == "s47" {
                let assessed = steps.contains {
                    $0.referral == steps[step].referral && assessmentKinds.contains($0.kind)
                }
                if !assessed { add("s47_without_assessment", child) }
                if pairConferences(ofChild: child)[step]?.isContradiction == true {
                    add("icpc_and_not_required", child)
                }
            }
        }
        for clock in clocks {
            if clock.reason == "end_before_start" || clock.reason == "calendar_too_short" {
                add(clock.reason, clock.child)
            }
            if clock.edition == "none", clock.state != .unmeasurable, clock.state != .void {
                add("no_rule_in_force", clock.child)
            }
        }
        return found
    }

    /// The first IA or assessment of a referral that was received, without a start of its own.
    private func measuredWithoutStart(_ step: Int) -> Bool {
        ["initial_assessment", "assessment"].contains(steps[step].kind) && steps[step].start == nil && isFirst(step)
            && referrals[steps[step].referral].received
    }

    /// "Another step of the kind and referral began before it, or on the same day with a smaller id, and had not ended
    /// before it began".
    private func overlapsAnother(_ step: Int) -> Bool {
        guard let start = steps[step].start else { return false }
        return steps.indices.contains { other in
            guard other != step, steps[other].referral == steps[step].referral, steps[other].kind == steps[step].kind,
                let begun = steps[other].start,
                begun < start || (begun == start && before(steps[other].id, steps[step].id))
            else { return false }
            let ends = endRows(other) + events("cancelled", inStep: other)
            return !ends.contains { date($0) < start }
        }
    }

    private func stoppedAfterClosure(_ clock: TwinClock) -> Bool {
        guard clock.state == .stopped, let end = clock.end, let step = clock.step,
            let start = steps[step].start ?? clock.start,
            let closure = firstClosure(clock.referral, onOrAfter: start)
        else { return false }
        return end > closure
    }

    // MARK: Reading 52

    /// One for each name: of a step in two referrals, of a unit, of an event.
    func nameFindings(_ clocks: [TwinClock]) -> [TwinFinding] {
        var found: [TwinFinding] = []
        func add(_ code: String, _ child: String) {
            found.append(TwinFinding(code: code, severity: severity(of: code), child: child))
        }
        let named = Dictionary(
            grouping: steps.filter { !$0.id.isEmpty && $0.kind != "cp_plan" }, by: { [$0.child, $0.kind, $0.id] })
        for (key, same) in named where Set(same.map(\.referral)).count > 1 { add("step_in_two_referrals", key[0]) }

        if context.structure.units != nil {
            let units = Set(context.reading.kept.map(\.team)).subtracting([""])
            for unit in units where !context.structure.knows(unit) { add("team_unknown", "") }
            let outOfDates = clocks.filter { clock in
                let place = context.structure.place(clock.team, on: clock.holderDay)
                return place.known && !place.inDates
            }
            for _ in Set(outOfDates.map(\.team)) { add("team_out_of_dates", "") }
        }
        for _ in neverSeen(clocks) { add("event_never_seen", "") }
        return found
    }

    /// Reading 54: "events that a rule in use, a measure or an exception needs, that the sources carry, that no row of
    /// the run has, and that leave at least one running clock open; for assessments only where the kind has neither".
    func neverSeen(_ clocks: [TwinClock]) -> Set<String> {
        var names: Set<String> = []
        for clock in clocks where clock.isRunning {
            let kind = clock.step.map { steps[$0].kind } ?? ""
            for event in context.needs(of: clock.rule.name, kind: kind).joined()
            where context.carries(event) && !context.eventsSeen.contains(event) {
                if clock.rule.name != "authorisation", let kind = stepKind(event), assessmentKinds.contains(kind) {
                    let ends = ["\(kind)_completed", "\(kind)_authorised"]
                    if ends.contains(where: { context.eventsSeen.contains($0) }) { continue }
                }
                names.insert(event)
            }
            for event in neededBesides(clock) where context.carries(event) && !context.eventsSeen.contains(event) {
                names.insert(event)
            }
        }
        return names
    }

    /// What measures and exceptions ask of a running clock, besides what its rule needs.
    private func neededBesides(_ clock: TwinClock) -> Set<String> {
        // Who has the referral, and whether it was decided, is asked of every referral with a clock.
        var events: Set<String> = ["case_allocated", "referral_decided"]
        if isSeenRule(clock.rule.name) { events.insert("child_seen") }
        if clock.verdict == "overdue" { events.formUnion(["child_seen", "management_decision_recorded"]) }
        if clock.rule.name == "s47_to_icpc" {
            events.formUnion(["s47_completed", "icpc_not_required", "icpc_arranged"])
        }
        return events
    }
}
