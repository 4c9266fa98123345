import Rules
public import WorkingCalendar

@testable public import Cards

/// Weekly reports made by hand, for tests of what is written about them.
public struct MadeReport {
    public var report: WeeklyReport
    /// The names of the Group Managers and the children of each, restricted ones apart.
    public var children: [String: Set<String>] = [:]
    public var restricted: [String: Set<String>] = [:]

    /// The Sunday of the reported week.
    public static let sunday = day("2010-11-28")

    /// A day; the epoch where the text is none, which no test means.
    public static func day(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(daysSinceEpoch: 0) }

    /// Bank holidays at Christmas and nowhere else.
    static let calendar = WorkingCalendar(
        ClosureTable(
            jurisdiction: "made up", coverage: day("2009-01-01")...day("2012-12-31"),
            closures: ["2010-12-27", "2010-12-28", "2011-01-03"].map { Closure(date: day($0)) }))

    static let assessment = Rule(
        name: "initial_assessment", title: "Initial assessment", shape: .assessment, risk: 3,
        editions: [
            Edition(
                name: "WT2010", limit: TimeLimit(10, .workingDays), basis: .statutory, source: "",
                confidence: .verified)
        ])
    static let review = Rule(
        name: "first_review", title: "Conference to first review", shape: .afterConference, risk: 1,
        editions: [
            Edition(name: "all", limit: TimeLimit(3, .months), basis: .statutory, source: "", confidence: .verified)
        ])

    private static let header = CardHeader(
        week: ISOWeek(containing: sunday), asAt: sunday, knownAt: nil, workingDaysInWeek: 5, rulebook: "england 1",
        calendar: "england-and-wales 2009-01-01 to 2026-12-31", structure: "of each figure's date",
        sources: [
            .init(
                file: "exports/events.csv",
                digest: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                newestRecorded: day("2010-11-29"), newestDate: sunday)
        ], completeFrom: day("2009-04-01"),
        notAvailable: ["Allocation cannot be measured: this source has no case_allocated."],
        notes: ["Late entry can change these figures."], rowsRead: 1200, accepted: 1190, duplicates: 6, rejected: 4,
        notYetKnown: 0)

    public init() {
        report = WeeklyReport(
            header: Self.header, rules: [Self.assessment, Self.review], figures: [], trends: [], exceptions: [],
            watch: [], clocks: [], findings: [], places: [], calendar: Self.calendar)
    }

    // MARK: Parts

    /// Adds a team with figures of its own; an empty Group Manager stands for outside the structure.
    public mutating func addTeam(_ team: String, of manager: String, service: String = "Children in need") {
        let isKnown = !manager.isEmpty
        report.places.append(
            Place(
                unit: team, team: team, groupManager: isKnown ? manager : Places.notInStructure,
                service: isKnown ? service : Places.notInStructure, isKnown: isKnown))
        addFigures(.team, team)
    }

    /// Adds figures of every sort to a card.
    public mutating func addFigures(_ level: Level, _ name: String) {
        func add(
            _ rule: String, _ measure: String, _ value: Figure.Value, _ part: Int? = nil, _ whole: Int? = nil
        ) {
            report.figures.append(
                Figure(
                    weekEnding: Self.sunday, level: level, name: name, rule: rule, measure: measure, numerator: part,
                    denominator: whole, value: value))
        }
        let rule = "initial_assessment"
        add(rule, "started", .number(23))
        add(rule, "stopped", .number(20))
        add(rule, "in_time", .tenths(700), 14, 20)
        add(rule, "due_cohort", .number(9))
        add(rule, "met", .none, 6, 9)
        add(rule, "missed", .none, 3, 9)
        add(rule, "voided", .number(2))
        add(rule, "voided_nfa", .number(2))
        add(rule, "running", .number(31))
        add(rule, "running_not_due", .number(26))
        add(rule, "running_over_6_20", .number(5))
        add(rule, "overdue", .number(5))
        add(rule, "total_days_over", .number(47))
        add(rule, "elapsed_median", .number(8))
        add(rule, "late_mean_over", .tenths(43))
        add(rule, "stopped_band_1_10", .number(14))
        add(rule, "stopped_band_61_up", .number(1))
        add(rule, "running_band_0", .number(4))
        add(rule, "late_overseen", .notAvailable)
        add(rule, "excluded", .number(2))
        add("first_review", "running", .notAvailable)
        add("referral", "unallocated", .number(1))
        report.times.append(
            WorkTimes(
                level: level, name: name, rule: rule,
                open: [.init(days: -8, count: 3), .init(days: 0, count: 1), .init(days: 6, count: 2)],
                stopped: [.init(days: 2, count: 5), .init(days: 10, count: 9), .init(days: 14, count: 1)],
                weeks: Self.sunday.adding(days: -175)...Self.sunday))
        add("referral", "re_referrals", .tenths(182), 4, 22)
        add("referral", "recording_lag_median", .number(3))
        add("referral", "finding_no_date", .number(4))
    }

