import Crypto
import Exports

/// What is told of a child, without the names of its referrals and steps: the same however a system numbers them.
struct ChildForm {
    /// A digest of the rows; equal where only references differ, or the order of the rows.
    let digest: [UInt8]

    /// - Complexity: O(*n* log *n*) in the child's rows.
    init(_ rows: [KeptRow]) {
        let contents = rows.map(Self.content)
        // What a step is: its rows.
        let stepRows = Self.groups(rows, \.step)
        var stepKeys: [ExactText: UInt64] = [:]
        for (step, places) in stepRows { stepKeys[step] = Self.key(places.map { contents[$0] }) }
        // What a referral is: its rows, and the steps they belong to.
        let referralRows = Self.groups(rows, \.referral)
        var referralKeys: [ExactText: UInt64] = [:]
        for (referral, places) in referralRows {
            referralKeys[referral] = Self.key(
                places.map { Self.key([contents[$0], stepKeys[ExactText(rows[$0].step)] ?? 0]) })
        }
        let referrals = Self.numbers(referralKeys.map { ($0.key, [$0.value]) })
        // Steps that are the same are told apart by the referrals they are in.
        let steps = Self.numbers(
            stepRows.map { step, places in
                (step, [stepKeys[step] ?? 0] + places.map { referrals[ExactText(rows[$0].referral)] ?? 0 }.sorted())
            })
        let lines = rows.indices.map { place in
            Self.key([
                contents[place], referrals[ExactText(rows[place].referral)] ?? 0,
                steps[ExactText(rows[place].step)] ?? 0,
            ])
        }
        var hash = SHA256()
        for line in lines.sorted() { Self.add(line, to: &hash) }
        digest = Array(hash.finalize().prefix(Self.length))
    }

    /// The length of a digest.
    static let length = 16

