import CByteScan
import Glibc

/// A run of whole records of a file, read into memory.
public struct TextBlock: Sendable {
    /// The bytes: first the records, ``count`` in all, and then 64 zero bytes.
    ///
    /// What comes after those means nothing.
    public var bytes: ContiguousArray<UInt8>
    /// The number of bytes that belong to records.
    public var count: Int
    /// Whether there is any double quote among them.
    public var hasQuotes: Bool

    /// Creates a block from bytes in memory, for tests and small texts.
    public init(_ text: some Sequence<UInt8>) {
        bytes = ContiguousArray(text)
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        count = bytes.count
        hasQuotes = bytes.contains(UInt8(ascii: "\""))
        bytes.append(contentsOf: repeatElement(0, count: 64))
    }

    /// Creates a block from whole records, each with its line feed, and 64 zero bytes after them.
    public init(records bytes: ContiguousArray<UInt8>, count: Int, hasQuotes: Bool) {
        self.bytes = bytes
        self.count = count
        self.hasQuotes = hasQuotes
    }
}

/// Reads a file front to back in blocks that end at the end of a record.
///
/// The file is streamed, never mapped: a file that shrinks while it is read is an error, not a trap,
/// and memory stays at a few blocks whatever the size of the file.
public struct BlockReader: ~Copyable {
    /// The longest record that is read; a longer one is nearly always a quote that nobody closed.
    public static let longestRecord = 1 << 20

    /// The file's name as the user gave it.
    public let name: String
    /// The file's size when it was opened.
    public let size: Int
    /// How many bytes have been handed out so far.
    public private(set) var position = 0
    /// Whether the file ended without a line feed, which the last block got.
    public private(set) var endsWithinLine = false
    /// Called with the bytes of the file as they are read, in order; for hashing what was really read.
    public var observe: (@Sendable (RawSpan) -> Void)?

