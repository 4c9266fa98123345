import CaseEvents
import Clocks
public import Rules
public import WorkingCalendar

/// One week to be reported: which days its flow and its stock are of.
public struct ReportedWeek: Hashable, Sendable {
    public var week: ISOWeek
    /// The day the stock, the exceptions and `met` are as at; the week's Sunday but for the last week.
    public var asAt: CivilDate

    public init(week: ISOWeek, asAt: CivilDate) {
        self.week = week
        self.asAt = asAt
    }

    /// The last day of the week's flow: its Sunday, or the as-at date where that is before.
    var lastDay: CivilDate { min(week.ending, asAt) }

    /// Whether a day is in the week and not after the as-at date.
    public func contains(_ day: CivilDate) -> Bool { day >= week.monday && day <= lastDay }
}

/// Adds a child's clocks, as at the end of a week, to the sums of that week.
struct WeekTally {
    let context: CardContext
    let week: ReportedWeek
    /// The place of the week among those reported.
    let index: Int

    /// Adds everything that belongs to the week.
    func add(_ file: CaseFile, _ clocks: ContiguousArray<Clock>, to sums: inout CardSums) {
        for clock in clocks { add(clock, file, to: &sums) }
        addReferrals(file, to: &sums)
        addChildren(file, clocks, to: &sums)
    }

    // MARK: Clocks

    private func add(_ clock: Clock, _ file: CaseFile, to sums: inout CardSums) {
        let rule = context.clocks.rulebook.rules[Int(clock.rule)]
        let place = context.places.place(of: clock.holder.team, on: clock.holderDay).number
        func count(_ tally: Tally, _ amount: Int32 = 1) {
            sums.add(tally, week: index, rule: Int(clock.rule), place: place, amount)
        }
        if rule.shape == .assessment {
            for row in file.rows(ofStep: Int(clock.step)) where row.kind.verb == .returned && week.contains(row.day) {
                count(.returnedForRework)
            }
        }
        guard clock.verdict != .unmeasurable else {
            if clock.reason != .noEvidence, file.referrals[Int(clock.referral)].isOpen { count(.excluded) }
            return
        }
        if week.contains(clock.start) { count(.started) }
        if clock.verdict == .void {
            if week.contains(clock.stop) { addVoid(clock, rule, count) }
            return
        }
        if clock.due != CaseFile.never, week.contains(clock.due) {
            count(.due)
            count(clock.isMet ? .met : .missed)
        }
        if clock.verdict.isStopped {
            if week.contains(clock.stop) {
                addStopped(clock, rule, file, count)
                sums.noteElapsed(clock.elapsed, week: index, rule: Int(clock.rule), place: place)
                noteSignature(clock, rule, file, place, &sums)
            }
        } else {
            addRunning(clock, rule, file, count)
            sums.noteOldest(clock.elapsed, week: index, rule: Int(clock.rule), place: place)
        }
        if rule.strictWithin != nil, clock.verdict.isRunning || week.contains(clock.stop),
            let strict = strictStart(clock, rule, file),
            context.evaluator.verdict(of: clock, startedOn: strict, in: file) != clock.verdict
        {
            count(.basisSensitivity)
        }
    }

    private func addVoid(_ clock: Clock, _ rule: Rule, _ count: (Tally, Int32) -> Void) {
        count(.voided, 1)
        if case .event(let kind) = clock.reason {
            switch kind {
            case .caseClosed: count(.voidedClosed, 1)
            case .referralNFA: count(.voidedNFA, 1)
            case .icpcNotRequired: count(.voidedNotRequired, 1)
            case .cpPlanEnded: count(.voidedPlanEnded, 1)
            case _ where kind.verb == .returned: count(.voidedReturned, 1)
            default: count(.voidedCancelled, 1)
            }
        }
        let elapsed = context.evaluator.elapsed(clock, to: clock.stop)
        if clock.limit != Clock.absent, let elapsed, elapsed > clock.limit { count(.voidedAfterDue, 1) }
    }

