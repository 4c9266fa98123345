import WorkingCalendar

/// One row of the organisation file.
struct TwinUnitRow {
    var unit: String
    var team: String
    var manager: String
    var service: String
    var shortTerm: Bool
    var from: CivilDate?
    var to: CivilDate?

    func holds(on day: CivilDate) -> Bool {
        if let from, day < from { return false }
        if let to, day > to { return false }
        return true
    }
}

/// Where a unit stands in the organisation.
struct TwinPlace {
    var unit: String
    var team: String
    var manager: String
    var service: String
    var shortTerm = false
    var known = true
    var inDates = true
}

struct TwinStructure {
    /// Nil: there is no organisation file.
    var units: [TwinUnitRow]?

    init(_ text: String?) {
        guard let text else { return }
        let records = csvRecords(text)
        let header = (records.first ?? []).map { cleanText($0) }
        units = records.dropFirst().filter { $0.count == header.count }.map { record in
            var cells: [String: String] = [:]
            for (name, cell) in zip(header, record) { cells[name] = cleanText(cell) }
            let team = cells["team"] ?? ""
            let unit = cells["unit"] ?? ""
            return TwinUnitRow(
                unit: unit.isEmpty ? team : unit, team: team.isEmpty ? unit : team,
                manager: cells["group_manager"] ?? "", service: cells["service"] ?? "",
                shortTerm: ["1", "true", "yes", "y"].contains((cells["short_term"] ?? "").lowercased()),
                from: Self.date(cells["from"]), to: Self.date(cells["to"]))
        }
    }

    private static func date(_ cell: String?) -> CivilDate? {
        if case .date(let date) = readDate(cell ?? "") { return date }
        return nil
    }

    func knows(_ unit: String) -> Bool { units?.contains { $0.unit == unit } ?? false }

    var marksShortTerm: Bool { units?.contains { $0.shortTerm } ?? false }

    /// "A unit without a row on a date takes its latest row before it, then its first, with a finding; an unknown
    /// one is its own team".
    func place(_ unit: String, on day: CivilDate) -> TwinPlace {
        let outside = "Not in the structure"
        if unit.isEmpty {
            return TwinPlace(unit: "No team", team: "No team", manager: outside, service: outside, known: false)
        }
        let own = (units ?? []).filter { $0.unit == unit }.sorted {
            before($0.from?.description ?? "", $1.from?.description ?? "")
        }
        let now = own.first { $0.holds(on: day) }
        let earlier = own.last { row in row.to.map { $0 < day } ?? false }
        guard let row = now ?? earlier ?? own.first else {
            return TwinPlace(unit: unit, team: unit, manager: outside, service: outside, known: false)
        }
        return TwinPlace(
            unit: unit, team: row.team, manager: row.manager, service: row.service, shortTerm: row.shortTerm,
            inDates: now != nil)
    }
}

/// The paragraph "Whose is it?".
extension TwinWorld {
    /// The place of a holding event among those of one day, first wins; nil for the others.
    private func holdingRank(_ row: Int) -> Int? {
        switch rows[row].event {
        case "team_changed": 0
        case "case_transferred": 1
        case "case_allocated": 2
        case "initial_assessment_started", "core_assessment_started", "assessment_started": 3
        case "referral_decided": 4
        case "referral_received": 5
        default: nil
        }
    }

    /// Holding events of a referral up to a day, the one that decides first: latest date, then the order of kinds,
    /// then the greatest team, then the greatest worker.
    private func holdingRows(_ referral: Int, upTo day: CivilDate) -> [Int] {
        referrals[referral].rows.filter { rows[$0].date <= day && holdingRank($0) != nil }.sorted { left, right in
            if rows[left].date != rows[right].date { return rows[left].date > rows[right].date }
            let leftRank = holdingRank(left) ?? 9
            let rightRank = holdingRank(right) ?? 9
            if leftRank != rightRank { return leftRank < rightRank }
            if rows[left].team != rows[right].team { return before(rows[right].team, rows[left].team) }
            return before(rows[right].worker, rows[left].worker)
        }
    }

    /// All rows of a referral up to a day, the latest first: last in order, then the greatest text.
    private func actingRows(_ referral: Int, upTo day: CivilDate, by value: (TwinRow) -> String) -> [Int] {
        referrals[referral].rows.filter { rows[$0].date <= day && !value(rows[$0]).isEmpty }.sorted { left, right in
            if rows[left].date != rows[right].date { return rows[left].date > rows[right].date }
            let leftPlace = placeInDay[rows[left].event] ?? 0
            let rightPlace = placeInDay[rows[right].event] ?? 0
            if leftPlace != rightPlace { return leftPlace > rightPlace }
            return before(value(rows[right]), value(rows[left]))
        }
    }

    /// The row that says which team holds a referral at the end of a day.
    private func teamRow(_ referral: Int, on day: CivilDate) -> Int? {
        holdingRows(referral, upTo: day).first { !rows[$0].team.isEmpty }
            ?? actingRows(referral, upTo: day, by: \.team).first
    }

    func holder(_ referral: Int, on day: CivilDate) -> String {
        teamRow(referral, on: day).map { rows[$0].team } ?? ""
    }

    /// "The worker is that of the latest holding event with a worker, not older than the row that gave the team;
    /// where no row has a team, the latest with a worker".
    func worker(_ referral: Int, on day: CivilDate) -> String {
        let holding = holdingRows(referral, upTo: day).first { !rows[$0].worker.isEmpty }
        if let team = teamRow(referral, on: day) {
            guard let holding, rows[holding].date >= rows[team].date else { return "" }
            return rows[holding].worker
        }
        let row = holding ?? actingRows(referral, upTo: day, by: \.worker).first
        return row.map { rows[$0].worker } ?? ""
    }

    /// "Stopped ones to the holder at the end of the day before they stopped (of that day where nobody held it
    /// before)".
    func dayThatDecidesHolder(_ referral: Int, ended: CivilDate?) -> CivilDate {
        guard let ended else { return day }
        return holder(referral, on: ended.plus(-1)).isEmpty ? ended : ended.plus(-1)
    }
}
