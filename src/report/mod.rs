//! Values become text for people and JSON for machines.
//!
//! Answers come in, bytes go out to any [`std::io::Write`]. The shapes of the
//! JSON are a contract; see [`answers`].

pub mod agreement;
pub mod codebook;
pub mod compare;
pub mod concordance;
pub mod document;
pub mod growth;
pub mod hits;
pub mod info;
pub mod layout;
pub mod pseudonyms;
pub mod quotes;
pub mod saturation;
pub mod style;
pub mod themes;
pub mod verification;

use std::io::{self, Write};

use serde::Serialize;

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// A JSON object a line.
    Jsonl,
}

/// How quotes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuoteFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON value.
    Json,
    /// A JSON object a line.
    Jsonl,
    /// A table for a spreadsheet; cells that it would take for a formula
    /// start with an apostrophe.
    Csv,
    /// Markdown, to paste into a report.
    Md,
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// A table for a spreadsheet.
    Csv,
    /// Markdown, to paste into a report.
    Md,
}

/// A cell of a table that no spreadsheet takes for a formula.
///
/// # Source
/// OWASP, "CSV injection", <https://owasp.org/www-community/attacks/CSV_Injection>.
pub fn safe_cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// Text as Markdown shows it: marks of its own are escaped, white space is folded.
pub fn markdown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~') {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// Writes one value as a line of JSON.
///
/// # Errors
/// If the writer fails.
pub fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
