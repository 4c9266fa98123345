public import Columnar
public import WorkingCalendar

/// One child's referrals, steps and plans, as the rows up to a day tell them.
///
/// Rows after the day are simply not there. A case file is made afresh for each day asked about, by
/// going through the rows in order, and its storage is used again for the next child.
///
/// Days inside a case file are `CivilDate`s; ``CaseFile/never`` marks one that did not come.
public struct CaseFile: Sendable {
    /// Marks an absent day; later than every date of an export.
    @inlinable public static var never: CivilDate { CivilDate(daysSinceEpoch: .max) }

    /// A referral: the episode that steps belong to.
    public struct Referral: Sendable {
        /// The code of its id; 0 for those without one.
        public var id: UInt32
        /// The earliest `referral_received`; ``CaseFile/never`` where it was never received.
        public var received: CivilDate
        /// The day that orders it among the child's referrals: ``received``, else the earliest row that names it.
        public var date: CivilDate
        /// The first `referral_nfa`, or ``CaseFile/never``.
        public var nfa: CivilDate
        /// The first `case_closed`, or ``CaseFile/never``.
        public var closed: CivilDate
        /// The first `referral_decided` and `case_allocated`, each or ``CaseFile/never``.
        public var decided = CaseFile.never
        public var allocated = CaseFile.never
        /// The first of its rows, or ``CaseFile/never``.
        var firstRow = CaseFile.never
        /// The last row that came after the closure or repeats the receipt; the beginning of time where none does.
        var lastOutOfOrder = CivilDate(daysSinceEpoch: .min)
        /// Whether this is the child's group of rows that belong to no referral.
        public var isNameless: Bool
        /// The referral's rows in ``CaseFile/rowOrder``.
        public var rows: Range<Int32>
        /// The referral's spans in ``CaseFile/holders``.
        var holders: Range<Int32> = 0..<0

        /// Whether it has been neither closed nor ended in no further action.
        @inlinable public var isOpen: Bool { nfa == CaseFile.never && closed == CaseFile.never }
    }

    /// A step: an assessment or an S47, from its rows.
    public struct Step: Sendable, BitwiseCopyable {
        public var kind: StepKind
        /// The place of its referral in ``CaseFile/referrals``.
        public var referral: Int32
        /// The code of its id; 0 is none.
        public var id: UInt32
        /// The earliest `started`, or ``CaseFile/never``.
        public var start: CivilDate
        /// The earliest of its rows, or ``CaseFile/never`` for a ghost alone.
        public var earliest: CivilDate
        /// The line and source of its first row, for findings.
        public var line: UInt32
        public var source: Int32
        /// The day of the row that ended it, by the rows so far, or ``CaseFile/never``.
        public var ended: CivilDate
        /// The earliest row of each of these verbs, or ``CaseFile/never``: most questions about a step need no more.
        public var completed = CaseFile.never
        public var returned = CaseFile.never
        public var authorised = CaseFile.never
        public var cancelled = CaseFile.never
        /// Whether it was completed more than once.
        public var isCompletedAgain = false
        /// The place of the first authorisation among the rows, or -1.
        public var authorisation: Int32 = -1
        /// The verb of its last row.
        var lastVerb: Verb?
        /// The day of the last row that is not the next of started, completed and authorised, or, for an S47, a
        /// cancellation, or comes after such a row; the beginning of time where none does.
        public internal(set) var outOfOrder = CivilDate(daysSinceEpoch: .min)
        /// Whether it is the one that makes up for rows without a step id and without a start.
        public var isStartless: Bool

        /// The start, or, without one, the earliest row so far.
        @inlinable public var begun: CivilDate { start == CaseFile.never ? earliest : start }
    }

    /// A child protection plan, from its start to its end (``CaseFile/never`` while it runs).
    public struct Plan: Sendable, BitwiseCopyable {
        public var id: UInt32
        public var start: CivilDate
        public var end: CivilDate
    }

    /// The day the file is as at.
    public private(set) var asAt = never
    /// The rows up to that day, in order.
    public private(set) var rows: ContiguousArray<CaseRow> = []
    /// The place in ``referrals`` of each row, or -1 for contacts.
    public internal(set) var referralOfRow: ContiguousArray<Int32> = []
    /// The place in ``steps`` of each row, or -1.
    public internal(set) var stepOfRow: ContiguousArray<Int32> = []
    public internal(set) var referrals: ContiguousArray<Referral> = []
    public internal(set) var steps: ContiguousArray<Step> = []
    public private(set) var plans: ContiguousArray<Plan> = []
    /// The conference bookings known on the day, with the place of each one's referral.
    public private(set) var bookings: ContiguousArray<(row: CaseRow, referral: Int32)> = []
    /// The places of rows, those of one referral together and in order.
    public private(set) var rowOrder: ContiguousArray<Int32> = []

