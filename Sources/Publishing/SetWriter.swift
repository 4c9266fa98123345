public import Cards
import Columnar
import FoundationEssentials
import Glibc
import WorkingCalendar

/// Writes a set whole or not at all: built in a hidden folder beside its place, then swapped in.
///
/// The set that was there is never deleted first: it is there until the new one has taken its name, and a
/// failure at any step leaves it as it was.
public struct SetWriter: Sendable {
    /// A step of the work, for tests that make one fail.
    package enum Step: Hashable, Sendable {
        case folder(String)
        case file(String)
        case pointer
        case swap
        /// The exchange of an existing set; to fail with `EINVAL` is what some file systems do.
        case exchange
        case pointerSwap
        case removal
    }

    /// The small file beside the sets that says which one is the newest.
    public static let pointer = "latest"

    /// The name of the set that is replaced every night.
    public static let today = "today"

    private let fault: @Sendable (Step) -> Int32?

    public init() { fault = { _ in nil } }

    /// A writer whose steps fail with the error number that `fault` returns.
    package init(fault: @escaping @Sendable (Step) -> Int32?) { self.fault = fault }

    /// Writes the set of a report into a folder of sets.
    ///
    /// - Parameters:
    ///   - report: The report, with its clocks where `options` ask for them.
    ///   - rejected: For each export, in the order of the report's sources, the rows that could not be used.
    ///   - out: The folder of sets; made where it is missing.
    ///   - options: What the set is to hold and who may read it.
    /// - Returns: The name the set was given.
    /// - Throws: ``PublishingError``, with what was there left as it was.
    public func write(
        _ report: WeeklyReport, rejected: [RejectedSource], to out: String, _ options: SetOptions
    ) throws(PublishingError) -> WrittenSet {
        let folders =
            options.isForPublication
            ? ReleaseContents(report, options).folders() : try SetContents(report, rejected, options).folders()
        let access = try SetAccess(options.groups)
        let sets = try Folder.made(at: out, access.root)
        let name = options.name ?? "\(report.header.week)"
        let place = try sets.kind(name)
        if place == .link { throw PublishingError(.symbolicLink, path: path(out, name)) }
        if place == .other { throw PublishingError(.notAFolder, path: path(out, name)) }
        // The set that was there is removed in the end, so it must be one of ours.
        if place == .folder, try sets.opened(name).kind(RunFile.name) != .other {
            throw PublishingError(.notASet, path: path(out, name))
        }
        if options.isForPublication, place == .folder { try checkSame(folders, at: path(out, name)) }
        Leftovers.remove(from: sets)

        let (hidden, build) = try makeHidden(name, in: sets, access)
        let pointer = options.name == nil ? Leftovers.name(Self.pointer) : nil
        var swapped: Swapped?
        do {
            try fill(build, folders, access, cores: options.cores)
            let final = try swap(hidden, to: name, in: sets, out, pointer, access, &swapped)
            if let pointer {
                try check(.pointerSwap, path(out, Self.pointer))
                try sets.rename(pointer, Self.pointer)
            }
            try? sets.sync()
            let isGone = fault(.removal) == nil && (swapped != .exchanged || sets.remove(hidden))
            return WrittenSet(name: final, path: path(out, final), leftover: isGone ? nil : path(out, hidden))
        } catch {
            if let pointer { sets.remove(pointer) }
            // Where the exchange cannot be undone, the hidden folder holds the old set and is kept.
            if swapped?.undo(hidden, name, in: sets) ?? true { sets.remove(hidden) }
            throw error
        }
    }

    /// Makes sure that a week is published once: from two sets of it that differ, small numbers can be worked out.
    private func checkSame(_ folders: [SetContents.PlannedFolder], at set: String) throws(PublishingError) {
        let new = folders.lazy.flatMap(\.files).first { $0.name == RunFile.name }?.content()
        let old = try? String(contentsOfFile: path(set, RunFile.name), encoding: .utf8)
        guard case .text(let new)? = new, let old, RunFile.haveSameFigures(old, new) else {
            throw PublishingError(.publishedBefore, path: set)
        }
    }

    private func path(_ out: String, _ name: String) -> String { out.hasSuffix("/") ? out + name : "\(out)/\(name)" }

