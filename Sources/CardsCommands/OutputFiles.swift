import Glibc

/// Refuses to write over what a run reads, and to write two outputs to one place.
///
/// Files are compared by what they are and not by how they are written, so that a link, a hard link
/// or a `./` does not lead round the check.
enum OutputFiles {
    /// A file to be written, and the option that names it.
    typealias Output = (option: String, path: String)

    /// Looks at files before anything is written.
    ///
    /// - Parameters:
    ///   - outputs: The files to be written.
    ///   - inputs: Everything the run reads.
    /// - Throws: ``CommandError`` where two of them are the same.
    static func check(_ outputs: [Output], inputs: [String]) throws {
        let read = Set(inputs.compactMap(Identity.init))
        var written: [Identity: String] = [:]
        for output in outputs {
            // A file is written beside its place under the second name first.
            for path in [output.path, PrivateFile.partial(output.path)] {
                guard let identity = Identity(path) else { continue }
                guard !read.contains(identity) else {
                    throw CommandError(
                        .outputIsInput, "\(path): \(output.option) would overwrite a file that this run reads",
                        hint: "give another name with \(output.option)")
                }
                if let other = written.updateValue(output.option, forKey: identity), other != output.option {
                    throw CommandError(
                        .sameOutput, "\(path): \(other) and \(output.option) would overwrite one another",
                        hint: "give them different names")
                }
            }
        }
    }

    /// Looks for inputs in a folder that is about to be replaced.
    ///
    /// - Throws: ``CommandError`` where there is one.
    static func checkFolder(_ folder: String, option: String, inputs: [String]) throws {
        guard let folder = resolved(folder) else { return }
        for input in inputs where resolved(input)?.hasPrefix(folder + "/") == true {
            throw CommandError(
                .outputIsInput, "\(input): \(option) would replace the set that holds this file, which this run reads",
                hint: "copy the file out of the set and read the copy")
        }
    }

    /// Refuses a folder whose sets `cards nightly` publishes: they are answered, and stay as they were.
    ///
    /// - Throws: ``CommandError`` where it has been there.
    static func checkNights(_ folder: String) throws {
        guard TextFile.exists("\(folder)/\(NightlyReport.file)") else { return }
        throw CommandError(
            .folderOfNights, "\(folder): the sets of this folder are those that `cards nightly` published",
            hint: "give another folder with --out; only sets made with --publish may go here")
    }

    /// Refuses to write a copy where something else would be lost.
    ///
    /// - Parameters:
    ///   - path: The file to be written.
    ///   - out: The folders of published sets.
    ///   - isEarlier: Whether a file is an earlier copy, which may be replaced.
    /// - Throws: ``CommandError``.
    static func checkCopy(_ path: String, out: [String?], isEarlier: (String) throws -> Bool) throws {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard let place = resolved(folder) else {
            throw CommandError(
                .noFolder, "\(path): there is no such folder", hint: "give another place")
        }
        for out in out.compactMap({ $0.flatMap(resolved) }) where "\(place)/".hasPrefix("\(out)/") {
            throw CommandError(
                .folderOfNights, "\(path): this lies in the folder of the published sets",
                hint: "give a place outside it with --to")
        }
        guard TextFile.exists(path), try !isEarlier(path) else { return }
        throw CommandError(
            .fileExists, "\(path): what is there is no earlier copy",
            hint: "give another name with --to, or move it away")
    }

    /// A path without links, where there is something.
    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// What a path leads to: a file that is there, or a name in a folder.
    private struct Identity: Hashable {
        var device: dev_t
        var file: ino_t
        /// The name of a file that is not there yet; empty for one that is.
        var name = ""

        /// - Returns: `nil` where the folder is not there either.
        init?(_ path: String) {
            var status = stat()
            if stat(path, &status) == 0 {
                (device, file) = (status.st_dev, status.st_ino)
                return
            }
            let slash = path.lastIndex(of: "/")
            let folder = slash.map { String(path[...$0]) } ?? "."
            guard stat(folder, &status) == 0 else { return nil }
            (device, file) = (status.st_dev, status.st_ino)
            name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
        }
    }
}
