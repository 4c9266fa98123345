import Yams

/// The limits put on every text that people write, so that a wrong file cannot stop the machine.
enum SettingsLimits {
    /// The largest text read, in bytes.
    static let bytesMax = 1 << 20
    /// How many blocks or lists may stand inside one another.
    static let depthMax = 64
    /// How many times a file with anchors may point to them before it is refused unread.
    static let aliasesMax = 8
}

/// Parses YAML, or JSON, which is YAML; `nil` where the text holds nothing but comments.
///
/// Scalars stay text: what a value means is decided by who reads it. Anchors and aliases are refused,
/// for an alias can make a small file endlessly large.
func parseSettings(_ text: String, file: String) throws(SettingsError) -> SettingsNode? {
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    try checkLimits(text, file: file)
    do {
        // The parser owns the anchors: it has to outlive the look for them.
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        guard let root = try parser.singleRoot() else { return nil }
        let anchored = withExtendedLifetime(parser) { firstAnchor(in: root) }
        if let anchored {
            throw aliasError(file: file, line: anchored.mark?.line ?? 1, column: anchored.mark?.column)
        }
        return SettingsNode(file: file, node: root, name: "the file")
    } catch let error as SettingsError {
        throw error
    } catch {
        throw settingsError(error, text: text, file: file)
    }
}

/// Refuses a text that is too large or too deep, or that could grow without end, before it is parsed.
private func checkLimits(_ text: String, file: String) throws(SettingsError) {
    try checkSize(text, file: file)
    var shape = TextShape()
    var line = 1
    for byte in text.utf8 {
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "\n") { line += 1 }
            shape.beginLine()
            continue
        }
        shape.take(byte, line: line)
        guard shape.depth <= SettingsLimits.depthMax else {
            throw SettingsError(
                .tooDeep, file: file, line: line, column: shape.column,
                message: "more than \(SettingsLimits.depthMax) blocks stand inside one another")
        }
    }
    if let anchor = shape.anchor, shape.aliases > SettingsLimits.aliasesMax {
        throw aliasError(file: file, line: anchor.line, column: anchor.column)
    }
}

/// What can be said of a YAML text without parsing it: how deep it might nest, and where it might have anchors.
///
/// Text between quotes is not told apart, so the answers are upper bounds.
private struct TextShape {
    private(set) var column = 0
    private(set) var aliases = 0
    private(set) var anchor: (line: Int, column: Int)?
    private var brackets = 0
    private var indicators = 0
    private var spaces = 0
    private var isIndentation = true
    private var previous = UInt8(ascii: " ")

    /// How many blocks may be open at this place: brackets, `- - -` in one line, and four spaces for each.
    var depth: Int { brackets + indicators + spaces / 4 }

    mutating func beginLine() {
        (column, indicators, spaces, isIndentation, previous) = (0, 0, 0, true, UInt8(ascii: " "))
    }

    /// Whether a `&` or `*` after the byte may be an anchor or alias; other line breaks are not ASCII.
    private static func opensToken(after byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","),
            UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }

    mutating func take(_ byte: UInt8, line: Int) {
        column += 1
        let opens = Self.opensToken(after: previous)
        switch byte {
        case UInt8(ascii: " "): if isIndentation { spaces += 1 }
        case UInt8(ascii: "-"), UInt8(ascii: "?"):
            if previous != UInt8(ascii: " ") { isIndentation = false } else if isIndentation { indicators += 1 }
        case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
        case UInt8(ascii: "&") where opens && anchor == nil: anchor = (line, column)
        case UInt8(ascii: "*") where opens: aliases += 1
        default: break
        }
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"): break
        default: isIndentation = false
        }
        previous = byte
    }
}

/// Refuses a text larger than any that a person writes.
func checkSize(_ text: String, file: String) throws(SettingsError) {
    guard text.utf8.count > SettingsLimits.bytesMax else { return }
    throw SettingsError(
        .tooLarge, file: file, line: 1, message: "the file is larger than 1 MiB; expected a short text file",
        hint: "is this an export? exports are named as arguments, not as settings")
}

