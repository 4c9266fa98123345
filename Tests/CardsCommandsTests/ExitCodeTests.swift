import CardsTestSupport
import Foundation
import Testing

@testable import CardsCommands

/// A command line and the exit code it must come to.
struct ExitCase: CustomTestStringConvertible, Sendable {
    var why: String
    var arguments: [String]
    var code: Int32
    /// What standard error says.
    var says: String

    init(_ why: String, _ arguments: [String], _ code: Int32, says: String = "error: ") {
        self.why = why
        self.arguments = arguments
        self.code = code
        self.says = says
    }

    var testDescription: String { why }

    static let all: [ExitCase] = [
        ExitCase("unknown option", ["weekly", "--wek"], 64, says: "did you mean '--week'"),
        ExitCase("unknown command", ["hourly"], 64, says: "hint: see"),
        ExitCase("a ledger that is none", ["ledger", "check", "--ledger", "e.csv"], 69, says: "[not-a-ledger]"),
        ExitCase("week that is none", ["weekly", "e.csv", "--week", "2010-W54"], 64),
        ExitCase(
            "week that ends on a Monday", ["weekly", "e.csv", "--week-ending", "2010-11-22"], 64, says: "2010-11-28"),
        ExitCase("two weeks", ["weekly", "e.csv", "--week", "2010-W47", "--week-ending", "2010-11-28"], 64),
        ExitCase("as at before the week", ["weekly", "e.csv", "--week", "2010-W47", "--as-at", "2010-11-21"], 64),
        ExitCase("unknown event", ["weekly", "e.csv", "--without", "child_sen"], 64, says: "did you mean child_seen"),
        ExitCase("unknown format", ["weekly", "e.csv", "--format", "htm"], 64, says: "did you mean html"),
        ExitCase("no cores", ["weekly", "e.csv", "--cores", "0"], 64),
        ExitCase(
            "unknown team", ["weekly", "e.csv", "--teams", "t.csv", "--team", "North Taem"], 64, says: "'North Team'"),
        ExitCase("unknown Group Manager", ["weekly", "e.csv", "--group-manager", "GM"], 64),
        ExitCase("child and figure", ["explain", "e.csv", "--child", "K1", "--figure", "2010-W47"], 64),
        ExitCase(
            "figure without measure", ["explain", "e.csv", "--figure", "2010-W47", "--rule", "core_assessment"], 64),
        ExitCase(
            "unknown rule", ["explain", "e.csv", "--child", "K1", "--rule", "core_asessment"], 64,
            says: "core_assessment"),
        ExitCase(
            "rule that is off", ["explain", "e.csv", "--child", "K1", "--rule", "allocation"], 64, says: "switched off"),
        ExitCase(
            "measure of findings",
            ["explain", "e.csv", "--figure", "2010-W47", "--rule", "referral", "--measure", "finding_duplicate"], 64,
            says: "--findings"),
        ExitCase("end before start", ["calendar", "elapsed", "2010-11-26", "2010-11-25"], 64),
        ExitCase("sample too small", ["sample", "--out", "s", "--referrals", "10"], 64, says: "300"),
        ExitCase("semicolons", ["weekly", "semicolons.csv"], 65, says: "[missing-column]"),
        ExitCase("two ways of writing dates", ["weekly", "mixed.csv"], 65, says: "mixed.csv:3: column date"),
        ExitCase("no usable row", ["weekly", "header.csv"], 65, says: "[no-rows]"),
        ExitCase(
            "no usable row in a week that was asked for",
            ["weekly", "header.csv", "--week", "2010-W47", "--out", "empty"], 65, says: "[no-rows]"),
        ExitCase("empty file", ["check", "empty.csv"], 65, says: "[empty-file]"),
        ExitCase("known at without recorded_at", ["weekly", "header.csv", "--known-at", "2010-11-28"], 65),
        ExitCase("no export", ["weekly"], 66, says: "cards sample"),
        ExitCase("export not there", ["weekly", "nowhere.csv"], 66, says: "[missing-file]"),
        ExitCase("teams not there", ["weekly", "e.csv", "--teams", "nowhere.csv"], 66),
        ExitCase("configuration not there", ["weekly", "--config", "nowhere.yaml"], 66),
        ExitCase("child not there", ["explain", "e.csv", "--child", "K9"], 66, says: "K9"),
        ExitCase("out is a file", ["weekly", "e.csv", "--out", "e.csv"], 73),
        ExitCase("sample is there already", ["sample", "--out", "made"], 73, says: "--force"),
        ExitCase("findings file cannot be written", ["check", "e.csv", "--findings", "no/f.csv"], 73),
        ExitCase("rulebook with an error", ["rules", "check", "bad.yaml"], 78, says: "bad.yaml:"),
        ExitCase("configuration with an error", ["weekly", "--config", "bad.yaml"], 78, says: "[unknown-key]"),
        ExitCase("past the calendar", ["calendar", "due", "2030-12-20", "15"], 78, says: "2030-12-31"),
        ExitCase("year past the calendar", ["calendar", "list", "2031"], 78),
        ExitCase("week past the calendar", ["weekly", "e.csv", "--week", "2031-W10"], 78),
        ExitCase("findings with --strict", ["weekly", "e.csv", "--strict"], 1, says: "rows read"),
        ExitCase("findings of check with --strict", ["check", "e.csv", "--strict"], 1, says: ""),
        ExitCase("findings without --strict", ["weekly", "e.csv"], 0, says: "rows read"),
        ExitCase("check of an export without rows", ["check", "header.csv"], 0, says: ""),
    ]
}

