import DelimitedText
import Exports
import Foundation
import Glibc
import Settings

/// Tonight's exports: the newest file of each pattern, complete, and not too old.
struct NightlyExports {
    /// The exports, in the order of the configuration: files, folders, mappings.
    let paths: [String]
    /// The files that are read for them, as they were when they were found.
    private let files: [String: FileStamp]

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
        paths = try configuration.exports.map(ExportFinder.newest)
        var files: [String: FileStamp] = [:]
        for path in paths {
            let sources = try ExportFinder.sources(of: path, picksNewest: true)
            let own = Self.files(of: sources)
            files.merge(own) { $1 }
            let hours = nightly.oldestHours
            guard hours > 0, let newest = own.values.max(), !Self.isCensus(sources) else { continue }
            guard newest.seconds >= time(nil) - hours * 3_600 else {
                throw CommandError(
                    .exportTooOld, "\(path): the export is more than \(hours) hours old",
                    hint: "did the export run? `oldest_hours` of the configuration sets the limit; 0 is any age")
            }
        }
        self.files = files
    }

    /// The files that are read for an export: those a mapping names, or those of a folder.
    private static func files(of sources: [ExportSource]) -> [String: FileStamp] {
        var files: [String: FileStamp] = [:]
        for source in sources { files[source.path] = FileStamp(source.path) }
        return files
    }

    /// Whether an export is a census, which is made once a year.
    private static func isCensus(_ sources: [ExportSource]) -> Bool {
        sources.allSatisfy { if case .census = $0.content { true } else { false } }
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
        guard let marker = FileStamp(marker) else { return false }
        return exports.allSatisfy { pattern in
            // What cannot be read is told of when the marker is there.
            guard let path = try? ExportFinder.newest(pattern),
                let sources = try? ExportFinder.sources(of: path, picksNewest: true)
            else { return true }
            return files(of: sources).values.allSatisfy { !(marker < $0) }
        }
    }

    /// Makes sure that no file was written to or replaced since it was found.
    ///
    /// - Throws: ``ExportError`` where one was.
    func checkUnchanged() throws {
        for (path, stamp) in files where FileStamp(path) != stamp {
            throw ExportError(
                .changedWhileRead, file: path, message: "the file changed while it was being read",
                hint: "wait until the export has finished, with a marker file if need be, and run again")
        }
    }
}
