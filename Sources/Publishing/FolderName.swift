/// Names of folders and files made from names that people chose.
///
/// A name holds lower-case ASCII letters, digits and hyphens only, so nothing a team is called can lead
/// out of its set, hide, or be run. The hash keeps two names apart that come to the same letters.
public enum FolderName {
    /// How many letters of a name are kept.
    public static let mostLetters = 40

    /// The letters of `name` that are kept, a hyphen and six digits of its hash.
    public static func slug(_ name: String) -> String {
        var letters: [UInt8] = []
        for byte in name.utf8 {
            let lower = byte | 0x20
            if UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower {
                letters.append(lower)
            } else if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                letters.append(byte)
            } else if let last = letters.last, last != UInt8(ascii: "-") {
                letters.append(UInt8(ascii: "-"))
            }
            if letters.count == mostLetters { break }
        }
        while letters.last == UInt8(ascii: "-") { letters.removeLast() }
        return (letters.isEmpty ? "name" : String(decoding: letters, as: UTF8.self)) + "-" + digits(name)
    }

    /// Names that differ from one another: where two slugs are equal, the later one gets a number.
    static func slugs(_ prefix: String, _ names: [String]) -> [String: String] {
        var taken: Set<String> = []
        var slugs: [String: String] = [:]
        for name in names where slugs[name] == nil {
            var candidate = prefix + slug(name)
            var number = 2
            while taken.contains(candidate) {
                candidate = "\(prefix)\(slug(name))-\(number)"
                number += 1
            }
            taken.insert(candidate)
            slugs[name] = candidate
        }
        return slugs
    }

    /// Six hexadecimal digits of FNV-1a over the whole name.
    private static func digits(_ name: String) -> String {
        var hash: UInt32 = 0x811C_9DC5
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        // The upper bits folded into the lower ones, as FNV's authors advise.
        let digits = String((hash >> 24) ^ (hash & 0xFF_FFFF), radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}
