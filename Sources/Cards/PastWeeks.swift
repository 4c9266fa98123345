import CaseEvents
import Clocks
import WorkingCalendar

/// Adds up many weeks at once, for children whose clocks of each of them are those of a later day, cut at
/// the week's end.
///
/// The fast way of ``ChildVisit``: one linking and one evaluation for a child, then each clock is
/// counted in the weeks in which it started, ran, fell due and ended. The plain way, a case file for
/// each week, gives the same sums, and tests compare them.
struct PastWeeks {
    /// A week before the last one.
    private struct Week {
        var sunday: CivilDate
        /// The week's place in the trends; -1 for none.
        var trend: Int
        /// The week as it is reported; `nil` where only trends need it.
        var tallied: TalliedWeek?
    }

    /// A place that was looked up for a referral and a week of the child at hand.
    private struct Home {
        var key: Int32 = -1
        var place: Int32 = 0
    }

    /// Where a child counts in a week for a measure.
    private struct Mark {
        var week: Int
        var measure: CardSums.ChildrenMeasure
        var home: Int
    }

    private let context: CardContext
    private let tally: WeekTally
    // Taken out of the context once, not for every clock.
    private let evaluator: ClockEvaluator
    private let places: Places
    private let rules: ContiguousArray<PlainRule>
    private let weeks: ContiguousArray<Week>
    /// The first week that is reported.
    private let firstReported: Int
    /// The Monday of the first week, in days since the epoch.
    private let firstDay: Int
    /// The weeks that are being added, and those of them from the first that is reported.
    private var range: Range<Int> = 0..<0
    private var reported: Range<Int> = 0..<0
    private var running: ContiguousArray<Clock> = []
    private var homes: ContiguousArray<Home>
    private var key: Int32 = 0
    private var marks: ContiguousArray<Mark> = []

    /// Takes the days to be looked at, oldest first; all but the last are Sundays.
    init(_ context: CardContext, _ request: RunRequest, points: [WeeklyRun.Point]) {
        self.context = context
        tally = WeekTally(context: context)
        evaluator = context.evaluator
        places = context.places
        rules = context.clocks.rules
        // Every week from the first to the last, also those that nobody asked for.
        var weeks: ContiguousArray<Week> = []
        for point in points.dropLast() {
            while let last = weeks.last?.sunday.adding(days: 7), last < point.asAt {
                weeks.append(Week(sunday: last, trend: -1, tallied: nil))
            }
            weeks.append(
                Week(
                    sunday: point.asAt, trend: point.trend ?? -1,
                    tallied: point.reported.map { TalliedWeek(request.weeks[$0], index: $0) }))
        }
        self.weeks = weeks
        firstReported = weeks.firstIndex { $0.tallied != nil } ?? weeks.count
        firstDay = Int(weeks.first?.sunday.daysSinceEpoch ?? 0) - 6
        homes = ContiguousArray(repeating: Home(), count: weeks.count)
    }

    /// Adds a child's weeks that end on or after a day and before the file's, or on it, and leaves the file as it was.
    ///
    /// The last week of all is never added. The clocks are those of the file's day, and are regular since the other.
    ///
    /// - Returns: `false`, with nothing added, where a clock could not be measured while it ran.
    /// - Complexity: O(*c* · *w*) in the child's clocks and the weeks they ran.
    mutating func add(
        _ file: inout CaseFile, _ clocks: ContiguousArray<Clock>, from first: CivilDate, to sums: inout CardSums
    ) -> Bool {
        let asAt = file.asAt
        range = weeksEnding(from: first, upTo: asAt)
        reported = max(range.lowerBound, min(firstReported, range.upperBound))..<range.upperBound
        guard !range.isEmpty else { return true }
        running.removeAll(keepingCapacity: true)
        for index in clocks.indices {
            guard let clock = evaluator.running(clocks[index], file) else { return false }
            running.append(clock)
        }
        // One key for each referral of each child, so that what was looked up for others is not taken for theirs.
        defer { key &+= Int32(truncatingIfNeeded: file.referrals.count) }
        if !reported.isEmpty { for index in clocks.indices { prefetch(clocks[index], sums) } }
        for index in clocks.indices {
            addFlow(clocks[index], running[index], file, &sums)
            if !reported.isEmpty { addWeeks(clocks[index], running[index], &file, &sums) }
        }
        if !reported.isEmpty {
            addRows(file, &sums)
            addChildren(clocks, &file, &sums)
        }
        file.look(at: asAt)
        return true
    }

