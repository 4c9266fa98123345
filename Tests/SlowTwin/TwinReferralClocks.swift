import WorkingCalendar

/// The clocks that run for a referral, and how every clock is finished: limit, verdict, holder.
extension TwinWorld {
    func referralClock(_ rule: TwinRule, _ referral: Int) -> TwinClock? {
        guard referrals[referral].received, let start = referrals[referral].date else { return nil }
        var stops: [Int] = []
        var voids: [Int] = []
        var nfa = firstNFA(referral)
        let closure = firstClosure(referral, onOrAfter: start)
        switch rule.name {
        case "referral_decision":
            stops = events("referral_decided", inReferral: referral) + events("referral_nfa", inReferral: referral)
            nfa = nil
        case "allocation":
            stops = events("case_allocated", inReferral: referral)
        case "short_term_work":
            return shortTermClock(rule, referral, start)
        case "ia_and_s47_window":
            guard isInWindowScheme(start) else { return nil }
            let all = steps.indices.filter {
                steps[$0].referral == referral && ["initial_assessment", "s47"].contains(steps[$0].kind)
            }
            guard !all.isEmpty else { return nil }
            // Cancelled steps are left out; if all are cancelled it is void on the last cancellation.
            let counted = all.filter { step in
                guard let cancelled = events("cancelled", inStep: step).first else { return true }
                return endRows(step).first.map { $0 < cancelled } ?? false
            }
            if counted.isEmpty {
                voids = [all.compactMap { events("cancelled", inStep: $0).first }.max()].compactMap { $0 }
            }
            // It is stopped when every IA is authorised and every S47 completed, on the latest of these days.
            let ends = counted.map { endRows($0).first }
            if !ends.isEmpty, !ends.contains(nil) { stops = [ends.compactMap { $0 }.max()].compactMap { $0 } }
        default:
            return nil
        }
        let outcome = settle(
            start: start, stops: stops, voids: voids, nfa: nfa, closure: closure,
            earlier: (stops + voids).contains { date($0) < start })
        return finish(rule, referral, nil, "", start, outcome)
    }

    /// "First of case_closed, the first change from a marked holder to a unit not marked (with none marked: the first
    /// case_transferred)"; "exists where the holder was a unit marked `short_term` on any day up to the as-at date".
    private func shortTermClock(_ rule: TwinRule, _ referral: Int, _ start: CivilDate) -> TwinClock? {
        let closures = events("case_closed", inReferral: referral).map(date)
        var ends = closures
        if context.structure.marksShortTerm {
            let days = daysToLookAt(referral)
            func isMarked(_ day: CivilDate) -> Bool {
                let holder = holder(referral, on: day)
                return !holder.isEmpty && context.structure.place(holder, on: day).shortTerm
            }
            guard days.contains(where: isMarked) else { return nil }
            ends += days.filter { day in
                let last = day.plus(-1)
                return isMarked(last) && !isMarked(day) && holder(referral, on: last) != holder(referral, on: day)
            }
        } else {
            ends += events("case_transferred", inReferral: referral).map(date)
        }
        let stop = ends.filter { $0 >= start }.min()
        let nfa = firstNFA(referral)
        var outcome = TwinOutcome()
        if let stop, nfa.map({ stop < $0 }) ?? true {
            outcome = TwinOutcome(state: .stopped, end: stop)
        } else if let nfa {
            outcome = TwinOutcome(state: .void, end: max(nfa, start), reason: "referral_nfa")
        } else if ends.contains(where: { $0 < start }) {
            outcome = unmeasurable("end_before_start")
        }
        return finish(rule, referral, nil, "", start, outcome)
    }

    /// The days on which the holder of a referral, or whether its unit is marked, can change.
    private func daysToLookAt(_ referral: Int) -> [CivilDate] {
        var days = Set(referrals[referral].rows.map(date))
        for unit in context.structure.units ?? [] {
            if let from = unit.from { days.insert(from) }
            if let to = unit.to { days.insert(to.plus(1)) }
        }
        days.insert(day)
        return days.filter { $0 <= day }.sorted()
    }

    // MARK: Limit, verdict and holder

