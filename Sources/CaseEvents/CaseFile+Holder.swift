public import Columnar
public import WorkingCalendar

extension EventKind {
    /// The precedence of an event that says who holds a case, among those of one day: 0 first.
    ///
    /// `nil` for events that say who acted, not who holds.
    var holdingPrecedence: Int32? {
        switch self {
        case .teamChanged: 0
        case .caseTransferred: 1
        case .caseAllocated: 2
        case .initialAssessmentStarted, .coreAssessmentStarted, .assessmentStarted: 3
        case .referralDecided: 4
        case .referralReceived: 5
        default: nil
        }
    }
}

/// Who holds a referral on a day, as entries of the run's names; 0 is nobody known.
public struct Holder: Hashable, Sendable, BitwiseCopyable {
    public var team: UInt32
    public var worker: UInt32

    public init(team: UInt32, worker: UInt32) {
        self.team = team
        self.worker = worker
    }

    /// Nobody known.
    public static let none = Holder(team: 0, worker: 0)
}

extension CaseFile {
    /// Who holds a referral at the end of a day.
    ///
    /// The team of the latest holding event on or before the day; where none has a team, that of the
    /// latest other event with one. The worker is that of the latest holding event with a worker
    /// that is not older than the row that gave the team.
    ///
    /// - Complexity: O(*n*) in the referral's rows.
    public func holder(of referral: Int32, on day: CivilDate, names: IdTable) -> Holder {
        var latest = LatestRows()
        for index in referrals[Int(referral)].rows {
            let row = rows[Int(rowOrder[Int(index)])]
            guard row.day <= day else { break }
            latest.take(row, names)
        }
        // A booking tells who acted once its day has come, as any row does.
        for booking in bookings where booking.referral == referral && booking.row.day <= day {
            latest.take(booking.row, names)
        }
        return latest.holder
    }

    /// Who held a referral when something ended on a day, and the day that decided.
    ///
    /// That is the holder at the end of the day before, or, where nobody held it then, of the day itself.
    public func holder(of referral: Int32, before day: CivilDate, names: IdTable) -> (Holder, CivilDate) {
        let before = holder(of: referral, on: day.adding(days: -1), names: names)
        if before.team != 0 { return (before, day.adding(days: -1)) }
        return (holder(of: referral, on: day, names: names), day)
    }
}

/// The latest rows of a referral that say who holds it, or who acted.
private struct LatestRows {
    private var team: CaseRow?
    private var actingTeam: CaseRow?
    private var worker: CaseRow?
    private var actingWorker: CaseRow?

    mutating func take(_ row: CaseRow, _ names: IdTable) {
        if row.kind.holdingPrecedence != nil {
            if row.team != 0, isLater(row, than: team, names) { team = row }
            if row.worker != 0, isLater(row, than: worker, names) { worker = row }
        } else {
            if row.team != 0, isLater(row, than: actingTeam, names) { actingTeam = row }
            if row.worker != 0, isLater(row, than: actingWorker, names) { actingWorker = row }
        }
    }

    var holder: Holder {
        guard let giver = team ?? actingTeam else {
            return Holder(team: 0, worker: (worker ?? actingWorker)?.worker ?? 0)
        }
        let isCurrent = worker.map { $0.day >= giver.day } ?? false
        return Holder(team: giver.team, worker: isCurrent ? worker?.worker ?? 0 : 0)
    }

    /// Of one day, the holding event of the higher precedence, or the last acting event in the order
    /// of a day; then the greatest team and worker, so that both come from one row.
    private func isLater(_ row: CaseRow, than best: CaseRow?, _ names: IdTable) -> Bool {
        guard let best else { return true }
        if best.day != row.day { return row.day > best.day }
        let (first, second) = (rank(best), rank(row))
        if first != second { return second > first }
        if best.team != row.team { return names.precedes(best.team, row.team) }
        return names.precedes(best.worker, row.worker)
    }

    private func rank(_ row: CaseRow) -> Int32 {
        row.kind.holdingPrecedence.map { -$0 } ?? Int32(row.kind.verb.rawValue)
    }
}
