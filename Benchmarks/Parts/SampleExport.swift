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

    /// The rows of a block before anybody has numbered their ids.
    struct Drafts {
        var bytes: ContiguousArray<UInt8>
        var drafts: ContiguousArray<EventDraft>
        var actors: [ActorName]
    }

    /// The rows of every block, read the plain way: no benchmark measures this.
    static let drafts: [Drafts] = {
        var reader = DraftReader()
        return blocks.enumerated().map { reader.read($1, skipsHeader: $0 == 0) }
    }()

    /// The same, sorted by partition.
    static let batches: [EventBatch] = drafts.map {
        EventBatch(bytes: $0.bytes, drafts: $0.drafts, actors: $0.actors, outcomes: [""])
    }
}

/// Reads blocks of the sample's nine columns, which have no quotes, into drafts.
private struct DraftReader {
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

    mutating func read(_ block: TextBlock, skipsHeader: Bool) -> SampleExport.Drafts {
        let ends = FieldScanner().scan(block).fieldEnds.map { Int($0 & ~FieldScanner.recordEnd) }
        let width = Column.allCases.count
        precondition(ends.count % width == 0, "the sample has nine columns")
        var drafts: ContiguousArray<EventDraft> = []
        var actors: [ActorName] = []
        var actorNumbers: [ActorName: UInt32] = [:]
        for (line, first) in stride(from: 0, to: ends.count, by: width).enumerated() where line > 0 || !skipsHeader {
            func range(_ column: Column) -> Range<Int> {
                let place = first + column.rawValue
                return (place == 0 ? 0 : ends[place - 1] + 1)..<ends[place]
            }
            func text(_ column: Column) -> String { String(decoding: block.bytes[range(column)], as: UTF8.self) }
            func key(_ column: Column) -> IdKey { block.bytes.withUnsafeBytes { IdKey(range(column), in: $0) } }
            guard let kind = kinds[text(.event)], let date = day(text(.date)) else { preconditionFailure("no draft") }
            let recorded = day(text(.recorded))
            let actor = ActorName(team: text(.team), worker: text(.worker), manager: "")
            if actorNumbers[actor] == nil {
                actorNumbers[actor] = UInt32(actors.count)
                actors.append(actor)
            }
            let lag = recorded.map { Int16(clamping: $0.daysSinceEpoch - date.daysSinceEpoch) } ?? Event.noLag
            drafts.append(
                EventDraft(
                    child: key(.child), referral: key(.referral), step: key(.step), family: key(.family),
                    actor: actorNumbers[actor] ?? 0, outcome: 0, line: UInt32(line), day: EventDay.number(date),
                    lag: lag, kind: kind, flags: .source(0)))
        }
        return SampleExport.Drafts(bytes: block.bytes, drafts: drafts, actors: actors)
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
