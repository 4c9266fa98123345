import Cards
import CaseEvents
import Clocks
import Exports
import Ledger
import Rules
import Settings
import WorkingCalendar

/// The head of the cards: what they were made from, and what they cannot say.
extension WeeklyJob {
    func header(_ run: PartialRun, _ context: CardContext, _ availability: Availability) -> CardHeader {
        let week = run.week
        let sources = zip(run.sources, run.digests).map { source, digest in
            CardHeader.Source(
                file: source.file, digest: digest, newestRecorded: source.newestRecorded, newestDate: source.newestDate)
        }
        let workingDays = (0..<Int32(7)).filter { context.clocks.calendar.isWorkingDay(week.monday.adding(days: $0)) }
        var header = CardHeader(
            week: week, asAt: run.asAt, knownAt: knownAt, workingDaysInWeek: workingDays.count,
            rulebook: "\(rulebook.name) \(rulebook.version), \(textDigest(rulebookMarkdown(rulebook)).prefix(12))",
            calendar:
                "\(closures.jurisdiction) \(closures.coverage.lowerBound) to \(closures.coverage.upperBound), "
                + textDigest(closuresText).prefix(12),
            structure: organisation.isEmpty ? "none" : isCurrentStructure ? "current" : "of each figure's date",
            sources: sources, completeFrom: completeFrom(run.sources),
            notAvailable: notAvailable(context, availability), notes: notes(context, run),
            rowsRead: run.sources.reduce(0) { $0 + $1.rowsRead },
            accepted: run.totals.accepted, duplicates: run.totals.duplicates,
            rejected: run.sources.reduce(0) { $0 + $1.rejectedCount },
            notYetKnown: run.sources.reduce(0) { $0 + $1.notYetKnown })
        header.ledger = kept?.state.head
        return header
    }

    /// The closures in order of date, with what was known when, for the calendar's hash.
    private var closuresText: String {
        closures.closures.sorted { $0.date < $1.date }.map { closure in
            let known = closure.knownFrom.map { "\($0)" } ?? ""
            return "\(closure.date),\(known),\(closure.withdrawnOn.map { "\($0)" } ?? "")\n"
        }.joined()
    }

    private func notAvailable(_ context: CardContext, _ availability: Availability) -> [String] {
        var sentences: [String] = []
        for (index, rule) in rulebook.rules.enumerated() where rule.isOn && !availability.rules[index] {
            let events = availability.missing(rule).map(\.name).joined(separator: " or ")
            sentences.append("\(rule.title) cannot be measured: this source has no \(events).")
        }
        for (event, what) in [
            (EventKind.caseAllocated, "Allocation"), (.childSeen, "Whether children were seen"),
            (.referralDecided, "Whether work was started"),
            (.managementDecisionRecorded, "Management oversight"), (.icpcArranged, "Whether a conference is booked"),
        ] where !context.carries(event) {
            sentences.append("\(what) cannot be measured: this source has no \(event.name).")
        }
        return sentences
    }

    private func notes(_ context: CardContext, _ run: PartialRun) -> [String] {
        let counts = run.counts
        var notes: [String] = []
        for note in run.sources.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
        for kind in StepKind.allCases {
            guard let authorised = kind.authorised, context.clocks.endsAtCompletion[Int(kind.rawValue)],
                counts[Int(kind.completed.rawValue)] > 0
            else { continue }
            notes.append(
                "No row has \(authorised.name): these assessments are taken to end when the worker completes them.")
        }
        if !context.clocks.shortTerm.isMarked {
            notes.append("No unit is marked for short-term work: every referral counts as short-term work.")
        }
        if completeFrom(run.sources) == nil {
            notes.append("The first complete day of the exports is not known; say it with --complete-from.")
        }
        if knownAt != nil, kept == nil {
            notes.append("Reconstructed from what was recorded by then, not as published.")
        }
        notes.append("Late entry can change these figures.")
        return notes
    }
}
