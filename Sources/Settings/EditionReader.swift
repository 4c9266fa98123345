import Rules
import WorkingCalendar

private let editionKeys = ["edition", "from", "to", "limit", "expected", "basis", "source", "confidence", "note"]

/// Reads the editions of one rule: in order of their dates, none overlapping another.
func readEditions(_ node: SettingsNode) throws(SettingsError) -> [Edition] {
    var editions: [Edition] = []
    var lastLine = node.line
    for item in try node.list(of: "editions") {
        let edition = try readEdition(item)
        if let last = editions.last { try check(edition, at: item, follows: last, ofLine: lastLine) }
        editions.append(edition)
        lastLine = item.line
    }
    return editions
}

private func check(
    _ edition: Edition, at node: SettingsNode, follows last: Edition, ofLine line: Int
) throws(SettingsError) {
    guard let from = edition.from else {
        throw node.error(
            .editionsOverlap, "the edition has no `from` and so overlaps the one of line \(line)",
            hint: "only the first edition may leave `from` out")
    }
    if let lastFrom = last.from, from < lastFrom {
        throw node.error(
            .editionsOutOfOrder, "the edition begins before the one of line \(line); expected the oldest first")
    }
    guard let lastTo = last.to, lastTo < from else {
        throw node.error(
            .editionsOverlap, "the edition overlaps the one of line \(line)",
            hint: "end that one with `to` on the day before this one's `from`, or earlier")
    }
}

private func readEdition(_ node: SettingsNode) throws(SettingsError) -> Edition {
    let block = try node.block(of: "an edition", keys: editionKeys)
    let nameNode = try block.required("edition")
    let name = try nameNode.text()
    guard isEditionName(name) else {
        throw nameNode.error(
            .badName, "`edition` is no name; expected at most 16 letters, digits, `.`, `-` and `_`",
            hint: "such as `WT2018`")
    }
    var edition = Edition(
        name: name, limit: try readLimit(try block.required("limit", hint: "write `limit: none` to judge nothing")),
        basis: try block.required("basis").choice(of: Basis.self),
        source: try block.required("source", hint: "say where the limit stands").text(),
        confidence: try block.required("confidence").choice(of: Confidence.self))
    if let value = block["from"] { edition.from = try value.date() }
    if let value = block["to"] {
        let to = try value.date()
        edition.to = to
        if let from = edition.from, to < from {
            throw value.error(.datesReversed, "`to` is before `from`; expected the same day or later")
        }
    }
    if let value = block["expected"] { edition.expected = try readExpected(value, inside: edition.limit) }
    if let value = block["note"] { edition.note = try value.text() }
    return edition
}

private func readLimit(_ node: SettingsNode) throws(SettingsError) -> TimeLimit? {
    node.isWord("none") ? nil : try node.limit()
}

private func readExpected(_ node: SettingsNode, inside limit: TimeLimit?) throws(SettingsError) -> TimeLimit {
    let expected = try node.limit()
    guard let limit else {
        throw node.error(.expectedNotInside, "`expected` stands without a limit; expected one that is longer")
    }
    guard expected.unit == limit.unit else {
        throw node.error(
            .mixedUnits, "`expected` is in another unit than `limit`; expected both in `\(limit.unit.rawValue)`")
    }
    guard expected.count < limit.count else {
        throw node.error(.expectedNotInside, "`expected` is not shorter than `limit`; expected less")
    }
    return expected
}

private func isEditionName(_ name: String) -> Bool {
    1...16 ~= name.utf8.count
        && name.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
}
