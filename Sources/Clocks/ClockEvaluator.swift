public import CaseEvents
public import Columnar
public import Rules
public import WorkingCalendar

/// What every clock of a run is measured with.
public struct ClockContext: Sendable {
    public let rulebook: Rulebook
    public let calendar: WorkingCalendar
    /// For each rule, whether some source carries what it needs; for `authorisation`, see ``signOff``.
    public let isAvailable: [Bool]
    /// For each ``StepKind``, whether some source carries both its `completed` and its `authorised`.
    public let signOff: [Bool]
    /// For each ``StepKind``, whether its `completed` ends it, no row of the run being `authorised`.
    public let endsAtCompletion: [Bool]
    /// Which units do short-term work.
    public let shortTerm: ShortTermUnits
    /// The names of teams and workers in the run.
    public let names: IdTable

    public init(
        rulebook: Rulebook, calendar: WorkingCalendar, isAvailable: [Bool], signOff: [Bool],
        endsAtCompletion: [Bool], shortTerm: ShortTermUnits, names: IdTable
    ) {
        self.rulebook = rulebook
        self.calendar = calendar
        self.isAvailable = isAvailable
        self.signOff = signOff
        self.endsAtCompletion = endsAtCompletion
        self.shortTerm = shortTerm
        self.names = names
    }
}

/// Turns a child's case file into clocks.
///
/// The files beside this one find each rule's clocks, by its shape; this one judges them. The
/// rules are data: an evaluator asks for a rule's shape, never for its name.
public struct ClockEvaluator: Sendable {
    public let context: ClockContext
    /// The clocks of the file last evaluated, in the order of the rulebook.
    public private(set) var clocks: ContiguousArray<Clock> = []

    public init(_ context: ClockContext) { self.context = context }

    /// Evaluates every rule that is on over a case file.
    ///
    /// - Complexity: O(*r* · *n*) in the rules and the child's rows.
    public mutating func evaluate(_ file: CaseFile) {
        clocks.removeAll(keepingCapacity: true)
        for (index, rule) in context.rulebook.rules.enumerated() where rule.isOn {
            switch rule.shape {
            case .referral: referralClocks(rule, index, file)
            case .assessment: assessmentClocks(rule, index, file)
            case .authorisation: authorisationClocks(rule, index, file)
            case .conference: conferenceClocks(rule, index, file)
            case .childSeen: childSeenClocks(rule, index, file)
            case .afterConference: afterConferenceClocks(rule, index, file)
            case .laterReview: laterReviewClocks(rule, index, file)
            case .transferIn: transferInClocks(rule, index, file)
            case .window: windowClocks(rule, index, file)
            case .shortTermWork: shortTermWorkClocks(rule, index, file)
            }
        }
    }

    // MARK: Judging

    /// What ends a clock, as its shape found it.
    struct Ends {
        /// The first stop on or after the start.
        var stop = CaseFile.never
        /// The first void on or after the start other than an NFA or a closure, and the event.
        var void = CaseFile.never
        var voidEvent = EventKind.caseClosed
        /// The first NFA, where it voids the rule.
        var nfa = CaseFile.never
        /// The first closure on or after the step's start, where it voids the rule.
        var closure = CaseFile.never
        /// Whether a stop or void that belongs to the clock lies before its start.
        var hasEarlierEnd = false

        /// Notes a stop, which counts on or after the start, and is a contradiction before it.
        mutating func note(stop day: CivilDate, start: CivilDate) {
            if day >= start { stop = min(stop, day) } else { hasEarlierEnd = true }
        }
    }

