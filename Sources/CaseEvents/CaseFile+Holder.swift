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
    /// - Complexity: O(*n*) in the referral's rows; most often a few of the last ones tell.
    public func holder(of referral: Int32, on day: CivilDate, names: IdTable) -> Holder {
        var latest = LatestRows()
        for place in referrals[Int(referral)].rows.reversed() {
            let index = Int(rowOrder[Int(place)])
            guard rows[index].day <= day else { continue }
            // Once both are known, only another row of the same day could change anything.
            if latest.isSettled(before: rows[index].day) { return latest.holder }
            latest.take(rows[index], names)
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
    private var team = LatestRow()
    private var actingTeam = LatestRow()
    private var worker = LatestRow()
    private var actingWorker = LatestRow()

    mutating func take(_ row: CaseRow, _ names: IdTable) {
        guard row.team != 0 || row.worker != 0 else { return }
        if let precedence = row.kind.holdingPrecedence {
            let candidate = LatestRow(row, rank: -precedence)
            if row.team != 0 { team.replace(with: candidate, names) }
            if row.worker != 0 { worker.replace(with: candidate, names) }
        } else {
            // Of one day, the last in the order of a day.
            let candidate = LatestRow(row, rank: Int32(row.kind.verb.rawValue))
            if row.team != 0 { actingTeam.replace(with: candidate, names) }
            if row.worker != 0 { actingWorker.replace(with: candidate, names) }
        }
    }

    /// Whether no row of an earlier day can change the holder: the worker is never older than the
    /// row that gave the team.
    func isSettled(before day: CivilDate) -> Bool { team.isThere && team.day > day }

    var holder: Holder {
        if team.isThere || actingTeam.isThere {
            let giver = team.isThere ? team : actingTeam
            let isCurrent = worker.isThere && worker.day >= giver.day
            return Holder(team: giver.team, worker: isCurrent ? worker.worker : 0)
        }
        return Holder(team: 0, worker: worker.isThere ? worker.worker : actingWorker.worker)
    }
}

/// What a row says about who holds or acted, and how late it comes.
private struct LatestRow {
    var isThere = false
    var day = CivilDate(daysSinceEpoch: .min)
    var rank: Int32 = 0
    var team: UInt32 = 0
    var worker: UInt32 = 0

    init() {}

    init(_ row: CaseRow, rank: Int32) {
        isThere = true
        day = row.day
        self.rank = rank
        team = row.team
        worker = row.worker
    }

    /// Takes a row that comes later: by day, by rank within it, then the one with the greatest team
    /// and worker, so that both come from one row.
    mutating func replace(with other: LatestRow, _ names: IdTable) {
        if !isThere || isBefore(other, names) { self = other }
    }

    private func isBefore(_ other: LatestRow, _ names: IdTable) -> Bool {
        if day != other.day { return day < other.day }
        if rank != other.rank { return rank < other.rank }
        if team != other.team { return names.precedes(team, other.team) }
        return worker != other.worker && names.precedes(worker, other.worker)
    }
}
