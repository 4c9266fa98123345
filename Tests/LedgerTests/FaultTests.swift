import CardsTestSupport
import Foundation
import Glibc
import Testing
import WorkingCalendar

/// What goes wrong at night, and what is left afterwards.
@Suite("Faults at night")
struct FaultTests {
    private let first = MadeNights.first
    private let second = MadeNights.second

    /// A council after a good night, with the export of the next one.
    private func made() throws -> MadeNights { try .begun(formats: "[csv]", exportsSecond: true) }

    /// How often a run is killed; `CARDS_SOAK` asks for more.
    private var kills: Int { Int(ProcessInfo.processInfo.environment["CARDS_SOAK"] ?? "") ?? 12 }

    @Test("killed at any moment, the next run completes: the same ledger, the same sets, byte for byte")
    func killed() throws {
        let saved = try SavedNight(try made(), second)
        var generator = SeededGenerator(seed: 3)
        var isKilled = 0
        for _ in 0..<kills {
            try saved.bringBack()
            let wait = saved.length * Double.random(in: 0...1, using: &generator)
            isKilled += try kill(saved.made, after: wait) ? 1 : 0
            try saved.expectCompleted()
        }
        #expect(isKilled > kills / 3, "most runs have to be killed before their end")
    }

    @Test("a first night that was stopped, while its ledger was made or later, is completed")
    func killedAtFirst() throws {
        let made = try MadeNights(formats: "[csv]")
        defer { made.cards.clean() }
        try made.export(first)
        _ = try made.good(first)
        let (ledger, sets) = (try made.ledger(), try made.contents("out"))
        for (call, last) in [("pwrite64", 14), ("fdatasync", 4), ("unlink", 6), ("rename", 3), ("renameat2", 2)] {
            for number in stride(from: 1, through: last, by: kills > 12 ? 1 : 3) {
                for name in try made.contents(".").keys where name.hasPrefix("ledger.sqlite") || name == "out" {
                    try FileManager.default.removeItem(atPath: made.path(name))
                }
                #expect(try isKilled(made, first, at: call, number), "\(call) \(number)")
                _ = try made.good(first)
                #expect(try made.ledger() == ledger, "\(call) \(number)")
                #expect(try made.contents("out") == sets, "\(call) \(number)")
            }
        }
    }

    @Test("killed at a write, a flush, a change of a name, whichever: the next run completes")
    func killedAtCalls() throws {
        let saved = try SavedNight(try made(), second)
        // Each by itself, because strace counts each by itself.
        for call in [
            "rename", "renameat", "renameat2", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "unlink",
            "unlinkat", "mkdirat",
        ] {
            // Every change of a name and some of the others in each test run; every one in `make soak`.
            let stride = kills > 12 || call.hasPrefix("rename") ? 1 : 97
            var number = 1
            while true {
                try saved.bringBack()
                guard try isKilled(saved.made, second, at: call, number) else { break }
                try saved.expectCompleted()
                number += stride
            }
            #expect(number > 1, "a night has no such call as \(call): was anything killed?")
        }
    }

