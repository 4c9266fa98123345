import Cards
import CaseEvents
import Exports
import Reports
import WorkingCalendar

/// What became of every row of a run, and what was noticed about each export.
struct RunSummary: Encodable {
    struct Source: Encodable {
        var file: String
        var sha256: String
        var rowsRead: Int
        var dateFormats: [String: String]
        var ignoredColumns: [String]
        var unreadableRecordedAt: Int
        var newestRecorded: String?
        var newestDate: String?
        /// What became of the records of a format of which one may be several rows.
        var records: RecordTally?

        init(_ read: SourceSummary, sha256: String) {
            file = read.file
            self.sha256 = sha256
            rowsRead = read.rowsRead
            dateFormats = read.dateFormats
            ignoredColumns = read.extraColumns
            unreadableRecordedAt = read.unreadableRecordings
            newestRecorded = read.newestRecorded.map { "\($0)" }
            newestDate = read.newestDate.map { "\($0)" }
            records = read.records
        }
    }

    var week: String
    var asAt: String
    var knownAt: String?
    var rowsRead: Int
    var accepted: Int
    var duplicate: Int
    var rejected: Int
    var recordedAfterKnownAt: Int
    var findings: Int
    var sources: [Source]
    var notAvailable: [String]
    var notes: [String]
    /// The first complete day, where it is known.
    var completeFrom: String?

    /// The newest date the exports know, on which their age is counted.
    private let newest: CivilDate?

    private enum CodingKeys: CodingKey {
        case week, asAt, knownAt, rowsRead, accepted, duplicate, rejected, recordedAfterKnownAt, findings, sources
        case notAvailable, notes, completeFrom
    }

    init(_ result: WeeklyJob.Result) {
        let header = result.report.header
        week = "\(header.week)"
        asAt = "\(header.asAt)"
        knownAt = header.knownAt.map { "\($0)" }
        rowsRead = header.rowsRead
        accepted = header.accepted
        duplicate = header.duplicates
        rejected = header.rejected
        recordedAfterKnownAt = header.notYetKnown
        findings = result.report.findings.count
        sources = zip(result.sources, header.sources).map { Source($0, sha256: $1.digest) }
        notAvailable = header.notAvailable
        completeFrom = header.completeFrom.map { "\($0)" }
        notes = header.notes
        newest = header.sources.compactMap(\.newestRecorded).max() ?? header.sources.compactMap(\.newestDate).max()
    }

    /// The accounting of a part, of which no cards are made.
    init(_ run: PartialRun) {
        week = "\(run.week)"
        asAt = "\(run.asAt)"
        knownAt = run.settings.knownAt.map { "\($0)" }
        rowsRead = run.sources.reduce(0) { $0 + $1.rowsRead }
        accepted = run.totals.accepted
        duplicate = run.totals.duplicates
        rejected = run.sources.reduce(0) { $0 + $1.rejectedCount }
        recordedAfterKnownAt = run.sources.reduce(0) { $0 + $1.notYetKnown }
        findings = run.totals.findings.count + run.rejected.count
        sources = zip(run.sources, run.digests).map { Source($0, sha256: $1) }
        (notAvailable, notes) = ([], [])
        newest = run.sources.compactMap(\.newestRecorded).max() ?? run.sources.compactMap(\.newestDate).max()
    }

    /// What was not made into rows, where there is any.
    private static func lines(_ file: String, _ records: RecordTally) -> [String] {
        let parts = [
            (records.leftOut, "left out by a condition or a mark"), (records.repeatedHeaders, "repeated headings"),
            (records.totals, "totals"), (records.withoutEvent, "without the date of any event"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let above = records.above == 0 ? [] : ["\(file): lines above the headings, passed over: \(records.above)"]
        return above + (parts.isEmpty ? [] : ["\(file): of the records, \(parts.joined(separator: ", "))"])
    }

    /// The lines for standard error; the age of the exports is said where there is a day to count to.
    func lines(today: CivilDate?) -> [String] {
        var sum = "\(rowsRead) rows read = \(accepted) accepted + \(duplicate) duplicate + \(rejected) rejected"
        if recordedAfterKnownAt > 0 || knownAt != nil {
            sum += " + \(recordedAfterKnownAt) recorded after \(knownAt ?? "")"
        }
        var lines = [sum]
        for source in sources {
            let formats = source.dateFormats.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let dates = formats.isEmpty ? "no dates" : "dates: \(formats.joined(separator: ", "))"
            if let records = source.records {
                lines.append("\(source.file): \(records.records) records, \(source.rowsRead) rows of events; \(dates)")
                lines += Self.lines(source.file, records)
            } else {
                lines.append("\(source.file): \(source.rowsRead) rows; \(dates)")
            }
            if !source.ignoredColumns.isEmpty {
                let names = source.ignoredColumns.prefix(20).map { PageText.clean($0) }.joined(separator: ", ")
                let more = source.ignoredColumns.count - 20
                lines.append("\(source.file): ignored columns: \(names)" + (more > 0 ? " and \(more) more" : ""))
            }
            if source.unreadableRecordedAt > 0 {
                lines.append(
                    "\(source.file): \(source.unreadableRecordedAt) rows have a recorded_at that cannot be read; "
                        + "it counts as empty")
            }
        }
        if let today, let newest, today.daysSinceEpoch - newest.daysSinceEpoch > 8 {
            lines.append(
                "the newest date in the exports is \(newest), \(today.daysSinceEpoch - newest.daysSinceEpoch) days ago")
        }
        if findings > 0 { lines.append("\(findings) findings; `cards check` lists them by kind") }
        return lines
    }
}
