import Columnar
import Synchronization
import Testing

@Suite("Ids that are their own numbers")
struct IdSpellingsTests {
    private func key(_ text: String) -> IdKey {
        let bytes = Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "9"), count: 8)
        return bytes.withUnsafeBytes { IdKey(0..<text.utf8.count, in: $0) }
    }

    /// An id and whether it is a number of its own.
    struct Case: CustomTestStringConvertible, Sendable {
        var id: String
        var isOwn: Bool
        var why: String
        var testDescription: String { "\(id): \(why)" }
    }

    static let cases = [
        Case(id: "", isOwn: true, why: "the empty id is 0"),
        Case(id: "0", isOwn: true, why: "one digit"),
        Case(id: "00000000", isOwn: true, why: "eight digits are the most a key holds"),
        Case(id: "99999999", isOwn: true, why: "the largest number"),
        Case(id: "R0000453", isOwn: true, why: "a letter and seven digits"),
        Case(id: "R453", isOwn: true, why: "another spelling than with zeros"),
        Case(id: "ab-c/7", isOwn: true, why: "whatever stands before the last digits"),
        Case(id: "1a2", isOwn: true, why: "only the digits at the end count"),
        Case(id: "123456789", isOwn: false, why: "nine bytes"),
        Case(id: "R12345678", isOwn: false, why: "nine bytes"),
        Case(id: "R000045x", isOwn: false, why: "no digit at the end"),
        Case(id: "/", isOwn: false, why: "the byte before 0 is no digit"),
        Case(id: "R:", isOwn: false, why: "the byte after 9 is no digit"),
        Case(id: "é1", isOwn: false, why: "not ASCII"),
        Case(id: "8d0f1c1e-2b7a", isOwn: false, why: "long"),
    ]

    @Test("an id has one code, and the code gives the id back", arguments: cases)
    func roundTrip(_ item: Case) {
        let spellings = IdSpellings()
        var coder = IdCoder(spellings)
        let code = coder.code(key(item.id))
        #expect((code != nil) == item.isOwn)
        guard let code else { return }
        #expect(coder.code(key(item.id)) == code)
        #expect((code == 0) == item.id.isEmpty && code & IdCode.tableMark == 0)
        #expect(IdTexts(spellings, table: IdTable()).string(code) == item.id)
    }

    @Test("codes are equal where ids are, and in the order of their bytes, as the ids' own texts say")
    func likeTexts() {
        let spellings = IdSpellings()
        var coder = IdCoder(spellings)
        var table = IdTable()
        var random = SystemRandomNumberGenerator()
        let ids = (0..<200).map { _ -> String in
            let before = ["", "R", "RA", "a-"].randomElement(using: &random) ?? ""
            let number = Int.random(in: 0..<1_000, using: &random)
            let tail = Bool.random(using: &random) ? "" : ["x", "-long-id-12"].randomElement(using: &random) ?? ""
            return before + (Bool.random(using: &random) ? "0" : "") + "\(number)" + tail
        }
        let codes = ids.map { coder.code(key($0)) ?? table.intern($0) | IdCode.tableMark }
        let texts = IdTexts(spellings, table: table)
        var wrong: [String] = []
        for (left, first) in zip(ids, codes) {
            for (right, second) in zip(ids, codes) {
                let isBefore = left.utf8.lexicographicallyPrecedes(right.utf8)
                let isRight = (first == second) == (left == right) && texts.precedes(first, second) == isBefore
                if !isRight { wrong.append("\(left) \(right)") }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test("the sixteenth spelling goes to the table, for every coder and for good")
    func most() {
        let spellings = IdSpellings()
        var early = IdCoder(spellings)
        let ids = (0..<20).map { "\(Character(Unicode.Scalar(UInt8(ascii: "A") + UInt8($0))))1" }
        let codes = ids.map { early.code(key($0)) }
        #expect(codes.prefix(15).allSatisfy { $0 != nil } && codes.dropFirst(15).allSatisfy { $0 == nil })
        var late = IdCoder(spellings)
        #expect(ids.map { late.code(key($0)) } == codes)
        #expect(Set(codes.prefix(15)).count == 15 && spellings.all.count == IdSpellings.most)
    }

    @Test("an id is one number on every thread, whoever met its spelling first")
    func threads() {
        let spellings = IdSpellings()
        let ids = (0..<18).flatMap { letter in
            (0..<50).map { "\(Character(Unicode.Scalar(UInt8(97 + letter))))\($0 % 10)" }
        }
        let keys = ids.map(key)
        let ends = concurrentMap(count: 8, cores: 8) { thread in
            var coder = IdCoder(spellings)
            var codes = [UInt32?](repeating: nil, count: keys.count)
            for step in keys.indices {
                let place = (step * 7 + thread * 131) % keys.count
                codes[place] = coder.code(keys[place])
            }
            return codes
        }
        #expect(ends.allSatisfy { $0 == ends[0] })
        #expect(Set(zip(ids, ends[0]).filter { $1 == nil }.map { $0.0.first }).count == 3)
    }
}
