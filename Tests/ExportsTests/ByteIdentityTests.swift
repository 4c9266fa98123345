import Cards
import EngineTestSupport
import Reports
import Testing
import WorkingCalendar

@Suite("The same bytes whatever the machine and the order")
struct ByteIdentityTests {
    /// An export apart: its header and its rows, no field of which is quoted.
    private struct Parts {
        var header: [Substring]
        var rows: [[Substring]]

        init(_ bytes: [UInt8]) {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
            rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        }

        var bytes: [UInt8] {
            Array(([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined().utf8)
        }

        func shuffled(_ random: inout TestRandom) -> Parts {
            var copy = self
            // A row with a field missing would be another row in another order of columns.
            copy.rows.removeAll { $0.count != header.count }
            let order = header.indices.shuffled(using: &random)
            copy.header = order.map { header[$0] }
            copy.rows = copy.rows.map { row in order.map { row[$0] } }
            copy.rows.shuffle(using: &random)
            return copy
        }
    }

    private func outputs(_ bytes: [UInt8], _ options: EngineOptions) throws -> [String] {
        let report = try Engine([bytes], options).report
        return [
            Tables.clocks(report).csv, Tables.cards(report).csv, Tables.exceptions(report.exceptions).csv,
            Tables.watch(report.watch).csv,
        ]
    }

    @Test("one core or two, tiny blocks or large ones, rows and columns in any order")
    func sameBytes() throws {
        let sample = try sampleExport(referrals: 300, years: 0.5, ending: "2010-12-19")
        var options = EngineOptions(asAt: "2010-12-19")
        options.teams = sample.teams
        options.weeks = 4
        let first = try outputs(sample.events, options)
        #expect(first.allSatisfy { $0.utf8.count > 500 })
        for (cores, blockSize) in [(2, 4 << 20), (1, 3_000), (2, 999)] {
            let other = try outputs(
                sample.events,
                options.with {
                    $0.cores = cores; $0.blockSize = blockSize
                })
            #expect(other == first, "\(cores) cores, blocks of \(blockSize)")
        }
        var parts = Parts(sample.events)
        parts.rows.removeAll { $0.count != parts.header.count }
        let whole = try outputs(parts.bytes, options)
        var random = TestRandom(seed: 7)
        for round in 0..<2 {
            let shuffled = parts.shuffled(&random)
            #expect(try outputs(shuffled.bytes, options.with { $0.blockSize = 5_000 }) == whole, "shuffle \(round)")
        }
    }

    @Test("one export or the same rows in three")
    func split() throws {
        let sample = try sampleExport(referrals: 300, years: 0.5, ending: "2010-12-19")
        let options = EngineOptions(asAt: "2010-12-19")
        let parts = Parts(sample.events)
        let files = (0..<3).map { part in
            var copy = parts
            copy.rows = parts.rows.indices.filter { $0 % 3 == part }.map { parts.rows[$0] }
            return copy.bytes
        }
        let one = try Engine([sample.events], options).report
        let three = try Engine(files, options).report
        #expect(Tables.clocks(one).csv == Tables.clocks(three).csv)
        #expect(Tables.cards(one).csv == Tables.cards(three).csv)
        #expect(Tables.exceptions(one.exceptions).csv == Tables.exceptions(three.exceptions).csv)
    }
}
