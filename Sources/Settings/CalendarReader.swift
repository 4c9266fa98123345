public import WorkingCalendar

/// Reads the closures of a jurisdiction from JSON: gov.uk's file of bank holidays, or our own shape.
///
/// gov.uk's file answers for whole years, from that of its first event to that of its last. Our own
/// (`jurisdiction`, `from`, `to`, `by_rule_from`, `closures`) states its dates and may say from when
/// a closure was known and when it was called off. Both may also be written as YAML.
///
/// - Throws: The first thing wrong, with its line and column.
public func readCalendar(text: String, file: String, jurisdiction: String) throws(SettingsError) -> ClosureTable {
    guard let root = try parseSettings(text, file: file) else {
        throw SettingsError(
            .emptyFile, file: file, line: 1, message: "the file is empty; expected a calendar",
            hint: "gov.uk publishes one as bank-holidays.json")
    }
    let entries = try root.entries()
    let isOurs = entries.contains { ["jurisdiction", "closures"].contains($0.key.scalarText) }
    return isOurs
        ? try readOwnCalendar(root, jurisdiction: jurisdiction)
        : try readDivision(jurisdiction, among: entries, root: root)
}

private func readOwnCalendar(_ root: SettingsNode, jurisdiction: String) throws(SettingsError) -> ClosureTable {
    let block = try root.block(of: "a calendar", keys: ["jurisdiction", "from", "to", "by_rule_from", "closures"])
    let nameNode = try block.required("jurisdiction")
    let name = try nameNode.text()
    guard name == jurisdiction else {
        throw nameNode.error(
            .unknownJurisdiction, "the calendar is not that of the rulebook; expected `\(jurisdiction)`",
            hint: "give another file with --calendar")
    }
    let from = try block.required("from").date()
    let toNode = try block.required("to")
    let to = try toNode.date()
    guard from <= to else {
        throw toNode.error(.datesReversed, "`to` is before `from`; expected the same day or later")
    }
    var table = ClosureTable(jurisdiction: name, coverage: from...to, closures: [])
    if let node = block["by_rule_from"] { table.byRuleFrom = try node.date() }
    for item in try block.required("closures").list(of: "closures") {
        let closure = try item.block(of: "a closure", keys: ["date", "known_from", "withdrawn_on"])
        let dateNode = try closure.required("date")
        let date = try dateNode.date()
        guard from...to ~= date else {
            throw dateNode.error(.outOfRange, "the closure is outside the calendar; expected a day from `from` to `to`")
        }
        let known = try closure["known_from"].map { (node) throws(SettingsError) in try node.date() }
        let withdrawn = try closure["withdrawn_on"].map { (node) throws(SettingsError) in try node.date() }
        table.closures.append(Closure(date: date, knownFrom: known, withdrawnOn: withdrawn))
    }
    return table
}

/// Reads one division of gov.uk's file; what else that file says is not ours to check.
private func readDivision(
    _ jurisdiction: String, among entries: [(key: SettingsNode, value: SettingsNode)], root: SettingsNode
) throws(SettingsError) -> ClosureTable {
    guard let division = entries.first(where: { $0.key.scalarText == jurisdiction })?.value else {
        let present = entries.compactMap { $0.key.scalarText.flatMap(quotable) }
        throw root.error(
            .unknownJurisdiction, "the calendar has no division `\(jurisdiction)`",
            hint: present.isEmpty ? "it names no division" : "it has \(quotedList(present))")
    }
    guard let events = try division.value(of: "events") else {
        throw division.error(.missingKey, "a division needs the key `events`")
    }
    var closures: [Closure] = []
    for event in try events.list(of: "events") {
        guard let date = try event.value(of: "date") else {
            throw event.error(.missingKey, "an event needs the key `date`")
        }
        closures.append(Closure(date: try date.date()))
    }
    guard let first = closures.map(\.date).min(), let last = closures.map(\.date).max(),
        let from = CivilDate(year: first.parts.year, month: 1, day: 1),
        let to = CivilDate(year: last.parts.year, month: 12, day: 31)
    else {
        throw events.error(.emptyCalendar, "the division has no event; expected at least one")
    }
    return ClosureTable(jurisdiction: jurisdiction, coverage: from...to, closures: closures)
}
