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
        let s47s = steps.indices.filter { steps[$0].child == child && steps[$0].kind == "s47" }
        var pairing: [Int: TwinPairing] = [:]
        for step in s47s { pairing[step] = TwinPairing() }
        for row in rowsOfChild[child] ?? [] {
            switch rows[row].event {
            case "icpc_held": hold(row, s47s, &pairing)
            case "icpc_not_required": waive(row, s47s, &pairing)
            case "s47_cancelled": cancel(row, &pairing)
            default: break
            }
        }
        return pairing
    }

    private func hasBegun(_ step: Int, by row: Int) -> Bool {
        steps[step].start.map { $0 <= rows[row].date } ?? false
    }

    /// "One conference stops every S47 of the referral started on or before it and still running".
    private func hold(_ row: Int, _ s47s: [Int], _ pairing: inout [Int: TwinPairing]) {
        for step in s47s where hasBegun(step, by: row) && canEnd(row, step) {
            guard var pair = pairing[step], pair.stop == nil, pair.cancelled == nil else { continue }
            if pair.notRequired == nil {
                pair.stop = row
            } else if !rows[row].step.isEmpty, rows[row].step == steps[step].id {
                // "It stays void unless an `icpc_held` carries that S47's own step id, which then stops it."
                pair.stop = row
                pair.isContradiction = true
            }
            pairing[step] = pair
        }
    }

    func canEnd(_ row: Int, _ step: Int) -> Bool {
        rows[row].referral.isEmpty || referralOf[row] == steps[step].referral
    }

    /// "Voids, on its date, the S47 of its step id, else the earliest S47 of the referral that nothing has stopped or
    /// voided before that day".
    private func waive(_ row: Int, _ s47s: [Int], _ pairing: inout [Int: TwinPairing]) {
        let own = s47s.filter { steps[$0].referral == referralOf[row] }
        let named = own.first { !rows[row].step.isEmpty && steps[$0].id == rows[row].step }
        if let named, !hasBegun(named, by: row) { return }
        let free = own.filter { step in
            guard hasBegun(step, by: row), let pair = pairing[step] else { return false }
            let ends = [pair.stop, pair.notRequired, pair.cancelled].compactMap { $0 }
            return !ends.contains { rows[$0].date < rows[row].date }
        }
        let earliest = free.min {
            before(
                [steps[$0].start?.description ?? "", steps[$0].id], [steps[$1].start?.description ?? "", steps[$1].id])
        }
        guard let target = named ?? earliest, var pair = pairing[target] else { return }
        if pair.stop != nil {
            // "A not-required on or after the conference changes nothing."
            pair.isContradiction = true
        } else if pair.cancelled == nil, pair.notRequired == nil {
            pair.notRequired = row
        }
        pairing[target] = pair
    }

    /// "`s47_cancelled` voids for good".
    private func cancel(_ row: Int, _ pairing: inout [Int: TwinPairing]) {
        guard let step = stepOf[row], var pair = pairing[step] else { return }
        let cancelledBefore = events("cancelled", inStep: step).contains { $0 < row }
        if pair.stop != nil || cancelledBefore { pair.laterCancellations.append(row) }
        if pair.stop == nil, pair.cancelled == nil, hasBegun(step, by: row) { pair.cancelled = row }
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
