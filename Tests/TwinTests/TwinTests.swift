import Foundation
import SlowTwin
import Synchronization
import Testing

/// How often each verdict, reason, finding, kind and edition occurred in the runs so far.
private let occurrences = Mutex<[String: Int]>([:])

/// The engine against an implementation that shares nothing with it but the date type.
@Suite(.serialized) struct TwinTests {
    /// How many blocks of exports are tried, and how many exports a block has.
    static let blocks = 20
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

    /// Nothing that can occur was left out of the comparison.
    @Test func everythingOccurred() {
        let counts = occurrences.withLock { $0 }
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("\(count)\t\(name)") }
        #expect(!counts.isEmpty)
        #expect(counts.filter { $0.value == 0 }.isEmpty)
    }

    private func compare(_ engine: EngineRun, _ twin: TwinResult, seed: UInt64) {
        #expect(
            engine.counts == [twin.read, twin.accepted, twin.duplicate, twin.rejected, twin.notYetKnown],
            "seed \(seed): the accounting of rows")
        let withoutReferences = engine.exceptions.map { [""] + $0.dropFirst() }
        compare("clocks", engine.clocks, twin.clocks, seed: seed)
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
