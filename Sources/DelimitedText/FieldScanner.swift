import CByteScan

/// Finds the fields of RFC 4180 delimited text without copying or decoding any of it.
///
/// 64 bytes at a time: compare against the delimiter, the line feed and the quote, drop what is
/// inside quotes by a prefix sum over the quote bits, and note each end that is left.
public struct FieldScanner: Sendable {
    /// The byte between fields.
    public var delimiter: UInt8

    /// Set in a field's end where the field is the last of its record.
    public static let recordEnd: UInt32 = 1 << 31

    public init(delimiter: UInt8 = UInt8(ascii: ",")) {
        self.delimiter = delimiter
    }

    /// Appends the offset just past each field to `fieldEnds`, with ``recordEnd`` for a record's last.
    ///
    /// The text must be whole records, as ``BlockReader`` hands them out. The caller trims a
    /// carriage return before a line feed.
    ///
    /// - Complexity: O(*n*) in the number of bytes; allocates only to grow `fieldEnds`.
    public func scan(_ block: TextBlock, into fieldEnds: inout ContiguousArray<UInt32>) {
        let text = unsafe block.bytes.span.bytes
        var insideQuotes: UInt64 = 0
        var offset = 0
        // The last block may reach past `count` into the zero bytes that every block ends with.
        while offset < block.count {
            let (quotes, delimiters, newlines) = unsafe text.withUnsafeBytes { buffer in
                let place = unsafe buffer.baseAddress.unsafelyUnwrapped + offset
                return unsafe (
                    block.hasQuotes ? cards_match64(place, UInt8(ascii: "\"")) : 0,
                    cards_match64(place, delimiter),
                    cards_match64(place, UInt8(ascii: "\n"))
                )
            }
            let quoted = quotes == 0 ? insideQuotes : Self.prefixXor(quotes) ^ insideQuotes
            insideQuotes = UInt64(bitPattern: Int64(bitPattern: quoted) &>> 63)
            var ends = (delimiters | newlines) & ~quoted
            while ends != 0 {
                let bit = ends.trailingZeroBitCount
                let isLast = newlines &>> UInt64(bit) & 1 == 1
                fieldEnds.append(
                    UInt32(truncatingIfNeeded: offset &+ bit) | (isLast ? Self.recordEnd : 0))
                ends &= ends &- 1
            }
            offset &+= 64
        }
    }

    /// Sets every bit that has an odd number of set bits at or below it.
    static func prefixXor(_ bits: UInt64) -> UInt64 {
        var bits = bits
        bits ^= bits &<< 1
        bits ^= bits &<< 2
        bits ^= bits &<< 4
        bits ^= bits &<< 8
        bits ^= bits &<< 16
        bits ^= bits &<< 32
        return bits
    }
}
