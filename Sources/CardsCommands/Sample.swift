import ArgumentParser
import Glibc
import SampleAuthority
import Settings
import WorkingCalendar

/// `cards sample`: the exports of an authority that does not exist.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the exports of a made-up authority: events.csv, teams.csv, workers.csv.",
        discussion: """
            Nobody in them is real; the shares follow published figures. The same options give the same bytes.

            Examples:
              cards sample --out sample
              cards sample --out big --referrals 200000 --years 10 --teams 80
            """)

    @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir"), completion: .directory)
    var out: String

    @Option(help: ArgumentHelp("How many referrals, 300 to 5000000.", valueName: "n"))
    var referrals = SampleAuthority.Options().referrals

    @Option(help: ArgumentHelp("How many years of them.", valueName: "years"))
    var years = SampleAuthority.Options().years

    @Option(help: ArgumentHelp("The last day with events.", valueName: "yyyy-mm-dd"))
    var ending = SampleAuthority.Options().ending

    @Option(help: ArgumentHelp("Another number makes another authority.", valueName: "n"))
    var seed = SampleAuthority.Options().seed

    @Option(help: ArgumentHelp("How many units do assessments, 1 to 400.", valueName: "n"))
    var teams = SampleAuthority.Options().teams

    @Flag(help: "Leave out the children whose records show a fault or neglect.")
    var withoutFaults = false

    @Flag(help: "Overwrite files that are there.")
    var force = false

    @Flag(help: "Say nothing.")
    var quiet = false

    func run() throws {
        let sample = try SampleAuthority(
            options: .init(
                referrals: referrals, years: years, ending: ending, seed: seed, teams: teams, hasFaults: !withoutFaults),
            calendar: WorkingCalendar(DefaultCalendar.table))
        let folder = out.hasSuffix("/") && out.count > 1 ? String(out.dropLast()) : out
        let paths = ["events.csv", "teams.csv", "workers.csv"].map { "\(folder)/\($0)" }
        if !force, let path = paths.first(where: TextFile.exists) {
            throw CommandError(
                .fileExists, "\(path): the file is there already",
                hint: "give another folder with --out, or --force to overwrite it")
        }
        try PrivateFile.makeFolder(folder)
        var events = try PrivateFile(paths[0])
        let summary = try sample.writeEvents { span in try events.write(span) }
        try events.finish()
        try PrivateFile.write(String(decoding: sample.teamsCSV(), as: UTF8.self), to: paths[1])
        try PrivateFile.write(String(decoding: sample.workersCSV(), as: UTF8.self), to: paths[2])
        guard !quiet else { return }
        Console.note(
            """
            \(paths[0]): \(summary.rowCount) rows, \(summary.childCount) children, \(summary.referralCount) referrals
            \(paths[1]), \(paths[2]): units, teams and workers
            nobody in them is real; next: cards weekly \(paths[0]) --teams \(paths[1])
            """)
    }
}
