import Cards
import EngineTestSupport
import Reports
import Testing
import WorkingCalendar

@Suite("The same bytes whatever the machine and the order")
struct ByteIdentityTests {
    /// An export apart: its header and its rows, no field of which is quoted.
    fileprivate struct Parts {
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

    /// Other ways of writing the same export, some of which the short way of reading knows.
    enum Writing: String, CaseIterable {
        case plain, quoted, crlf, slashes, accents, blanks

        fileprivate func write(_ parts: Parts) -> [UInt8] {
            func cell(_ cell: Substring, _ column: Substring) -> String {
                switch self {
                case .plain, .crlf: String(cell)
                case .quoted: column == "team" ? "\"\(cell)\"\"\"\"\"" : "\"\(cell)\""
                case .slashes: cell.split(separator: "-").count == 3 && cell.count == 10 ? slashed(cell) : String(cell)
                case .accents:
                    column == "worker" && cell.hasSuffix("1")
                        ? "\(cell)é" : cell.hasSuffix("3") ? "\u{A0}\(cell)" : String(cell)
                case .blanks: cell.hasSuffix("7") ? " \(cell) " : String(cell)
                }
            }
            let lines = parts.rows.map { row in zip(row, parts.header).map(cell).joined(separator: ",") }
            let end = self == .crlf ? "\r\n" : "\n"
            return Array(([parts.header.joined(separator: ",")] + lines).map { $0 + end }.joined().utf8)
        }

        private func slashed(_ cell: Substring) -> String {
            cell.split(separator: "-").reversed().joined(separator: "/")
        }
    }

    @Test("the short ways of reading and counting, and the plain ones", arguments: Writing.allCases)
    func shortCuts(writing: Writing) throws {
        let sample = try sampleExport(referrals: 1_200, years: 1.5, ending: "2010-12-19", seed: 3)
        var parts = Parts(sample.events)
        // A 13th month is a row to reject when written in one way, and a file to refuse in the other.
        parts.rows.removeAll { row in row.count != parts.header.count || row.contains { $0.contains("-13-") } }
        var options = EngineOptions(asAt: "2010-12-15")
        options.teams = sample.teams
        options.weeks = 40
        let bytes = writing.write(parts)
        let plain = try outputs(bytes, options.with { $0.takesNoShortCuts = true })
        #expect(plain.allSatisfy { $0.utf8.count > 500 })
        #expect(try outputs(bytes, options) == plain)
        // Charts look at more weeks than are reported.
        let one = options.with { $0.weeks = 1 }
        let trends = try Engine([bytes], one).report.trends
        #expect(try Engine([bytes], one.with { $0.takesNoShortCuts = true }).report.trends == trends)
    }

    @Test("ids that are their own numbers, and the same ids that must be looked up")
    func spellings() throws {
        let sample = try sampleExport(referrals: 400, years: 1, ending: "2010-12-19")
        var options = EngineOptions(asAt: "2010-12-19")
        options.teams = sample.teams
        options.weeks = 8
        var parts = Parts(sample.events)
        parts.rows.removeAll { $0.count != parts.header.count }
        let columns = parts.header.indices.filter { parts.header[$0].hasSuffix("_id") }
        #expect(columns.count == 4)
        var other = parts
        // The last character is no digit, and the order of the ids is as before.
        for row in other.rows.indices {
            for column in columns where !other.rows[row][column].isEmpty { other.rows[row][column] += "~" }
        }
        func withoutReferences(_ parts: Parts) throws -> [String] {
            try outputs(parts.bytes, options).map { text in
                text.replacing("~", with: "").replacing(#/E-[2-9A-Z]{10}/#, with: "")
            }
        }
        #expect(try withoutReferences(other) == withoutReferences(parts))
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