    @Test("before a name changes, what gets it is on the disk; afterwards the folder is")
    func powerLoss() throws {
        let made = try made()
        defer { made.cards.clean() }
        let process = try made.start(
            "/usr/bin/strace",
            [
                "-f", "-y", "-o", "trace", "-e", "trace=openat,fsync,fdatasync,rename,renameat,renameat2",
                Executable.path, "nightly", "--night", "\(second)", "--cores", "1", "--quiet",
            ], "traced")
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        // Paths as they are; the number of the process and what it called.
        let lines = try made.cards.text(of: "trace").replacing(made.cards.folder.path + "/", with: "").split(
            separator: "\n"
        ).map { $0.drop { $0 != " " }.drop { $0 == " " } }
        func synced(_ path: String, in lines: some Sequence<Substring>) -> Bool {
            lines.contains { $0.hasPrefix("f") && $0.contains("sync(") && $0.contains("<\(path)>)") }
        }
        let renames = lines.indices.filter { lines[$0].hasPrefix("rename") && lines[$0].hasSuffix("= 0") }
        #expect(renames.count == 8, "the week, its pointer, today, the head three times, the backup, the report")
        for place in renames {
            let names = lines[place].split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            let folder = lines[place].contains("/out>") ? "out/" : ""
            let from = "\(folder)\(names[0])"
            let written = lines[..<place].filter { $0.contains("O_CREAT") && $0.contains("\(from)") }.compactMap {
                $0.split(separator: "<").last?.prefix { $0 != ">" }
            }
            #expect(!written.isEmpty, "\(from)")
            for file in written where !file.hasSuffix("-wal") && !file.hasSuffix("-shm") {
                #expect(synced(String(file), in: lines[..<place]), "\(file) before it is named \(names[1])")
            }
            let parent = names[1].contains("/") || !folder.isEmpty ? "out" : made.cards.folder.path
            #expect(synced(parent, in: lines[place...]), "the folder of \(names[1])")
        }
    }

