//! Ranks passages for a question: BM25 in conversational context.

use std::ops::Range;

use super::index::Posting;

/// How passages are ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct RankParams {
    /// How soon repeating a term stops to count.
    pub k1: f64,
    /// How much long passages are held back, `0.0..=1.0`.
    pub b: f64,
    /// a
    pub alpha: f64, /// a
    pub tau: f64, /// a
    pub alpha2: f64, /// a
    pub tau2: f64, /// a
    pub cover: f64, /// a
    pub back: f64, /// a
    pub idfp: f64,
    /// Words at which a passage's own length gives it half its score: nobody
    /// looks for "Yeah.".
    pub half_words: f64,
    /// How much a matched speaker's own passages gain.
    pub speaker: f64,
}

impl Default for RankParams {
    fn default() -> Self {
        let env = |name: &str, value: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(value);
        Self { alpha: env("LM_ALPHA", 0.7), tau: env("LM_TAU", 100.0), alpha2: env("LM_ALPHA2", 0.0), tau2: env("LM_TAU2", 400.0), cover: env("LM_COVER", 0.0), back: env("LM_BACK", 1.0), idfp: env("LM_IDFP", 1.0), k1: env("LM_K1", 1.2), b: env("LM_B", 0.5), half_words: env("LM_HALF", 10.0), speaker: env("LM_SPK", 0.5) }
    }
}

/// A term of a question with the passages that hold it.
#[derive(Debug, Clone)]
pub struct RankedTerm {
    /// Its passages, in order.
    pub postings: Vec<Posting>,
    /// How much the question is about it, beside its rarity; 1 as a rule.
    pub weight: f64,
}

/// The passages of a study as far as ranking goes.
#[derive(Debug, Clone, Copy)]
pub struct PassageLengths<'a> {
    /// Words of each passage.
    pub n_words: &'a [u32],
    /// The passages of each transcript; contexts end where they do.
    pub transcripts: &'a [Range<usize>],
}

/// Scores the passages of the transcripts `within` for a question, best first.
///
/// A passage's counts are its own and, with weights falling with distance,
/// those of the passages around it: what a turn is about stands in the turns
/// around it. `favoured` are passages of a speaker whom the question names.
/// Only passages with a score above 0 come back; ties stand in the order of
/// the study.
///
/// # Formula
/// BM25, `Σ idf[t] tf' (k1 + 1) / (tf' + k1 (1 - b + b l' / mean l'))` with
/// `tf'` and `l'` added up over the context by its weights.
///
/// # Source
/// Robertson and Zaragoza (2009), "The probabilistic relevance framework",
/// <https://doi.org/10.1561/1500000019>.
pub fn rank(
    terms: &[RankedTerm],
    lengths: PassageLengths<'_>,
    within: &Range<usize>,
    favoured: &dyn Fn(usize) -> bool,
    params: &RankParams,
) -> Vec<(usize, f64)> {
    let first = lengths.transcripts.get(within.start).map_or(0, |range| range.start);
    let end = lengths.transcripts[within.clone()].last().map_or(first, |range| range.end);
    let n = end - first;
    let ranges: Vec<Range<usize>> =
        lengths.transcripts[within.clone()].iter().map(|range| range.start - first..range.end - first).collect();
    let words = |at: usize| f64::from(lengths.n_words[first + at]);

    let spread = |own: &[f64], alpha: f64, tau: f64, out: &mut [f64]| {
        for range in &ranges {
            let mut sum = 0.0;
            for at in range.clone() {
                out[at] += alpha * sum;
                sum = (sum + own[at]) * (-words(at) / tau).exp();
            }
            sum = 0.0;
            for at in range.clone().rev() {
                out[at] += alpha * params.back * sum;
                sum = (sum + own[at]) * (-words(at) / tau).exp();
            }
        }
    };
    let context = |own: &[f64]| {
        let mut out = own.to_vec();
        spread(own, params.alpha, params.tau, &mut out);
        if params.alpha2 > 0.0 { spread(own, params.alpha2, params.tau2, &mut out); }
        out
    };
    let all_words: Vec<f64> = (0..n).map(words).collect();
    let context_words = context(&all_words);
    let mean = context_words.iter().fold(0.0, |sum, x| sum + x) / n.max(1) as f64;
    let mut scores = vec![0.0; n];
    let mut covered = vec![0.0; n];
    let mut all_weight = 0.0;
    let n_all = lengths.n_words.len() as f64;
    for term in terms {
        let df = term.postings.len() as f64;
        let idf = (1.0 + (n_all - df + 0.5) / (df + 0.5)).ln().powf(params.idfp);
        let mut counts = vec![0.0; n];
        let mut any = false;
        for posting in &term.postings {
            let passage = posting.passage as usize;
            if (first..end).contains(&passage) {
                counts[passage - first] = f64::from(posting.count);
                any = true;
            }
        }
        if !any { continue; }
        all_weight += term.weight * idf;
        for (at, tf) in context(&counts).into_iter().enumerate() {
            let held_back = params.k1 * (1.0 - params.b + params.b * context_words[at] / mean.max(1.0));
            scores[at] += term.weight * idf * tf * (params.k1 + 1.0) / (tf + held_back);
            covered[at] += term.weight * idf * (tf / (tf + 0.3));
        }
    }
    for at in 0..n { scores[at] *= (covered[at] / all_weight.max(1e-9)).powf(params.cover); }
    let mut ranked: Vec<(usize, f64)> = (0..n)
        .filter(|&at| scores[at] > 0.0)
        .map(|at| {
            let length = words(at) / (words(at) + params.half_words);
            let speaker = if favoured(first + at) { 1.0 + params.speaker } else { 1.0 };
            (first + at, scores[at] * length * speaker)
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked
}
