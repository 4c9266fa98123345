import CaseEvents

/// The sums behind the cards of a run; those of two parts of the children add up.
public struct CardSums: Codable, Sendable {
    /// The number of rules, reported weeks, places, and weeks with a trend the sums are for.
    let rules: Int
    let weeks: Int
    let places: Int
    let trendWeeks: Int

    /// The tallies of the reported weeks, and the flow of every week of the trends, in blocks by
    /// place and rule (the last rule being the referral); a block is made when it is first needed.
    var tallies: Blocks
    var flows: Blocks

    /// What a trend needs of each week.
    enum Flow: Int, CaseIterable, Sendable {
        case judged, inTime, due, missed
    }

    /// The elapsed days of stopped clocks: packed week, rule, place and days.
    var elapsed: ContiguousArray<UInt64> = []
    /// The largest elapsed time of running clocks, by place, rule and week.
    var oldest: Blocks
    /// How many rows were recorded after how many days, by place and week; and those of more days
    /// than a block holds, week by week.
    var lags: Blocks
    var longLags: [[LongLag: Int32]]

    struct LongLag: Hashable, Codable {
        var place: Int
        var days: Int32
    }
    /// How often a child was counted at several places of one name, by week, measure, level and name.
    var childrenAgain: [ChildrenKey: Int32] = [:]
    /// Findings, by week, place and code.
    var findings: [FindingKey: Int32] = [:]
    /// The running clocks with a limit as at the last reported week, by how far they are past it.
    var open: [OpenKey: Int32] = [:]
    /// How many assessments a manager authorised on a day.
    var signatures: [SignatureKey: Int32] = [:]
    /// The stopped assessments that may turn out to be signed in a batch.
    var signed: [SignedKey: Int32] = [:]

    /// What children are counted for.
    enum ChildrenMeasure: Int, CaseIterable, Codable, Sendable {
        case unallocated, childNotSeen, notStarted

        /// The tally in which a child counts once at each of its places.
        var tally: Tally {
            switch self {
            case .unallocated: .unallocated
            case .childNotSeen: .childNotSeen
            case .notStarted: .notStarted
            }
        }
    }

    struct ChildrenKey: Hashable, Codable, Sendable {
        var week: Int
        var measure: ChildrenMeasure
        var level: Level
        var name: String
    }

    struct FindingKey: Hashable, Codable, Sendable {
        var week: Int
        var place: Int
        var code: FindingCode
    }

    struct OpenKey: Hashable, Codable, Sendable {
        var rule: Int
        var place: Int
        /// Days past the limit, as the rule counts them; negative before it.
        var daysOver: Int32
    }

    struct SignatureKey: Hashable, Codable, Sendable {
        var manager: UInt32
        var day: Int32
    }

    struct SignedKey: Hashable, Codable, Sendable {
        var signature: SignatureKey
        var week: Int
        var rule: Int
        var place: Int
    }

    /// Creates empty sums; the number of rules counts one more, for what belongs to the referral.
    init(rules: Int, weeks: Int, places: Int, trendWeeks: Int) {
        self.rules = rules
        self.weeks = weeks
        self.places = places
        self.trendWeeks = trendWeeks
        tallies = Blocks(count: places * rules, size: weeks * Tally.count)
        flows = Blocks(count: places * rules, size: trendWeeks * Flow.allCases.count)
        oldest = Blocks(count: places * rules, size: weeks)
        lags = Blocks(count: places, size: weeks * Self.shortLag)
        longLags = Array(repeating: [:], count: weeks)
    }

    /// Adds to a tally of a reported week.
    ///
    /// - Complexity: O(1).
    mutating func add(_ tally: Tally, week: Int, rule: Int, place: Int, _ count: Int32 = 1) {
        tallies.add(count, block: place * rules + rule, at: week * Tally.count + tally.rawValue)
    }

    /// Calls `body` with the tallies of a rule and place in a reported week, so that several are found by one look-up.
    ///
    /// - Complexity: O(1).
    @inline(__always)
    mutating func update(week: Int, rule: Int, place: Int, _ body: (WeekCounts) -> Void) {
        unsafe tallies.update(block: place * rules + rule, from: week * Tally.count, count: Tally.count) {
            body(unsafe WeekCounts($0))
        }
    }

