import CardsTestSupport
import Charts
import FoundationXML
import Testing
import WorkingCalendar

/// A day; the epoch where the text is none, which no test means.
private func day(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(daysSinceEpoch: 0) }

/// A working calendar without closures but weekends and Christmas.
private let calendar = WorkingCalendar(
    ClosureTable(
        jurisdiction: "made up", coverage: day("2009-01-01")...day("2012-12-31"),
        closures: ["2010-12-27", "2010-12-28"].map { Closure(date: day($0)) }))

/// The values of an attribute in a drawing, in order.
private func values(_ attribute: String, in svg: String) -> [Double] {
    svg.split(separator: " \(attribute)=\"").dropFirst().compactMap { Double($0.prefix { $0 != "\"" }) }
}

/// Twelve weeks; the first four are from before a change of the limit.
private let weeks: [TrendChart.Point] = (0..<12).map { (week: Int) -> TrendChart.Point in
    let limits: (lower: Double?, upper: Double?) = week < 4 ? (nil, nil) : (0.5, 4.5)
    return TrendChart.Point(
        label: "week \(week)", value: Double(week % 5), isHollow: week == 3, lower: limits.lower, upper: limits.upper)
}

/// Every chart of the module, with something of each kind in it.
private let gallery: [(name: String, chart: Chart)] = [
    (
        "waiting-line",
        WaitingLine(
            start: day("2010-12-01"), seen: day("2010-12-03"), discussed: day("2010-12-08"), limit: day("2010-12-15"),
            today: day("2010-12-29")
        ).chart(calendar: calendar) { $0.description }
    ),
    (
        "band-bar",
        BandBar(
            bands: ["N", "S", "L", "A", "B", "C"].enumerated().map {
                .init(letter: $1, words: "band \($0)", count: $0 == 2 ? 0 : 6 - $0)
            }, whole: 20
        ).chart(title: "Open work by age")
    ),
    (
        "dot-plot",
        DotPlot(
            columns: [(-30, 2), (-5, 1), (0, 3), (1, 1), (12, 50)].map { .init(daysOver: $0, count: $1) },
            innerLimit: 28, unit: "days"
        ).chart(title: "Dots", description: "Each a case.")
    ),
    (
        "trend",
        TrendChart(
            points: weeks, mean: 2, isShare: false, breaks: [4], signals: [9]
        ).chart(title: "Trend", description: "Nothing.")
    ),
    (
        "distribution",
        Distribution(
            columns: [(0, 1), (12, 2), (33, 9), (36, 4), (90, 1)].map { .init(days: $0, count: $1) }, limit: 35,
            isBunchingMarked: true, unit: "Working days"
        ).chart(title: "Taken", description: "A column a day.")
    ),
]

@Suite struct ChartTests {
    @Test func drawingsStayAsTheyAre() throws {
        for (name, chart) in gallery { try expectGolden(chart.svg + "\n", named: "charts/\(name).svg") }
    }

    @Test func everyDrawingIsWellFormedAndSaysWhatItIs() throws {
        for (name, chart) in gallery {
            #expect(throws: Never.self, "\(name)") { _ = try XMLDocument(xmlString: chart.svg) }
            #expect(chart.svg.contains("role=\"img\"") && chart.svg.contains("<title>\(chart.title)</title>"))
            #expect(chart.svg.contains("<desc>\(chart.description)</desc>") && !chart.description.isEmpty)
            for word in ["style=", "href", "<script", "id=\""] {
                #expect(!chart.svg.contains(word), "\(word) in \(name)")
            }
        }
    }

    @Test func textsAreEscaped() throws {
        let chart = DotPlot(columns: [], unit: "<b>\"&").chart(title: "</title><script>", description: "a & b")
        #expect(!chart.svg.contains("<script>") && !chart.svg.contains("<b>"))
        #expect(throws: Never.self) { _ = try XMLDocument(xmlString: chart.svg) }
    }

    // MARK: Waiting lines

    @Test func aWaitingLineKeepsTimeInProportion() {
        let line = WaitingLine(
            start: day("2010-12-01"), seen: day("2010-12-11"), discussed: nil, limit: nil, today: day("2010-12-21"))
        let chart = line.chart(calendar: calendar) { $0.description }
        // The child was seen half way.
        #expect(values("cx", in: chart.svg) == [94.5])
        #expect(chart.description == "Began 2010-12-01, child last seen 2010-12-11, today 2010-12-21.")
        #expect(!chart.svg.contains("stroke-width=\"6\""), "nothing is thick without a limit")
    }

    @Test func aWaitIsThickPastItsLimitOnly() {
        func svg(_ limit: String, _ today: String) -> String {
            WaitingLine(
                start: day("2010-12-01"), seen: nil, discussed: nil, limit: day(limit), today: day(today)
            ).chart(calendar: calendar) { $0.description }.svg
        }
        #expect(svg("2010-12-10", "2010-12-11").contains("stroke-width=\"6\""))
        #expect(!svg("2010-12-10", "2010-12-10").contains("stroke-width=\"6\""))
        #expect(!svg("2010-12-20", "2010-12-10").contains("stroke-width=\"6\""))
    }

