public import Cards
import WorkingCalendar

/// The pages of a report, one reader at a time.
///
/// Pages for Group Managers name children; pages for services and the authority hold counts only.
public struct CardPages: Sendable {
    /// A Group Manager, a team or a service, with what is on her page.
    public struct Reader: Hashable, Sendable {
        /// Her name as in the organisation file; empty for the work of no Group Manager.
        public var name: String
        /// The teams that have a page beside hers.
        public var teams: [String]
        public var exceptions: [ListedException]
        public var watch: [ListedWatch]
    }

    /// The Group Managers by name; the one without a name, where there is one, first.
    public let managers: [Reader]
    /// The services of the structure, by name.
    public let services: [String]
    private let report: WeeklyReport
    private let figures: FigureSections
    private let trends: TrendSections
    private let rows: RowTables
    private let header: [CardPage.HeaderLine]
    private let managersOfService: [String: [String]]

    /// Makes ready what every page needs.
    public static func make(_ report: WeeklyReport) -> CardPages { CardPages(report) }

    private init(_ report: WeeklyReport) {
        self.report = report
        let figures = FigureSections(report)
        self.figures = figures
        trends = TrendSections(figures)
        rows = RowTables(figures: figures)
        header = HeaderLines.lines(report.header)
        let exceptions = Dictionary(grouping: report.exceptions, by: \.groupManager)
        let watch = Dictionary(grouping: report.watch, by: \.groupManager)
        var teams: [String: Set<String>] = [:]
        var services: [String: Set<String>] = [:]
        for place in report.places {
            let manager = place.isKnown ? place.groupManager : ""
            if report.formerPlaces.contains(place) {
                // She has the team no longer, but what stopped under her earlier in the week is in her figures.
                guard !figures.figures(.groupManager, place.groupManager).isEmpty else { continue }
                teams[manager, default: []].formUnion([])
            } else if !figures.figures(.team, place.team).isEmpty {
                teams[manager, default: []].insert(place.team)
            }
            if place.isKnown, !figures.figures(.service, place.service).isEmpty {
                services[place.service, default: []].insert(manager)
            }
        }
        for row in report.exceptions {
            // A cleared row that moved stands once on the page of the Group Manager it left.
            teams[row.groupManager, default: []].formUnion(row.counts ? [row.team] : [])
        }
        for row in report.watch { teams[row.groupManager, default: []].insert(row.team) }
        managers = teams.keys.sorted(by: Self.precedes).map { name in
            Reader(
                name: name, teams: (teams[name] ?? []).sorted(by: Self.precedes), exceptions: exceptions[name] ?? [],
                watch: watch[name] ?? [])
        }
        self.services = services.keys.sorted(by: Self.precedes)
        managersOfService = services.mapValues { $0.sorted(by: Self.precedes) }
    }

    private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

    private func title(_ name: String) -> String { "\(name), week \(report.header.week)" }

    // MARK: Pages with children

    /// The page of a team, with its exceptions and watch list as its Group Manager may see them.
    public func team(_ name: String, of manager: Reader, maySeeRestricted: Bool) -> CardPage {
        let own = Restriction.shown(manager.exceptions.filter { $0.team == name }, maySeeRestricted: maySeeRestricted)
        let watched = Restriction.shown(manager.watch.filter { $0.team == name }, maySeeRestricted: maySeeRestricted)
        var sections = [
            CardPage.Section("Exceptions", rows.exceptions(own)), CardPage.Section("Watch list", rows.watch(watched)),
        ]
        sections += figures.sections(.team, name)
        if let trend = trends.section(.team, name) { sections.append(trend) }
        return CardPage(
            title: title("Team card: \(PageText.clean(name))"),
            header: [
                .init("Team", [PageText.clean(name)]), .init("Group Manager", [Self.managerWords(manager.name)]),
            ] + header, sections: sections)
    }