    /// Asks the memory for the tallies of a rule and place in a reported week that will soon be added to.
    ///
    /// The tallies of all weeks are larger than the caches, and children come in no order of place.
    @inline(__always)
    func prefetch(week: Int, rule: Int, place: Int) {
        let block = place * rules + rule
        tallies.prefetch(block: block, at: week * Tally.count)
        tallies.prefetch(block: block, at: week * Tally.count + Tally.running.rawValue)
        tallies.prefetch(block: block, at: week * Tally.count + Tally.runningBand0.rawValue)
    }

    /// The sum of a tally in a reported week.
    func sum(_ tally: Tally, week: Int, rule: Int, place: Int) -> Int {
        tallies.value(block: place * rules + rule, at: week * Tally.count + tally.rawValue)
    }

    /// Sets sums, as many as there are tallies, to the tallies of a rule in a week at some places together.
    ///
    /// - Returns: Whether there is anything at all.
    func setTallies(
        _ sums: inout ContiguousArray<Int32>, week: Int, rule: Int, places: [Int]
    ) -> Bool {
        for index in sums.indices { sums[index] = 0 }
        var isThere = false
        for place in places {
            isThere = tallies.add(block: place * rules + rule, from: week * Tally.count, to: &sums) || isThere
        }
        return isThere && sums.reduce(0, |) != 0
    }

    /// Adds to the flow of a week of the trends.
    mutating func add(_ flow: Flow, trendWeek: Int, rule: Int, place: Int) {
        flows.add(1, block: place * rules + rule, at: trendWeek * Flow.allCases.count + flow.rawValue)
    }

    /// The flow of a week of the trends.
    func sum(_ flow: Flow, trendWeek: Int, rule: Int, place: Int) -> Int {
        flows.value(block: place * rules + rule, at: trendWeek * Flow.allCases.count + flow.rawValue)
    }

    /// Notes the elapsed days of a stopped clock.
    mutating func noteElapsed(_ days: Int32, week: Int, rule: Int, place: Int) {
        elapsed.append(Self.packed(week: week, rule: rule, place: place, days: days))
    }

    static func packed(week: Int, rule: Int, place: Int, days: Int32) -> UInt64 {
        UInt64(week) << 48 | UInt64(rule) << 40 | UInt64(place) << 20 | UInt64(min(days, 0xFFFFF))
    }

    static func unpacked(_ packed: UInt64) -> (week: Int, rule: Int, place: Int, days: Int32) {
        (Int(packed >> 48), Int(packed >> 40 & 0xFF), Int(packed >> 20 & 0xFFFFF), Int32(packed & 0xFFFFF))
    }

    /// Notes the lag of a recorded row, in calendar days.
    mutating func noteLag(_ days: Int32, week: Int, place: Int) {
        if days >= 0 && days < Self.shortLag {
            lags.add(1, block: place, at: week * Self.shortLag + Int(days))
        } else {
            longLags[week][LongLag(place: place, days: max(0, days)), default: 0] += 1
        }
    }

    /// Lags of fewer days are counted in blocks.
    static let shortLag = 64

    /// After how many days the rows of a week were recorded at some places.
    ///
    /// They are added up in `short`, which has a place for each short lag.
    ///
    /// - Returns: The lag in the middle, without interpolation; `nil` where nothing was recorded.
    func medianLag(week: Int, places: [Int], _ short: inout ContiguousArray<Int32>) -> Int? {
        for index in short.indices { short[index] = 0 }
        for place in places { _ = lags.add(block: place, from: week * Self.shortLag, to: &short) }
        let long =
            longLags[week].isEmpty
            ? [] : longLags[week].filter { places.contains($0.key.place) }.sorted { $0.key.days < $1.key.days }
        let count = long.reduce(short.reduce(0) { $0 + Int($1) }) { $0 + Int($1.value) }
        var rank = (count + 1) / 2
        guard rank > 0 else { return nil }
        for (days, count) in short.enumerated() {
            rank -= Int(count)
            if rank <= 0 { return days }
        }
        for (key, count) in long {
            rank -= Int(count)
            if rank <= 0 { return Int(key.days) }
        }
        return nil
    }

