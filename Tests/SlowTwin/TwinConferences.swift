import WorkingCalendar

/// What the conferences, the "not required" and the cancellations did to one S47.
struct TwinPairing {
    var stop: Int?
    var notRequired: Int?
    var cancelled: Int?
    var isContradiction = false
    /// The `s47_cancelled` rows that came when the clock was stopped or cancelled already.
    var laterCancellations: [Int] = []
}

/// The rule `s47_to_icpc`: "pairing goes through the rows in order".
extension TwinWorld {
    func pairConferences(ofChild child: String) -> [Int: TwinPairing] {
        var branches: [String] = []
        return pairConferences(ofChild: child, &branches)
    }

    /// Pairs, and notes each branch of the rules that a row took, by a name of ``pairingBranches``.
    func pairConferences(ofChild child: String, _ branches: inout [String]) -> [Int: TwinPairing] {
        let s47s = steps.indices.filter { steps[$0].child == child && steps[$0].kind == "s47" }
        var pairing: [Int: TwinPairing] = [:]
        for step in s47s { pairing[step] = TwinPairing() }
        for row in rowsOfChild[child] ?? [] {
            switch rows[row].event {
            case "icpc_held": hold(row, s47s, &pairing, &branches)
            case "icpc_not_required": waive(row, s47s, &pairing, &branches)
            case "s47_cancelled": cancel(row, &pairing, &branches)
            default: break
            }
        }
        return pairing
    }

    private func hasBegun(_ step: Int, by row: Int) -> Bool {
        steps[step].start.map { $0 <= rows[row].date } ?? false
    }

    /// "One conference stops every S47 of the referral started on or before it and still running".
    private func hold(_ row: Int, _ s47s: [Int], _ pairing: inout [Int: TwinPairing], _ branches: inout [String]) {
        var stopped = 0
        for step in s47s {
            guard canEnd(row, step) else {
                branches.append("held: of another referral")
                continue
            }
            guard hasBegun(step, by: row) else {
                branches.append(steps[step].start == nil ? "held: S47 without a start" : "held: before the S47")
                continue
            }
            guard var pair = pairing[step] else { continue }
            let isOwn = !rows[row].step.isEmpty && rows[row].step == steps[step].id
            if pair.stop != nil {
                branches.append("held: after another one")
            } else if pair.cancelled != nil {
                branches.append(
                    isOwn ? "held: after the S47 of its step id was cancelled" : "held: after a cancellation")
            } else if pair.notRequired == nil {
                pair.stop = row
                stopped += 1
                let isStray = rows[row].referral.isEmpty && referralOf[row] != steps[step].referral
                if isStray { branches.append("held: without a referral, S47 of another one") }
            } else if isOwn {
                // "It stays void unless an `icpc_held` carries that S47's own step id, which then stops it."
                pair.stop = row
                pair.isContradiction = true
                branches.append("held: own step id, after not required")
            } else {
                branches.append("held: not its own, after not required")
            }
            pairing[step] = pair
        }
        if stopped > 0 { branches.append(stopped == 1 ? "held: stops one S47" : "held: stops several S47s") }
    }

    func canEnd(_ row: Int, _ step: Int) -> Bool {
        rows[row].referral.isEmpty || referralOf[row] == steps[step].referral
    }

    /// "Voids, on its date, the S47 of its step id, else the earliest S47 of the referral that nothing has stopped or
    /// voided before that day".
    private func waive(_ row: Int, _ s47s: [Int], _ pairing: inout [Int: TwinPairing], _ branches: inout [String]) {
        let own = s47s.filter { steps[$0].referral == referralOf[row] }
        let named = own.first { !rows[row].step.isEmpty && steps[$0].id == rows[row].step }
        if let named, !hasBegun(named, by: row) {
            branches.append("not required: before the S47 of its step id")
            return
        }
        let begun = own.filter { hasBegun($0, by: row) }
        let free = begun.filter { step in
            guard let pair = pairing[step] else { return false }
            let ends = [pair.stop, pair.notRequired, pair.cancelled].compactMap { $0 }
            return !ends.contains { rows[$0].date < rows[row].date }
        }
        let earliest = free.min {
            before(
                [steps[$0].start?.description ?? "", steps[$0].id], [steps[$1].start?.description ?? "", steps[$1].id])
        }
        guard let target = named ?? earliest, var pair = pairing[target] else {
            if !begun.isEmpty { branches.append("not required: none is left") }
            return
        }
        branches += waiverBranches(row, target, isNamed: named != nil, begun: begun, free: free)
        let isSameDay = pair.stop.map { rows[$0].date == rows[row].date }
        if let isSameDay {
            // "A not-required on or after the conference changes nothing."
            pair.isContradiction = true
            branches.append(isSameDay ? "not required: on the conference's day" : "not required: after the conference")
        } else if pair.cancelled == nil, pair.notRequired == nil {
            pair.notRequired = row
            branches.append("not required: voids")
        } else {
            branches.append(
                pair.cancelled == nil ? "not required: a second time" : "not required: after a cancellation")
        }
        pairing[target] = pair
    }

    /// How a "not required" came to its S47.
    private func waiverBranches(_ row: Int, _ target: Int, isNamed: Bool, begun: [Int], free: [Int]) -> [String] {
        guard !isNamed else { return ["not required: by its step id"] }
        var branches = [
            rows[row].step.isEmpty ? "not required: the earliest" : "not required: the earliest, no S47 has its step id"
        ]
        func start(_ step: Int) -> CivilDate? { steps[step].start }
        if free.contains(where: { $0 != target && start($0) == start(target) }) {
            branches.append("not required: the smallest step id of one day")
        } else if free.count > 1 {
            branches.append("not required: the earliest of several")
        }
        let isPassingOver = begun.contains { step in
            !free.contains(step) && (start(step)?.description ?? "") < (start(target)?.description ?? "")
        }
        if isPassingOver { branches.append("not required: the earliest that has not ended before") }
        return branches
    }

    /// "`s47_cancelled` voids for good".
    private func cancel(_ row: Int, _ pairing: inout [Int: TwinPairing], _ branches: inout [String]) {
        guard let step = stepOf[row], var pair = pairing[step] else { return }
        let cancelledBefore = events("cancelled", inStep: step).contains { $0 < row }
        if pair.stop != nil || cancelledBefore { pair.laterCancellations.append(row) }
        if pair.stop != nil {
            branches.append("cancelled: after the conference")
        } else if !hasBegun(step, by: row) {
            branches.append("cancelled: before the start, or without one")
        } else if pair.cancelled != nil {
            branches.append("cancelled: a second time")
        } else {
            branches.append(pair.notRequired == nil ? "cancelled: voids" : "cancelled: after not required")
            pair.cancelled = row
        }
        pairing[step] = pair
    }

    /// Whether a conference or "not required" ended an S47 whose start is not known.
    func hasConferenceOrWaiver(_ step: Int) -> Bool {
        let child = steps[step].child
        if events("icpc_held", ofChild: child).contains(where: { canEnd($0, step) }) { return true }
        return events("icpc_not_required", inReferral: steps[step].referral).contains {
            rows[$0].step.isEmpty || rows[$0].step == steps[step].id
        }
    }
}
