import SampleAuthority
import Settings
import WorkingCalendar

/// A case-events file from short lines: `event date referral step team worker key=value …`.
///
/// The child is `c1`; a line may begin with another one and a colon. `-` is an empty field, and fields
/// at the end may be left out. Keys are the format's other columns.
/// Rows that name no team have `team`.
public func eventRows(_ lines: String, team: String = "") -> String {
    let columns = [
        "child_id", "event", "date", "referral_id", "step_id", "team", "worker", "recorded_at", "outcome", "family_id",
        "restricted", "manager",
    ]
    var text = columns.joined(separator: ",") + "\n"
    for line in lines.split(separator: "\n") {
        var words = line.split(separator: " ").map(String.init)
        guard let first = words.first else { continue }
        var cells = ["child_id": "c1", "team": team]
        if first.hasSuffix(":") {
            cells["child_id"] = String(first.dropLast())
            words.removeFirst()
        }
        var place = 1
        for word in words {
            if let split = word.firstIndex(of: "=") {
                cells[String(word[..<split])] = String(word[word.index(after: split)...])
            } else {
                cells[columns[place]] = word == "-" ? "" : word
                place += 1
            }
        }
        text += columns.map { cells[$0] ?? "" }.joined(separator: ",") + "\n"
    }
    return text
}

/// An export of a council that does not exist, with its organisation file.
public func sampleExport(referrals: Int, years: Double, ending: String, seed: UInt64 = 1) throws -> (
    events: [UInt8], teams: String
) {
    let options = SampleAuthority.Options(referrals: referrals, years: years, ending: day(ending), seed: seed)
    let sample = try SampleAuthority(options: options, calendar: WorkingCalendar(DefaultCalendar.table))
    var bytes: [UInt8] = []
    _ = sample.writeEvents { span in
        span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
    return (bytes, String(decoding: sample.teamsCSV(), as: UTF8.self))
}

/// Numbers that look random and are the same in every run (SplitMix64).
public struct TestRandom: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
