import Cards
import Charts
import Rules
import WorkingCalendar

/// The weekly reporting card of a team, or of a level above, on one printed sheet.
///
/// It holds the work of the week and what is open, by age; open work against its limit; the trend and how long work
/// takes; sign-off, oversight and recording; and what the data cannot say. Every other measure stands on the
/// page of all figures.
struct OneSheetCard {
    let figures: FigureSections
    let charts: CardCharts
    let trends: TrendSections

    private var report: WeeklyReport { figures.report }

    /// The sections of a card.
    func sections(_ level: Level, _ name: String) -> [CardPage.Section] {
        let own = CardFigures(figures.figures(level, name))
        var sections = [CardPage.Section("Work of the week and what is open", work(own))]
        let blocks = chartBlocks(level, name)
        if !blocks.isEmpty {
            sections.append(CardPage.Section("The wave coming, the trend and the time taken", blocks))
        }
        sections.append(CardPage.Section("Sign-off, oversight and recording", care(own)))
        sections.append(CardPage.Section("Data quality", quality(own)))
        let arrivals = arrivals()
        if !arrivals.isEmpty { sections.append(CardPage.Section("If it arrives today", arrivals)) }
        return sections
    }

    // MARK: Work

    private static let bands: [(letter: String, measure: String, words: String)] = [
        ("N", "running_not_due", "not due"), ("S", "running_due_soon", "due in 5 working days"),
        ("L", "running_at_limit", "at the limit"), ("A", "running_over_1_5", "1 to 5 days over"),
        ("B", "running_over_6_20", "6 to 20 days over"), ("C", "running_over_21", "21 days over or more"),
    ]

    private func work(_ own: CardFigures) -> [CardPage.Block] {
        let rules = report.rules.map(\.name).filter { rule in
            ["started", "stopped", "due_cohort", "voided", "running"].contains { own.number(rule, $0) > 0 }
        }
        guard !rules.isEmpty else { return [.sentences(["Nothing to count this week."])] }
        let whole = rules.map { own.number($0, "running") }.max() ?? 1
        let rows = rules.map { rule in
            [
                figures.shortTitle(rule), own.text(rule, "started"), own.text(rule, "in_time"), own.text(rule, "met"),
                own.text(rule, "voided"), own.text(rule, "running"), own.text(rule, "running_over_1_5"),
                own.text(rule, "running_over_6_20"), own.text(rule, "running_over_21"), own.text(rule, "oldest"),
            ]
        }
        let bars = rules.map { rule in
            BandBar(
                bands: Self.bands.map {
                    .init(letter: $0.letter, words: $0.words, count: own.number(rule, $0.measure))
                },
                whole: whole
            ).chart(title: "Open work by age")
        }
        let table = PageTable(
            caption: "Each kind of work: this week, and open at its end",
            columns: [
                "Work", .number("Started"), .number("In time, of completed"), .number("Done, of due"),
                .number("Ended otherwise"), .number("Open"), .number("1–5 over"), .number("6–20 over"),
                .number("21+ over"), .number("Oldest, days"),
            ], rows: rows, drawings: .init("Open by age", bars))
        let key = Self.bands.map { "\($0.letter) \($0.words)" }.joined(separator: ", ")
        return [.table(table), .sentences(["Open by age: \(key)."])]
    }

    // MARK: Charts

    private func chartBlocks(_ level: Level, _ name: String) -> [CardPage.Block] {
        let times = charts.times(level, name)
        var blocks: [CardPage.ChartBlock] = []
        let main = charts.main(times) { $0.open.reduce(0) { $0 + $1.count } }
        if level == .team || level == .groupManager {
            if let main { blocks.append(charts.open(main)) }
            if let tracked = times.first(where: { charts.rule($0)?.shape == .shortTermWork && !$0.open.isEmpty }) {
                blocks.append(charts.open(tracked))
            }
        }
        let trend = trends.telling(level, name, rule: main?.rule)
        if let trend { blocks.append(trend.chart) }
        if let done = charts.main(times, by: { $0.stopped.reduce(0) { $0 + $1.count } }) {
            blocks.append(charts.taken(done))
        }
        guard !blocks.isEmpty else { return [] }
        let others = trend?.others ?? []
        return [.charts(blocks)] + (others.isEmpty ? [] : [.sentences(others)])
    }

    // MARK: Oversight

