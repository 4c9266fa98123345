import CByteScan
import Glibc

/// A run of whole records of a file, read into memory.
public struct TextBlock: Sendable {
    /// The bytes; the records are the first ``count``, and at least 64 zero bytes follow them.
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

    init(bytes: ContiguousArray<UInt8>, count: Int, hasQuotes: Bool) {
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

    private let descriptor: Int32
    private let blockSize: Int
    private var carry: ContiguousArray<UInt8> = []
    private var isAtStart = true
    private var isAtEnd = false

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - blockSize: How many bytes a block has at most, besides one record's remainder.
    /// - Throws: ``DelimitedTextError`` where the file is not there, is a folder or cannot be read.
    public init(path: String, blockSize: Int = 4 << 20) throws(DelimitedTextError) {
        name = path
        self.blockSize = blockSize
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else {
                throw DelimitedTextError(
                    .cannotRead, file: path, message: "the file cannot be opened",
                    hint: "check that you may read it")
            }
            throw DelimitedTextError(
                .missingFile, file: path, message: "there is no such file",
                hint: "check the path; paths are from the folder you are in")
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DelimitedTextError(
                .cannotRead, file: path, message: "this is not a file",
                hint: "give the export itself, not a folder or a pipe")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The next block, or `nil` at the end of the file.
    ///
    /// The last record of the file gets a line feed where it has none.
    ///
    /// - Throws: ``DelimitedTextError`` where reading fails, the file shrank, a quote is never
    ///   closed, a record is longer than ``longestRecord``, or the text is UTF-16.
    public mutating func next() throws(DelimitedTextError) -> TextBlock? {
        guard !isAtEnd else { return nil }
        var bytes = carry
        let carried = bytes.count
        let wanted = blockSize
        let got = try fill(&bytes, upTo: wanted)
        if isAtStart {
            isAtStart = false
            try skipMark(&bytes)
        }
        if got < wanted {
            isAtEnd = true
            guard position + got == size else { throw changed() }
            if let last = bytes.last, last != UInt8(ascii: "\n") {
                let start = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
                if bytes.count - start > Self.longestRecord { throw tooLong(bytes, from: start) }
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        position += got
        let (end, hasQuotes) = recordsEnd(in: bytes)
        if bytes.count - end > Self.longestRecord || (isAtEnd && end < bytes.count) {
            throw tooLong(bytes, from: end)
        }
        carry = ContiguousArray(bytes[end...])
        guard end > 0 || !isAtEnd else { return nil }
        if end == 0 && carried == 0 && got == 0 { return nil }
        bytes.removeSubrange(end...)
        bytes.append(contentsOf: repeatElement(0, count: 64))
        return TextBlock(bytes: bytes, count: end, hasQuotes: hasQuotes)
    }

    private func fill(_ bytes: inout ContiguousArray<UInt8>, upTo wanted: Int) throws(DelimitedTextError) -> Int {
        let base = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: wanted))
        var got = 0
        while got < wanted {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress.unsafelyUnwrapped + base + got, wanted - got)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw DelimitedTextError(
                    .cannotRead, file: name, message: "reading stopped at byte \(position + got)",
                    hint: "check the disk or the share the file is on, and run again")
            }
            if count == 0 { break }
            got += count
        }
        bytes.removeSubrange((base + got)...)
        return got
    }

    private func skipMark(_ bytes: inout ContiguousArray<UInt8>) throws(DelimitedTextError) {
        let start = Array(bytes.prefix(4))
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeSubrange(0..<3) }
        let isUTF16 =
            start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
            || (start.count == 4 && start[1] == 0 && start[3] == 0)
        guard !isUTF16 else {
            throw DelimitedTextError(
                .notUTF8, file: name, line: 1, message: "the text is UTF-16, not UTF-8",
                hint: "save it from Excel as \"CSV UTF-8\", not as \"Unicode text\"")
        }
    }

    /// The offset just past the last line feed that is outside quotes.
    private func recordsEnd(in bytes: ContiguousArray<UInt8>) -> (end: Int, hasQuotes: Bool) {
        let quote = UInt8(ascii: "\"")
        guard bytes.contains(quote) else {
            return ((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1, false)
        }
        var inside = false
        var end = 0
        for (index, byte) in bytes.enumerated() {
            if byte == quote { inside.toggle() }
            if byte == UInt8(ascii: "\n") && !inside { end = index + 1 }
        }
        return (end, true)
    }

    private func changed() -> DelimitedTextError {
        DelimitedTextError(
            .changedWhileRead, file: name, message: "the file changed while it was being read",
            hint: "wait until the export has finished, and run again")
    }

    private func tooLong(_ bytes: ContiguousArray<UInt8>, from end: Int) -> DelimitedTextError {
        let isQuoted = bytes[end...].contains(UInt8(ascii: "\""))
        if isQuoted {
            return DelimitedTextError(
                .unterminatedQuote, file: name, message: "a quoted field is never closed",
                hint: "look for an odd number of \" characters, often in a free-text column")
        }
        return DelimitedTextError(
            .recordTooLong, file: name, message: "a row is longer than 1 MiB",
            hint: "check that this is a text export with one row per line")
    }
}
