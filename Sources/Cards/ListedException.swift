import CaseEvents
import Columnar
import Rules
public import WorkingCalendar

/// One row of `exceptions.csv`, with every id and name as text.
public struct ListedException: Hashable, Codable, Sendable {
    /// The reference that a return answers: `E-` and ten letters and digits.
    public var reference: String
    public var weekEnding: CivilDate
    public var groupManager: String
    /// The holder's name as in the events; empty for nobody.
    public var unit: String
    /// The holder's team and service by the organisation file.
    public var team: String
    public var service: String
    public var worker: String
    public var child: String
    public var family: String
    public var referral: String
    public var step: String
    public var rule: String
    public var rank: Int
    public var kind: String
    public var also: String
    public var startedOn: CivilDate?
    public var dueOn: CivilDate?
    public var elapsed: Int32?
    public var limit: Int32?
    public var daysOver: Int32?
    /// The day of the referral, and its last strategy discussion, for the waiting line.
    public var referredOn: CivilDate?
    public var discussedOn: CivilDate?
    public var lastSeenOn: CivilDate?
    public var lastDecisionOn: CivilDate?
    public var lastEventOn: CivilDate?
    public var status: ExceptionStatus
    public var weeksListed: Int
    public var isRestricted: Bool
    /// The day on which the clock of a cleared row stopped; `nil` where it did not.
    public var stoppedOn: CivilDate?
    /// The last revised date that was answered for the exception before this week.
    public var promisedOn: CivilDate?
    /// Whether that date was kept; `nil` where there is none, or it cannot be said yet.
    public var isPromiseKept: Bool?
    var workingDaysPastDue: Int32

    /// Whether the row counts: a cleared one is only shown once more.
    public var counts: Bool { status != .cleared }
}

/// One row of `watch.csv`, with every id and name as text.
public struct ListedWatch: Hashable, Codable, Sendable {
    public var weekEnding: CivilDate
    public var groupManager: String
    public var unit: String
    public var team: String
    public var service: String
    public var worker: String
    public var child: String
    public var family: String
    public var referral: String
    public var step: String
    public var rule: String
    public var kind: String
    public var startedOn: CivilDate
    public var dueOn: CivilDate
    public var elapsed: Int32
    public var limit: Int32
    public var expected: Int32?
    public var lastSeenOn: CivilDate?
    public var lastDecisionOn: CivilDate?
    public var lastEventOn: CivilDate?
    public var isRestricted: Bool
}

/// Names the rows of a run, and puts rows in the order of the lists.
struct RowLister {
    let context: CardContext
    let store: CaseStore
    let weekEnding: CivilDate
    private let ids: [PartitionIds]

    init(_ context: CardContext, _ store: CaseStore, weekEnding: CivilDate) {
        self.context = context
        self.store = store
        self.weekEnding = weekEnding
        ids = store.partitions.map(\.ids)
    }

    /// The Group Manager of a place as lists print it: empty for nobody's and for a unit outside the structure.
    private func groupManager(_ place: Place) -> String { place.isKnown ? place.groupManager : "" }

    // MARK: Exceptions

    /// The exceptions by rank, then working days past the due date, start, child, rule and step; a
    /// family together at the place of its gravest row; cleared rows last.
    static func ordered(_ rows: [ListedException]) -> [ListedException] {
        inFamilies(rows.filter(\.counts)) + inFamilies(rows.filter { !$0.counts })
    }

    func name(_ row: ExceptionRow) -> ListedException {
        let ids = ids[row.partition]
        let place = context.places.all[row.place]
        let child = ids.child(row.child)
        let rule = context.ruleName(row.rule)
        return ListedException(
            reference: Self.reference(child, rule, row.startedOn, number: row.number), weekEnding: weekEnding,
            groupManager: groupManager(place), unit: store.names.string(row.holder.team), team: place.team,
            service: place.service, worker: store.names.string(row.holder.worker), child: child,
            family: ids.families.string(row.family), referral: ids.referrals.string(row.referralId),
            step: ids.steps.string(row.stepId), rule: rule, rank: row.rank, kind: row.kind.rawValue, also: row.also,
            startedOn: row.startedOn, dueOn: row.dueOn, elapsed: row.elapsed, limit: row.limit, daysOver: row.daysOver,
            referredOn: row.referredOn, discussedOn: row.discussedOn, lastSeenOn: row.lastSeenOn,
            lastDecisionOn: row.lastDecisionOn, lastEventOn: row.lastEventOn,
            status: row.status, weeksListed: row.weeksListed, isRestricted: row.isRestricted,
            stoppedOn: row.stoppedOn, workingDaysPastDue: row.workingDaysPastDue)
    }

