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

    /// The newest date the exports know, on which their age is counted.
    private let newest: CivilDate?

    private enum CodingKeys: CodingKey {
        case week, asAt, knownAt, rowsRead, accepted, duplicate, rejected, recordedAfterKnownAt, findings, sources
        case notAvailable, notes
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
        sources = zip(header.sources, result.sources).map { source, read in
            Source(
                file: source.file, sha256: source.digest, rowsRead: read.rowsRead, dateFormats: read.dateFormats,
                ignoredColumns: read.extraColumns, unreadableRecordedAt: read.unreadableRecordings,
                newestRecorded: source.newestRecorded.map { "\($0)" }, newestDate: source.newestDate.map { "\($0)" })
        }
        notAvailable = header.notAvailable
        notes = header.notes
        newest = header.sources.compactMap(\.newestRecorded).max() ?? header.sources.compactMap(\.newestDate).max()
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
            lines.append(
                "\(source.file): \(source.rowsRead) rows; "
                    + (formats.isEmpty ? "no dates" : "dates: \(formats.joined(separator: ", "))"))
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
