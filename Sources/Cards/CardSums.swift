import CaseEvents

/// The sums behind the cards of a run; those of two parts of the children add up.
public struct CardSums: Sendable {
    /// The number of rules, reported weeks, places, and weeks with a trend the sums are for.
    let rules: Int
    let weeks: Int
    let places: Int
    let trendWeeks: Int

    /// The tallies of the reported weeks, and the flow of every week of the trends, in blocks by
    /// place and rule (the last rule being the referral); a block is made when it is first needed.
    private var tallies: Blocks
    private var flows: Blocks

    /// What a trend needs of each week.
    enum Flow: Int, CaseIterable, Sendable {
        case judged, inTime, due, missed
    }

    /// The elapsed days of stopped clocks: packed week, rule, place and days.
    var elapsed: ContiguousArray<UInt64> = []
    /// The largest elapsed time of running clocks, by place, rule and week.
    var oldest: [Int: Int32] = [:]
    /// The recording lag of rows: packed week, place and days.
    var lags: ContiguousArray<UInt64> = []
    /// Children, by week, measure, level and name.
    var children: [ChildrenKey: Int32] = [:]
    /// Findings, by week, place and code.
    var findings: [FindingKey: Int32] = [:]
    /// How many assessments a manager authorised on a day.
    var signatures: [SignatureKey: Int32] = [:]
    /// The stopped assessments that may turn out to be signed in a batch.
    var signed: [SignedKey: Int32] = [:]

    /// What children are counted for.
    enum ChildrenMeasure: Int, CaseIterable, Sendable {
        case unallocated, childNotSeen, notStarted
    }

    struct ChildrenKey: Hashable, Sendable {
        var week: Int
        var measure: ChildrenMeasure
        var level: Level
        var name: String
    }

    struct FindingKey: Hashable, Sendable {
        var week: Int
        var place: Int
        var code: FindingCode
    }

    struct SignatureKey: Hashable, Sendable {
        var manager: UInt32
        var day: Int32
    }

    struct SignedKey: Hashable, Sendable {
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
    }

    /// Adds to a tally of a reported week.
    ///
    /// - Complexity: O(1).
    mutating func add(_ tally: Tally, week: Int, rule: Int, place: Int, _ count: Int32 = 1) {
        tallies.add(count, block: place * rules + rule, at: week * Tally.count + tally.rawValue)
    }

    /// The sum of a tally in a reported week.
    func sum(_ tally: Tally, week: Int, rule: Int, place: Int) -> Int {
        tallies.value(block: place * rules + rule, at: week * Tally.count + tally.rawValue)
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
        elapsed.append(
            UInt64(week) << 48 | UInt64(rule) << 40 | UInt64(place) << 20 | UInt64(min(days, 0xFFFFF)))
    }

    /// Notes the lag of a recorded row, in calendar days.
    mutating func noteLag(_ days: Int32, week: Int, place: Int) {
        lags.append(UInt64(week) << 48 | UInt64(place) << 20 | UInt64(min(days, 0xFFFFF)))
    }

    /// Notes the elapsed time of a running clock.
    mutating func noteOldest(_ days: Int32, week: Int, rule: Int, place: Int) {
        let key = (place * rules + rule) * weeks + week
        oldest[key] = max(oldest[key] ?? 0, days)
    }

    func oldest(week: Int, rule: Int, place: Int) -> Int32 { oldest[(place * rules + rule) * weeks + week] ?? 0 }

    /// Adds the sums of other children.
    mutating func merge(_ other: CardSums) {
        tallies.merge(other.tallies)
        flows.merge(other.flows)
        elapsed.append(contentsOf: other.elapsed)
        lags.append(contentsOf: other.lags)
        oldest.merge(other.oldest, uniquingKeysWith: max)
        children.merge(other.children, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
        signatures.merge(other.signatures, uniquingKeysWith: +)
        signed.merge(other.signed, uniquingKeysWith: +)
    }

    /// Counts each assessment of a manager's day with five or more authorisations as signed in a batch.
    mutating func settleBatches(from least: Int32 = 5) {
        for (key, count) in signed where (signatures[key.signature] ?? 0) >= least {
            add(.signedInBatch, week: key.week, rule: key.rule, place: key.place, count)
        }
        signed = [:]
    }
}

/// Counts in blocks of one size, made when they are first needed.
struct Blocks: Sendable {
    private var places: ContiguousArray<Int32>
    private var counts: ContiguousArray<Int32> = []
    private let size: Int

    init(count: Int, size: Int) {
        places = ContiguousArray(repeating: -1, count: count)
        self.size = size
    }

    mutating func add(_ count: Int32, block: Int, at index: Int) {
        if places[block] < 0 {
            places[block] = Int32(truncatingIfNeeded: counts.count / max(size, 1))
            counts.append(contentsOf: repeatElement(0, count: size))
        }
        counts[Int(places[block]) * size + index] += count
    }

    func value(block: Int, at index: Int) -> Int {
        places[block] < 0 ? 0 : Int(counts[Int(places[block]) * size + index])
    }

    mutating func merge(_ other: Blocks) {
        for block in other.places.indices where other.places[block] >= 0 {
            for index in 0..<size {
                let count = other.counts[Int(other.places[block]) * size + index]
                if count != 0 { add(count, block: block, at: index) }
            }
        }
    }
}
