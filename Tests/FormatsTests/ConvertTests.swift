import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import GRDB
import Settings
import Testing

@testable import CardsCommands

@Suite("Out again, and looking at files")
struct ConvertTests {
    @Test("event logs open in pm4py, with every event")
    func logs() throws {
        let scratch = try Scratch()
        let folder = scratch.folder.path
        for target in ["xes", "ocel"] {
            let out = folder + "/log." + (target == "xes" ? "xes" : "json")
            #expect(CardsCommand.run(["convert", formats("ssd"), "--to", target, "--out", out, "--quiet"]) == 0)
        }
        let script = try PythonScript("Tests/FormatsTests/check_logs.py", [folder + "/log.xes", folder + "/log.json"])
        #expect(script.status == 0)
        // Traces: four referrals and a contact. Objects: 4 children, 4 referrals, 7 steps, 4 workers.
        #expect(
            script.output.split(separator: "\n").suffix(2)
                == ["xes 5 29 assessment_authorised", "ocel 19 29 child"])
    }

    @Test("references are others each time, and the same within a log")
    func pseudonyms() throws {
        let scratch = try Scratch()
        let texts = try (0..<2).map { number in
            let out = scratch.folder.appending(path: "\(number).csv").path
            #expect(
                CardsCommand.run(
                    ["convert", formats("ssd"), "--to", "case-events", "--out", out, "--quiet"]) == 0)
            return try String(contentsOfFile: out, encoding: .utf8)
        }
        #expect(texts[0] != texts[1])
        for text in texts {
            let lines = text.split(separator: "\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            #expect(Set(lines.map(\.[0])).count == 5)
            for reference in ["S1", "E1", "A1", "Q1", "P3", "PL1"] {
                #expect(!lines.contains { $0.contains(Substring(reference)) }, "\(reference)")
            }
        }
        var mode = stat()
        stat(scratch.folder.appending(path: "0.csv").path, &mode)
        #expect(mode.st_mode & 0o777 == 0o600)
    }

    @Test(
        "what a file looks like",
        arguments: [
            ("paris/referrals.csv", "windows-1252", false, "semicolon", 5, ["Date Received": "date dd/mm/yyyy"]),
            ("paris/assessments.csv", "utf-8", false, "semicolon", 3, ["Start Date": "date dd/mm/yyyy"]),
            ("liquidlogic/referrals_20241101.csv", "utf-8", true, "comma", 5, ["Assessment Start": "date dd/mm/yyyy"]),
            (
                "mosaic/steps.txt", "utf-16le", true, "tab", 5,
                ["Started": "date excel and yyyy-mm-dd and d-mmm-yy", "Finished": "date yyyy-mm-dd and excel"]
            ),
            ("annex-a/List 3.csv", "utf-8", false, "comma", 3, ["DATE OF REFERRAL": "date dd/mm/yyyy"]),
            ("ssd/ssd_cp_plans.csv", "utf-8", false, "comma", 2, ["cppl_cp_plan_start_date": "date yyyy-mm-dd"]),
        ])
    func inspect(
        _ path: String, _ encoding: String, _ mark: Bool, _ delimiter: String, _ records: Int, _ dates: [String: String]
    ) throws {
        let all = Array(try Data(contentsOf: URL(filePath: formats(path))))
        let answer = InspectAnswer(path, try ExtractLook(all, isCut: false, file: path))
        #expect(answer.encoding == encoding)
        #expect(answer.byteOrderMark == mark)
        #expect(answer.delimiter == delimiter)
        #expect(answer.records == records)
        // One line of it lacks its last fields.
        #expect(answer.shortLines == (path.hasPrefix("liquidlogic") ? 1 : 0))
        for (column, kind) in dates { #expect(answer.columns.first { $0.name == column }?.kind == kind, "\(column)") }
        #expect(!answer.text.contains("CANARY"))
    }

    @Test("an index without a heading, small numbers, dates that are all empty, and births, which are never read")
    func othersFiles() throws {
        let rows = """
            ,LAchildID,CINdetailsID,CINreferralDate,PersonBirthDate,DateOfInitialCPC,ReferralNFA
            0,RND0001,1,,2003-05-23,,true
            1,RND0002,1,,2003-05-24,,true
            2,RND0002,2,,2003-05-24,,false

            """
        let answer = InspectAnswer("cin.csv", try ExtractLook(Array(rows.utf8), isCut: false, file: "cin.csv"))
        #expect(answer.columns.map(\.filled) == [3, 3, 3, 0, 3, 0, 3])
        #expect(answer.columns.map(\.kind).prefix(3) == ["number", "reference", "number"])
        #expect(answer.mapping.contains("    child: LAchildID\n    referral: CINdetailsID\n"))
        #expect(answer.mapping.contains("- {event: referral_received, date: CINreferralDate}\n"))
        #expect(answer.mapping.contains("- {event: icpc_held, date: DateOfInitialCPC}\n"))
        #expect(!answer.mapping.contains("Birth"))
        let header = Array(rows.utf8.prefix { $0 != UInt8(ascii: "\n") })
        let empty = InspectAnswer("cin.csv", try ExtractLook(header, isCut: false, file: "cin.csv"))
        #expect(empty.records == 0 && empty.mapping.contains("{event: referral_received, date: CINreferralDate}"))
    }

    @Test("the mapping that is suggested can be read, and reads the file")
    func suggestion() throws {
        for path in ["paris/referrals.csv", "liquidlogic/s47.csv", "mosaic/referrals.txt", "annex-a/List 3.csv"] {
            let scratch = try Scratch()
            let all = Array(try Data(contentsOf: URL(filePath: formats(path))))
            let name = String(path.split(separator: "/")[1])
            let file = try scratch.write(all, named: name)
            let mapping = InspectAnswer(file, try ExtractLook(all, isCut: false, file: file)).mapping
            let read = try ReadExport(
                [try scratch.write(bytes(mapping), named: "m.yaml")])
            #expect(read.counts[0] > 1, "\(path)")
        }
    }

    @Test("a census on either side of each rule of the published validator")
    func census() throws {
        var job = WeeklyJob(
            sources: try ExportFinder.sources(of: [formats("census-boundaries.xml")]),
            rulebook: try DefaultRulebook.rulebook(), closures: DefaultCalendar.table)
        job.isAsAtReference = true
        let comparison = CensusComparison(try job.run())
        #expect(comparison.asAt == "2025-03-31")
        let counts: [String: Int] = comparison.rows.reduce(into: [:]) { $0[$1.ours] = $1.count }
        // As the validator, but for the days on which it is one off, and rows where it counts children.
        #expect(counts["assessment_duration overdue"] == 2 && counts["s47_to_icpc overdue"] == 2)
        #expect(counts["no_date"] == 2 && counts["future_date"] == 2 && counts["end_before_start"] == 1)
        #expect(counts["step_before_referral"] == 1 && counts["several_open_steps"] == 2)
        #expect(counts["activity_on_nfa"] == 2 && counts["activity_after_closure"] == 0)
        #expect(counts["icpc_on_closed_day"] == 1 && counts["s47_without_assessment"] == 8)
    }

    @Test("the structure comes from ssd_department, of files and of a database")
    func departments() throws {
        for path in ["ssd", "ssd.sqlite"] {
            let organisation = try #require(try ExportFinder.organisation(of: [formats(path)]))
            let unit = try #require(organisation.placements.first { $0.unit == "T3" })
            #expect(unit.team == "Assessment North" && unit.groupManager == "Assessment")
            #expect(unit.service == "Children's Services")
            let alone = try #require(organisation.placements.first { $0.unit == "T4" })
            #expect(alone.groupManager == "Conferences" && alone.service == "Conferences")
        }
        #expect(try ExportFinder.organisation(of: [formats("annex-a")]) == nil)
    }

    @Test(
        "names in a mapping match in any case, with stars",
        arguments: [
            ("referrals.csv", "Referrals.CSV", true), ("referrals_2024.csv", "referrals_*.csv", true),
            ("referrals.csv", "referrals_*.csv", false), ("a_b_c.csv", "a*b*.csv", true),
            ("ab.csv", "a*b*c.csv", false),
            ("x.csv", "*", true),
        ])
    func patterns(_ name: String, _ pattern: String, _ isMatch: Bool) {
        #expect(ExportFinder.matches(name, pattern) == isMatch)
    }

    @Test("a database that is not whole, and one that is none")
    func databases() throws {
        let scratch = try Scratch()
        let path = try scratch.write(
            Array(try Data(contentsOf: URL(filePath: formats("ssd.sqlite")))), named: "s.sqlite")
        // Small pages, so that it can be cut at every byte.
        try DatabaseQueue(path: path).writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA page_size = 512; VACUUM")
        }
        let whole = Array(try Data(contentsOf: URL(filePath: path)))
        #expect(whole.count < 20_000)
        for count in 20..<whole.count {
            try Data(whole.prefix(count)).write(to: URL(filePath: path))
            let error = #expect(throws: ExportError.self) {
                try ExportReader.read(try ExportFinder.sources(of: [path]), ReadOptions(cores: 1))
            }
            #expect(error?.code == .incomplete || error?.code == .notDatabase, "cut to \(count)")
        }
        var broken = whole
        for index in 200..<4_000 { broken[index] = 0xFF }
        #expect(try refusal(files: ["s.sqlite": broken], export: "s.sqlite")?.code == .notDatabase)
    }
}
