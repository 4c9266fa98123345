import CZip
import StructuredText

/// The packed parts of a workbook, read one after the other as streams.
final class PackedParts {
    private let archive: OpaquePointer

    /// A part may be so many times larger than it is packed, where it is larger than ``free``; real ones are
    /// 5 to 40 times as large.
    private static let ratio: UInt64 = 200
    private static let free: UInt64 = 64 << 20

    /// Opens a file.
    ///
    /// - Throws: ``WorkbookError``.
    init(_ path: String) throws(WorkbookError) {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
            throw code == ZIP_ER_OPEN || code == ZIP_ER_NOENT ? .cannotOpen : .damaged
        }
        self.archive = archive
    }

    deinit { zip_discard(archive) }

    /// The names of all parts.
    var names: [String] {
        let count = zip_get_num_entries(archive, 0)
        return (0..<max(0, count)).compactMap { index in
            zip_get_name(archive, zip_uint64_t(index), 0).map { String(cString: $0) }
        }
    }

    func contains(_ name: String) -> Bool { zip_name_locate(archive, name, 0) >= 0 }

    /// Reads a part of XML.
    ///
    /// - Throws: ``WorkbookError`` where it is not there, damaged, or too large.
    func read(_ name: String, _ xml: XMLReader) throws(WorkbookError) {
        let index = zip_name_locate(archive, name, 0)
        var status = zip_stat_t()
        guard index >= 0, zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0,
            let file = zip_fopen_index(archive, zip_uint64_t(index), 0)
        else { throw .damaged }
        defer { zip_fclose(file) }
        let most = max(Self.free, status.comp_size.multipliedReportingOverflow(by: Self.ratio).partialValue)
        var size: UInt64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var got: zip_int64_t = 0
        repeat {
            got = zip_fread(file, &buffer, zip_uint64_t(buffer.count))
            guard got >= 0 else { throw .damaged }
            size += UInt64(got)
            guard size <= most else { throw .bomb }
            let problem = buffer.withUnsafeBytes { bytes -> StructuredTextError? in
                do throws(StructuredTextError) {
                    try xml.feed(UnsafeRawBufferPointer(rebasing: bytes[..<Int(got)]), isLast: got == 0)
                    return nil
                } catch {
                    return error
                }
            }
            if let problem { throw .malformed(part: name, line: problem.line) }
        } while got > 0 && !xml.isStopped
    }
}
