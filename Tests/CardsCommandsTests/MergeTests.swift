import CardsTestSupport
import Foundation
import Testing

@testable import CardsCommands

@Suite struct MergeTests {
    /// A made-up authority, faults and all, in three exports with different children; the third one's begin last.
    private func authority() throws -> Executable {
        let cards = try Executable()
        let made = try cards.run(["sample", "--out", "s", "--referrals", "300", "--years", "1", "--quiet"])
        #expect(made.code == 0, "\(made.errors)")
        let lines = try cards.text(of: "s/events.csv").split(separator: "\n", omittingEmptySubsequences: false)
        func child(_ line: Substring) -> Substring { line.prefix { $0 != "," } }
        var first: [Substring: Int] = [:]
        for (place, line) in lines.enumerated().dropFirst() where first[child(line)] == nil {
            first[child(line)] = place
        }
        var parts = [[lines[0]], [lines[0]], [lines[0]]]
        for line in lines.dropFirst() where !line.isEmpty {
            let isLate = (first[child(line)] ?? 0) > lines.count * 2 / 3
            parts[isLate ? 2 : Int(child(line).utf8.last ?? 0) % 2].append(line)
        }
        for (number, part) in parts.enumerated() {
            #expect(part.count > 100)
            try cards.write(part.joined(separator: "\n") + "\n", to: "\(number).csv")
        }
        return cards
    }

