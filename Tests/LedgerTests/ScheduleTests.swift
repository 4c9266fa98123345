import CardsTestSupport
import Foundation
import Testing

@Suite("Units of the timer")
struct ScheduleTests {
    @Test("systemd finds nothing wrong with the units, and nothing to fear from the service")
    func units() throws {
        let cards = try Executable()
        defer { cards.clean() }
        for name in ["cards-nightly.service", "cards-nightly.timer"] {
            let text = try String(contentsOf: packageRoot().appending(path: "schedule/\(name)"), encoding: .utf8)
            // The program is not installed here.
            try cards.write(text.replacing("/usr/local/bin/cards", with: Executable.path), to: name)
        }
        let folder = cards.folder.path
        let verified = try cards.run(
            "systemd-analyze verify \(folder)/cards-nightly.service \(folder)/cards-nightly.timer", at: "2026-11-27")
        #expect(verified.code == 0 && verified.errors.isEmpty, "\(verified.errors)")
        // Ten is an exposure of 1.0 of 10; unhardened services have 9.6.
        let secure = try cards.run(
            "systemd-analyze security --offline=true --threshold=10 \(folder)/cards-nightly.service", at: "2026-11-27")
        #expect(secure.code == 0, "\(secure.output.suffix(200))\(secure.errors)")
    }
}
