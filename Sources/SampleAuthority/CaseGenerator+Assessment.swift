extension CaseGenerator {
    /// Adds the first assessment, and the core assessment or a second one where there is one.
    mutating func addAssessments(_ life: inout Life) {
        let received = life.plan.received
        if received >= Self.singleFrom {
            let days = life.ownsItsTime ? assessmentDays(1, on: received) : life.plan.assessmentDays
            let delay = random.below(10) < 6 ? 0 : random.within(1...3)
            let started = max(after(received, delay), life.plan.decided)
            addAssessment(.single, from: started, days: days, counting: started, &life)
            // The assessed child is assessed anew now and then.
            if !life.isCancelled, !life.plan.isNotInNeed, random.chance(30) {
                let again = after(life.assessed, random.within(10...60))
                addAssessment(.single, from: again, days: assessmentDays(1, on: again), counting: again, &life)
            }
            return
        }
        let days = life.ownsItsTime ? initialDays(1, on: received) : life.plan.initialDays
        let started = min(max(after(received, random.below(3)), life.plan.decided), after(received, days))
        addAssessment(.initial, from: started, days: days, counting: received, &life)
        guard life.plan.isCore, !life.isCancelled else { return }
        let coreDays = life.ownsItsTime ? coreDays(1, on: received) : life.plan.coreDays
        var core = after(life.assessed, random.below(10) < 5 ? 0 : random.within(1...4))
        if life.plan.hasS47, life.plan.s47Start < core { core = max(life.plan.s47Start, started) }
        addAssessment(.core, from: core, days: coreDays, counting: core, &life)
    }

    /// Adds one assessment, authorised `days` working days after the day it is counted from.
    private mutating func addAssessment(
        _ kind: AssessmentKind, from started: Int32, days: Int, counting: Int32, _ life: inout Life
    ) {
        let step = nextStep()
        add(kind.started, started, step: step)
        addVisits(kind.started == .coreAssessmentStarted ? 9 : life.plan.visitDelay, from: started, days: days)
        if random.chance(12) {
            let cancelled = after(started, random.within(1...12))
            add(kind.cancelled, cancelled, step: step)
            life.isCancelled = true
            life.assessed = max(life.assessed, cancelled)
            life.lastEnd = max(life.lastEnd, cancelled)
            return
        }
        let authorised = max(after(counting, days), started)
        let completed = max(after(counting, max(0, days - signOffDelay())), started)
        if random.chance(60), completed < authorised {
            // Handed in, sent back the same day or soon after, and handed in again.
            add(kind.completed, completed, step: step)
            let returned = min(after(completed, random.within(0...3)), authorised)
            add(kind.returned, returned, step: step)
            add(kind.completed, authorised, step: step)
        } else {
            add(kind.completed, completed, step: step)
        }
        let isCore = kind.started == .initialAssessmentStarted && life.plan.isCore
        let outcome: Outcome = life.plan.isNotInNeed ? .notInNeed : isCore ? .furtherAssessment : .support
        add(kind.authorised, authorised, step: step, outcome: outcome)
        addOversight(started, authorised, days: days, limit: limit(of: kind, counting))
        life.assessed = max(life.assessed, authorised)
        life.lastEnd = max(life.lastEnd, authorised)
    }

    private func limit(of kind: AssessmentKind, _ day: Int32) -> Int {
        switch kind.started {
        case .initialAssessmentStarted: day < Self.tenDaysFrom ? 7 : 10
        case .coreAssessmentStarted: 35
        default: 45
        }
    }

    /// Working days from the worker's completion to the manager's authorisation.
    private mutating func signOffDelay() -> Int {
        switch random.below(100) {
        case ..<42: 0
        case ..<68: 1
        case ..<90: random.within(2...5)
        default: random.within(6...12)
        }
    }

    /// The child seen soon after the start, then every two to four weeks.
    private mutating func addVisits(_ delay: Int, from started: Int32, days: Int) {
        var elapsed = min(delay, max(1, days))
        while elapsed <= max(1, days) {
            add(.childSeen, after(started, elapsed))
            elapsed += random.within(15...24)
        }
    }

    /// A manager's decision in some cases, and in two of three that are late.
    private mutating func addOversight(_ started: Int32, _ ended: Int32, days: Int, limit: Int) {
        if days > 5, random.chance(200) {
            add(.managementDecisionRecorded, after(started, random.within(2...days - 1)))
        }
        if days > limit + 2, random.chance(650) {
            let day = after(started, limit + random.within(1...3))
            if day <= ended { add(.managementDecisionRecorded, day) }
        }
    }

    /// Adds what comes after the assessments, and returns the day of the closure.
    mutating func addEnding(_ life: inout Life) -> Int32 {
        let ended = max(life.lastEnd, life.assessed)
        if life.hasPlan, let conference = life.conference { return addProtection(conference, ended) }
        let allocated = life.plan.allocated
        if life.isCancelled || life.plan.isNotInNeed {
            let outcome: Outcome = life.plan.isNotInNeed && !life.isCancelled ? .notInNeed : .caseClosed
            return close(after(ended, random.within(0...6)), from: allocated, outcome: outcome)
        }
        if life.plan.isTransferred {
            transfer(on: after(ended, random.within(1...12)))
            let closed = ended + Int32(random.within(40...150))
            addLongTermVisits(from: ended, to: closed)
            return close(closed, from: allocated, outcome: .caseClosed)
        }
        // Short-term help; a case drifts on now and then without anybody writing anything.
        let isDrifting = random.chance(35)
        let usual = random.chance(450) ? random.within(0...8) : random.within(9...30)
        let length = isDrifting ? random.within(30...60) : usual
        let closed = after(ended, length)
        if !isDrifting, length > 12 { add(.childSeen, after(ended, random.within(6...12))) }
        return close(closed, from: allocated, outcome: random.chance(40) ? .transferredOut : .caseClosed)
    }

    /// Hands the case to a long-term unit.
    mutating func transfer(on day: Int32) {
        let line = organisation.assessmentLines + file.first.line % organisation.longTermLines
        file.transferred = (day, CaseFile.Holder(line: line, post: random.within(1...3)))
    }

    /// The child seen about once a month in long-term work.
    func longTermGap(_ random: inout SeededRandom) -> Int { random.within(15...26) }

    /// Visits from one day to another, about monthly, and a decision now and then.
    mutating func addLongTermVisits(from start: Int32, to end: Int32) {
        let last = min(end, lastDay)
        var day = after(start, longTermGap(&random))
        while day < last {
            add(.childSeen, day)
            if random.chance(90) { add(.managementDecisionRecorded, day) }
            day = after(day, longTermGap(&random))
        }
    }
}
