import Cards
import CardsTestSupport
import EngineTestSupport
import Foundation
import Testing

@testable import Publishing

@Suite struct SuppressionTests {
    typealias Node = Suppression.Node
    typealias Pair = Suppression.Pair

    /// A node of children given as whole and part.
    private func node(_ pairs: [(Int, Int)]) -> Node {
        let children = pairs.map { Node(pair: Pair(whole: $0.0, part: $0.1)) }
        return Node(pair: children.reduce(Pair(whole: 0, part: 0)) { $0 + $1.pair }, children: children)
    }

    private func shown(_ pairs: [(Int, Int)]) -> [Suppression.Shown] {
        Suppression.decide(node(pairs)).children.map(\.shown)
    }

    @Test(
        "what is said of the parts of an authority, worked by hand",
        arguments: [
            ("nothing small", [(20, 8), (30, 10)], [Suppression.Shown.full, .full]),
            (
                "a small whole without a part takes both others, whose parts are two",
                [(3, 0), (20, 8), (30, 10)], [.hidden, .hidden, .hidden]
            ),
            ("one small whole takes all others", [(3, 0), (20, 0), (30, 0)], [.hidden, .hidden, .hidden]),
            ("a zero is full and hides nobody", [(0, 0), (3, 0), (20, 0)], [.full, .hidden, .hidden]),
            ("a small rest counts as small", [(20, 18), (40, 20), (60, 30)], [.hidden, .hidden, .hidden]),
            (
                "what adds up to too little for each to be five is left out", [(1, 0), (2, 0), (2, 0)],
                [.leftOut, .leftOut, .leftOut]
            ),
            (
                "one part among them would be their sum", [(20, 8), (3, 0), (30, 0)],
                [.leftOut, .leftOut, .leftOut]
            ),
            ("all there is cannot be protected", [(3, 0)], [.leftOut]),
        ] as [(String, [(Int, Int)], [Suppression.Shown])])
    func byHand(why: String, pairs: [(Int, Int)], expected: [Suppression.Shown]) {
        #expect(shown(pairs) == expected, "\(why)")
    }

    @Test func anAuthoritysOwnNumbers() {
        func own(_ whole: Int, _ part: Int) -> Suppression.Shown {
            Suppression.decide(Node(pair: Pair(whole: whole, part: part))).shown
        }
        #expect(own(20, 8) == .full && own(0, 0) == .full && own(20, 0) == .full && own(20, 20) == .full)
        #expect(own(20, 3) == .whole && own(20, 16) == .whole)
        #expect(own(4, 0) == .hidden && own(5, 5) == .hidden)
    }

    // MARK: The attack

