import CaseEvents
import Columnar
import Reports
import WorkingCalendar

/// The case-events format, as `cards` reads it.
struct CaseEventsLog: EventLog {
    private static let columns = [
        "child_id", "event", "date", "referral_id", "step_id", "recorded_at", "team", "worker", "manager", "family_id",
        "outcome", "restricted",
    ]

    let head = columns.joined(separator: ",") + "\n"
    let separator = ""

    func tail(_ objects: [String]) -> String { "" }

    func text(of sight: CaseSight, _ store: CaseStore, _ names: References) -> LogText {
        let child = names.name(sight.child, "child")
        let rows = sight.rows
        var log = LogText()
        for row in Array(rows.rows) + Array(rows.bookings) + Array(rows.ghosts) {
            let event = LoggedEvent(row, referral: row.referralId, sight, store, names)
            let cells = [
                child, event.kind.name, event.day.map { "\($0)" } ?? "", event.referral, event.step,
                event.recordedOn.map { "\($0)" } ?? "", event.team, event.worker, event.manager, event.family,
                event.outcome, event.restricted,
            ]
            log.items.append(cells.map(Self.quoted).joined(separator: ",") + "\n")
            log.events += 1
        }
        return log
    }

    /// A cell as it is read again: an export is no file for spreadsheets, so nothing is put before its text.
    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { [10, 13, 34, 44].contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

/// An event log in the XES standard (IEEE 1849): a trace for each referral.
///
/// What belongs to no referral is a trace of the child's own.
struct XESLog: EventLog {
    let head = """
        <?xml version="1.0" encoding="UTF-8"?>
        <log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
        <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
        <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
        <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
        <classifier name="Event" keys="concept:name"/>

        """
    let separator = ""

    func tail(_ objects: [String]) -> String { "</log>\n" }

    func text(of sight: CaseSight, _ store: CaseStore, _ names: References) -> LogText {
        let child = names.name(sight.child, "child")
        var log = LogText()
        for trace in Traces(sight).traces {
            var text = "<trace>\n" + Self.string("concept:name", names.name(trace.name, "trace"))
            text += Self.string("child", child)
            for place in trace.rows {
                let row = sight.file.rows[place]
                let event = LoggedEvent(row, referral: row.referralId, sight, store, names)
                text += "<event>\n" + Self.string("concept:name", event.kind.name)
                text += "<date key=\"time:timestamp\" value=\"\(row.day)T00:00:00.000+00:00\"/>\n"
                for (key, value) in [
                    ("org:group", event.team), ("org:resource", event.worker), ("step", event.step),
                    ("outcome", event.outcome),
                ] where !value.isEmpty {
                    text += Self.string(key, value)
                }
                text += "</event>\n"
                log.events += 1
            }
            log.items.append(text + "</trace>\n")
        }
        return log
    }

    private static func string(_ key: String, _ value: String) -> String {
        "<string key=\"\(key)\" value=\"\(escaped(value))\"/>\n"
    }

    /// Text for an attribute; what XML cannot hold becomes U+FFFD.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// An object-centric event log in OCEL 2.0, as JSON: children, referrals, steps, families and workers are objects.
struct OCELLog: EventLog {
    private static let objectTypes = ["child", "referral", "step", "family", "worker"]

    private static func text(_ value: JSONValue) -> String { String(value.text(depth: 0).dropLast()) }

    private static func type(_ name: String, _ attributes: [String]) -> JSONValue {
        let attributes = attributes.map { JSONValue.members([("name", .text($0)), ("type", .text("string"))]) }
        return .members([("name", .text(name)), ("attributes", .list(attributes))])
    }

    var head: String {
        let objects = JSONValue.list(Self.objectTypes.map { Self.type($0, []) })
        let events = JSONValue.list(EventKind.allCases.map { Self.type($0.name, ["team", "outcome"]) })
        return "{\"objectTypes\": \(Self.text(objects)),\n\"eventTypes\": \(Self.text(events)),\n\"events\": [\n"
    }

    let separator = ",\n"

    func tail(_ objects: [String]) -> String {
        "\n],\n\"objects\": [\n" + objects.joined(separator: ",\n") + "\n]}\n"
    }

    func text(of sight: CaseSight, _ store: CaseStore, _ names: References) -> LogText {
        let child = names.name(sight.child, "child")
        var log = LogText()
        for row in sight.file.rows {
            let event = LoggedEvent(row, referral: row.referralId, sight, store, names)
            let things = [
                ("child", child), ("referral", event.referral.isEmpty ? "" : "\(child) \(event.referral)"),
                ("step", event.step.isEmpty ? "" : "\(child) \(event.step)"), ("family", event.family),
                ("worker", event.worker),
            ].filter { !$0.1.isEmpty }
            let links = things.map { type, name in
                JSONValue.members([("objectId", .text("\(type) \(name)")), ("qualifier", .text(type))])
            }
            for (type, name) in things {
                let id = "\(type) \(name)"
                log.objects[id] = Self.text(.members([("id", .text(id)), ("type", .text(type))]))
            }
            let attributes = [("team", event.team), ("outcome", event.outcome)].filter { !$0.1.isEmpty }
            log.items.append(
                Self.text(
                    .members([
                        ("id", .text("\(child) \(log.events + 1)")), ("type", .text(event.kind.name)),
                        ("time", .text("\(row.day)T00:00:00Z")),
                        (
                            "attributes",
                            .list(attributes.map { .members([("name", .text($0)), ("value", .text($1))]) })
                        ),
                        ("relationships", .list(links)),
                    ])))
            log.events += 1
        }
        return log
    }
}

/// The rows of a child as traces: one for each referral, and one for what belongs to none.
private struct Traces {
    var traces: [(name: String, rows: [Int])] = []

    init(_ sight: CaseSight) {
        var places: [Int32: Int] = [:]
        for place in sight.file.rows.indices {
            var referral = sight.file.referralOfRow[place]
            if referral >= 0, sight.file.referrals[Int(referral)].isNameless { referral = -1 }
            if let known = places[referral] {
                traces[known].rows.append(place)
                continue
            }
            places[referral] = traces.count
            let id = referral < 0 ? "" : sight.ids.referrals.string(sight.file.referrals[Int(referral)].id)
            let date = referral < 0 ? "" : "\(sight.file.referrals[Int(referral)].date)"
            traces.append(("\(sight.child) \(id.isEmpty ? date : id)", [place]))
        }
    }
}
