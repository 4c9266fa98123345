import CaseEvents
import DelimitedText
import Exports
import Glibc
import Settings

/// Finds out what an export is, by looking at it: a file of case events, a mapping with its files, a workbook
/// or folder of lists, tables of the Standard Safeguarding Dataset, a census or a message of the API.
enum ExportFinder {
    /// The sources of the exports of a run, in the order in which they were given.
    ///
    /// - Parameters:
    ///   - exports: Their paths.
    ///   - picksNewest: Whether of several files that one entry of a mapping may mean the one written to last is
    ///     taken; otherwise they are refused.
    /// - Returns: The sources.
    /// - Throws: ``ExportError`` for what is no export, ``SettingsError`` for a mapping that is wrong.
    static func sources(of exports: [String], picksNewest: Bool = false) throws -> [ExportSource] {
        var found: [ExportSource] = []
        // Files of case events are one system's, which has one name for each thing.
        var ownFormat: Int?
        for (number, export) in exports.enumerated() {
            for var source in try sources(of: export, picksNewest: picksNewest) {
                source.export = number
                if case .caseEvents = source.content {
                    source.export = ownFormat ?? number
                    ownFormat = source.export
                }
                found.append(source)
            }
        }
        return found
    }

    /// The sources of one export.
    ///
    /// - Throws: As ``sources(of:)-(Array<String>)``.
    static func sources(of export: String, picksNewest: Bool = false) throws -> [ExportSource] {
        if isFolder(export) { return try sources(inFolder: export) }
        if [".yaml", ".yml"].contains(where: export.hasSuffix) {
            let mapping = try readMapping(yaml: try TextFile.read(export, "mapping"), file: export)
            return try sources(of: mapping, named: export, inFolder: folder(of: export), picksNewest: picksNewest)
        }
        switch Shape(of: export) {
        case .workbook: return try sources(inWorkbook: export)
        case .database: return try sources(inDatabase: export)
        case .xml: return [ExportSource(path: export, content: .census)]
        case .json: return [ExportSource(path: export, content: .api)]
        case .text: return [.caseEvents(export)]
        }
    }

    /// What a file is, by its first bytes.
    enum Shape {
        case workbook, database, xml, json, text

