import Synchronization

/// The ways in which the ids of a column are written: what stands before their last digits, and how many these are.
///
/// Most ids are a number with something before it: `R0000453`, `123456`. An id of up to eight bytes
/// that ends in digits is then its own number, in 32 bits: four bits name its spelling, 27 hold its
/// digits. Nothing has to be looked up to read it, two ids are equal where their numbers are, and the
/// number gives the id back. Ids written otherwise, and those of a sixteenth spelling, are kept in a
/// table (``IdTexts``), and have the highest bit set.
///
/// A spelling has its number from the first time it is met, on whatever thread, and none is ever given
/// up, so that one id is one number throughout a run. Which number that is may differ from run to run;
/// nothing that is printed depends on it.
public final class IdSpellings: Sendable {
    private let known = Mutex<ContiguousArray<UInt64>>([])

    /// How many spellings have numbers; of the sixteen that four bits tell apart, 0 is the empty id.
    public static let most = 15

    public init() {}

    /// The spellings met so far, in the order of their numbers.
    public var all: ContiguousArray<UInt64> { known.withLock { $0 } }

    /// Gives a spelling a number, if it has none and there is one left.
    ///
    /// - Returns: The spellings, as ``all`` has them afterwards.
    func add(_ spelling: UInt64) -> ContiguousArray<UInt64> {
        known.withLock { known in
            if !known.contains(spelling) && known.count < Self.most { known.append(spelling) }
            return known
        }
    }
}

/// An id in 32 bits: 0 for the empty one, the number of an id that is spelled with digits, or, with
/// the highest bit set, an entry of a table of other ids.
public enum IdCode {
    /// Set where the rest is an entry of a table.
    @inlinable public static var tableMark: UInt32 { 1 &<< 31 }
    /// How many bits hold an id's digits: eight digits are below 2^27.
    @inlinable static var digitBits: UInt32 { 27 }

    /// The key of an id that is spelled with digits.
    static func key(_ code: UInt32, _ spellings: ContiguousArray<UInt64>) -> IdKey {
        if code == 0 { return .empty }
        let spelling = spellings[Int(code &>> digitBits) - 1]
        var rest = code & ((1 &<< digitBits) &- 1)
        // As in ``IdCoder``: the bytes before the digits, and in the place of the last digit their number.
        let digits = spelling & 0xFF
        var word = spelling & ~0xFF
        for place in 0..<digits {
            word |= (UInt64(rest % 10) | 0x30) &<< (place &* 8)
            rest /= 10
        }
        return IdKey(bits: word &<< UInt64(truncatingIfNeeded: word.leadingZeroBitCount & ~7))
    }
}

/// Turns the ids of one column into codes; each thread has its own.
public struct IdCoder: Sendable {
    private let shared: IdSpellings
    private var known: ContiguousArray<UInt64>
    private var last: UInt64 = 0
    private var lastCode: UInt32 = 0

    public init(_ spellings: IdSpellings) {
        shared = spellings
        known = spellings.all
    }

    /// The code of an id, or `nil` where it belongs into a table.
    ///
    /// - Complexity: O(1).
    @inline(__always)
    public mutating func code(_ key: IdKey) -> UInt32? {
        if key.isEmpty { return 0 }
        guard !key.isLong else { return nil }
        // The last character in the lowest byte, and in every byte what is left of a digit without its 0x30.
        let word = key.bits &>> UInt64(truncatingIfNeeded: key.bits.trailingZeroBitCount & ~7)
        let values = word ^ 0x3030_3030_3030_3030
        // The high half of a byte is 0 only in a digit, whether 6 is added to it or not.
        let others = ((values &+ 0x0606_0606_0606_0606) | values) & 0xF0F0_F0F0_F0F0_F0F0
        let digits = UInt64(truncatingIfNeeded: others.trailingZeroBitCount / 8)
        guard digits > 0 else { return nil }
        let before = ~((UInt64(1) << (digits * 8)) &- 1)
        let spelling = word & before | digits
        guard let number = spelling == last ? lastCode : self.number(spelling) else { return nil }
        return number | Self.value(ofDigits: values & ~before)
    }

    private mutating func number(_ spelling: UInt64) -> UInt32? {
        var place = known.firstIndex(of: spelling)
        if place == nil && known.count < IdSpellings.most {
            known = shared.add(spelling)
            place = known.firstIndex(of: spelling)
        }
        guard let place else { return nil }
        last = spelling
        lastCode = UInt32(truncatingIfNeeded: place &+ 1) &<< IdCode.digitBits
        return lastCode
    }

    /// The number that eight digits make, one a byte and the last one lowest: pairs, fours, then all.
    @inline(__always)
    private static func value(ofDigits values: UInt64) -> UInt32 {
        let pairs = (values & 0x00FF_00FF_00FF_00FF) &+ (values &>> 8 & 0x00FF_00FF_00FF_00FF) &* 10
        let fours = (pairs & 0x0000_FFFF_0000_FFFF) &+ (pairs &>> 16 & 0x0000_FFFF_0000_FFFF) &* 100
        return UInt32(truncatingIfNeeded: fours) &+ UInt32(truncatingIfNeeded: fours &>> 32) &* 10_000
    }
}

/// The texts behind the codes of one column in one partition.
public struct IdTexts: Sendable {
    private let spellings: ContiguousArray<UInt64>
    private let table: IdTable

    public init(_ spellings: IdSpellings, table: IdTable) {
        self.spellings = spellings.all
        self.table = table
    }

    /// The text of an id; for output only, because it allocates.
    public func string(_ code: UInt32) -> String {
        if code & IdCode.tableMark != 0 { return table.string(code & ~IdCode.tableMark) }
        return String(decoding: IdCode.key(code, spellings).bytes(in: []), as: UTF8.self)
    }

    /// Whether one id's bytes sort before another's.
    ///
    /// - Complexity: O(1) for ids of one spelling.
    public func precedes(_ lhs: UInt32, _ rhs: UInt32) -> Bool {
        if (lhs | rhs) & IdCode.tableMark == 0 {
            if lhs &>> IdCode.digitBits == rhs &>> IdCode.digitBits { return lhs < rhs }
            return IdCode.key(lhs, spellings).precedes(IdCode.key(rhs, spellings))
        }
        return string(lhs).utf8.lexicographicallyPrecedes(string(rhs).utf8)
    }
}
