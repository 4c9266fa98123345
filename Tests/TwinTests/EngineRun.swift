import Cards
import CardsTestSupport
import CaseEvents
import Exports
import Foundation
import Reports
import Rules
import Settings
import SlowTwin
import WorkingCalendar

@testable import CardsCommands

/// Runs the engine on what the slow twin was given, and returns the rows of its outputs.
struct EngineRun {
    var clocks: [[String]]
    var cards: [[String]]
    var exceptions: [[String]]
    var watch: [[String]]
    var findings: [[String]]
    var counts: [Int]

    /// Read once: thousands of runs use it.
    private static let rulebook = Result { try DefaultRulebook.rulebook() }

    init(_ run: TwinRun, cores: Int = 1, blockSize: Int = 1 << 16, takesNoShortCuts: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cards-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var paths: [String] = []
        for (name, text) in run.exports {
            let file = folder.appending(path: name)
            try Data(text.utf8).write(to: file)
            paths.append(file.path)
        }
        var rulebook = try Self.rulebook.get()
        for index in rulebook.rules.indices where !rulebook.rules[index].isOn {
            rulebook.rules[index].isOn = run.switchedOn.contains(rulebook.rules[index].name)
        }
        let closures = ClosureTable(
            jurisdiction: "test", coverage: run.calendarFrom...run.calendarTo,
            closures: run.closures.map { Closure(date: $0.date, knownFrom: $0.knownFrom, withdrawnOn: $0.withdrawnOn) })
        var job = WeeklyJob(sources: paths.map { ExportSource.caseEvents($0) }, rulebook: rulebook, closures: closures)
        if let teams = run.teams {
            job.organisation = try readOrganisation(teams: teams, teamsFile: "teams.csv", workersFile: "")
        }
        job.reportsEmptyExports = true
        job.week = ISOWeek(containing: run.weekEnding)
        job.asAt = run.asAt
        job.knownAt = run.knownAt
        job.weeks = run.weeks
        job.completeFrom = run.completeFrom
        job.without = Set(run.without.compactMap { EventKind(name: $0) })
        job.keepsClocks = true
        job.cores = cores
        job.blockSize = blockSize
        job.takesNoShortCuts = takesNoShortCuts
        let result = try job.run()
        let report = result.report
        clocks = Tables.clocks(report).rows
        cards = Tables.cards(report).rows
        exceptions = Tables.exceptions(report.exceptions).rows
        watch = Tables.watch(report.watch).rows
        findings = report.findings.map { [$0.code.rawValue, $0.severity.rawValue, $0.child] }
        let header = report.header
        counts = [header.rowsRead, header.accepted, header.duplicates, header.rejected, header.notYetKnown]
    }
}
