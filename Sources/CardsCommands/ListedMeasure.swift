import Cards
import CaseEvents
import Clocks
import Columnar
import Exports
import Rules
import WorkingCalendar

/// A measure of a run, ready to list what it is made of.
struct ListedMeasure: Sendable {
    /// What stands on the lines, which decides the columns.
    enum Form: Sendable {
        case clocks, referrals, rows
    }

    /// A line and whose it is; without a line, a signature that may make others a batch.
    struct Entry: Sendable {
        var line: FigureExplanation.Line?
        var place = 0
        var signature: Signature?
    }

    var form: Form
    var sum: FigureSum
    /// Why the measure is not available, where it is not.
    var notAvailable: String?
    /// Whether only lines whose signature is one of a batch count.
    var isOfBatches = false
    /// What a child has on the list.
    var entries: @Sendable (CaseSight) -> [Entry]

    /// Finds a measure.
    ///
    /// - Parameters:
    ///   - prepared: What was read, and what it is measured with.
    ///   - week: The week.
    ///   - rule: The name of a rule, or `referral`.
    ///   - name: The measure, as `cards.csv` names it.
    /// - Throws: ``CommandError`` for a rule or measure that there is not.
    init(_ prepared: WeeklyJob.Prepared, _ week: ReportedWeek, rule: String, name: String) throws {
        if rule == ExceptionRow.referralRule {
            self.init(prepared, week, try Self.referralMeasure(name))
            return
        }
        let rules = prepared.context.clocks.rulebook.rules
        guard let index = rules.firstIndex(where: { $0.name == rule }) else {
            throw CommandError(.unknownRule, "the rulebook has no such rule", hint: "`cards rules` lists them")
        }
        self.init(prepared, week, index, try Self.clockMeasure(name, rules[index]))
    }

    private init(_ prepared: WeeklyJob.Prepared, _ week: ReportedWeek, _ index: Int, _ measure: ClockMeasure) {
        let (context, names) = (prepared.context, prepared.read.store.names)
        let rule = context.clocks.rulebook.rules[index]
        form = .clocks
        sum = measure.sum
        isOfBatches = measure.isOfBatches
        let isCarried = measure.needs.map { context.carries($0) } ?? true
        if !isCarried || (measure.needsRule && !context.clocks.isAvailable[index]) { notAvailable = Self.notCarried }
        entries = { sight in
            var entries: [Entry] = []
            for clock in sight.clocks where Int(clock.rule) == index {
                let seen = ClockMeasure.Sight(clock: clock, rule: rule, file: sight.file, week: week, context: context)
                guard measure.isAbout(seen) else { continue }
                let line = FigureExplanation.Line(
                    clock, sight, counts: measure.isPart(seen), amount: measure.amount(seen),
                    holder: names.string(clock.holder.team))
                let place = context.places.place(of: clock.holder.team, on: clock.holderDay).number
                entries.append(
                    Entry(line: line, place: place, signature: measure.isOfBatches ? seen.signature : nil))
            }
            guard measure.isOfBatches else { return entries }
            let signed = sight.file.rows.filter { $0.kind.verb == .authorised && week.contains($0.day) }
            return entries + signed.compactMap(Signature.init).map { Entry(signature: $0) }
        }
    }

    private init(_ prepared: WeeklyJob.Prepared, _ week: ReportedWeek, _ measure: ReferralMeasure) {
        let (context, names) = (prepared.context, prepared.read.store.names)
        sum = measure.sum
        if let event = measure.needs, !context.carries(event) { notAvailable = Self.notCarried }
        let year = week.week.monday.adding(months: -12)
        if measure.needsYear, prepared.coveredFrom > year {
            notAvailable = "the exports do not cover the twelve months before the week"
        }
        @Sendable func place(_ referral: Int32, _ file: CaseFile) -> (holder: UInt32, place: Int) {
            let team = file.holder(of: referral, on: file.asAt).team
            return (team, context.places.place(of: team, on: file.asAt).number)
        }
        switch measure.subject {
        case .referrals(let isAbout):
            form = .referrals
            entries = { sight in
                let seen = ReferralMeasure.Sight(file: sight.file, clocks: sight.clocks, week: week, context: context)
                return sight.file.referrals.indices.map { Int32($0) }.filter { isAbout(seen, $0) }.map { referral in
                    let (holder, place) = place(referral, sight.file)
                    let line = FigureExplanation.Line(
                        referral: referral, sight, counts: measure.isPart(seen, referral), holder: names.string(holder))
                    return Entry(line: line, place: place)
                }
            }
        case .rows(let isAbout):
            form = .rows
            entries = { sight in
                let file = sight.file
                let seen = ReferralMeasure.Sight(file: file, clocks: sight.clocks, week: week, context: context)
                let about = file.rows.indices.filter { file.rows[$0].saysRecorded && isAbout(seen, file.rows[$0]) }
                return about.map { index in
                    let (row, referral) = (file.rows[index], file.referralOfRow[index])
                    let isLinked = referral >= 0 && !file.referrals[Int(referral)].isNameless
                    let own = (row.team, context.places.place(of: row.team, on: file.asAt).number)
                    let (holder, place) = isLinked ? place(referral, file) : own
                    return Entry(line: FigureExplanation.Line(row, sight, holder: names.string(holder)), place: place)
                }
            }
        }
    }

    private static let notCarried = "no source of this run carries what it needs"

    // MARK: Names

    private static func clockMeasure(_ name: String, _ rule: Rule) throws -> ClockMeasure {
        let measures = ClockMeasure.all(for: rule)
        if let measure = measures.first(where: { $0.name == name }) { return measure }
        let isOfReferral = ReferralMeasure.all.contains { $0.name == name }
        let known = measures.map(\.name)
        throw CommandError(
            .unknownMeasure, "the rule \(rule.name) has no such measure\(isOfReferral ? "" : suggestion(name, known))",
            hint: isOfReferral
                ? "\(name) is a measure of --rule referral"
                : "the measures made of its clocks are \(known.joined(separator: ", "))")
    }

    private static func referralMeasure(_ name: String) throws -> ReferralMeasure {
        if let measure = ReferralMeasure.all.first(where: { $0.name == name }) { return measure }
        if FindingCode.allCases.contains(where: { "finding_\($0.rawValue)" == name }) {
            throw CommandError(
                .measureOfFindings, "\(name) counts findings about rows dated in the week",
                hint: "`cards check --findings FILE` lists the findings of every week, each with its line")
        }
        let known = ReferralMeasure.all.map(\.name)
        throw CommandError(
            .unknownMeasure, "the referral has no such measure\(suggestion(name, known))",
            hint: "the measures of the referral are \(known.joined(separator: ", "))")
    }
}
