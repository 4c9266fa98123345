public import DelimitedText
import GRDB
import Glibc

/// Reads mapped tables of an SQLite database, without writing to it.
public final class DatabaseReader {
    private let path: String
    private let queue: DatabaseQueue
    /// The names of the database's own tables; views are not read.
    public let tables: [String]

    /// Opens a database.
    ///
    /// - Throws: ``ExportError`` where it is none, or not whole.
    public init(path: String) throws(ExportError) {
        self.path = path
        try Self.checkSize(path)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { database in
            // A database is input: nothing in its schema may run.
            try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            tables = try queue.read { database in
                try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            }
        } catch {
            throw Self.problem(path)
        }
    }

    /// Refuses a file that is shorter than the number of its pages says.
    private static func checkSize(_ path: String) throws(ExportError) {
        let file = try FileBytes(path, nil)
        var head: [UInt8] = []
        _ = try unsafe file.read { bytes in unsafe head = Array(bytes.prefix(100)) }
        guard head.count == 100 else { throw ExportError.incomplete(path) }
        func number(_ place: Int, _ count: Int) -> Int { head[place..<place + count].reduce(0) { $0 << 8 | Int($1) } }
        let pageSize = number(16, 2) == 1 ? 65_536 : number(16, 2)
        // The count is kept only by newer programs, which then say so.
        guard number(24, 4) != number(92, 4) || file.size >= pageSize * number(28, 4) else {
            throw ExportError.incomplete(path)
        }
    }

    private static func problem(_ path: String) -> ExportError {
        ExportError(
            .notDatabase, file: path, message: "the database cannot be read, or is not whole",
            hint: "copy it while no program writes to it, and check that you may read it")
    }

    /// The columns of a table, in its order.
    ///
    /// - Throws: ``ExportError``.
    public func columns(of table: String) throws(ExportError) -> [String] {
        do {
            return try queue.read { try $0.columns(in: table).map(\.name) }
        } catch {
            throw Self.problem(path)
        }
    }

    /// The reader of a table's rows as delimited text, the mapping's columns alone filled in.
    func open(
        _ source: ExportSource, _ mapping: TableMapping, _ observe: (@Sendable (RawSpan) -> Void)?
    ) throws(ExportError) -> any PieceReader {
        let header = try columns(of: source.part)
        let bound = try MappedTable(mapping, header: header, file: source.name)
        let columns = bound.columns.sorted()
        let file = try FileBytes(path, observe)
        try file.readOn()
        guard !columns.isEmpty else { return PiecesReader([], size: file.size) }
        let names = columns.map { header[$0].quotedDatabaseIdentifier }.joined(separator: ", ")
        do {
            let pieces = try queue.read { database in
                var pieces: [Piece] = []
                var piece = TablePiece(width: header.count)
                piece.addHeader(header)
                var values = [ArraySlice<UInt8>](repeating: [], count: header.count)
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT \(names) FROM \(source.part.quotedDatabaseIdentifier)")
                var number = 0
                while let row = try rows.next() {
                    number += 1
                    for (place, column) in columns.enumerated() { values[column] = ArraySlice(Self.text(row[place])) }
                    piece.add(values, line: number)
                    if piece.count > 1 << 20 {
                        pieces.append(piece.finish())
                        piece = TablePiece(width: header.count)
                    }
                }
                return pieces + [piece.finish()]
            }
            return PiecesReader(pieces, size: file.size)
        } catch {
            throw Self.problem(path)
        }
    }

    /// Some columns of all rows of a small table.
    ///
    /// - Throws: ``ExportError``.
    func texts(of table: String, columns: [String]) throws(ExportError) -> [[String]] {
        guard !columns.isEmpty else { return [] }
        let names = columns.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
        do {
            return try queue.read { database in
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT \(names) FROM \(table.quotedDatabaseIdentifier) LIMIT 100000")
                var texts: [[String]] = []
                while let row = try rows.next() {
                    texts.append(columns.indices.map { String(decoding: Self.text(row[$0]), as: UTF8.self) })
                }
                return texts
            }
        } catch {
            throw Self.problem(path)
        }
    }

    private static func text(_ value: DatabaseValue) -> ContiguousArray<UInt8> {
        switch value.storage {
        case .null, .blob: []
        case .int64(let number): ContiguousArray(String(number).utf8)
        case .double(let number):
            // A number that is no whole one, or larger than any reference, is as text what it is as a number.
            ContiguousArray((Int64(exactly: number).map { String($0) } ?? String(number)).utf8)
        case .string(let text): ContiguousArray(text.utf8.prefix(4096))
        }
    }
}
