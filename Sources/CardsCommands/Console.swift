import Glibc

/// The standard streams: results on the one, everything else on the other.
enum Console {
    /// The reader of standard output went away, which is no error.
    struct ReaderLeft: Error {}

    /// Writes a result to standard output.
    ///
    /// - Throws: ``ReaderLeft``, or ``CommandError`` where it cannot be written.
    static func write(_ text: String) throws {
        guard let problem = write(text, to: STDOUT_FILENO) else { return }
        if problem == EPIPE { throw ReaderLeft() }
        throw CommandError(
            .cannotPrint, "standard output cannot be written", hint: "look for a full disk where it is redirected to")
    }

    /// Writes a line to standard error; where that fails nobody is there to be told.
    static func note(_ line: String) { _ = write(line + "\n", to: STDERR_FILENO) }

    /// Writes to standard error without ending the line.
    static func draw(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// Whether somebody watches standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// The error number of the write that failed, if one did.
    private static func write(_ text: String, to stream: Int32) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(stream, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(written)
        }
        return nil
    }
}
