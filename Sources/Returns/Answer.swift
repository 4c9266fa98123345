public import Cards
import Reports
public import WorkingCalendar

/// What a Group Manager answered about one exception, once it is known to make sense.
public struct Answer: Hashable, Sendable {
    public var reason: ReasonCode?
    /// `yes`, `no` or `not known`; empty where nothing was said.
    public var childSafe: String
    public var seenOn: CivilDate?
    public var action: String
    public var owner: AnswerRole?
    public var revisedOn: CivilDate?
    public var agreedBy: AnswerRole?
    public var note: String

    init(
        reason: ReasonCode?, childSafe: String, seenOn: CivilDate?, action: String, owner: AnswerRole?,
        revisedOn: CivilDate?, agreedBy: AnswerRole?, note: String
    ) {
        self.reason = reason
        self.childSafe = childSafe
        self.seenOn = seenOn
        self.action = action
        self.owner = owner
        self.revisedOn = revisedOn
        self.agreedBy = agreedBy
        self.note = note
    }

    /// What an answer is checked against.
    struct Limits {
        /// The Sunday of the set that is answered.
        var weekEnding: CivilDate
        var today: CivilDate
        var calendar: WorkingCalendar
        /// The answer to the same exception with the last revised date before this one, where there was one.
        var earlier: Answer?
    }

    /// Reads a row.
    ///
    /// - Throws: ``Problem`` with the first thing that is wrong, in the order of the columns.
    init(_ row: ReturnedFile.Row, _ limits: Limits) throws(Problem) {
        reason = try Self.one(.reason, of: row) { text in ReasonCode(rawValue: text.uppercased()) }
        childSafe =
            try Self.one(.childSafe, of: row) { text in
                ReturnColumn.safety.first { $0 == text.lowercased() }
            } ?? ""
        seenOn = try Self.date(.seenOn, of: row)
        if let seenOn, seenOn > limits.today { throw Problem(.seenOn, "lies in the future") }
        action = try Self.text(.action, of: row)
        owner = try Self.role(.ownerRole, of: row)
        revisedOn = try Self.date(.revisedDate, of: row)
        if let revisedOn {
            guard revisedOn > limits.weekEnding else { throw Problem(.revisedDate, "is not after the week of the set") }
            guard limits.calendar.covers(revisedOn) else {
                throw Problem(.revisedDate, "is later than any bank holiday that is known")
            }
            guard limits.calendar.isWorkingDay(revisedOn) else { throw Problem(.revisedDate, "is not a working day") }
        }
        agreedBy = try Self.role(.agreedByRole, of: row)
        if revisedOn != nil, let earlier = limits.earlier, earlier.revisedOn != revisedOn {
            guard let agreedBy else { throw Problem(.agreedByRole, "is needed: the date was revised once already") }
            if let before = earlier.agreedBy {
                guard agreedBy > before || (agreedBy == before && before == AnswerRole.allCases.last) else {
                    throw Problem(
                        .agreedByRole, "must be more senior than before: the date was revised once already")
                }
            }
        }
        note = try Self.text(.note, of: row)
    }

    /// What is wrong with a row, without what stands in it.
    struct Problem: Error, Equatable {
        var column: ReturnColumn
        var words: String

        init(_ column: ReturnColumn, _ words: String) {
            self.column = column
            self.words = words
        }
    }

    private static func one<Value>(
        _ column: ReturnColumn, of row: ReturnedFile.Row, _ value: (String) -> Value?
    ) throws(Problem) -> Value? {
        let text = row.text(column)
        guard !text.isEmpty else { return nil }
        guard let found = value(text) else { throw Problem(column, "is none of the list") }
        return found
    }

    private static func role(_ column: ReturnColumn, of row: ReturnedFile.Row) throws(Problem) -> AnswerRole? {
        try one(column, of: row) { text in
            AnswerRole.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
        }
    }

    private static func text(_ column: ReturnColumn, of row: ReturnedFile.Row) throws(Problem) -> String {
        let text = PageText.clean(row.text(column))
        guard text.count <= ReturnColumn.mostCharacters else {
            throw Problem(column, "has more than \(ReturnColumn.mostCharacters) characters")
        }
        return text
    }

    private static func date(_ column: ReturnColumn, of row: ReturnedFile.Row) throws(Problem) -> CivilDate? {
        let text = row.text(column)
        guard !text.isEmpty else { return nil }
        guard let date = date(text) else { throw Problem(column, "is no date, as yyyy-mm-dd or dd/mm/yyyy") }
        return date
    }

    /// A real date as our reader of workbooks gives it, ISO, with a time or without, or `dd/mm/yyyy`.
    private static func date(_ text: String) -> CivilDate? {
        let day = text.prefix { $0 != "T" && $0 != " " }
        if let date = CivilDate(String(day)) { return date }
        let parts = day.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, (1...2).contains(parts[0].count), (1...2).contains(parts[1].count), parts[2].count == 4,
            let date = Int32(parts[0]), let month = Int32(parts[1]), let year = Int32(parts[2])
        else { return nil }
        return CivilDate(year: year, month: month, day: date)
    }
}
