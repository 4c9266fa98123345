import Cards
import CaseEvents
import Clocks
import Rules
import WorkingCalendar

/// A measure that is made of clocks: which of them it is about, and how they add up.
///
/// The definitions are those of the cards, written once more and apart from them, so that the list
/// behind a figure is evidence for it.
struct ClockMeasure: Sendable {
    /// A clock with everything a measure may ask about.
    struct Sight: Sendable {
        var clock: Clock
        var rule: Rule
        var file: CaseFile
        var week: ReportedWeek
        var context: CardContext
    }

    var name: String
    var sum: FigureSum = .count
    /// Whether the measure is about a clock; for a share, whether it is in the whole.
    var isAbout: @Sendable (Sight) -> Bool
    /// For a share, whether the clock is in the part.
    var isPart: @Sendable (Sight) -> Bool = { _ in true }
    /// What is added up, ranked or compared.
    var amount: @Sendable (Sight) -> Int32 = { $0.clock.elapsed }
    /// The event without which it is not available, where there is one.
    var needs: EventKind?
    /// Whether it is not available where its rule is not.
    var needsRule = false
    /// Whether a clock is in the measure only where its signature is one of a batch.
    var isOfBatches = false
}

extension ClockMeasure.Sight {
    fileprivate var hasLimit: Bool { clock.limit != Clock.absent }
    fileprivate var hasExpected: Bool { hasLimit && clock.expected != Clock.absent }
    fileprivate var isMeasured: Bool { clock.verdict != .unmeasurable }
    fileprivate var stoppedInWeek: Bool { clock.verdict.isStopped && week.contains(clock.stop) }
    fileprivate var voidedInWeek: Bool { clock.verdict == .void && week.contains(clock.stop) }
    fileprivate var fellDueInWeek: Bool {
        isMeasured && clock.verdict != .void && clock.due != CaseFile.never && week.contains(clock.due)
    }
    fileprivate var isOverdue: Bool { clock.verdict == .overdue }
    fileprivate var daysOver: Int32 { clock.elapsed - clock.limit }

    /// The events behind a void, by the name of its measure.
    fileprivate func isVoided(by cause: String) -> Bool {
        guard voidedInWeek, case .event(let kind) = clock.reason else { return false }
        let own =
            switch kind {
            case .caseClosed: "closed"
            case .referralNFA: "nfa"
            case .icpcNotRequired: "not_required"
            case .cpPlanEnded: "plan_ended"
            default: kind.verb == .returned ? "returned" : "cancelled"
            }
        return own == cause
    }

    fileprivate var isPastLimitWhenVoided: Bool {
        guard hasLimit, let elapsed = ClockEvaluator(context.clocks).elapsed(clock, to: clock.stop) else {
            return false
        }
        return elapsed > clock.limit
    }

    /// The place of the band that holds the elapsed days.
    fileprivate var band: Int? { Bands.of(rule.shape).map { Bands.index(clock.elapsed, $0) } }

    /// How often the assessment was returned in the week.
    fileprivate var returns: Int32 {
        Int32(file.rows(ofStep: Int(clock.step)).count { $0.kind.verb == .returned && week.contains($0.day) })
    }

    /// Whether the clock was stopped by an authorisation, not by a completion that stands for one.
    fileprivate var isSigned: Bool {
        guard let kind = rule.step, stoppedInWeek, hasLimit else { return false }
        return !file.endsAtCompletion(kind)
    }

    fileprivate var isSignedSameDay: Bool {
        let verbs = file.rows(ofStep: Int(clock.step)).filter { $0.day == clock.stop }.map(\.kind.verb)
        return verbs.contains(.completed) && verbs.contains(.authorised)
    }

    /// Who authorised the assessment on the day it stopped.
    var signature: Signature? {
        let row = file.rows(ofStep: Int(clock.step)).first { $0.kind.verb == .authorised && $0.day == clock.stop }
        return row.flatMap(Signature.init)
    }

    /// Whether the verdict is another one where the clock starts on the stricter basis: at the earliest
    /// S47 start or authorised initial assessment of its referral, so many working days before at most.
    fileprivate var changesOnStricterBasis: Bool {
        guard let within = rule.strictWithin, stoppedInWeek || clock.verdict.isRunning else { return false }
        var days: [CivilDate] = []
        let isByCompletion = file.endsAtCompletion(.initialAssessment)
        for row in file.rows(of: clock.referral) {
            let isAuthorised = row.kind == .initialAssessmentAuthorised && !isByCompletion
            if row.kind == .s47Started || isAuthorised { days.append(row.day) }
        }
        for (place, step) in file.steps.enumerated() where isByCompletion && step.referral == clock.referral {
            guard step.kind == .initialAssessment else { continue }
            days.append(file.end(ofStep: place, from: CivilDate(daysSinceEpoch: .min)))
        }
        let start = days.filter { day in
            guard day < clock.start else { return false }
            return context.clocks.calendar.elapsed(from: day, to: clock.start).map { $0 <= within } ?? false
        }.min()
        guard let start else { return false }
        return ClockEvaluator(context.clocks).verdict(of: clock, startedOn: start, in: file) != clock.verdict
    }

    fileprivate var isSeenLately: Bool {
        guard let seen = file.lastSeen,
            let since = context.clocks.calendar.elapsed(from: seen, to: file.asAt)
        else { return false }
        return since <= 20
    }
}

