import Cards
import Foundation
import Reports
import ReportsTestSupport
import Testing

@testable import Publishing

@Suite struct SetContentsTests {
    private func written(
        _ made: MadeReport, _ change: (inout SetOptions) -> Void = { _ in }
    ) throws -> (Scratch, [String: Data]) {
        let scratch = try Scratch()
        var options = SetOptions(version: "0.1.0")
        change(&options)
        let rejected = [["child_id", "event"], ["x"]].map { RejectedSource(header: $0, rows: []) }
        let set = try SetWriter().write(made.report, rejected: rejected, to: scratch.path, options)
        #expect(set.name == "2010-W47")
        return (scratch, try scratch.contents())
    }

    private func folder(_ name: String, _ prefix: String = "manager-") -> String {
        "2010-W47/\(prefix)\(FolderName.slug(name))/"
    }

    @Test func aSetHasItsFiles() throws {
        let (_, contents) = try written(.large()) { $0.hasClocks = true }
        let green = folder("Ms Green")
        let team = green + "team-" + FolderName.slug("Team 1A")
        for name in [
            "latest", "2010-W47/index.html", "2010-W47/run.json", "2010-W47/authority/index.html",
            "2010-W47/authority/index.txt", "2010-W47/authority/cards.csv",
            folder("Looked after", "service-") + "index.html", green + "index.html", green + "index.txt",
            team + ".html", team + ".txt", green + "exceptions.csv", green + "watch.csv", "2010-W47/no-team/index.html",
            "2010-W47/no-team/exceptions.csv", "2010-W47/data/cards.csv", "2010-W47/data/exceptions.csv",
            "2010-W47/data/watch.csv", "2010-W47/data/findings.csv", "2010-W47/data/rejected.csv",
            "2010-W47/data/rejected-2.csv", "2010-W47/data/cards.json", "2010-W47/data/cards.schema.json",
            "2010-W47/data/clocks.csv",
        ] { #expect(contents[name] != nil, "\(name)") }
        #expect(contents["latest"] == Data("2010-W47\n".utf8))
        #expect(!contents.keys.contains { $0.contains("/.") || $0.hasPrefix(".") })
    }

    @Test func eachFolderHoldsItsReadersChildrenOnly() throws {
        let made = MadeReport.large()
        let (_, contents) = try written(made) { $0.restrictedTo = ["Mr Brown"] }
        let all = Set(made.report.exceptions.map(\.child) + made.report.watch.map(\.child))
        var readers: [String: Set<String>] = ["2010-W47/data/": all]
        for name in ["Ms Green", "Mr Brown", "Mx White"] {
            let hidden = made.restricted[name] ?? []
            readers[folder(name)] = (made.children[name] ?? []).union(name == "Mr Brown" ? hidden : [])
        }
        readers["2010-W47/no-team/"] = made.children[""]
        for (name, data) in contents where !name.hasSuffix("/") {
            let text = String(decoding: data, as: UTF8.self)
            let reader = readers.first { name.hasPrefix($0.key) }?.value ?? []
            for child in all where text.contains(child) { #expect(reader.contains(child), "\(child) in \(name)") }
            if reader.isEmpty { #expect(!text.contains("CH-"), "a child in \(name)") }
        }
        for (prefix, children) in readers {
            let text = contents.filter { $0.key.hasPrefix(prefix) && $0.key.hasSuffix("exceptions.csv") }.values
                .map { String(decoding: $0, as: UTF8.self) }.joined()
            for child in children { #expect(text.contains(child), "\(child) is missing in \(prefix)") }
        }
        let green = contents[folder("Ms Green") + "exceptions.csv"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        #expect(green.contains("restricted,restricted,restricted,restricted,restricted"))
        #expect(!green.contains("CH-1A-4"))
        #expect(!green.contains("W-04"))
    }

    @Test func theRunFileNamesNoChildAndNoTime() throws {
        let (scratch, _) = try written(.large())
        let text = try scratch.text("2010-W47/run.json")
        #expect(!text.contains("CH-"))
        #expect(text.contains(#""version": "0.1.0""#))
        #expect(text.contains("\"exceptions\": 20"))
        #expect(!text.contains(":00"))
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    @Test func theSameReportGivesTheSameSet() throws {
        #expect(try written(.large()).1 == written(.large()).1)
    }

    @Test func linksLeadToPagesOfTheSet() throws {
        let (_, contents) = try written(.large())
        for (name, data) in contents where name.hasSuffix(".html") {
            let html = String(decoding: data, as: UTF8.self)
            for part in html.split(separator: "href=\"").dropFirst() {
                let address = String(part.prefix { $0 != "\"" })
                var parts = name.split(separator: "/").dropLast().map(String.init)
                for step in address.split(separator: "/").map(String.init) {
                    if step == ".." { parts.removeLast() } else { parts.append(step) }
                }
                #expect(contents[parts.joined(separator: "/")] != nil, "\(address) in \(name)")
            }
        }
    }

    @Test(arguments: SetFormat.allCases)
    func formatsChooseWhatIsWritten(format: SetFormat) throws {
        let (_, contents) = try written(.large()) { $0.formats = [format] }
        let files = contents.keys.filter { !$0.hasSuffix("/") }
        let endings = Set(files.map { $0.split(separator: ".").last.map(String.init) ?? "" })
        let own = [SetFormat.html: "html", .csv: "csv", .json: "json", .text: "txt", .xlsx: "xlsx"][format] ?? ""
        #expect(endings == Set([own, "json", "latest"]))
    }

    @Test func aTeamOrGroupManagerLimitsThePages() throws {
        let one = try written(.large()) { $0.team = "Team 2B" }.1
        #expect(one[folder("Mr Brown") + "team-" + FolderName.slug("Team 2B") + ".html"] != nil)
        #expect(one[folder("Mr Brown") + "team-" + FolderName.slug("Team 2A") + ".html"] == nil)
        #expect(one[folder("Ms Green")] == nil)
        let all = try written(.large()).1
        #expect(one["2010-W47/data/exceptions.csv"] == all["2010-W47/data/exceptions.csv"])
        let her = try written(.large()) { $0.groupManager = "Ms Green" }.1
        #expect(her[folder("Mr Brown")] == nil)
        #expect(her[folder("Ms Green") + "index.html"] == all[folder("Ms Green") + "index.html"])
    }

    @Test func hostileNamesMakeSafeFolders() throws {
        for name in [
            "../../x", "/etc/passwd", "<script>", "🙂", String(repeating: "a", count: 200), "a\u{202E}b", "", ".", "..",
            "no-team", "data", "a\u{0}b", "-rf", "CON",
        ] {
            let slug = FolderName.slug(name)
            #expect(slug.utf8.count <= FolderName.mostLetters + 7)
            #expect(slug.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) })
            #expect(slug.first != "-")
            guard !name.isEmpty else { continue }
            let (_, contents) = try written(.small(team: name, manager: name))
            #expect(contents.keys.allSatisfy { $0 == "latest" || $0.hasPrefix("2010-W47/") }, "\(name)")
        }
        #expect(FolderName.slug("a b") != FolderName.slug("a-b"))
        let names = (0..<300).map { String(repeating: "\u{3B2}", count: $0) }
        #expect(Set(FolderName.slugs("m-", names).values).count == 300)
    }
}
