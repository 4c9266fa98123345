import ArgumentParser
import CaseEvents
import DelimitedText
import Exports
import Ledger
import Settings

/// `cards inspect`: what a file is, and a mapping to start from.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at a file: encoding, delimiter, columns, dates; and a mapping to start from.",
        discussion: """
            Values are never printed, only their shapes: every letter is an a, every digit a 9. The mapping guesses \
            from the headings; correct it, save it beside the files, and try it with `cards check`.

            Examples:
              cards inspect referrals.csv
              cards inspect referrals.csv > paris.yaml
              cards check paris.yaml
            """)

    @Argument(help: "The file to look at.", completion: .file())
    var file: String

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() throws {
        guard TextFile.exists(file) else {
            throw ExportError(
                .missingFile, file: file, message: "there is no such file",
                hint: "check the path; paths are from the folder you are in")
        }
        guard !ExportFinder.isFolder(file) else {
            throw ExportError(
                .cannotRead, file: file, message: "this is a folder",
                hint: "look at one of its files; what the folder is as a whole, `cards check` says")
        }
        guard !Ledger.isLedger(file) else {
            try Console.write("\(file): a ledger of `cards nightly`\nIt needs no mapping: cards weekly \(file)\n")
            return
        }
        let shape = ExportFinder.Shape(of: file)
        guard shape == .text else {
            try Console.write("\(file): \(shape.words)\nIt needs no mapping: cards check \(file)\n")
            return
        }
        let head = TextFile.head(of: file, count: ExtractLook.most)
        let look = try ExtractLook(head, isCut: TextFile.size(file) > head.count, file: file)
        let answer = InspectAnswer(file, look)
        try Console.write(json ? try jsonText(answer) : answer.text)
    }
}

/// What `cards inspect` prints.
struct InspectAnswer: Encodable {
    struct Column: Encodable {
        var name: String
        var kind: String
        var shapes: [String]
        var filled: Int
    }

    var file: String
    var encoding: String
    var byteOrderMark: Bool
    var delimiter: String
    /// The line of the headings, counted from 1.
    var headingLine: Int
    /// Whether a heading is a date, as where a file has no headings.
    var hasDateAsHeading: Bool
    var records: Int
    var repeatedHeadings: Int
    var totals: Int
    var shortLines: Int
    /// The line of a quote in the wrong place, for which reading refuses the file.
    var strayQuoteLine: Int?
    var columns: [Column]
    var mapping: String

    init(_ file: String, _ look: ExtractLook) {
        self.file = file
        encoding = look.dialect.encoding.rawValue
        byteOrderMark = look.hasMark
        delimiter = Self.name(look.dialect.delimiter)
        headingLine = look.headingLine
        hasDateAsHeading = look.hasDateAsHeading
        records = look.records
        repeatedHeadings = look.repeatedHeaders
        totals = look.totals
        shortLines = look.shortLines
        strayQuoteLine = look.strayQuoteLine
        columns = look.columns.map {
            Column(name: $0.name, kind: $0.kind.words, shapes: $0.shapes, filled: $0.filled)
        }
        mapping = SuggestedMapping(file, look).yaml
    }

    static func name(_ delimiter: UInt8) -> String {
        switch delimiter {
        case UInt8(ascii: ";"): "semicolon"
        case UInt8(ascii: "\t"): "tab"
        case UInt8(ascii: "|"): "pipe"
        default: "comma"
        }
    }

    /// The answer for a terminal: a mapping whose first lines say what was seen.
    var text: String {
        var table = AlignedTable(header: ["column", "filled", "looks like", "shapes"], numbers: [1])
        table.rows = columns.map { [$0.name, "\($0.filled)", $0.kind, $0.shapes.joined(separator: "   ")] }
        var lines = ["\(file): \(encoding)\(byteOrderMark ? " with a byte-order mark" : ""), \(delimiter)"]
        var counts = "\(records) records"
        if repeatedHeadings > 0 { counts += ", \(repeatedHeadings) repeated headings" }
        if totals > 0 { counts += ", \(totals) totals" }
        if shortLines > 0 { counts += ", \(shortLines) lines with fewer fields" }
        lines.append(counts)
        if headingLine > 1 { lines.append("the headings stand on line \(headingLine); what is above is passed over") }
        if let strayQuoteLine {
            lines.append("line \(strayQuoteLine) has a quote in the wrong place, for which reading refuses the file:")
            lines.append("a field with quotes must begin and end with \", and double each \" inside")
        }
        if hasDateAsHeading {
            lines.append("a heading is a date: does the file lack its headings? Export it again with them")
        }
        lines.append("")
        lines += table.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
        return lines.map { $0.isEmpty ? "#" : "# \($0)" }.joined(separator: "\n") + "\n\n" + mapping
    }
}

extension ExtractLook.Kind {
    /// In one or two words.
    var words: String {
        switch self {
        case .empty: "empty"
        case .date(let forms): "date \(forms.map(\.rawValue).joined(separator: " and "))"
        case .id: "reference"
        case .code: "code"
        case .number: "number"
        case .text: "text"
        }
    }
}

extension ExportFinder.Shape {
    var words: String {
        switch self {
        case .workbook: "a workbook, read as the lists of Annex A"
        case .database: "an SQLite database, read as tables of the Standard Safeguarding Dataset"
        case .xml: "XML, read as a children in need census"
        case .json: "JSON, read as a message of the children's social care API"
        case .text: "delimited text"
        }
    }
}

/// A mapping guessed from the headings of a file, for people to correct.
struct SuggestedMapping {
    private let file: String
    private let look: ExtractLook

    init(_ file: String, _ look: ExtractLook) {
        self.file = file
        self.look = look
    }