    /// Asks the memory for what a clock will be added to: the weeks in which it began and stopped, and some between.
    private func prefetch(_ clock: Clock, _ sums: borrowing CardSums) {
        let place = places.place(of: clock.holder.team, on: clock.holderDay).number
        let first = max(index(of: max(clock.start, clock.toldOn)), reported.lowerBound)
        let end = min(index(of: clock.stop) + 1, reported.upperBound)
        guard first < end else { return }
        for week in first..<min(end, first + Self.weeksAhead) {
            prefetch(week, Int(clock.rule), place, sums)
        }
        prefetch(end - 1, Int(clock.rule), place, sums)
    }

    private func prefetch(_ week: Int, _ rule: Int, _ place: Int, _ sums: borrowing CardSums) {
        if let tallied = weeks[week].tallied { sums.prefetch(week: tallied.index, rule: rule, place: place) }
    }

    /// For so many weeks of a clock memory is asked ahead; the processor follows a longer row by itself.
    private static let weeksAhead = 3

    /// The places of the weeks that end on or after one day and on or before another.
    private func weeksEnding(from first: CivilDate, upTo last: CivilDate) -> Range<Int> {
        guard let oldest = weeks.first?.sunday, last >= oldest else { return 0..<0 }
        let begin = first <= oldest ? 0 : min(index(of: first), weeks.count)
        let end = min(index(of: last.adding(days: 1)), weeks.count)
        return min(begin, end)..<end
    }

    /// The place in ``weeks`` of the week of a day; it may lie outside, far behind for ``CaseFile/never``.
    private func index(of day: CivilDate) -> Int {
        let days = Int(day.daysSinceEpoch) &- firstDay
        return days >= 0 ? days / 7 : -1
    }

    /// The place of a referral's holder at the end of a week.
    private mutating func home(_ referral: Int32, _ week: Int, _ file: CaseFile) -> Int {
        let own = key &+ referral
        if homes[week].key != own {
            let sunday = weeks[week].sunday
            let holder = file.holder(of: referral, on: sunday)
            homes[week] = Home(key: own, place: Int32(places.place(of: holder.team, on: sunday).number))
        }
        return Int(homes[week].place)
    }

    // MARK: Clocks

    /// Adds a clock to the trends, in the week it fell due and the week it stopped.
    private mutating func addFlow(_ clock: Clock, _ running: Clock, _ file: CaseFile, _ sums: inout CardSums) {
        guard clock.limit != Clock.absent else { return }
        let told = max(clock.start, clock.toldOn)
        let rule = Int(clock.rule)
        let stopped = index(of: clock.stop)
        if clock.verdict.isStopped, range.contains(stopped), weeks[stopped].trend >= 0,
            told <= weeks[stopped].sunday
        {
            let place = places.place(of: clock.holder.team, on: clock.holderDay).number
            sums.add(.judged, trendWeek: weeks[stopped].trend, rule: rule, place: place)
            if clock.isMet { sums.add(.inTime, trendWeek: weeks[stopped].trend, rule: rule, place: place) }
        }
        let due = index(of: running.due)
        guard range.contains(due), weeks[due].trend >= 0, told <= weeks[due].sunday else { return }
        let isRunning = clock.stop > weeks[due].sunday
        if !isRunning && clock.verdict == .void { return }
        let place =
            isRunning
            ? home(clock.referral, due, file)
            : places.place(of: clock.holder.team, on: clock.holderDay).number
        sums.add(.due, trendWeek: weeks[due].trend, rule: rule, place: place)
        if isRunning || !clock.isMet { sums.add(.missed, trendWeek: weeks[due].trend, rule: rule, place: place) }
    }

    /// Counts a clock in every reported week from the one that first tells of it to the one in which
    /// it ended, and in the one in which it fell due.
    private mutating func addWeeks(
        _ clock: Clock, _ running: Clock, _ file: inout CaseFile, _ sums: inout CardSums
    ) {
        addReturns(of: clock, file, &sums)
        var week = max(index(of: max(clock.start, clock.toldOn)), reported.lowerBound)
        let ended = index(of: clock.stop)
        guard week < reported.upperBound else { return }
        let strict = tally.strictStart(clock, file)
        var running = running
        while week < min(ended, reported.upperBound) {
            if let tallied = weeks[week].tallied {
                file.look(at: weeks[week].sunday)
                evaluator.judge(&running, on: weeks[week].sunday)
                let home = home(clock.referral, week, file)
                tally.add(running, strictStart: strict, at: home, file, tallied, to: &sums)
            }
            week += 1
        }
        guard week < reported.upperBound else { return }
        let place = places.place(of: clock.holder.team, on: clock.holderDay).number
        if week == ended, let tallied = weeks[week].tallied {
            file.look(at: weeks[week].sunday)
            tally.add(clock, strictStart: strict, at: place, file, tallied, to: &sums)
        }
        let due = index(of: clock.due)
        if due > ended, due >= week, due < reported.upperBound, let tallied = weeks[due].tallied {
            file.look(at: weeks[due].sunday)
            tally.add(clock, strictStart: strict, at: place, file, tallied, to: &sums)
        }
    }