    /// An authority with small numbers at random places.
    private func random(_ random: inout TestRandom) -> Node {
        func pair() -> Pair {
            let most = [0, 3, 8, 20, 60][Int.random(in: 0...4, using: &random)]
            let whole = Int.random(in: 0...most, using: &random)
            // A third of the measures have no part; in others nearly all or nearly nothing is in it.
            switch Int.random(in: 0...5, using: &random) {
            case 0, 1: return Pair(whole: whole, part: 0)
            case 2: return Pair(whole: whole, part: whole)
            default: return Pair(whole: whole, part: Int.random(in: 0...whole, using: &random))
            }
        }
        let services = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let teams = (0..<Int.random(in: 1...6, using: &random)).map { _ in Node(pair: pair()) }
            return Node(pair: teams.reduce(Pair(whole: 0, part: 0)) { $0 + $1.pair }, children: teams)
        }
        return Node(pair: services.reduce(Pair(whole: 0, part: 0)) { $0 + $1.pair }, children: services)
    }

    private func json(_ node: Node) -> String {
        func said(_ number: Int, isWhole: Bool) -> String {
            switch node.shown {
            case .full: "\(number)"
            case .whole: isWhole || number == 0 ? "\(number)" : "\"c\""
            case .hidden: number == 0 ? "0" : "\"c\""
            case .leftOut: "null"
            }
        }
        return "{\"pair\": [\(node.pair.whole), \(node.pair.part)], \"secondary\": \(node.isSecondary), "
            + "\"said\": [\(said(node.pair.whole, isWhole: true)), \(said(node.pair.part, isWhole: false))], "
            + "\"children\": [\(node.children.map(json).joined(separator: ", "))]}"
    }

    @Test("an attacker with every published number of 1,000 random authorities finds no small one")
    func attack() throws {
        var generator = TestRandom(seed: 20_101_128)
        let lines = (0..<1_000).map { _ in json(Suppression.decide(random(&generator))) }
        let scratch = try EngineTestSupport.Scratch()
        let path = try scratch.write(Array((lines.joined(separator: "\n") + "\n").utf8), named: "published.jsonl")
        let script = try PythonScript("Tests/PublishingTests/attack.py", [path])
        #expect(script.status == 0, "\(script.output)")
        print("attack:", script.output)
        #expect(script.output.contains("1000 authorities") && script.output.hasSuffix(", 0 problems\n"))
    }

    @Test("who knows how it is decided cannot tell a hidden number either", arguments: [(2, 12), (3, 10)])
    func knownRules(siblings: Int, most: Int) {
        // Every authority so large, by what is said of it.
        var told: [String: [[Pair]]] = [:]
        func all(_ pairs: [Pair], _ left: Int) {
            guard pairs.count < siblings else {
                let node = Suppression.decide(
                    Node(
                        pair: pairs.reduce(Pair(whole: 0, part: 0)) { $0 + $1 }, children: pairs.map { Node(pair: $0) })
                )
                guard node.children.contains(where: { $0.shown == .hidden }) else { return }
                let said = node.children.map { child in
                    child.shown == .full
                        ? "\(child.pair.whole)/\(child.pair.part)" : child.pair.part == 0 ? "c/0" : "c/c"
                }
                told["\(node.pair.whole)/\(node.pair.part): \(said)", default: []].append(pairs)
                return
            }
            for whole in 0...left {
                for part in 0...whole { all(pairs + [Pair(whole: whole, part: part)], left - whole) }
            }
        }
        all([], most * 2)
        #expect(told.count > 20)
        for (said, possible) in told {
            for place in 0..<siblings where possible[0][place].whole > 0 && !said.isEmpty {
                for number in [possible.map { $0[place].whole }, possible.map { $0[place].part }] {
                    let (least, greatest) = (number.min() ?? 0, number.max() ?? 0)
                    let isHidden = least != greatest || 1...5 ~= least
                    #expect(!isHidden || (least <= 1 && greatest >= 5), "\(said): \(place) is \(least) to \(greatest)")
                }
            }
        }
    }

    // MARK: Published sets

    /// The reports of five weeks of a made-up authority.
    private static func reports() throws -> [WeeklyReport] {
        let sample = try sampleExport(referrals: 900, years: 1, ending: "2010-12-20", seed: 5)
        return try ["2010-11-21", "2010-11-28", "2010-12-05", "2010-12-12", "2010-12-19"].map { sunday in
            try Engine([sample.events], EngineOptions(asAt: sunday).with { $0.teams = sample.teams }).report
        }
    }

    @Test("five weeks of a made-up authority withstand the attack, and what stands is what was counted")
    func publishedSets() throws {
        let reports = try Self.reports()
        let lines = reports.flatMap { report in Release.decisions(report).map { json($0.1) } }
        let scratch = try EngineTestSupport.Scratch()
        let path = try scratch.write(Array((lines.joined(separator: "\n") + "\n").utf8), named: "published.jsonl")
        let script = try PythonScript("Tests/PublishingTests/attack.py", [path])
        #expect(script.status == 0, "\(script.output)")
        for report in reports {
            let figures = Dictionary(
                report.figures.map { ("\($0.level.rawValue)/\($0.name)/\($0.rule)/\($0.measure)", $0) }
            ) { first, _ in first }
            let rows = Release(report).rows
            #expect(rows.count > 4 && rows.contains { $0.value == Release.hidden })
            // One pair of numbers each: with a second one two weeks give what is hidden away.
            #expect(Set(rows.map(\.measure)).isSubset(of: ["due_cohort", "met", "missed"]))
            #expect(Set(rows.map(\.level)).isSubset(of: [.team, .service, .authority]))
            // These measure again what another rule does, so that the one would bound what is hidden of the other.
            #expect(report.figures.contains { $0.rule == "authorisation" })
            #expect(
                Set(["assessment_duration", "authorisation", "referral_decision"]).isDisjoint(with: rows.map(\.rule)))
            for row in rows {
                let figure = figures["\(row.level.rawValue)/\(row.name)/\(row.rule)/\(row.measure)"]
                for (said, counted) in [(row.numerator, figure?.numerator), (row.denominator, figure?.denominator)] {
                    guard let number = Int(said) else {
                        #expect(said.isEmpty || said == Release.hidden, "\(row)")
                        continue
                    }
                    #expect(number == counted && !(1...5 ~= number), "\(row)")
                }
                if row.denominator.isEmpty, let number = Int(row.value) { #expect(!(1...5 ~= number), "\(row)") }
                if row.value != Release.hidden, row.value != ":", !row.value.isEmpty, row.value != "0" {
                    #expect(row.value == figure?.valueText, "\(row)")
                }
            }
        }
    }

    @Test("a published set names no child, worker, unit or Group Manager, on any page")
    func namesNobody() throws {
        let report = try #require(try Self.reports().last)
        let out = try EngineTestSupport.Scratch()
        var options = SetOptions(version: "0.1.0")
        options.isForPublication = true
        let set = try SetWriter().write(report, rejected: [], to: out.folder.path, options)
        let names = try FileManager.default.contentsOfDirectory(atPath: set.path)
        #expect(names.contains("index.html") && names.contains("cards.csv") && names.contains("run.json"))
        #expect(!names.contains { $0.hasSuffix(".xlsx") } && names.count > 6)
        let people = Set(
            report.exceptions.flatMap { [$0.child, $0.worker, $0.referral, $0.reference, $0.groupManager] }
                + report.places.map(\.groupManager) + report.places.map(\.unit)
        ).subtracting(report.places.flatMap { [$0.team, $0.service] }).subtracting([""])
        #expect(people.count > 100)
        for name in names {
            let text = try String(contentsOfFile: "\(set.path)/\(name)", encoding: .utf8)
            for word in ["Rows:", "rejected", "SHA-256", report.header.sources[0].digest] where !word.isEmpty {
                #expect(!text.contains(word), "\(word) in \(name)")
            }
            for word in people { #expect(!text.contains(word), "\(word) in \(name)") }
            guard name.hasSuffix(".html") else { continue }
            for cell in text.split(separator: "<td class=\"n\">").dropFirst() {
                let number = Int(cell.prefix { $0 != "<" && $0 != "/" && $0 != " " })
                #expect(number.map { !(1...5 ~= $0) } ?? true, "\(cell.prefix(20)) in \(name)")
            }
        }
    }

    /// A report whose units are known to the organisation, but for one.
    private static func report(_ teams: String, extra: String = "") throws -> WeeklyReport {
        var rows = "child_id,event,date,referral_id,step_id,team\n"
        for (number, team) in (Array(repeating: "A", count: 8) + Array(repeating: "B", count: 9)).enumerated() {
            rows += "\(number),referral_received,2010-11-08,R\(number),,\(team)\n"
            rows += "\(number),initial_assessment_started,2010-11-08,R\(number),S\(number),\(team)\n"
        }
        let options = EngineOptions(asAt: "2010-11-28").with { $0.teams = teams }
        return try Engine([Array((rows + extra).utf8)], options).report
    }

    @Test("a team may have its service's name; a unit that nobody listed is named nowhere")
    func names() throws {
        let report = try Self.report(
            "unit,team,group_manager,service\nA,Duty,G,Duty\n", extra: "")
        let out = try EngineTestSupport.Scratch()
        var options = SetOptions(version: "0.1.0")
        options.isForPublication = true
        let set = try SetWriter().write(report, rejected: [], to: out.folder.path, options)
        let rows = Release(report).rows.filter { $0.measure == "due_cohort" }
        #expect(
            rows.map { "\($0.level) \($0.name) \($0.value)" } == [
                "team Duty 8", "service Duty 8", "service Not in the structure 9", "authority all 17",
            ])
        let names = try FileManager.default.contentsOfDirectory(atPath: set.path).filter { $0.hasSuffix(".html") }
        #expect(names.count == 4 && names.count { $0.hasPrefix("team-") } == 1)
    }

    @Test("a week is published once; the same figures again are no second time")
    func once() throws {
        let teams = "unit,team,group_manager,service\nA,A,G,S\nB,B,G,S\n"
        let out = try EngineTestSupport.Scratch()
        var options = SetOptions(version: "0.1.0")
        options.isForPublication = true
        let writer = SetWriter()
        let set = try writer.write(try Self.report(teams), rejected: [], to: out.folder.path, options)
        options.version = "0.2.0"
        _ = try writer.write(try Self.report(teams), rejected: [], to: out.folder.path, options)
        let before = try String(contentsOfFile: set.path + "/cards.csv", encoding: .utf8)
        let late = try Self.report(
            teams, extra: "1,initial_assessment_authorised,2010-11-19,R1,S1,A\n")
        let error = #expect(throws: PublishingError.self) {
            try writer.write(late, rejected: [], to: out.folder.path, options)
        }
        #expect(error?.code == .publishedBefore)
        #expect(try String(contentsOfFile: set.path + "/cards.csv", encoding: .utf8) == before)
    }
}
