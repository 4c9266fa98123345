import WorkingCalendar

/// Lets exceptions that are equal in child, rule and start keep the references they had on the list before.
///
/// Such rows are told apart by a number, in the order of their steps. Where one of them comes or goes, by a merge, an
/// end or a late entry, the others get another number, and so the reference under which something was promised for
/// another one. A row is the same as before where its referral and step are.
struct KeptReferences {
    private(set) var rows: [ListedException]
    private var left: Set<Int> = []

    /// - Parameters:
    ///   - rows: The list of now, with its references by number.
    ///   - published: The list before, with its children under their references of now.
    init(_ rows: [ListedException], after published: [ListedException]) {
        self.rows = rows
        guard !published.isEmpty else { return }
        let places = Dictionary(grouping: rows.indices) { Key(rows[$0]) }
        for (key, old) in Dictionary(grouping: published, by: Key.init) {
            if let own = places[key] { settle(key, own, old) }
        }
        self.rows = self.rows.indices.filter { !left.contains($0) }.map { self.rows[$0] }
    }

    /// How many equal rows are thought to have left at most while one of them stands.
    private static let mostLeft = 100

    /// What rows have in common that a number tells apart.
    private struct Key: Hashable {
        var child: String
        var rule: String
        var startedOn: CivilDate?

        init(_ row: ListedException) { (child, rule, startedOn) = (row.child, row.rule, row.startedOn) }

        func reference(_ number: Int) -> String { RowLister.reference(child, rule, startedOn, number: number) }
    }

    /// What a row is about.
    private struct Subject: Hashable {
        var referral: String
        var step: String

        init(_ row: ListedException) { (referral, step) = (row.referral, row.step) }

        /// Whether a step was put under another referral.
        static func haveOneStep(_ a: Self, _ b: Self) -> Bool { a.step == b.step && !a.step.isEmpty }

        /// Whether a step was named that had no reference.
        static func haveOneReferral(_ a: Self, _ b: Self) -> Bool {
            a.referral == b.referral && (a.step.isEmpty || b.step.isEmpty)
        }
    }

    private mutating func settle(_ key: Key, _ places: [Int], _ old: [ListedException]) {
        let now = Set(places.map { rows[$0].reference })
        // One that was there alone goes on, whatever its referral and step are called now.
        if now.count == 1, now == Set(old.map(\.reference)) { return }
        // Numbers may be higher than there are rows: those before them have left.
        let numbered = (1...places.count + old.count + Self.mostLeft).map(key.reference)
        // What each reference stood for; one that nothing stands for now is given to no other.
        var owned = numbered.compactMap { reference in
            old.first { $0.reference == reference }.map { (reference: reference, subject: Subject($0)) }
        }
        let known = Set(owned.map(\.reference))
        var free = numbered.filter { !known.contains($0) }[...]
        func take(_ subject: Subject, _ isSame: (Subject, Subject) -> Bool) -> String? {
            owned.firstIndex { isSame($0.subject, subject) }.map { owned.remove(at: $0).reference }
        }
        let ordered = places.sorted {
            (numbered.firstIndex(of: rows[$0].reference) ?? 0) < (numbered.firstIndex(of: rows[$1].reference) ?? 0)
        }
        let standing = ordered.filter { rows[$0].counts }
        var given: [Int: String] = [:]
        for place in standing { given[place] = take(Subject(rows[place]), ==) }
        // What was there under another child's reference goes on by its ``Succession``.
        let before = Set(old.map(Subject.init))
        for isSame in [Subject.haveOneStep, Subject.haveOneReferral] {
            for place in standing where given[place] == nil && !before.contains(Subject(rows[place])) {
                given[place] = take(Subject(rows[place]), isSame)
            }
        }
        var held: [Subject: (reference: String, groupManager: String)] = [:]
        for place in standing {
            let reference = given[place] ?? free.removeFirst()
            rows[place].reference = reference
            held[Subject(rows[place])] = held[Subject(rows[place])] ?? (reference, rows[place].groupManager)
        }
        var gone: [Subject: String] = [:]
        for place in ordered where !rows[place].counts {
            let subject = Subject(rows[place])
            if let same = held[subject] {
                rows[place].reference = same.reference
                (rows[place].also, rows[place].stoppedOn) = (Clearance.moved.rawValue, nil)
                // It only seems to have left, because its number is another's now.
                if same.groupManager == rows[place].groupManager { left.insert(place) }
            } else if rows[place].also == Clearance.moved.rawValue {
                // It only seems to have moved; ``LateClearances`` says how it left.
                left.insert(place)
            } else {
                let reference = gone[subject] ?? take(subject, ==) ?? free.removeFirst()
                rows[place].reference = reference
                gone[subject] = reference
            }
        }
    }
}
