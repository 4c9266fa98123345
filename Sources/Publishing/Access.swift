import Glibc

/// Who may read a kind of folder: the owner alone, or a Unix group as well; never others.
struct Access {
    private let group: gid_t?
    /// Whether everybody may pass through the folder to one inside that is theirs, without seeing what it holds.
    private let isPassage: Bool

    /// The owner alone.
    static let owner = Access(group: nil, isPassage: false)

    /// The owner alone, but for passing through.
    static let passage = Access(group: nil, isPassage: true)

    private init(group: gid_t?, isPassage: Bool) {
        self.group = group
        self.isPassage = isPassage
    }

    /// The owner and a Unix group.
    init(group name: String) throws(PublishingError) {
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            throw PublishingError(.unknownGroup, path: name)
        }
        group = entry.gr_gid
        isPassage = false
    }

    var fileMode: mode_t { group == nil ? 0o600 : 0o640 }
    var folderMode: mode_t { isPassage ? 0o711 : group == nil ? 0o700 : 0o750 }

    /// Gives a file or folder to its group and sets its mode, whatever the umask.
    func give(_ descriptor: Int32, _ mode: mode_t, path: String) throws(PublishingError) {
        if let group, fchown(descriptor, uid_t.max, group) != 0 {
            throw PublishingError(errno == EPERM ? .groupRefused : .cannotWrite, path: path, reason: "group")
        }
        guard fchmod(descriptor, mode) == 0 else { throw PublishingError(number: errno, path: path) }
    }
}
