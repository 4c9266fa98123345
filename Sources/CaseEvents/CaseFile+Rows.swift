public import WorkingCalendar

extension CaseFile {
    /// The rows of a referral, in order.
    @inlinable
    public func rows(of referral: Int32) -> some Sequence<CaseRow> {
        referrals[Int(referral)].rows.lazy.map { rows[Int(rowOrder[Int($0)])] }
    }

    /// The rows of a step, in order.
    @inlinable
    public func rows(ofStep step: Int) -> some Sequence<CaseRow> {
        referrals[Int(steps[step].referral)].rows.lazy.map { Int(rowOrder[Int($0)]) }
            .filter { stepOfRow[$0] == Int32(step) }.map { rows[$0] }
    }

    /// The first `case_closed` of a referral on or after a day, or ``never``.
    @inlinable
    public func closure(of referral: Int32, onOrAfter day: CivilDate) -> CivilDate {
        for row in rows(of: referral) where row.kind == .caseClosed && row.day >= day { return row.day }
        return Self.never
    }

    /// The day on or after `start` on which a step ended for its clocks.
    ///
    /// An S47 ends when it was completed, an assessment when it was first authorised, or, where the run authorises none of its kind,
    /// when it was last completed and not returned since. ``never`` while it is open.
    @inlinable
    public func end(ofStep place: Int, from start: CivilDate) -> CivilDate {
        let kind = steps[place].kind
        let isByCompletion = kind != .s47 && endsAtCompletion(kind)
        var end = Self.never
        for row in rows(ofStep: place) where row.day >= start {
            switch row.kind.verb {
            case .completed:
                if isByCompletion { end = row.day } else if kind == .s47 { return row.day }
            case .returned: if isByCompletion { end = Self.never }
            case .authorised: if !isByCompletion { return row.day }
            default: break
            }
        }
        return end
    }
}
