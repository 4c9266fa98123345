extension CaseGenerator {
    /// What siblings share in one referral: their days are the same unless one child's work took its own time.
    struct Plan {
        var received: Int32 = 0
        var decided: Int32 = 0
        var allocated: Int32 = 0
        var isAssessed = false
        var isCore = false
        var isNotInNeed = false
        var hasS47 = false
        var hasConference = false
        /// Working days, by kind: referral to authorised IA, CA start to authorised, assessment start to authorised.
        var initialDays = 0
        var coreDays = 0
        var assessmentDays = 0
        var conferenceDays = 0
        var s47Start: Int32 = 0
        var isTransferred = false
        var visitDelay = 0
    }

    /// Makes one referral of all children of a household.
    mutating func makeReferral(household: Int, on day: Int32) {
        let size = Int(households[household].size)
        households[household].lastReferral = day
        households[household].lastClosure = .min
        openFile(on: day)
        guard !shares[day].nfa.isDrawn(size, &random) else {
            makeNoFurtherAction(household, day)
            return
        }
        let plan = makePlan(size: size, on: day)
        let base = file
        for position in 0..<size {
            file = base
            takeChild(households[household].firstChild + UInt32(position))
            let closed = makeLife(plan, isEldest: position == 0)
            households[household].lastClosure = max(households[household].lastClosure, closed)
        }
    }

    /// Chooses the holder of a household's new referral.
    mutating func openFile(on day: Int32) {
        file = CaseFile()
        file.received = day
        file.first = CaseFile.Holder(
            line: random.below(organisation.assessmentLines), post: random.within(1...Organisation.postsPerLine - 1))
    }

    /// Gives the file to the next child, under a new referral.
    mutating func takeChild(_ child: UInt32) {
        referralCount += 1
        file.child = child
        file.firstRecord = records.count
        file.referral = referralCount
        file.isReferralNamed = !(hasGaps && random.chance(10))
        file.areStepsNamed = !(hasGaps && random.chance(12))
    }

    private mutating func makeNoFurtherAction(_ household: Int, _ day: Int32) {
        let decided = after(day, random.below(10) < 6 ? 0 : random.within(1...2))
        for position in 0..<households[household].size {
            takeChild(households[household].firstChild + UInt32(position))
            file.isReferralNamed = true
            addContact(day)
            add(.referralReceived, day)
            add(.referralNFA, decided)
        }
        households[household].lastClosure = decided
    }

    private mutating func addContact(_ day: Int32) {
        guard random.chance(160) else { return }
        let contact = random.chance(300) ? max(firstDay, day - 1) : day
        add(.contactReceived, contact)
        if random.chance(600) { add(.contactDecided, day) }
    }

    private mutating func makePlan(size: Int, on day: Int32) -> Plan {
        var plan = Plan()
        plan.received = day
        plan.decided = after(day, decisionDelay())
        plan.allocated = random.chance(850) ? plan.decided : after(plan.decided, random.within(1...4))
        let isSingle = day >= Self.singleFrom
        plan.isAssessed =
            isSingle ? shares.isAssessedSingle.isDrawn(size, &random) : shares.isAssessedInitial.isDrawn(size, &random)
        guard plan.isAssessed else { return plan }
        if isSingle {
            plan.assessmentDays = assessmentDays(size, on: day)
        } else {
            plan.initialDays = initialDays(size, on: day)
            plan.isCore = shares[day].isCore.isDrawn(size, &random)
            plan.isNotInNeed = !plan.isCore && random.chance(420)
            plan.coreDays = plan.isCore ? coreDays(size, on: day) : 0
        }
        plan.hasS47 =
            plan.isCore
            ? shares[day].s47AfterCore.isDrawn(size, &random) : shares[day].s47Otherwise.isDrawn(size, &random)
        if plan.hasS47 {
            let delay = random.below(10) < 6 ? random.within(0...1) : random.within(2...7)
            plan.s47Start = max(after(day, delay), plan.allocated)
            plan.hasConference = shares[day].conference.isDrawn(size, &random)
            plan.conferenceDays = plan.hasConference ? conferenceDays(size, on: day) : 0
        }
        if isSingle, !plan.hasConference { plan.isNotInNeed = shares[day].notInNeed.isDrawn(size, &random) }
        plan.isTransferred = !plan.isNotInNeed && random.chance(plan.isCore || plan.hasConference ? 160 : 50)
        plan.visitDelay = random.chance(960) ? random.within(1...5) : random.within(6...14)
        return plan
    }

    private mutating func decisionDelay() -> Int {
        switch random.below(100) {
        case ..<45: 0
        case ..<94: 1
        case ..<98: 2
        default: random.within(3...5)
        }
    }

    // MARK: Durations

    mutating func initialDays(_ size: Int, on day: Int32) -> Int {
        if day < Self.tenDaysFrom {
            return random.within(Shares.initialBands7[shares.initial7.draw(size, &random)])
        }
        return random.within(Shares.initialBands10[shares.initial10.draw(size, &random)])
    }

    mutating func coreDays(_ size: Int, on day: Int32) -> Int {
        let band = shares[day].coreBand.draw(size, &random)
        return band == 3 ? random.late(Shares.coreBands[band]) : random.within(Shares.coreBands[band])
    }

    mutating func assessmentDays(_ size: Int, on day: Int32) -> Int {
        let band = shares[day].assessmentBand.draw(size, &random)
        return band == 5 ? random.late(Shares.assessmentBands[band]) : random.within(Shares.assessmentBands[band])
    }

    mutating func conferenceDays(_ size: Int, on day: Int32) -> Int {
        let band = shares[day].conferenceBand.draw(size, &random)
        return band < 2 ? random.late(Shares.conferenceBands[band]) : random.within(Shares.conferenceBands[band])
    }

    // MARK: One child

    /// Makes the rows of one child's referral and returns the day of its closure, or the greatest day.
    private mutating func makeLife(_ plan: Plan, isEldest: Bool) -> Int32 {
        file.allocated = plan.allocated
        addContact(plan.received)
        add(.referralReceived, plan.received)
        add(.referralDecided, plan.decided, outcome: plan.isAssessed ? .assessment : .support)
        add(.caseAllocated, plan.allocated)
        guard plan.isAssessed else {
            let closed = after(plan.allocated, random.within(0...2))
            if random.chance(300) { add(.childSeen, closed) }
            return close(closed, from: plan.allocated, outcome: .caseClosed)
        }
        if random.chance(12), organisation.assessmentLines > 1 {
            let line = (file.first.line + 1) % organisation.assessmentLines
            let day = after(plan.allocated, random.within(3...25))
            file.moved = (day, CaseFile.Holder(line: line, post: random.within(1...3)))
        }
        var life = Life(plan: plan, ownsItsTime: !isEldest && random.chance(100))
        addSection47(&life)
        addAssessments(&life)
        return addEnding(&life)
    }

    /// The course of one child's referral, as far as it is known.
    struct Life {
        var plan: Plan
        /// Whether this child's assessments took another time than the siblings'.
        var ownsItsTime: Bool
        /// The last day of assessments and section 47 work, and of everything.
        var assessed: Int32 = 0
        var lastEnd: Int32 = 0
        var isCancelled = false
        var conference: Int32?
        var hasPlan = false
    }

    /// Closes the case, and adds the moves and new workers on the way; returns the day.
    mutating func close(_ day: Int32, from allocated: Int32, outcome: Outcome) -> Int32 {
        let release = file.transferred?.on ?? day
        if let moved = file.moved {
            if moved.on < release { add(.teamChanged, moved.on) } else { file.moved = nil }
        }
        for restructure in organisation.restructures where file.received < restructure && restructure < release {
            add(.teamChanged, restructure)
        }
        if let transferred = file.transferred { add(.caseTransferred, transferred.on) }
        let holder = file.first
        let firstEnd = min(file.moved?.on ?? release, release)
        if let handover = organisation.handover(
            line: holder.line, post: holder.post, after: allocated, before: firstEnd)
        {
            add(.caseAllocated, handover)
        }
        add(.caseClosed, day, outcome: outcome)
        return day
    }
}
