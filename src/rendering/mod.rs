//! Answers become text for people, tables, and JSON for machines.
//!
//! Answers come in, bytes go out to any [`std::io::Write`]. The shapes of the
//! JSON are a contract; see [`answers`](crate::answers). Pictures of answers are made by
//! `charts`, the report of a study by `report`.

pub mod agreement;
pub mod codebook;
pub mod compare;
pub mod concordance;
pub mod growth;
pub mod hits;
pub mod info;
pub mod layout;
pub mod proposals;
pub mod pseudonyms;
pub mod quotes;
pub mod rules;
pub mod saturation;
pub mod style;
pub mod tables;
pub mod themes;
pub mod verification;

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::base::one_line;

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// One JSON object on each line.
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
    /// One JSON object on each line.
    Jsonl,
    /// A table for a spreadsheet; cells that look like a formula get an apostrophe in
    /// front.
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

/// Text as Markdown shows it: marks of its own are escaped, white space is folded.
pub fn markdown(text: &str) -> String {
    let text = one_line(text);
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~')
            || c == '&' && is_entity(&text[at + 1..])
        {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// Text as it stands in HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> Cow<'_, str> {
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

/// Text without the control characters that no page or sheet can hold; each
/// becomes `U+FFFD`.
pub fn readable(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(is_bad) { text.replace(is_bad, "\u{fffd}").into() } else { text.into() }
}

/// Whether an ampersand before this text makes an entity of it, such as `&amp;`.
fn is_entity(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '#');
    end.is_some_and(|end| end > 0 && rest[end..].starts_with(';'))
}

/// Writes one value as a line of JSON.
///
/// # Errors
/// If the writer fails.
pub fn write_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_markdown_would_take_for_a_mark_is_escaped() {
        assert_eq!(
            markdown("R&D at AT&T; a *b* &amp; c_d"),
            "R&D at AT\\&T; a \\*b\\* \\&amp; c\\_d"
        );
        assert_eq!(markdown("salt & pepper; it"), "salt & pepper; it");
    }
}
