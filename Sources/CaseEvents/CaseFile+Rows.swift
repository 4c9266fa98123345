public import WorkingCalendar

extension CaseFile {
    /// The rows of a referral, in order.
    @inlinable
    public func rows(of referral: Int32) -> LinkedRows {
        LinkedRows(rows: rows, places: rowOrder, range: referrals[Int(referral)].rows, steps: [], step: -1)
    }

    /// The rows of a step, in order.
    @inlinable
    public func rows(ofStep step: Int) -> LinkedRows {
        LinkedRows(
            rows: rows, places: rowOrder, range: referrals[Int(steps[step].referral)].rows, steps: stepOfRow,
            step: Int32(truncatingIfNeeded: step))
    }

    /// The first `case_closed` of a referral on or after a day, or ``never``.
    @inlinable
    public func closure(of referral: Int32, onOrAfter day: CivilDate) -> CivilDate {
        let first = referrals[Int(referral)].closed
        if first >= day { return first }
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
        let first = kind == .s47 ? steps[place].completed : steps[place].authorised
        if !isByCompletion && first >= start { return first }
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

/// Some of a case file's rows, in order, without a copy of the file.
public struct LinkedRows: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let rows: ContiguousArray<CaseRow>
    @usableFromInline let places: ContiguousArray<Int32>
    /// The step of each row; empty where every row of the range is wanted.
    @usableFromInline let steps: ContiguousArray<Int32>
    @usableFromInline let step: Int32
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable
    init(
        rows: ContiguousArray<CaseRow>, places: ContiguousArray<Int32>, range: Range<Int32>,
        steps: ContiguousArray<Int32>, step: Int32
    ) {
        self.rows = rows
        self.places = places
        self.steps = steps
        self.step = step
        position = Int(range.lowerBound)
        end = Int(range.upperBound)
    }

    @inlinable
    public mutating func next() -> CaseRow? {
        while position < end {
            let place = Int(places[position])
            position &+= 1
            if step < 0 || steps[place] == step { return rows[place] }
        }
        return nil
    }
}
