import DelimitedText
import FoundationEssentials
import WorkingCalendar

/// The sets of a folder, as far as answers need them.
struct PublishedSets {
    /// A published set.
    struct Set {
        var folder: String
        var hash: String
        var weekEnding: CivilDate
        /// The rows of its exceptions, cleared ones left out, by their references.
        var rows: [String: Row]
    }

    /// A row of `exceptions.csv`.
    struct Row: Hashable {
        var reference: String
        var child: String
        var rule: String
        var referral: String
        var groupManager: String
    }

    /// The sets with a hash, oldest week first.
    let sets: [Set]

    /// Looks through a folder of sets.
    ///
    /// - Throws: ``ReturnsError`` where there is none whose exceptions can be read.
    init(_ folder: String) throws(ReturnsError) {
        // Weekly sets alone: the one of today is another every night, so nobody answers it.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter {
            ISOWeek(String($0.prefix(8))) != nil
        }
        sets = names.compactMap { Self.set("\(folder)/\($0)") }.sorted {
            ($0.weekEnding, $0.folder) < ($1.weekEnding, $1.folder)
        }
        guard !sets.isEmpty else {
            throw ReturnsError(
                .noSets, "\(folder): there is no published set here with its exceptions in data/",
                hint: "give the folder that `cards weekly --out` writes to, with --out")
        }
    }

    /// What `run.json` says of a set.
    private struct Run: Decodable {
        var set: String
        var week: String
    }

    private static func set(_ folder: String) -> Set? {
        guard let run = try? Data(contentsOf: URL(filePath: "\(folder)/run.json")),
            let facts = try? JSONDecoder().decode(Run.self, from: run), let week = ISOWeek(facts.week),
            let text = try? Data(contentsOf: URL(filePath: "\(folder)/data/exceptions.csv")),
            let records = plainRecords([UInt8](text)), let header = records.first?.fields
        else { return nil }
        func place(_ name: String) -> Int? { header.firstIndex(of: name) }
        guard let reference = place("exception"), let child = place("child_id"), let rule = place("rule"),
            let referral = place("referral_id"), let status = place("status"),
            let manager = place("group_manager")
        else { return nil }
        var rows: [String: Row] = [:]
        for record in records.dropFirst() where record.fields.count == header.count {
            guard record.fields[status] != "cleared" else { continue }
            func text(_ place: Int) -> String { ReturnedFile.plain(record.fields[place]) }
            rows[text(reference)] = Row(
                reference: text(reference), child: text(child), rule: text(rule), referral: text(referral),
                groupManager: text(manager))
        }
        return Set(folder: folder, hash: facts.set, weekEnding: week.ending, rows: rows)
    }
}
