import Cards
import CardsTestSupport
import Foundation
import Reports
import ReportsTestSupport
import Testing

/// Reads a page back: the text between tags, with the five escapes undone.
func visibleText(_ html: String) -> String {
    var text = ""
    var isInTag = false
    for scalar in html.unicodeScalars {
        if scalar == "<" { isInTag = true }
        if !isInTag { text.unicodeScalars.append(scalar) }
        if scalar == ">" {
            isInTag = false
            text += " "
        }
    }
    for (escape, scalar) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        // Byte by byte: a combining accent after an escape is part of no `Character` that ends with it.
        text = text.replacingOccurrences(of: escape, with: scalar, options: .literal)
    }
    return text
}

/// Text without any blanks, so that wrapping does not matter.
func squeezed(_ text: String) -> String { String(text.filter { !$0.isWhitespace }) }

/// Every page of a report.
func allPages(_ made: MadeReport) -> [CardPage] {
    let pages = CardPages.make(made.report)
    return [pages.authority()] + pages.services.map { pages.service($0) }
        + pages.managers.flatMap { manager in
            [pages.manager(manager, maySeeRestricted: true)]
                + manager.teams.map { pages.team($0, of: manager) }
                + manager.teams.flatMap { team in
                    [pages.teamWork(team, of: manager, maySeeRestricted: true), pages.figures(.team, team)]
                } + [pages.byWorker(manager, maySeeRestricted: true), pages.card(of: manager)]
        }
}

/// Names that somebody could give a team, a worker or a child to harm a reader.
let hostileNames = [
    "../../x", "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "\"\u{301} onmouseover=\"x", "<\u{301}b>",
    "=1+2", "+cmd", "-2+3", "@SUM(A1)", "\tx", "a\u{202E}b", "a\u{1B}[31mred", "a\0b", "a\rb", "{{title}}",
    "{{{style}}}", "&lt;b&gt;",
    "🙂 team", String(repeating: "long name ", count: 20), String(repeating: "x", count: 200), "it's", "a,b", "a\nb",
]

@Suite struct PageTests {
    private let goldenNames = [
        "authority", "service", "manager", "team", "team-work", "team-figures", "by-worker", "manager-card",
    ]

    @Test func smallReportAsText() throws {
        for (name, page) in zip(goldenNames, allPages(.small())) {
            try expectGolden(TextRenderer.render(page), named: "page-\(name).txt")
        }
    }

    @Test func smallReportAsHTML() throws {
        for (name, page) in zip(goldenNames, allPages(.small())) {
            try expectGolden(HTMLRenderer.render(page), named: "page-\(name).html")
        }
    }

    @Test func everyCellOfTheTextStandsInTheHTML() {
        var count = 0
        for page in allPages(.large()) + allPages(.small()) {
            let text = squeezed(TextRenderer.render(page))
            let html = squeezed(visibleText(HTMLRenderer.render(page)))
            let cells = page.tables.flatMap { table in table.rows.flatMap { $0 } }.filter { !$0.isEmpty }
            count += cells.count
            for cell in cells {
                #expect(html.contains(squeezed(cell)), "\(cell) is missing in the HTML of \(page.title)")
            }
            // In columns a wrapped cell is torn apart, so the text is searched word by word.
            for word in cells.flatMap({ $0.split(separator: " ").map(String.init) }) where word.count < 20 {
                #expect(text.contains(word), "\(word) is missing in the text of \(page.title)")
            }
        }
        #expect(count > 2_000)
    }

    @Test func textFitsEightyColumns() {
        for page in allPages(.large()) + hostileNames.flatMap({ allPages(.small(team: $0, manager: $0)) }) {
            for line in TextRenderer.render(page).split(separator: "\n") {
                #expect(line.count <= TextRenderer.width, "\(line)")
            }
        }
    }

    @Test func hostileNamesStayText() {
        let safe = allPages(.small(team: "T", manager: "M")).map { HTMLRenderer.render($0) }.joined()
        func tags(_ html: String) -> [Substring] { html.split(separator: "<").map { $0.prefix { $0 != ">" } } }
        let plain = Set(tags(safe).map { $0.prefix { $0 != " " } })
        for name in hostileNames {
            for page in allPages(.small(team: name, manager: name)) {
                let html = HTMLRenderer.render(page)
                for tag in html.unicodeScalars.split(separator: "<").dropFirst() {
                    let word = String(String.UnicodeScalarView(tag.prefix { $0 != " " && $0 != ">" }))
                    #expect(plain.contains(where: { $0 == word }), "\(word)")
                }
                #expect(!html.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
                #expect(!html.contains("onmouseover=\""))
                #expect(squeezed(visibleText(html)).contains(squeezed(PageText.clean(name))))
                let text = TextRenderer.render(page)
                #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
            }
        }
    }

