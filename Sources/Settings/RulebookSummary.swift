public import Rules

/// A plain table of the rules, fit for a terminal of 80 columns.
public func rulebookSummary(_ rulebook: Rulebook) -> String {
    var text = wrapped("\(rulebook.name), version \(rulebook.version), calendar \(rulebook.jurisdiction)") + "\n"
    text += row(["rule", "edition", "limit", "in force", "basis", ""])
    let rules = rulebook.rules.filter(\.isOn)
    for rule in rules { text += lines(rule) }
    let off = rulebook.rules.filter { !$0.isOn }
    if !off.isEmpty {
        text += "\nswitched off\n"
        for rule in off { text += lines(rule) }
    }
    let isUncertain = rulebook.rules.contains { $0.editions.contains { $0.confidence == .unverified } }
    if isUncertain { text += "\n? not verified; `cards rules show --markdown` says what is uncertain\n" }
    return text
}

/// The widths of the columns; with a blank between them they make 80.
private let widths = [22, 9, 10, 22, 11, 1]

private func lines(_ rule: Rule) -> String {
    var text = ""
    var name = rule.name
    if name.count > widths[0] {
        text += name + "\n"
        name = ""
    }
    for edition in rule.editions {
        var limit = edition.limit?.words ?? "none"
        if let expected = edition.expected, let outer = edition.limit {
            limit = "\(expected.count)/\(outer.words)"
        }
        let isClosed = edition.from != nil && edition.to != nil
        let dates = isClosed ? edition.spanWords.replacing(" to ", with: "..") : edition.spanWords
        text += row([
            name, edition.name, limit, dates, edition.basis.rawValue, edition.confidence == .verified ? "" : "?",
        ])
        name = ""
    }
    return text
}

private func row(_ cells: [String]) -> String {
    var line = ""
    for (cell, width) in zip(cells, widths) {
        let fitted = cell.count > width ? cell.prefix(width - 1) + "~" : cell[...]
        line += fitted + String(repeating: " ", count: width - fitted.count + 1)
    }
    while line.last == " " { line.removeLast() }
    return line + "\n"
}

/// The text in lines of at most 80 columns, broken between words.
private func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
        if let last = lines.last, last.count + word.count < 80 {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(word))
        }
    }
    return lines.joined(separator: "\n") + "\n"
}
