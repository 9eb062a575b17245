//! The report as one HTML page that needs nothing else: no network, no script.

use std::borrow::Cow;
use std::io::{self, Write};

use super::super::chart;
use super::coreq::cell;
use super::{evidence_line, groups_cell, interval_cell, meaning_cell, readable, source, words};
use crate::answers::document::{Document, Node};

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
a{color:#0b57a4}
@media print{body{max-width:none;margin:0;font-size:10.5pt}nav{display:none}
blockquote,tr{break-inside:avoid}h2,h3,h4{break-after:avoid}thead{display:table-header-group}.wide{overflow:visible}}
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
    if document.parts.methods {
        section(out, "methods", "Methods")?;
        for paragraph in &document.methods {
            writeln!(out, "<p>{}</p>", escape(paragraph))?;
        }
    }
    if !document.notes.is_empty() {
        section(out, "notes", "Notes")?;
        writeln!(out, "<ul>")?;
        for note in &document.notes {
            writeln!(out, "<li>{}</li>", escape(note))?;
        }
        writeln!(out, "</ul>")?;
    }
    if !document.nodes.is_empty() {
        section(out, "overview", "Themes at a glance")?;
        overview(out, document)?;
        if document.parts.pictures {
            // Inside a page a picture needs no name of its language.
            let picture = chart::reported(document).svg;
            let picture = picture.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
            writeln!(out, "<div class=\"wide\">{picture}</div>")?;
        }
        section(out, "themes", "Themes and quotes")?;
        for node in &document.nodes {
            write_node(out, document, node)?;
        }
    }
    if !document.candidates.is_empty() {
        section(out, "candidates", "Candidates not decided")?;
        let rows = document.candidates.iter().map(|candidate| {
            vec![
                number(candidate.id),
                text(&candidate.label),
                text(&format!("{} of {}", candidate.prevalence.n, candidate.prevalence.of)),
                number(candidate.n_passages),
            ]
        });
        let caption = "Suggested by the program, and not yet accepted or rejected";
        table(out, caption, &["Number", "Candidate", "Participants", "Passages"], rows, 1)?;
    }
    if !document.memos.is_empty() {
        section(out, "memos", "Memos")?;
        for memo in &document.memos {
            let day = memo.at.split('T').next().unwrap_or_default();
            writeln!(
                out,
                "<h3>On {}</h3>\n<p class=\"evidence\">{}, {}</p>\n<p class=\"memo\">{}</p>",
                escape(&memo.about),
                escape(&memo.coder),
                escape(day),
                escape(&memo.text)
            )?;
        }
    }
    if document.has_further() {
        section(out, "quotes", "Appendix: further quotes")?;
        for node in &document.nodes {
            let further = document.further(node);
            if !further.is_empty() {
                writeln!(out, "<h3>{}</h3>", escape(&node.path))?;
                quotes(out, document, &further)?;
            }
        }
    }
    if !document.nodes.is_empty() && document.parts.codebook {
        section(out, "codebook", "Appendix: codebook")?;
        codebook(out, document)?;
    }
    if has_matrix(document) {
        section(out, "matrix", "Appendix: who is quoted under each theme and code (1: quoted)")?;
        matrix(out, document)?;
    }
    if document.parts.coreq {
        coreq(out, document)?;
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn has_matrix(document: &Document) -> bool {
    !document.nodes.is_empty() && !document.matrix.is_empty() && document.parts.matrix
}

fn coreq(out: &mut impl Write, document: &Document) -> io::Result<()> {
    section(out, "coreq", "Appendix: COREQ checklist")?;
    let rows = document.coreq.iter().map(|item| {
        vec![
            number(usize::from(item.number)),
            text(item.domain),
            text(item.name),
            text(&cell(item)),
        ]
    });
    let caption = "Items that the data can answer are filled in; the others are for the researchers to complete";
    table(out, caption, &["Item", "Domain", "Topic", "Reported"], rows, 2)
}

fn contents(out: &mut impl Write, document: &Document) -> io::Result<()> {
    writeln!(out, "<nav aria-label=\"Contents\">\n<ul>")?;
    let mut entries = Vec::new();
    if document.parts.methods {
        entries.push(("methods", "Methods"));
    }
    if !document.nodes.is_empty() {
        entries.extend([("overview", "Themes at a glance"), ("themes", "Themes and quotes")]);
    }
    if !document.candidates.is_empty() {
        entries.push(("candidates", "Candidates not decided"));
    }
    if !document.memos.is_empty() {
        entries.push(("memos", "Memos"));
    }
    if document.has_further() {
        entries.push(("quotes", "Further quotes"));
    }
    if !document.nodes.is_empty() && document.parts.codebook {
        entries.push(("codebook", "Codebook"));
    }
    if has_matrix(document) {
        entries.push(("matrix", "Who is quoted"));
    }
    if document.parts.coreq {
        entries.push(("coreq", "COREQ checklist"));
    }
    for (id, name) in entries {
        writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>")?;
    }
    writeln!(out, "</ul>\n</nav>")
}

fn section(out: &mut impl Write, id: &str, heading: &str) -> io::Result<()> {
    writeln!(out, "<h2 id=\"{id}\">{heading}</h2>")
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
    let mut headings = vec!["Theme or code", "Participants", "95 % interval"];
    if document.has_groups() {
        headings.push("By group");
    }
    headings.push("Quotations");
    let rows = document.nodes.iter().map(|node| {
        let mut row = vec![
            (format!("<a href=\"#{}-{}\">{}</a>", node.kind, node.id, escape(&node.path)), false),
            text(&format!("{} of {}", node.prevalence.n, node.prevalence.of)),
            text(&interval_cell(&node.prevalence.interval)),
        ];
        if document.has_groups() {
            row.push(text(&groups_cell(&node.groups)));
        }
        row.push(number(node.n_quotations));
        row
    });
    let caption = "Participants who are quoted, with the 95 % interval (Wilson)";
    table(out, caption, &headings, rows, 0)
}

fn codebook(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let headings =
        ["Theme or code", "Kind", "Definition", "Include", "Exclude", "Quotations", "Participants"];
    let rows = document.nodes.iter().map(|node| {
        vec![
            (format!("{}{}", swatch(node), escape(&node.path)), false),
            text(node.kind),
            text(&meaning_cell(node)),
            text(&node.include),
            text(&node.exclude),
            number(node.n_quotations),
            number(node.prevalence.n),
        ]
    });
    table(out, "Codebook", &headings, rows, 0)
}

fn matrix(out: &mut impl Write, document: &Document) -> io::Result<()> {
    let mut headings = vec!["Participant"];
    if document.has_groups() {
        headings.push("Group");
    }
    headings.extend(document.nodes.iter().map(|node| node.path.as_str()));
    let rows = document.matrix.iter().map(|row| {
        let mut cells = vec![text(&row.case)];
        if document.has_groups() {
            cells.push(text(row.group.as_deref().unwrap_or_default()));
        }
        cells.extend(row.n_quotations.iter().map(|&n| number(usize::from(n > 0))));
        cells
    });
    table(out, "1 where a participant is quoted under a theme or code", &headings, rows, 0)
}

/// The HTML of a cell, and whether it is a number.
type Cell = (String, bool);

fn text(text: &str) -> Cell {
    (escape(text).into_owned(), false)
}

fn number(n: usize) -> Cell {
    (n.to_string(), true)
}

/// Writes a table; the column at `head` names its rows.
fn table(
    out: &mut impl Write,
    caption: &str,
    headings: &[&str],
    rows: impl Iterator<Item = Vec<Cell>>,
    head: usize,
) -> io::Result<()> {
    writeln!(out, "<div class=\"wide\"><table>\n<caption>{}</caption>", escape(caption))?;
    write!(out, "<thead><tr>")?;
    for heading in headings {
        write!(out, "<th scope=\"col\">{}</th>", escape(heading))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in rows {
        write!(out, "<tr>")?;
        for (at, (cell, is_number)) in row.iter().enumerate() {
            match (at == head, is_number) {
                (true, _) => write!(out, "<th scope=\"row\">{cell}</th>")?,
                (false, true) => write!(out, "<td class=\"n\">{cell}</td>")?,
                (false, false) => write!(out, "<td>{cell}</td>")?,
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}

/// Text as it stands in HTML, in elements and in quoted attributes.
pub(in crate::report) fn escape(text: &str) -> Cow<'_, str> {
    let text = readable(text);
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped.into()
}
