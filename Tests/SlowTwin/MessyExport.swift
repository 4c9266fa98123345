import WorkingCalendar

/// A small messy run; the same seed gives the same run.
public func messyExport(seed: UInt64) -> TwinRun {
    var random = MessyRandom(seed: seed)
    let eras = [
        "2010-02-25", "2010-08-20", "2010-11-01", "2011-03-01", "2013-02-20", "2013-04-08", "2014-03-20", "2014-04-15",
    ]
    let base = CivilDate(random.pick(eras)) ?? CivilDate(daysSinceEpoch: 14_800)
    var sunday = base.plus(random.pick([14, 21, 35, 49, 70, 91, 120, 200])).sundayOfWeek
    let hasTeams = random.chance(75)
    let units = random.pick([["U1", "U2", "U3"], ["U1", "U2", "U3", "U4", "X9"], ["U1", "U2"]])

    var cases = MessyCases(random: random, base: base, horizon: sunday, units: units)
    let children = cases.random.number(1...6)
    var families: [String: String] = [:]
    for number in 1...children {
        let child = "\(cases.random.pick(["C", "C", "10"]))\(number)"
        if cases.random.chance(45) { families[child] = "F\(cases.random.number(1...2))" }
        let first = base.plus(cases.random.number(0...12))
        let single = base.description >= "2013-04" ? cases.random.chance(80) : cases.random.chance(12)
        cases.referral(child, startingOn: first, single: single)
        if cases.random.chance(22) {
            cases.referral(child, startingOn: first.plus(cases.random.pick([0, 20, 45, 60])), single: single)
        }
    }
    if cases.rows.count > 48 { cases.rows.removeLast(cases.rows.count - 48) }
    for index in cases.rows.indices where cases.random.chance(50) {
        cases.rows[index].family = families[cases.rows[index].child] ?? ""
    }
    // A family reference that changes as time goes on: the latest counts.
    if cases.random.chance(10), let child = cases.rows.first?.child {
        for index in cases.rows.indices where cases.rows[index].child == child {
            if cases.rows[index].date > base.plus(20) { cases.rows[index].family = "F3" }
        }
    }
    let withRecorded = cases.random.chance(65)
    cases.spoil(withRecorded: withRecorded)
    random = cases.random
    // Often a week in which something happened.
    let closures = cases.rows.filter { $0.event == "case_closed" }
    if random.chance(12), let row = closures.randomElement(using: &random) {
        sunday = row.date.sundayOfWeek
    } else if random.chance(55), let row = cases.rows.randomElement(using: &random) {
        sunday = row.date.sundayOfWeek.plus(7 * random.pick([0, 0, 1, 3]))
    }

    var run = TwinRun(
        exports: [], closures: messyClosures, calendarFrom: CivilDate("2005-01-01") ?? base,
        calendarTo: CivilDate("2015-12-31") ?? base, weekEnding: sunday, asAt: sunday)
    if random.chance(3) { run.calendarTo = sunday.plus(random.number(0...40)) }
    if random.chance(20) { run.asAt = sunday.plus(random.number(-6...0)) }
    run.weeks = random.number(1...4)
    if withRecorded, random.chance(30) { run.knownAt = sunday.plus(random.pick([-30, -10, -3, 0, 4, 30])) }
    if random.chance(40) { run.completeFrom = base.plus(random.pick([-400, -400, -366, -200, 0])) }
    let switches = ["allocation", "child_seen_s47", "ia_and_s47_window"]
    run.switchedOn = Set(switches.filter { _ in random.chance(35) })
    if random.chance(25) { leaveOut(&run, &cases.rows, &random) }
    if random.chance(15) { cases.rows.removeAll { $0.event.hasSuffix("assessment_authorised") } }
    run.teams = hasTeams ? messyTeams(base: base, &random) : nil

    let split = random.chance(20)
    let parts =
        split
        ? [Array(cases.rows.prefix(cases.rows.count / 2)), Array(cases.rows.suffix(from: cases.rows.count / 2))]
        : [cases.rows]
    for (number, rows) in parts.enumerated() {
        run.exports.append((name: "part\(number + 1).csv", text: messyText(rows, recorded: withRecorded, &random)))
    }
    return run
}

