public import Cards
import CardsTestSupport
import CaseEvents
public import Exports
public import Foundation
import Reports
import Rules
import SampleAuthority
import Settings
public import WorkingCalendar

@testable import CardsCommands

/// A date literal of a test.
public func day(_ text: String) -> CivilDate {
    guard let date = CivilDate(text) else { preconditionFailure("a test has a date that is none: \(text)") }
    return date
}

/// What one run of the engine is given, besides its exports.
public struct EngineOptions: Sendable {
    public var teams: String?
    /// The Sunday of the reported week; the week of the as-at day where it is `nil`.
    public var weekEnding: CivilDate?
    public var asAt: CivilDate
    public var knownAt: CivilDate?
    public var weeks = 1
    public var completeFrom: CivilDate?
    public var without: [String] = []
    public var switchedOn: Set<String> = []
    /// Whether the week is chosen by the rows and not by the as-at day.
    public var choosesWeek = false
    /// The dates of declared changes, and whether the limits of charts are screened.
    public var changes: [CivilDate] = []
    public var screensLimits = false
    public var cores = 1
    public var takesNoShortCuts = false
    public var blockSize = 1 << 16

    public init(asAt: String = "2010-11-28") { self.asAt = day(asAt) }

    /// A copy in which something is changed.
    public func with(_ change: (inout EngineOptions) -> Void) -> EngineOptions {
        var copy = self
        change(&copy)
        return copy
    }
}

/// A run of the whole engine over exports in memory.
public struct Engine {
    public let report: WeeklyReport
    public let sources: [SourceSummary]
    public let rejected: [RejectedRow]

    /// The shipped rulebook, read once.
    private static let rulebook = Result { () throws(SettingsError) in try DefaultRulebook.rulebook() }

    /// Runs the engine with the shipped rulebook and calendar.
    public init(_ exports: [[UInt8]], _ options: EngineOptions = EngineOptions()) throws {
        let folder = try Scratch()
        let paths = try exports.enumerated().map { try folder.write($1, named: "export-\($0).csv") }
        var rulebook = try Self.rulebook.get()
        for index in rulebook.rules.indices where options.switchedOn.contains(rulebook.rules[index].name) {
            rulebook.rules[index].isOn = true
        }
        var job = WeeklyJob(
            sources: paths.map { ExportSource.caseEvents($0) }, rulebook: rulebook, closures: DefaultCalendar.table)
        if let teams = options.teams {
            job.organisation = try readOrganisation(teams: teams, teamsFile: "teams.csv", workersFile: "")
        }
        if !options.choosesWeek {
            job.week = ISOWeek(containing: options.weekEnding ?? options.asAt)
            job.asAt = options.asAt
            // A part of an export may be without a usable row.
            job.reportsEmptyExports = true
        }
        job.knownAt = options.knownAt
        job.weeks = options.weeks
        job.completeFrom = options.completeFrom
        job.without = Set(options.without.compactMap { EventKind(name: $0) })
        job.keepsClocks = true
        job.changes = options.changes
        job.screensLimits = options.screensLimits
        job.takesNoShortCuts = options.takesNoShortCuts
        job.cores = options.cores
        job.blockSize = options.blockSize
        let result = try job.run()
        report = result.report
        sources = result.sources
        rejected = result.rejected
    }

    /// Runs the engine over one text.
    public init(_ text: String, _ options: EngineOptions = EngineOptions()) throws {
        try self.init([Array(text.utf8)], options)
    }

    /// The rows of `clocks.csv` of one rule, with the columns asked for, `-` for empty ones.
    public func clocks(_ rule: String, _ columns: [String]) -> [String] {
        Self.lines(Tables.clocks(report), columns) { $0["rule"] == rule }
    }

    /// The rows of `exceptions.csv` with the columns asked for, `-` for empty ones.
    public func exceptions(_ columns: [String], where isWanted: ([String: String]) -> Bool = { _ in true }) -> [String]
    {
        Self.lines(Tables.exceptions(report.exceptions), columns, where: isWanted)
    }

    /// The rows of `watch.csv` with the columns asked for, `-` for empty ones.
    public func watch(_ columns: [String]) -> [String] { Self.lines(Tables.watch(report.watch), columns) { _ in true } }

    /// The findings, as line, code and child; those of no row have line 0.
    public var findings: [String] {
        report.findings.map { "\($0.line) \($0.code.rawValue) \($0.child.isEmpty ? "-" : $0.child)" }
    }

    /// The figure of a card as `numerator/denominator value`; `nil` where it has no row.
    public func figure(_ rule: String, _ measure: String, _ level: Level = .authority, _ name: String = "all")
        -> String?
    {
        let found = report.figures.last {
            $0.rule == rule && $0.measure == measure && $0.level == level && $0.name == name
                && $0.weekEnding == report.header.week.ending
        }
        guard let found else { return nil }
        guard let numerator = found.numerator, let denominator = found.denominator else { return found.valueText }
        return "\(numerator)/\(denominator)" + (found.valueText.isEmpty ? "" : " \(found.valueText)")
    }

    private static func lines(
        _ table: Table, _ columns: [String], where isWanted: ([String: String]) -> Bool
    ) -> [String] {
        table.rows.compactMap { row in
            let cells = Dictionary(uniqueKeysWithValues: zip(table.header, row))
            guard isWanted(cells) else { return nil }
            return columns.map { name in
                guard let cell = cells[name] else { preconditionFailure("there is no column \(name)") }
                return cell.isEmpty ? "-" : cell
            }.joined(separator: " ")
        }
    }
}

/// A folder that is there for one test.
public final class Scratch {
    public let folder: URL

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "cards-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file and returns its path.
    public func write(_ bytes: [UInt8], named name: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }
}
