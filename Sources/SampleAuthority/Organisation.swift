import WorkingCalendar

/// The made-up council's units and people, with their history.
///
/// Work is held by a *line*: one small unit through all its names. Lines `0..<assessmentLines` do assessments, the
/// next ones long-term work, the last one is the emergency duty team. Each line has four posts; the first is the
/// practice consultant's, who signs off, and holds no cases.
struct Organisation {
    /// One row of `teams.csv`.
    struct Unit {
        var name: String
        var team: String
        var groupManager: String
        var service: String
        var isShortTerm = false
        var from: Int32?
        var to: Int32?
        var successor: String?
    }

    /// A period of the assessment units between two restructures.
    private struct Generation {
        let from: Int32
        let units: [UInt16]
    }

    /// One person in one post.
    private struct Tenure {
        let from: Int32
        let worker: UInt16
    }

    static let postsPerLine = 4
    /// The split of the one team, and the start of the new one.
    static let split: Int32 = 14_833
    static let merger: Int32 = 14_956

    let assessmentLines: Int
    let longTermLines: Int
    private(set) var units: [Unit] = []
    /// The closed units that badly kept records still name.
    private(set) var closedUnits: [UInt16] = []
    /// Days on which the assessment units changed their names.
    let restructures: [Int32]
    private var generations: [Generation] = []
    private var tenures: [[Tenure]] = []
    private(set) var workerCount: UInt16 = 0

    var emergencyLine: Int { assessmentLines + longTermLines }

    init(teams: Int, from firstDay: Int32, to lastDay: Int32, random: inout SeededRandom) {
        assessmentLines = teams
        longTermLines = max(2, teams * 3 / 4)
        let starts = [Int32.min, Self.split, Self.merger]
        let known = starts.indices.filter { index in
            starts[index] <= lastDay && (index == 2 || starts[index + 1] > firstDay)
        }
        restructures = known.dropFirst().map { starts[$0] }
        for (position, index) in known.enumerated() {
            addGeneration(
                index, from: position == 0 ? nil : starts[index],
                to: position + 1 < known.count ? starts[known[position + 1]] - 1 : nil,
                isHistoric: firstDay < Self.merger)
        }
        addOthers(closedOn: firstDay - 40)
        addPeople(from: firstDay, to: lastDay, random: &random)
    }

    /// The unit of a line on a day.
    func unit(line: Int, on day: Int32) -> UInt16 {
        guard line < assessmentLines else { return UInt16(otherOffset + line) }
        var index = generations.count - 1
        while index > 0, generations[index].from > day { index -= 1 }
        return generations[index].units[line]
    }

    /// The number of the person in a post on a day.
    func worker(line: Int, post: Int, on day: Int32) -> UInt16 {
        let held = tenures[line * Self.postsPerLine + post]
        var index = held.count - 1
        while index > 0, held[index].from > day { index -= 1 }
        return held[index].worker
    }

    /// The first day after `day`, before `end`, on which somebody new takes the post.
    func handover(line: Int, post: Int, after day: Int32, before end: Int32) -> Int32? {
        tenures[line * Self.postsPerLine + post].first { $0.from > day && $0.from < end }?.from
    }

    /// What to add to a line's number to find the unit of a line that never changed.
    private var otherOffset: Int { generations.count * assessmentLines - assessmentLines }

    private mutating func addGeneration(_ index: Int, from: Int32?, to: Int32?, isHistoric: Bool) {
        let first = UInt16(units.count)
        for line in 0..<assessmentLines {
            // Teams of at most eight units; the split makes an eastern and a western half.
            let team = line / 8
            let suffix = assessmentLines > 8 ? " \(team + 1)" : ""
            let isEast = line < (assessmentLines + 1) / 2
            let side = isEast ? "East" : "West"
            var unit = Unit(name: "", team: "", groupManager: "", service: "Assessment and Safeguarding")
            switch (index, isHistoric) {
            case (0, _):
                unit.name = "RA Unit \(line + 1)"
                unit.team = "Referral and Assessment Team\(suffix)"
            case (1, _):
                unit.name = "RA \(side) Unit \(line + 1)"
                unit.team = "Referral and Assessment Team \(side)\(suffix)"
            case (_, true):
                unit.name = "CAT Unit \(line + 1)"
                unit.team = "Children's Assessment Team\(suffix)"
            default:
                unit.name = "Assessment Unit \(line + 1)"
                unit.team = "Assessment Team \(isEast ? "East" : "West")\(suffix)"
            }
            unit.groupManager = !isEast && (index == 1 || !isHistoric) ? "Group Manager B" : "Group Manager A"
            if team > 0 { unit.groupManager += " \(team + 1)" }
            unit.isShortTerm = index == 2
            unit.from = from
            unit.to = to
            if to != nil {
                unit.successor = index == 0 ? "RA \(side) Unit \(line + 1)" : "CAT Unit \(line + 1)"
            }
            units.append(unit)
        }
        generations.append(
            Generation(from: from ?? Int32.min, units: (0..<assessmentLines).map { first + UInt16($0) }))
    }