/// Declares some events as carried by no source; mostly their rows are gone as well.
private func leaveOut(_ run: inout TwinRun, _ rows: inout [MessyRow], _ random: inout MessyRandom) {
    let sets: [Set<String>] = [
        ["case_allocated"], ["child_seen"], ["management_decision_recorded"], ["icpc_held"], ["referral_decided"],
        ["cp_plan_started", "cp_plan_ended"], ["core_group_held"], ["cp_review_held"], ["s47_completed"],
        ["icpc_arranged"], ["transfer_in_conference_held"], ["case_closed", "case_transferred"],
        ["initial_assessment_authorised", "core_assessment_authorised", "assessment_authorised"],
        ["initial_assessment_authorised", "initial_assessment_completed"], ["core_assessment_completed"],
        ["assessment_authorised", "assessment_completed"], ["icpc_not_required"],
    ]
    for _ in 0..<random.number(1...2) { run.without.formUnion(random.pick(sets)) }
    let gone = run.without
    if random.chance(85) { rows.removeAll { gone.contains($0.event) } }
}

// MARK: Writing it down

private struct MessyColumn {
    var name: String
    var cell: (MessyRow, inout MessyRandom) -> String
}

private func messyText(_ rows: [MessyRow], recorded: Bool, _ random: inout MessyRandom) -> String {
    let slashes = random.chance(30)
    let recordedSlashes = random.chance(30)
    var columns = [
        MessyColumn(name: "child_id") { row, random in
            guard row.child.first == "1", random.chance(15) else { return row.child }
            return row.child + ".0"
        },
        MessyColumn(name: "event") { row, _ in row.event },
        MessyColumn(name: "date") { row, random in row.badDate ?? messyDate(row.date, slashes, time: 4, &random) },
        MessyColumn(name: "referral_id") { row, _ in row.referral },
        MessyColumn(name: "step_id") { row, _ in row.step },
        MessyColumn(name: "event_id") { _, random in String(random.number(1...9)) },
        MessyColumn(name: "team") { row, _ in row.team },
        MessyColumn(name: "worker") { row, _ in row.worker },
        MessyColumn(name: "manager") { row, _ in row.manager },
        MessyColumn(name: "family_id") { row, _ in row.family },
        MessyColumn(name: "outcome") { row, _ in row.outcome },
        MessyColumn(name: "restricted") { _, random in random.chance(3) ? "1" : "" },
    ]
    if recorded {
        columns.append(
            MessyColumn(name: "recorded_at") { row, random in
                row.recorded.map { messyDate($0, recordedSlashes, time: 30, &random) } ?? ""
            })
    }
    if random.chance(30) { columns.append(MessyColumn(name: "remarks") { _, _ in "a, \"b\"\nc" }) }
    if random.chance(20) { columns.append(MessyColumn(name: "source_system") { _, _ in "x" }) }
    columns.shuffle(using: &random)
    // The first column decides whether a line may be read as empty: it always has a neighbour here.
    let newline = random.chance(40) ? "\r\n" : "\n"
    var text = random.chance(15) ? "\u{FEFF}" : ""
    text += columns.map(\.name).joined(separator: ",") + newline
    for row in rows {
        var cells = columns.map { messyCell($0.cell(row, &random), &random) }
        if row.isShort { cells.removeLast() }
        text += cells.joined(separator: ",") + newline
        if random.chance(2) { text += newline }
    }
    return text
}

