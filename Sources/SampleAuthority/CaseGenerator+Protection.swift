extension CaseGenerator {
    /// Adds the strategy discussion, the section 47 enquiry and its conference or the decision against one.
    mutating func addSection47(_ life: inout Life) {
        guard life.plan.hasS47 else { return }
        let start = life.plan.s47Start
        let step = nextStep()
        let isOutOfHours = random.chance(60)
        let discussed = random.chance(900) ? start : max(life.plan.received, start - 1)
        add(.strategyDiscussionHeld, discussed, line: isOutOfHours ? organisation.emergencyLine : nil)
        add(.s47Started, start, step: step)
        let seen = after(start, random.chance(920) ? random.within(0...1) : random.within(2...5))
        add(.childSeen, seen)
        if random.chance(15) {
            let cancelled = after(start, random.within(1...6))
            add(.s47Cancelled, cancelled, step: step)
            life.lastEnd = max(life.lastEnd, cancelled)
            return
        }
        let completed = after(start, random.within(3...10))
        guard life.plan.hasConference else {
            add(.s47Completed, completed, step: step)
            let decided = after(completed, random.within(0...3))
            if random.chance(985) { add(.conferenceNotRequired, decided, step: step) }
            life.lastEnd = max(life.lastEnd, decided)
            return
        }
        let conference = after(start, life.plan.conferenceDays)
        add(.s47Completed, min(completed, conference), step: step, outcome: .conference)
        addBookings(start, conference)
        add(.conferenceHeld, conference, outcome: random.chance(880) ? .plan : .support)
        life.conference = conference
        life.hasPlan = records.last?.outcome == .plan && records.last?.event == .conferenceHeld
        life.lastEnd = max(life.lastEnd, conference)
    }

    /// Adds the booking of a conference, and an earlier one that came to nothing where it is late.
    private mutating func addBookings(_ start: Int32, _ conference: Int32) {
        guard random.chance(930) else { return }
        let booked = after(start, random.within(2...7))
        let limit = after(start, 15)
        if conference > limit, random.chance(600) {
            add(.conferenceArranged, after(start, random.within(11...15)), typedOn: booked)
            add(.conferenceArranged, conference, typedOn: min(limit, conference))
        } else {
            add(.conferenceArranged, conference, typedOn: min(booked, conference))
        }
    }

    /// Adds the protection plan with its core groups and reviews, and returns the day of the closure.
    mutating func addProtection(_ conference: Int32, _ assessed: Int32) -> Int32 {
        let plan = nextStep()
        let allocated = file.allocated
        transfer(on: after(max(conference, file.allocated), random.within(11...30)))
        add(.planStarted, conference, step: plan)
        let firstGroup = random.chance(840) ? random.late(4...10) : random.within(11...18)
        var ended = conference
        var reviewed = conference
        var number = 1
        repeat {
            // The first review within three months, the others within six.
            let due = reviewed + (number == 1 ? 88 : 178)
            let late = random.chance(70) ? Int32(random.within(8...30)) : -Int32(random.within(0...14))
            reviewed = after(due + late - 1, 1)
            add(.reviewHeld, reviewed)
            ended = reviewed
            number += 1
        } while number < 6 && reviewed <= lastDay && random.below(100) < (number == 2 ? 60 : 38)
        var group = after(conference, firstGroup)
        let last = min(ended, lastDay)
        while group < last {
            add(.coreGroupHeld, group)
            group = after(group, random.within(26...38))
        }
        addLongTermVisits(from: conference, to: ended)
        add(.planEnded, ended, step: plan)
        let closed = max(ended, assessed) + Int32(random.within(10...50))
        addLongTermVisits(from: ended, to: closed)
        return close(closed, from: allocated, outcome: .caseClosed)
    }
}