    /// Which kinds of event the rows are of.
    public private(set) var kinds = EventSet([])
    /// The places of the rows that say that the child was seen, and of those that are management decisions.
    public private(set) var sightings: ContiguousArray<Int32> = []
    public private(set) var decisions: ContiguousArray<Int32> = []
    /// Whether every row names its referral and its step, so that it belongs where it says, whatever other rows say.
    public private(set) var areRowsNamed = false

    /// Who held the referrals from when, those of one referral together and in order.
    var holders: ContiguousArray<HolderSpan> = []

    /// For each step, the place of its id, in order of bytes, among those of the child's steps of its kind.
    private var stepIdRanks: ContiguousArray<Int32> = []

    /// The kinds of step that end with `completed`, because no row of the run authorises one.
    @usableFromInline var endsAtCompletion: [Bool]

    /// Whether rows are linked in the plain way also where all are named: for tests that compare the two.
    private let takesNoShortCuts: Bool

    /// Creates an empty file.
    ///
    /// - Parameters:
    ///   - endsAtCompletion: For each ``StepKind``, whether its `completed` ends it.
    ///   - takesNoShortCuts: Whether named rows are linked as the others are.
    public init(endsAtCompletion: [Bool], takesNoShortCuts: Bool = false) {
        self.endsAtCompletion = endsAtCompletion
        self.takesNoShortCuts = takesNoShortCuts
    }

    /// Whether `completed` ends a step of the kind.
    @inlinable
    public func endsAtCompletion(_ kind: StepKind) -> Bool { endsAtCompletion[Int(kind.rawValue)] }

    /// Makes the file of a child as at a day.
    ///
    /// The names are those of the run's teams and workers, for rows of one day that name several.
    ///
    /// - Complexity: O(*n* · *s*) in the child's rows and steps, both small.
    public mutating func link(_ child: ChildRows, asAt day: CivilDate, ids: PartitionIds, names: IdTable) {
        asAt = day
        rows.removeAll(keepingCapacity: true)
        rows.append(contentsOf: child.rows[..<child.count(upTo: day)])
        referrals.removeAll(keepingCapacity: true)
        steps.removeAll(keepingCapacity: true)
        plans.removeAll(keepingCapacity: true)
        bookings.removeAll(keepingCapacity: true)
        referralOfRow.removeAll(keepingCapacity: true)
        stepOfRow.removeAll(keepingCapacity: true)
        kinds = EventSet([])
        sightings.removeAll(keepingCapacity: true)
        decisions.removeAll(keepingCapacity: true)
        areRowsNamed = child.areNamed && child.ghosts.isEmpty
        if areRowsNamed && !takesNoShortCuts {
            linkNamedRows()
            finishReferrals(child.bookings)
        } else {
            for index in rows.indices { note(rows[index].kind, at: index) }
            findReferrals(child)
            findNamedSteps()
            for index in rows.indices { link(row: index, ids) }
        }
        for ghost in child.ghosts where ghost.day <= day { link(ghost: ghost, ids) }
        for booking in child.bookings where !booking.saysRecorded || booking.recordedOn <= day {
            bookings.append((booking, referral(of: booking, after: rows.count, ids).referral))
        }
        groupRowsByReferral()
        findHolders(names)
        rankStepIds(ids)
    }

    /// Looks at the file as it was on another day, without linking it again.
    ///
    /// On an earlier day, only for a case whose rows up to any day link as they do in the end; what asks
    /// for rows leaves out those after ``asAt``. On a later day, only where no row has come by then.
    public mutating func look(at day: CivilDate) { asAt = day }

    /// A number that orders steps of one kind by their ids' bytes; equal ids, equal numbers.
    public func stepIdRank(_ place: Int) -> Int32 { stepIdRanks[place] }

    private mutating func rankStepIds(_ ids: PartitionIds) {
        stepIdRanks.removeAll(keepingCapacity: true)
        guard steps.count > 1 else {
            if !steps.isEmpty { stepIdRanks.append(0) }
            return
        }
        for step in steps {
            var rank: Int32 = 0
            for other in steps
            where other.kind == step.kind && other.id != step.id && ids.steps.precedes(other.id, step.id) {
                rank += 1
            }
            stepIdRanks.append(rank)
        }
    }

