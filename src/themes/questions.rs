//! Whether a theme only gives back the words of the questions.

use super::describe::ThemeTerm;
use crate::features::counts::TermCounts;

/// A passage with what was asked before it, by their rows in the
/// document-term matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The passage.
    pub passage: usize,
    /// The interviewers' passages just before.
    pub questions: Vec<usize>,
}

/// For each term, whether at least half of the passages that use it answer a
/// question that uses it too. `passages` are those of the theme.
pub fn come_from_questions(
    terms: &[ThemeTerm],
    passages: &[Answered],
    counts: &TermCounts,
) -> Vec<bool> {
    let uses = |row: usize, column: usize| {
        counts.counts.outer_view(row).is_some_and(|row| row.get(column).is_some())
    };
    terms
        .iter()
        .map(|term| {
            let columns: Vec<usize> = term.columns().collect();
            let using = passages
                .iter()
                .filter(|answered| columns.iter().all(|&column| uses(answered.passage, column)));
            let (mut n, mut n_asked) = (0, 0);
            for answered in using {
                n += 1;
                let is_asked = |&column: &usize| {
                    answered.questions.iter().any(|&question| uses(question, column))
                };
                n_asked += usize::from(columns.iter().all(|column| is_asked(column)));
            }
            n > 0 && 2 * n_asked >= n
        })
        .collect()
}
