import CaseEvents
import Columnar
import DelimitedText
import Foundation
import SampleAuthority
import Settings
import WorkingCalendar

/// The export that every benchmark reads: a tenth of the race's, made in memory from a fixed seed.
enum SampleExport {
    /// From this number on a sample has nine columns, as the race's.
    private static let referrals = SampleAuthority.largeSample
    /// What `cards weekly` reads at once.
    private static let blockSize = 2 << 20

    private static let sample: (text: ContiguousArray<UInt8>, teams: String, rowCount: Int) = {
        do {
            let authority = try SampleAuthority(
                options: .init(referrals: referrals, years: 5, seed: 1, hasFaults: false),
                calendar: WorkingCalendar(DefaultCalendar.table))
            var text: ContiguousArray<UInt8> = []
            let summary = authority.writeEvents { part in
                part.withUnsafeBufferPointer { text.append(contentsOf: $0) }
            }
            return (text, String(decoding: authority.teamsCSV(), as: UTF8.self), summary.rowCount)
        } catch {
            fatalError("the sample cannot be made: \(error)")
        }
    }()

    static var text: ContiguousArray<UInt8> { sample.text }
    static var teams: String { sample.teams }
    static var rowCount: Int { sample.rowCount }
    static var byteCount: Int { sample.text.count }

    /// The text in blocks of whole records, the header in the first.
    static let blocks: [TextBlock] = {
        var blocks: [TextBlock] = []
        var begin = 0
        while begin < text.count {
            var end = min(begin + blockSize, text.count)
            while text[end - 1] != UInt8(ascii: "\n") { end -= 1 }
            blocks.append(TextBlock(text[begin..<end]))
            begin = end
        }
        return blocks
    }()

    /// A row before anybody has numbered its ids.
    struct Row {
        var child: IdKey
        var referral: IdKey
        var step: IdKey
        var family: IdKey
        var event: Event
    }

    /// The rows of a block.
    struct Rows {
        var bytes: ContiguousArray<UInt8>
        var rows: ContiguousArray<Row>
        var actors: [ActorName]

        /// The rows sorted by partition.
        func batch(_ spellings: [IdSpellings]) -> EventBatch {
            var builder = EventBuilder(spellings)
            bytes.withUnsafeBytes { text in
                for row in rows {
                    builder.append(
                        row.event, child: row.child, referral: row.referral, step: row.step, family: row.family,
                        in: text)
                }
            }
            return builder.takeBatch(actors: actors, outcomes: [""])
        }
    }

    /// The rows of every block, read the plain way: no benchmark measures this.
    static let rows: [Rows] = {
        var reader = RowReader()
        return blocks.enumerated().map { reader.read($1, skipsHeader: $0 == 0) }
    }()

    /// A store, and every row sorted by partition for it to take in.
    static var store: CaseStore {
        var store = CaseStore()
        store.absorb(rows.map { $0.batch(store.spellings) }, cores: 1)
        return store
    }
}

/// Reads blocks of the sample's nine columns, which have no quotes, into rows.
private struct RowReader {
    private enum Column: Int, CaseIterable {
        case child
        case event
        case date
        case referral
        case step
        case recorded
        case team
        case worker
        case family
    }

    private let kinds = Dictionary(uniqueKeysWithValues: EventKind.allCases.map { ($0.name, $0) })
    private var days: [String: CivilDate] = [:]

    mutating func read(_ block: TextBlock, skipsHeader: Bool) -> SampleExport.Rows {
        let ends = FieldScanner().scan(block).fieldEnds.map { Int($0 & ~FieldScanner.recordEnd) }
        let width = Column.allCases.count
        precondition(ends.count % width == 0, "the sample has nine columns")
        var rows: ContiguousArray<SampleExport.Row> = []
        var actors: [ActorName] = []
        var actorNumbers: [ActorName: UInt32] = [:]
        for (line, first) in stride(from: 0, to: ends.count, by: width).enumerated() where line > 0 || !skipsHeader {
            func range(_ column: Column) -> Range<Int> {
                let place = first + column.rawValue
                return (place == 0 ? 0 : ends[place - 1] + 1)..<ends[place]
            }
            func text(_ column: Column) -> String { String(decoding: block.bytes[range(column)], as: UTF8.self) }
            func key(_ column: Column) -> IdKey { block.bytes.withUnsafeBytes { IdKey(range(column), in: $0) } }
            guard let kind = kinds[text(.event)], let date = day(text(.date)) else { preconditionFailure("no row") }
            let recorded = day(text(.recorded))
            let actor = ActorName(team: text(.team), worker: text(.worker), manager: "")
            if actorNumbers[actor] == nil {
                actorNumbers[actor] = UInt32(actors.count)
                actors.append(actor)
            }
            let lag = recorded.map { Int16(clamping: $0.daysSinceEpoch - date.daysSinceEpoch) } ?? Event.noLag
            let event = Event(
                actor: actorNumbers[actor] ?? 0, line: UInt32(line), day: EventDay.number(date), lag: lag, outcome: 0,
                kind: kind, flags: .source(0))
            rows.append(
                SampleExport.Row(
                    child: key(.child), referral: key(.referral), step: key(.step), family: key(.family), event: event))
        }
        return SampleExport.Rows(bytes: block.bytes, rows: rows, actors: actors)
    }

    private mutating func day(_ text: String) -> CivilDate? {
        if let known = days[text] { return known }
        let day = CivilDate(text)
        days[text] = day
        return day
    }
}

/// A file that is there as long as this is.
final class TemporaryFile {
    private let url = FileManager.default.temporaryDirectory.appending(path: "cards-\(UUID().uuidString).csv")

    var path: String { url.path }

    init(_ text: ContiguousArray<UInt8>) throws { try Data(text).write(to: url) }

    deinit { try? FileManager.default.removeItem(at: url) }
}
