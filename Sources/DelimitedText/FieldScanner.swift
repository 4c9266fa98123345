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
    /// - Complexity: O(*n*) in the number of bytes.
    public func scan(_ block: TextBlock) -> (fieldEnds: ContiguousArray<UInt32>, facts: Facts) {
        var ends: ContiguousArray<UInt32> = []
        let (count, facts) = scan(block, into: &ends)
        ends.removeLast(ends.count - count)
        return (ends, facts)
    }

    /// As ``scan(_:)``, into memory that may have been used before and grows where there is need.
    ///
    /// - Returns: How many ends there are; what comes after them in `ends` means nothing.
    /// - Complexity: O(*n*) in the number of bytes; allocates nothing where there is room.
    public func scan(_ block: TextBlock, into ends: inout ContiguousArray<UInt32>) -> (count: Int, facts: Facts) {
        var scan = Scan()
        while scan.offset < block.count {
            if ends.count - scan.count < Self.leastRoom {
                ends.append(contentsOf: repeatElement(0, count: max(ends.count, 4 * Self.leastRoom)))
            }
            // No byte makes more than one end.
            let limit = min(block.count, scan.offset + (ends.count - scan.count - 63))
            unsafe block.bytes.withUnsafeBytes { text in
                unsafe ends.withUnsafeMutableBufferPointer { ends in
                    unsafe run(&scan, text.baseAddress.unsafelyUnwrapped, block.hasQuotes, upTo: limit, ends)
                }
            }
        }
        var facts = Facts()
        facts.hasNonASCII = scan.highBits != 0
        facts.hasQuotedLineFeed = scan.quotedLineFeeds != 0
        return (scan.count, facts)
    }

    /// With less room for ends than this there is made more.
    private static let leastRoom = 1 << 14

    /// How far a scan has come.
    private struct Scan {
        var offset = 0
        var count = 0
        var insideQuotes: UInt64 = 0
        var highBits: UInt64 = 0
        var quotedLineFeeds: UInt64 = 0
    }

    /// Goes on in steps of 64 bytes, the last of which begins before `limit`.
    ///
    /// At the end of a block it may reach into the zero bytes that every block ends with.
    private func run(
        _ state: inout Scan, _ text: UnsafeRawPointer, _ hasQuotes: Bool, upTo limit: Int,
        _ buffer: UnsafeMutableBufferPointer<UInt32>
    ) {
        var scan = state
        while scan.offset < limit {
            let place = unsafe text + scan.offset
            let newlines = unsafe cards_match64(place, UInt8(ascii: "\n"))
            var ends = unsafe cards_match64(place, delimiter) | newlines
            unsafe scan.highBits |= cards_high64(place)
            if hasQuotes {
                let quotes = unsafe cards_match64(place, UInt8(ascii: "\""))
                let quoted = Self.prefixXor(quotes) ^ scan.insideQuotes
                scan.insideQuotes = UInt64(bitPattern: Int64(bitPattern: quoted) &>> 63)
                scan.quotedLineFeeds |= newlines & quoted
                ends &= ~quoted
            }
            while ends != 0 {
                let bit = ends.trailingZeroBitCount
                let isLast = UInt32(truncatingIfNeeded: newlines &>> UInt64(bit) & 1)
                unsafe buffer[scan.count] = UInt32(truncatingIfNeeded: scan.offset &+ bit) | isLast &<< 31
                scan.count &+= 1
                ends &= ends &- 1
            }
            scan.offset &+= 64
        }
        state = scan
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
