//! Tables for other programs: comma-separated values (RFC 4180).
//!
//! Cells that a spreadsheet would take for a formula start with an apostrophe.

use std::io::{self, Write};

use super::super::quotes::{PROVENANCE_HEADINGS, provenance_cells};
use super::super::tables::safe_cell;
use super::Contents;
use crate::answers::document::{CitedQuote, Document, Node};

/// Writes a table of the report as CSV.
///
/// # Errors
/// If the writer fails.
pub fn write_csv(out: &mut impl Write, document: &Document, contents: Contents) -> io::Result<()> {
    // RFC 4180 ends lines with CR and LF, as spreadsheets do.
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let rows = match contents {
        Contents::Quotes | Contents::Report => quote_rows(document),
        Contents::Codebook => codebook_rows(document),
        Contents::Matrix => matrix_rows(document),
    };
    for row in rows {
        let cells = row.iter().map(Cell::text);
        writer
            .write_record(cells.map(|cell| safe_cell(&cell).into_owned()))
            .map_err(io::Error::other)?;
    }
    writer.flush()
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
        Cell::Text(super::readable(&quote.text).into_owned()),
    ];
    row.extend(provenance_cells(&quote.at).into_iter().enumerate().map(|(at, cell)| {
        // The places of first and last line.
        match cell.parse() {
            Ok(n) if matches!(at, 5 | 6) => Cell::Number(n),
            _ => Cell::Text(cell),
        }
    }));
    row.push(quote.proof.to_string().into());
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
    vec![
        Cell::Number(node.id as usize),
        node.kind.into(),
        node.path.as_str().into(),
        node.name.as_str().into(),
        node.definition.as_str().into(),
        node.include.as_str().into(),
        node.exclude.as_str().into(),
        node.rule.as_str().into(),
        node.color.as_deref().unwrap_or_default().into(),
        Cell::Number(node.n_quotations),
        Cell::Number(node.prevalence.n),
        Cell::Number(node.prevalence.of),
        Cell::Share(node.prevalence.interval.low),
        Cell::Share(node.prevalence.interval.high),
    ]
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
