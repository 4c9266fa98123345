import Cards
import CaseEvents
import Foundation
import Ledger
import Rules
import WorkingCalendar

extension WeeklyJob {
    /// A run over what a ledger knew after a night, with the rulebook, calendar and structure of then.
    ///
    /// - Throws: ``LedgerError`` where these cannot be read.
    init(_ ledger: Ledger, _ state: KnownState) throws {
        let settings = try RunSettings(ledgerText: state.settings, ledger.path)
        self.init(sources: ledger.exports(state), rulebook: settings.rulebook, closures: settings.closures)
        organisation = settings.organisation
        isCurrentStructure = settings.isCurrentStructure
        completeFrom = settings.completeFrom
        without = Set(settings.without)
        changes = settings.changes
        screensLimits = settings.screensLimits
        knownAt = state.day
        kept = (ledger, state)
    }

    /// What is known in a state of a week that was published.
    ///
    /// - Throws: ``LedgerError`` for a week that was not.
    static func restatement(of week: ISOWeek, _ ledger: Ledger, _ state: KnownState, cores: Int) throws -> Restatement {
        var job = try WeeklyJob(ledger, state)
        (job.week, job.cores) = (week, cores)
        var restated = try ledger.restatement(of: week, now: try job.run().report, night: state.night)
        if let then = try ledger.settings(whenPublishing: week), then != state.settings {
            restated.changedSettings = try RunSettings(ledgerText: state.settings, ledger.path).differences(
                from: try RunSettings(ledgerText: then, ledger.path))
        }
        return restated
    }
}

extension RunSettings {
    /// Reads what a ledger keeps of them.
    ///
    /// - Throws: ``LedgerError``.
    init(ledgerText text: String, _ path: String) throws {
        do {
            self = try JSONDecoder().decode(RunSettings.self, from: Data(text.utf8))
        } catch {
            throw LedgerError(
                .damaged, "\(path): the settings of a night cannot be read",
                hint: "was it written by another version of cards? `cards ledger check` looks at the rest")
        }
    }

    /// The text a ledger keeps; that of the night before where nothing differs.
    func ledgerText(_ last: String?, _ path: String) throws -> String {
        if let last, try RunSettings(ledgerText: last, path) == self { return last }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
