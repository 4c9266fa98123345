/// One published share to set beside the sample's own.
public struct PublishedFigure: Sendable {
    /// What is counted.
    public enum Measure: String, Sendable, CaseIterable {
        /// Referrals within 12 months of an earlier one of the child, of all referrals after the first 12 months.
        case reReferrals = "re-referrals within 12 months"
        /// Referrals with `referral_nfa`, of all referrals.
        case noFurtherAction = "referrals with no further action"
        /// Referrals closed `RC8` after an assessment, of all referrals.
        case notInNeed = "referrals assessed as not in need"
        /// Section 47 enquiries for each hundred referrals.
        case s47 = "section 47 enquiries per 100 referrals"
        /// Section 47 enquiries with a conference, of all.
        case conferences = "section 47 enquiries that came to a conference"
        /// Initial assessments authorised within the limit of their day (7 or 10 working days from the referral).
        case initialInTime = "initial assessments in time"
        /// Core assessments authorised within 35 working days of their start.
        case coreInTime = "core assessments within 35 wd"
        /// Initial assessments followed by a core assessment.
        case coreAfterInitial = "core assessments per 100 initial assessments"
        /// Single assessments whose working days from their start to authorisation are in the band.
        case assessmentBand = "assessments by working days"
        /// Conferences whose working days from the start of the section 47 enquiry are in the band.
        case conferenceBand = "section 47 to conference by working days"
        /// Referrals of the calendar month, of a year's.
        case month = "referrals by month"
    }

    /// What is counted.
    public let measure: Measure
    /// The year ending 31 March; 2024 for ``Measure/month``.
    public let yearEnding: Int
    /// The lowest and highest number of working days of a band (`nil`: no highest), or the month from 1 to 12.
    public let band: (from: Int, to: Int?)?
    /// The share in percent.
    public let percent: Double
    /// Whether the figure was checked against its source; the others are for a plausible sample only.
    public let isVerified: Bool

    /// The published figures that the sample draws from, of years ending March 2010 to 2025.
    public static let all: [PublishedFigure] = initialEra + PublishedYear.all.flatMap(figures) + months

    /// Initial assessments within 7 (2010) or 10 working days, core assessments within 35, core for each initial one.
    private static var initialEra: [PublishedFigure] {
        let years = [
            (2010, 67.5, 78.0, 34.8), (2011, 77.0, 75.0, 42.2), (2012, 77.0, 75.0, 48.9), (2013, 76.0, 75.0, 52.7),
        ]
        return years.flatMap { year, initial, core, ratio in
            [
                Self(measure: .initialInTime, yearEnding: year, band: nil, percent: initial, isVerified: false),
                Self(measure: .coreInTime, yearEnding: year, band: nil, percent: core, isVerified: false),
                Self(measure: .coreAfterInitial, yearEnding: year, band: nil, percent: ratio, isVerified: false),
            ]
        }
    }

    private static var months: [PublishedFigure] {
        let total = PublishedYear.referralsByMonth.reduce(0, +)
        return PublishedYear.referralsByMonth.enumerated().map { index, count in
            Self(
                measure: .month, yearEnding: 2024, band: (index + 1, nil), percent: 100 * count / total,
                isVerified: true)
        }
    }

    private static func figures(_ year: PublishedYear) -> [PublishedFigure] {
        func figure(_ measure: Measure, _ percent: Double, _ band: (from: Int, to: Int?)? = nil) -> Self {
            Self(measure: measure, yearEnding: year.yearEnding, band: band, percent: percent, isVerified: true)
        }
        func bands(_ measure: Measure, _ limits: [(from: Int, to: Int?)], _ counts: [Double]) -> [Self] {
            zip(limits, counts).map { figure(measure, 100 * $1 / counts.reduce(0, +), $0) }
        }
        let shares = [
            figure(.reReferrals, year.reReferralPercent), figure(.noFurtherAction, year.nfaPercent),
            figure(.notInNeed, year.notInNeedPercent), figure(.s47, 100 * year.s47Share),
            figure(.conferences, 100 * year.conferenceShare),
        ]
        let conferences = bands(.conferenceBand, [(0, 10), (11, 15), (16, 20), (21, nil)], year.conferenceBands)
        let limits = [(0, 0), (1, 10), (11, 20), (21, 30), (31, 40), (41, 45), (46, 50), (51, 60), (61, nil as Int?)]
        let assessments = year.yearEnding < 2014 ? [] : bands(.assessmentBand, limits, year.assessmentBands)
        return shares + conferences + assessments
    }
}
