import CaseEvents
import Settings
import Testing
import WorkingCalendar

@Suite struct OrganisationTests {
    @Test func columnsInAnyOrderWithQuotesAndDates() throws {
        let organisation = try readOrganisation(
            teams: "\u{FEFF}Service,colour,group_manager,team,unit,from,to,short_term,succeeded_by\r\n"
                + "Social work,red,\"Patel, R\",Duty,,01/04/2010,2010-12-31,1,North\r\n"
                + "\r\n"
                + ",,,,,,,,\r\n"
                + "Social work,,\u{A0}Jones ,Long \"\"term,North,1/1/2011,,0,\r\n".replacing("\"\"", with: "")
                + "Social work,,\"The \"\"new\"\" manager\",\"Long\nterm\",South,,,,",
            workers: "worker,unit,from,to\nw1,Duty,,2010-06-30\nw1,North,2010-07-01,\n")
        #expect(
            organisation.placements == [
                .init(
                    unit: "Duty", team: "Duty", groupManager: "Patel, R", service: "Social work", isShortTerm: true,
                    from: date("2010-04-01"), to: date("2010-12-31"), succeededBy: "North"),
                .init(
                    unit: "North", team: "Long term", groupManager: "Jones", service: "Social work",
                    from: date("2011-01-01")),
                .init(unit: "South", team: "Long\nterm", groupManager: "The \"new\" manager", service: "Social work"),
            ])
        #expect(organisation.workers.map(\.unit) == ["Duty", "North"])
        #expect(organisation.workers[0].to == date("2010-06-30"))
        #expect(organisation.marksShortTerm)
    }

    @Test func withoutFilesThereIsNoStructure() throws {
        #expect(try readOrganisation(teams: nil).isEmpty)
    }

    @Test func rowsThatMeetDoNotOverlap() throws {
        let organisation = try readOrganisation(
            teams: """
                team,group_manager,service,from,to,succeeded_by
                B,M,S,2011-01-01,,
                A,M,S,,2010-12-31,
                A,M,S,2011-01-01,2011-06-30,B
                """)
        #expect(organisation.placements.map(\.unit) == ["A", "A", "B"])
    }

    /// Every beginning of a file gives rows or an error, never a trap.
    @Test func everyPrefix() {
        let text = "team,group_manager,service,from\r\n\"A, \"\"B\"\"\",M,S,2010-01-01\r\nC,\"M\nN\",S,01/02/2011\r\n"
        for length in 0...text.unicodeScalars.count {
            let prefix = String(String.UnicodeScalarView(text.unicodeScalars.prefix(length)))
            _ = try? readOrganisation(teams: prefix)
        }
    }
}
