import CaseEvents
import Clocks
import Rules
public import WorkingCalendar

/// One week to be reported: which days its flow and its stock are of.
public struct ReportedWeek: Hashable, Codable, Sendable {
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

/// A week to be added up, in plain numbers.
struct TalliedWeek: BitwiseCopyable {
    /// The place of the week among those reported.
    let index: Int
    private let first: CivilDate
    private let last: CivilDate

    init(_ week: ReportedWeek, index: Int) {
        self.index = index
        first = week.week.monday
        last = week.lastDay
    }

    /// Whether a day is in the week and not after its as-at date.
    @inline(__always)
    func contains(_ day: CivilDate) -> Bool { day >= first && day <= last }
}

/// Adds a child's clocks, as at the end of a week, to the sums of that week.
struct WeekTally {
    let context: CardContext

    /// Adds everything that belongs to a week, at whose end the file stands.
    func add(_ file: CaseFile, _ clocks: ContiguousArray<Clock>, _ week: TalliedWeek, to sums: inout CardSums) {
        for clock in clocks {
            let place = context.places.place(of: clock.holder.team, on: clock.holderDay).number
            for row in returns(of: clock, file) where week.contains(row.day) {
                addReturn(of: clock, at: place, week.index, to: &sums)
            }
            add(clock, at: place, file, week, to: &sums)
        }
        for place in file.referrals.indices where week.contains(file.referrals[place].received) {
            addReceived(place, at: context.place(ofReferral: Int32(place), file), file, week.index, to: &sums)
        }
        for row in file.rows.indices where week.contains(file.rows[row].day) {
            add(row: file.rows[row], at: context.place(ofRow: row, file), week.index, to: &sums)
        }
        addChildren(file, clocks, week.index, to: &sums)
    }

    // MARK: Clocks

    /// Adds a clock, as it stands at the end of a week, at its holder's place.
    func add(_ clock: Clock, at place: Int, _ file: CaseFile, _ week: TalliedWeek, to sums: inout CardSums) {
        let rule = context.clocks.rules[Int(clock.rule)]
        let index = week.index
        func count(_ tally: Tally, _ amount: Int32 = 1) {
            sums.add(tally, week: index, rule: Int(clock.rule), place: place, amount)
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
                noteSignature(clock, rule, file, place, index, &sums)
            }
        } else {
            addRunning(clock, rule, file, count)
            sums.noteOldest(clock.elapsed, week: index, rule: Int(clock.rule), place: place)
        }
        if rule.strictWithin != Clock.absent, clock.verdict.isRunning || week.contains(clock.stop),
            let strict = strictStart(clock, rule, file),
            context.evaluator.verdict(of: clock, startedOn: strict, in: file) != clock.verdict
        {
            count(.basisSensitivity)
        }
    }

    /// The rows that returned the assessment of a clock.
    func returns(of clock: Clock, _ file: CaseFile) -> [CaseRow] {
        guard context.clocks.rules[Int(clock.rule)].shape == .assessment,
            file.steps[Int(clock.step)].returned != CaseFile.never
        else { return [] }
        return file.rows(ofStep: Int(clock.step)).filter { $0.kind.verb == .returned }
    }

    /// Counts that the assessment of a clock was returned, in the week of the return.
    func addReturn(of clock: Clock, at place: Int, _ index: Int, to sums: inout CardSums) {
        sums.add(.returnedForRework, week: index, rule: Int(clock.rule), place: place)
    }

    private func addVoid(_ clock: Clock, _ rule: PlainRule, _ count: (Tally, Int32) -> Void) {
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

    private func addStopped(_ clock: Clock, _ rule: PlainRule, _ file: CaseFile, _ count: (Tally, Int32) -> Void) {
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

    private func addRunning(_ clock: Clock, _ rule: PlainRule, _ file: CaseFile, _ count: (Tally, Int32) -> Void) {
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
        _ clock: Clock, _ rule: PlainRule, _ file: CaseFile, _ place: Int, _ index: Int,
        _ sums: inout CardSums
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
    private func strictStart(_ clock: Clock, _ rule: PlainRule, _ file: CaseFile) -> CivilDate? {
        var earliest = clock.start
        func consider(_ day: CivilDate) {
            guard day < earliest, let distance = context.clocks.calendar.elapsed(from: day, to: clock.start) else {
                return
            }
            if distance <= rule.strictWithin { earliest = day }
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

    // MARK: Referrals and rows

    /// Counts a referral in the week in which it was received.
    func addReceived(_ referral: Int, at home: Int, _ file: CaseFile, _ index: Int, to sums: inout CardSums) {
        let received = file.referrals[referral].received
        sums.add(.referralsReceived, week: index, rule: context.referralRule, place: home)
        guard file.referrals.count > 1 else { return }
        let isAgain = file.referrals.contains { earlier in
            earlier.date < received && earlier.date.adding(months: 12) >= received
                && min(earlier.closed, earlier.nfa) <= received
        }
        if isAgain { sums.add(.reReferrals, week: index, rule: context.referralRule, place: home) }
    }

    /// Counts what a row says about recording and signing, in the week of its date.
    func add(row: CaseRow, at home: Int, _ index: Int, to sums: inout CardSums) {
        if row.manager != 0 && row.kind.verb == .authorised {
            sums.signatures[
                CardSums.SignatureKey(manager: row.manager, day: row.day.daysSinceEpoch), default: 0] += 1
        }
        guard row.saysRecorded else { return }
        let days = row.recordedOn.daysSinceEpoch - row.day.daysSinceEpoch
        sums.noteLag(days, week: index, place: home)
        // Working days are never more than days.
        guard days > 5 else { return }
        let recorded = min(row.recordedOn, context.clocks.calendar.coverage.upperBound)
        if let lag = context.clocks.calendar.elapsed(from: row.day, to: recorded), lag > 5 {
            sums.add(.recordedLate, week: index, rule: context.referralRule, place: home)
        }
    }

    // MARK: Children

    private func addChildren(
        _ file: CaseFile, _ clocks: ContiguousArray<Clock>, _ index: Int, to sums: inout CardSums
    ) {
        for measure in CardSums.ChildrenMeasure.allCases {
            var homes: [Int] = []
            for referral in file.referrals.indices where holds(measure, Int32(referral), file, clocks) {
                let home = context.place(ofReferral: Int32(referral), file)
                if !homes.contains(home) { homes.append(home) }
            }
            if !homes.isEmpty { sums.addChild(measure, week: index, at: homes[...], in: context.places.all) }
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
                    && context.clocks.rules[Int(clock.rule)].watchesWhetherChildIsSeen
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

extension PlainRule {
    /// The bands the rule's clocks are shown in, if they are.
    var bands: [Int32]? { Bands.of(shape) }

    /// Whether a running clock of the rule asks whether the child has been seen since it started.
    var watchesWhetherChildIsSeen: Bool {
        !isStatistical && (shape == .assessment || shape == .conference)
    }
}