@Suite struct ExitCodeTests {
    /// A folder with one file of each kind.
    static func folder() throws -> Executable {
        let cards = try Executable()
        try cards.write(smallExport, to: "e.csv")
        try cards.write(smallTeams, to: "t.csv")
        try cards.write("child_id;event;date\nSECRET1;child_seen;2010-11-02\n", to: "semicolons.csv")
        try cards.write(
            "child_id,event,date\nSECRET1,child_seen,2010-11-02\nSECRET2,child_seen,03/11/2010\n", to: "mixed.csv")
        try cards.write("child_id,event,date\n", to: "header.csv")
        try cards.write("", to: "empty.csv")
        try cards.write("extends: england\nrulbook: x\n", to: "bad.yaml")
        try FileManager.default.createDirectory(
            at: cards.folder.appending(path: "made"), withIntermediateDirectories: true)
        try cards.write("x", to: "made/teams.csv")
        return cards
    }

    @Test func areThoseOfTheContract() throws {
        let cards = try Self.folder()
        defer { cards.clean() }
        for exit in ExitCase.all {
            let outcome = try cards.run(exit.arguments)
            #expect(outcome.code == exit.code, "\(exit.why): \(outcome.errors)")
            #expect(
                exit.says.isEmpty || outcome.errors.lowercased().contains(exit.says.lowercased()),
                "\(exit.why): \(outcome.errors)")
            if exit.code > 1 {
                #expect(outcome.output.isEmpty, "\(exit.why): standard output is for results")
                #expect(outcome.errors.contains("error: "), "\(exit.why)")
            }
            #expect(!outcome.errors.contains("SECRET"), "\(exit.why): a message shows a value")
        }
    }

    @Test func whateverIsUnexpectedIsOurBug() {
        struct Unexpected: Error {}
        #expect(exitCode(for: Unexpected()) == 70)
    }

    @Test func fullDiskIsAnOutputError() throws {
        let cards = try Self.folder()
        defer { cards.clean() }
        #expect(try cards.run(["rules"], output: "/dev/full").code == 73)
    }

    @Test func readerThatLeavesIsNoError() throws {
        let cards = try Self.folder()
        defer { cards.clean() }
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = cards.folder
        process.arguments = ["-c", "\"$0\" rules --markdown; echo code=$? >&2", Executable.path]
        process.standardOutput = pipe
        let errors = Pipe()
        process.standardError = errors
        try pipe.fileHandleForReading.close()
        try process.run()
        process.waitUntilExit()
        let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(said == "code=0\n")
    }
}
