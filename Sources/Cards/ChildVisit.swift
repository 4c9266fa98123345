import CaseEvents
import Clocks
import Columnar
import Rules
import WorkingCalendar

/// Goes through the children of one partition, reusing its storage from child to child.
struct ChildVisit {
    private let context: CardContext
    private let request: RunRequest
    private let store: CaseStore
    private let points: [WeeklyRun.Point]
    private(set) var outcome: RunOutcome

    private var events = GroupedEvents()
    private var rows = ChildRows()
    private var file: CaseFile
    /// The file of every row of the child, for findings about rows.
    private var whole: CaseFile
    private var evaluator: ClockEvaluator
    private var past: PastWeeks
    private let tally: WeekTally
    /// The children whose clocks say how what was published left the list.
    private let followed: Set<String>
    private var ids = PartitionIds.empty
    private var partition = 0
    private var child: UInt32 = 0
    /// How many rows were visible when the file was last linked; -1 before.
    private var linkedCount = -1
    /// Whether every row that was visible on the last day is in order.
    private var areInOrder = false

    /// Creates a visit; the points are the days to be looked at, oldest first, the last one being reported.
    init(
        _ context: CardContext, _ request: RunRequest, _ store: CaseStore, points: [WeeklyRun.Point],
        outcome: RunOutcome
    ) {
        self.points = points
        past = PastWeeks(context, request, points: points)
        tally = WeekTally(context: context)
        followed = Set(request.published.map(\.child))
        self.context = context
        self.request = request
        self.store = store
        self.outcome = outcome
        file = CaseFile(
            endsAtCompletion: context.clocks.endsAtCompletion, takesNoShortCuts: request.takesNoShortCuts)
        whole = file
        evaluator = ClockEvaluator(context.clocks)
    }

    /// Visits every child of a partition, whose events are used up.
    mutating func visit(_ partition: Int) {
        store.partitions[partition].takeEvents(into: &events)
        ids = store.partitions[partition].ids
        self.partition = partition
        // Kept apart, because what is passed on while `self` changes is copied for each child.
        let (store, ids, events) = (store, ids, events)
        for number in 0..<UInt32(events.childCount) {
            child = number
            linkedCount = -1
            areInOrder = false
            let range = Int(events.starts[Int(number)])..<Int(events.starts[Int(number) + 1])
            rows.load(events.events, range, store: store, ids: ids)
            outcome.accepted += rows.acceptedCount
            outcome.duplicates += rows.duplicates.count
            for ghost in rows.ghosts { outcome.noteGhost(ghost.day) }
            addWeeks()
            noteRows()
        }
    }

    /// Adds the child's weeks, newest first: as many at once as the case allows, what is left one by one.
    private mutating func addWeeks() {
        guard let last = points.last else { return }
        var end = last.asAt
        var isLast = true
        while visibleCount(end) > 0 {
            look(at: end)
            let since = request.takesNoShortCuts ? nil : evaluator.regularSince(file)
            areInOrder = isLast && since?.daysSinceEpoch == .min
            let isAdded = since.map { past.add(&file, evaluator.clocks, from: $0, to: &outcome.sums) } ?? false
            if isLast { addLastWeek(last) }
            isLast = false
            guard let since, isAdded else {
                addWeeksOneByOne(upTo: end)
                return
            }
            // No more than one look a week, however many rows of it are out of order.
            guard let earlier = points.dropLast().last(where: { $0.asAt < since }) else { return }
            end = earlier.asAt
        }
    }

    /// Adds the weeks before the last that end on or before a day, oldest first.
    private mutating func addWeeksOneByOne(upTo end: CivilDate) {
        linkedCount = -1
        for point in points.dropLast() where point.asAt <= end {
            if let reported = point.reported {
                addWeek(reported, point.trend, point.asAt)
            } else if let trend = point.trend {
                addFlow(trend, point.asAt)
            }
        }
    }

    /// Links the file and evaluates the clocks as at a day.
    private mutating func look(at day: CivilDate) {
        file.link(rows, asAt: day, ids: ids, names: context.clocks.names)
        evaluator.evaluate(file)
        linkedCount = visibleCount(day)
    }

