import Cards
import CaseEvents
import Clocks
import Rules
import WorkingCalendar

/// A measure of the card that is about referrals or their rows, and what it is made of.
///
/// As with ``ClockMeasure``, the definitions are those of the cards, written once more.
struct ReferralMeasure: Sendable {
    /// A child with everything a measure may ask about.
    struct Sight: Sendable {
        var file: CaseFile
        var clocks: ContiguousArray<Clock>
        var week: ReportedWeek
        var context: CardContext
    }

    /// What the lines are about.
    enum Subject: Sendable {
        /// Whether a referral, by its place in the file, is in the measure; for a share, in its whole.
        case referrals(isAbout: @Sendable (Sight, Int32) -> Bool)
        /// Whether a row that says when it was recorded is in the measure.
        case rows(isAbout: @Sendable (Sight, CaseRow) -> Bool)
    }

    var name: String
    var sum: FigureSum = .children
    var subject: Subject
    /// For a share, whether the referral is in the part.
    var isPart: @Sendable (Sight, Int32) -> Bool = { _, _ in true }
    /// The event without which it is not available, where there is one.
    var needs: EventKind?
    /// Whether it is not available without twelve covered months before the week.
    var needsYear = false

    /// The measures of the card that belong to no rule, findings left aside.
    static let all: [ReferralMeasure] = [
        ReferralMeasure(
            name: "unallocated", subject: .referrals { $0.isRunning($1) && !$0.has(.caseAllocated, $1) },
            needs: .caseAllocated),
        ReferralMeasure(name: "child_not_seen", subject: .referrals { $0.isUnseen($1) }, needs: .childSeen),
        ReferralMeasure(name: "not_started", subject: .referrals { $0.isNotStarted($1) }, needs: .referralDecided),
        ReferralMeasure(
            name: "re_referrals", sum: .share,
            subject: .referrals { $0.week.contains($0.file.referrals[Int($1)].received) },
            isPart: { $0.isAgain($1) }, needsYear: true),
        ReferralMeasure(name: "recording_lag_median", sum: .rank(50), subject: .rows { $0.week.contains($1.day) }),
        ReferralMeasure(
            name: "recorded_late", sum: .count, subject: .rows { $0.week.contains($1.day) && $0.isLate($1) }),
    ]
}

extension ReferralMeasure.Sight {
    private var calendar: WorkingCalendar { context.clocks.calendar }

    fileprivate func isRunning(_ referral: Int32) -> Bool {
        clocks.contains { $0.referral == referral && $0.verdict.isRunning }
    }

    fileprivate func has(_ kind: EventKind, _ referral: Int32) -> Bool {
        file.rows(of: referral).contains { $0.kind == kind }
    }

    /// Whether an S47 or assessment of the referral runs and the child was not seen since its clock began.
    fileprivate func isUnseen(_ referral: Int32) -> Bool {
        clocks.contains { clock in
            let rule = context.clocks.rulebook.rules[Int(clock.rule)]
            guard clock.referral == referral, clock.verdict.isRunning, !rule.isStatistical,
                rule.shape == .assessment || rule.shape == .conference
            else { return false }
            return file.lastSeen.map { $0 < clock.start } ?? true
        }
    }

    /// Whether the referral was decided some time ago, is open, and has no assessment and no S47.
    fileprivate func isNotStarted(_ place: Int32) -> Bool {
        let referral = file.referrals[Int(place)]
        guard referral.isOpen, !referral.isNameless, referral.date <= file.asAt, has(.referralDecided, place),
            let age = calendar.elapsed(from: referral.date, to: file.asAt)
        else { return false }
        return age > context.clocks.rulebook.thresholds.notStartedAfter
            && !file.steps.contains { $0.referral == place }
    }

    /// Whether an earlier referral of the child lies in the twelve months before and had ended by then.
    fileprivate func isAgain(_ place: Int32) -> Bool {
        let day = file.referrals[Int(place)].received
        return file.referrals.contains { earlier in
            earlier.date < day && earlier.date.adding(months: 12) >= day
                && (earlier.closed <= day || earlier.nfa <= day)
        }
    }

    fileprivate func isLate(_ row: CaseRow) -> Bool {
        let recorded = min(row.recordedOn, calendar.coverage.upperBound)
        return calendar.elapsed(from: row.day, to: recorded).map { $0 > 5 } ?? false
    }
}
