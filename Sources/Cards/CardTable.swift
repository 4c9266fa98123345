import CaseEvents
import Clocks
import Columnar
import Rules
import WorkingCalendar

/// Makes the figures of every card of a week from the sums of the places.
struct CardTable {
    let context: CardContext
    let sums: CardSums
    let weeks: [ReportedWeek]
    /// The first covered day: re-referrals need twelve months.
    let coveredFrom: CivilDate

    private let elapsed: [GroupKey: [Int32]]
    private let lags: [GroupKey: [Int32]]

    private struct GroupKey: Hashable {
        var week: Int
        var rule: Int
        var place: Int
    }

    init(_ context: CardContext, _ sums: CardSums, weeks: [ReportedWeek], coveredFrom: CivilDate) {
        self.context = context
        self.sums = sums
        self.weeks = weeks
        self.coveredFrom = coveredFrom
        var elapsed: [GroupKey: [Int32]] = [:]
        for packed in sums.elapsed {
            let key = GroupKey(
                week: Int(packed >> 48), rule: Int(packed >> 40 & 0xFF), place: Int(packed >> 20 & 0xFFFFF))
            elapsed[key, default: []].append(Int32(packed & 0xFFFFF))
        }
        var lags: [GroupKey: [Int32]] = [:]
        for packed in sums.lags {
            let key = GroupKey(week: Int(packed >> 48), rule: -1, place: Int(packed >> 20 & 0xFFFFF))
            lags[key, default: []].append(Int32(packed & 0xFFFFF))
        }
        self.elapsed = elapsed
        self.lags = lags
    }

    /// The figures, ordered by week, level, name, rule and the order of the measures.
    func figures() -> [Figure] {
        var figures: [Figure] = []
        for week in weeks.indices {
            for level in Level.allCases {
                for (name, places) in names(level) { figures.append(contentsOf: card(week, level, name, places)) }
            }
        }
        return figures
    }

    /// The names of a level in order of their bytes, with the places that add up to each.
    func names(_ level: Level) -> [(name: String, places: [Int])] {
        var byName: [String: [Int]] = [:]
        for (number, place) in context.places.all.enumerated() { byName[place.name(level), default: []].append(number) }
        return byName.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    private func card(_ week: Int, _ level: Level, _ name: String, _ places: [Int]) -> [Figure] {
        var maker = FigureMaker(weekEnding: weeks[week].week.ending, level: level, name: name)
        for (index, rule) in context.clocks.rulebook.rules.enumerated() where rule.isOn {
            maker.rule = rule.name
            addRule(rule, index, week, places, &maker)
        }
        maker.rule = ExceptionRow.referralRule
        addReferrals(week, level, name, places, &maker)
        guard maker.figures.contains(where: { $0.value != .notAvailable }) || level == .authority else { return [] }
        return maker.figures
    }

    // MARK: A rule

    private func addRule(_ rule: Rule, _ index: Int, _ week: Int, _ places: [Int], _ maker: inout FigureMaker) {
        func sum(_ tally: Tally) -> Int {
            places.reduce(0) { $0 + sums.sum(tally, week: week, rule: index, place: $1) }
        }
        let isAvailable = context.isAvailable(rule, index)
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
        maker.number("oldest", places.map { Int(sums.oldest(week: week, rule: index, place: $0)) }.max() ?? 0)
        maker.share("within_expected", sum(.withinExpected), of: sum(.twoLimits))
        number("past_expected", .pastExpected)
        addElapsed(week, index, places, &maker)
        if sum(.late) > 0 {
            maker.tenths("late_mean_over", (sum(.lateDaysOver) * 20 + sum(.late)) / (sum(.late) * 2))
        }
        maker.share("deadline_share", sum(.deadline), of: sum(.longLimit))
        if let bands = rule.bands {
            for (place, band) in Bands.names(bands).enumerated() {
                number("stopped_band_\(band)", Tally.stoppedBand(place))
            }
            for (place, band) in Bands.names(bands).enumerated() {
                number("running_band_\(band)", Tally.runningBand(place))
            }
        }
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
        let days = places.flatMap { elapsed[GroupKey(week: week, rule: rule, place: $0)] ?? [] }.sorted()
        for (measure, percent) in [
            ("elapsed_p25", 25), ("elapsed_median", 50), ("elapsed_p75", 75), ("elapsed_p90", 90),
        ] { if let rank = nearestRank(days, percent) { maker.number(measure, Int(rank)) } }
    }

    /// The value at the nearest rank, without interpolation; `nil` of nothing.
    private func nearestRank(_ sorted: [Int32], _ percent: Int) -> Int32? {
        sorted.isEmpty ? nil : sorted[max((sorted.count * percent + 99) / 100, 1) - 1]
    }

    // MARK: The referral

    private func addReferrals(
        _ week: Int, _ level: Level, _ name: String, _ places: [Int], _ maker: inout FigureMaker
    ) {
        func sum(_ tally: Tally) -> Int {
            places.reduce(0) { $0 + sums.sum(tally, week: week, rule: context.referralRule, place: $1) }
        }
        func children(_ measure: CardSums.ChildrenMeasure) -> Int {
            Int(sums.children[CardSums.ChildrenKey(week: week, measure: measure, level: level, name: name)] ?? 0)
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
        let days = places.flatMap { lags[GroupKey(week: week, rule: -1, place: $0)] ?? [] }.sorted()
        if let median = nearestRank(days, 50) { maker.number("recording_lag_median", Int(median)) }
        maker.number("recorded_late", sum(.recordedLate))
        for code in FindingCode.allCases {
            let count = places.reduce(0) {
                $0 + Int(sums.findings[CardSums.FindingKey(week: week, place: $1, code: code)] ?? 0)
            }
            maker.number("finding_\(code.rawValue)", count)
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
