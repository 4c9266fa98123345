import Testing

/// What somebody does with her workbook, and what becomes of its rows.
struct ReturnCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var steps: [String]
    /// The child and the fate of each row that is not simply unanswered.
    var expected: [String]

    init(_ why: String, _ steps: [String], _ expected: [String]) {
        testDescription = why
        self.steps = steps
        self.expected = expected
    }

    static let answer = ["answer:00123:Reason=CAPACITY", "date:00123:Revised date=2010-12-10"]

    static let all = [
        ReturnCase("as openpyxl saves it", answer, ["00123 taken"]),
        ReturnCase("as LibreOffice saves it", answer + ["libreoffice"], ["00123 taken"]),
        ReturnCase("sorted", answer + ["sort:Child"], ["00123 taken"]),
        ReturnCase("filtered, with the answered row hidden", answer + ["filter:Listed"], ["00123 taken"]),
        ReturnCase(
            "columns and rows deleted", answer + ["drop-column:Worker", "drop-column:Note", "drop-row:00124"],
            ["00123 taken"]),
        ReturnCase("as CSV in UTF-8, dates as people write them", answer + ["csv"], ["00123 taken"]),
        ReturnCase("as CSV by Excel, without leading zeros", answer + ["csv-excel"], ["00123 taken"]),
        ReturnCase(
            "one column sorted alone: no answer may come to another child", answer + ["sort-alone:Child"],
            ["00123 refused: names another child or rule than its exception: was one column sorted alone?"]),
        ReturnCase(
            "a date as text, and codes in any case",
            ["answer:00124:Revised date=9/12/2010", "answer:00124:Reason=police", "answer:00124:Owner=TEAM MANAGER"],
            ["00124 taken"]),
        ReturnCase("ISO text with a time", ["answer:00124:Seen on=2010-11-30T00:00:00"], ["00124 taken"]),
        ReturnCase("no such reason", ["answer:00123:Reason=LATE"], ["00123 refused: Reason is none of the list"]),
        ReturnCase(
            "no such safety", ["answer:00123:Child safe=maybe"], ["00123 refused: Child safe is none of the list"]),
        ReturnCase("no such role", ["answer:00123:Owner=Mayor"], ["00123 refused: Owner is none of the list"]),
        ReturnCase(
            "seen in the future", ["date:00123:Seen on=2999-01-01"], ["00123 refused: Seen on lies in the future"]),
        ReturnCase(
            "no date", ["answer:00123:Seen on=31/02/2010"],
            ["00123 refused: Seen on is no date, as yyyy-mm-dd or dd/mm/yyyy"]),
        ReturnCase(
            "revised to the Sunday of the week itself", ["date:00123:Revised date=2010-11-28"],
            ["00123 refused: Revised date is not after the week of the set"]),
        ReturnCase(
            "revised to a year that no calendar knows", ["date:00123:Revised date=2099-12-01"],
            ["00123 refused: Revised date is later than any bank holiday that is known"]),
        ReturnCase(
            "revised to Christmas Day's bank holiday", ["date:00123:Revised date=2010-12-27"],
            ["00123 refused: Revised date is not a working day"]),
        ReturnCase(
            "a note of 200 characters, and one of 201",
            [
                "answer:00123:Note=\(String(repeating: "é", count: 200))",
                "answer:00124:Note=\(String(repeating: "x", count: 201))",
            ],
            ["00123 taken", "00124 refused: Note has more than 200 characters"]),
        ReturnCase(
            "the same row twice in one file", answer + ["twice:00123"],
            ["00123 taken", "00123 refused: is answered twice in this file"]),
        ReturnCase(
            "a reference that is not in the set",
            answer + ["answer:00124:Exception=E-2222222222", "answer:00124:Note=x"],
            ["00123 taken", "- refused: names an exception that is not in the set"]),
        ReturnCase("nothing answered", [], []),
    ]
}
