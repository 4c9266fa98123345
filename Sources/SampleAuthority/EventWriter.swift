import WorkingCalendar

/// Writes rows as bytes, in order of their dates.
///
/// Sketch: ten million rows of 85 bytes; two passes over 24-byte records to count and place them, then about ten
/// appends of ready-made bytes a row.
struct EventWriter {
    private static let capacity = 1 << 20
    private static let comma = UInt8(ascii: ",")

    private let columns: String
    private let hasAllColumns: Bool
    private let names: [[UInt8]]
    private let outcomes: [[UInt8]]
    private let units: [[UInt8]]
    private let workers: [[UInt8]]
    private let managers: [[UInt8]]
    private let dates: [[UInt8]]
    private let firstDate: Int32
    private var buffer: [UInt8] = []

    /// Creates a writer, which writes `manager`, `outcome` and `restricted` only with `hasAllColumns`.
    init(organisation: Organisation, from firstDay: Int32, to lastDay: Int32, hasAllColumns: Bool) {
        self.hasAllColumns = hasAllColumns
        columns =
            "child_id,event,date,referral_id,step_id,recorded_at,team,worker,family_id"
            + (hasAllColumns ? ",manager,outcome,restricted\n" : "\n")
        names = CaseEvent.allCases.map { Array("\($0.name)".utf8) }
        outcomes = Outcome.allCases.map { Array("\($0.name)".utf8) }
        units = (organisation.units.map(\.name) + InjectedFault.misspeltUnits).map { Array($0.utf8) }
        workers = (0...organisation.workerCount).map { $0 == 0 ? [] : Array(Organisation.workerName($0).utf8) }
        managers = units.indices.map { Array("M\(1_001 + $0)".utf8) }
        firstDate = firstDay - 40
        dates = (firstDate...lastDay + 400).map { Array(CivilDate(daysSinceEpoch: $0).description.utf8) }
        buffer.reserveCapacity(Self.capacity + 4_096)
    }

    /// Writes the header and all rows, a megabyte at a time.
    mutating func write(
        _ generator: CaseGenerator, to sink: (Span<UInt8>) throws -> Void
    ) rethrows {
        buffer.append(contentsOf: columns.utf8)
        for index in order(generator.records) {
            append(generator.records[Int(index)], generator)
            if buffer.count >= Self.capacity {
                try sink(buffer.span)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try sink(buffer.span)
        buffer.removeAll(keepingCapacity: true)
    }

    /// The positions of the records by date; those of one day stay as they are.
    private func order(_ records: ContiguousArray<EventRecord>) -> ContiguousArray<UInt32> {
        var next = ContiguousArray<UInt32>(repeating: 0, count: dates.count + 1)
        for record in records { next[Int(Int32(record.day) - firstDate) + 1] += 1 }
        for day in 1..<next.count { next[day] += next[day - 1] }
        var order = ContiguousArray<UInt32>(repeating: 0, count: records.count)
        for index in records.indices {
            let day = Int(Int32(records[index].day) - firstDate)
            order[Int(next[day])] = UInt32(index)
            next[day] += 1
        }
        return order
    }

    private mutating func append(_ record: EventRecord, _ generator: CaseGenerator) {
        let day = Int32(record.day)
        if record.fault != .noChild { append(UInt8(ascii: "C"), record.child) }
        buffer.append(Self.comma)
        let variant = Int(record.child % 3)
        if record.fault == .unknownEvent {
            buffer.append(contentsOf: InjectedFault.unknownEvents[variant].utf8)
        } else {
            buffer.append(contentsOf: names[Int(record.event.rawValue)])
        }
        buffer.append(Self.comma)
        switch record.fault {
        case .noDate: buffer.append(contentsOf: InjectedFault.emptyDates[variant].utf8)
        case .badDate: buffer.append(contentsOf: InjectedFault.badDates[variant].utf8)
        default: appendDate(day)
        }
        buffer.append(Self.comma)
        if record.referral != 0 { append(UInt8(ascii: "R"), record.referral) }
        buffer.append(Self.comma)
        if record.step != 0 { append(Self.letter(record.event), record.step) }
        buffer.append(Self.comma)
        if record.recordedAfter != EventRecord.notRecorded { appendDate(day + Int32(record.recordedAfter)) }
        buffer.append(Self.comma)
        buffer.append(contentsOf: units[Int(record.unit)])
        buffer.append(Self.comma)
        buffer.append(contentsOf: workers[Int(record.worker)])
        if record.fault != .missingField {
            buffer.append(Self.comma)
            append(UInt8(ascii: "F"), generator.householdOfChild[Int(record.child) - 1] + 1)
        }
        if hasAllColumns { appendOthers(record, generator) }
        buffer.append(UInt8(ascii: "\n"))
    }

    private mutating func appendOthers(_ record: EventRecord, _ generator: CaseGenerator) {
        buffer.append(Self.comma)
        if record.event.isManagers { buffer.append(contentsOf: managers[Int(record.unit)]) }
        buffer.append(Self.comma)
        buffer.append(contentsOf: outcomes[Int(record.outcome.rawValue)])
        buffer.append(Self.comma)
        // One family in 149 has limited access.
        let isRestricted = generator.householdOfChild[Int(record.child) - 1] % 149 == 7
        if isRestricted, record.event == .referralReceived { buffer.append(UInt8(ascii: "1")) }
    }

    private mutating func appendDate(_ day: Int32) {
        let index = Int(day - firstDate)
        if dates.indices.contains(index) { buffer.append(contentsOf: dates[index]) }
    }

    /// Appends a letter and seven digits.
    private mutating func append(_ letter: UInt8, _ number: UInt32) {
        buffer.append(letter)
        var divisor: UInt32 = 1_000_000
        while divisor > 0 {
            buffer.append(UInt8(truncatingIfNeeded: number / divisor % 10) &+ UInt8(ascii: "0"))
            divisor /= 10
        }
    }

    /// The letter of a step's id: an assessment's, a section 47 enquiry's or a plan's.
    private static func letter(_ event: CaseEvent) -> UInt8 {
        switch event {
        case .s47Started, .s47Completed, .s47Cancelled, .conferenceArranged, .conferenceHeld, .conferenceNotRequired:
            UInt8(ascii: "S")
        case .planStarted, .planEnded: UInt8(ascii: "P")
        default: UInt8(ascii: "A")
        }
    }
}
