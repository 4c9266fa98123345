import Cards
public import Exports
import Reports
import Synchronization
import Workbooks

/// The rows of one export that could not be used, with the export's header.
public struct RejectedSource: Sendable {
    public var header: [String]
    public var rows: [RejectedRow]

    public init(header: [String], rows: [RejectedRow]) {
        self.header = header
        self.rows = rows
    }
}

/// The bytes of a file that are made when they are first asked for, and kept.
private final class KeptBytes: Sendable {
    private let make: @Sendable () -> [UInt8]
    private let kept = Mutex<[UInt8]?>(nil)

    init(_ make: @escaping @Sendable () -> [UInt8]) { self.make = make }

    var bytes: [UInt8] {
        kept.withLock { kept in
            let bytes = kept ?? make()
            kept = bytes
            return bytes
        }
    }
}

/// What a file of a set holds.
enum FileContent: Sendable {
    case text(String)
    case bytes([UInt8])
    /// It could not be made, as the system had no room for it.
    case missing
}

/// The folders and files of a set, each file made only when it is written.
struct SetContents: Sendable {
    /// A folder of a set.
    struct PlannedFolder: Sendable {
        /// Empty for the set's own folder.
        var name: String
        /// For whom it is; `nil` for the set's own folder.
        var kind: SetFolder?
        var files: [PlannedFile] = []
    }

    /// A file of a set.
    struct PlannedFile: Sendable {
        var name: String
        var content: @Sendable () -> FileContent

        init(name: String, text: @escaping @Sendable () -> String) {
            self.name = name
            content = { .text(text()) }
        }

        init(name: String, bytes: @escaping @Sendable () -> [UInt8]) {
            self.name = name
            content = { .bytes(bytes()) }
        }

        init(name: String, workbook: @escaping @Sendable () -> NewWorkbook) {
            self.name = name
            content = { workbook().bytes().map { .bytes($0) } ?? .missing }
        }
    }

    private let report: WeeklyReport
    private let rejected: [RejectedSource]
    private let options: SetOptions
    private let pages: CardPages
    private let workbooks: CardWorkbooks
    /// The hash by which answers find the set they belong to.
    private let identity: String
    private let managers: [CardPages.Reader]
    private let managerFolders: [String: String]
    private let serviceFolders: [String: String]
    /// `cards.csv`, which stands in two folders.
    private let cards: KeptBytes

    /// The name of the folder of work without a Group Manager.
    static let noTeam = "no-team"

    init(_ report: WeeklyReport, _ rejected: [RejectedSource], _ options: SetOptions) throws(PublishingError) {
        self.report = report
        self.rejected = rejected
        self.options = options
        pages = CardPages.make(report)
        identity = SetIdentity.hash(report)
        workbooks = CardWorkbooks(report, set: identity)
        cards = KeptBytes { [cores = options.cores] in Tables.cards(report).bytes(cores: cores) }
        managerFolders = FolderName.slugs("manager-", pages.managers.map(\.name).filter { !$0.isEmpty })
        serviceFolders = FolderName.slugs("service-", pages.services)
        var chosen = pages.managers
        if let name = options.groupManager {
            chosen.removeAll { $0.name.isEmpty || $0.name != name }
            guard !chosen.isEmpty else { throw PublishingError(.unknownGroupManager, path: PageText.clean(name)) }
        }
        if let team = options.team {
            chosen.removeAll { !$0.teams.contains(team) }
            guard !chosen.isEmpty else { throw PublishingError(.unknownTeam, path: PageText.clean(team)) }
        }
        managers = chosen
    }

    /// Every folder of the set, its own first.
    func folders() -> [PlannedFolder] {
        var folders: [PlannedFolder] = []
        let isWhole = options.team == nil && options.groupManager == nil
        if isWhole {
            folders.append(authority())
            folders += pages.services.map(service)
        }
        folders += managers.map(manager)
        folders.append(data())
        let pageCount = folders.reduce(0) { $0 + $1.files.filter { $0.name.hasSuffix(".html") }.count }
        return [root(isWhole: isWhole, pageCount)] + folders.filter { !$0.files.isEmpty }
    }

