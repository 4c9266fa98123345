import Settings

/// Organisation files, calendars and configurations with one thing wrong.
extension ErrorCase {
    private static func teams(
        _ code: SettingsError.Code, _ line: Int, _ says: String, hint: String = "", _ rows: String
    ) -> ErrorCase {
        ErrorCase(
            .teams, code, line, nil, says, hint: hint,
            "unit,team,group_manager,service,short_term,from,to,succeeded_by\n" + rows)
    }

    private static func calendar(
        _ code: SettingsError.Code, _ line: Int, _ column: Int, _ says: String, hint: String = "", _ text: String
    ) -> ErrorCase {
        ErrorCase(.calendar, code, line, column, says, hint: hint, text)
    }

    private static func configuration(
        _ code: SettingsError.Code, _ line: Int, _ column: Int, _ says: String, hint: String = "", _ text: String
    ) -> ErrorCase {
        ErrorCase(.configuration, code, line, column, says, hint: hint, text)
    }

    static let otherCases: [ErrorCase] = [
        .init(.teams, .missingColumn, 1, nil, "`group_manager`", "team,service\nA,S\n"),
        .init(.teams, .missingColumn, 2, nil, "`service`", hint: "near", "\nteam,group_manager,servise\nA,M,S\n"),
        .init(.teams, .duplicateColumn, 1, nil, "column 4", "team,group_manager,service,Team\nA,M,S,A\n"),
        teams(.fieldCount, 3, "has 7 fields; expected 8", hint: "comma", "A,A,M,S,,,,\nB,B,M,S,,,\n"),
        teams(.strayQuote, 2, "inside a value", "A,A \"x\",M,S,,,,\n"),
        teams(.strayQuote, 3, "follows the closing quote", "\"A\nB\"x,A,M,S,,,,\n"),
        teams(.unterminatedQuote, 3, "never closed", "A,A,M,S,,,,\nB,\"B,M,S,,,,\n\n\n"),
        teams(.missingValue, 2, "`team` is empty", "A,,M,S,,,,\n"),
        teams(.missingValue, 2, "`group_manager` is empty", "A,A,,S,,,,\n"),
        teams(.missingValue, 2, "`service` is empty", "A,A,M,,,,,\n"),
        teams(.unknownValue, 2, "`short_term` holds another value; expected `1`, `0` or nothing", "A,A,M,S,yes,,,\n"),
        teams(.badDate, 2, "`from` is no date", "A,A,M,S,,31/02/2010,,\n"),
        teams(.badDate, 3, "`to` is no date", "A,A,M,S,,,,\nB,B,M,S,,,2010-1-1,\n"),
        teams(.datesReversed, 2, "`to` is before `from`", "A,A,M,S,,2010-01-02,2010-01-01,\n"),
        teams(
            .overlappingRows, 4, "lines 2 and 4 place one unit on the same day", hint: "end the earlier",
            "A,A,M,S,,,2010-06-30,\nB,B,M,S,,,,\nA,A,M,S,,2010-06-30,,\n"),
        teams(.overlappingRows, 3, "lines 2 and 3", ",A,M,S,,,,\nA,A,M,S,,2010-06-30,,\n"),
        teams(.unknownSuccessor, 3, "names no unit", "A,A,M,S,,,,\nB,B,M,S,,,,C\n"),
        teams(.successorCycle, 3, "circle", "A,A,M,S,,,,\nB,B,M,S,,,,C\nC,C,M,S,,,,B\n"),
        teams(.successorCycle, 2, "circle", "A,A,M,S,,,,A\n"),
        .init(.workers, .missingColumn, 1, nil, "`unit`", "worker\nw\n"),
        .init(.workers, .missingValue, 2, nil, "`worker` is empty", "worker,unit\n,A\n"),
        .init(.workers, .overlappingRows, 3, nil, "place one worker on the same day", "worker,unit\nw,A\nw,B\n"),
        .init(.workers, .badDate, 2, nil, "`from` is no date", "worker,unit,from\nw,A,soon\n"),

        calendar(
            .unknownJurisdiction, 1, 1, "no division `england-and-wales`", hint: "`scotland`", "{\"scotland\":{}}"),
        calendar(
            .unknownJurisdiction, 1, 18, "not that of the rulebook; expected `england-and-wales`",
            "{\"jurisdiction\": \"scotland\", \"closures\": []}"),
        calendar(.missingKey, 1, 23, "`events`", "{\"england-and-wales\": {}}"),
        calendar(.missingKey, 1, 35, "`date`", "{\"england-and-wales\": {\"events\": [{\"title\": \"x\"}]}}"),
        calendar(
            .badDate, 2, 13, "`date` is no date",
            "{\"england-and-wales\": {\"events\": [\n   {\"date\": \"May Day\"}]}}"),
        calendar(.emptyCalendar, 1, 34, "has no event", "{\"england-and-wales\": {\"events\": []}}"),
        calendar(
            .missingKey, 1, 1, "needs the key `from`", "{\"jurisdiction\": \"england-and-wales\", \"closures\": []}"),
        calendar(
            .datesReversed, 3, 5, "`to` is before `from`",
            "jurisdiction: england-and-wales\nfrom: 2020-01-01\nto: 2019-12-31\nclosures: []"),
        calendar(
            .outOfRange, 5, 11, "outside the calendar",
            "jurisdiction: england-and-wales\nfrom: 2020-01-01\nto: 2020-12-31\nclosures:\n  - date: 2021-01-01"),
        calendar(
            .unknownKey, 4, 31, "`known` is no key of a closure",
            "jurisdiction: england-and-wales\nfrom: 2020-01-01\n"
                + "to: 2020-12-31\nclosures: [{date: 2020-01-01, known: 2020-01-01}]"),
        calendar(.wrongType, 1, 1, "is a list", "[]"),

        configuration(.unknownKey, 1, 1, "`export` is no key", hint: "did you mean `exports`?", "export: a.csv"),
        configuration(.unknownKey, 1, 3, "this is no key", hint: "the keys are", "? [a]\n: b"),
        configuration(
            .wrongType, 1, 10, "`exports` is a single value; expected a list of paths", hint: "[one, two]",
            "exports: a.csv"),
        configuration(.missingValue, 1, 7, "`teams` has no value", "teams: \n"),
        configuration(.unknownValue, 1, 11, "expected one of `html`", hint: "did you mean `xlsx`?", "formats: [xls]"),
        configuration(.unknownValue, 1, 12, "expected one of `own`, `current`", "structure: now"),
        configuration(
            .unknownEvent, 2, 3, "names no event", hint: "did you mean `child_seen`?", "without:\n- childseen"),
        configuration(.unknownEvent, 1, 11, "names no event", hint: "formats.md", "without: [x]"),
        configuration(.badDate, 1, 16, "`complete_from` is no date", "complete_from: 2010-13-01"),
        configuration(.missingKey, 2, 5, "a change needs the key `label`", "changes:\n  - date: 2010-01-01"),
        configuration(.badName, 1, 16, "`data` is no name of a Unix group", "groups: {data: a/b}"),
        configuration(.unknownKey, 1, 10, "`managers` is no key of the block `groups`", "groups: {managers: a}"),
    ]
}
