import CaseEvents
import Clocks
import Columnar
import WorkingCalendar

/// Follows one child's exceptions back in time: which are new, how long the others have stood, and
/// which have left the list.
struct ExceptionLife {
    private var now: [ExceptionRow]
    private var cleared: [ExceptionRow] = []
    private let places: Places
    /// The rows that stood on every Sunday looked at so far.
    private var standing: Set<Int>
    /// The child's referrals as at the day of the list.
    private let referrals: ContiguousArray<CaseFile.Referral>
    private let ids: PartitionIds

    /// Begins with the exceptions as at a day.
    init(
        _ now: [ExceptionRow], asAt: CivilDate, places: Places, referrals: ContiguousArray<CaseFile.Referral>,
        ids: PartitionIds
    ) {
        self.referrals = referrals
        self.ids = ids
        self.now = now
        self.places = places
        standing = Set(now.indices)
        // A Sunday's own list counts as one; on another day only the Sundays before do.
        for index in self.now.indices { self.now[index].weeksListed = asAt.weekday == 6 ? 1 : 0 }
    }

    /// Takes the child's exceptions as at the Sunday before those taken so far.
    ///
    /// - Returns: Whether no row has stood without a break until now, so that looking back can stop.
    mutating func goBack(to then: [ExceptionRow], isFirst: Bool) -> Bool {
        let held = Set(then.map(\.identity))
        for index in standing where !held.contains(now[index].identity) { standing.remove(index) }
        for index in standing {
            now[index].weeksListed += 1
            now[index].status = .continuing
        }
        if isFirst {
            let places = self.places
            let current = Dictionary(now.indices.map { (now[$0].identity, $0) }) { first, _ in first }
            for old in then {
                guard let index = current[old.identity] else {
                    cleared.append(old)
                    continue
                }
                if places.all[old.place].groupManager != places.all[now[index].place].groupManager {
                    var moved = old
                    moved.clearance = .moved
                    cleared.append(moved)
                }
            }
        }
        return standing.isEmpty
    }

    /// The rows of the list, the cleared ones last.
    ///
    /// - Parameter clocks: The child's clocks as at the day of the list, which say how a row was cleared.
    /// - Returns: Every row once, with its status.
    func rows(clocks: ContiguousArray<Clock>) -> [ExceptionRow] {
        var rows = now
        for index in rows.indices { rows[index].weeksListed = max(rows[index].weeksListed, 1) }
        for old in cleared {
            var row = old
            row.status = .cleared
            row.weeksListed = 0
            if row.clearance == nil { (row.clearance, row.stoppedOn) = how(row, clocks) }
            rows.append(row)
        }
        return rows
    }

    private func how(_ row: ExceptionRow, _ clocks: ContiguousArray<Clock>) -> (Clearance, stoppedOn: CivilDate?) {
        let same = clocks.filter {
            Int($0.rule) == row.rule && ($0.start == CaseFile.never ? nil : $0.start) == row.startedOn
        }
        let own = same.first { $0.stepId == row.stepId && referrals[Int($0.referral)].id == row.referralId }
        let clock = own ?? same.min { ids.steps.precedes($0.stepId, $1.stepId) }
        guard let clock else { return (.changed, nil) }
        return (Clearance(clock.verdict), clock.verdict.isStopped ? clock.stop : nil)
    }
}
