import CardsCommands
import CardsTestSupport
import EngineTestSupport
import Foundation
import Testing

/// The pages and workbooks of the sample's set, looked at with the programs that people open them with.
@Suite(.serialized) struct PagesTests {
    /// Writes the set of the sample in a format and returns its folder.
    private func set(_ format: String, in scratch: Scratch) throws -> String {
        let root = packageRoot()
        let sample = root.appending(path: "Fixtures/sample")
        let out = scratch.folder.appending(path: "out").path
        let status = CardsCommand.run([
            "weekly", sample.appending(path: "events.csv").path,
            "--teams", sample.appending(path: "teams.csv").path,
            "--workers", sample.appending(path: "workers.csv").path,
            "--rulebook", root.appending(path: "Fixtures/rulebooks/sample.yaml").path,
            "--out", out, "--format", format, "--quiet",
        ])
        #expect(status == 0)
        return out + "/2010-W50"
    }

    @Test("every page is valid, accessible, and prints whole")
    func pages() throws {
        let scratch = try Scratch()
        // Kept beside the build, to be looked at.
        let pictures = packageRoot().appending(path: ".build/pages").path
        let script = try PythonScript("Tests/PagesTests/check_pages.py", [try set("html", in: scratch), pictures])
        #expect(script.status == 0, "\(script.output)")
        #expect(script.output.contains(" pages of 19 kinds, 0 problems"), "\(script.output)")
    }

    /// Names that could break a page or run somewhere.
    private static let hostile = [
        "<script>alert(1)</script>", "=1+2", "@SUM(A1)", "a\u{202E}b", "🙂 team", "it's \"quoted\"", "&lt;b&gt;",
        "{{title}}", String(repeating: "long name ", count: 20).trimmingCharacters(in: .whitespaces),
        String(repeating: "x", count: 200),
    ]

    @Test("pages of hostile and of very long names are as valid, accessible and whole as any")
    func hostileNames() throws {
        let scratch = try Scratch()
        func cell(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        var teams = "unit,team,group_manager,service,from,to,short_term\n"
        var events = "child_id,event,date,referral_id,step_id,team,worker,family_id\n"
        for (number, name) in Self.hostile.enumerated() {
            teams +=
                ["U\(number)", name, String(name.prefix(60)), name, "", "", ""].map(cell).joined(separator: ",") + "\n"
            for child in 0..<5 {
                for event in ["referral_received", "initial_assessment_started"] {
                    let step = event == "referral_received" ? "" : "A\(number)\(child)"
                    let cells = [
                        "C<b>\(number)\(child)", event, "2010-11-0\(child + 1)", "R\(number)\(child)", step,
                        "U\(number)", String(name.prefix(40)), "F\(number)",
                    ]
                    events += cells.map(cell).joined(separator: ",") + "\n"
                }
            }
        }
        let out = scratch.folder.appending(path: "out").path
        let status = CardsCommand.run([
            "weekly", try scratch.write(Array(events.utf8), named: "events.csv"),
            "--teams", try scratch.write(Array(teams.utf8), named: "teams.csv"), "--week", "2010-W47", "--out", out,
            "--format", "html", "--quiet",
        ])
        #expect(status == 0)
        let pictures = scratch.folder.appending(path: "pictures").path
        let script = try PythonScript("Tests/PagesTests/check_pages.py", [out + "/2010-W47", pictures])
        #expect(script.status == 0, "\(script.output)")
        #expect(script.output.hasSuffix(" pages of 19 kinds, 0 problems\n"), "\(script.output)")
    }

    @Test("every workbook opens, holds one table a sheet, and names nobody who is not its reader's")
    func workbooks() throws {
        let scratch = try Scratch()
        let again = scratch.folder.appending(path: "again").path
        let script = try PythonScript(
            "Tests/PagesTests/check_workbooks.py", [try set("xlsx,csv", in: scratch), again])
        #expect(script.status == 0, "\(script.output)")
        #expect(script.output.contains("7 workbooks, "), "\(script.output)")
    }
}
