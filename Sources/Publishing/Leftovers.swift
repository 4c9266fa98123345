import Glibc
import WorkingCalendar

/// What earlier tries left behind that ended before they could clean up.
public enum Leftovers {
    /// What stands between the name of what is being made and the number of the process that makes it.
    static let mark = ".new-"

    /// The hidden name of something that this process makes or removes.
    public static func name(_ set: String) -> String { ".\(set)\(mark)\(getpid())" }

    /// Removes them from a folder of sets, but not what a running process is making.
    static func remove(from sets: Folder) {
        for name in sets.names() {
            guard let process = process(name), process == getpid() || (kill(process, 0) != 0 && errno == ESRCH) else {
                continue
            }
            // A process of another machine on the same disk is not seen here, but its lock is.
            if let folder = try? sets.opened(name), !folder.lock() { continue }
            sets.remove(name)
        }
    }

    /// The process that made a hidden name of ours; `nil` for anybody else's files.
    private static func process(_ name: String) -> pid_t? {
        guard name.hasPrefix("."), let mark = name.firstRange(of: mark) else { return nil }
        let made = name[..<mark.lowerBound].dropFirst()
        guard [SetWriter.pointer, SetWriter.today].contains(String(made)) || ISOWeek(String(made)) != nil else {
            return nil
        }
        return name[mark.upperBound...].split(separator: ".").first.flatMap { pid_t($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
