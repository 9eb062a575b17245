//! Tables for other programs: comma-separated values (RFC 4180).
//!
//! Cells that a spreadsheet would take for a formula start with an apostrophe.

use std::io::{self, Write};

use super::Contents;
use crate::answers::document::{CitedQuote, Document, Node};
use crate::rendering::quotes::{PROVENANCE_HEADINGS, provenance_cells};
use crate::rendering::tables::write_rows;

/// Writes a table of the report as CSV.
///
/// # Errors
/// If the writer fails.
pub fn write_csv(out: &mut impl Write, document: &Document, contents: Contents) -> io::Result<()> {
    // RFC 4180 ends lines with CR and LF, as spreadsheets do.
    let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let rows = match contents {
        Contents::Quotes | Contents::Report => quote_rows(document),
        Contents::Codebook => codebook_rows(document),
        Contents::Matrix => matrix_rows(document),
    };
    write_rows(writer, rows.iter().map(|row| row.iter().map(Cell::text)))
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Words; never a formula.
    Text(String),
    /// A count.
    Number(usize),
    /// A share, 0 to 1.
    Share(f64),
}

impl Cell {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) => n.to_string(),
            Self::Share(share) => format!("{share:.3}"),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Headings and rows of the quotes: a row a quote and a theme or code of its own.
pub(super) fn quote_rows(document: &Document) -> Vec<Vec<Cell>> {
    let mut headings: Vec<Cell> =
        ["quotation", "theme_or_code", "quote"].into_iter().map(Cell::from).collect();
    headings.extend(PROVENANCE_HEADINGS.into_iter().map(Cell::from));
    headings.extend(["proof", "coders", "pinned"].into_iter().map(Cell::from));
    let mut rows = vec![headings];
    for quote in &document.quotes {
        for &code in &quote.codes {
            let path = document.node(code).map_or_else(String::new, |node| node.path.clone());
            rows.push(quote_row(quote, code, path));
        }
    }
    rows
}

fn quote_row(quote: &CitedQuote, code: u32, path: String) -> Vec<Cell> {
    let mut row = vec![
        Cell::Number(quote.quotation as usize),
        Cell::Text(path),
        Cell::Text(crate::rendering::readable(&quote.text).into_owned()),
    ];
    let [transcript, case, group, speaker, role, _, _, start] = provenance_cells(&quote.at);
    row.extend([transcript, case, group, speaker, role].map(Cell::Text));
    row.extend(quote.at.lines.map(|line| Cell::Number(line as usize)));
    row.extend([start, quote.proof.to_string()].map(Cell::Text));
    let given = quote.codings.iter().filter(|given| given.code == code);
    let coders: Vec<&str> = given.map(|given| given.coder.as_str()).collect();
    row.push(coders.join("; ").into());
    row.push(if quote.is_pinned { "yes" } else { "" }.into());
    row
}

/// Headings and rows of the codebook.
pub(super) fn codebook_rows(document: &Document) -> Vec<Vec<Cell>> {
    let headings = [
        "id",
        "kind",
        "path",
        "name",
        "definition",
        "include",
        "exclude",
        "rule",
        "color",
        "n_quotations",
        "n_participants",
        "of_participants",
        "share_low",
        "share_high",
    ];
    let mut rows = vec![headings.into_iter().map(Cell::from).collect()];
    rows.extend(document.nodes.iter().map(codebook_row));
    rows
}

fn codebook_row(node: &Node) -> Vec<Cell> {
    let Node { path, name, definition, include, exclude, rule, prevalence, .. } = node;
    let mut row = vec![Cell::Number(node.id as usize), node.kind.into()];
    row.extend([path, name, definition, include, exclude, rule].map(|text| text.as_str().into()));
    row.push(node.color.as_deref().unwrap_or_default().into());
    row.extend([node.n_quotations, prevalence.n, prevalence.of].map(Cell::Number));
    row.extend([prevalence.interval.low, prevalence.interval.high].map(Cell::Share));
    row
}

/// Headings and rows of who speaks of what, 1 or 0.
pub(super) fn matrix_rows(document: &Document) -> Vec<Vec<Cell>> {
    let mut headings: Vec<Cell> = vec!["participant".into(), "group".into()];
    headings.extend(document.nodes.iter().map(|node| Cell::from(node.path.as_str())));
    let mut rows = vec![headings];
    rows.extend(document.matrix.iter().map(|row| {
        let mut cells: Vec<Cell> =
            vec![row.case.as_str().into(), row.group.as_deref().unwrap_or_default().into()];
        cells.extend(row.n_quotations.iter().map(|&n| Cell::Number(usize::from(n > 0))));
        cells
    }));
    rows
}
