//! A space in which passages about the same thing lie near each other.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut1, Axis};
use rayon::prelude::*;

use super::context::{ContextParams, TalkPassage};
use super::lsa::{Lsa, Singular, WeightMatrix, product};
use super::tfidf::Rarity;
use crate::base::{Progress, Seed, Stopped};

/// How passages become points.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpaceParams {
    /// Singular directions that are kept.
    pub dimensions: usize,
    /// The power of the singular values by which directions are scaled. Above
    /// 1 the leading directions, which recur in every subset of interviews,
    /// outweigh the many faint ones, so that no cut-off need be chosen.
    pub damping: f64,
    /// How much the talk around a passage counts.
    pub context: ContextParams,
    /// How much the meaning of words counts beside which words go together in the study,
    /// `0.0..=1.0`. Between 0.4 and 0.8 agreement with human coders hardly changes. Shuffled
    /// meanings agree less on three of four coded studies (`benches/RESULTS.md`).
    pub meaning: f64,
    /// The power of how much oftener than by chance a term comes back near by
    /// ([`Recurrence`](super::recurrence::Recurrence)) by which it is weighed: 0 would be not at
    /// all. At 0.5 quotes that share a human code lie nearer each other on each of four coded
    /// studies; at 1 not more (`benches/RESULTS.md`).
    pub recurrence: f64,
    /// Passages that a term must stand in to count.
    pub min_passages: usize,
    /// Start of the random basis.
    pub seed: Seed,
}

impl Default for SpaceParams {
    fn default() -> Self {
        Self {
            dimensions: 100,
            damping: 1.5,
            context: ContextParams::default(),
            meaning: 0.4,
            recurrence: 0.5,
            min_passages: 2,
            seed: Seed(0),
        }
    }
}

/// Where passages lie, and what places words among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    /// The points of the passages, shape `(n_passages, rank + n_numbers)`.
    pub points: Array2<f32>,
    /// What one unit of a term's weight adds to a passage without its
    /// context, shape `(n_terms, rank)`: `V S^(damping - 1)`.
    pub directions: Array2<f32>,
}

/// Where the passages of a study lie, and what places further words there.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct StudySpace {
    /// The points of all passages, shape `(n_passages, rank + n_numbers)`.
    #[serde(with = "dense")]
    pub points: Array2<f32>,
    /// See [`Space::directions`]; a row for each of `vocabulary`.
    #[serde(with = "dense")]
    pub directions: Array2<f32>,
    /// The stems, in alphabetical order.
    pub vocabulary: Vec<String>,
    /// How rare they are.
    pub rarity: Rarity,
}

impl StudySpace {
    /// Counts of known stems become weights; see [`Rarity::weigh`].
    pub fn weigh(&self, counts: &BTreeMap<String, u32>) -> Vec<(u32, f64)> {
        let place = |stem: &String| self.vocabulary.binary_search(stem).ok();
        let counts = counts.iter().filter_map(|(stem, &count)| Some((place(stem)?, count)));
        self.rarity.weigh(counts)
    }
}

