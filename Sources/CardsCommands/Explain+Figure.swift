import Cards
import CaseEvents
import Clocks
import Columnar
import Exports
import Rules
import WorkingCalendar

extension Explain {
    /// Prints what stands behind a figure, and what it adds up to.
    func explain(measure name: String, rule: String, _ setup: RunSetup) throws {
        let prepared = try setup.watching { try $0.prepare() }
        let card: (level: Level, name: String) =
            unit.map { (.unit, $0) } ?? team.map { (.team, $0) } ?? groupManager.map { (.groupManager, $0) }
            ?? service.map { (.service, $0) } ?? (.authority, "all")
        let explanation = try FigureExplanation(
            prepared, rule: rule, measure: name, level: card.level, name: card.name
        ) { entries in CaseVisitor(prepared: prepared, cores: setup.job.cores).visit(entries) }
        try Console.write(json ? try jsonText(explanation) : explanation.text)
    }
}

/// A figure with the list behind it.
struct FigureExplanation: Encodable {
    /// A clock, a referral or a row.
    struct Line: Encodable {
        /// For a share, whether it is in the part.
        var counts: Bool
        var child: String
        var referral: String
        var step: String
        /// Of a row, its event.
        var event: String?
        /// When the clock began, the referral was received, or the row's event happened.
        var startedOn: String
        /// When the clock stopped, or the referral was closed or ended in no further action.
        var stoppedOn: String
        /// Of a row, when it was recorded.
        var recordedOn: String?
        var dueOn: String
        var elapsed: Int32?
        var limit: Int32?
        var daysOver: Int32?
        var verdict: String
        var reason: String
        var heldBy: String
        /// What the measure adds up.
        var amount: Int32
    }

    var week: String
    var asAt: String
    var level: String
    var name: String
    var rule: String
    var measure: String
    var numerator: Int?
    var denominator: Int?
    /// The value as `cards.csv` has it; `0` where the row would be left out there.
    var value: String
    /// Why there is no value, where it is not available.
    var notAvailable: String?
    /// The clocks of a measure of a rule.
    var clocks: [Line]?
    /// The referrals of a measure of the referral.
    var referrals: [Line]?
    /// The rows of one about recording.
    var rows: [Line]?

    /// Finds what the measure is about and adds it up.
    ///
    /// - Parameters:
    ///   - prepared: What was read, and what it is measured with.
    ///   - rule: The rule, or `referral`.
    ///   - measure: The measure, as `cards.csv` names it.
    ///   - level: The level of the card.
    ///   - name: Whose card it is.
    ///   - visit: Asks every child for its entries.
    /// - Throws: ``CommandError`` for a name or measure that there is not.
    init(
        _ prepared: WeeklyJob.Prepared, rule: String, measure: String, level: Level, name: String,
        visit: (@escaping @Sendable (CaseSight) -> [ListedMeasure.Entry]) -> [ListedMeasure.Entry]
    ) throws {
        // A run reports one week at least, and the last one is that of the figure.
        let reported = prepared.reported[prepared.reported.count - 1]
        let listed = try ListedMeasure(prepared, reported, rule: rule, name: measure)
        let places = prepared.context.places.all
        if level != .authority { _ = try placeName(name, level, places) }
        week = "\(reported.week)"
        asAt = "\(reported.asAt)"
        self.level = level.rawValue
        self.name = name
        self.rule = rule
        self.measure = measure
        notAvailable = listed.notAvailable
        guard notAvailable == nil else {
            value = ":"
            return
        }
        let entries = visit(listed.entries)
        var signed: [Signature: Int] = [:]
        for entry in entries where entry.line == nil {
            if let signature = entry.signature { signed[signature, default: 0] += 1 }
        }
        let lines = entries.compactMap { entry -> Line? in
            guard let line = entry.line, places[entry.place].name(level) == name else { return nil }
            guard listed.isOfBatches else { return line }
            let count = entry.signature.flatMap { signed[$0] } ?? 0
            return count >= Signature.leastOfBatch ? line : nil
        }.sorted(by: Line.precedes)
        (numerator, denominator, value) = Self.sum(lines, listed.sum)
        switch listed.form {
        case .clocks: clocks = lines
        case .referrals: referrals = lines
        case .rows: rows = lines
        }
    }

    /// The figure that lines come to.
    private static func sum(_ lines: [Line], _ sum: FigureSum) -> (Int?, Int?, String) {
        let amounts = lines.map { Int($0.amount) }.sorted()
        switch sum {
        case .count: return (nil, nil, "\(lines.count)")
        case .children: return (nil, nil, "\(Set(lines.map(\.child)).count)")
        case .share:
            let part = lines.filter(\.counts).count
            guard lines.count >= Figure.leastForPercentage else { return (part, lines.count, "") }
            return (part, lines.count, tenths((part * 2000 + lines.count) / (lines.count * 2)))
        case .total: return (nil, nil, "\(amounts.reduce(0, +))")
        case .greatest: return (nil, nil, "\(amounts.last ?? 0)")
        case .mean:
            guard !lines.isEmpty else { return (nil, nil, "0") }
            return (nil, nil, tenths((amounts.reduce(0, +) * 20 + lines.count) / (lines.count * 2)))
        case .rank(let percent):
            guard !lines.isEmpty else { return (nil, nil, "0") }
            return (nil, nil, "\(amounts[max((amounts.count * percent + 99) / 100, 1) - 1])")
        }
    }

