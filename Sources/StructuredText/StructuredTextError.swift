/// A reason why XML or JSON cannot be read on.
public struct StructuredTextError: Error, Equatable, Sendable {
    public enum Reason: Sendable {
        /// It is not well formed.
        case malformed
        /// It ends before its end mark.
        case incomplete
        /// It has a document type declaration, with which it could name other files.
        case documentType
        /// Elements or objects stand too deep inside one another.
        case tooDeep
        /// One name, value or tag is too long.
        case tooLong
    }

    public var reason: Reason
    /// Counted from 1.
    public var line: Int

    public init(_ reason: Reason, line: Int) {
        self.reason = reason
        self.line = line
    }
}

/// The limits put on every document, so that a hostile one cannot fill the memory.
enum StructuredTextLimits {
    static let depth = 64
    /// How many bytes may be fed without anything coming of them: one tag, name or value.
    static let silence = 1 << 20
    /// The longest text of one element or value that is kept.
    static let text = 4096
}
