import WorkingCalendar

/// A level and a name: one card.
struct TwinCardName: Hashable {
    var level: String
    var name: String
}

/// The figures of one week.
struct TwinCardSheet {
    let weekEnding: CivilDate
    var rows: [[String]] = []
    var named: Set<TwinCardName> = [TwinCardName(level: "authority", name: "all")]

    mutating func add(_ card: TwinCardName, _ rule: String, _ measure: String, _ value: Int) {
        guard value != 0 else { return }
        put(card, rule, measure, "", "", String(value))
    }

    /// A share: numerator, denominator and, from ten, a percentage.
    mutating func add(_ card: TwinCardName, _ rule: String, _ measure: String, _ share: Int, of total: Int) {
        guard share != 0 || total != 0 else { return }
        let value = total >= 10 ? oneDecimal(share * 100, over: total) : ""
        put(card, rule, measure, String(share), String(total), value)
    }

    /// A mean.
    mutating func add(_ card: TwinCardName, _ rule: String, _ measure: String, mean values: [Int]) {
        let sum = values.reduce(0, +)
        guard sum != 0 else { return }
        put(card, rule, measure, "", "", oneDecimal(sum, over: values.count))
    }

    /// "A measure that is not available has one row, with `:`, for each level and name that has a card that week".
    mutating func addNotAvailable(_ rule: String, _ measure: String) {
        for card in named { put(card, rule, measure, "", "", ":") }
    }

    private mutating func put(
        _ card: TwinCardName, _ rule: String, _ measure: String, _ numerator: String, _ denominator: String,
        _ value: String
    ) {
        named.insert(card)
        rows.append([weekEnding.description, card.level, card.name, rule, measure, numerator, denominator, value])
    }

    /// One decimal, half up.
    private func oneDecimal(_ sum: Int, over count: Int) -> String {
        let tenths = (sum * 20 + count) / (count * 2)
        return "\(tenths / 10).\(tenths % 10)"
    }
}

/// Nearest rank, no interpolation.
func quantile(_ percent: Int, of values: [Int]) -> Int {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let rank = (percent * sorted.count + 99) / 100
    return sorted[max(rank, 1) - 1]
}

private let assessmentRules = ["initial_assessment", "core_assessment", "assessment", "assessment_duration"]

private let voidCauses: [(suffix: String, of: String)] = [
    ("closed", "case_closed"), ("cancelled", "_cancelled"), ("not_required", "icpc_not_required"),
    ("nfa", "referral_nfa"), ("returned", "_returned"), ("plan_ended", "cp_plan_ended"),
]

private let assessmentBands: [(name: String, range: ClosedRange<Int>)] = [
    ("0", 0...0), ("1_10", 1...10), ("11_20", 11...20), ("21_30", 21...30), ("31_40", 31...40), ("41_45", 41...45),
    ("46_50", 46...50), ("51_60", 51...60), ("61_up", 61...Int.max),
]

private let conferenceBands: [(name: String, range: ClosedRange<Int>)] = [
    ("0_10", 0...10), ("11_15", 11...15), ("16_20", 16...20), ("21_up", 21...Int.max),
]

extension TwinWorld {
    /// The cards of the week that ends on a Sunday, as at this world's date.
    func cards(weekEnding: CivilDate, rowFindings: [TwinFinding]) -> [[String]] {
        var sheet = TwinCardSheet(weekEnding: weekEnding)
        let clocks = allClocks()
        var clocksOfCard: [TwinCardName: [TwinClock]] = [:]
        for clock in clocks {
            for card in cardNames(clock.team, on: clock.holderDay) { clocksOfCard[card, default: []].append(clock) }
        }
        for (card, all) in clocksOfCard {
            for rule in context.rules {
                let own = all.filter { $0.rule.name == rule.name }
                flow(card, rule, own, &sheet)
                stock(card, rule, own, &sheet)
                practice(card, rule, own, &sheet)
            }
        }
        addReferralMeasures(clocks, rowFindings, &sheet)
        addNotAvailable(&sheet)
        return sheet.rows
    }

    /// The five levels a holder's figure counts in.
    func cardNames(_ team: String, on day: CivilDate) -> [TwinCardName] {
        let place = context.structure.place(team, on: day)
        return [
            TwinCardName(level: "unit", name: place.unit), TwinCardName(level: "team", name: place.team),
            TwinCardName(level: "group_manager", name: place.manager),
            TwinCardName(level: "service", name: place.service), TwinCardName(level: "authority", name: "all"),
        ]
    }

