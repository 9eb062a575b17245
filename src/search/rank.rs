//! Ranks passages for a question: BM25 in conversational context.

use std::ops::Range;

use super::index::Posting;

/// How passages are ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct RankParams {
    /// How soon repeating a term inside a passage stops to count.
    pub k1: f64,
    /// How much long passages are held back, `0.0..=1.0`.
    pub b: f64,
    /// How much a passage's own words count beside those around it.
    pub own: f64,
    /// Words over which what stands near a passage fades to a third.
    pub near: f64,
    /// The share of the context that reaches further.
    pub far_share: f64,
    /// Words over which what was said long before fades to a third.
    pub far_before: f64,
    /// The same for what follows: an answer comes after its question.
    pub far_after: f64,
    /// How soon more of a term around a passage stops to count.
    pub k_context: f64,
    /// Words at which a passage's own length gives it half its score: nobody
    /// looks for "Yeah.".
    pub half_words: f64,
    /// How much the passages of a speaker whom the question names gain.
    pub speaker: f64,
}

impl Default for RankParams {
    fn default() -> Self {
        Self {
            k1: 1.2,
            b: 0.5,
            own: 1.5,
            near: 200.0,
            far_share: 0.3,
            far_before: 544.0,
            far_after: 204.0,
            k_context: 3.0,
            half_words: 1.0,
            speaker: 0.5,
        }
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
/// Inside a passage `x[t] = tf (k1 + 1) / (tf + k1 (1 - b + b l / mean l))`, as
/// in BM25. In context `c[t] = Σ x[t][q] ((1 - far_share) e^(-d / near) +
/// far_share e^(-d / far))` over the passages `q` of the transcript, `d` words
/// away from middle to middle, `far` being `far_before` or `far_after`; the passage
/// itself counts `own` times. The score is `Σ weight[t] idf[t] c[t] (k_context + 1) /
/// (c[t] + k_context)` with `idf = ln(1 + (n - df + 0.5) / (df + 0.5))` over the
/// study, times `l / (l + half_words)`. Nearness and reach are a compromise:
/// meetings gain from more context, interviews with short answers from less.
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
    let ranges: Vec<Range<usize>> = lengths.transcripts[within.clone()]
        .iter()
        .map(|range| range.start - first..range.end - first)
        .collect();
    let words = |at: usize| f64::from(lengths.n_words[first + at]);
    let step = |at: usize, reach: f64| (-f64::midpoint(words(at), words(at + 1)) / reach).exp();
    let kernels = [
        (1.0 - params.far_share, params.near, params.near),
        (params.far_share, params.far_before, params.far_after),
    ];
    let steps: Vec<(f64, Vec<f64>, Vec<f64>)> = kernels
        .iter()
        .map(|&(weight, before, after)| {
            let fade = |reach: f64| {
                (0..n.saturating_sub(1)).map(|at| step(at, reach)).collect::<Vec<f64>>()
            };
            (weight, fade(before), fade(after))
        })
        .collect();
    // An exponential kernel needs one pass each way, however far it reaches.
    let context = |own: &[f64]| {
        let mut spread: Vec<f64> = own.iter().map(|x| params.own * x).collect();
        for (weight, before, after) in &steps {
            for range in &ranges {
                let mut sum = 0.0;
                for at in range.clone() {
                    spread[at] += weight * sum;
                    if at + 1 < range.end {
                        sum = (sum + own[at]) * before[at];
                    }
                }
                sum = 0.0;
                for at in range.clone().rev() {
                    spread[at] += weight * sum;
                    if at > range.start {
                        sum = (sum + own[at]) * after[at - 1];
                    }
                }
            }
        }
        spread
    };
    let mean = (0..n).map(words).fold(0.0, |sum, x| sum + x) / n.max(1) as f64;
    let n_all = lengths.n_words.len() as f64;
    let mut scores = vec![0.0; n];
    let mut own = vec![0.0; n];
    for term in terms {
        let df = term.postings.len() as f64;
        let idf = (1.0 + (n_all - df + 0.5) / (df + 0.5)).ln();
        own.fill(0.0);
        for posting in &term.postings {
            let passage = posting.passage as usize;
            if (first..end).contains(&passage) {
                let at = passage - first;
                let tf = f64::from(posting.count);
                let held_back = params.k1 * (1.0 - params.b + params.b * words(at) / mean.max(1.0));
                own[at] = tf * (params.k1 + 1.0) / (tf + held_back);
            }
        }
        for (score, c) in scores.iter_mut().zip(context(&own)) {
            *score += term.weight * idf * c * (params.k_context + 1.0) / (c + params.k_context);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(passage: u32, count: u32) -> Posting {
        Posting { passage, positions: Vec::new(), count }
    }

    fn order(
        terms: &[RankedTerm],
        n_words: &[u32],
        transcripts: &[Range<usize>],
        params: &RankParams,
    ) -> Vec<usize> {
        let lengths = PassageLengths { n_words, transcripts };
        rank(terms, lengths, &(0..transcripts.len()), &|_| false, params)
            .into_iter()
            .map(|(passage, _)| passage)
            .collect()
    }

    #[test]
    fn what_stands_around_a_passage_counts_less_than_what_it_says() {
        let term = RankedTerm { postings: vec![posting(2, 1)], weight: 1.0 };
        // Passage 5 is in another transcript, where nobody says the word.
        let found = order(&[term], &[50; 6], &[0..5, 5..6], &RankParams::default());
        assert_eq!(found, [2, 3, 1, 4, 0]);
    }

    #[test]
    fn a_score_agrees_with_a_case_worked_by_hand() {
        // One passage of 10 words with the word twice, one without; no context reaches far.
        let params = RankParams {
            own: 1.0,
            near: 1e-9,
            far_share: 0.0,
            half_words: 0.0,
            ..RankParams::default()
        };
        let term = RankedTerm { postings: vec![posting(0, 2)], weight: 1.0 };
        let one = [Range { start: 0, end: 2 }];
        let lengths = PassageLengths { n_words: &[10, 10], transcripts: &one };
        let found = rank(&[term], lengths, &(0..1), &|_| false, &params);
        // idf = ln(1 + 1.5/1.5) = 0.693147; x = 2·2.2/(2 + 1.2) = 1.375; x·4/(x + 3) = 1.257143.
        assert_eq!(found.len(), 1);
        assert!((found[0].1 - 2.0_f64.ln() * 1.257_142_857_142_857_2).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_speaker_whom_the_question_names_comes_first() {
        let term = RankedTerm { postings: vec![posting(0, 1), posting(1, 1)], weight: 1.0 };
        let lengths = PassageLengths { n_words: &[30, 30], transcripts: &[0..1, 1..2] };
        let found =
            rank(&[term], lengths, &(0..2), &|passage| passage == 1, &RankParams::default());
        assert_eq!(found.iter().map(|(passage, _)| *passage).collect::<Vec<_>>(), [1, 0]);
    }
}
