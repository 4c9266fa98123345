import Cards
import DelimitedText
import FoundationEssentials
public import Reports
public import WorkingCalendar

/// The exceptions of a weekly set, each with what was answered so far.
public struct AnsweredSet: Sendable {
    /// What of a Group Manager's list has been answered.
    public struct Count: Hashable, Sendable {
        public var groupManager: String
        public var listed = 0
        public var answered = 0
        /// Of those listed, how many had a promised date that has passed.
        public var broken = 0
        /// Of those answered, how many have had a date revised before.
        public var revisedAgain = 0

        public var missing: Int { listed - answered }
    }

    /// The Sunday of the set.
    public let weekEnding: CivilDate
    /// The set's `exceptions.csv` without cleared rows, the columns of answers filled in.
    public let table: Table
    /// For each Group Manager, in the order of their names.
    public let counts: [Count]

    /// Reads the newest set of a folder, or that of a week, and the answers to it.
    ///
    /// Of two answers to one exception the later file counts.
    ///
    /// - Parameters:
    ///   - folder: The folder of the published sets.
    ///   - week: The week of the set; without it, the newest.
    ///   - merged: The references of children that became others, each with the one of now.
    /// - Throws: ``ReturnsError`` where there is no such set.
    public init(
        sets folder: String, week: ISOWeek? = nil, merged: [String: String] = [:]
    ) throws(ReturnsError) {
        let sets = try PublishedSets(folder).sets
        guard let set = week == nil ? sets.last : sets.last(where: { $0.weekEnding == week?.ending }) else {
            throw ReturnsError(
                .noSets, "\(folder): the week \(week.map { "\($0)" } ?? "") has no set here",
                hint: "`cards nightly` or `cards weekly --out` makes it")
        }
        weekEnding = set.weekEnding
        let path = "\(set.folder)/data/exceptions.csv"
        guard let text = try? Data(contentsOf: URL(filePath: path)), let records = plainRecords([UInt8](text)),
            let header = records.first?.fields
        else {
            throw ReturnsError(.noSets, "\(path): the exceptions cannot be read", hint: "check that you may read them")
        }
        var answers: [String: Answer] = [:]
        var revisions: [String: Set<CivilDate>] = [:]
        let listing = Listing(set, merged: merged)
        let kept = try ReturnStore(sets: folder).answers()
        for kept in ReturnStore.revisions(of: kept) where kept.weekEnding <= set.weekEnding {
            if let date = kept.answer.revisedOn, let reference = listing.reference(of: kept) {
                revisions[reference, default: []].insert(date)
            }
        }
        for kept in kept where kept.set == set.hash { answers[kept.exception] = kept.answer }
        func place(_ name: String) -> Int { header.firstIndex(of: name) ?? 0 }
        var counts: [String: Count] = [:]
        var rows: [[String]] = []
        for record in records.dropFirst() where record.fields.count == header.count {
            var cells = record.fields.map(ReturnedFile.plain)
            guard cells[place("status")] != ExceptionStatus.cleared.rawValue else { continue }
            let reference = cells[place("exception")]
            let manager = cells[place("group_manager")]
            var count = counts[manager] ?? Count(groupManager: manager)
            count.listed += 1
            if cells[place("previous_kept")] == "no" { count.broken += 1 }
            if let answer = answers[reference] {
                count.answered += 1
                if revisions[reference, default: []].count > 1 { count.revisedAgain += 1 }
                for (column, value) in answer.cells { cells[place(column)] = value }
            }
            counts[manager] = count
            rows.append(cells)
        }
        table = Table(header: header, rows: rows)
        self.counts = counts.values.sorted { $0.groupManager.utf8.lexicographicallyPrecedes($1.groupManager.utf8) }
    }
}

extension Answer {
    /// What stands in the columns of `exceptions.csv`.
    fileprivate var cells: [(column: String, value: String)] {
        func day(_ date: CivilDate?) -> String { date.map { "\($0)" } ?? "" }
        return [
            ("reason", reason?.rawValue ?? ""), ("child_safe", childSafe), ("seen_on", day(seenOn)), ("action", action),
            ("owner_role", owner?.rawValue ?? ""), ("revised_date", day(revisedOn)),
            ("agreed_by_role", agreedBy?.rawValue ?? ""), ("note", note),
        ]
    }
}
