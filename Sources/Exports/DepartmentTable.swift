public import CaseEvents
public import DelimitedText

/// The structure of a council as the Standard Safeguarding Dataset has it, in its table `ssd_department`.
///
/// The table names no Group Managers: what a team belongs to directly stands for its Group Manager, and what
/// is at the top for its service.
public struct DepartmentTable {
    /// The name of the table, and of its file without the ending.
    public static let name = "ssd_department"

    private struct Department {
        var id: String
        var name: String
        var parent: String
        var parentName: String
    }

    private var departments: [Department] = []
    private static let columns = ["dept_team_id", "dept_team_name", "dept_team_parent_id", "dept_team_parent_name"]

    /// Reads the table as text.
    ///
    /// - Throws: ``ExportError`` where a column is not there.
    public init(csv text: String, file: String) throws(ExportError) {
        let bytes = text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.utf8.dropFirst(3)) : Array(text.utf8)
        guard let records = plainRecords(bytes), let header = records.first?.fields else {
            throw ExportError(
                .emptyFile, file: file, message: "the file is empty",
                hint: "check that the export finished, or give the structure with --teams")
        }
        try self.init(header: header, rows: records.dropFirst().map(\.fields), file: file)
    }

    /// Reads the table of a database.
    ///
    /// - Throws: ``ExportError`` where it cannot be read, or a column is not there.
    public init(_ database: DatabaseReader, table: String, file: String) throws(ExportError) {
        let header = try database.columns(of: table)
        let wanted = header.filter { Self.columns.contains($0.lowercased()) }
        try self.init(header: wanted, rows: try database.texts(of: table, columns: wanted), file: file)
    }

    private init(header: [String], rows: some Sequence<[String]>, file: String) throws(ExportError) {
        let names = header.map(Heading.normal)
        var places: [Int?] = []
        for column in Self.columns { places.append(names.firstIndex(of: column)) }
        guard places[0] != nil else {
            throw ExportError(
                .missingColumn, file: file, line: 1, column: Self.columns[0],
                message: "the header does not have the column", hint: "or give the structure with --teams")
        }
        for row in rows.prefix(100_000) {
            func cell(_ column: Int) -> String {
                guard let place = places[column], place < row.count else { return "" }
                let text = row[place].trimmingBlanks()
                return ["null", "#n/a", "-1"].contains(text.lowercased()) ? "" : text
            }
            guard !cell(0).isEmpty, !departments.contains(where: { $0.id == cell(0) }) else { continue }
            departments.append(Department(id: cell(0), name: cell(1), parent: cell(2), parentName: cell(3)))
        }
    }

    /// The structure: a unit for each department, found by its id or its name.
    public var organisation: Organisation {
        let byId = Dictionary(departments.map { ($0.id, $0) }) { first, _ in first }
        var placements: [Organisation.Placement] = []
        var units: Set<String> = []
        for department in departments {
            let name = department.name.isEmpty ? department.id : department.name
            let manager = parentName(department, byId) ?? name
            for unit in [department.id, name] where units.insert(unit).inserted {
                placements.append(
                    .init(unit: unit, team: name, groupManager: manager, service: top(department, byId)))
            }
        }
        return Organisation(placements: placements)
    }

    private func parentName(_ department: Department, _ byId: [String: Department]) -> String? {
        if !department.parentName.isEmpty { return department.parentName }
        guard !department.parent.isEmpty else { return nil }
        return byId[department.parent].map { $0.name.isEmpty ? $0.id : $0.name } ?? department.parent
    }

    /// The name at the top; a circle ends where it began.
    private func top(_ department: Department, _ byId: [String: Department]) -> String {
        var current = department
        var seen: Set<String> = []
        while let parent = byId[current.parent], seen.insert(current.id).inserted { current = parent }
        return parentName(current, byId) ?? (current.name.isEmpty ? current.id : current.name)
    }
}