    private func addStopped(_ clock: Clock, _ rule: Rule, _ file: CaseFile, _ count: (Tally, Int32) -> Void) {
        count(.stopped, 1)
        if let bands = rule.bands { count(Tally.stoppedBand(Bands.index(clock.elapsed, bands)), 1) }
        guard clock.limit != Clock.absent else { return }
        if let step = rule.step, rule.shape == .assessment, !file.endsAtCompletion(step) {
            count(.signed, 1)
            if isSignedSameDay(clock, file) { count(.signedSameDay, 1) }
        }
        count(.judged, 1)
        if clock.elapsed <= clock.limit {
            count(.inTime, 1)
        } else {
            count(.late, 1)
            count(.lateDaysOver, clock.elapsed - clock.limit)
        }
        if clock.expected != Clock.absent {
            count(.twoLimits, 1)
            if clock.elapsed <= clock.expected { count(.withinExpected, 1) }
        }
        if clock.limit >= 35 {
            count(.longLimit, 1)
            if clock.elapsed > clock.limit - 5 && clock.elapsed <= clock.limit { count(.deadline, 1) }
        }
    }

    private func addRunning(_ clock: Clock, _ rule: Rule, _ file: CaseFile, _ count: (Tally, Int32) -> Void) {
        count(.running, 1)
        if let bands = rule.bands { count(Tally.runningBand(Bands.index(clock.elapsed, bands)), 1) }
        if rule.shape == .assessment, file.awaitsAuthorisation(step: Int(clock.step)) {
            count(.awaitingAuthorisation, 1)
        }
        switch clock.verdict {
        case .open, .beyondExpected: count(.runningNotDue, 1)
        case .dueSoon: count(.runningDueSoon, 1)
        case .atLimit: count(.runningAtLimit, 1)
        default: break
        }
        if clock.expected != Clock.absent, clock.elapsed > clock.expected { count(.pastExpected, 1) }
        guard clock.verdict == .overdue else { return }
        let over = clock.elapsed - clock.limit
        count(.overdue, 1)
        count(.totalDaysOver, over)
        count(over <= 5 ? .runningOver1To5 : over <= 20 ? .runningOver6To20 : .runningOver21, 1)
        if file.hasDecision(referral: clock.referral, onOrAfter: clock.due) { count(.lateOverseen, 1) }
        if let seen = file.lastSeen, let since = context.clocks.calendar.elapsed(from: seen, to: file.asAt), since <= 20
        {
            count(.lateSeen, 1)
        }
    }

    // MARK: Signatures

    private func isSignedSameDay(_ clock: Clock, _ file: CaseFile) -> Bool {
        file.rows(ofStep: Int(clock.step)).contains { $0.kind.verb == .completed && $0.day == clock.stop }
            && file.authorisation(ofStep: Int(clock.step), on: clock.stop) != nil
    }

    private func noteSignature(
        _ clock: Clock, _ rule: Rule, _ file: CaseFile, _ place: Int, _ sums: inout CardSums
    ) {
        guard rule.shape == .assessment, let row = file.authorisation(ofStep: Int(clock.step), on: clock.stop),
            row.manager != 0
        else { return }
        let signature = CardSums.SignatureKey(manager: row.manager, day: row.day.daysSinceEpoch)
        sums.signed[
            CardSums.SignedKey(signature: signature, week: index, rule: Int(clock.rule), place: place), default: 0] += 1
    }

    /// The strict start of a clock: the earliest S47 start or authorised initial assessment of its
    /// referral, on or before the recorded start and at most so many working days before it.
    private func strictStart(_ clock: Clock, _ rule: Rule, _ file: CaseFile) -> CivilDate? {
        guard let within = rule.strictWithin else { return nil }
        var earliest = clock.start
        func consider(_ day: CivilDate) {
            guard day < earliest, let distance = context.clocks.calendar.elapsed(from: day, to: clock.start) else {
                return
            }
            if distance <= within { earliest = day }
        }
        let isByCompletion = file.endsAtCompletion(.initialAssessment)
        for row in file.rows(of: clock.referral)
        where row.kind == .s47Started || (row.kind == .initialAssessmentAuthorised && !isByCompletion) {
            consider(row.day)
        }
        for (place, step) in file.steps.enumerated()
        where isByCompletion && step.kind == .initialAssessment && step.referral == clock.referral {
            consider(file.end(ofStep: place, from: CivilDate(daysSinceEpoch: .min)))
        }
        return earliest < clock.start ? earliest : nil
    }

