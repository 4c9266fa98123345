import CardsTestSupport
import Foundation
import Testing

@testable import CardsCommands

/// An input is never written over, however its name is written.
@Suite struct OutputFileTests {
    /// A folder with everything a run can read.
    private func folder() throws -> Executable {
        let cards = try Executable()
        try cards.write(smallExport, to: "e.csv")
        try cards.write(smallExport, to: "e.csv.partial")
        try cards.write(smallTeams, to: "t.csv")
        try cards.write("worker,unit,from,to\n", to: "w.csv")
        try cards.write("rulebook: mine\nversion: \"1\"\nextends: england\n", to: "r.yaml")
        try cards.write("exports: [e.csv]\n", to: "cards.yaml")
        let (files, path) = (FileManager.default, cards.folder.path)
        try files.createSymbolicLink(atPath: path + "/link.csv", withDestinationPath: "e.csv")
        try files.linkItem(atPath: path + "/e.csv", toPath: path + "/hard.csv")
        try files.createDirectory(atPath: path + "/deep", withIntermediateDirectories: true)
        return cards
    }

    private static let all = ["--teams", "t.csv", "--workers", "w.csv", "--rulebook", "r.yaml"]

    @Test(arguments: [
        ["check", "e.csv", "--rejected", "e.csv"], ["check", "e.csv", "--findings", "deep/../e.csv"],
        ["check", "e.csv", "--findings", "link.csv"], ["check", "link.csv", "--findings", "e.csv"],
        ["check", "e.csv", "--rejected", "hard.csv"], ["check", "e.csv.partial", "--rejected", "e.csv"],
        ["check", "--rejected", "e.csv"], ["check", "--rejected", "cards.yaml"],
        ["check", "--findings", "t.csv"] + all, ["check", "--findings", "w.csv"] + all,
        ["check", "--findings", "r.yaml"] + all,
    ])
    func noInputIsWrittenOver(arguments: [String]) throws {
        let cards = try folder()
        defer { cards.clean() }
        let before = try contents(cards)
        let outcome = try cards.run(arguments)
        #expect(outcome.code == 64 && outcome.errors.contains("[output-is-input]"), "\(outcome.errors)")
        #expect(try contents(cards) == before)
    }

    @Test(arguments: [["x.csv", "./x.csv"], ["x.csv", "deep/../x.csv"], ["x.csv.partial", "x.csv"]])
    func noOutputIsWrittenOverAnother(names: [String]) throws {
        let cards = try folder()
        defer { cards.clean() }
        let outcome = try cards.run(["check", "e.csv", "--findings", names[0], "--rejected", names[1]])
        #expect(outcome.code == 64 && outcome.errors.contains("[same-output]"), "\(outcome.errors)")
        #expect(try contents(cards)["x.csv"] == nil)
    }

    /// A corrected `rejected.csv` is read beside the others, and the set it stands in would be replaced.
    @Test func noSetIsReplacedThatHoldsAnInput() throws {
        let cards = try folder()
        defer { cards.clean() }
        let weekly = ["weekly", "--week", "2010-W47", "--out", "out"]
        #expect(try cards.run(weekly).code == 0)
        let mine = "out/2010-W47/data/rejected.csv"
        try cards.write("child_id,event,date\nK1,child_seen,2010-11-24\n", to: mine)
        for arguments in [weekly + ["e.csv", mine], weekly + ["e.csv", "out/latest"]] {
            let outcome = try cards.run(arguments)
            #expect(outcome.code != 0, "\(outcome.errors)")
        }
        let outcome = try cards.run(weekly + ["e.csv", mine])
        #expect(outcome.code == 64 && outcome.errors.contains("copy the file out of the set"), "\(outcome.errors)")
        #expect(try cards.text(of: mine).hasPrefix("child_id,event,date\nK1"))
        #expect(try cards.run(weekly + ["e.csv", mine, "--out", "other"]).code == 0)
    }

    private func contents(_ cards: Executable) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: cards.folder.path)
        where !name.hasPrefix(".") && name != "deep" {
            found[name] = try Data(contentsOf: cards.folder.appending(path: name))
        }
        return found
    }
}