    /// Everything in a folder, by its path.
    private func files(_ folder: URL) throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try paths.reduce(into: [:]) { files, path in
            var isFolder: ObjCBool = false
            let place = folder.appending(path: path)
            guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder), !isFolder.boolValue else {
                return
            }
            files[path] = try Data(contentsOf: place)
        }
    }

    @Test(
        "the parts of an authority add up to the bytes of one run",
        arguments: [
            ["--weeks", "1"], ["--weeks", "all", "--clocks"], ["--weeks", "20", "--complete-from", "2010-03-01"],
            ["--as-at", "2010-12-15", "--known-at", "2010-12-16"],
            ["--structure", "current", "--without", "child_seen"],
        ])
    func sameBytes(options: [String]) throws {
        let cards = try authority()
        defer { cards.clean() }
        let common =
            ["--teams", "s/teams.csv", "--workers", "s/workers.csv", "--week", "2010-W50", "--quiet"] + options
        let clocks = options.filter { $0 == "--clocks" }
        let one = try cards.run(["weekly", "0.csv", "1.csv", "2.csv", "--out", "one"] + common)
        #expect(one.code == 0, "\(one.errors)")
        for number in 0..<3 {
            let part = try cards.run(["weekly", "\(number).csv", "--partial", "\(number).part"] + common)
            #expect(part.code == 0 && part.output.isEmpty, "\(part.errors)")
        }
        let sum = try cards.run(["merge", "0.part", "1.part", "2.part", "--out", "sum", "--quiet"] + clocks)
        #expect(sum.code == 0, "\(sum.errors)")
        let (expected, merged) = (
            try files(cards.folder.appending(path: "one")), try files(cards.folder.appending(path: "sum"))
        )
        #expect(expected.count > 20 && Set(expected.keys) == Set(merged.keys))
        for (path, bytes) in expected { #expect(merged[path] == bytes, "\(path)") }
        let mode = try FileManager.default.attributesOfItem(atPath: cards.folder.appending(path: "0.part").path)
        #expect(mode[.posixPermissions] as? Int == 0o600)
    }

    @Test("a part alone is the run over it")
    func onePart() throws {
        let cards = try ExitCodeTests.folder()
        defer { cards.clean() }
        let options = ["e.csv", "--teams", "t.csv", "--week", "2010-W47"]
        let said = try cards.run(["weekly", "--partial", "p"] + options).errors
        #expect(said.hasPrefix("16 rows read = 13 accepted + 1 duplicate + 2 rejected\ne.csv: 16 rows; dates: "))
        #expect(said.hasSuffix("\nwritten: p, 3 children of 2010-W47 as at 2010-11-28\n"))
        let (one, sum) = (try cards.run(["weekly"] + options), try cards.run(["merge", "p"]))
        #expect(sum.code == 0 && sum.output == one.output && !one.output.isEmpty)
    }

    /// Two exports whose sum is easily wrong, and why.
    struct Pair: CustomTestStringConvertible, Sendable {
        var why: String
        var first: String
        var second: String
        var testDescription: String { why }
    }

    private static let head = "child_id,event,date,referral_id,step_id,recorded_at,team,worker\n"

    static let pairs = [
        Pair(
            why: "one name in two Unicode forms is two names, here and in one run",
            first: "A1,referral_received,2010-03-01,R1,,2010-03-01,Zo\u{EB},W\u{EB}\n",
            second: "B1,referral_received,2010-09-01,R2,,2010-09-01,Zoe\u{308},We\u{308}\n"
                + "B2,referral_received,2010-09-01,R3,,2010-09-01,Zo\u{EB},W\u{EB}\n"),
        Pair(
            why: "a rejected row counts in its week, though its part has no other row then",
            first: "A1,referral_received,2010-01-04,R1,,2010-01-04,T1,W1\n",
            second: "B1,referral_received,2010-09-01,R2,,2010-09-01,T2,W2\n"
                + "B2,no_such_event,2010-03-03,R3,,2010-03-03,T2,W2\n"),
        Pair(
            why: "a rejected start that was recorded within its part",
            first: "A1,referral_received,2010-01-04,R1,,2010-01-04,T1,W1\n",
            second: "B1,referral_received,2010-09-01,R2,,2010-09-01,T2,W2\n"
                + "B1,initial_assessment_started,soon,R2,S2,2010-09-20,T2,W2\n"),
        Pair(
            why: "a booking without a day of recording, and a row without a referral",
            first: "A1,s47_started,2010-01-04,R1,S1,2010-01-04,T1,W1\n",
            second: "B1,icpc_arranged,2010-09-20,R2,S2,,T2,W2\nB1,child_seen,2010-09-02,,,2010-09-02,T2,W2\n"),
    ]

    @Test("sums that are easily wrong", arguments: pairs)
    func easilyWrong(_ pair: Pair) throws {
        let cards = try Executable()
        defer { cards.clean() }
        try cards.write(Self.head + pair.first, to: "0.csv")
        try cards.write(Self.head + pair.second, to: "1.csv")
        let common = ["--week", "2010-W46", "--weeks", "all", "--quiet"]
        #expect(try cards.run(["weekly", "0.csv", "1.csv", "--out", "one"] + common).code == 0)
        for number in 0..<2 {
            #expect(try cards.run(["weekly", "\(number).csv", "--partial", "\(number).part"] + common).code == 0)
        }
        #expect(try cards.run(["merge", "0.part", "1.part", "--out", "sum", "--quiet"]).code == 0)
        let (one, sum) = (
            try files(cards.folder.appending(path: "one")), try files(cards.folder.appending(path: "sum"))
        )
        #expect(one.count > 8 && one == sum)
    }

    // MARK: Messages

    /// What is run first, one command a line, and the whole of what is said about the last.
    struct Case: CustomTestStringConvertible, Sendable {
        var code: CommandError.Code
        var before: [String]
        var command: String
        var message: String
        var hint: String
        var testDescription: String { code.rawValue + ": " + command }
    }

    static let part = "weekly e.csv --teams t.csv --week 2010-W47 --partial a"

    static let cases = [
        Case(
            code: .missingFile, before: [], command: "merge gone", message: "gone: the partial result is not there",
            hint: "check the path"),
        Case(
            code: .notAPartial, before: [], command: "merge e.csv",
            message: "e.csv: this is not a whole partial result",
            hint: "give files that `cards weekly --partial` has written, as they are"),
        Case(
            code: .otherVersion, before: [], command: "merge other.part",
            message: "other.part: the partial result was written by another version of cards",
            hint: "make it again with version 0.1.0"),
        Case(
            code: .partsDiffer, before: [part, "weekly f.csv --week 2010-W47 --without child_seen --partial b"],
            command: "merge a b", message: "b: the part was not made like a: organisation or workers file, --without",
            hint: "make the parts again with the same options and files"),
        Case(
            code: .partsOfOtherWeeks, before: [part, "weekly f.csv --teams t.csv --week 2010-W46 --partial b"],
            command: "merge a b",
            message: "b: the part is of 2010-W46 as at 2010-11-21, and a of 2010-W47 as at 2010-11-28",
            hint: "make the parts again with the same --week"),
        Case(
            code: .partsEndOtherwise, before: [part, "weekly f.csv --teams t.csv --week 2010-W47 --partial b"],
            command: "merge a b",
            message:
                "b: the part has initial_assessment_completed and no initial_assessment_authorised, which others have",
            hint: "run the exports of that part together with others that have it"),
        Case(
            code: .sameChildren, before: [part], command: "merge a a",
            message: "a: 3 of its children are in another part too",
            hint: "give each child to one part; if two authorities use the same reference for two children, "
                + "put the authority's code before it"),
        Case(
            code: .partWithRejectedStart,
            before: [part, "weekly g.csv --teams t.csv --week 2010-W47 --partial b"], command: "merge a b",
            message: "b: a rejected start has no recorded_at, or one before the first row of the part, "
                + "and other parts begin earlier",
            hint: "correct the row, which `cards check` lists, and make the part again"),
        Case(
            code: .noClocks, before: [part], command: "merge a --clocks --out o",
            message: "the partial results hold no clocks", hint: "make them with --clocks, or leave it out here"),
    ]

    @Test("what does not belong together is refused, and nothing is written", arguments: cases)
    func refused(_ wrong: Case) throws {
        let cards = try ExitCodeTests.folder()
        defer { cards.clean() }
        try cards.write(
            """
            child_id,event,date,referral_id,step_id
            Q1,referral_received,2010-11-01,R9,
            Q1,initial_assessment_started,2010-11-02,R9,A9
            Q1,initial_assessment_completed,2010-11-09,R9,A9

            """, to: "f.csv")
        try cards.write(
            """
            child_id,event,date,referral_id,step_id
            G1,referral_received,2010-11-01,R9,
            G1,initial_assessment_started,soon,R9,A9

            """, to: "g.csv")
        try cards.write("{\"format\": \"cards-partial\", \"version\": \"0.0.9\"}", to: "other.part")
        for command in wrong.before {
            #expect(try cards.run(command.split(separator: " ").map(String.init)).code == 0)
        }
        let outcome = try cards.run(wrong.command.split(separator: " ").map(String.init))
        #expect(outcome.code == wrong.code.exit.rawValue && outcome.output.isEmpty)
        #expect(outcome.errors == "error: \(wrong.message) [\(wrong.code.rawValue)]\n\nhint: \(wrong.hint)\n")
        #expect(!FileManager.default.fileExists(atPath: cards.folder.appending(path: "o").path))
    }

    @Test("a part cut off or spoilt anywhere is refused or read, and never a trap")
    func hostile() throws {
        let cards = try ExitCodeTests.folder()
        defer { cards.clean() }
        #expect(try cards.run(Self.part.split(separator: " ").map(String.init)).code == 0)
        let path = cards.folder.appending(path: "a").path
        let whole = try Data(contentsOf: URL(filePath: path))
        let spoilt = cards.folder.appending(path: "spoilt")
        func isRead(_ data: Data) throws -> Bool {
            try data.write(to: spoilt)
            do {
                let run = try PartialFile.read(spoilt.path)
                _ = try PartialSum([(spoilt.path, run)]).result(cores: 1)
                return true
            } catch let error as CommandError {
                #expect([.notAPartial, .otherVersion, .partsDiffer].contains(error.code), "\(error)")
                return false
            }
        }
        #expect(try isRead(whole))
        for length in stride(from: 0, to: whole.count, by: 5_003) { #expect(try !isRead(whole.prefix(length))) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            var data = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<data.count, using: &random)
                let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= data[place]
                data[place] =
                    isDigit ? UInt8.random(in: 0x30...0x39, using: &random) : UInt8.random(in: 0...255, using: &random)
            }
            _ = try isRead(data)
        }
        // Counts as large as a file can say, a day at the end of time, and memory for the asking.
        let text = String(decoding: whole, as: UTF8.self)
        let counts = try #require(text.firstRange(of: "\"lags\":{"))
        let large = text[..<counts.upperBound] + text[counts.upperBound...].replacing(/,[1-9],/, with: ",2147483647,")
        #expect(try isRead(Data(large.utf8)))
        for (from, to) in [
            ("\"isCurrentStructure\"", "\"completeFrom\":-2000000000,\"isCurrentStructure\""),
            ("\"accepted\":", "\"accepted\":9999999999999"), ("\"tallies\":{", "\"tallies\":{\"size\":9,"),
            ("\"week\":{\"ending\":{\"daysSinceEpoch\":1", "\"week\":{\"ending\":{\"daysSinceEpoch\":2"),
        ] {
            #expect(text.contains(from), "\(from)")
            #expect(try !isRead(Data(text.replacing(from, with: to, maxReplacements: 1).utf8)), "\(to)")
        }
    }
}
