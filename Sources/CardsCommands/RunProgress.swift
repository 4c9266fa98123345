import Synchronization

/// Shows on a terminal how far a run has come, for anything that takes longer than a second.
final class RunProgress: Sendable {
    private struct State {
        var drawnAt: ContinuousClock.Instant?
        var width = 0
        var countingSince: ContinuousClock.Instant?
    }

    private let began = ContinuousClock.now
    private let state = Mutex(State())

    /// Shows how much of an export has been read.
    ///
    /// - Parameters:
    ///   - bytes: How many bytes of the file have been read.
    ///   - total: How many it has.
    ///   - rows: How many rows that was.
    func showReading(_ bytes: Int, _ total: Int, _ rows: Int) {
        draw { _, now in Self.line(bytes, total, rows, after: began.duration(to: now)) }
    }

    /// Shows how many of the parts into which the children are divided have been counted.
    func showCounting(_ done: Int, _ total: Int) {
        draw { state, now in
            let since = state.countingSince ?? now
            state.countingSince = since
            return Self.line(done, total, after: since.duration(to: now))
        }
    }

    /// Draws the line, at most ten times a second.
    private func draw(_ line: (inout State, ContinuousClock.Instant) -> String) {
        let now = ContinuousClock.now
        state.withLock { state in
            let line = line(&state, now)
            guard began.duration(to: now) > .seconds(1) else { return }
            if let last = state.drawnAt, last.duration(to: now) < .milliseconds(100) { return }
            state.drawnAt = now
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

    /// The line while reading: bytes, rows, rate and the time left.
    static func line(_ bytes: Int, _ total: Int, _ rows: Int, after time: Duration) -> String {
        let seconds = seconds(time)
        let rate = Double(bytes) / seconds
        let left = rate > 0 ? Int(Double(max(total - bytes, 0)) / rate + 0.5) : 0
        return "reading \(bytes >> 20) of \(total >> 20) MiB, \(rows) rows, "
            + "\(Int(rate) >> 20) MiB/s, \(left) s left"
    }

    /// The line while counting; the first part tells nothing of the time left.
    static func line(_ done: Int, _ total: Int, after time: Duration) -> String {
        let line = "counting the clocks of the children, \(done * 100 / max(total, 1))%"
        guard done > 1 else { return line }
        let left = seconds(time) / Double(done - 1) * Double(total - done)
        return line + ", \(Int(left + 0.5)) s left"
    }

    private static func seconds(_ time: Duration) -> Double {
        max(Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18, 0.001)
    }
}
