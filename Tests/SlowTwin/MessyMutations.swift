import WorkingCalendar

/// The ways in which rows go wrong.
extension MessyCases {
    private static let vocabulary = verbsInOrder.flatMap(\.events)

    mutating func spoil(withRecorded: Bool) {
        let pad = random.pick([4, 10, 20])
        for index in rows.indices {
            if random.chance(pad / 2) { rows[index].referral = "" }
            if random.chance(pad / 3) { rows[index].step = "" }
            if random.chance(pad / 4) { rows[index].date = rows[index].date.plus(random.number(-9...9)) }
            if random.chance(pad / 6) { rows[index].referral = "R\(random.number(1...4))" }
            if withRecorded { record(index) }
        }
        for _ in 0..<random.number(0...3) where !rows.isEmpty { duplicateOne(withRecorded) }
        for _ in 0..<random.number(0...2) where !rows.isEmpty { noise() }
        for _ in 0..<random.number(0...2) where !rows.isEmpty { rejectOne() }
        if random.chance(8) { batch() }
        rows.shuffle(using: &random)
    }

    private mutating func record(_ index: Int) {
        switch random.number(0...19) {
        case 0...3: rows[index].recorded = nil
        case 4: rows[index].recorded = rows[index].date.plus(-random.number(1...6))
        case 5...9: rows[index].recorded = rows[index].date
        case 10...16: rows[index].recorded = rows[index].date.plus(random.number(1...8))
        default: rows[index].recorded = rows[index].date.plus(random.number(9...40))
        }
        if rows[index].event == "icpc_arranged", random.chance(70) {
            rows[index].recorded = rows[index].date.plus(-random.number(0...20))
        }
    }

    private mutating func duplicateOne(_ withRecorded: Bool) {
        var copy = random.pick(rows)
        if random.chance(40) { copy.team = random.pick(units + [""]) }
        if random.chance(15) { copy.outcome = random.pick(["A", "B", "C"]) }
        if random.chance(30) { copy.worker = random.pick(["W1", "W2", ""]) }
        if withRecorded, random.chance(50) { copy.recorded = copy.date.plus(random.number(-2...6)) }
        rows.append(copy)
    }

    /// A row out of nowhere, on a date and for a child that occur.
    private mutating func noise() {
        let child = random.pick(rows).child
        let near = random.pick(rows).date
        var row = MessyRow(child: child, event: random.pick(Self.vocabulary), date: near.plus(random.number(-3...3)))
        if random.chance(50) { row.referral = random.pick(rows).referral }
        if random.chance(50) { row.step = random.pick(rows).step }
        if random.chance(50) { row.team = random.pick(units) }
        rows.append(row)
    }

    private mutating func rejectOne() {
        var row = random.pick(rows)
        switch random.number(0...9) {
        case 0: row.child = random.pick(["", "NULL", "#n/a"])
        case 1: row.event = random.pick(["case_opened", "", "s47_authorised"])
        case 2: row.isShort = true
        case 3: row.badDate = random.pick(["", "1900-01-01", "9999-12-31", "NULL", "-1", "01/01/1900"])
        case 4: row.badDate = random.pick(["soon", "2010/11", "20101101", "1899-12-30"])
        default:
            // A ghost: a start whose date cannot be used.
            row.event = random.pick(assessmentKinds + ["s47"]) + "_started"
            row.badDate = random.pick(["", "9999-12-31", "tbc"])
            if random.chance(50) { row.step = random.pick(["", "G1"]) }
            if random.chance(40) { row.referral = "" }
        }
        rows.append(row)
    }

    /// A manager signs everything on one day.
    private mutating func batch() {
        let day = base.plus(random.number(20...40))
        for index in rows.indices where rows[index].event.hasSuffix("_authorised") {
            rows[index].date = day
            rows[index].manager = "M1"
        }
        let children = Array(Set(rows.map(\.child))).sorted()
        for number in 1...5 {
            var row = MessyRow(child: random.pick(children), event: "initial_assessment_authorised", date: day)
            row.step = "B\(number)"
            row.manager = "M1"
            rows.append(row)
        }
    }
}
