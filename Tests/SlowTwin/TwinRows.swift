import WorkingCalendar

/// One accepted row, after cleaning.
struct TwinRow {
    var id = 0
    var child: String
    var event: String
    var date: CivilDate
    var referral: String
    var step: String
    var recorded: CivilDate?
    var team: String
    var worker: String
    var manager: String
    var family: String
    var outcome: String
    var restricted: String
    var export: Int

    /// The day that decides which copy was recorded first: none, or before its date, counts as its date.
    var recordedFor: CivilDate { max(recorded ?? date, date) }

    /// What makes two rows the same.
    var sameness: [String] { [child, event, date.description, referral, step] }
}

/// One rejected row, with what could be read of it.
struct TwinRejected {
    var reason: String
    var child = ""
    var event = ""
    var date: CivilDate?
    var recorded: CivilDate?
    var referral = ""
    var step = ""
    var team = ""
    var export: Int
}

/// The vocabulary, by verb in the order of events within a day.
let verbsInOrder: [(verb: String, events: [String])] = [
    ("notified", ["transfer_in_notified"]),
    ("received", ["contact_received", "referral_received"]),
    ("decided", ["contact_decided", "referral_decided"]),
    ("nfa", ["referral_nfa"]),
    ("allocated", ["case_allocated"]),
    (
        "started",
        [
            "initial_assessment_started", "core_assessment_started", "assessment_started", "s47_started",
            "cp_plan_started",
        ]
    ),
    ("arranged", ["icpc_arranged"]),
    (
        "held",
        ["strategy_discussion_held", "icpc_held", "core_group_held", "cp_review_held", "transfer_in_conference_held"]
    ),
    ("seen", ["child_seen"]),
    ("recorded", ["management_decision_recorded"]),
    (
        "completed",
        ["initial_assessment_completed", "core_assessment_completed", "assessment_completed", "s47_completed"]
    ),
    ("returned", ["initial_assessment_returned", "core_assessment_returned", "assessment_returned"]),
    ("authorised", ["initial_assessment_authorised", "core_assessment_authorised", "assessment_authorised"]),
    ("not_required", ["icpc_not_required"]),
    (
        "cancelled",
        ["initial_assessment_cancelled", "core_assessment_cancelled", "assessment_cancelled", "s47_cancelled"]
    ),
    ("transferred", ["case_transferred"]),
    ("changed", ["team_changed"]),
    ("ended", ["cp_plan_ended"]),
    ("closed", ["case_closed"]),
]

/// The place of each event within a day.
let placeInDay: [String: Int] = {
    var places: [String: Int] = [:]
    for (place, entry) in verbsInOrder.enumerated() {
        for event in entry.events { places[event] = place }
    }
    return places
}()

let assessmentKinds = ["initial_assessment", "core_assessment", "assessment"]

/// The kind of step an event belongs to, or nil.
func stepKind(_ event: String) -> String? {
    for kind in ["initial_assessment", "core_assessment", "assessment", "s47", "cp_plan"] {
        for verb in ["started", "completed", "authorised", "returned", "cancelled", "ended"]
        where event == "\(kind)_\(verb)" {
            return kind
        }
    }
    return nil
}

/// The rows of a run: read, cleaned, accounted for.
struct TwinReading {
    var read = 0
    var notYetKnown = 0
    var kept: [TwinRow] = []
    /// Rows that are the same as a kept one, with the id of the row kept.
    var dropped: [(row: TwinRow, kept: Int)] = []
    var rejected: [TwinRejected] = []
    /// The newest `recorded_at` of each export.
    var newestRecorded: [CivilDate?] = []

    init(_ run: TwinRun) {
        var usable: [TwinRow] = []
        for (number, export) in run.exports.enumerated() {
            newestRecorded.append(nil)
            readExport(export.text, number: number, knownAt: run.knownAt, into: &usable)
        }
        keepOneOfTheSame(usable)
    }

    private mutating func readExport(_ text: String, number: Int, knownAt: CivilDate?, into usable: inout [TwinRow]) {
        let records = csvRecords(text)
        guard let header = records.first?.map({ cleanText($0) }) else { return }
        for record in records.dropFirst() {
            read += 1
            guard record.count == header.count else {
                rejected.append(TwinRejected(reason: "field_count", export: number))
                continue
            }
            var cells: [String: String] = [:]
            for (name, cell) in zip(header, record) { cells[name] = cell }
            let recordedCell = readDate(cells["recorded_at"] ?? "")
            var recorded: CivilDate?
            if case .date(let date) = recordedCell { recorded = date }
            let dateCell = readDate(cells["date"] ?? "")
            var date: CivilDate?
            if case .date(let found) = dateCell { date = found }
            let event = cleanText(cells["event"] ?? "")
            let child = cleanId(cells["child_id"] ?? "")

            var reason: String?
            if child.isEmpty {
                reason = "no_child"
            } else if placeInDay[event] == nil {
                reason = "unknown_event"
            } else if dateCell == .none {
                reason = "no_date"
            } else if dateCell == .bad {
                reason = "bad_date"
            }
            if let knownAt, !isKnown(event: event, date: date, recorded: recorded, at: knownAt) {
                notYetKnown += 1
                continue
            }
            if let recorded { newestRecorded[number] = max(newestRecorded[number] ?? recorded, recorded) }
            let referral = cleanId(cells["referral_id"] ?? "")
            let step = cleanId(cells["step_id"] ?? "")
            let team = cleanText(cells["team"] ?? "")
            guard reason == nil, let date else {
                rejected.append(
                    TwinRejected(
                        reason: reason ?? "", child: child, event: event, date: date, recorded: recorded,
                        referral: referral, step: step, team: team, export: number))
                continue
            }
            usable.append(
                TwinRow(
                    child: child, event: event, date: date, referral: referral, step: step, recorded: recorded,
                    team: team, worker: cleanId(cells["worker"] ?? ""), manager: cleanId(cells["manager"] ?? ""),
                    family: cleanId(cells["family_id"] ?? ""), outcome: cleanText(cells["outcome"] ?? ""),
                    restricted: cleanText(cells["restricted"] ?? ""), export: number))
        }
    }

    /// "Rows recorded after K are left out, those without `recorded_at` count as known on their own date".
    private func isKnown(event: String, date: CivilDate?, recorded: CivilDate?, at known: CivilDate) -> Bool {
        // A row without a date (a ghost among them) and a booking are there from their `recorded_at`, or always.
        guard let date, event != "icpc_arranged" else { return recorded.map { $0 <= known } ?? true }
        return max(recorded ?? date, date) <= known
    }

    /// "The one recorded first is kept, then the smallest team, worker, outcome".
    private mutating func keepOneOfTheSame(_ usable: [TwinRow]) {
        let groups = Dictionary(grouping: usable, by: \.sameness)
        for key in groups.keys.sorted(by: before) {
            let copies = (groups[key] ?? []).sorted { left, right in
                func order(_ row: TwinRow) -> [String] {
                    [
                        row.recordedFor.description, row.team, row.worker, row.outcome,
                        row.recorded?.description ?? "", row.manager, row.family, row.restricted,
                    ]
                }
                return before(order(left), order(right))
            }
            guard var first = copies.first else { continue }
            first.id = kept.count
            kept.append(first)
            for copy in copies.dropFirst() { dropped.append((copy, first.id)) }
        }
    }
}
