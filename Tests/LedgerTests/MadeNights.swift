import CardsTestSupport
import Foundation
import GRDB
import Testing
import WorkingCalendar

/// A made-up council and its exports, night by night, in a folder of its own.
struct MadeNights {
    let cards: Executable
    private let header: [String]
    private let rows: [[String]]

    /// What a night does to the export besides bringing it up to date.
    struct Change: OptionSet {
        let rawValue: Int
        /// Every referral, step and event has another reference than the night before.
        static let renumbered = Change(rawValue: 1)
        static let shuffled = Change(rawValue: 2)
    }

    init(referrals: Int = 300, formats: String = "[csv, text]", more: String = "") throws {
        cards = try Executable()
        let sample = [
            "sample", "--out", "sample", "--referrals", "\(referrals)", "--years", "1", "--ending", "2010-12-19",
            "--seed", "7",
        ]
        try #require(try cards.run(sample).code == 0)
        let lines = try cards.text(of: "sample/events.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        header = lines[0]
        rows = Array(lines.dropFirst())
        try cards.write(
            """
            exports: [events.csv]
            teams: sample/teams.csv
            workers: sample/workers.csv
            out: out
            formats: \(formats)
            nightly:
              ledger: ledger.sqlite
            \(more)
            """, to: "cards.yaml")
    }

    /// The nights that ``begun(formats:exportsSecond:)`` has had, and comes to next.
    static let first = day("2010-11-29")
    static let second = day("2010-12-06")

    /// A council after a good night, with the export of the next one where it is asked for.
    static func begun(formats: String = "[csv, text]", exportsSecond: Bool = false) throws -> MadeNights {
        let made = try MadeNights(formats: formats)
        try made.export(first)
        _ = try made.good(first)
        if exportsSecond { try made.export(second) }
        return made
    }

    /// A council whose ledger was brought back from before its newest set, 2010-W47.
    static func restored() throws -> MadeNights {
        let made = try MadeNights()
        try made.export(first.adding(days: -1))
        _ = try made.good(first.adding(days: -1))
        try FileManager.default.copyItem(atPath: made.path("ledger.sqlite.backup"), toPath: made.path("old"))
        try made.export(first)
        #expect(try made.good(first).published == ["2010-W47"])
        #expect(try made.cards.run(["ledger", "restore", "--from", "old"]).code == 0)
        return made
    }

    private func place(_ column: String) -> Int { header.firstIndex(of: column) ?? 0 }

    /// The rows that had been recorded by a night.
    func known(_ night: CivilDate) -> [[String]] {
        let (date, recorded) = (place("date"), place("recorded_at"))
        return rows.filter { max(String($0[date].prefix(10)), String($0[recorded].prefix(10))) < "\(night)" }
    }

    /// Writes the export of a night.
    func export(_ night: CivilDate, _ change: Change = [], _ edit: ([[String]]) -> [[String]] = { $0 }) throws {
        var told = edit(known(night))
        if change.contains(.renumbered) {
            for column in ["referral_id", "step_id"] {
                let place = place(column)
                for row in told.indices where !told[row][place].isEmpty {
                    told[row][place] =
                        "N\(night.daysSinceEpoch % 7)-\(told[row][place].reversed().map(String.init).joined())"
                }
            }
        }
        if change.contains(.shuffled) {
            var generator = SeededGenerator(seed: UInt64(night.daysSinceEpoch))
            told.shuffle(using: &generator)
        }
        let text = ([header] + told).map { $0.joined(separator: ",") + "\n" }.joined()
        try cards.write(text, to: "events.csv")
    }

    /// The rows of a table without quotes that a set has, by their columns.
    func table(_ path: String) throws -> [[String: String]] {
        let lines = try cards.text(of: path).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
    }

    /// A row with a cell changed.
    func with(_ cell: String, _ value: String, _ row: [String]) -> [String] {
        var row = row
        row[place(cell)] = value
        return row
    }

    func cell(_ name: String, _ row: [String]) -> String { row[place(name)] }

    /// Runs a night.
    @discardableResult
    func run(_ night: CivilDate, _ more: [String] = []) throws -> Executable.Outcome {
        try cards.run(["nightly", "--night", "\(night)", "--cores", "1"] + more)
    }

    /// Starts a program in the folder; what it prints goes to a file there.
    func start(_ program: String, _ arguments: [String], _ output: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = cards.folder
        try Data().write(to: cards.folder.appending(path: output))
        process.standardOutput = try FileHandle(forWritingTo: cards.folder.appending(path: output))
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs a night that has to be a good one.
    func good(_ night: CivilDate, sourceLocation: SourceLocation = #_sourceLocation) throws -> Report {
        let outcome = try run(night, ["--json", "--quiet"])
        #expect(outcome.code == 0, "\(night): \(outcome.errors)", sourceLocation: sourceLocation)
        return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    }

    struct Report: Decodable {
        struct Changes: Decodable, Equatable { var added, corrected, withdrawn, merged: Int }
        var night: String
        var status: String
        /// `nil` where the night was refused.
        private var changed: Changes?
        var changes: Changes { changed ?? Changes(added: -1, corrected: -1, withdrawn: -1, merged: -1) }
        var published: [String]
        var kept: [String]
        var removed: [String]
        var waiting: [String]

        enum CodingKeys: String, CodingKey {
            case night, status, published, kept, removed, waiting
            case changed = "changes"
        }
    }

    /// What the last night left beside the sets.
    func report() throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(try cards.text(of: "out/nightly.json").utf8))
    }