    // MARK: The set's own folder

    private func root(isWhole: Bool, _ pageCount: Int) -> PlannedFolder {
        var folder = PlannedFolder(name: "", kind: nil)
        if options.formats.contains(.html) {
            folder.files.append(
                PlannedFile(name: "index.html") { HTMLRenderer.render(index(isWhole: isWhole), options.templates) })
        }
        folder.files.append(
            PlannedFile(name: RunFile.name) { RunFile.text(report, options, set: identity, pages: pageCount) })
        return folder
    }

    private func index(isWhole: Bool) -> CardPage {
        var links: [CardPage.Link] = []
        if isWhole {
            links.append(.init("The whole authority", to: "authority/index.html"))
            links += pages.services.map { .init("Service: \($0)", to: "\(serviceFolders[$0] ?? "")/index.html") }
        }
        links += managers.map { manager in
            .init(title(manager), to: "\(name(manager))/index.html")
        }
        return CardPage(
            title: "Weekly cards, \(report.header.week)",
            lead: ["Each folder is for its own readers; a page you may not read does not open."], links: links)
    }

    // MARK: Folders of counts

    private func authority() -> PlannedFolder {
        var folder = PlannedFolder(
            name: "authority", kind: .authority, files: countPages(.authority, "all") { pages.authority() })
        if options.formats.contains(.csv) {
            folder.files.append(PlannedFile(name: "cards.csv", bytes: { cards.bytes }))
        }
        folder.files += workbook {
            workbooks.authority(services: pages.services, managers: pages.managers.map(\.name).filter { !$0.isEmpty })
        }
        return folder
    }

    private func service(_ name: String) -> PlannedFolder {
        PlannedFolder(
            name: serviceFolders[name] ?? "", kind: .service,
            files: countPages(.service, name) { pages.service(name) }
                + workbook { workbooks.service(name, managers: pages.managersOfService[name] ?? []) })
    }

    /// A page of counts, and all the figures behind it.
    private func countPages(
        _ level: Level, _ name: String, _ index: @escaping @Sendable () -> CardPage
    ) -> [PlannedFile] {
        page("index") { linked(index(), [Self.home, .init("All figures", to: "figures.html")]) }
            + page("figures") { linked(pages.figures(level, name), [Self.home, .init("Card", to: "index.html")]) }
    }

    // MARK: Folders with children

    private func name(_ manager: CardPages.Reader) -> String {
        manager.name.isEmpty ? Self.noTeam : managerFolders[manager.name] ?? ""
    }

    private func title(_ manager: CardPages.Reader) -> String {
        manager.name.isEmpty ? "No team, or outside the structure" : "Group Manager: \(manager.name)"
    }

