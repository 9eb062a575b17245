//! Reads the sheets of spreadsheets as tables of talk.
//!
//! Sheets come in, their cells as they are shown; the [`RawTranscript`] of the one that holds
//! the talk goes out. The same rules of columns hold as for CSV. Sheets that are not read are told.

use super::columns;
use crate::base::{Diagnostic, Remedy, count, words_in};
use crate::documents::Sheet;
use crate::files::{SourceError, SourceProblem};
use crate::text::RawTranscript;

/// Reads the sheet that holds the talk: one that names who speaks rather than notes beside
/// it, and of several that with most words.
///
/// # Errors
/// [`SourceError`] of the first sheet with words, if no sheet holds talk.
pub(super) fn read(sheets: &[Sheet], kind: &str) -> Result<RawTranscript, SourceError> {
    let mut first_error = None;
    let mut best: Option<((bool, usize), usize, RawTranscript)> = None;
    for (at, sheet) in sheets.iter().enumerate() {
        match columns::parse_rows(&trimmed(&sheet.rows), 1) {
            Ok(raw) => {
                let is_named = raw.turns.iter().any(|turn| turn.label.is_some());
                let worth = (is_named, words_in(&raw.text));
                if best.as_ref().is_none_or(|(known, ..)| worth > *known) {
                    best = Some((worth, at, raw));
                }
            }
            Err(error) if error.problem == SourceProblem::Empty => {}
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    let no_speech = || first_error.unwrap_or_else(|| SourceError::whole(SourceProblem::NoSpeech));
    let (_, at, mut raw) = best.ok_or_else(no_speech)?;
    if let Some(rest) = raw.layout.strip_prefix("CSV ") {
        raw.layout = format!("{kind}, {rest}");
    }
    raw.warnings.extend(unread(sheets, at));
    Ok(raw)
}

/// Tells of words on other sheets than the one that is read.
fn unread(sheets: &[Sheet], read: usize) -> Option<Diagnostic> {
    // Numbers and dates are no words.
    let is_told = |cell: &&String| cell.chars().any(char::is_alphabetic);
    let n_words = |sheet: &Sheet| {
        sheet.rows.iter().flatten().filter(is_told).map(|cell| words_in(cell)).sum()
    };
    let others = sheets.iter().enumerate().filter(|(at, _)| *at != read);
    let n_words_of: Vec<usize> =
        others.map(|(_, sheet)| n_words(sheet)).filter(|&n_words| n_words > 0).collect();
    let n_words: usize = n_words_of.iter().sum();
    (n_words > 0).then(|| {
        let problem = format!(
            "{} with {} not read: sheet {} holds the transcript",
            count(n_words_of.len() as u64, "more sheet"),
            count(n_words as u64, "word"),
            read + 1
        );
        let advice = "save each sheet with talk as a file of its own";
        Diagnostic::new(problem).with(Remedy::new(advice))
    })
}

/// The rows without white space around cells, and without empty columns at their ends: a
/// format may reach further than words do.
fn trimmed(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let filled = |row: &Vec<String>| {
        row.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |at| at + 1)
    };
    let width = rows.iter().map(filled).max().unwrap_or(0);
    let row = |row: &Vec<String>| {
        let cells = row.iter().take(width).map(|cell| cell.trim().to_owned());
        let n_missing = width.saturating_sub(row.len());
        // Rows of a sheet have all the same cells, though a file holds only the filled ones.
        let is_blank = filled(row) == 0;
        cells
            .chain(std::iter::repeat_n(String::new(), if is_blank { 0 } else { n_missing }))
            .collect()
    };
    rows.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::tests::render;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let rows = rows.iter().map(|row| row.iter().map(|&cell| cell.to_owned()).collect());
        Sheet { name: String::new(), rows: rows.collect() }
    }

    #[test]
    fn the_sheet_that_names_speakers_is_read_and_others_are_told() {
        let codes = sheet(&[&["A project of gardeners"], &["In the north"]]);
        let talk = sheet(&[
            &["Speaker", "Text", "", ""],
            &["Ada", "So how was it for you?", ""],
            &[],
            &["Ben", " It was odd. "],
        ]);
        let other = sheet(&[&["three more words"]]);
        assert_eq!(
            render(read(&[codes, talk, other], "Excel workbook")),
            "Excel workbook, table, one row for each turn\nAda||So how was it for you?\nBen||It was odd.\n\
             warning : 2 more sheets with 10 words not read: sheet 2 holds the transcript"
        );
        assert_eq!(render(read(&[], "")), "error no speech was found in this file");
    }
}