    /// Notes of what kind the row at a place is.
    mutating func note(_ kind: EventKind, at place: Int) {
        kinds.insert(kind)
        if kind == .childSeen { sightings.append(Int32(truncatingIfNeeded: place)) }
        if kind == .managementDecisionRecorded { decisions.append(Int32(truncatingIfNeeded: place)) }
    }

    // MARK: Referrals

    /// Finds the child's referrals, and notes that of each row that names one.
    private mutating func findReferrals(_ child: ChildRows) {
        for place in rows.indices {
            referralOfRow.append(-1)
            let row = rows[place]
            guard !row.kind.isContact else { continue }
            if row.namesReferral {
                let index = referral(named: row.referralId)
                referralOfRow[place] = Int32(truncatingIfNeeded: index)
                if row.kind == .referralReceived { referrals[index].received = min(referrals[index].received, row.day) }
                if row.day < referrals[index].date { referrals[index].date = row.day }
            } else if row.kind == .referralReceived {
                addReferral(row.referralId, received: row.day)
            }
        }
        for ghost in child.ghosts where ghost.namesReferral && ghost.day <= asAt {
            _ = referral(named: ghost.referralId)
        }
        finishReferrals(child.bookings)
    }

    /// Finds the referrals that bookings name, and dates them all.
    private mutating func finishReferrals(_ bookings: ContiguousArray<CaseRow>) {
        for booking in bookings
        where booking.namesReferral && (!booking.saysRecorded || booking.recordedOn <= asAt) {
            let index = referral(named: booking.referralId)
            referrals[index].date = min(referrals[index].date, booking.day)
        }
        for index in referrals.indices where referrals[index].received != Self.never {
            referrals[index].date = referrals[index].received
        }
    }

    mutating func referral(named id: UInt32) -> Int {
        if let index = referrals.firstIndex(where: { $0.id == id && !$0.isNameless }) { return index }
        addReferral(id, received: Self.never)
        return referrals.count - 1
    }

    private mutating func addReferral(_ id: UInt32, received: CivilDate, isNameless: Bool = false) {
        referrals.append(
            Referral(
                id: id, received: received, date: received, nfa: Self.never, closed: Self.never,
                isNameless: isNameless, rows: 0..<0))
    }

    /// The child's latest referral on or before a day; of several that day, the one with the greatest id.
    private func latestReferral(onOrBefore day: CivilDate, _ ids: PartitionIds) -> Int? {
        var best: Int?
        for index in referrals.indices where referrals[index].date <= day && !referrals[index].isNameless {
            guard let current = best else {
                best = index
                continue
            }
            let (a, b) = (referrals[current], referrals[index])
            if b.date > a.date || (b.date == a.date && ids.referrals.precedes(a.id, b.id)) { best = index }
        }
        return best
    }

    private mutating func namelessGroup(_ id: UInt32) -> Int {
        if let index = referrals.firstIndex(where: \.isNameless) { return index }
        addReferral(id, received: Self.never, isNameless: true)
        return referrals.count - 1
    }

    // MARK: Rows

    private mutating func link(row index: Int, _ ids: PartitionIds) {
        let row = rows[index]
        guard !row.kind.isContact else { return }
        let known =
            row.namesReferral ? (referral: referralOfRow[index], step: nil) : referral(of: row, after: index, ids)
        let referral = known.referral
        referralOfRow[index] = referral
        referrals[Int(referral)].note(row)
        if row.kind.isPlan { link(plan: row) }
        guard let kind = row.kind.step else { return }
        var step = Int(stepOfRow[index])
        if step < 0 { step = known.step ?? self.step(of: row, kind, in: referral, ids) }
        stepOfRow[index] = Int32(truncatingIfNeeded: step)
        steps[step].note(row, at: index, endsAtCompletion: endsAtCompletion(kind))
    }

