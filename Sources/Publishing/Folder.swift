import CFileSwap
import Glibc

/// An open folder: everything below it is reached from its descriptor, never through a path again, so a
/// name that is changed meanwhile cannot lead elsewhere.
final class Folder {
    let path: String
    private let descriptor: Int32

    private init(_ descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Opens a folder named by the user; it may be reached through a link.
    convenience init(at path: String) throws(PublishingError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PublishingError(number: errno, path: path) }
        self.init(descriptor, path: path)
    }

    /// Makes a folder and those above it where they are missing, and opens it.
    static func made(at path: String, _ access: Access) throws(PublishingError) -> Folder {
        if let folder = try madeBelow(path, access) { return folder }
        let parent = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().joined(separator: "/")
        guard !parent.isEmpty else { throw PublishingError(number: ENOENT, path: path) }
        _ = try made(at: (path.hasPrefix("/") ? "/" : "") + parent, access)
        // Some file systems, such as /proc, say of every new name that what is above it is missing.
        guard let folder = try madeBelow(path, access) else { throw PublishingError(number: ENOENT, path: path) }
        return folder
    }

    /// Makes a folder in one that is there, and opens it.
    ///
    /// - Returns: `nil` where the system says that the folder above is missing.
    private static func madeBelow(_ path: String, _ access: Access) throws(PublishingError) -> Folder? {
        if mkdir(path, 0o700) == 0 {
            let folder = try Folder(at: path)
            try access.give(folder.descriptor, access.folderMode, path: path)
            return folder
        }
        switch errno {
        case EEXIST: return try Folder(at: path)
        case ENOENT: return nil
        default: throw PublishingError(number: errno, path: path)
        }
    }

    private func path(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    // MARK: What is there

    /// What a name stands for.
    enum Kind {
        case nothing, folder, link, other
    }

    func kind(_ name: String) throws(PublishingError) -> Kind {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return .nothing }
            throw PublishingError(number: errno, path: path(name))
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// The names in the folder, in order; empty where they cannot be read.
    func names() -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let stream = fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    // MARK: Making

    /// Makes a folder in this one.
    ///
    /// - Returns: `nil` where the name is taken.
    func makeFolder(_ name: String, _ access: Access) throws(PublishingError) -> Folder? {
        guard mkdirat(descriptor, name, 0o700) == 0 else {
            if errno == EEXIST { return nil }
            throw PublishingError(number: errno, path: path(name))
        }
        let folder = try opened(name)
        try access.give(folder.descriptor, access.folderMode, path: folder.path)
        return folder
    }

    /// Opens a folder in this one, but no link.
    func opened(_ name: String) throws(PublishingError) -> Folder {
        let opened = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw PublishingError(number: errno, path: path(name)) }
        return Folder(opened, path: path(name))
    }

    /// Writes a new file of text and brings it to the disk.
    func write(_ name: String, _ text: String, _ access: Access) throws(PublishingError) {
        try write(name, bytes: text.utf8Span.span.bytes, access)
    }

    /// Writes a new file and brings it to the disk.
    func write(_ name: String, bytes: RawSpan, _ access: Access) throws(PublishingError) {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PublishingError(number: errno, path: path(name)) }
        var isOpen = true
        defer { if isOpen { close(file) } }
        try access.give(file, access.fileMode, path: path(name))
        let failure: Int32 = bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(file, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : ENOSPC }
                done += count
            }
            return 0
        }
        guard failure == 0 else { throw PublishingError(number: failure, path: path(name)) }
        guard fsync(file) == 0 else { throw PublishingError(number: errno, path: path(name)) }
        isOpen = false
        // A full network disk may say so only now.
        guard close(file) == 0 else { throw PublishingError(number: errno, path: path(name)) }
    }

    /// Brings the folder's names to the disk; a file system that cannot do so for folders is left be.
    func sync() throws(PublishingError) {
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw PublishingError(number: errno, path: path)
        }
    }

    // MARK: Names

    /// Exchanges two names in one step; returns 0 or the error number.
    func exchange(_ one: String, _ other: String) -> Int32 { cards_exchange(descriptor, one, other) }

    /// Renames, never replacing; returns 0 or the error number.
    func renameNew(_ from: String, _ to: String) -> Int32 {
        let number = cards_rename_new(descriptor, from, to)
        guard number == EINVAL || number == ENOSYS else { return number }
        // Where the file system knows no such renaming: a folder never replaces another one with files in it.
        var status = stat()
        if fstatat(descriptor, to, &status, AT_SYMLINK_NOFOLLOW) == 0 { return EEXIST }
        return renameat(descriptor, from, descriptor, to) == 0 ? 0 : errno
    }

    /// Renames a file, replacing another.
    func rename(_ from: String, _ to: String) throws(PublishingError) {
        guard renameat(descriptor, from, descriptor, to) == 0 else {
            throw PublishingError(number: errno, path: path(to))
        }
    }

    // MARK: Removing

    /// Removes a file, link or folder with all it holds.
    ///
    /// - Returns: Whether nothing of it is left.
    @discardableResult
    func remove(_ name: String) -> Bool {
        if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return true }
        guard let folder = try? opened(name) else { return false }
        for inner in folder.names() { folder.remove(inner) }
        return unlinkat(descriptor, name, AT_REMOVEDIR) == 0
    }

    /// Holds the folder for this process until it is closed.
    ///
    /// - Returns: `false` where another one holds it; `true` also where the file system has no locks.
    func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }
}
