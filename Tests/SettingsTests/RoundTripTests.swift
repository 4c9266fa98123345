import CaseEvents
import Rules
import Settings
import Testing
import WorkingCalendar

@Suite struct RoundTripTests {
    @Test(arguments: ["sample", "late-adopter", "exempted"])
    func writtenOutInFull(_ name: String) throws {
        let rulebook = try readRulebook(yaml: try fixture("rulebooks/\(name).yaml"), file: "\(name).yaml")
        #expect(try readRulebook(yaml: written(rulebook), file: "written.yaml") == rulebook)
    }

    @Test func shippedRulebook() throws {
        let rulebook = try DefaultRulebook.rulebook()
        #expect(try readRulebook(yaml: written(rulebook), file: "written.yaml") == rulebook)
    }

    /// Windows line ends and a BOM change nothing.
    @Test func lineEnds() throws {
        let yaml = "\u{FEFF}" + DefaultRulebook.yaml.replacing("\n", with: "\r\n")
        #expect(try readRulebook(yaml: yaml, file: "england.yaml") == (try DefaultRulebook.rulebook()))
    }

    /// Whatever happens to the shipped file, the answer is a rulebook or an error with a line of it.
    @Test func damagedFiles() {
        var seed: UInt64 = 47
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let original = Array(DefaultRulebook.yaml.utf8)
        let noise = Array("&*[]{}:-?#!|>'\"%@`\n\t 0a".utf8)
        let lines = original.count { $0 == UInt8(ascii: "\n") } + 1
        for _ in 0..<200 {
            var bytes = original
            for _ in 0...random(3) {
                bytes[random(bytes.count)] = noise[random(noise.count)]
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let error = settingsError({ _ = try readRulebook(yaml: text, file: "england.yaml") }) else {
                continue
            }
            #expect(error.line >= 1 && error.line <= lines + 4, "\(error)")
        }
    }

    /// A rulebook as a whole file, in the shortest form.
    private func written(_ rulebook: Rulebook) -> String {
        let risks = rulebook.risks.map { "\($0.key.rawValue): \($0.value)" }.sorted().joined(separator: ", ")
        var text = """
            rulebook: "\(rulebook.name)"
            version: "\(rulebook.version)"
            jurisdiction: \(rulebook.jurisdiction)
            risks: {\(risks)}
            rules:

            """
        for rule in rulebook.rules { text += written(rule) }
        return text
    }

    private func written(_ rule: Rule) -> String {
        var lines = [
            "  - rule: \(rule.name)", "title: \"\(rule.title)\"", "shape: \(rule.shape.rawValue)", "on: \(rule.isOn)",
            "risk: \(rule.risk)", "day_count: \(rule.countsStartDay ? "inclusive" : "exclusive")",
        ]
        if !rule.stops.isEmpty { lines.append("stops: [\(rule.stops.map(\.name).joined(separator: ", "))]") }
        if rule.voidedByNFA { lines.append("voided_by_nfa: true") }
        if let step = rule.step {
            lines.append("step: \(step.name)")
            lines.append("first_starts_at: \(rule.firstStartsAtReferral ? "referral" : "own")")
        }
        if let days = rule.strictWithin { lines.append("strict_within: \(days) wd") }
        if let days = rule.childNotSeenAfter { lines.append("child_not_seen_after: \(days) wd") }
        if let day = rule.referralsFrom { lines.append("referrals_from: \(day)") }
        if let day = rule.referralsTo { lines.append("referrals_to: \(day)") }
        lines.append("editions:")
        return (lines + rule.editions.map(written)).joined(separator: "\n    ") + "\n"
    }

    private func written(_ edition: Edition) -> String {
        func inWords(_ limit: TimeLimit) -> String { "\(limit.count) \(limit.unit.rawValue)" }
        var parts = [
            "edition: \(edition.name)", "limit: \(edition.limit.map(inWords) ?? "none")",
            "basis: \(edition.basis.rawValue)", "source: \"\(edition.source)\"",
            "confidence: \(edition.confidence.rawValue)",
        ]
        if let day = edition.from { parts.append("from: \(day)") }
        if let day = edition.to { parts.append("to: \(day)") }
        if let expected = edition.expected { parts.append("expected: \(inWords(expected))") }
        if let note = edition.note { parts.append("note: \"\(note)\"") }
        return "  - {\(parts.joined(separator: ", "))}"
    }
}