    /// How many rows are there on a day, whatever they are.
    private func visibleCount(_ day: CivilDate) -> Int {
        var count = rows.count(upTo: day)
        guard !rows.ghosts.isEmpty || !rows.bookings.isEmpty else { return count }
        for ghost in rows.ghosts where ghost.day <= day { count += 1 }
        for booking in rows.bookings where !booking.saysRecorded || booking.recordedOn <= day { count += 1 }
        return count
    }

    // MARK: Weeks

    /// Adds the flow of a week that only the trends need.
    private mutating func addFlow(_ trend: Int, _ sunday: CivilDate) {
        let count = visibleCount(sunday)
        guard count > 0 else { return }
        let week = ReportedWeek(week: ISOWeek(containing: sunday), asAt: sunday)
        // Without a new row, nothing but the verdicts of running clocks can change, and a clock that
        // runs past a due date has missed it whatever its verdict was before.
        if count != linkedCount || !rows.ghosts.isEmpty { look(at: sunday) }
        addFlow(trend, week)
    }

    private mutating func addFlow(_ trend: Int, _ week: ReportedWeek) {
        for index in evaluator.clocks.indices {
            let clock = evaluator.clocks[index]
            guard clock.verdict != .void, clock.limit != Clock.absent else { continue }
            let isDue = clock.due != CaseFile.never && week.contains(clock.due)
            let isStopped = clock.verdict.isStopped && week.contains(clock.stop)
            guard isDue || isStopped else { continue }
            let place = context.places.place(of: clock.holder.team, on: holderDay(clock, week)).number
            let rule = Int(clock.rule)
            if isDue {
                outcome.sums.add(.due, trendWeek: trend, rule: rule, place: place)
                if !clock.isMet { outcome.sums.add(.missed, trendWeek: trend, rule: rule, place: place) }
            }
            if isStopped {
                outcome.sums.add(.judged, trendWeek: trend, rule: rule, place: place)
                if clock.isMet { outcome.sums.add(.inTime, trendWeek: trend, rule: rule, place: place) }
            }
        }
    }

    /// The day whose structure a clock belongs to: the week's as-at date while it runs.
    private func holderDay(_ clock: Clock, _ week: ReportedWeek) -> CivilDate {
        clock.verdict.isRunning ? week.asAt : clock.holderDay
    }

    /// Adds a reported week other than the last.
    private mutating func addWeek(_ index: Int, _ trend: Int?, _ asAt: CivilDate) {
        let count = visibleCount(asAt)
        guard count > 0 else { return }
        let week = request.weeks[index]
        if count == linkedCount, isQuiet(in: week) { return }
        if count == linkedCount, canMove(to: asAt) { move(to: asAt) } else { look(at: asAt) }
        add(week, index, trend)
    }

    /// Whether the file and the clocks of the last look are those of another day, but for the time between.
    ///
    /// No row should have come between them. A conference booked for a day, and a unit that begins or ends,
    /// change something without a row; and past the end of the calendar nothing can be measured.
    private func canMove(to day: CivilDate) -> Bool {
        !request.takesNoShortCuts && rows.ghosts.isEmpty && rows.bookings.isEmpty
            && context.clocks.calendar.covers(max(day, file.asAt))
            && !context.clocks.shortTerm.isChanged(after: min(day, file.asAt), upTo: max(day, file.asAt))
    }

    private mutating func move(to day: CivilDate) {
        file.look(at: day)
        evaluator.move(file)
    }

    private mutating func add(_ week: ReportedWeek, _ index: Int, _ trend: Int?) {
        tally.add(file, evaluator.clocks, TalliedWeek(week, index: index), to: &outcome.sums)
        if let trend { addFlow(trend, week) }
    }

    /// Adds the last week, which also gives findings, clocks, exceptions and the watch list.
    private mutating func addLastWeek(_ point: WeeklyRun.Point) {
        guard let index = point.reported else { return }
        add(request.weeks[index], index, point.trend)
        keep(CaseFindings.ofSteps(file, clocks: evaluator.clocks, context: context.clocks))
        noteClocks()
        noteExceptions(point.asAt)
    }