    /// Gives a clock its edition, its limit, its verdict and its holder.
    func finish(
        _ rule: TwinRule, _ referral: Int, _ step: Int?, _ stepId: String, _ start: CivilDate?, _ outcome: TwinOutcome
    ) -> TwinClock {
        var clock = TwinClock(
            rule: rule, child: referrals[referral].child, referral: referral, step: step, stepId: stepId, start: start,
            state: outcome.state, end: outcome.end, endRow: outcome.endRow, reason: outcome.reason, holderDay: day)
        setLimit(&clock, ownStart: step.flatMap { steps[$0].start })
        measure(&clock)
        let ended = clock.state == .stopped || clock.state == .void ? clock.end : nil
        clock.holderDay = dayThatDecidesHolder(referral, ended: ended)
        clock.team = holder(referral, on: clock.holderDay)
        clock.worker = worker(referral, on: clock.holderDay)
        return clock
    }

    private func setLimit(_ clock: inout TwinClock, ownStart: CivilDate?) {
        let dates = [clock.start, ownStart, referrals[clock.referral].date]
        guard let edition = clock.rule.edition(on: dates) else { return }
        clock.edition = edition.name
        switch clock.rule.unit {
        case .workingDays: clock.limit = edition.limit
        case .days: clock.limit = edition.limit
        case .months: clock.limit = clock.start.map { $0.days(to: $0.plusMonths(edition.limit)) }
        }
    }

    /// Days of a clock in its own unit.
    func elapsed(_ rule: TwinRule, _ start: CivilDate, _ end: CivilDate) -> Int {
        rule.unit == .workingDays ? context.calendar.elapsed(start, end) : start.days(to: end)
    }

    func dueDate(_ rule: TwinRule, _ start: CivilDate, _ limit: Int) -> CivilDate {
        rule.unit == .workingDays ? context.calendar.due(start, limit) : start.plus(limit)
    }

    /// "Verdict", with the two reasons that make a clock that has a start unmeasurable.
    private func measure(_ clock: inout TwinClock) {
        guard clock.state == .running || clock.state == .stopped, let start = clock.start else {
            clock.verdict = clock.state == .void ? "void" : "unmeasurable"
            return
        }
        let kind = clock.step.map { steps[$0].kind } ?? ""
        let end = clock.end ?? day
        let due = clock.limit.map { dueDate(clock.rule, start, $0) }
        if clock.isRunning, !context.isAvailable(clock.rule.name, kind: kind) {
            clock.state = .unmeasurable
            clock.reason = "no_evidence"
        } else if ![start, end, due ?? end].allSatisfy({ context.calendar.covers($0) }) {
            clock.state = .unmeasurable
            clock.reason = "calendar_too_short"
        }
        guard clock.state != .unmeasurable else {
            clock.verdict = "unmeasurable"
            return
        }
        let elapsed = elapsed(clock.rule, start, end)
        clock.elapsed = elapsed
        clock.due = due
        clock.verdict = verdict(clock, elapsed, due)
    }

    func verdict(_ clock: TwinClock, _ elapsed: Int, _ due: CivilDate?) -> String {
        guard let limit = clock.limit, let due else { return clock.isRunning ? "running" : "stopped" }
        guard clock.isRunning else { return elapsed <= limit ? "in_time" : "late" }
        if elapsed > limit { return "overdue" }
        if elapsed == limit { return "at_limit" }
        if day < due, context.calendar.elapsed(day, due) <= 5 { return "due_soon" }
        if let expected = clock.rule.expected, elapsed > expected { return "beyond_expected" }
        return "open"
    }

    /// One row of `clocks.csv`.
    func row(of clock: TwinClock) -> [String] {
        [
            clock.rule.name, clock.child, referrals[clock.referral].id, clock.stepId, family(clock.child), clock.team,
            clock.worker, text(clock.start),
            clock.state == .unmeasurable ? "" : text(clock.end), text(day), clock.rule.unit.name, text(clock.limit),
            clock.limit == nil ? "" : text(clock.rule.expected), text(clock.elapsed), text(clock.due), clock.verdict,
            clock.reason, clock.isOver ? text(clock.daysOver) : "", clock.edition, clock.rule.basis,
        ]
    }

    func text(_ date: CivilDate?) -> String { date?.description ?? "" }
    func text(_ number: Int?) -> String { number.map { String($0) } ?? "" }
}