    /// Runs a night that is killed when it makes a call for the given time, counted from 1.
    ///
    /// - Returns: Whether it came to that.
    private func isKilled(_ made: MadeNights, _ night: CivilDate, at call: String, _ number: Int) throws -> Bool {
        let process = try made.start(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(number)",
                Executable.path, "nightly", "--night", "\(night)", "--cores", "1", "--quiet",
            ], "killed")
        process.waitUntilExit()
        return process.terminationReason != .exit || process.terminationStatus != 0
    }

    /// Runs a night and kills it.
    ///
    /// - Returns: Whether it was still running.
    private func kill(_ made: MadeNights, after wait: Duration) throws -> Bool {
        let process = try made.start(
            Executable.path, ["nightly", "--night", "\(second)", "--quiet", "--cores", "1"], "killed")
        usleep(UInt32(wait / .microseconds(1)))
        let isRunning = process.isRunning
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return isRunning
    }

    @Test("an export that cannot be right is refused, and everything stays as it was", arguments: Spoilt.exports)
    func exports(_ spoilt: Spoilt) throws {
        let made = try made()
        defer { made.cards.clean() }
        try spoilt.spoil(made)
        let (ledger, sets) = (try made.ledger(), try made.contents("out"))
        let outcome = try made.run(second, ["--quiet"])
        #expect(outcome.code == spoilt.code, "\(outcome.errors)")
        #expect(outcome.errors.contains("[\(spoilt.word)]"), "\(outcome.errors)")
        #expect(try made.ledger() == ledger)
        var after = try made.contents("out")
        let report = after.removeValue(forKey: "nightly.json")
        #expect(String(decoding: report ?? Data(), as: UTF8.self).contains("\"status\" : \"refused\""))
        #expect(after == sets.filter { $0.key != "nightly.json" })
    }

    @Test(
        "a ledger that is damaged is seen and refused, and `restore` brings back the backup", arguments: Spoilt.ledgers)
    func ledgers(_ spoilt: Spoilt) throws {
        let made = try made()
        defer { made.cards.clean() }
        try spoilt.spoil(made)
        let sets = try made.contents("out").filter { $0.key != "nightly.json" }
        let night = day("2010-12-14")
        let outcome = try made.run(night, ["--quiet"])
        #expect(outcome.code == spoilt.code, "\(outcome.errors)")
        #expect(outcome.errors.contains("[\(spoilt.word)]"), "\(outcome.errors)")
        #expect(try made.contents("out").filter { $0.key != "nightly.json" } == sets)
        let restored = try made.cards.run(["ledger", "restore"])
        #expect(restored.code == 0, "\(restored.errors)")
        #expect(
            restored.errors
                == "restored: ledger.sqlite; what was there is ledger.sqlite.damaged-1\n"
        )
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        _ = try made.good(night)
    }

    @Test("a backup that does not check is not brought back")
    func badBackup() throws {
        let made = try made()
        defer { made.cards.clean() }
        try made.change("ledger.sqlite.backup") { $0.prefix($0.count / 2) }
        let before = try made.ledger()
        let outcome = try made.cards.run(["ledger", "restore"])
        #expect(outcome.code == 69 && outcome.errors.contains("[ledger-damaged]"))
        #expect(try made.ledger() == before)
        let missing = try made.cards.run(["ledger", "restore", "--from", "none"])
        try made.cards.write("junk", to: "junk.backup")
        let junk = try made.cards.run(["ledger", "restore", "--from", "junk.backup"])
        #expect(junk.code == 69 && junk.errors.contains("junk.backup: this file is no ledger [not-a-ledger]"))
        #expect(junk.errors.contains("hint: this is the backup: give another one with --from"))
        #expect(missing.code == 66 && missing.errors.contains("none: there is no backup here [no-backup]"))
    }

    @Test("an entry of the log that is changed or taken out shows")
    func log() throws {
        let made = try made()
        defer { made.cards.clean() }
        #expect(throws: (any Error).self) { try made.execute("DELETE FROM activity", withoutTriggers: false) }
        for edit in [
            "UPDATE activity SET detail = 'nothing' WHERE number = 1", "DELETE FROM activity WHERE number = 1",
        ] {
            try made.execute(edit, withoutTriggers: true)
            let outcome = try made.cards.run(["ledger", "check"])
            #expect(
                outcome.code == 69 && outcome.errors.contains("entry 1 of the log does not follow"), "\(outcome.errors)"
            )
        }
    }

    @Test(
        "a full disk, at whatever size a file stops growing, leaves what was there",
        arguments: [8, 64, 300, 700, 1_100])
    func fullDisk(_ kilobytes: Int) throws {
        let made = try made()
        defer { made.cards.clean() }
        let sets = try made.contents("out").filter { $0.key.hasPrefix("2010-W47") }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", "trap '' XFSZ; ulimit -f \(kilobytes); exec \"$0\" nightly --night \(second) --cores 1 --quiet",
            Executable.path,
        ]
        process.currentDirectoryURL = made.cards.folder
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect([0, 69, 73].contains(process.terminationStatus), "\(process.terminationStatus)")
        #expect(try made.contents("out").filter { $0.key.hasPrefix("2010-W47") } == sets)
        #expect(try made.cards.run(["ledger", "check"]).code == 0)
        _ = try made.good(second)
        let clean = try self.made()
        defer { clean.cards.clean() }
        _ = try clean.good(second)
        #expect(try made.ledger() == clean.ledger())
        #expect(try made.contents("out") == clean.contents("out"))
    }

    @Test("of two runs at once one is refused; ten readers meanwhile see whole nights")
    func together() throws {
        let made = try made()
        defer { made.cards.clean() }
        let path = made.path("ledger.sqlite.lock")
        let lock = open(path, O_RDWR | O_CLOEXEC)
        try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
        let told = try made.cards.text(of: "out/nightly.json")
        let refused = try made.run(second)
        #expect(refused.code == 69)
        #expect(refused.errors.contains("another run is under way [night-under-way]"))
        #expect(try made.cards.text(of: "out/nightly.json") == told, "the first run tells of the night")
        close(lock)
        let readers = (0..<10).map { number in
            (
                try? made.start(
                    Executable.path,
                    ["weekly", "ledger.sqlite", "--week", "2010-W47", "--json", "--quiet", "--cores", "1"],
                    "reader-\(number)"),
                "reader-\(number)"
            )
        }
        _ = try made.good(second)
        var outputs: Set<String> = []
        for (reader, name) in readers {
            reader?.waitUntilExit()
            #expect(reader?.terminationStatus == 0)
            outputs.insert(try made.cards.text(of: name))
        }
        // As known after one night or the other, and nothing between.
        #expect(outputs.count <= 2)
    }

    @Test("a folder that cannot be written to is refused")
    func readOnly() throws {
        let made = try made()
        defer { made.cards.clean() }
        let text = try made.cards.text(of: "cards.yaml")
        try made.cards.write(text.replacing("ledger.sqlite", with: "/proc/none/ledger.sqlite"), to: "cards.yaml")
        let outcome = try made.run(second)
        #expect(outcome.code == 69 && outcome.errors.contains("[ledger-cannot-write]"), "\(outcome.errors)")
        try made.cards.write(text.replacing("out: out", with: "out: /proc/none/out"), to: "cards.yaml")
        #expect(try made.run(second).code == 73)
    }

    @Test("commands at the end learn how it went")
    func hooks() throws {
        let made = try MadeNights(
            formats: "[csv]",
            more: "  on_success: echo $CARDS_STATUS $CARDS_REPORT >> said\n  on_failure: echo $CARDS_STATUS >> said")
        defer { made.cards.clean() }
        try made.export(first)
        _ = try made.good(first)
        try made.cards.write("", to: "events.csv")
        #expect(try made.run(second).code == 65)
        #expect(try made.cards.text(of: "said") == "good out/nightly.json\nrefused\n")
        let text = try made.cards.text(of: "cards.yaml")
        try made.cards.write(text.replacing("on_success: echo", with: "on_success: exit 3; echo"), to: "cards.yaml")
        try made.export(second)
        let failed = try made.run(second)
        #expect(failed.code == 78 && failed.errors.contains("the command at the end failed with 3 [hook-failed]"))
        let report = try made.report()
        #expect(report.status == "good" && report.published == ["2010-W48"], "the night is a good one all the same")
    }
}

