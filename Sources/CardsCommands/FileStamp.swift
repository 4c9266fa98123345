import Glibc

/// What tells whether a file was written to or replaced.
struct FileStamp: Comparable {
    private let inode: UInt64
    private let size: Int
    /// When it was last written to, since 1970.
    let seconds: Int
    private let nanoseconds: Int

    /// `nil` where there is no such file or folder; a pipe is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return nil }
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }

    /// Whether one was written to before the other.
    static func < (a: FileStamp, b: FileStamp) -> Bool {
        (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
    }

    /// The file that was written to last; of several at one moment the last in the order of bytes.
    static func newest(_ paths: [String]) -> String? {
        let found = paths.compactMap { path in FileStamp(path).map { (path: path, stamp: $0) } }
        return found.max { a, b in
            if a.stamp < b.stamp || b.stamp < a.stamp { return a.stamp < b.stamp }
            return a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
        }?.path
    }
}
