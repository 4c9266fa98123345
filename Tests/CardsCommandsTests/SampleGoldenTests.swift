import Cards
import CardsTestSupport
import Exports
import Foundation
import Reports
import Rules
import Settings
import Testing
import WorkingCalendar

@testable import CardsCommands

/// The machine outputs of the sample export, byte for byte.
@Suite struct SampleGoldenTests {
    private static func report(cores: Int, blockSize: Int) throws -> WeeklyReport {
        let root = packageRoot()
        func text(_ name: String) throws -> String {
            try String(contentsOf: root.appending(path: "Fixtures/sample/\(name)"), encoding: .utf8)
        }
        var job = WeeklyJob(
            sources: [.caseEvents(root.appending(path: "Fixtures/sample/events.csv").path)],
            rulebook: try DefaultRulebook.rulebook(),
            closures: DefaultCalendar.table)
        job.organisation = try readOrganisation(
            teams: try text("teams.csv"), teamsFile: "teams.csv", workers: try text("workers.csv"),
            workersFile: "workers.csv")
        job.keepsClocks = true
        job.cores = cores
        job.blockSize = blockSize
        return try job.run().report
    }

    @Test func outputsMatchGolden() throws {
        let report = try Self.report(cores: 2, blockSize: 1 << 16)
        try expectGolden(Tables.clocks(report).csv, named: "sample/clocks.csv")
        try expectGolden(Tables.cards(report).csv, named: "sample/cards.csv")
        try expectGolden(Tables.exceptions(report.exceptions).csv, named: "sample/exceptions.csv")
        try expectGolden(Tables.watch(report.watch).csv, named: "sample/watch.csv")
    }

    /// The same bytes on one core and on several, in one block and in many.
    @Test(arguments: [(1, 1 << 22), (1, 4096), (3, 4096), (2, 1 << 15)])
    func bytesDoNotDependOnCoresOrBlocks(cores: Int, blockSize: Int) throws {
        let one = try Self.report(cores: 2, blockSize: 1 << 16)
        let other = try Self.report(cores: cores, blockSize: blockSize)
        #expect(Tables.clocks(other).csv == Tables.clocks(one).csv)
        #expect(Tables.cards(other).csv == Tables.cards(one).csv)
        #expect(Tables.exceptions(other.exceptions).csv == Tables.exceptions(one.exceptions).csv)
        #expect(Tables.watch(other.watch).csv == Tables.watch(one.watch).csv)
        #expect(Tables.findings(other).csv == Tables.findings(one).csv)
    }
}