    /// The page of a Group Manager, or of the work of none.
    public func manager(_ manager: Reader, maySeeRestricted: Bool) -> CardPage {
        let own = Restriction.shown(manager.exceptions, maySeeRestricted: maySeeRestricted)
        let watched = Restriction.shown(manager.watch, maySeeRestricted: maySeeRestricted)
        let byTeam = manager.teams.map { team in
            (
                name: team, exceptions: manager.exceptions.filter { $0.team == team },
                watch: manager.watch.filter { $0.team == team }
            )
        }
        var sections = [
            CardPage.Section("Exceptions", rows.exceptions(own)), CardPage.Section("Watch list", rows.watch(watched)),
        ]
        if !byTeam.isEmpty {
            sections.append(
                CardPage.Section(
                    "Teams side by side",
                    [rows.counts("Team", byTeam)] + figures.sideBySide(.team, manager.teams, heading: "Team")))
        }
        let level = manager.name.isEmpty ? Places.notInStructure : manager.name
        sections += figures.sections(.groupManager, level)
        if let trend = trends.section(.groupManager, level) { sections.append(trend) }
        let words = Self.managerWords(manager.name)
        let heading = manager.name.isEmpty ? words : "Group Manager: \(words)"
        return CardPage(
            title: title(heading), header: [.init("Group Manager", [words])] + header, sections: sections)
    }

    private static func managerWords(_ name: String) -> String {
        name.isEmpty ? "No team, or a unit outside the structure" : PageText.clean(name)
    }

    // MARK: Pages with counts only

    /// The page of a service: counts only.
    public func service(_ name: String) -> CardPage {
        let names = managersOfService[name] ?? []
        let exceptions = report.exceptions.filter { !$0.groupManager.isEmpty && $0.service == name }
        let watch = report.watch.filter { !$0.groupManager.isEmpty && $0.service == name }
        let byManager = names.map { manager in
            (
                name: manager, exceptions: exceptions.filter { $0.groupManager == manager },
                watch: watch.filter { $0.groupManager == manager }
            )
        }
        var sections = [CardPage.Section("Exceptions", rows.counts(exceptions))]
        sections.append(
            CardPage.Section(
                "Group Managers side by side",
                [rows.counts("Group Manager", byManager)]
                    + figures.sideBySide(.groupManager, names, heading: "Group Manager")))
        sections += figures.sections(.service, name)
        if let trend = trends.section(.service, name) { sections.append(trend) }
        return CardPage(
            title: title("Service: \(PageText.clean(name))"), lead: ["This page holds counts only."],
            header: [.init("Service", [PageText.clean(name)])] + header, sections: sections)
    }

    /// The page of the authority: counts only, beginning with the work that nobody holds.
    public func authority() -> CardPage {
        let byManager = managers.filter { !$0.name.isEmpty }
        let all = byManager.map { (name: $0.name, exceptions: $0.exceptions, watch: $0.watch) }
        var sections = [CardPage.Section("No team", [.sentences(noTeam())])]
        sections.append(CardPage.Section("Exceptions", rows.counts(report.exceptions)))
        if !all.isEmpty {
            sections.append(
                CardPage.Section(
                    "Group Managers side by side",
                    [rows.counts("Group Manager", all)]
                        + figures.sideBySide(.groupManager, all.map(\.name), heading: "Group Manager")))
        }
        sections += figures.sections(.authority, "all")
        if let trend = trends.section(.authority, "all") { sections.append(trend) }
        return CardPage(
            title: title("The whole authority"), lead: ["This page holds counts only."], header: header,
            sections: sections)
    }

    private func noTeam() -> [String] {
        let rows = report.exceptions.filter { $0.groupManager.isEmpty && $0.counts }
        let nobody = rows.filter(\.unit.isEmpty)
        let outside = rows.filter { !$0.unit.isEmpty }
        func words(_ rows: [ListedException], _ whose: String) -> String {
            let children = PageText.count(Set(rows.map(\.child)).count, "child", "children")
            return "\(PageText.count(rows.count, "exception", "exceptions")) about \(children) "
                + "\(rows.count == 1 ? "stands" : "stand") under \(whose)."
        }
        var sentences = [words(nobody, "nobody"), words(outside, "units outside the structure")]
        let watched = report.watch.filter(\.groupManager.isEmpty).count
        sentences.append("\(PageText.count(watched, "row", "rows")) of the watch list have no Group Manager.")
        if !rows.isEmpty || watched > 0 {
            sentences.append("The analyst finds them in data/exceptions.csv and in the folder no-team.")
        }
        return sentences
    }
}
