import Cards
import Crypto
import DelimitedText
import FoundationEssentials
import Glibc
import Reports
public import WorkingCalendar

/// The answers that were taken, in the folder `returns` beside the sets: a file for each return, none ever changed.
public struct ReturnStore: Sendable {
    private let folder: String

    /// The store of a folder of sets; nothing is made until an answer is kept.
    public init(sets folder: String) { self.folder = "\(folder)/returns" }

    /// An answer with what it is about.
    public struct Kept: Hashable, Sendable {
        /// The hash and the Sunday of the set that was answered.
        public var set: String
        public var weekEnding: CivilDate
        public var exception: String
        /// The reference the exception has now, where it is another one; empty where it is no longer listed.
        public var listedAs: String
        public var child: String
        public var rule: String
        public var referral: String
        public var answer: Answer
        /// Where it was read: the name of the file, the sheet and the row.
        public var source: String
    }

    static let columns = [
        "set", "week_ending", "exception", "listed_as", "child_id", "rule", "referral_id", "reason", "child_safe",
        "seen_on",
        "action", "owner_role", "revised_date", "agreed_by_role", "note", "source",
    ]

    // MARK: Reading

    /// Every answer that was kept, in the order in which it was taken.
    ///
    /// - Throws: ``ReturnsError`` for a file that is not as it was written.
    public func answers() throws(ReturnsError) -> [Kept] {
        try read().flatMap(\.answers)
    }

    /// Of answers, those with a revised date that counts, those to older sets first: of several to one exception of one
    /// week, the last.
    static func revisions(of answers: [Kept]) -> [Kept] {
        struct Question: Hashable {
            var weekEnding: CivilDate
            var exception: String
        }
        var last: [Question: (place: Int, kept: Kept)] = [:]
        for (place, kept) in answers.enumerated() where kept.answer.revisedOn != nil {
            last[Question(weekEnding: kept.weekEnding, exception: kept.exception)] = (place, kept)
        }
        return last.values.sorted { ($0.kept.weekEnding, $0.place) < ($1.kept.weekEnding, $1.place) }.map(\.kept)
    }

    /// The files of answers as they are, oldest first.
    ///
    /// - Throws: ``ReturnsError`` for a file that is not as it was written.
    public func files() throws(ReturnsError) -> [(name: String, text: String)] {
        try read().map { ($0.name, $0.text) }
    }