    /// Decides a clock and keeps it.
    ///
    /// The first event that stops or voids it decides; on one day a stop goes before a void, but an
    /// NFA before a stop. A closure only voids what has not stopped at all.
    mutating func settle(_ clock: Clock, _ rule: Rule, _ file: CaseFile, _ ends: Ends, stepStart: CivilDate) {
        var clock = clock
        guard clock.start != CaseFile.never else {
            setEdition(&clock, rule, file, stepStart: stepStart)
            unmeasurable(&clock, .finding(.unknownStart), file)
            return
        }
        var void = ends.void
        var voidEvent = ends.voidEvent
        if ends.nfa != CaseFile.never, max(ends.nfa, clock.start) <= void {
            void = max(ends.nfa, clock.start)
            voidEvent = .referralNFA
        }
        let isStopped =
            ends.stop != CaseFile.never
            && (voidEvent == .referralNFA && void != CaseFile.never ? ends.stop < ends.nfa : ends.stop <= void)
        if isStopped {
            clock.stop = ends.stop
            measure(&clock, rule, file, stepStart: stepStart)
            return
        }
        // On one day the closure comes after the other voids.
        let closure = ends.closure == CaseFile.never ? ends.closure : max(ends.closure, clock.start)
        if closure < void {
            void = closure
            voidEvent = .caseClosed
        }
        if void != CaseFile.never {
            clock.stop = void
            clock.verdict = .void
            clock.reason = .event(voidEvent)
            setEdition(&clock, rule, file, stepStart: stepStart)
            setHolder(&clock, file)
            clocks.append(clock)
            return
        }
        guard !ends.hasEarlierEnd else {
            setEdition(&clock, rule, file, stepStart: stepStart)
            unmeasurable(&clock, .finding(.endBeforeStart), file)
            return
        }
        measure(&clock, rule, file, stepStart: stepStart)
    }

    private mutating func unmeasurable(_ clock: inout Clock, _ reason: Reason, _ file: CaseFile) {
        clock.verdict = .unmeasurable
        clock.reason = reason
        clock.hasUnmeasuredStop = clock.stop != CaseFile.never
        clock.stop = CaseFile.never
        clock.elapsed = Clock.absent
        clock.due = CaseFile.never
        clock.holder = file.holder(of: clock.referral, on: file.asAt, names: context.names)
        clock.holderDay = file.asAt
        clocks.append(clock)
    }

    /// Adds a clock whose start is missing for a reason of its own.
    mutating func addUnmeasurable(_ clock: Clock, _ code: FindingCode, _ rule: Rule, _ file: CaseFile) {
        var clock = clock
        let stepStart = clock.step >= 0 ? file.steps[Int(clock.step)].start : CaseFile.never
        setEdition(&clock, rule, file, stepStart: stepStart)
        unmeasurable(&clock, .finding(code), file)
    }

    private mutating func measure(_ clock: inout Clock, _ rule: Rule, _ file: CaseFile, stepStart: CivilDate) {
        setEdition(&clock, rule, file, stepStart: stepStart)
        let isStopped = clock.stop != CaseFile.never
        if !isStopped && !isEvidenced(rule, clock, file) {
            unmeasurable(&clock, .noEvidence, file)
            return
        }
        let end = isStopped ? clock.stop : file.asAt
        let unit = rule.unit(edition: Int(clock.edition))
        guard let elapsed = distance(rule, unit, from: clock.start, to: end),
            clock.limit == Clock.absent || setDue(&clock, rule, unit)
        else {
            unmeasurable(&clock, .finding(.calendarTooShort), file)
            return
        }
        clock.elapsed = elapsed
        clock.verdict = isStopped ? stoppedVerdict(clock) : runningVerdict(clock, file.asAt)
        setHolder(&clock, file)
        clocks.append(clock)
    }

    private func isEvidenced(_ rule: Rule, _ clock: Clock, _ file: CaseFile) -> Bool {
        if rule.shape == .authorisation, clock.step >= 0 {
            return context.signOff[Int(file.steps[Int(clock.step)].kind.rawValue)]
        }
        return context.isAvailable[Int(clock.rule)]
    }

    private func stoppedVerdict(_ clock: Clock) -> Verdict {
        guard clock.limit != Clock.absent else { return .stopped }
        return clock.elapsed <= clock.limit ? .inTime : .late
    }

    private func runningVerdict(_ clock: Clock, _ asAt: CivilDate) -> Verdict {
        guard clock.limit != Clock.absent else { return .running }
        if clock.elapsed > clock.limit { return .overdue }
        if clock.elapsed == clock.limit { return .atLimit }
        if asAt < clock.due, let left = context.calendar.elapsed(from: asAt, to: clock.due),
            left <= context.rulebook.thresholds.dueSoonWithin
        {
            return .dueSoon
        }
        if clock.expected != Clock.absent, clock.elapsed > clock.expected { return .beyondExpected }
        return .open
    }

