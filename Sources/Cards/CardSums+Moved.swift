/// How the numbers of one run's sums become those of another.
struct SumsMove {
    /// For each place, week and trend week of the old sums, its number in the new ones; `nil` for a week
    /// that these leave out.
    var places: [Int]
    var weeks: [Int?]
    var trendWeeks: [Int?]
    /// For each entry of the old run's names, its entry in the new one's.
    var names: [UInt32]
}

extension CardSums {
    /// Adds the sums of other children, which were numbered otherwise.
    ///
    /// Rules have the same numbers in both. The other sums must be ``isSound(names:)``; as they come from a file,
    /// a count that is too large for its place becomes the largest there is.
    mutating func add(_ other: CardSums, _ move: SumsMove) {
        func block(_ block: Int) -> Int { move.places[block / rules] * rules + block % rules }
        other.tallies.forEach { from, index, count in
            guard let week = move.weeks[index / Tally.count] else { return }
            tallies.addUpToMost(count, block: block(from), at: week * Tally.count + index % Tally.count)
        }
        let flowCount = Flow.allCases.count
        other.flows.forEach { from, index, count in
            guard let week = move.trendWeeks[index / flowCount] else { return }
            flows.addUpToMost(count, block: block(from), at: week * flowCount + index % flowCount)
        }
        other.oldest.forEach { from, index, count in
            if let week = move.weeks[index] { oldest.raise(to: count, block: block(from), at: week) }
        }
        other.lags.forEach { from, index, count in
            guard let week = move.weeks[index / Self.shortLag] else { return }
            lags.addUpToMost(count, block: move.places[from], at: week * Self.shortLag + index % Self.shortLag)
        }
        for (from, lags) in other.longLags.enumerated() {
            guard let week = move.weeks[from] else { continue }
            for (key, count) in lags {
                longLags[week][LongLag(place: move.places[key.place], days: key.days), default: 0].addUpToMost(count)
            }
        }
        for packed in other.elapsed {
            let (from, rule, place, days) = Self.unpacked(packed)
            guard let week = move.weeks[from] else { continue }
            elapsed.append(Self.packed(week: week, rule: rule, place: move.places[place], days: days))
        }
        for (key, count) in other.childrenAgain {
            guard let week = move.weeks[key.week] else { continue }
            let moved = ChildrenKey(week: week, measure: key.measure, level: key.level, name: key.name)
            childrenAgain[moved, default: 0].addUpToMost(count)
        }
        for (key, count) in other.findings {
            guard let week = move.weeks[key.week] else { continue }
            findings[FindingKey(week: week, place: move.places[key.place], code: key.code), default: 0].addUpToMost(
                count)
        }
        for (key, count) in other.open {
            open[OpenKey(rule: key.rule, place: move.places[key.place], daysOver: key.daysOver), default: 0]
                .addUpToMost(count)
        }
        func signature(_ key: SignatureKey) -> SignatureKey {
            SignatureKey(manager: move.names[Int(key.manager)], day: key.day)
        }
        for (key, count) in other.signatures { signatures[signature(key), default: 0].addUpToMost(count) }
        for (key, count) in other.signed {
            guard let week = move.weeks[key.week] else { continue }
            let moved = SignedKey(
                signature: signature(key.signature), week: week, rule: key.rule, place: move.places[key.place])
            signed[moved, default: 0].addUpToMost(count)
        }
    }

    /// Whether every number in sums that were read from a file is one that the sums have.
    ///
    /// The run of the sums has so many names.
    func isSound(names: Int) -> Bool {
        let areBlocks =
            rules > 0 && weeks >= 0 && places > 0 && trendWeeks >= 0
            && tallies.isOf(count: places * rules, size: weeks * Tally.count)
            && flows.isOf(count: places * rules, size: trendWeeks * Flow.allCases.count)
            && oldest.isOf(count: places * rules, size: weeks)
            && lags.isOf(count: places, size: weeks * Self.shortLag) && longLags.count == weeks
        guard areBlocks else { return false }
        func isWeek(_ week: Int) -> Bool { (0..<weeks).contains(week) }
        func isPlace(_ place: Int) -> Bool { (0..<places).contains(place) }
        func isRule(_ rule: Int) -> Bool { (0..<rules).contains(rule) }
        return longLags.allSatisfy { $0.keys.allSatisfy { isPlace($0.place) } }
            && elapsed.allSatisfy { packed in
                let (week, rule, place, _) = Self.unpacked(packed)
                return isWeek(week) && isRule(rule) && isPlace(place)
            } && childrenAgain.keys.allSatisfy { isWeek($0.week) }
            && findings.keys.allSatisfy { isWeek($0.week) && isPlace($0.place) }
            && open.keys.allSatisfy { isRule($0.rule) && isPlace($0.place) && abs(Int($0.daysOver)) < 1 << 17 }
            && signatures.keys.allSatisfy { $0.manager < names }
            && signed.keys.allSatisfy {
                $0.signature.manager < names && isWeek($0.week) && isRule($0.rule) && isPlace($0.place)
            }
    }
}

extension Int32 {
    /// Adds a count, up to the largest there is.
    mutating func addUpToMost(_ count: Int32) {
        let (sum, isTooLarge) = addingReportingOverflow(count)
        self = isTooLarge ? .max : sum
    }
}
