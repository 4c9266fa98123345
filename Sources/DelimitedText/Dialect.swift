/// How a file of delimited text is written.
public struct Dialect: Sendable, Hashable {
    /// The byte between fields.
    public var delimiter: UInt8
    public var encoding: TextEncoding

    public init(delimiter: UInt8 = UInt8(ascii: ","), encoding: TextEncoding = .utf8) {
        self.delimiter = delimiter
        self.encoding = encoding
    }
}

/// How the characters of a text file are written as bytes; a byte-order mark is skipped.
public enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case windows1252 = "windows-1252"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
}

extension TextEncoding {
    /// The text of some bytes as UTF-8; what cannot be a character becomes U+FFFD.
    public func text(of bytes: some Sequence<UInt8>) -> ContiguousArray<UInt8> {
        var text: ContiguousArray<UInt8> = []
        var decoder = TextDecoder(self)
        decoder.decode(bytes, to: &text)
        return text
    }
}

/// Turns bytes of another encoding into UTF-8, piece by piece.
struct TextDecoder: Sendable {
    let encoding: TextEncoding
    /// The first byte of a character whose second has not come yet.
    private var half: UInt8?
    /// The first of two units that make one character.
    private var high: UInt16?

    init(_ encoding: TextEncoding) { self.encoding = encoding }

    /// Whether the bytes so far end within a character.
    var isWithinCharacter: Bool { half != nil || high != nil }

    /// Appends the text of some bytes; what cannot be a character becomes U+FFFD.
    ///
    /// - Complexity: O(*n*).
    mutating func decode(_ bytes: some Sequence<UInt8>, to text: inout ContiguousArray<UInt8>) {
        for byte in bytes {
            switch encoding {
            case .utf8: text.append(byte)
            case .windows1252:
                if byte < 0x80 { text.append(byte) } else { append(Self.windows1252[Int(byte) - 0x80], to: &text) }
            case .utf16LittleEndian, .utf16BigEndian:
                guard let first = half.take() else {
                    half = byte
                    continue
                }
                let (low, high) = encoding == .utf16LittleEndian ? (first, byte) : (byte, first)
                take(UInt16(high) &<< 8 | UInt16(low), &text)
            }
        }
    }

    private mutating func take(_ unit: UInt16, _ text: inout ContiguousArray<UInt8>) {
        if let first = high.take() {
            if 0xDC00...0xDFFF ~= unit {
                append(0x10000 + (UInt32(first) - 0xD800) &<< 10 + (UInt32(unit) - 0xDC00), to: &text)
                return
            }
            append(0xFFFD, to: &text)
        }
        switch unit {
        case 0xD800...0xDBFF: high = unit
        case 0xDC00...0xDFFF: append(0xFFFD, to: &text)
        default: append(UInt32(unit), to: &text)
        }
    }

    private func append(_ scalar: UInt32, to text: inout ContiguousArray<UInt8>) {
        text.append(contentsOf: String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8)
    }

    /// The characters of the bytes from 0x80 on; the five unused bytes keep their numbers, as in browsers.
    ///
    /// From the WHATWG Encoding Standard's index of windows-1252.
    private static let windows1252: [UInt32] =
        [
            0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
            0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
            0x0153, 0x9D, 0x017E, 0x0178,
        ] + (0xA0...0xFF)
}
