/// A text that is equal to another only where their bytes are.
///
/// Swift takes `é` as one letter and as two for the same; a case system, and SQLite, do not.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    /// Whether it comes before another in the order of bytes.
    func precedes(_ other: ExactText) -> Bool { text.utf8.lexicographicallyPrecedes(other.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
