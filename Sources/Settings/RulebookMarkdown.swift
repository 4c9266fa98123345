import CaseEvents
public import Rules

/// The reference page of a rulebook, in Markdown: one section a rule.
///
/// What starts, stops and voids a clock is written from the rule itself, so the page cannot lag.
public func rulebookMarkdown(_ rulebook: Rulebook) -> String {
    var page = """
        # Rulebook: \(rulebook.name)

        Version \(rulebook.version). Bank holidays of `\(rulebook.jurisdiction)`. \
        Working days (wd) are Monday to Friday without bank holidays; the day of the start is day 0. \
        A clock has the limit that was in force when it started. \
        **Unverified** marks a limit or date whose source has not been read.

        """
    for rule in rulebook.rules { page += "\n" + section(rule) }
    page += "\n" + exceptions(rulebook)
    return page
}

private func section(_ rule: Rule) -> String {
    let words = RuleWords(rule)
    var text = """
        ## \(rule.title)

        `\(rule.name)`\(rule.isOn ? "" : ", switched off")

        - **Starts:** \(words.starts)
        - **Stops:** \(words.stops)
        - **Void:** \(words.voids)

        """
    text +=
        rule.isStatistical
        ? "- **Exceptions:** none; the rule is for comparison only.\n"
        : "- **Risk:** \(rule.risk) when past its limit.\n"
    if let days = rule.childNotSeenAfter {
        text += "- **Child not seen:** an exception after more than \(days) wd.\n"
    }
    if rule.countsStartDay { text += "- **Day count:** inclusive; the day of the start is day 1.\n" }
    text += "\n| edition | in force | limit | basis | source | confidence |\n|---|---|---|---|---|---|\n"
    for edition in rule.editions {
        var limit = edition.limit?.words ?? "none"
        if let expected = edition.expected { limit = "\(expected.words) expected, at most \(limit)" }
        let confidence = edition.confidence == .verified ? "verified" : "**unverified**"
        let note = edition.note.map { ": \($0)" } ?? ""
        let cells = [
            edition.name, edition.spanWords, limit, edition.basis.rawValue, edition.source, confidence + note,
        ]
        text += "| " + cells.map(cell).joined(separator: " | ") + " |\n"
    }
    return text
}

private func exceptions(_ rulebook: Rulebook) -> String {
    let thresholds = rulebook.thresholds
    var text = "## Other exceptions\n\n| kind | risk | when |\n|---|---|---|\n"
    for kind in ExceptionKind.allCases {
        guard let risk = rulebook.risks[kind] else { continue }
        text += "| `\(kind.rawValue)` | \(risk) | \(condition(kind, thresholds)) |\n"
    }
    text += "\nA clock with at most \(thresholds.dueSoonWithin) wd left is due soon.\n"
    return text
}

private func condition(_ kind: ExceptionKind, _ thresholds: Rulebook.Thresholds) -> String {
    switch kind {
    case .childNotSeen: "the child not seen since the clock started, for longer than its rule says"
    case .overdue, .beyondLimit: "past the limit"
    case .noOutcome: "section 47 enquiry completed \(thresholds.noOutcomeFrom) wd ago or more, without an outcome"
    case .unallocated: "no worker after more than \(thresholds.unallocatedAfter) wd"
    case .notStarted: "decided and nothing begun after more than \(thresholds.notStartedAfter) wd"
    case .noOversight: "past the limit for \(thresholds.noOversightFrom) wd or more without a management decision"
    case .closedUnfinished: "the case closed while an enquiry, a late assessment or a conference was open"
    case .noRecentActivity: "nothing recorded for \(thresholds.noRecentActivityFrom) wd or more"
    case .icpcNotBooked: "no conference booked by day \(thresholds.icpcNotBookedFrom) (wd) of the enquiry"
    case .finding: "a running step that cannot be measured, has no limit in force, or has no team"
    }
}

/// A text as it may stand in a cell of a table.
private func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
}
