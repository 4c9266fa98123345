import Cards
import CaseEvents
import Clocks
import Reports
import Rules
import Settings
import WorkingCalendar

/// A run over the sample export, as `cards weekly --weeks all --cores 1` makes it.
struct SampleRun {
    let store: CaseStore
    let context: CardContext
    let request: RunRequest
    private let trends: TrendCalendar
    private let coveredFrom: CivilDate

    static let shared = SampleRun()
    static let sharedOutcome = SampleRun().outcome()
    static let sharedReport = shared.report(sharedOutcome)
    static let sharedCSV = Tables.cards(sharedReport).csv
    static let calendar = WorkingCalendar(DefaultCalendar.table)

    /// Dates of five years, each with one up to 90 days later.
    static let datePairs: [(start: CivilDate, end: CivilDate)] = (0..<1_000_000).map { number in
        // Steps prime to the lengths, so that no two neighbours are alike.
        let start = CivilDate(daysSinceEpoch: 13_000 + Int32(number * 379 % 1_826))
        return (start, start.adding(days: Int32(number * 37 % 91)))
    }

    init() {
        do {
            let store = SampleExport.store
            let rulebook = try DefaultRulebook.rulebook()
            let organisation = try readOrganisation(teams: SampleExport.teams)
            let days = SampleExport.rows.flatMap { $0.rows.map(\.event.day) }
            guard let first = days.min(), let last = days.max() else { preconditionFailure("no rows") }
            let week = ISOWeek(containing: EventDay.date(last).adding(days: -7))
            let covered = EventDay.date(first)
            self.store = store
            coveredFrom = covered
            let carries = EventKind.allCases.map { _ in true }
            let availability = Availability(rulebook, carries: carries)
            context = CardContext(
                clocks: ClockContext(
                    rulebook: rulebook, calendar: Self.calendar, isAvailable: availability.rules,
                    areStopsDated: availability.areStopsDated, signOff: availability.signOff,
                    endsAtCompletion: StepKind.allCases.map { _ in false },
                    shortTerm: ShortTermUnits(organisation, names: store.names), names: store.names),
                places: Places(organisation, names: store.names), carries: carries)
            trends = TrendCalendar(
                last: week.ending, coveredFrom: covered, changes: [],
                limitChanges: rulebook.rules.filter(\.isOn).flatMap(\.limitChanges))
            let count = (week.ending.daysSinceEpoch - covered.weekEnding.daysSinceEpoch) / 7
            request = RunRequest(
                weeks: (0..<count).reversed().map { back in
                    let sunday = week.ending.adding(days: -7 * back)
                    return ReportedWeek(week: ISOWeek(containing: sunday), asAt: sunday)
                }, trendWeeks: trends.weeks, keepsClocks: false, exportedOn: [EventDay.date(last)],
                earliestSunday: covered.weekEnding.adding(days: -7), cores: 1)
        } catch {
            fatalError("the run cannot be made: \(error)")
        }
    }

    /// What the run comes to; its events are used up.
    func outcome() -> RunOutcome { WeeklyRun(context, request, store: store).run() }

    func report(_ outcome: RunOutcome) -> WeeklyReport {
        let totals = RunTotals(outcome, request, context, store)
        let week = request.weeks[request.weeks.count - 1]
        return WeeklyReport(
            totals,
            header: CardHeader(
                week: week.week, asAt: week.asAt, knownAt: nil, workingDaysInWeek: 5, rulebook: "", calendar: "",
                structure: "", sources: [], completeFrom: nil, notAvailable: [], notes: [],
                rowsRead: SampleExport.rowCount, accepted: outcome.accepted, duplicates: outcome.duplicates,
                rejected: 0, notYetKnown: 0),
            findings: [], context: context, printedWeeks: request.weeks.count, coveredFrom: coveredFrom,
            trendCalendar: trends, isScreened: false, cores: 1)
    }
}

/// The children of some partitions, whose rows are loaded and can be linked again and again.
struct CaseFiles {
    /// An eighth of the children.
    private static let partitions = 0..<CaseStore.partitionCount / 8

    static let shared = CaseFiles(.shared)
    static let sharedLinked = shared.linked()

    /// A child's rows and the tables of ids they point into.
    private struct Child {
        var rows: ChildRows
        var ids: PartitionIds
    }

    private let run: SampleRun
    private let asAt: CivilDate
    private var children: [Child] = []
    private(set) var rowCount = 0

    private init(_ run: SampleRun) {
        self.run = run
        asAt = run.request.weeks.last?.asAt ?? CaseFile.never
        // A store of its own, because taking the events uses them up.
        let store = SampleExport.store
        var grouped = GroupedEvents()
        for partition in store.partitions[Self.partitions] {
            partition.takeEvents(into: &grouped)
            let ids = partition.ids
            for child in 0..<ids.childCount {
                var rows = ChildRows()
                let range = Int(grouped.starts[child])..<Int(grouped.starts[child + 1])
                rows.load(grouped.events, range, store: store, ids: ids)
                rowCount += range.count
                children.append(Child(rows: rows, ids: ids))
            }
        }
    }

    /// Links every child's file, one after the other in the same storage.
    func link() {
        var file = CaseFile(endsAtCompletion: run.context.clocks.endsAtCompletion)
        for child in children { link(child, into: &file) }
    }

    /// Every child's file.
    private func linked() -> [CaseFile] {
        children.map { child in
            var file = CaseFile(endsAtCompletion: run.context.clocks.endsAtCompletion)
            link(child, into: &file)
            return file
        }
    }

    private func link(_ child: Child, into file: inout CaseFile) {
        file.link(child.rows, asAt: asAt, ids: child.ids, names: run.context.clocks.names)
    }
}
