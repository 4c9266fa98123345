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
    private let bands = BandTable()
    // Taken out of the context once, not for every clock.
    private let evaluator: ClockEvaluator
    private let places: Places
    private let rules: ContiguousArray<PlainRule>
    private let calendar: WorkingCalendar

    init(context: CardContext) {
        self.context = context
        evaluator = context.evaluator
        places = context.places
        rules = context.clocks.rules
        calendar = context.clocks.calendar
    }

    /// Adds everything that belongs to a week, at whose end the file stands.
    func add(_ file: CaseFile, _ clocks: ContiguousArray<Clock>, _ week: TalliedWeek, to sums: inout CardSums) {
        for index in clocks.indices {
            let clock = clocks[index]
            let place = places.place(of: clock.holder.team, on: clock.holderDay).number
            for row in returns(of: clock, file) where week.contains(row.day) {
                addReturn(of: clock, at: place, week.index, to: &sums)
            }
            guard showsIn(week, clock) else { continue }
            add(clock, strictStart: strictStart(clock, file), at: place, file, week, to: &sums)
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

    /// Whether a clock counts in a week at all; a stopped one only where something of it happened then.
    private func showsIn(_ week: TalliedWeek, _ clock: Clock) -> Bool {
        clock.verdict.isRunning || clock.verdict == .unmeasurable || week.contains(clock.start)
            || week.contains(clock.stop) || week.contains(clock.due)
    }

    /// Adds a clock, as it stands at the end of a week, at its holder's place.
    func add(
        _ clock: Clock, strictStart: CivilDate?, at place: Int, _ file: CaseFile, _ week: TalliedWeek,
        to sums: inout CardSums
    ) {
        let rule = rules[Int(clock.rule)]
        sums.update(week: week.index, rule: Int(clock.rule), place: place) { counts in
            count(clock, rule, strictStart, file, week, counts)
        }
        if clock.verdict.isRunning {
            sums.noteOldest(clock.elapsed, week: week.index, rule: Int(clock.rule), place: place)
        } else if clock.verdict.isStopped, week.contains(clock.stop) {
            sums.noteElapsed(clock.elapsed, week: week.index, rule: Int(clock.rule), place: place)
            noteSignature(clock, rule, file, place, week.index, &sums)
        }
    }

    private func count(
        _ clock: Clock, _ rule: PlainRule, _ strictStart: CivilDate?, _ file: CaseFile, _ week: TalliedWeek,
        _ counts: WeekCounts
    ) {
        guard clock.verdict != .unmeasurable else {
            if clock.reason != .noEvidence, file.referrals[Int(clock.referral)].isOpen { counts.add(.excluded) }
            return
        }
        if week.contains(clock.start) { counts.add(.started) }
        if clock.verdict == .void {
            if week.contains(clock.stop) { countVoid(clock, counts) }
            return
        }
        // Without a due date it is on no day of any week.
        if week.contains(clock.due) {
            counts.add(.due)
            counts.add(clock.isMet ? .met : .missed)
        }
        if clock.verdict.isRunning {
            countRunning(clock, rule, file, counts)
        } else if week.contains(clock.stop) {
            countStopped(clock, rule, file, counts)
        } else {
            return
        }
        if let strictStart, evaluator.verdict(of: clock, startedOn: strictStart, in: file) != clock.verdict {
            counts.add(.basisSensitivity)
        }
    }

    /// The rows that returned the assessment of a clock.
    func returns(of clock: Clock, _ file: CaseFile) -> [CaseRow] {
        guard clock.step >= 0, file.steps[Int(clock.step)].returned != CaseFile.never,
            rules[Int(clock.rule)].shape == .assessment
        else { return [] }
        return file.rows(ofStep: Int(clock.step)).filter { $0.kind.verb == .returned }
    }

    /// Counts that the assessment of a clock was returned, in the week of the return.
    func addReturn(of clock: Clock, at place: Int, _ index: Int, to sums: inout CardSums) {
        sums.add(.returnedForRework, week: index, rule: Int(clock.rule), place: place)
    }

    private func countVoid(_ clock: Clock, _ counts: WeekCounts) {
        counts.add(.voided)
        if case .event(let kind) = clock.reason {
            switch kind {
            case .caseClosed: counts.add(.voidedClosed)
            case .referralNFA: counts.add(.voidedNFA)
            case .icpcNotRequired: counts.add(.voidedNotRequired)
            case .cpPlanEnded: counts.add(.voidedPlanEnded)
            case _ where kind.verb == .returned: counts.add(.voidedReturned)
            default: counts.add(.voidedCancelled)
            }
        }
        guard clock.limit != Clock.absent else { return }
        if let elapsed = evaluator.elapsed(clock, to: clock.stop), elapsed > clock.limit {
            counts.add(.voidedAfterDue)
        }
    }

    private func countStopped(
        _ clock: Clock, _ rule: PlainRule, _ file: CaseFile, _ counts: WeekCounts
    ) {
        counts.add(.stopped)
        if let band = bands.band(clock.elapsed, rule.shape) { counts.add(.stoppedBand(band)) }
        guard clock.limit != Clock.absent else { return }
        if let step = rule.step, rule.shape == .assessment, !file.endsAtCompletion(step) {
            counts.add(.signed)
            if isSignedSameDay(clock, file) { counts.add(.signedSameDay) }
        }
        counts.add(.judged)
        if clock.elapsed <= clock.limit {
            counts.add(.inTime)
        } else {
            counts.add(.late)
            counts.add(.lateDaysOver, clock.elapsed - clock.limit)
        }
        if clock.expected != Clock.absent {
            counts.add(.twoLimits)
            if clock.elapsed <= clock.expected { counts.add(.withinExpected) }
        }
        if clock.limit >= 35 {
            counts.add(.longLimit)
            if clock.elapsed > clock.limit - 5 && clock.elapsed <= clock.limit { counts.add(.deadline) }
        }
    }

    private func countRunning(
        _ clock: Clock, _ rule: PlainRule, _ file: CaseFile, _ counts: WeekCounts
    ) {
        counts.add(.running)
        if let band = bands.band(clock.elapsed, rule.shape) { counts.add(.runningBand(band)) }
        if rule.shape == .assessment, file.awaitsAuthorisation(step: Int(clock.step)) {
            counts.add(.awaitingAuthorisation)
        }
        switch clock.verdict {
        case .open, .beyondExpected: counts.add(.runningNotDue)
        case .dueSoon: counts.add(.runningDueSoon)
        case .atLimit: counts.add(.runningAtLimit)
        default: break
        }
        if clock.expected != Clock.absent, clock.elapsed > clock.expected { counts.add(.pastExpected) }
        guard clock.verdict == .overdue else { return }
        let over = clock.elapsed - clock.limit
        counts.add(.overdue)
        counts.add(.totalDaysOver, over)
        counts.add(over <= 5 ? .runningOver1To5 : over <= 20 ? .runningOver6To20 : .runningOver21)
        if file.hasDecision(referral: clock.referral, onOrAfter: clock.due) { counts.add(.lateOverseen) }
        if let seen = file.lastSeen, let since = calendar.elapsed(from: seen, to: file.asAt), since <= 20 {
            counts.add(.lateSeen)
        }
    }

    // MARK: Signatures

    private func isSignedSameDay(_ clock: Clock, _ file: CaseFile) -> Bool {
        file.isCompleted(step: Int(clock.step), on: clock.stop)
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

    /// The strict start of a clock, where its rule has one: the earliest S47 start or authorised initial assessment
    /// of its referral, on or before the recorded start and at most so many working days before it.
    func strictStart(_ clock: Clock, _ file: CaseFile) -> CivilDate? {
        let rule = rules[Int(clock.rule)]
        guard rule.strictWithin != Clock.absent, clock.start != CaseFile.never else { return nil }
        var earliest = clock.start
        func consider(_ day: CivilDate) {
            guard day < earliest, let distance = calendar.elapsed(from: day, to: clock.start) else {
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
        let recorded = min(row.recordedOn, calendar.coverage.upperBound)
        if let lag = calendar.elapsed(from: row.day, to: recorded), lag > 5 {
            sums.add(.recordedLate, week: index, rule: context.referralRule, place: home)
        }
    }

    // MARK: Children

    private func addChildren(
        _ file: CaseFile, _ clocks: ContiguousArray<Clock>, _ index: Int, to sums: inout CardSums
    ) {
        // Where nothing runs and nothing is open, no child waits.
        guard clocks.contains(where: \.verdict.isRunning) || file.referrals.contains(where: \.isOpen) else { return }
        for measure in CardSums.ChildrenMeasure.allCases {
            var homes: [Int] = []
            for referral in file.referrals.indices where holds(measure, Int32(referral), file, clocks) {
                let home = context.place(ofReferral: Int32(referral), file)
                if !homes.contains(home) { homes.append(home) }
            }
            if !homes.isEmpty { sums.addChild(measure, week: index, at: homes[...], in: places.all) }
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
                    && rules[Int(clock.rule)].watchesWhetherChildIsSeen
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
    /// Whether a running clock of the rule asks whether the child has been seen since it started.
    var watchesWhetherChildIsSeen: Bool {
        !isStatistical && (shape == .assessment || shape == .conference)
    }
}

/// The bands of elapsed days, looked up by days instead of searched for every clock and week.
private struct BandTable {
    /// The band of each number of days, up to the first in the last band.
    private let assessment: ContiguousArray<Int>
    private let conference: ContiguousArray<Int>

    init() {
        func table(_ ends: [Int32]) -> ContiguousArray<Int> {
            ContiguousArray((0...(ends.last ?? 0) + 1).map { Bands.index($0, ends) })
        }
        assessment = table(Bands.assessment)
        conference = table(Bands.conference)
    }

    /// The band of a number of days, 0 or more, where clocks of a shape are shown in bands.
    @inline(__always)
    func band(_ days: Int32, _ shape: ClockShape) -> Int? {
        switch shape {
        case .assessment: assessment[max(0, min(Int(days), assessment.count &- 1))]
        case .conference: conference[max(0, min(Int(days), conference.count &- 1))]
        default: nil
        }
    }
}
