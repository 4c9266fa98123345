import CaseEvents

/// Data-quality findings in words without any value.
enum FindingWords {
    /// What is wrong and what to do.
    static func words(_ code: String) -> String {
        PageText.sentence(FindingCode(rawValue: code)?.message ?? code.replacing("_", with: " "))
    }
}
