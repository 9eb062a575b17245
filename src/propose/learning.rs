//! What a code is, learnt from what people decided.
//!
//! Passages that carry a code and passages that do not come in, with the words of its
//! name; a score for every passage and the curve of its probability go out.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::calibration::Curve;
use super::coded::Coded;
use super::logistic::{Example, LogisticParams, Rows, fit};
use super::name::{Query, Standard, WeighedQuery, score_words};
use super::wording::Wording;
use crate::corpus::Matching;

/// Quotations from which on a code is learnt from, and not guessed by its words.
pub const ENOUGH_QUOTATIONS: usize = 3;
/// Parts of the transcripts that are left out, one after the other, to see what scores
/// are worth.
const N_FOLDS: usize = 5;
/// How much a code's name counts beside one passage that carries it, and the number of
/// those that halves it.
const NAME: (f64, f64) = (0.6, 6.0);
/// Words at which a passage's own length costs half the odds of a long one: "Yeah." is
/// about whatever is around it.
const HALF_WORDS: f64 = 2.0;

/// What a passage gains that matches the rule that a person keeps with the code. The curve
/// is fitted without it: a rule is often made of the very quotations that would prove it.
const RULE: f64 = 0.5;

/// What was learnt about a code.
#[derive(Debug, Clone)]
pub struct Learnt {
    /// By passage of the study, how much it is like those that carry the code; no unit.
    pub scores: Vec<f64>,
    /// The probability of a score.
    pub curve: Curve,
    /// Whether it is too little to promise a probability.
    pub is_rough: bool,
    /// By word: what it adds when a passage says it, and when it is said around. Both
    /// empty if nothing was learnt from passages.
    pub weights: [Vec<f64>; 2],
    /// By passage, how much of the code's own words it and the talk around it say.
    pub by_name: Vec<f64>,
    /// Passages that people judged, each as it is judged without its transcript.
    pub left_out: Vec<LeftOut>,
}

/// A passage that people judged, and what is learnt of it from other transcripts alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// The passage.
    pub passage: usize,
    /// How probably it carries the code, by words and by a curve that were learnt without
    /// its transcript; by stretches of the talk if there is one transcript only.
    pub probability: f64,
    /// Whether people gave it the code.
    pub is_coded: bool,
}

/// The passages of a study to learn on.
#[derive(Debug, Clone, Copy)]
pub struct Passages<'a> {
    /// Their words.
    pub wording: &'a Wording,
    /// Those of participants, in order: scores are compared among these.
    pub participants: &'a [usize],
    /// By passage, its transcript.
    pub transcripts: &'a [u32],
}

/// Learns a code.
///
/// # Formula
/// The score of a passage is `z(x · w) + 0.6 · 6 / (6 + n) · z(name) + ln(l / (l + 2))`: `w` are
/// the weights of a logistic regression on the passage's words, alone and with the talk
/// around it; `name` is BM25 for the code's words; `z` are standard deviations over the
/// passages of participants, `n` passages that carry the code, and `l` the words of the
/// passage. With no passage to learn from it is `z(name) + ln(l / (l + 2))`. A passage that
/// matches the code's rule has 0.5 more. The
/// probability is read off a curve that is fitted to the scores of fifths of the
/// transcripts, each learnt without that fifth; with fewer than three quotations it is
/// [`Curve::OF_WORDS`].
pub fn learn(
    passages: Passages<'_>,
    query: &Query,
    coded: &Coded,
    rule: Option<&Matching>,
) -> Learnt {
    let Passages { wording, participants, transcripts } = passages;
    let by_name = score_words(&WeighedQuery::within(query, wording), wording);
    let name = Standard::of(&by_name, participants);
    let lessons = Lessons::new(wording, transcripts, coded);
    let scores = |weights: &Option<Vec<f64>>| -> Vec<f64> {
        let like = likeness(wording, weights.as_deref());
        let scale = lessons.scale(Standard::of(&like, participants), name);
        let places = wording.n_words.iter().zip(like.iter().zip(&by_name));
        places.map(|(&n, (&like, &name))| scale.score(like, name, n)).collect()
    };
    let mut scored: Vec<Vec<f64>> = lessons.weights.par_iter().map(scores).collect();
    let Judgement { curve, is_rough, left_out } = lessons.judge(|fit, row| scored[fit][row]);
    let mut scores = scored.swap_remove(0);
    for &passage in rule.into_iter().flat_map(Matching::keys) {
        scores[passage] += RULE;
    }
    let n_words = wording.own.cols();
    let weights = lessons.weights[0].as_ref().map_or_else(Default::default, |weights| {
        [weights[..n_words].to_vec(), weights[n_words..2 * n_words].to_vec()]
    });
    Learnt { scores, curve, is_rough, weights, by_name, left_out }
}

