import CExpat
import Glibc

/// What an ``XMLReader`` finds.
public protocol XMLVisitor: AnyObject {
    /// An element begins.
    ///
    /// Its name is one of the reader's, by its place among them.
    func begin(_ element: Int, _ attributes: XMLAttributes)
    /// An element ends; the text is what stood in it after the end of the last element inside it, cut off
    /// where it is longer than 4,096 bytes.
    func end(_ element: Int, text: borrowing [UInt8])
}

/// The attributes of an element, readable while it begins.
public struct XMLAttributes {
    fileprivate let pointers: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?

    /// The value of an attribute, whatever the prefix of its name; `nil` where it is not there.
    public subscript(name: StaticString) -> String? { bytes(name).map { String(cString: $0) } }

    /// The value of an attribute as bytes that end with a zero; `nil` where it is not there.
    ///
    /// They are there until the element's beginning has been told of.
    ///
    /// - Complexity: O(attributes of the element).
    public func bytes(_ name: StaticString) -> UnsafePointer<CChar>? {
        guard let pointers else { return nil }
        var index = 0
        while let key = pointers[index], let value = pointers[index + 1] {
            if XMLReader.isLocal(key, name) { return value }
            index += 2
        }
        return nil
    }
}

/// Reads XML front to back, and tells a visitor of the elements it knows by name.
///
/// Nothing is kept of elements whose names the visitor did not give: their text never leaves the parser.
/// Namespaces are not looked at, only the names after a prefix. A document type declaration is refused, and
/// with it entities of any kind.
public final class XMLReader {
    private let parser: XML_Parser
    private let names: [(bytes: UnsafePointer<UInt8>, count: Int)]
    private unowned let visitor: any XMLVisitor
    // The parser calls back from one place alone, so that no two accesses can overlap.
    /// The places of the names of the elements that are open; -1 for unknown ones.
    @exclusivity(unchecked) private var open: [Int] = []
    @exclusivity(unchecked) private var text: [UInt8] = []
    @exclusivity(unchecked) private var problem: StructuredTextError?
    /// Bytes fed since the parser last found something.
    @exclusivity(unchecked) private var silence = 0

    /// Creates a reader that tells of the elements with these names, without prefixes.
    public init(names: [StaticString], visitor: any XMLVisitor) {
        guard let parser = XML_ParserCreate(nil) else { preconditionFailure("no memory for a parser") }
        self.parser = parser
        self.names = names.map { ($0.utf8Start, $0.utf8CodeUnitCount) }
        self.visitor = visitor
        let me = Unmanaged.passUnretained(self).toOpaque()
        XML_SetUserData(parser, me)
        XML_SetElementHandler(
            parser, { XMLReader.of($0).begin($1, $2) }, { data, _ in XMLReader.of(data).end() })
        XML_SetCharacterDataHandler(parser) { XMLReader.of($0).take($1, Int($2)) }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in XMLReader.of(data).stop(.documentType) }
    }

    deinit { XML_ParserFree(parser) }

    /// Reads the next bytes of the document; the last ones are said to be.
    ///
    /// - Throws: ``StructuredTextError``.
    public func feed(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(StructuredTextError) {
        guard !isStopped else { return }
        silence += bytes.count
        let status = XML_Parse(
            parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), isLast ? 1 : 0)
        if let problem { throw problem }
        guard status == XML_STATUS_OK, !isStopped else {
            if isStopped { return }
            let code = XML_GetErrorCode(parser)
            let isCut =
                isLast
                && (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN
                    || code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION)
            throw StructuredTextError(isCut || (isLast && !open.isEmpty) ? .incomplete : .malformed, line: line)
        }
        guard silence <= StructuredTextLimits.silence + bytes.count else {
            throw StructuredTextError(.tooLong, line: line)
        }
    }

    /// Ends the reading; ``feed(_:isLast:)`` then throws nothing more.
    public func stop() {
        isStopped = true
        XML_StopParser(parser, 0)
    }

    /// Whether ``stop()`` ended the reading.
    @exclusivity(unchecked) public private(set) var isStopped = false

    /// The line that is being read, counted from 1.
    public var line: Int { Int(XML_GetCurrentLineNumber(parser)) }

    private static func of(_ data: UnsafeMutableRawPointer?) -> XMLReader {
        Unmanaged<XMLReader>.fromOpaque(data.unsafelyUnwrapped).takeUnretainedValue()
    }

    private func stop(_ reason: StructuredTextError.Reason) {
        guard problem == nil else { return }
        problem = StructuredTextError(reason, line: line)
        XML_StopParser(parser, 0)
    }

    private func begin(
        _ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard problem == nil, !isStopped, let name else { return }
        silence = 0
        guard open.count < StructuredTextLimits.depth else { return stop(.tooDeep) }
        let place = place(of: name)
        open.append(place)
        text.removeAll(keepingCapacity: true)
        if place >= 0 { visitor.begin(place, XMLAttributes(pointers: attributes)) }
    }

    /// The place of a name, without its prefix, among the known ones; -1 for unknown ones.
    private func place(of name: UnsafePointer<XML_Char>) -> Int {
        var end = name
        var start = name
        while end.pointee != 0 {
            if end.pointee == CChar(bitPattern: UInt8(ascii: ":")) { start = end + 1 }
            end += 1
        }
        let length = end - start
        for (place, known) in names.enumerated() where known.count == length {
            if memcmp(known.bytes, start, length) == 0 { return place }
        }
        return -1
    }

    private func end() {
        guard problem == nil, !isStopped, let place = open.popLast() else { return }
        silence = 0
        if place >= 0 { visitor.end(place, text: text) }
        text.removeAll(keepingCapacity: true)
    }

    private func take(_ characters: UnsafePointer<XML_Char>?, _ count: Int) {
        guard problem == nil, let characters else { return }
        silence = 0
        guard let place = open.last, place >= 0 else { return }
        let room = StructuredTextLimits.text - text.count
        text.append(contentsOf: UnsafeRawBufferPointer(start: characters, count: min(count, room)))
    }

    /// Whether the part of a name after its prefix is another one.
    fileprivate static func isLocal(_ name: UnsafePointer<XML_Char>, _ other: StaticString) -> Bool {
        let count = strlen(name)
        let length = other.utf8CodeUnitCount
        guard count >= length, memcmp(name + (count - length), other.utf8Start, length) == 0 else { return false }
        return count == length || name[count - length - 1] == CChar(bitPattern: UInt8(ascii: ":"))
    }
}
