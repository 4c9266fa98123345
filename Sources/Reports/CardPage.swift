/// One page of a card: a title, header lines and sections, which every renderer writes in its own way.
///
/// All text on a page is already in plain words and free of characters that would disturb a terminal or
/// turn a line round; renderers only escape and lay out.
public struct CardPage: Hashable, Sendable {
    public var title: String
    /// Who made the page and what for, before anything else.
    public var lead: [String]
    public var header: [HeaderLine]
    public var sections: [Section]
    /// Relative links to the pages beside this one.
    public var links: [Link]

    /// A line of the header: what it is, and one or more values.
    public struct HeaderLine: Hashable, Sendable {
        public var label: String
        public var values: [String]

        public init(_ label: String, _ values: [String]) {
            self.label = label
            self.values = values
        }
    }

    /// A section under a heading of its own.
    public struct Section: Hashable, Sendable {
        public var title: String
        public var blocks: [Block]

        public init(_ title: String, _ blocks: [Block]) {
            self.title = title
            self.blocks = blocks
        }
    }

    /// A part of a section.
    public enum Block: Hashable, Sendable {
        case heading(String)
        case sentences([String])
        case table(PageTable)
    }

    /// A link to another page of the set.
    public struct Link: Hashable, Sendable {
        public var text: String
        /// A relative address made of slugs.
        public var address: String

        public init(_ text: String, to address: String) {
            self.text = PageText.clean(text)
            self.address = address
        }
    }

    public init(
        title: String, lead: [String] = [], header: [HeaderLine] = [], sections: [Section] = [], links: [Link] = []
    ) {
        self.title = title
        self.lead = lead
        self.header = header
        self.sections = sections
        self.links = links
    }

    /// Every table of the page, in order.
    public var tables: [PageTable] {
        sections.flatMap(\.blocks).compactMap { block in
            if case .table(let table) = block { table } else { nil }
        }
    }
}

/// A table on a page, with a caption and named columns.
public struct PageTable: Hashable, Sendable {
    public var caption: String
    public var columns: [Column]
    public var rows: [[String]]

    /// A column; numbers are aligned to the right.
    public struct Column: Hashable, Sendable {
        public var name: String
        public var isNumber: Bool

        public init(_ name: String, isNumber: Bool = false) {
            self.name = name
            self.isNumber = isNumber
        }
    }

    public init(caption: String, columns: [Column], rows: [[String]]) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }
}

extension PageTable.Column: ExpressibleByStringLiteral {
    public init(stringLiteral name: String) { self.init(name) }

    static func number(_ name: String) -> Self { Self(name, isNumber: true) }
}
