import CaseEvents
import WorkingCalendar

/// The last day on which anything happened, for every referral of a file.
///
/// For most children the rows are looked through for each referral. A reference that stands for many children, such
/// as `UNKNOWN`, may have thousands of both, and is looked through once.
struct LastDays {
    private let file: CaseFile
    /// By referral, the day of its own last row or booking; empty for a file with few referrals.
    private var own: [CivilDate?] = []

    /// With fewer referrals looking through the rows each time is faster.
    private static let many = 32

    init(_ file: CaseFile) {
        self.file = file
        guard file.referrals.count > Self.many else { return }
        own = Array(repeating: nil, count: file.referrals.count)
        for (index, row) in file.rows.enumerated() {
            let referral = Int(file.referralOfRow[index])
            if referral >= 0 { own[referral] = row.day }
        }
        for booking in file.bookings where booking.row.day <= file.asAt {
            let referral = Int(booking.referral)
            own[referral] = max(own[referral] ?? booking.row.day, booking.row.day)
        }
    }

    /// As ``CaseFile/lastEvent(_:)``.
    func event(_ place: Int32) -> CivilDate? {
        guard !own.isEmpty else { return file.lastEvent(place) }
        return [own[Int(place)], file.lastSeen, file.lastDecision(place)].compactMap { $0 }.max()
    }
}
