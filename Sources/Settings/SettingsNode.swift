import CaseEvents
import Rules
import WorkingCalendar
import Yams

/// A value of a settings file, with its place, and the strict ways to read it.
///
/// Each reader says in its error what stands there, what was expected, and where.
struct SettingsNode {
    let file: String
    let node: Node
    /// What messages call the value, such as `` `limit` ``.
    let name: String

    var line: Int { node.mark?.line ?? 1 }
    var column: Int? { node.mark?.column }

    /// An error at the place of this value.
    func error(_ code: SettingsError.Code, _ message: String, hint: String? = nil) -> SettingsError {
        SettingsError(code, file: file, line: line, column: column, message: message, hint: hint)
    }

    /// Whether the value is `null` or `~`, which says that there is none.
    var isNull: Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return scalar.string == "null" || scalar.string == "~"
    }

    /// The single value as it stands, which may be empty; `nil` for a block or a list.
    var scalarText: String? { node.scalar?.string }

    /// Whether the value is a block of lines.
    var isBlock: Bool { if case .mapping = node { true } else { false } }

    /// Whether the value is the plain word, in any case.
    func isWord(_ word: String) -> Bool { node.scalar?.string.lowercased() == word }

    /// The block of `key: value` lines, every key of it known.
    func block(of what: String, keys known: [String]) throws(SettingsError) -> SettingsBlock {
        guard case .mapping(let mapping) = node else {
            throw error(.wrongType, "\(name) is \(kindInWords); expected lines of `key: value`")
        }
        var values: [String: SettingsNode] = [:]
        for (key, value) in mapping {
            let keyNode = SettingsNode(file: file, node: key, name: "the key")
            guard let word = key.scalar?.string, known.contains(word) else {
                throw keyNode.unknownKey(in: what, known: known)
            }
            values[word] = SettingsNode(file: file, node: value, name: "`\(word)`")
        }
        return SettingsBlock(place: self, what: what, values: values)
    }

    /// The block of `key: value` lines with keys of any name, in the order of the file.
    func entries() throws(SettingsError) -> [(key: SettingsNode, value: SettingsNode)] {
        guard case .mapping(let mapping) = node else {
            throw error(.wrongType, "\(name) is \(kindInWords); expected lines of `key: value`")
        }
        return mapping.map { key, value in
            let name = key.scalar.flatMap { quotable($0.string) } ?? "value"
            return (
                SettingsNode(file: file, node: key, name: "the key"),
                SettingsNode(file: file, node: value, name: "`\(name)`")
            )
        }
    }

    /// The value of one key of a block whose other keys are not ours to check.
    func value(of key: String) throws(SettingsError) -> SettingsNode? {
        try entries().first { $0.key.scalarText == key }?.value
    }

    private func unknownKey(in what: String, known: [String]) -> SettingsError {
        let written = node.scalar?.string ?? ""
        let name = quotable(written).map { "`\($0)` is no key of \(what)" } ?? "this is no key of \(what)"
        return error(
            .unknownKey, name, hint: didYouMean(written, among: known, else: "the keys are \(quotedList(known))"))
    }

    /// The items of a list.
    func list(of what: String) throws(SettingsError) -> [SettingsNode] {
        guard case .sequence(let sequence) = node else {
            throw error(
                .wrongType, "\(name) is \(kindInWords); expected a list of \(what)",
                hint: "write `[one, two]`, or one line for each that begins with `- `")
        }
        return sequence.map { SettingsNode(file: file, node: $0, name: "an item of \(name)") }
    }

    /// The text of a single value, which is not empty.
    func text() throws(SettingsError) -> String {
        guard case .scalar(let scalar) = node else {
            throw error(.wrongType, "\(name) is \(kindInWords); expected a single value")
        }
        guard !scalar.string.allSatisfy(\.isWhitespace), !isNull else {
            throw error(.missingValue, "\(name) has no value", hint: "write one after the colon or remove the line")
        }
        return scalar.string
    }

    /// A whole number in the range.
    func integer(in range: ClosedRange<Int>) throws(SettingsError) -> Int {
        let text = try text()
        let expected = "expected a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard node.scalar?.style == .plain, let number = Int(text) else {
            throw error(.wrongType, "\(name) is no number; \(expected)")
        }
        guard range ~= number else { throw error(.outOfRange, "\(name) is out of range; \(expected)") }
        return number
    }

    /// `true` or `false`; `yes` and `no` say the same.
    func flag() throws(SettingsError) -> Bool {
        switch try text().lowercased() {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw error(.wrongType, "\(name) is neither; expected `true` or `false`")
        }
    }

    /// A date.
    func date() throws(SettingsError) -> CivilDate {
        guard let date = writtenDate(try text()) else { throw error(.badDate, "\(name) \(expectedDate)") }
        return date
    }

    /// One of the words of a closed list.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(of type: Choice.Type) throws(SettingsError) -> Choice {
        let text = try text()
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue)
            throw error(
                .unknownValue, "\(name) is none of the known words; expected one of \(quotedList(words))",
                hint: didYouMean(text, among: words, else: nil))
        }
        return choice
    }

    /// The name of an event of the vocabulary.
    func event() throws(SettingsError) -> EventKind {
        let text = try text()
        guard let kind = EventKind(name: text) else {
            throw error(
                .unknownEvent, "\(name) names no event of the vocabulary",
                hint: didYouMean(
                    text, among: EventKind.allCases.map(\.name),
                    else: "docs/formats.md lists the events, such as `referral_received`"))
        }
        return kind
    }

    /// A length of time such as `10 wd`, `8 weeks` or `3 months`.
    func limit() throws(SettingsError) -> TimeLimit {
        let words = try text().split(separator: " ")
        guard words.count == 2, let count = Int32(words[0]), let unit = timeUnit(words[1]) else {
            throw error(
                .badLimit, "\(name) is no length of time; expected a number and `wd`, `days`, `weeks` or `months`",
                hint: "write `10 wd` for ten working days")
        }
        guard 0...1000 ~= count else { throw error(.outOfRange, "\(name) is out of range; expected 0 to 1000") }
        return TimeLimit(count, unit)
    }

    /// A number of working days, such as `10 wd`.
    func workingDays() throws(SettingsError) -> Int32 {
        let limit = try limit()
        guard limit.unit == .workingDays else {
            throw error(.badLimit, "\(name) is in another unit; expected working days, such as `10 wd`")
        }
        return limit.count
    }

    private func timeUnit(_ word: Substring) -> TimeLimit.Unit? {
        switch word {
        case "day": .days
        case "week": .weeks
        case "month": .months
        default: TimeLimit.Unit(rawValue: String(word))
        }
    }

    /// What the value is, for messages.
    private var kindInWords: String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "a single value"
        case .sequence: "a list"
        case .mapping: "a block of lines"
        case .alias: "an alias"
        }
    }
}

/// The lines `key: value` of one block.
struct SettingsBlock {
    /// The block itself, for the place of errors about what it lacks.
    let place: SettingsNode
    /// What messages call the block, such as `a rule`.
    let what: String
    fileprivate let values: [String: SettingsNode]

    fileprivate init(place: SettingsNode, what: String, values: [String: SettingsNode]) {
        self.place = place
        self.what = what
        self.values = values
    }

    /// The value of a key, or `nil` where it was left out or is `null`.
    subscript(key: String) -> SettingsNode? {
        guard let value = values[key], !value.isNull else { return nil }
        return value
    }

    /// The value of a key that has to be there.
    func required(_ key: String, hint: String? = nil) throws(SettingsError) -> SettingsNode {
        guard let value = values[key] else {
            throw place.error(.missingKey, "\(what) needs the key `\(key)`", hint: hint)
        }
        return value
    }

    /// Refuses the first of the keys that stands here though it does not belong.
    func refuse(_ keys: [String], because reason: String) throws(SettingsError) {
        for key in keys {
            if let value = values[key] { throw value.error(.misplacedKey, "`\(key)` \(reason)") }
        }
    }
}
