//! Counts of stems: the document-term matrix.

use std::collections::BTreeMap;

use rayon::prelude::*;
use sprs::CsMatI;

use crate::terms::{Analysis, AnalyzedToken, TokenKind};

/// Counts, passages by terms, row by row.
pub type CountMatrix = CsMatI<u32, u32, usize>;

/// The document-term matrix with its columns' names.
#[derive(Debug, Clone)]
pub struct TermCounts {
    /// The stems, in alphabetical order: the columns.
    pub vocabulary: Vec<String>,
    /// Shape `(n_passages, n_terms)`.
    pub counts: CountMatrix,
    /// By transcript: the column of each of its stems ([`Analysis::stems`]),
    /// `None` for words that carry no theme.
    pub columns: Vec<Vec<Option<u32>>>,
}

/// Counts the stems of content words that each passage's own speaker says.
///
/// Rows are the passages of all transcripts in order. The answer does not
/// depend on the number of threads: transcripts are counted side by side and
/// put together in order, and terms are numbered in alphabetical order.
pub fn count_terms(analyses: &[Analysis]) -> TermCounts {
    count(analyses, is_counted)
}

/// Counts the stems of all words that each passage's own speaker says, as
/// [`count_terms`] those of content words.
///
/// "Easy", "not" and "nice" are everyday words that carry no theme, and yet tell one
/// code from another.
pub fn count_words(analyses: &[Analysis]) -> TermCounts {
    count(analyses, |token| token.is_own && token.kind != TokenKind::Marker)
}

/// Counts the stems of the tokens that `is_counted` says.
fn count(analyses: &[Analysis], is_counted: impl Fn(&AnalyzedToken) -> bool + Sync) -> TermCounts {
    let used_forms = |analysis: &Analysis| {
        let mut used = vec![false; analysis.stems.len()];
        for token in analysis.passages.iter().flatten().filter(|token| is_counted(token)) {
            used[token.form as usize] = true;
        }
        used
    };
    let used: Vec<Vec<bool>> = analyses.par_iter().map(used_forms).collect();
    let mut vocabulary: Vec<&str> = analyses
        .iter()
        .zip(&used)
        .flat_map(|(analysis, used)| analysis.stems.iter().zip(used).filter(|(_, used)| **used))
        .map(|(stem, _)| stem.as_str())
        .collect();
    vocabulary.par_sort_unstable();
    vocabulary.dedup();
    let columns: Vec<Vec<Option<u32>>> = analyses
        .par_iter()
        .zip(&used)
        .map(|(analysis, used)| {
            let column = |(stem, used): (&String, &bool)| {
                let found =
                    used.then(|| vocabulary.binary_search(&stem.as_str()).ok()).flatten()?;
                u32::try_from(found).ok()
            };
            analysis.stems.iter().zip(used).map(column).collect()
        })
        .collect();
    let rows: Vec<Vec<BTreeMap<u32, u32>>> = analyses
        .par_iter()
        .zip(&columns)
        .map(|(analysis, columns)| {
            let bag = |tokens: &Vec<AnalyzedToken>| {
                let mut bag = BTreeMap::new();
                for token in tokens.iter().filter(|token| is_counted(token)) {
                    if let Some(column) = columns[token.form as usize] {
                        *bag.entry(column).or_default() += 1;
                    }
                }
                bag
            };
            analysis.passages.iter().map(bag).collect()
        })
        .collect();
    let mut starts = vec![0];
    let (mut places, mut values) = (Vec::new(), Vec::new());
    for bag in rows.iter().flatten() {
        places.extend(bag.keys().copied());
        values.extend(bag.values().copied());
        starts.push(places.len());
    }
    let shape = (starts.len() - 1, vocabulary.len());
    TermCounts {
        counts: CsMatI::new(shape, starts, places, values),
        vocabulary: vocabulary.into_iter().map(str::to_owned).collect(),
        columns,
    }
}

/// Whether a token can say what a passage is about, and be a term of a theme.
pub fn carries_theme(token: &AnalyzedToken) -> bool {
    token.is_own && token.kind == TokenKind::Content
}

/// Whether a token is counted. Passages about one person lie near each other, so the
/// names of those who speak are; they are no terms of what is said.
fn is_counted(token: &AnalyzedToken) -> bool {
    carries_theme(token) || token.is_own && token.kind == TokenKind::Name
}