    private func care(_ own: CardFigures) -> [CardPage.Block] {
        let measures = [
            "late_seen_20wd", "late_overseen", "awaiting_authorisation", "signed_same_day", "signed_in_batch",
            "returned_for_rework",
        ]
        let rules = report.rules.map(\.name).filter { rule in
            measures.contains { own.number(rule, $0) > 0 || own.figure(rule, $0)?.denominator ?? 0 > 0 }
        }
        var blocks: [CardPage.Block] = []
        if !rules.isEmpty {
            blocks.append(
                .table(
                    PageTable(
                        caption: "Oversight of late work, and sign-off",
                        columns: [
                            "Work", .number("Overdue: seen in 20 working days"), .number("Overdue: decision since due"),
                            .number("To be authorised"), .number("Signed the same day"), .number("Signed in a batch"),
                            .number("Returned"),
                        ],
                        rows: rules.map { rule in [figures.shortTitle(rule)] + measures.map { own.text(rule, $0) } })))
        }
        return blocks + [.sentences(children(own) + recording(own))]
    }

    private func children(_ own: CardFigures) -> [String] {
        let referral = FigureSections.referral
        let parts = [
            ("unallocated", "with nobody allocated"), ("child_not_seen", "not seen since their work started"),
            ("not_started", "whose decided work has not started"),
        ].compactMap { measure, words -> String? in
            guard let figure = own.figure(referral, measure) else { return "0 \(words)" }
            return figure.value == .notAvailable ? nil : "\(figure.valueText) \(words)"
        }
        var sentences: [String] = []
        if !parts.isEmpty { sentences.append("Children: \(parts.joined(separator: ", ")).") }
        if let again = own.figure(referral, "re_referrals"), again.value != .notAvailable {
            sentences.append("Referred again within 12 months: \(FigureSections.share(again)) referrals.")
        }
        return sentences
    }

    private func recording(_ own: CardFigures) -> [String] {
        guard let lag = own.figure(FigureSections.referral, "recording_lag_median"), lag.value != .notAvailable else {
            return []
        }
        let late = own.number(FigureSections.referral, "recorded_late")
        return [
            "Half of the week's rows were recorded within \(lag.valueText) days; "
                + "\(late) more than 5 working days late."
        ]
    }

    // MARK: Data quality

    private func quality(_ own: CardFigures) -> [CardPage.Block] {
        var sentences: [String] = []
        let findings = own.all.filter { $0.measure.hasPrefix("finding_") }.map { figure in
            "\(figure.valueText) \(FindingWords.words(String(figure.measure.dropFirst("finding_".count))).lowercased())"
        }
        sentences.append(
            findings.isEmpty
                ? "No findings about rows dated in this week."
                : "Findings about rows of this week: \(findings.joined(separator: "; ")).")
        let excluded = own.all.filter { $0.measure == "excluded" && $0.value != .notAvailable }
            .map { "\(figures.title($0.rule)) \($0.valueText)" }
        if !excluded.isEmpty {
            sentences.append("Running and cannot be measured: \(excluded.joined(separator: ", ")).")
        }
        return [.sentences(sentences + report.header.notAvailable.map(PageText.clean))]
    }

    // MARK: If it arrives today

    /// The dates of work that starts on the first working day after the card.
    private func arrivals() -> [CardPage.Block] {
        guard let day = report.calendar.due(from: report.header.asAt, workingDays: 1) else { return [] }
        let parts = report.rules.compactMap { rule -> String? in
            guard [.referral, .assessment, .conference].contains(rule.shape), !rule.isStatistical,
                let limit = rule.editions.first(where: { $0.isInForce(on: day) })?.limit,
                let due = rule.due(limit, from: day, in: report.calendar)
            else { return nil }
            return "\(PageText.clean(rule.title)) by \(PageText.date(due))"
        }
        guard !parts.isEmpty else { return [] }
        return [.sentences(["Work that starts on \(PageText.date(day)): \(parts.joined(separator: "; "))."])]
    }
}

/// The figures of one card, by rule and measure.
struct CardFigures {
    let all: [Figure]
    private let byName: [Key: Figure]

    private struct Key: Hashable {
        var rule: String
        var measure: String
    }

    init(_ figures: [Figure]) {
        all = figures
        byName = Dictionary(figures.map { (Key(rule: $0.rule, measure: $0.measure), $0) }) { first, _ in first }
    }

    func figure(_ rule: String, _ measure: String) -> Figure? { byName[Key(rule: rule, measure: measure)] }

    /// A count, or the numerator of a share; 0 where there is nothing, or it is not available.
    func number(_ rule: String, _ measure: String) -> Int {
        guard let figure = figure(rule, measure) else { return 0 }
        if let part = figure.numerator { return part }
        if case .number(let number) = figure.value { return number }
        return 0
    }

    /// A cell: `6/9` for a share, a count, `0` for nothing, and `n/a` for what the exports cannot say.
    func text(_ rule: String, _ measure: String) -> String {
        guard let figure = figure(rule, measure) else { return "0" }
        if figure.value == .notAvailable { return "n/a" }
        let share = FigureSections.share(figure)
        guard share.isEmpty else {
            if case .tenths = figure.value { return "\(share) (\(FigureSections.value(figure)))" }
            return share
        }
        return figure.valueText
    }
}