    @Test func hostileNamesDoNotRunInASpreadsheet() {
        for name in hostileNames {
            let csv = Tables.exceptions(MadeReport.small(team: name, manager: name).report.exceptions).csv
            for line in csv.split(separator: "\n") {
                for cell in line.split(separator: ",") {
                    let start = cell.first == "\"" ? cell.dropFirst() : cell
                    guard let first = start.first, Double(start) == nil else { continue }
                    #expect(!"=+-@\t".contains(first), "\(line)")
                }
            }
        }
    }

    @Test func hostileNamesDoNotMoveTheCursorOrEndALine() {
        for name in hostileNames {
            let report = MadeReport.small(team: name, manager: name).report
            for table in [Tables.exceptions(report.exceptions), Tables.cards(report), Tables.watch(report.watch)] {
                let scalars = table.csv.unicodeScalars
                #expect(!scalars.contains { ($0.value < 0x20 && $0 != "\n") || $0 == "\u{202E}" }, "\(name)")
                #expect(scalars.count { $0 == "\n" } == table.rowCount + 1, "\(name)")
            }
        }
    }

    @Test func pagesOfCountsNameNoChildAndNoWorker() {
        let made = MadeReport.large()
        let pages = CardPages.make(made.report)
        for page in [pages.authority()] + pages.services.map({ pages.service($0) }) {
            let text = TextRenderer.render(page) + HTMLRenderer.render(page)
            #expect(!text.contains("CH-"))
            #expect(!text.contains("W-"))
        }
        #expect(pages.authority().sections[0].title == "No team")
        #expect(TextRenderer.render(pages.authority()).contains("1 exception about 1 child stands under nobody."))
    }

    @Test func pagesSpeakInPlainWords() {
        for page in allPages(.large()) {
            let text = TextRenderer.render(page)
            for code in ["initial_assessment", "no_oversight", "in_time", "running_over", "finding_", "due_soon"] {
                #expect(!text.contains(code), "\(code) on \(page.title)")
            }
        }
        let tables = allPages(.small())[2].tables
        #expect(
            tables[0].rows == [
                [
                    "C1001", "Worker, Team North", "Initial assessment: overdue, no management decision since", "6",
                    "10 Nov 2010", "not recorded", "new",
                ],
                [
                    "C1002", "nobody, Team North", "Initial assessment: overdue, no management decision since", "1",
                    "10 Nov 2010", "not recorded", "week 3",
                ],
            ])
        #expect(
            tables[1].rows == [
                ["C1003", "Worker, Team North", "Initial assessment: overdue", "4", "The work was completed"]
            ])
    }

    @Test func pagesStaySmallAndSayWhatIsNotOnThem() {
        var made = MadeReport()
        made.addTeam("Team", of: "Ms Green")
        for number in 0..<400 {
            made.addChild(
                "C\(1000 + number)", team: "Team", manager: "Ms Green", worker: "W\(number % 9)",
                status: number % 4 == 0 ? .cleared : .new, isWatched: true)
        }
        let pages = CardPages.make(made.report)
        guard let manager = pages.managers.first else { return #expect(Bool(false), "no manager") }
        let all = [
            pages.manager(manager, maySeeRestricted: true), pages.byWorker(manager, maySeeRestricted: true),
            pages.teamWork("Team", of: manager, maySeeRestricted: true),
        ]
        // The sheets for supervision are as long as the work of the workers on them.
        for page in [all[0], all[2]] { #expect(HTMLRenderer.render(page).utf8.count < 150_000, "\(page.title)") }
        let text = squeezed(TextRenderer.render(all[0]))
        // 300 stand: 12 are answered first, 60 more are on the page; 100 are cleared, and 400 watched.
        #expect(text.contains(squeezed("228 more rows stand in exceptions.csv")))
        #expect(text.contains(squeezed("40 more rows stand in exceptions.csv")))
        #expect(text.contains(squeezed("340 more rows stand in watch.csv")))
        #expect(all[1].tables.flatMap(\.rows).count == 300 + 400, "the sheets for supervision leave nobody out")
    }

    @Test func restrictedChildrenAreHidden() {
        let rows = MadeReport.large().report.exceptions
        let hidden = Restriction.shown(rows, maySeeRestricted: false).filter(\.isRestricted)
        #expect(hidden.count == 6)
        for row in hidden {
            #expect([row.child, row.family, row.referral, row.step, row.worker].allSatisfy { $0 == Restriction.word })
        }
        #expect(Restriction.shown(rows, maySeeRestricted: true) == rows)
    }

    @Test func aPageNeedsNoNetworkAndNoScript() {
        let html = HTMLRenderer.render(allPages(.small())[0])
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en-GB\">"))
        #expect(html.contains("default-src 'none'; style-src 'unsafe-inline'"))
        for word in ["<script", "http://", "https://", "src=", "@import", "url(", "xmlns"] {
            #expect(!html.contains(word))
        }
    }
}
