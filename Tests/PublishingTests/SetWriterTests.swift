import Cards
import CardsTestSupport
import Foundation
import ReportsTestSupport
import Testing

@testable import Publishing

@Suite struct SetWriterTests {
    private let options = SetOptions(version: "0.1.0")

    @discardableResult
    private func write(
        _ made: MadeReport, _ scratch: Scratch, _ writer: SetWriter = SetWriter(), _ options: SetOptions? = nil
    ) throws(PublishingError) -> WrittenSet {
        try writer.write(made.report, rejected: [], to: scratch.path, options ?? self.options)
    }

    @Test func filesAreTheOwnersAlone() throws {
        let scratch = try Scratch()
        let old = umask(0)
        defer { umask(old) }
        try write(.large(), scratch)
        for name in try scratch.contents().keys {
            #expect(try scratch.mode(name) == (name.hasSuffix("/") ? 0o700 : 0o600), "\(name)")
        }
    }

    @Test func aGroupMayReadItsFolder() throws {
        let scratch = try Scratch()
        // A machine without a name for the group has nothing to test.
        guard let entry = getgrgid(getgid()) else { return }
        let group = String(cString: entry.pointee.gr_name)
        var options = options
        options.groups = [.data: group]
        try write(.large(), scratch, SetWriter(), options)
        #expect(try scratch.mode("2010-W47") == 0o750)
        #expect(try scratch.mode("2010-W47/data") == 0o750)
        #expect(try scratch.mode("2010-W47/data/cards.csv") == 0o640)
        #expect(try scratch.mode("2010-W47/authority") == 0o700)
        #expect(try scratch.mode("2010-W47/authority/index.html") == 0o600)
        #expect(try scratch.mode("2010-W47/no-team/index.html") == 0o640)
    }

