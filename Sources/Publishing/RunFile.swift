import Cards
import Reports
import WorkingCalendar

/// `run.json`: what made a set, in versions, hashes and counts; no child and no time of day.
enum RunFile {
    /// Its name, by which a folder is known to be a set.
    static let name = "run.json"

    static func text(_ report: WeeklyReport, _ options: SetOptions, set: String, pages: Int) -> String {
        let header = report.header
        let standing = report.exceptions.filter(\.counts)
        let formats = SetFormat.allCases.filter(options.formats.contains).map { JSONValue.text($0.rawValue) }
        return JSONValue.members([
            ("version", .text(options.version)), ("week", .text("\(header.week)")),
            ("set", .text(set)),
            ("as_at", .text("\(header.asAt)")), ("known_at", header.knownAt.map { .text("\($0)") }),
            ("rulebook", .text(header.rulebook)), ("calendar", .text(header.calendar)),
            ("structure", .text(header.structure)), ("formats", .list(formats)),
            ("only_team", options.team.map(JSONValue.text)),
            ("ledger", header.ledger.map(JSONValue.text)),
            ("only_group_manager", options.groupManager.map(JSONValue.text)),
            ("exports", .list(header.sources.map(source))),
            (
                "counts",
                .members([
                    ("rows_read", .number(header.rowsRead)), ("accepted", .number(header.accepted)),
                    ("duplicates", .number(header.duplicates)), ("rejected", .number(header.rejected)),
                    ("not_yet_known", .number(header.notYetKnown)), ("figures", .number(report.figures.count)),
                    ("exceptions", .number(standing.count)),
                    ("cleared", .number(report.exceptions.count - standing.count)),
                    ("watch", .number(report.watch.count)), ("findings", .number(report.findings.count)),
                    ("pages", .number(pages)),
                ])
            ),
        ]).text()
    }

    /// The member with the hash of the figures that a published set shows.
    private static let figuresHash = "figures_sha256"

    /// Whether the run files of two published sets are about the same figures.
    static func haveSameFigures(_ a: String, _ b: String) -> Bool {
        func line(_ text: String) -> Substring? {
            text.split(separator: "\n").first { $0.contains("\"\(figuresHash)\"") }
        }
        return line(a) != nil && line(a) == line(b)
    }

    /// What made a published set; its counts are those of numbers, not of children.
    static func ofRelease(_ report: WeeklyReport, _ options: SetOptions, _ release: Release) -> String {
        let header = report.header
        return JSONValue.members([
            ("version", .text(options.version)), ("week", .text("\(header.week)")), ("published", .flag(true)),
            ("as_at", .text("\(header.asAt)")), ("known_at", header.knownAt.map { .text("\($0)") }),
            ("rulebook", .text(header.rulebook)), ("calendar", .text(header.calendar)),
            ("structure", .text(header.structure)),
            // Not those of the exports: who has one but for a value could find that by trying.
            (figuresHash, .text(SetIdentity.hash(release))),
            ("counts", .members([("figures", .number(release.rows.count))])),
        ]).text()
    }

    private static func source(_ source: CardHeader.Source) -> JSONValue {
        .members([
            ("file", .text(source.file.split(separator: "/").last.map(String.init) ?? source.file)),
            ("sha256", source.digest.isEmpty ? nil : .text(source.digest)),
        ])
    }
}
