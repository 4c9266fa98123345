import Cards
import CaseEvents
import Clocks
import Columnar
import Exports
import Rules
import WorkingCalendar

/// Says in words why a clock of a child started, ended and stands as it does.
struct ClockTeller {
    let sight: CaseSight
    let prepared: WeeklyJob.Prepared
    let closures: ClosureTable
    let everyDay: Bool

    private var file: CaseFile { sight.file }

    /// Everything there is to say about a clock.
    func explanation(_ clock: Clock) -> ClockExplanation {
        let context = prepared.context.clocks
        let rule = context.rulebook.rules[Int(clock.rule)]
        let edition = clock.edition < 0 ? nil : rule.editions[Int(clock.edition)]
        let names = prepared.read.store.names
        let unit = rule.unit(edition: Int(clock.edition))
        let referral = file.referrals[Int(clock.referral)]
        func date(_ day: CivilDate) -> String? { day == CaseFile.never ? nil : "\(day)" }
        func number(_ value: Int32) -> Int32? { value == Clock.absent ? nil : value }
        let counter = DayCount(
            unit: unit, countsStartDay: rule.countsStartDay, calendar: context.calendar, closures: closures,
            everyDay: everyDay)
        let end = clock.stop == CaseFile.never ? file.asAt : clock.stop
        let endIs = clock.stop == CaseFile.never ? "as at" : clock.verdict == .void ? "void" : "stopped"
        let isCounted = clock.start != CaseFile.never && clock.verdict != .unmeasurable
        return ClockExplanation(
            rule: rule.name, title: rule.title,
            referral: sight.ids.referrals.string(referral.id),
            referredOn: referral.received == CaseFile.never ? nil : "\(referral.received)",
            step: sight.ids.steps.string(clock.stepId), edition: edition?.name ?? "none",
            basis: (edition ?? rule.editions[0]).basis.rawValue,
            source: edition?.source ?? "no limit was in force on any of its dates",
            isVerified: edition?.confidence != .unverified, startedOn: date(clock.start),
            startedBecause: startReason(clock, rule), endedOn: date(clock.stop), endedBecause: endReason(clock, rule),
            unit: unit.rawValue, limit: number(clock.limit), expected: number(clock.expected),
            elapsed: number(clock.elapsed), dueOn: date(clock.due), daysOver: number(clock.daysOver),
            verdict: clock.verdict.name, verdictBecause: verdictReason(clock, unit),
            team: names.string(clock.holder.team), worker: names.string(clock.holder.worker),
            heldOn: "\(clock.holderDay)",
            days: isCounted
                ? counter.lines(
                    from: clock.start, to: end, endIs: endIs, due: clock.due == CaseFile.never ? nil : clock.due) : [])
    }

    // MARK: Start

    private func startReason(_ clock: Clock, _ rule: Rule) -> String {
        guard clock.start != CaseFile.never else { return "not known" }
        let isFromReferral =
            rule.shape == .assessment && rule.firstStartsAtReferral
            && clock.start == file.referrals[Int(clock.referral)].received
        if isFromReferral {
            let words = "the first of its kind in the referral runs from the referral"
            return [words, row([.referralReceived], on: clock.start, clock)].compactMap { $0 }.joined(separator: ", ")
        }
        let kinds: [EventKind]
        switch rule.shape {
        case .referral, .window, .shortTermWork: kinds = [.referralReceived]
        case .assessment: kinds = rule.step.map { [$0.started] } ?? []
        case .authorisation: kinds = StepKind.allCases.map(\.completed)
        case .conference, .childSeen: kinds = [.s47Started]
        case .afterConference: kinds = [.icpcHeld, .transferInConferenceHeld]
        case .laterReview: kinds = [.cpReviewHeld]
        case .transferIn: kinds = [.transferInNotified]
        }
        return row(kinds, on: clock.start, clock) ?? "by its rule"
    }

    // MARK: End

    private func endReason(_ clock: Clock, _ rule: Rule) -> String {
        if clock.verdict == .unmeasurable { return "not measured" }
        guard clock.stop != CaseFile.never else { return "still running on \(file.asAt)" }
        if clock.verdict == .void {
            guard case .event(let kind) = clock.reason else { return "void" }
            return "void: " + (row([kind], on: clock.stop, clock) ?? kind.name)
        }
        let kinds: [EventKind]
        switch rule.shape {
        case .referral, .afterConference: kinds = rule.stops
        case .assessment: kinds = rule.step.map { [end(of: $0)] } ?? []
        case .authorisation: kinds = StepKind.allCases.compactMap(\.authorised)
        case .conference: kinds = [.icpcHeld]
        case .childSeen: kinds = [.childSeen]
        case .laterReview: kinds = [.cpReviewHeld]
        case .transferIn: kinds = [.transferInConferenceHeld]
        case .window:
            kinds = [end(of: .initialAssessment), .s47Completed]
        case .shortTermWork: kinds = [.caseClosed, .caseTransferred]
        }
        if let row = row(kinds, on: clock.stop, clock) { return row }
        return rule.shape == .shortTermWork ? "passed to a unit that does no short-term work" : "by its rule"
    }

    /// The event that ends a step of a kind in this run.
    private func end(of kind: StepKind) -> EventKind {
        file.endsAtCompletion(kind) ? kind.completed : kind.authorised ?? kind.completed
    }

    /// The row of a day that has one of the events, in words: of the clock's step, else of its referral, else any.
    private func row(_ kinds: [EventKind], on day: CivilDate, _ clock: Clock) -> String? {
        func rank(_ index: Int) -> Int {
            if clock.step >= 0, file.stepOfRow[index] == clock.step { return 0 }
            return file.referralOfRow[index] == clock.referral ? 1 : 2
        }
        let fitting = file.rows.indices.filter { file.rows[$0].day == day && kinds.contains(file.rows[$0].kind) }
        guard let index = fitting.min(by: { rank($0) < rank($1) }) else { return nil }
        let line = CardsCommands.place(of: file.rows[index], prepared)
        return "\(file.rows[index].kind.name) (\(line.contains(":") ? "" : "line ")\(line))"
    }

    // MARK: Verdict

    private func verdictReason(_ clock: Clock, _ unit: TimeUnit) -> String {
        let passed = "\(clock.elapsed) \(unit.rawValue)"
        switch clock.verdict {
        case .inTime: return "\(passed) is within \(clock.limit)"
        case .late: return "\(passed) is \(clock.elapsed - clock.limit) over \(clock.limit)"
        case .overdue: return "running, and \(passed) is \(clock.elapsed - clock.limit) over \(clock.limit)"
        case .atLimit: return "running, and \(passed) is the limit; the next counted day makes it overdue"
        case .dueSoon: return "running, with \(clock.limit - clock.elapsed) \(unit.rawValue) left"
        case .beyondExpected: return "running, past the \(clock.expected) expected and within \(clock.limit)"
        case .open: return "running, with \(clock.limit - clock.elapsed) \(unit.rawValue) left"
        case .stopped: return "stopped; without a limit it is not judged"
        case .running: return "running; without a limit it is not judged"
        case .void: return "ended before it had to stop; not judged"
        case .unmeasurable:
            if case .finding(let code) = clock.reason { return code.message }
            let rule = prepared.context.clocks.rulebook.rules[Int(clock.rule)]
            let missing = prepared.availability.missing(rule).map(\.name).joined(separator: " or ")
            return "no source of this run carries \(missing)"
        }
    }
}
