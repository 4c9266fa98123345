import DelimitedText

/// The columns of the case-events format.
enum CaseEventsColumn: String, CaseIterable, Sendable {
    case child = "child_id"
    case event, date
    case referral = "referral_id"
    case step = "step_id"
    case eventId = "event_id"
    case recordedAt = "recorded_at"
    case team, worker, manager
    case family = "family_id"
    case outcome, restricted

    /// The column's place in ``allCases``.
    var index: Int {
        switch self {
        case .child: 0
        case .event: 1
        case .date: 2
        case .referral: 3
        case .step: 4
        case .eventId: 5
        case .recordedAt: 6
        case .team: 7
        case .worker: 8
        case .manager: 9
        case .family: 10
        case .outcome: 11
        case .restricted: 12
        }
    }

    /// The columns without which a file cannot be read.
    static let needed: [CaseEventsColumn] = [.child, .event, .date]
}

/// Where the columns of one file stand.
struct CaseEventsLayout: Sendable {
    /// The number of fields of every row.
    let count: Int
    /// The header as it stands, for the file of rejected rows.
    let header: [String]
    /// The names of columns the format does not know, which are not read.
    let extra: [String]
    private let places: [Int]

    /// Reads a header.
    ///
    /// - Throws: ``ExportError`` where a needed column is missing or one stands twice.
    init(header: [String], file: String) throws(ExportError) {
        self.header = header
        count = header.count
        var places = [Int](repeating: -1, count: CaseEventsColumn.allCases.count)
        var extra: [String] = []
        for (index, raw) in header.enumerated() {
            let name = raw.trimmingBlanks().lowercased()
            guard let place = CaseEventsColumn.allCases.firstIndex(where: { $0.rawValue == name }) else {
                extra.append(raw.trimmingBlanks())
                continue
            }
            guard places[place] < 0 else {
                throw ExportError(
                    .repeatedColumn, file: file, line: 1, column: name, message: "the header has the column twice",
                    hint: "remove or rename one of the two")
            }
            places[place] = index
        }
        for column in CaseEventsColumn.needed {
            guard places[column.index] >= 0 else {
                let separator = header.count == 1 && header[0].contains { $0 == ";" || $0 == "\t" }
                throw ExportError(
                    .missingColumn, file: file, line: 1, column: column.rawValue,
                    message: "the header does not have the column",
                    hint: separator
                        ? "the file seems to be separated by semicolons or tabs; export it with commas"
                        : "a case-events file has at least child_id, event and date; see docs/formats.md")
            }
        }
        self.places = places
        self.extra = extra
    }

    /// The place of a column among a row's fields, or -1.
    func place(_ column: CaseEventsColumn) -> Int {
        places[column.index]
    }
}

extension String {
    /// The text without blanks and non-breaking spaces at its ends.
    func trimmingBlanks() -> String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
