import CardsTestSupport
import DelimitedText
import Foundation
import Glibc
import Testing

@testable import CardsCommands

/// A command line, and the whole of what is said about it.
struct MessageCase: CustomTestStringConvertible, Sendable {
    var code: CommandError.Code
    var arguments: [String]
    var message: String
    var hint: String
    /// Where standard output goes; a file where it is `nil`.
    var output: String?

    init(_ code: CommandError.Code, _ arguments: [String], _ message: String, _ hint: String, output: String? = nil) {
        self.code = code
        self.arguments = arguments
        self.message = message
        self.hint = hint
        self.output = output
    }

    var testDescription: String { code.rawValue }

    private static let figure = ["explain", "e.csv", "--figure", "2010-W47", "--rule"]

    static let all: [MessageCase] = [
        MessageCase(
            .noExport, ["weekly"], "there is no export to read: none was given, and no cards.yaml names one",
            """
            give the exports of your case system, or begin with those of a made-up authority:
              cards sample --out sample
              cards weekly sample/events.csv --teams sample/teams.csv
            """),
        MessageCase(
            .tooManyExports, ["weekly"] + Array(repeating: "e.csv", count: 33),
            "a run can read 32 files, sheets and tables, and 33 were given", "join some of them; they have one header"),
        MessageCase(
            .differentHeaders, ["check", "e.csv", "header.csv", "--rejected", "r.csv"],
            "the exports have different headers, so their rejected rows cannot stand in one file",
            "check one export at a time"),
        MessageCase(
            .missingFile, ["rules", "show", "--rulebook", "none.yaml"], "none.yaml: the rulebook is not there",
            "check the path"),
        MessageCase(
            .cannotOpen, ["weekly", "e.csv", "--teams", "t.csv/x"], "t.csv/x: the organisation file cannot be opened",
            "check who may read the file"),
        MessageCase(
            .cannotRead, ["weekly", "e.csv", "--workers", "made"], "made: the workers file cannot be read",
            "check that it is a file and not a folder"),
        MessageCase(
            .fileTooLarge, ["calendar", "list", "2010", "--calendar", "large.json"],
            "large.json: the calendar is far too large", "check that this is the right file"),
        MessageCase(
            .noNightly, ["nightly", "--config", "plain.yaml"], "the configuration has no block `nightly`",
            "it names at least the ledger's file; docs/nightly.md has an example"),
        MessageCase(
            .noMarker, ["nightly", "--config", "marker.yaml"],
            "DONE: the marker of a complete export did not come within 0 minutes",
            "did the export run? The marker is written after the exports, again each night; `wait_minutes` of the "
                + "configuration sets how long to wait"),
        MessageCase(
            .exportTooOld, ["nightly", "--config", "old.yaml"], "old.csv: the export is more than 36 hours old",
            "did the export run? `oldest_hours` of the configuration sets the limit; 0 is any age"),
        MessageCase(
            .fewerRows, ["nightly", "--config", "few.yaml"],
            "tonight's exports have far fewer rows than last night: 1, not 16",
            "is the export complete? `least_share` of the configuration sets the limit, in percent; where fewer are "
                + "meant, 0 lets a night pass"),
        MessageCase(
            .futureRows, ["nightly", "--config", "future.yaml", "--night", "2010-11-23"],
            "too many rows are dated after 2010-11-23: 2",
            "is the clock right? `most_future_rows` of the configuration sets the limit"),
        MessageCase(
            .farNight, ["nightly", "--config", "far.yaml", "--night", "2011-06-06"],
            "2011-06-06 is more than 35 days after the newest date in the exports, 2010-12-06",
            "is the clock right, and do the exports still run?"),
        MessageCase(
            .futureNight, ["nightly", "--config", "far.yaml", "--night", "2999-01-07"],
            "the night 2999-01-07 has not come yet",
            "leave --night out, or give one that was missed; is the clock right?"),
        MessageCase(
            .zeroBytes, ["nightly", "--config", "zero.yaml"],
            "a cell of tonight's exports has a byte of 0, which is no text",
            "was the export made or copied as text? Export it again"),
        MessageCase(
            .unknownTeams, ["nightly", "--config", "teams.yaml"], "too many units are not in the organisation file: 1",
            "is it the right export? `most_unknown_teams` of the configuration sets the limit"),
        MessageCase(
            .mergesDisagree, ["nightly", "--config", "merges.yaml"],
            "circle.csv: references become one another in a circle",
            "a reference that lives on is no other's old one; take that row out"),
        MessageCase(
            .hookFailed, ["nightly", "--config", "hook.yaml", "--night", "2010-12-08"],
            "the command at the end failed with 3",
            "check `on_success`; the sets were published all the same"),
        MessageCase(
            .noTemplates, ["weekly", "e.csv", "--out", "o", "--templates", "made"], "made: there is no template here",
            "the folder holds one or more of page.mustache, table.mustache, style.css"),
        MessageCase(
            .wrongTemplate, ["weekly", "e.csv", "--out", "o", "--templates", "own"],
            "own/page.mustache: the template writes {{title}} without escaping it; use two braces",
            "docs/formats.md says what a template may hold"),
        MessageCase(
            .notUTF8, ["weekly", "e.csv", "--config", "latin.yaml"], "latin.yaml: the configuration is not UTF-8",
            "save it as UTF-8 text and try again"),
        MessageCase(
            .otherBankHolidays, ["calendar", "list", "2010", "--jurisdiction", "scotland"],
            "the rulebook asks for the bank holidays of another place than england-and-wales",
            "give them with --calendar, in the shape of gov.uk's bank-holidays.json"),
        MessageCase(
            .calendarTooShort, ["calendar", "list", "2031"],
            "the calendar covers 1999-01-01 to 2030-12-31, and the answer is not in it",
            "give a calendar that reaches further with --calendar"),
        MessageCase(
            .weekNotCovered, ["weekly", "e.csv", "--week", "2031-W10"], "the calendar does not cover the week 2031-W10",
            "give one that does with --calendar; `cards calendar list` shows what it covers"),
        MessageCase(
            .asAtBeforeWeek, ["weekly", "e.csv", "--week", "2010-W47", "--as-at", "2010-11-21"],
            "the as-at date 2010-11-21 is before the week 2010-W47, which begins on 2010-11-22",
            "give a later --as-at, or leave --week out"),
        MessageCase(
            .weekNotOver,
            ["weekly", "e.csv", "--week", "2010-W47", "--as-at", "2010-11-24", "--publish", "--out", "o"],
            "2010-W47 is not over on 2010-11-24, so it cannot be published",
            "publish it once, when its Sunday has passed: from two sets small numbers can be worked out"),
        MessageCase(
            .unknownTeam, ["weekly", "e.csv", "--teams", "t.csv", "--team", "North Taem"],
            "no team of that name has work in these exports", "did you mean 'North Team'?"),
        MessageCase(
            .unknownGroupManager, ["weekly", "e.csv", "--teams", "t.csv", "--group-manager", "Nobody at all"],
            "no Group Manager of that name has work in these exports",
            "the column team of the exports and the file given with --teams name them"),
        MessageCase(
            .unknownChild, ["explain", "e.csv", "--child", "K9"], "no row of these exports is of the child K9",
            "write the reference as it stands in child_id"),
        MessageCase(
            .unknownRule, ["explain", "e.csv", "--child", "K1", "--rule", "core_asessment"],
            "the rulebook has no such rule; did you mean core_assessment?", "`cards rules` lists them"),
        MessageCase(
            .ruleSwitchedOff, ["explain", "e.csv", "--child", "K1", "--rule", "allocation"],
            "the rule allocation is switched off in this rulebook, so it has no clocks",
            "switch it on in a rulebook of your own; see docs/rulebooks.md"),
        MessageCase(
            .unknownMeasure, figure + ["core_assessment", "--measure", "mised"],
            "the rule core_assessment has no such measure; did you mean missed?",
            "the measures made of its clocks are started, stopped"),
        MessageCase(
            .unknownMeasure, figure + ["core_assessment", "--measure", "re_referrals"],
            "the rule core_assessment has no such measure", "re_referrals is a measure of --rule referral"),
        MessageCase(
            .unknownMeasure, figure + ["referral", "--measure", "re_referral"],
            "the referral has no such measure; did you mean re_referrals?",
            "the measures of the referral are unallocated, child_not_seen"),
        MessageCase(
            .measureOfFindings, figure + ["referral", "--measure", "finding_duplicate"],
            "finding_duplicate counts findings about rows dated in the week",
            "`cards check --findings FILE` lists the findings of every week, each with its line"),
        MessageCase(
            .unknownUnit, figure + ["referral", "--measure", "re_referrals", "--unit", "Nort"],
            "no unit of that name has work in these exports", "did you mean 'North'?"),
        MessageCase(
            .unknownService,
            figure + ["core_assessment", "--measure", "missed", "--teams", "t.csv", "--service", "Childrn"],
            "no service of that name has work in these exports", "did you mean 'Children'?"),
        MessageCase(
            .outputIsInput, ["check", "e.csv", "--rejected", "./e.csv"],
            "./e.csv: --rejected would overwrite a file that this run reads", "give another name with --rejected"),
        MessageCase(
            .sameOutput, ["check", "e.csv", "--findings", "x.csv", "--rejected", "made/../x.csv"],
            "made/../x.csv: --findings and --rejected would overwrite one another", "give them different names"),
        MessageCase(
            .folderOfNights, ["weekly", "e.csv", "--out", "nights"],
            "nights: the sets of this folder are those that `cards nightly` published",
            "give another folder with --out; only sets made with --publish may go here"),
        MessageCase(
            .notAFile, ["check", "e.csv", "--findings", "made"], "made: what is there is not a file",
            "give the name of a file, or a new one"),
        MessageCase(
            .fileExists, ["sample", "--out", "made"], "made/teams.csv: the file is there already",
            "give another folder with --out, or --force to overwrite it"),
        MessageCase(
            .noFolder, ["check", "e.csv", "--findings", "no/f.csv"], "no/f.csv: there is no such folder",
            "give another place, or make room there"),
        MessageCase(
            .cannotPrint, ["rules"], "standard output cannot be written",
            "look for a full disk where it is redirected to", output: "/dev/full"),
    ]

