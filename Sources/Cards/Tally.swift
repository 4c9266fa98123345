public import Rules

/// A count that is added up clock by clock, for one rule, place and week.
///
/// The measures of a card are these counts, or made from them; counts of two runs over different
/// children add up to those of one run over both.
public enum Tally: Int, CaseIterable, Sendable {
    case started
    /// Stopped; those with a limit; those within it; those late, and the days over it in all.
    case stopped, judged, inTime, late, lateDaysOver
    /// Stopped under a rule with two limits, and within the inner one.
    case twoLimits, withinExpected
    /// Stopped under a limit of 35 and more, and within its last five days.
    case longLimit, deadline
    case due, met, missed
    case voided, voidedAfterDue
    case voidedClosed, voidedCancelled, voidedNotRequired, voidedNFA, voidedReturned, voidedPlanEnded
    case running, runningNotDue, runningDueSoon, runningAtLimit, runningOver1To5, runningOver6To20, runningOver21
    case overdue, totalDaysOver, pastExpected
    case stoppedBand0, stoppedBand1, stoppedBand2, stoppedBand3, stoppedBand4, stoppedBand5, stoppedBand6
    case stoppedBand7, stoppedBand8
    case runningBand0, runningBand1, runningBand2, runningBand3, runningBand4, runningBand5, runningBand6
    case runningBand7, runningBand8
    case lateOverseen, lateSeen
    /// Stopped by an authorisation, not by a completion that stands for one.
    case signed
    case awaitingAuthorisation, signedSameDay, signedInBatch, returnedForRework
    case basisSensitivity
    case excluded
    /// Of the referral: received, and received again within 12 months; rows recorded late.
    case referralsReceived, reReferrals, recordedLate
    /// Children at a place, of the referral.
    case unallocated, childNotSeen, notStarted

    /// The number of tallies.
    ///
    /// By the last one, because every count asks for it, and to count the cases takes longer.
    public static var count: Int { notStarted.rawValue + 1 }
}

/// The tallies of one rule, place and week, while something is added to them.
///
/// Lives no longer than the call that it was given to.
@safe struct WeekCounts {
    /// One count for each tally.
    private let counts: UnsafeMutableBufferPointer<Int32>

    init(_ counts: UnsafeMutableBufferPointer<Int32>) {
        precondition(counts.count == Tally.count)
        unsafe self.counts = unsafe counts
    }

    /// Adds to a tally.
    @inline(__always)
    func add(_ tally: Tally, _ amount: Int32 = 1) { unsafe counts[tally.rawValue] += amount }
}

/// The bands of elapsed days in which work is shown.
public enum Bands {
    /// The upper ends of the bands of assessments; a last band has none.
    public static let assessment: [Int32] = [0, 10, 20, 30, 40, 45, 50, 60]
    /// The upper ends of the bands from S47 to conference.
    public static let conference: [Int32] = [10, 15, 20]

    /// The upper ends of the bands that clocks of a shape are shown in, if they are.
    public static func of(_ shape: ClockShape) -> [Int32]? {
        switch shape {
        case .assessment: assessment
        case .conference: conference
        default: nil
        }
    }

    /// The names of bands with the given upper ends, such as `0`, `1_10` and `61_up`.
    public static func names(_ ends: [Int32]) -> [String] {
        var names: [String] = []
        var low: Int32 = 0
        for end in ends {
            names.append(low == end ? "\(end)" : "\(low)_\(end)")
            low = end + 1
        }
        return names + ["\(low)_up"]
    }

    /// The place of the band that holds a number of days.
    @inlinable
    public static func index(_ days: Int32, _ ends: [Int32]) -> Int {
        for (index, end) in ends.enumerated() where days <= end { return index }
        return ends.count
    }
}
