/// One clock, with the reasons for its start, its end and its verdict.
struct ClockExplanation: Encodable {
    var rule: String
    var title: String
    var referral: String
    var referredOn: String?
    var step: String
    var edition: String
    var basis: String
    var source: String
    var isVerified: Bool
    var startedOn: String?
    var startedBecause: String
    var endedOn: String?
    var endedBecause: String
    var unit: String
    var limit: Int32?
    var expected: Int32?
    var elapsed: Int32?
    var dueOn: String?
    var daysOver: Int32?
    var verdict: String
    var verdictBecause: String
    var team: String
    var worker: String
    var heldOn: String
    var days: [DayLine]

    /// The paragraph for a terminal.
    var text: String {
        var lines: [(String, String)] = []
        lines.append(("source", "\(edition): \(source)\(isVerified ? "" : " (not verified)"), \(basis)"))
        lines.append(("start", [startedOn, startedBecause].compactMap { $0 }.joined(separator: ": ")))
        lines.append(("end", [endedOn, endedBecause].compactMap { $0 }.joined(separator: ": ")))
        if let limit {
            let inner = expected.map { "\($0) expected, at most " } ?? ""
            lines.append(("limit", "\(inner)\(limit) \(unit)" + (dueOn.map { ", due \($0)" } ?? "")))
        }
        if let elapsed { lines.append(("elapsed", "\(elapsed) \(unit)")) }
        lines.append(("verdict", verdict + ": " + verdictBecause))
        let holder = [team.isEmpty ? "No team" : team, worker].filter { !$0.isEmpty }.joined(separator: ", ")
        lines.append(("held by", "\(holder) (on \(heldOn))"))
        var text = "\(title) (\(rule))"
        if !referral.isEmpty || referredOn != nil { text += ", referral" }
        if !referral.isEmpty { text += " \(referral)" }
        if let referredOn { text += " of \(referredOn)" }
        if !step.isEmpty { text += ", step \(step)" }
        text += "\n"
        for (name, value) in lines {
            text += "  \(name)" + String(repeating: " ", count: 9 - name.count) + value + "\n"
        }
        guard !days.isEmpty else { return text }
        text += "  days\n"
        let width = days.map(\.numbers.count).max() ?? 0
        for day in days {
            let number = String(repeating: " ", count: width - day.numbers.count) + day.numbers
            text += "    \(number)  \(day.dates)  \(day.why)\n"
        }
        return text
    }
}