/// A council as it was before a night, and what the night makes of it.
private final class SavedNight {
    let made: MadeNights
    /// How long the night takes.
    let length: Duration
    private let night: CivilDate
    private let saved: String
    private let ledger: [String]
    private let sets: [String: Data]

    init(_ made: MadeNights, _ night: CivilDate) throws {
        self.made = made
        self.night = night
        saved = made.cards.folder.path + "-saved"
        try FileManager.default.copyItem(atPath: made.cards.folder.path, toPath: saved)
        let begun = ContinuousClock.now
        _ = try made.good(night)
        length = ContinuousClock.now - begun
        (ledger, sets) = (try made.ledger(), try made.contents("out"))
    }

    deinit {
        made.cards.clean()
        try? FileManager.default.removeItem(atPath: saved)
    }

    /// Makes everything as it was before the night.
    func bringBack() throws {
        let ends = ["", "-wal", "-shm", ".head", ".backup"]
        for name in ["out"] + ends.map({ "ledger.sqlite\($0)" }) {
            try? FileManager.default.removeItem(atPath: made.path(name))
            if FileManager.default.fileExists(atPath: "\(saved)/\(name)") {
                try FileManager.default.copyItem(atPath: "\(saved)/\(name)", toPath: made.path(name))
            }
        }
    }

    /// Looks at what a stopped run left, and whether the next one comes to the same as an unbroken one.
    func expectCompleted(sourceLocation: SourceLocation = #_sourceLocation) throws {
        // What readers see is whole: the set of before, or the new one.
        for set in ["today", "2010-W47", "2010-W48"]
        where FileManager.default.fileExists(atPath: made.path("out/\(set)")) {
            for file in ["run.json", "data/cards.csv", "data/exceptions.csv"] {
                #expect(
                    FileManager.default.fileExists(atPath: made.path("out/\(set)/\(file)")),
                    sourceLocation: sourceLocation)
            }
        }
        #expect(FileManager.default.fileExists(atPath: made.path("out/today")), sourceLocation: sourceLocation)
        _ = try made.good(night, sourceLocation: sourceLocation)
        #expect(try made.ledger() == ledger, sourceLocation: sourceLocation)
        #expect(try made.contents("out") == sets, sourceLocation: sourceLocation)
    }
}