private func aliasError(file: String, line: Int, column: Int?) -> SettingsError {
    SettingsError(
        .aliasRefused, file: file, line: line, column: column,
        message: "anchors (`&name`) and aliases (`*name`) are not read here",
        hint: "write the value out in each place; put text that begins with & or * between quotes")
}

/// The first node in the order of the text that has an anchor; aliases stand after theirs.
private func firstAnchor(in node: Node) -> Node? {
    if node.anchor != nil { return node }
    switch node {
    case .scalar: return nil
    case .alias: return node
    case .sequence(let sequence):
        for item in sequence { if let found = firstAnchor(in: item) { return found } }
    case .mapping(let mapping):
        for (key, value) in mapping {
            if let found = firstAnchor(in: key) ?? firstAnchor(in: value) { return found }
        }
    }
    return nil
}

/// Turns what Yams throws into an error of ours with line and column.
private func settingsError(_ error: any Error, text: String, file: String) -> SettingsError {
    let quoting = "text with a colon, a # or a leading quote in it has to stand between quotes"
    switch error {
    case YamlError.scanner(let context, let problem, let mark, _),
        YamlError.parser(let context, let problem, let mark, _):
        let place = context.map { " \($0.text)" } ?? ""
        return SettingsError(
            .syntax, file: file, line: mark.line, column: mark.column,
            message: "the text cannot be read as YAML\(place): \(problem)",
            hint: syntaxHint(problem, mark: mark, text: text) ?? quoting)
    case YamlError.composer(_, let problem, let mark, _):
        let isAlias = problem.contains("alias")
        return isAlias
            ? aliasError(file: file, line: mark.line, column: mark.column)
            : SettingsError(
                .syntax, file: file, line: mark.line, column: mark.column,
                message: "a second document begins here; expected one", hint: "remove the line `---`")
    case YamlError.duplicatedKeysInMapping(let keys, let context):
        return duplicateKeyError(keys.first ?? "", first: context.mark, text: text, file: file)
    case YamlError.reader(_, let offset, _, _):
        let before = text.prefix(offset ?? 0)
        let line = before.count(where: \.isNewline) + 1
        let column = (before.lastIndex(where: \.isNewline).map { before[$0...].count - 1 } ?? before.count) + 1
        return SettingsError(
            .syntax, file: file, line: line, column: column,
            message: "a character that text files do not hold stands here", hint: "save the file as plain text, UTF-8")
    default:
        return SettingsError(.syntax, file: file, line: 1, message: "the text cannot be read as YAML", hint: quoting)
    }
}

/// What most likely went wrong, for the faults that people make most often.
private func syntaxHint(_ problem: String, mark: Mark, text: String) -> String? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.indices.contains(mark.line - 1), lines[mark.line - 1].first == "\t" {
        return "begin the line with blanks instead of a tab"
    }
    if problem.contains("']'") || problem.contains("'}'") { return "a bracket is opened before and never closed" }
    if problem.contains("block mapping") || problem.contains("expected key") || problem.contains("block end") {
        return "lines that belong together begin in the same column"
    }
    return nil
}

/// The error for a key that stands twice, placed on its second line where that can be found.
private func duplicateKeyError(_ key: String, first: Mark, text: String, file: String) -> SettingsError {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let second = lines.indices.dropFirst(first.line).first { index in
        let line = lines[index]
        guard line.prefix(first.column - 1).allSatisfy({ $0 == " " || $0 == "-" }) else { return false }
        let rest = line.dropFirst(first.column - 1)
        return rest.hasPrefix(key) && rest.dropFirst(key.count).drop { $0 == " " }.first == ":"
    }
    let name = quotable(key).map { "the key `\($0)`" } ?? "one key"
    return SettingsError(
        .duplicateKey, file: file, line: second.map { $0 + 1 } ?? first.line, column: first.column,
        message: "\(name) stands twice in one block, first in line \(first.line)", hint: "keep one of the two")
}

/// A key as it may stand in a message: a plain word; `nil` for anything that could be data.
func quotable(_ key: String) -> String? {
    let isWord = key.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
    return isWord && 1...40 ~= key.utf8.count && key.utf8.first.map { $0 > UInt8(ascii: "9") } == true ? key : nil
}
