import Cards
import CaseEvents
import Clocks
import Columnar
import Exports
import Rules
import WorkingCalendar

extension Explain {
    /// Prints the clocks behind a figure, and what they add up to.
    func explain(measure name: String, rule: String, _ setup: RunSetup) throws {
        let prepared = try setup.watching { try $0.prepare() }
        let explanation = try FigureExplanation(
            prepared, rule: rule, measure: name,
            level: team != nil ? .team : groupManager != nil ? .groupManager : .authority,
            name: team ?? groupManager ?? "all"
        ) { lines in CaseVisitor(prepared: prepared, cores: setup.job.cores).visit(lines) }
        try Console.write(json ? try jsonText(explanation) : explanation.text)
    }
}

/// A figure with the clocks behind it.
struct FigureExplanation: Encodable {
    /// One of the clocks.
    struct Line: Encodable {
        /// For a share, whether the clock is in the part.
        var counts: Bool
        var child: String
        var referral: String
        var step: String
        var startedOn: String
        var stoppedOn: String
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
    var clocks: [Line]

    /// Finds the clocks and adds them up.
    ///
    /// - Parameters:
    ///   - prepared: What was read, and what it is measured with.
    ///   - ruleName: The rule.
    ///   - measureName: The measure, as `cards.csv` names it.
    ///   - level: The level of the card.
    ///   - name: Whose card it is.
    ///   - visit: Asks every child for its lines.
    /// - Throws: ``CommandError`` for a name or measure that there is not.
    init(
        _ prepared: WeeklyJob.Prepared, rule ruleName: String, measure measureName: String, level: Level, name: String,
        visit: (@escaping @Sendable (CaseSight) -> [Line]) -> [Line]
    ) throws {
        let context = prepared.context
        let rules = context.clocks.rulebook.rules
        guard let index = rules.firstIndex(where: { $0.name == ruleName }), let reported = prepared.reported.last else {
            throw CommandError(.unknownRule, "the rulebook has no such rule", hint: "`cards rules` lists them")
        }
        let measure = try Self.measure(measureName, rules[index])
        if level != .authority { _ = try placeName(name, level, context.places.all) }
        week = "\(reported.week)"
        asAt = "\(reported.asAt)"
        self.level = level.rawValue
        self.name = name
        rule = ruleName
        self.measure = measureName
        let isMissing = measure.needs.map { !context.carries($0) } ?? false
        if isMissing || (measure.needsRule && !context.clocks.isAvailable[index]) {
            clocks = []
            value = ":"
            return
        }
        let names = prepared.read.store.names
        let found = visit { sight in
            var lines: [Line] = []
            for clock in sight.clocks where Int(clock.rule) == index {
                let place = context.places.place(of: clock.holder.team, on: clock.holderDay).number
                guard context.places.all[place].name(level) == name else { continue }
                let seen = ClockMeasure.Sight(
                    clock: clock, rule: rules[index], file: sight.file, week: reported, context: context)
                guard measure.isAbout(seen) else { continue }
                lines.append(
                    Line(
                        seen, sight, counts: measure.isPart(seen), amount: measure.amount(seen),
                        holder: names.string(clock.holder.team)))
            }
            return lines
        }
        clocks = found.sorted(by: Line.precedes)
        (numerator, denominator, value) = Self.sum(clocks, measure.sum)
    }

    /// The measure of a name.
    private static func measure(_ name: String, _ rule: Rule) throws -> ClockMeasure {
        let measures = ClockMeasure.all(for: rule)
        if let measure = measures.first(where: { $0.name == name }) { return measure }
        if let made = OtherMeasures.made(name) {
            throw CommandError(
                .measureNotOfClocks, "\(name) is not made of clocks; it is made of \(made)",
                hint: "--child shows what stands behind it for one child")
        }
        let known = measures.map(\.name)
        throw CommandError(
            .unknownMeasure,
            "the rule \(rule.name) has no such measure\(suggestion(name, known + OtherMeasures.names))",
            hint: "the measures made of its clocks are \(known.joined(separator: ", "))")
    }

    /// The figure that clocks come to.
    private static func sum(_ lines: [Line], _ sum: ClockMeasure.Sum) -> (Int?, Int?, String) {
        let amounts = lines.map { Int($0.amount) }.sorted()
        switch sum {
        case .count: return (nil, nil, "\(lines.count)")
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
        guard value != ":" else { return text + ": not available; no source of this run carries what it needs\n" }
        let isShare = denominator != nil
        var table = AlignedTable(
            header: [
                "child", "referral", "step", "started", "stopped", "due", "elapsed", "limit", "over", "verdict",
                "reason", "held by",
            ] + (isShare ? ["counts"] : []), numbers: [6, 7, 8])
        table.rows = clocks.map { line in
            [
                line.child, line.referral, line.step, line.startedOn, line.stoppedOn, line.dueOn,
                line.elapsed.map { "\($0)" } ?? "", line.limit.map { "\($0)" } ?? "",
                line.daysOver.map { "\($0)" } ?? "", line.verdict, line.reason, line.heldBy,
            ] + (isShare ? [line.counts ? "yes" : "no"] : [])
        }
        text += table.text
        if !clocks.isEmpty { text += "\n" }
        guard let numerator, let denominator else { return text + "\(measure): \(value)\n" }
        return text + "\(measure): \(numerator) of \(denominator)\(value.isEmpty ? "" : " (\(value)%)")\n"
    }
}

extension FigureExplanation.Line {
    fileprivate init(_ seen: ClockMeasure.Sight, _ sight: CaseSight, counts: Bool, amount: Int32, holder: String) {
        let clock = seen.clock
        func date(_ day: CivilDate) -> String { day == CaseFile.never ? "" : "\(day)" }
        func number(_ value: Int32) -> Int32? { value == Clock.absent ? nil : value }
        self.counts = counts
        self.amount = amount
        child = sight.child
        referral = sight.ids.referrals.string(sight.file.referrals[Int(clock.referral)].id)
        step = sight.ids.steps.string(clock.stepId)
        startedOn = date(clock.start)
        stoppedOn = date(clock.stop)
        dueOn = date(clock.due)
        elapsed = number(clock.elapsed)
        limit = number(clock.limit)
        daysOver = number(clock.daysOver)
        verdict = clock.verdict.name
        reason = clock.reason.name
        heldBy = holder
    }

    /// Child by child and clock by clock.
    fileprivate static func precedes(_ a: Self, _ b: Self) -> Bool {
        func key(_ line: Self) -> [String] { [line.child, line.startedOn, line.step, line.referral, line.stoppedOn] }
        return key(a).lexicographicallyPrecedes(key(b)) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
