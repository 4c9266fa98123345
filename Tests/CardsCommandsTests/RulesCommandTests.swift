import CardsTestSupport
import Foundation
import Testing

/// `cards rules show`: the same rulebook in each of its shapes.
@Suite struct RulesCommandTests {
    @Test func jsonHoldsEveryRuleAndEdition() throws {
        let cards = try Executable()
        defer { cards.clean() }
        let outcome = try cards.run(["rules", "show", "--json"])
        #expect(outcome.code == 0 && outcome.errors.isEmpty)
        #expect(try cards.run(["rules", "--json"]).output == outcome.output)
        let book = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(book["jurisdiction"] as? String == "england-and-wales")
        let rules = try #require(book["rules"] as? [[String: Any]])
        let markdown = try cards.run(["rules", "--markdown"]).output
        for rule in rules {
            let name = try #require(rule["rule"] as? String)
            #expect(markdown.contains("\n`\(name)`"), "\(name)")
            for edition in try #require(rule["editions"] as? [[String: Any]]) {
                let source = try #require(edition["source"] as? String)
                #expect(markdown.contains(source), "\(name)")
                // A limit comes with its unit, and without one there is none.
                #expect((edition["limit"] == nil) == (edition["unit"] == nil), "\(name)")
            }
        }
        #expect(markdown.split(separator: "\n").count { $0.hasPrefix("- **Starts:**") } == rules.count)
        let core = try #require(rules.first { $0["rule"] as? String == "core_assessment" })
        let edition = try #require((core["editions"] as? [[String: Any]])?.first)
        #expect(edition["limit"] as? Int == 35 && edition["unit"] as? String == "wd")
        #expect(core["strict_within"] as? Int == 10 && core["is_on"] as? Bool == true)
        let thresholds = try #require(book["thresholds"] as? [String: Int])
        #expect(thresholds["due_soon_within"] == 5 && thresholds.count == 7)
    }
}
