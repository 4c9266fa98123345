import CaseEvents
import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Settings
import Testing

@testable import CardsCommands

/// A mapping that is wrong, and what is said of it.
struct WrongMapping: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let yaml: String
    let code: SettingsError.Code
    let line: Int
    let message: String

    init(_ why: String, _ code: SettingsError.Code, _ line: Int, _ message: String, _ yaml: String) {
        testDescription = why
        self.yaml = yaml
        self.code = code
        self.line = line
        self.message = message
    }

    private static let head = "mapping: X\nfiles:\n  - file: a.csv\n    child: Id\n"
    private static let events = "    events:\n      - {event: referral_received, date: D}\n"

    static let all: [WrongMapping] = [
        WrongMapping("nothing in it", .emptyFile, 1, "the mapping is empty", "# only a comment\n"),
        WrongMapping("no name", .missingKey, 1, "a mapping needs the key `mapping`", "files: []\n"),
        WrongMapping("no files", .missingKey, 1, "a mapping needs the key `files`", "mapping: X\n"),
        WrongMapping("an empty list of files", .missingValue, 1, "`files` is empty", "mapping: X\nfiles: []\n"),
        WrongMapping(
            "a key with a slip", .unknownKey, 5, "`chld` is no key of a file", head + "    chld: I\n" + events),
        WrongMapping(
            "no child", .missingKey, 3, "a file needs the key `child`", "mapping: X\nfiles:\n  - file: a.csv\n" + events
        ),
        WrongMapping("no events", .missingKey, 3, "a file needs the key `events`", head),
        WrongMapping(
            "an event that is none", .unknownEvent, 6, "`event` names no event of the vocabulary",
            head + "    events:\n      - {event: referral_recieved, date: D}\n"),
        WrongMapping(
            "no date", .missingKey, 6, "an event needs the key `date`",
            head + "    events:\n      - {event: referral_received}\n"),
        WrongMapping(
            "values that mean no event", .unknownEvent, 6, "names no event",
            head + "    events:\n      - {event: {column: T, values: {a: nothing}}, date: D}\n"),
        WrongMapping(
            "a separator that is none", .unknownValue, 5, "expected `comma`, `semicolon`, `tab` or `pipe`",
            head + "    delimiter: colon\n" + events),
        WrongMapping(
            "an encoding that is none", .unknownValue, 5, "expected one of `utf-8`",
            head + "    encoding: latin-1\n" + events),
        WrongMapping(
            "a way of writing dates that is none", .unknownValue, 5, "expected one of `yyyy-mm-dd`",
            head + "    dates: [mm/dd/yyyy]\n" + events),
        WrongMapping(
            "a fixed value and a column", .misplacedKey, 5, "`column` cannot stand beside a fixed `value`",
            head + "    team: {value: T, column: C}\n" + events),
        WrongMapping(
            "months that are no number", .wrongType, 2, "`complete_months` is no number",
            "mapping: X\ncomplete_months: six\n"),
    ]
}

@Suite("Mappings that are wrong")
struct MappingErrorTests {
    @Test("each is refused with its line", arguments: WrongMapping.all)
    func wrong(_ example: WrongMapping) throws {
        let error = #expect(throws: SettingsError.self) { try readMapping(yaml: example.yaml, file: "m.yaml") }
        #expect(error?.code == example.code)
        #expect(error?.line == example.line)
        #expect(error?.message.contains(example.message) == true, "\(error?.message ?? "")")
    }

    @Test("what ships can be read")
    func shipped() throws {
        #expect(try StandardDatasetMapping.mapping().tables.count == 9)
        #expect(try AnnexAMapping.mapping().tables.count == 6)
    }

    private static let head = "mapping: X\nfiles:\n  - file: a*.csv\n    child: Id\n    team: Team\n"
    private static let events = "    events:\n      - {event: referral_received, date: D}\n"

    @Test("files that do not go with their mapping")
    func files() throws {
        let mapping = bytes(Self.head + Self.events)
        for (files, code, line, column) in [
            ([:], ExportError.Code.missingFile, 0, ""),
            (["a1.csv": "Id,D\n", "a2.csv": "Id,D\n"], .unknownShape, 0, ""),
            (["a.csv": "Id,D\n1,2024-03-05\n"], .missingColumn, 1, "Team"),
            (["a.csv": "Id,Team,D,team\n1,,2024-03-05,\n"], .repeatedColumn, 1, "Team"),
            (["a.csv": "Id,Team,D\n1,N,2024-03-05\n2,N,03/25/2024\n"], .monthOver12, 3, "D"),
            (["a.csv": "Id,Team,D\n1,\"N\"x,2024-03-05\n"], .strayQuote, 2, "Team"),
            (["a.csv": ""], .emptyFile, 0, ""),
            (
                ["a.csv": "Id,Team,D\n" + String(repeating: "x", count: 300) + ",N,2024-03-05\n"], .fieldTooLong, 2,
                "child_id"
            ),
        ] as [([String: String], ExportError.Code, Int, String)] {
            var all = files.mapValues { bytes($0) }
            all["m.yaml"] = mapping
            let error = try #require(try refusal(files: all, export: "m.yaml"))
            #expect(error.code == code)
            #expect(error.line == line)
            #expect(error.column == column)
            #expect(!error.message.isEmpty && !error.hint.isEmpty)
        }
    }

    @Test("folders and files that are nothing known")
    func unknown() throws {
        for (files, export) in [(["a.txt": "x"], ""), (["a.sqlite": ""], "a.sqlite")] as [([String: String], String)] {
            let error = try #require(try refusal(files: files.mapValues { bytes($0) }, export: export))
            #expect(error.code == (export.isEmpty ? .unknownShape : .emptyFile))
        }
    }

    @Test("--known-at needs a column that says when rows were recorded")
    func knownAt() throws {
        let scratch = try Scratch()
        _ = try scratch.write(bytes("Id,Team,D\n1,N,2024-03-05\n"), named: "a.csv")
        let sources = try ExportFinder.sources(of: [try scratch.write(bytes(Self.head + Self.events), named: "m.yaml")])
        let error = #expect(throws: ExportError.self) {
            try ExportReader.read(sources, ReadOptions(knownAt: day("2024-03-31"), cores: 1))
        }
        #expect(error?.code == .noRecordedAt)
    }
}
