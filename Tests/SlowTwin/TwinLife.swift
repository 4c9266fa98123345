import WorkingCalendar

/// "Life": the lists as at each Sunday, compared.
struct TwinExceptionLists {
    let context: TwinContext
    private var memory: [CivilDate: [TwinException]] = [:]

    init(context: TwinContext) { self.context = context }

    private mutating func list(_ day: CivilDate) -> [TwinException] {
        if let known = memory[day] { return known }
        let rows = TwinWorld(context, asAt: day).exceptions()
        memory[day] = rows
        return rows
    }

    /// "Rows match on child, rule and `started_on` (and their order by step id where these are equal)".
    private func keys(_ list: [TwinException]) -> [[String]] {
        list.indices.map { index in
            func name(_ row: TwinException) -> [String] { [row.child, row.rule, row.start?.description ?? ""] }
            func place(_ other: Int) -> [String] { [list[other].step, list[other].referral, String(1000 + other)] }
            let own = name(list[index])
            let number = list.indices.filter { name(list[$0]) == own && before(place($0), place(index)) }.count
            return own + [String(number)]
        }
    }

    /// The rows of `exceptions.csv` as at a date, the cleared ones last.
    mutating func rows(asAt: CivilDate, weekEnding: CivilDate) -> [[String]] {
        let world = TwinWorld(context, asAt: asAt)
        let now = list(asAt)
        let nowKeys = keys(now)
        let sundayBefore = asAt.sundayBefore
        let last = list(sundayBefore)
        let lastKeys = keys(last)
        var lines: [[String]] = []
        for (row, key) in zip(now, nowKeys) {
            let weeks = sundaysHeld(key, asAt: asAt)
            let status = lastKeys.contains(key) ? "continuing" : "new"
            lines.append(line(row, weekEnding, also: otherKinds(row), status: status, weeks: max(1, weeks)))
        }
        var cleared: [TwinException] = []
        for (old, key) in zip(last, lastKeys) {
            var row = old
            if let index = nowKeys.firstIndex(of: key) {
                guard now[index].manager != row.manager else { continue }
                row.how = "moved"
            } else {
                row.how = howCleared(row, world)
            }
            cleared.append(row)
        }
        for row in world.familiesTogether(cleared.sorted { before($0.place, $1.place) }) {
            lines.append(line(row, weekEnding, also: row.how, status: "cleared", weeks: 0))
        }
        return lines
    }

    private func otherKinds(_ row: TwinException) -> String {
        row.kinds.dropFirst().map(\.name).joined(separator: " ")
    }

    /// Sundays up to the as-at date on which the row has held without a break, looking back to the first Sunday before
    /// the earliest date in the run, or, where it has none, before the as-at date.
    private mutating func sundaysHeld(_ key: [String], asAt: CivilDate) -> Int {
        let earliest = context.reading.kept.map(\.date).min() ?? asAt
        let bound = earliest.sundayBefore
        var sunday = asAt.weekday == 6 ? asAt : asAt.sundayBefore
        var count = 0
        while sunday >= bound, keys(list(sunday)).contains(key) {
            count += 1
            sunday = sunday.plus(-7)
        }
        return count
    }

    /// "`stopped` or `voided` where its clock (child, rule, start) now is; else `changed`".
    private func howCleared(_ row: TwinException, _ world: TwinWorld) -> String {
        let same = world.allClocks().filter {
            $0.child == row.child && $0.rule.name == row.rule && $0.start == row.start
        }
        let exact = same.first { $0.stepId == row.step && world.referrals[$0.referral].id == row.referral }
        switch (exact ?? same.min { before($0.stepId, $1.stepId) })?.state {
        case .stopped: return "stopped"
        case .void: return "voided"
        default: return "changed"
        }
    }

    private func line(
        _ row: TwinException, _ weekEnding: CivilDate, also: String, status: String, weeks: Int
    ) -> [String] {
        func text(_ date: CivilDate?) -> String { date?.description ?? "" }
        func text(_ number: Int?) -> String { number.map { String($0) } ?? "" }
        let given: [String] = [
            "", text(weekEnding), row.manager, row.team, row.worker, row.child, row.family, row.referral, row.step,
            row.rule, text(row.rank), row.kinds.first?.name ?? "", also, text(row.start), text(row.due),
            text(row.elapsed), text(row.limit), text(row.daysOver), text(row.seen), text(row.decision),
            text(row.event), status, text(weeks),
        ]
        return given + Array(repeating: "", count: 10)
    }
}
