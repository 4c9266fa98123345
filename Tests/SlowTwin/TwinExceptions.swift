import WorkingCalendar

/// One row of the exception list.
struct TwinException {
    var team: String
    var worker: String
    var manager: String
    var child: String
    var family: String
    var referral: String
    var referralIndex: Int
    var step: String
    var rule: String
    var kinds: [TwinKind]
    var start: CivilDate?
    var due: CivilDate?
    var elapsed: Int?
    var limit: Int?
    var daysOver: Int?
    var seen: CivilDate?
    var decision: CivilDate?
    var event: CivilDate?
    /// Working days past the due date.
    var workingDaysPast = 0
    /// How the row was cleared, where it was.
    var how = ""

    var rank: Int { kinds.first?.rank ?? 9 }

    /// Rank; working days past the due date, most first; `started_on`, `child_id`, `rule`, `step_id`.
    var place: [String] {
        [
            String(rank), String(2_000_000 - workingDaysPast), start?.description ?? "", child, rule, step, referral,
        ]
    }
}

/// A kind of exception with its rank and its line in the table.
struct TwinKind {
    var name: String
    var rank: Int
    var line: Int
}

private let rankOneOverdue = [
    "s47_to_icpc", "transfer_in_conference", "first_review", "later_review", "child_seen_s47",
]

extension TwinWorld {
    /// The exceptions as at the date, in list order.
    func exceptions() -> [TwinException] {
        let clocks = allClocks()
        var found = clocks.compactMap { exception(of: $0) }
        for referral in referrals.indices {
            let kinds = referralKinds(referral, clocks)
            guard !kinds.isEmpty else { continue }
            let own = found.indices.filter { found[$0].referralIndex == referral }
            if let gravest = own.min(by: { before(found[$0].place, found[$1].place) }) {
                found[gravest].kinds = attached(kinds, to: found[gravest].kinds)
            } else {
                found.append(referralRow(referral, ordered(kinds)))
            }
        }
        return familiesTogether(found.sorted { before($0.place, $1.place) })
    }

    /// "The smallest rank, then the order of the table".
    private func ordered(_ kinds: [TwinKind]) -> [TwinKind] { kinds.sorted { ($0.rank, $0.line) < ($1.rank, $1.line) } }

    /// "As `kind` if their rank is graver, else in `also`": the row's own kind stays before one of its rank.
    private func attached(_ kinds: [TwinKind], to own: [TwinKind]) -> [TwinKind] {
        guard let first = own.first else { return ordered(kinds) }
        let all = ordered(own + kinds)
        guard let top = all.first, top.rank == first.rank else { return all }
        return [first] + all.filter { $0.name != first.name }
    }

    /// "A family stands together at the place of its gravest row".
    func familiesTogether(_ sorted: [TwinException]) -> [TwinException] {
        var done: Set<String> = []
        return sorted.flatMap { row -> [TwinException] in
            if row.family.isEmpty { return [row] }
            return done.insert(row.family).inserted ? sorted.filter { $0.family == row.family } : []
        }
    }

    private func exception(of clock: TwinClock) -> TwinException? {
        guard !clock.rule.isStatistical else { return nil }
        var kinds: [TwinKind] = []
        switch clock.state {
        case .running: kinds = runningKinds(clock)
        case .void:
            if isClosedUnfinished(clock) { kinds.append(TwinKind(name: "closed_unfinished", rank: 3, line: 8)) }
            if isBegunOnNFA(clock) { kinds.append(TwinKind(name: "finding", rank: 5, line: 13)) }
        case .unmeasurable:
            if clock.reason != "no_evidence", isOpen(clock.referral), !hasEnded(clock) {
                kinds.append(TwinKind(name: "finding", rank: 5, line: 13))
            }
        case .stopped: break
        }
        guard !kinds.isEmpty else { return nil }
        var row = blankRow(clock.referral, team: clock.team, worker: clock.worker, on: clock.holderDay)
        row.step = clock.stepId
        row.rule = clock.rule.name
        row.kinds = ordered(kinds)
        row.start = clock.start
        row.due = clock.due
        row.elapsed = clock.elapsed
        row.limit = clock.limit
        row.daysOver = clock.isOver ? clock.daysOver : nil
        row.workingDaysPast = clock.due.map { context.calendar.elapsed($0, day) } ?? 0
        return row
    }

