public import WorkingCalendar

extension CaseFile {
    /// Links rows that name their referral and step, in one pass: the fast way of `link(row:)`.
    ///
    /// - Complexity: O(*n* · *s*) in the child's rows and steps.
    mutating func linkNamedRows() {
        var referral = -1
        for index in rows.indices {
            let row = rows[index]
            note(row.kind, at: index)
            guard !row.kind.isContact else {
                referralOfRow.append(-1)
                stepOfRow.append(-1)
                continue
            }
            // Most rows are of the same referral as the row before.
            if referral < 0 || referrals[referral].id != row.referralId {
                referral = self.referral(named: row.referralId)
            }
            referralOfRow.append(Int32(truncatingIfNeeded: referral))
            referrals[referral].note(row)
            if row.day < referrals[referral].date { referrals[referral].date = row.day }
            if row.kind.isPlan { link(plan: row) }
            guard let kind = row.kind.step else {
                stepOfRow.append(-1)
                continue
            }
            let step = step(kind, id: row.stepId, in: Int32(truncatingIfNeeded: referral))
            stepOfRow.append(Int32(truncatingIfNeeded: step))
            steps[step].note(row, at: index, endsAtCompletion: endsAtCompletion(kind))
        }
    }
}

/// What each row adds to what is known of its referral and step, in the order of the rows.
extension CaseFile.Referral {
    /// Notes one of the referral's rows.
    mutating func note(_ row: CaseRow) {
        if firstRow == CaseFile.never { firstRow = row.day }
        // Seeing the child and deciding stop no clock of a closed referral.
        if closed != CaseFile.never && row.kind != .childSeen && row.kind != .managementDecisionRecorded {
            lastOutOfOrder = row.day
        }
        switch row.kind {
        case .referralReceived:
            if received != CaseFile.never { lastOutOfOrder = row.day }
            received = min(received, row.day)
        case .referralDecided: decided = min(decided, row.day)
        case .caseAllocated: allocated = min(allocated, row.day)
        case .referralNFA: nfa = min(nfa, row.day)
        case .caseClosed: closed = min(closed, row.day)
        default: break
        }
    }

    /// The day of the last row that comes before the referral was received, or after something it should not.
    ///
    /// The beginning of time where there is none. Only for a file whose rows are all named.
    public var outOfOrder: CivilDate { firstRow < received ? max(lastOutOfOrder, received) : lastOutOfOrder }
}

extension CaseFile.Step {
    /// Notes one of the step's rows, which stands at a place among the child's.
    mutating func note(_ row: CaseRow, at place: Int, endsAtCompletion: Bool) {
        if earliest == CaseFile.never {
            earliest = row.day
            line = row.line
            source = Int32(row.flags.source)
        }
        let verb = row.kind.verb
        // What follows a row out of order may undo what it did.
        if outOfOrder.daysSinceEpoch > .min || !isNext(verb) { outOfOrder = row.day }
        lastVerb = verb
        switch verb {
        case .started: start = min(start, row.day)
        case .completed:
            isCompletedAgain = completed != CaseFile.never
            completed = min(completed, row.day)
        case .returned: returned = min(returned, row.day)
        case .authorised:
            if authorisation < 0 { authorisation = Int32(truncatingIfNeeded: place) }
            authorised = min(authorised, row.day)
        case .cancelled: cancelled = min(cancelled, row.day)
        default: break
        }
        let ends =
            verb == .authorised || verb == .cancelled || (verb == .completed && (kind == .s47 || endsAtCompletion))
        if ends && ended == CaseFile.never { ended = row.day }
        // A completion that was returned has ended nothing.
        if verb == .returned && endsAtCompletion && cancelled == CaseFile.never { ended = CaseFile.never }
    }

    /// Whether a verb may follow the last one: started, completed and authorised, or, for an S47, cancelled.
    private func isNext(_ verb: Verb) -> Bool {
        switch verb {
        case .started: lastVerb == nil
        case .completed: lastVerb == .started
        case .authorised: lastVerb == .started || lastVerb == .completed
        case .cancelled: kind == .s47 && lastVerb != nil && lastVerb != .cancelled
        default: false
        }
    }
}