    private static func inFamilies(_ rows: [ListedException]) -> [ListedException] {
        let sorted = rows.sorted(by: precedes)
        var places: [String: Int] = [:]
        var groups: [[ListedException]] = []
        for row in sorted {
            if !row.family.isEmpty, let place = places[row.family] {
                groups[place].append(row)
                continue
            }
            if !row.family.isEmpty { places[row.family] = groups.count }
            groups.append([row])
        }
        return groups.flatMap { $0 }
    }

    private static func precedes(_ a: ListedException, _ b: ListedException) -> Bool {
        if a.rank != b.rank { return a.rank < b.rank }
        // A promise that was broken comes first among its equals.
        if (a.isPromiseKept == false) != (b.isPromiseKept == false) { return a.isPromiseKept == false }
        if a.workingDaysPastDue != b.workingDaysPastDue { return a.workingDaysPastDue > b.workingDaysPastDue }
        if a.startedOn != b.startedOn {
            return (a.startedOn?.daysSinceEpoch ?? .min) < (b.startedOn?.daysSinceEpoch ?? .min)
        }
        for path in [\ListedException.child, \.rule, \.step, \.referral, \.kind, \.groupManager]
        where a[keyPath: path] != b[keyPath: path] {
            return a[keyPath: path].utf8.lexicographicallyPrecedes(b[keyPath: path].utf8)
        }
        return false
    }

    /// A reference that stays the same from week to week: a hash of what the exception is.
    static func reference(_ child: String, _ rule: String, _ startedOn: CivilDate?, number: Int) -> String {
        let parts = [child, rule, startedOn?.description ?? "", "\(number)"]
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in parts.joined(separator: "\u{1F}").utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        // The last steps of MurmurHash3, so that near texts give far references.
        state = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        state = (state ^ (state >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        state ^= state >> 33
        // Letters and digits that are not mistaken for one another.
        let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
        var text = "E-"
        for _ in 0..<10 {
            text.append(alphabet[Int(state & 31)])
            state >>= 5
        }
        return text
    }

    // MARK: The watch list

    /// The watch list by due date and worker.
    static func ordered(_ rows: [ListedWatch]) -> [ListedWatch] {
        rows.sorted { a, b in
            if a.dueOn != b.dueOn { return a.dueOn < b.dueOn }
            for path in [\ListedWatch.worker, \.child, \.rule, \.step, \.referral]
            where a[keyPath: path] != b[keyPath: path] {
                return a[keyPath: path].utf8.lexicographicallyPrecedes(b[keyPath: path].utf8)
            }
            return a.startedOn < b.startedOn
        }
    }

    func name(_ row: WatchRow) -> ListedWatch {
        let ids = ids[row.partition]
        let place = context.places.all[row.place]
        return ListedWatch(
            weekEnding: weekEnding, groupManager: groupManager(place), unit: store.names.string(row.holder.team),
            team: place.team, service: place.service, worker: store.names.string(row.holder.worker),
            child: ids.child(row.child), family: ids.families.string(row.family),
            referral: ids.referrals.string(row.referralId), step: ids.steps.string(row.stepId),
            rule: context.ruleName(row.rule), kind: row.kind, startedOn: row.startedOn, dueOn: row.dueOn,
            elapsed: row.elapsed, limit: row.limit, expected: row.expected, lastSeenOn: row.lastSeenOn,
            lastDecisionOn: row.lastDecisionOn, lastEventOn: row.lastEventOn, isRestricted: row.isRestricted)
    }
}
