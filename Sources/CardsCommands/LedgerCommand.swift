import ArgumentParser
import Cards
import Ledger
import Publishing
import Returns
import Settings
import WorkingCalendar

/// `cards ledger`: looks after the file in which the nights are kept.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Check, back up and restore the ledger; see what changed since.",
        discussion: """
            The ledger itself can be read as any export: `cards weekly ledger.sqlite --known-at 2010-11-22` shows \
            what was known then, with the rulebook, calendar and structure of then.
            """,
        subcommands: [
            LedgerCheck.self, LedgerDiff.self, LedgerLog.self, LedgerBackup.self, LedgerRestore.self, LedgerPurge.self,
            LedgerVacuum.self,
        ])
}

/// Where the ledger is.
struct LedgerPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp("The ledger; without it, that of the configuration.", valueName: "file"),
        completion: .file(extensions: ["sqlite"]))
    var ledger: String?

    @OptionGroup var file: ConfigurationFile

    /// The path of the ledger.
    func path() throws -> String {
        guard let path = try ledger.map(RunSetup.followed) ?? file.configuration().nightly?.ledger else {
            throw Misuse.noLedger.error()
        }
        return path
    }
}

/// `cards ledger check`.
struct LedgerCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look at every page, every reference, and the chain of the log.")

    @OptionGroup var place: LedgerPlace

    @Flag(help: "Print it as JSON.")
    var json = false

    private struct Answer: Encodable {
        var ledger: String
        var nights: Int
        var lastNight: String?
        var published: [String]
        var head: String
    }

    func run() throws {
        let path = try place.path()
        let ledger = try Ledger(path, isReadOnly: true)
        try ledger.check()
        try ledger.checkHead()
        _ = try Ledger.isAsLeft(path)
        let weeks = try ledger.publishedWeeks()
        let last = try ledger.lastNight()
        guard !json else {
            let answer = Answer(
                ledger: path, nights: last?.night ?? 0, lastNight: last.map { "\($0.day)" },
                published: weeks.map { "\($0)" }, head: try ledger.chainHead())
            return try Console.write(try jsonText(answer))
        }
        let nights = last.map { "\($0.night) nights, the last of \($0.day)" } ?? "no night yet"
        try Console.write(
            "\(path): whole; \(nights); \(weeks.count) weeks published; "
                + "log ends with \(try ledger.chainHead().prefix(12))\n")
    }
}

/// `cards ledger log`.
struct LedgerLog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Print what was done, oldest first; it names no child.")

    @OptionGroup var place: LedgerPlace

    @Flag(help: "Print it as JSON.")
    var json = false

    private struct Entry: Encodable {
        var number: Int
        var day, what, detail, hash: String
    }

    func run() throws {
        let entries = try Ledger(try place.path(), isReadOnly: true).activities()
        guard !json else {
            return try Console.write(
                try jsonText(
                    entries.map {
                        Entry(number: $0.number, day: "\($0.day)", what: $0.what, detail: $0.detail, hash: $0.hash)
                    }))
        }
        var table = AlignedTable(header: ["number", "day", "what", "detail", "hash"], numbers: [0])
        table.rows = entries.map {
            ["\($0.number)", "\($0.day)", $0.what, $0.detail, String($0.hash.prefix(12))]
        }
        try Console.write(table.text)
    }
}

/// `cards ledger diff`.
struct LedgerDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Print the figures of a week that changed since it was published, and why.",
        discussion: """
            Examples:
              cards ledger diff 2010-W46 --since-published
            """)

    @OptionGroup var place: LedgerPlace

    @Argument(help: ArgumentHelp("The week.", valueName: "2010-W46"))
    var week: ISOWeek

    @Flag(help: "Compare with what was published; there is nothing else to compare with yet.")
    var sincePublished = false

    @Flag(help: "Print it as JSON.")
    var json = false

    private struct Answer: Encodable {
        struct Figure: Encodable { var level, name, rule, measure, was, now: String }
        struct Entry: Encodable {
            var child, event, date, learnt: String
            var withdrawn: Bool
        }

        var week: String
        var figures: [Figure]
        /// Nothing where the ledger has forgotten what was known then.
        var lateEntries: [Entry]?
        var changedSettings: [String]
    }

    func run() throws {
        let ledger = try Ledger(try place.path(), isReadOnly: true)
        let state = try ledger.state()
        let restated = try WeeklyJob.restatement(of: week, ledger, state, cores: RunSetup.cores(nil))
        let (changes, entries) = (restated.figures, restated.lateEntries)
        guard !json else {
            let answer = Answer(
                week: "\(week)",
                figures: changes.map {
                    .init(
                        level: $0.level, name: $0.name, rule: $0.rule, measure: $0.measure, was: $0.published,
                        now: $0.now)
                },
                lateEntries: entries?.map {
                    .init(
                        child: $0.child, event: $0.event, date: $0.date, learnt: "\($0.learntOn)",
                        withdrawn: $0.isWithdrawn)
                }, changedSettings: restated.changedSettings)
            return try Console.write(try jsonText(answer))
        }
        let settings =
            restated.changedSettings.isEmpty
            ? "" : "\nmeasured otherwise since: \(restated.changedSettings.joined(separator: ", "))\n"
        guard !changes.isEmpty else {
            return try Console.write("\(week): every figure is as it was published\n" + settings)
        }
        var figures = AlignedTable(header: ["level", "name", "rule", "measure", "published", "now"], numbers: [4, 5])
        figures.rows = changes.map { [$0.level, $0.name, $0.rule, $0.measure, $0.published, $0.now] }
        var late = AlignedTable(header: ["child", "event", "date", "learnt", "what"], numbers: [])
        late.rows = (entries ?? []).map {
            [$0.child, $0.event, $0.date, "\($0.learntOn)", $0.isWithdrawn ? "told no more" : "new"]
        }
        try Console.write(
            "\(week): \(changes.count) figures differ from what was published\n\n" + figures.text + settings
                + (entries == nil
                    ? "\nwhat was known then has been purged, so why they changed cannot be said\n"
                    : "\nrows dated up to \(week.ending) that came or went since\n\n" + late.text))
    }
}

