//! Plain text and Markdown: read as a table where they hold one, else by their lines.
//!
//! A decoded text comes in; a [`RawTranscript`] goes out.

use std::collections::BTreeMap;

use super::columns;
use crate::base::{Diagnostic, Remedy};
use crate::documents::Type;
use crate::files::SourceError;
use crate::lines::pages::{is_row, is_rule};
use crate::text::{self, Declared, LaidOut, RawTranscript};

/// Reads a transcript with what is `declared` of it.
///
/// # Errors
/// As for [`text::parse`], and for the rows of a table.
pub(crate) fn parse_with(
    text: String,
    markdown: bool,
    declared: &Declared,
) -> Result<RawTranscript, SourceError> {
    parse_styled(text, markdown, BTreeMap::new(), declared)
}

/// Reads a text, some lines of which a document sets apart by their type.
///
/// # Errors
/// As for [`parse_with`].
pub(crate) fn parse_styled(
    text: String,
    markdown: bool,
    set_apart: BTreeMap<usize, Type>,
    declared: &Declared,
) -> Result<RawTranscript, SourceError> {
    if let Some(read) = read_barred_table(&text) {
        return read;
    }
    let laid_out = LaidOut::new(text, markdown).with_set_apart(set_apart);
    if laid_out.first_line().is_some_and(|first| columns::is_header(first, '\t')) {
        return columns::parse(&laid_out.text, Some('\t'));
    }
    text::parse(laid_out, declared)
}

/// Reads a text that is a table drawn with bars, as Markdown has them; `None` if it is
/// none. Lines outside the table are told.
fn read_barred_table(text: &str) -> Option<Result<RawTranscript, SourceError>> {
    let filled = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let n_rows = filled().filter(|line| is_row(line)).count();
    if n_rows < 3 || n_rows * 10 < filled().count() * 8 {
        return None;
    }
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> =
        filled().filter(|line| is_row(line) && !is_rule(line)).map(cells).collect();
    let first = text.lines().position(|line| is_row(line.trim()))?;
    let mut read = columns::parse_rows(&rows, first + 1);
    if let Ok(raw) = &mut read {
        raw.layout = raw.layout.replace("CSV", "Markdown");
        // Above the table a few words are its title.
        let is_spoken = |(number, line): &(usize, &str)| {
            line.contains(char::is_alphabetic)
                && !is_row(line.trim())
                && (*number > first || line.split_whitespace().nth(3).is_some())
        };
        let outside = (1..).zip(text.lines()).find(is_spoken);
        raw.warnings.extend(outside.map(|(number, _)| {
            Diagnostic::new("words outside the table are not read")
                .on_line(number)
                .with(Remedy::new("put them into rows of the table, or remove the table"))
        }));
    }
    Some(read)
}
