import CaseEvents
import Clocks
import Columnar
import Rules
import WorkingCalendar

/// Finds the exceptions of one child as at the day of its case file.
struct ExceptionFinder {
    let context: CardContext
    let partition: Int
    let child: UInt32
    private let ids: PartitionIds
    private let file: CaseFile
    private let clocks: ContiguousArray<Clock>
    private let family: UInt32
    private let isRestricted: Bool
    private let week: ISOWeek
    private let pairing: ConferencePairing
    private let lastDays: LastDays
    /// The referrals in which a clock runs.
    private let running: Set<Int32>

    init(
        _ context: CardContext, partition: Int, child: UInt32, ids: PartitionIds, file: CaseFile,
        clocks: ContiguousArray<Clock>
    ) {
        self.context = context
        self.partition = partition
        self.child = child
        self.ids = ids
        self.file = file
        self.clocks = clocks
        family = file.family
        isRestricted = file.isRestricted
        week = ISOWeek(containing: file.asAt)
        pairing = ConferencePairing(file)
        lastDays = LastDays(file)
        running = Set(clocks.lazy.filter(\.verdict.isRunning).map(\.referral))
    }

    /// The child's exceptions, one for each clock or referral that needs an answer.
    ///
    /// - Complexity: O(*c* · *n*) in the child's clocks and rows.
    func rows() -> [ExceptionRow] {
        var rows: [ExceptionRow] = []
        for clock in clocks {
            let kinds = kinds(of: clock)
            if !kinds.isEmpty { rows.append(row(clock, kinds)) }
        }
        let byReferral = Dictionary(grouping: rows.indices) { rows[$0].referral }
        for place in file.referrals.indices {
            attachReferralKinds(Int32(place), byReferral[Int32(place)] ?? [], to: &rows)
        }
        number(&rows)
        return rows
    }

    // MARK: Clocks

    private func kinds(of clock: Clock) -> [ExceptionRow.RankedKind] {
        // What has stopped asks for nothing.
        guard !clock.verdict.isStopped, !context.clocks.rules[Int(clock.rule)].isStatistical else { return [] }
        let rule = context.clocks.rulebook.rules[Int(clock.rule)]
        var kinds: [ExceptionRow.RankedKind] = []
        func add(_ kind: ExceptionKind) { kinds.append(.init(rank: rank(kind, rule), kind: kind)) }
        if clock.verdict.isRunning {
            if isChildNotSeen(clock, rule) { add(.childNotSeen) }
            if clock.verdict == .overdue { add(clock.expected == Clock.absent ? .overdue : .beyondLimit) }
            if rule.shape == .conference {
                if hasNoOutcome(clock) { add(.noOutcome) }
                if isNotBooked(clock) { add(.icpcNotBooked) }
            }
            if lacksOversight(clock) { add(.noOversight) }
        }
        if isClosedUnfinished(clock, rule) { add(.closedUnfinished) }
        if isFinding(clock, rule) { add(.finding) }
        return kinds.sorted()
    }

    private func rank(_ kind: ExceptionKind, _ rule: Rule?) -> Int {
        if kind == .overdue || kind == .beyondLimit, let rule { return rule.risk }
        return context.clocks.rulebook.risks[kind] ?? 5
    }

    private func workingDays(from start: CivilDate, to end: CivilDate) -> Int32? {
        context.clocks.calendar.elapsed(from: start, to: end)
    }

    private func isChildNotSeen(_ clock: Clock, _ rule: Rule) -> Bool {
        guard let after = rule.childNotSeenAfter, context.carries(.childSeen),
            rule.shape == .assessment || rule.shape == .childSeen
                || (rule.shape == .conference && !context.hasChildSeenRule)
        else { return false }
        guard !file.isSeen(onOrAfter: clock.start), let days = workingDays(from: clock.start, to: file.asAt) else {
            return false
        }
        return days > after
    }