/// Matrices in the stored format: shape and values, row by row.
mod dense {
    use ndarray::Array2;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize + Clone, S: Serializer>(
        matrix: &Array2<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let rows = matrix.as_standard_layout();
        (matrix.dim(), rows.as_slice().unwrap_or_default()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Array2<T>, D::Error> {
        let (shape, values) = <((usize, usize), Vec<T>)>::deserialize(deserializer)?;
        Array2::from_shape_vec(shape, values).map_err(D::Error::custom)
    }
}

/// Adds what weighted terms of `n_words` words place somewhere, times
/// `weight`, to a point that is not yet scaled.
pub fn add_words(
    point: &mut ArrayViewMut1<'_, f64>,
    directions: &ArrayView2<'_, f32>,
    terms: &[(u32, f64)],
    n_words: u32,
    weight: f64,
) {
    let length = weight * f64::from(n_words).ln_1p();
    for &(term, of_term) in terms {
        for (target, &x) in point.iter_mut().zip(directions.row(term as usize)) {
            *target += length * of_term * f64::from(x);
        }
    }
}

/// Places passages so that those about the same thing lie near each other.
///
/// # Shapes
/// `weights` is `(n_passages, n_terms)`, `meanings` `(n_terms, n_numbers)`; `talk` has one
/// entry a passage, in the order of the talk. The points are `(n_passages, rank + n_numbers)`,
/// rows of length 1, or 0 where neither the passage nor its context has a term.
///
/// # Formula
/// With `U S Vᵀ` the truncated singular value decomposition of `weights`,
/// `x[p] = ln(1 + n_words[p]) * U[p] S^damping`, and `y[p] = ln(1 + n_words[p]) *
/// weights[p] meanings`. Both are added up over the passages around `p`,
/// `x[p] + Σ w[q] x[q]` (see [`ContextParams`]), and scaled to length 1; the point is
/// `√(1 - m) x` and, behind it, `√m y`, so that the likeness of two passages is
/// `(1 - m) cos x + m cos y`. Where one of the two is empty the other counts alone.
/// Questions are passages too, so an answer lies near what was asked. One-word turns say
/// little and weigh little.
///
/// # Errors
/// [`Stopped`] if `progress` says so.
pub fn place_passages(
    weights: &WeightMatrix,
    meanings: &Array2<f64>,
    talk: &[TalkPassage],
    params: &SpaceParams,
    progress: &dyn Progress,
) -> Result<Space, Stopped> {
    let lsa = Lsa::fit(weights, params.dimensions, params.seed, progress)?;
    let directions = damped(lsa.right, &lsa.values, params);
    let mut by_words = lsa.left;
    for (mut column, value) in by_words.axis_iter_mut(Axis(1)).zip(&lsa.values) {
        column *= value.powf(params.damping);
    }
    progress.go_on()?;
    let points = in_context(by_words, (weights, meanings), talk, params);
    Ok(Space { points, directions: directions.mapv(narrow) })
}

/// What one unit of a term's weight adds: `V S^(damping - 1)`.
fn damped(mut right: Array2<f64>, values: &[f64], params: &SpaceParams) -> Array2<f64> {
    for (mut column, value) in right.axis_iter_mut(Axis(1)).zip(values) {
        column *= value.powf(params.damping - 1.0);
    }
    right
}

/// What places passages, once the singular vectors are known: part by part of a study, where
/// a part holds whole transcripts.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Placing {
    /// See [`Space::directions`].
    #[serde(with = "dense")]
    directions: Array2<f64>,
    /// See [`place_passages`].
    #[serde(with = "dense")]
    meanings: Array2<f64>,
    params: SpaceParams,
}

impl Placing {
    /// By the singular vectors of all weights, and what terms mean.
    pub fn new(singular: Singular, meanings: Array2<f64>, params: SpaceParams) -> Self {
        let directions = damped(singular.right, &singular.values, &params);
        Self { directions, meanings, params }
    }

    /// How many terms it knows.
    pub fn n_terms(&self) -> usize {
        self.directions.nrows()
    }

    /// How many numbers a point has.
    pub fn n_dimensions(&self) -> usize {
        self.directions.ncols() + self.meanings.ncols()
    }

    /// Where passages of whole transcripts lie; see [`place_passages`], which says the same
    /// but for rounding: `U S = A V`.
    pub fn place(&self, weights: &WeightMatrix, talk: &[TalkPassage]) -> Array2<f32> {
        let by_words = product(weights.view(), &self.directions);
        in_context(by_words, (weights, &self.meanings), talk, &self.params)
    }
}

/// Points of passages by the words that each says by itself, which are not scaled yet, and by
/// what the words mean.
fn in_context(
    mut by_words: Array2<f64>,
    (weights, meanings): (&WeightMatrix, &Array2<f64>),
    talk: &[TalkPassage],
    params: &SpaceParams,
) -> Array2<f32> {
    let mut points = Array2::<f32>::zeros((talk.len(), by_words.ncols() + meanings.ncols()));
    // Transcript by transcript, since context reaches no further: what the words of all mean
    // would take as much memory as the points.
    let (mut rest, mut rest_words) = (points.view_mut(), by_words.view_mut());
    let mut parts = Vec::new();
    let mut end = 0;
    for of_one in talk.chunk_by(|a, b| a.transcript == b.transcript) {
        let (points, later) = rest.split_at(Axis(0), of_one.len());
        let (words, later_words) = rest_words.split_at(Axis(0), of_one.len());
        (rest, rest_words) = (later, later_words);
        let rows = end..end + of_one.len();
        end = rows.end;
        parts.push((rows, of_one, points, words));
    }
    parts.into_par_iter().for_each(|(rows, talk, mut points, mut by_words)| {
        let mut by_meaning = product(weights.slice_outer(rows), meanings);
        let rows = by_words.axis_iter_mut(Axis(0)).zip(by_meaning.axis_iter_mut(Axis(0)));
        for ((mut words, mut meaning), passage) in rows.zip(talk) {
            let length = f64::from(passage.n_words).ln_1p();
            words *= length;
            meaning *= length;
        }
        let (by_words, by_meaning) = (by_words.view(), by_meaning.view());
        points.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(at, mut point)| {
            let around = params.context.around(at..at + 1, talk);
            let (words, meaning) = (unit(&by_words, at, &around), unit(&by_meaning, at, &around));
            let share = match (&words, &meaning) {
                (Some(_), Some(_)) => params.meaning,
                (_, None) => 0.0,
                (None, _) => 1.0,
            };
            let scaled = |part: Option<Array1<f64>>, own: &ArrayView2<'_, f64>, share: f64| {
                part.unwrap_or_else(|| Array1::zeros(own.ncols())) * share.sqrt()
            };
            let words = scaled(words, &by_words, 1.0 - share);
            let meaning = scaled(meaning, &by_meaning, share);
            for (target, x) in point.iter_mut().zip(words.into_iter().chain(meaning)) {
                *target = narrow(x);
            }
        });
    });
    points
}

