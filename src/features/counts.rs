//! Counts of stems: the document-term matrix.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use sprs::CsMatI;

use crate::terms::{Analysis, AnalyzedToken, TokenKind};

/// Counts, passages by terms, row by row.
pub type CountMatrix = CsMatI<u32, u32, usize>;

/// Some rows of a sparse matrix, in the order in which they are named.
pub fn rows_of<N: Copy>(matrix: &CsMatI<N, u32, usize>, rows: &[usize]) -> CsMatI<N, u32, usize> {
    let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for row in rows.iter().filter_map(|&row| matrix.outer_view(row)) {
        columns.extend_from_slice(row.indices());
        values.extend_from_slice(row.data());
        starts.push(columns.len());
    }
    CsMatI::new((rows.len(), matrix.cols()), starts, columns, values)
}

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
pub fn count_terms<A: Borrow<Analysis> + Sync>(analyses: &[A]) -> TermCounts {
    count(analyses, is_counted)
}

/// Counts the stems of all words that each passage's own speaker says, as
/// [`count_terms`] those of content words.
///
/// "Easy", "not" and "nice" are everyday words that carry no theme, and yet tell one
/// code from another.
pub fn count_words<A: Borrow<Analysis> + Sync>(analyses: &[A]) -> TermCounts {
    count(analyses, |token| token.is_own && token.kind != TokenKind::Marker)
}

/// Counts the stems of content words as [`count_terms`], in what is the same in most
/// transcripts too: a word is said by as many people as a search for it finds.
pub fn count_said<A: Borrow<Analysis> + Sync>(analyses: &[A]) -> TermCounts {
    count(analyses, |token| is_counted(token) || token.is_own && token.kind == TokenKind::Recurring)
}

/// What the passages of a transcript say.
#[derive(Default)]
struct Bags {
    /// How many terms each passage has.
    lengths: Vec<usize>,
    /// These, passage by passage: the column, rising, and how often it is said.
    terms: Vec<(u32, u32)>,
}

/// Counts the stems of the tokens that `is_counted` says.
fn count<A: Borrow<Analysis> + Sync>(
    analyses: &[A],
    is_counted: impl Fn(&AnalyzedToken) -> bool + Sync,
) -> TermCounts {
    let analyses: Vec<&Analysis> = analyses.iter().map(Borrow::borrow).collect();
    let used_forms = |analysis: &&Analysis| {
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
        .map(|(stem, _)| stem)
        .collect::<HashSet<&str>>()
        .into_iter()
        .collect();
    vocabulary.par_sort_unstable();
    let column_of: HashMap<&str, u32> = vocabulary.iter().copied().zip(0..).collect();
    let columns: Vec<Vec<Option<u32>>> = analyses
        .par_iter()
        .zip(&used)
        .map(|(analysis, used)| {
            let column = |(stem, used): (&str, &bool)| {
                if *used { column_of.get(stem).copied() } else { None }
            };
            analysis.stems.iter().zip(used).map(column).collect()
        })
        .collect();
    let rows: Vec<Bags> = analyses
        .par_iter()
        .zip(&columns)
        .map(|(analysis, columns)| {
            let mut all = Bags::default();
            let mut said: Vec<u32> = Vec::new();
            for tokens in &analysis.passages {
                said.clear();
                let counted = tokens.iter().filter(|token| is_counted(token));
                said.extend(counted.filter_map(|token| columns[token.form as usize]));
                said.sort_unstable();
                let before = all.terms.len();
                let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                all.terms.extend(said.chunk_by(|a, b| a == b).map(|of| (of[0], narrow(of.len()))));
                all.lengths.push(all.terms.len() - before);
            }
            all
        })
        .collect();
    let mut starts = vec![0];
    let n_counts = rows.iter().map(|bags| bags.terms.len()).sum();
    let (mut places, mut values) = (Vec::with_capacity(n_counts), Vec::with_capacity(n_counts));
    for Bags { lengths, terms } in rows {
        let mut end = places.len();
        starts.extend(lengths.into_iter().map(|length| {
            end += length;
            end
        }));
        places.extend(terms.iter().map(|(column, _)| *column));
        values.extend(terms.iter().map(|(_, n)| *n));
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
