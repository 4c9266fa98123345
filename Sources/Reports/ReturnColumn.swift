/// A column of a return: its heading in the workbook, and its name in `exceptions.csv`.
public enum ReturnColumn: String, CaseIterable, Sendable {
    case exception
    case child = "child_id"
    case rule
    case reason
    case childSafe = "child_safe"
    case seenOn = "seen_on"
    case action
    case ownerRole = "owner_role"
    case revisedDate = "revised_date"
    case agreedByRole = "agreed_by_role"
    case note

    /// What stands over the column in the workbook.
    public var heading: String {
        switch self {
        case .exception: "Exception"
        case .child: "Child"
        case .rule: "Rule"
        case .reason: "Reason"
        case .childSafe: "Child safe"
        case .seenOn: "Seen on"
        case .action: "Action"
        case .ownerRole: "Owner"
        case .revisedDate: "Revised date"
        case .agreedByRole: "Agreed by"
        case .note: "Note"
        }
    }

    /// The columns that say which row is answered, without which nothing can be taken.
    public static let keys: [ReturnColumn] = [.exception, .child, .rule]
    /// The columns of an answer.
    public static let answers = allCases.filter { !keys.contains($0) }
    /// The sheet of the workbook that holds them, and that of the set they belong to.
    public static let sheet = "Returns"
    public static let coverSheet = "Cover"
    /// What stands before the set's hash on the cover.
    public static let setLabel = "Set"
    /// The longest action and note, in characters.
    public static let mostCharacters = 200
    /// What may stand under ``childSafe``.
    public static let safety = ["yes", "no", "not known"]
}
