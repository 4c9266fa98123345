import CardsTestSupport
import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Reports
import Rules
import Settings
import Testing
import WorkingCalendar

@testable import CardsCommands

/// One fixture, as `read_formats.py` and the program know it.
struct FormatFixture: CustomTestStringConvertible, Sendable {
    let format: String
    let path: String
    var testDescription: String { path }

    static let all = [
        FormatFixture(format: "mapping", path: "paris/paris.yaml"),
        FormatFixture(format: "mapping", path: "liquidlogic/liquidlogic.yaml"),
        FormatFixture(format: "mapping", path: "mosaic/mosaic.yaml"),
        FormatFixture(format: "ssd", path: "ssd"),
        FormatFixture(format: "sqlite", path: "ssd.sqlite"),
        FormatFixture(format: "annex", path: "annex-a"),
        FormatFixture(format: "xlsx", path: "annex-a.xlsx"),
        FormatFixture(format: "census", path: "census-2024.xml"),
        FormatFixture(format: "census", path: "census-2010.xml"),
        FormatFixture(format: "api", path: "api.json"),
    ]
}

@Suite("Fixtures of every format")
struct FixtureTests {
    @Test("the rows and their number are what an independent program finds", arguments: FormatFixture.all)
    func isReadAsElsewhere(_ fixture: FormatFixture) throws {
        let script = try PythonScript("Tests/FormatsTests/read_formats.py", [fixture.format, formats(fixture.path)])
        #expect(script.status == 0, "\(script.output)")
        var lines = script.output.split(separator: "\n").map(String.init)
        let counts = lines.popLast()
        let read = try ReadExport([formats(fixture.path)])
        let ours = Set(
            read.rows.filter { !$0[2].isEmpty }.map { row in
                [row[0], row[1], row[2], row[3], row[4]].joined(separator: ",")
            })
        #expect(ours.subtracting(lines).isEmpty && Set(lines).subtracting(ours).isEmpty)
        #expect(counts == "\(read.counts[0]) \(read.counts[1])")
    }

    @Test("the rows with everything in them", arguments: FormatFixture.all)
    func golden(_ fixture: FormatFixture) throws {
        let read = try ReadExport([formats(fixture.path)])
        let text = ([ReadExport.columns] + read.rows.sorted { $0.joined(separator: ",") < $1.joined(separator: ",") })
            .map { $0.joined(separator: ",") + "\n" }.joined()
        let name = fixture.path.replacing("/", with: "-").replacing(".", with: "-")
        try expectGolden(text, named: "formats/\(name).csv")
    }

    @Test("what each format can measure", arguments: FormatFixture.all)
    func available(_ fixture: FormatFixture) throws {
        var job = WeeklyJob(
            sources: try ExportFinder.sources(of: [formats(fixture.path)]), rulebook: try rulebook(),
            closures: closures)
        job.isAsAtNewest = true
        let answer = CheckAnswer(try job.run())
        var text = ""
        for row in answer.rules + answer.measures {
            text += "\(row.name): \(row.isAvailable ? row.missing.isEmpty ? "yes" : "in part" : "no")\n"
        }
        text += "complete from: \(answer.summary.completeFrom ?? "not known")\n"
        let name = fixture.path.replacing("/", with: "-").replacing(".", with: "-")
        try expectGolden(text, named: "formats/\(name).txt")
    }

