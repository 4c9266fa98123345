public import CaseEvents
import WorkingCalendar

/// Reads the organisation file, and the workers file where there is one.
///
/// - Parameters:
///   - teams: The text of `teams.csv`, or `nil` without one.
///   - teamsFile: The file's name, for errors.
///   - workers: The text of `workers.csv`, or `nil` without one.
///   - workersFile: The file's name, for errors.
/// - Returns: The structure; empty without a file.
/// - Throws: The first thing wrong, with its line; rows that overlap are named both.
public func readOrganisation(
    teams: String?, teamsFile: String = "teams.csv", workers: String? = nil, workersFile: String = "workers.csv"
) throws(SettingsError) -> Organisation {
    var placements: [Organisation.Placement] = []
    var placed: [WorkerRow] = []
    if let teams { placements = try readPlacements(teams, file: teamsFile) }
    if let workers { placed = try readWorkers(workers, file: workersFile) }
    return Organisation(placements: placements, workers: placed.map(\.placement))
}

/// A row of dates that belongs to one unit or one worker.
private protocol DatedRow {
    var line: Int { get }
    var key: String { get }
    var from: CivilDate? { get }
    var to: CivilDate? { get }
}

private struct UnitRow: DatedRow {
    var line: Int
    var placement: Organisation.Placement
    var key: String { placement.unit }
    var from: CivilDate? { placement.from }
    var to: CivilDate? { placement.to }
}

private struct WorkerRow: DatedRow {
    var line: Int
    var placement: Organisation.WorkerPlacement
    var key: String { placement.worker }
    var from: CivilDate? { placement.from }
    var to: CivilDate? { placement.to }
}

private func readPlacements(_ text: String, file: String) throws(SettingsError) -> [Organisation.Placement] {
    let table = try CSVText(text, file: file, columns: ["team", "group_manager", "service"])
    var rows: [UnitRow] = []
    for record in table.records {
        let team = try required("team", of: record, in: table)
        let unit = table.value("unit", of: record)
        let dates = try readDates(record, in: table)
        rows.append(
            UnitRow(
                line: record.line,
                placement: .init(
                    unit: unit.isEmpty ? team : unit, team: team,
                    groupManager: try required("group_manager", of: record, in: table),
                    service: try required("service", of: record, in: table),
                    isShortTerm: try readMark("short_term", of: record, in: table),
                    from: dates.from, to: dates.to, succeededBy: table.value("succeeded_by", of: record))))
    }
    try refuseOverlaps(rows, of: "unit", file: file)
    try checkSuccessors(rows, file: file)
    return rows.map(\.placement)
}

private func readWorkers(_ text: String, file: String) throws(SettingsError) -> [WorkerRow] {
    let table = try CSVText(text, file: file, columns: ["worker", "unit"])
    var rows: [WorkerRow] = []
    for record in table.records {
        let dates = try readDates(record, in: table)
        rows.append(
            WorkerRow(
                line: record.line,
                placement: .init(
                    worker: try required("worker", of: record, in: table),
                    unit: try required("unit", of: record, in: table), from: dates.from, to: dates.to)))
    }
    try refuseOverlaps(rows, of: "worker", file: file)
    return rows
}

private func required(_ column: String, of record: CSVText.Record, in table: CSVText) throws(SettingsError) -> String {
    let value = table.value(column, of: record)
    guard !value.isEmpty else {
        throw SettingsError(
            .missingValue, file: table.file, line: record.line,
            message: "the column `\(column)` is empty; expected a name")
    }
    return value
}

private func readDates(
    _ record: CSVText.Record, in table: CSVText
) throws(SettingsError) -> (from: CivilDate?, to: CivilDate?) {
    let from = try readDate("from", of: record, in: table)
    let to = try readDate("to", of: record, in: table)
    if let from, let to, from > to {
        throw SettingsError(
            .datesReversed, file: table.file, line: record.line,
            message: "the column `to` is before `from`; expected the same day or later")
    }
    return (from, to)
}

private func readDate(
    _ column: String, of record: CSVText.Record, in table: CSVText
) throws(SettingsError) -> CivilDate? {
    let value = table.value(column, of: record)
    guard !value.isEmpty else { return nil }
    guard let date = writtenDate(value) else {
        throw SettingsError(
            .badDate, file: table.file, line: record.line, message: "the column `\(column)` \(expectedDate)",
            hint: "leave it empty where there is no such day")
    }
    return date
}

private func readMark(_ column: String, of record: CSVText.Record, in table: CSVText) throws(SettingsError) -> Bool {
    switch table.value(column, of: record) {
    case "1": return true
    case "", "0": return false
    default:
        throw SettingsError(
            .unknownValue, file: table.file, line: record.line,
            message: "the column `\(column)` holds another value; expected `1`, `0` or nothing")
    }
}

/// Refuses two rows that place one unit or worker on the same day.
private func refuseOverlaps(_ rows: [some DatedRow], of what: String, file: String) throws(SettingsError) {
    let ordered = rows.sorted {
        ($0.key, $0.from?.daysSinceEpoch ?? .min, $0.line) < ($1.key, $1.from?.daysSinceEpoch ?? .min, $1.line)
    }
    for (row, next) in zip(ordered, ordered.dropFirst()) where row.key == next.key {
        if let to = row.to, let from = next.from, to < from { continue }
        let lines = (min(row.line, next.line), max(row.line, next.line))
        throw SettingsError(
            .overlappingRows, file: file, line: lines.1,
            message: "lines \(lines.0) and \(lines.1) place one \(what) on the same day",
            hint: "end the earlier of the two with `to` on the day before the later one's `from`")
    }
}

/// Refuses successors that are not in the file or that lead back to where they began.
private func checkSuccessors(_ rows: [UnitRow], file: String) throws(SettingsError) {
    let units = Set(rows.map(\.key))
    let edges = rows.filter { !$0.placement.succeededBy.isEmpty }
    if let row = edges.first(where: { !units.contains($0.placement.succeededBy) }) {
        throw SettingsError(
            .unknownSuccessor, file: file, line: row.line,
            message: "the column `succeeded_by` names no unit of the file",
            hint: "add a row for it, or write the name exactly as it stands in the column `unit`")
    }
    // Units that lead nowhere are taken away until only those are left that lead into a cycle.
    var successorCounts = Dictionary(edges.map { ($0.key, 1) }, uniquingKeysWith: +)
    let predecessors = Dictionary(grouping: edges, by: \.placement.succeededBy)
    var ended = units.filter { successorCounts[$0] == nil }.sorted()
    while let unit = ended.popLast() {
        for row in predecessors[unit] ?? [] {
            successorCounts[row.key, default: 0] -= 1
            if successorCounts[row.key] == 0 { ended.append(row.key) }
        }
    }
    guard let row = edges.first(where: { (successorCounts[$0.placement.succeededBy] ?? 0) > 0 }) else { return }
    throw SettingsError(
        .successorCycle, file: file, line: row.line,
        message: "the column `succeeded_by` leads into a circle; expected it to end at a unit of today",
        hint: "leave it empty where the unit itself goes on")
}