        init(of path: String) {
            var head = TextFile.head(of: path, count: 64)
            if head.starts(with: [0xEF, 0xBB, 0xBF]) { head.removeFirst(3) }
            // Of UTF-16, the first letter after the mark.
            let isUTF16 = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
            let first = (isUTF16 ? head.dropFirst(2) : head[...]).first { $0 > 32 }
            self =
                if head.starts(with: Array("PK\u{3}\u{4}".utf8)) || head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
                    .workbook
                } else if head.starts(with: "SQLite format 3".utf8) {
                    .database
                } else if first == UInt8(ascii: "<") {
                    .xml
                } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                    .json
                } else {
                    .text
                }
        }
    }

    /// The structure that an export brings along: that of the Standard Safeguarding Dataset does.
    ///
    /// - Throws: ``ExportError`` where its table cannot be read.
    static func organisation(of exports: [String]) throws -> Organisation? {
        for export in exports {
            if isFolder(export) {
                let file = DepartmentTable.name + ".csv"
                guard let name = try names(inFolder: export).first(where: { matches($0, file) }) else { continue }
                let path = export.hasSuffix("/") ? export + name : export + "/" + name
                do {
                    let text = try TextFile.read(path, "department table")
                    return try DepartmentTable(csv: text, file: path).organisation
                } catch let error as CommandError where error.code == .notUTF8 {
                    // It is part of an export, and no settings.
                    throw ExportError(
                        .notUTF8, file: path, message: "the text is not UTF-8",
                        hint: "export the table as UTF-8, or give the structure with --teams")
                }
            }
            guard Shape(of: export) == .database else { continue }
            let database = try DatabaseReader(path: export)
            guard let table = database.tables.first(where: { matches($0, DepartmentTable.name) }) else { continue }
            return try DepartmentTable(database, table: table, file: export).organisation
        }
        return nil
    }

    // MARK: Patterns

    /// The file or folder of a path whose name may have `*`: the one written to last.
    ///
    /// - Throws: ``ExportError`` where there is none.
    static func newest(_ pattern: String) throws -> String {
        guard pattern.contains("*") else { return pattern }
        let cut = pattern.lastIndex(of: "/").map { pattern.index(after: $0) } ?? pattern.startIndex
        let folder = String(pattern[..<cut])
        let name = String(pattern[cut...])
        let found = try names(inFolder: folder.isEmpty ? "." : folder).filter { matches($0, name) }.map { folder + $0 }
        guard let newest = FileStamp.newest(found) else {
            throw ExportError(
                .missingFile, file: pattern, message: "no file has such a name",
                hint: "did the export run? Check `exports` of the configuration")
        }
        return newest
    }

    // MARK: Mappings

    private static func sources(
        of mapping: Mapping, named file: String, inFolder folder: String, picksNewest: Bool
    ) throws -> [ExportSource] {
        let names = try names(inFolder: folder.isEmpty ? "." : folder)
        var found: [ExportSource] = []
        for table in mapping.tables {
            let files = names.filter { name in table.names.contains { matches(name, $0) } }
            guard files.count <= 1 || picksNewest else {
                throw ExportError(
                    .unknownShape, file: file,
                    message: "two files match one entry of the mapping: "
                        + files.prefix(2).joined(separator: ", "),
                    hint: "take the older one out of the folder, or write the name of one into the mapping")
            }
            guard let path = FileStamp.newest(files.map { folder + $0 }) else {
                throw ExportError(
                    .missingFile, file: folder + (table.names.first ?? ""), message: "there is no such file",
                    hint: "the mapping names it, beside itself; check the name, or take it out of the mapping")
            }
            found.append(source(mapping, table, path: path))
        }
        return found
    }

    private static func source(
        _ mapping: Mapping, _ table: TableMapping, path: String, content: ExportSource.Content? = nil
    ) -> ExportSource {
        var source = ExportSource(path: path, content: content ?? .delimited(table))
        source.completeFrom = mapping.completeFrom
        source.completeMonths = mapping.completeMonths
        source.notes = mapping.notes
        return source
    }

    /// Whether a name is another one, in any case, in which `*` stands for any letters.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false)
        var rest = name.lowercased()[...]
        guard rest.hasPrefix(parts[0]) else { return false }
        rest = rest.dropFirst(parts[0].count)
        guard parts.count > 1 else { return rest.isEmpty }
        for part in parts[1..<parts.count - 1] {
            guard let place = rest.ranges(of: part).first else { return false }
            rest = rest[place.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }

    // MARK: Published formats

    private static func sources(inFolder folder: String) throws -> [ExportSource] {
        let path = folder.hasSuffix("/") ? folder : folder + "/"
        let names = try names(inFolder: folder)
        for mapping in [try StandardDatasetMapping.mapping(), try AnnexAMapping.mapping()] {
            var found: [ExportSource] = []
            for table in mapping.tables {
                let wanted = Set(table.names.flatMap { [Heading.key($0), Heading.key($0 + ".csv")] })
                let files = names.filter { $0.lowercased().hasSuffix(".csv") && wanted.contains(Heading.key($0)) }
                guard files.count <= 1 else {
                    throw ExportError(
                        .unknownShape, file: folder,
                        message: "two files are the same list: \(files.prefix(2).joined(separator: ", "))",
                        hint: "take the one that is not to be read out of the folder, or join them")
                }
                if let file = files.first { found.append(source(mapping, table, path: path + file)) }
            }
            if !found.isEmpty { return found }
        }
        throw ExportError(
            .unknownShape, file: folder, message: "the folder holds no file that is known by its name",
            hint: "name the files of the Standard Safeguarding Dataset ssd_….csv, those of Annex A List 1.csv and so "
                + "on; for others write a mapping, which `cards inspect FILE` begins")
    }

    private static func sources(inWorkbook path: String) throws -> [ExportSource] {
        let workbook = try SheetReader(path: path)
        let mapping = try AnnexAMapping.mapping()
        var left = workbook.sheets
        var found: [Int: String] = [:]
        for (number, table) in mapping.tables.enumerated() {
            let wanted = Set(table.names.map(Heading.key))
            let named = left.filter { wanted.contains(Heading.key($0)) }
            // One that has the list's headings, else one that should have them; a blank sheet is no list.
            let fitting = try named.first { try workbook.fits($0, table) }
            guard let sheet = try fitting ?? named.first(where: { try !workbook.isBlank($0) }) else { continue }
            found[number] = sheet
            left.removeAll { $0 == sheet }
        }
        // Sheets of other names are known by their headings, in the order of the lists.
        for (number, table) in mapping.tables.enumerated() where found[number] == nil {
            for sheet in left where try workbook.fits(sheet, table) {
                found[number] = sheet
                left.removeAll { $0 == sheet }
                break
            }
        }
        guard !found.isEmpty else {
            throw ExportError(
                .unknownShape, file: path, message: "no sheet of the workbook is one of the lists of Annex A",
                hint: "save each sheet as \"CSV UTF-8\" and write a mapping, which `cards inspect FILE` begins")
        }
        return try found.sorted { $0.key < $1.key }.map { number, sheet in
            let table = mapping.tables[number]
            var source = source(mapping, table, path: path, content: .sheet(table, workbook))
            source.part = sheet
            // A second sheet of a list, such as "List 4 (2)", is not added to it; that must be seen.
            source.notes += try left.filter { try $0.hasPrefix(sheet) && workbook.fits($0, table) }.map {
                "The sheet \($0) was not read: \(sheet) is the list already."
            }
            return source
        }
    }

    private static func sources(inDatabase path: String) throws -> [ExportSource] {
        let database = try DatabaseReader(path: path)
        let mapping = try StandardDatasetMapping.mapping()
        let found = mapping.tables.compactMap { table -> ExportSource? in
            let wanted = Set(table.names.map(Heading.key))
            guard let name = database.tables.first(where: { wanted.contains(Heading.key($0)) }) else { return nil }
            var source = source(mapping, table, path: path, content: .table(table, database))
            source.part = name
            return source
        }
        guard !found.isEmpty else {
            throw ExportError(
                .unknownShape, file: path, message: "the database has no table of the Standard Safeguarding Dataset",
                hint: "its tables are named ssd_cin_episodes and so on; views are not read")
        }
        return found
    }

    // MARK: Folders

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// The names of what is in a folder, in order.
    private static func names(inFolder folder: String) throws -> [String] {
        guard let directory = opendir(folder) else {
            throw ExportError(
                .cannotRead, file: folder, message: "the folder cannot be opened", hint: "check that you may read it")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