    @Test func eachOfSeveralGroupsReachesItsOwnFolder() throws {
        let scratch = try Scratch()
        // Root may give files to any group, somebody else only to his own.
        var own = [gid_t](repeating: 0, count: 256)
        let count = geteuid() == 0 ? 0 : Int(getgroups(256, &own))
        let candidates = geteuid() == 0 ? Array(0..<gid_t(100)) : Array(own.prefix(max(count, 0)))
        let groups = candidates.lazy.compactMap { id in getgrgid(id).map { (id, String(cString: $0.pointee.gr_name)) } }
        let two = Array(groups.prefix(2))
        // A machine on which he has no two groups has nothing to test.
        guard two.count == 2 else { return }
        var options = options
        options.groups = [.data: two[0].1, .authority: two[1].1]
        _ = try SetWriter().write(
            MadeReport.large().report, rejected: [], to: scratch.path + "/sets", options)
        for name in ["sets", "sets/2010-W47"] { #expect(try scratch.mode(name) == 0o711, "\(name)") }
        for name in ["sets/latest", "sets/2010-W47/index.html", "sets/2010-W47/run.json"] {
            #expect(try scratch.mode(name) == 0o600, "\(name)")
        }
        let files = ["sets/2010-W47/data/cards.csv", "sets/2010-W47/authority/index.html"]
        for name in files { #expect(try scratch.mode(name) == 0o640, "\(name)") }
        #expect(try scratch.mode("sets/2010-W47/data") == 0o750)
        let services = try scratch.contents().keys.filter {
            $0.hasPrefix("sets/2010-W47/service-") && $0.hasSuffix("/")
        }
        #expect(!services.isEmpty)
        for name in services { #expect(try scratch.mode(name) == 0o700, "\(name)") }
        guard geteuid() == 0 else { return }
        let nobody: gid_t = 65_534
        for (group, expected) in [(two[0].0, [true, false]), (two[1].0, [false, true]), (nobody, [false, false])] {
            #expect(try files.map { try scratch.canRead($0, as: group) } == expected, "group \(group)")
            #expect(try !scratch.canRead("sets/2010-W47/run.json", as: group))
            #expect(try !scratch.canRead("sets/2010-W47", as: group), "nobody lists the set")
        }
    }

    @Test func aSetReplacesAnother() throws {
        let scratch = try Scratch()
        try write(.small(), scratch)
        try scratch.put("old", "2010-W47/old.txt")
        try write(.large(), scratch)
        let fresh = try Scratch()
        try write(.large(), fresh)
        #expect(try scratch.contents() == fresh.contents())
    }

    @Test func aFailureAtAnyStepLeavesTheOldSet() throws {
        let scratch = try Scratch()
        let steps = Steps()
        let counting = SetWriter { step in
            steps.note(step)
            return nil
        }
        try write(.small(), scratch, counting)
        // Swapping in a set like it would not be seen without a mark.
        try scratch.put("old", "2010-W47/mark.txt")
        let old = try scratch.contents()
        for step in steps.all where step != .removal {
            let failing = SetWriter { $0 == step ? ENOSPC : nil }
            #expect(throws: PublishingError.self, "\(step)") { try write(.small(), scratch, failing) }
            #expect(try scratch.contents() == old, "\(step)")
        }
        #expect(steps.all.contains(.pointerSwap))
        #expect(steps.all.filter { if case .file = $0 { true } else { false } }.count > 12)
        let exchange = SetWriter { $0 == .exchange ? EIO : nil }
        #expect(throws: PublishingError.self) { try write(.large(), scratch, exchange) }
        #expect(try scratch.contents() == old)
    }

    @Test func aFailureOfTheFirstSetLeavesNothing() throws {
        for step in [SetWriter.Step.swap, .pointer, .pointerSwap, .file("run.json"), .folder("data")] {
            let scratch = try Scratch()
            let failing = SetWriter { $0 == step ? EROFS : nil }
            let error = try #require(throws: PublishingError.self) { try write(.small(), scratch, failing) }
            #expect(error.code == .readOnly, "\(step)")
            #expect(try scratch.contents().isEmpty, "\(step)")
        }
    }

    @Test func theFullDiskIsNamed() throws {
        let scratch = try Scratch()
        let failing = SetWriter { $0 == .file("data/cards.csv") ? ENOSPC : nil }
        let error = try #require(throws: PublishingError.self) { try write(.small(), scratch, failing) }
        #expect(error.code == .diskFull)
        #expect(error.path.hasSuffix("/data/cards.csv"))
    }

    @Test(arguments: [EINVAL, ENOSYS]) func withoutAnExchangeASetGetsANewName(number: Int32) throws {
        let scratch = try Scratch()
        try write(.small(), scratch)
        let old = try scratch.contents().filter { $0.key.hasPrefix("2010-W47/") }
        let plain = SetWriter { $0 == .exchange ? number : nil }
        #expect(try write(.large(), scratch, plain).name == "2010-W47-2")
        #expect(try scratch.text("latest") == "2010-W47-2\n")
        #expect(try write(.small(), scratch, plain).name == "2010-W47-3")
        #expect(try scratch.text("latest") == "2010-W47-3\n")
        #expect(try scratch.contents().filter { $0.key.hasPrefix("2010-W47/") } == old)
        let failing = SetWriter { $0 == .exchange ? number : $0 == .pointerSwap ? EIO : nil }
        #expect(throws: PublishingError.self) { try write(.small(), scratch, failing) }
        #expect(!scratch.exists("2010-W47-4"))
        #expect(try scratch.text("latest") == "2010-W47-3\n")
    }

    @Test func leftoversOfTheDeadAreRemoved() throws {
        let scratch = try Scratch()
        for name in [
            ".2010-W46.new-4194303/data/cards.csv", ".2010-W47.new-\(getpid())/x", ".latest.new-4194303",
            ".2010-W47.new-1/x", ".mine.new-4194303/x", "returns/x",
        ] { try scratch.put("x", name) }
        try write(.small(), scratch)
        #expect(!scratch.exists(".2010-W46.new-4194303"))
        #expect(!scratch.exists(".2010-W47.new-\(getpid())"))
        #expect(!scratch.exists(".latest.new-4194303"))
        // Process 1 is alive, and the last two are not ours.
        #expect(scratch.exists(".2010-W47.new-1/x"))
        #expect(scratch.exists(".mine.new-4194303/x"))
        #expect(scratch.exists("returns/x"))
    }

    @Test func whatIsBeingMadeIsLeftAlone() throws {
        let scratch = try Scratch()
        try scratch.put("x", ".2010-W47.new-\(getpid())/x")
        let held = try Folder(at: scratch.path + "/.2010-W47.new-\(getpid())")
        #expect(held.lock())
        try write(.small(), scratch)
        #expect(scratch.exists(".2010-W47.new-\(getpid())/x"))
        #expect(scratch.exists("2010-W47/run.json"))
        withExtendedLifetime(held) {}
    }

    @Test func anOldSetThatCannotBeDeletedIsNamed() throws {
        let scratch = try Scratch()
        try write(.small(), scratch)
        let set = try write(.small(), scratch, SetWriter { $0 == .removal ? EIO : nil })
        #expect(set.leftover != nil)
        #expect(try write(.small(), scratch).leftover == nil)
        #expect(try scratch.contents().keys.allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func aLinkIsNeverReplacedOrFollowed() throws {
        let scratch = try Scratch()
        let victim = try Scratch()
        try victim.put("precious", "file")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/2010-W47", withDestinationPath: victim.path)
        let error = try #require(throws: PublishingError.self) { try write(.small(), scratch) }
        #expect(error.code == .symbolicLink)
        #expect(try victim.contents() == ["file": Data("precious".utf8)])
        // A link where the hidden folder or the pointer would stand is removed, not followed.
        let other = try Scratch()
        try FileManager.default.createSymbolicLink(
            atPath: other.path + "/.2010-W47.new-\(getpid())", withDestinationPath: victim.path)
        try FileManager.default.createSymbolicLink(
            atPath: other.path + "/latest", withDestinationPath: victim.path + "/file")
        try write(.small(), other)
        #expect(try victim.contents() == ["file": Data("precious".utf8)])
        #expect(try other.text("latest") == "2010-W47\n")
    }

    @Test func aFileInThePlaceOfASetIsLeft() throws {
        let scratch = try Scratch()
        try scratch.put("file", "2010-W47")
        let error = try #require(throws: PublishingError.self) { try write(.small(), scratch) }
        #expect(error.code == .notAFolder)
        #expect(try scratch.contents() == ["2010-W47": Data("file".utf8)])
    }

    @Test(arguments: ["notes.txt", "run.json/notes.txt"])
    func aFolderThatIsNoSetIsLeft(name: String) throws {
        let scratch = try Scratch()
        try scratch.put("mine", "2010-W47/\(name)")
        let before = try scratch.contents()
        let error = try #require(throws: PublishingError.self) { try write(.small(), scratch) }
        #expect(error.code == .notASet)
        #expect(try scratch.contents() == before)
    }

    @Test func theFolderOfSetsIsMade() throws {
        let scratch = try Scratch()
        _ = try SetWriter().write(MadeReport.small().report, rejected: [], to: scratch.path + "/a/b/c/", options)
        #expect(try scratch.mode("a/b/c") == 0o700)
        #expect(scratch.exists("a/b/c/2010-W47/run.json"))
        try scratch.put("", "file")
        let error = try #require(throws: PublishingError.self) {
            _ = try SetWriter().write(MadeReport.small().report, rejected: [], to: scratch.path + "/file/b", options)
        }
        #expect(error.code == .notAFolder)
    }

    /// `/proc` says of every new name that the folder above it is missing.
    @Test(arguments: ["/proc/cards", "/proc/cards/sets"])
    func aFolderThatCannotBeMadeIsAnError(path: String) throws {
        let error = try #require(throws: PublishingError.self) {
            _ = try SetWriter().write(MadeReport.small().report, rejected: [], to: path, options)
        }
        #expect(error.code == .cannotWrite)
    }

    @Test func wrongOptionsWriteNothing() throws {
        let scratch = try Scratch()
        let cases: [(PublishingError.Code, (inout SetOptions) -> Void)] = [
            (.unknownTeam, { $0.team = "Team 9" }),
            (.unknownGroupManager, { $0.groupManager = "Nobody" }), (.unknownGroupManager, { $0.groupManager = "" }),
            (.unknownGroup, { $0.groups = [.data: "no-such-group-here"] }),
        ]
        for (code, change) in cases {
            var options = options
            change(&options)
            let error = try #require(throws: PublishingError.self) {
                try write(.large(), scratch, SetWriter(), options)
            }
            #expect(error.code == code)
            #expect(try scratch.contents().isEmpty)
        }
    }

    @Test func everyMessage() throws {
        let text = PublishingError.Code.allCases.map { code in
            let error = PublishingError(code, path: "out/2010-W47", reason: "Input/output error")
            return "\(code.rawValue)\n\(error)\n"
        }.joined(separator: "\n")
        try expectGolden(text, named: "publishing-errors.txt")
        #expect(PublishingError.exitCode == 73)
        for (number, code) in [
            (ENOSPC, PublishingError.Code.diskFull), (EDQUOT, .diskFull), (EACCES, .notPermitted),
            (EPERM, .notPermitted), (EROFS, .readOnly), (ENOTDIR, .notAFolder), (ELOOP, .symbolicLink),
            (EIO, .cannotWrite),
        ] { #expect(PublishingError(number: number, path: "").code == code) }
    }
}
