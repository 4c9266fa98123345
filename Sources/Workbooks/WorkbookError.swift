/// A reason why a workbook cannot be read.
public enum WorkbookError: Error, Equatable, Sendable {
    /// It is not there, or may not be read.
    case cannotOpen
    /// It is no workbook, or not whole.
    case damaged
    /// It unpacks to far more than any workbook does.
    case bomb
    /// It takes values from other files.
    case externalLinks
    /// Its parts are not well formed; the name of the part, and the line in it.
    case malformed(part: String, line: Int)
}
