import Cards
import CaseEvents
import Exports
import Foundation
import Rules
import SampleAuthority
import Settings
import Testing
import WorkingCalendar

@testable import CardsCommands

/// The two samples that between them show every finding and every kind of exception.
@Suite struct InjectedFaultTests {
    /// Runs the engine over a sample as at its last Sunday, with the rulebook as it is built in.
    private func run(_ options: SampleAuthority.Options) throws -> WeeklyJob.Result {
        let sample = try SampleAuthority(options: options, calendar: WorkingCalendar(DefaultCalendar.table))
        let folder = FileManager.default.temporaryDirectory.appending(path: "cards-sample-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var bytes: [UInt8] = []
        _ = sample.writeEvents { span in span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
        let events = folder.appending(path: "events.csv")
        try Data(bytes).write(to: events)
        var job = WeeklyJob(
            sources: [.caseEvents(events.path)], rulebook: try DefaultRulebook.rulebook(),
            closures: DefaultCalendar.table)
        job.organisation = try readOrganisation(
            teams: String(decoding: sample.teamsCSV(), as: UTF8.self), teamsFile: "teams.csv",
            workers: String(decoding: sample.workersCSV(), as: UTF8.self), workersFile: "workers.csv")
        job.week = ISOWeek(containing: options.ending)
        return try job.run()
    }

    @Test func everyFindingAndKindOccursAtLeastThreeTimes() throws {
        let second = SampleAuthority.Options(ending: try #require(CivilDate("2014-11-30")))
        var findings: [FindingCode: Int] = [:]
        var kinds: [String: Int] = [:]
        for options in [SampleAuthority.Options(), second] {
            let report = try run(options).report
            for finding in report.findings { findings[finding.code, default: 0] += 1 }
            for row in report.exceptions where row.counts {
                for kind in [row.kind] + row.also.split(separator: " ").map(String.init) {
                    kinds[kind, default: 0] += 1
                }
            }
        }
        // The sample is one whole file, inside its calendar; fixtures show what needs others.
        let others: Set<FindingCode> = [.calendarTooShort, .nearMatch, .lastRowUnended]
        for code in FindingCode.allCases where !others.contains(code) {
            #expect(findings[code, default: 0] >= 3, "\(code.rawValue): \(findings[code, default: 0])")
        }
        for kind in ExceptionKind.allCases {
            #expect(kinds[kind.rawValue, default: 0] >= 3, "\(kind.rawValue): \(kinds[kind.rawValue, default: 0])")
        }
    }
}