    /// Whether nothing of the child can show in a week without a new row.
    private func isQuiet(in week: ReportedWeek) -> Bool {
        rows.ghosts.isEmpty && file.referrals.allSatisfy { !$0.isOpen }
            && evaluator.clocks.allSatisfy {
                !$0.verdict.isRunning && $0.verdict != .unmeasurable
                    && ($0.due == CaseFile.never || !week.contains($0.due))
            } && rows.duplicates.isEmpty
    }

    // MARK: Findings

    /// Counts the findings about rows dated in the reported weeks, under the holder of the row's referral.
    private mutating func countFindings(_ findings: [RowFinding]) {
        for (index, week) in request.weeks.enumerated() {
            guard findings.contains(where: { week.contains($0.row.day) }) else { continue }
            let inWeek = findings.filter { week.contains($0.row.day) }
            whole.link(rows, asAt: week.asAt, ids: ids, names: context.clocks.names)
            for finding in inWeek { count(finding.code, week: index, place: place(of: finding.row, in: whole)) }
        }
    }

    private mutating func count(_ code: FindingCode, week: Int, place: Int) {
        outcome.sums.findings[CardSums.FindingKey(week: week, place: place, code: code), default: 0] += 1
    }

    /// The place of a row, or, for one that was dropped, of the row it is the same as.
    private func place(of row: CaseRow, in file: CaseFile) -> Int {
        let kept = file.rows.firstIndex {
            $0.orderKey == row.orderKey && $0.referralId == row.referralId && $0.stepId == row.stepId
        }
        if let kept, file.referralOfRow[kept] >= 0, !file.referrals[Int(file.referralOfRow[kept])].isNameless {
            return context.place(ofRow: kept, file)
        }
        let booking = file.bookings.first {
            $0.row.orderKey == row.orderKey && $0.row.referralId == row.referralId && $0.row.stepId == row.stepId
        }
        if let booking, !file.referrals[Int(booking.referral)].isNameless {
            return context.place(ofReferral: booking.referral, file)
        }
        return context.places.place(of: row.team, on: file.asAt).number
    }

    private func isRecordedBefore(_ row: CaseRow) -> Bool { row.saysRecorded && row.isRecordedBefore }

    private func isInFuture(_ row: CaseRow) -> Bool {
        guard row.kind != .icpcArranged, let exported = request.exportedOn[row.flags.source] else { return false }
        return row.day > exported
    }

    /// Keeps the findings about the child's steps and clocks.
    private mutating func keep(_ findings: [CaseFinding]) {
        for finding in findings {
            let isOfStep = finding.stepId != 0
            let day = finding.day == CaseFile.never ? "" : finding.day.description
            outcome.findings.append(
                Finding(
                    finding.code, severity: finding.severity, source: Int(finding.source), line: finding.line,
                    column: isOfStep ? "step_id" : nil, value: isOfStep ? ids.steps.string(finding.stepId) : day,
                    child: ids.child(child)))
        }
    }

    /// Keeps and counts the findings about rows, whatever their dates, and notes the teams they name.
    private mutating func noteRows() {
        var findings: [RowFinding] = []
        for (row, differs) in rows.duplicates {
            findings.append(RowFinding(differs ? .duplicateDiffers : .duplicate, row))
        }
        for row in rows.nearMatches where isNear(row) { findings.append(RowFinding(.nearMatch, row)) }
        for index in rows.rows.indices {
            note(rows.rows[index], &findings)
            outcome.noteTeam(rows.rows[index].team)
        }
        for (row, _) in rows.duplicates { note(row, &findings) }
        for row in rows.bookings { outcome.noteTeam(row.team) }
        findings += findingsOfRows()
        for finding in findings { keep(finding.code, finding.row) }
        if !findings.isEmpty { countFindings(findings) }
    }

    /// Whether another export has the same begin within three working days of a row.
    private func isNear(_ row: CaseRow) -> Bool {
        rows.rows.contains { other in
            other.kind == row.kind && other.day != row.day && other.flags.source != row.flags.source
                && context.clocks.calendar.elapsed(from: min(row.day, other.day), to: max(row.day, other.day))
                    .map { $0 <= 3 } ?? false
        }
    }