/// `cards ledger backup`.
struct LedgerBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a copy that checks; others may read meanwhile.")

    @OptionGroup var place: LedgerPlace

    @Option(
        help: ArgumentHelp("The copy; without it, the ledger's name with .backup.", valueName: "file"),
        completion: .file())
    var to: String?

    func run() throws {
        let path = try place.path()
        let copy = to ?? NightlyRun.backup(of: path)
        try OutputFiles.check([("--to", copy)], inputs: [path])
        try OutputFiles.checkCopy(copy, out: [try place.file.configuration().out]) {
            // A ledger that nights write to is no copy.
            Ledger.isLedger($0) && !TextFile.exists($0 + ".head")
        }
        try Ledger(path, isReadOnly: true).backUp(to: copy)
        Console.note("written: \(copy)")
    }
}

/// `cards ledger restore`.
struct LedgerRestore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring back the last backup that checks; what was there is kept beside it.")

    @OptionGroup var place: LedgerPlace

    @Option(
        help: ArgumentHelp("The backup; without it, that of the nightly job.", valueName: "file"), completion: .file())
    var from: String?

    func run() throws {
        let path = try place.path()
        let lock = try LedgerLock(path)
        defer { lock.release() }
        let kept = try Ledger.restore(path, from: from ?? NightlyRun.backup(of: path))
        Console.note("restored: \(path)" + (kept.map { "; what was there is \($0)" } ?? ""))
        guard let out = try place.file.configuration().out else { return }
        let answers = try ReturnStore(sets: out).putBack(try Ledger(path, isReadOnly: true).returns())
        if answers > 0 { Console.note("put back: \(answers) files of answers in \(out)/returns") }
    }
}

/// `cards ledger purge`.
struct LedgerPurge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "Forget what was known before a day; published figures and the log stay.",
        discussion: """
            Rows that were told no more by then are overwritten, and children of whom nothing is left; so are the \
            lists and the copies of answers of before. What the case system still tells stays: it is the case \
            system's to forget. The backup is written anew.
            """)

    @OptionGroup var place: LedgerPlace

    @Option(help: ArgumentHelp("The first day of which everything stays known.", valueName: "yyyy-mm-dd"))
    var before: CivilDate

    func run() throws {
        let path = try place.path()
        let lock = try LedgerLock(path)
        defer { lock.release() }
        let ledger = try Ledger(path)
        try ledger.check()
        let purged = try ledger.purge(before: before, on: today())
        try ledger.backUp(to: NightlyRun.backup(of: path))
        Console.note(
            "purged: \(purged.rows) rows, \(purged.children) children; the ledger can answer from "
                + "\(purged.answersFrom) on")
        for file in Ledger.setAside(path) {
            Console.note("not touched: \(file), which was set aside by a restore and has all that was purged")
        }
        guard let out = try place.file.configuration().out else { return }
        Console.note("not touched: the sets of \(out) and the files of answers in \(out)/returns, which name children")
    }
}

/// `cards ledger vacuum`.
struct LedgerVacuum: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacuum", abstract: "Write the file and its backup anew, without the space that is no longer used."
    )

    @OptionGroup var place: LedgerPlace

    func run() throws {
        let path = try place.path()
        let lock = try LedgerLock(path)
        defer { lock.release() }
        let ledger = try Ledger(path)
        try ledger.check()
        try ledger.vacuum()
        try ledger.backUp(to: NightlyRun.backup(of: path))
    }
}
