import CardsCommands
import CardsTestSupport
import EngineTestSupport
import Foundation
import Testing

/// The pages and workbooks of the sample's set, looked at with the programs that people open them with.
@Suite struct PagesTests {
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
