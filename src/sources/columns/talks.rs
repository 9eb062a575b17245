//! Reads a table in which a cell holds a whole talk.
//!
//! ```text
//! visit  dialogue                                     note
//! V1     [nurse] How was it?\n[patient] It was wet.   The patient was seen.
//! ```
//!
//! Each such cell comes out as the turns of one interview.

use std::collections::BTreeSet;

use super::interviews::{Parted, parted_by};
use super::{Column, Roles, read_turns};
use crate::base::{Diagnostic, Remedy, count};
use crate::files::tables::Row;
use crate::labels::{Part, counts, part_in};
use crate::text::{self, Declared, LaidOut, RawTranscript, blocks};

/// The fewest turns of a talk, and the most words of what tells one from another.
const MIN_TURNS: usize = 4;
const MAX_ID_WORDS: usize = 3;

/// Reads the first column of which most cells are talks, and tells which it is.
pub(super) fn cells_of_talk(
    rows: &[Row],
    names: &[String],
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
    let mut whole: Vec<usize> = Vec::new();
    for (number, row) in rows.iter().enumerate().filter(|(_, row)| !row.cell(at).is_empty()) {
        let name = id.map_or_else(|| (number + 1).to_string(), |at| row.cell(at).to_owned());
        let said = talk_in(row.cell(at)).unwrap_or_else(|| {
            whole.push(row.line);
            vec![(name.clone(), row.cell(at).to_owned())]
        });
        turns.extend(
            said.into_iter().map(|(label, words)| Row {
                line: row.line,
                cells: vec![name.clone(), label, words],
            }),
        );
    }
    let values: Vec<&str> = turns.iter().map(|row| row.cell(0)).collect();
    let people: Vec<String> = turns.iter().map(|row| row.cell(1).to_owned()).collect();
    let column = id.and_then(|at| names.get(at)).map_or("row", String::as_str);
    let line = rows.first().map_or(1, |row| row.line);
    let parted = parted_by(column, line, &values, &people, given_anew);
    let roles = Roles { speaker: Some(1), words: Some(2), ..Roles::default() };
    let mut raw = read_turns(&turns, &roles, 2, 3, ',', parted.as_ref());
    "CSV table, a talk in each row".clone_into(&mut raw.layout);
    raw.warnings.extend(parted.as_ref().map(Parted::told));
    raw.warnings.extend(whole.first().map(|first| {
        let problem = format!("{} of no clear talk", count(whole.len() as u64, "cell"));
        Diagnostic::new(problem).on_line(*first).with(Remedy::new(
            "all of such a cell was given to one person; write `Name:` before each turn in it",
        ))
    }));
    Some((raw, at))
}

/// Who is somebody else in each row: where nobody is labelled as asking, who is labelled as
/// asked.
fn given_anew(shared: &BTreeSet<String>) -> BTreeSet<String> {
    let answers = |label: &&String| part_in(label) == Some(Part::Answers);
    let anew = blocks::given_anew(shared);
    if anew.is_empty() { shared.iter().filter(answers).cloned().collect() } else { anew }
}

/// Who says what in a cell, if two people or more take turns there and nothing else is said.
fn talk_in(cell: &str) -> Option<Vec<(String, String)>> {
    cell.lines().nth(MIN_TURNS - 1)?;
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
