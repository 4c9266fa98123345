import Settings

/// Texts that are wrong before their content is looked at.
extension ErrorCase {
    static let textCases: [ErrorCase] = [
        .init(.configuration, .tooLarge, 1, nil, "larger than 1 MiB", String(repeating: "# comment\n", count: 110_000)),
        .init(.teams, .tooLarge, 1, nil, "larger than 1 MiB", String(repeating: "a,b\n", count: 300_000)),
        .init(.configuration, .tooDeep, 1, 74, "more than 64", "exports: " + String(repeating: "[", count: 5000)),
        .init(.configuration, .tooDeep, 1, 104, "more than 64", String(repeating: "- ", count: 5000)),
        .init(.configuration, .tooDeep, 2, 260, "more than 64", "a:\n" + String(repeating: " ", count: 5000) + "b: 1"),
        .init(.rulebook, .emptyFile, 1, nil, "expected a rulebook", hint: "cards rules show", "# nothing\n"),
        .init(.calendar, .emptyFile, 1, nil, "expected a calendar", ""),
        .init(.teams, .emptyFile, 1, nil, "expected a header", "\n\n"),
        .init(.configuration, .syntax, 2, 9, "cannot be read as YAML", hint: "quotes", "out: a\nteams: b: c\n"),
        .init(.configuration, .syntax, 2, 1, "cannot be read as YAML", hint: "bracket", "exports: [a, b\n"),
        .init(.configuration, .syntax, 2, 1, "cannot be read as YAML", hint: "tab", "out: a\n\tteams: b\n"),
        .init(
            .configuration, .syntax, 3, 3, "cannot be read as YAML", hint: "same column",
            "groups:\n    data: a\n  service: b\n"),
        .init(.configuration, .syntax, 2, 1, "second document", hint: "---", "out: a\n---\nout: b\n"),
        .init(.configuration, .syntax, 2, 9, "a character", hint: "UTF-8", "out: a\nteams: b\u{1}\n"),
        .init(
            .configuration, .duplicateKey, 3, 1, "`out` stands twice in one block, first in line 1",
            "out: a\nteams: b\nout: c\n"),
        .init(
            .configuration, .duplicateKey, 4, 5, "`date` stands twice in one block, first in line 2",
            "changes:\n  - date: 2010-01-01\n    label: a\n    date: 2010-01-02\n"),
        .init(.configuration, .duplicateKey, 1, 2, "`out` stands twice", "{out: a, out: b}"),
        .init(.configuration, .aliasRefused, 1, 6, "anchors", hint: "write the value out", "out: &x a\nteams: *x\n"),
        .init(.configuration, .aliasRefused, 2, 8, "anchors", "out: a\nteams: *x\n"),
        .init(.configuration, .aliasRefused, 1, 4, "anchors", bomb),
        .init(.configuration, .aliasRefused, 1, 6, "anchors", "{\"a\":&a [x],\"b\":[*a,*a]}"),
        .init(.configuration, .syntax, 1, 9, "cannot be read as YAML", "out: \"\\uD800\""),
        .init(.configuration, .tooDeep, 1, 65, "more than 64", String(repeating: "{", count: 400_000)),
        .init(
            .configuration, .aliasRefused, 1, 4, "anchors",
            bomb.replacing("[*", with: "[{? *").replacing("]", with: ": 1}]")),
    ]

    /// A text that would be of 10^9 words if its aliases were followed.
    private static let bomb: String = {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (name, last) in zip("bcdefghi", "abcdefgh") {
            text += "\(name): &\(name) [" + Array(repeating: "*\(last)", count: 10).joined(separator: ", ") + "]\n"
        }
        return text
    }()
}