    private static func tenths(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }

    /// The answer for a terminal.
    var text: String {
        let who = level == Level.authority.rawValue ? "the authority" : name
        var text = "\(measure) of \(rule), \(who), week \(week) as at \(asAt)\n\n"
        if let notAvailable { return text + ": not available; \(notAvailable)\n" }
        let lines = clocks ?? referrals ?? rows ?? []
        let columns = clocks != nil ? Self.ofClocks : referrals != nil ? Self.ofReferrals : Self.ofRows
        let isShare = denominator != nil
        var table = AlignedTable(header: columns.map(\.name) + (isShare ? ["counts"] : []))
        table.numbers = Set(columns.indices.filter { columns[$0].isNumber })
        table.rows = lines.map { line in
            columns.map { $0.cell(line) } + (isShare ? [line.counts ? "yes" : "no"] : [])
        }
        text += table.text
        if !lines.isEmpty { text += "\n" }
        guard let numerator, let denominator else { return text + "\(measure): \(value)\n" }
        return text + "\(measure): \(numerator) of \(denominator)\(value.isEmpty ? "" : " (\(value)%)")\n"
    }

    /// A column of the list.
    private struct Column: Sendable {
        var name: String
        var isNumber = false
        var cell: @Sendable (Line) -> String

        init(_ name: String, isNumber: Bool = false, _ cell: @escaping @Sendable (Line) -> String) {
            self.name = name
            self.isNumber = isNumber
            self.cell = cell
        }
    }

    private static let ofClocks = [
        Column("child") { $0.child }, Column("referral") { $0.referral }, Column("step") { $0.step },
        Column("started") { $0.startedOn }, Column("stopped") { $0.stoppedOn }, Column("due") { $0.dueOn },
        Column("elapsed", isNumber: true) { $0.elapsed.map { "\($0)" } ?? "" },
        Column("limit", isNumber: true) { $0.limit.map { "\($0)" } ?? "" },
        Column("over", isNumber: true) { $0.daysOver.map { "\($0)" } ?? "" }, Column("verdict") { $0.verdict },
        Column("reason") { $0.reason }, Column("held by") { $0.heldBy },
    ]

    private static let ofReferrals = [
        Column("child") { $0.child }, Column("referral") { $0.referral }, Column("received") { $0.startedOn },
        Column("ended") { $0.stoppedOn }, Column("held by") { $0.heldBy },
    ]

    private static let ofRows = [
        Column("child") { $0.child }, Column("referral") { $0.referral }, Column("event") { $0.event ?? "" },
        Column("date") { $0.startedOn }, Column("recorded") { $0.recordedOn ?? "" },
        Column("days", isNumber: true) { "\($0.amount)" }, Column("held by") { $0.heldBy },
    ]
}

extension FigureExplanation.Line {
    /// The line of a clock.
    init(_ clock: Clock, _ sight: CaseSight, counts: Bool, amount: Int32, holder: String) {
        func number(_ value: Int32) -> Int32? { value == Clock.absent ? nil : value }
        self.counts = counts
        self.amount = amount
        child = sight.child
        referral = sight.ids.referrals.string(sight.file.referrals[Int(clock.referral)].id)
        step = sight.ids.steps.string(clock.stepId)
        startedOn = Self.date(clock.start)
        stoppedOn = Self.date(clock.stop)
        dueOn = Self.date(clock.due)
        elapsed = number(clock.elapsed)
        limit = number(clock.limit)
        daysOver = number(clock.daysOver)
        verdict = clock.verdict.name
        reason = clock.reason.name
        heldBy = holder
    }

    /// The line of a referral.
    init(referral place: Int32, _ sight: CaseSight, counts: Bool, holder: String) {
        let referral = sight.file.referrals[Int(place)]
        self.init(sight, referral.id, startedOn: referral.date, holder: holder)
        self.counts = counts
        stoppedOn = Self.date(min(referral.closed, referral.nfa))
    }

    /// The line of a row that says when it was recorded.
    init(_ row: CaseRow, _ sight: CaseSight, holder: String) {
        self.init(sight, row.referralId, startedOn: row.day, holder: holder)
        step = sight.ids.steps.string(row.stepId)
        event = row.kind.name
        recordedOn = Self.date(row.recordedOn)
        amount = row.recordedOn.daysSinceEpoch - row.day.daysSinceEpoch
    }

    private init(_ sight: CaseSight, _ id: UInt32, startedOn day: CivilDate, holder: String) {
        counts = true
        child = sight.child
        referral = sight.ids.referrals.string(id)
        step = ""
        startedOn = Self.date(day)
        stoppedOn = ""
        dueOn = ""
        verdict = ""
        reason = ""
        heldBy = holder
        amount = 1
    }

    private static func date(_ day: CivilDate) -> String { day == CaseFile.never ? "" : "\(day)" }

    /// Child by child and thing by thing.
    fileprivate static func precedes(_ a: Self, _ b: Self) -> Bool {
        func key(_ line: Self) -> [String] {
            [line.child, line.startedOn, line.step, line.referral, line.stoppedOn, line.event ?? ""]
        }
        return key(a).lexicographicallyPrecedes(key(b)) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
