import WorkingCalendar

enum TwinState {
    case running
    case stopped
    case void
    case unmeasurable
}

/// One rule running for one child and one step (or referral).
struct TwinClock {
    var rule: TwinRule
    var child: String
    var referral: Int
    var step: Int?
    var stepId: String
    var start: CivilDate?
    var state = TwinState.running
    /// The day it stopped or was voided, and the row that stopped it.
    var end: CivilDate?
    var endRow: Int?
    var reason = ""
    var edition = "none"
    var limit: Int?
    var due: CivilDate?
    var elapsed: Int?
    var verdict = ""
    var team = ""
    var worker = ""
    /// The day that decided the holder: its structure is the figure's.
    var holderDay: CivilDate

    var isRunning: Bool { state == .running }
    var isOver: Bool { (limit ?? .max) < (elapsed ?? 0) }
    var daysOver: Int { isOver ? (elapsed ?? 0) - (limit ?? 0) : 0 }
}

/// What ended a clock.
struct TwinOutcome {
    var state = TwinState.running
    var end: CivilDate?
    var endRow: Int?
    var reason = ""
}

extension TwinWorld {
    /// The paragraphs "Stop or void", "Closure" and "NFA".
    ///
    /// The stops and voids before the start do not count; the closure voids unless something stops the clock;
    /// `earlier` says whether a stop or void of the same step (or referral) lies before the start.
    func settle(
        start: CivilDate, stops: [Int], voids: [Int], nfa: CivilDate?, closure: CivilDate?, earlier: Bool
    ) -> TwinOutcome {
        let stop = stops.filter { date($0) >= start }.min()
        let strong = voids.filter { date($0) >= start }
        if let stop, !strong.contains(where: { date($0) < date(stop) }), nfa.map({ date(stop) < $0 }) ?? true {
            return TwinOutcome(state: .stopped, end: date(stop), endRow: stop)
        }
        var voiding = strong.map { (day: date($0), event: rows[$0].event) }
        if let nfa { voiding.append((max(nfa, start), "referral_nfa")) }
        if let closure { voiding.append((max(closure, start), "case_closed")) }
        let first = voiding.min { left, right in
            if left.day != right.day { return left.day < right.day }
            return (placeInDay[left.event] ?? 0) < (placeInDay[right.event] ?? 0)
        }
        if let first { return TwinOutcome(state: .void, end: first.day, reason: first.event) }
        return earlier ? TwinOutcome(state: .unmeasurable, reason: "end_before_start") : TwinOutcome()
    }

    func unmeasurable(_ reason: String) -> TwinOutcome { TwinOutcome(state: .unmeasurable, reason: reason) }

    /// Every clock as at the date.
    func allClocks() -> [TwinClock] {
        var pairings: [Int: TwinPairing] = [:]
        for child in rowsOfChild.keys { pairings.merge(pairConferences(ofChild: child)) { one, _ in one } }
        return context.rules.flatMap { rule -> [TwinClock] in
            switch rule.name {
            case "initial_assessment", "core_assessment", "assessment", "assessment_duration":
                return steps.indices.filter { steps[$0].kind == kind(of: rule) }.map { assessmentClock(rule, $0) }
            case "authorisation":
                return steps.indices.filter { assessmentKinds.contains(steps[$0].kind) }
                    .compactMap { authorisationClock(rule, $0) }
            case "s47_to_icpc":
                return s47Steps.map { conferenceClock(rule, $0, pairings[$0] ?? TwinPairing()) }
            case "child_seen_s47":
                return s47Steps.map { childSeenClock(rule, $0) }
            case "icpc_to_core_group", "first_review":
                return rows.indices.compactMap { afterConferenceClock(rule, $0) }
            case "later_review":
                return rows.indices.compactMap { laterReviewClock(rule, $0) }
            case "transfer_in_conference":
                return rows.indices.compactMap { transferInClock(rule, $0) }
            default:
                return referrals.indices.compactMap { referralClock(rule, $0) }
            }
        }
    }

    private var s47Steps: [Int] { steps.indices.filter { steps[$0].kind == "s47" } }

    func kind(of rule: TwinRule) -> String { rule.name == "assessment_duration" ? "assessment" : rule.name }

    // MARK: Assessments

    /// The *first* assessment of a referral: "the one with the earliest start, of those not cancelled by the as-at
    /// date; a step without a start counts by its earliest event (ties by step id)"; without a dated row, last.
    func isFirst(_ step: Int) -> Bool {
        let rivals = steps.indices.filter {
            steps[$0].referral == steps[step].referral && steps[$0].kind == steps[step].kind && !isCancelled($0)
        }
        func key(_ step: Int) -> [String] { [begun(step)?.description ?? "9999-99-99", steps[step].id] }
        return rivals.min { before(key($0), key($1)) } == step
    }

    func isCancelled(_ step: Int) -> Bool { !events("cancelled", inStep: step).isEmpty }

    /// The rows that end an assessment: `authorised`, or the last `completed` where the run has none of the kind.
    func endRows(_ step: Int) -> [Int] {
        if steps[step].kind == "s47" { return events("completed", inStep: step) }
        guard context.endsWhenCompleted(steps[step].kind) else { return events("authorised", inStep: step) }
        return lastCompletedNotReturned(step).map { [$0] } ?? []
    }