    @Test func whatLiesOutsideALineIsDrawnAtItsEnd() {
        let chart = WaitingLine(
            start: day("2010-12-01"), seen: day("2009-05-05"), discussed: nil, limit: day("2010-12-02"),
            today: day("2010-12-03")
        ).chart(calendar: calendar) { $0.description }
        #expect(values("cx", in: chart.svg) == [5])
        // Started today: no time has passed, and nothing is divided by it.
        let new = WaitingLine(
            start: day("2010-12-01"), seen: nil, discussed: nil, limit: nil, today: day("2010-12-01"))
        #expect(!new.chart(calendar: calendar) { $0.description }.svg.contains("nan"))
    }

    @Test func closedDaysAreHatchedUntilTheyAreTooNarrow() {
        func hatches(_ days: Int32) -> Int {
            let today = day("2010-12-06").adding(days: days)
            let line = WaitingLine(start: day("2010-12-06"), seen: nil, discussed: nil, limit: nil, today: today)
            return line.chart(calendar: calendar) { $0.description }.svg.split(separator: "stroke-width=\"0.7\"").count
                - 1
        }
        #expect(hatches(4) == 0, "Monday to Friday has no closed day")
        #expect(hatches(13) == 2, "two weekends")
        #expect(hatches(25) == 3, "the weekend of Christmas and the two days after it are one stretch")
        #expect(hatches(700) == 0, "a day narrower than a pixel is not hatched")
    }

    // MARK: Dots

    @Test(arguments: [(1, 1), (7, 3), (40, 40)])
    func everyCaseIsADot(early: Int, late: Int) {
        let svg = DotPlot(
            columns: [.init(daysOver: -3, count: early), .init(daysOver: 4, count: late)], unit: "days"
        ).chart(title: "t", description: "d").svg
        #expect(svg.split(separator: "h0").count - 1 == early)
        let bytes = Array(svg.utf8)
        let closed = zip(bytes, bytes.dropFirst()).count {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 && $1 == UInt8(ascii: "z")
        }
        #expect(closed == late, "every diamond is closed after a number")
    }

    @Test func aCaseOfLongAgoDoesNotPushTheOthersTogether() {
        let plot = DotPlot(
            columns: [(-900, 1), (-3, 2), (60, 3), (9_000, 4)].map { .init(daysOver: $0, count: $1) }, unit: "days")
        #expect(plot.columns.map(\.daysOver) == [-201, -3, 60])
        #expect(plot.columns.map(\.count) == [1, 2, 7])
        #expect(plot.chart(title: "t", description: "d").svg.contains(">60+</text>"))
    }

    @Test func moreDotsThanFitBecomeABarWithTheirNumber() {
        let svg = DotPlot(columns: [.init(daysOver: 2, count: 41)], unit: "days").chart(title: "t", description: "d")
            .svg
        #expect(svg.contains(">41</text>") && svg.contains("<rect"))
    }

    // MARK: Trends and distributions

    @Test func aBrokenLineIsNotDrawnAcross() {
        func runs(_ breaks: Set<Int>) -> Int {
            let points = (0..<6).map {
                TrendChart.Point(label: "", value: Double($0), isHollow: false, lower: nil, upper: nil)
            }
            let chart = TrendChart(points: points, mean: nil, isShare: false, breaks: breaks, signals: [])
            return chart.chart(title: "t", description: "d").svg.split(separator: "fill=\"none\"").count - 1
        }
        #expect(runs([]) == 1)
        #expect(runs([3]) == 2)
        #expect(runs([1]) == 1, "a single point has no line")
    }

    @Test func workPastTwiceTheLimitStandsInTheLastColumn() {
        let chart = Distribution(
            columns: [.init(days: 3, count: 1), .init(days: 500, count: 2), .init(days: 900, count: 2)], limit: 10,
            isBunchingMarked: false, unit: "Days"
        ).chart(title: "t", description: "d")
        let heights = values("height", in: chart.svg).dropFirst()
        // Four of the last column are as high as the chart, one of day 3 a quarter of it.
        #expect(heights.count == 2 && heights.first.map { $0 * 4 } == heights.last)
        #expect(chart.svg.contains("the last column: 20 or more"))
    }

    @Test func bandsKeepTheirShares() {
        let bar = BandBar(
            bands: [.init(letter: "A", words: "a", count: 5), .init(letter: "B", words: "b", count: 10)], whole: 30
        ).chart(title: "t")
        #expect(values("width", in: bar.svg).dropFirst().map { $0 + 1 } == [25, 50])
        #expect(bar.description == "5 a, 10 b.")
        #expect(BandBar(bands: [], whole: 0).chart(title: "t").description == "None.")
    }
}
