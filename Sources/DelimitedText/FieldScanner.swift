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

    /// What a scan saw besides the fields.
    public struct Facts: Sendable, BitwiseCopyable {
        /// Whether any byte is not ASCII.
        public var hasNonASCII = false
        /// Whether there is a line feed inside quotes.
        public var hasQuotedLineFeed = false

        public init() {}
    }

    /// Finds the offset just past each field, with ``recordEnd`` for a record's last.
    ///
    /// The text must be whole records, as ``BlockReader`` hands them out. The caller trims a
    /// carriage return before a line feed.
    ///
    /// - Complexity: O(*n*) in the number of bytes; allocates once.
    public func scan(_ block: TextBlock) -> (fieldEnds: ContiguousArray<UInt32>, facts: Facts) {
        var facts = Facts()
        var highBits: UInt64 = 0
        var quotedLineFeeds: UInt64 = 0
        // Room for the worst, a file of nothing but commas; memory that is not written costs nothing.
        let ends = unsafe ContiguousArray<UInt32>(unsafeUninitializedCapacity: block.count + 64) { buffer, count in
            unsafe block.bytes.withUnsafeBytes { text in
                let text = unsafe text.baseAddress.unsafelyUnwrapped
                var insideQuotes: UInt64 = 0
                var offset = 0
                // The last step may reach past `count` into the zero bytes that every block ends with.
                while offset < block.count {
                    let place = unsafe text + offset
                    let delimiters = unsafe cards_match64(place, delimiter)
                    let newlines = unsafe cards_match64(place, UInt8(ascii: "\n"))
                    unsafe highBits |= cards_high64(place)
                    var ends = delimiters | newlines
                    if block.hasQuotes {
                        let quotes = unsafe cards_match64(place, UInt8(ascii: "\""))
                        let quoted = Self.prefixXor(quotes) ^ insideQuotes
                        insideQuotes = UInt64(bitPattern: Int64(bitPattern: quoted) &>> 63)
                        quotedLineFeeds |= newlines & quoted
                        ends &= ~quoted
                    }
                    while ends != 0 {
                        let bit = ends.trailingZeroBitCount
                        let isLast = UInt32(truncatingIfNeeded: newlines &>> UInt64(bit) & 1)
                        unsafe buffer[count] = UInt32(truncatingIfNeeded: offset &+ bit) | isLast &<< 31
                        count &+= 1
                        ends &= ends &- 1
                    }
                    offset &+= 64
                }
            }
        }
        facts.hasNonASCII = highBits != 0
        facts.hasQuotedLineFeed = quotedLineFeeds != 0
        return (ends, facts)
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
