import Foundation
import WorkingCalendar

/// A step of a night, in their order; a week's two come once for each week that is published.
enum NightStep: String, Encodable {
    case find, check, read, judge
    case takeIn = "take in"
    case returns, week, record, today, tidy
    case backUp = "back up"
}

/// What a night says while it runs, a line of JSON for each step, for a collector of logs; it names no child.
struct NightlyLog {
    private let night: String
    private let start = ContinuousClock.now

    private struct Line: Encodable {
        enum Level: String, Encodable { case info, error }

        var at: String
        var night: String
        var level = Level.info
        /// What begins; nothing at the end.
        var step: NightStep?
        var week: String?
        /// How the night ended.
        var status: NightlyReport.Status?
        var message: String?
        /// Since the run began.
        var seconds: Double
    }

    init(night: CivilDate) { self.night = "\(night)" }

    /// Says that a step begins.
    func begin(_ step: NightStep, _ week: ISOWeek?) {
        var line = line
        (line.step, line.week) = (step, week.map { "\($0)" })
        print(line)
    }

    /// Says how the night ended.
    func end(_ report: NightlyReport) {
        var line = line
        line.level = report.status == .good ? .info : .error
        (line.status, line.message) = (report.status, report.reason ?? report.line)
        print(line)
    }

    /// Says what went wrong after the end.
    func fail(_ message: String) {
        var line = line
        (line.level, line.message) = (.error, message)
        print(line)
    }

    private var line: Line {
        let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
        return Line(at: Date.now.formatted(.iso8601), night: night, seconds: elapsed.rounded() / 1_000)
    }

    private func print(_ line: Line) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A line of text and numbers can always be written.
        guard let data = try? encoder.encode(line) else { return }
        Console.note(String(decoding: data, as: UTF8.self))
    }
}
