public import ArgumentParser
import CaseEvents
public import Settings
public import WorkingCalendar

extension CivilDate: ExpressibleByArgument {}
extension ISOWeek: ExpressibleByArgument {}
extension Configuration.Structure: ExpressibleByArgument {}

/// How many weeks `cards.csv` has.
enum WeekCount: ExpressibleByArgument, Equatable {
    case some(Int)
    case all

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let count = Int(argument), 1...2_000 ~= count {
            self = .some(count)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { count.map { "\($0)" } ?? "all" }

    /// The number; `nil` for every covered week.
    var count: Int? {
        switch self {
        case .some(let count): count
        case .all: nil
        }
    }
}

/// Reads the name of an event.
func eventArgument(_ text: String) throws -> EventKind {
    if let kind = EventKind(name: text) { return kind }
    throw Misuse.unknownEvent.error(suggestion(text, EventKind.allCases.map(\.name)))
}

/// Reads a list of formats with commas between them.
func formatsArgument(_ text: String) throws -> [Configuration.Format] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
        if let format = Configuration.Format(rawValue: String(name)) { return format }
        let names = Configuration.Format.allCases.map(\.rawValue)
        throw Misuse.unknownFormat.error(
            " among \(names.joined(separator: ", "))\(suggestion(String(name), names))")
    }
}

/// `; did you mean …?` where one of the names is near, for the end of a sentence.
func suggestion(_ text: String, _ names: [String]) -> String {
    nearestName(to: text, among: names).map { "; did you mean \($0)?" } ?? ""
}
