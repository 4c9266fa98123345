import EngineTestSupport
import Settings
import Testing
import WorkingCalendar

@Suite("The calendar against Python's holidays and numpy")
struct PythonTests {
    @Test("the same closures as `holidays`, the same counts as the shifted `numpy.busday_count`")
    func agrees() throws {
        let table = DefaultCalendar.table
        let calendar = WorkingCalendar(table)
        var lines = table.closures.filter { $0.withdrawnOn == nil }.map { "closure \($0.date)" }
        var start = table.coverage.lowerBound
        var random = TestRandom(seed: 1)
        while start < day("2029-06-01") {
            let end = start.adding(days: Int32.random(in: 0...400, using: &random))
            let elapsed = try #require(calendar.elapsed(from: start, to: end))
            lines.append("elapsed \(start) \(end) \(elapsed)")
            let limit = Int32.random(in: 1...90, using: &random)
            lines.append("due \(start) \(limit) \(try #require(calendar.due(from: start, workingDays: limit)))")
            start = start.adding(days: 1)
        }
        let scratch = try Scratch()
        let file = try scratch.write(Array((lines.joined(separator: "\n") + "\n").utf8), named: "calendar.txt")
        let script = try PythonScript("Tests/WorkingCalendarTests/check_calendar.py", [file])
        #expect(script.status == 0 && script.output == "\(lines.count) lines agree\n", "\(script.output)")
    }
}
