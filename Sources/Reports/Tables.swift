public import Cards
import CaseEvents
public import Exports
import WorkingCalendar

/// The machine outputs: stable columns, one function each.
public enum Tables {
    /// `clocks.csv`: one row for each clock.
    public static func clocks(_ report: WeeklyReport) -> Table {
        Table(
            header: [
                "rule", "child_id", "referral_id", "step_id", "family_id", "team", "worker", "started_on", "stopped_on",
                "as_at", "unit", "limit", "expected", "elapsed", "due_on", "verdict", "reason", "days_over", "edition",
                "basis",
            ],
            items: report.clocks,
            row: { clock in
                [
                    clock.rule, clock.child, clock.referral, clock.step, clock.family, clock.unit, clock.worker,
                    text(clock.startedOn), text(clock.stoppedOn), "\(report.header.asAt)", clock.timeUnit,
                    text(clock.limit), text(clock.expected), text(clock.elapsed), text(clock.dueOn), clock.verdict,
                    clock.reason, text(clock.daysOver), clock.edition, clock.basis,
                ]
            })
    }

    /// `cards.csv`: one row for each figure.
    public static func cards(_ report: WeeklyReport) -> Table {
        Table(
            header: ["week_ending", "level", "name", "rule", "measure", "numerator", "denominator", "value"],
            items: report.figures,
            row: { figure in
                [
                    "\(figure.weekEnding)", figure.level.rawValue, figure.name, figure.rule, figure.measure,
                    figure.numerator.map(String.init) ?? "", figure.denominator.map(String.init) ?? "",
                    figure.valueText,
                ]
            })
    }

    /// `exceptions.csv`: one row for each exception, the columns of a return empty.
    public static func exceptions(_ rows: [ListedException]) -> Table {
        Table(
            header: [
                "exception", "week_ending", "group_manager", "team", "worker", "child_id", "family_id", "referral_id",
                "step_id", "rule", "rank", "kind", "also", "started_on", "due_on", "elapsed", "limit", "days_over",
                "last_seen_on", "last_decision_on", "last_event_on", "status", "weeks_listed",
                "previous_revised_date", "previous_kept", "reason", "child_safe", "seen_on", "action", "owner_role",
                "revised_date", "agreed_by_role", "note",
            ],
            items: rows,
            row: { row in
                [
                    row.reference, "\(row.weekEnding)", row.groupManager, row.unit, row.worker, row.child, row.family,
                    row.referral, row.step, row.rule, "\(row.rank)", row.kind, row.also, text(row.startedOn),
                    text(row.dueOn), text(row.elapsed), text(row.limit), text(row.daysOver), text(row.lastSeenOn),
                    text(row.lastDecisionOn), text(row.lastEventOn), row.status.rawValue, "\(row.weeksListed)",
                ] + Array(repeating: "", count: 10)
            })
    }

    /// `watch.csv`: one row for each running clock to keep an eye on.
    public static func watch(_ rows: [ListedWatch]) -> Table {
        Table(
            header: [
                "week_ending", "group_manager", "team", "worker", "child_id", "family_id", "referral_id", "step_id",
                "rule", "kind", "started_on", "due_on", "elapsed", "limit", "expected", "last_seen_on",
                "last_decision_on", "last_event_on",
            ],
            items: rows,
            row: { row in
                [
                    "\(row.weekEnding)", row.groupManager, row.unit, row.worker, row.child, row.family, row.referral,
                    row.step, row.rule, row.kind, "\(row.startedOn)", "\(row.dueOn)", "\(row.elapsed)",
                    "\(row.limit)", text(row.expected), text(row.lastSeenOn), text(row.lastDecisionOn),
                    text(row.lastEventOn),
                ]
            })
    }

    /// `findings.csv`: one row for each finding, with the offending value.
    public static func findings(_ report: WeeklyReport) -> Table {
        Table(
            header: ["source", "line", "column", "value", "finding", "severity", "child_id", "message"],
            items: report.findings,
            row: { finding in
                [
                    finding.source.map { report.header.sources[$0].file } ?? "",
                    finding.line > 0 ? "\(finding.line)" : "", finding.column, finding.value,
                    finding.code.rawValue, finding.severity.rawValue, finding.child, finding.code.message,
                ]
            })
    }

    /// `rejected.csv`: the rows of one source that could not be used, as they stand, and why.
    ///
    /// The rows are copied byte for byte, so that they can be corrected and read again.
    public static func rejected(_ rows: [RejectedRow], header: [String]) -> String {
        var text = Table.line(header + ["finding"])
        for row in rows { text += row.text + ",\(row.code.rawValue)\n" }
        return text
    }

    static func text(_ date: CivilDate?) -> String { date.map { "\($0)" } ?? "" }

    static func text(_ number: Int32?) -> String { number.map { "\($0)" } ?? "" }
}
