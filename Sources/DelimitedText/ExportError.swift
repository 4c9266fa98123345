/// A reason why a whole export cannot be read.
///
/// A bad *row* is not an error: it becomes a finding, and the rest of the file is read.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that reacts to it; the raw value is printed.
    public enum Code: String, Sendable, CaseIterable {
        case missingFile = "missing-file"
        case cannotRead = "cannot-read"
        case emptyFile = "empty-file"
        case notText = "not-text"
        case notUTF8 = "not-utf-8"
        case carriageReturns = "carriage-returns"
        case unterminatedQuote = "unterminated-quote"
        case strayQuote = "stray-quote"
        case recordTooLong = "record-too-long"
        case fieldTooLong = "field-too-long"
        case missingColumn = "missing-column"
        case repeatedColumn = "repeated-column"
        case mixedDates = "mixed-dates"
        case monthOver12 = "month-over-12"
        case noRecordedAt = "no-recorded-at"
        case incomplete
        case notXML = "not-xml"
        case notJSON = "not-json"
        case notWorkbook = "not-a-workbook"
        case notDatabase = "not-a-database"
        case refusedContent = "refused-content"
        case unknownShape = "unknown-shape"
        case changedWhileRead = "changed-while-read"
        case tooManyLines = "too-many-lines"
        case noRows = "no-rows"
        case futureWeek = "future-week"
    }

    public var code: Code
    /// The file's name as the user gave it.
    public var file: String
    /// The line, counted from 1; 0 where the error is about the whole file.
    public var line: Int
    /// The column's name, or empty.
    public var column: String
    /// What is wrong, never quoting a value from the file.
    public var message: String
    /// What the user can do about it.
    public var hint: String

    public init(_ code: Code, file: String, line: Int = 0, column: String = "", message: String, hint: String) {
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }

    /// The text for standard error, in the `file:line: message` form that editors can jump to.
    public var description: String {
        var text = file
        if line > 0 { text += ":\(line)" }
        if !column.isEmpty { text += ": column \(column)" }
        return text + ": \(message) [\(code.rawValue)]\n\nhint: \(hint)"
    }
}
