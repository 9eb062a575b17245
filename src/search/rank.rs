//! Ranks passages for a question: BM25 in conversational context.

use std::ops::Range;

use super::index::Posting;

/// How passages are ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct RankParams {
    /// How soon repeating a term stops to count.
    pub k1: f64,
    /// How much passages in wordy surroundings are held back, `0.0..=1.0`.
    pub b: f64,
    /// Words over which what was said before fades to a third.
    pub reach: f64,
    /// What is said next to a passage, as a share of what it says itself.
    pub before: f64,
    /// The same for what follows it: a question is answered after it is asked.
    pub after: f64,
    /// Words at which a passage's own length gives it half its score: nobody
    /// looks for "Yeah.".
    pub half_words: f64,
    /// How much the passages of a speaker whom the question names gain.
    pub speaker: f64,
}

impl Default for RankParams {
    fn default() -> Self {
        Self { k1: 3.0, b: 0.5, reach: 600.0, before: 0.7, after: 0.35, half_words: 1.0, speaker: 0.5 }
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
/// A passage's counts are its own and, fading with the words between, those
/// of the passages around it: what a turn is about stands in the turns around
/// it. `favoured` are passages of a speaker whom the question names. Only
/// passages with a score above 0 come back; ties stand in the order of the
/// study.
///
/// # Formula
/// BM25, `Σ weight[t] idf[t] tf' (k1 + 1) / (tf' + k1 (1 - b + b l' / mean l'))`
/// with `idf = ln(1 + (n - df + 0.5) / (df + 0.5))` over the study, and
/// `tf' = tf + before Σ tf[q] e^(-d/reach) + after Σ tf[r] e^(-d/reach)` over
/// the passages `q` before and `r` after in the transcript, `d` words away; `l'`
/// is the passage's length added up in the same way. The sum is scaled by the
/// passage's own words, `n / (n + half_words)`.
///
/// # Source
/// Robertson and Zaragoza (2009), "The probabilistic relevance framework",
/// <https://doi.org/10.1561/1500000019>. The context is ours.
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
    // What is left of a trace after a passage has been said.
    let fade: Vec<f64> = (0..n).map(|at| (-words(at) / params.reach).exp()).collect();

    let context = |own: &[f64]| {
        let mut spread = own.to_vec();
        for range in &ranges {
            let mut before = 0.0;
            for at in range.clone() {
                spread[at] += params.before * before;
                before = (before + own[at]) * fade[at];
            }
            let mut after = 0.0;
            for at in range.clone().rev() {
                spread[at] += params.after * after;
                after = (after + own[at]) * fade[at];
            }
        }
        spread
    };
    let context_words = context(&(0..n).map(words).collect::<Vec<f64>>());
    let mean = context_words.iter().fold(0.0, |sum, x| sum + x) / n.max(1) as f64;
    let n_all = lengths.n_words.len() as f64;
    let mut scores = vec![0.0; n];
    let mut counts = vec![0.0; n];
    for term in terms {
        let df = term.postings.len() as f64;
        let idf = (1.0 + (n_all - df + 0.5) / (df + 0.5)).ln();
        let inside = |posting: &&Posting| (first..end).contains(&(posting.passage as usize));
        counts.fill(0.0);
        for posting in term.postings.iter().filter(inside) {
            counts[posting.passage as usize - first] = f64::from(posting.count);
        }
        for (at, tf) in context(&counts).into_iter().enumerate().filter(|(_, tf)| *tf > 0.0) {
            let held_back = params.k1 * (1.0 - params.b + params.b * context_words[at] / mean.max(1.0));
            scores[at] += term.weight * idf * tf * (params.k1 + 1.0) / (tf + held_back);
        }
    }
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