    /// Notes the elapsed time of a running clock.
    mutating func noteOldest(_ days: Int32, week: Int, rule: Int, place: Int) {
        oldest.raise(to: days, block: place * rules + rule, at: week)
    }

    /// Notes a running clock of the last reported week.
    mutating func noteOpen(_ daysOver: Int32, rule: Int, place: Int) {
        open[OpenKey(rule: rule, place: place, daysOver: daysOver), default: 0] += 1
    }

    func oldest(week: Int, rule: Int, place: Int) -> Int { oldest.value(block: place * rules + rule, at: week) }

    /// Counts a child once for a measure at each of the places given, no place twice.
    ///
    /// Counts of places add up to those of every level, but for a child at two places of one name.
    mutating func addChild(_ measure: ChildrenMeasure, week: Int, at homes: ArraySlice<Int>, in all: [Place]) {
        for home in homes { add(measure.tally, week: week, rule: rules - 1, place: home) }
        guard homes.count > 1 else { return }
        for level in Level.allCases {
            let names = homes.map { all[$0].name(level) }
            for name in Set(names) {
                let again = names.count { $0 == name } - 1
                guard again > 0 else { continue }
                let key = ChildrenKey(week: week, measure: measure, level: level, name: name)
                childrenAgain[key, default: 0] += Int32(again)
            }
        }
    }

    /// The number of children at the places of a name.
    func children(_ measure: ChildrenMeasure, week: Int, level: Level, name: String, places: [Int]) -> Int {
        let counted = places.reduce(0) { $0 + sum(measure.tally, week: week, rule: rules - 1, place: $1) }
        let key = ChildrenKey(week: week, measure: measure, level: level, name: name)
        return counted - Int(childrenAgain[key] ?? 0)
    }

    /// The elapsed days of stopped clocks, those of one week, rule and place together.
    ///
    /// - Returns: The days, and where each ``group(week:rule:place:)`` begins.
    /// - Complexity: O(*n*) in the stopped clocks.
    func groupedElapsed() -> (days: ContiguousArray<Int32>, starts: ContiguousArray<Int32>) {
        func group(_ packed: UInt64) -> Int {
            let (week, rule, place, _) = Self.unpacked(packed)
            return self.group(week: week, rule: rule, place: place)
        }
        var starts = ContiguousArray<Int32>(repeating: 0, count: weeks * rules * places + 1)
        for packed in elapsed { starts[group(packed) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        var days = ContiguousArray<Int32>(repeating: 0, count: elapsed.count)
        for packed in elapsed {
            let group = group(packed)
            days[Int(next[group])] = Self.unpacked(packed).days
            next[group] += 1
        }
        return (days, starts)
    }

    /// The number of a week, rule and place.
    func group(week: Int, rule: Int, place: Int) -> Int { (week * rules + rule) * places + place }

    /// Adds the sums of other children.
    mutating func merge(_ other: CardSums) {
        tallies.merge(other.tallies, +)
        flows.merge(other.flows, +)
        elapsed.append(contentsOf: other.elapsed)
        lags.merge(other.lags, +)
        for week in longLags.indices { longLags[week].merge(other.longLags[week], uniquingKeysWith: +) }
        oldest.merge(other.oldest) { max($0, $1) }
        childrenAgain.merge(other.childrenAgain, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
        open.merge(other.open, uniquingKeysWith: +)
        signatures.merge(other.signatures, uniquingKeysWith: +)
        signed.merge(other.signed, uniquingKeysWith: +)
    }

    /// Counts each assessment of a manager's day with five or more authorisations as signed in a batch.
    mutating func settleBatches(from least: Int32 = 5) {
        for (key, count) in signed where (signatures[key.signature] ?? 0) >= least {
            tallies.addUpToMost(
                count, block: key.place * rules + key.rule, at: key.week * Tally.count + Tally.signedInBatch.rawValue)
        }
        signed = [:]
    }
}
