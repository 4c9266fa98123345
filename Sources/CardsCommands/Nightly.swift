import ArgumentParser
import Foundation
import Glibc
import Ledger
import Settings
import WorkingCalendar

/// `cards nightly`: takes in the night's exports and publishes.
struct Nightly: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take in tonight's exports, and publish; or leave everything as it is.",
        discussion: """
            Made for a timer: it finds the exports that the configuration names, refuses them where they cannot be \
            right, remembers in the ledger what changed, replaces the set `today`, makes the set of each week that \
            has ended since, and backs the ledger up. A run that was stopped is completed by the next one. What it \
            did stands in nightly.json beside the sets.

            Examples:
              cards nightly --config /srv/cards/cards.yaml
              cards nightly --night 2010-11-22
            """)

    @Option(
        help: ArgumentHelp(
            "The configuration; without it, cards.yaml of the working folder.", valueName: "cards.yaml"),
        completion: .file(extensions: ["yaml"]))
    var config: String?

    @Option(help: ArgumentHelp("The night, to catch up; without it, today.", valueName: "yyyy-mm-dd"))
    var night: CivilDate?

    @Option(help: ArgumentHelp("The number of cores; without it, all.", valueName: "n"))
    var cores: Int?

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Flag(help: "Say what happens as lines of JSON on standard error, errors too, for a collector of logs.")
    var logJson = false

    @Flag(help: "Say nothing on standard error but errors.")
    var quiet = false

    func run() throws {
        var options = try SourceOptions.parse([])
        (options.config, options.cores, options.quiet) = (config, cores, true)
        if let night, night > today() {
            throw CommandError(
                .futureNight, "the night \(night) has not come yet",
                hint: "leave --night out, or give one that was missed; is the clock right?")
        }
        var run = try NightlyRun(options, night: night ?? today())
        let log = logJson ? NightlyLog(night: run.night) : nil
        if let log, !quiet { run.begin = { log.begin($0, $1) } }
        let report: NightlyReport
        do {
            report = try run.run()
            try report.write(to: run.out)
        } catch {
            var report = NightlyReport(night: run.night)
            report.status = .refused
            report.reason = isOurs(error) ? "\(error)" : bugMessage(error)
            // What could not be done is told as far as it can be; the error itself matters more. A run beside another
            // one leaves the telling to that one.
            if (error as? LedgerError)?.code != .nightUnderWay {
                try? report.write(to: run.out)
                try? Self.call(run.nightly.onFailure, "refused", run.out)
            }
            if json { try Console.write(report.text) }
            guard let log else { throw error }
            log.end(report)
            throw AlreadyTold(error: error)
        }
        if json { try Console.write(report.text) }
        if !quiet {
            if let log { log.end(report) } else { Console.note(report.line) }
        }
        // The night is a good one, whatever becomes of the command.
        do {
            try Self.call(run.nightly.onSuccess, "good", run.out)
        } catch {
            guard let log else { throw error }
            log.fail("\(error)")
            throw AlreadyTold(error: error)
        }
    }

    /// Runs a command of the configuration; it learns of the outcome by its environment.
    private static func call(_ command: String?, _ status: String, _ out: String) throws {
        guard let command else { return }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["CARDS_STATUS": status, "CARDS_REPORT": "\(out)/\(NightlyReport.file)"]) { $1 }
        process.standardOutput = FileHandle.standardError
        do {
            try process.run()
        } catch {
            throw CommandError(.hookFailed, "the command at the end cannot be run", hint: "check `on_success`")
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandError(
                .hookFailed, "the command at the end failed with \(process.terminationStatus)",
                hint: "check `on_success`; the sets were published all the same")
        }
    }
}
