import Charts
import Mustache

/// Writes a page as one self-contained HTML file that needs no network and no script.
public enum HTMLRenderer {
    /// The page as HTML, every value escaped.
    public static func render(_ page: CardPage, _ templates: PageTemplates = .shipped) -> String {
        templates.library.render(context(page, style: templates.style), withTemplate: "page") ?? ""
    }

    private static func context(_ page: CardPage, style: String) -> [String: Any] {
        var context: [String: Any] = [
            "style": style, "paper": page.paper.rawValue, "title": page.title, "lead": page.lead,
            "hasLinks": !page.links.isEmpty,
            "links": page.links.map { ["text": $0.text, "address": $0.address] },
            "hasHeader": !page.header.isEmpty,
            "header": page.header.map { ["label": $0.label, "values": $0.values] as [String: Any] },
            "sections": page.sections.enumerated().map { number, section in
                [
                    "id": "s\(number + 1)", "title": section.title, "blocks": section.blocks.map { Self.context($0) },
                    "class": section.beginsSheet ? " class=\"sheet\"" : "",
                ] as [String: Any]
            },
        ]
        if let headline = page.headline { context["headline"] = ["text": headline] }
        return context
    }

    private static func context(_ block: CardPage.Block) -> [String: Any] {
        switch block {
        case .heading(let text): ["heading": ["text": text]]
        case .sentences(let sentences): ["sentences": sentences]
        case .table(let table): ["table": context(table)]
        case .charts(let charts): ["charts": ["all": charts.map { Self.context($0) }]]
        }
    }

    private static func context(_ block: CardPage.ChartBlock) -> [String: Any] {
        [
            "headline": block.headline, "drawing": block.chart.svg, "notes": block.sentences,
            "numbers": context(block.numbers),
        ]
    }

    private static func context(_ table: PageTable) -> [String: Any] {
        let classes = table.columns.map { column in
            switch column.kind {
            case .words: ""
            case .number: " class=\"n\""
            case .short: " class=\"s\""
            }
        }
        var columns = zip(table.columns, classes).map { ["name": $0.name, "class": $1] }
        if let drawings = table.drawings { columns.append(["name": drawings.name, "class": " class=\"d\""]) }
        if let blank = table.blank { columns.append(["name": blank, "class": " class=\"b\""]) }
        return [
            "caption": table.caption, "columns": columns,
            "rows": table.rows.enumerated().map { index, row in
                var context: [String: Any] = [
                    "head": row.first ?? "",
                    "cells": zip(row, classes).dropFirst().map { ["text": $0, "class": $1] },
                ]
                if let drawings = table.drawings {
                    context["picture"] = ["drawing": drawings.charts[index]?.svg ?? ""]
                }
                if table.blank != nil { context["blank"] = true }
                return context
            },
        ]
    }
}
