import Settings
import Testing

/// A wrong file, and the error that it gives.
struct ErrorCase: Sendable, CustomTestStringConvertible {
    /// Which reader the text is given to.
    enum Reader: String, Sendable {
        case rulebook, teams, workers, calendar, configuration
    }

    var reader: Reader
    var code: SettingsError.Code
    var line: Int
    var column: Int?
    /// A part of the message.
    var says: String
    /// A part of the hint; empty for none wanted.
    var hint: String
    var text: String

    var testDescription: String { "\(reader.rawValue): \(code.rawValue), \(says)" }

    init(
        _ reader: Reader, _ code: SettingsError.Code, _ line: Int, _ column: Int?, _ says: String, hint: String = "",
        _ text: String
    ) {
        self.reader = reader
        self.code = code
        self.line = line
        self.column = column
        self.says = says
        self.hint = hint
        self.text = text
    }

    /// The error that the reader gives, or `nil`.
    func error() -> SettingsError? {
        settingsError {
            switch reader {
            case .rulebook: _ = try readRulebook(yaml: text, file: "file")
            case .teams: _ = try readOrganisation(teams: text, teamsFile: "file")
            case .workers: _ = try readOrganisation(teams: nil, workers: text, workersFile: "file")
            case .calendar: _ = try readCalendar(text: text, file: "file", jurisdiction: "england-and-wales")
            case .configuration: _ = try readConfiguration(yaml: text, file: "file")
            }
        }
    }
}

@Suite struct ErrorTests {
    static let all = ErrorCase.textCases + ErrorCase.rulebookCases + ErrorCase.overrideCases + ErrorCase.otherCases

    @Test(arguments: all)
    func error(_ wrong: ErrorCase) throws {
        let error = try #require(wrong.error())
        #expect(error.code == wrong.code, "\(error)")
        #expect(error.line == wrong.line, "\(error)")
        #expect(error.column == wrong.column, "\(error)")
        #expect(error.message.contains(wrong.says), "\(error)")
        if !wrong.hint.isEmpty { #expect(error.hint?.contains(wrong.hint) == true, "\(error)") }
        #expect(!error.message.hasSuffix("."))
    }

    @Test func everyCodeIsInTheTable() {
        let seen = Set(Self.all.map(\.code))
        for code in SettingsError.Code.allCases { #expect(seen.contains(code), "\(code)") }
    }

    @Test func codesAreKebabCase() {
        for code in SettingsError.Code.allCases {
            #expect(code.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) }, "\(code)")
        }
    }

    @Test func description() {
        let error = SettingsError(.badDate, file: "cards.yaml", line: 3, column: 7, message: "no", hint: "yes")
        #expect(error.description == "cards.yaml:3:7: no [bad-date]\n\nhint: yes")
        let short = SettingsError(.badDate, file: "teams.csv", line: 3, message: "no")
        #expect(short.description == "teams.csv:3: no [bad-date]")
    }

    /// No message repeats what stands in a cell or a value.
    @Test func messagesQuoteNoValue() {
        let secret = "Ann Other 42"
        let texts: [(ErrorCase.Reader, String)] = [
            (.teams, "team,group_manager,service,from\nA,M,S,\(secret)"),
            (.teams, "team,group_manager,service,short_term\nA,M,S,\(secret)"),
            (.teams, "team,group_manager,service,succeeded_by\nA,M,S,\(secret)"),
            (.teams, "team,group_manager,service\n\(secret),M,S\n\(secret),M,S"),
            (.teams, "\(secret),group_manager,service"),
            (.workers, "worker,unit\n\(secret),U\n\(secret),U"),
            (.configuration, "\(secret): 1"), (.configuration, "complete_from: \(secret)"),
            (.configuration, "without: [\(secret)]"), (.configuration, "formats: [\(secret)]"),
            (.configuration, "\(secret): 1\n\(secret): 2"), (.configuration, "\(secret)"),
            (.rulebook, "extends: \(secret)"), (.calendar, "\(secret): 1"),
        ]
        for (reader, text) in texts {
            let error = ErrorCase(reader, .syntax, 0, nil, "", text).error()
            #expect(error != nil, "\(text)")
            #expect(error?.description.contains("Other") == false, "\(text)")
        }
    }

    /// Every beginning of the shipped file gives a rulebook or an error, never a trap.
    @Test func everyPrefix() {
        let scalars = Array(DefaultRulebook.yaml.unicodeScalars)
        for length in stride(from: 0, to: scalars.count, by: 101) {
            let prefix = String(String.UnicodeScalarView(scalars.prefix(length)))
            _ = try? readRulebook(yaml: prefix, file: "england.yaml")
        }
    }
}