    /// A digest of the rows as they stand, without their lines: equal only where nothing differs at all.
    ///
    /// - Complexity: O(*n*) in the child's rows, which are neither grouped nor sorted.
    static func verbatim(_ rows: [KeptRow]) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(number: Int) {
            if number >= 10 { add(number: number / 10) }
            bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
        }
        // With its length, so that nothing can stand for something else.
        func add(_ text: String) {
            add(number: text.utf8.count)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: text.utf8)
        }
        for row in rows {
            add("\(row.source)")
            add(row.referral)
            add(row.step)
            add(row.rest)
        }
        return Array(SHA256.hash(data: bytes).prefix(length))
    }

    /// The places of the rows of each reference; rows without one belong to none.
    private static func groups(_ rows: [KeptRow], _ reference: KeyPath<KeptRow, String>) -> [ExactText: [Int]] {
        var groups: [ExactText: [Int]] = [:]
        for place in rows.indices where !rows[place][keyPath: reference].isEmpty {
            groups[ExactText(rows[place][keyPath: reference]), default: []].append(place)
        }
        return groups
    }

    /// A number from 1 on for each reference, in the order of what they are; equals share nothing but their order.
    private static func numbers(_ references: [(ExactText, [UInt64])]) -> [ExactText: UInt64] {
        let ordered = references.sorted {
            $0.1 == $1.1 ? $0.0.precedes($1.0) : $0.1.lexicographicallyPrecedes($1.1)
        }
        var numbers: [ExactText: UInt64] = [:]
        for (place, (reference, _)) in ordered.enumerated() { numbers[reference] = UInt64(place + 1) }
        return numbers
    }

    /// What a row says, without its references.
    static func content(_ row: KeptRow) -> UInt64 {
        var hash = SHA256()
        add(UInt64(row.source), to: &hash)
        hash.update(data: Array(row.rest.utf8))
        return first(hash.finalize())
    }

    /// One number for several, in whatever order.
    ///
    /// They are told apart within one child only, so 64 mixed bits are enough. The mixing is SplitMix64's.
    private static func key(_ parts: [UInt64]) -> UInt64 {
        parts.sorted().reduce(UInt64(parts.count)) { key, part in
            var mixed = (key ^ part) &+ 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static func add(_ number: UInt64, to hash: inout SHA256) {
        withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) }
    }

    private static func first(_ digest: SHA256.Digest) -> UInt64 {
        digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Finds for the references of tonight those under which the ledger knows the same things.
struct References {
    /// The rows of tonight, under the ledger's references.
    private(set) var rows: [KeptRow]

    /// - Complexity: O(*n*²) in a child's referrals and steps at worst, where what they are changed as well.
    init(known: [KeptRow], tonight: [KeptRow]) {
        rows = tonight
        rename(\.referral, known)
        rename(\.step, known, within: \.referral)
    }

    /// Renames the references of one kind; those that stand within others stay within the same where they can.
    private mutating func rename(
        _ reference: WritableKeyPath<KeptRow, String>, _ known: [KeptRow], within owner: KeyPath<KeptRow, String>? = nil
    ) {
        let old = Self.contents(known, reference)
        let new = Self.contents(rows, reference)
        var names: [ExactText: ExactText] = [:]
        var free = Set(old.keys)
        func take(_ name: ExactText, _ oldName: ExactText) {
            names[name] = oldName
            free.remove(oldName)
        }
        // First what says the same, under its own name if it can be; of equals any.
        let ordered = new.keys.sorted { $0.precedes($1) }
        if let owner {
            let (oldOwners, newOwners) = (Self.owners(known, reference, owner), Self.owners(rows, reference, owner))
            for name in ordered where old[name] == new[name] && oldOwners[name] == newOwners[name] { take(name, name) }
            var places: [Placed: [ExactText]] = [:]
            for name in free.sorted(by: { $1.precedes($0) }) {
                places[Placed(content: old[name] ?? [], owners: oldOwners[name] ?? []), default: []].append(name)
            }
            for name in ordered where names[name] == nil {
                let placed = Placed(content: new[name] ?? [], owners: newOwners[name] ?? [])
                if let same = places[placed]?.popLast() { take(name, same) }
            }
        }
        for name in ordered where names[name] == nil && free.contains(name) && old[name] == new[name] {
            take(name, name)
        }
        var byContent: [[UInt64]: [ExactText]] = [:]
        for name in free.sorted(by: { $1.precedes($0) }) { byContent[old[name] ?? [], default: []].append(name) }
        for name in ordered where names[name] == nil {
            if let same = byContent[new[name] ?? []]?.popLast() { take(name, same) }
        }
        // Then what shares most; then what has the same name.
        for name in ordered where names[name] == nil {
            let own = Set(new[name] ?? [])
            let best = free.map { ($0, shared: own.intersection(old[$0] ?? []).count) }
                .filter { $0.shared > 0 }
                .max { a, b in
                    let (x, y) = ((a.shared, a.0 == name ? 1 : 0), (b.shared, b.0 == name ? 1 : 0))
                    return x == y ? b.0.precedes(a.0) : x < y
                }
            if let best { take(name, best.0) }
        }
        for name in ordered where names[name] == nil && free.contains(name) { take(name, name) }
        // What is new keeps its name, unless another thing has it.
        var used = Set(names.values)
        for name in ordered where names[name] == nil {
            var own = name
            var number = 2
            while used.contains(own) {
                own = ExactText("\(name.text)~\(number)")
                number += 1
            }
            used.insert(own)
            names[name] = own
        }
        for place in rows.indices {
            if let name = names[ExactText(rows[place][keyPath: reference])] {
                rows[place][keyPath: reference] = name.text
            }
        }
    }

    /// What the rows of a reference say, and within which others they stand.
    private struct Placed: Hashable {
        var content: [UInt64]
        var owners: Set<ExactText>
    }

    /// The references of another kind within which each stands.
    private static func owners(
        _ rows: [KeptRow], _ reference: KeyPath<KeptRow, String>, _ owner: KeyPath<KeptRow, String>
    ) -> [ExactText: Set<ExactText>] {
        var owners: [ExactText: Set<ExactText>] = [:]
        for row in rows where !row[keyPath: reference].isEmpty {
            owners[ExactText(row[keyPath: reference]), default: []].insert(ExactText(row[keyPath: owner]))
        }
        return owners
    }

    /// What the rows of each reference say, in order.
    private static func contents(_ rows: [KeptRow], _ reference: KeyPath<KeptRow, String>)
        -> [ExactText: [UInt64]]
    {
        var contents: [ExactText: [UInt64]] = [:]
        for row in rows where !row[keyPath: reference].isEmpty {
            contents[ExactText(row[keyPath: reference]), default: []].append(ChildForm.content(row))
        }
        return contents.mapValues { $0.sorted() }
    }
}
