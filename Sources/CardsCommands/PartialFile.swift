import Cards
import CaseEvents
import Exports
import FoundationEssentials
import Rules
import WorkingCalendar

/// Reads and writes the partial results of `cards weekly --partial`, for their owner alone.
enum PartialFile {
    /// A whole file: what it is, and then the run.
    private struct Content: Codable {
        var format = "cards-partial"
        var version = CardsCommand.version
        var run: PartialRun

        init(_ run: PartialRun) { self.run = run }

        /// - Throws: ``OtherVersion`` before anything of the run is read.
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let own = format
            format = try container.decode(String.self, forKey: .format)
            guard format == own else {
                throw DecodingError.dataCorruptedError(forKey: .format, in: container, debugDescription: "not ours")
            }
            version = try container.decode(String.self, forKey: .version)
            guard version == CardsCommand.version else { throw OtherVersion() }
            run = try container.decode(PartialRun.self, forKey: .run)
        }
    }

    private struct OtherVersion: Error {}

    /// More than the partial result of a nation needs.
    private static let mostBytes = 4 << 30

    static func write(_ run: PartialRun, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(Content(run))
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
        do {
            let run = try JSONDecoder().decode(Content.self, from: data).run
            guard isSound(run) else { throw notOne(path) }
            return run
        } catch is OtherVersion {
            throw CommandError(
                .otherVersion, "\(path): the partial result was written by another version of cards",
                hint: "make it again with version \(CardsCommand.version)")
        } catch is DecodingError {
            throw notOne(path)
        }
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
        let settings = run.settings
        let dates =
            [coverage.lowerBound, coverage.upperBound, settings.knownAt, settings.completeFrom]
            + settings.changes + run.sources.map(\.earliestDate)
        guard dates.allSatisfy({ $0.map(days.contains) ?? true }), coverage.contains(run.asAt),
            run.week.isWhole, coverage.contains(run.week.monday), settings.weeks.map({ 1...2_000 ~= $0 }) ?? true
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
