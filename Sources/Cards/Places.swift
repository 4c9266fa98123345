public import CaseEvents
public import Columnar
public import WorkingCalendar

/// A unit's place in the service: where its figures add up.
public struct Place: Hashable, Codable, Sendable {
    public var unit: String
    public var team: String
    public var groupManager: String
    public var service: String
    /// Whether the organisation file has the unit.
    public var isKnown: Bool

    /// The name at a level.
    public func name(_ level: Level) -> String {
        switch level {
        case .unit: unit
        case .team: team
        case .groupManager: groupManager
        case .service: service
        case .authority: "all"
        }
    }
}

/// A level at which figures add up; the raw value is what `cards.csv` says.
public enum Level: String, CaseIterable, Codable, Sendable {
    case unit, team
    case groupManager = "group_manager"
    case service, authority
}

/// Finds the place of a unit on a day.
///
/// A figure belongs to the structure of its own date, or, where that is asked for, of today's.
public struct Places: Sendable {
    /// The name of the holder of a child nobody holds, at unit and team level.
    public static let noTeam = "No team"
    /// The Group Manager and service of units that the organisation file does not have.
    public static let notInStructure = "Not in the structure"

    /// Every place, the first one being that of nobody.
    public private(set) var all: [Place]
    /// Whether there is an organisation file.
    public let hasStructure: Bool
    /// Where each name of the run stood, the spans of one name together and in the order of the file, and where those
    /// of each name begin; one more than there are names.
    private var spans: ContiguousArray<Span> = []
    private var begins: ContiguousArray<Int> = [0]

    /// Both days are inside; those of an open span are the ends of time.
    private struct Span: Sendable, BitwiseCopyable {
        var from: CivilDate
        var to: CivilDate
        var place: Int

        init(from: CivilDate?, to: CivilDate?, place: Int) {
            self.from = from ?? CivilDate(daysSinceEpoch: .min)
            self.to = to ?? CivilDate(daysSinceEpoch: .max)
            self.place = place
        }
    }

    /// Matches an organisation to the names of a run.
    ///
    /// - Parameters:
    ///   - organisation: The structure; empty where there is no organisation file.
    ///   - names: The names of the run.
    ///   - currentOn: The day whose structure every figure is given in; `nil` for the figure's own.
    public init(_ organisation: Organisation, names: IdTable, currentOn: CivilDate? = nil) {
        hasStructure = !organisation.isEmpty
        all = [
            Place(
                unit: Self.noTeam, team: Self.noTeam, groupManager: Self.notInStructure,
                service: Self.notInStructure, isKnown: false)
        ]
        var numbers: [Place: Int] = [all[0]: 0]
        var rows: [String: [Organisation.Placement]] = [:]
        for row in organisation.placements { rows[row.unit, default: []].append(row) }
        // The first name is nobody's.
        begins.append(0)
        for name in 1..<UInt32(max(names.count, 1)) where name < UInt32(names.count) {
            defer { begins.append(spans.count) }
            let unit = names.string(name)
            guard let placements = rows[unit] else {
                let place = Place(
                    unit: unit, team: unit, groupManager: Self.notInStructure, service: Self.notInStructure,
                    isKnown: false)
                spans.append(Span(from: nil, to: nil, place: number(place, &numbers)))
                continue
            }
            for row in placements {
                let final = currentOn.map { Self.current(row, rows, on: $0) } ?? row
                let place = Place(
                    unit: final.unit, team: final.team, groupManager: final.groupManager, service: final.service,
                    isKnown: true)
                spans.append(Span(from: row.from, to: row.to, place: number(place, &numbers)))
            }
        }
    }

    private mutating func number(_ place: Place, _ numbers: inout [Place: Int]) -> Int {
        if let known = numbers[place] { return known }
        all.append(place)
        numbers[place] = all.count - 1
        return all.count - 1
    }

    /// The row of today's structure that carries on the work of a row.
    private static func current(
        _ row: Organisation.Placement, _ rows: [String: [Organisation.Placement]], on day: CivilDate
    ) -> Organisation.Placement {
        var row = row
        // A chain of successors is never longer than there are units.
        for _ in 0...rows.count {
            let own = rows[row.unit] ?? []
            if let now = own.last(where: { ($0.from ?? day) <= day && ($0.to ?? day) >= day }) { return now }
            guard let successor = own.last(where: { !$0.succeededBy.isEmpty })?.succeededBy,
                let next = rows[successor]?.last
            else { return own.last ?? row }
            row = next
        }
        return row
    }

    /// The place of a team on a day.
    ///
    /// - Parameters:
    ///   - team: An entry of the run's names; 0 is nobody.
    ///   - day: The day of the figure.
    /// - Returns: The number of the place in ``all``, and whether the organisation file has a row for
    ///   the unit on that day. Without one it is the latest row before it, then the first.
    /// - Complexity: O(rows of the unit).
    public func place(of team: UInt32, on day: CivilDate) -> (number: Int, isInDates: Bool) {
        guard team != 0 else { return (0, true) }
        var latest = spans[begins[Int(team)]].place
        for index in begins[Int(team)]..<begins[Int(team) + 1] {
            if spans[index].from > day { break }
            latest = spans[index].place
            if spans[index].to >= day { return (latest, true) }
        }
        return (latest, false)
    }

    /// The places that no unit has on a day, although their team stands in another place then.
    ///
    /// A team that stands nowhere any more is still that of whoever had it last.
    func former(on day: CivilDate) -> Set<Place> {
        var now: Set<Int> = [0]
        for name in 1..<UInt32(max(begins.count - 1, 1)) { now.insert(place(of: name, on: day).number) }
        let teams = Set(now.map { all[$0].team })
        return Set(all.indices.filter { !now.contains($0) && teams.contains(all[$0].team) }.map { all[$0] })
    }

    /// The first day of the units in some places; `nil` where the organisation file does not state one for each.
    func began(_ places: [Int]) -> CivilDate? {
        let wanted = Set(places)
        let own = spans.filter { wanted.contains($0.place) }
        let days = own.map(\.from).filter { $0.daysSinceEpoch > .min }
        return days.count == own.count ? days.min() : nil
    }

    /// Whether the organisation file has a unit.
    public func isKnown(_ team: UInt32) -> Bool {
        team != 0 && all[spans[begins[Int(team)]].place].isKnown
    }
}
