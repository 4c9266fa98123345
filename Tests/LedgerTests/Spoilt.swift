import CardsTestSupport
import Foundation
import Testing
import WorkingCalendar

/// An export or a ledger that somebody spoiled, what is said of it, and the exit code.
struct Spoilt: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var code: Int32
    var word: String
    var spoil: @Sendable (MadeNights) throws -> Void

    init(_ why: String, _ code: Int32, _ word: String, _ spoil: @escaping @Sendable (MadeNights) throws -> Void) {
        (testDescription, self.code, self.word, self.spoil) = (why, code, word, spoil)
    }

    static let exports = [
        Spoilt("the export is empty", 65, "empty-file") { try $0.cards.write("", to: "events.csv") },
        Spoilt("it has a header alone", 65, "no-rows") {
            try $0.cards.write("child_id,event,date\n", to: "events.csv")
        },
        Spoilt("it is half as long as last night's, and a little less", 65, "fewer-rows") { made in
            let lines = try made.cards.text(of: "events.csv").split(separator: "\n")
            let half = lines.prefix(lines.count * 45 / 100).joined(separator: "\n") + "\n"
            try made.cards.write(half, to: "events.csv")
        },
        Spoilt("it ends within a row", 65, "incomplete") { made in
            let text = try made.cards.text(of: "events.csv")
            try made.cards.write(String(text.prefix(text.utf8.count * 8 / 10)), to: "events.csv")
        },
        Spoilt("it ends within a row, and has more rows than last night's", 65, "incomplete") { made in
            try made.cards.write(String(try made.cards.text(of: "events.csv").dropLast(8)), to: "events.csv")
        },
        Spoilt("it is not there", 66, "missing-file") { made in
            try FileManager.default.removeItem(atPath: made.path("events.csv"))
        },
        Spoilt("a column is missing", 65, "missing-column") { made in
            let text = try made.cards.text(of: "events.csv")
            try made.cards.write(text.replacing("child_id,", with: "who,"), to: "events.csv")
        },
        Spoilt("more than a hundred rows are of next year", 65, "future-rows") { made in
            let rows = (0..<101).map { "X\($0),referral_received,2011-03-0\($0 % 9 + 1),,,,,,,,,\n" }
            try made.cards.write(try made.cards.text(of: "events.csv") + rows.joined(), to: "events.csv")
        },
        Spoilt("eleven units are those of another council", 65, "unknown-teams") { made in
            let rows = (0..<11).map { "Y\($0),referral_received,2010-11-0\($0 % 9 + 1),,,,Elsewhere \($0),,,,,\n" }
            try made.cards.write(try made.cards.text(of: "events.csv") + rows.joined(), to: "events.csv")
        },
        Spoilt("the marker is last night's, the export is tonight's", 66, "no-marker") { made in
            let text = try made.cards.text(of: "cards.yaml")
            try made.cards.write(text + "  marker: DONE\n", to: "cards.yaml")
            try made.cards.write("", to: "DONE")
            try FileManager.default.setAttributes(
                [.modificationDate: Date.now.addingTimeInterval(-86_400)], ofItemAtPath: made.path("DONE"))
        },
        Spoilt("the marker does not come", 66, "no-marker") { made in
            let text = try made.cards.text(of: "cards.yaml")
            try made.cards.write(text + "  marker: DONE\n", to: "cards.yaml")
        },
        Spoilt("the export is of last week", 65, "export-too-old") { made in
            let text = try made.cards.text(of: "cards.yaml")
            try made.cards.write(text + "  oldest_hours: 30\n", to: "cards.yaml")
            let old = Date(timeIntervalSinceNow: -40 * 3_600)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: made.path("events.csv"))
        },
    ]

    static let ledgers = [
        Spoilt("the ledger is cut off", 69, "ledger-damaged") { made in
            try made.change("ledger.sqlite") { $0.prefix($0.count / 2) }
        },
        Spoilt("a letter of one row is another one", 69, "ledger-damaged") { made in
            try made.change("ledger.sqlite") { data in
                var data = data
                let row = data.range(of: Data("referral_received,2010-0".utf8))
                data[(row?.upperBound ?? 1) - 1] = UInt8(ascii: "1")
                return data
            }
        },
        Spoilt("its first page is gone", 69, "ledger-damaged") { made in
            try made.change("ledger.sqlite") { Data(repeating: 0, count: 4_096) + $0.dropFirst(4_096) }
        },
        Spoilt("a page in its middle is another one", 69, "ledger-damaged") { made in
            try made.change("ledger.sqlite") { data in
                let page = data.count / 4_096 / 2 * 4_096
                return data.prefix(page) + Data((0..<4_096).map { UInt8($0 & 0xFF) }) + data.dropFirst(page + 4_096)
            }
        },
        Spoilt("the last night is cut off from its log", 69, "ledger-damaged") { made in
            // As where a log of pages was deleted: the file is whole, and of the night before.
            try made.export(day("2010-12-13"))
            try FileManager.default.copyItem(atPath: made.path("ledger.sqlite"), toPath: made.path("old"))
            _ = try made.good(day("2010-12-13"))
            try FileManager.default.removeItem(atPath: made.path("ledger.sqlite"))
            try FileManager.default.moveItem(atPath: made.path("old"), toPath: made.path("ledger.sqlite"))
            try made.export(day("2010-12-14"))
        },
    ]
}

extension MadeNights {
    /// Changes the bytes of a file.
    func change(_ name: String, _ body: (Data) -> Data) throws {
        let file = cards.folder.appending(path: name)
        try body(try Data(contentsOf: file)).write(to: file)
    }
}