    private let descriptor: Int32
    private let blockSize: Int
    /// Turns what is not UTF-8 into it; `nil` where nothing is to be turned.
    private var decoder: TextDecoder?
    /// The bytes of the file that are about to be decoded.
    private var encoded: ContiguousArray<UInt8> = []
    private var carry: ContiguousArray<UInt8> = []
    private var isAtStart = true
    private var isAtEnd = false

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - blockSize: How many bytes a block has at most, besides one record's remainder.
    ///   - encoding: How the file's text is written.
    /// - Throws: ``ExportError`` where the file is not there, is a folder or cannot be read.
    public init(
        path: String, blockSize: Int = 4 << 20, encoding: TextEncoding = .utf8
    ) throws(ExportError) {
        name = path
        decoder = encoding == .utf8 ? nil : TextDecoder(encoding)
        self.blockSize = blockSize
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else {
                throw ExportError(
                    .cannotRead, file: path, message: "the file cannot be opened",
                    hint: "check that you may read it")
            }
            throw ExportError(
                .missingFile, file: path, message: "there is no such file",
                hint: "check the path; paths are from the folder you are in")
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ExportError(
                .cannotRead, file: path, message: "this is not a file",
                hint: "give the export itself, not a folder or a pipe")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The next block, or `nil` at the end of the file.
    ///
    /// The last record of the file gets a line feed where it has none. The memory of `spare`, the bytes of a
    /// block that is no longer needed, is used again.
    ///
    /// - Throws: ``ExportError`` where reading fails, the file shrank, a quote is never
    ///   closed, a record is longer than ``longestRecord``, or the text is UTF-16.
    public mutating func next(
        reusing spare: consuming ContiguousArray<UInt8> = []
    ) throws(ExportError) -> TextBlock? {
        guard !isAtEnd else { return nil }
        let carried = carry.count
        let wanted = blockSize
        // Moved, not copied: what has two owners is copied when it is written to.
        var bytes = consume spare
        let (got, added) = try fill(&bytes, upTo: wanted)
        var length = carried + added
        if isAtStart {
            isAtStart = false
            length -= try skipMark(&bytes, length)
        }
        if got < wanted {
            isAtEnd = true
            guard position + got == size else { throw changed() }
            guard decoder?.isWithinCharacter != true else { throw endsWithinCharacter() }
            if length > 0, bytes[length - 1] != UInt8(ascii: "\n") {
                endsWithinLine = true
                let start = (bytes[..<length].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
                if length - start > Self.longestRecord { throw tooLong(bytes[start..<length]) }
                bytes[length] = UInt8(ascii: "\n")
                length += 1
            }
        }
        position += got
        let (end, hasQuotes) = recordsEnd(in: bytes, length)
        if length - end > Self.longestRecord || (isAtEnd && end < length) { throw tooLong(bytes[end..<length]) }
        carry = ContiguousArray(bytes[end..<length])
        guard end > 0 || !isAtEnd else { return nil }
        if end == 0 && carried == 0 && got == 0 { return nil }
        for place in end..<end + 64 { bytes[place] = 0 }
        return TextBlock(records: bytes, count: end, hasQuotes: hasQuotes)
    }

    /// Puts what is left of the last block at the front of `bytes`, followed by up to so many bytes of the file.
    ///
    /// Afterwards there is room for 80 bytes more: the end of the last line, and the zeros after a block.
    ///
    /// - Returns: How many bytes of the file, and how many of text they came to.
    private mutating func fill(
        _ bytes: inout ContiguousArray<UInt8>, upTo wanted: Int
    ) throws(ExportError) -> (got: Int, added: Int) {
        guard decoder != nil else {
            let got = try fillPlain(&bytes, upTo: wanted)
            return (got, got)
        }
        let before = carry
        carry = []
        var raw: ContiguousArray<UInt8> = []
        swap(&raw, &encoded)
        let got = try fillPlain(&raw, upTo: wanted)
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: before)
        decoder?.decode(raw[..<got], to: &bytes)
        swap(&raw, &encoded)
        let added = bytes.count - before.count
        bytes.append(contentsOf: repeatElement(0, count: 80))
        return (got, added)
    }

    private func fillPlain(_ bytes: inout ContiguousArray<UInt8>, upTo wanted: Int) throws(ExportError) -> Int {
        let needed = carry.count + wanted + 80
        if bytes.count < needed {
            // Some more, for a longer remainder when the memory is used again.
            let room = needed + (1 << 12)
            bytes = unsafe ContiguousArray(unsafeUninitializedCapacity: room) { buffer, count in
                unsafe memset(buffer.baseAddress.unsafelyUnwrapped, 0, room)
                count = room
            }
        }
        var got = 0
        var failed = false
        unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe carry.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            let place = unsafe buffer.baseAddress.unsafelyUnwrapped + carry.count
            while got < wanted {
                let more = unsafe read(descriptor, place + got, wanted - got)
                if more < 0 && errno == EINTR { continue }
                failed = more < 0
                if more <= 0 { break }
                got += more
            }
        }
        unsafe observe?(bytes.span.bytes.extracting(carry.count..<carry.count + got))
        guard !failed else {
            throw ExportError(
                .cannotRead, file: name, message: "reading stopped at byte \(position + got)",
                hint: "check the disk or the share the file is on, and run again")
        }
        return got
    }

