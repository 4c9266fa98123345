public import Cards
import Crypto
import FoundationEssentials
import Reports

/// What tells one published set from every other: answers carry it back.
public enum SetIdentity {
    /// The first half of SHA-256, in hexadecimal, over the week, the as-at date, the hashes of the exports and every
    /// row of the exceptions.
    public static func hash(_ report: WeeklyReport) -> String {
        var hash = SHA256()
        for part in ["\(report.header.week)", "\(report.header.asAt)"] + report.header.sources.map(\.digest) {
            hash.update(data: Array((part + "\n").utf8))
        }
        hash.update(data: Array(Tables.exceptions(report.exceptions).csv.utf8))
        return hexadecimal(hash.finalize().prefix(16))
    }

    /// The hash of a set that was written; `nil` where there is none.
    public static func ofSet(at path: String) -> String? {
        struct Run: Decodable { var set: String? }
        guard let data = try? Data(contentsOf: URL(filePath: "\(path)/\(RunFile.name)")) else { return nil }
        return (try? JSONDecoder().decode(Run.self, from: data))?.set
    }

    /// The SHA-256, in hexadecimal, of the figures that a published set shows.
    static func hash(_ release: Release) -> String { hexadecimal(SHA256.hash(data: Array(release.csv.utf8))) }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
