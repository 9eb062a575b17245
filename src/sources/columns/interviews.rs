//! Finds several interviews in one table, and tells the people apart who have one label in
//! each.
//!
//! ```text
//! interview_id  speaker      text
//! E1            Interviewer  Why?
//! E1            Participant  It was wet.      Participant E1
//! E2            Interviewer  Why?
//! E2            Participant  I was late.      Participant E2
//! ```
//!
//! Only a column parts a table that is called after interviews or those who are asked: the
//! same people talk in all sections, topics and sessions.

use std::collections::BTreeSet;

use super::{CASE, DOCUMENT, PERSON, Roles, fold, is_known};
use crate::base::{Diagnostic, Remedy, words_in};
use crate::files::tables::Row;
use crate::labels::fold as label_fold;
use crate::text::blocks;

/// How words begin that head a column of interviews or of those who are asked in them.
const INTERVIEWS: [&str; 15] = [
    "interview",
    "entretien",
    "entrevist",
    "intervist",
    "gespräch",
    "rozmow",
    "wywiad",
    "transcript",
    "transkript",
    "conversation",
    "dialog",
    "participant",
    "respondent",
    "teilnehm",
    "file",
];

/// A table of several interviews, one below the other.
pub(super) struct Parted {
    /// The name of the column that parts them, and the line of the first row.
    column: String,
    line: usize,
    /// By row: what stands behind such a label, as the column tells.
    behind: Vec<String>,
    n_interviews: usize,
    /// The folded labels of those who are somebody else in each interview.
    anew: BTreeSet<String>,
}

impl Parted {
    /// The label of who speaks in a row.
    pub(super) fn label(&self, row: usize, label: &str) -> String {
        if self.anew.contains(&label_fold(label)) {
            format!("{label}{}", self.behind[row])
        } else {
            label.to_owned()
        }
    }

    pub(super) fn told(&self) -> Diagnostic {
        let Self { column, n_interviews, .. } = self;
        let (counts, hint) = if self.anew.is_empty() {
            (
                "who has the same label in each counts as one",
                "if they are interviews with different people, put each into a file of its own",
            )
        } else {
            (
                "who is asked counts as another participant in each",
                "if somebody is in several of them, name the case in cases.csv",
            )
        };
        let problem = format!(
            "the column `{column}` parts this table into {n_interviews} interviews: {counts}"
        );
        Diagnostic::new(problem).on_line(self.line).with(Remedy::new(hint))
    }
}

/// Finds the column that parts a table of turns into several interviews: each of its values
/// stands in rows one below the other, and the same people talk in each.
pub(super) fn parted(
    rows: &[Row],
    names: &[String],
    roles: &Roles,
    words: usize,
    n_columns: usize,
) -> Option<Parted> {
    let speaker = roles.speaker?;
    let below = |at: usize| -> Vec<&str> {
        let mut above = "";
        let filled = rows.iter().map(|row| {
            above = Some(row.cell(at)).filter(|cell| !cell.is_empty()).unwrap_or(above);
            above
        });
        filled.collect()
    };
    let people: Vec<String> = below(speaker)
        .into_iter()
        .map(|label| label.trim_end_matches([':', ' ']).to_owned())
        .collect();
    let used = [Some(speaker), Some(words), roles.start, roles.end];
    let line = rows.first().map_or(1, |row| row.line);
    let of_column = |at: usize| {
        let name = names.get(at).map_or("", String::as_str);
        let folded = fold(name);
        let is_told = [PERSON, CASE, DOCUMENT].iter().any(|list| is_known(list, &folded))
            || folded.split(' ').any(|word| INTERVIEWS.iter().any(|start| word.starts_with(start)));
        let values = is_told.then(|| below(at))?;
        parted_by(name, line, &values, &people, blocks::given_anew)
    };
    (0..n_columns).filter(|at| !used.contains(&Some(*at))).find_map(of_column)
}

/// Parts a table of turns by a column with these values, if each stands in rows one below the
/// other and the same people, by row, talk in each. Of those `anew_of` tells who is somebody else
/// in each.
pub(super) fn parted_by(
    column: &str,
    line: usize,
    values: &[&str],
    people: &[String],
    anew_of: impl Fn(&BTreeSet<String>) -> BTreeSet<String>,
) -> Option<Parted> {
    let mut block = 0;
    let block_of: Vec<usize> = (0..values.len())
        .map(|row| {
            block += usize::from(row > 0 && values[row] != values[row - 1]);
            block
        })
        .collect();
    let of_block = |(at, value): (usize, &&str)| {
        (at == 0 || block_of[at] != block_of[at - 1]).then(|| (*value).to_owned())
    };
    let interviews: Vec<String> = values.iter().enumerate().filter_map(of_block).collect();
    let distinct: BTreeSet<&str> = values.iter().copied().collect();
    let is_parted = distinct.len() > 1 && distinct.len() == block + 1 && !distinct.contains("");
    if !is_parted || distinct.iter().any(|value| words_in(value) > 4) {
        return None;
    }
    let turns: Vec<(usize, &str)> =
        block_of.iter().zip(people).map(|(block, label)| (*block, label.as_str())).collect();
    let shared = blocks::shared(&turns);
    let anew = anew_of(&shared);
    let labels = people.iter().map(|label| label_fold(label)).collect();
    let behind = blocks::behind(&interviews, &anew, &labels);
    (!shared.is_empty()).then(|| Parted {
        column: column.to_owned(),
        line,
        behind: block_of.iter().map(|&block| behind[block].clone()).collect(),
        n_interviews: distinct.len(),
        anew,
    })
}