    @Test("what was converted and is read again has the same clocks", arguments: FormatFixture.all)
    func roundTrip(_ fixture: FormatFixture) throws {
        let scratch = try Scratch()
        let out = scratch.folder.appending(path: "out.csv").path
        let path = formats(fixture.path)
        #expect(
            CardsCommand.run(
                ["convert", path, "--to", "case-events", "--with-references", "--quiet", "--out", out]) == 0)
        func clocks(_ export: String, without: Set<EventKind>) throws -> [[String]] {
            var job = WeeklyJob(
                sources: try ExportFinder.sources(of: [export]), rulebook: try rulebook(), closures: closures)
            job.isAsAtNewest = true
            job.keepsClocks = true
            job.without = without
            return try tables(job.run())
        }
        let carried = Set(try ReadExport([path]).sources.flatMap(\.carries))
        let again = try clocks(out, without: Set(EventKind.allCases).subtracting(carried))
        #expect(try clocks(path, without: []) == again)
        #expect(!again.isEmpty)
    }

    /// Words planted in every column that is not to be read.
    @Test("nothing of names, notes or JSON comes out anywhere", arguments: FormatFixture.all)
    func canaries(_ fixture: FormatFixture) throws {
        let scratch = try Scratch()
        let path = formats(fixture.path)
        let folder = scratch.folder.path
        var commands = [
            ["weekly", path, "--out", folder + "/set", "--clocks", "--quiet"],
            ["check", path, "--findings", folder + "/findings.csv", "--rejected", folder + "/rejected.csv", "--quiet"],
        ]
        for target in ["case-events", "xes", "ocel"] {
            commands.append(
                ["convert", path, "--to", target, "--with-references", "--out", folder + "/" + target, "--quiet"])
        }
        for command in commands {
            // The records with too few fields stand whole in the file of rejected rows, and nowhere else.
            #expect(CardsCommand.run(command) == 0, "\(command)")
        }
        let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        #expect(files.count > 10)
        for file in files {
            guard let text = try? Data(contentsOf: scratch.folder.appending(path: file)) else { continue }
            #expect(text.range(of: Data("CANARY".utf8)) == nil, "\(file)")
        }
        // Nor is it in what the reader keeps.
        let read = try ExportReader.read(try ExportFinder.sources(of: [path]), ReadOptions(cores: 1))
        var dumped = ""
        dump(read.store.names, to: &dumped)
        dump(read.sources, to: &dumped)
        dump(read.rejected, to: &dumped)
        #expect(!dumped.contains("CANARY"))
    }

    @Test(
        "text cut off at every byte gives whole rows, a finding about its last, or an error",
        arguments: [
            ("paris/paris.yaml", "referrals.csv"), ("liquidlogic/liquidlogic.yaml", "s47.csv"),
        ])
    func truncated(_ mapping: String, _ file: String) throws {
        let folder = URL(filePath: formats(mapping)).deletingLastPathComponent()
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = Array(try Data(contentsOf: folder.appending(path: name)))
        }
        let whole = try #require(files[file])
        let all = Set(try ReadExport([formats(mapping)]).rows)
        let name = String(mapping.split(separator: "/")[1])
        for count in 1..<whole.count {
            files[file] = Array(whole.prefix(count))
            guard try refusal(files: files, export: name) == nil else { continue }
            let read = try ReadExport(files: files, export: name)
            let isWhole = whole[count - 1] == 10
            let isSaid = read.sources.contains { $0.unendedLine > 0 }
            #expect(isSaid != isWhole || isWhole == false && read.rows.allSatisfy(all.contains), "cut to \(count)")
            if isWhole { #expect(Set(read.rows).isSubset(of: all), "cut to \(count)") }
        }
    }

    @Test("an end that no source dates is judged by nobody: no further action in a census")
    func undatedEnd() throws {
        var job = WeeklyJob(
            sources: try ExportFinder.sources(of: [formats("census-2024.xml")]), rulebook: try rulebook(),
            closures: closures)
        job.isAsAtNewest = true
        job.keepsClocks = true
        let header = Tables.clocks(try job.run().report).header
        let place = try ["rule", "referral_id", "verdict", "reason"].map { try #require(header.firstIndex(of: $0)) }
        let rows = try tables(job.run()).map { row in place.map { row[$0] }.joined(separator: " ") }
        #expect(rows.contains("referral_decision R2023-09-04 unmeasurable no_evidence"))
        #expect(rows.contains("short_term_work R2023-09-04 void referral_nfa"))
    }

    @Test("columns that some years' lists lack")
    func optionalColumns() throws {
        let files = [
            "ssd_initial_cp_conference.csv": bytes("icpc_person_id,icpc_icpc_date\nS1,2024-03-27\n"),
            "ssd_cin_episodes.csv": bytes("cine_person_id,cine_referral_date\nS1,2024-03-05\n"),
        ]
        let read = try ReadExport(files: files, export: "")
        #expect(
            read.lines(["child_id", "event", "date"])
                == ["S1 icpc_held 2024-03-27", "S1 referral_received 2024-03-05"])
        // Without its column nothing can be asked of it, so it is not carried.
        #expect(!read.sources.flatMap(\.carries).contains(.transferInConferenceHeld))
    }

    private func rulebook() throws -> Rulebook { try DefaultRulebook.rulebook() }

    private var closures: ClosureTable { DefaultCalendar.table }

    private func tables(_ result: WeeklyJob.Result) throws -> [[String]] { Tables.clocks(result.report).rows }
}
