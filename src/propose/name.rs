//! A code's own words as a query: where they are said, or said around.
//!
//! The words of a name and a definition come in; a score for each passage goes out.

use std::collections::BTreeMap;

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

/// Scores all passages for a code's words.
///
/// # Formula
/// `s[p] + 0.5 Σ w[q] s[q]` over the passages `q` around `p`, with `s = Σ weight[t] idf[t] tf
/// (k1 + 1) / (tf + k1 (1 - b + b n / mean n))` and `idf = ln(1 + (N - df + 0.5) / (df +
/// 0.5))`; `n` are the words of a passage.
///
/// # Source
/// Robertson and Zaragoza (2009), "The probabilistic relevance framework",
/// <https://doi.org/10.1561/1500000019>. What stands around is ours.
pub fn score_words(query: &Query, wording: &Wording) -> Vec<f64> {
    let n_passages = wording.n_words.len();
    let said: Vec<f64> =
        wording.n_words.iter().filter(|&&n| n > 0).map(|&n| f64::from(n)).collect();
    let mean = said.iter().fold(0.0, |sum, n| sum + n) / (said.len().max(1) as f64);
    let mut own = vec![0.0; n_passages];
    for (stem, weight) in query {
        let Some(column) = wording.column(stem) else { continue };
        let found: Vec<(usize, f64)> = (0..n_passages)
            .filter_map(|row| Some((row, f64::from(*wording.counts.counts.get(row, column)?))))
            .collect();
        let df = found.len() as f64;
        let idf = (1.0 + (n_passages as f64 - df + 0.5) / (df + 0.5)).ln();
        for (row, tf) in found {
            let length = 1.0 - B + B * f64::from(wording.n_words[row]) / mean;
            own[row] += weight * idf * tf * (K1 + 1.0) / (tf + K1 * length);
        }
    }
    let with_around = |(row, around): (usize, &Vec<(usize, f64)>)| {
        own[row] + AROUND * around.iter().fold(0.0, |sum, (near, weight)| sum + weight * own[*near])
    };
    wording.neighbours.iter().enumerate().map(with_around).collect()
}

/// Scores as distances from their mean over `rows`, in standard deviations; all 0 if they
/// do not differ.
pub fn standardised(scores: &[f64], rows: &[usize]) -> Vec<f64> {
    let n = rows.len().max(1) as f64;
    let mean = rows.iter().fold(0.0, |sum, &row| sum + scores[row]) / n;
    let squares = rows.iter().fold(0.0, |sum, &row| sum + (scores[row] - mean).powi(2));
    let deviation = (squares / n).sqrt();
    if deviation < f64::EPSILON {
        return vec![0.0; scores.len()];
    }
    scores.iter().map(|score| (score - mean) / deviation).collect()
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
        let scores = score_words(&query, &wording);
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
        assert_eq!(standardised(&[1.0, 9.0, 3.0], &[0, 2]), [-1.0, 7.0, 1.0]);
        assert_eq!(standardised(&[4.0, 4.0], &[0, 1]), [0.0, 0.0]);
        assert_eq!(standardised(&[], &[]), [0.0; 0]);
    }
}
