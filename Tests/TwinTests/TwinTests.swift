import Foundation
import SlowTwin
import Testing

@Suite struct TwinTests {
    /// The engine and the twin, which shares no code with it, agree on every row of every output.
    @Test(arguments: 0..<4)
    func agreesWithTwin(block: Int) throws {
        for seed in UInt64(block * 15)..<UInt64(block * 15 + 15) {
            let run = messyExport(seed: seed)
            let engine = try EngineRun(run)
            let twin = slowTwin(run)
            func compare(_ what: String, _ mine: [[String]], _ theirs: [[String]], isOrdered: Bool) {
                let a = isOrdered ? mine.map { $0.joined(separator: ",") } : mine.map { $0.joined(separator: ",") }.sorted()
                let b = isOrdered ? theirs.map { $0.joined(separator: ",") } : theirs.map { $0.joined(separator: ",") }.sorted()
                guard a != b else { return }
                let onlyMine = a.filter { !b.contains($0) }.prefix(3)
                let onlyTheirs = b.filter { !a.contains($0) }.prefix(3)
                Issue.record("seed \(seed) \(what)\n engine: \(onlyMine.joined(separator: "\n         "))\n twin:   \(onlyTheirs.joined(separator: "\n         "))")
            }
            #expect(engine.counts == [twin.read, twin.accepted, twin.duplicate, twin.rejected, twin.notYetKnown], "seed \(seed)")
            compare("clocks", engine.clocks, twin.clocks, isOrdered: true)
            compare("cards", engine.cards, twin.cards, isOrdered: false)
            compare("exceptions", engine.exceptions.map { [""] + $0.dropFirst() }, twin.exceptions, isOrdered: true)
            compare("watch", engine.watch, twin.watch, isOrdered: false)
            compare("findings", engine.findings, twin.findings, isOrdered: false)
        }
    }
}