    /// The findings about rows, for which the file should hold every row of the child.
    private mutating func findingsOfRows() -> [RowFinding] {
        let isWhole =
            rows.ghosts.isEmpty && file.rows.count == rows.rows.count && file.bookings.count == rows.bookings.count
        if linkedCount >= 0 && isWhole {
            return CaseFindings.ofRows(file, areInOrder: areInOrder, context: context.clocks)
        }
        whole.link(rows, asAt: CaseFile.never.adding(days: -1), ids: ids, names: context.clocks.names)
        return CaseFindings.ofRows(whole, areInOrder: false, context: context.clocks)
    }

    private func note(_ row: CaseRow, _ findings: inout [RowFinding]) {
        if isRecordedBefore(row) { findings.append(RowFinding(.recordedBeforeDate, row)) }
        if isInFuture(row) { findings.append(RowFinding(.futureDate, row)) }
    }

    private mutating func keep(_ code: FindingCode, _ row: CaseRow) {
        let value =
            switch code {
            case .duplicateDiffers: store.names.string(row.team)
            case .recordedBeforeDate: row.day.adding(days: Int32(row.lag)).description
            default: row.day.description
            }
        outcome.findings.append(
            Finding(
                code, source: row.flags.source, line: row.line, value: value, child: ids.child(child)))
    }

    // MARK: Clocks and exceptions

    private mutating func noteClocks() {
        let isKept = request.keepsClocks || (!followed.isEmpty && followed.contains(ids.child(child)))
        for index in evaluator.clocks.indices {
            let clock = evaluator.clocks[index]
            if clock.verdict.isRunning {
                outcome.running[Int(clock.rule)] += 1
                if clock.limit != Clock.absent {
                    let place = context.places.place(of: clock.holder.team, on: clock.holderDay).number
                    outcome.sums.noteOpen(clock.elapsed - clock.limit, rule: Int(clock.rule), place: place)
                }
                if context.clocks.rules[Int(clock.rule)].shape == .authorisation, clock.step >= 0 {
                    outcome.runningSignOffs[Int(file.steps[Int(clock.step)].kind.rawValue)] += 1
                }
            }
            if clock.holder.team != 0,
                !context.places.place(of: clock.holder.team, on: clock.holderDay).isInDates
            {
                outcome.outOfDates.insert(clock.holder.team)
            }
            if isKept {
                outcome.clocks.append(
                    ClockRow(
                        clock: clock, partition: UInt8(partition), child: child, family: file.family,
                        referralId: file.referrals[Int(clock.referral)].id, isRestricted: file.isRestricted))
            }
        }
    }

    /// Finds the exceptions as at the last day and follows them back, Sunday by Sunday.
    private mutating func noteExceptions(_ asAt: CivilDate) {
        var sunday = Self.sunday(before: asAt)
        let isQuiet =
            isQuiet(in: ReportedWeek(week: ISOWeek(containing: asAt), asAt: asAt))
            && (rows.rows.last.map { $0.day < sunday.adding(days: -14) } ?? true)
        // Only what was voided can be an exception of a case on which nothing is open.
        if isQuiet && !evaluator.clocks.contains(where: { ExceptionFinder.mayListVoid($0, asAt: asAt) }) { return }
        let finder = finder()
        let now = finder.rows()
        outcome.watch.append(contentsOf: finder.watch())
        guard !isQuiet || !now.isEmpty else { return }
        var life = ExceptionLife(
            now, asAt: asAt, places: context.places, referrals: file.referrals, ids: ids)
        let clocksNow = evaluator.clocks
        while sunday >= request.earliestSunday && visibleCount(sunday) > 0 {
            if visibleCount(sunday) == linkedCount, canMove(to: sunday) { move(to: sunday) } else { look(at: sunday) }
            let then = self.finder().rows()
            if life.goBack(to: then, isFirst: sunday == Self.sunday(before: asAt)) { break }
            sunday = sunday.adding(days: -7)
        }
        outcome.exceptions.append(contentsOf: life.rows(clocks: clocksNow))
    }

    private func finder() -> ExceptionFinder {
        ExceptionFinder(context, partition: partition, child: child, ids: ids, file: file, clocks: evaluator.clocks)
    }

    /// The last Sunday before a day.
    static func sunday(before day: CivilDate) -> CivilDate {
        let before = day.adding(days: -1)
        return before.weekday == 6 ? before : before.weekEnding.adding(days: -7)
    }
}
