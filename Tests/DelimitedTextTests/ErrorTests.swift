import DelimitedText
import EngineTestSupport
import Exports
import Foundation
import Testing
import WorkingCalendar

/// A file that cannot be read, and everything that is said about it.
struct BadFile: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let knownAt: CivilDate?
    let code: ExportError.Code
    /// What follows the file's name, up to the blank line.
    let message: String
    let hint: String

    init(
        _ why: String, _ text: String, knownAt: String? = nil, _ code: ExportError.Code, _ message: String,
        _ hint: String
    ) {
        self.init(why, bytes: Array(text.utf8), knownAt: knownAt, code, message, hint)
    }

    init(
        _ why: String, bytes: [UInt8], knownAt: String? = nil, _ code: ExportError.Code, _ message: String,
        _ hint: String
    ) {
        testDescription = "\(code.rawValue): \(why)"
        self.bytes = bytes
        self.knownAt = knownAt.map(day)
        self.code = code
        self.message = message
        self.hint = hint
    }

    private static let head = "child_id,event,date,recorded_at,team\n"
    private static let row = "c1,referral_received,2010-11-01,2010-11-01,T1\n"
    private static let utf16 = "save it from Excel as \"CSV UTF-8\", or read it with a mapping that states its encoding"
    private static let quotes = "a field with quotes must begin and end with \", and double each \" inside"
    private static let short = "ids, names and codes are short; check that the columns are in the right order"
    private static let format = "export the column in one format, yyyy-mm-dd or dd/mm/yyyy"
    private static let needed = "a case-events file has at least child_id, event and date; see docs/formats.md"
    private static let finished = "check that the export finished; even an export without rows has a header"

    static let all: [BadFile] = [
        BadFile("no byte at all", "", .emptyFile, ": the file is empty", finished),
        BadFile(
            "a byte-order mark and nothing else", bytes: [0xEF, 0xBB, 0xBF], .emptyFile, ": the file is empty", finished
        ),
        BadFile(
            "UTF-16 with its mark, as Excel's Unicode text", bytes: [0xFF, 0xFE, 0x63, 0], .notUTF8,
            ":1: the text is UTF-16, not UTF-8", utf16),
        BadFile(
            "UTF-16, big end first", bytes: [0xFE, 0xFF, 0, 0x63], .notUTF8,
            ":1: the text is UTF-16, not UTF-8", utf16),
        BadFile(
            "UTF-16 without a mark", bytes: [0x63, 0, 0x68, 0, 0x69, 0], .notUTF8,
            ":1: the text is UTF-16, not UTF-8", utf16),
        BadFile(
            "Latin-1 in a team's name", bytes: Array((head + row + "c1,child_seen,2010-11-02,,Caf").utf8) + [0xE9, 10],
            .notUTF8, ":3: column team: the text is not UTF-8", "save the export as \"CSV UTF-8\""),
        BadFile(
            "a quote opened in the last row", head + row + "c1,child_seen,2010-11-02,,\"T1\n", .unterminatedQuote,
            ":3: a quoted field that begins here is never closed",
            "look for an odd number of \" characters, often in a free-text column"),
        BadFile(
            "a quote opened more than a record before the end",
            head + "\"" + String(repeating: row, count: 30_000), .unterminatedQuote,
            ":2: a quoted field that begins here is never closed",
            "look for an odd number of \" characters, often in a free-text column"),
        BadFile(
            "one stray quote, rows before the end", head + "c1,child_seen,2010-11-02,,T\"1\n" + row + row,
            .unterminatedQuote, ":2: a quoted field that begins here is never closed",
            "look for an odd number of \" characters, often in a free-text column"),
        BadFile(
            "gzip", bytes: [0x1F, 0x8B, 8, 0, 1, 2, 3], .notText,
            ": this is not a text file but a packed one or a workbook",
            "unpack it, or save the workbook as \"CSV UTF-8\""),
        BadFile(
            "a workbook", bytes: Array("PK".utf8) + [3, 4, 20, 0], .notText,
            ": this is not a text file but a packed one or a workbook",
            "unpack it, or save the workbook as \"CSV UTF-8\""),
        BadFile(
            "carriage returns for line ends, so that all rows would be the header",
            (head + row + row).replacingOccurrences(of: "\n", with: "\r"), .carriageReturns,
            ":1: the header ends in a carriage return without a line feed",
            "save the export with line ends of Windows or Unix"),
        BadFile(
            "a carriage return after the header alone",
            head.replacingOccurrences(of: "\n", with: "\r") + row + row, .carriageReturns,
            ":1: the header ends in a carriage return without a line feed",
            "save the export with line ends of Windows or Unix"),
        BadFile(
            "a row without an end", head + row + String(repeating: "x", count: 1_100_000), .recordTooLong,
            ": a row is longer than 1 MiB", "check that this is a text export with one row per line"),
        BadFile(
            "a quote within a plain field", head + row + "c1,child_seen,2010-11-02,,T\"1\"\n", .strayQuote,
            ":3: column team: a field has a quote in the wrong place", quotes),
        BadFile(
            "text after a closing quote", head + "\"c1\"x,child_seen,2010-11-02,,T1\n", .strayQuote,
            ":2: column child_id: a field has a quote in the wrong place", quotes),
        BadFile(
            "a child's id of 201 bytes", head + String(repeating: "c", count: 201) + ",child_seen,2010-11-02,,\n",
            .fieldTooLong, ":2: column child_id: a value is longer than 200 bytes", short),
        BadFile(
            "no date column", "child_id,event,day\nc1,child_seen,2010-11-02\n", .missingColumn,
            ":1: column date: the header does not have the column", needed),
        BadFile(
            "semicolons", "child_id;event;date\nc1;child_seen;2010-11-02\n", .missingColumn,
            ":1: column child_id: the header does not have the column",
            "the file seems to be separated by semicolons or tabs; export it with commas"),
        BadFile(
            "a column twice, whatever its letters", "child_id,event,date, Child_ID\n", .repeatedColumn,
            ":1: column child_id: the header has the column twice", "remove or rename one of the two"),
        BadFile(
            "ISO, then slashes", head + row + "c1,child_seen,02/11/2010,2010-11-02,T1\n", .mixedDates,
            ":3: column date: the column writes dates in two ways: line 2 has the other one", format),
        BadFile(
            "two formats of recorded_at, a blank line between",
            head + "c1,child_seen,2010-11-02,02/11/2010,\n\n" + row, .mixedDates,
            ":4: column recorded_at: the column writes dates in two ways: line 2 has the other one", format),
        BadFile(
            "month first", head + "c1,child_seen,11/25/2010,,\n", .monthOver12,
            ":2: column date: a date's second number is over 12; slashes always mean dd/mm/yyyy",
            "export the column as dd/mm/yyyy or yyyy-mm-dd"),
        BadFile(
            "known at, without the column", "child_id,event,date\nc1,child_seen,2010-11-02\n", knownAt: "2010-11-28",
            .noRecordedAt,
            ":1: column recorded_at: --known-at needs to know when each row was recorded, and the header does not have the column",
            "export recorded_at, or leave --known-at out"),
    ]
}

