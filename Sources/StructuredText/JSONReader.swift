import CYajl

/// What a ``JSONReader`` finds.
public protocol JSONVisitor: AnyObject {
    /// An object begins, as the value of a key or in the list of one.
    ///
    /// Keys are places among the reader's names; -1 for others, and outside every object.
    func beginObject(_ key: Int, line: Int)
    func endObject(_ key: Int, line: Int)
    /// A text, number, `true` or `false`, as it is written; `null` is not told of. A text longer than 4,096
    /// bytes is cut off.
    func value(_ key: Int, text: ArraySlice<UInt8>, line: Int)
}

/// Reads JSON front to back, and tells a visitor of the members it knows by name.
///
/// Nothing is kept of other members: their values never leave the parser.
public final class JSONReader {
    private let callbacks: UnsafeMutablePointer<yajl_callbacks>
    private var parser: yajl_handle?
    private let names: [[UInt8]]
    private unowned let visitor: any JSONVisitor
    /// The key of each open object or list, and whether it is an object.
    private var open: [(key: Int, isObject: Bool)] = []
    /// The key whose value comes next.
    private var key = -1
    private var problem: StructuredTextError?
    /// Bytes fed since the parser last found something.
    private var silence = 0
    private var line = 1
    /// The piece that is being read, and how far its lines are counted.
    private var piece = UnsafeRawBufferPointer(start: nil, count: 0)
    private var counted = 0

    /// Creates a reader that tells of the members with these names.
    public init(names: [String], visitor: any JSONVisitor) {
        self.names = names.map { Array($0.utf8) }
        self.visitor = visitor
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: yajl_callbacks())
        callbacks.pointee.yajl_null = { JSONReader.of($0).goOn() }
        callbacks.pointee.yajl_boolean = { JSONReader.of($0).take(Array(($1 != 0 ? "true" : "false").utf8)[...]) }
        callbacks.pointee.yajl_number = { data, text, count in
            JSONReader.of(data).take(JSONReader.bytes(text, count))
        }
        callbacks.pointee.yajl_string = { JSONReader.of($0).take(JSONReader.bytes($1, $2)) }
        callbacks.pointee.yajl_map_key = { JSONReader.of($0).take(key: JSONReader.bytes($1, $2)) }
        callbacks.pointee.yajl_start_map = { JSONReader.of($0).begin(isObject: true) }
        callbacks.pointee.yajl_end_map = { JSONReader.of($0).end() }
        callbacks.pointee.yajl_start_array = { JSONReader.of($0).begin(isObject: false) }
        callbacks.pointee.yajl_end_array = { JSONReader.of($0).end() }
        parser = yajl_alloc(callbacks, nil, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        if let parser { yajl_free(parser) }
        callbacks.deallocate()
    }

    /// Reads the next bytes of the document.
    ///
    /// - Throws: ``StructuredTextError``.
    public func feed(_ bytes: UnsafeRawBufferPointer) throws(StructuredTextError) {
        (piece, counted) = (bytes, 0)
        silence += bytes.count
        let status = yajl_parse(parser, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        countLines(upTo: status == yajl_status_ok ? bytes.count : yajl_get_bytes_consumed(parser))
        piece = UnsafeRawBufferPointer(start: nil, count: 0)
        if let problem { throw problem }
        guard status == yajl_status_ok else { throw StructuredTextError(.malformed, line: line) }
        guard silence <= StructuredTextLimits.silence + bytes.count else {
            throw StructuredTextError(.tooLong, line: line)
        }
    }

    /// Says that there are no more bytes.
    ///
    /// - Throws: ``StructuredTextError`` where the document is not whole.
    public func finish() throws(StructuredTextError) {
        let status = yajl_complete_parse(parser)
        if let problem { throw problem }
        guard status == yajl_status_ok, open.isEmpty else { throw StructuredTextError(.incomplete, line: line) }
    }

    private static func of(_ data: UnsafeMutableRawPointer?) -> JSONReader {
        Unmanaged<JSONReader>.fromOpaque(data.unsafelyUnwrapped).takeUnretainedValue()
    }

    private static func bytes(_ text: UnsafePointer<some FixedWidthInteger>?, _ count: Int) -> ArraySlice<UInt8> {
        ArraySlice(UnsafeRawBufferPointer(start: text, count: count))
    }

    // Each of these says whether the parser should go on: 1 or 0.

    private func goOn() -> Int32 {
        silence = 0
        return 1
    }

    private func stop(_ reason: StructuredTextError.Reason) -> Int32 {
        problem = StructuredTextError(reason, line: currentLine)
        return 0
    }

    private func take(_ text: ArraySlice<UInt8>) -> Int32 {
        guard key >= 0 else { return goOn() }
        visitor.value(key, text: text.prefix(StructuredTextLimits.text), line: currentLine)
        return goOn()
    }

    private func take(key text: ArraySlice<UInt8>) -> Int32 {
        key = names.firstIndex { $0.elementsEqual(text) } ?? -1
        return goOn()
    }

    private func begin(isObject: Bool) -> Int32 {
        guard open.count < StructuredTextLimits.depth else { return stop(.tooDeep) }
        open.append((key, isObject))
        if isObject {
            visitor.beginObject(key, line: currentLine)
            key = -1
        }
        return goOn()
    }

    private func end() -> Int32 {
        guard let last = open.popLast() else { return stop(.malformed) }
        if last.isObject { visitor.endObject(last.key, line: currentLine) }
        // What comes next in a list has the key of the list.
        key = open.last.map { $0.isObject ? -1 : $0.key } ?? -1
        return goOn()
    }

    private var currentLine: Int {
        countLines(upTo: yajl_get_bytes_consumed(parser))
        return line
    }

    private func countLines(upTo place: Int) {
        guard place > counted, place <= piece.count else { return }
        for byte in piece[counted..<place] where byte == UInt8(ascii: "\n") { line += 1 }
        counted = place
    }
}
