import PublishedFigures

/// The urns of the whole council, one set for each published year.
struct Shares {
    /// The urns of one year ending 31 March.
    struct Year {
        var nfa: Urn
        var notInNeed: Urn
        var s47AfterCore: Urn
        var s47Otherwise: Urn
        var conference: Urn
        var conferenceBand: Urn
        var assessmentBand: Urn
        var isCore: Urn
        var coreBand: Urn
        let reReferralShare: Double
    }

    /// Days from and to which a band reaches.
    typealias Band = ClosedRange<Int>

    /// Of referrals that are not closed at once: the share that is assessed.
    static let initialShare = 0.82
    static let singleShare = 0.96

    static let assessmentBands: [Band] = [0...0, 1...10, 11...20, 21...30, 31...40, 41...45, 46...50, 51...60, 61...85]
    static let conferenceBands: [Band] = [3...10, 11...15, 16...20, 21...34]
    static let initialBands7: [Band] = [0...0, 1...3, 4...5, 6...7, 8...10, 11...20, 21...40]
    static let initialBands10: [Band] = [0...0, 1...4, 5...7, 8...10, 11...15, 16...25, 26...45]
    static let coreBands: [Band] = [5...10, 11...20, 21...30, 31...35, 36...45, 46...60, 61...80]

    private var years: [Year]
    /// Initial assessments of the seven-day limit, and of the ten-day limit.
    var initial7 = Urn([5, 14, 15, 33.5, 13, 13.5, 6])
    var initial10 = Urn([5, 18, 18, 36, 11, 8, 4])
    var isAssessedInitial = Urn(share: Self.initialShare)
    var isAssessedSingle = Urn(share: Self.singleShare)

    /// Creates the urns of a span.
    ///
    /// The longest work begun in the span's first year is not there yet to end in it. A little more of it is made in
    /// that year, so that the shares of what began and of what ended both come near the published ones.
    init(from firstDay: Int32) {
        let firstYear = Self.position(of: firstDay)
        func late(_ bands: [Double], _ index: Int, last: Int = 3) -> [Double] {
            index == firstYear ? bands.dropLast(last) + bands.suffix(last).map { $0 * 1.09 } : bands
        }
        // Years 2010-12 take the shares of 2013, but for core assessments.
        let coreRatios = [0.348, 0.422, 0.489, 0.527]
        let first = PublishedYear.all[0]
        let published = [first, first, first] + PublishedYear.all
        years = published.enumerated().map { index, year in
            let core = coreRatios[min(index, coreRatios.count - 1)]
            let isSingle = index > coreRatios.count - 1
            let assessed = (1 - year.nfaPercent / 100) * (isSingle ? Self.singleShare : Self.initialShare)
            let s47 = year.s47Share / assessed
            let isOpen = 1 - s47 * year.conferenceShare
            let coreBands = index == 0 ? [6, 15, 21, 36, 11, 8, 3] : [6, 14.5, 20.5, 35, 12, 8.5, 3.5]
            return Year(
                nfa: Urn(share: year.nfaPercent / 100),
                // A few are cancelled.
                notInNeed: Urn(share: 1.02 * year.notInNeedPercent / 100 / assessed / isOpen),
                s47AfterCore: Urn(share: min(0.9, 0.75 * s47 / core)),
                s47Otherwise: Urn(share: isSingle ? s47 : 0.25 * s47 / (1 - core)),
                conference: Urn(share: year.conferenceShare),
                conferenceBand: Urn(late(year.conferenceBands, index, last: 2), filling: 12),
                assessmentBand: Urn(late(year.assessmentBands, index)), isCore: Urn(share: core),
                coreBand: Urn(late(coreBands, index), filling: 20),
                reReferralShare: year.reReferralPercent / 100)
        }
    }

    /// The urns of the year ending 31 March that holds the day.
    subscript(day: Int32) -> Year {
        _read { yield years[Self.position(of: day)] }
        _modify { yield &years[Self.position(of: day)] }
    }

    /// The position of the year: 0 is the one ending March 2010.
    private static func position(of day: Int32) -> Int {
        // 1 April 2010 was day 14,700; a leap day early or late does not matter here.
        let year = day < 14_700 ? 0 : Int((Double(day - 14_700) / 365.25).rounded(.down)) + 1
        return min(year, PublishedYear.all.count + 2)
    }
}
