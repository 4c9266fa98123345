import CaseEvents

/// The events of one child in a document of nested elements, until the child's end.
///
/// What belongs to all of them may stand after them: the child's id, a mark that the record is deleted.
struct CaseRecords {
    struct Row {
        var kind: EventKind
        var date: ArraySlice<UInt8>
        var referral: ArraySlice<UInt8> = []
        var step: ArraySlice<UInt8> = []
        var worker: ArraySlice<UInt8> = []
        var outcome: ArraySlice<UInt8> = []
        /// Counted from 1.
        var line: Int
    }

    private(set) var rows: [Row] = []

    /// Adds an event, unless it has no date; a `needed` one is then a rejected row.
    mutating func add(
        _ kind: EventKind, _ date: ArraySlice<UInt8>, referral: ArraySlice<UInt8>, step: ArraySlice<UInt8> = [],
        worker: ArraySlice<UInt8> = [], outcome: ArraySlice<UInt8> = [], line: Int, isNeeded: Bool = false
    ) {
        let date = Self.day(date)
        guard isNeeded || !date.isEmpty else { return }
        rows.append(
            Row(kind: kind, date: date, referral: referral, step: step, worker: worker, outcome: outcome, line: line))
    }

    /// A date as it stands; nothing where it is one of those that stand for none.
    static func day(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let none = ["1900-01-01", "9999-12-31"].contains { text.starts(with: $0.utf8) }
        return none ? [] : text
    }

    /// Drops the rows from a place on.
    mutating func removeAll(from place: Int = 0) { rows.removeSubrange(place...) }

    /// Writes the rows of a child, and forgets them.
    mutating func write(child: ArraySlice<UInt8>, to text: inout EventText) {
        for row in rows {
            text.add(child)
            text.add(row.kind.name)
            text.add(row.date)
            text.add(row.referral)
            text.add(row.step)
            text.addEmpty()
            text.addEmpty()
            text.add(row.worker)
            text.addEmpty()
            text.addEmpty()
            text.add(row.outcome)
            text.addEmpty()
            text.endRow(line: UInt32(truncatingIfNeeded: row.line - 1))
        }
        rows.removeAll(keepingCapacity: true)
    }
}

/// Names that are made where a format has none: unique within a child, and the same in every run.
struct MadeNames {
    private var used: [ArraySlice<UInt8>: Int] = [:]

    /// A name of a prefix and a date; the second one of the same date ends in `.2`.
    mutating func name(_ prefix: String, _ date: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let stem = ArraySlice(prefix.utf8) + date
        let count = (used[stem] ?? 0) + 1
        used[stem] = count
        return count == 1 ? stem : stem + ArraySlice(".\(count)".utf8)
    }

    mutating func removeAll() { used.removeAll(keepingCapacity: true) }
}

/// Yes and no as documents write them.
enum WrittenFlag {
    static func isTrue(_ text: ArraySlice<UInt8>) -> Bool {
        ["true", "1", "y", "yes"].contains(String(decoding: text, as: UTF8.self).trimmingBlanks().lowercased())
    }

    static func isFalse(_ text: ArraySlice<UInt8>) -> Bool {
        ["false", "0", "n", "no"].contains(String(decoding: text, as: UTF8.self).trimmingBlanks().lowercased())
    }
}

extension ArraySlice<UInt8> {
    /// The text without blanks at its ends.
    var trimmed: ArraySlice<UInt8> {
        var view = self
        while let byte = view.first, byte <= 32 { view.removeFirst() }
        while let byte = view.last, byte <= 32 { view.removeLast() }
        return view
    }
}
