import CaseEvents
import WorkingCalendar

/// Reads `cards.yaml`; an empty file says nothing.
///
/// - Throws: The first thing wrong in the file, with its line and column.
public func readConfiguration(yaml: String, file: String) throws(SettingsError) -> Configuration {
    var configuration = Configuration()
    guard let root = try parseSettings(yaml, file: file) else { return configuration }
    let paths: [(key: String, path: WritableKeyPath<Configuration, String?>)] = [
        ("teams", \.teams), ("workers", \.workers), ("rulebook", \.rulebook), ("calendar", \.calendar), ("out", \.out),
    ]
    let others = [
        "exports", "formats", "complete_from", "without", "changes", "restricted_to", "groups", "structure",
        "screen_limits", "nightly",
    ]
    let block = try root.block(of: "the configuration", keys: paths.map(\.key) + others)
    for path in paths {
        if let node = block[path.key] { configuration[keyPath: path.path] = try node.text() }
    }
    if let node = block["exports"] { configuration.exports = try readTexts(node, of: "paths") }
    if let node = block["restricted_to"] { configuration.restrictedTo = try readTexts(node, of: "names") }
    if let node = block["formats"] {
        var formats: [Configuration.Format] = []
        for item in try node.list(of: "formats") { formats.append(try item.choice(of: Configuration.Format.self)) }
        configuration.formats = formats
    }
    if let node = block["complete_from"] { configuration.completeFrom = try node.date() }
    if let node = block["without"] {
        for item in try node.list(of: "events") { configuration.without.append(try item.event()) }
    }
    if let node = block["changes"] { configuration.changes = try readChanges(node) }
    if let node = block["screen_limits"] { configuration.screensLimits = try node.flag() }
    if let node = block["groups"] { configuration.groups = try readGroups(node) }
    if let node = block["structure"] { configuration.structure = try node.choice(of: Configuration.Structure.self) }
    if let node = block["nightly"] { configuration.nightly = try readNightly(node) }
    return configuration
}

private func readNightly(_ node: SettingsNode) throws(SettingsError) -> Configuration.Nightly {
    let texts: [(key: String, path: WritableKeyPath<Configuration.Nightly, String?>)] = [
        ("marker", \.marker), ("merges", \.merges), ("on_success", \.onSuccess), ("on_failure", \.onFailure),
    ]
    let block = try node.block(
        of: "the block `nightly`",
        keys: ["ledger"] + texts.map(\.key) + [
            "wait_minutes", "oldest_hours", "least_share", "most_unknown_teams", "most_future_rows", "keep_sets",
        ])
    var nightly = Configuration.Nightly(
        ledger: try block.required("ledger", hint: "name the file in which the nights are kept").text())
    for (key, path) in texts { if let node = block[key] { nightly[keyPath: path] = try node.text() } }
    if let node = block["wait_minutes"] { nightly.waitMinutes = try node.integer(in: 0...1_440) }
    if let node = block["oldest_hours"] { nightly.oldestHours = try node.integer(in: 0...10_000) }
    if let node = block["least_share"] { nightly.leastShare = try node.integer(in: 0...100) }
    if let node = block["most_unknown_teams"] { nightly.mostUnknownTeams = try node.integer(in: 0...10_000) }
    if let node = block["most_future_rows"] { nightly.mostFutureRows = try node.integer(in: 0...1_000_000) }
    if let node = block["keep_sets"] { nightly.keepSets = try node.integer(in: 1...10_000) }
    return nightly
}

private func readTexts(_ node: SettingsNode, of what: String) throws(SettingsError) -> [String] {
    var texts: [String] = []
    for item in try node.list(of: what) { texts.append(try item.text()) }
    return texts
}

private func readChanges(_ node: SettingsNode) throws(SettingsError) -> [Configuration.Change] {
    var changes: [Configuration.Change] = []
    for item in try node.list(of: "changes") {
        let block = try item.block(of: "a change", keys: ["date", "label"])
        changes.append(
            .init(
                date: try block.required("date").date(),
                label: try block.required("label", hint: "say in a few words what changed").text()))
    }
    return changes.sorted { ($0.date, $0.label) < ($1.date, $1.label) }
}

private func readGroups(_ node: SettingsNode) throws(SettingsError) -> [Configuration.Folder: String] {
    let block = try node.block(of: "the block `groups`", keys: Configuration.Folder.allCases.map(\.rawValue))
    var groups: [Configuration.Folder: String] = [:]
    for folder in Configuration.Folder.allCases {
        guard let value = block[folder.rawValue] else { continue }
        let name = try value.text()
        guard !name.contains(where: { $0 == "/" || $0 == ":" || $0.isNewline }), name.utf8.count <= 64 else {
            throw value.error(
                .badName, "\(value.name) is no name of a Unix group; expected at most 64 letters, no `/` or `:`")
        }
        groups[folder] = name
    }
    return groups
}
