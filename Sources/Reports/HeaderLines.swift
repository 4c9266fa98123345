public import Cards
import WorkingCalendar

/// The lines at the head of every page: what it was made from and what it cannot say.
public enum HeaderLines {
    /// How much of a hash is printed.
    private static let digits = 12

    /// The lines of a header, in the order of the page.
    public static func lines(_ header: CardHeader) -> [CardPage.HeaderLine] {
        var lines: [CardPage.HeaderLine] = [
            .init(
                "Week",
                ["\(header.week), \(PageText.date(header.week.monday)) to \(PageText.date(header.week.ending))"]),
            .init("As at", [PageText.date(header.asAt)]),
        ]
        if let knownAt = header.knownAt { lines.append(.init("Known at", [PageText.date(knownAt)])) }
        lines += [
            .init("Working days in the week", ["\(header.workingDaysInWeek)"]),
            .init("Rulebook", [PageText.clean(header.rulebook)]), .init("Calendar", [PageText.clean(header.calendar)]),
            .init("Structure", [PageText.clean(header.structure)]), .init("Exports", header.sources.map(source)),
            .init("Coverage", coverage(header)),
        ]
        if let ledger = header.ledger { lines.append(.init("Ledger", ["log ends with \(ledger.prefix(digits))"])) }
        if !header.notAvailable.isEmpty {
            lines.append(.init("Not available", header.notAvailable.map(PageText.clean)))
        }
        if !header.notes.isEmpty { lines.append(.init("Notes", header.notes.map(PageText.clean))) }
        return lines
    }

    /// The lines of a published page: nothing that counts rows, or dates the newest of them.
    public static func ofRelease(_ header: CardHeader) -> [CardPage.HeaderLine] {
        let kept: Set<String> = ["Week", "As at", "Working days in the week", "Rulebook", "Calendar", "Structure"]
        return lines(header).filter { kept.contains($0.label) }
            + [.init("Figures", ["Late entry can change these figures; what was published stays as it was."])]
    }

    private static func source(_ source: CardHeader.Source) -> String {
        var parts = [PageText.fileName(source.file)]
        if let date = source.newestRecorded { parts.append("last recorded \(PageText.date(date))") }
        if let date = source.newestDate { parts.append("latest event \(PageText.date(date))") }
        if !source.digest.isEmpty { parts.append("SHA-256 \(source.digest.prefix(digits))") }
        return parts.joined(separator: ", ")
    }

    private static func coverage(_ header: CardHeader) -> [String] {
        var rows =
            "Rows: \(header.rowsRead) read, \(header.accepted) used, \(header.duplicates) duplicates, "
            + "\(header.rejected) rejected"
        if header.notYetKnown > 0 { rows += ", \(header.notYetKnown) not yet known" }
        let from = header.completeFrom.map { "Complete from \(PageText.date($0))." }
        return [from ?? "The first complete day is not known.", rows + "."]
    }
}
