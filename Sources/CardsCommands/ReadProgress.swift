import Synchronization

/// Shows on a terminal how far the reading has come, for anything that takes longer than a second.
final class ReadProgress: Sendable {
    private struct State {
        var drawnAt: ContinuousClock.Instant?
        var width = 0
    }

    private let began = ContinuousClock.now
    private let state = Mutex(State())

    /// Draws the line, at most ten times a second.
    ///
    /// - Parameters:
    ///   - bytes: How many bytes of the file have been read.
    ///   - total: How many it has.
    ///   - rows: How many rows that was.
    func show(_ bytes: Int, _ total: Int, _ rows: Int) {
        let now = ContinuousClock.now
        guard began.duration(to: now) > .seconds(1) else { return }
        state.withLock { state in
            if let last = state.drawnAt, last.duration(to: now) < .milliseconds(100) { return }
            state.drawnAt = now
            let line = Self.line(bytes, total, rows, after: began.duration(to: now))
            let padding = String(repeating: " ", count: max(state.width - line.utf8.count, 0))
            Console.draw("\r" + line + padding)
            state.width = line.utf8.count
        }
    }

    /// Takes the line away again.
    func erase() {
        state.withLock { state in
            guard state.width > 0 else { return }
            Console.draw("\r" + String(repeating: " ", count: state.width) + "\r")
            state.width = 0
        }
    }

    /// The line: bytes, rows, rate and the time left.
    static func line(_ bytes: Int, _ total: Int, _ rows: Int, after time: Duration) -> String {
        let seconds = max(Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18, 0.001)
        let rate = Double(bytes) / seconds
        let left = rate > 0 ? Int(Double(max(total - bytes, 0)) / rate + 0.5) : 0
        return "reading \(bytes >> 20) of \(total >> 20) MiB, \(rows) rows, "
            + "\(Int(rate) >> 20) MiB/s, \(left) s left"
    }
}
