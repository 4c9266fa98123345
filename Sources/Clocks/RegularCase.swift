public import CaseEvents
import Rules
public import WorkingCalendar

extension ClockEvaluator {
    /// The day from which on the clocks of every day, up to the file's, are those just evaluated, cut at that day.
    ///
    /// That is so from the first where every row has its place from the first: it names its referral and step, the
    /// referral was received before anything else and nothing follows its closure, each step is started, completed
    /// and authorised at most once and in that order, and no conference takes back what an earlier row decided.
    /// Most cases are like that. Others are from the last row on that breaks the order, or that ended a clock which
    /// did not run until then: an assessment that was returned has had another sign-off clock before, one
    /// that was cancelled another start, but none after.
    ///
    /// - Returns: The day of the last row out of order, which is the first of the days meant; the beginning of time
    ///   where every row is in order; `nil` where no such day is known, so that the clocks of each day must be
    ///   evaluated afresh, which says the same of a regular case, only slower. Tests compare the two.
    /// - Complexity: O(*n*) in the child's rows, for a few referrals and steps.
    public func regularSince(_ file: CaseFile) -> CivilDate? {
        guard file.areRowsNamed, clocks.allSatisfy({ isRegular($0, file) }), areRegular(file.bookings, file) else {
            return nil
        }
        var since = CivilDate(daysSinceEpoch: .min)
        for place in file.referrals.indices {
            // Without rows it is only there by a booking.
            guard file.referrals[place].received != CaseFile.never else { return nil }
            since = max(since, file.referrals[place].outOfOrder)
        }
        for place in file.steps.indices { since = max(since, file.steps[place].outOfOrder) }
        for index in clocks.indices where clocks[index].didNotRunToItsEnd { since = max(since, clocks[index].stop) }
        return lastDisorderOfConferences(file).map { max($0, since) }
    }

    /// The day of the last conference, or answer that none is required, that may take back an earlier one.
    ///
    /// - Returns: The beginning of time where there is none, `nil` where a conference has no S47 that it must follow.
    private func lastDisorderOfConferences(_ file: CaseFile) -> CivilDate? {
        var last = CivilDate(daysSinceEpoch: .min)
        guard !file.kinds.contains(.transferInNotified), !file.kinds.contains(.transferInConferenceHeld) else {
            return nil
        }
        guard file.kinds.contains(.icpcHeld) else { return last }
        var isHeld = false
        var isNotRequired = false
        for index in file.rows.indices {
            let row = file.rows[index]
            switch row.kind {
            case .icpcHeld:
                isHeld = true
                if isNotRequired { last = max(last, row.day) }
                for step in file.steps
                where step.kind == .s47 && step.id == row.stepId && row.stepId != 0 && step.start > row.day {
                    guard step.start != CaseFile.never else { return nil }
                    last = max(last, step.start)
                }
            case .icpcNotRequired:
                isNotRequired = true
                if isHeld { last = max(last, row.day) }
            default: break
            }
        }
        return last
    }

    private func areRegular(_ bookings: ContiguousArray<(row: CaseRow, referral: Int32)>, _ file: CaseFile) -> Bool {
        bookings.allSatisfy { booking in
            booking.row.namesReferral && booking.row.saysRecorded
                && booking.row.recordedOn >= file.referrals[Int(booking.referral)].received
                && booking.row.recordedOn <= booking.row.day
        }
    }

    private func isRegular(_ clock: Clock, _ file: CaseFile) -> Bool {
        guard clock.verdict != .unmeasurable else { return false }
        let rule = context.rules[Int(clock.rule)]
        switch rule.shape {
        // It may run again when another step begins.
        case .window: return false
        // The child may have been seen, in another referral, after the closure of this one.
        case .childSeen: return file.referrals[Int(clock.referral)].closed == CaseFile.never
        // These are in order after a closure, as long as they stop no clock.
        case _ where rule.stops.contains(.childSeen) || rule.stops.contains(.managementDecisionRecorded):
            return file.referrals[Int(clock.referral)].closed == CaseFile.never
        default: return true
        }
    }
}
