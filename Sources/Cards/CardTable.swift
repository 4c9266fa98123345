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

    /// The figures of the last weeks, ordered by week, level, name, rule and the order of the measures.
    func figures(ofLast count: Int, cores: Int) -> [Figure] {
        let first = max(0, weeks.count - count)
        let cards = Level.allCases.flatMap { level in
            names(level).map { (level: level, name: $0.name, places: $0.places) }
        }
        let byWeek = concurrentMap(count: weeks.count - first, cores: cores) { index in
            var maker = FigureMaker(weekEnding: weeks[first + index].week.ending)
            // A figure counts the owners of its texts, so that threads that share them wait for one another.
            let ruleNames = ruleNames.map(Self.ownCopy)
            for card in cards {
                addCard(first + index, card.level, Self.ownCopy(card.name), card.places, ruleNames, &maker)
            }
            return maker.figures
        }
        var figures: [Figure] = []
        figures.reserveCapacity(byWeek.reduce(0) { $0 + $1.count })
        for week in byWeek { figures += week }
        return figures
    }

    private static func ownCopy(_ text: String) -> String { String(decoding: Array(text.utf8), as: UTF8.self) }

    /// The names of a level in order of their bytes, with the places that add up to each.
    func names(_ level: Level) -> [(name: String, places: [Int])] {
        var byName: [String: [Int]] = [:]
        for (number, place) in context.places.all.enumerated() { byName[place.name(level), default: []].append(number) }
        return byName.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    private func addCard(
        _ week: Int, _ level: Level, _ name: String, _ places: [Int], _ ruleNames: [String], _ maker: inout FigureMaker
    ) {
        maker.beginCard(level, name)
        for rule in context.clocks.rules where rule.isOn {
            maker.rule = ruleNames[rule.number]
            addRule(rule, week, places, &maker)
        }
        maker.rule = ExceptionRow.referralRule
        addReferrals(week, level, name, places, &maker)
        if level != .authority { maker.dropEmptyCard() }
    }

    // MARK: A rule

    private func addRule(_ rule: PlainRule, _ week: Int, _ places: [Int], _ maker: inout FigureMaker) {
        let index = rule.number
        let isThere = sums.setTallies(&maker.tallies, week: week, rule: index, places: places)
        let isAvailable = context.clocks.isAvailable[index]
        let canSayNothing =
            isAvailable && context.carries(.managementDecisionRecorded) && context.carries(.childSeen)
        if canSayNothing && !isThere { return }
        func sum(_ tally: Tally) -> Int { Int(maker.tallies[tally.rawValue]) }
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
        maker.days.removeAll(keepingCapacity: true)
        for place in places {
            let group = sums.group(week: week, rule: rule, place: place)
            let range = Int(groupStarts[group])..<Int(groupStarts[group + 1])
            if !range.isEmpty { maker.days.append(contentsOf: elapsed[range]) }
        }
        maker.sortDays()
        let count = maker.days.count
        guard count > 0 else { return }
        for (measure, percent) in Self.quantiles {
            maker.number(measure, Int(maker.days[max((count * percent + 99) / 100, 1) - 1]))
        }
    }

    private static let quantiles = [
        ("elapsed_p25", 25), ("elapsed_median", 50), ("elapsed_p75", 75), ("elapsed_p90", 90),
    ]

    // MARK: The referral

    private static let childrenMeasures: [(String, CardSums.ChildrenMeasure, EventKind)] = [
        ("unallocated", .unallocated, .caseAllocated), ("child_not_seen", .childNotSeen, .childSeen),
        ("not_started", .notStarted, .referralDecided),
    ]

    private func addReferrals(
        _ week: Int, _ level: Level, _ name: String, _ places: [Int], _ maker: inout FigureMaker
    ) {
        _ = sums.setTallies(&maker.tallies, week: week, rule: context.referralRule, places: places)
        func sum(_ tally: Tally) -> Int { Int(maker.tallies[tally.rawValue]) }
        func children(_ measure: CardSums.ChildrenMeasure) -> Int {
            sums.children(measure, week: week, level: level, name: name, places: places)
        }
        for (text, measure, needed) in Self.childrenMeasures {
            if context.carries(needed) { maker.number(text, children(measure)) } else { maker.notAvailable(text) }
        }
        let needsFrom = weeks[week].week.monday.adding(months: -12)
        maker.share(
            "re_referrals", sum(.reReferrals), of: sum(.referralsReceived), isAvailable: coveredFrom <= needsFrom)
        if let median = sums.medianLag(week: week, places: places, &maker.lags) {
            maker.number("recording_lag_median", median)
        }
        maker.number("recorded_late", sum(.recordedLate))
        guard !findings[week].isEmpty else { return }
        let own = findings[week].filter { places.contains($0.place) }
        guard !own.isEmpty else { return }
        for code in FindingCode.allCases {
            maker.number("finding_\(code.rawValue)", own.reduce(0) { $0 + ($1.code == code ? $1.count : 0) })
        }
    }
}

/// Collects the figures of a week's cards, leaving out those in which nothing is anything but zero.
private struct FigureMaker {
    let weekEnding: CivilDate
    private var level = Level.authority
    private var name = ""
    /// Where the figures of the card at hand begin.
    private var begin = 0
    var rule = ""
    private(set) var figures: [Figure] = []
    /// What the figures of a rule are made from; storage that every rule uses again.
    var tallies = ContiguousArray<Int32>(repeating: 0, count: Tally.count)
    var lags = ContiguousArray<Int32>(repeating: 0, count: CardSums.shortLag)
    var days: ContiguousArray<Int32> = []

    /// How often each number of days is among those to be sorted; all zero between.
    private var frequencies = ContiguousArray<Int32>(repeating: 0, count: 512)

    init(weekEnding: CivilDate) { self.weekEnding = weekEnding }

    /// Puts the days in order; many of them by counting, as few clocks stop after more than a year.
    mutating func sortDays() {
        guard days.count > 32, days.allSatisfy({ $0 >= 0 && Int($0) < frequencies.count }) else {
            days.sort()
            return
        }
        for day in days { frequencies[Int(day)] += 1 }
        var place = 0
        for day in frequencies.indices where frequencies[day] > 0 {
            for _ in 0..<frequencies[day] {
                days[place] = Int32(truncatingIfNeeded: day)
                place += 1
            }
            frequencies[day] = 0
        }
    }

    mutating func beginCard(_ level: Level, _ name: String) {
        self.level = level
        self.name = name
        begin = figures.count
    }

    /// Drops the card at hand where it says nothing but what is not available.
    mutating func dropEmptyCard() {
        if figures[begin...].allSatisfy({ $0.value == .notAvailable }) { figures.removeSubrange(begin...) }
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