    private func isInWeek(_ date: CivilDate?, _ sheet: TwinCardSheet) -> Bool {
        guard let date else { return false }
        return sheet.weekEnding.plus(-6) <= date && date <= sheet.weekEnding && date <= day
    }

    private func stoppedInWeek(_ own: [TwinClock], _ sheet: TwinCardSheet) -> [TwinClock] {
        own.filter { $0.state == .stopped && isInWeek($0.end, sheet) }
    }

    private func flow(_ card: TwinCardName, _ rule: TwinRule, _ own: [TwinClock], _ sheet: inout TwinCardSheet) {
        let name = rule.name
        sheet.add(card, name, "started", own.filter { $0.state != .unmeasurable && isInWeek($0.start, sheet) }.count)
        let stopped = stoppedInWeek(own, sheet)
        let limited = stopped.filter { $0.limit != nil }
        sheet.add(card, name, "stopped", stopped.count)
        sheet.add(card, name, "in_time", limited.filter { !$0.isOver }.count, of: limited.count)

        if context.isAvailable(name) {
            let cohort = own.filter { $0.due != nil && isInWeek($0.due, sheet) }
            let met = cohort.filter { $0.state == .stopped && !$0.isOver }.count
            sheet.add(card, name, "due_cohort", cohort.count)
            sheet.add(card, name, "met", met, of: cohort.count)
            sheet.add(card, name, "missed", cohort.count - met, of: cohort.count)
        }

        let voided = own.filter { $0.state == .void && isInWeek($0.end, sheet) }
        sheet.add(card, name, "voided", voided.count)
        sheet.add(card, name, "voided_after_due", voided.filter(wasPastLimit).count)
        for cause in voidCauses {
            sheet.add(card, name, "voided_\(cause.suffix)", voided.filter { $0.reason.hasSuffix(cause.of) }.count)
        }

        let days = stopped.compactMap(\.elapsed)
        for percent in [25, 75, 90] { sheet.add(card, name, "elapsed_p\(percent)", quantile(percent, of: days)) }
        sheet.add(card, name, "elapsed_median", quantile(50, of: days))
        sheet.add(card, name, "late_mean_over", mean: stopped.filter(\.isOver).map(\.daysOver))
        let long = limited.filter { ($0.limit ?? 0) >= 35 }
        let atTheEnd = long.filter { clock in
            guard let limit = clock.limit, let elapsed = clock.elapsed else { return false }
            return limit - 5 < elapsed && elapsed <= limit
        }
        sheet.add(card, name, "deadline_share", atTheEnd.count, of: long.count)
        if let expected = rule.expected {
            let within = limited.filter { ($0.elapsed ?? 0) <= expected }.count
            sheet.add(card, name, "within_expected", within, of: limited.count)
        }
    }

    /// Whether a void clock was past its limit on the day it was voided.
    func wasPastLimit(_ clock: TwinClock) -> Bool {
        guard let start = clock.start, let end = clock.end, let limit = clock.limit else { return false }
        return elapsed(clock.rule, start, end) > limit
    }

    private func stock(_ card: TwinCardName, _ rule: TwinRule, _ own: [TwinClock], _ sheet: inout TwinCardSheet) {
        let name = rule.name
        let excluded = own.filter {
            $0.state == .unmeasurable && $0.reason != "no_evidence" && isOpen($0.referral)
        }
        sheet.add(card, name, "excluded", excluded.count)
        let running = own.filter(\.isRunning)
        func count(_ verdicts: [String]) -> Int { running.filter { verdicts.contains($0.verdict) }.count }
        func over(_ range: ClosedRange<Int>) -> Int { running.filter { range.contains($0.daysOver) }.count }
        if context.isAvailable(name) {
            sheet.add(card, name, "running", running.count)
            sheet.add(card, name, "overdue", count(["overdue"]))
        }
        sheet.add(card, name, "running_not_due", count(["open", "beyond_expected"]))
        sheet.add(card, name, "running_due_soon", count(["due_soon"]))
        sheet.add(card, name, "running_at_limit", count(["at_limit"]))
        sheet.add(card, name, "running_over_1_5", over(1...5))
        sheet.add(card, name, "running_over_6_20", over(6...20))
        sheet.add(card, name, "running_over_21", over(21...Int.max))
        sheet.add(card, name, "total_days_over", running.map(\.daysOver).reduce(0, +))
        sheet.add(card, name, "oldest", running.compactMap(\.elapsed).max() ?? 0)
        if let expected = rule.expected {
            sheet.add(card, name, "past_expected", running.filter { ($0.elapsed ?? 0) > expected }.count)
        }
        let overdue = running.filter { $0.verdict == "overdue" }
        if context.carries("management_decision_recorded") {
            sheet.add(card, name, "late_overseen", overdue.filter(wasOverseen).count, of: overdue.count)
        }
        if context.carries("child_seen") {
            let recent = overdue.filter { clock in
                seen(clock.child).contains { context.calendar.elapsed($0, day) <= 20 }
            }
            sheet.add(card, name, "late_seen_20wd", recent.count, of: overdue.count)
        }
    }

