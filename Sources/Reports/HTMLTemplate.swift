/// The template of every page and its style sheet.
enum HTMLTemplate {
    /// Three braces stand only round text of our own: the style sheet, the class of a cell, and drawings, whose
    /// texts are escaped as they are drawn.
    static let text = """
        <!DOCTYPE html>
        <html lang="en-GB">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>{{title}}</title>
        <style>
        {{{style}}}
        </style>
        </head>
        <body class="{{paper}}">
        <main>
        <h1>{{title}}</h1>
        {{#headline}}
        <p class="headline">{{text}}</p>
        {{/headline}}
        {{#lead}}
        <p class="lead">{{.}}</p>
        {{/lead}}
        {{#hasLinks}}
        <nav aria-label="Other pages">
        <ul>
        {{#links}}
        <li><a href="{{address}}">{{text}}</a></li>
        {{/links}}
        </ul>
        </nav>
        {{/hasLinks}}
        {{#sections}}
        <section aria-labelledby="{{id}}"{{{class}}}>
        <h2 id="{{id}}">{{title}}</h2>
        {{#blocks}}
        {{#heading}}
        <h3>{{text}}</h3>
        {{/heading}}
        {{#sentences}}
        <p>{{.}}</p>
        {{/sentences}}
        {{#table}}
        {{> table}}
        {{/table}}
        {{#charts}}
        <div class="charts">
        {{#all}}
        <figure>
        <figcaption>{{headline}}</figcaption>
        {{{drawing}}}
        {{#notes}}
        <p>{{.}}</p>
        {{/notes}}
        {{#numbers}}
        <details>
        <summary>The numbers</summary>
        {{> table}}
        </details>
        {{/numbers}}
        </figure>
        {{/all}}
        </div>
        {{/charts}}
        {{/blocks}}
        </section>
        {{/sections}}
        {{#hasHeader}}
        <footer>
        <h2>What this page was made from</h2>
        <dl>
        {{#header}}
        <dt>{{label}}</dt>
        {{#values}}
        <dd>{{.}}</dd>
        {{/values}}
        {{/header}}
        </dl>
        </footer>
        {{/hasHeader}}
        </main>
        </body>
        </html>

        """

    /// A table, in sections and under charts.
    static let table = """
        <div class="scroll" role="region" tabindex="0" aria-label="{{caption}}">
        <table>
        <caption>{{caption}}</caption>
        <thead>
        <tr>
        {{#columns}}
        <th scope="col"{{{class}}}>{{name}}</th>
        {{/columns}}
        </tr>
        </thead>
        <tbody>
        {{#rows}}
        <tr><th scope="row">{{head}}</th>\
        {{#cells}}<td{{{class}}}>{{text}}</td>{{/cells}}\
        {{#picture}}<td class="d">{{{drawing}}}</td>{{/picture}}\
        {{#blank}}<td class="b"></td>{{/blank}}</tr>
        {{/rows}}
        </tbody>
        </table>
        </div>

        """