extension ClockMeasure {
    /// The measures that are made of clocks, for one rule.
    static func all(for rule: Rule) -> [ClockMeasure] {
        var measures = flow + voids + stock
        if let ends = Bands.of(rule.shape) {
            for (place, band) in Bands.names(ends).enumerated() {
                measures.append(
                    ClockMeasure(name: "stopped_band_\(band)") { $0.stoppedInWeek && $0.band == place })
                measures.append(
                    ClockMeasure(name: "running_band_\(band)") { $0.clock.verdict.isRunning && $0.band == place })
            }
        }
        if rule.shape == .assessment { measures += signatures }
        return measures
    }

    private static let signatures: [ClockMeasure] = [
        ClockMeasure(name: "awaiting_authorisation") {
            $0.clock.verdict.isRunning && $0.file.awaitsAuthorisation(step: Int($0.clock.step))
        },
        ClockMeasure(
            name: "signed_same_day", sum: .share, isAbout: { $0.isSigned }, isPart: { $0.isSignedSameDay }),
        ClockMeasure(
            name: "signed_in_batch", isAbout: { $0.stoppedInWeek && $0.signature != nil }, isOfBatches: true),
        ClockMeasure(
            name: "returned_for_rework", sum: .total, isAbout: { $0.returns > 0 }, amount: { $0.returns }),
    ]

    private static let flow: [ClockMeasure] = [
        ClockMeasure(name: "started") { $0.isMeasured && $0.week.contains($0.clock.start) },
        ClockMeasure(name: "stopped") { $0.stoppedInWeek },
        ClockMeasure(
            name: "in_time", sum: .share, isAbout: { $0.stoppedInWeek && $0.hasLimit },
            isPart: { $0.clock.elapsed <= $0.clock.limit }),
        ClockMeasure(name: "due_cohort", isAbout: { $0.fellDueInWeek }, needsRule: true),
        ClockMeasure(
            name: "met", sum: .share, isAbout: { $0.fellDueInWeek }, isPart: { $0.clock.verdict == .inTime },
            needsRule: true),
        ClockMeasure(
            name: "missed", sum: .share, isAbout: { $0.fellDueInWeek }, isPart: { $0.clock.verdict != .inTime },
            needsRule: true),
        ClockMeasure(
            name: "within_expected", sum: .share, isAbout: { $0.stoppedInWeek && $0.hasExpected },
            isPart: { $0.clock.elapsed <= $0.clock.expected }),
        ClockMeasure(
            name: "deadline_share", sum: .share,
            isAbout: { $0.stoppedInWeek && $0.hasLimit && $0.clock.limit >= 35 },
            isPart: { $0.clock.elapsed > $0.clock.limit - 5 && $0.clock.elapsed <= $0.clock.limit }),
        ClockMeasure(name: "elapsed_p25", sum: .rank(25), isAbout: { $0.stoppedInWeek }),
        ClockMeasure(name: "elapsed_median", sum: .rank(50), isAbout: { $0.stoppedInWeek }),
        ClockMeasure(name: "elapsed_p75", sum: .rank(75), isAbout: { $0.stoppedInWeek }),
        ClockMeasure(name: "elapsed_p90", sum: .rank(90), isAbout: { $0.stoppedInWeek }),
        ClockMeasure(
            name: "late_mean_over", sum: .mean, isAbout: { $0.stoppedInWeek && $0.clock.verdict == .late },
            amount: { $0.daysOver }),
    ]

    private static let voids: [ClockMeasure] =
        [
            ClockMeasure(name: "voided") { $0.voidedInWeek },
            ClockMeasure(name: "voided_after_due") { $0.voidedInWeek && $0.isPastLimitWhenVoided },
        ]
        + ["closed", "cancelled", "not_required", "nfa", "returned", "plan_ended"].map { cause in
            ClockMeasure(name: "voided_\(cause)") { $0.isVoided(by: cause) }
        }

    private static let stock: [ClockMeasure] = [
        ClockMeasure(name: "running", isAbout: { $0.clock.verdict.isRunning }, needsRule: true),
        ClockMeasure(name: "running_not_due") { $0.clock.verdict == .open || $0.clock.verdict == .beyondExpected },
        ClockMeasure(name: "running_due_soon") { $0.clock.verdict == .dueSoon },
        ClockMeasure(name: "running_at_limit") { $0.clock.verdict == .atLimit },
        ClockMeasure(name: "running_over_1_5") { $0.isOverdue && 1...5 ~= $0.daysOver },
        ClockMeasure(name: "running_over_6_20") { $0.isOverdue && 6...20 ~= $0.daysOver },
        ClockMeasure(name: "running_over_21") { $0.isOverdue && $0.daysOver >= 21 },
        ClockMeasure(name: "overdue", isAbout: { $0.isOverdue }, needsRule: true),
        ClockMeasure(name: "total_days_over", sum: .total, isAbout: { $0.isOverdue }, amount: { $0.daysOver }),
        ClockMeasure(name: "oldest", sum: .greatest, isAbout: { $0.clock.verdict.isRunning }),
        ClockMeasure(name: "past_expected") {
            $0.clock.verdict.isRunning && $0.hasExpected && $0.clock.elapsed > $0.clock.expected
        },
        ClockMeasure(
            name: "late_overseen", sum: .share, isAbout: { $0.isOverdue },
            isPart: { $0.file.hasDecision(referral: $0.clock.referral, onOrAfter: $0.clock.due) },
            needs: .managementDecisionRecorded),
        ClockMeasure(
            name: "late_seen_20wd", sum: .share, isAbout: { $0.isOverdue }, isPart: { $0.isSeenLately },
            needs: .childSeen),
        ClockMeasure(name: "basis_sensitivity") { $0.isMeasured && $0.changesOnStricterBasis },
        ClockMeasure(name: "excluded") {
            !$0.isMeasured && $0.clock.reason != .noEvidence && $0.file.referrals[Int($0.clock.referral)].isOpen
        },
    ]
}
