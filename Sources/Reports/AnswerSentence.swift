import Cards
import Rules
import WorkingCalendar

/// The sentence at the head of a Group Manager's page: how many children need an answer from her, and why.
///
/// What is said, and in which order, is written here once:
/// 1. children who need an answer, with the day by which; of them, as far as there are any and at most three of:
///    not seen in time, whose promised date has passed, with nobody allocated, with child protection work overdue,
///    new this week;
/// 2. children for whom only a completed assessment waits for a signature;
/// 3. children of whom only a record is to be put right;
/// 4. where nobody needs anything, how many children are on the watch list.
///
/// Where more than three children need an answer, a second sentence names the three to ask about first, one of each
/// family: in the order of the reasons of 1, never seen at all before not seen since, and for one reason in the order
/// of the rows.
///
/// Each child counts once, under the first of 1 to 3 that holds for any of its rows. Cleared rows count nowhere.
struct AnswerSentence: Sendable {
    /// The children of each sort.
    private var answers: [String: [ListedException]] = [:]
    private var signatures: Set<String> = []
    private var records: Set<String> = []
    /// A row of each of the three children to ask about first; empty where there are no others.
    private(set) var askedFirst: [ListedException] = []
    private let watched: Int
    private let dueOn: CivilDate
    private let protectionRules: Set<String>

    /// - Parameters:
    ///   - exceptions: The rows of one Group Manager.
    ///   - watch: Her watch list.
    ///   - rules: The rules of the run, which say what is child protection work.
    ///   - answersDue: The third working day after the week.
    init(_ exceptions: [ListedException], watch: [ListedWatch], rules: [Rule], answersDue: CivilDate) {
        let shapes: Set<ClockShape> = [.conference, .childSeen, .afterConference, .laterReview, .transferIn]
        protectionRules = Set(rules.filter { shapes.contains($0.shape) }.map(\.name))
        dueOn = answersDue
        watched = Set(watch.map(Self.child)).count
        let byChild = Dictionary(grouping: exceptions.filter(\.counts), by: Self.child)
        for (child, rows) in byChild {
            let grave = rows.filter { !Self.isSignature($0) && !Self.isRecord($0) }
            if !grave.isEmpty {
                answers[child] = grave
            } else if rows.contains(where: Self.isSignature) {
                signatures.insert(child)
            } else {
                records.insert(child)
            }
        }
        if answers.count > 3 { askedFirst = mostUrgent(exceptions) }
    }

    private func mostUrgent(_ rows: [ListedException]) -> [ListedException] {
        var seen: Set<String> = []
        let children = rows.filter { answers[Self.child($0)] != nil && seen.insert(Self.child($0)).inserted }
        let byReason = children.enumerated().map { place, row in
            (reason: reason(answers[Self.child(row)] ?? []), place: place, row: row)
        }.sorted { ($0.reason, $0.place) < ($1.reason, $1.place) }
        var families: Set<String> = []
        let named = byReason.map(\.row).filter { row in
            row.isRestricted || row.family.isEmpty || families.insert(row.family).inserted
        }
        return Array(named.prefix(3))
    }

    /// The place of the first reason that holds for a child, in the order of the sentence.
    private func reason(_ rows: [ListedException]) -> Int {
        let reasons: [(ListedException) -> Bool] = [
            { Self.has(.childNotSeen)($0) && $0.lastSeenOn == nil }, Self.has(.childNotSeen),
            { $0.isPromiseKept == false }, Self.has(.unallocated), isProtection,
        ]
        return reasons.firstIndex { rows.contains(where: $0) } ?? reasons.count
    }

    private static func has(_ kind: ExceptionKind) -> (ListedException) -> Bool {
        { $0.kind == kind.rawValue || $0.also.split(separator: " ").contains { $0 == kind.rawValue } }
    }

    private func isProtection(_ row: ListedException) -> Bool {
        protectionRules.contains(row.rule) && row.kind != ExceptionKind.childNotSeen.rawValue
    }

    /// Where a row stands on the page: those of the children to ask about first, each with its family after it, and
    /// then all others, whose place is one and the same.
    func place(_ row: ListedException) -> Int {
        let named = askedFirst.firstIndex {
            Self.child($0) == Self.child(row) || (!row.isRestricted && !row.family.isEmpty && $0.family == row.family)
        }
        guard let named else { return .max }
        return named * 2 + (Self.child(askedFirst[named]) == Self.child(row) ? 0 : 1)
    }

    /// Restricted children have the same word for a name, so their references tell them apart.
    private static func child(_ row: ListedException) -> String { row.isRestricted ? row.reference : row.child }
    private static func child(_ row: ListedWatch) -> String {
        row.isRestricted ? "\(row.rule) \(row.startedOn) \(row.dueOn)" : row.child
    }

    private static func isSignature(_ row: ListedException) -> Bool { row.rule == "authorisation" }
    private static func isRecord(_ row: ListedException) -> Bool { row.kind == ExceptionKind.finding.rawValue }

    /// The sentence.
    var text: String {
        let by = "by \(Self.weekdays[Int(dueOn.weekday)]) \(PageText.date(dueOn))"
        var rest: [String] = []
        let more = answers.isEmpty ? "" : "more "
        if !signatures.isEmpty {
            rest.append("\(signatures.count) \(more)\(signatures.count == 1 ? "needs" : "need") only a signature")
        }
        if !records.isEmpty {
            rest.append("\(records.count) \(more)\(records.count == 1 ? "needs" : "need") only a record put right")
        }
        guard !answers.isEmpty else {
            guard !rest.isEmpty else { return nothing }
            return "No child waits for a decision from you; \(rest.joined(separator: " and ")) \(by)."
        }
        let children = PageText.count(answers.count, "child needs", "children need")
        let reasons = reasons
        return "\(children) an answer from you \(by)" + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))")
            + rest.map { "; \($0)" }.joined() + "." + askFirst
    }

    private var askFirst: String {
        let names = askedFirst.map { row in
            row.child == Restriction.word ? "a restricted child" : PageText.clean(row.child)
        }
        guard let last = names.last else { return "" }
        return " Ask first about " + (names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " : "") + last
            + "."
    }

    private var nothing: String {
        guard watched > 0 else {
            return "No child needs an answer from you this week, and none is on the watch list."
        }
        return "No child needs an answer from you this week; "
            + "\(PageText.count(watched, "child is", "children are")) on the watch list."
    }

    /// At most three reasons, each with its number of children.
    private var reasons: [String] {
        func count(_ holds: (ListedException) -> Bool) -> Int { answers.values.count { $0.contains(where: holds) } }
        let new = answers.values.count { $0.allSatisfy { $0.status == .new } }
        let parts: [(number: Int, words: String)] = [
            (count(Self.has(.childNotSeen)), "not seen in time"),
            (count { $0.isPromiseKept == false }, "whose promised date has passed"),
            (count(Self.has(.unallocated)), "with nobody allocated"),
            (count(isProtection), "with child protection work overdue"), (new, "new this week"),
        ]
        return parts.filter { $0.number > 0 }.prefix(3).map { number, words in
            guard number == answers.count else { return "\(number) \(words)" }
            return number > 1 ? "all \(words)" : words
        }.enumerated().map { place, words in
            // The reasons are some of the children's, and one child may have several.
            place == 0 && words.first?.isNumber == true ? "among them \(words)" : words
        }
    }

    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}
