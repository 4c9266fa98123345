import Cards
import CardsTestSupport
import EngineTestSupport
import Foundation
import Reports
import Testing
import WorkingCalendar

@testable import CardsCommands
@testable import Returns

@Suite("Returns read back", .serialized)
struct ReturnsTests {
    /// Three late assessments of a Group Manager's team, two of them with leading zeros, in a set of one week.
    private static let rows = """
        00123: referral_received 2010-11-01 R1
        00123: initial_assessment_started 2010-11-01 R1 I1
        00124: referral_received 2010-11-02 R2
        00124: core_assessment_started 2010-09-02 R2 I2
        00125: referral_received 2010-11-03 R3
        00125: initial_assessment_started 2010-11-03 R3 I3
        """

    /// A folder with a published set.
    private struct Council {
        let scratch: Scratch
        let out: String

        init(_ rows: String = ReturnsTests.rows, week: String = "2010-W47") throws {
            scratch = try Scratch()
            out = scratch.folder.appending(path: "out").path
            try publish(rows, week: week)
        }

        func publish(_ rows: String, week: String) throws {
            let events = try scratch.write(Array(eventRows(rows, team: "U1").utf8), named: "events.csv")
            let teams = try scratch.write(
                Array("unit,team,group_manager,service,from,to,short_term\nU1,Team 1,Ms Green,S,,,\n".utf8),
                named: "teams.csv")
            #expect(
                CardsCommand.run([
                    "weekly", events, "--teams", teams, "--week", week, "--out", out, "--quiet",
                ]) == 0)
        }

