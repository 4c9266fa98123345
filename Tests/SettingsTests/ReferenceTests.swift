import CardsTestSupport
import Rules
import Settings
import Testing

@Suite struct ReferenceTests {
    @Test func markdownOfTheShippedRulebook() throws {
        try expectGolden(rulebookMarkdown(try DefaultRulebook.rulebook()), named: "rulebook-england.md")
    }

    @Test func summaryOfTheShippedRulebook() throws {
        try expectGolden(rulebookSummary(try DefaultRulebook.rulebook()), named: "rulebook-england.txt")
    }

    @Test func summaryFits80Columns() throws {
        var rulebook = try DefaultRulebook.rulebook()
        rulebook.name = String(repeating: "Long name ", count: 12)
        rulebook.rules[0].name = "a_name_of_thirty_two_characters_"
        rulebook.rules[0].editions[0].name = "AnEditionOf16Cha"
        rulebook.rules[0].editions[0].limit = TimeLimit(1000, .months)
        for line in rulebookSummary(rulebook).split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    /// The file is for people: no line runs off the page.
    @Test func shippedFileFitsAPage() {
        for line in DefaultRulebook.yaml.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
    }

    @Test func pageNamesEveryRule() throws {
        let rulebook = try DefaultRulebook.rulebook()
        let page = rulebookMarkdown(rulebook)
        for rule in rulebook.rules { #expect(page.contains("`\(rule.name)`")) }
        for shape in ClockShape.allCases { #expect(rulebook.rules.contains { $0.shape == shape }, "\(shape)") }
    }
}
