import Rules
import WorkingCalendar

private let overrideKeys = [
    "rule", "title", "on", "risk", "day_count", "limit", "editions", "strict_within", "child_not_seen_after",
    "referrals_from", "referrals_to",
]

/// Changes the rules of a rulebook as a council's own file says.
func applyOverrides(_ node: SettingsNode, to rulebook: inout Rulebook) throws(SettingsError) {
    var lines: [String: Int] = [:]
    for item in try node.list(of: "overrides") {
        let block = try item.block(of: "an override", keys: overrideKeys)
        let nameNode = try block.required("rule", hint: "name the rule that the lines change")
        let name = try nameNode.text()
        guard let index = rulebook.rules.firstIndex(where: { $0.name == name }) else {
            let names = rulebook.rules.map(\.name)
            throw nameNode.error(
                .unknownRule, "`rule` names no rule of the rulebook that this one extends",
                hint: didYouMean(name, among: names, else: "the rules are \(quotedList(names))"))
        }
        if let line = lines[name] {
            throw nameNode.error(.duplicateRule, "the rule `\(name)` is already overridden in line \(line)")
        }
        lines[name] = nameNode.line
        try apply(block, to: &rulebook.rules[index])
    }
}

private func apply(_ block: SettingsBlock, to rule: inout Rule) throws(SettingsError) {
    try refuseMisplaced(block, shape: rule.shape)
    if let value = block["title"] { rule.title = try value.text() }
    if let value = block["risk"] { rule.risk = try value.integer(in: 1...9) }
    try readSwitches(block, into: &rule)
    if let value = block["limit"] {
        guard value.isWord("none") else {
            throw value.error(
                .badLimit, "`limit` of an override can only be `none`",
                hint: "give any other limit as an edition, with its dates and its source, under `editions`")
        }
        for index in rule.editions.indices {
            rule.editions[index].limit = nil
            rule.editions[index].expected = nil
            rule.editions[index].basis = .local
            rule.editions[index].note = "The limit is set aside by the local rulebook."
        }
    }
    if let value = block["editions"] {
        let local = try readEditions(value)
        guard !local.isEmpty else {
            throw value.error(.noEditions, "the override has no edition; expected at least one")
        }
        for edition in local { rule.editions = inserting(edition, into: rule.editions) }
    }
}

/// The editions with a local one among them: the others are cut back to the days around it.
func inserting(_ local: Edition, into editions: [Edition]) -> [Edition] {
    var result: [Edition] = []
    for edition in editions {
        if let from = local.from, edition.from.map({ $0 < from }) ?? true {
            var before = edition
            before.to = min(edition.to ?? from, from.adding(days: -1))
            result.append(before)
        }
        if let to = local.to, edition.to.map({ $0 > to }) ?? true {
            var after = edition
            after.from = max(edition.from ?? to, to.adding(days: 1))
            result.append(after)
        }
    }
    result.append(local)
    return result.sorted { ($0.from?.daysSinceEpoch ?? .min) < ($1.from?.daysSinceEpoch ?? .min) }
}
