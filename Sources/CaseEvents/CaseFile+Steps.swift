import Columnar
import WorkingCalendar

/// Finding the step that a row belongs to.
extension CaseFile {
    /// Steps whose rows name both their referral and themselves exist before any row is linked, so
    /// that a row with the step id alone finds them.
    mutating func findNamedSteps() {
        for place in rows.indices {
            stepOfRow.append(-1)
            let row = rows[place]
            guard row.namesReferral && row.stepId != 0, let kind = row.kind.step else { continue }
            let index = step(kind, id: row.stepId, in: referralOfRow[place])
            stepOfRow[place] = Int32(truncatingIfNeeded: index)
            if row.kind.isStepStart { steps[index].start = min(steps[index].start, row.day) }
        }
    }

    mutating func step(_ kind: StepKind, id: UInt32, in referral: Int32) -> Int {
        if let index = steps.firstIndex(where: { $0.kind == kind && $0.id == id && $0.referral == referral }) {
            return index
        }
        return addStep(kind, id: id, in: referral)
    }

    mutating func addStep(_ kind: StepKind, id: UInt32, in referral: Int32, isStartless: Bool = false) -> Int {
        steps.append(
            Step(
                kind: kind, referral: referral, id: id, start: Self.never, earliest: Self.never, line: 0, source: 0,
                ended: Self.never, isStartless: isStartless))
        return steps.count - 1
    }

    /// The child's step of a kind and id; of several, the latest begun on or before the day.
    ///
    /// Where none has begun by then, as among those that began on one day, it is the one with the greatest referral.
    func step(_ kind: StepKind, id: UInt32, on day: CivilDate, _ ids: PartitionIds) -> Int? {
        var best: Int?
        for index in steps.indices where steps[index].kind == kind && steps[index].id == id {
            guard let current = best else {
                best = index
                continue
            }
            // What has not begun yet has no day to be later by.
            let (a, b) = (steps[current].begun <= day, steps[index].begun <= day)
            let (first, second) = (steps[current].referral, steps[index].referral)
            let isLater =
                a && b && steps[current].begun != steps[index].begun
                ? steps[current].begun < steps[index].begun
                : a != b ? b : ids.referrals.precedes(referrals[Int(first)].id, referrals[Int(second)].id)
            if isLater { best = index }
        }
        return best
    }

    /// The child's earliest open step of a kind begun on or before the day, in a referral not closed before it.
    func earliestOpenStep(_ kind: StepKind, on day: CivilDate, _ ids: PartitionIds) -> Int? {
        var best: Int?
        for index in steps.indices where steps[index].kind == kind && steps[index].begun <= day {
            guard steps[index].ended == Self.never, referrals[Int(steps[index].referral)].closed >= day else {
                continue
            }
            if let current = best, !precedes(index, current, ids) { continue }
            best = index
        }
        return best
    }

    /// The earliest started step of a kind in a referral that nothing has closed, else the latest started one.
    func startedStep(_ kind: StepKind, on day: CivilDate, in referral: Int32, _ ids: PartitionIds) -> Int? {
        var open: Int?
        var latest: Int?
        for index in steps.indices
        where steps[index].kind == kind && steps[index].referral == referral && steps[index].start <= day {
            if steps[index].ended == Self.never, open.map({ precedes(index, $0, ids) }) ?? true { open = index }
            if latest.map({ precedes($0, index, ids) }) ?? true { latest = index }
        }
        return open ?? latest
    }

    /// Whether one step comes before another: by the day it began, then by its id and its referral's.
    private func precedes(_ a: Int, _ b: Int, _ ids: PartitionIds) -> Bool {
        if steps[a].begun != steps[b].begun { return steps[a].begun < steps[b].begun }
        if steps[a].id != steps[b].id { return ids.steps.precedes(steps[a].id, steps[b].id) }
        return ids.referrals.precedes(referrals[Int(steps[a].referral)].id, referrals[Int(steps[b].referral)].id)
    }
}
