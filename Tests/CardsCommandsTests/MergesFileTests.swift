import DelimitedText
import Testing

@testable import CardsCommands

@Suite struct MergesFileTests {
    @Test(
        "each old reference becomes the last of its line, whatever the order of the rows",
        arguments: [
            ("one", "from,to\nA,B\n", ["A B"]), ("in order", "from,to\nA,B\nB,C\n", ["A C", "B C"]),
            ("against the order", "from,to\nB,C\nA,B\n", ["A C", "B C"]),
            ("two become one", "from,to\nA,C\nB,C\n", ["A C", "B C"]),
            ("twice the same row", "from,to\nA,B\nA,B\n", ["A B"]),
            ("columns in another order, with a mark of bytes", "\u{FEFF}To,From\nB,A\n", ["A B"]),
            ("blanks around", "from,to\n A ,B\t\n", ["A B"]),
            ("nothing yet", "from,to\n", []), ("itself", "from,to\nA,A\n", []),
        ] as [(String, String, [String])])
    func lines(why: String, text: String, expected: [String]) throws {
        #expect(try MergesFile.read(text, "m.csv").map { "\($0.from) \($0.to)" } == expected, "\(why)")
    }

    @Test(
        "what cannot be meant is refused",
        arguments: [
            ("a circle of two", "from,to\nA,B\nB,A\n", "m.csv: references become one another in a circle"),
            ("a circle of three", "from,to\nA,B\nC,A\nB,C\n", "m.csv: references become one another in a circle"),
            (
                "two others", "from,to\nA,B\nA,C\n",
                "m.csv:3: the reference became another one in an earlier row"
            ),
        ])
    func refused(why: String, text: String, message: String) {
        let error = #expect(throws: CommandError.self) { try MergesFile.read(text, "m.csv") }
        #expect(error?.message == message, "\(why)")
    }

    @Test("a row or a header without one of the two is refused")
    func incomplete() {
        for text in ["from\nA\n", "from,to\nA,\n", "from,to\nA\n", ""] {
            #expect(throws: ExportError.self) { try MergesFile.read(text, "m.csv") }
        }
    }
}
