import Foundation
import SlowTwin
import Synchronization
import Testing

/// How often each verdict, reason, finding, kind, edition and branch of the pairing rules occurred in the runs so far.
private let occurrences = Mutex<[String: Int]>([:])

/// The engine against an implementation that shares nothing with it but the date type.
@Suite(.serialized) struct TwinTests {
    /// How many blocks of exports are tried, and how many exports a block has.
    ///
    /// `make mutants` asks for fewer: a planted fault shows in the first few hundred.
    static let blocks = ProcessInfo.processInfo.environment["CARDS_TWIN_BLOCKS"].flatMap { Int($0) } ?? 20
    static let exportsPerBlock = 100

    /// The engine and the twin agree on every row of every output.
    @Test(arguments: 0..<blocks)
    func agreesWithTwin(block: Int) throws {
        var results: [TwinResult] = []
        for seed in 0..<Self.exportsPerBlock {
            let seed = UInt64(block * Self.exportsPerBlock + seed)
            let run = messyExport(seed: seed)
            let twin = slowTwin(run)
            compare(try EngineRun(run), twin, seed: seed)
            results.append(twin)
        }
        let counted = coverage(of: results)
        occurrences.withLock { for (name, count) in counted { $0[name, default: 0] += count } }
    }

    /// The short ways and the plain ones agree on every week of a case's history.
    ///
    /// The twin takes its time over each week, so it sees few of them; these are other cases than its own.
    @Test(arguments: 0..<blocks)
    func shortWaysAgreeWithPlainOnes(block: Int) throws {
        for seed in 0..<Self.exportsPerBlock / 10 {
            let seed = UInt64(1_000_000 + block * Self.exportsPerBlock + seed)
            var run = messyExport(seed: seed)
            run.weeks = 16
            let (short, plain) = (try EngineRun(run), try EngineRun(run, takesNoShortCuts: true))
            compare("clocks", short.clocks, plain.clocks, seed: seed)
            compare("exceptions", short.exceptions, plain.exceptions, seed: seed)
            compare("cards", short.cards, plain.cards, seed: seed)
            compare("watch", short.watch, plain.watch, seed: seed)
            compare("findings", sorted(short.findings), sorted(plain.findings), seed: seed)
        }
    }

    /// Nothing that can occur was left out of the comparison.
    @Test func everythingOccurred() {
        let counts = occurrences.withLock { $0 }
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(count)\t\(name)") }
        guard Self.blocks >= 20 else { return }
        #expect(!counts.isEmpty)
        #expect(counts.filter { $0.value == 0 }.isEmpty)
    }

    private func compare(_ engine: EngineRun, _ twin: TwinResult, seed: UInt64) {
        #expect(
            engine.counts == [twin.read, twin.accepted, twin.duplicate, twin.rejected, twin.notYetKnown],
            "seed \(seed): the accounting of rows")
        let withoutReferences = engine.exceptions.map { [""] + $0.dropFirst() }
        // The contract's order, and, among rows equal in it, the whole row.
        let keys = engine.clocks.map { row in [0, 1, 7, 3, 2, 8].map { row[$0] } }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) }, "seed \(seed): order")
        compare("clocks", sorted(engine.clocks), sorted(twin.clocks), seed: seed)
        compare("exceptions", withoutReferences, twin.exceptions, seed: seed)
        compare("cards", sorted(engine.cards), sorted(twin.cards), seed: seed)
        compare("watch", sorted(engine.watch), sorted(twin.watch), seed: seed)
        compare("findings", sorted(engine.findings), sorted(twin.findings), seed: seed)
    }

    private func sorted(_ rows: [[String]]) -> [[String]] { rows.sorted { $0.lexicographicallyPrecedes($1) } }

    /// Compares rows in order, and reports the first that differ.
    private func compare(_ what: String, _ engine: [[String]], _ twin: [[String]], seed: UInt64) {
        guard engine != twin else { return }
        let line = zip(engine, twin).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let place = line ?? min(engine.count, twin.count)
        func row(_ rows: [[String]]) -> String {
            place < rows.count ? rows[place].joined(separator: ",") : "(no more rows)"
        }
        Issue.record("seed \(seed), \(what), row \(place + 1)\nengine: \(row(engine))\ntwin:   \(row(twin))")
    }
}
