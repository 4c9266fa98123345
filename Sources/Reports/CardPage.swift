public import Charts

/// One page of a card: a title, what it says first, sections, and what it was made from.
///
/// All text on a page is already in plain words and free of characters that would disturb a terminal or
/// turn a line round; renderers only escape and lay out.
public struct CardPage: Hashable, Sendable {
    public var title: String
    /// The one sentence that says what the reader has to do.
    public var headline: String?
    /// Who made the page and what for, before anything else.
    public var lead: [String]
    /// What the page was made from, at its foot.
    public var header: [HeaderLine]
    public var sections: [Section]
    /// Relative links to the pages beside this one.
    public var links: [Link]
    public var paper = Paper.upright

    /// How the page lies when it is printed.
    public enum Paper: String, Sendable {
        case upright, wide
        /// One A4 page, whatever is on it.
        case oneSheet
    }

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
        /// Whether it begins a new sheet when it is printed.
        public var beginsSheet = false

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
        /// Charts side by side.
        case charts([ChartBlock])
    }

    /// A chart under a headline that says what it shows, with its numbers as a table.
    public struct ChartBlock: Hashable, Sendable {
        public var headline: String
        public var chart: Chart
        public var numbers: PageTable
        /// What the chart cannot say by itself, such as a signal.
        public var sentences: [String] = []

        public init(_ headline: String, _ chart: Chart, numbers: PageTable, sentences: [String] = []) {
            self.headline = headline
            self.chart = chart
            self.numbers = numbers
            self.sentences = sentences
        }
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
        title: String, headline: String? = nil, lead: [String] = [], header: [HeaderLine] = [],
        sections: [Section] = [], links: [Link] = []
    ) {
        self.title = title
        self.headline = headline
        self.lead = lead
        self.header = header
        self.sections = sections
        self.links = links
    }

    /// Every table of the page, in order; the numbers of charts among them.
    public var tables: [PageTable] {
        sections.flatMap(\.blocks).flatMap { block -> [PageTable] in
            switch block {
            case .table(let table): [table]
            case .charts(let charts): charts.map(\.numbers)
            case .heading, .sentences: []
            }
        }
    }
}

/// A table on a page, with a caption and named columns.
public struct PageTable: Hashable, Sendable {
    public var caption: String
    public var columns: [Column]
    public var rows: [[String]]
    /// A drawing for each row, in a column of its own after the others, where the table has them.
    public var drawings: Drawings?
    /// The name of a last column that is left empty, to be written in.
    public var blank: String?

    /// A column.
    public struct Column: Hashable, Sendable {
        public var name: String
        public var kind: Kind

        /// How the cells of a column are laid out.
        public enum Kind: Sendable {
            case words
            /// Aligned to the right.
            case number
            /// Never broken into lines, such as dates.
            case short
        }

        public init(_ name: String, _ kind: Kind = .words) {
            self.name = name
            self.kind = kind
        }

        var isNumber: Bool { kind == .number }
    }

    /// A column of drawings; a row may have none.
    public struct Drawings: Hashable, Sendable {
        public var name: String
        public var charts: [Chart?]

        public init(_ name: String, _ charts: [Chart?]) {
            self.name = name
            self.charts = charts
        }
    }

    public init(caption: String, columns: [Column], rows: [[String]], drawings: Drawings? = nil, blank: String? = nil) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
        self.drawings = drawings
        self.blank = blank
    }
}

extension PageTable.Column: ExpressibleByStringLiteral {
    public init(stringLiteral name: String) { self.init(name) }

    public static func number(_ name: String) -> Self { Self(name, .number) }
    static func short(_ name: String) -> Self { Self(name, .short) }
}
