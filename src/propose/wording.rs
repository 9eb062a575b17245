//! Passages as all their words say them, alone and within the talk.
//!
//! Counts of words come in, with who talks; two matrices go out: what each passage
//! says, and what it says with the talk around it. Whoever learns from both side by side
//! learns how much the talk around matters for a code.

use std::borrow::Borrow;

use rayon::prelude::*;
use sprs::CsMatI;

use crate::features::context::{ContextParams, TalkPassage};
use crate::features::counts::{TermCounts, count_words};
use crate::features::lsa::WeightMatrix;
use crate::features::space::SpaceParams;
use crate::features::tfidf::{Rarity, tf_idf};
use crate::terms::Analysis;

/// Passages that a word must stand in to count.
pub const MIN_PASSAGES: usize = 2;

/// The words of all passages of a study.
#[derive(Debug, Clone)]
pub struct Wording {
    /// The counts of all words that the passages' own speakers say, shape `(n_passages,
    /// n_words)`.
    pub counts: TermCounts,
    /// Their TF-IDF, rows of length 1 or 0.
    pub own: WeightMatrix,
    /// The same with the talk around each passage, rows of length 1 or 0.
    pub around: WeightMatrix,
    /// What stands around each passage, with its weight.
    pub neighbours: Vec<Vec<(usize, f64)>>,
    /// The words of each passage.
    pub n_words: Vec<u32>,
}

impl Wording {
    /// Weighs the words of all transcripts; `talk` are their passages.
    pub fn of(analyses: &[impl Borrow<Analysis> + Sync], talk: &[TalkPassage]) -> Self {
        let counts = count_words(analyses);
        let rarity = Rarity::of(&counts.counts, MIN_PASSAGES);
        Self::weighed(counts, &rarity, talk)
    }

    /// The same of some transcripts of a study; `n_holding` tells in how many of its
    /// `n_passages` a word stands.
    pub fn within(
        analyses: &[impl Borrow<Analysis> + Sync],
        talk: &[TalkPassage],
        n_holding: impl Fn(&str) -> usize,
        n_passages: usize,
    ) -> Self {
        let counts = count_words(analyses);
        let frequencies = counts.vocabulary.iter().map(|stem| n_holding(stem));
        let rarity = Rarity::of_frequencies(frequencies, n_passages, MIN_PASSAGES);
        Self::weighed(counts, &rarity, talk)
    }

    fn weighed(counts: TermCounts, rarity: &Rarity, talk: &[TalkPassage]) -> Self {
        let own = tf_idf(&counts.counts, rarity);
        let context = SpaceParams::default().context;
        let neighbours = neighbours(talk, &context);
        let around = with_talk(&own, talk, &neighbours);
        let n_words = talk.iter().map(|passage| passage.n_words).collect();
        Self { counts, own, around, neighbours, n_words }
    }

    /// The column of a stem; `None` if nobody says it.
    pub fn column(&self, stem: &str) -> Option<usize> {
        self.counts.vocabulary.binary_search_by(|known| known.as_str().cmp(stem)).ok()
    }
}

fn neighbours(talk: &[TalkPassage], context: &ContextParams) -> Vec<Vec<(usize, f64)>> {
    (0..talk.len()).into_par_iter().map(|at| context.around(at..at + 1, talk)).collect()
}

/// Adds the talk around each passage to its row.
///
/// # Shapes
/// `own` is `(n_passages, n_words)`, and so is the result.
///
/// # Formula
/// `ln(1 + n[p]) x[p] + Σ w[q] ln(1 + n[q]) x[q]` over the passages `q` around `p`, scaled
/// to length 1; `n` are words. It is that of
/// [`place_passages`](crate::features::space::place_passages), before any reduction.
fn with_talk(
    own: &WeightMatrix,
    talk: &[TalkPassage],
    neighbours: &[Vec<(usize, f64)>],
) -> WeightMatrix {
    let rows: Vec<Vec<(u32, f64)>> = (0..talk.len())
        .into_par_iter()
        .map(|at| {
            let mut parts: Vec<(u32, f64)> = Vec::new();
            for (near, weight) in std::iter::once((at, 1.0)).chain(neighbours[at].iter().copied()) {
                let weight = weight * f64::from(talk[near].n_words).ln_1p();
                for (column, &x) in own.outer_view(near).iter().flat_map(|row| row.iter()) {
                    let column = u32::try_from(column).expect("columns are numbered in 32 bits");
                    parts.push((column, weight * f64::from(x)));
                }
            }
            // A stable sort: what is added up is added in the order of the talk.
            parts.sort_by_key(|(column, _)| *column);
            parts.dedup_by(|next, kept| {
                let is_same = next.0 == kept.0;
                kept.1 += if is_same { next.1 } else { 0.0 };
                is_same
            });
            parts
        })
        .collect();
    let (mut starts, mut places, mut values) = (vec![0], Vec::new(), Vec::new());
    for row in rows {
        let length = row.iter().fold(0.0, |sum, (_, x)| sum + x * x).sqrt();
        for (column, x) in row.into_iter().filter(|(_, x)| *x > 0.0) {
            places.push(column);
            values.push(narrow(x / length));
        }
        starts.push(places.len());
    }
    CsMatI::new((talk.len(), own.cols()), starts, places, values)
}

#[expect(clippy::cast_possible_truncation, reason = "weights need no more than seven digits")]
fn narrow(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use sprs::TriMatI;

    #[test]
    fn the_talk_around_is_added_as_worked_by_hand() {
        // A question of 9 words about term 0, its answer of 9 words about term 1.
        let mut triplets = TriMatI::<f32, u32>::new((2, 2));
        triplets.add_triplet(0, 0, 1.0);
        triplets.add_triplet(1, 1, 1.0);
        let passage = |is_asked| TalkPassage { transcript: 0, n_words: 9, is_asked };
        let talk = [passage(true), passage(false)];
        let around =
            with_talk(&triplets.to_csr(), &talk, &neighbours(&talk, &ContextParams::default()));
        // The answer has the question right before it, and as the last that was asked: .7
        // + .7 beside its own 1, so (1.4, 1) / √2.96; the question has .3 of what follows.
        let close = |x: Option<&f32>, y: f64| (f64::from(*x.unwrap()) - y).abs() < 1e-6;
        assert!(close(around.get(1, 0), 1.4 / 2.96_f64.sqrt()), "{around:?}");
        assert!(close(around.get(1, 1), 1.0 / 2.96_f64.sqrt()), "{around:?}");
        assert!(close(around.get(0, 1), 0.3 / 1.09_f64.sqrt()), "{around:?}");
    }
}