    static let style = """
        html { font: 16px/1.45 Arial, Helvetica, sans-serif; color: #0b0c0c; background: #ffffff; }
        body { margin: 0 auto; max-width: 78rem; padding: 0.75rem 1rem; }
        h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 0.5rem; }
        h2 { font-size: 1.25rem; margin: 1.5rem 0 0.5rem; border-bottom: 2px solid #3d3d3d; }
        h3 { font-size: 1.1rem; margin: 1.25rem 0 0.5rem; }
        p { margin: 0.25rem 0 0.5rem; max-width: 60rem; }
        h1, h2, h3, dd, p, a, caption, figcaption, th, td { overflow-wrap: anywhere; }
        .headline { font-size: 1.35rem; line-height: 1.3; font-weight: bold; border-left: 6px solid #12436d;
          padding: 0.25rem 0 0.25rem 0.75rem; margin: 0.5rem 0 0.75rem; max-width: none; }
        a { color: #12436d; display: inline-block; min-height: 24px; }
        a:focus, .scroll:focus, summary:focus { outline: 3px solid #f46a25; outline-offset: 2px; }
        nav ul { list-style: none; padding: 0; margin: 0.25rem 0; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
        .scroll { overflow-x: auto; margin: 0.5rem 0 1rem; }
        table { border-collapse: collapse; font-size: 0.95rem; line-height: 1.3; }
        .wide table { width: 100%; }
        caption { text-align: left; font-weight: bold; padding-bottom: 0.35rem; }
        th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.5rem; border-bottom: 1px solid #767676; }
        thead th { border-bottom: 2px solid #0b0c0c; overflow-wrap: normal; vertical-align: bottom; }
        tbody th { font-weight: normal; min-width: 6.5rem; }
        td { min-width: 4rem; }
        .n { text-align: right; font-variant-numeric: tabular-nums; }
        td.n, td.s { white-space: nowrap; min-width: 0; }
        .b { min-width: 9rem; border-left: 1px solid #767676; }
        svg { display: block; max-width: 100%; height: auto; font-family: Arial, Helvetica, sans-serif; }
        .d svg { max-width: none; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0.75rem 1.5rem; }
        figure { margin: 0; }
        figcaption { font-weight: bold; margin-bottom: 0.25rem; }
        summary { min-height: 24px; cursor: pointer; }
        footer h2 { font-size: 1rem; border-bottom-width: 1px; }
        dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0 1rem; font-size: 0.9rem; margin: 0; }
        dt { grid-column: 1; font-weight: bold; }
        dd { grid-column: 2; margin: 0; }
        @page { size: A4; margin: 12mm; }
        @page wide { size: A4 landscape; }
        @page card { margin: 9mm; }
        @media print {
          html { font-size: 10.5pt; }
          body { max-width: none; padding: 0; }
          .wide { page: wide; }
          nav, details { display: none; }
          .scroll { overflow: visible; }
          thead { display: table-header-group; }
          tr, caption, figure { break-inside: avoid; }
          h1, h2, h3, caption, figcaption { break-after: avoid; }
          .sheet { break-before: page; }
          .wide td, .wide tbody th { padding: 0.15rem 0.35rem; }
          .wide table { font-size: 8.5pt; line-height: 1.2; }
          .wide h1 { font-size: 13pt; }
          .wide .headline { font-size: 12pt; margin: 0.25rem 0; }
          .wide h2 { font-size: 11pt; margin: 0.75rem 0 0.25rem; }
          .wide .d svg { width: 42mm; }
          .b { min-width: 45mm; }
          .oneSheet { page: card; font-size: 8pt; line-height: 1.2; }
          .oneSheet h1 { font-size: 13pt; }
          .oneSheet h2 { font-size: 10pt; margin: 1.5mm 0 0.5mm; border-bottom-width: 1px; }
          .oneSheet .headline { font-size: 10pt; margin: 1mm 0; }
          .oneSheet p { margin: 0.3mm 0; max-width: none; }
          .oneSheet .scroll { margin: 0.5mm 0 1mm; }
          .oneSheet table { font-size: 7.5pt; line-height: 1.1; width: 100%; }
          .oneSheet tbody th { min-width: 48mm; }
          .oneSheet .d svg { width: 30mm; }
          .oneSheet th, .oneSheet td { padding: 0.3mm 1mm; }
          .oneSheet caption { display: none; }
          .oneSheet .charts { grid-template-columns: 1fr 1fr; gap: 1mm 6mm; }
          .oneSheet figcaption { margin: 0; }
          .oneSheet dl { display: block; font-size: 6.5pt; line-height: 1.2; margin-top: 1mm; }
          .oneSheet dt, .oneSheet dd { display: inline; }
          .oneSheet dd::after { content: "; "; }
          .oneSheet footer h2 { display: none; }
        }
        """
}