    private func hasNoOutcome(_ clock: Clock) -> Bool {
        guard context.carries(.s47Completed), context.carries(.icpcNotRequired), clock.step >= 0 else { return false }
        let completed = file.rows(ofStep: Int(clock.step)).first { $0.kind == .s47Completed }?.day
        guard let completed, let days = workingDays(from: completed, to: file.asAt) else { return false }
        return days >= context.clocks.rulebook.thresholds.noOutcomeFrom && !isBooked(clock)
    }

    private func isNotBooked(_ clock: Clock) -> Bool {
        guard context.carries(.icpcArranged), let days = workingDays(from: clock.start, to: file.asAt) else {
            return false
        }
        return days >= context.clocks.rulebook.thresholds.icpcNotBookedFrom && !isBooked(clock)
    }

    /// Whether a conference is booked for the as-at date or later.
    private func isBooked(_ clock: Clock) -> Bool {
        file.bookings.contains { booking in
            booking.row.day >= file.asAt && booking.referral == clock.referral
        }
    }

    private func lacksOversight(_ clock: Clock) -> Bool {
        guard clock.verdict == .overdue, context.carries(.managementDecisionRecorded),
            let past = workingDays(from: clock.due, to: file.asAt)
        else { return false }
        return past >= context.clocks.rulebook.thresholds.noOversightFrom
            && !file.hasDecision(referral: clock.referral, onOrAfter: clock.due)
    }

    /// Whether a void clock may be an exception as at a day, by what ended it.
    static func mayListVoid(_ clock: Clock, asAt: CivilDate) -> Bool {
        switch clock.reason {
        // An S47 is listed as long as it is open, anything else in the week of the closure.
        case .event(.caseClosed): clock.step >= 0 || clock.stop.weekEnding == asAt.weekEnding
        case .event(.referralNFA): clock.step >= 0
        default: false
        }
    }

    private func isClosedUnfinished(_ clock: Clock, _ rule: Rule) -> Bool {
        guard clock.reason == .event(.caseClosed) else { return false }
        let isThisWeek = clock.stop >= week.monday && clock.stop <= week.ending
        switch rule.shape {
        case .assessment:
            guard clock.limit != Clock.absent, isThisWeek,
                let elapsed = context.evaluator.elapsed(clock, to: clock.stop)
            else { return false }
            return elapsed > clock.limit
        case .conference: return isLeftOpen(clock, isThisWeek)
        case .transferIn, .laterReview: return isThisWeek
        case .afterConference: return isThisWeek && rule.stops.contains(.cpReviewHeld)
        default: return false
        }
    }

    /// Whether an S47 of a closed case has no answer: for ever while it is open, in the week of the
    /// closure where only its conference is wanting.
    private func isLeftOpen(_ clock: Clock, _ isThisWeek: Bool) -> Bool {
        let step = file.steps[Int(clock.step)]
        let answer = pairing.answers[Int(clock.step)]
        if step.cancelled != CaseFile.never || answer.isNotRequired { return false }
        return isThisWeek || !file.rows(ofStep: Int(clock.step)).contains { $0.kind == .s47Completed }
    }

    private func isFinding(_ clock: Clock, _ rule: Rule) -> Bool {
        let referral = file.referrals[Int(clock.referral)]
        if clock.reason == .event(.referralNFA) {
            guard rule.shape == .assessment, clock.step >= 0 else { return false }
            let step = file.steps[Int(clock.step)]
            return step.start != CaseFile.never && step.start >= referral.nfa && referral.closed == CaseFile.never
                && !isEnded(step: Int(clock.step))
        }
        guard referral.isOpen else { return false }
        if clock.verdict.isRunning { return clock.edition < 0 || clock.holder.team == 0 }
        guard case .finding = clock.reason else { return false }
        return clock.step < 0 ? !clock.hasUnmeasuredStop : !isEnded(step: Int(clock.step))
    }

    /// Whether a step has an end of any kind, whatever its clocks say.
    private func isEnded(step place: Int) -> Bool {
        let step = file.steps[place]
        if step.ended != CaseFile.never { return true }
        guard step.kind == .s47 else { return false }
        let answer = pairing.answers[place]
        return answer.stop != CaseFile.never || answer.isNotRequired || answer.isAnsweredWithoutStart
            || answer.hasEarlierEnd
    }

