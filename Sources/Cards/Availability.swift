public import CaseEvents
import Clocks
public import Rules

/// What can be measured with the events that the sources of a run carry.
public struct Availability: Sendable {
    /// For each rule of the rulebook, whether its running clocks can be measured.
    public let rules: [Bool]
    /// For each ``StepKind``, whether its sign-off can be measured.
    public let signOff: [Bool]
    private let carries: [Bool]

    /// Works out what is available, from whether some source carries each ``EventKind``.
    public init(_ rulebook: Rulebook, carries: [Bool]) {
        self.carries = carries
        signOff = StepKind.allCases.map { kind in
            kind.isAssessment && Self.missing(Rule.signOffEvidence(kind), carries).isEmpty
        }
        let signOff = signOff
        rules = rulebook.rules.map { rule in
            rule.shape == .authorisation ? signOff.contains(true) : Self.missing(rule.evidence, carries).isEmpty
        }
    }

    /// The events a rule needs and no source carries; of alternatives, all of them.
    public func missing(_ rule: Rule) -> [EventKind] {
        guard rule.shape == .authorisation else { return Self.missing(rule.evidence, carries) }
        return StepKind.allCases.filter(\.isAssessment).flatMap { Self.missing(Rule.signOffEvidence($0), carries) }
    }

    private static func missing(_ groups: [[EventKind]], _ carries: [Bool]) -> [EventKind] {
        groups.filter { group in !group.contains { carries[Int($0.rawValue)] } }.flatMap { $0 }
    }

    /// The events that are carried, needed by a rule that is on, and in no row of the run.
    ///
    /// Each comes with the number of running clocks that it leaves open. `counts` has the rows of each
    /// ``EventKind``; `running` the running clocks of each rule, `runningSignOffs` those of sign-offs
    /// by kind of step.
    public func neverSeen(
        _ rulebook: Rulebook, counts: [Int], running: [Int], runningSignOffs: [Int]
    ) -> [(event: EventKind, running: Int)] {
        var open: [EventKind: Int] = [:]
        func note(_ groups: [[EventKind]], _ running: Int) {
            guard running > 0 else { return }
            for group in groups {
                let carried = group.filter { carries[Int($0.rawValue)] }
                // Of the two ends of an assessment, one that is seen is enough.
                let isSeen = carried.contains { $0.step?.isAssessment == true && counts[Int($0.rawValue)] > 0 }
                for event in carried where !isSeen && counts[Int(event.rawValue)] == 0 {
                    open[event, default: 0] += running
                }
            }
        }
        for (index, rule) in rulebook.rules.enumerated() where rule.isOn {
            guard rule.shape == .authorisation else {
                note(rule.evidence, running[index])
                continue
            }
            for kind in StepKind.allCases where kind.isAssessment {
                note(Rule.signOffEvidence(kind), runningSignOffs[Int(kind.rawValue)])
            }
        }
        return open.sorted { $0.key.name < $1.key.name }.map { ($0.key, $0.value) }
    }
}

extension CardContext {
    /// Whether the running clocks of a rule can be measured.
    func isAvailable(_ rule: Rule, _ index: Int) -> Bool { clocks.isAvailable[index] }
}
