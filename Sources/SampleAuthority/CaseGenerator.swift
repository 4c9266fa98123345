import WorkingCalendar

/// Makes the rows of the whole council, referral by referral, in memory.
struct CaseGenerator {
    /// The first day of the single assessment.
    static let singleFrom: Int32 = 15_810
    /// The first day of the ten-day initial assessment.
    static let tenDaysFrom: Int32 = 14_685

    let firstDay: Int32
    let lastDay: Int32
    /// The day the export is taken: nothing is typed in later.
    var exportDay: Int32 { lastDay + 1 }
    let calendar: WorkingCalendar
    let organisation: Organisation
    /// Whether some rows lack a referral or step id.
    let hasGaps: Bool

    var random: SeededRandom
    var shares: Shares
    var records = ContiguousArray<EventRecord>()
    var households = ContiguousArray<Household>()
    /// The household of each child; the position is the child's number less 1.
    var householdOfChild = ContiguousArray<UInt32>()
    /// Households in the order of their referrals, to find those of the last year.
    private var arrivals = ContiguousArray<(day: Int32, household: UInt32)>()
    private var arrivalsFrom = 0
    private var reReferralsDue = 0.0
    var referralCount: UInt32 = 0
    var stepCount: UInt32 = 0
    /// Children numbered from this one on have injected faults.
    var firstInjectedChild = UInt32.max
    var file = CaseFile()

    init(options: SampleAuthority.Options, calendar: WorkingCalendar, organisation: Organisation) {
        firstDay = options.firstDay
        lastDay = options.ending.daysSinceEpoch
        self.calendar = calendar
        self.organisation = organisation
        hasGaps = options.referrals < SampleAuthority.largeSample
        shares = Shares(from: options.firstDay)
        random = SeededRandom(seed: options.seed &+ 1)
        records.reserveCapacity(options.referrals * 11)
    }

    /// Makes the referrals of the whole span.
    mutating func makeReferrals(_ count: Int) {
        var days = ReferralDays(from: firstDay, to: lastDay, calendar: calendar)
        var made = 0
        while made < count {
            let day = days.day(at: (Double(made) + random.unit()) / Double(count))
            let household = nextHousehold(on: day, most: count - made)
            made += Int(households[household].size)
            makeReferral(household: household, on: day)
        }
    }

    /// A household for a new referral: a known one as often as was published, else a new one.
    private mutating func nextHousehold(on day: Int32, most: Int) -> Int {
        while arrivalsFrom < arrivals.count, arrivals[arrivalsFrom].day < day - 364 { arrivalsFrom += 1 }
        // In the first year the earlier referral may be from before the span, where nothing is known.
        let share = shares[day].reReferralShare * min(1, Double(day - firstDay) / 365)
        if reReferralsDue + random.unit() * 4 > 3, let known = knownHousehold(on: day, most: most) {
            let size = Double(households[known].size)
            reReferralsDue += (share - 1) * size
            arrivals.append((day, UInt32(known)))
            return known
        }
        let size = min(most, Self.householdSize(&random))
        reReferralsDue += share * Double(size)
        let household = addHousehold(size: size, on: day)
        arrivals.append((day, UInt32(household)))
        return household
    }

    /// A household referred and closed again in the last 12 months.
    private mutating func knownHousehold(on day: Int32, most: Int) -> Int? {
        for _ in 0..<12 where arrivalsFrom < arrivals.count {
            let candidate = Int(arrivals[arrivalsFrom + random.below(arrivals.count - arrivalsFrom)].household)
            let household = households[candidate]
            if household.lastClosure < day - 2, Int(household.size) <= most { return candidate }
        }
        return nil
    }

    /// Adds a household of new children.
    mutating func addHousehold(size: Int, on day: Int32) -> Int {
        let number = households.count
        households.append(
            Household(
                firstChild: UInt32(householdOfChild.count) + 1, size: UInt8(size), family: UInt32(number) + 1,
                lastReferral: day, lastClosure: .max))
        householdOfChild.append(contentsOf: repeatElement(UInt32(number), count: size))
        return number
    }

    private static func householdSize(_ random: inout SeededRandom) -> Int {
        switch random.below(1_000) {
        case ..<590: 1
        case ..<830: 2
        case ..<930: 3
        case ..<980: 4
        default: 5
        }
    }

    // MARK: Days

    /// The day `workingDays` working days after another; the same day for 0.
    func after(_ day: Int32, _ workingDays: Int) -> Int32 {
        guard workingDays > 0 else { return day }
        let due = calendar.due(from: CivilDate(daysSinceEpoch: day), workingDays: Int32(workingDays))
        return due?.daysSinceEpoch ?? day + Int32(workingDays) * 7 / 5
    }

    /// The working day `workingDays` before the last day with events.
    func beforeEnd(_ workingDays: Int) -> Int32 {
        var day = lastDay - Int32(workingDays) * 7 / 5 - 8
        while let left = calendar.elapsed(from: CivilDate(daysSinceEpoch: day), to: CivilDate(daysSinceEpoch: lastDay)),
            left > workingDays
        { day += 1 }
        return day
    }

    // MARK: Rows

    /// A new step's number.
    mutating func nextStep() -> UInt32 {
        stepCount += 1
        return stepCount
    }

    /// Adds a row, unless it lies or was typed in after the export.
    ///
    /// Without `typedOn` it was typed in as late as people are; `line` acted, where it is not the holder's.
    mutating func add(
        _ event: CaseEvent, _ day: Int32, step: UInt32 = 0, outcome: Outcome = .none, typedOn: Int32? = nil,
        line: Int? = nil
    ) {
        guard day <= lastDay || event == .conferenceArranged else { return }
        var typed = typedOn ?? after(day, entryDelay())
        if typed > exportDay {
            guard event.isAlwaysRecorded else { return }
            typed = exportDay
        }
        guard !isThere(event, day, step) else { return }
        let holder = file.holder(on: day)
        let acting = line ?? holder.line
        let post = event.isManagers ? 0 : holder.post
        let hasWorker = day >= file.allocated || event.isManagers
        let isContact = event == .contactReceived || event == .contactDecided
        let isNamed = file.isReferralNamed || event == .referralReceived
        records.append(
            EventRecord(
                child: file.child, referral: isNamed && !isContact ? file.referral : 0,
                step: file.areStepsNamed ? step : 0, day: UInt16(truncatingIfNeeded: day),
                recordedAfter: Int16(truncatingIfNeeded: typed - day),
                unit: organisation.unit(line: acting, on: day),
                worker: hasWorker ? organisation.worker(line: acting, post: post, on: day) : 0, event: event,
                outcome: outcome, fault: .none))
    }

    /// Whether the file has the row already: a child seen for two reasons was seen once.
    private func isThere(_ event: CaseEvent, _ day: Int32, _ step: UInt32) -> Bool {
        guard let first = file.firstRecord else { return false }
        let named = file.areStepsNamed ? step : 0
        return records[first...].contains {
            $0.event == event && Int32($0.day) == day && $0.step == named
        }
    }

    /// How many working days late a row is typed in.
    private mutating func entryDelay() -> Int {
        switch random.below(1_000) {
        case ..<620: 0
        case ..<800: 1
        case ..<890: random.within(2...3)
        case ..<945: random.within(4...6)
        case ..<975: random.within(7...12)
        case ..<992: random.within(13...25)
        default: random.within(26...60)
        }
    }
}