    private func row(_ clock: Clock, _ kinds: [ExceptionRow.RankedKind]) -> ExceptionRow {
        let isMeasured = clock.elapsed != Clock.absent
        var row = blank(rule: Int(clock.rule), referral: clock.referral, kinds)
        row.stepId = clock.stepId
        row.startedOn = clock.start == CaseFile.never ? nil : clock.start
        row.dueOn = clock.due == CaseFile.never ? nil : clock.due
        row.elapsed = isMeasured ? clock.elapsed : nil
        row.limit = clock.limit == Clock.absent ? nil : clock.limit
        row.daysOver = clock.daysOver == Clock.absent ? nil : clock.daysOver
        if let due = row.dueOn { row.workingDaysPastDue = max(0, workingDays(from: due, to: file.asAt) ?? 0) }
        row.holder = clock.holder
        row.place = context.places.place(of: clock.holder.team, on: clock.holderDay).number
        return row
    }

    private func blank(rule: Int, referral: Int32, _ kinds: [ExceptionRow.RankedKind]) -> ExceptionRow {
        ExceptionRow(
            partition: partition, child: child, family: family, referralId: file.referrals[Int(referral)].id, stepId: 0,
            rule: rule, kinds: kinds, workingDaysPastDue: 0, referredOn: file.referredOn(referral),
            discussedOn: file.lastDiscussion(referral), lastSeenOn: file.lastSeen,
            lastDecisionOn: file.lastDecision(referral), lastEventOn: lastDays.event(referral), holder: .none, place: 0,
            isRestricted: isRestricted, referral: referral)
    }

    // MARK: Referrals

    /// Puts what is about a referral on its gravest row, or on a row of its own.
    private func attachReferralKinds(_ place: Int32, _ own: [Int], to rows: inout [ExceptionRow]) {
        let kinds = referralKinds(place)
        guard !kinds.isEmpty else { return }
        let gravest = own.min { precedes(rows[$0], rows[$1]) }
        if let gravest {
            rows[gravest].kinds = (rows[gravest].kinds + kinds).sortedWithIncumbent(rows[gravest].kinds[0])
            return
        }
        let referral = file.referrals[Int(place)]
        var row = blank(rule: context.referralRule, referral: place, kinds.sorted())
        row.startedOn = referral.date
        row.elapsed = workingDays(from: referral.date, to: file.asAt)
        let thresholds = context.clocks.rulebook.thresholds
        let limit: Int32? =
            switch row.kind {
            case .unallocated: thresholds.unallocatedAfter
            case .notStarted: thresholds.notStartedAfter
            default: nil
            }
        if let limit, let due = context.clocks.calendar.due(from: referral.date, workingDays: limit) {
            row.limit = limit
            row.dueOn = due
            row.daysOver = row.elapsed.map { $0 - limit }
            row.workingDaysPastDue = workingDays(from: due, to: file.asAt) ?? 0
        }
        row.holder = file.holder(of: place, on: file.asAt)
        row.place = context.places.place(of: row.holder.team, on: file.asAt).number
        rows.append(row)
    }

    private func referralKinds(_ place: Int32) -> [ExceptionRow.RankedKind] {
        let referral = file.referrals[Int(place)]
        guard !referral.isNameless, referral.date <= file.asAt else { return [] }
        var kinds: [ExceptionRow.RankedKind] = []
        func add(_ kind: ExceptionKind) { kinds.append(.init(rank: rank(kind, nil), kind: kind)) }
        let thresholds = context.clocks.rulebook.thresholds
        if context.carries(.caseAllocated), !context.hasAllocationRule, !file.isAllocated(place),
            running.contains(place),
            let age = workingDays(from: referral.date, to: file.asAt), age > thresholds.unallocatedAfter
        {
            add(.unallocated)
        }
        if context.carries(.referralDecided), context.isNotStarted(place, file) { add(.notStarted) }
        if referral.isOpen, let last = lastDays.event(place), let quiet = workingDays(from: last, to: file.asAt),
            quiet >= thresholds.noRecentActivityFrom
        {
            add(.noRecentActivity)
        }
        return kinds
    }