    /// Runs the command of a unit or a cron line, as it stands there, as on a night.
    ///
    /// Only the places it names are those of this folder; the clock is turned for it alone.
    func run(_ schedule: String, on night: CivilDate) throws -> Executable.Outcome {
        let lines = try String(contentsOf: packageRoot().appending(path: "schedule/\(schedule)"), encoding: .utf8)
            .split(separator: "\n")
        let command: Substring? =
            if schedule.hasSuffix(".cron") {
                // Five fields say when, the sixth who.
                lines.first { $0.first?.isNumber == true }?.split(separator: " ", maxSplits: 6).last
            } else {
                lines.first { $0.hasPrefix("ExecStart=") }?.dropFirst("ExecStart=".count)
            }
        let here = try #require(command).replacing("/usr/local/bin/cards", with: Executable.path)
            .replacing("/srv/cards", with: cards.folder.path)
        return try cards.run(String(here), at: "\(night) 05:30:00")
    }

    /// Every file of a folder by its path, with its bytes.
    func contents(_ name: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        let folder = cards.folder.appending(path: name).path
        for file in FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? [] {
            let path = folder + "/" + file
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            found[file] = type == .typeDirectory ? Data() : try Data(contentsOf: URL(filePath: path))
        }
        return found
    }

    /// What is in a ledger, whatever the order of its pages.
    func ledger(_ name: String = "ledger.sqlite") throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(
            path: cards.folder.appending(path: name).path, configuration: configuration)
        return try queue.read { database in
            var lines: [String] = []
            for table in [
                "night", "source", "child", "event", "rejected", "published", "figure", "listed", "merge", "returned",
                "activity",
            ] {
                for row in try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY 1, 2, 3") {
                    // The settings are the same in every run, and their text is not.
                    let cells = row.filter { $0.0 != "settings" }.map { "\($0.0)=\($0.1)" }
                    lines.append("\(table) \(cells.joined(separator: " "))")
                }
            }
            return lines
        }
    }

    func path(_ name: String) -> String { cards.folder.appending(path: name).path }
}

/// Numbers that are the same in every run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func day(_ text: String) -> CivilDate {
    guard let date = CivilDate(text) else { preconditionFailure("a test has a date that is none: \(text)") }
    return date
}

extension MadeNights {
    /// Runs SQL on the ledger, as somebody might who should not.
    func execute(_ sql: String, withoutTriggers: Bool) throws {
        try DatabaseQueue(path: path("ledger.sqlite")).write { database in
            if withoutTriggers {
                for trigger in ["activity_stays", "activity_is_kept"] {
                    try database.execute(sql: "DROP TRIGGER IF EXISTS \(trigger)")
                }
            }
            try database.execute(sql: sql)
        }
    }
}

extension MadeNights {
    /// A core assessment on the list of the first set that nothing ends by a night.
    func waiting(until night: CivilDate) throws -> [String: String] {
        try #require(
            try table("out/2010-W47/data/exceptions.csv").first { row in
                row["rule"] == "core_assessment" && row["status"] != "cleared"
                    && !known(night).contains {
                        cell("step_id", $0) == row["step_id"] && cell("event", $0).hasSuffix("authorised")
                    }
            })
    }

    /// Answers a core assessment of the first set with a revised date.
    func promise(_ row: [String: String], _ date: String, agreedBy: String = "") throws {
        try cards.write(
            """
            exception,child_id,rule,reason,revised_date,agreed_by_role
            \(row["exception"] ?? ""),\(row["child_id"] ?? ""),core_assessment,POLICE,\(date),\(agreedBy)

            """, to: "back.csv")
        let set = try cards.text(of: "out/2010-W47/run.json").split(separator: "\"set\": \"")[1].prefix(32)
        let taken = try cards.run(["exceptions", "import", "back.csv", "--out", "out", "--set", String(set)])
        try #require(taken.code == 0, "\(taken.errors)")
    }
}
