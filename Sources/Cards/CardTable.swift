import CaseEvents
import Clocks
import Columnar
import Rules
import WorkingCalendar

/// Makes the figures of every card of a week from the sums of the places.
struct CardTable: Sendable {
    let context: CardContext
    let sums: CardSums
    let weeks: [ReportedWeek]
    /// The first covered day: re-referrals need twelve months.
    let coveredFrom: CivilDate

    /// The elapsed days of stopped clocks, those of one week, rule and place together; see ``group(week:rule:place:)``.
    private let elapsed: ContiguousArray<Int32>
    private let groupStarts: ContiguousArray<Int32>
    private let ruleNames: [String]
    /// The measures of the bands, for each rule that has them.
    private let bands: [(stopped: [String], running: [String])]
    /// The findings of each week.
    private let findings: [[(place: Int, code: FindingCode, count: Int)]]

    init(_ context: CardContext, _ sums: CardSums, weeks: [ReportedWeek], coveredFrom: CivilDate) {
        self.context = context
        self.sums = sums
        self.weeks = weeks
        self.coveredFrom = coveredFrom
        (elapsed, groupStarts) = sums.groupedElapsed()
        ruleNames = context.clocks.rulebook.rules.map(\.name)
        bands = context.clocks.rulebook.rules.map { rule in
            let names = Bands.of(rule.shape).map(Bands.names) ?? []
            return (names.map { "stopped_band_\($0)" }, names.map { "running_band_\($0)" })
        }
        var findings = weeks.map { _ in [(place: Int, code: FindingCode, count: Int)]() }
        for (key, count) in sums.findings { findings[key.week].append((key.place, key.code, Int(count))) }
        self.findings = findings
    }

    /// The figures, ordered by week, level, name, rule and the order of the measures.
    func figures(cores: Int) -> [Figure] {
        let cards = Level.allCases.flatMap { level in
            names(level).map { (level: level, name: $0.name, places: $0.places) }
        }
        let byWeek = concurrentMap(count: weeks.count, cores: cores) { week in
            cards.flatMap { card(week, $0.level, $0.name, $0.places) }
        }
        return Array(byWeek.joined())
    }

