import Foundation
import Reports
import ReportsTestSupport
import Testing

@Suite struct CardsJSONTests {
    @Test func theSameReportGivesTheSameBytes() {
        #expect(CardsJSON.document(MadeReport.large().report) == CardsJSON.document(MadeReport.large().report))
    }

    @Test func numbersAreNumbersAndWhatIsAbsentIsLeftOut() {
        let text = CardsJSON.document(MadeReport.small().report)
        #expect(text.contains(#""measure": "in_time", "numerator": 14, "denominator": 20, "value": 70.0}"#))
        #expect(text.contains(#""measure": "late_overseen", "value": ":"}"#))
        #expect(text.contains(#""measure": "met", "numerator": 6, "denominator": 9}"#))
        #expect(!text.contains("null"))
        #expect(!text.contains("known_at"))
    }

    @Test func hostileTextIsQuoted() throws {
        for name in hostileNames + ["\u{0}\u{7F}\\", "\u{2028}"] {
            let text = CardsJSON.document(MadeReport.small(team: name, manager: name).report)
            let document = try parsed(text)
            let exceptions = try #require(document["exceptions"] as? [[String: Any]])
            #expect(exceptions.first?["group_manager"] as? String == name)
        }
    }

    /// A validator of the parts of JSON Schema that our schema uses; the tests' Python has none.
    @Test(arguments: [true, false]) func theDocumentFollowsItsSchema(isLarge: Bool) throws {
        let made = isLarge ? MadeReport.large() : MadeReport.small()
        let schema = try parsed(CardsJSON.schema)
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let validator = SchemaValidator(root: schema)
        #expect(validator.faults(try parsed(CardsJSON.document(made.report)), schema, at: "").isEmpty)
    }

    @Test func theValidatorFindsFaults() throws {
        let schema = try parsed(CardsJSON.schema)
        let validator = SchemaValidator(root: schema)
        let good = CardsJSON.document(MadeReport.small().report)
        for (from, to) in [
            ("\"format\": 1", "\"format\": 2"), ("\"value\": 70.0", "\"value\": \"70.0\""),
            ("\"rank\": 3, ", ""), ("\"trial\"", "\"extra\": 1, \"trial\""), ("2010-11-28", "28/11/2010"),
            ("\"level\": \"team\"", "\"level\": \"street\""),
        ] {
            let bad = try parsed(good.replacing(from, with: to))
            #expect(!validator.faults(bad, schema, at: "").isEmpty, "\(from) to \(to)")
        }
    }

    @Test func exceptionsHaveTheColumnsOfTheFile() throws {
        let columns = Set(Tables.exceptions([]).header.dropLast(10))
        let schema = try parsed(CardsJSON.schema)
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        #expect(Set(try #require(definitions["exception"]?["properties"] as? [String: Any]).keys) == columns)
        let watch = Set(Tables.watch([]).header)
        #expect(Set(try #require(definitions["watch"]?["properties"] as? [String: Any]).keys) == watch)
        let cards = Set(Tables.cards(MadeReport().report).header)
        #expect(Set(try #require(definitions["figure"]?["properties"] as? [String: Any]).keys) == cards)
    }

    private func parsed(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}

/// Checks a document against a schema, as far as ours goes.
struct SchemaValidator {
    let root: [String: Any]

    func faults(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last.map(String.init) {
            let definitions = root["$defs"] as? [String: [String: Any]] ?? [:]
            return definitions[name].map { faults(value, $0, at: place) } ?? ["\(place): no definition \(name)"]
        }
        var found: [String] = []
        if let constant = schema["const"], !isEqual(constant, value) { found.append("\(place): const") }
        if let values = schema["enum"] as? [String], !values.contains(value as? String ?? "") {
            found.append("\(place): enum")
        }
        if let some = schema["anyOf"] as? [[String: Any]],
            !some.contains(where: { faults(value, $0, at: place).isEmpty })
        {
            found.append("\(place): anyOf")
        }
        if let type = schema["type"] as? String, !isOf(type, value) { return found + ["\(place): type"] }
        if let text = value as? String {
            if text.count < schema["minLength"] as? Int ?? 0 { found.append("\(place): minLength") }
            if let pattern = schema["pattern"] as? String, text.range(of: pattern, options: .regularExpression) == nil {
                found.append("\(place): pattern")
            }
        }
        if let number = value as? Int {
            if let least = schema["minimum"] as? Int, number < least { found.append("\(place): minimum") }
            if let most = schema["maximum"] as? Int, number > most { found.append("\(place): maximum") }
        }
        if let items = value as? [Any], let each = schema["items"] as? [String: Any] {
            for (index, item) in items.enumerated() { found += faults(item, each, at: "\(place)/\(index)") }
        }
        if let members = value as? [String: Any], let properties = schema["properties"] as? [String: [String: Any]] {
            for name in schema["required"] as? [String] ?? [] where members[name] == nil {
                found.append("\(place): \(name) is missing")
            }
            for (name, member) in members {
                guard let property = properties[name] else {
                    found.append("\(place): \(name) is not known")
                    continue
                }
                found += faults(member, property, at: "\(place)/\(name)")
            }
        }
        return found
    }

    private func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "string": value is String
        case "integer": value is Int && !isFlag(value)
        case "number": (value is Double || value is Int) && !isFlag(value)
        case "boolean": isFlag(value)
        case "array": value is [Any]
        case "object": value is [String: Any]
        default: false
        }
    }

    private func isFlag(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
    }

    private func isEqual(_ a: Any, _ b: Any) -> Bool {
        if let a = a as? String, let b = b as? String { return a == b }
        if let a = a as? Int, let b = b as? Int { return a == b }
        return false
    }
}