    /// Errors of the system that a test cannot bring about in a folder of its own.
    static let ofTheSystem: [(number: Int32, code: CommandError.Code, message: String)] = [
        (ENOSPC, .diskFull, "f.csv: the disk is full"), (EDQUOT, .diskFull, "f.csv: the disk is full"),
        (EACCES, .notPermitted, "f.csv: writing there is not allowed"),
        (EROFS, .notPermitted, "f.csv: writing there is not allowed"),
        (EIO, .cannotWrite, "f.csv: the file cannot be written"),
    ]
}

/// A command line that cannot be meant.
struct MisuseCase: Sendable {
    var misuse: Misuse
    var arguments: [String]
    /// What follows the words.
    var rest: String

    init(_ misuse: Misuse, _ line: String, _ rest: String = "") {
        self.misuse = misuse
        arguments = line.split(separator: " ").map(String.init)
        self.rest = rest
    }

    static let all: [MisuseCase] = [
        MisuseCase(.teamAndGroupManager, "weekly e.csv --team T --group-manager G"),
        MisuseCase(.weekAndWeekEnding, "weekly e.csv --week 2010-W47 --week-ending 2010-11-28"),
        MisuseCase(.notASunday, "weekly e.csv --week-ending 2010-11-22", "; its week ends on 2010-11-28"),
        MisuseCase(.cores, "weekly e.csv --cores 0"),
        MisuseCase(.ledgerIsAlone, "weekly n.sqlite e.csv"),
        MisuseCase(.ledgerHasItsOwn, "weekly n.sqlite --teams t.csv"), MisuseCase(.noLedger, "ledger check"),
        MisuseCase(.noSetsFolder, "exceptions import back.xlsx"),
        MisuseCase(.publishIsWhole, "weekly e.csv --publish --team T --out o"),
        MisuseCase(.publishNeedsFolder, "weekly e.csv --publish"),
        MisuseCase(.publishHasNoWorkbook, "weekly e.csv --publish --out o --format xlsx"),
        MisuseCase(.notAPage, "pdf card.txt"),
        MisuseCase(.partialAndCards, "weekly e.csv --partial p --out o"),
        MisuseCase(.unknownEvent, "weekly e.csv --without child_sen", "; did you mean child_seen?"),
        MisuseCase(
            .unknownFormat, "weekly e.csv --format htm", " among html, xlsx, csv, json, text; did you mean html?"),
        MisuseCase(.severalShapes, "rules show --markdown --yaml"),
        MisuseCase(.severalShapes, "rules show --yaml --json"),
        MisuseCase(.neitherChildNorFigure, "explain e.csv"),
        MisuseCase(
            .severalLevels,
            "explain e.csv --figure 2010-W47 --rule core_assessment --measure missed --unit U --service S"),
        MisuseCase(.belongsToFigure, "explain e.csv --child K1 --measure missed"),
        MisuseCase(.figureWithoutMeasure, "explain e.csv --figure 2010-W47 --rule core_assessment"),
        MisuseCase(
            .belongsToChild, "explain e.csv --figure 2010-W47 --rule core_assessment --measure missed --every-day"),
        MisuseCase(
            .figureAndWeek, "explain e.csv --figure 2010-W47 --rule core_assessment --measure missed --week 2010-W47"),
        MisuseCase(.endBeforeStart, "calendar elapsed 2010-11-26 2010-11-25"),
        MisuseCase(.limitOutOfRange, "calendar due 2010-11-26 20001"),
    ]
}