    private func check(_ step: Step, _ path: String) throws(PublishingError) {
        if let number = fault(step) { throw PublishingError(number: number, path: path) }
    }

    // MARK: Building

    private func makeHidden(
        _ name: String, in sets: Folder, _ access: SetAccess
    ) throws(PublishingError) -> (name: String, folder: Folder) {
        for number in 1...9 {
            let hidden = Leftovers.name(name) + (number == 1 ? "" : ".\(number)")
            try check(.folder(""), path(sets.path, hidden))
            guard let folder = try sets.makeFolder(hidden, access.root) else { continue }
            _ = folder.lock()
            return (hidden, folder)
        }
        throw PublishingError(number: EEXIST, path: path(sets.path, name))
    }

    /// How many files' texts are made together, before any of them is written.
    private static let filesAtOnce = 64

    /// Makes the texts of some folders on all cores, writes them, and goes on with the next.
    private func fill(
        _ build: Folder, _ folders: [SetContents.PlannedFolder], _ access: SetAccess, cores: Int
    ) throws(PublishingError) {
        var ahead: ArraySlice<FileContent> = []
        for (number, planned) in folders.enumerated() {
            if ahead.isEmpty {
                var files: [SetContents.PlannedFile] = []
                for folder in folders[number...] where files.isEmpty || files.count < Self.filesAtOnce {
                    files += folder.files
                }
                ahead = concurrentMap(count: files.count, cores: cores) { [files] in files[$0].content() }[...]
            }
            let access = access.of(planned.kind)
            var folder = build
            if !planned.name.isEmpty {
                let place = path(build.path, planned.name)
                try check(.folder(planned.name), place)
                guard let made = try build.makeFolder(planned.name, access) else {
                    throw PublishingError(number: EEXIST, path: place)
                }
                folder = made
            }
            let contents = ahead.prefix(planned.files.count)
            ahead = ahead.dropFirst(planned.files.count)
            for (file, content) in zip(planned.files, contents) {
                let name = planned.name.isEmpty ? file.name : "\(planned.name)/\(file.name)"
                try check(.file(name), path(build.path, name))
                switch content {
                case .text(let text): try folder.write(file.name, text, access)
                case .bytes(let bytes): try folder.write(file.name, bytes: bytes.span.bytes, access)
                case .missing: throw PublishingError(number: ENOSPC, path: path(build.path, name))
                }
            }
            try folder.sync()
        }
        try build.sync()
    }

    // MARK: Swapping

    /// How a new set came to its name.
    private enum Swapped: Equatable {
        case renamed(String)
        case exchanged

        /// Puts back what was there.
        ///
        /// - Returns: Whether that could be done.
        func undo(_ hidden: String, _ name: String, in sets: Folder) -> Bool {
            switch self {
            case .renamed(let final): sets.renameNew(final, hidden) == 0
            case .exchanged: sets.exchange(hidden, name) == 0
            }
        }
    }

    /// Gives the new set its name.
    ///
    /// - Returns: The name: that of the week, or one with a number where the file system cannot exchange.
    private func swap(
        _ hidden: String, to name: String, in sets: Folder, _ out: String, _ pointer: String?, _ access: SetAccess,
        _ swapped: inout Swapped?
    ) throws(PublishingError) -> String {
        try check(.swap, path(out, name))
        var number = sets.renameNew(hidden, name)
        var final = name
        if number == EEXIST || number == ENOTEMPTY {
            number = fault(.exchange) ?? sets.exchange(hidden, name)
            if number == 0 {
                swapped = .exchanged
            } else if number == EINVAL || number == ENOSYS {
                (final, number) = renamed(hidden, name, in: sets)
            }
        }
        guard number == 0 else { throw PublishingError(number: number, path: path(out, name)) }
        if swapped == nil { swapped = .renamed(final) }
        if let pointer {
            try check(.pointer, path(out, Self.pointer))
            try sets.write(pointer, final + "\n", access.root)
        }
        try sets.sync()
        return final
    }

    /// Takes the first name with a number that is free.
    private func renamed(_ hidden: String, _ name: String, in sets: Folder) -> (String, Int32) {
        for number in 2...9999 {
            let final = "\(name)-\(number)"
            let result = sets.renameNew(hidden, final)
            if result != EEXIST, result != ENOTEMPTY { return (final, result) }
        }
        return (name, EEXIST)
    }
}
