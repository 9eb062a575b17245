//! A table of rows whose columns are found by any of the names that tools and
//! people give them, in any order. Comma, semicolon or tab.

use super::ExchangeError;
use crate::files;

pub(super) const SOURCE: &[&str] =
    &["document", "transcript", "source", "file", "interview", "document name", "file name"];
pub(super) const WORDS: &[&str] =
    &["content", "quote", "quotation", "text", "words", "segment", "coded segment", "snippet"];
pub(super) const CODE: &[&str] =
    &["path", "tag_full_path", "code", "tag", "theme", "name", "codes", "theme_or_code"];
pub(super) const PARENT: &[&str] = &["parent", "tag_parent"];
pub(super) const KIND: &[&str] = &["kind", "type"];
pub(super) const DEFINITION: &[&str] = &["definition", "description", "memo", "comment"];
pub(super) const INCLUDE: &[&str] = &["include", "inclusion", "inclusion criteria"];
pub(super) const EXCLUDE: &[&str] = &["exclude", "exclusion", "exclusion criteria"];
pub(super) const RULE: &[&str] = &["rule", "search rule"];
pub(super) const COLOR: &[&str] = &["colour", "color"];
pub(super) const CODER: &[&str] = &["coder", "user", "author", "created by", "coded by", "coders"];
pub(super) const NUMBER: &[&str] = &["id", "number", "quotation id"];
pub(super) const LINES: &[&str] = &["lines", "line"];

/// A row: its line in the file, from 1, and its cells.
pub(super) type Row = (usize, Vec<String>);

/// A table with the places of its columns.
pub(super) struct Table {
    header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Reads all rows.
    ///
    /// # Errors
    /// [`ExchangeError::BadTable`] if it is no text, or no table.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ExchangeError> {
        let bad = |problem: String| ExchangeError::BadTable {
            problem,
            advice: "save the table as CSV in UTF-8",
        };
        let text = files::decode_text(bytes).map_err(|error| bad(error.to_string()))?;
        let head = text.lines().next().unwrap_or_default();
        let marks = [(b',', ','), (b';', ';'), (b'\t', '\t')];
        let most = marks.iter().rev().max_by_key(|(_, mark)| head.matches(*mark).count());
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(most.map_or(b',', |(byte, _)| *byte))
            .flexible(true)
            .from_reader(text.as_bytes());
        let broken = |error: csv::Error| bad(error.to_string());
        let header = reader.headers().map_err(broken)?;
        let header = header.iter().map(|name| name.trim().to_lowercase()).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(broken)?;
            let line = record.position().map_or(1, csv::Position::line);
            let cells = record.iter().map(|cell| unguarded(cell).to_owned()).collect();
            rows.push((usize::try_from(line).unwrap_or(usize::MAX), cells));
        }
        Ok(Self { header, rows })
    }

    /// The place of the first of these columns that is there.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.header.iter().position(|known| known == name))
    }
}

/// A cell without the apostrophe that keeps a spreadsheet from calculating.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(bare) if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) => bare,
        _ => cell,
    }
}

/// What stands in a column of a row, without white space around it; nothing if the
/// table has no such column.
pub(super) fn cell(row: &[String], column: Option<usize>) -> &str {
    column.and_then(|at| row.get(at)).map_or("", |cell| cell.trim())
}
