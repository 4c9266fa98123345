import Glibc

/// A reason why a set cannot be written; every one ends with exit code 73.
public struct PublishingError: Error, Equatable, CustomStringConvertible {
    /// The exit code of the contract: the output cannot be written.
    public static let exitCode: Int32 = 73

    /// The stable codes.
    public enum Code: String, CaseIterable, Sendable {
        case diskFull = "disk-full"
        case notPermitted = "not-permitted"
        case readOnly = "read-only"
        case notAFolder = "not-a-folder"
        case notASet = "not-a-set"
        case publishedBefore = "published-before"
        case symbolicLink = "symbolic-link"
        case cannotWrite = "cannot-write"
        case unknownGroup = "unknown-group"
        case groupRefused = "group-refused"
        case unknownTeam = "unknown-team"
        case unknownGroupManager = "unknown-group-manager"
    }

    public var code: Code
    /// The file or folder, or the name, that the error is about.
    public var path: String
    public var message: String
    public var hint: String

    /// What a person reads: what is wrong, where, and what to do next.
    public var description: String { "\(message)\n\nhint: \(hint)" }

    init(_ code: Code, path: String, reason: String = "") {
        self.code = code
        self.path = path
        (message, hint) = Self.words(code, path, reason)
    }

    /// An error of the system about a file or folder.
    init(number: Int32, path: String) {
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT: .diskFull
            case EACCES, EPERM: .notPermitted
            case EROFS: .readOnly
            case ENOTDIR: .notAFolder
            case ELOOP: .symbolicLink
            default: .cannotWrite
            }
        self.init(code, path: path, reason: String(cString: strerror(number)))
    }

    private static func words(_ code: Code, _ path: String, _ reason: String) -> (message: String, hint: String) {
        switch code {
        case .diskFull:
            ("there is no room left to write `\(path)`", "make room, or give another folder with --out")
        case .notPermitted:
            ("`\(path)` may not be written", "ask for the right to write there, or give another folder with --out")
        case .readOnly:
            ("`\(path)` is on a file system that cannot be written", "give another folder with --out")
        case .notAFolder:
            ("`\(path)` is there already and is not a folder", "move it away, or give another folder with --out")
        case .notASet:
            (
                "`\(path)` is there already and is not a set of cards: it has no \(RunFile.name)",
                "look at what it is and move it away, or give another folder with --out"
            )
        case .publishedBefore:
            (
                "`\(path)` has been published, and its figures were others",
                "whoever has both can work out small numbers; where it must be corrected, move the old set away first"
            )
        case .symbolicLink:
            (
                "`\(path)` is a symbolic link, and a set never replaces one",
                "look at who made it, and remove it, or give another folder with --out"
            )
        case .cannotWrite:
            ("`\(path)` cannot be written: \(reason)", "look at the disk, or give another folder with --out")
        case .unknownGroup:
            ("there is no Unix group `\(path)` on this machine", "correct `groups` in the configuration")
        case .groupRefused:
            (
                "`\(path)` cannot be given to its Unix group",
                "run as a member of the group, or correct `groups` in the configuration"
            )
        case .unknownTeam:
            (
                "the report has no team `\(path)`",
                "write the name as in the organisation file; `index.html` of a whole set lists them"
            )
        case .unknownGroupManager:
            (
                "the report has no Group Manager `\(path)`",
                "write the name as in the organisation file; `index.html` of a whole set lists them"
            )
        }
    }
}
