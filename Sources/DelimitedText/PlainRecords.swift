/// One record of delimited text, decoded field by field.
public struct PlainRecord: Equatable, Sendable {
    /// The fields without their quotes.
    public var fields: [String]
    /// The line on which the record begins, counted from 1.
    public var line: Int

    public init(fields: [String], line: Int) {
        self.fields = fields
        self.line = line
    }
}

/// The obvious reader of RFC 4180 text, byte by byte: for small files that people write, and the
/// twin against which the fast scanner is tested.
///
/// - Parameters:
///   - text: The bytes, without a byte-order mark; the last record may lack its line feed.
///   - delimiter: The byte between fields.
/// - Returns: The records, wholly empty lines left out; `nil` where a quote is never closed.
public func plainRecords(
    _ text: some Sequence<UInt8>, delimiter: UInt8 = UInt8(ascii: ",")
) -> [PlainRecord]? {
    var records: [PlainRecord] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var firstLine = 1
    var isQuoted = false
    var pendingQuote = false
    func endField() {
        if field.last == UInt8(ascii: "\r") { field.removeLast() }
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
    }
    for byte in text {
        if byte == UInt8(ascii: "\"") {
            if isQuoted {
                isQuoted = false
                pendingQuote = true
            } else {
                if pendingQuote { field.append(byte) }
                pendingQuote = false
                isQuoted = true
            }
            continue
        }
        pendingQuote = false
        if byte == UInt8(ascii: "\n") { line += 1 }
        if isQuoted {
            field.append(byte)
        } else if byte == delimiter {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
        } else if byte == UInt8(ascii: "\n") {
            endField()
            if fields != [""] { records.append(PlainRecord(fields: fields, line: firstLine)) }
            fields = []
            firstLine = line
        } else {
            field.append(byte)
        }
    }
    guard !isQuoted else { return nil }
    if !field.isEmpty || !fields.isEmpty {
        endField()
        if fields != [""] { records.append(PlainRecord(fields: fields, line: firstLine)) }
    }
    return records
}
