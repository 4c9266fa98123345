import Reports
import ReportsTestSupport
import Testing

@Suite struct PageTemplatesTests {
    private func page() -> CardPage { allPages(.small(team: "<b>Team</b>", manager: "M"))[3] }

    @Test func aCouncilsOwnTemplateIsUsedAndEscapes() throws {
        let templates = try PageTemplates(
            page: "<title>{{title}}</title><style>{{{style}}}</style>{{#sections}}<h2>{{title}}</h2>{{/sections}}",
            table: nil, style: "p { color: #000000; }")
        let html = HTMLRenderer.render(page(), templates)
        #expect(html.contains("<style>p { color: #000000; }</style>"))
        #expect(html.contains("&lt;b&gt;Team&lt;/b&gt;") && !html.contains("<b>"))
        #expect(html.contains("<h2>Data quality</h2>"))
    }

    @Test func ownTablesStandInTheShippedPage() throws {
        let templates = try PageTemplates(page: nil, table: "<table class=\"own\">{{caption}}</table>", style: nil)
        let html = HTMLRenderer.render(page(), templates)
        #expect(html.contains("<table class=\"own\">Each kind of work") && html.hasPrefix("<!DOCTYPE html>"))
    }

    @Test(
        "what a template may not hold",
        arguments: [
            (PageTemplates.Part.page, "{{{title}}}", "writes {{title}} without escaping it; use two braces"),
            (.page, "{{& title}}", "writes {{title}} without escaping it; use two braces"),
            (.page, "{{{ title }}}", "writes {{title}} without escaping it; use two braces"),
            (.table, "{{{head}}}", "writes {{head}} without escaping it; use two braces"),
            (.page, "{{> other}}", "uses the template other, and there is only table"),
            (.page, "{{=<% %>=}}<%& title %>", "has a tag that begins with =, which is not allowed"),
            (.page, "{{% CONTENT_TYPE: TEXT}}{{title}}", "has a tag that begins with %, which is not allowed"),
            (.page, "{{#sections}}", "is not well formed: a tag or section does not end"),
            (.page, "<ScRipt>", "has <script>, and pages run and load nothing"),
            (.style, "p{}</style><b>", "has </, and pages load nothing"),
            (.style, "@import 'x'", "has @import, and pages load nothing"),
            (.style, "p{background:URL(x)}", "has url(, and pages load nothing"),
        ])
    func refused(part: PageTemplates.Part, text: String, words: String) {
        let problem = #expect(throws: PageTemplates.Problem.self) {
            try PageTemplates(
                page: part == .page ? text : nil, table: part == .table ? text : nil,
                style: part == .style ? text : nil)
        }
        #expect(problem?.part == part && problem?.words == words)
    }

    @Test func theShippedTemplatesPassTheirOwnCheck() throws {
        _ = PageTemplates.shipped
        #expect(PageTemplates.Part.allCases.map(\.file) == ["page.mustache", "table.mustache", "style.css"])
    }
}
