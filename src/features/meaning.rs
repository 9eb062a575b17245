//! What words mean, in numbers: of any study, from a table of English words.
//!
//! The words of a study come in; the numbers of each stem go out, so that passages which
//! say the same in other words can lie near each other.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use ndarray::{Array2, Axis};

use super::counts::TermCounts;
use crate::terms::{Analysis, N_NUMBERS, NearWord};

/// The meaning of each stem: that of its forms, each as often as it is said.
///
/// `is_english` tells by transcript whether its words are English; of others nothing is
/// known.
///
/// # Shapes
/// `(n_terms, 64)`; rows of length 1, or 0 where the table holds no form. Without any known
/// word `(n_terms, 0)`.
pub fn meanings<A: Borrow<Analysis>>(
    analyses: &[A],
    is_english: &[bool],
    counts: &TermCounts,
) -> Array2<f64> {
    let n_said = forms_said(analyses, is_english, counts);
    let n_said =
        n_said.into_iter().map(|((column, form), n)| (column as usize, form, u64::from(n)));
    meanings_of(n_said, counts.vocabulary.len())
}

/// How often each form of a stem is said, by the stem's column.
pub fn forms_said<'a, A: Borrow<Analysis>>(
    analyses: &'a [A],
    is_english: &[bool],
    counts: &TermCounts,
) -> BTreeMap<(u32, &'a str), u32> {
    let mut n_said: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let analyses = analyses.iter().map(Borrow::borrow);
    let transcripts = analyses.zip(&counts.columns).zip(is_english);
    for ((analysis, columns), _) in transcripts.filter(|(_, is_english)| **is_english) {
        // A form is looked up once in each transcript, however often it is said.
        let mut n_of_form = vec![0; analysis.forms.len()];
        for token in analysis.passages.iter().flatten() {
            n_of_form[token.form as usize] += 1;
        }
        for (form, n) in n_of_form.into_iter().enumerate() {
            if let Some(column) = columns[form] {
                *n_said.entry((column, &analysis.forms[form])).or_default() += n;
            }
        }
    }
    n_said
}

/// See [`meanings`]; `n_said` are the column of a stem, a form and how often it is said, in
/// their order.
pub fn meanings_of<'a>(
    n_said: impl Iterator<Item = (usize, &'a str, u64)>,
    n_terms: usize,
) -> Array2<f64> {
    let known =
        n_said.filter_map(|(column, form, n)| Some((column, n as f64, NearWord::of(form)?)));
    let mut meanings = Array2::<f64>::zeros((n_terms, N_NUMBERS));
    let mut is_any_known = false;
    for (column, n, word) in known {
        is_any_known = true;
        meanings.row_mut(column).iter_mut().zip(word.numbers()).for_each(|(sum, x)| *sum += n * x);
    }
    if !is_any_known {
        return Array2::zeros((n_terms, 0));
    }
    for mut row in meanings.axis_iter_mut(Axis(0)) {
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
    meanings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::counts::count_terms;
    use crate::passages;
    use crate::sources;
    use crate::terms::{Analyzer, AnalyzerParams, Language, analyze};
    use crate::transcripts::Transcript;

    fn analysis(text: &str, language: Language) -> Analysis {
        let text = format!("Interviewer: And?\nParticipant: {text}\n");
        let transcript = Transcript::new(sources::read(text.as_bytes(), "P.txt").unwrap());
        let analyzer = Analyzer::new(language, &AnalyzerParams::default());
        analyze(&transcript, &passages::cut(&transcript), &analyzer)
    }

    #[test]
    fn a_stem_means_what_its_forms_mean() {
        let words = [analysis("Garden, garden, gardens, zzyx.", Language::English)];
        let counts = count_terms(&words);
        let meanings = meanings(&words, &[true], &counts);
        let row = |stem: &str| counts.vocabulary.iter().position(|known| known == stem).unwrap();
        let [one, many] = ["garden", "gardens"].map(|form| NearWord::of(form).unwrap());
        // Two of "garden", one of "gardens", scaled to length 1.
        let sum: Vec<f64> = one.numbers().zip(many.numbers()).map(|(a, b)| 2.0 * a + b).collect();
        let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
        for (found, x) in meanings.row(row("garden")).iter().zip(sum) {
            assert!((found - x / length).abs() < 1e-12);
        }
        assert!(meanings.row(row("zzyx")).iter().all(|x| *x == 0.0));
    }

    #[test]
    fn nothing_is_known_of_words_of_other_languages() {
        // "Gift" is German for poison.
        let words = [analysis("Das Gift in der Hand.", Language::German)];
        let counts = count_terms(&words);
        assert_eq!(meanings(&words, &[false], &counts).dim(), (counts.vocabulary.len(), 0));
    }
}
