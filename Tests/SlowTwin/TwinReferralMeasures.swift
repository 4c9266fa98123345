import WorkingCalendar

/// The measures of children, referrals and rows; their rule is `referral`, their owner the referral's holder.
extension TwinWorld {
    func addReferralMeasures(_ clocks: [TwinClock], _ rowFindings: [TwinFinding], _ sheet: inout TwinCardSheet) {
        if isAvailable(measure: "unallocated") {
            count(referrals.indices.filter { isUnallocated($0, clocks) }, "unallocated", &sheet)
        }
        if isAvailable(measure: "child_not_seen") {
            count(referrals.indices.filter { hasUnseenChild($0, clocks) }, "child_not_seen", &sheet)
        }
        if isAvailable(measure: "not_started") {
            count(referrals.indices.filter { isNotStarted($0) }, "not_started", &sheet)
        }
        if isAvailable(measure: "re_referrals", sheet) { addReReferrals(&sheet) }
        addRecordingLag(&sheet)
        addFindings(rowFindings, &sheet)
    }

    private func isAvailable(measure: String, _ sheet: TwinCardSheet? = nil) -> Bool {
        switch measure {
        case "unallocated": return context.carries("case_allocated")
        case "child_not_seen", "late_seen_20wd": return context.carries("child_seen")
        case "not_started": return context.carries("referral_decided")
        case "late_overseen": return context.carries("management_decision_recorded")
        default:
            // "Re-referrals need 12 months" of coverage.
            guard let sheet else { return true }
            // The earliest date of the exports stands in for a first complete day that nobody stated.
            let earliest = context.reading.kept.map(\.date).min() ?? context.run.asAt
            let complete = context.run.completeFrom ?? earliest
            return complete <= sheet.weekEnding.plus(-6).plusMonths(-12)
        }
    }

    /// One `:` for each level and name that has a card.
    func addNotAvailable(_ sheet: inout TwinCardSheet) {
        for rule in context.rules {
            if !context.isAvailable(rule.name) {
                for measure in ["running", "overdue", "due_cohort", "met", "missed"] {
                    sheet.addNotAvailable(rule.name, measure)
                }
            }
            for measure in ["late_overseen", "late_seen_20wd"] where !isAvailable(measure: measure) {
                sheet.addNotAvailable(rule.name, measure)
            }
        }
        for measure in ["unallocated", "child_not_seen", "not_started", "re_referrals"]
        where !isAvailable(measure: measure, sheet) {
            sheet.addNotAvailable("referral", measure)
        }
    }

    /// "A child counts once in each unit, team, Group Manager, service and in the authority".
    private func count(_ found: [Int], _ measure: String, _ sheet: inout TwinCardSheet) {
        var children: [TwinCardName: Set<String>] = [:]
        for referral in found {
            for card in cardNames(holder(referral, on: day), on: day) {
                children[card, default: []].insert(referrals[referral].child)
            }
        }
        for (card, names) in children { sheet.add(card, "referral", measure, names.count) }
    }

    func isUnallocated(_ referral: Int, _ clocks: [TwinClock]) -> Bool {
        clocks.contains { $0.referral == referral && $0.isRunning }
            && events("case_allocated", inReferral: referral).isEmpty
    }

    private func hasUnseenChild(_ referral: Int, _ clocks: [TwinClock]) -> Bool {
        clocks.contains { clock in
            clock.referral == referral && clock.isRunning && isSeenRule(clock.rule.name) && isUnseen(clock)
        }
    }

    /// The rules on whose own clock `child_not_seen` stands.
    func isSeenRule(_ rule: String) -> Bool {
        ["s47_to_icpc", "initial_assessment", "core_assessment", "assessment"].contains(rule)
    }

    /// No `child_seen` since the clock started.
    func isUnseen(_ clock: TwinClock) -> Bool {
        guard let start = clock.start else { return false }
        return !seen(clock.child).contains { $0 >= start }
    }

