import ArgumentParser
import Cards
import CaseEvents
import Clocks
import Exports
import Reports
import Rules
import Settings

/// `cards check`: what became of every row, and what can be measured.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Account for every row of the exports, list findings, say what can be measured.",
        discussion: """
            Everything is as at the newest date of the exports, or as at --as-at.

            Examples:
              cards check events.csv
              cards check events.csv --rejected rejected.csv --findings findings.csv
              cards check census.xml --census
              cards check events.csv --teams teams.csv --without case_allocated --strict
            """)

    @OptionGroup var source: SourceOptions

    @Option(help: ArgumentHelp("Write every finding to this file.", valueName: "file"), completion: .file())
    var findings: String?

    @Option(
        help: ArgumentHelp("Write the rejected rows to this file, to be corrected and read again.", valueName: "file"),
        completion: .file())
    var rejected: String?

    @Flag(help: "Compare with the rules of the census validator, as at the census's reference date.")
    var census = false

    @Flag(help: "Exit with 1 where there are findings.")
    var strict = false

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() throws {
        var setup = try RunSetup(source)
        let outputs = [("--findings", findings), ("--rejected", rejected)]
        try OutputFiles.check(
            outputs.compactMap { option, path in path.map { (option, $0) } }, inputs: setup.inputs)
        setup.job.isAsAtNewest = true
        setup.job.isAsAtReference = census
        setup.job.reportsEmptyExports = true
        setup.job.hashesExports = json
        let result = try setup.watching { try $0.run() }
        var answer = CheckAnswer(result)
        if census { answer.census = CensusComparison(result) }
        if let findings { try PrivateFile.write(Tables.findings(result.report).csv, to: findings) }
        if let rejected { try PrivateFile.write(try rejectedText(result), to: rejected) }
        try Console.write(json ? try jsonText(answer) : answer.text)
        if strict, !result.report.findings.isEmpty { throw FindingsWereFound() }
    }

    private func rejectedText(_ read: WeeklyJob.Result) throws -> String {
        guard let first = read.sources.first, read.sources.allSatisfy({ $0.header == first.header }) else {
            throw CommandError(
                .differentHeaders,
                "the exports have different headers, so their rejected rows cannot stand in one file",
                hint: "check one export at a time")
        }
        return Tables.rejected(read.rejected, header: first.header)
    }
}

/// What `cards check` prints.
struct CheckAnswer: Encodable {
    struct Kind: Encodable {
        var severity: String
        var finding: String
        var count: Int
        /// The first row that carries one, as `file:line`; empty where no row does.
        var first: String
        var message: String
    }

    /// Whether a rule, or a measure or exception with needs of its own, can be measured.
    struct Available: Encodable {
        var name: String
        var isAvailable: Bool
        /// The events it needs that no source carries.
        var missing: [String]
        /// The events it needs that the sources carry and no row has.
        var neverSeen: [String]
    }

    var summary: RunSummary
    var findings: [Kind]
    var rules: [Available]
    var measures: [Available]
    /// The comparison with the census validator, where it was asked for.
    var census: CensusComparison?

    init(_ result: WeeklyJob.Result) {
        summary = RunSummary(result)
        let report = result.report
        let order = Severity.allCases.flatMap { severity in FindingCode.allCases.map { (severity, $0) } }
        findings = order.compactMap { severity, code in
            let found = report.findings.filter { $0.severity == severity && $0.code == code }
            guard !found.isEmpty else { return nil }
            let first = found.first { $0.source != nil && $0.line > 0 }
            let place = first.flatMap { finding in
                finding.source.map { "\(report.header.sources[$0].file):\(finding.line)" }
            }
            return Kind(
                severity: severity.rawValue, finding: code.rawValue, count: found.count, first: place ?? "",
                message: code.message)
        }
        let (availability, counts) = (result.availability, result.counts)
        rules = result.context.clocks.rulebook.rules.enumerated().filter(\.element.isOn).map { index, rule in
            Available(
                name: rule.name, isAvailable: availability.rules[index],
                missing: availability.missing(rule).map(\.name),
                neverSeen: availability.neverSeen(rule, counts: counts).map(\.name))
        }
        measures = Dependent.all.map { dependent in
            let missing = availability.missing(dependent).map(\.name)
            return Available(
                name: dependent.name, isAvailable: missing.isEmpty, missing: missing,
                neverSeen: availability.neverSeen(dependent, counts: counts).map(\.name))
        }
    }

    /// The answer for a terminal.
    var text: String {
        var text = summary.lines(today: nil).filter { !$0.contains("`cards check`") }.joined(separator: "\n") + "\n"
        text += "\nas at \(summary.asAt)\n\n"
        if findings.isEmpty {
            text += "no findings\n"
        } else {
            var table = AlignedTable(header: ["severity", "finding", "count", "first", "what to do"], numbers: [2])
            table.rows = findings.map { [$0.severity, $0.finding, "\($0.count)", $0.first, $0.message] }
            text += table.text
        }
        text += "\n" + Self.table("rule", rules, " or ")
        text += "\n" + Self.table("measure or exception", measures, " and ")
        return text + (census.map { "\n" + $0.text } ?? "")
    }

    private static func table(_ title: String, _ rows: [Available], _ or: String) -> String {
        var table = AlignedTable(header: [title, "measured", "missing", "in no row"])
        table.rows = rows.map {
            [
                $0.name, $0.isAvailable ? ($0.missing.isEmpty ? "yes" : "in part") : "no",
                $0.missing.joined(separator: or), $0.neverSeen.joined(separator: " "),
            ]
        }
        return table.text
    }
}
