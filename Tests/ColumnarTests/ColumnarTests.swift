import Columnar
import Testing

@Suite("Columnar")
struct ColumnarTests {
    @Test("the same text has one number, every other text another one, through all growth")
    func interning() {
        var table = IdTable()
        let texts = [""] + (0..<3_000).map { "id-\($0)" }
        let numbers = texts.map { table.intern($0) }
        #expect(numbers == Array(0..<UInt32(texts.count)))
        #expect(texts.map { table.intern($0) } == numbers)
        #expect(numbers.map { table.string($0) } == texts)
    }

    @Test("entries are in the order of their bytes, a shorter one first")
    func order() {
        var table = IdTable()
        let texts = ["a", "", "ab", "B", "é", "b", "aa", "10", "9"]
        let numbers = texts.map { table.intern($0) }
        let sorted = numbers.sorted { table.precedes($0, $1) }.map { table.string($0) }
        #expect(sorted == ["", "10", "9", "B", "a", "aa", "ab", "b", "é"])
    }

    @Test("parts come back in their order on any number of cores", arguments: [1, 2, 7])
    func concurrent(cores: Int) {
        #expect(concurrentMap(count: 100, cores: cores) { $0 * $0 } == (0..<100).map { $0 * $0 })
        #expect(concurrentMap(count: 0, cores: cores) { $0 }.isEmpty)
    }
}
