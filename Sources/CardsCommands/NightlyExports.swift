import DelimitedText
import Exports
import Foundation
import Glibc
import Settings

/// Tonight's exports: the newest file of each pattern, complete, and not too old.
struct NightlyExports {
    /// The files, in the order of the configuration.
    let paths: [String]
    private let stamps: [Stamp]

    /// What tells whether a file was written to or replaced.
    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int(status.st_size)
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
    }

    /// Waits for the marker and finds the files.
    ///
    /// - Throws: ``CommandError`` where the marker does not come, or a file is too old; ``ExportError`` where
    ///   there is none.
    init(_ configuration: Configuration, _ nightly: Configuration.Nightly) throws {
        guard !configuration.exports.isEmpty else {
            throw CommandError(
                .noExport, "the configuration names no exports",
                hint: "name them under `exports`; * stands for anything")
        }
        if let marker = nightly.marker { try Self.wait(for: marker, of: configuration.exports, nightly.waitMinutes) }
        paths = try configuration.exports.map(Self.newest)
        stamps = paths.compactMap(Stamp.init)
        guard let hours = nightly.oldestHours else { return }
        for (path, stamp) in zip(paths, stamps) where stamp.seconds < time(nil) - hours * 3_600 {
            throw CommandError(
                .exportTooOld, "\(path): the export is more than \(hours) hours old",
                hint: "did the export run? `oldest_hours` of the configuration sets the limit")
        }
    }

    private static func wait(for marker: String, of exports: [String], _ minutes: Int) throws {
        let end = time(nil) + minutes * 60
        while !isComplete(exports, marker) {
            guard time(nil) < end else {
                throw CommandError(
                    .noMarker, "\(marker): the marker of a complete export did not come within \(minutes) minutes",
                    hint: "did the export run? The marker is written after the exports, again each night; "
                        + "`wait_minutes` of the configuration sets how long to wait")
            }
            sleep(5)
        }
    }

    /// Whether a marker is there and was written after every export: last night's says nothing of tonight's.
    private static func isComplete(_ exports: [String], _ marker: String) -> Bool {
        guard let marker = Stamp(marker) else { return false }
        return exports.allSatisfy { pattern in
            guard let path = try? newest(pattern), let export = Stamp(path) else { return true }
            return (export.seconds, export.nanoseconds) <= (marker.seconds, marker.nanoseconds)
        }
    }

    /// The file of a path whose name may have `*`: the one written to last.
    private static func newest(_ pattern: String) throws -> String {
        guard pattern.contains("*") else { return pattern }
        let cut = pattern.lastIndex(of: "/").map { pattern.index(after: $0) } ?? pattern.startIndex
        let folder = String(pattern[..<cut])
        let name = String(pattern[cut...])
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let found = files.filter { ExportFinder.matches($0, name) }.compactMap { file in
            Stamp(folder + file).map { (path: folder + file, stamp: $0) }
        }
        let last = found.max {
            ($0.stamp.seconds, $0.stamp.nanoseconds, $0.path) < ($1.stamp.seconds, $1.stamp.nanoseconds, $1.path)
        }
        guard let last else {
            throw ExportError(
                .missingFile, file: pattern, message: "no file has such a name",
                hint: "did the export run? Check `exports` of the configuration")
        }
        return last.path
    }

    /// Makes sure that no file was written to or replaced since it was found.
    ///
    /// - Throws: ``ExportError`` where one was.
    func checkUnchanged() throws {
        for (path, stamp) in zip(paths, stamps) where Stamp(path) != stamp {
            throw ExportError(
                .changedWhileRead, file: path, message: "the file changed while it was being read",
                hint: "wait until the export has finished, with a marker file if need be, and run again")
        }
    }
}
