/// A drawing that stands in a page as it is: one `<svg>` element that needs no script, font or network.
///
/// The numbers it shows stand in words in ``description``, and in a table beside it on the page.
public struct Chart: Hashable, Sendable {
    /// What the drawing says, as a sentence.
    public var title: String
    /// What is drawn, for somebody who cannot see it.
    public var description: String
    /// The element, with title and description inside; every text in it is escaped.
    public var svg: String
}

/// The colours of the charts, told apart also by people who see few colours.
///
/// They are those the Government Analysis Function recommends for categorical data. No meaning rests on a colour
/// alone: shapes, letters or places say the same, also in grey print.
enum Ink {
    static let blue = "#12436D"
    static let turquoise = "#28A197"
    static let pink = "#801650"
    static let orange = "#F46A25"
    static let grey = "#3D3D3D"
    static let purple = "#A285D1"
    static let text = "#0B0C0C"
    static let paper = "#FFFFFF"
    /// Lines that only help the eye.
    static let faint = "#B1B4B6"
}

/// Collects the parts of a drawing; lengths are CSS pixels at the drawing's own size.
struct Canvas {
    let width: Double
    let height: Double
    private var parts = ""

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ ink: String, width: Double = 1, isDashed: Bool = false
    ) {
        parts += "<path d=\"M\(number(x1)) \(number(y1))L\(number(x2)) \(number(y2))\" stroke=\"\(ink)\""
        parts += " stroke-width=\"\(number(width))\"\(isDashed ? " stroke-dasharray=\"4 3\"" : "")/>"
    }

    /// Draws lines through points, one after the other.
    mutating func path(_ points: [(x: Double, y: Double)], _ ink: String, width: Double) {
        guard points.count > 1 else { return }
        let steps = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(number($1.x)) \(number($1.y))" }.joined()
        parts += "<path d=\"\(steps)\" fill=\"none\" stroke=\"\(ink)\" stroke-width=\"\(number(width))\"/>"
    }

    /// Draws slanted strokes over a box, as many as it is wide.
    mutating func hatch(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        var steps = ""
        var at = x
        while at + 1 <= x + width {
            let right = min(at + height / 2, x + width)
            steps += "M\(number(at)) \(number(y + height))L\(number(right)) \(number(y))"
            at += 3
        }
        if !steps.isEmpty { parts += "<path d=\"\(steps)\" stroke=\"\(Ink.grey)\" stroke-width=\"0.7\"/>" }
    }

    mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: String) {
        guard width > 0, height > 0 else { return }
        parts += "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
        parts += " fill=\"\(ink)\"/>"
    }

    mutating func ring(_ x: Double, _ y: Double, radius: Double, _ ink: String) {
        parts += "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\""
        parts += " fill=\"\(Ink.paper)\" stroke=\"\(ink)\" stroke-width=\"1.5\"/>"
    }

    /// Draws dots as strokes without length, which takes a tenth of the room that circles take.
    mutating func dots(_ points: [(x: Double, y: Double)], radius: Double, _ ink: String) {
        guard !points.isEmpty else { return }
        let steps = points.map { "M\(number($0.x)) \(number($0.y))h0" }.joined()
        parts += "<path d=\"\(steps)\" stroke=\"\(ink)\" stroke-width=\"\(number(2 * radius))\""
        parts += " stroke-linecap=\"round\"/>"
    }

    /// Draws squares that stand on a corner.
    mutating func diamonds(_ points: [(x: Double, y: Double)], radius: Double, _ ink: String) {
        guard !points.isEmpty else { return }
        let side = number(radius)
        let steps = points.map {
            "M\(number($0.x)) \(number($0.y - radius))l\(side) \(side)l-\(side) \(side)l-\(side) -\(side)z"
        }
        parts += "<path d=\"\(steps.joined())\" fill=\"\(ink)\"/>"
    }

    /// Where a text stands against its place.
    enum Anchor: String {
        case start, middle, end
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, size: Double = 12, ink: String = Ink.text,
        isBold: Bool = false
    ) {
        parts += "<text x=\"\(number(x))\" y=\"\(number(y))\" font-size=\"\(number(size))\" fill=\"\(ink)\""
        if anchor != .start { parts += " text-anchor=\"\(anchor.rawValue)\"" }
        parts += "\(isBold ? " font-weight=\"bold\"" : "")>\(escapedForMarkup(text))</text>"
    }

    /// The finished drawing.
    func chart(title: String, description: String, name: String) -> Chart {
        let svg =
            "<svg class=\"\(name)\" role=\"img\" viewBox=\"0 0 \(number(width)) \(number(height))\""
            + " width=\"\(number(width))\" height=\"\(number(height))\">"
            + "<title>\(escapedForMarkup(title))</title><desc>\(escapedForMarkup(description))</desc>\(parts)</svg>"
        return Chart(title: title, description: description, svg: svg)
    }

    /// A number with at most one decimal.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded(.toNearestOrAwayFromZero))
        let sign = tenths < 0 ? "-" : ""
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

}

/// Text as it stands in HTML and SVG, inside elements and attributes.
public func escapedForMarkup(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "<"): bytes += "&lt;".utf8
        case UInt8(ascii: ">"): bytes += "&gt;".utf8
        case UInt8(ascii: "&"): bytes += "&amp;".utf8
        case UInt8(ascii: "\""): bytes += "&quot;".utf8
        case UInt8(ascii: "'"): bytes += "&#39;".utf8
        default: bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
