public import Foundation

/// The built executable, found beside the test bundle, run in a folder of its own.
public struct Executable {
    /// What a run came to.
    public struct Outcome {
        public var code: Int32
        public var output: String
        public var errors: String
    }

    public let folder: URL

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "cards-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Removes the folder.
    public func clean() { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file into the folder.
    public func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    public func text(of name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    /// Runs the executable and waits for it.
    ///
    /// - Parameters:
    ///   - arguments: Its arguments.
    ///   - output: Where its standard output goes; a file of the folder where none is given.
    /// - Returns: Its exit code and what it printed.
    /// - Throws: Where it cannot be run at all.
    public func run(_ arguments: [String], output: String? = nil) throws -> Outcome {
        try run(Self.location, arguments, output)
    }

    private func run(_ program: URL, _ arguments: [String], _ output: String?) throws -> Outcome {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["COLUMNS": "80", "PATH": "/usr/bin:/bin"]
        let (out, err) = (
            output.map { URL(filePath: $0) } ?? folder.appending(path: ".out"), folder.appending(path: ".err")
        )
        if output == nil { try Data().write(to: out) }
        try Data().write(to: err)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus,
            output: output == nil ? try String(contentsOf: out, encoding: .utf8) : "",
            errors: try String(contentsOf: err, encoding: .utf8))
    }

    /// Runs a command of the shell with the clock turned to a time.
    public func run(_ command: String, at time: String) throws -> Outcome {
        try run(URL(filePath: "/usr/bin/faketime"), [time, "/bin/sh", "-c", command], nil)
    }

    /// Where the executable is: in the folder of the running test bundle.
    public static var path: String { location.path }

    private static var location: URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        // `make test` runs the one that users run.
        if let named = ProcessInfo.processInfo.environment["CARDS_EXECUTABLE"] { return URL(filePath: named) }
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "cards")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "cards")
    }
}
