import Cards
import CaseEvents
import Clocks
import Columnar
import Exports
import WorkingCalendar

/// One child as a prepared run sees it: rows, linked file and clocks as at the last day.
struct CaseSight {
    var child: String
    var ids: PartitionIds
    var rows: ChildRows
    var file: CaseFile
    var clocks: ContiguousArray<Clock>
}

/// Goes through the children of a prepared run, to show what stands behind its figures.
///
/// It links and evaluates as the run does and adds nothing up, so that a sum made from what it shows
/// checks the sums of the run.
struct CaseVisitor {
    let prepared: WeeklyJob.Prepared
    let cores: Int

    /// Calls `body` for every child of some partitions that `isWanted`, and returns what it gave, in their order.
    ///
    /// The events are used up.
    func visit<Value: Sendable>(
        partitions: Range<Int> = 0..<CaseStore.partitionCount,
        where isWanted: @escaping @Sendable (String) -> Bool = { _ in true },
        _ body: @escaping @Sendable (CaseSight) -> [Value]
    ) -> [Value] {
        let (store, context, asAt) = (prepared.read.store, prepared.context, prepared.asAt)
        return concurrentMap(count: partitions.count, cores: cores) { index in
            let partition = partitions.lowerBound + index
            var events = GroupedEvents()
            store.partitions[partition].takeEvents(into: &events)
            let ids = store.partitions[partition].ids
            var rows = ChildRows()
            var file = CaseFile(endsAtCompletion: context.clocks.endsAtCompletion)
            var evaluator = ClockEvaluator(context.clocks)
            var values: [Value] = []
            for number in 0..<UInt32(events.childCount) {
                let child = ids.child(number)
                guard isWanted(child) else { continue }
                let range = Int(events.starts[Int(number)])..<Int(events.starts[Int(number) + 1])
                rows.load(events.events, range, store: store, ids: ids)
                file.link(rows, asAt: asAt, ids: ids, names: context.clocks.names)
                evaluator.evaluate(file)
                values += body(CaseSight(child: child, ids: ids, rows: rows, file: file, clocks: evaluator.clocks))
            }
            return values
        }.flatMap { $0 }
    }
}