    private mutating func addOthers(closedOn closed: Int32) {
        for line in 0..<longTermLines {
            let number = line / 2 + 1
            let isLookedAfter = line % 2 == 1
            let group = line / 8
            units.append(
                Unit(
                    name: isLookedAfter ? "CLA Unit \(number)" : "CIN Unit \(number)",
                    team: (isLookedAfter ? "Children Looked After Team" : "Children in Need Team")
                        + (longTermLines > 8 ? " \(group + 1)" : ""),
                    groupManager: "Group Manager C" + (group > 0 ? " \(group + 1)" : ""),
                    service: "Long-term Services"))
        }
        units.append(
            Unit(
                name: "Emergency Duty Team", team: "Emergency Duty Team", groupManager: "Group Manager A",
                service: "Assessment and Safeguarding"))
        for number in 1...3 {
            closedUnits.append(UInt16(units.count))
            units.append(
                Unit(
                    name: "Duty Unit \(number)", team: "Duty Team", groupManager: "Group Manager A",
                    service: "Assessment and Safeguarding", to: closed, successor: units[0].name))
        }
    }

    private mutating func addPeople(from firstDay: Int32, to lastDay: Int32, random: inout SeededRandom) {
        var number: UInt16 = 0
        for _ in 0..<(emergencyLine + 1) * Self.postsPerLine {
            var held: [Tenure] = []
            var day = Int32.min
            while day <= lastDay {
                number += 1
                held.append(Tenure(from: day, worker: number))
                day = max(day, firstDay) + Int32(random.within(300...1_100))
            }
            tenures.append(held)
        }
        workerCount = number
    }

    /// The rows of `teams.csv`.
    func teamsCSV() -> String {
        var text = "unit,team,group_manager,service,short_term,from,to,succeeded_by\n"
        for unit in units {
            text += "\(unit.name),\(unit.team),\(unit.groupManager),\(unit.service),\(unit.isShortTerm ? 1 : 0),"
            text += "\(Self.text(unit.from)),\(Self.text(unit.to)),\(unit.successor ?? "")\n"
        }
        return text
    }

    /// The rows of `workers.csv`: each person in each unit, never more than four in one.
    func workersCSV() -> String {
        var text = "worker,unit,from,to\n"
        for line in 0...emergencyLine {
            let periods = line < assessmentLines ? generations.map(\.from) : [Int32.min]
            for post in 0..<Self.postsPerLine {
                let held = tenures[line * Self.postsPerLine + post]
                for (index, tenure) in held.enumerated() {
                    let end = index + 1 < held.count ? held[index + 1].from : Int32.max
                    for (position, start) in periods.enumerated() {
                        let close = position + 1 < periods.count ? periods[position + 1] : Int32.max
                        let (from, to) = (max(start, tenure.from), min(end, close))
                        guard from < to else { continue }
                        let name = units[Int(unit(line: line, on: from))].name
                        text += "\(Self.workerName(tenure.worker)),\(name),\(Self.text(from == .min ? nil : from)),"
                        text += "\(Self.text(to == .max ? nil : to - 1))\n"
                    }
                }
            }
        }
        return text
    }

    /// The reference of a worker: `W` and four digits.
    static func workerName(_ number: UInt16) -> String {
        let digits = "\(number)"
        return "W" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private static func text(_ day: Int32?) -> String {
        day.map { CivilDate(daysSinceEpoch: $0).description } ?? ""
    }
}
