//! The report as one HTML page that needs nothing else: no network, no script.

use std::io::{self, Write};

use super::figures::{Figure, Figures};
use super::sections::{self, Section};
use super::{evidence_line, source, words};
use crate::answers::document::{Document, Node};
use crate::rendering::escape;
use crate::rendering::tables::Table;

/// The style sheet. The policy in the page allows this one and nothing else.
const STYLE: &str = "\
body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 Georgia,\"Times New Roman\",serif;color:#1a1a1a;background:#fff}
h1,h2,h3,h4,h5,h6,table,nav,.evidence{font-family:system-ui,-apple-system,\"Segoe UI\",sans-serif}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.6em 0 .5em}
h1{font-size:1.8rem}h2{font-size:1.4rem;border-bottom:1px solid #767676;padding-bottom:.2em}
blockquote{margin:1em 0;padding:.1em 0 .1em 1em;border-left:.25em solid #767676}
blockquote p{margin:.3em 0}
.source,.evidence{color:#444;font-size:.875rem}.source{overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-weight:600;padding:.3em 0}
th,td{border:1px solid #767676;padding:.3em .5em;text-align:left;vertical-align:top}
th{background:#f0f0f0}td.n{text-align:right;font-variant-numeric:tabular-nums}
.swatch{display:inline-block;width:.8em;height:.8em;margin-right:.4em;vertical-align:baseline}
.memo{white-space:pre-line}
figure{margin:1.2em 0}figure svg{display:block;height:auto;max-width:max(100%,42rem)}
figcaption{font:.875rem/1.4 system-ui,-apple-system,\"Segoe UI\",sans-serif;color:#444;padding-top:.3em}
a{color:#0b57a4}
@media print{body{max-width:none;margin:0;font-size:10.5pt}nav{display:none}
blockquote,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}thead{display:table-header-group}.wide{overflow:visible}
figure{break-inside:avoid}figure svg{max-width:100%;height:auto}}
";

/// Writes the whole report as one page.
///
/// # Errors
/// If the writer fails.
pub fn write_html(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let title = escape(&document.title);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"{}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        escape(&document.program)
    )?;
    contents(out, document)?;
    let figures = Figures::of(document);
    for section in Section::of(document) {
        let (id, heading, _) = section.names();
        writeln!(out, "<h2 id=\"{id}\">{heading}</h2>")?;
        write_section(out, (document, &figures), section)?;
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn contents(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out, "<nav aria-label=\"Contents\">\n<ul>")?;
    for (id, _, name) in Section::of(document).map(Section::names) {
        if let Some(name) = name {
            writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>")?;
        }
    }
    writeln!(out, "</ul>\n</nav>")
}

fn write_section(
    out: &mut impl Write,
    (document, figures): (&Document, &Figures),
    section: Section,
) -> io::Result<()> {
    match section {
        Section::Methods => {
            let mut paragraphs = document.methods.iter();
            paragraphs.try_for_each(|paragraph| writeln!(out, "<p>{}</p>", escape(paragraph)))
        }
        Section::Notes => {
            writeln!(out, "<ul>")?;
            for note in &document.notes {
                writeln!(out, "<li>{}</li>", escape(note))?;
            }
            writeln!(out, "</ul>")
        }
        Section::Overview => {
            overview(out, document)?;
            figures.of_all().try_for_each(|figure| write_figure(out, figure))
        }
        Section::Themes => document.nodes.iter().try_for_each(|node| {
            write_node(out, document, node)?;
            figures.of_node(node).try_for_each(|figure| write_figure(out, figure))
        }),
        Section::Candidates => {
            let caption = "Suggested by the program, and not yet accepted or rejected";
            table(out, caption, &sections::candidates(document), (1, &[0, 3]), &plain)
        }
        Section::Memos => document.memos.iter().try_for_each(|memo| {
            writeln!(
                out,
                "<h3>On {}</h3>\n<p class=\"evidence\">{}, {}</p>\n<p class=\"memo\">{}</p>",
                escape(&memo.about),
                escape(&memo.coder),
                escape(memo.day()),
                escape(&memo.text)
            )
        }),
        Section::FurtherQuotes => document.further_by_node().try_for_each(|(node, further)| {
            writeln!(out, "<h3>{}</h3>", escape(&node.path))?;
            quotes(out, document, &further)
        }),
        Section::Codebook => {
            let name =
                |at: usize, path: &str| format!("{}{}", swatch(&document.nodes[at]), escape(path));
            table(out, "Codebook", &sections::codebook(document), (0, &[5, 6]), &name)
        }
        Section::Matrix => {
            let caption = "1 where a participant is quoted under a theme or code";
            let matrix = sections::matrix(document);
            let first = matrix.n_columns() - document.nodes.len();
            let numbers: Vec<usize> = (first..matrix.n_columns()).collect();
            table(out, caption, &matrix, (0, &numbers), &plain)
        }
        Section::Figures => figures.tables().try_for_each(|(figure, cells)| {
            let number = figure.number;
            writeln!(out, "<div id=\"values-{number}\">")?;
            let caption = format!("Figure {number}. {}", figure.caption);
            table(out, &caption, cells, (0, &[]), &plain)?;
            writeln!(out, "</div>")
        }),
        Section::Coreq => {
            let caption = "Items that the data can answer are filled in; the others are for the researchers to complete";
            table(out, caption, &sections::checklist(document), (2, &[0]), &plain)
        }
    }
}

fn write_node(out: &mut impl Write, document: &Document, node: &Node) -> io::Result<()> {
    let level = (node.depth + 3).min(6);
    writeln!(
        out,
        "<h{level} id=\"{kind}-{id}\">{swatch}{name}</h{level}>",
        kind = node.kind,
        id = node.id,
        swatch = swatch(node),
        name = escape(&node.name)
    )?;
    if !node.definition.is_empty() {
        writeln!(out, "<p>{}</p>", escape(&node.definition))?;
    }
    writeln!(out, "<p class=\"evidence\">{}</p>", escape(&evidence_line(node)))?;
    quotes(out, document, &document.chosen(node))
}

fn quotes(out: &mut impl Write, document: &Document, chosen: &[usize]) -> io::Result<()> {
    for &at in chosen {
        let quote = &document.quotes[at];
        writeln!(
            out,
            "<blockquote><p>“{}” <span class=\"source\">{}</span></p></blockquote>",
            escape(&words(quote)),
            escape(&source(quote))
        )?;
    }
    Ok(())
}

/// A coloured square; the name beside it says the same without colour.
fn swatch(node: &Node) -> String {
    node.color.as_ref().map_or_else(String::new, |color| {
        format!("<span class=\"swatch\" style=\"background:{}\"></span>", escape(color))
    })
}

fn overview(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let overview = sections::overview(document, "95 % interval");
    let name = |at: usize, path: &str| {
        let node = &document.nodes[at];
        format!("<a href=\"#{}-{}\">{}</a>", node.kind, node.id, escape(path))
    };
    let caption = "Participants who are quoted, with the 95 % interval (Wilson)";
    table(out, caption, &overview, (0, &[overview.n_columns() - 1]), &name)
}

/// Writes a picture with its caption.
fn write_figure(out: &mut impl Write, figure: &Figure) -> io::Result<()> {
    for (part, picture) in figure.parts.iter().enumerate() {
        // Inside a page a picture needs no name of its language.
        let drawing = picture.svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
        writeln!(out, "<figure><div class=\"wide\">{drawing}</div>")?;
        let (label, caption) = (figure.label(part), escape(&figure.caption));
        write!(out, "<figcaption>{label}. {caption}")?;
        if figure.table.is_some() {
            write!(out, " <a href=\"#values-{}\">The same as a table</a>", figure.number)?;
        }
        writeln!(out, "</figcaption></figure>")?;
    }
    Ok(())
}

/// A cell that is text and nothing else.
fn plain(_: usize, text: &str) -> String {
    escape(text).into_owned()
}

/// Writes a table. The column at `head` names its rows: `name` makes the HTML of a cell there,
/// by its row and its text. Those at `numbers` are numbers.
fn table(
    out: &mut impl Write,
    caption: &str,
    table: &Table,
    (head, numbers): (usize, &[usize]),
    name: &dyn Fn(usize, &str) -> String,
) -> io::Result<()> {
    writeln!(out, "<div class=\"wide\"><table>\n<caption>{}</caption>", escape(caption))?;
    write!(out, "<thead><tr>")?;
    for heading in table.head() {
        write!(out, "<th scope=\"col\">{}</th>", escape(heading))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for (row, cells) in table.body().iter().enumerate() {
        write!(out, "<tr>")?;
        for (at, cell) in cells.iter().enumerate() {
            if at == head {
                write!(out, "<th scope=\"row\">{}</th>", name(row, cell))?;
            } else {
                let class = if numbers.contains(&at) { " class=\"n\"" } else { "" };
                write!(out, "<td{class}>{}</td>", escape(cell))?;
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}
