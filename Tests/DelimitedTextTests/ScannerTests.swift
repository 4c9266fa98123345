import DelimitedText
import EngineTestSupport
import Testing

@Suite("The fast scanner against the plain reader")
struct ScannerTests {
    /// What the scanner finds in blocks, decoded field by field.
    private struct Scanned {
        var records: [PlainRecord] = []
        var line = 1

        mutating func add(_ block: TextBlock) {
            let (ends, facts) = FieldScanner().scan(block)
            #expect(facts.hasNonASCII == block.bytes.contains { $0 >= 0x80 })
            var fields: [String] = []
            var begin = 0
            var lineOfRecord = line
            for packed in ends {
                let end = Int(packed & ~FieldScanner.recordEnd)
                let isLast = packed & FieldScanner.recordEnd != 0
                fields.append(Self.text(block.bytes[begin..<end], isLast: isLast))
                line += block.bytes[begin...end].count { $0 == UInt8(ascii: "\n") }
                begin = end + 1
                guard isLast else { continue }
                if fields != [""] { records.append(PlainRecord(fields: fields, line: lineOfRecord)) }
                fields = []
                lineOfRecord = line
            }
            #expect(begin == block.count && fields.isEmpty)
        }

        private static func text(_ bytes: ContiguousArray<UInt8>.SubSequence, isLast: Bool) -> String {
            let quote = UInt8(ascii: "\"")
            var text: [UInt8] = []
            var isInside = false
            var wasClosed = false
            for byte in bytes {
                if byte == quote {
                    if !isInside && wasClosed { text.append(quote) }
                    wasClosed = isInside
                    isInside.toggle()
                } else {
                    wasClosed = false
                    text.append(byte)
                }
            }
            if isLast, text.last == UInt8(ascii: "\r") { text.removeLast() }
            return String(decoding: text, as: UTF8.self)
        }
    }

    private func scanned(_ bytes: [UInt8], blockSize: Int, in scratch: Scratch) throws -> [PlainRecord] {
        let path = try scratch.write(bytes, named: "text.csv")
        var reader = try BlockReader(path: path, blockSize: blockSize)
        var scanned = Scanned()
        while let block = try reader.next() { scanned.add(block) }
        return scanned.records
    }

    private static let alphabet = Array("a,\"\n\r".utf8)

    @Test("random awkward text of every length from 0 to 200, in blocks of many small sizes", arguments: 0..<4)
    func random(quarter: Int) throws {
        let scratch = try Scratch()
        var random = TestRandom(seed: UInt64(quarter))
        for length in stride(from: quarter, through: 200, by: 4) {
            var bytes = (0..<length).map { _ in Self.alphabet[Int.random(in: 0..<5, using: &random)] }
            // Every other text has few quotes, so that records stay short.
            if length / 4 % 2 == 1 { bytes = bytes.map { $0 == 34 && Bool.random(using: &random) ? 97 : $0 } }
            guard let expected = plainRecords(bytes) else {
                #expect(throws: ExportError.self) { try scanned(bytes, blockSize: 7, in: scratch) }
                continue
            }
            for blockSize in [1, 2, 3, 5, 8, 13, 31, 63, 64, 65, 127, 128, 129, 200, 1024] {
                let records = try scanned(bytes, blockSize: blockSize, in: scratch)
                #expect(records == expected, "length \(length), blocks of \(blockSize): \(bytes)")
            }
        }
    }

    @Test("a quoted field over the edge of 64 bytes, at every place")
    func edges() throws {
        for place in 0...140 {
            let text = Array((String(repeating: "x", count: place) + ",\"a,\"\"\nb\",z\nlast").utf8)
            var scanned = Scanned()
            scanned.add(TextBlock(text))
            #expect(scanned.records == plainRecords(text), "at \(place)")
        }
    }

    @Test("CRLF and LF give the same fields, a byte-order mark is no part of the first one")
    func lineEnds() throws {
        let scratch = try Scratch()
        let plain = Array("a,b\n\"c\nd\",e\n".utf8)
        let records = try scanned(plain, blockSize: 64, in: scratch)
        #expect(records.map(\.fields) == [["a", "b"], ["c\nd", "e"]] && records.map(\.line) == [1, 2])
        #expect(try scanned([0xEF, 0xBB, 0xBF] + plain, blockSize: 64, in: scratch) == records)
        #expect(try scanned(Array("a,b\r\n\"c\nd\",e\r\n".utf8), blockSize: 5, in: scratch) == records)
        #expect(try scanned(plain.dropLast(), blockSize: 5, in: scratch) == records)
    }

    @Test("another delimiter")
    func semicolons() {
        #expect(plainRecords(Array("a;\"b;c\"\n".utf8), delimiter: UInt8(ascii: ";"))?.first?.fields == ["a", "b;c"])
        let (ends, facts) = FieldScanner(delimiter: UInt8(ascii: ";")).scan(TextBlock(Array("a;\"b;c\"\n".utf8)))
        #expect(ends == [1, 7 | FieldScanner.recordEnd])
        #expect(!facts.hasQuotedLineFeed)
        #expect(FieldScanner().scan(TextBlock(Array("\"a\nb\",c\n".utf8))).facts.hasQuotedLineFeed)
    }

    @Test("every prefix of a file is read, or refused as a quote that is not closed")
    func truncated() throws {
        let scratch = try Scratch()
        let whole = Array("child_id,event\r\n\"c,1\",\"a \"\"b\"\"\nc\"\r\nc2,\n".utf8)
        for length in 0...whole.count {
            let part = Array(whole.prefix(length))
            if let expected = plainRecords(part) {
                #expect(try scanned(part, blockSize: 4, in: scratch) == expected, "\(length) bytes")
            } else {
                #expect { try scanned(part, blockSize: 4, in: scratch) } throws: {
                    ($0 as? ExportError)?.code == .unterminatedQuote
                }
            }
        }
    }
}
