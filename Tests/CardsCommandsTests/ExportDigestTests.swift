import CardsTestSupport
import Exports
import Foundation
import Testing

@testable import CardsCommands

@Suite("Hashes of exports")
struct ExportDigestTests {
    @Test("the hash is of the file's bytes, whatever the size of the blocks and whatever is cut off them")
    func wholeFile() throws {
        // A byte order mark, and a last line without an end: both are bytes of the file.
        let head = "\u{FEFF}child_id,event,date\n"
        let text = head + (0..<40).map { "C\($0),child_seen,2010-11-0\($0 % 9 + 1)" }.joined(separator: "\n")
        let cards = try Executable()
        defer { cards.clean() }
        let path = cards.folder.appending(path: "e.csv").path
        try Data(text.utf8).write(to: URL(filePath: path))
        for blockSize in [64, 100, 1 << 20] {
            let digests = ExportDigests()
            var options = ReadOptions(cores: 2)
            options.observe = { digests.add($0, $1) }
            _ = try ExportReader.read([.caseEvents(path)], options, blockSize: blockSize)
            #expect(digests.digest(0) == textDigest(text), "blocks of \(blockSize)")
        }
        #expect(textDigest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