    /// Adds two trends: one with a signal, and a trial one.
    public mutating func addTrends(_ level: Level, _ name: String) {
        let weeks = (0..<26).map { Self.sunday.adding(days: -7 * Int32(25 - $0)) }
        let points = weeks.enumerated().map { index, week in
            Trend.Point(
                weekEnding: week, numerator: index == 25 ? 12 : index % 3, denominator: 0,
                value: Double(index == 25 ? 12 : index % 3), isHollow: false, lower: -2.5, upper: 4.5)
        }
        report.trends.append(
            Trend(
                level: level, name: name, rule: "initial_assessment", measure: "missed", chart: .xmr, points: points,
                mean: 1, baseline: Self.day("2009-04-12")...Self.day("2009-06-28"), isTrial: false,
                signals: [Signal(cause: .outside, points: 25...25, isHigh: true)]))
        let shares = weeks.suffix(3).enumerated().map { index, week in
            Trend.Point(
                weekEnding: week, numerator: 6 + index, denominator: index == 0 ? 8 : 12,
                value: Double(6 + index) / (index == 0 ? 8 : 12), isHollow: index == 0, lower: 0.25, upper: 1)
        }
        report.trends.append(
            Trend(
                level: level, name: name, rule: "initial_assessment", measure: "in_time", chart: .blocks,
                points: shares, mean: 0.7, isTrial: true))
        let stock = weeks.suffix(4).enumerated().map { index, week in
            Trend.Point(
                weekEnding: week, numerator: 9 + index, denominator: 0, value: Double(9 + index), isHollow: false)
        }
        var broken = Trend(
            level: level, name: name, rule: "initial_assessment", measure: "overdue", chart: .stock, points: stock,
            isTrial: false)
        broken.breaks = [weeks[24]]
        report.trends.append(broken)
    }

    /// Adds an exception and a watch row about a child.
    public mutating func addChild(
        _ child: String, team: String, manager: String, worker: String = "Worker", number: Int = 1,
        isRestricted: Bool = false, status: ExceptionStatus = .new, unit: String? = nil, isWatched: Bool = false
    ) {
        let place = report.places.first { $0.team == team }
        if isRestricted {
            restricted[manager, default: []].insert(child)
        } else {
            children[manager, default: []].insert(child)
        }
        report.exceptions.append(
            ListedException(
                reference: reference(report.exceptions.count), weekEnding: Self.sunday, groupManager: manager,
                unit: unit ?? team, team: team,
                service: place?.service ?? Places.notInStructure, worker: worker, child: child,
                family: "F-\(child)", referral: "R-\(child)", step: "S-\(child)", rule: "initial_assessment", rank: 3,
                kind: "overdue", also: status == .cleared ? "stopped" : "no_oversight",
                startedOn: Self.day("2010-11-04"), dueOn: Self.day("2010-11-18"), elapsed: 16, limit: 10,
                daysOver: Int32(number), referredOn: Self.day("2010-11-04"), discussedOn: nil,
                lastSeenOn: Self.day("2010-11-10"), lastDecisionOn: nil,
                lastEventOn: Self.day("2010-11-10"), status: status, weeksListed: status == .continuing ? 3 : 1,
                isRestricted: isRestricted, promisedOn: nil, isPromiseKept: nil, workingDaysPastDue: Int32(number)))
        guard isWatched else { return }
        report.watch.append(
            ListedWatch(
                weekEnding: Self.sunday, groupManager: manager, unit: unit ?? team, team: team,
                service: place?.service ?? Places.notInStructure, worker: worker, child: child, family: "F-\(child)",
                referral: "R-\(child)", step: "S-\(child)", rule: "first_review", kind: "due_soon",
                startedOn: Self.day("2010-09-02"), dueOn: Self.day("2010-12-02"), elapsed: 87, limit: 91, expected: nil,
                lastSeenOn: nil, lastDecisionOn: nil, lastEventOn: nil, isRestricted: isRestricted))
    }

    private func reference(_ number: Int) -> String {
        let digits = "\(number)"
        return "E-" + String(repeating: "2", count: 10 - digits.count) + digits
    }

    // MARK: Whole reports

    /// One Group Manager with one team and three children.
    public static func small(team: String = "Team North", manager: String = "Ms Green") -> MadeReport {
        var made = MadeReport()
        made.addTeam(team, of: manager)
        made.addTrends(.team, team)
        made.addFigures(.groupManager, manager)
        made.addFigures(.service, "Children in need")
        made.addFigures(.authority, "all")
        made.addChild("C1001", team: team, manager: manager, number: 6, isWatched: true)
        made.addChild("C1002", team: team, manager: manager, worker: "", number: 1, status: .continuing)
        made.addChild("C1003", team: team, manager: manager, number: 4, status: .cleared)
        return made
    }

    /// Three Group Managers, six teams, restricted children, and children under nobody.
    public static func large() -> MadeReport {
        var made = MadeReport()
        for (index, manager) in ["Ms Green", "Mr Brown", "Mx White"].enumerated() {
            for letter in ["A", "B"] {
                let team = "Team \(index + 1)\(letter)"
                made.addTeam(team, of: manager, service: index == 2 ? "Looked after" : "Children in need")
                for number in 1...4 {
                    made.addChild(
                        "CH-\(index + 1)\(letter)-\(number)", team: team, manager: manager,
                        worker: "W-\(index)\(number)", number: number, isRestricted: number == 4,
                        status: number == 3 ? .cleared : .new,
                        isWatched: number != 3)
                }
            }
            made.addFigures(.groupManager, manager)
        }
        for service in ["Children in need", "Looked after"] { made.addFigures(.service, service) }
        made.addFigures(.authority, "all")
        made.report.places.append(
            Place(
                unit: Places.noTeam, team: Places.noTeam, groupManager: Places.notInStructure,
                service: Places.notInStructure, isKnown: false))
        made.addChild("CH-0-1", team: Places.noTeam, manager: "", worker: "", unit: "", isWatched: true)
        made.addTeam("Unit Z", of: "")
        made.addChild("CH-0-2", team: "Unit Z", manager: "")
        return made
    }
}
