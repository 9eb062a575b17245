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
                n_asked += usize::from(columns.iter().all(is_asked));
            }
            n > 0 && 2 * n_asked >= n
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::counts::CountMatrix;

    #[test]
    fn a_term_comes_from_the_questions_if_half_of_its_answers_were_asked_for_it() {
        // Passages 0, 2, 4, 6 answer the questions 1, 3, 5, 7. Columns: camera, tea, off.
        let rows: [&[u32]; 8] = [&[0, 2], &[0], &[0, 2], &[0], &[0, 1], &[1], &[1], &[]];
        let mut starts = vec![0];
        let mut places = Vec::new();
        for row in rows {
            places.extend_from_slice(row);
            starts.push(places.len());
        }
        let values = vec![1; places.len()];
        let counts = TermCounts {
            vocabulary: ["camera", "tea", "off"].map(str::to_owned).to_vec(),
            counts: CountMatrix::new((8, 3), starts, places, values),
            columns: Vec::new(),
        };
        let answered =
            [0, 2, 4, 6].map(|passage| Answered { passage, questions: vec![passage + 1] });
        let terms = [&[0][..], &[1], &[0, 2], &[2]].map(ThemeTerm::of_columns);
        // camera: asked in 2 of 3; tea: 1 of 2; camera off and off: never in full.
        assert_eq!(come_from_questions(&terms, &answered, &counts), [true, true, false, false]);
    }
}
