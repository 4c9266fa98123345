import Cards
import EngineTestSupport
import Reports
import Testing
import WorkingCalendar

@Suite("As at and known at")
struct KnownAtTests {
    /// The rows of an export that somebody had been told of by the end of a day.
    private func rows(_ bytes: [UInt8], knownBy known: CivilDate) -> [UInt8] {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
        let kept = lines.dropFirst().filter { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            // A row with a field missing has its date and recording all the same.
            func date(_ name: Substring) -> CivilDate? {
                guard let place = header.firstIndex(of: name), place < fields.count else { return nil }
                let date = CivilDate(String(fields[place]))
                return date == day("1900-01-01") ? nil : date
            }
            guard fields.count == header.count else { return true }
            let (happened, recorded) = (date("date"), date("recorded_at"))
            if fields[1] == "icpc_arranged" { return recorded.map { $0 <= known } ?? true }
            guard let told = recorded.map({ max($0, happened ?? $0) }) ?? happened else { return true }
            return told <= known
        }
        return Array(([lines[0]] + kept).map { $0 + "\n" }.joined().utf8)
    }

    @Test(
        "a run known at a day is the run over only the rows recorded by then",
        arguments: ["2010-08-15", "2010-10-31", "2010-11-30"])
    func knownAt(_ text: String) throws {
        let sample = try sampleExport(referrals: 300, years: 0.5, ending: "2010-12-19")
        let known = day(text)
        var options = EngineOptions(asAt: text)
        options.teams = sample.teams
        options.knownAt = known
        let whole = try Engine([sample.events], options).report
        let part = try Engine([rows(sample.events, knownBy: known)], options).report
        #expect(whole.header.notYetKnown > 0 && part.header.notYetKnown == 0)
        #expect(Tables.clocks(whole).csv == Tables.clocks(part).csv)
        #expect(Tables.cards(whole).csv == Tables.cards(part).csv)
        #expect(Tables.exceptions(whole.exceptions).csv == Tables.exceptions(part.exceptions).csv)
        #expect(Tables.watch(whole.watch).csv == Tables.watch(part.watch).csv)
    }

    @Test("rows dated after the as-at date are simply not there")
    func asAt() throws {
        let rows = "referral_received 2010-11-01 r1\nreferral_decided 2010-11-02 r1\n"
        let later = "case_closed 2010-11-29 r1\nreferral_received 2010-11-29 r2\n"
        let (one, two) = (try Engine(eventRows(rows)), try Engine(eventRows(rows + later)))
        #expect(Tables.clocks(one.report).csv == Tables.clocks(two.report).csv)
        #expect(Tables.exceptions(one.report.exceptions).csv == Tables.exceptions(two.report.exceptions).csv)
    }

    @Test("a late entry is not known the day before it was made, and is from then on")
    func lateEntry() throws {
        let text = eventRows(
            "referral_received 2010-11-01 r1 recorded_at=2010-11-01\nreferral_decided 2010-11-02 r1 recorded_at=2010-11-10"
        )
        for (known, line) in [("2010-11-09", "2010-11-01 - overdue"), ("2010-11-10", "2010-11-01 2010-11-02 in_time")] {
            let run = try Engine(text, EngineOptions(asAt: "2010-11-28").with { $0.knownAt = day(known) })
            #expect(run.clocks("referral_decision", ["started_on", "stopped_on", "verdict"]) == [line])
        }
    }

    @Test("the calendar is the one known on the day: the funeral of 19 September 2022")
    func calendar() throws {
        let text = eventRows(
            "referral_received 2022-08-10 r1 recorded_at=2022-08-10\nassessment_started 2022-08-10 r1 A1 recorded_at=2022-08-10"
        )
        for (known, due) in [("2022-09-05", "2022-10-13"), ("2022-09-09", "2022-10-14")] {
            let run = try Engine(text, EngineOptions(asAt: "2022-09-04").with { $0.knownAt = day(known) })
            #expect(run.clocks("assessment", ["due_on"]) == [due], "known at \(known)")
        }
    }
}
