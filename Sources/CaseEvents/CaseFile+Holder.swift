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
        var team: Int32?
        var other: Int32?
        var worker: Int32?
        var otherWorker: Int32?
        for index in referrals[Int(referral)].rows {
            let place = rowOrder[Int(index)]
            let row = rows[Int(place)]
            guard row.day <= day else { break }
            if row.kind.holdingPrecedence != nil {
                if row.team != 0, isLater(place, than: team, names, { $0.team }) { team = place }
                if row.worker != 0, isLater(place, than: worker, names, { $0.worker }) { worker = place }
            } else {
                if row.team != 0, isLaterActor(place, than: other, names, { $0.team }) { other = place }
                if row.worker != 0, isLaterActor(place, than: otherWorker, names, { $0.worker }) { otherWorker = place }
            }
        }
        guard let giver = team ?? other else {
            return Holder(team: 0, worker: (worker ?? otherWorker).map { rows[Int($0)].worker } ?? 0)
        }
        var holder = Holder(team: rows[Int(giver)].team, worker: 0)
        if let worker, rows[Int(worker)].day >= rows[Int(giver)].day { holder.worker = rows[Int(worker)].worker }
        return holder
    }

    /// Who held a referral when something ended on a day: at the end of the day before, or, where
    /// nobody held it then, of the day itself. Also the day that decided.
    public func holder(of referral: Int32, before day: CivilDate, names: IdTable) -> (Holder, CivilDate) {
        let before = holder(of: referral, on: day.adding(days: -1), names: names)
        if before.team != 0 { return (before, day.adding(days: -1)) }
        return (holder(of: referral, on: day, names: names), day)
    }

    private func isLater(
        _ place: Int32, than best: Int32?, _ names: IdTable, _ name: (CaseRow) -> UInt32
    ) -> Bool {
        guard let best else { return true }
        let (a, b) = (rows[Int(best)], rows[Int(place)])
        if a.day != b.day { return b.day > a.day }
        let (first, second) = (a.kind.holdingPrecedence ?? .max, b.kind.holdingPrecedence ?? .max)
        if first != second { return second < first }
        return names.precedes(name(a), name(b))
    }

    private func isLaterActor(
        _ place: Int32, than best: Int32?, _ names: IdTable, _ name: (CaseRow) -> UInt32
    ) -> Bool {
        guard let best else { return true }
        let (a, b) = (rows[Int(best)], rows[Int(place)])
        if a.day != b.day { return b.day > a.day }
        if a.kind.verb != b.kind.verb { return b.kind.verb.rawValue > a.kind.verb.rawValue }
        return names.precedes(name(a), name(b))
    }
}
