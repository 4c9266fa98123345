import Charts
import Mustache

/// The templates and the style sheet that pages are made with: the shipped ones, or a council's own.
///
/// Whatever a template says, values are escaped, and a page asks for nothing over a network.
public struct PageTemplates: Sendable {
    let library: MustacheLibrary
    let style: String

    /// The templates that come with the program.
    public static let shipped: PageTemplates = {
        do {
            return try PageTemplates(page: nil, table: nil, style: nil)
        } catch {
            preconditionFailure("the templates of the pages cannot be read: \(error)")
        }
    }()

    /// A part that a council may write itself.
    public enum Part: String, CaseIterable, Sendable {
        case page, table, style

        /// The name of its file.
        public var file: String { self == .style ? "style.css" : "\(rawValue).mustache" }
    }

    /// What is wrong with a part.
    public struct Problem: Error, Equatable, Sendable {
        public var part: Part
        public var words: String
    }

    /// Takes a council's own parts, and the shipped ones where it has none.
    ///
    /// - Throws: ``Problem`` for a template that cannot be read or would write a value as it is, and a style sheet
    ///   that would end its element or load something.
    public init(page: String?, table: String?, style: String?) throws(Problem) {
        try Self.checkTemplate(page, .page)
        try Self.checkTemplate(table, .table)
        if let style { try Self.checkStyle(style) }
        MustacheContentTypes.register(MarkupText(), named: "CARDS")
        self.style = style ?? HTMLTemplate.style
        library = MustacheLibrary(templates: [
            "page": try Self.template(page ?? HTMLTemplate.text, .page),
            "table": try Self.template(table ?? HTMLTemplate.table, .table),
        ])
    }

    private static func template(_ text: String, _ part: Part) throws(Problem) -> MustacheTemplate {
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE: CARDS}}\n" + text)
        } catch {
            throw Problem(part: part, words: "is not well formed: a tag or section does not end")
        }
    }

    /// Names whose text is ours and may stand in a template unescaped.
    private static let unescaped: Set = ["style", "class", "drawing"]

    /// Refuses what would write a value as it is, and what this program has no use for.
    private static func checkTemplate(_ text: String?, _ part: Part) throws(Problem) {
        guard let text else { return }
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            rest = rest[open.upperBound...]
            let isTriple = rest.first == "{"
            let tag = rest.drop { $0 == "{" || $0 == " " }
            let mark = tag.first
            let name = tag.drop { "&#^/>!% ".contains($0) }.prefix { $0 != "}" && $0 != " " }
            if (isTriple || mark == "&") && !unescaped.contains(String(name)) {
                throw Problem(part: part, words: "writes {{\(name)}} without escaping it; use two braces")
            }
            if mark == ">" && name != "table" {
                throw Problem(part: part, words: "uses the template \(name), and there is only table")
            }
            if mark == "=" || mark == "%" || mark == "<" || mark == "$" {
                throw Problem(
                    part: part, words: "has a tag that begins with \(mark.map(String.init) ?? ""), which is not allowed"
                )
            }
        }
        for word in ["<script", "<iframe", "<object", "<link", "<base"] where text.lowercased().contains(word) {
            throw Problem(part: part, words: "has \(word)>, and pages run and load nothing")
        }
    }

    private static func checkStyle(_ style: String) throws(Problem) {
        for word in ["</", "@import", "url("] where style.lowercased().contains(word) {
            throw Problem(part: .style, words: "has \(word), and pages load nothing")
        }
    }
}

/// Escapes text for HTML scalar by scalar.
///
/// The template engine's own escaping goes by `Character`, so that a quotation mark with a combining accent
/// after it would pass.
private struct MarkupText: MustacheContentType {
    func escapeText(_ text: String) -> String { escapedForMarkup(text) }
}
