import ArgumentParser
import CaseEvents
import Columnar
import Crypto
import Exports
import Settings
import WorkingCalendar

/// `cards convert`: the rows of any exports as case events, or as an event log for process mining.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write exports as case events, or as an event log for process-mining tools.",
        discussion: """
            Every accepted row is written once; rejected rows, but for starts without a date, are not. References of \
            children, families, referrals, steps, workers and managers are replaced by random ones, which are others \
            each time, unless --with-references is given. Bookings of conferences, whose dates lie ahead, stand in \
            case events and not in event logs.

            Examples:
              cards convert census.xml --to case-events --out events.csv --with-references
              cards convert paris.yaml --to xes --out log.xes
              cards convert ssd/ --to ocel --out log.json
            """)

    enum Target: String, CaseIterable, ExpressibleByArgument {
        case caseEvents = "case-events"
        case xes, ocel
    }

    @OptionGroup var source: SourceOptions

    @Option(help: ArgumentHelp("What to write.", valueName: "format"))
    var to: Target

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
    var out: String

    @Flag(help: "Keep the references of children, families, steps and workers as they are.")
    var withReferences = false

    /// The events that no source carries, so that their absence says nothing.
    private static func missing(_ sources: [SourceSummary]) -> [EventKind] {
        let carried = Set(sources.flatMap(\.carries))
        return EventKind.allCases.filter { !carried.contains($0) }
    }

    func run() throws {
        var setup = try RunSetup(source)
        try OutputFiles.check([("--out", out)], inputs: setup.inputs)
        setup.job.isAsAtNewest = true
        var prepared = try setup.watching { try $0.prepare() }
        // An event log leaves out nothing that is still to come.
        prepared.asAt = EventDay.date(.max)
        let visitor = CaseVisitor(prepared: prepared, cores: setup.job.cores)
        let names = References(areKept: withReferences)
        var file = try PrivateFile(out)
        let log: any EventLog =
            switch to {
            case .caseEvents: CaseEventsLog()
            case .xes: XESLog()
            case .ocel: OCELLog()
            }
        try file.write(Array(log.head.utf8).span)
        var count = 0
        var objects: [String: String] = [:]
        for start in stride(from: 0, to: CaseStore.partitionCount, by: max(setup.job.cores, 1)) {
            let partitions = start..<min(start + max(setup.job.cores, 1), CaseStore.partitionCount)
            let store = prepared.read.store
            for text in visitor.visit(partitions: partitions, { [log.text(of: $0, store, names)] }) {
                let items = text.items.joined(separator: log.separator)
                let isFirst = count == 0 || text.items.isEmpty
                try file.write(Array(((isFirst ? "" : log.separator) + items).utf8).span)
                count += text.events
                objects.merge(text.objects) { first, _ in first }
            }
        }
        try file.write(Array(log.tail(objects.sorted { $0.key < $1.key }.map(\.value)).utf8).span)
        try file.finish()
        if !source.quiet {
            let rejected = prepared.read.rejected.count
            Console.note(
                "written: \(out), \(count) events"
                    + (rejected > 0 ? "; \(rejected) rows were rejected, see `cards check`" : ""))
            let missing = Self.missing(prepared.read.sources)
            if to == .caseEvents, !missing.isEmpty {
                // A file of case events cannot say what its source could not.
                Console.note(
                    "what the export cannot tell must be said again where the file is read: "
                        + missing.map { "--without \($0.name)" }.joined(separator: " "))
            }
        }
    }
}

/// References as they are, or random ones in their place.
///
/// The key is made for one run and thrown away, so that nobody can work out who is who, or join two logs.
struct References: Sendable {
    private let key: SymmetricKey?

    init(areKept: Bool) { key = areKept ? nil : SymmetricKey(size: .bits256) }

    /// The name under which a reference is written; equal ones of one kind have equal names.
    func name(_ reference: String, _ kind: String) -> String {
        guard let key, !reference.isEmpty else { return reference }
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(kind)\u{0}\(reference)".utf8), using: key)
        return code.prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// How the events of a child are written.
protocol EventLog: Sendable {
    /// What stands before the children's items, between them, and after them.
    var head: String { get }
    var separator: String { get }
    func tail(_ objects: [String]) -> String
    /// A child's events.
    func text(of sight: CaseSight, _ store: CaseStore, _ names: References) -> LogText
}

/// The events of one child, as they are written.
struct LogText: Sendable {
    /// The texts of rows, traces or events.
    var items: [String] = []
    var events = 0
    /// What the events point to, by its name in the log; for logs that list it apart.
    var objects: [String: String] = [:]
}

/// What a log says of one row.
struct LoggedEvent {
    var kind: EventKind
    /// `nil` for a rejected start.
    var day: CivilDate?
    var recordedOn: CivilDate?
    var referral: String
    var step: String
    var family: String
    var team: String
    var worker: String
    var manager: String
    var outcome: String
    var restricted: String

    init(_ row: CaseRow, referral: UInt32, _ sight: CaseSight, _ store: CaseStore, _ names: References) {
        kind = row.kind
        day = row.flags.contains(.ghost) ? nil : row.day
        if row.flags.contains(.ghost) {
            recordedOn = EventDay.number(row.day) == 0 ? nil : row.day
        } else {
            recordedOn = row.saysRecorded ? row.day.adding(days: Int32(row.lag)) : nil
        }
        // Referrals and steps are the child's own: two children's may have one name.
        self.referral = names.name(sight.ids.referrals.string(referral), "referral \(sight.child)")
        step = names.name(sight.ids.steps.string(row.stepId), "step \(sight.child)")
        family = names.name(sight.ids.families.string(row.family), "family")
        team = store.names.string(row.team)
        worker = names.name(store.names.string(row.worker), "worker")
        manager = names.name(store.names.string(row.manager), "worker")
        outcome = store.outcomes.string(UInt32(row.outcome))
        restricted =
            row.flags.contains(.statesRestriction) ? (row.flags.contains(.restricted) ? "1" : "0") : ""
    }
}
