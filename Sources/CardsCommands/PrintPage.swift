import ArgumentParser
import Glibc

/// `cards pdf`: prints pages of a set to PDF with a program that is installed.
struct PrintPage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pdf", abstract: "Print pages of a set to PDF, each beside itself.",
        discussion: """
            Uses the first of these that is installed: chromium-headless-shell, chromium, google-chrome, weasyprint. \
            Pages ask for nothing over a network, and the program is told not to. An older PDF of a page is replaced.

            Examples:
              cards pdf out/2010-W50/manager-group-manager-a-e92a8c/index.html
              cards pdf out/2010-W50/*/card.html
            """)

    @Argument(help: "The pages, files that end in .html.", completion: .file(extensions: ["html"]))
    var page: [String]

    @Flag(help: "Say nothing on standard error but errors.")
    var quiet = false

    func validate() throws {
        if page.contains(where: { !$0.hasSuffix(".html") }) { throw Misuse.notAPage.error() }
    }

    func run() throws {
        let printer = try PagePrinter.found(in: getenv("PATH").map { String(cString: $0) } ?? "")
        for page in page {
            guard TextFile.exists(page) else {
                throw CommandError(.missingFile, "\(page): the page is not there", hint: "check the path")
            }
            let target = page.dropLast(".html".count) + ".pdf"
            try printer.print(page, to: String(target))
            if !quiet { Console.note("printed: \(target)") }
        }
    }
}

/// An installed program that turns a page into PDF.
struct PagePrinter {
    let program: String

    private static let names = ["chromium-headless-shell", "chromium", "google-chrome", "weasyprint"]

    /// The first program that is there, in folders with colons between them.
    static func found(in path: String) throws -> PagePrinter {
        for name in names {
            for folder in path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 {
                return PagePrinter(program: "\(folder)/\(name)")
            }
        }
        throw CommandError(
            .noPrinter, "no program that prints pages to PDF is installed",
            hint: "install chromium-headless-shell or weasyprint, or print the page from a browser")
    }

    /// Prints a page into a file for its owner alone; an older one stays until the new one is whole.
    func print(_ page: String, to target: String) throws {
        guard let real = realpath(page, nil) else { throw PrivateFile.problem(page) }
        defer { free(real) }
        let source = String(cString: real)
        let partial = PrivateFile.partial(target)
        // The profile of the program, beside the page, where nobody else may look.
        let folder = partial + ".profile"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw PrivateFile.problem(target) }
        defer { _ = Self.run("/bin/rm", ["-rf", folder]) }
        unlink(partial)
        // Made before the program writes into it, so that nobody else can ever read it.
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PrivateFile.problem(target) }
        close(file)
        defer { unlink(partial) }
        let isWeasy = program.hasSuffix("weasyprint")
        let arguments =
            isWeasy
            ? ["--base-url", folder, source, partial]
            : [
                "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
                "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder)", "--print-to-pdf=\(partial)",
            ] + (geteuid() == 0 ? ["--no-sandbox"] : []) + ["file://\(Self.escaped(source))"]
        guard Self.run(program, arguments) == 0, TextFile.size(partial) > 0, chmod(partial, 0o600) == 0 else {
            throw CommandError(
                .notPrinted, "\(page): \(program) could not print the page",
                hint: "try the page in a browser; nothing was written")
        }
        guard rename(partial, target) == 0 else { throw PrivateFile.problem(target) }
    }

    /// A path as a file address.
    private static func escaped(_ path: String) -> String {
        path.utf8.map { byte in
            let isPlain =
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "/-_.".utf8.contains(byte)
            let digits = String(byte, radix: 16)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    /// Runs a program without input or output, and returns its exit code; -1 where it did not end by itself.
    private static func run(_ program: String, _ arguments: [String]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
        }
        var texts: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { texts.forEach { free($0) } }
        var child: pid_t = 0
        guard posix_spawn(&child, program, &actions, nil, &texts, environ) == 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return -1 } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }
}
