import Columnar
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

/// Who holds a referral from a day on, until the next span of the referral.
struct HolderSpan: BitwiseCopyable, Sendable {
    var from: CivilDate
    var holder: Holder
}

extension CaseFile {
    /// Who holds a referral at the end of a day.
    ///
    /// The team of the latest holding event on or before the day; where none has a team, that of the
    /// latest other event with one. The worker is that of the latest holding event with a worker
    /// that is not older than the row that gave the team.
    ///
    /// - Complexity: O(changes of the referral's holder).
    public func holder(of referral: Int32, on day: CivilDate) -> Holder {
        for span in referrals[Int(referral)].holders.reversed() where holders[Int(span)].from <= day {
            return holders[Int(span)].holder
        }
        return .none
    }

    /// Who held a referral when something ended on a day, and the day that decided.
    ///
    /// That is the holder at the end of the day before, or, where nobody held it then, of the day itself.
    public func holder(of referral: Int32, before day: CivilDate) -> (Holder, CivilDate) {
        let before = holder(of: referral, on: day.adding(days: -1))
        if before.team != 0 { return (before, day.adding(days: -1)) }
        return (holder(of: referral, on: day), day)
    }

    /// How many spans of holders a referral has.
    public func holderCount(of referral: Int32) -> Int { referrals[Int(referral)].holders.count }

    /// A referral's holder in one of its spans, and the first day of it and of the next one (``never`` for none).
    public func holder(of referral: Int32, span number: Int) -> (holder: Holder, from: CivilDate, next: CivilDate) {
        let range = referrals[Int(referral)].holders
        let place = Int(range.lowerBound) + number
        let next = place + 1 < Int(range.upperBound) ? holders[place + 1].from : Self.never
        return (holders[place].holder, holders[place].from, next)
    }

    /// Goes through the rows of each referral once and notes who held it from when.
    mutating func findHolders(_ names: IdTable) {
        holders.removeAll(keepingCapacity: true)
        for place in referrals.indices {
            let begin = Int32(holders.count)
            if bookings.contains(where: { $0.referral == Int32(place) && mayTellHolder($0.row, Int32(place)) }) {
                noteHoldersWithBookings(Int32(place), names)
            } else {
                noteHolders(Int32(place), names)
            }
            referrals[place].holders = begin..<Int32(holders.count)
        }
    }

    /// Whether a booking can tell who held a referral: its day has come, and no holding event gave a team by then.
    private func mayTellHolder(_ booking: CaseRow, _ referral: Int32) -> Bool {
        guard booking.day <= asAt else { return false }
        let giver = rows(of: referral).first { $0.team != 0 && $0.kind.holdingPrecedence != nil }
        return giver.map { $0.day > booking.day } ?? true
    }

    private mutating func noteHolders(_ referral: Int32, _ names: IdTable) {
        var latest = LatestRows()
        var day = Self.never
        for place in referrals[Int(referral)].rows {
            let index = Int(rowOrder[Int(place)])
            guard latest.isChanged(by: rows[index]) else { continue }
            if rows[index].day != day && day != Self.never { note(latest.holder, of: referral, from: day) }
            day = rows[index].day
            latest.take(rows[index], names)
        }
        if day != Self.never { note(latest.holder, of: referral, from: day) }
    }

    /// A booking tells who acted once its day has come, as any row does.
    private mutating func noteHoldersWithBookings(_ referral: Int32, _ names: IdTable) {
        var own: ContiguousArray<CaseRow> = []
        for place in referrals[Int(referral)].rows { own.append(rows[Int(rowOrder[Int(place)])]) }
        for booking in bookings where booking.referral == referral && booking.row.day <= asAt {
            own.append(booking.row)
        }
        own.sort { $0.day < $1.day }
        var latest = LatestRows()
        for index in own.indices {
            latest.take(own[index], names)
            let isLastOfDay = index + 1 == own.count || own[index + 1].day != own[index].day
            if isLastOfDay { note(latest.holder, of: referral, from: own[index].day) }
        }
    }

    private mutating func note(_ holder: Holder, of referral: Int32, from day: CivilDate) {
        holders.append(HolderSpan(from: day, holder: holder))
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

    /// Whether a row can change the holder: once a holding event gave a team, others no longer count.
    func isChanged(by row: CaseRow) -> Bool {
        (row.team != 0 || row.worker != 0) && (!team.isThere || row.kind.holdingPrecedence != nil)
    }

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
