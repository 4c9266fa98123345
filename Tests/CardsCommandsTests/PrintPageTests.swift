import EngineTestSupport
import Foundation
import Testing

@testable import CardsCommands

@Suite struct PrintPageTests {
    /// The codes of errors that are tested here, as they depend on what is installed.
    static let codes: [CommandError.Code] = [.noPrinter, .notPrinted]

    private func page(in scratch: Scratch) throws -> String {
        try scratch.write(
            Array("<!DOCTYPE html><html lang=\"en-GB\"><title>A page</title><p>Nobody waits.</p></html>".utf8),
            named: "a page #1.html")
    }

    @Test func withoutAPrinterTheMessageSaysWhatToInstall() throws {
        let error = #expect(throws: CommandError.self) { try PagePrinter.found(in: "/nowhere:") }
        #expect(error?.code == .noPrinter && error?.code.exit.rawValue == 78)
        #expect(error?.hint == "install chromium-headless-shell or weasyprint, or print the page from a browser")
    }

    @Test func aPrinterThatFailsLeavesWhatWasThere() throws {
        let scratch = try Scratch()
        let page = try page(in: scratch)
        let target = String(page.dropLast(5)) + ".pdf"
        try Data("old".utf8).write(to: URL(filePath: target))
        for (name, script) in [("chromium", "exit 3"), ("weasyprint", "exit 0"), ("google-chrome", "kill -9 $$")] {
            let folder = scratch.folder.appending(path: "bin-\(name)").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            let program = "\(folder)/\(name)"
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            let printer = try PagePrinter.found(in: "/nowhere:\(folder)")
            #expect(printer.program == program)
            let error = #expect(throws: CommandError.self) { try printer.print(page, to: target) }
            #expect(error?.code == .notPrinted, "\(name)")
            #expect(try Data(contentsOf: URL(filePath: target)) == Data("old".utf8))
            #expect(!FileManager.default.fileExists(atPath: target + ".partial"))
        }
    }

    @Test func aPageIsPrintedForItsOwnerAlone() throws {
        let scratch = try Scratch()
        let page = try page(in: scratch)
        #expect(CardsCommand.run(["pdf", page, "--quiet"]) == 0)
        let target = String(page.dropLast(5)) + ".pdf"
        #expect(try Data(contentsOf: URL(filePath: target)).starts(with: Data("%PDF-".utf8)))
        let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
