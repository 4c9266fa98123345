/// A JSON value whose members keep their order, so that the same report gives the same bytes.
public indirect enum JSONValue: Hashable, Sendable {
    case text(String)
    case number(Int)
    case decimal(Double)
    /// A number with one decimal, in tenths.
    case tenths(Int)
    case flag(Bool)
    case list([JSONValue])
    case object([Member])

    /// A name and its value.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue
    }

    /// An object of the members that have a value, in their order.
    public static func members(_ pairs: [(String, JSONValue?)]) -> JSONValue {
        .object(pairs.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    /// The value as JSON, each member and item of the outer levels on a line of its own.
    ///
    /// - Parameter depth: How many levels are broken into lines; the others stand on one line.
    /// - Returns: The text, which ends with a line feed.
    public func text(depth: Int = 2) -> String {
        var bytes: [UInt8] = []
        write(to: &bytes, depth: depth, indent: 0)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], depth: Int, indent: Int) {
        switch self {
        case .text(let text): Self.quote(text, to: &bytes)
        case .number(let number): bytes += "\(number)".utf8
        case .decimal(let value): bytes += (value.isFinite ? "\(value)" : "null").utf8
        case .tenths(let tenths): bytes += "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)".utf8
        case .flag(let flag): bytes += (flag ? "true" : "false").utf8
        case .list(let items):
            Self.enclose("[", "]", items, to: &bytes, depth, indent) { item, bytes in
                item.write(to: &bytes, depth: depth - 1, indent: indent + 1)
            }
        case .object(let members):
            Self.enclose("{", "}", members, to: &bytes, depth, indent) { member, bytes in
                Self.quote(member.name, to: &bytes)
                bytes += ": ".utf8
                member.value.write(to: &bytes, depth: depth - 1, indent: indent + 1)
            }
        }
    }

    private static func enclose<Item>(
        _ open: String, _ close: String, _ items: [Item], to bytes: inout [UInt8], _ depth: Int, _ indent: Int,
        _ write: (Item, inout [UInt8]) -> Void
    ) {
        func newLine(_ indent: Int, _ bytes: inout [UInt8]) {
            bytes += ("\n" + String(repeating: "  ", count: indent)).utf8
        }
        bytes += open.utf8
        for (index, item) in items.enumerated() {
            if index > 0 { bytes += (depth > 0 ? "," : ", ").utf8 }
            if depth > 0 { newLine(indent + 1, &bytes) }
            write(item, &bytes)
        }
        if depth > 0, !items.isEmpty { newLine(indent, &bytes) }
        bytes += close.utf8
    }

    private static func quote(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0..<0x20, 0x7F: bytes += "\\u00".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
