/// One bar of work in bands, small enough to stand in a row of a table.
///
/// Bands have a letter that stands in their part of the bar, so that nothing is told by colour alone.
public struct BandBar: Hashable, Sendable {
    /// The bands, from the least grave to the gravest; at most six.
    public var bands: [Band]
    /// The count that would fill the whole width, the same for all bars that stand together.
    public var whole: Int

    /// A band with how much is in it.
    public struct Band: Hashable, Sendable {
        /// One letter.
        public var letter: String
        public var words: String
        public var count: Int

        public init(letter: String, words: String, count: Int) {
            self.letter = letter
            self.words = words
            self.count = count
        }
    }

    public init(bands: [Band], whole: Int) {
        self.bands = bands
        self.whole = whole
    }

    private static let width = 150.0
    private static let height = 16.0
    private static let inks: [(fill: String, text: String)] = [
        (Ink.blue, Ink.paper), (Ink.turquoise, Ink.text), (Ink.purple, Ink.text), (Ink.orange, Ink.text),
        (Ink.pink, Ink.paper), (Ink.grey, Ink.paper),
    ]

    /// Draws the bar; a part too narrow for its letter has none, and is named in the description.
    public func chart(title: String) -> Chart {
        var canvas = Canvas(width: Self.width, height: Self.height)
        var x = 0.0
        for (band, ink) in zip(bands, Self.inks) where band.count > 0 {
            let width = Double(band.count) / Double(max(whole, 1)) * Self.width
            canvas.box(x, 1, max(width - 1, 0.8), Self.height - 2, ink.fill)
            if width > 11 { canvas.text(band.letter, x + width / 2 - 0.5, 12, .middle, size: 11, ink: ink.text) }
            x += width
        }
        let words = bands.filter { $0.count > 0 }.map { "\($0.count) \($0.words)" }.joined(separator: ", ")
        return canvas.chart(title: title, description: words.isEmpty ? "None." : words + ".", name: "bar")
    }
}
