/// The template of every page and its style sheet.
enum HTMLTemplate {
    /// Three braces stand only round text of our own: the style sheet and the class of a number.
    static let text = """
        {{% CONTENT_TYPE: CARDS}}
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
        <body>
        <main>
        <h1>{{title}}</h1>
        {{#lead}}
        <p>{{.}}</p>
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
        <dl>
        {{#header}}
        <dt>{{label}}</dt>
        {{#values}}
        <dd>{{.}}</dd>
        {{/values}}
        {{/header}}
        </dl>
        {{#sections}}
        <section aria-labelledby="{{id}}">
        <h2 id="{{id}}">{{title}}</h2>
        {{#blocks}}
        {{#heading}}
        <h3>{{text}}</h3>
        {{/heading}}
        {{#sentences}}
        <p>{{.}}</p>
        {{/sentences}}
        {{#table}}
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
        <tr>
        <th scope="row">{{head}}</th>
        {{#cells}}
        <td{{{class}}}>{{text}}</td>
        {{/cells}}
        </tr>
        {{/rows}}
        </tbody>
        </table>
        </div>
        {{/table}}
        {{/blocks}}
        </section>
        {{/sections}}
        </main>
        </body>
        </html>

        """

    static let style = """
        html { font: 16px/1.5 Arial, Helvetica, sans-serif; color: #0b0c0c; background: #ffffff; }
        body { margin: 0 auto; max-width: 75rem; padding: 1rem; }
        h1 { font-size: 2rem; line-height: 1.2; }
        h2 { font-size: 1.5rem; margin-top: 2.5rem; border-bottom: 2px solid #3d3d3d; }
        h3 { font-size: 1.2rem; margin-top: 2rem; }
        h1, h2, h3, th, td, dd { overflow-wrap: anywhere; }
        a { color: #12436d; display: inline-block; min-height: 24px; }
        a:focus, .scroll:focus { outline: 3px solid #f46a25; outline-offset: 2px; }
        dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: 0 1rem; }
        dt { grid-column: 1; font-weight: bold; }
        dd { grid-column: 2; margin: 0; }
        .scroll { overflow-x: auto; margin: 1rem 0 1.5rem; }
        table { border-collapse: collapse; }
        caption { text-align: left; font-weight: bold; padding-bottom: 0.5rem; }
        th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #767676; }
        thead th { border-bottom: 2px solid #0b0c0c; overflow-wrap: normal; }
        tbody th { font-weight: normal; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        @page { size: A4; margin: 15mm; }
        @media print {
          html { font-size: 11pt; }
          body { max-width: none; padding: 0; }
          nav { display: none; }
          .scroll { overflow: visible; }
          thead { display: table-header-group; }
          tr, caption { break-inside: avoid; }
          h1, h2, h3, caption { break-after: avoid; }
        }
        """
}