    private mutating func addReturns(of clock: Clock, _ file: CaseFile, _ sums: inout CardSums) {
        for row in tally.returns(of: clock, file) {
            let week = index(of: row.day)
            guard reported.contains(week), let tallied = weeks[week].tallied else { continue }
            let place =
                clock.stop > weeks[week].sunday
                ? home(clock.referral, week, file)
                : places.place(of: clock.holder.team, on: clock.holderDay).number
            tally.addReturn(of: clock, at: place, tallied.index, to: &sums)
        }
    }

    // MARK: Referrals, rows, children

    private mutating func addRows(_ file: CaseFile, _ sums: inout CardSums) {
        for place in file.referrals.indices {
            let week = index(of: file.referrals[place].received)
            guard reported.contains(week), let tallied = weeks[week].tallied else { continue }
            tally.addReceived(place, at: home(Int32(place), week, file), file, tallied.index, to: &sums)
        }
        for place in file.rows.indices {
            let row = file.rows[place]
            let week = index(of: row.day)
            guard reported.contains(week), let tallied = weeks[week].tallied else { continue }
            let referral = file.referralOfRow[place]
            let home =
                referral >= 0
                ? home(referral, week, file) : places.place(of: row.team, on: weeks[week].sunday).number
            tally.add(row: row, at: home, tallied.index, to: &sums)
        }
    }

    /// Counts the child in each week in which a measure of children held, once at each place.
    private mutating func addChildren(
        _ clocks: ContiguousArray<Clock>, _ file: inout CaseFile, _ sums: inout CardSums
    ) {
        marks.removeAll(keepingCapacity: true)
        for index in clocks.indices {
            let clock = clocks[index]
            let told = max(clock.start, clock.toldOn)
            let allocated = file.referrals[Int(clock.referral)].allocated
            mark(.unallocated, clock.referral, from: told, before: min(clock.stop, allocated), file)
            if rules[Int(clock.rule)].watchesWhetherChildIsSeen {
                let seen = file.firstSeen(onOrAfter: clock.start)
                mark(.childNotSeen, clock.referral, from: told, before: min(clock.stop, seen), file)
            }
        }
        for place in file.referrals.indices {
            let decided = file.referrals[place].decided
            guard decided != CaseFile.never else { continue }
            var end = min(file.referrals[place].nfa, file.referrals[place].closed)
            for step in file.steps.indices where file.steps[step].referral == Int32(place) {
                end = min(end, file.steps[step].earliest)
            }
            var week = max(index(of: decided), reported.lowerBound)
            while week < reported.upperBound, weeks[week].sunday < end {
                file.look(at: weeks[week].sunday)
                if context.isNotStarted(Int32(place), file) {
                    marks.append(Mark(week: week, measure: .notStarted, home: home(Int32(place), week, file)))
                }
                week += 1
            }
        }
        countMarks(&sums)
    }

    /// Marks the weeks that end on or after one day and before another.
    private mutating func mark(
        _ measure: CardSums.ChildrenMeasure, _ referral: Int32, from first: CivilDate, before end: CivilDate,
        _ file: CaseFile
    ) {
        var week = max(index(of: first), reported.lowerBound)
        while week < reported.upperBound, weeks[week].sunday < end {
            marks.append(Mark(week: week, measure: measure, home: home(referral, week, file)))
            week += 1
        }
    }

    private mutating func countMarks(_ sums: inout CardSums) {
        guard !marks.isEmpty else { return }
        if marks.count > 1 {
            marks.sort { ($0.week, $0.measure.rawValue, $0.home) < ($1.week, $1.measure.rawValue, $1.home) }
        }
        var homes: [Int] = []
        for (index, mark) in marks.enumerated() {
            if homes.last != mark.home { homes.append(mark.home) }
            let isLast =
                index + 1 == marks.count || marks[index + 1].week != mark.week
                || marks[index + 1].measure != mark.measure
            guard isLast else { continue }
            if let tallied = weeks[mark.week].tallied {
                sums.addChild(mark.measure, week: tallied.index, at: homes[...], in: places.all)
            }
            homes.removeAll(keepingCapacity: true)
        }
    }
}
