//! A table of rows whose columns are found by any of the names that tools and
//! people give them, in any order.

use super::ExchangeError;
use crate::files::tables::{self, Row, unguarded};

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

/// A table whose first row names its columns.
pub(super) struct Table {
    head: Row,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Reads all rows.
    ///
    /// # Errors
    /// [`ExchangeError::BadTable`] if it is no text.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ExchangeError> {
        let table = tables::Table::read(bytes).map_err(|error| ExchangeError::BadTable {
            problem: error.to_string(),
            advice: "save the table as CSV in UTF-8",
        })?;
        let mut rows = table.rows.into_iter();
        Ok(Self { head: rows.next().unwrap_or_default(), rows: rows.collect() })
    }

    /// The place of the first of these columns that is there.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        self.head.place_of(names)
    }
}

/// What stands in a column of a row; nothing if the table has no such column.
pub(super) fn cell(row: &Row, column: Option<usize>) -> &str {
    column.map_or("", |at| unguarded(row.cell(at)).trim())
}