    private func precedes(_ a: ExceptionRow, _ b: ExceptionRow) -> Bool {
        if a.rank != b.rank { return a.rank < b.rank }
        if orderKey(a) != orderKey(b) { return orderKey(a) < orderKey(b) }
        return ids.steps.precedes(a.stepId, b.stepId)
    }

    private func orderKey(_ row: ExceptionRow) -> (Int32, Int32, String) {
        (
            -row.workingDaysPastDue, row.startedOn?.daysSinceEpoch ?? .min, context.ruleName(row.rule)
        )
    }

    /// What rows have in common that are told apart by a number.
    private struct Equal: Hashable {
        var rule: Int
        var startedOn: CivilDate?
    }

    /// Numbers rows that are equal in rule and start, by step id.
    private func number(_ rows: inout [ExceptionRow]) {
        let equal = Dictionary(grouping: rows.indices) { Equal(rule: rows[$0].rule, startedOn: rows[$0].startedOn) }
        for index in rows.indices {
            let row = rows[index]
            let others = equal[Equal(rule: row.rule, startedOn: row.startedOn)] ?? []
            let earlier = others.filter { other in
                guard other != index else { return false }
                if rows[other].stepId != row.stepId { return ids.steps.precedes(rows[other].stepId, row.stepId) }
                if rows[other].referralId != row.referralId {
                    return ids.referrals.precedes(rows[other].referralId, row.referralId)
                }
                return other < index
            }
            rows[index].number = earlier.count + 1
        }
    }

    // MARK: The watch list

    /// The running clocks to keep an eye on.
    func watch() -> [WatchRow] {
        clocks.compactMap { clock in
            let rule = context.clocks.rulebook.rules[Int(clock.rule)]
            guard !rule.isStatistical, isWatched(clock) else { return nil }
            return WatchRow(
                partition: partition, child: child, family: family,
                referralId: file.referrals[Int(clock.referral)].id, stepId: clock.stepId, rule: Int(clock.rule),
                kind: clock.verdict.name, startedOn: clock.start, dueOn: clock.due, elapsed: clock.elapsed,
                limit: clock.limit, expected: clock.expected == Clock.absent ? nil : clock.expected,
                lastSeenOn: file.lastSeen, lastDecisionOn: file.lastDecision(clock.referral),
                lastEventOn: lastDays.event(clock.referral), holder: clock.holder,
                place: context.places.place(of: clock.holder.team, on: clock.holderDay).number,
                isRestricted: isRestricted)
        }
    }

    private func isWatched(_ clock: Clock) -> Bool {
        switch clock.verdict {
        case .atLimit, .beyondExpected: true
        case .dueSoon: clock.limit > 5
        default: false
        }
    }
}

extension [ExceptionRow.RankedKind] {
    /// The kinds by rank; the kind the row had stays before an added one of the same rank.
    fileprivate func sortedWithIncumbent(_ incumbent: Element) -> [Element] {
        sorted { a, b in
            if a.rank != b.rank { return a.rank < b.rank }
            if a == incumbent || b == incumbent { return a == incumbent }
            return a < b
        }
    }
}

extension CaseFile {
    /// The child's family by its latest row that names one; 0 for none.
    var family: UInt32 { latest { $0.family != 0 }?.family ?? 0 }

    /// Whether the latest row that says anything about it says that access is limited.
    var isRestricted: Bool {
        latest { $0.flags.contains(.statesRestriction) }?.flags.contains(.restricted) ?? false
    }

    /// The latest row of which something holds, bookings among them: they are there although their day may not be.
    private func latest(_ holds: (CaseRow) -> Bool) -> CaseRow? {
        let row = rows.last(where: holds)
        guard let booking = bookings.last(where: { holds($0.row) })?.row else { return row }
        return row.map { $0.orderKey > booking.orderKey } == true ? row : booking
    }
}
