import CardsTestSupport
import Foundation
import Settings
import WorkingCalendar

/// Reads a date written in a test; a bad literal is a programming error.
// swift-format-ignore: NeverForceUnwrap
func date(_ text: String) -> CivilDate { CivilDate(text)! }

/// The text of a file under `Fixtures`.
func fixture(_ path: String) throws -> String {
    try String(contentsOf: packageRoot().appending(path: "Fixtures/\(path)"), encoding: .utf8)
}

/// The error that `body` throws, or `nil`.
func settingsError(_ body: () throws -> Void) -> SettingsError? {
    do {
        try body()
        return nil
    } catch {
        return error as? SettingsError
    }
}