    private func assessmentClock(_ rule: TwinRule, _ step: Int) -> TwinClock {
        let referral = steps[step].referral
        let fromReferral = rule.name == "initial_assessment" || rule.name == "assessment"
        var start = steps[step].start
        if fromReferral, isFirst(step) {
            guard referrals[referral].received else {
                return finish(rule, referral, step, steps[step].id, nil, unmeasurable("missing_referral"))
            }
            start = referrals[referral].date
        }
        guard let start else {
            return finish(rule, referral, step, steps[step].id, nil, unmeasurable("unknown_start"))
        }
        let stops = endRows(step)
        let voids = events("cancelled", inStep: step)
        let outcome = settle(
            start: start, stops: stops, voids: voids, nfa: firstNFA(referral),
            closure: firstClosure(referral, onOrAfter: steps[step].start ?? start),
            earlier: (stops + voids).contains { date($0) < start })
        return finish(rule, referral, step, steps[step].id, start, outcome)
    }

    /// From the last `completed` before the authorisation (or as at); void on a `returned` after it.
    private func authorisationClock(_ rule: TwinRule, _ step: Int) -> TwinClock? {
        let referral = steps[step].referral
        let authorised = events("authorised", inStep: step)
        let limit = authorised.first ?? Int.max
        guard let completed = events("completed", inStep: step).last(where: { $0 < limit }) else { return nil }
        let start = date(completed)
        let returned = events("returned", inStep: step).filter { $0 > completed }
        let outcome = settle(
            start: start, stops: authorised, voids: returned + events("cancelled", inStep: step),
            nfa: firstNFA(referral), closure: firstClosure(referral, onOrAfter: steps[step].start ?? start),
            earlier: false)
        return finish(rule, referral, step, steps[step].id, start, outcome)
    }

    // MARK: S47

    private func conferenceClock(_ rule: TwinRule, _ step: Int, _ pair: TwinPairing) -> TwinClock {
        let referral = steps[step].referral
        let id = steps[step].id
        guard let start = steps[step].start else {
            return finish(rule, referral, step, id, nil, unmeasurable("unknown_start"))
        }
        let named = (rowsOfChild[steps[step].child] ?? []).filter { row in
            guard !id.isEmpty, rows[row].step == id else { return false }
            return (rows[row].event == "icpc_held" && canEnd(row, step))
                || (rows[row].event == "icpc_not_required" && referralOf[row] == referral)
        }
        let earlier = named + events("cancelled", inStep: step)
        // The pairing has settled stop against void already: a stop that was kept beats the voids before it.
        let voids = pair.stop == nil ? [pair.notRequired, pair.cancelled].compactMap { $0 } : []
        let outcome = settle(
            start: start, stops: [pair.stop].compactMap { $0 }, voids: voids, nfa: nil,
            closure: firstClosure(referral, onOrAfter: start), earlier: earlier.contains { date($0) < start })
        return finish(rule, referral, step, id, start, outcome)
    }

    private func childSeenClock(_ rule: TwinRule, _ step: Int) -> TwinClock {
        let referral = steps[step].referral
        guard let start = steps[step].start else {
            return finish(rule, referral, step, steps[step].id, nil, unmeasurable("unknown_start"))
        }
        let outcome = settle(
            start: start, stops: events("child_seen", ofChild: steps[step].child),
            voids: events("cancelled", inStep: step), nil, firstClosure(referral, onOrAfter: start))
        return finish(rule, referral, step, steps[step].id, start, outcome)
    }

    /// For rules that are never `end_before_start`.
    private func settle(
        start: CivilDate, stops: [Int], voids: [Int], _ nfa: CivilDate?, _ closure: CivilDate?
    ) -> TwinOutcome {
        settle(start: start, stops: stops, voids: voids, nfa: nfa, closure: closure, earlier: false)
    }

    // MARK: Conferences and reviews

    /// "A closure after which the child has no open referral".
    private func closureOfTheChild(_ child: String, onOrAfter start: CivilDate) -> CivilDate? {
        events("case_closed", ofChild: child).first { row in
            date(row) >= start && !referralIndexes(ofChild: child).contains { isOpen($0, afterRow: row) }
        }.map(date)
    }

    private func afterConferenceClock(_ rule: TwinRule, _ row: Int) -> TwinClock? {
        let this = rows[row]
        guard this.event == "icpc_held" || this.event == "transfer_in_conference_held",
            let referral = referralOf[row],
            events("cp_plan_started", ofChild: this.child).contains(where: {
                this.date <= date($0) && date($0) <= this.date.plus(15)
            })
        else { return nil }
        let stops =
            rule.name == "first_review"
            ? enders("cp_review_held", ofReferral: referral).filter { date($0) > this.date }
            : enders("core_group_held", ofReferral: referral)
        let outcome = settle(
            start: this.date, stops: stops, voids: events("cp_plan_ended", ofChild: this.child), nil,
            closureOfTheChild(this.child, onOrAfter: this.date))
        return finish(rule, referral, nil, this.step, this.date, outcome)
    }

    private func laterReviewClock(_ rule: TwinRule, _ row: Int) -> TwinClock? {
        let this = rows[row]
        guard this.event == "cp_review_held", let referral = referralOf[row], planRunning(this.child, on: this.date)
        else { return nil }
        let stops = enders("cp_review_held", ofReferral: referral).filter { date($0) > this.date }
        let outcome = settle(
            start: this.date, stops: stops, voids: events("cp_plan_ended", ofChild: this.child), nil,
            closureOfTheChild(this.child, onOrAfter: this.date))
        return finish(rule, referral, nil, this.step, this.date, outcome)
    }

    private func transferInClock(_ rule: TwinRule, _ row: Int) -> TwinClock? {
        let this = rows[row]
        guard this.event == "transfer_in_notified", let referral = referralOf[row] else { return nil }
        let held = enders("transfer_in_conference_held", ofReferral: referral)
        let outcome = settle(
            start: this.date, stops: held, voids: [], nfa: nil,
            closure: firstClosure(referral, onOrAfter: this.date),
            earlier: held.contains {
                date($0) < this.date && !this.step.isEmpty && rows[$0].step == this.step
            })
        return finish(rule, referral, nil, this.step, this.date, outcome)
    }
}
