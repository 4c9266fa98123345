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
            row: { clock, row in
                row.add(clock.rule)
                row.add(clock.child)
                row.add(clock.referral)
                row.add(clock.step)
                row.add(clock.family)
                row.add(clock.unit)
                row.add(clock.worker)
                row.add(clock.startedOn)
                row.add(clock.stoppedOn)
                row.add(report.header.asAt)
                row.add(clock.timeUnit)
                row.add(clock.limit)
                row.add(clock.expected)
                row.add(clock.elapsed)
                row.add(clock.dueOn)
                row.add(clock.verdict)
                row.add(clock.reason)
                row.add(clock.daysOver)
                row.add(clock.edition)
                row.add(clock.basis)
            })
    }

    /// `cards.csv`: one row for each figure.
    public static func cards(_ report: WeeklyReport) -> Table {
        Table(
            header: ["week_ending", "level", "name", "rule", "measure", "numerator", "denominator", "value"],
            items: report.figures,
            row: { figure, row in
                row.add(figure.weekEnding)
                row.add(figure.level.rawValue)
                row.add(figure.name)
                row.add(figure.rule)
                row.add(figure.measure)
                row.add(figure.numerator)
                row.add(figure.denominator)
                switch figure.value {
                case .none: row.add("")
                case .number(let number): row.add(number)
                case .tenths(let tenths): row.add(tenths: tenths)
                case .notAvailable: row.add(":")
                }
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
            row: { item, row in
                row.add(item.reference)
                row.add(item.weekEnding)
                row.add(item.groupManager)
                row.add(item.unit)
                row.add(item.worker)
                row.add(item.child)
                row.add(item.family)
                row.add(item.referral)
                row.add(item.step)
                row.add(item.rule)
                row.add(item.rank)
                row.add(item.kind)
                row.add(item.also)
                row.add(item.startedOn)
                row.add(item.dueOn)
                row.add(item.elapsed)
                row.add(item.limit)
                row.add(item.daysOver)
                row.add(item.lastSeenOn)
                row.add(item.lastDecisionOn)
                row.add(item.lastEventOn)
                row.add(item.status.rawValue)
                row.add(item.weeksListed)
                row.add(item.promisedOn)
                row.add(item.isPromiseKept.map { $0 ? "yes" : "no" } ?? "")
                for _ in 0..<8 { row.add("") }
            })
    }

    /// `restated.csv`: one row for each figure of the week published before that says something else now.
    public static func restated(_ restatement: Restatement?) -> Table {
        Table(
            header: ["week", "level", "name", "rule", "measure", "published", "now"],
            rows: (restatement?.figures ?? []).map { figure in
                [
                    restatement.map { "\($0.week)" } ?? "", figure.level, figure.name, figure.rule, figure.measure,
                    figure.published, figure.now,
                ]
            })
    }

    /// `late_entries.csv`: one row for each row of that week or before it that came or went since.
    public static func lateEntries(_ restatement: Restatement?) -> Table {
        Table(
            header: ["week", "child_id", "event", "date", "learnt_on", "what"],
            rows: (restatement?.lateEntries ?? []).map { entry in
                [
                    restatement.map { "\($0.week)" } ?? "", entry.child, entry.event, entry.date, "\(entry.learntOn)",
                    entry.isWithdrawn ? "withdrawn" : "new",
                ]
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
            row: { item, row in
                row.add(item.weekEnding)
                row.add(item.groupManager)
                row.add(item.unit)
                row.add(item.worker)
                row.add(item.child)
                row.add(item.family)
                row.add(item.referral)
                row.add(item.step)
                row.add(item.rule)
                row.add(item.kind)
                row.add(item.startedOn)
                row.add(item.dueOn)
                row.add(item.elapsed)
                row.add(item.limit)
                row.add(item.expected)
                row.add(item.lastSeenOn)
                row.add(item.lastDecisionOn)
                row.add(item.lastEventOn)
            })
    }

    /// `findings.csv`: one row for each finding, with the offending value.
    public static func findings(_ report: WeeklyReport) -> Table {
        Table(
            header: ["source", "line", "column", "value", "finding", "severity", "child_id", "message"],
            items: report.findings,
            row: { finding, row in
                row.add(finding.source.map { report.header.sources[$0].file } ?? "")
                row.add(finding.line > 0 ? finding.line : nil)
                row.add(finding.column)
                row.add(finding.value)
                row.add(finding.code.rawValue)
                row.add(finding.severity.rawValue)
                row.add(finding.child)
                row.add(finding.code.message)
            })
    }

    /// `rejected.csv`: the rows of one source that could not be used, as they stand, and why.
    ///
    /// The rows are copied byte for byte, so that they can be corrected and read again.
    public static func rejected(_ rows: [RejectedRow], header: [String]) -> String {
        var head = CSVWriter()
        for name in header + ["finding"] { head.add(name) }
        head.endRow()
        return rows.reduce(into: String(decoding: head.bytes, as: UTF8.self)) {
            $0 += $1.text + ",\($1.code.rawValue)\n"
        }
    }
}
