import Cards
import CardsTestSupport
import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Reports
import Testing

@Suite("The value of a finding stands in its column")
struct FindingColumnTests {
    /// Looks every finding up in the export it is about.
    ///
    /// - Returns: The codes that were found.
    private func look(_ bytes: [UInt8], _ options: EngineOptions) throws -> Set<FindingCode> {
        let run = try Engine([bytes], options)
        let records = try #require(plainRecords(bytes))
        let header = try #require(records.first).fields
        let lines = Dictionary(uniqueKeysWithValues: records.map { ($0.line, $0.fields) })
        var seen: Set<FindingCode> = []
        for finding in run.report.findings where finding.line > 0 && !finding.column.isEmpty {
            let place = try #require(header.firstIndex(of: finding.column), "\(finding.column) is no column")
            let stands = try #require(lines[Int(finding.line)])[place]
            #expect(stands == finding.value, "\(finding.code.rawValue) on line \(finding.line), \(finding.column)")
            seen.insert(finding.code)
        }
        return seen
    }

    @Test("in the export with everything wrong at once")
    func nightmare() throws {
        let file = packageRoot().appending(path: "Fixtures/quirks/nightmare.csv")
        #expect(try look(Array(Data(contentsOf: file)), EngineOptions(asAt: "2010-12-19")).count > 10)
    }

    @Test("in the two samples that have every fault", arguments: ["2010-12-19", "2014-11-30"])
    func samples(ending: String) throws {
        let sample = try sampleExport(referrals: 600, years: 1, ending: ending)
        #expect(try look(sample.events, EngineOptions(asAt: ending)).count > 10)
    }
}
