import Cards
import CaseEvents
import Exports
import FoundationEssentials
import Rules
import WorkingCalendar

/// Reads and writes the partial results of `cards weekly --partial`, for their owner alone.
enum PartialFile {
    /// What stands at the head of such a file, before anything of the run.
    private struct Content: Codable {
        var format = "cards-partial"
        var version = CardsCommand.version
        var run: PartialRun
    }

    /// The head alone, which every version can read.
    private struct Head: Decodable {
        var format: String
        var version: String
    }

    /// More than the partial result of a nation needs.
    private static let mostBytes = 4 << 30

    static func write(_ run: PartialRun, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(Content(run: run))
        var file = try PrivateFile(path)
        try data.withUnsafeBytes { try file.write(Array($0.bindMemory(to: UInt8.self)).span) }
        try file.finish()
    }

    /// The partial result in a file, once it is known that it fits together.
    ///
    /// - Throws: ``CommandError`` for a file that is not there, is no partial result, or is one of another version.
    static func read(_ path: String) throws -> PartialRun {
        let size = TextFile.size(path)
        guard TextFile.exists(path) else {
            throw CommandError(.missingFile, "\(path): the partial result is not there", hint: "check the path")
        }
        guard size <= mostBytes, let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw CommandError(
                .cannotOpen, "\(path): the partial result cannot be opened", hint: "check who may read the file")
        }
        let decoder = JSONDecoder()
        guard let head = try? decoder.decode(Head.self, from: data), head.format == "cards-partial" else {
            throw notOne(path)
        }
        guard head.version == CardsCommand.version else {
            throw CommandError(
                .otherVersion, "\(path): the partial result was written by another version of cards",
                hint: "make it again with version \(CardsCommand.version)")
        }
        guard let run = try? decoder.decode(Content.self, from: data).run, isSound(run) else { throw notOne(path) }
        return run
    }

    private static func notOne(_ path: String) -> CommandError {
        CommandError(
            .notAPartial, "\(path): this is not a whole partial result",
            hint: "give files that `cards weekly --partial` has written, as they are")
    }

    /// Whether every number points at something, and every date is one that an export or a calendar can have.
    private static func isSound(_ run: PartialRun) -> Bool {
        let sources = run.sources.indices
        let coverage = run.settings.closures.coverage
        let days = EventDay.date(0)...EventDay.date(.max)
        guard days.contains(coverage.lowerBound), days.contains(coverage.upperBound), coverage.contains(run.asAt),
            coverage.contains(run.week.monday), run.settings.weeks.map({ 1...2_000 ~= $0 }) ?? true,
            run.sources.allSatisfy({ $0.earliestDate.map(days.contains) ?? true })
        else { return false }
        return run.digests.count == sources.count && !sources.isEmpty
            && run.sources.allSatisfy { source in
                source.kinds.count == EventKind.count
                    && (source.kinds + [source.rowsRead, source.rejectedCount, source.notYetKnown])
                        .allSatisfy { 0...1 << 40 ~= $0 }
            }
            && run.totals.isSound(rules: run.settings.rulebook.rules.count)
            && run.totals.findings.allSatisfy { $0.source.map(sources.contains) ?? true }
            && run.rejected.allSatisfy { sources.contains($0.source) }
    }
}
