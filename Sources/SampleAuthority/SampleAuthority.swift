public import WorkingCalendar

/// The case-events export, teams and workers of a council that does not exist.
///
/// Every number is drawn from a seed, with shares set to published figures (``PublishedFigure``). By default the
/// council works as English ones did in 2009 and 2010: initial and core assessments, one team split on 12 August 2010,
/// small units of a new Children's Assessment Team from 13 December 2010. Referrals from 15 April 2013 on have the
/// single assessment, with its crowding before the 45th working day.
///
/// Samples of less than ``largeSample`` referrals have 12 columns; larger ones leave out `manager`, `outcome` and
/// `restricted`, and name every referral and step.
///
/// ```swift
/// let sample = try SampleAuthority(options: SampleAuthority.Options(), calendar: calendar)
/// let summary = try sample.writeEvents { span in try file.write(span) }
/// ```
public struct SampleAuthority: Sendable {
    /// What was written.
    public struct Summary: Sendable {
        /// Rows, without the header.
        public let rowCount: Int
        /// Children, those with injected faults included.
        public let childCount: Int
        /// Referrals, those of children with injected faults included.
        public let referralCount: Int
        /// The ids of the children made to show a fault or neglect; leave them out when comparing with figures.
        public let injectedChildren: Set<String>
    }

    /// The number of referrals from which on a sample has nine columns.
    public static let largeSample = 100_000

    private let options: Options
    private let calendar: WorkingCalendar
    private let organisation: Organisation

    /// Creates a council; nothing is drawn yet but its units and people.
    ///
    /// - Throws: ``SampleError`` where an option is out of range, or the calendar does not cover the span and the 400
    ///   days after it.
    public init(options: Options, calendar: WorkingCalendar) throws(SampleError) {
        try options.check(calendar)
        var random = SeededRandom(seed: options.seed)
        self.options = options
        self.calendar = calendar
        organisation = Organisation(
            teams: options.teams, from: options.firstDay, to: options.ending.daysSinceEpoch, random: &random)
    }

    /// The organisation file, `teams.csv`.
    public func teamsCSV() -> [UInt8] { Array(organisation.teamsCSV().utf8) }

    /// The file that places workers in units, `workers.csv`; no unit has more than four.
    public func workersCSV() -> [UInt8] { Array(organisation.workersCSV().utf8) }

    /// Draws all events and writes `events.csv` to the sink, about a megabyte at a time.
    ///
    /// Rows stand in order of their dates; a row that was typed in late stands with its date.
    ///
    /// - Returns: The counts, and which children to leave out of comparisons.
    /// - Throws: What the sink throws.
    /// - Complexity: O(*n*) in the events; 28 bytes of memory an event, a million referrals about 9 million events.
    public func writeEvents(to sink: (Span<UInt8>) throws -> Void) rethrows -> Summary {
        var generator = CaseGenerator(options: options, calendar: calendar, organisation: organisation)
        let copies = options.hasFaults ? CaseGenerator.copies(referrals: options.referrals) : 0
        // One kind of fault makes two referrals.
        let injected = copies * (InjectedFault.allCases.count + 1)
        generator.makeReferrals(options.referrals - injected)
        generator.injectFaults(copies: copies)
        var writer = EventWriter(
            organisation: organisation, from: options.firstDay, to: options.ending.daysSinceEpoch,
            hasAllColumns: options.referrals < Self.largeSample)
        try writer.write(generator, to: sink)
        let childCount = UInt32(generator.householdOfChild.count)
        let children = (generator.firstInjectedChild..<childCount + 1).map { number in
            let digits = "\(number)"
            return "C" + String(repeating: "0", count: 7 - digits.utf8.count) + digits
        }
        return Summary(
            rowCount: generator.records.count, childCount: Int(childCount),
            referralCount: Int(generator.referralCount), injectedChildren: Set(children))
    }
}
