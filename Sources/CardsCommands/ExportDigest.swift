import Crypto
import DelimitedText
import Glibc

/// The SHA-256 of a file in hexadecimal, read a mebibyte at a time.
///
/// - Throws: ``DelimitedTextError`` where the file cannot be read any more.
func exportDigest(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw changed(path) }
    defer { close(file) }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(file, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw changed(path) }
        if count == 0 { break }
        buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    return hexadecimal(hash.finalize())
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

private func changed(_ path: String) -> DelimitedTextError {
    DelimitedTextError(
        .changedWhileRead, file: path, message: "the file cannot be read a second time to be hashed",
        hint: "copy the export to a place where nothing changes it, and read the copy")
}