/// What the examples of a code teach, before it is known how scores spread over a study.
#[derive(Debug, Clone)]
pub struct Lessons {
    examples: Vec<Example>,
    /// By example, the part that it is left out with.
    folds: Vec<usize>,
    n_with: usize,
    n_quotations: usize,
    /// The weights of the words, alone and with the talk around, and of all: learnt from all
    /// examples, then without each part. None where there is nothing to tell apart.
    pub weights: Vec<Option<Vec<f64>>>,
}

/// How the parts of a score are put together: see [`learn`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    like: Standard,
    name: Standard,
    of_name: f64,
}

/// What scores are worth.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The probability of a score.
    pub curve: Curve,
    /// Whether it is too little to promise a probability.
    pub is_rough: bool,
    /// Each example as it is judged without its part.
    pub left_out: Vec<LeftOut>,
}

impl Lessons {
    /// Learns from what was decided about a code; `wording` are the words at least of the
    /// passages that it names, and `transcripts` tells of each the transcript.
    pub fn new(wording: &Wording, transcripts: &[u32], coded: &Coded) -> Self {
        let examples = examples(coded);
        let folds = folds(&examples, transcripts);
        let n_folds = folds.iter().max().map_or(0, |fold| fold + 1);
        let known = |without: Option<usize>| -> Vec<Example> {
            let is_known = |(_, fold): &(&Example, &usize)| Some(**fold) != without;
            examples.iter().zip(&folds).filter(is_known).map(|(example, _)| *example).collect()
        };
        let rows = Rows { blocks: [&wording.own, &wording.around] };
        // The fits share nothing, and each is the same on any thread.
        let weights = std::iter::once(None)
            .chain((0..n_folds).map(Some))
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|without| fit(&rows, &known(without), &LogisticParams::default()))
            .collect();
        let (n_with, n_quotations) = (coded.with.len(), coded.n_quotations);
        Self { examples, folds, n_with, n_quotations, weights }
    }

    /// How scores are made where they spread like this.
    pub fn scale(&self, like: Standard, name: Standard) -> Scale {
        let (most, half) = NAME;
        let of_name =
            if self.n_with == 0 { 1.0 } else { most * half / (half + self.n_with as f64) };
        Scale { like, name, of_name }
    }

    /// What scores are worth; `score` tells that of an example by one of the
    /// [`weights`](Self::weights).
    pub fn judge(&self, score: impl Fn(usize, usize) -> f64) -> Judgement {
        let scored: Vec<(f64, bool)> = (self.examples.iter().zip(&self.folds))
            .map(|(example, fold)| (score(fold + 1, example.row), example.is_one))
            .collect();
        let left_out = judged(&self.examples, &self.folds, &scored);
        let is_rough = self.n_quotations < ENOUGH_QUOTATIONS;
        let fit = if is_rough { None } else { Curve::fit(&scored) };
        let is_rough = is_rough || fit.is_none();
        Judgement { curve: fit.unwrap_or(Curve::OF_WORDS), is_rough, left_out }
    }
}

