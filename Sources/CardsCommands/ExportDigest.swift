import Crypto
import Synchronization

/// The SHA-256 of each export, taken from the bytes that are read for the run.
final class ExportDigests: Sendable {
    private let hashes = Mutex<[Int: SHA256]>([:])

    /// Adds the next bytes of an export.
    func add(_ source: Int, _ bytes: RawSpan) {
        bytes.withUnsafeBytes { bytes in
            hashes.withLock { $0[source, default: SHA256()].update(bufferPointer: bytes) }
        }
    }

    /// The hash of an export in hexadecimal.
    func digest(_ source: Int) -> String {
        hexadecimal(hashes.withLock { $0[source] ?? SHA256() }.finalize())
    }
}

/// The SHA-256 of a text in hexadecimal.
func textDigest(_ text: String) -> String {
    var hash = SHA256()
    hash.update(data: Array(text.utf8))
    return hexadecimal(hash.finalize())
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
}
