import CaseEvents
import Settings
import Testing
import WorkingCalendar

@Suite struct ConfigurationTests {
    @Test func everything() throws {
        let configuration = try readConfiguration(
            yaml: """
                exports: [events.csv, "more, events.csv"]
                teams: teams.csv
                workers: workers.csv
                rulebook: council.yaml
                calendar: closures.json
                out: cards
                formats: [text, html]
                complete_from: 2010-01-01
                without: [child_seen, icpc_arranged]
                changes:
                  - {date: 2010-11-25, label: New duty team}
                  - date: 01/04/2010
                    label: "Ten days: taken up"
                restricted_to: [R Patel]
                groups:
                  group_manager: cs-managers
                  data: cs-analysts
                structure: current
                screen_limits: true
                """, file: "cards.yaml")
        #expect(configuration.exports == ["events.csv", "more, events.csv"])
        #expect(configuration.teams == "teams.csv")
        #expect(configuration.workers == "workers.csv")
        #expect(configuration.rulebook == "council.yaml")
        #expect(configuration.calendar == "closures.json")
        #expect(configuration.out == "cards")
        #expect(configuration.formats == [.text, .html])
        #expect(configuration.completeFrom == date("2010-01-01"))
        #expect(configuration.without == [.childSeen, .icpcArranged])
        #expect(
            configuration.changes == [
                .init(date: date("2010-04-01"), label: "Ten days: taken up"),
                .init(date: date("2010-11-25"), label: "New duty team"),
            ])
        #expect(configuration.restrictedTo == ["R Patel"])
        #expect(configuration.groups == [.groupManager: "cs-managers", .data: "cs-analysts"])
        #expect(configuration.structure == .current)
        #expect(configuration.screensLimits)
    }

    @Test(arguments: ["", "# nothing yet\n", "{}", "teams: null\n"])
    func nothing(_ yaml: String) throws {
        #expect(try readConfiguration(yaml: yaml, file: "cards.yaml") == Configuration())
    }
}
