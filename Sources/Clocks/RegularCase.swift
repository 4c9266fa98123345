public import CaseEvents
import Rules
import WorkingCalendar

extension ClockEvaluator {
    /// Whether the clocks of every earlier day are those just evaluated, cut at that day.
    ///
    /// That is so where every row has its place from the first: it names its referral and step, the
    /// referral was received before anything else and nothing follows its closure, each step is
    /// started, completed and authorised at most once and in that order, and no conference takes back
    /// what an earlier row decided. Most cases are like that. The others are evaluated afresh for each
    /// week, which says the same of a regular case, only slower; tests compare the two.
    ///
    /// - Complexity: O(*n*) in the child's rows, for a few referrals and steps.
    public func isRegular(_ file: CaseFile, _ child: ChildRows) -> Bool {
        guard child.ghosts.isEmpty else { return false }
        for place in file.referrals.indices where !hasRegularRows(place, file) { return false }
        for place in file.steps.indices where !isRegular(step: place, file) { return false }
        // Both answers of a conference: a later one may take back an earlier one.
        var isHeld = false
        var isNotRequired = false
        for index in file.rows.indices {
            let row = file.rows[index]
            switch row.kind {
            case .icpcHeld:
                isHeld = true
                let isEarly = file.steps.contains {
                    $0.kind == .s47 && $0.id == row.stepId && row.stepId != 0 && $0.start > row.day
                }
                if isEarly { return false }
            case .icpcNotRequired: isNotRequired = true
            case .transferInNotified, .transferInConferenceHeld: return false
            default: break
            }
        }
        if isHeld && isNotRequired { return false }
        for booking in file.bookings {
            let received = file.referrals[Int(booking.referral)].received
            guard booking.row.namesReferral, booking.row.saysRecorded, booking.row.recordedOn >= received,
                booking.row.recordedOn <= booking.row.day
            else { return false }
        }
        return clocks.allSatisfy { isRegular($0, file) }
    }

    /// Whether a referral was received once, first, and by name, and nothing follows its closure.
    private func hasRegularRows(_ place: Int, _ file: CaseFile) -> Bool {
        let referral = file.referrals[place]
        guard !referral.isNameless, referral.received != CaseFile.never else { return false }
        var isReceived = false
        var isClosed = false
        for row in file.rows(of: Int32(place)) {
            if !row.namesReferral || row.day < referral.received { return false }
            // Seeing the child and deciding stop no clock of a closed referral.
            if isClosed && row.kind != .childSeen && row.kind != .managementDecisionRecorded { return false }
            if row.kind == .referralReceived {
                if isReceived { return false }
                isReceived = true
            }
            isClosed = isClosed || row.kind == .caseClosed
        }
        return true
    }

    /// Whether a step was started first, then completed and authorised, each at most once, or, if an S47, cancelled.
    private func isRegular(step place: Int, _ file: CaseFile) -> Bool {
        guard file.steps[place].id != 0 else { return false }
        var last: Verb?
        for row in file.rows(ofStep: place) {
            switch row.kind.verb {
            case .started where last == nil, .completed where last == .started,
                .authorised where last == .started || last == .completed:
                last = row.kind.verb
            case .cancelled where file.steps[place].kind == .s47 && last != nil && last != .cancelled:
                last = .cancelled
            default: return false
            }
        }
        return last != nil
    }

    private func isRegular(_ clock: Clock, _ file: CaseFile) -> Bool {
        guard clock.verdict != .unmeasurable else { return false }
        switch context.rules[Int(clock.rule)].shape {
        // It may run again when another step begins.
        case .window: return false
        // The child may have been seen, in another referral, after the closure of this one.
        case .childSeen: return file.referrals[Int(clock.referral)].closed == CaseFile.never
        default: return true
        }
    }
}
