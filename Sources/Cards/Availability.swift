public import CaseEvents
import Clocks
public import Rules

/// What can be measured with the events that the sources of a run carry.
public struct Availability: Sendable {
    /// For each rule of the rulebook, whether its running clocks can be measured.
    public let rules: [Bool]
    /// For each rule, whether a stop of its clocks has a date that can be judged.
    ///
    /// Several formats say that a referral ended in no further action and not when, and none of those carries
    /// the event; where none carries the decision either, no stopped clock of the rule is in time or late.
    public let areStopsDated: [Bool]
    /// For each ``StepKind``, whether its sign-off can be measured.
    public let signOff: [Bool]
    private let carries: [Bool]

    /// Works out what is available, from whether some source carries each ``EventKind``.
    public init(_ rulebook: Rulebook, carries: [Bool]) {
        self.carries = carries
        signOff = StepKind.allCases.map { kind in
            kind.isAssessment && Self.missing(Rule.signOffEvidence(kind), carries).isEmpty
        }
        areStopsDated = rulebook.rules.map { rule in
            !rule.stops.contains(.referralNFA) || rule.stops.contains { carries[Int($0.rawValue)] }
        }
        let signOff = signOff
        rules = rulebook.rules.map { rule in
            rule.shape == .authorisation ? signOff.contains(true) : Self.missing(rule.evidence, carries).isEmpty
        }
    }

    /// The events a rule needs and no source carries; of alternatives, all of them.
    public func missing(_ rule: Rule) -> [EventKind] {
        Self.missing(evidence(rule), carries)
    }

    private func evidence(_ rule: Rule) -> [[EventKind]] {
        guard rule.shape == .authorisation else { return rule.evidence }
        return StepKind.allCases.filter(\.isAssessment).flatMap(Rule.signOffEvidence)
    }

    private static func missing(_ groups: [[EventKind]], _ carries: [Bool]) -> [EventKind] {
        groups.filter { group in !group.contains { carries[Int($0.rawValue)] } }.flatMap { $0 }
    }

    /// The events a measure or exception needs and no source carries.
    public func missing(_ dependent: Dependent) -> [EventKind] {
        dependent.needs.filter { !carries[Int($0.rawValue)] }
    }

    /// The events a rule needs that are carried and in no row of the run; `counts` has the rows of each.
    public func neverSeen(_ rule: Rule, counts: [Int]) -> [EventKind] {
        evidence(rule).flatMap { neverSeen($0, counts) }
    }

    /// The events a measure or exception needs that are carried and in no row of the run.
    public func neverSeen(_ dependent: Dependent, counts: [Int]) -> [EventKind] {
        dependent.needs.flatMap { neverSeen([$0], counts) }
    }

    /// Those of a group of alternatives; of the two ends of an assessment, one that is seen is enough.
    private func neverSeen(_ group: [EventKind], _ counts: [Int]) -> [EventKind] {
        let carried = group.filter { carries[Int($0.rawValue)] }
        let unseen = carried.filter { counts[Int($0.rawValue)] == 0 }
        let areEnds = group.contains { $0.step?.isAssessment == true }
        return areEnds && unseen.count < carried.count ? [] : unseen
    }

    /// The events that are carried, in no row of the run, and needed by a rule that is on, a measure or
    /// an exception.
    ///
    /// Each comes with the number of running clocks that it leaves open. `counts` has the rows of each
    /// ``EventKind``.
    public func neverSeen(
        _ rulebook: Rulebook, counts: [Int], totals: RunTotals
    ) -> [(event: EventKind, running: Int)] {
        var open: [EventKind: Int] = [:]
        for (index, rule) in rulebook.rules.enumerated() where rule.isOn {
            for (event, running) in unseen(rule, index, counts, totals) { open[event, default: 0] += running }
        }
        return open.sorted { $0.key.name < $1.key.name }.map { ($0.key, $0.value) }
    }

    /// The running clocks of one rule that each event in no row leaves open, every clock counted once.
    private func unseen(_ rule: Rule, _ index: Int, _ counts: [Int], _ totals: RunTotals) -> [EventKind: Int] {
        var open: [EventKind: Int] = [:]
        func note(_ events: [EventKind], _ running: Int) {
            guard running > 0 else { return }
            for event in events { open[event] = max(open[event] ?? 0, running) }
        }
        let running = totals.running[index]
        if rule.shape == .authorisation {
            for kind in StepKind.allCases where kind.isAssessment {
                let signOffs = totals.runningSignOffs[Int(kind.rawValue)]
                note(Rule.signOffEvidence(kind).flatMap { neverSeen($0, counts) }, signOffs)
            }
        } else {
            note(neverSeen(rule, counts: counts), running)
        }
        let isWatched = !rule.isStatistical && (rule.shape == .assessment || rule.shape == .conference)
        for dependent in Dependent.all {
            let own =
                switch dependent.clocks {
                case .all: running
                case .watched: isWatched ? running : 0
                case .conferences: rule.shape == .conference ? running : 0
                case .overdue: totals.overdue(rule: index)
                }
            note(neverSeen(dependent, counts: counts), own)
        }
        return open
    }
}

/// A measure or exception that needs events of its own, besides those of the rules.
public struct Dependent: Sendable {
    /// The name in `cards.csv` or `exceptions.csv`.
    public var name: String
    /// Every one of them is needed.
    public var needs: [EventKind]
    /// The running clocks that it asks about.
    var clocks: Clocks

    enum Clocks: Sendable {
        case all
        /// Those of S47s and assessments.
        case watched
        case conferences
        case overdue
    }

    /// All of them, in the order of the exceptions.
    public static let all = [
        Dependent(name: "child_not_seen", needs: [.childSeen], clocks: .watched),
        Dependent(name: "late_seen_20wd", needs: [.childSeen], clocks: .overdue),
        Dependent(name: "no_outcome", needs: [.s47Completed, .icpcNotRequired], clocks: .conferences),
        Dependent(name: "unallocated", needs: [.caseAllocated], clocks: .all),
        Dependent(name: "not_started", needs: [.referralDecided], clocks: .all),
        Dependent(name: "no_oversight", needs: [.managementDecisionRecorded], clocks: .overdue),
        Dependent(name: "late_overseen", needs: [.managementDecisionRecorded], clocks: .overdue),
        Dependent(name: "icpc_not_booked", needs: [.icpcArranged], clocks: .conferences),
    ]
}

extension CardContext {
    /// Whether the running clocks of a rule can be measured.
    func isAvailable(_ rule: Rule, _ index: Int) -> Bool { clocks.isAvailable[index] }
}
