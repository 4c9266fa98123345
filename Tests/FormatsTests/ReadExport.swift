import CardsTestSupport
import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Rules
import Settings
import WorkingCalendar

@testable import CardsCommands

/// An export that a test reads, and what it came to.
struct ReadExport {
    let sources: [SourceSummary]
    let rejected: [RejectedRow]
    /// The accepted rows as case events, each once.
    let rows: [[String]]

    static let columns = [
        "child_id", "event", "date", "referral_id", "step_id", "recorded_at", "team", "worker", "manager", "family_id",
        "outcome", "restricted",
    ]

    /// Reads exports as a run does, and writes them out again.
    init(_ paths: [String], cores: Int = 1) throws {
        let sources = try ExportFinder.sources(of: paths)
        let result = try ExportReader.read(sources, ReadOptions(cores: cores))
        self.sources = result.sources
        rejected = result.rejected
        // There is nothing to write where no row can be used.
        guard result.sources.contains(where: { $0.kinds.contains { $0 > 0 } }) else {
            rows = []
            return
        }
        let scratch = try Scratch()
        let out = scratch.folder.appending(path: "out.csv").path
        let code = CardsCommand.run(
            ["convert"] + paths + ["--to", "case-events", "--with-references", "--quiet", "--out", out])
        guard code == 0 else { throw CommandError(.cannotRead, "convert ended with \(code)", hint: "") }
        let text = try String(contentsOfFile: out, encoding: .utf8)
        rows = (plainRecords(text.utf8) ?? []).dropFirst().map(\.fields)
    }

    /// Some columns of the rows, with blanks between them and `-` for empty cells, in order of bytes.
    func lines(_ names: [String]) -> [String] {
        let places = names.map { Self.columns.firstIndex(of: $0) ?? 0 }
        return rows.map { row in places.map { row[$0].isEmpty ? "-" : row[$0] }.joined(separator: " ") }.sorted()
    }

    /// The rows that were read, and those that were rejected.
    var counts: [Int] { [sources.reduce(0) { $0 + $1.rowsRead }, sources.reduce(0) { $0 + $1.rejectedCount }] }

    /// Reads files of a folder that is there for one test.
    ///
    /// - Parameters:
    ///   - files: Names and texts.
    ///   - export: The one to read; the folder itself where it is empty.
    /// - Throws: What reading throws.
    init(files: [String: [UInt8]], export: String) throws {
        let scratch = try Scratch()
        for (name, bytes) in files { _ = try scratch.write(bytes, named: name) }
        try self.init([export.isEmpty ? scratch.folder.path : scratch.folder.appending(path: export).path])
    }
}

/// The error with which an export is refused; `nil` where it is read.
func refusal(files: [String: [UInt8]], export: String) throws -> ExportError? {
    let scratch = try Scratch()
    for (name, bytes) in files { _ = try scratch.write(bytes, named: name) }
    let path = export.isEmpty ? scratch.folder.path : scratch.folder.appending(path: export).path
    do {
        _ = try ExportReader.read(try ExportFinder.sources(of: [path]), ReadOptions(cores: 1))
        return nil
    } catch let error as ExportError {
        return error
    }
}

/// A folder of the fixtures.
func formats(_ name: String) -> String { packageRoot().appending(path: "Fixtures/formats/\(name)").path }

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