impl Scale {
    /// The score of a passage of `n_words`: how like those with the code it is, and how much
    /// it says of the code's words.
    pub fn score(&self, like: f64, name: f64, n_words: u32) -> f64 {
        let n = f64::from(n_words.max(1));
        self.like.at(like) + self.of_name * self.name.at(name) + (n / (n + HALF_WORDS)).ln()
    }
}

/// By passage, how much it is like those that carry a code; all 0 without weights.
pub fn likeness(wording: &Wording, weights: Option<&[f64]>) -> Vec<f64> {
    let rows = Rows { blocks: [&wording.own, &wording.around] };
    let n = wording.n_words.len();
    weights.map_or_else(
        || vec![0.0; n],
        |weights| (0..n).map(|row| rows.product(row, weights)).collect(),
    )
}

/// Examples with the probabilities of scores that were learnt without them, by curves that
/// were fitted without them too; `scored` are their scores, and whether each is one.
fn judged(examples: &[Example], folds: &[usize], scored: &[(f64, bool)]) -> Vec<LeftOut> {
    let n_folds = folds.iter().max().map_or(0, |fold| fold + 1);
    let without = |fold: usize| {
        let others = scored.iter().zip(folds).filter(|(_, other)| **other != fold);
        Curve::fit(&others.map(|(scored, _)| *scored).collect::<Vec<_>>())
    };
    let curves: Vec<Curve> =
        (0..n_folds).map(|fold| without(fold).unwrap_or(Curve::OF_WORDS)).collect();
    let judged = examples.iter().zip(folds).zip(scored);
    judged
        .map(|((example, &fold), &(score, _))| LeftOut {
            passage: example.row,
            probability: curves[fold].at(score),
            is_coded: example.is_one,
        })
        .collect()
}

/// The passages that teach a code, in the order of the study.
fn examples(coded: &Coded) -> Vec<Example> {
    let with = coded.with.keys().map(|&row| Example { row, is_one: true });
    let without = coded.without.iter().map(|&row| Example { row, is_one: false });
    let mut examples: Vec<Example> = with.chain(without).collect();
    examples.sort_unstable_by_key(|example| example.row);
    examples
}

/// By example, the part that it is left out with: whole transcripts, dealt out in turn;
/// stretches of the talk if there is one transcript only.
fn folds(examples: &[Example], transcripts: &[u32]) -> Vec<usize> {
    let mut seen: Vec<u32> = examples.iter().map(|example| transcripts[example.row]).collect();
    seen.dedup();
    if seen.len() == 1 {
        return (0..examples.len()).map(|at| at * N_FOLDS / examples.len()).collect();
    }
    let place = |example: &Example| {
        seen.partition_point(|&transcript| transcript < transcripts[example.row]) % N_FOLDS
    };
    examples.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_judged_by_a_curve_that_has_not_seen_it() {
        let examples: Vec<Example> =
            (0..4).map(|row| Example { row, is_one: row % 2 == 0 }).collect();
        let scored = [(3.0, true), (0.0, false), (5.0, true), (1.0, false)];
        let judged = judged(&examples, &[0, 0, 1, 1], &scored);
        // The first two by the curve through the last two, and the other way round.
        let curves = [Curve::fit(&scored[2..]).unwrap(), Curve::fit(&scored[..2]).unwrap()];
        for (at, one) in judged.iter().enumerate() {
            let expected = curves[at / 2].at(scored[at].0);
            assert_eq!((one.passage, one.is_coded), (at, at % 2 == 0));
            assert!((one.probability - expected).abs() < 1e-12, "{one:?}");
        }
    }

    #[test]
    fn whole_transcripts_are_left_out_and_stretches_of_a_single_one() {
        let examples: Vec<Example> = (0..8).map(|row| Example { row, is_one: row == 0 }).collect();
        assert_eq!(folds(&examples, &[0, 0, 1, 3, 4, 6, 7, 7]), [0, 0, 1, 2, 3, 4, 0, 0]);
        assert_eq!(folds(&examples, &[2; 8]), [0, 0, 1, 1, 2, 3, 3, 4]);
        assert_eq!(folds(&[], &[]), [0; 0]);
    }
}
