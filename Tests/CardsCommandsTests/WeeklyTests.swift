import CardsTestSupport
import Foundation
import Testing

/// What `cards weekly`, `check` and `sample` print and write.
@Suite struct WeeklyTests {
    private func folder() throws -> Executable {
        let cards = try Executable()
        try cards.write(smallExport, to: "e.csv")
        try cards.write(smallTeams, to: "t.csv")
        return cards
    }

    @Test func everyRowIsAccountedFor() throws {
        let cards = try folder()
        defer { cards.clean() }
        let outcome = try cards.run(["weekly", "e.csv", "--teams", "t.csv", "--week", "2010-W47"])
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("16 rows read = 13 accepted + 1 duplicate + 2 rejected\n"))
        #expect(outcome.errors.contains("e.csv: ignored columns: colour\n"))
        #expect(outcome.errors.contains("dates: date yyyy-mm-dd, recorded_at yyyy-mm-dd\n"))
        #expect(!outcome.errors.contains("days ago"), "the week was asked for")
        #expect(outcome.output.contains("Core assessment"))
        #expect(!outcome.output.contains("K1"), "the authority's card names no child")
    }

    @Test func defaultWeekSaysHowOldTheExportIs() throws {
        let cards = try folder()
        defer { cards.clean() }
        let outcome = try cards.run(["weekly", "e.csv"])
        #expect(outcome.errors.contains("the newest date in the exports is 2010-12-06"))
        #expect(outcome.output.contains("2010-W48, 29 Nov 2010 to 5 Dec 2010"))
        #expect(outcome.output.contains("5 Dec 2010"))
    }

    @Test func aRowDatedAfterTodayDoesNotChooseTheWeek() throws {
        let cards = try folder()
        defer { cards.clean() }
        let rows = "child_id,event,date,recorded_at\nK1,referral_received,2010-11-22,2010-11-23\n"
        try cards.write(rows + "K2,referral_received,2010-11-24,2078-11-24\n", to: "typo.csv")
        try cards.write("child_id,event,date\nK1,referral_received,2078-11-24\n", to: "day.csv")
        let message = "the newest date of the exports lies after today, so it cannot choose the week [future-week]"
        let hint = "\n\nhint: correct the row, or give the week with --week\n"
        for (file, place) in [("typo.csv", "3: column recorded_at"), ("day.csv", "2: column date")] {
            let refused = try cards.run(["weekly", file, "--out", "o"])
            #expect(refused.code == 65)
            #expect(refused.errors == "error: \(file):\(place): \(message)\(hint)")
            #expect(!FileManager.default.fileExists(atPath: cards.folder.appending(path: "o").path))
            // Whoever names the week, or asks what is wrong, is answered.
            #expect(try cards.run(["weekly", file, "--week", "2010-W47"]).code == 0)
            #expect(try cards.run(["check", file]).code == 0)
        }
    }

    @Test func aBookingDoesNotChooseTheWeek() throws {
        let cards = try folder()
        defer { cards.clean() }
        let rows = "child_id,event,date\nK1,referral_received,2010-11-22\nK1,s47_started,2010-11-30\n"
        try cards.write(rows + "K1,icpc_arranged,2010-12-29\n", to: "booked.csv")
        let outcome = try cards.run(["weekly", "booked.csv"])
        #expect(outcome.output.contains("2010-W47, 22 Nov 2010 to 28 Nov 2010"))
    }

    @Test func quietSaysNothing() throws {
        let cards = try folder()
        defer { cards.clean() }
        #expect(try cards.run(["weekly", "e.csv", "--quiet"]).errors.isEmpty)
    }

    @Test func knownAtCountsWhatCameLater() throws {
        let cards = try folder()
        defer { cards.clean() }
        let outcome = try cards.run(["weekly", "e.csv", "--week", "2010-W47", "--known-at", "2010-11-23"])
        #expect(outcome.errors.contains("+ 2 recorded after 2010-11-23"))
    }

    @Test func configurationIsFoundAndOverridden() throws {
        let cards = try folder()
        defer { cards.clean() }
        try cards.write("exports: [e.csv]\nteams: t.csv\nwithout: [child_seen]\nout: made\n", to: "cards.yaml")
        let outcome = try cards.run(["weekly", "--week", "2010-W47", "--clocks"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        let clocks = try cards.text(of: "made/2010-W47/data/clocks.csv")
        #expect(clocks.contains("core_assessment,K1,R1,A1"))
        let attributes = try FileManager.default.attributesOfItem(
            atPath: cards.folder.appending(path: "made/2010-W47/data/clocks.csv").path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        _ = try cards.run(["weekly", "--week", "2010-W47", "--out", "other"])
        #expect(try cards.text(of: "other/2010-W47/data/cards.csv").hasPrefix("week_ending,level"))
    }

    /// A path of the configuration is not one from the folder somebody is in.
    @Test func aMissingExportOfTheConfigurationIsSaidToBeIts() throws {
        let cards = try folder()
        defer { cards.clean() }
        try FileManager.default.createDirectory(
            at: cards.folder.appending(path: "made"), withIntermediateDirectories: true)
        try cards.write("exports: [e.csv]\n", to: "made/cards.yaml")
        let outcome = try cards.run(["weekly", "--config", "made/cards.yaml"])
        #expect(outcome.code == 66)
        #expect(
            outcome.errors
                == "error: made/e.csv: there is no such file [missing-file]\n\n"
                + "hint: check `exports` of the configuration, whose paths are from the folder it is in\n")
    }

    @Test func jsonHoldsTheAccountingAndTheHash() throws {
        let cards = try folder()
        defer { cards.clean() }
        let outcome = try cards.run(["weekly", "e.csv", "--week", "2010-W47", "--json"])
        #expect(outcome.output.contains("\"rows_read\" : 16"))
        let sum = Process()
        sum.executableURL = URL(filePath: "/usr/bin/sha256sum")
        sum.arguments = [cards.folder.appending(path: "e.csv").path]
        let pipe = Pipe()
        sum.standardOutput = pipe
        try sum.run()
        sum.waitUntilExit()
        let said = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(outcome.output.contains(said.prefix(64)))
    }

    @Test func checkAccountsAndListsWhatIsMissing() throws {
        let cards = try folder()
        defer { cards.clean() }
        let outcome = try cards.run([
            "check", "e.csv", "--without", "icpc_held", "--findings", "f.csv", "--rejected", "r.csv",
        ])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("16 rows read = 13 accepted + 1 duplicate + 2 rejected"))
        #expect(outcome.output.contains("s47_to_icpc             no        icpc_held"))
        #expect(outcome.output.contains("child_not_seen        yes                child_seen\n"), "\(outcome.output)")
        #expect(outcome.output.contains("no_outcome            yes                s47_completed icpc_not_required\n"))
        #expect(outcome.output.contains("e.csv:16"))
        #expect(try cards.text(of: "r.csv").split(separator: "\n").count == 3)
        #expect(try cards.text(of: "f.csv").contains("no_child"))
    }

    @Test func sampleIsPrivateAndKeepsWhatIsThere() throws {
        let cards = try folder()
        defer { cards.clean() }
        let first = try cards.run(["sample", "--out", "s", "--referrals", "300"])
        #expect(first.code == 0)
        #expect(try cards.run(["sample", "--out", "s", "--referrals", "300"]).code == 73)
        #expect(try cards.run(["sample", "--out", "s", "--referrals", "300", "--force"]).code == 0)
        let folder = cards.folder.appending(path: "s").path
        for (name, mode) in [("", 0o700), ("/events.csv", 0o600), ("/teams.csv", 0o600), ("/workers.csv", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + name)
            #expect(attributes[.posixPermissions] as? Int == mode)
        }
        #expect(
            try cards.run(["weekly", "s/events.csv", "--teams", "s/teams.csv", "--workers", "s/workers.csv"]).code == 0)
    }
}
