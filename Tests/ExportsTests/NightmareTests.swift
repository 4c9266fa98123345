import Cards
import CardsTestSupport
import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Reports
import Testing

@Suite("An export with everything wrong at once")
struct NightmareTests {
    private func bytes() throws -> [UInt8] {
        try Array(Data(contentsOf: packageRoot().appending(path: "Fixtures/quirks/nightmare.csv")))
    }

    @Test("findings.csv, every reason for rejection among them")
    func findings() throws {
        let run = try Engine([bytes()])
        let found = Tables.findings(run.report)
        // The path is that of a scratch folder; the name is enough.
        let path = try #require(run.sources.first).file
        try expectGolden(found.csv.replacing(path, with: "nightmare.csv"), named: "nightmare-findings.csv")
        let reasons = Set(run.rejected.map(\.code.rawValue))
        #expect(reasons == ["no_child", "unknown_event", "no_date", "bad_date", "field_count"])
    }

    @Test("rejected rows are kept byte for byte, with their reason")
    func rejected() throws {
        let run = try Engine([bytes()])
        let header = try #require(run.sources.first).header
        try expectGolden(Tables.rejected(run.rejected, header: header), named: "nightmare-rejected.csv")
    }

    @Test("every prefix gives rows, rejected rows or an error, never a trap and never an uncounted row")
    func truncated() throws {
        let whole = try bytes()
        let scratch = try Scratch()
        for length in 0...whole.count {
            let path = try scratch.write(Array(whole.prefix(length)), named: "part.csv")
            do throws(ExportError) {
                let result = try ExportReader.read([.caseEvents(path)], ReadOptions(cores: 1), blockSize: 100)
                let summary = result.sources[0]
                let kept = summary.kinds.reduce(0, +)
                #expect(summary.rowsRead == kept + result.rejected.count, "\(length) bytes")
            } catch {
                let allowed: Set<ExportError.Code> = [.emptyFile, .missingColumn, .unterminatedQuote]
                #expect(allowed.contains(error.code), "\(length) bytes: \(error)")
            }
        }
    }

    @Test("every tenth prefix that can be read goes through the whole engine")
    func truncatedRuns() throws {
        let whole = try bytes()
        for length in stride(from: 60, through: whole.count, by: 10) {
            guard plainRecords(whole.prefix(length)) != nil else { continue }
            let header = try Engine([Array(whole.prefix(length))]).report.header
            #expect(header.accepted + header.duplicates + header.rejected == header.rowsRead)
        }
    }

    @Test("an export whose rows are all rejected has no week of its own")
    func noRows() throws {
        #expect {
            try Engine("child_id,event,date\n,child_seen,2010-11-01\n", .init().with { $0.choosesWeek = true })
        } throws: { error in
            guard let error = error as? ExportError else { return false }
            return error.code == .noRows && error.message == "no row can be used, so there is nothing to report"
                && error.hint == "look at `cards check` to see why"
        }
    }
}
