import CardsTestSupport
import Foundation

/// A Python script of the tests, run in `.venv-test`, which `scripts/venv.sh` makes where it is not there.
public struct PythonScript {
    public let output: String
    public let status: Int32

    /// Runs a script of the package with arguments and waits for it.
    public init(_ script: String, _ arguments: [String]) throws {
        let root = packageRoot()
        let python = root.appending(path: ".venv-test/bin/python")
        if !FileManager.default.isExecutableFile(atPath: python.path) {
            _ = try Self.run(root.appending(path: "scripts/venv.sh"), [], in: root)
        }
        (output, status) = try Self.run(python, [root.appending(path: script).path] + arguments, in: root)
    }

    private static func run(_ program: URL, _ arguments: [String], in folder: URL) throws -> (String, Int32) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }
}
