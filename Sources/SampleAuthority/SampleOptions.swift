public import WorkingCalendar

extension SampleAuthority {
    /// What to make.
    public struct Options: Sendable {
        /// How many referrals, those with injected faults included.
        public var referrals: Int
        /// The length of the history; the default covers the years 2009-10 and 2010-11 of the published figures.
        public var years: Double
        /// The last day with events; the export is taken on the day after.
        public var ending: CivilDate
        /// The same seed gives the same bytes.
        public var seed: UInt64
        /// The number of units that do assessments; long-term units come on top.
        public var teams: Int
        /// Whether children are added whose records show a fault or neglect.
        public var hasFaults: Bool

        /// Creates options; without arguments, those of the small default sample.
        ///
        /// About 200 to 600 referrals a month suit four teams, the default is 133.
        public init(
            referrals: Int = 2_400, years: Double = 1.5, ending: CivilDate = CivilDate(daysSinceEpoch: 14_962),
            seed: UInt64 = 1, teams: Int = 4, hasFaults: Bool = true
        ) {
            self.referrals = referrals
            self.years = years
            self.ending = ending
            self.seed = seed
            self.teams = teams
            self.hasFaults = hasFaults
        }

        /// The first day with events.
        var firstDay: Int32 { ending.daysSinceEpoch - Int32(years * 365.25) + 1 }

        /// The first problem, in the order of the options.
        func check(_ calendar: WorkingCalendar) throws(SampleError) {
            guard 300...5_000_000 ~= referrals else {
                throw SampleError(.referrals, "referrals must be 300 to 5000000")
            }
            guard 0.5...30 ~= years else { throw SampleError(.years, "years must be 0.5 to 30") }
            guard 1...400 ~= teams else { throw SampleError(.teams, "teams must be 1 to 400") }
            let first = CivilDate(daysSinceEpoch: firstDay)
            let last = CivilDate(daysSinceEpoch: ending.daysSinceEpoch + 400)
            guard calendar.elapsed(from: first, to: last) != nil else {
                throw SampleError(.calendar, "the sample needs a calendar from \(first) to \(last)")
            }
        }
    }
}

/// Why no sample can be made.
public struct SampleError: Error, Equatable, CustomStringConvertible {
    /// The stable codes.
    public enum Code: String, CaseIterable, Sendable {
        case referrals = "sample-referrals"
        case years = "sample-years"
        case teams = "sample-teams"
        case calendar = "sample-calendar"
    }

    public let code: Code
    /// What is wrong, in words.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message and its code.
    public var description: String { "\(message) [\(code.rawValue)]" }
}
