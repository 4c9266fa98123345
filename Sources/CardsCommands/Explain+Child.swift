import Cards
import CaseEvents
import Clocks
import Columnar
import Exports
import Rules
import WorkingCalendar

extension Explain {
    /// Prints a child's rows and clocks.
    func explain(child: String, _ setup: RunSetup) throws {
        let prepared = try setup.watching { try $0.prepare() }
        let visitor = CaseVisitor(prepared: prepared, cores: setup.job.cores)
        let (rule, everyDay, closures) = (rule, everyDay, setup.job.closures)
        let found = visitor.visit(where: { $0 == child }) { sight in
            [ChildExplanation(sight, prepared, closures, rule: rule, everyDay: everyDay)]
        }
        let rejected = prepared.read.rejected.filter { $0.child == child }
        guard let explanation = found.first ?? (rejected.isEmpty ? nil : ChildExplanation(child, prepared)) else {
            throw CommandError(
                .unknownChild, "no row of these exports is of the child \(child)",
                hint: setup.job.knownAt == nil
                    ? "write the reference as it stands in child_id"
                    : "write the reference as it stands in child_id; rows recorded after --known-at are left out")
        }
        try Console.write(json ? try jsonText(explanation) : explanation.text)
    }
}

/// A child's rows and clocks, with the reasons.
struct ChildExplanation: Encodable {
    /// One row of the exports.
    struct Row: Encodable {
        var date: String
        var event: String
        var referral: String
        var step: String
        var team: String
        var worker: String
        var recordedAt: String
        /// The line, with the file where there are several.
        var line: String
        var note: String
    }

    var child: String
    var asAt: String
    var rows: [Row]
    /// How many rows are dated after the as-at day, and so are not there.
    var rowsLater: Int
    var clocks: [ClockExplanation]

    /// A child of whom no row could be used.
    init(_ child: String, _ prepared: WeeklyJob.Prepared) {
        self.child = child
        asAt = "\(prepared.asAt)"
        rows = Self.rejected(child, prepared)
        rowsLater = 0
        clocks = []
    }

    init(
        _ sight: CaseSight, _ prepared: WeeklyJob.Prepared, _ closures: ClosureTable, rule: String?, everyDay: Bool
    ) {
        child = sight.child
        asAt = "\(prepared.asAt)"
        let teller = ClockTeller(sight: sight, prepared: prepared, closures: closures, everyDay: everyDay)
        let rules = prepared.context.clocks.rulebook.rules
        clocks = sight.clocks.filter { rule == nil || rules[Int($0.rule)].name == rule }.map(teller.explanation)
        let ids = sight.ids
        func row(_ row: CaseRow, _ note: String, referral: Int32?) -> Row {
            let names = prepared.read.store.names
            let linked = referral.flatMap { $0 < 0 ? nil : sight.file.referrals[Int($0)].id }
            return Row(
                date: row.flags.contains(.ghost) ? "" : "\(row.day)", event: row.kind.name,
                referral: ids.referrals.string(linked ?? row.referralId), step: ids.steps.string(row.stepId),
                team: names.string(row.team), worker: names.string(row.worker),
                recordedAt: row.saysRecorded ? "\(row.recordedOn)" : "", line: place(of: row, prepared), note: note)
        }
        rows = sight.file.rows.enumerated().map { index, event in
            let referral = sight.file.referralOfRow[index]
            guard referral >= 0, !event.namesReferral, event.kind != .referralReceived else {
                return row(event, "", referral: referral)
            }
            let found = sight.file.referrals[Int(referral)]
            let isLinked = !found.isNameless && found.date != CaseFile.never
            return row(
                event, isLinked ? "linked to the referral of \(found.date)" : "belongs to no referral",
                referral: referral)
        }
        rows += sight.file.bookings.map { row($0.row, "booked for this day", referral: $0.referral) }
        rows += sight.rows.duplicates.map { duplicate, differs in
            row(
                duplicate, differs ? "duplicate; its team or outcome differs" : "duplicate; counted once", referral: nil
            )
        }
        rows += sight.rows.ghosts.map {
            row($0, "its date cannot be used; the step exists without a start", referral: nil)
        }
        // A start without a date is rejected, and told above.
        let ghosts = Set(sight.rows.ghosts.map { place(of: $0, prepared) })
        rows += Self.rejected(child, prepared).filter { !ghosts.contains($0.line) }
        rowsLater = sight.rows.rows.count - sight.file.rows.count
    }

    /// The child's rows that could not be used.
    private static func rejected(_ child: String, _ prepared: WeeklyJob.Prepared) -> [Row] {
        prepared.read.rejected.filter { $0.child == child }.map { rejected in
            Row(
                date: rejected.day.map { "\($0)" } ?? "", event: "", referral: "", step: "", team: rejected.team,
                worker: "", recordedAt: "", line: place(rejected.line, source: rejected.source, prepared),
                note: "rejected: \(rejected.code.rawValue)")
        }
    }

    /// The answer for a terminal.
    var text: String {
        var text = "Child \(child), as at \(asAt)\n\n"
        var table = AlignedTable(
            header: ["date", "event", "referral", "step", "team", "worker", "recorded", "line", "note"], numbers: [7])
        table.rows = rows.map {
            [$0.date, $0.event, $0.referral, $0.step, $0.team, $0.worker, $0.recordedAt, $0.line, $0.note]
        }
        text += table.text
        if rowsLater > 0 { text += "\nrows dated after \(asAt), which are not there yet: \(rowsLater)\n" }
        for clock in clocks { text += "\n" + clock.text }
        if clocks.isEmpty { text += "\nno clocks\n" }
        return text
    }
}

/// The place of a row: its line, with the file where there are several.
func place(of row: CaseRow, _ prepared: WeeklyJob.Prepared) -> String {
    place(row.line, source: row.flags.source, prepared)
}

private func place(_ line: UInt32, source: Int, _ prepared: WeeklyJob.Prepared) -> String {
    prepared.read.sources.count == 1 ? "\(line)" : "\(prepared.read.sources[source].file):\(line)"
}
