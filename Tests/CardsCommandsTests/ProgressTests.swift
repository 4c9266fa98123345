import Testing

@testable import CardsCommands

@Suite struct ProgressTests {
    @Test("bytes, rows, rate and the time left")
    func reading() {
        let line = RunProgress.line(30 << 20, 90 << 20, 1_000, after: .seconds(3))
        #expect(line == "reading 30 of 90 MiB, 1000 rows, 10 MiB/s, 6 s left")
        #expect(RunProgress.line(0, 0, 0, after: .zero) == "reading 0 of 0 MiB, 0 rows, 0 MiB/s, 0 s left")
    }

    @Test("the share counted, and the time left once two parts tell it")
    func counting() {
        #expect(RunProgress.line(1, 64, after: .zero) == "counting the clocks of the children, 1%")
        #expect(RunProgress.line(17, 64, after: .seconds(4)) == "counting the clocks of the children, 26%, 12 s left")
        #expect(RunProgress.line(64, 64, after: .seconds(4)) == "counting the clocks of the children, 100%, 0 s left")
    }
}