    private func manager(_ manager: CardPages.Reader) -> PlannedFolder {
        // The work of no Group Manager is the analyst's, who sees everything in `data/`.
        let maySee = manager.name.isEmpty || options.restrictedTo.contains(manager.name)
        let slugs = FolderName.slugs("team-", manager.teams)
        let teams = manager.teams.filter { options.team == nil || options.team == $0 }
        let own = CardPage.Link(title(manager), to: "index.html")
        var files = page("index") {
            var page = pages.manager(manager, maySeeRestricted: maySee)
            page.links =
                [
                    Self.home, .init("By worker, for supervision", to: "by-worker.html"),
                    .init("Card", to: "card.html"),
                    .init("All figures", to: "figures.html"),
                ]
                + teams.map { .init("Team: \($0)", to: "\(slugs[$0] ?? "").html") }
            return page
        }
        files += page("card") { linked(pages.card(of: manager), [Self.home, own]) }
        files += page("figures") { linked(pages.figures(.groupManager, manager.name), [Self.home, own]) }
        files += page("by-worker") {
            linked(pages.byWorker(manager, maySeeRestricted: maySee), [Self.home, own])
        }
        for team in teams {
            let slug = slugs[team] ?? ""
            let card = CardPage.Link("Team card: \(team)", to: "\(slug).html")
            let work = CardPage.Link("Open work", to: "\(slug)-work.html")
            let figures = CardPage.Link("All figures", to: "\(slug)-figures.html")
            files += page(slug) { linked(pages.team(team, of: manager), [Self.home, own, work, figures]) }
            files += page("\(slug)-work") {
                linked(pages.teamWork(team, of: manager, maySeeRestricted: maySee), [Self.home, own, card, figures])
            }
            files += page("\(slug)-figures") { linked(pages.figures(.team, team), [Self.home, own, card, work]) }
        }
        if options.formats.contains(.csv) {
            files.append(
                PlannedFile(name: "exceptions.csv") {
                    Tables.exceptions(Restriction.shown(manager.exceptions, maySeeRestricted: maySee)).csv
                })
            files.append(
                PlannedFile(name: "watch.csv") {
                    Tables.watch(Restriction.shown(manager.watch, maySeeRestricted: maySee)).csv
                })
        }
        files += workbook { workbooks.manager(manager, maySeeRestricted: maySee) }
        return PlannedFolder(name: name(manager), kind: manager.name.isEmpty ? .data : .groupManager, files: files)
    }

    private func linked(_ page: CardPage, _ links: [CardPage.Link]) -> CardPage {
        var page = page
        page.links = links
        return page
    }

    private static let home = CardPage.Link("All cards of the week", to: "../index.html")

    // MARK: The analyst's folder

    private func data() -> PlannedFolder {
        var folder = PlannedFolder(name: "data", kind: .data)
        func add(_ name: String, _ text: @escaping @Sendable () -> String) {
            folder.files.append(PlannedFile(name: name, text: text))
        }
        if options.formats.contains(.csv) {
            folder.files.append(PlannedFile(name: "cards.csv", bytes: { cards.bytes }))
            add("exceptions.csv") { Tables.exceptions(report.exceptions).csv }
            add("watch.csv") { Tables.watch(report.watch).csv }
            add("findings.csv") { Tables.findings(report).csv }
            if report.header.ledger != nil {
                add("restated.csv") { Tables.restated(report.restatement).csv }
                add("late_entries.csv") { Tables.lateEntries(report.restatement).csv }
            }
            for (number, source) in rejected.enumerated() {
                add(number == 0 ? "rejected.csv" : "rejected-\(number + 1).csv") {
                    Tables.rejected(source.rows, header: source.header)
                }
            }
            if options.hasClocks {
                folder.files.append(
                    PlannedFile(name: "clocks.csv", bytes: { Tables.clocks(report).bytes(cores: options.cores) }))
            }
        }
        if options.formats.contains(.json) {
            add("cards.json") { CardsJSON.document(report) }
            add("cards.schema.json") { CardsJSON.schema }
        }
        return folder
    }

    /// The workbook of a folder, where workbooks are wanted.
    private func workbook(_ workbook: @escaping @Sendable () -> NewWorkbook) -> [PlannedFile] {
        options.formats.contains(.xlsx) ? [PlannedFile(name: "cards.xlsx", workbook: workbook)] : []
    }

    /// A page in each of the formats that pages have.
    private func page(_ name: String, _ page: @escaping @Sendable () -> CardPage) -> [PlannedFile] {
        var files: [PlannedFile] = []
        if options.formats.contains(.html) {
            files.append(PlannedFile(name: "\(name).html") { HTMLRenderer.render(page(), options.templates) })
        }
        if options.formats.contains(.text) {
            files.append(PlannedFile(name: "\(name).txt") { TextRenderer.render(page()) })
        }
        return files
    }
}
