/// What was published about one year ending 31 March, as shares to draw from.
///
/// Department for Education, children in need statistics (Open Government Licence v3.0), England; the initial and core
/// assessments of 2010-13 are recalled and not verified, good for a plausible sample only.
package struct PublishedYear {
    package let yearEnding: Int
    /// Referrals within 12 months of an earlier one, and with no further action, in percent of referrals.
    package let reReferralPercent: Double
    package let nfaPercent: Double
    /// Assessed and found not in need, in percent of referrals.
    package let notInNeedPercent: Double
    package let referrals: Double
    package let s47: Double
    package let conferences: Double
    /// Conferences held 0-10, 11-15, 16-20 and 21 or more working days after the section 47 enquiry started.
    package let conferenceBands: [Double]
    /// Assessments of the same day, 1-10, 11-20, 21-30, 31-40, 41-45, 46-50, 51-60 and 61 or more working days.
    package let assessmentBands: [Double]

    /// The years from 2013, in order; earlier ones take the first, later ones the last.
    package static let all = [
        Self(
            2013, 24.7, 14.5, 19.0, 593_470, 127_190, 60_080, [12_920, 28_970, 6_100, 11_480],
            [8_820, 32_870, 33_960, 26_080, 26_980, 15_460, 6_940, 8_660, 15_500]),
        Self(
            2014, 23.5, 14.1, 19.6, 657_780, 142_710, 65_190, [11_790, 33_400, 6_730, 13_150],
            [8_820, 32_870, 33_960, 26_080, 26_980, 15_460, 6_940, 8_660, 15_500]),
        Self(
            2015, 24.2, 13.8, 23.0, 635_620, 160_490, 71_410, [13_630, 39_760, 7_080, 10_890],
            [23_080, 97_770, 96_070, 82_440, 94_460, 55_090, 21_320, 25_660, 54_920]),
        Self(
            2016, 22.5, 9.9, 25.4, 621_470, 172_510, 73_050, [14_020, 41_980, 6_580, 10_390],
            [18_210, 93_310, 103_480, 91_190, 102_860, 67_900, 23_990, 25_050, 45_650]),
        Self(
            2017, 21.9, 10.2, 27.8, 646_120, 185_680, 76_930, [12_360, 47_050, 6_950, 10_540],
            [17_120, 82_910, 113_730, 102_200, 109_000, 78_350, 28_790, 28_280, 46_500]),
        Self(
            2018, 21.9, 9.4, 28.5, 655_630, 198_090, 79_470, [12_130, 49_020, 7_340, 10_930],
            [19_840, 83_380, 107_490, 103_210, 118_160, 89_790, 32_370, 31_280, 45_530]),
        Self(
            2019, 22.6, 8.1, 29.1, 650_930, 201_170, 77_440, [10_890, 50_060, 6_820, 9_660],
            [16_440, 79_120, 110_460, 104_990, 123_970, 101_090, 34_150, 32_170, 42_330]),
        Self(
            2020, 22.6, 6.3, 30.2, 642_980, 201_000, 77_470, [9_630, 50_530, 7_160, 10_130],
            [14_310, 77_930, 112_100, 112_180, 133_120, 108_520, 38_070, 31_550, 37_900]),
        Self(
            2021, 22.7, 6.0, 30.5, 597_760, 198_790, 72_580, [8_520, 51_750, 5_660, 6_640],
            [9_420, 79_680, 120_900, 112_630, 128_640, 96_920, 29_450, 22_640, 25_700]),
        Self(
            2022, 21.5, 7.6, 28.8, 650_270, 217_800, 73_790, [7_040, 51_400, 7_060, 8_280],
            [8_840, 73_420, 116_480, 108_670, 131_110, 106_500, 36_930, 30_250, 32_870]),
        Self(
            2023, 22.4, 7.1, 29.9, 640_430, 225_400, 74_380, [6_850, 51_480, 7_100, 8_920],
            [10_230, 73_740, 113_050, 106_340, 129_510, 107_900, 40_570, 34_050, 40_160]),
        Self(
            2024, 22.4, 6.3, 30.3, 621_880, 224_520, 72_250, [6_800, 50_780, 6_300, 8_350],
            [9_880, 73_420, 110_950, 102_600, 129_690, 116_670, 38_560, 29_490, 31_900]),
        Self(
            2025, 22.6, 6.5, 30.8, 632_830, 230_590, 72_100, [6_240, 52_430, 6_430, 6_990],
            [11_680, 75_590, 112_180, 102_260, 131_380, 122_730, 37_640, 27_860, 27_500]),
    ]

    /// Referrals of one council by calendar month, January to December, in the year ending March 2024.
    package static let referralsByMonth: [Double] = [196, 176, 213, 193, 209, 191, 177, 157, 228, 217, 243, 132]

    init(
        _ yearEnding: Int, _ reReferralPercent: Double, _ nfaPercent: Double, _ notInNeedPercent: Double,
        _ referrals: Double, _ s47: Double, _ conferences: Double, _ conferenceBands: [Double],
        _ assessmentBands: [Double]
    ) {
        self.yearEnding = yearEnding
        self.reReferralPercent = reReferralPercent
        self.nfaPercent = nfaPercent
        self.notInNeedPercent = notInNeedPercent
        self.referrals = referrals
        self.s47 = s47
        self.conferences = conferences
        self.conferenceBands = conferenceBands
        self.assessmentBands = assessmentBands
    }

    /// The share of section 47 enquiries that came to a conference.
    package var conferenceShare: Double { conferences / s47 }
    /// Section 47 enquiries for each referral.
    package var s47Share: Double { s47 / referrals }
}
