public import Cards
import WorkingCalendar

/// `cards.json`: the whole report as one document, with the names of the CSV columns.
public enum CardsJSON {
    /// The number of the document's shape; it grows when a reader has to change.
    public static let format = 1

    /// The document; what is absent is left out.
    public static func document(_ report: WeeklyReport) -> String {
        JSONValue.members([
            ("format", .number(format)), ("header", header(report.header)),
            ("figures", .list(report.figures.map(figure))), ("trends", .list(report.trends.map(trend))),
            ("exceptions", .list(report.exceptions.map(exception))), ("watch", .list(report.watch.map(watch))),
        ]).text()
    }

    // MARK: Parts

    private static func header(_ header: CardHeader) -> JSONValue {
        .members([
            ("week", .text("\(header.week)")), ("week_ending", day(header.week.ending)), ("as_at", day(header.asAt)),
            ("known_at", day(header.knownAt)), ("working_days_in_week", .number(header.workingDaysInWeek)),
            ("rulebook", .text(header.rulebook)), ("calendar", .text(header.calendar)),
            ("structure", .text(header.structure)), ("sources", .list(header.sources.map(source))),
            ("complete_from", day(header.completeFrom)),
            ("not_available", .list(header.notAvailable.map(JSONValue.text))),
            ("notes", .list(header.notes.map(JSONValue.text))), ("rows_read", .number(header.rowsRead)),
            ("accepted", .number(header.accepted)), ("duplicates", .number(header.duplicates)),
            ("rejected", .number(header.rejected)), ("not_yet_known", .number(header.notYetKnown)),
        ])
    }

    private static func source(_ source: CardHeader.Source) -> JSONValue {
        .members([
            ("file", .text(source.file)), ("sha256", text(source.digest)),
            ("newest_recorded", day(source.newestRecorded)), ("newest_date", day(source.newestDate)),
        ])
    }

    private static func figure(_ figure: Figure) -> JSONValue {
        let value: JSONValue? =
            switch figure.value {
            case .none: nil
            case .number(let number): .number(number)
            case .tenths(let tenths): .tenths(tenths)
            case .notAvailable: .text(":")
            }
        return .members([
            ("week_ending", day(figure.weekEnding)), ("level", .text(figure.level.rawValue)),
            ("name", .text(figure.name)), ("rule", .text(figure.rule)), ("measure", .text(figure.measure)),
            ("numerator", figure.numerator.map(JSONValue.number)),
            ("denominator", figure.denominator.map(JSONValue.number)), ("value", value),
        ])
    }

    private static func trend(_ trend: Trend) -> JSONValue {
        .members([
            ("level", .text(trend.level.rawValue)), ("name", .text(trend.name)), ("rule", .text(trend.rule)),
            ("measure", .text(trend.measure)), ("chart", .text(trend.chart.rawValue)), ("mean", decimal(trend.mean)),
            ("baseline_from", day(trend.baseline?.lowerBound)), ("baseline_to", day(trend.baseline?.upperBound)),
            ("trial", .flag(trend.isTrial)), ("screened", .flag(trend.isScreened)),
            ("breaks", .list(trend.breaks.compactMap { day($0) })), ("points", .list(trend.points.map(point))),
            ("signals", .list(trend.signals.map { signal($0, trend) })),
        ])
    }

    private static func point(_ point: Trend.Point) -> JSONValue {
        .members([
            ("week_ending", day(point.weekEnding)), ("numerator", .number(point.numerator)),
            ("denominator", point.denominator > 0 ? .number(point.denominator) : nil),
            ("value", decimal(point.value)), ("hollow", .flag(point.isHollow)), ("lower", decimal(point.lower)),
            ("upper", decimal(point.upper)),
        ])
    }

    private static func signal(_ signal: Signal, _ trend: Trend) -> JSONValue {
        func ending(_ index: Int) -> JSONValue? {
            trend.points.indices.contains(index) ? day(trend.points[index].weekEnding) : nil
        }
        return .members([
            ("cause", .text(signal.cause.rawValue)), ("from", ending(signal.points.lowerBound)),
            ("to", ending(signal.points.upperBound)), ("high", .flag(signal.isHigh)),
        ])
    }

    private static func exception(_ row: ListedException) -> JSONValue {
        .members([
            ("exception", .text(row.reference)), ("week_ending", day(row.weekEnding)),
            ("group_manager", text(row.groupManager)), ("team", text(row.unit)), ("worker", text(row.worker)),
            ("child_id", text(row.child)), ("family_id", text(row.family)), ("referral_id", text(row.referral)),
            ("step_id", text(row.step)), ("rule", .text(row.rule)), ("rank", .number(row.rank)),
            ("kind", .text(row.kind)), ("also", text(row.also)), ("started_on", day(row.startedOn)),
            ("due_on", day(row.dueOn)), ("elapsed", number(row.elapsed)), ("limit", number(row.limit)),
            ("days_over", number(row.daysOver)), ("last_seen_on", day(row.lastSeenOn)),
            ("last_decision_on", day(row.lastDecisionOn)), ("last_event_on", day(row.lastEventOn)),
            ("status", .text(row.status.rawValue)), ("weeks_listed", .number(row.weeksListed)),
        ])
    }

    private static func watch(_ row: ListedWatch) -> JSONValue {
        .members([
            ("week_ending", day(row.weekEnding)), ("group_manager", text(row.groupManager)), ("team", text(row.unit)),
            ("worker", text(row.worker)), ("child_id", text(row.child)), ("family_id", text(row.family)),
            ("referral_id", text(row.referral)), ("step_id", text(row.step)), ("rule", .text(row.rule)),
            ("kind", .text(row.kind)), ("started_on", day(row.startedOn)), ("due_on", day(row.dueOn)),
            ("elapsed", number(row.elapsed)), ("limit", number(row.limit)), ("expected", number(row.expected)),
            ("last_seen_on", day(row.lastSeenOn)), ("last_decision_on", day(row.lastDecisionOn)),
            ("last_event_on", day(row.lastEventOn)),
        ])
    }

    // MARK: Cells

    private static func text(_ text: String) -> JSONValue? { text.isEmpty ? nil : .text(text) }

    private static func day(_ date: CivilDate?) -> JSONValue? { date.map { .text("\($0)") } }

    private static func number(_ number: Int32?) -> JSONValue? { number.map { .number(Int($0)) } }

    private static func decimal(_ value: Double?) -> JSONValue? { value.flatMap { $0.isFinite ? .decimal($0) : nil } }
}
