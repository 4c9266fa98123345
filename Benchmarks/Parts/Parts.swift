import Benchmark
import Cards
import CaseEvents
import Clocks
import Columnar
import DelimitedText
import Exports
import Reports
import WorkingCalendar

/// The parts of a run, each on one thread and alone, over the same rows.
///
/// What a part is given is made before its time begins, afresh for each turn where the part uses it up.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .itemsPerSecond, .bytesPerSecond, .peakMemoryResident],
        timeUnits: .microseconds, warmupIterations: 1, maxDuration: .seconds(5), maxIterations: 15)

    Benchmark("1 scan: fields of the text found") { benchmark in
        let blocks = SampleExport.blocks
        benchmark.measure(rows: SampleExport.rowCount, bytes: SampleExport.byteCount) {
            for block in blocks { blackHole(FieldScanner().scan(block)) }
        }
    }

    Benchmark("2 parse: file to events (with scan, partition, take in)") { benchmark in
        let file = try TemporaryFile(SampleExport.text)
        let options = ReadOptions(cores: 1)
        try benchmark.measure(rows: SampleExport.rowCount, bytes: SampleExport.byteCount) {
            blackHole(try ExportReader.read([.caseEvents(file.path)], options))
        }
    }

    Benchmark("3 partition: ids to codes, rows of a block by the hash of the child") { benchmark in
        let blocks = SampleExport.rows
        let spellings = CaseStore().spellings
        benchmark.measure(rows: SampleExport.rowCount) {
            for block in blocks { blackHole(block.batch(spellings)) }
        }
    }

    Benchmark("4a look up: one id in one table, as ids without digits are") { benchmark in
        let blocks = SampleExport.rows
        benchmark.measure(rows: SampleExport.rowCount) {
            var children = IdTable()
            for block in blocks {
                block.bytes.withUnsafeBytes { text in
                    for row in block.rows {
                        blackHole(children.intern(row.child, hash: row.child.hash(in: text), in: text))
                    }
                }
            }
        }
    }

    Benchmark("4b take in: the rows of a block, by partition") { benchmark in
        var store = CaseStore()
        let batches = SampleExport.rows.map { $0.batch(store.spellings) }
        benchmark.measure(rows: SampleExport.rowCount) { store.absorb(batches, cores: 1) }
        blackHole(store)
    }

    Benchmark("5 group: events by child") { benchmark in
        let store = SampleExport.store
        benchmark.measure(rows: SampleExport.rowCount) {
            var grouped = GroupedEvents()
            for partition in store.partitions { partition.takeEvents(into: &grouped) }
            blackHole(grouped)
        }
    }

    Benchmark("6a link: events of a child to referrals and steps") { benchmark in
        let cases = CaseFiles.shared
        benchmark.measure(rows: cases.rowCount) { cases.link() }
    }

    Benchmark("6b evaluate: every rule over linked case files") { benchmark in
        let cases = CaseFiles.shared
        let files = CaseFiles.sharedLinked
        var evaluator = ClockEvaluator(SampleRun.shared.context.clocks)
        benchmark.measure(rows: cases.rowCount) {
            for file in files {
                evaluator.evaluate(file)
                blackHole(evaluator.clocks.count)
            }
        }
    }

    Benchmark("7 aggregate: every week of every child (with group, link, evaluate)") { benchmark in
        let run = SampleRun()
        benchmark.measure(rows: SampleExport.rowCount) { blackHole(run.outcome()) }
    }

    Benchmark("8a figures: sums to figures") { benchmark in
        let run = SampleRun.shared
        let outcome = SampleRun.sharedOutcome
        let count = SampleRun.sharedReport.figures.count
        benchmark.measure(rows: count) { blackHole(run.report(outcome)) }
    }

    Benchmark("8b render: figures to csv") { benchmark in
        let report = SampleRun.sharedReport
        let bytes = SampleRun.sharedCSV.utf8.count
        benchmark.measure(rows: report.figures.count, bytes: bytes) { blackHole(Tables.cards(report).csv) }
    }

    Benchmark("9a working days: elapsed") { benchmark in
        let calendar = SampleRun.calendar
        let pairs = SampleRun.datePairs
        benchmark.measure(rows: pairs.count) {
            var sum: Int32 = 0
            for pair in pairs { sum &+= calendar.elapsed(from: pair.start, to: pair.end) ?? 0 }
            blackHole(sum)
        }
    }

    Benchmark("9b working days: due") { benchmark in
        let calendar = SampleRun.calendar
        let pairs = SampleRun.datePairs
        benchmark.measure(rows: pairs.count) {
            var sum: Int32 = 0
            for pair in pairs { sum &+= calendar.due(from: pair.start, workingDays: 45)?.daysSinceEpoch ?? 0 }
            blackHole(sum)
        }
    }
}

extension BenchmarkMetric {
    /// Rows, or for the last stages figures or dates.
    static var itemsPerSecond: BenchmarkMetric {
        .custom("Rows a second", polarity: .prefersLarger, useScalingFactor: false)
    }

    static var bytesPerSecond: BenchmarkMetric {
        .custom("Bytes a second", polarity: .prefersLarger, useScalingFactor: false)
    }
}

extension Benchmark {
    /// Measures `body` alone, which goes through so many rows, and through so many bytes of text if it reads or writes any.
    func measure(rows: Int, bytes: Int? = nil, _ body: () throws -> Void) rethrows {
        startMeasurement()
        let time = try ContinuousClock().measure(body)
        stopMeasurement()
        measurement(.itemsPerSecond, Int(Double(rows) / (time / .seconds(1))))
        if let bytes { measurement(.bytesPerSecond, Int(Double(bytes) / (time / .seconds(1)))) }
    }
}
