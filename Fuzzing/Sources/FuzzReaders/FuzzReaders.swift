import CaseEvents
import DelimitedText
import Exports
import Glibc
import Settings
import Workbooks

/// Which reader is fuzzed; `CARDS_FUZZ` says it.
private enum Reader: String {
    /// A file of case events.
    case csv
    /// A mapped file; the first byte chooses its encoding and delimiter.
    case mapped
    case xml, json
    /// Parts of a workbook: the first byte chooses which.
    case xlsx
    /// The bytes of a whole workbook.
    case zip
    /// A mapping.
    case yaml
}

private let reader = getenv("CARDS_FUZZ").flatMap { Reader(rawValue: String(cString: $0)) }
private let file = "/dev/shm/cards-fuzz-\(getpid())"

private let mapping = try? readMapping(
    yaml: """
        mapping: Fuzz
        files:
          - file: x
            child: Id
            step: Step
            team: {column: Team, values: {N: North}}
            unless: {Status: [Void]}
            events:
              - {event: referral_received, date: Date, needed: yes}
              - {event: assessment_started, date: Start, where: {Status: [Open]}}
              - event: {column: Type, values: {a: s47_started, b: icpc_held}}
                date: Other
                or_date: Date
        """, file: "fuzz.yaml")

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager calls an executable's `main` by this name.
@_cdecl("FuzzReaders_main")
public func fuzz(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var (count, arguments) = (count, arguments)
    return runFuzzer(&count, &arguments, readOneInput)
}

/// Reads one input, as a run would; every input must end in rows or an error.
private func readOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let reader else {
        fatalError("CARDS_FUZZ says which reader: csv, mapped, xml, json, xlsx, zip, yaml")
    }
    switch reader {
    case .csv: read(.caseEvents(file), Array(input))
    case .mapped:
        guard let first = input.first, var table = mapping?.tables.first else { return 0 }
        table.dialect.encoding = TextEncoding.allCases[Int(first & 3)]
        table.dialect.delimiter = first & 4 == 0 ? UInt8(ascii: ",") : UInt8(ascii: ";")
        read(ExportSource(path: file, content: .delimited(table)), Array(input.dropFirst()))
    case .xml: read(ExportSource(path: file, content: .census), Array(input))
    case .json: read(ExportSource(path: file, content: .api), Array(input))
    case .xlsx:
        guard let first = input.first else { return 0 }
        StoredWorkbook.write(Array(input.dropFirst()), part: Int(first % 5), to: file)
        readWorkbook()
    case .zip:
        write(Array(input))
        readWorkbook()
    case .yaml: _ = try? readMapping(yaml: String(decoding: input, as: UTF8.self), file: "fuzz.yaml")
    }
    return 0
}

private func write(_ bytes: [UInt8]) {
    guard let stream = fopen(file, "wb") else { exit(73) }
    fwrite(bytes, 1, bytes.count, stream)
    fclose(stream)
}

private func read(_ source: ExportSource, _ bytes: [UInt8]) {
    write(bytes)
    do {
        // Small blocks, so that an input goes over their borders.
        let result = try ExportReader.read([source], ReadOptions(cores: 1), blockSize: 64)
        for source in result.sources {
            // Every row is accounted for.
            precondition(source.rowsRead >= source.rejectedCount)
        }
        precondition(result.sources.reduce(0) { $0 + $1.rejectedCount } == result.rejected.count)
    } catch {}
}

private func readWorkbook() {
    guard let table = try? AnnexAMapping.mapping().tables[1] else { return }
    do {
        let sheets = try SheetReader(path: file)
        for sheet in sheets.sheets.prefix(3) where try sheets.fits(sheet, table) {
            var source = ExportSource(path: file, content: .sheet(table, sheets))
            source.part = sheet
            _ = try ExportReader.read([source], ReadOptions(cores: 1), blockSize: 64)
        }
    } catch {}
}

/// A workbook whose parts are stored as they are, one of them the input.
private enum StoredWorkbook {
    private static let names = [
        "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
        "xl/worksheets/sheet1.xml",
    ]
    private static let texts = [
        "<workbook><sheets><sheet name=\"List 3\" r:id=\"r1\" xmlns:r=\"r\"/></sheets></workbook>",
        "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
        "<sst><si><t>Child Unique ID</t></si><si><t>Date of Referral</t></si><si><t>North</t></si></sst>",
        "<worksheet><row r=\"1\"><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"
            + "<row r=\"2\"><c><v>1</v></c><c s=\"1\"><v>45356</v></c></row></worksheet>",
    ]

    static func write(_ input: [UInt8], part: Int, to path: String) {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        func number(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        for (index, name) in names.enumerated() {
            let text = index == part ? input : Array(texts[index].utf8)
            let place = archive.count
            let head =
                number(20, 2) + number(0, 8) + number(Int(checksum(text)), 4) + number(text.count, 4)
                + number(text.count, 4) + number(name.utf8.count, 2) + number(0, 2)
            archive += [0x50, 0x4B, 3, 4] + head + Array(name.utf8) + text
            directory += [0x50, 0x4B, 1, 2] + number(20, 2) + head + number(0, 10) + number(place, 4) + Array(name.utf8)
        }
        let end =
            [0x50, 0x4B, 5, 6] + number(0, 4) + number(names.count, 2) + number(names.count, 2)
            + number(directory.count, 4) + number(archive.count, 4) + number(0, 2)
        FuzzReaders.write(archive + directory + end)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = .max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
        }
        return ~value
    }
}
