import CaseEvents
import Columnar
import DelimitedText
import Exports
import Glibc
import Ledger
import Settings
import WorkingCalendar

/// What is refused because it can hardly be true.
extension NightlyRun {
    /// A file, sheet or table with fewer rows than these may come and go.
    private static let fewRows = 100

    /// A case system in which nothing happened for longer is not in use, or the clock is wrong.
    private static let mostDaysAfter: Int32 = 35

    /// Refuses a night that differs too much from the one before to be true.
    ///
    /// - Returns: The newest date that the exports know, none after the night; `nil` where they have none.
    func refuseUnlikely(_ telling: Telling, _ ledger: Ledger, _ last: KnownState?) throws -> CivilDate? {
        if let last { try refuseFewer(telling.sources, try ledger.numbers(of: telling.sources), last) }
        try refuseZeros(telling)
        let newest = try refuseFuture(telling)
        try refuseUnknown(telling)
        try refuseFarNight(newest)
        return newest
    }

    /// Refuses a night long after everything the exports know: it would publish every week until then, once and for all.
    private func refuseFarNight(_ newest: CivilDate?) throws {
        guard let newest, newest.adding(days: Self.mostDaysAfter) < night else { return }
        throw CommandError(
            .farNight,
            "\(night) is more than \(Self.mostDaysAfter) days after the newest date in the exports, \(newest)",
            hint: "is the clock right, and do the exports still run?")
    }

    /// Refuses exports that have become much smaller, all together or one of them, and one that was cut off.
    private func refuseFewer(_ sources: [SourceSummary], _ numbers: [Int], _ last: KnownState) throws {
        func refuse(_ what: String, _ rows: Int, _ before: Int) throws {
            guard rows * 100 < before * nightly.leastShare else { return }
            throw CommandError(
                .fewerRows, "\(what) far fewer rows than last night: \(rows), not \(before)",
                hint: "is the export complete? `least_share` of the configuration sets the limit, in percent; "
                    + "where fewer are meant, 0 lets a night pass")
        }
        let rows = sources.reduce(0) { $0 + $1.rowsRead }
        let before = last.sources.reduce(0) { $0 + $1.rowsRead }
        try refuse("tonight's exports have", rows, before)
        for (number, old) in zip(last.numbers, last.sources) where old.rowsRead >= Self.fewRows {
            let same = numbers.firstIndex(of: number).map { sources[$0] }
            try refuse("\(same?.file ?? old.file): there are", same?.rowsRead ?? 0, old.rowsRead)
        }
        // A system that never ends its last line is not cut off by that.
        guard let cut = sources.first(where: { $0.unendedLine > 0 }),
            rows < before || last.sources.allSatisfy({ $0.unendedLine == 0 })
        else { return }
        throw ExportError(
            .incomplete, file: cut.file, message: "the last row has no line end, as it had last night",
            hint: "the copy is not complete: export or copy it again")
    }

    /// Refuses texts that a ledger cannot keep: SQLite ends a text at a byte of 0.
    private func refuseZeros(_ telling: Telling) throws {
        @Sendable func has(_ text: String) -> Bool {
            text.utf8.span.withUnsafeBytes { bytes in
                bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
            }
        }
        let isFound = concurrentMap(count: telling.children.count, cores: telling.cores) { part in
            telling.children[part].contains { child in
                has(child.child) || child.rows.contains { has($0.referral) || has($0.step) || has($0.rest) }
            }
        }.contains(true)
        guard isFound else { return }
        throw CommandError(
            .zeroBytes, "a cell of tonight's exports has a byte of 0, which is no text",
            hint: "was the export made or copied as text? Export it again")
    }

    /// Refuses too many rows that are dated after the night.
    ///
    /// - Returns: The newest date that is not.
    private func refuseFuture(_ telling: Telling) throws -> CivilDate? {
        let day = "\(night)"[...]
        let parts = concurrentMap(count: telling.children.count, cores: telling.cores) { part in
            var (future, newest) = (0, ""[...])
            for row in telling.children[part].lazy.flatMap(\.rows) {
                let (event, date, recorded) = row.head
                let isBooking = event == EventKind.icpcArranged.name
                if date > day, !isBooking { future += 1 }
                // What is booked, or dated after it was written down, is not known yet when its day comes.
                let known = recorded.isEmpty && !isBooking ? date : recorded
                if known > newest, known <= day { newest = known }
            }
            return (future, newest)
        }
        let future = parts.reduce(0) { $0 + $1.0 }
        guard future <= nightly.mostFutureRows else {
            throw CommandError(
                .futureRows, "too many rows are dated after \(night): \(future)",
                hint: "is the clock right? `most_future_rows` of the configuration sets the limit")
        }
        return parts.map(\.1).max().flatMap { CivilDate(String($0)) }
    }

    private func refuseUnknown(_ telling: Telling) throws {
        let known = Set(
            try RunSettings(ledgerText: telling.settings, nightly.ledger).organisation.placements.map(\.unit))
        guard !known.isEmpty else { return }
        let unknown = telling.teams.subtracting(known).count
        guard unknown <= nightly.mostUnknownTeams else {
            throw CommandError(
                .unknownTeams, "too many units are not in the organisation file: \(unknown)",
                hint: "is it the right export? `most_unknown_teams` of the configuration sets the limit")
        }
    }
}