    // MARK: Referrals

    private func addReferrals(_ file: CaseFile, to sums: inout CardSums) {
        let rule = context.referralRule
        for (place, referral) in file.referrals.enumerated() where week.contains(referral.received) {
            let home = context.place(ofReferral: Int32(place), file)
            sums.add(.referralsReceived, week: index, rule: rule, place: home)
            let isAgain = file.referrals.contains { earlier in
                earlier.date < referral.received && earlier.date.adding(months: 12) >= referral.received
                    && min(earlier.closed, earlier.nfa) <= referral.received
            }
            if isAgain { sums.add(.reReferrals, week: index, rule: rule, place: home) }
        }
        for (place, row) in file.rows.enumerated() where row.saysRecorded && week.contains(row.day) {
            let home = context.place(ofRow: place, file)
            sums.noteLag(row.recordedOn.daysSinceEpoch - row.day.daysSinceEpoch, week: index, place: home)
            let recorded = min(row.recordedOn, context.clocks.calendar.coverage.upperBound)
            if let lag = context.clocks.calendar.elapsed(from: row.day, to: recorded), lag > 5 {
                sums.add(.recordedLate, week: index, rule: rule, place: home)
            }
        }
        for row in file.rows where row.manager != 0 && row.kind.verb == .authorised && week.contains(row.day) {
            sums.signatures[
                CardSums.SignatureKey(manager: row.manager, day: row.day.daysSinceEpoch), default: 0] += 1
        }
    }

    // MARK: Children

    private func addChildren(_ file: CaseFile, _ clocks: ContiguousArray<Clock>, to sums: inout CardSums) {
        for measure in CardSums.ChildrenMeasure.allCases {
            var places: [Int] = []
            for referral in file.referrals.indices where holds(measure, Int32(referral), file, clocks) {
                places.append(context.place(ofReferral: Int32(referral), file))
            }
            guard !places.isEmpty else { continue }
            for level in Level.allCases {
                for name in Set(places.map { context.places.all[$0].name(level) }) {
                    sums.children[
                        CardSums.ChildrenKey(week: index, measure: measure, level: level, name: name), default: 0] += 1
                }
            }
        }
    }

    private func holds(
        _ measure: CardSums.ChildrenMeasure, _ referral: Int32, _ file: CaseFile, _ clocks: ContiguousArray<Clock>
    ) -> Bool {
        switch measure {
        case .unallocated:
            return clocks.contains { $0.referral == referral && $0.verdict.isRunning } && !file.isAllocated(referral)
        case .childNotSeen:
            return clocks.contains { clock in
                clock.referral == referral && clock.verdict.isRunning
                    && context.clocks.rulebook.rules[Int(clock.rule)].watchesWhetherChildIsSeen
                    && !file.isSeen(onOrAfter: clock.start)
            }
        case .notStarted:
            return context.isNotStarted(referral, file)
        }
    }
}

extension Clock {
    /// Whether the clock stopped within its limit.
    var isMet: Bool { verdict == .inTime }
}

extension Tally {
    /// The tally of a band of stopped clocks.
    static func stoppedBand(_ index: Int) -> Tally {
        Tally(rawValue: Tally.stoppedBand0.rawValue + index) ?? .stoppedBand8
    }

    /// The tally of a band of running clocks.
    static func runningBand(_ index: Int) -> Tally {
        Tally(rawValue: Tally.runningBand0.rawValue + index) ?? .runningBand8
    }
}

extension Rule {
    /// The bands the rule's clocks are shown in, if they are.
    public var bands: [Int32]? {
        switch shape {
        case .assessment: Bands.assessment
        case .conference: Bands.conference
        default: nil
        }
    }

    /// Whether a running clock of the rule asks whether the child has been seen since it started.
    var watchesWhetherChildIsSeen: Bool {
        !isStatistical && (shape == .assessment || shape == .conference)
    }
}
