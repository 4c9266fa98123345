import Cards
import CardsTestSupport
import CaseEvents
import Clocks
import Exports
import Foundation
import Reports
import Rules
import SampleAuthority
import Settings
import SlowTwin
import Testing
import WorkingCalendar

@testable import CardsCommands

/// The list behind a number adds up to the number that `cards.csv` has.
@Suite struct FigureTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "cards-figures-\(UUID().uuidString)")

    /// Compares every measure but those that count findings, at every level.
    ///
    /// - Returns: How many figures of `cards.csv` were explained.
    private func compare(_ job: WeeklyJob, _ what: String) throws -> Int {
        let report = try job.run().report
        let prepared = try job.prepare()
        let sights = CaseVisitor(prepared: prepared, cores: 1).visit { [$0] }
        var cards: [String: [String]] = [:]
        for row in Tables.cards(report).rows where row[0] == "\(report.header.week.ending)" {
            cards[row[1...4].joined(separator: "|")] = Array(row[5...])
        }
        let groups = grouped(sights, job.rulebook, prepared.context.places)
        var explained = 0
        for level in Level.allCases {
            for name in Set(prepared.context.places.all.map { $0.name(level) }).sorted() {
                for (rule, measure, isOfAll) in measures(job.rulebook) {
                    let own = isOfAll ? sights : groups["\(level)|\(name)|\(rule)"] ?? []
                    let mine = try FigureExplanation(
                        prepared, rule: rule, measure: measure, level: level, name: name
                    ) { entries in own.flatMap(entries) }
                    let key = [level.rawValue, name, rule, measure].joined(separator: "|")
                    let numbers = [mine.numerator, mine.denominator].map { $0.map(String.init) ?? "" }
                    if let theirs = cards.removeValue(forKey: key) {
                        explained += 1
                        #expect(theirs == numbers + [mine.value], "\(what) \(key)")
                    } else {
                        // A card with nothing on it but what is not available is not made at all.
                        let isNothing = mine.value == "0" || mine.value == ":" || mine.denominator == 0
                        let isZero = mine.value == "0.0"
                        #expect(isNothing || isZero, "\(what) \(key) is not in cards.csv")
                    }
                }
            }
        }
        for key in cards.keys {
            #expect(key.contains("|referral|finding_"), "\(what) \(key) is explained by nothing")
        }
        return explained
    }

    /// Every measure, and whether children without a clock of its rule and place may add to it.
    private func measures(_ rulebook: Rulebook) -> [(rule: String, measure: String, isOfAll: Bool)] {
        rulebook.rules.filter(\.isOn).flatMap { rule in
            ClockMeasure.all(for: rule).map { (rule.name, $0.name, $0.isOfBatches) }
        } + ReferralMeasure.all.map { (ExceptionRow.referralRule, $0.name, true) }
    }

    /// The children by level, name and rule, each with the clocks of these alone: others would not be taken.
    private func grouped(_ sights: [CaseSight], _ rulebook: Rulebook, _ places: Places) -> [String: [CaseSight]] {
        var groups: [String: [CaseSight]] = [:]
        for sight in sights {
            var clocks: [String: ContiguousArray<Clock>] = [:]
            for clock in sight.clocks {
                let place = places.place(of: clock.holder.team, on: clock.holderDay).number
                for level in Level.allCases {
                    let key = "\(level)|\(places.all[place].name(level))|\(rulebook.rules[Int(clock.rule)].name)"
                    clocks[key, default: []].append(clock)
                }
            }
            for (key, own) in clocks {
                var sight = sight
                sight.clocks = own
                groups[key, default: []].append(sight)
            }
        }
        return groups
    }

    /// Over the sample, with every rule switched on.
    @Test func addUpOverSample() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let calendar = WorkingCalendar(DefaultCalendar.table)
        let sample = try SampleAuthority(options: .init(referrals: 400, years: 1), calendar: calendar)
        var bytes: [UInt8] = []
        _ = sample.writeEvents { span in for index in span.indices { bytes.append(span[index]) } }
        let events = folder.appending(path: "events.csv")
        try Data(bytes).write(to: events)
        var rulebook = try DefaultRulebook.rulebook()
        for index in rulebook.rules.indices { rulebook.rules[index].isOn = true }
        var job = WeeklyJob(sources: [.caseEvents(events.path)], rulebook: rulebook, closures: DefaultCalendar.table)
        job.organisation = try readOrganisation(teams: String(decoding: sample.teamsCSV(), as: UTF8.self))
        // Stated, so that there are re-referrals to explain.
        job.completeFrom = CivilDate("2009-01-01")
        for week in ["2010-W35", "2010-W47"] {
            job.week = ISOWeek(week)
            #expect(try compare(job, week) > 150)
        }
        job.without = [.icpcHeld, .managementDecisionRecorded]
        #expect(try compare(job, "without") > 150)
    }

    /// Over the exports made to be difficult, which the slow twin is tested with.
    @Test func addUpOverMessyExports() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for seed in UInt64(0)..<12 {
            let run = messyExport(seed: seed)
            var paths: [String] = []
            for (name, text) in run.exports {
                let file = folder.appending(path: "\(seed)-\(name)")
                try Data(text.utf8).write(to: file)
                paths.append(file.path)
            }
            var rulebook = try DefaultRulebook.rulebook()
            for index in rulebook.rules.indices { rulebook.rules[index].isOn = true }
            let closures = run.closures.map {
                Closure(date: $0.date, knownFrom: $0.knownFrom, withdrawnOn: $0.withdrawnOn)
            }
            var job = WeeklyJob(
                sources: paths.map { ExportSource.caseEvents($0) }, rulebook: rulebook,
                closures: ClosureTable(
                    jurisdiction: "test", coverage: run.calendarFrom...run.calendarTo, closures: closures))
            if let teams = run.teams { job.organisation = try readOrganisation(teams: teams) }
            job.reportsEmptyExports = true
            job.week = ISOWeek(containing: run.weekEnding)
            job.asAt = run.asAt
            job.blockSize = 1 << 16
            job.knownAt = run.knownAt
            job.completeFrom = run.completeFrom
            job.without = Set(run.without.compactMap { EventKind(name: $0) })
            _ = try compare(job, "seed \(seed)")
        }
    }
}