    /// "Referral decided, not NFA, not closed, more than 3 wd old and no assessment or S47 started".
    func isNotStarted(_ referral: Int) -> Bool {
        guard let date = referrals[referral].date, isOpen(referral) else { return false }
        return !events("referral_decided", inReferral: referral).isEmpty && context.calendar.elapsed(date, day) > 3
            && !steps.contains { $0.referral == referral && $0.kind != "cp_plan" }
    }

    private func isInWeek(_ date: CivilDate, _ sheet: TwinCardSheet) -> Bool {
        sheet.weekEnding.plus(-6) <= date && date <= sheet.weekEnding && date <= day
    }

    /// Reading 33: "an earlier date, at most 12 months before, with a closure or NFA on or before the new date".
    private func addReReferrals(_ sheet: inout TwinCardSheet) {
        var totals: [TwinCardName: (again: Int, all: Int)] = [:]
        for referral in referrals.indices where referrals[referral].received {
            guard let date = referrals[referral].date, isInWeek(date, sheet) else { continue }
            let again = referralIndexes(ofChild: referrals[referral].child).contains { other in
                guard let earlier = referrals[other].date, earlier < date, earlier.plusMonths(12) >= date else {
                    return false
                }
                return referrals[other].rows.contains {
                    ["case_closed", "referral_nfa"].contains(rows[$0].event) && rows[$0].date <= date
                }
            }
            for card in cardNames(holder(referral, on: day), on: day) {
                totals[card, default: (0, 0)].all += 1
                if again { totals[card, default: (0, 0)].again += 1 }
            }
        }
        for (card, total) in totals { sheet.add(card, "referral", "re_referrals", total.again, of: total.all) }
    }

    /// The unit a row's figure stands under: its referral's holder, else its own team.
    private func owner(ofRow row: Int) -> String {
        guard let referral = referralOf[row], !referrals[referral].isGroup else { return rows[row].team }
        return holder(referral, on: day)
    }

    private func addRecordingLag(_ sheet: inout TwinCardSheet) {
        var lags: [TwinCardName: [Int]] = [:]
        var late: [TwinCardName: Int] = [:]
        for row in rows.indices {
            guard rows[row].event != "icpc_arranged", let recorded = rows[row].recorded, isInWeek(date(row), sheet)
            else { continue }
            let lag = max(0, date(row).days(to: recorded))
            // Which of the days past the calendar are working days is not known, so none of them counts.
            let counted = min(recorded, context.calendar.to)
            for card in cardNames(owner(ofRow: row), on: day) {
                lags[card, default: []].append(lag)
                if context.calendar.elapsed(date(row), counted) > 5 { late[card, default: 0] += 1 }
            }
        }
        for (card, values) in lags { sheet.add(card, "referral", "recording_lag_median", quantile(50, of: values)) }
        for (card, count) in late { sheet.add(card, "referral", "recorded_late", count) }
    }

    /// A finding stands under its row's referral's holder, else under its own row's team.
    private func owner(of finding: TwinFinding, row: Int?) -> String {
        guard let row, let referral = referralOf[row], !referrals[referral].isGroup else { return finding.team }
        return holder(referral, on: day)
    }

    private func addFindings(_ found: [TwinFinding], _ sheet: inout TwinCardSheet) {
        var rowOfId: [Int: Int] = [:]
        for row in rows.indices { rowOfId[rows[row].id] = row }
        var counts: [TwinCardName: [String: Int]] = [:]
        for finding in found {
            guard let date = finding.date, isInWeek(date, sheet) else { continue }
            let row = finding.row.flatMap { rowOfId[$0] }
            let owner = owner(of: finding, row: row)
            for card in cardNames(owner, on: day) { counts[card, default: [:]][finding.code, default: 0] += 1 }
        }
        for (card, codes) in counts {
            for (code, count) in codes { sheet.add(card, "referral", "finding_\(code)", count) }
        }
    }
}