        func folder(_ week: String = "2010-W47") throws -> String {
            let set = "\(out)/\(week)"
            let name = try #require(
                FileManager.default.contentsOfDirectory(atPath: set).first { $0.hasPrefix("manager-") })
            return "\(set)/\(name)"
        }

        /// Her workbook after some steps.
        func sentBack(_ steps: [String], _ name: String = "back", week: String = "2010-W47") throws -> String {
            let isText = steps.contains { $0.hasPrefix("csv") }
            let path = scratch.folder.appending(path: name + (isText ? ".csv" : ".xlsx")).path
            let script = try PythonScript(
                "Tests/ReturnsTests/send_back.py", [try folder(week) + "/cards.xlsx", path] + steps)
            #expect(script.status == 0, "\(script.output)")
            return path
        }

        func taken(_ path: String, set: String? = nil) throws -> ReturnsImport {
            let closures = try RunSetup.closures(nil, "england-and-wales")
            return try ReturnsImport(
                path, sets: out, set: set, today: day("2010-12-03"), calendar: WorkingCalendar(closures))
        }

        var set: String {
            get throws { try #require(try PublishedSets(out).sets.last).hash }
        }

        /// Each row that is not simply unanswered, with its child.
        func told(_ outcome: ReturnsImport) throws -> [String] {
            let sets = try PublishedSets(out).sets
            return outcome.lines.compactMap { line in
                let child = sets.lazy.compactMap { $0.rows[line.exception]?.child }.first ?? "-"
                switch line.fate {
                case .unanswered: return nil
                case .taken: return "\(child) taken"
                case .takenAs: return "\(child) taken under another reference"
                case .noLongerListed: return "\(child) no longer listed"
                case .refused(let reason): return "\(child) refused: \(reason)"
                }
            }
        }
    }

    @Test("what people do to a workbook", arguments: ReturnCase.all)
    func sentBack(_ example: ReturnCase) throws {
        let council = try Council()
        let path = try council.sentBack(example.steps)
        let outcome = try council.taken(path, set: path.hasSuffix(".csv") ? try council.set : nil)
        #expect(try council.told(outcome).sorted() == example.expected.sorted())
        let kept = try ReturnStore(sets: council.out).answers()
        #expect(kept.count == example.expected.count { $0.hasSuffix("taken") })
        #expect((outcome.keptIn == nil) == kept.isEmpty)
    }

    @Test("everything that was answered is kept as it was meant, for its owner alone")
    func kept() throws {
        let council = try Council()
        let path = try council.sentBack([
            "answer:00123:Reason=CAPACITY", "answer:00123:Child safe=yes", "date:00123:Seen on=2010-12-01",
            "answer:00123:Action=@SUM(1), \"quoted\"", "answer:00123:Owner=Team manager",
            "date:00123:Revised date=2010-12-10",
            "answer:00123:Agreed by=Group Manager", "answer:00123:Note=\u{202E}éß",
        ])
        let outcome = try council.taken(path)
        let kept = try #require(try ReturnStore(sets: council.out).answers().first)
        #expect(kept.child == "00123" && kept.rule == "initial_assessment" && kept.referral == "R1")
        #expect(kept.set == (try council.set) && kept.weekEnding == day("2010-11-28"))
        #expect(kept.source == "back.xlsx, Returns, row 2" || kept.source.hasPrefix("back.xlsx, Returns, row "))
        let answer = kept.answer
        #expect(answer.reason == .capacity && answer.childSafe == "yes" && answer.seenOn == day("2010-12-01"))
        #expect(answer.action == "@SUM(1), \"quoted\"" && answer.note == "\u{FFFD}éß")
        #expect(answer.owner == .teamManager && answer.agreedBy == .groupManager)
        #expect(answer.revisedOn == day("2010-12-10"))
        // Three exceptions of initial and core assessments are hers, besides what else is late.
        #expect(outcome.unanswered == (try #require(try PublishedSets(council.out).sets.last)).rows.count - 1)
        let file = try #require(outcome.keptIn)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(!(try String(contentsOfFile: file, encoding: .utf8)).contains(",\"@"), "no cell of it is run")
    }

    @Test("the later file wins, and both are kept; the same file is taken once")
    func twice() throws {
        let council = try Council()
        let first = try council.sentBack(ReturnCase.answer, "first")
        let second = try council.sentBack(["date:00123:Revised date=2010-12-14"], "second")
        _ = try council.taken(first)
        _ = try council.taken(second)
        let store = ReturnStore(sets: council.out)
        #expect(try store.answers().map(\.answer.revisedOn) == [day("2010-12-10"), day("2010-12-14")])
        #expect(try store.promises(before: day("2010-12-05")).values.first == day("2010-12-14"))
        #expect(
            try store.promises(before: day("2010-11-28")).isEmpty, "what was answered to a week is no promise before it"
        )
        #expect(throws: ReturnsError.self) { try council.taken(first) }
        #expect(try store.answers().count == 2)
    }

    @Test("a promise comes back on the next list, first of its rank where it was broken")
    func promises() throws {
        let council = try Council()
        _ = try council.taken(try council.sentBack(["date:00125:Revised date=2010-12-02"]))
        try council.publish(Self.rows, week: "2010-W48")
        let text = try String(contentsOfFile: council.out + "/2010-W48/data/exceptions.csv", encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let header = try #require(lines.first).map(String.init)
        func column(_ name: String) throws -> Int { try #require(header.firstIndex(of: name)) }
        let (child, rule) = (try column("child_id"), try column("rule"))
        let assessments = lines.filter { $0[rule] == "initial_assessment" }
        #expect(
            assessments.map { String($0[child]) } == ["00125", "00123"], "before the one that is later by two days")
        #expect(assessments.first?[try column("previous_revised_date")] == "2010-12-02")
        #expect(assessments.first?[try column("previous_kept")] == "no")
        let page = try String(contentsOfFile: try council.folder("2010-W48") + "/index.html", encoding: .utf8)
        #expect(page.contains("1 whose promised date has passed") && page.contains("2 Dec 2010, passed"))
    }

    @Test(
        "a second revision needs a more senior agreement, also where the start was corrected in between",
        arguments: ["2010-11-01", "2010-11-02"])
    func secondRevision(_ start: String) throws {
        let council = try Council()
        _ = try council.taken(
            try council.sentBack(["date:00125:Revised date=2010-12-02", "answer:00125:Agreed by=Team manager"]))
        try council.publish(Self.rows.replacing("2010-11-01", with: start), week: "2010-W48")
        for (role, isTaken) in [("Team manager", false), ("Group Manager", true)] {
            let path = try council.sentBack(
                ["date:00125:Revised date=2010-12-20", "answer:00125:Agreed by=\(role)"], role, week: "2010-W48")
            let outcome = try council.taken(path)
            #expect(
                try council.told(outcome) == [
                    isTaken
                        ? "00125 taken"
                        : "00125 refused: Agreed by must be more senior than before: the date was revised once already"
                ])
        }
        #expect(try AnsweredSet(sets: council.out).counts.map(\.revisedAgain) == [1])
    }

    @Test("a second revision without anybody's agreement is refused; a date that was put right is none")
    func unagreed() throws {
        let council = try Council()
        for (name, date) in [("typo", "2010-12-22"), ("right", "2010-12-02")] {
            let outcome = try council.taken(try council.sentBack(["date:00125:Revised date=\(date)"], name))
            #expect(try council.told(outcome) == ["00125 taken"])
        }
        try council.publish(Self.rows, week: "2010-W48")
        for (role, told) in [
            ("", "00125 refused: Agreed by is needed: the date was revised once already"),
            ("Team manager", "00125 taken"),
        ] {
            let steps =
                ["date:00125:Revised date=2010-12-20"] + (role.isEmpty ? [] : ["answer:00125:Agreed by=\(role)"])
            let outcome = try council.taken(try council.sentBack(steps, "again\(role)", week: "2010-W48"))
            #expect(try council.told(outcome) == [told])
        }
        // Nor is it by way of the set before, once the next one has told of the date.
        let around = try council.taken(try council.sentBack(["date:00125:Revised date=2010-12-21"], "around"))
        #expect(
            try council.told(around) == ["00125 refused: Agreed by is needed: the date was revised once already"])
        #expect(try AnsweredSet(sets: council.out, week: ISOWeek("2010-W47")).counts.map(\.revisedAgain) == [0])
        #expect(try AnsweredSet(sets: council.out).counts.map(\.revisedAgain) == [1])
    }

    @Test("what the most senior agreed to is agreed to by nobody less senior")
    func mostSenior() throws {
        let council = try Council()
        _ = try council.taken(
            try council.sentBack(["date:00125:Revised date=2010-12-02", "answer:00125:Agreed by=Head of service"]))
        try council.publish(Self.rows, week: "2010-W48")
        for (role, told) in [
            (
                "Group Manager",
                "00125 refused: Agreed by must be more senior than before: the date was revised once already"
            ),
            ("Head of service", "00125 taken"),
        ] {
            let steps = ["date:00125:Revised date=2010-12-20", "answer:00125:Agreed by=\(role)"]
            #expect(try council.told(try council.taken(try council.sentBack(steps, role, week: "2010-W48"))) == [told])
        }
    }

    @Test("an answer to an older set that comes late is no newer promise")
    func lateAnswer() throws {
        let council = try Council()
        let older = try council.sentBack(["date:00125:Revised date=2010-11-30"], "older")
        try council.publish(Self.rows, week: "2010-W48")
        _ = try council.taken(try council.sentBack(["date:00125:Revised date=2010-12-20"], "newer", week: "2010-W48"))
        _ = try council.taken(older)
        let promises = try ReturnStore(sets: council.out).promises(before: day("2010-12-12"))
        #expect(Array(promises.values) == [day("2010-12-20")])
    }

    @Test("a promise is neither kept nor broken where the work went to another Group Manager")
    func movedPromise() throws {
        let council = try Council()
        _ = try council.taken(try council.sentBack(["date:00125:Revised date=2010-12-10"]))
        try council.publish(Self.rows + "\n00125: team_changed 2010-11-30 R3 team=U2", week: "2010-W48")
        let text = try String(contentsOfFile: council.out + "/2010-W48/data/exceptions.csv", encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let header = try #require(lines.first).map(String.init)
        let kept = try #require(header.firstIndex(of: "previous_kept"))
        let moved = lines.filter { $0.contains("00125") && $0.contains("2010-12-10") }
        #expect(moved.contains { $0.contains("moved") } && moved.contains { $0.contains("continuing") })
        #expect(moved.allSatisfy { $0[kept].isEmpty })
    }

    @Test("what was answered, what is missing, and which dates were revised again, week by week")
    func answersSoFar() throws {
        let council = try Council()
        let before = try AnsweredSet(sets: council.out)
        let listed = before.counts[0].listed
        #expect(before.counts.map(\.groupManager) == ["Ms Green"] && before.counts[0].missing == listed)
        _ = try council.taken(
            try council.sentBack(["date:00125:Revised date=2010-12-02", "answer:00125:Agreed by=Team manager"]))
        _ = try council.taken(try council.sentBack(["answer:00125:Reason=POLICE"], "later"))
        let after = try AnsweredSet(sets: council.out)
        #expect(after.weekEnding == day("2010-11-28"))
        #expect(after.counts[0].answered == 1 && after.counts[0].missing == listed - 1)
        #expect(after.counts[0].broken == 0 && after.counts[0].revisedAgain == 0)
        // The later file wins, whole: it has no date.
        let lines = after.table.csv.split(separator: "\n").filter { $0.contains(",POLICE,") }
        #expect(lines.count == 1 && lines[0].contains(",00125,") && !after.table.csv.contains("2010-12-02"))
        try council.publish(Self.rows, week: "2010-W48")
        // What was answered to the week before is no answer to this one.
        #expect(try AnsweredSet(sets: council.out).counts[0].answered == 0)
        _ = try council.taken(
            try council.sentBack(
                ["date:00125:Revised date=2010-12-20", "answer:00125:Agreed by=Group Manager"], "next", week: "2010-W48"
            ))
        let next = try AnsweredSet(sets: council.out)
        #expect(next.counts[0].broken == 1 && next.counts[0].answered == 1 && next.counts[0].revisedAgain == 1)
        #expect(try AnsweredSet(sets: council.out, week: ISOWeek("2010-W47")).counts == after.counts)
        #expect(throws: ReturnsError.self) { try AnsweredSet(sets: council.out, week: ISOWeek("2010-W30")) }
    }

    @Test("an exception whose start was corrected takes the answer; one that is gone keeps it")
    func goneReferences() throws {
        let council = try Council()
        let path = try council.sentBack(["answer:00123:Reason=POLICE", "answer:00125:Reason=COURT"])
        let changed =
            Self.rows.replacing("initial_assessment_started 2010-11-01", with: "initial_assessment_started 2010-11-02")
            .replacing("referral_received 2010-11-01 R1", with: "referral_received 2010-11-02 R1")
            + "\n00125: initial_assessment_completed 2010-11-30 R3 I3\n00125: initial_assessment_authorised 2010-11-30 R3 I3"
            + "\n00125: case_closed 2010-11-30 R3"
        try council.publish(changed, week: "2010-W48")
        let outcome = try council.taken(path)
        #expect(try council.told(outcome) == ["00123 taken under another reference", "00125 no longer listed"])
        let kept = try ReturnStore(sets: council.out).answers()
        #expect(kept.map(\.listedAs.isEmpty) == [false, true])
        #expect(kept.first?.listedAs != kept.first?.exception)
    }

    // MARK: What is refused as a whole

    @Test("files that cannot be taken say why, and nothing is kept", arguments: ReturnsError.Code.allCases)
    func refused(_ code: ReturnsError.Code) throws {
        let council = try Council()
        let path = try council.sentBack(ReturnCase.answer)
        var file = path
        switch code {
        case .missingReturn: file += "x"
        case .notAReturn:
            file = try council.scratch.write([0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 99), named: "x.xlsx")
        case .noReturnsSheet: file = try council.sentBack(["rename:Answers"], "renamed")
        case .missingReturnColumn: file = try council.sentBack(["drop-column:Rule"], "dropped")
        case .noSets: try FileManager.default.removeItem(atPath: council.out)
        case .unknownSet: file = try council.sentBack(["cover:0000"], "cover")
        case .whichSet: file = try council.sentBack(["csv"], "text")
        case .takenBefore: _ = try council.taken(path)
        case .damagedReturns:
            try FileManager.default.createDirectory(
                atPath: council.out + "/returns", withIntermediateDirectories: false)
            try Data("nothing\n".utf8).write(to: URL(filePath: council.out + "/returns/00001-x.csv"))
        case .cannotKeep:
            // A file where the folder of answers should be.
            try Data().write(to: URL(filePath: council.out + "/returns"))
        }
        do {
            _ = try council.taken(file)
            Issue.record("it was taken")
        } catch let error as ReturnsError {
            #expect(error.code == code)
            let shown = error.description.replacing(council.scratch.folder.path, with: "FOLDER")
                .replacing(/-[0-9a-f]{12}\.csv/, with: "-DIGEST.csv")
            #expect(!shown.contains("00123") && !shown.contains("R1"), "no message names a child")
            try expectGolden(shown + "\n", named: "returns/\(code.rawValue).txt")
        }
        if code != .takenBefore, code != .damagedReturns {
            #expect(try ReturnStore(sets: council.out).answers().isEmpty)
        }
    }

    @Test("a workbook cut off anywhere is refused or read whole, and never a trap")
    func truncated() throws {
        let council = try Council()
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: try council.sentBack(ReturnCase.answer))))
        for length in stride(from: 0, to: bytes.count, by: 211) {
            let path = try council.scratch.write(Array(bytes.prefix(length)), named: "cut.xlsx")
            #expect(throws: ReturnsError.self) { try council.taken(path) }
        }
        #expect(try ReturnStore(sets: council.out).answers().isEmpty)
    }
}