    func blankRow(_ referral: Int, team: String, worker: String, on holderDay: CivilDate) -> TwinException {
        let place = context.structure.place(team, on: holderDay)
        let child = referrals[referral].child
        return TwinException(
            team: team, worker: worker, manager: place.known ? place.manager : "", child: child,
            family: family(child), referral: referrals[referral].id, referralIndex: referral, step: "",
            rule: "referral",
            kinds: [], seen: seen(child).max(), decision: decisions(forReferral: referral).max(),
            event: eventDays(referral).max())
    }

    // MARK: The kinds of a clock

    private func runningKinds(_ clock: TwinClock) -> [TwinKind] {
        let name = clock.rule.name
        var kinds: [TwinKind] = []
        func add(_ kind: String, _ rank: Int, _ line: Int) {
            kinds.append(TwinKind(name: kind, rank: rank, line: line))
        }
        if isChildNotSeen(clock) { add("child_not_seen", 1, 0) }
        if clock.verdict == "overdue" {
            if clock.rule.expected != nil {
                add("beyond_limit", 4, 9)
            } else if rankOneOverdue.contains(name) {
                add("overdue", 1, 1)
            } else if name == "referral_decision" || name == "allocation" {
                add("overdue", 2, 5)
            } else if name == "authorisation" {
                add("overdue", 4, 10)
            } else {
                add("overdue", 3, 6)
            }
            if context.carries("management_decision_recorded"), let due = clock.due,
                context.calendar.elapsed(due, day) >= 3, !wasOverseen(clock)
            {
                add("no_oversight", 3, 7)
            }
        }
        if name == "s47_to_icpc", let step = clock.step, let start = clock.start {
            if hasNoOutcome(step) { add("no_outcome", 1, 2) }
            if context.carries("icpc_arranged"), context.calendar.elapsed(start, day) >= 10,
                !isBooked(clock.referral)
            {
                add("icpc_not_booked", 4, 12)
            }
        }
        if isOpen(clock.referral), clock.edition == "none" || clock.team.isEmpty { add("finding", 5, 13) }
        return kinds
    }

    /// "S47 or assessment running, no `child_seen` since its clock started, past the rule's own limit (S47 1 wd,
    /// assessment 10 wd)"; with `child_seen_s47` switched on it stands on that rule's row.
    private func isChildNotSeen(_ clock: TwinClock) -> Bool {
        guard context.carries("child_seen"), let start = clock.start, isUnseen(clock) else { return false }
        let days = context.calendar.elapsed(start, day)
        switch clock.rule.name {
        case "child_seen_s47": return days > 1
        case "s47_to_icpc": return days > 1 && !context.run.switchedOn.contains("child_seen_s47")
        case "initial_assessment", "core_assessment", "assessment": return days > 10
        default: return false
        }
    }

    /// "S47 completed 5 wd ago or more, neither ICPC held or arranged nor `icpc_not_required`".
    private func hasNoOutcome(_ step: Int) -> Bool {
        guard context.carries("s47_completed"), context.carries("icpc_not_required"),
            let completed = events("completed", inStep: step).first
        else { return false }
        return context.calendar.elapsed(date(completed), day) >= 5 && !isBooked(steps[step].referral)
    }

    /// "A booking counts while its day is the as-at date or later".
    private func isBooked(_ referral: Int) -> Bool {
        events("icpc_arranged", inReferral: referral).contains { date($0) >= day }
    }

    /// Reading 40.
    private func isClosedUnfinished(_ clock: TwinClock) -> Bool {
        guard clock.reason == "case_closed", let closure = clock.end else { return false }
        let isThisWeek = closure.sundayOfWeek == day.sundayOfWeek
        switch clock.rule.name {
        case "initial_assessment", "core_assessment", "assessment": return isThisWeek && wasPastLimit(clock)
        case "transfer_in_conference", "first_review", "later_review": return isThisWeek
        case "s47_to_icpc":
            guard let step = clock.step else { return false }
            let pair = pairConferences(ofChild: clock.child)[step]
            if isCancelled(step) || pair?.notRequired != nil { return false }
            return events("completed", inStep: step).isEmpty || isThisWeek
        default: return false
        }
    }