    private func read() throws(ReturnsError) -> [(name: String, text: String, answers: [Kept])] {
        var files: [(name: String, text: String, answers: [Kept])] = []
        for name in names() {
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8),
                let records = plainRecords(Array(text.utf8)), records.first?.fields == Self.columns
            else { throw damaged(name) }
            var answers: [Kept] = []
            for record in records.dropFirst() {
                guard let kept = Self.kept(record.fields) else { throw damaged(name, line: record.line) }
                answers.append(kept)
            }
            files.append((name, text, answers))
        }
        return files
    }

    private func damaged(_ name: String, line: Int = 1) -> ReturnsError {
        ReturnsError(
            .damagedReturns, "\(folder)/\(name):\(line): this is not as it was written",
            hint: "put the file back from a backup, or move it out of the folder to go on without its answers")
    }

    /// The files of answers, oldest first.
    private func names() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".csv") && !$0.hasPrefix(".") }.sorted()
    }

    private static func kept(_ fields: [String]) -> Kept? {
        guard fields.count == columns.count, let week = CivilDate(fields[1]) else { return nil }
        let cells = fields.map(ReturnedFile.plain)
        let reason = ReasonCode(rawValue: cells[7])
        let (seen, revised) = (CivilDate(cells[9]), CivilDate(cells[12]))
        let (owner, agreed) = (AnswerRole(rawValue: cells[11]), AnswerRole(rawValue: cells[13]))
        // What is written is empty or can be read.
        let isWhole = [
            (cells[7], reason == nil), (cells[9], seen == nil), (cells[11], owner == nil), (cells[12], revised == nil),
            (cells[13], agreed == nil),
        ].allSatisfy { $0.0.isEmpty == $0.1 }
        guard isWhole else { return nil }
        return Kept(
            set: cells[0], weekEnding: week, exception: cells[2], listedAs: cells[3], child: cells[4], rule: cells[5],
            referral: cells[6],
            answer: Answer(
                reason: reason, childSafe: cells[8], seenOn: seen, action: cells[10], owner: owner, revisedOn: revised,
                agreedBy: agreed, note: cells[14]), source: cells[15])
    }

    /// The revised date of each exception that was last answered, to the sets of weeks before one, by its reference of
    /// now.
    public func promises(before weekEnding: CivilDate) throws(ReturnsError) -> [String: CivilDate] {
        var dates: [String: CivilDate] = [:]
        for kept in Self.revisions(of: try answers()) where kept.weekEnding < weekEnding {
            guard let date = kept.answer.revisedOn else { continue }
            dates[kept.listedAs.isEmpty ? kept.exception : kept.listedAs] = date
        }
        return dates
    }

    // MARK: Keeping

    /// Keeps the answers of a file, whole or not at all.
    ///
    /// - Parameters:
    ///   - kept: The answers.
    ///   - bytes: The file they came from, so that it is taken once only.
    /// - Returns: The path of the new file.
    /// - Throws: ``ReturnsError`` where the same file was taken before, or nothing can be written.
    func keep(_ kept: [Kept], of bytes: [UInt8]) throws(ReturnsError) -> String {
        let digest = SHA256.hash(data: bytes).prefix(6).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw cannotKeep() }
        let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw cannotKeep() }
        defer { close(lock) }
        let names = names()
        if let before = names.first(where: { $0.hasSuffix("-\(digest).csv") }) {
            throw ReturnsError(
                .takenBefore, "the same file was taken before, as \(folder)/\(before)",
                hint: "nothing was added; give the file with the changed answers")
        }
        let number = (names.compactMap { Int($0.prefix { $0 != "-" }) }.max() ?? 0) + 1
        let digits = String(number)
        let path = "\(folder)/\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits)-\(digest).csv"
        guard Self.write(Self.text(kept), to: path, beside: "\(folder)/.new"), fsync(lock) == 0 || errno == EINVAL
        else {
            throw cannotKeep()
        }
        return path
    }

    /// Puts back the files of a ledger that are no longer here; the others stay as they are.
    ///
    /// - Parameter files: Their names and texts. A name that would lead out of the folder is left out.
    /// - Returns: How many there were.
    /// - Throws: ``ReturnsError`` where one cannot be written.
    public func putBack(_ files: [(name: String, text: String)]) throws(ReturnsError) -> Int {
        let missing = files.filter { !$0.name.contains("/") && access("\(folder)/\($0.name)", F_OK) != 0 }
        guard !missing.isEmpty else { return 0 }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw cannotKeep() }
        for file in missing {
            guard Self.write(file.text, to: "\(folder)/\(file.name)", beside: "\(folder)/.new") else {
                throw cannotKeep()
            }
        }
        return missing.count
    }

    private func cannotKeep() -> ReturnsError {
        ReturnsError(
            .cannotKeep, "\(folder): the answers cannot be kept there",
            hint: "check who may write to the folder, and that the disk has room; nothing was taken")
    }

    private static func text(_ kept: [Kept]) -> String {
        func day(_ date: CivilDate?) -> String { date.map { "\($0)" } ?? "" }
        let rows = kept.map { kept -> [String] in
            let answer = kept.answer
            let about = [
                kept.set, day(kept.weekEnding), kept.exception, kept.listedAs, kept.child, kept.rule, kept.referral,
            ]
            let said = [
                answer.reason?.rawValue ?? "", answer.childSafe, day(answer.seenOn), answer.action,
                answer.owner?.rawValue ?? "", day(answer.revisedOn), answer.agreedBy?.rawValue ?? "", answer.note,
            ]
            return about + said + [kept.source]
        }
        return Table(header: columns, rows: rows).csv
    }

    /// Writes a file that only its owner may read, and gives it its name when all of it is on the disk.
    private static func write(_ text: String, to path: String, beside partial: String) -> Bool {
        unlink(partial)
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { unlink(partial) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(file)
                return false
            }
            rest = rest.dropFirst(count)
        }
        let isFlushed = fsync(file) == 0
        return close(file) == 0 && isFlushed && link(partial, path) == 0
    }
}
