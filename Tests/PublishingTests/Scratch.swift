import Foundation
import Testing

@testable import Publishing

/// A folder of its own for a test, gone with it.
final class Scratch {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "cards-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Every file below the folder by its path from there, with its bytes; folders end with a slash, links say so.
    func contents() throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? [] {
            let full = path + "/" + name
            let type = try FileManager.default.attributesOfItem(atPath: full)[.type] as? FileAttributeType
            switch type {
            case .typeDirectory?: found[name + "/"] = Data()
            case .typeSymbolicLink?: found[name] = Data("link".utf8)
            default: found[name] = try Data(contentsOf: URL(filePath: full))
            }
        }
        return found
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
    }

    /// Whether a user without rights, a member of one group, can read a file or list a folder; for tests run by root.
    func canRead(_ name: String, as group: gid_t) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/setpriv")
        process.arguments = [
            "--reuid=65534", "--regid=\(group)", "--clear-groups", "test", "-r", path + "/" + name,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    func put(_ text: String, _ name: String) throws {
        let url = URL(filePath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}

/// Remembers the steps of a writer.
final class Steps: @unchecked Sendable {
    private let lock = NSLock()
    private var seen: [SetWriter.Step] = []

    func note(_ step: SetWriter.Step) { lock.withLock { seen.append(step) } }

    var all: [SetWriter.Step] { lock.withLock { seen } }
}
