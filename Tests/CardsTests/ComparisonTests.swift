import Cards
import EngineTestSupport
import Reports
import Testing

@Suite("Beside published figures")
struct ComparisonTests {
    private func section(ending: String, asAt: String) throws -> CardPage.Section? {
        let sample = try sampleExport(referrals: 300, years: 1, ending: ending)
        let run = try Engine([sample.events], EngineOptions(asAt: asAt).with { $0.teams = sample.teams })
        return CardPages.make(run.report).authority().sections.first { $0.title == "Beside England" }
    }

    private func tables(_ section: CardPage.Section?) -> [PageTable] {
        (section?.blocks ?? []).compactMap { if case .table(let table) = $0 { table } else { nil } }
    }

    @Test("the last year that had ended, band by band, with its source")
    func bands() throws {
        let section = try section(ending: "2024-12-20", asAt: "2024-12-15")
        let tables = tables(section)
        #expect(tables.count == 2)
        #expect(tables[0].caption.contains("England in the year ending March 2024"))
        // England, year ending March 2024: 6,800 of 72,230 conferences within 10 working days.
        #expect(tables[1].rows.map(\.[1]) == ["9.4%", "70.3%", "8.7%", "11.6%"])
        #expect(tables[0].rows.map(\.[0]).first == "The same day" && tables[0].rows.count == 9)
        for table in tables {
            let counts = table.rows.map { $0[2].split(separator: "/").compactMap { Int($0) } }
            let all = try #require(counts.first?.last)
            #expect(counts.allSatisfy { $0.count == 2 && $0[1] == all } && counts.reduce(0) { $0 + $1[0] } == all)
            #expect(all >= 10 && table.rows.allSatisfy { $0[3].hasSuffix("%") })
        }
        guard case .sentences(let credit) = section?.blocks.last else { return #expect(Bool(false), "no source") }
        #expect(credit.first?.contains("Department for Education") == true && credit.first?.contains("v3.0") == true)
    }

    @Test("nothing is compared with years that had not ended, and figures that were not checked are not shown")
    func before2013() throws {
        #expect(try section(ending: "2010-12-20", asAt: "2010-12-19") == nil)
    }
}
