/// A reason a text file that somebody wrote cannot be used.
///
/// Every reader of this module throws it. A message says what is wrong and what was expected; it
/// quotes keys of our own formats and never the content of a cell.
public struct SettingsError: Error, Equatable, Sendable {
    /// What went wrong, for code that reacts to it; the raw value is stable and printed.
    public enum Code: String, CaseIterable, Sendable {
        // The text as such.
        case tooLarge = "too-large"
        case tooDeep = "too-deep"
        case emptyFile = "empty-file"
        case syntax = "yaml-syntax"
        case duplicateKey = "duplicate-key"
        case aliasRefused = "alias-refused"
        // Keys and values.
        case unknownKey = "unknown-key"
        case missingKey = "missing-key"
        case misplacedKey = "misplaced-key"
        case missingValue = "missing-value"
        case wrongType = "wrong-type"
        case outOfRange = "out-of-range"
        case unknownValue = "unknown-value"
        case unknownEvent = "unknown-event"
        case badDate = "bad-date"
        case datesReversed = "dates-reversed"
        // Rulebooks.
        case badLimit = "bad-limit"
        case badName = "bad-name"
        case unknownBase = "unknown-base"
        case noRules = "no-rules"
        case noEditions = "no-editions"
        case duplicateRule = "duplicate-rule"
        case unknownRule = "unknown-rule"
        case editionsOverlap = "editions-overlap"
        case editionsOutOfOrder = "editions-out-of-order"
        case mixedUnits = "mixed-units"
        case expectedNotInside = "expected-not-inside"
        // Organisation files.
        case strayQuote = "stray-quote"
        case unterminatedQuote = "unterminated-quote"
        case missingColumn = "missing-column"
        case duplicateColumn = "duplicate-column"
        case fieldCount = "field-count"
        case overlappingRows = "overlapping-rows"
        case unknownSuccessor = "unknown-successor"
        case successorCycle = "successor-cycle"
        // Calendars.
        case unknownJurisdiction = "unknown-jurisdiction"
        case emptyCalendar = "empty-calendar"
    }

    public var code: Code
    /// The file's name as the user gave it.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// The column, counted from 1, where the place is known that well.
    public var column: Int?
    /// One sentence that says what is wrong and what was expected.
    public var message: String
    /// What the user can do about it.
    public var hint: String?

    public init(
        _ code: Code, file: String, line: Int, column: Int? = nil, message: String, hint: String? = nil
    ) {
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }
}

extension SettingsError: CustomStringConvertible {
    /// The text shown on standard error, in the `file:line:column: message` form editors can jump to.
    public var description: String {
        var text = "\(file):\(line)"
        if let column { text += ":\(column)" }
        text += ": \(message) [\(code.rawValue)]"
        if let hint { text += "\n\nhint: \(hint)" }
        return text
    }
}
