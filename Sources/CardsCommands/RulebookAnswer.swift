import Rules
import WorkingCalendar

/// What `cards rules show --json` prints: the rulebook as it is used, overrides applied.
struct RulebookAnswer: Encodable {
    struct RuleAnswer: Encodable {
        var rule: String
        var title: String
        var shape: String
        var isOn: Bool
        var risk: Int
        var childNotSeenAfter: Int32?
        var strictWithin: Int32?
        var countsStartDay: Bool
        var referralsFrom: String?
        var referralsTo: String?
        var editions: [EditionAnswer]
    }

    struct EditionAnswer: Encodable {
        var edition: String
        var from: String?
        var to: String?
        var limit: Int32?
        var expected: Int32?
        /// Of both; absent where there is no limit.
        var unit: String?
        var basis: String
        var source: String
        var confidence: String
        var note: String?
    }

    struct KindAnswer: Encodable {
        var kind: String
        var risk: Int
    }

    struct Thresholds: Encodable {
        var unallocatedAfter: Int32
        var notStartedAfter: Int32
        var noOutcomeFrom: Int32
        var noOversightFrom: Int32
        var noRecentActivityFrom: Int32
        var icpcNotBookedFrom: Int32
        var dueSoonWithin: Int32
    }

    var rulebook: String
    var version: String
    var jurisdiction: String
    var rules: [RuleAnswer]
    var exceptions: [KindAnswer]
    var thresholds: Thresholds

    init(_ book: Rulebook) {
        rulebook = book.name
        version = book.version
        jurisdiction = book.jurisdiction
        rules = book.rules.map(RuleAnswer.init)
        exceptions = ExceptionKind.allCases.compactMap { kind in
            book.risks[kind].map { KindAnswer(kind: kind.rawValue, risk: $0) }
        }
        let days = book.thresholds
        thresholds = Thresholds(
            unallocatedAfter: days.unallocatedAfter, notStartedAfter: days.notStartedAfter,
            noOutcomeFrom: days.noOutcomeFrom, noOversightFrom: days.noOversightFrom,
            noRecentActivityFrom: days.noRecentActivityFrom, icpcNotBookedFrom: days.icpcNotBookedFrom,
            dueSoonWithin: days.dueSoonWithin)
    }
}

extension RulebookAnswer.RuleAnswer {
    init(_ rule: Rule) {
        self.init(
            rule: rule.name, title: rule.title, shape: rule.shape.rawValue, isOn: rule.isOn, risk: rule.risk,
            childNotSeenAfter: rule.childNotSeenAfter, strictWithin: rule.strictWithin,
            countsStartDay: rule.countsStartDay, referralsFrom: rule.referralsFrom.map { "\($0)" },
            referralsTo: rule.referralsTo.map { "\($0)" },
            editions: rule.editions.map(RulebookAnswer.EditionAnswer.init))
    }
}

extension RulebookAnswer.EditionAnswer {
    init(_ edition: Edition) {
        self.init(
            edition: edition.name, from: edition.from.map { "\($0)" }, to: edition.to.map { "\($0)" },
            limit: edition.limit?.count, expected: edition.expected?.count, unit: edition.limit?.unit.rawValue,
            basis: edition.basis.rawValue, source: edition.source, confidence: edition.confidence.rawValue,
            note: edition.note)
    }
}