@Suite("Files that cannot be read")
struct ErrorTests {
    private func failure(_ path: String, knownAt: CivilDate? = nil, blockSize: Int) -> ExportError? {
        do throws(ExportError) {
            _ = try ExportReader.read(
                [.caseEvents(path)], ReadOptions(knownAt: knownAt, cores: 1), blockSize: blockSize)
            return nil
        } catch {
            return error
        }
    }

    @Test("the error says which file, line and column, what is wrong and what to do", arguments: BadFile.all)
    func badFile(_ bad: BadFile) throws {
        let scratch = try Scratch()
        let path = try scratch.write(bad.bytes, named: "bad.csv")
        for blockSize in [1 << 16, 4 << 20] {
            let error = try #require(failure(path, knownAt: bad.knownAt, blockSize: blockSize))
            #expect(error.code == bad.code)
            #expect(error.description == "\(path)\(bad.message) [\(bad.code.rawValue)]\n\nhint: \(bad.hint)")
        }
    }

    @Test("a path that leads nowhere, and one that leads to a folder")
    func paths() throws {
        let scratch = try Scratch()
        let missing = scratch.folder.appending(path: "none.csv").path
        #expect(
            failure(missing, blockSize: 64)?.description
                == "\(missing): there is no such file [missing-file]\n\nhint: check the path; paths are from the folder you are in"
        )
        let folder = scratch.folder.path
        #expect(
            failure(folder, blockSize: 64)?.description
                == "\(folder): this is not a file [cannot-read]\n\nhint: give the export itself, not a folder or a pipe"
        )
    }

    @Test("a file that shrinks or grows while it is read is an error, never a wrong number", arguments: [10, 5_000])
    func changed(size: Int) throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array(repeating: 10, count: 1_000), named: "changing.csv")
        var reader = try BlockReader(path: path, blockSize: 64)
        _ = try reader.next()
        try Data(repeating: 10, count: size).write(to: URL(filePath: path))
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: UInt64(size))
        var caught: ExportError?
        do throws(ExportError) {
            while try reader.next() != nil {}
        } catch {
            caught = error
        }
        #expect(caught?.code == .changedWhileRead)
        #expect(caught?.message == "the file changed while it was being read")
    }

    @Test("more lines than can be counted; the real limit is four thousand million, which no test writes")
    func tooManyLines() throws {
        let scratch = try Scratch()
        let row = "c1,referral_received,2010-11-01\n"
        let path = try scratch.write(
            Array(("child_id,event,date\n" + String(repeating: row, count: 9)).utf8), named: "long.csv")
        var options = ReadOptions(cores: 1)
        #expect(options.mostLines == 4_294_967_295)
        options.mostLines = 10
        let error = #expect(throws: ExportError.self) { try ExportReader.read([.caseEvents(path)], options) }
        #expect(
            error?.description
                == "\(path): the file has more than four thousand million lines [too-many-lines]\n\n"
                + "hint: split the export by year")
        options.mostLines = 11
        #expect(try ExportReader.read([.caseEvents(path)], options).sources.first?.rowsRead == 9)
    }

    @Test("every code has an example")
    func codes() {
        let others: Set<ExportError.Code> = [
            .missingFile, .cannotRead, .changedWhileRead, .noRows, .tooManyLines, .futureWeek,
        ]
        // Those of other formats are in FormatsTests.
        let ofFormats: Set<ExportError.Code> = [
            .incomplete, .notXML, .notJSON, .notWorkbook, .notDatabase, .refusedContent, .unknownShape,
        ]
        #expect(Set(BadFile.all.map(\.code)).union(others).union(ofFormats) == Set(ExportError.Code.allCases))
    }
}
