import DelimitedText
public import Reports

extension Table {
    /// The cells of every row, read back from the CSV.
    public var rows: [[String]] { plainRecords(csv.utf8)?.dropFirst().map(\.fields) ?? [] }
}