    /// "An assessment begun on or after the NFA and neither authorised nor cancelled".
    private func isBegunOnNFA(_ clock: TwinClock) -> Bool {
        guard clock.reason == "referral_nfa", assessmentKinds.contains(clock.rule.name), let step = clock.step,
            let start = steps[step].start, let nfa = firstNFA(clock.referral)
        else { return false }
        return start >= nfa && !isClosed(clock.referral) && !hasEnded(clock)
    }

    /// "The step is not ended (authorised, cancelled, S47 completed or with a conference or `icpc_not_required`)".
    private func hasEnded(_ clock: TwinClock) -> Bool {
        guard let step = clock.step else { return clock.end != nil }
        if !endRows(step).isEmpty || isCancelled(step) { return true }
        return steps[step].kind == "s47" && hasConferenceOrWaiver(step)
    }

    // MARK: The kinds of a referral

    private func referralKinds(_ referral: Int, _ clocks: [TwinClock]) -> [TwinKind] {
        guard let date = referrals[referral].date, date <= day else { return [] }
        var kinds: [TwinKind] = []
        let days = context.calendar.elapsed(date, day)
        if context.carries("case_allocated"), !context.run.switchedOn.contains("allocation"), days > 1,
            isUnallocated(referral, clocks)
        {
            kinds.append(TwinKind(name: "unallocated", rank: 2, line: 3))
        }
        if context.carries("referral_decided"), isNotStarted(referral) {
            kinds.append(TwinKind(name: "not_started", rank: 2, line: 4))
        }
        if isOpen(referral), let last = eventDays(referral).max(), context.calendar.elapsed(last, day) >= 20 {
            kinds.append(TwinKind(name: "no_recent_activity", rank: 4, line: 11))
        }
        return kinds
    }

    /// Reading 42: a row of its own.
    private func referralRow(_ referral: Int, _ kinds: [TwinKind]) -> TwinException {
        var row = blankRow(referral, team: holder(referral, on: day), worker: worker(referral, on: day), on: day)
        row.kinds = kinds
        guard let start = referrals[referral].date else { return row }
        let days = context.calendar.elapsed(start, day)
        row.start = start
        row.elapsed = days
        let limits = ["unallocated": 1, "not_started": 3]
        if let limit = limits[kinds.first?.name ?? ""] {
            let due = context.calendar.due(start, limit)
            row.limit = limit
            row.due = due
            row.daysOver = days - limit
            row.workingDaysPast = context.calendar.elapsed(due, day)
        }
        return row
    }

    // MARK: The watch list

    /// Reading 48: `at_limit`, `due_soon` (limits over 5), `beyond_expected`; "by due date and worker".
    func watchList(_ clocks: [TwinClock], weekEnding: CivilDate) -> [[String]] {
        let watched = clocks.filter { clock in
            guard clock.isRunning, !clock.rule.isStatistical else { return false }
            if clock.verdict == "due_soon" { return (clock.limit ?? 0) > 5 }
            return clock.verdict == "at_limit" || clock.verdict == "beyond_expected"
        }
        let lines = watched.map { clock -> [String] in
            let row = blankRow(clock.referral, team: clock.team, worker: clock.worker, on: clock.holderDay)
            return [
                text(weekEnding), row.manager, row.team, row.worker, row.child, row.family, row.referral,
                clock.stepId, clock.rule.name, clock.verdict, text(clock.start), text(clock.due), text(clock.elapsed),
                text(clock.limit), text(clock.rule.expected), text(row.seen), text(row.decision), text(row.event),
            ]
        }
        return lines.sorted { left, right in
            let columns = [11, 3, 4, 8, 7, 10]
            return before(columns.map { left[$0] } + left, columns.map { right[$0] } + right)
        }
    }
}
