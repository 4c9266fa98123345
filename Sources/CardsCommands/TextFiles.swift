import Glibc

/// Reads the small files that people write: settings, rulebooks, team lists.
enum TextFile {
    /// More than any of them needs.
    static let mostBytes = 64 << 20

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The size of a file in bytes; 0 where it is not there.
    static func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The first bytes of a file; fewer where it is shorter, none where it cannot be read.
    static func head(of path: String, count: Int) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(file, &bytes, count)
        return Array(bytes.prefix(max(0, got)))
    }

    /// The whole text of a file, which messages call `what`.
    ///
    /// - Throws: ``CommandError``: missing input where it is not there or cannot be read.
    static func read(_ path: String, _ what: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else {
                throw CommandError(
                    .cannotOpen, "\(path): the \(what) cannot be opened", hint: "check who may read the file")
            }
            throw CommandError(.missingFile, "\(path): the \(what) is not there", hint: "check the path")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandError(
                    .cannotRead, "\(path): the \(what) cannot be read",
                    hint: "check that it is a file and not a folder")
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= mostBytes else {
                throw CommandError(
                    .fileTooLarge, "\(path): the \(what) is far too large", hint: "check that this is the right file")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(
                .notUTF8, "\(path): the \(what) is not UTF-8", hint: "save it as UTF-8 text and try again")
        }
        return text
    }
}

/// A file that only its owner may read, which is there whole or not at all.
struct PrivateFile: ~Copyable {
    private let path: String
    private let partial: String
    private var file: Int32

    /// The name under which a file is written before it takes its place.
    static func partial(_ path: String) -> String { path + ".partial" }

    /// Opens a file beside its place.
    init(_ path: String) throws {
        self.path = path
        partial = Self.partial(path)
        file = -1
        // A name such as /dev/null would be replaced, not written to.
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw CommandError(
                .notAFile, "\(path): what is there is not a file", hint: "give the name of a file, or a new one")
        }
        unlink(partial)
        file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.problem(path) }
    }

    /// Appends bytes.
    func write(_ bytes: Span<UInt8>) throws {
        var done = 0
        while done < bytes.count {
            let written = bytes.extracting(done...).withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                throw Self.problem(path)
            }
            done += written
        }
    }

    /// Puts the file in its place.
    mutating func finish() throws {
        let isFlushed = fsync(file) == 0
        let isClosed = close(file) == 0
        file = -1
        guard isFlushed, isClosed, rename(partial, path) == 0 else { throw Self.problem(path) }
        // The name is in the folder, which some file systems cannot flush.
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard place >= 0 else { return }
        fsync(place)
        close(place)
    }

    deinit {
        if file >= 0 {
            close(file)
            unlink(partial)
        }
    }

    /// Writes a whole text.
    static func write(_ text: String, to path: String) throws {
        var file = try PrivateFile(path)
        let bytes = Array(text.utf8)
        try file.write(bytes.span)
        try file.finish()
    }

    /// Makes a folder, and those above it, that only their owner may enter; one that is there stays as it is.
    static func makeFolder(_ path: String) throws {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
            if mkdir(made, 0o700) != 0 && errno != EEXIST { throw problem(path) }
        }
    }

    /// What the system's error number means for a file that was to be written.
    static func problem(_ path: String, _ number: Int32 = errno) -> CommandError {
        let (code, reason): (CommandError.Code, String) =
            switch number {
            case ENOSPC, EDQUOT: (.diskFull, "the disk is full")
            case EACCES, EPERM, EROFS: (.notPermitted, "writing there is not allowed")
            case ENOENT, ENOTDIR: (.noFolder, "there is no such folder")
            default: (.cannotWrite, "the file cannot be written")
            }
        return CommandError(code, "\(path): \(reason)", hint: "give another place, or make room there")
    }
}