    /// Drops a byte order mark, and refuses what is not UTF-8 text at all.
    ///
    /// - Returns: How many bytes were dropped.
    private func skipMark(
        _ bytes: inout ContiguousArray<UInt8>, _ length: Int
    ) throws(ExportError) -> Int {
        let start = Array(bytes[..<min(length, 4)])
        if start.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeSubrange(0..<3)
            return 3
        }
        if decoder != nil { return 0 }
        let isPacked = start.starts(with: [0x1F, 0x8B]) || start.starts(with: Array("PK".utf8) + [3, 4])
        guard !isPacked else {
            throw ExportError(
                .notText, file: name, message: "this is not a text file but a packed one or a workbook",
                hint: "unpack it, or save the workbook as \"CSV UTF-8\"")
        }
        let isUTF16 =
            start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
            || (start.count == 4 && start[1] == 0 && start[3] == 0)
        guard !isUTF16 else {
            throw ExportError(
                .notUTF8, file: name, line: 1, message: "the text is UTF-16, not UTF-8",
                hint: "save it from Excel as \"CSV UTF-8\", or read it with a mapping that states its encoding")
        }
        return 0
    }

    /// The offset just past the last line feed that is outside quotes.
    private func recordsEnd(in bytes: ContiguousArray<UInt8>, _ length: Int) -> (end: Int, hasQuotes: Bool) {
        unsafe bytes.withUnsafeBytes { bytes in
            let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<length])
            guard let start = text.baseAddress else { return (0, false) }
            guard unsafe memchr(start, Int32(UInt8(ascii: "\"")), text.count) != nil else {
                return ((unsafe text.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1, false)
            }
            return (unsafe Self.recordsEndOutsideQuotes(text), true)
        }
    }

    /// As the scanner does it: 64 bytes at a time, what is inside quotes dropped by a prefix sum.
    private static func recordsEndOutsideQuotes(_ text: UnsafeRawBufferPointer) -> Int {
        let start = unsafe text.baseAddress.unsafelyUnwrapped
        var insideQuotes: UInt64 = 0
        var end = 0
        var offset = 0
        while offset &+ 64 <= text.count {
            let quoted =
                unsafe FieldScanner.prefixXor(cards_match64(start + offset, UInt8(ascii: "\""))) ^ insideQuotes
            insideQuotes = UInt64(bitPattern: Int64(bitPattern: quoted) &>> 63)
            let newlines = unsafe cards_match64(start + offset, UInt8(ascii: "\n")) & ~quoted
            if newlines != 0 { end = offset &+ 64 &- newlines.leadingZeroBitCount }
            offset &+= 64
        }
        var isInside = insideQuotes != 0
        while offset < text.count {
            let byte = unsafe text[offset]
            if byte == UInt8(ascii: "\"") { isInside.toggle() }
            if byte == UInt8(ascii: "\n") && !isInside { end = offset &+ 1 }
            offset &+= 1
        }
        return end
    }

    private func changed() -> ExportError {
        ExportError(
            .changedWhileRead, file: name, message: "the file changed while it was being read",
            hint: "wait until the export has finished, and run again")
    }

    private func endsWithinCharacter() -> ExportError {
        ExportError(
            .incomplete, file: name, message: "the file ends in the middle of a character",
            hint: "the copy is not complete: export or copy it again")
    }

    private func tooLong(_ record: some Sequence<UInt8>) -> ExportError {
        let isQuoted = record.contains(UInt8(ascii: "\""))
        if isQuoted {
            return ExportError(
                .unterminatedQuote, file: name, line: lineOfOpenQuote(),
                message: "a quoted field that begins here is never closed",
                hint: "look for an odd number of \" characters, often in a free-text column")
        }
        return ExportError(
            .recordTooLong, file: name, message: "a row is longer than 1 MiB",
            hint: "check that this is a text export with one row per line")
    }

    /// The line of the quote that was open longest when reading stopped; 0 where the file cannot be read again.
    ///
    /// Lines are not counted while reading, so this goes through the file once more.
    private func lineOfOpenQuote() -> Int {
        var (line, opened, offset) = (1, 0, 0)
        var isInside = false
        var bytes = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)
        while offset < position {
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress, min($0.count, position - offset), off_t(offset))
            }
            guard got > 0 else { return 0 }
            for byte in bytes[..<got] {
                if byte == UInt8(ascii: "\"") {
                    isInside.toggle()
                    if isInside { opened = line }
                }
                if byte == UInt8(ascii: "\n") { line += 1 }
            }
            offset += got
        }
        return opened
    }
}
