import Mustache

/// Writes a page as one self-contained HTML file that needs no network and no script.
public enum HTMLRenderer {
    /// The page as HTML, every value escaped.
    public static func render(_ page: CardPage) -> String { template.render(context(page)) }

    private static let template: MustacheTemplate = {
        MustacheContentTypes.register(MarkupText(), named: "CARDS")
        do {
            return try MustacheTemplate(string: HTMLTemplate.text)
        } catch {
            preconditionFailure("the template of the pages cannot be read: \(error)")
        }
    }()

    private static func context(_ page: CardPage) -> [String: Any] {
        [
            "style": HTMLTemplate.style, "title": page.title, "lead": page.lead,
            "hasLinks": !page.links.isEmpty,
            "links": page.links.map { ["text": $0.text, "address": $0.address] },
            "header": page.header.map { ["label": $0.label, "values": $0.values] as [String: Any] },
            "sections": page.sections.enumerated().map { number, section in
                [
                    "id": "s\(number + 1)", "title": section.title, "blocks": section.blocks.map(context),
                ] as [String: Any]
            },
        ]
    }

    private static func context(_ block: CardPage.Block) -> [String: Any] {
        switch block {
        case .heading(let text): ["heading": ["text": text]]
        case .sentences(let sentences): ["sentences": sentences]
        case .table(let table): ["table": context(table)]
        }
    }

    private static func context(_ table: PageTable) -> [String: Any] {
        [
            "caption": table.caption,
            "columns": table.columns.map { ["name": $0.name, "class": $0.isNumber ? " class=\"n\"" : ""] },
            "rows": table.rows.map { row in
                [
                    "head": row.first ?? "",
                    "cells": zip(row, table.columns).dropFirst().map { cell, column in
                        ["text": cell, "class": column.isNumber ? " class=\"n\"" : ""]
                    },
                ] as [String: Any]
            },
        ]
    }
}

/// Escapes text for HTML scalar by scalar.
///
/// The template engine's own escaping goes by `Character`, so that a quotation mark with a combining accent
/// after it would pass.
private struct MarkupText: MustacheContentType {
    func escapeText(_ text: String) -> String { escapedForHTML(text) }
}

/// Text as it stands in HTML, inside elements and attributes.
func escapedForHTML(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "<"): bytes += "&lt;".utf8
        case UInt8(ascii: ">"): bytes += "&gt;".utf8
        case UInt8(ascii: "&"): bytes += "&amp;".utf8
        case UInt8(ascii: "\""): bytes += "&quot;".utf8
        case UInt8(ascii: "'"): bytes += "&#39;".utf8
        default: bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
