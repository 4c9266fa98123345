public import CaseEvents
public import Columnar
public import Rules
public import WorkingCalendar

/// What every clock of a run is measured with.
///
/// A class, because everything that visits children holds it.
public final class ClockContext: Sendable {
    public let rulebook: Rulebook
    /// The rulebook's rules and editions in plain numbers.
    public let rules: ContiguousArray<PlainRule>
    let editions: ContiguousArray<PlainEdition>
    public let calendar: WorkingCalendar
    /// For each rule, whether some source carries what it needs; for `authorisation`, see ``signOff``.
    public let isAvailable: [Bool]
    /// For each rule, whether some source dates what stops its clocks; a stop that none dates proves nothing.
    public let areStopsDated: [Bool]
    /// For each ``StepKind``, whether some source carries both its `completed` and its `authorised`.
    public let signOff: [Bool]
    /// For each ``StepKind``, whether its `completed` ends it, no row of the run being `authorised`.
    public let endsAtCompletion: [Bool]
    /// Which units do short-term work.
    public let shortTerm: ShortTermUnits
    /// The names of teams and workers in the run.
    public let names: IdTable

    public init(
        rulebook: Rulebook, calendar: WorkingCalendar, isAvailable: [Bool], areStopsDated: [Bool], signOff: [Bool],
        endsAtCompletion: [Bool], shortTerm: ShortTermUnits, names: IdTable
    ) {
        self.rulebook = rulebook
        var rules: ContiguousArray<PlainRule> = []
        var editions: ContiguousArray<PlainEdition> = []
        for (number, rule) in rulebook.rules.enumerated() {
            rules.append(PlainRule(rule, number: number, firstEdition: editions.count))
            for place in rule.editions.indices {
                editions.append(PlainEdition(rule.editions[place], unit: rule.unit(edition: place)))
            }
        }
        self.rules = rules
        self.editions = editions
        self.calendar = calendar
        self.isAvailable = isAvailable
        self.areStopsDated = areStopsDated
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
    /// How the conferences of that file answer its S47s, where it has any.
    var pairing = ConferencePairing()

    public init(_ context: ClockContext) { self.context = context }

    /// Evaluates every rule that is on over a case file.
    ///
    /// - Complexity: O(*r* · *n*) in the rules and the child's rows.
    public mutating func evaluate(_ file: CaseFile) {
        clocks.removeAll(keepingCapacity: true)
        for index in context.rules.indices where context.rules[index].isOn {
            let rule = context.rules[index]
            guard canStart(rule.shape, file) else { continue }
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

    /// Whether some row can start a clock of a shape; most children have none of the rarer events.
    private func canStart(_ shape: ClockShape, _ file: CaseFile) -> Bool {
        switch shape {
        case .afterConference: file.kinds.contains(.cpPlanStarted)
        case .laterReview: file.kinds.contains(.cpReviewHeld)
        case .transferIn: file.kinds.contains(.transferInNotified)
        default: true
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
    mutating func settle(_ clock: Clock, _ rule: PlainRule, _ file: CaseFile, _ ends: Ends, stepStart: CivilDate) {
        var clock = clock
        clock.didNotRunToItsEnd = ends.hasEarlierEnd
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
            if ends.closure < ends.stop { clock.didNotRunToItsEnd = true }
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
        clock.holder = file.holder(of: clock.referral, on: file.asAt)
        clock.holderDay = file.asAt
        clocks.append(clock)
    }

    /// Adds a clock whose start is missing for a reason of its own.
    mutating func addUnmeasurable(_ clock: Clock, _ code: FindingCode, _ rule: PlainRule, _ file: CaseFile) {
        var clock = clock
        let stepStart = clock.step >= 0 ? file.steps[Int(clock.step)].start : CaseFile.never
        setEdition(&clock, rule, file, stepStart: stepStart)
        unmeasurable(&clock, .finding(code), file)
    }

    private mutating func measure(_ clock: inout Clock, _ rule: PlainRule, _ file: CaseFile, stepStart: CivilDate) {
        setEdition(&clock, rule, file, stepStart: stepStart)
        let isStopped = clock.stop != CaseFile.never
        if isStopped ? !context.areStopsDated[Int(clock.rule)] : !isEvidenced(rule, clock, file) {
            unmeasurable(&clock, .noEvidence, file)
            return
        }
        let end = isStopped ? clock.stop : file.asAt
        let unit = unit(rule, edition: clock.edition)
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

    private func isEvidenced(_ rule: PlainRule, _ clock: Clock, _ file: CaseFile) -> Bool {
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
            clock.holder = file.holder(of: clock.referral, on: file.asAt)
            clock.holderDay = file.asAt
        } else {
            (clock.holder, clock.holderDay) = file.holder(of: clock.referral, before: clock.stop)
        }
    }

    /// The limit in force at the clock's start; else at the step's own start; else at the referral's date.
    private func setEdition(_ clock: inout Clock, _ rule: PlainRule, _ file: CaseFile, stepStart: CivilDate) {
        let place =
            edition(of: rule, on: clock.start) ?? edition(of: rule, on: stepStart)
            ?? edition(of: rule, on: file.referrals[Int(clock.referral)].date)
        guard let place else { return }
        let edition = context.editions[rule.firstEdition + place]
        clock.edition = Int8(truncatingIfNeeded: place)
        clock.limit = days(edition.limit, edition.limitUnit, from: clock.start)
        clock.expected = days(edition.expected, edition.expectedUnit, from: clock.start)
    }

    /// The place in a rule of the edition in force on a day, or `nil`.
    private func edition(of rule: PlainRule, on date: CivilDate) -> Int? {
        for place in 0..<rule.editionCount where context.editions[rule.firstEdition + place].isInForce(on: date) {
            return place
        }
        return nil
    }

    /// A limit in the unit of clocks: weeks and months become calendar days from the start.
    private func days(_ count: Int32, _ unit: TimeLimit.Unit, from start: CivilDate) -> Int32 {
        if count == Clock.absent { return count }
        return switch unit {
        case .workingDays, .days: count
        case .weeks: count * 7
        case .months where start == CaseFile.never: Clock.absent
        case .months: start.adding(months: count).daysSinceEpoch - start.daysSinceEpoch
        }
    }

    /// The unit in which a clock of a rule is counted.
    private func unit(_ rule: PlainRule, edition: Int8) -> TimeUnit {
        edition < 0
            ? rule.unitWithoutEdition : context.editions[rule.firstEdition + Int(edition)].unit
    }

    /// Sets the due date; `false` where it is past the calendar.
    private func setDue(_ clock: inout Clock, _ rule: PlainRule, _ unit: TimeUnit) -> Bool {
        let start = rule.countsStartDay ? clock.start.adding(days: -1) : clock.start
        let due =
            unit == .workingDays
            ? context.calendar.due(from: start, workingDays: clock.limit) : start.adding(days: clock.limit)
        guard let due, context.calendar.covers(due) else { return false }
        clock.due = due
        return true
    }

    /// The time from one day to another in a rule's unit; `nil` past the calendar.
    func distance(_ rule: PlainRule, _ unit: TimeUnit, from start: CivilDate, to end: CivilDate) -> Int32? {
        guard context.calendar.covers(start), context.calendar.covers(end) else { return nil }
        let first = rule.countsStartDay ? start.adding(days: -1) : start
        return unit == .workingDays
            ? context.calendar.elapsed(from: first, to: end) : end.daysSinceEpoch - first.daysSinceEpoch
    }

    /// The time of a clock up to a day, in its rule's unit; `nil` past the calendar.
    public func elapsed(_ clock: Clock, to day: CivilDate) -> Int32? {
        let rule = context.rules[Int(clock.rule)]
        return distance(rule, unit(rule, edition: clock.edition), from: clock.start, to: day)
    }

    /// A clock as it was while it ran, without its end; `nil` where it could not be measured then.
    ///
    /// For a case whose past is read off its present: ``judge(_:on:)`` then says how it stood on a day.
    public func running(_ clock: Clock, _ file: CaseFile) -> Clock? {
        let rule = context.rules[Int(clock.rule)]
        var running = clock
        running.stop = CaseFile.never
        running.reason = .none
        let isMeasured =
            isEvidenced(rule, clock, file) && context.calendar.covers(clock.start)
            && (clock.limit == Clock.absent || setDue(&running, rule, unit(rule, edition: clock.edition)))
        return isMeasured ? running : nil
    }

    /// Sets the elapsed time and the verdict of a running clock as on a day.
    public func judge(_ clock: inout Clock, on day: CivilDate) {
        clock.elapsed = elapsed(clock, to: day) ?? Clock.absent
        clock.verdict = runningVerdict(clock, day)
    }

    /// Moves the clocks of the file last evaluated to its as-at date, when no row has come between.
    ///
    /// Without a row, nothing changes but how long a clock has run and who holds it.
    ///
    /// - Complexity: O(*c*) in the clocks.
    public mutating func move(_ file: CaseFile) {
        for index in clocks.indices where clocks[index].stop == CaseFile.never {
            clocks[index].holder = file.holder(of: clocks[index].referral, on: file.asAt)
            clocks[index].holderDay = file.asAt
            if clocks[index].verdict.isRunning { judge(&clocks[index], on: file.asAt) }
        }
    }

    /// The verdict a clock would have if it had started on another day, with the limit in force then.
    public func verdict(of clock: Clock, startedOn start: CivilDate, in file: CaseFile) -> Verdict {
        let rule = context.rules[Int(clock.rule)]
        var other = clock
        other.start = start
        other.limit = Clock.absent
        other.expected = Clock.absent
        other.edition = -1
        let stepStart = clock.step >= 0 ? file.steps[Int(clock.step)].start : CaseFile.never
        setEdition(&other, rule, file, stepStart: stepStart)
        let unit = unit(rule, edition: other.edition)
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
