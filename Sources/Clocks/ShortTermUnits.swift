public import CaseEvents
public import Columnar
public import WorkingCalendar

/// Which units do short-term work on which days, by the organisation file.
public struct ShortTermUnits: Sendable {
    /// For each entry of the run's names, its placements in order of date; empty for other names.
    private let placements: [[(from: CivilDate?, to: CivilDate?, isShortTerm: Bool)]]
    /// The days on which some placement begins, or has just ended, in order.
    private let changes: [CivilDate]
    /// Whether any unit is marked; without a mark every referral counts as short-term work.
    public let isMarked: Bool

    /// Matches an organisation to the names of a run.
    public init(_ organisation: Organisation, names: IdTable) {
        isMarked = organisation.marksShortTerm
        var byName: [String: [(from: CivilDate?, to: CivilDate?, isShortTerm: Bool)]] = [:]
        for row in organisation.placements { byName[row.unit, default: []].append((row.from, row.to, row.isShortTerm)) }
        placements = (0..<UInt32(names.count)).map { byName[names.string($0)] ?? [] }
        changes = organisation.placements.flatMap { [$0.from, $0.to?.adding(days: 1)].compactMap { $0 } }.sorted()
    }

    /// Whether a unit is marked on a day; on a day without a row, its latest row before, else its first.
    public func isShortTerm(_ team: UInt32, on day: CivilDate) -> Bool {
        var answer: Bool?
        for placement in placements[Int(team)] {
            if answer == nil || (placement.from ?? day) <= day { answer = placement.isShortTerm }
        }
        return answer ?? false
    }

    /// Whether some unit begins or ends after one day and up to another.
    public func isChanged(after first: CivilDate, upTo last: CivilDate) -> Bool {
        changes.contains { $0 > first && $0 <= last }
    }

    /// The first day, from one to another and both included, on which a unit is marked; `nil` for none.
    func firstDay(_ team: UInt32, from first: CivilDate, to last: CivilDate) -> CivilDate? {
        if isShortTerm(team, on: first) { return first }
        var earliest: CivilDate?
        for placement in placements[Int(team)]
        where placement.isShortTerm && (placement.from ?? first) <= last && (placement.to ?? last) >= first {
            let day = max(placement.from ?? first, first)
            earliest = min(earliest ?? day, day)
        }
        return earliest
    }
}
