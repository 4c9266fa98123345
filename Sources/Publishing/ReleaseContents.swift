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
        let slugs = FolderName.slugs("service-", services).merging(FolderName.slugs("team-", teams)) { first, _ in first
        }
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
        index.links = (services.map { ("Service: \($0)", $0) } + teams.map { ("Team: \($0)", $0) }).map { text, name in
            .init(text, to: "\(slugs[name] ?? "").html")
        }
        add("index", index)
        let home = CardPage.Link("The whole authority", to: "index.html")
        for (level, names, word) in [(Level.service, services, "Service"), (.team, teams, "Team")] {
            for name in names {
                var page = release.page(level, name, title: "\(word): \(PageText.clean(name))")
                page.links = [home]
                add(slugs[name] ?? "", page)
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