private func messyCell(_ value: String, _ random: inout MessyRandom) -> String {
    var value = value
    if value.isEmpty, random.chance(3) { value = random.pick(["NULL", "#N/A", "-1", "  ", "\u{A0}"]) }
    if random.chance(3) { value += random.pick([" ", "\u{A0}", "\t"]) }
    let needsQuotes = value.contains("\"") || value.contains(",") || value.contains("\n")
    guard needsQuotes || random.chance(8) else { return value }
    return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

/// In winter a time with `Z` is the same day; in summer half past eleven in the evening is the day after.
private func messyDate(_ date: CivilDate, _ slashes: Bool, time: Int, _ random: inout MessyRandom) -> String {
    let parts = date.description.split(separator: "-").map { String($0) }
    func day(_ text: String) -> String { text.hasPrefix("0") && random.chance(30) ? String(text.dropFirst()) : text }
    let written = slashes ? "\(day(parts[2]))/\(day(parts[1]))/\(parts[0])" : date.description
    guard random.chance(time) else { return written }
    let clock = random.pick(["09:15", "00:30:00", "23:59:59", "12:00:00Z", "23:30:00Z", "00:15:00+01:00"])
    return written + random.pick(["T", " "]) + clock
}

// MARK: The organisation and the calendar

private func messyTeams(base: CivilDate, _ random: inout MessyRandom) -> String {
    let change = base.plus(random.number(10...40))
    let marked = random.chance(50) ? "1" : ""
    let other = random.chance(20) ? "1" : ""
    var lines = ["unit,team,group_manager,service,short_term,from,to,succeeded_by"]
    switch random.number(0...3) {
    case 0:
        lines += ["U1,Team A,GM1,North,\(marked),,,", "U2,Team A,GM1,North,\(other),,,", "U3,Team B,GM2,South,,,,"]
    case 1:
        // U1 moves to another Group Manager on the day of the change.
        lines += [
            "U1,Team A,GM1,North,\(marked),,\(change.plus(-1)),", "U1,Team C,GM2,South,\(marked),\(change),,",
            "U2,Team B,GM2,South,\(other),,,", "U3,Team B,GM2,South,,,,",
        ]
    case 2:
        // U2 begins late, U3 is succeeded by U4.
        lines += [
            "U1,Team A,GM1,North,\(marked),,,", "U2,Team B,GM1,North,,\(change),,",
            "U3,Team B,GM2,South,\(other),,\(change.plus(-1)),U4", "U4,Team D,GM2,South,\(other),\(change),,",
        ]
    default:
        lines += [
            "U1,Team A,GM1,North,,,\(change.plus(-3)),", "U1,Team A,GM2,North,,\(change.plus(4)),,",
            "U2,Team A,GM1,North,\(marked),,,",
        ]
    }
    return lines.joined(separator: "\n") + "\n"
}

/// Closures of England and Wales around the eras used, with some made up whose day of knowledge falls inside a run.
private let messyClosures: [TwinClosure] = {
    let plain = [
        "2009-12-25", "2009-12-28", "2010-01-01", "2010-04-02", "2010-04-05", "2010-05-03", "2010-05-31",
        "2010-08-30", "2010-12-27", "2010-12-28", "2011-01-03", "2011-04-22", "2011-04-25", "2011-04-29",
        "2011-05-02", "2011-05-30", "2011-08-29", "2011-12-26", "2011-12-27", "2012-01-02", "2012-04-06",
        "2012-04-09", "2012-05-07", "2012-06-04", "2012-06-05", "2012-08-27", "2012-12-25", "2012-12-26",
        "2013-01-01", "2013-03-29", "2013-04-01", "2013-05-06", "2013-05-27", "2013-08-26", "2013-12-25",
        "2013-12-26", "2014-01-01", "2014-04-18", "2014-04-21", "2014-05-05", "2014-05-26", "2014-08-25",
        "2014-12-25", "2014-12-26", "2015-01-01", "2015-04-03", "2015-04-06", "2015-05-04", "2015-05-25",
    ]
    let changing: [(String, String?, String?)] = [
        ("2010-03-24", "2010-03-10", nil), ("2010-11-17", "2010-11-10", nil), ("2010-12-08", nil, "2010-11-20"),
        ("2013-05-15", "2013-04-20", nil), ("2014-05-14", nil, "2014-05-01"),
        ("2011-03-16", "2011-03-05", "2011-03-12"),
    ]
    let always = plain.compactMap { CivilDate($0) }.map { TwinClosure(date: $0) }
    return always
        + changing.compactMap { date, known, withdrawn in
            CivilDate(date).map {
                TwinClosure(
                    date: $0, knownFrom: known.flatMap { CivilDate($0) },
                    withdrawnOn: withdrawn.flatMap { CivilDate($0) })
            }
        }
}()
