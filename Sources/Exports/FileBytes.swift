import DelimitedText
import Glibc

/// The bytes of a file, front to back, for readers that need no records.
final class FileBytes {
    let path: String
    let size: Int
    /// How many bytes have been read.
    private(set) var position = 0
    private let descriptor: Int32
    private let observe: (@Sendable (RawSpan) -> Void)?
    private var buffer = ContiguousArray<UInt8>(repeating: 0, count: 1 << 16)

    /// Opens a file; `observe` is called with its bytes as they are read.
    ///
    /// - Throws: ``ExportError`` where it is not there or cannot be read.
    init(_ path: String, _ observe: (@Sendable (RawSpan) -> Void)?) throws(ExportError) {
        self.path = path
        self.observe = observe
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            throw ExportError(
                .cannotRead, file: path, message: "the file cannot be opened", hint: "check that you may read it")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads the next bytes and hands them on; none at the end.
    ///
    /// - Returns: Whether there were any.
    func read(_ body: (UnsafeRawBufferPointer) -> Void) throws(ExportError) -> Bool {
        var got = -1
        repeat {
            got = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        } while got < 0 && errno == EINTR
        guard got >= 0, got > 0 || position == size else {
            throw ExportError(
                .changedWhileRead, file: path, message: "the file changed while it was being read",
                hint: "wait until the export has finished, and run again")
        }
        guard got > 0 else { return false }
        position += got
        unsafe observe?(buffer.span.bytes.extracting(0..<got))
        unsafe buffer.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
        return true
    }

    /// Reads what is left, for its hash alone.
    func readOn() throws(ExportError) {
        while try unsafe read({ _ in }) {}
    }
}
