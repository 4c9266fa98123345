import Cards
import CaseEvents
import Clocks
import Exports
import WorkingCalendar

extension WeeklyJob {
    /// What a run made, and what it was made with.
    struct Result {
        var report: WeeklyReport
        var sources: [SourceSummary]
        var rejected: [RejectedRow]
        var context: CardContext
        var availability: Availability
        /// For each event, how many rows have it.
        var counts: [Int]
        /// What had been promised when a ledger's night published the week; `nil` where the answers say it.
        var promises: [String: CivilDate]?
        /// What had been promised by the week published before, and where its exceptions go on.
        var before: [String: CivilDate] = [:]
        var succession = Succession(of: [], in: [])

        /// What was promised, with what goes on from exceptions that had another reference.
        ///
        /// - Parameter answered: The promises by the answers; what is answered for a reference itself counts first.
        /// - Returns: The dates by the references of exceptions.
        func promises(answered: [String: CivilDate]) -> [String: CivilDate] {
            let known = before.merging(answered) { $1 }
            var promises = known
            for (old, new) in succession.references.sorted(by: { $0.key < $1.key }) where answered[new] == nil {
                guard let date = known[old] else { continue }
                // Two that became one: the one that was to be kept first.
                promises[new] = min(promises[new] ?? date, date)
            }
            return promises
        }
    }
}