    private func setHolder(_ clock: inout Clock, _ file: CaseFile) {
        if clock.stop == CaseFile.never {
            clock.holder = file.holder(of: clock.referral, on: file.asAt, names: context.names)
            clock.holderDay = file.asAt
        } else {
            (clock.holder, clock.holderDay) = file.holder(of: clock.referral, before: clock.stop, names: context.names)
        }
    }

    /// The limit in force at the clock's start; else at the step's own start; else at the referral's date.
    private func setEdition(_ clock: inout Clock, _ rule: Rule, _ file: CaseFile, stepStart: CivilDate) {
        let referral = file.referrals[Int(clock.referral)].date
        for date in [clock.start, stepStart, referral] {
            // An edition without dates needs none.
            let found = rule.editions.firstIndex { edition in
                date == CaseFile.never ? edition.from == nil && edition.to == nil : edition.isInForce(on: date)
            }
            guard let index = found else { continue }
            clock.edition = Int8(truncatingIfNeeded: index)
            let edition = rule.editions[index]
            clock.limit = edition.limit.map { days($0, from: clock.start) } ?? Clock.absent
            clock.expected = edition.expected.map { days($0, from: clock.start) } ?? Clock.absent
            return
        }
    }

    /// A limit in the unit of clocks: weeks and months become calendar days from the start.
    private func days(_ limit: TimeLimit, from start: CivilDate) -> Int32 {
        switch limit.unit {
        case .workingDays, .days: limit.count
        case .weeks: limit.count * 7
        case .months where start == CaseFile.never: Clock.absent
        case .months: start.adding(months: limit.count).daysSinceEpoch - start.daysSinceEpoch
        }
    }

    /// Sets the due date; `false` where it is past the calendar.
    private func setDue(_ clock: inout Clock, _ rule: Rule, _ unit: TimeUnit) -> Bool {
        let start = rule.countsStartDay ? clock.start.adding(days: -1) : clock.start
        let due =
            unit == .workingDays
            ? context.calendar.due(from: start, workingDays: clock.limit) : start.adding(days: clock.limit)
        guard let due, context.calendar.covers(due) else { return false }
        clock.due = due
        return true
    }

    /// The time from one day to another in a rule's unit; `nil` past the calendar.
    func distance(_ rule: Rule, _ unit: TimeUnit, from start: CivilDate, to end: CivilDate) -> Int32? {
        guard context.calendar.covers(start), context.calendar.covers(end) else { return nil }
        let first = rule.countsStartDay ? start.adding(days: -1) : start
        return unit == .workingDays
            ? context.calendar.elapsed(from: first, to: end) : end.daysSinceEpoch - first.daysSinceEpoch
    }

    /// The time of a clock up to a day, in its rule's unit; `nil` past the calendar.
    public func elapsed(_ clock: Clock, to day: CivilDate) -> Int32? {
        let rule = context.rulebook.rules[Int(clock.rule)]
        return distance(rule, rule.unit(edition: Int(clock.edition)), from: clock.start, to: day)
    }

    /// The verdict a clock would have if it had started on another day, with the limit in force then.
    public func verdict(of clock: Clock, startedOn start: CivilDate, in file: CaseFile) -> Verdict {
        let rule = context.rulebook.rules[Int(clock.rule)]
        var other = clock
        other.start = start
        other.limit = Clock.absent
        other.expected = Clock.absent
        other.edition = -1
        let stepStart = clock.step >= 0 ? file.steps[Int(clock.step)].start : CaseFile.never
        setEdition(&other, rule, file, stepStart: stepStart)
        let unit = rule.unit(edition: Int(other.edition))
        let isStopped = clock.stop != CaseFile.never
        guard let elapsed = distance(rule, unit, from: start, to: isStopped ? clock.stop : file.asAt),
            other.limit == Clock.absent || setDue(&other, rule, unit)
        else { return .unmeasurable }
        other.elapsed = elapsed
        return isStopped ? stoppedVerdict(other) : runningVerdict(other, file.asAt)
    }
}

extension Rule {
    /// The unit of clocks under one of the rule's editions, or, without one, under its first.
    public func unit(edition: Int) -> TimeUnit {
        let limit = edition >= 0 ? editions[edition].limit : nil
        let stated = limit ?? editions.lazy.compactMap(\.limit).first
        return stated.map { $0.unit == .workingDays } ?? true ? .workingDays : .days
    }
}