    /// A `management_decision_recorded` since the due date.
    func wasOverseen(_ clock: TwinClock) -> Bool {
        guard let due = clock.due else { return false }
        return decisions(forReferral: clock.referral).contains { $0 >= due }
    }

    private func practice(_ card: TwinCardName, _ rule: TwinRule, _ own: [TwinClock], _ sheet: inout TwinCardSheet) {
        let name = rule.name
        let isAssessment = assessmentRules.contains(name)
        let stopped = stoppedInWeek(own, sheet)
        let running = own.filter(\.isRunning)
        if isAssessment || name == "s47_to_icpc" {
            for band in isAssessment ? assessmentBands : conferenceBands {
                func count(_ clocks: [TwinClock]) -> Int {
                    clocks.filter { band.range.contains($0.elapsed ?? -1) }.count
                }
                sheet.add(card, name, "stopped_band_\(band.name)", count(stopped))
                sheet.add(card, name, "running_band_\(band.name)", count(running))
            }
        }
        if name == "core_assessment" {
            let changed = (stopped + running).filter(changesUnderStrictReading)
            sheet.add(card, name, "basis_sensitivity", changed.count)
        }
        guard isAssessment else { return }
        let waiting = running.filter { clock in clock.step.map { lastCompletedNotReturned($0) != nil } ?? false }
        sheet.add(card, name, "awaiting_authorisation", waiting.count)
        let limited = stopped.filter { $0.limit != nil }
        // Where completion stands for authorisation nobody signs, so there is nothing to say.
        let signed = limited.filter { clock in clock.step.map { !context.endsWhenCompleted(steps[$0].kind) } ?? false }
        sheet.add(card, name, "signed_same_day", signed.filter(wasSignedSameDay).count, of: signed.count)
        sheet.add(card, name, "signed_in_batch", stopped.filter(wasSignedInBatch).count)
        let returned = own.flatMap { clock in clock.step.map { events("returned", inStep: $0) } ?? [] }
        sheet.add(card, name, "returned_for_rework", returned.filter { isInWeek(date($0), sheet) }.count)
    }

    private func wasSignedSameDay(_ clock: TwinClock) -> Bool {
        guard let row = clock.endRow, let step = clock.step, rows[row].event.hasSuffix("_authorised") else {
            return false
        }
        return events("completed", inStep: step).contains { date($0) == date(row) }
    }

    /// "Five or more authorisations by one manager on one day", of any kind and team.
    private func wasSignedInBatch(_ clock: TwinClock) -> Bool {
        guard let row = clock.endRow, rows[row].event.hasSuffix("_authorised"), !rows[row].manager.isEmpty else {
            return false
        }
        let batch = rows.filter {
            $0.event.hasSuffix("_authorised") && $0.manager == rows[row].manager && $0.date == rows[row].date
        }
        return batch.count >= 5
    }

    /// The alternative start of a core assessment: "the earliest of s47_started and IA authorised in the referral, on or
    /// before the recorded start and at most 10 wd before it".
    private func changesUnderStrictReading(_ clock: TwinClock) -> Bool {
        guard let recorded = clock.start, let step = clock.step else { return false }
        let candidates = events("s47_started", inReferral: clock.referral).map(date) + endsOfInitial(clock.referral)
        let near = candidates.filter { $0 <= recorded && context.calendar.elapsed($0, recorded) <= 10 }
        guard let start = near.min() else { return false }
        var other = TwinOutcome(state: clock.state, end: clock.end, endRow: clock.endRow)
        other.reason = clock.reason
        return finish(clock.rule, clock.referral, step, clock.stepId, start, other).verdict != clock.verdict
    }

    private func endsOfInitial(_ referral: Int) -> [CivilDate] {
        let initial = steps.indices.filter {
            steps[$0].referral == referral && steps[$0].kind == "initial_assessment"
        }
        return initial.flatMap { endRows($0) }.map(date)
    }
}
