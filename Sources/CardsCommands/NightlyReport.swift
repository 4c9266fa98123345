import Foundation
import Glibc
import Ledger
import WorkingCalendar

/// What a night came to, for people and machines; it names no child.
struct NightlyReport: Encodable {
    enum Status: String, Encodable { case good, refused }

    struct Export: Encodable {
        var file: String
        var rows: Int
    }

    struct Changes: Encodable {
        var added: Int
        var corrected: Int
        var withdrawn: Int
        var merged: Int
        /// Rows of the file of merges of which neither reference is known, and those that came after the merge itself.
        var mergesUnknown: Int
        var mergesLate: Int

        init(_ changes: NightChanges) {
            (added, corrected) = (changes.added, changes.corrected)
            (withdrawn, merged) = (changes.withdrawn, changes.merged)
            (mergesUnknown, mergesLate) = (changes.mergesUnknown, changes.mergesLate)
        }
    }

    /// The name of the file beside the sets.
    static let file = "nightly.json"

    var night: String
    var status = Status.good
    var version = CardsCommand.version
    var reason: String?
    var exports: [Export] = []
    var rejected = 0
    var changes: Changes?
    var published: [String] = []
    var removed: [String] = []
    /// Sets that are there, and are others than the ledger would publish.
    var kept: [String] = []
    /// The newest date of the exports, and the weeks that wait because the exports know too little of them.
    var newest: String?
    var waiting: [String] = []
    /// Files of answers that had gone from beside the sets, and that the ledger had copies of.
    var answersPutBack = 0
    /// Whether all of the ledger is in its one file; not where somebody was reading it at the end.
    var isAtRest = false
    /// The hash with which the ledger's log ends.
    var head: String?

    init(night: CivilDate) { self.night = "\(night)" }

    /// As JSON.
    var text: String { (try? jsonText(self)) ?? "" }

    /// In one line.
    var line: String {
        guard status == .good else { return "night \(night): refused; what was published stays as it is" }
        var parts = ["night \(night): \(exports.reduce(0) { $0 + $1.rows }) rows"]
        if let changes {
            parts.append(
                "\(changes.added) added, \(changes.corrected) corrected, \(changes.withdrawn) withdrawn"
                    + (changes.merged > 0 ? ", \(changes.merged) merged" : ""))
            if changes.mergesUnknown > 0 {
                parts.append("merges of references that nobody knows: \(changes.mergesUnknown)")
            }
            if changes.mergesLate > 0 { parts.append("merges named late: \(changes.mergesLate)") }
        }
        parts.append(published.isEmpty ? "today's set replaced" : "published \(published.joined(separator: ", "))")
        if !kept.isEmpty {
            parts.append("not published, because another set is there: \(kept.joined(separator: ", "))")
        }
        if !waiting.isEmpty {
            parts.append(
                "not published yet, because the exports know nothing after \(newest ?? ""): "
                    + waiting.joined(separator: ", "))
        }
        if answersPutBack > 0 { parts.append("files of answers that had gone, put back: \(answersPutBack)") }
        if !isAtRest { parts.append("somebody reads the ledger, so a part of it is in its -wal file until tomorrow") }
        return parts.joined(separator: "; ")
    }

    /// Writes it beside the sets, whole or not at all.
    func write(to out: String) throws {
        mkdir(out, 0o700)
        var file = try PrivateFile("\(out)/\(Self.file)")
        try file.write(Array(text.utf8).span)
        try file.finish()
    }
}
