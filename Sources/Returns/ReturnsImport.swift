import Cards
import Reports
public import WorkingCalendar

/// Takes the answers of a returned file.
public struct ReturnsImport: Sendable {
    /// What became of a row.
    public enum Fate: Hashable, Sendable {
        case taken
        /// The exception now has another reference, under which the answer goes on.
        case takenAs(String)
        /// The exception is no longer listed; the answer is kept.
        case noLongerListed
        case refused(String)
        case unanswered
    }

    /// A row of the file with what became of it.
    public struct Line: Hashable, Sendable {
        public var sheet: String
        public var row: Int
        /// The reference; empty for one that is none of the set's, which might be anything.
        public var exception: String
        public var fate: Fate
    }

    /// The week of the set that was answered.
    public let weekEnding: CivilDate
    /// Every row of the file, in its order.
    public let lines: [Line]
    /// The exceptions of the Group Managers in the file that it does not mention, leaves blank, or that are refused.
    public let unanswered: Int
    /// The file that keeps the answers; `nil` where none was taken.
    public let keptIn: String?

    /// Reads a file, checks every row and keeps the answers of those that can be taken.
    ///
    /// - Parameters:
    ///   - path: The workbook or CSV that came back.
    ///   - folder: The folder of the published sets.
    ///   - set: The hash of the set, for a file without a cover.
    ///   - today: The day after which nobody can have been seen.
    ///   - calendar: The working days.
    ///   - merged: The references of children that became others, each with the one of now.
    /// - Throws: ``ReturnsError``, with nothing taken.
    public init(
        _ path: String, sets folder: String, set: String?, today: CivilDate, calendar: WorkingCalendar,
        merged: [String: String] = [:]
    ) throws(ReturnsError) {
        let file = try ReturnedFile(path)
        let published = try PublishedSets(folder)
        let answered = try Self.chosen(file.set ?? set, published, path)
        let newestSet = published.sets.last ?? answered
        let newest = Listing(newestSet, merged: merged)
        let store = ReturnStore(sets: folder)
        // A date can be put right until the next set has told of it.
        let isTold = newestSet.weekEnding > answered.weekEnding
        let earlier = Self.promises(
            ReturnStore.revisions(of: try store.answers()).filter {
                $0.weekEnding < answered.weekEnding || isTold && $0.weekEnding == answered.weekEnding
            }, Listing(answered, merged: merged))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var lines: [Line] = []
        var kept: [ReturnStore.Kept] = []
        var answeredRows: Set<String> = []
        for row in file.rows {
            let reference = row.text(.exception)
            func add(_ fate: Fate) {
                let isKnown = answered.rows[reference] != nil
                lines.append(
                    Line(sheet: file.sheet, row: row.number, exception: isKnown ? reference : "", fate: fate))
            }
            guard !row.isBlank else {
                add(.unanswered)
                continue
            }
            do throws(Refusal) {
                guard !answeredRows.contains(reference) else { throw Refusal("is answered twice in this file") }
                let limits = Answer.Limits(
                    weekEnding: answered.weekEnding, today: today, calendar: calendar, earlier: earlier[reference])
                let (about, answer) = try Self.checked(row, answered, limits)
                let listedAs = newest.reference(
                    reference, child: about.child, rule: about.rule, referral: about.referral)
                answeredRows.insert(reference)
                kept.append(
                    ReturnStore.Kept(
                        set: answered.hash, weekEnding: answered.weekEnding, exception: reference,
                        listedAs: listedAs ?? "",
                        child: about.child, rule: about.rule, referral: about.referral, answer: answer,
                        source: [name, file.sheet, "row \(row.number)"].filter { !$0.isEmpty }.joined(separator: ", ")))
                add(listedAs.map { $0 == reference ? .taken : .takenAs($0) } ?? .noLongerListed)
            } catch {
                add(.refused(error.words))
            }
        }
        weekEnding = answered.weekEnding
        self.lines = lines
        let managers = Set(file.rows.compactMap { answered.rows[$0.text(.exception)]?.groupManager })
        unanswered = answered.rows.values.count {
            managers.contains($0.groupManager) && !answeredRows.contains($0.reference)
        }
        keptIn = kept.isEmpty ? nil : try store.keep(kept, of: file.bytes)
    }

    /// Why a row is refused, without what stands in it.
    private struct Refusal: Error {
        var words: String

        init(_ words: String) { self.words = words }
    }

    /// The set that a file answers.
    private static func chosen(
        _ hash: String?, _ published: PublishedSets, _ path: String
    ) throws(ReturnsError) -> PublishedSets.Set {
        guard let hash else {
            throw ReturnsError(
                .whichSet, "\(path): the file does not say which set it answers",
                hint: "give the set with --set; its hash stands on the cover of the workbook and in run.json")
        }
        guard let set = published.sets.last(where: { $0.hash == hash }) else {
            throw ReturnsError(
                .unknownSet, "\(path): the set it answers is not one of those published here",
                hint: "check that it is a file of this council, and that --out names the folder of its sets; where the "
                    + "set was made again since, the new workbook has to be answered")
        }
        return set
    }

    /// The exception a row is about, and its answer.
    private static func checked(
        _ row: ReturnedFile.Row, _ set: PublishedSets.Set, _ limits: Answer.Limits
    ) throws(Refusal) -> (PublishedSets.Row, Answer) {
        guard let about = set.rows[row.text(.exception)] else {
            throw Refusal("names an exception that is not in the set")
        }
        let child = row.text(.child)
        guard child == Restriction.word || isSame(child, about.child), row.text(.rule) == about.rule else {
            throw Refusal("names another child or rule than its exception: was one column sorted alone?")
        }
        do {
            return (about, try Answer(row, limits))
        } catch {
            throw Refusal("\(error.column.heading) \(error.words)")
        }
    }

    /// Whether two references of a child are the same, though a spreadsheet may have taken one for a number.
    private static func isSame(_ a: String, _ b: String) -> Bool {
        func withoutZeros(_ text: String) -> Substring { text.drop { $0 == "0" } }
        let areDigits = !a.isEmpty && (a + b).utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        return a == b || (areDigits && withoutZeros(a) == withoutZeros(b))
    }

    /// The newest answers with a date, by the references that what they are about has in a set.
    private static func promises(_ answers: [ReturnStore.Kept], _ listing: Listing) -> [String: Answer] {
        var promises: [String: Answer] = [:]
        for kept in answers {
            if let now = listing.reference(of: kept) { promises[now] = kept.answer }
        }
        return promises
    }
}
