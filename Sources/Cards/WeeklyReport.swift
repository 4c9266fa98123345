public import CaseEvents
import Clocks
import Columnar
public import Rules
public import WorkingCalendar

/// Everything that is on the cards and lists of a run, ready to be written in any format.
public struct WeeklyReport: Sendable {
    public var header: CardHeader
    /// The rules in use, in the order of the cards.
    public var rules: [Rule]
    public var figures: [Figure]
    public var trends: [Trend]
    /// How long the work takes, for the cards of teams and of those above them.
    public var times: [WorkTimes] = []
    public var exceptions: [ListedException]
    public var watch: [ListedWatch]
    /// Every clock, in the order of `clocks.csv`; empty unless asked for.
    public var clocks: [ListedClock]
    /// The findings, by source, line and code.
    public var findings: [Finding]
    /// Every place of the units that the exports name, also those of an earlier structure.
    public var places: [Place]
    /// Those of ``places`` whose team stands elsewhere as at the as-at date: their Group Manager has it no longer.
    public var formerPlaces: Set<Place> = []
    /// The working days of the run.
    public var calendar: WorkingCalendar
    /// What is known now of the week published before; `nil` for cards made from exports, and before there was one.
    public var restatement: Restatement?
}

/// What stands at the head of every card: what it was made from and what it cannot say.
public struct CardHeader: Hashable, Sendable {
    public var week: ISOWeek
    public var asAt: CivilDate
    /// The known-at day, where the run was asked for one.
    public var knownAt: CivilDate?
    /// Monday to Friday without closures, in the reported week.
    public var workingDaysInWeek: Int
    public var rulebook: String
    public var calendar: String
    public var structure: String
    public var sources: [Source]
    /// The first covered day; `nil` where it is unknown.
    public var completeFrom: CivilDate?
    /// One sentence for each thing that cannot be measured.
    public var notAvailable: [String]
    /// Sentences a reader must know, such as that assessments end when they are completed.
    public var notes: [String]
    public var rowsRead: Int
    public var accepted: Int
    public var duplicates: Int
    public var rejected: Int
    public var notYetKnown: Int
    /// The end of the ledger's log when its rows were told; `nil` for cards made from exports.
    public var ledger: String?

    /// An export the cards were made from.
    public struct Source: Hashable, Sendable {
        public var file: String
        /// The SHA-256 of the file, in hexadecimal.
        public var digest: String
        public var newestRecorded: CivilDate?
        public var newestDate: CivilDate?

        public init(file: String, digest: String, newestRecorded: CivilDate?, newestDate: CivilDate?) {
            self.file = file
            self.digest = digest
            self.newestRecorded = newestRecorded
            self.newestDate = newestDate
        }
    }

    public init(
        week: ISOWeek, asAt: CivilDate, knownAt: CivilDate?, workingDaysInWeek: Int, rulebook: String,
        calendar: String, structure: String, sources: [Source], completeFrom: CivilDate?, notAvailable: [String],
        notes: [String], rowsRead: Int, accepted: Int, duplicates: Int, rejected: Int, notYetKnown: Int
    ) {
        self.week = week
        self.asAt = asAt
        self.knownAt = knownAt
        self.workingDaysInWeek = workingDaysInWeek
        self.rulebook = rulebook
        self.calendar = calendar
        self.structure = structure
        self.sources = sources
        self.completeFrom = completeFrom
        self.notAvailable = notAvailable
        self.notes = notes
        self.rowsRead = rowsRead
        self.accepted = accepted
        self.duplicates = duplicates
        self.rejected = rejected
        self.notYetKnown = notYetKnown
    }
}

extension WeeklyReport {
    /// Makes figures of what a run came to, and puts its rows in order.
    ///
    /// Figures are made of the last `printedWeeks` of the weeks; the charts show the stock of all of them.
    /// The `others` are findings about rejected rows, units and events, to stand beside the run's own.
    public init(
        _ totals: RunTotals, header: CardHeader, findings others: [Finding], context: CardContext,
        printedWeeks: Int, coveredFrom: CivilDate, trendCalendar: TrendCalendar, isScreened: Bool, cores: Int = 1
    ) {
        self.header = header
        rules = context.clocks.rulebook.rules.filter(\.isOn)
        let sums = totals.settledSums()
        let table = CardTable(context, sums, weeks: totals.weeks, coveredFrom: coveredFrom)
        figures = table.figures(ofLast: printedWeeks, cores: cores)
        let maker = TrendMaker(
            calendar: trendCalendar, sums: sums, reported: totals.weeks, isScreened: isScreened)
        let cards = Level.allCases.filter { $0 != .unit }.flatMap { level in
            table.names(level).map { (level: level, name: $0.name, places: $0.places) }
        }
        trends = concurrentMap(count: cards.count, cores: cores) { number in
            let (level, name, places) = cards[number]
            let begun = maker.firstWeek(of: places, from: context.places.began(places))
            return context.clocks.rulebook.rules.enumerated().filter(\.element.isOn).flatMap { index, rule in
                maker.trends(
                    level: level, name: name, rule: index, rule, isAvailable: context.isAvailable(rule, index),
                    places: places, from: begun)
            }
        }.flatMap { $0 }
        times = WorkTimes.ofCards(cards, sums, weeks: totals.weeks, context: context)
        exceptions = RowLister.ordered(totals.exceptions)
        watch = RowLister.ordered(totals.watch)
        clocks = totals.clocks.sorted(by: ListedClock.precedes)
        self.findings = (totals.findings + others).sorted(by: Self.precedes)
        places = context.places.all
        formerPlaces = context.places.former(on: header.asAt)
        calendar = context.clocks.calendar
    }

    /// The third working day after the week, by which answers are due; the third day where the calendar ends.
    public var answersDue: CivilDate {
        calendar.due(from: header.week.ending, workingDays: 3) ?? header.week.ending.adding(days: 3)
    }

    /// Adds what was promised for exceptions, by their references, and puts broken promises first in their rank.
    ///
    /// A promise is broken while the exception stands after its date. It was kept where the work stopped by then,
    /// whenever that was entered. Where the exception cleared in another way, in the week in which the date lies,
    /// nobody can say which came first; nor of a row whose exception stands under another Group Manager now.
    public mutating func add(promises: [String: CivilDate]) {
        for index in exceptions.indices {
            guard let date = promises[exceptions[index].reference] else { continue }
            exceptions[index].promisedOn = date
            if exceptions[index].counts {
                exceptions[index].isPromiseKept = date < header.asAt ? false : nil
            } else if exceptions[index].also == Clearance.moved.rawValue {
                exceptions[index].isPromiseKept = nil
            } else if let stop = exceptions[index].stoppedOn {
                exceptions[index].isPromiseKept = stop <= date
            } else {
                exceptions[index].isPromiseKept = date >= header.asAt ? true : date < header.week.monday ? false : nil
            }
        }
        exceptions = RowLister.ordered(exceptions)
    }

    private static func precedes(_ a: Finding, _ b: Finding) -> Bool {
        if a.source != b.source { return (a.source ?? .max) < (b.source ?? .max) }
        if a.line != b.line { return a.line < b.line }
        if a.code != b.code { return a.code.rawValue < b.code.rawValue }
        // By bytes: two forms of one letter are two values, and must not change places from run to run.
        if !a.value.utf8.elementsEqual(b.value.utf8) { return a.value.utf8.lexicographicallyPrecedes(b.value.utf8) }
        return a.child.utf8.lexicographicallyPrecedes(b.child.utf8)
    }
}
