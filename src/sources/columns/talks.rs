//! Reads a table in which a cell holds a whole talk.
//!
//! ```text
//! visit  dialogue                                     note
//! V1     [nurse] How was it?\n[patient] It was wet.   The patient was seen.
//! ```
//!
//! Each such cell comes out as the turns of one interview.

use super::{Column, Roles, read_turns};
use super::interviews::parted;
use crate::base::words_in;
use crate::files::tables::Row;
use crate::labels::counts;
use crate::text::{self, Declared, LaidOut, RawTranscript};

/// The fewest turns of a talk, and the most words of what tells one from another.
const MIN_TURNS: usize = 4;
const MAX_ID_WORDS: usize = 3;
/// What heads the column that parts the interviews.
const INTERVIEW: &str = "interview";

/// Reads the first column of which most cells are talks, and tells which it is.
pub(super) fn cells_of_talk(
    rows: &[Row],
    roles: &Roles,
    columns: &[Column],
) -> Option<(RawTranscript, usize)> {
    let is_talk = |at: &usize| {
        let cells = || rows.iter().map(|row| row.cell(*at)).filter(|cell| !cell.is_empty());
        let n = cells().filter(|cell| talk_in(cell).is_some()).count();
        n > 0 && n * 2 >= cells().count()
    };
    let at = (0..columns.len()).filter(|&at| columns[at].is_long()).find(is_talk)?;
    let is_id = |id: &usize| {
        let column = &columns[*id];
        *id != at && column.n_distinct == rows.len() && column.most_words <= MAX_ID_WORDS
    };
    let id = roles.case.or(roles.person).filter(is_id).or_else(|| (0..columns.len()).find(is_id));
    let mut turns: Vec<Row> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let name = id.map_or_else(|| (number + 1).to_string(), |at| row.cell(at).to_owned());
        let cell = row.cell(at);
        // What is no talk is said by nobody who is known.
        let said = talk_in(cell).unwrap_or_else(|| vec![(name.clone(), cell.to_owned())]);
        let said = said.into_iter().filter(|(_, words)| words_in(words) > 0);
        turns.extend(said.map(|(label, words)| Row {
            line: row.line,
            cells: vec![name.clone(), label, words],
        }));
    }
    let names = [INTERVIEW, "speaker", "text"].map(str::to_owned);
    let roles = Roles { speaker: Some(1), words: Some(2), ..Roles::default() };
    let parted = parted(&turns, &names, &roles, 2, names.len());
    let mut raw = read_turns(&turns, &roles, 2, names.len(), ',', parted.as_ref());
    raw.layout = "CSV table, a talk in each row".to_owned();
    raw.warnings.extend(parted.as_ref().map(super::interviews::Parted::told));
    Some((raw, at))
}

/// Who says what in a cell, if two people or more take turns there and nothing else is said.
fn talk_in(cell: &str) -> Option<Vec<(String, String)>> {
    if cell.lines().nth(MIN_TURNS - 1).is_none() {
        return None;
    }
    let raw = text::parse(LaidOut::new(cell.to_owned(), false), &Declared::default()).ok()?;
    let said: Vec<(String, String)> = raw
        .turns
        .iter()
        .map(|turn| Some((turn.label.clone()?, turn.span.of(&raw.text).to_owned())))
        .collect::<Option<_>>()?;
    let n_of = counts(said.iter().map(|(label, _)| label.as_str()));
    let is_whole = raw.warnings.is_empty() && said.len() >= MIN_TURNS;
    (is_whole && n_of.values().filter(|&&n| n > 1).count() > 1).then_some(said)
}