    /// The referral a row belongs to, and its step where that is what decides.
    ///
    /// So many rows come before it.
    private mutating func referral(
        of row: CaseRow, after count: Int, _ ids: PartitionIds
    ) -> (referral: Int32, step: Int?) {
        if row.namesReferral { return (Int32(referral(named: row.referralId)), nil) }
        if row.kind == .referralReceived {
            // Rows that are the same were dropped, so the day tells the unnamed ones apart.
            let own = referrals.firstIndex { $0.id == row.referralId && !$0.isNameless && $0.received == row.day }
            return (Int32(own ?? 0), nil)
        }
        let kind = row.kind.step ?? (row.kind.isConferenceOfS47 ? .s47 : nil)
        if row.stepId != 0 {
            if let kind, let step = step(kind, id: row.stepId, on: row.day, ids) { return (steps[step].referral, nil) }
            if row.kind.isPlan, let other = planReferral(row.stepId, count) { return (other, nil) }
        } else if let kind, row.kind.endsStep, let step = earliestOpenStep(kind, on: row.day, ids) {
            return (steps[step].referral, row.kind.step == nil ? nil : step)
        }
        return (Int32(latestReferral(onOrBefore: row.day, ids) ?? namelessGroup(row.referralId)), nil)
    }

    private func planReferral(_ id: UInt32, _ count: Int) -> Int32? {
        for index in (0..<count).reversed() where rows[index].kind.isPlan && rows[index].stepId == id {
            return referralOfRow[index]
        }
        return nil
    }

    private mutating func step(of row: CaseRow, _ kind: StepKind, in referral: Int32, _ ids: PartitionIds) -> Int {
        if row.stepId != 0 { return step(kind, id: row.stepId, in: referral) }
        if row.kind.isStepStart { return addStep(kind, id: 0, in: referral) }
        if let started = startedStep(kind, on: row.day, in: referral, ids) { return started }
        let startless = steps.firstIndex { $0.kind == kind && $0.referral == referral && $0.isStartless }
        return startless ?? addStep(kind, id: 0, in: referral, isStartless: true)
    }

    mutating func link(plan row: CaseRow) {
        if row.kind == .cpPlanStarted {
            guard row.stepId == 0 || !plans.contains(where: { $0.id == row.stepId }) else { return }
            plans.append(Plan(id: row.stepId, start: row.day, end: Self.never))
            return
        }
        let named = row.stepId == 0 ? nil : plans.lastIndex { $0.id == row.stepId }
        let open = named ?? plans.firstIndex { $0.end == Self.never }
        if let open, plans[open].end == Self.never { plans[open].end = row.day }
    }

    /// A rejected start makes its step exist, unless a good copy does already.
    private mutating func link(ghost: CaseRow, _ ids: PartitionIds) {
        guard let kind = ghost.kind.step else { return }
        let hasGoodCopy = rows.contains {
            $0.kind == ghost.kind && $0.referralId == ghost.referralId && $0.stepId == ghost.stepId
        }
        guard !hasGoodCopy else { return }
        let referral = Int32(
            ghost.namesReferral
                ? self.referral(named: ghost.referralId)
                : latestReferral(onOrBefore: Self.never.adding(days: -1), ids) ?? namelessGroup(ghost.referralId))
        let known = steps.firstIndex {
            $0.kind == kind && $0.referral == referral && $0.id == ghost.stepId
                && (ghost.stepId != 0 || $0.start == Self.never)
        }
        let index = known ?? addStep(kind, id: ghost.stepId, in: referral)
        guard steps[index].start == Self.never else { return }
        if steps[index].earliest == Self.never {
            steps[index].line = ghost.line
            steps[index].source = Int32(ghost.flags.source)
        }
    }

    private mutating func groupRowsByReferral() {
        rowOrder.removeAll(keepingCapacity: true)
        if referrals.count == 1, referralOfRow.first == 0, !kinds.contains(.contactReceived),
            !kinds.contains(.contactDecided)
        {
            rowOrder.append(contentsOf: 0..<Int32(rows.count))
            referrals[0].rows = 0..<Int32(rows.count)
            return
        }
        for referral in referrals.indices {
            let begin = Int32(rowOrder.count)
            for index in rows.indices where referralOfRow[index] == Int32(referral) { rowOrder.append(Int32(index)) }
            referrals[referral].rows = begin..<Int32(rowOrder.count)
        }
    }
}

extension EventKind {
    /// Whether the event is about a child protection plan.
    var isPlan: Bool { self == .cpPlanStarted || self == .cpPlanEnded }

    /// Whether the event is about a contact, which belongs to no referral.
    public var isContact: Bool { self == .contactReceived || self == .contactDecided }

    /// Whether a step id on the event names the S47 that the conference belongs to.
    var isConferenceOfS47: Bool { self == .icpcHeld || self == .icpcArranged || self == .icpcNotRequired }

    /// Whether a row without ids joins the child's earliest open step of its kind.
    var endsStep: Bool {
        switch verb {
        case .completed, .returned, .authorised, .cancelled, .notRequired: true
        default: false
        }
    }
}
