import PublishedFigures
import WorkingCalendar

/// The days on which referrals arrive: the published monthly shape, few at weekends and on bank holidays.
struct ReferralDays {
    /// `cumulative[i]` is the weight of the days up to and including day `i` of the span.
    private let cumulative: [Double]
    private let firstDay: Int32
    private var cursor = 0

    init(from firstDay: Int32, to lastDay: Int32, calendar: WorkingCalendar) {
        self.firstDay = firstDay
        var months: [Int] = []
        var weights: [Double] = []
        var month = Self.month(of: firstDay)
        var nextMonth = Self.start(year: month.year, month: month.month + 1)
        for day in firstDay...lastDay {
            if day == nextMonth {
                month = Self.month(of: day)
                nextMonth = Self.start(year: month.year, month: month.month + 1)
            }
            months.append(Int(month.year) * 12 + Int(month.month) - 1)
            let before = CivilDate(daysSinceEpoch: day - 1)
            let isOpen = calendar.elapsed(from: before, to: CivilDate(daysSinceEpoch: day)) == 1
            // Mondays carry the weekend's calls.
            weights.append(isOpen ? ((day + 3) % 7 == 0 ? 1.15 : 1) : 0.06)
        }
        var cumulative: [Double] = []
        var sum = 0.0
        var index = 0
        while index < months.count {
            let end = months[index...].firstIndex { $0 != months[index] } ?? months.count
            let own = weights[index..<end].reduce(0, +)
            let first = months[index] % 12
            let whole = Self.start(year: Int32(months[index] / 12), month: Int32(first) + 2)
            let length = whole - Self.start(year: Int32(months[index] / 12), month: Int32(first) + 1)
            let share = PublishedYear.referralsByMonth[first] * Double(end - index) / Double(length)
            for position in index..<end {
                sum += weights[position] / own * share
                cumulative.append(sum)
            }
            index = end
        }
        self.cumulative = cumulative
    }

    /// The day at this share of all referrals, which never goes back from call to call.
    mutating func day(at share: Double) -> Int32 {
        let target = share * (cumulative.last ?? 0)
        while cursor < cumulative.count - 1, cumulative[cursor] <= target { cursor += 1 }
        return firstDay + Int32(cursor)
    }

    /// The year and month of a day.
    private static func month(of day: Int32) -> (year: Int32, month: Int32) {
        var year = 1970 + day / 366
        while start(year: year + 1, month: 1) <= day { year += 1 }
        var month: Int32 = 1
        while month < 12, start(year: year, month: month + 1) <= day { month += 1 }
        return (year, month)
    }

    /// The first day of a month; 13 is January of the next year.
    static func start(year: Int32, month: Int32) -> Int32 {
        let (year, month) = month > 12 ? (year + 1, 1) : (year, month)
        return CivilDate(year: year, month: month, day: 1)?.daysSinceEpoch ?? 0
    }
}
