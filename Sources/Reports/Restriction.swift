public import Cards

/// Hides what would name a restricted child from readers who may not see it.
public enum Restriction {
    /// What stands in the place of an id or a worker.
    public static let word = "restricted"

    /// The exceptions as a reader sees them.
    public static func shown(_ rows: [ListedException], maySeeRestricted: Bool) -> [ListedException] {
        maySeeRestricted ? rows : rows.map { $0.isRestricted ? hidden($0) : $0 }
    }

    /// The watch list as a reader sees it.
    public static func shown(_ rows: [ListedWatch], maySeeRestricted: Bool) -> [ListedWatch] {
        maySeeRestricted ? rows : rows.map { $0.isRestricted ? hidden($0) : $0 }
    }

    private static func hidden(_ row: ListedException) -> ListedException {
        var row = row
        row.child = word
        row.family = word
        row.referral = word
        row.step = word
        row.worker = word
        return row
    }

    private static func hidden(_ row: ListedWatch) -> ListedWatch {
        var row = row
        row.child = word
        row.family = word
        row.referral = word
        row.step = word
        row.worker = word
        return row
    }
}
