public import WorkingCalendar

/// Text as pages print it: names from exports made harmless, dates and lengths of time in words.
public enum PageText {
    /// A name or id from an export, without characters that move the cursor, hide text or turn it round.
    ///
    /// Each of them becomes `U+FFFD`, so that a reader sees that something stood there.
    public static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { cleaned.append(isHarmful(scalar) ? "\u{FFFD}" : scalar) }
        return String(cleaned)
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }

    /// A date as people write it, such as `28 Nov 2010`; empty for none.
    public static func date(_ date: CivilDate?) -> String {
        guard let date else { return "" }
        let (year, month, day) = date.parts
        return "\(day) \(months[Int(month) - 1]) \(year)"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A number and its noun, such as `1 child` and `2 children`.
    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }

    /// A share or a limit of one: a percentage with one decimal, half up.
    static func percentage(_ share: Double) -> String { decimal(share * 100) + "%" }

    /// A number with one decimal.
    static func decimal(_ value: Double) -> String { tenths(Int((value * 10).rounded(.toNearestOrAwayFromZero))) }

    private static func tenths(_ tenths: Int) -> String {
        "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// The last part of a path.
    static func fileName(_ path: String) -> String { clean(path.split(separator: "/").last.map(String.init) ?? path) }

    /// The first letter in upper case.
    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