    /// The words of headings that tell which event a date is; the first that fits wins.
    private static let events: [(words: [String], event: EventKind)] = [
        (["contact"], .contactReceived),
        (["strategy"], .s47Started),
        (["icpc"], .icpcHeld), (["conference", "initial"], .icpcHeld), (["initial", "cpc"], .icpcHeld),
        (["review"], .cpReviewHeld),
        (["core", "group"], .coreGroupHeld),
        (["s47", "end"], .s47Completed), (["section 47", "end"], .s47Completed),
        (["s47", "complet"], .s47Completed), (["section 47", "complet"], .s47Completed),
        (["s47"], .s47Started), (["section 47"], .s47Started), (["enquiry"], .s47Started),
        (["plan", "end"], .cpPlanEnded), (["plan", "start"], .cpPlanStarted),
        (["initial", "assess", "auth"], .initialAssessmentAuthorised),
        (["initial", "assess", "compl"], .initialAssessmentCompleted),
        (["initial", "assess", "start"], .initialAssessmentStarted),
        (["core", "assess", "auth"], .coreAssessmentAuthorised),
        (["core", "assess", "compl"], .coreAssessmentCompleted),
        (["core", "assess", "start"], .coreAssessmentStarted),
        (["auth"], .assessmentAuthorised), (["signed"], .assessmentAuthorised),
        (["assess", "compl"], .assessmentCompleted), (["assess", "end"], .assessmentCompleted),
        (["assess"], .assessmentStarted),
        (["nfa"], .referralNFA), (["decision"], .referralDecided),
        (["clos"], .caseClosed), (["allocat"], .caseAllocated), (["transfer"], .caseTransferred),
        (["seen"], .childSeen), (["visit"], .childSeen), (["referral"], .referralReceived),
        (["received"], .referralReceived),
    ]

    /// The words of headings that tell what else a column holds.
    private static let cells: [(cell: EventCell, words: [[String]])] = [
        (.child, [["child", "id"], ["person", "id"], ["client", "id"], ["child"], ["person"], ["client"], ["pid"]]),
        (
            .referral,
            [["referral", "id"], ["cindetails", "id"], ["referral", "no"], ["referral", "ref"], ["episode", "id"]]
        ),
        (
            .step,
            [
                ["assessment", "id"], ["assessment", "no"], ["enquiry", "id"], ["s47", "id"], ["plan", "id"], ["step"],
            ]
        ),
        (.team, [["team"]]), (.worker, [["worker"], ["practitioner"]]), (.manager, [["manager"]]),
        (.family, [["family"]]), (.recorded, [["recorded"], ["created"], ["input", "date"]]),
    ]

    var yaml: String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        var lines = ["mapping: My system"]
        lines.append("# complete_from: 2024-04-01   # the first day for which the files are complete")
        lines.append("files:")
        lines.append("  - file: \(Self.quoted(name))")
        if look.dialect.encoding != .utf8 { lines.append("    encoding: \(look.dialect.encoding.rawValue)") }
        if look.dialect.delimiter != UInt8(ascii: ",") {
            lines.append("    delimiter: \(InspectAnswer.name(look.dialect.delimiter))")
        }
        let dates = look.columns.filter { Self.isDate($0) && !Self.isOfBirth($0.name) }
        var forms: [DateForm] = []
        for case .date(let found) in dates.map(\.kind) {
            for form in found where !forms.contains(form) { forms.append(form) }
        }
        if !forms.isEmpty { lines.append("    dates: [\(forms.map(\.rawValue).joined(separator: ", "))]") }
        var used: Set<String> = []
        for (cell, choices) in Self.cells {
            let column = choices.lazy.compactMap { words in
                self.look.columns.first { column in
                    !used.contains(column.name) && Self.fits(column.name, words)
                        && (cell == .recorded) == Self.isDate(column) && !Self.isOfBirth(column.name)
                }
            }.first
            if let column {
                used.insert(column.name)
                lines.append("    \(cell.rawValue): \(Self.quoted(column.name))")
            } else if cell == .child {
                lines.append("    child: WHICH COLUMN    # the one with the child's reference")
            }
        }
        lines.append("    events:")
        for column in dates where !used.contains(column.name) {
            // What the heading leaves open, the file's name may say.
            let event =
                (Self.events.first { Self.fits(column.name, $0.words) }
                ?? Self.events.first { Self.fits("\(name) \(column.name)", $0.words) })?.event
            let line = "- {event: \(event?.name ?? "WHICH_EVENT"), date: \(Self.quoted(column.name))}"
            lines.append(event == nil ? "      # \(line)" : "      \(line)")
        }
        if dates.isEmpty { lines.append("      # - {event: referral_received, date: WHICH COLUMN}") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Whether a column holds dates, or would if it held anything.
    private static func isDate(_ column: ExtractLook.Column) -> Bool {
        switch column.kind {
        case .date: true
        case .empty: fits(column.name, ["date"])
        default: false
        }
    }

    /// Whether a column is of births, which are never read.
    private static func isOfBirth(_ heading: String) -> Bool {
        fits(heading, ["dob"]) || fits(heading, ["birth"]) || fits(heading, ["death"])
    }

    /// Whether a heading has all words, each in a place of its own: `referral` has no `ref` besides.
    private static func fits(_ heading: String, _ words: [String]) -> Bool {
        var rest = heading.lowercased()
        for word in words {
            guard let place = rest.firstRange(of: word) else { return false }
            rest.replaceSubrange(place, with: " ")
        }
        return true
    }

    /// A text as it may stand in YAML.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter == true && text.allSatisfy { $0.isLetter || $0.isNumber || " ._-/()".contains($0) }
            && !["yes", "no", "true", "false", "null"].contains(text.lowercased())
        return isPlain ? text : "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
    }
}
