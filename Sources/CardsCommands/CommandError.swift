/// A reason why a command cannot be carried out, with the exit code of the contract.
struct CommandError: Error, CustomStringConvertible {
    /// The stable codes.
    enum Code: String, CaseIterable {
        case noExport = "no-export"
        case tooManyExports = "too-many-exports"
        case differentHeaders = "different-headers"
        case missingFile = "missing-file"
        case cannotOpen = "cannot-open"
        case cannotRead = "cannot-read"
        case fileTooLarge = "file-too-large"
        case notUTF8 = "not-utf8"
        case notAPartial = "not-a-partial"
        case otherVersion = "other-version"
        case partsDiffer = "parts-differ"
        case partsOfOtherWeeks = "parts-of-other-weeks"
        case partsEndOtherwise = "parts-end-otherwise"
        case partWithRejectedStart = "part-with-rejected-start"
        case sameChildren = "same-children"
        case noNightly = "no-nightly"
        case noMarker = "no-marker"
        case exportTooOld = "export-too-old"
        case fewerRows = "fewer-rows"
        case futureRows = "future-rows"
        case farNight = "far-night"
        case futureNight = "future-night"
        case zeroBytes = "zero-bytes"
        case unknownTeams = "unknown-teams"
        case mergesDisagree = "merges-disagree"
        case hookFailed = "hook-failed"
        case noClocks = "no-clocks"
        case otherBankHolidays = "other-bank-holidays"
        case calendarTooShort = "calendar-too-short"
        case weekNotCovered = "week-not-covered"
        case asAtBeforeWeek = "as-at-before-week"
        case weekNotOver = "week-not-over"
        case unknownTeam = "unknown-team"
        case unknownGroupManager = "unknown-group-manager"
        case unknownUnit = "unknown-unit"
        case unknownService = "unknown-service"
        case unknownChild = "unknown-child"
        case unknownRule = "unknown-rule"
        case ruleSwitchedOff = "rule-switched-off"
        case unknownMeasure = "unknown-measure"
        case measureOfFindings = "measure-of-findings"
        case noTemplates = "no-templates"
        case wrongTemplate = "wrong-template"
        case noPrinter = "no-printer"
        case notPrinted = "not-printed"
        case outputIsInput = "output-is-input"
        case sameOutput = "same-output"
        case folderOfNights = "folder-of-nights"
        case fileExists = "file-exists"
        case notAFile = "not-a-file"
        case diskFull = "disk-full"
        case notPermitted = "not-permitted"
        case noFolder = "no-folder"
        case cannotWrite = "cannot-write"
        case cannotPrint = "cannot-print"

        /// What the program exits with.
        var exit: Exit {
            switch self {
            case .tooManyExports, .differentHeaders, .asAtBeforeWeek, .weekNotOver, .unknownTeam, .unknownGroupManager,
                .unknownRule, .ruleSwitchedOff, .unknownMeasure, .measureOfFindings, .unknownUnit, .unknownService,
                .outputIsInput, .sameOutput:
                .usage
            case .notAPartial, .otherVersion, .partsDiffer, .partsOfOtherWeeks, .partsEndOtherwise,
                .partWithRejectedStart, .sameChildren, .noClocks, .exportTooOld, .fewerRows, .futureRows, .farNight,
                .futureNight, .zeroBytes, .unknownTeams:
                .unusableInput
            case .noExport, .noMarker, .missingFile, .cannotOpen, .cannotRead, .unknownChild: .missingInput
            case .fileTooLarge, .notUTF8, .noNightly, .mergesDisagree, .hookFailed, .noTemplates, .wrongTemplate,
                .noPrinter,
                .otherBankHolidays,
                .calendarTooShort, .weekNotCovered:
                .configuration
            case .folderOfNights, .fileExists, .notAFile, .diskFull, .notPermitted, .noFolder, .cannotWrite,
                .cannotPrint, .notPrinted:
                .cannotWrite
            }
        }
    }

    /// The exit codes of the contract that the commands themselves decide.
    enum Exit: Int32 {
        case usage = 64
        case unusableInput = 65
        case missingInput = 66
        case cannotWrite = 73
        case configuration = 78
    }

    var code: Code
    var message: String
    var hint: String

    init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    var description: String { "\(message) [\(code.rawValue)]\n\nhint: \(hint)" }
}

/// Thrown after everything was done, where `--strict` turns findings into an exit code of their own.
struct FindingsWereFound: Error {}

/// An error that has been told in another way, so that only its exit code is left to give.
struct AlreadyTold: Error {
    var error: any Error
}
