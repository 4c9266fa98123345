import CaseEvents
public import Rules
import WorkingCalendar

/// Reads a rulebook from YAML and checks all of it.
///
/// A rulebook is whole (`rules`), or it extends the shipped one (`extends: england`) and lists only
/// what differs (`overrides`, and `rules` of its own).
///
/// - Throws: The first thing wrong in the file, with its line and column.
public func readRulebook(yaml: String, file: String) throws(SettingsError) -> Rulebook {
    guard let root = try parseSettings(yaml, file: file) else {
        throw SettingsError(
            .emptyFile, file: file, line: 1, message: "the file is empty; expected a rulebook",
            hint: "`cards rules show` prints the one for England as an example")
    }
    let block = try root.block(of: "a rulebook", keys: RulebookKeys.all)
    let base = try block["extends"].map { (node) throws(SettingsError) in try baseRulebook(node) }
    if base == nil {
        try block.refuse(["overrides"], because: "stands only in a rulebook that extends another, such as England's")
    }
    var rulebook = Rulebook(
        name: try block.required("rulebook", hint: "name the rulebook as the cards should print it").text(),
        version: try block.required("version", hint: "any word or number; change it with the rules").text(),
        jurisdiction: base?.jurisdiction ?? "", rules: base?.rules ?? [], risks: base?.risks ?? [:],
        thresholds: base?.thresholds ?? .init())
    if let jurisdiction = block["jurisdiction"] {
        rulebook.jurisdiction = try jurisdiction.text()
    } else if base == nil {
        throw block.place.error(
            .missingKey, "a rulebook needs the key `jurisdiction`", hint: "write `jurisdiction: england-and-wales`")
    }
    if let node = block["thresholds"] { try readThresholds(node, into: &rulebook.thresholds) }
    try readRisks(block, isWhole: base == nil, into: &rulebook.risks)
    if let node = block["overrides"] { try applyOverrides(node, to: &rulebook) }
    if let node = block["rules"] { try appendRules(node, to: &rulebook) }
    guard !rulebook.rules.isEmpty else {
        throw (block["rules"] ?? block.place).error(
            .noRules, "the rulebook has no rule; expected at least one under `rules`",
            hint: "or write `extends: england` to take the rules of England")
    }
    return rulebook
}

/// The keys of a rulebook file.
private enum RulebookKeys {
    static let all = [
        "rulebook", "version", "extends", "jurisdiction", "thresholds", "risks", "overrides", "rules",
    ]
}

private func baseRulebook(_ node: SettingsNode) throws(SettingsError) -> Rulebook {
    let name = try node.text()
    guard name == DefaultRulebook.name else {
        throw node.error(
            .unknownBase, "`extends` names no rulebook that is shipped; expected `\(DefaultRulebook.name)`",
            hint: didYouMean(name, among: [DefaultRulebook.name], else: nil))
    }
    return try DefaultRulebook.rulebook()
}

private func readThresholds(_ node: SettingsNode, into thresholds: inout Rulebook.Thresholds) throws(SettingsError) {
    let fields: [(key: String, path: WritableKeyPath<Rulebook.Thresholds, Int32>)] = [
        ("unallocated_after", \.unallocatedAfter), ("not_started_after", \.notStartedAfter),
        ("no_outcome_from", \.noOutcomeFrom), ("no_oversight_from", \.noOversightFrom),
        ("no_recent_activity_from", \.noRecentActivityFrom), ("icpc_not_booked_from", \.icpcNotBookedFrom),
        ("due_soon_within", \.dueSoonWithin),
    ]
    let block = try node.block(of: "the block `thresholds`", keys: fields.map(\.key))
    for field in fields {
        if let value = block[field.key] { thresholds[keyPath: field.path] = try value.workingDays() }
    }
}

/// The kinds whose rank is their own; `overdue` and `beyond_limit` have that of their rule.
private let rankedKinds = ExceptionKind.allCases.filter { $0 != .overdue && $0 != .beyondLimit }

private func readRisks(
    _ block: SettingsBlock, isWhole: Bool, into risks: inout [ExceptionKind: Int]
) throws(SettingsError) {
    guard let node = block["risks"] else {
        guard isWhole else { return }
        throw block.place.error(
            .missingKey, "a rulebook needs the key `risks`",
            hint: "`cards rules show` prints the one for England as an example")
    }
    let ranks = try node.block(of: "the block `risks`", keys: rankedKinds.map(\.rawValue))
    for kind in rankedKinds {
        if let value = isWhole ? try ranks.required(kind.rawValue) : ranks[kind.rawValue] {
            risks[kind] = try value.integer(in: 1...9)
        }
    }
}

private func appendRules(_ node: SettingsNode, to rulebook: inout Rulebook) throws(SettingsError) {
    var lines: [String: Int] = [:]
    for item in try node.list(of: "rules") {
        let rule = try readRule(item)
        if rulebook.rules.contains(where: { $0.name == rule.name }) {
            let place = lines[rule.name].map { "in line \($0)" } ?? "in the rulebook that this one extends"
            throw item.error(
                .duplicateRule, "the rule `\(rule.name)` is already there, \(place)",
                hint: lines[rule.name] == nil ? "change it under `overrides`" : "give one of the two another name")
        }
        lines[rule.name] = item.line
        rulebook.rules.append(rule)
    }
}