@Suite struct ErrorMessageTests {
    private func folder() throws -> Executable {
        let cards = try ExitCodeTests.folder()
        try Data([0x65, 0x3A, 0xE9, 0x0A]).write(to: cards.folder.appending(path: "latin.yaml"))
        try cards.write("", to: "large.json")
        try FileManager.default.createDirectory(
            at: cards.folder.appending(path: "own"), withIntermediateDirectories: true)
        try cards.write("{{{title}}}", to: "own/page.mustache")
        try nights(cards)
        #expect(truncate(cards.folder.appending(path: "large.json").path, off_t(TextFile.mostBytes) + 1) == 0)
        return cards
    }

    /// Writes configurations of nights, and lets one night be taken in.
    private func nights(_ cards: Executable) throws {
        try cards.write(
            String(smallExport.split(separator: "\n").prefix(2).joined(separator: "\n") + "\n"), to: "few.csv")
        try cards.write(smallExport, to: "old.csv")
        try cards.write(smallTeams.split(separator: "\n").prefix(2).joined(separator: "\n") + "\n", to: "duty.csv")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -40 * 3_600)],
            ofItemAtPath: cards.folder.appending(path: "old.csv").path)
        func configure(_ name: String, _ export: String, _ ledger: String, _ more: String, _ top: String = "") throws {
            try cards.write(
                "exports: [\(export)]\nout: nights\nformats: [csv]\n\(top)nightly:\n  ledger: \(ledger)\n\(more)",
                to: name)
        }
        try cards.write("out: nights\n", to: "plain.yaml")
        try configure("marker.yaml", "e.csv", "1.sqlite", "  marker: DONE\n")
        try configure("old.yaml", "old.csv", "1.sqlite", "")
        try configure("few.yaml", "few.csv", "n.sqlite", "")
        try configure("future.yaml", "e.csv", "2.sqlite", "  most_future_rows: 1\n")
        try configure("teams.yaml", "e.csv", "3.sqlite", "  most_unknown_teams: 0\n", "teams: duty.csv\n")
        try cards.write("from,to\nC1,C2\nC2,C1\n", to: "circle.csv")
        try configure("merges.yaml", "e.csv", "4.sqlite", "  merges: circle.csv\n")
        try cards.write("child_id,event,date\nA\0B,referral_received,2010-11-01\n", to: "zero.csv")
        try configure("zero.yaml", "zero.csv", "6.sqlite", "")
        try configure("far.yaml", "e.csv", "5.sqlite", "")
        try configure("hook.yaml", "e.csv", "n.sqlite", "  on_success: exit 3\n")
        try configure("n.yaml", "e.csv", "n.sqlite", "")
        #expect(try cards.run(["nightly", "--config", "n.yaml", "--night", "2010-12-07"]).code == 0)
    }

    @Test func everyMessageSaysWhatIsWrongAndWhatToDo() throws {
        let cards = try folder()
        defer { cards.clean() }
        for wrong in MessageCase.all {
            let outcome = try cards.run(wrong.arguments, output: wrong.output)
            #expect(outcome.code == wrong.code.exit.rawValue, "\(wrong.code): \(outcome.errors)")
            let said = "error: \(wrong.message) [\(wrong.code.rawValue)]\n\nhint: \(wrong.hint)"
            #expect(outcome.errors.contains(said), "\(wrong.code): \(outcome.errors)")
        }
        for wrong in MessageCase.ofTheSystem {
            let error = PrivateFile.problem("f.csv", wrong.number)
            #expect(error.code == wrong.code && error.message == wrong.message)
            #expect(error.hint == "give another place, or make room there")
        }
    }

    @Test func everyCodeHasItsCase() {
        let tested =
            MessageCase.all.map(\.code) + MessageCase.ofTheSystem.map(\.code) + MergeTests.cases.map(\.code)
            + PrintPageTests.codes
        #expect(Set(tested) == Set(CommandError.Code.allCases))
    }

    @Test func everyMisuseIsPrintedAboveTheUsage() throws {
        let cards = try folder()
        defer { cards.clean() }
        for wrong in MisuseCase.all {
            let outcome = try cards.run(wrong.arguments)
            #expect(outcome.code == 64, "\(wrong.misuse): \(outcome.errors)")
            // Above a value that cannot be used the argument parser names its option.
            let lines = outcome.errors.split(separator: "\n")
            let first = lines.first.map(String.init) ?? ""
            #expect(first.hasPrefix("error: ") && first.hasSuffix(wrong.misuse.rawValue + wrong.rest), "\(first)")
            #expect(outcome.errors.contains("\nusage: cards ") && outcome.output.isEmpty, "\(wrong.misuse)")
        }
        #expect(Set(MisuseCase.all.map(\.misuse)) == Set(Misuse.allCases))
    }

    @Test func noMessageIsWrittenWhereNoTestLooks() throws {
        let sources = packageRoot().appending(path: "Sources/CardsCommands")
        for name in try FileManager.default.contentsOfDirectory(atPath: sources.path) where name != "Misuse.swift" {
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            #expect(!text.contains("ValidationError("), "\(name): say it in Misuse")
        }
    }

    @Test func aBugIsNamedByItsKindAlone() {
        struct Unexpected: Error { var child = "SECRET" }
        #expect(
            bugMessage(Unexpected())
                == "error: something unexpected happened (Unexpected)\n\nhint: this is a bug in cards; please report it"
        )
    }

}
