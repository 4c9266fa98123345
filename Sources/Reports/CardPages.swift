public import Cards
import Rules
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
    private let sheetCard: OneSheetCard
    private let comparison: CardPage.Section?
    private let header: [CardPage.HeaderLine]
    /// The Group Managers of each service, by name.
    public let managersOfService: [String: [String]]

    /// Makes ready what every page needs.
    public static func make(_ report: WeeklyReport) -> CardPages { CardPages(report) }

    private init(_ report: WeeklyReport) {
        self.report = report
        let figures = FigureSections(report)
        let charts = CardCharts(figures)
        self.figures = figures
        trends = TrendSections(figures)
        rows = RowTables(figures: figures)
        sheetCard = OneSheetCard(figures: figures, charts: charts, trends: trends)
        comparison = Comparison(figures: figures, times: charts.times(.authority, "all")).section()
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

    /// The week and the day of the figures, under the title of every page.
    private var weekWords: String {
        let header = report.header
        let days = PageText.count(header.workingDaysInWeek, "working day", "working days")
        return "Monday \(PageText.date(header.week.monday)) to Sunday \(PageText.date(header.week.ending)), \(days); "
            + "as at \(PageText.date(header.asAt)). Late entry can change these figures."
    }

    // MARK: Pages with children

    /// The card of a team: counts and charts on one sheet, without a child's reference.
    public func team(_ name: String, of manager: Reader) -> CardPage {
        sheet("Team card: \(PageText.clean(name))", .team, name, of: manager)
    }

    /// The card of everything a Group Manager has, on one sheet.
    public func card(of manager: Reader) -> CardPage {
        let level = manager.name.isEmpty ? Places.notInStructure : manager.name
        return sheet("Card: \(Self.managerWords(manager.name))", .groupManager, level, of: manager)
    }

    private func sheet(_ title: String, _ level: Level, _ name: String, of manager: Reader) -> CardPage {
        var page = CardPage(
            title: self.title(title), lead: [weekWords, "Group Manager: \(Self.managerWords(manager.name))."],
            header: header, sections: sheetCard.sections(level, name))
        page.paper = .oneSheet
        return page
    }

    /// The open work of a team: its exceptions and its watch list.
    public func teamWork(_ name: String, of manager: Reader, maySeeRestricted: Bool) -> CardPage {
        let own = Restriction.shown(manager.exceptions.filter { $0.team == name }, maySeeRestricted: maySeeRestricted)
        let watched = Restriction.shown(manager.watch.filter { $0.team == name }, maySeeRestricted: maySeeRestricted)
        let standing = own.filter(\.counts)
        var sections: [CardPage.Section] = []
        sections.append(
            CardPage.Section(
                "Exceptions",
                standing.isEmpty
                    ? [.sentences(["No exceptions."])]
                    : [.sentences([RowTables.key])] + rows.answers(standing, caption: "Exceptions, worst first")))
        sections.append(CardPage.Section("Cleared since last week", rows.cleared(own)))
        sections.append(CardPage.Section("Watch list", rows.watch(watched)))
        var page = CardPage(
            title: title("Open work: \(PageText.clean(name))"), lead: [weekWords], header: header, sections: sections)
        page.paper = .wide
        return page
    }

    /// Every figure and trend of a card: counts only.
    ///
    /// The work of no Group Manager has an empty name.
    public func figures(_ level: Level, _ name: String) -> CardPage {
        let own = level == .groupManager && name.isEmpty ? Places.notInStructure : name
        let words =
            level == .authority ? "the whole authority" : name.isEmpty ? Self.managerWords(name) : PageText.clean(name)
        return CardPage(
            title: title("All figures: \(words)"), lead: [weekWords], header: header,
            sections: figures.sections(level, own) + [trends.section(level, own)].compactMap { $0 })
    }

    /// The page of a Group Manager, or of the work of none: what she has to do, before anything else.
    public func manager(_ manager: Reader, maySeeRestricted: Bool) -> CardPage {
        let own = Restriction.shown(manager.exceptions, maySeeRestricted: maySeeRestricted)
        let watched = Restriction.shown(manager.watch, maySeeRestricted: maySeeRestricted)
        let sentence = AnswerSentence(own, watch: watched, rules: report.rules, answersDue: report.answersDue)
        // Those the sentence names stand first, with their families; the others follow in the order of the list.
        let named = own.enumerated().sorted {
            (sentence.place($0.element), $0.offset) < (sentence.place($1.element), $1.offset)
        }.map(\.element)
        let (first, rest) = RowTables.divided(manager.name.isEmpty ? own : named)
        var sections: [CardPage.Section] = []
        if !first.isEmpty {
            let title = rest.isEmpty ? "Answer these" : "Answer first"
            sections.append(
                CardPage.Section(
                    title,
                    [.sentences([RowTables.key])]
                        + rows.answers(
                            first,
                            caption: "\(title): \(PageText.count(first.count, "row", "rows")), "
                                + (sentence.askedFirst.isEmpty
                                    ? "worst first" : "the children named above, then worst first"))))
        }
        if !rest.isEmpty {
            sections.append(
                CardPage.Section("The other exceptions", rows.answers(rest, caption: "The others, worst first")))
        }
        sections.append(CardPage.Section("Cleared since last week", rows.cleared(own)))
        sections.append(CardPage.Section("Watch list", rows.watch(watched)))
        sections += teams(of: manager)
        let words = Self.managerWords(manager.name)
        var page = CardPage(
            title: title(manager.name.isEmpty ? words : "Group Manager: \(words)"),
            headline: manager.name.isEmpty
                ? nobodysSentence(own)
                : sentence.text,
            lead: [weekWords], header: header, sections: sections)
        page.paper = .wide
        return page
    }

    /// What the analyst has to do about work that no Group Manager has.
    private func nobodysSentence(_ rows: [ListedException]) -> String {
        let children = Set(rows.filter(\.counts).map(\.child)).count
        guard children > 0 else { return "No child is listed without a Group Manager." }
        return
            "\(PageText.count(children, "child is", "children are")) listed without a Group Manager: give each case a "
            + "team, and each unit a place in the organisation file."
    }

    private func teams(of manager: Reader) -> [CardPage.Section] {
        let byTeam = manager.teams.map { team in
            (
                name: team, exceptions: manager.exceptions.filter { $0.team == team },
                watch: manager.watch.filter { $0.team == team }
            )
        }
        guard !byTeam.isEmpty else { return [] }
        return [
            CardPage.Section(
                "Teams side by side",
                [rows.counts("Team", byTeam)] + figures.sideBySide(.team, manager.teams, heading: "Team"))
        ]
    }

    /// The exceptions and the watch list of a Group Manager worker by worker, each on a sheet for supervision.
    ///
    /// Work with nobody allocated comes first.
    public func byWorker(_ manager: Reader, maySeeRestricted: Bool) -> CardPage {
        let own = Restriction.shown(manager.exceptions, maySeeRestricted: maySeeRestricted).filter(\.counts)
        let watched = Restriction.shown(manager.watch, maySeeRestricted: maySeeRestricted)
        let names = Set(own.map(\.worker) + watched.map(\.worker)).sorted(by: Self.precedes)
        var sections = names.map { name in
            let title = name.isEmpty ? "Nobody allocated" : "Worker \(PageText.clean(name))"
            let exceptions = own.filter { $0.worker == name }
            let watched = watched.filter { $0.worker == name }
            var blocks: [CardPage.Block] = []
            if !exceptions.isEmpty {
                blocks = rows.answers(
                    exceptions, caption: "\(title): exceptions, worst first", namesWorker: false,
                    hasLines: own.count <= RowTables.mostRows)
                if own.count <= RowTables.mostRows { blocks.append(.sentences([RowTables.key])) }
            }
            if !watched.isEmpty { blocks += rows.watch(watched, caption: "\(title): watch list, by due date") }
            return CardPage.Section(title, blocks)
        }
        for index in sections.indices.dropFirst() { sections[index].beginsSheet = true }
        var page = CardPage(
            title: title("By worker: \(Self.managerWords(manager.name))"),
            lead: [weekWords, "A work list for supervision, a sheet for each worker; it compares nobody."],
            sections: sections.isEmpty
                ? [CardPage.Section("Nothing open", [.sentences(["No exceptions, and nothing to watch."])])] : sections)
        page.paper = .wide
        return page
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
        return countPage(title("Service: \(PageText.clean(name))"), sheetCard.sections(.service, name) + sections)
    }

    /// The page of the authority: counts only, beginning with the work that nobody holds.
    public func authority() -> CardPage {
        let byManager = managers.filter { !$0.name.isEmpty }
        let all = byManager.map { (name: $0.name, exceptions: $0.exceptions, watch: $0.watch) }
        var sections = [CardPage.Section("No team", [.sentences(noTeam())])]
        sections.append(CardPage.Section("Exceptions", rows.counts(report.exceptions)))
        sections += sheetCard.sections(.authority, "all")
        if !all.isEmpty {
            sections.append(
                CardPage.Section(
                    "Group Managers side by side",
                    [rows.counts("Group Manager", all)]
                        + figures.sideBySide(.groupManager, all.map(\.name), heading: "Group Manager")))
        }
        if let comparison { sections.append(comparison) }
        if let restatement = report.restatement { sections.append(restated(restatement)) }
        return countPage(title("The whole authority"), sections)
    }

    /// What of the week published before says something else now, of the whole authority.
    private func restated(_ restatement: Restatement) -> CardPage.Section {
        let own = restatement.figures.filter {
            $0.level == Level.authority.rawValue && MeasureWords.entries[$0.measure] != nil
        }
        var sentences = [
            "\(PageText.count(own.count, "figure", "figures")) of the whole authority in week \(restatement.week) "
                + "\(own.count == 1 ? "says" : "say") something else now than when it was published."
        ]
        if let entries = restatement.lateEntries, !entries.isEmpty {
            let withdrawn = entries.count(where: \.isWithdrawn)
            sentences.append(
                "Since then \(PageText.count(entries.count - withdrawn, "row", "rows")) of that week or before it "
                    + "\(entries.count - withdrawn == 1 ? "was" : "were") entered, and \(withdrawn) withdrawn.")
        }
        if !restatement.changedSettings.isEmpty {
            let settings = restatement.changedSettings.joined(separator: ", ")
            sentences.append("It is measured otherwise now, because these changed: \(settings).")
        }
        guard !own.isEmpty else { return CardPage.Section("Since it was published", [.sentences(sentences)]) }
        let titles = Dictionary(report.rules.map { ($0.name, $0.title) }) { first, _ in first }
        let table = PageTable(
            caption: "Week \(restatement.week), then and now",
            columns: [
                .init("Rule", .words), .init("Measure", .words), .init("Published", .number), .init("Now", .number),
            ],
            rows: own.prefix(RowTables.mostRows).map { figure in
                [
                    titles[figure.rule] ?? "All referrals",
                    MeasureWords.entries[figure.measure]?.words ?? figure.measure,
                    figure.published.isEmpty ? "none" : figure.published, figure.now.isEmpty ? "none" : figure.now,
                ]
            })
        sentences.append("Every figure that changed stands in data/restated.csv, the rows in data/late_entries.csv.")
        return CardPage.Section("Since it was published", [.sentences(sentences), .table(table)])
    }

    private func countPage(_ title: String, _ sections: [CardPage.Section]) -> CardPage {
        var page = CardPage(
            title: title, lead: [weekWords, "This page holds counts only."], header: header, sections: sections)
        page.paper = .wide
        return page
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