/// A row with those `around` it, scaled to length 1; none if all are empty.
fn unit(own: &ArrayView2<'_, f64>, at: usize, around: &[(usize, f64)]) -> Option<Array1<f64>> {
    let mut sum = own.row(at).to_owned();
    for &(near, weight) in around {
        sum.scaled_add(weight, &own.row(near));
    }
    let length = sum.dot(&sum).sqrt();
    (length > 0.0).then(|| sum / length)
}

#[expect(clippy::cast_possible_truncation, reason = "likeness needs no more than seven digits")]
fn narrow(x: f64) -> f32 {
    x as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use sprs::TriMatI;

    fn passage((transcript, n_words, is_asked): (u32, u32, bool)) -> TalkPassage {
        TalkPassage { transcript, n_words, is_asked }
    }

    #[test]
    fn a_short_answer_lies_near_its_question() {
        // Four passages: question about term 0, an answer without a word of it,
        // and the same in another transcript about term 1.
        let mut triplets = TriMatI::<f32, u32>::new((4, 3));
        for (row, column) in [(0, 0), (2, 1), (1, 2), (3, 2)] {
            triplets.add_triplet(row, column, 1.0);
        }
        let points = placed(
            &triplets.to_csr(),
            &Array2::zeros((3, 0)),
            &[(0, 9, true), (0, 3, false), (1, 9, true), (1, 3, false)].map(passage),
            &SpaceParams::default(),
        )
        .points;
        let likeness = |a: usize, b: usize| points.row(a).dot(&points.row(b));
        assert!(likeness(1, 0) > 0.9 && likeness(1, 0) > likeness(1, 2), "{points}");
        assert!((likeness(3, 3) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn words_are_placed_where_a_passage_of_them_lies() {
        let mut triplets = TriMatI::<f32, u32>::new((4, 3));
        for (row, column, weight) in
            [(0, 0, 0.8), (0, 1, 0.6), (1, 1, 1.0), (2, 2, 1.0), (3, 2, 0.6), (3, 0, 0.8)]
        {
            triplets.add_triplet(row, column, weight);
        }
        // Without context, each passage alone in its transcript.
        let alone = [0, 1, 2, 3].map(|transcript| passage((transcript, 5, false)));
        let space =
            placed(&triplets.to_csr(), &Array2::zeros((3, 0)), &alone, &SpaceParams::default());
        let mut point = ndarray::Array1::zeros(space.points.ncols());
        let terms = [(0, 0.8), (1, 0.6)];
        add_words(&mut point.view_mut(), &space.directions.view(), &terms, 5, 1.0);
        let length = point.dot(&point).sqrt();
        for (x, y) in point.iter().zip(space.points.row(0)) {
            assert!((x / length - f64::from(*y)).abs() < 1e-5, "{point} {}", space.points);
        }
    }

    #[test]
    fn passages_that_say_the_same_in_other_words_lie_nearer() {
        // Each of four passages has a word of its own; those of 0 and 1 mean the same, the
        // meaning of 2 is between that and another, that of 3 is not known.
        let mut triplets = TriMatI::<f32, u32>::new((4, 4));
        for row in 0..4 {
            triplets.add_triplet(row, row, 1.0);
        }
        let meanings = ndarray::array![[1.0, 0.0], [1.0, 0.0], [0.6, 0.8], [0.0, 0.0]];
        let alone = [0, 1, 2, 3].map(|transcript| passage((transcript, 5, false)));
        let params = SpaceParams { meaning: 0.4, ..SpaceParams::default() };
        let points = placed(&triplets.to_csr(), &meanings, &alone, &params).points;
        let likeness = |a: usize, b: usize| points.row(a).dot(&points.row(b));
        // 0.6 · 0 + 0.4 · 1, and 0.6 · 0 + 0.4 · 0.6.
        assert!((likeness(0, 1) - 0.4).abs() < 1e-6, "{points}");
        assert!((likeness(0, 2) - 0.24).abs() < 1e-6, "{points}");
        assert!(likeness(0, 3).abs() < 1e-6, "{points}");
        assert!((0..4).all(|at| (likeness(at, at) - 1.0).abs() < 1e-6), "{points}");
    }

    fn placed(
        weights: &WeightMatrix,
        meanings: &Array2<f64>,
        talk: &[TalkPassage],
        params: &SpaceParams,
    ) -> Space {
        place_passages(weights, meanings, talk, params, &|_, _| {}).unwrap()
    }
}
