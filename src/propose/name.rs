//! A code's own words as a query: where they are said, or said around.
//!
//! The words of a name and a definition come in; a score for each passage goes out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::wording::Wording;

/// How soon repeating a word stops to count, as in BM25.
const K1: f64 = 1.2;
/// How much long passages are held back.
const B: f64 = 0.5;
/// What the passages around one count beside 1 for itself.
const AROUND: f64 = 0.5;

/// The stems of a code's words, with how much each counts.
pub type Query = BTreeMap<String, f64>;

/// How much the words of a code's own name count, those of the names above it, and those
/// of its definition.
pub const WORD_WEIGHTS: [f64; 3] = [1.0, 0.5, 0.5];

/// A code's words, each weighed by how much it counts and how rare it is in a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeighedQuery {
    weights: BTreeMap<String, f64>,
    /// The mean number of words of a passage that has any.
    mean: f64,
}

impl WeighedQuery {
    /// Weighs a code's words in a study of `n_passages`, of `mean` words each, by in how many
    /// of them each stands. Words that nobody says are left out.
    pub fn new(
        query: &Query,
        n_holding: impl Fn(&str) -> usize,
        (n_passages, mean): (usize, f64),
    ) -> Self {
        let weigh = |(stem, weight): (&String, &f64)| {
            let df = n_holding(stem) as f64;
            let idf = (1.0 + (n_passages as f64 - df + 0.5) / (df + 0.5)).ln();
            (df > 0.0).then(|| (stem.clone(), weight * idf))
        };
        Self { weights: query.iter().filter_map(weigh).collect(), mean }
    }

    /// The same in the study whose words these are.
    pub fn within(query: &Query, wording: &Wording) -> Self {
        let said = wording.n_words.iter().filter(|&&n| n > 0);
        let (n, sum) = said.fold((0.0, 0.0), |(n, sum), &words| (n + 1.0, sum + f64::from(words)));
        let holding = |stem: &str| {
            wording.column(stem).map_or(0, |column| rows_with(wording, column).count())
        };
        Self::new(query, holding, (wording.n_words.len(), sum / f64::max(n, 1.0)))
    }
}

/// The passages that hold a word, and how often each does.
fn rows_with(wording: &Wording, column: usize) -> impl Iterator<Item = (usize, f64)> {
    (0..wording.n_words.len())
        .filter_map(move |row| Some((row, f64::from(*wording.counts.counts.get(row, column)?))))
}

/// Scores passages for a code's words; they may be those of some transcripts only.
///
/// # Formula
/// `s[p] + 0.5 Σ w[q] s[q]` over the passages `q` around `p`, with `s = Σ weight[t] idf[t] tf
/// (k1 + 1) / (tf + k1 (1 - b + b n / mean n))` and `idf = ln(1 + (N - df + 0.5) / (df +
/// 0.5))`; `n` are the words of a passage.
///
/// # Source
/// Robertson and Zaragoza (2009), "The probabilistic relevance framework",
/// <https://doi.org/10.1561/1500000019>. What stands around is ours.
pub fn score_words(query: &WeighedQuery, wording: &Wording) -> Vec<f64> {
    let mut own = vec![0.0; wording.n_words.len()];
    for (stem, weight) in &query.weights {
        let Some(column) = wording.column(stem) else { continue };
        for (row, tf) in rows_with(wording, column) {
            let length = 1.0 - B + B * f64::from(wording.n_words[row]) / query.mean;
            own[row] += weight * tf * (K1 + 1.0) / (tf + K1 * length);
        }
    }
    let with_around = |(row, around): (usize, &Vec<(usize, f64)>)| {
        own[row] + AROUND * around.iter().fold(0.0, |sum, (near, weight)| sum + weight * own[*near])
    };
    wording.neighbours.iter().enumerate().map(with_around).collect()
}

/// What makes scores comparable: how far they lie from their mean over some passages, in
/// standard deviations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Standard {
    mean: f64,
    /// 0 if they do not differ.
    deviation: f64,
}

impl Standard {
    /// That of the scores of some rows.
    pub fn of(scores: &[f64], rows: &[usize]) -> Self {
        let n = rows.len().max(1) as f64;
        let mean = rows.iter().fold(0.0, |sum, &row| sum + scores[row]) / n;
        let squares = rows.iter().fold(0.0, |sum, &row| sum + (scores[row] - mean).powi(2));
        let deviation = (squares / n).sqrt();
        Self { mean, deviation: if deviation < f64::EPSILON { 0.0 } else { deviation } }
    }

    /// That of `n` scores of which the sum is known, and the sum of their squares.
    pub fn of_sums(n: f64, sum: f64, squares: f64) -> Self {
        /// The share of the squares that rounding may leave of scores that do not differ.
        const ROUNDING: f64 = 1e-12;
        let n = n.max(1.0);
        let (mean, square) = (sum / n, squares / n);
        let variance = square - mean * mean;
        let differs = variance > ROUNDING * square;
        Self { mean, deviation: if differs { variance.sqrt() } else { 0.0 } }
    }

    /// A score as a distance from the mean; 0 if none differs.
    pub fn at(self, score: f64) -> f64 {
        if self.deviation > 0.0 { (score - self.mean) / self.deviation } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::counts::TermCounts;
    use sprs::TriMatI;

    #[test]
    fn words_said_and_said_around_agree_with_a_case_worked_by_hand() {
        // Two passages of 4 words; the first says "tea" once, and stands before the second.
        let mut triplets = TriMatI::<u32, u32>::new((2, 1));
        triplets.add_triplet(0, 0, 1);
        let empty = || TriMatI::<f32, u32>::new((2, 1)).to_csr();
        let wording = Wording {
            counts: TermCounts {
                vocabulary: vec!["tea".to_owned()],
                counts: triplets.to_csr(),
                columns: Vec::new(),
            },
            own: empty(),
            around: empty(),
            neighbours: vec![Vec::new(), vec![(0, 0.7)]],
            n_words: vec![4, 4],
        };
        let query = Query::from([("tea".to_owned(), 0.5), ("kettle".to_owned(), 1.0)]);
        let scores = score_words(&WeighedQuery::within(&query, &wording), &wording);
        // idf = ln(1 + 1.5 / 1.5) = ln 2; tf (k1 + 1) / (tf + k1) = 1, as both are of mean
        // length: .5 ln 2, and .5 · .7 of that around.
        let said = 0.5 * 2.0_f64.ln();
        assert!(
            (scores[0] - said).abs() < 1e-12 && (scores[1] - 0.35 * said).abs() < 1e-12,
            "{scores:?}"
        );
    }

    #[test]
    fn scores_are_standardised_over_some_rows() {
        // Of 1 and 3 the mean is 2 and the deviation 1; the row left out follows.
        let scores = [1.0, 9.0, 3.0];
        for standard in [Standard::of(&scores, &[0, 2]), Standard::of_sums(2.0, 4.0, 10.0)] {
            for (score, expected) in scores.into_iter().zip([-1.0, 7.0, 1.0]) {
                assert!((standard.at(score) - expected).abs() < 1e-12, "{score}");
            }
        }
        for standard in [Standard::of(&[4.1; 3], &[0, 1, 2]), Standard::of_sums(3.0, 12.3, 50.43)] {
            assert!(standard.at(4.1).abs() < 1e-12 && standard.at(5.0).abs() < 1e-12);
        }
        assert!(Standard::of(&[], &[]).at(1.0).abs() < 1e-12);
    }
}