    /// The names of a level in order of their bytes, with the places that add up to each.
    func names(_ level: Level) -> [(name: String, places: [Int])] {
        var byName: [String: [Int]] = [:]
        for (number, place) in context.places.all.enumerated() { byName[place.name(level), default: []].append(number) }
        return byName.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    private func card(_ week: Int, _ level: Level, _ name: String, _ places: [Int]) -> [Figure] {
        var maker = FigureMaker(weekEnding: weeks[week].week.ending, level: level, name: name)
        for rule in context.clocks.rules where rule.isOn {
            maker.rule = ruleNames[rule.number]
            addRule(rule, week, places, &maker)
        }
        maker.rule = ExceptionRow.referralRule
        addReferrals(week, level, name, places, &maker)
        guard maker.figures.contains(where: { $0.value != .notAvailable }) || level == .authority else { return [] }
        return maker.figures
    }

    // MARK: A rule

    private func addRule(_ rule: PlainRule, _ week: Int, _ places: [Int], _ maker: inout FigureMaker) {
        let index = rule.number
        var tallies = [Int](repeating: 0, count: Tally.count)
        var isThere = false
        for place in places { isThere = sums.add(week: week, rule: index, place: place, to: &tallies) || isThere }
        let isAvailable = context.clocks.isAvailable[index]
        let canSayNothing =
            isAvailable && context.carries(.managementDecisionRecorded) && context.carries(.childSeen)
        if canSayNothing && (!isThere || tallies.allSatisfy { $0 == 0 }) { return }
        func sum(_ tally: Tally) -> Int { tallies[tally.rawValue] }
        func number(_ measure: String, _ tally: Tally) { maker.number(measure, sum(tally)) }
        func stock(_ measure: String, _ tally: Tally) {
            if isAvailable { number(measure, tally) } else { maker.notAvailable(measure) }
        }
        number("started", .started)
        number("stopped", .stopped)
        maker.share("in_time", sum(.inTime), of: sum(.judged))
        if isAvailable {
            number("due_cohort", .due)
            maker.share("met", sum(.met), of: sum(.due))
            maker.share("missed", sum(.missed), of: sum(.due))
        } else {
            for measure in ["due_cohort", "met", "missed"] { maker.notAvailable(measure) }
        }
        for (measure, tally) in Self.voids { number(measure, tally) }
        stock("running", .running)
        for (measure, tally) in Self.runnings { number(measure, tally) }
        stock("overdue", .overdue)
        number("total_days_over", .totalDaysOver)
        maker.number("oldest", places.map { sums.oldest(week: week, rule: index, place: $0) }.max() ?? 0)
        maker.share("within_expected", sum(.withinExpected), of: sum(.twoLimits))
        number("past_expected", .pastExpected)
        addElapsed(week, index, places, &maker)
        if sum(.late) > 0 {
            maker.tenths("late_mean_over", (sum(.lateDaysOver) * 20 + sum(.late)) / (sum(.late) * 2))
        }
        maker.share("deadline_share", sum(.deadline), of: sum(.longLimit))
        for (place, measure) in bands[index].stopped.enumerated() { number(measure, Tally.stoppedBand(place)) }
        for (place, measure) in bands[index].running.enumerated() { number(measure, Tally.runningBand(place)) }
        maker.share(
            "late_overseen", sum(.lateOverseen), of: sum(.overdue),
            isAvailable: context.carries(.managementDecisionRecorded))
        maker.share("late_seen_20wd", sum(.lateSeen), of: sum(.overdue), isAvailable: context.carries(.childSeen))
        if rule.shape == .assessment {
            number("awaiting_authorisation", .awaitingAuthorisation)
            maker.share("signed_same_day", sum(.signedSameDay), of: sum(.signed))
            number("signed_in_batch", .signedInBatch)
            number("returned_for_rework", .returnedForRework)
        }
        number("basis_sensitivity", .basisSensitivity)
        number("excluded", .excluded)
    }

    private static let voids: [(String, Tally)] = [
        ("voided", .voided), ("voided_after_due", .voidedAfterDue), ("voided_closed", .voidedClosed),
        ("voided_cancelled", .voidedCancelled), ("voided_not_required", .voidedNotRequired),
        ("voided_nfa", .voidedNFA), ("voided_returned", .voidedReturned), ("voided_plan_ended", .voidedPlanEnded),
    ]

    private static let runnings: [(String, Tally)] = [
        ("running_not_due", .runningNotDue), ("running_due_soon", .runningDueSoon),
        ("running_at_limit", .runningAtLimit), ("running_over_1_5", .runningOver1To5),
        ("running_over_6_20", .runningOver6To20), ("running_over_21", .runningOver21),
    ]

    private func addElapsed(_ week: Int, _ rule: Int, _ places: [Int], _ maker: inout FigureMaker) {
        var counts: [Int: Int] = [:]
        for place in places {
            let group = sums.group(week: week, rule: rule, place: place)
            for index in groupStarts[group]..<groupStarts[group + 1] {
                counts[Int(elapsed[Int(index)]), default: 0] += 1
            }
        }
        guard !counts.isEmpty else { return }
        let days = counts.sorted { $0.key < $1.key }.map { (days: $0.key, count: $0.value) }
        for (measure, percent) in [
            ("elapsed_p25", 25), ("elapsed_median", 50), ("elapsed_p75", 75), ("elapsed_p90", 90),
        ] { if let rank = nearestRank(days, percent) { maker.number(measure, rank) } }
    }

    /// The value at the nearest rank, without interpolation; `nil` of nothing.
    private func nearestRank(_ sorted: [(days: Int, count: Int)], _ percent: Int) -> Int? {
        let count = sorted.reduce(0) { $0 + $1.count }
        var rank = max((count * percent + 99) / 100, 1)
        for (days, count) in sorted {
            if rank <= count { return days }
            rank -= count
        }
        return nil
    }

    // MARK: The referral

    private func addReferrals(
        _ week: Int, _ level: Level, _ name: String, _ places: [Int], _ maker: inout FigureMaker
    ) {
        var tallies = [Int](repeating: 0, count: Tally.count)
        for place in places { _ = sums.add(week: week, rule: context.referralRule, place: place, to: &tallies) }
        func sum(_ tally: Tally) -> Int { tallies[tally.rawValue] }
        func children(_ measure: CardSums.ChildrenMeasure) -> Int {
            sums.children(measure, week: week, level: level, name: name, places: places)
        }
        for (text, measure, needed) in [
            ("unallocated", CardSums.ChildrenMeasure.unallocated, EventKind.caseAllocated),
            ("child_not_seen", .childNotSeen, .childSeen), ("not_started", .notStarted, .referralDecided),
        ] {
            if context.carries(needed) { maker.number(text, children(measure)) } else { maker.notAvailable(text) }
        }
        let needsFrom = weeks[week].week.monday.adding(months: -12)
        maker.share(
            "re_referrals", sum(.reReferrals), of: sum(.referralsReceived), isAvailable: coveredFrom <= needsFrom)
        if let median = nearestRank(sums.lags(week: week, places: places), 50) {
            maker.number("recording_lag_median", median)
        }
        maker.number("recorded_late", sum(.recordedLate))
        let own = findings[week].filter { places.contains($0.place) }
        guard !own.isEmpty else { return }
        for code in FindingCode.allCases {
            maker.number("finding_\(code.rawValue)", own.reduce(0) { $0 + ($1.code == code ? $1.count : 0) })
        }
    }
}

/// Collects the figures of one card, leaving out those in which nothing is anything but zero.
private struct FigureMaker {
    let weekEnding: CivilDate
    let level: Level
    let name: String
    var rule = ""
    private(set) var figures: [Figure] = []

    init(weekEnding: CivilDate, level: Level, name: String) {
        self.weekEnding = weekEnding
        self.level = level
        self.name = name
    }

    mutating func number(_ measure: String, _ count: Int) {
        if count != 0 { add(measure, .number(count)) }
    }

    mutating func tenths(_ measure: String, _ tenths: Int) {
        if tenths != 0 { add(measure, .tenths(tenths)) }
    }

    mutating func notAvailable(_ measure: String) { add(measure, .notAvailable) }

    mutating func share(_ measure: String, _ part: Int, of whole: Int, isAvailable: Bool = true) {
        guard isAvailable else { return notAvailable(measure) }
        guard whole > 0 else { return }
        let value: Figure.Value =
            whole >= Figure.leastForPercentage ? .tenths(Figure.percentage(part, of: whole)) : .none
        add(measure, value, part, whole)
    }

    private mutating func add(_ measure: String, _ value: Figure.Value, _ part: Int? = nil, _ whole: Int? = nil) {
        figures.append(
            Figure(
                weekEnding: weekEnding, level: level, name: name, rule: rule, measure: measure, numerator: part,
                denominator: whole, value: value))
    }
}
