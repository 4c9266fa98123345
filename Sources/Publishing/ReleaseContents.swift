import Cards
import Reports
import WorkingCalendar

/// The files of a published set: an index, a page for each level, the figures, and what made them.
struct ReleaseContents: Sendable {
    private let report: WeeklyReport
    private let options: SetOptions

    init(_ report: WeeklyReport, _ options: SetOptions) {
        self.report = report
        self.options = options
    }

    /// The one folder of the set.
    func folders() -> [SetContents.PlannedFolder] {
        let release = Release(report)
        let services = names(.service, release)
        let teams = names(.team, release)
        // A team may have its service's name.
        let slugs = [
            Level.service: FolderName.slugs("service-", services), .team: FolderName.slugs("team-", teams),
        ]
        var files: [SetContents.PlannedFile] = []
        func add(_ name: String, _ page: CardPage) {
            if options.formats.contains(.html) {
                files.append(.init(name: "\(name).html") { HTMLRenderer.render(page, options.templates) })
            }
            if options.formats.contains(.text) {
                files.append(.init(name: "\(name).txt") { TextRenderer.render(page) })
            }
        }
        var index = release.page(.authority, "all", title: "The whole authority")
        let parts = [(Level.service, services, "Service"), (.team, teams, "Team")]
        index.links = parts.flatMap { level, names, word in
            names.map { .init("\(word): \($0)", to: "\(slugs[level]?[$0] ?? "").html") }
        }
        add("index", index)
        let home = CardPage.Link("The whole authority", to: "index.html")
        for (level, names, word) in parts {
            for name in names {
                var page = release.page(level, name, title: "\(word): \(PageText.clean(name))")
                page.links = [home]
                add(slugs[level]?[name] ?? "", page)
            }
        }
        if options.formats.contains(.csv) { files.append(.init(name: "cards.csv") { release.csv }) }
        if options.formats.contains(.json) { files.append(.init(name: "cards.json") { json(release) }) }
        files.append(.init(name: RunFile.name) { RunFile.ofRelease(report, options, release) })
        return [SetContents.PlannedFolder(name: "", kind: nil, files: files)]
    }

    /// The names of a level of which something is published.
    private func names(_ level: Level, _ release: Release) -> [String] {
        var names: [String] = []
        for row in release.rows where row.level == level && names.last != row.name { names.append(row.name) }
        return names
    }

    private func json(_ release: Release) -> String {
        let figures = release.rows.map { row in
            JSONValue.members([
                ("level", .text(row.level.rawValue)), ("name", .text(row.name)), ("rule", .text(row.rule)),
                ("measure", .text(row.measure)), ("numerator", row.numerator.isEmpty ? nil : .text(row.numerator)),
                ("denominator", row.denominator.isEmpty ? nil : .text(row.denominator)), ("value", .text(row.value)),
            ])
        }
        return JSONValue.members([
            ("week_ending", .text("\(report.header.week.ending)")), ("figures", .list(figures)),
        ]).text()
    }
}
