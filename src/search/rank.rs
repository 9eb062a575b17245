//! Ranks passages for a question: BM25 in conversational context.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use fixedbitset::FixedBitSet;
use rayon::prelude::*;

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
    /// What two words that follow each other as in the question count, beside 1 for each
    /// of them.
    pub pairs: f64,
}

impl RankParams {
    /// What questions to a whole study are ranked with: who says it, and where, is what
    /// is looked for, so a passage's own words count most.
    pub const ACROSS: Self = Self {
        k1: 1.2,
        b: 0.5,
        own: 3.0,
        near: 100.0,
        far_share: 0.3,
        far_before: 544.0,
        far_after: 204.0,
        k_context: 3.0,
        half_words: 1.0,
        pairs: 0.3,
    };

    /// What questions to one transcript are ranked with: the stretch of talk about it is
    /// looked for, so context reaches far.
    pub const WITHIN: Self =
        Self { own: 1.5, near: 400.0, far_share: 0.5, pairs: 0.15, ..Self::ACROSS };
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
    /// The passages of each transcript, which follow each other; contexts end where they do.
    pub transcripts: &'a [Range<usize>],
}

/// By what each passage's score is multiplied.
#[derive(Debug, Clone)]
pub struct Gains<'a> {
    /// For each passage of the study.
    pub all: &'a [f64],
    /// By transcript: in place of these, for each of its passages.
    pub own: BTreeMap<usize, Vec<f64>>,
    /// None is greater.
    pub most: f64,
}

/// What limits and shifts a ranking.
#[derive(Debug, Clone)]
pub struct RankScope<'a> {
    /// The transcripts to look in.
    pub within: Range<usize>,
    /// The only passages that may come back, if not all.
    pub allowed: Option<&'a FixedBitSet>,
    /// By what each passage's score is multiplied, if by anything.
    pub gains: Option<&'a Gains<'a>>,
    /// The most passages that come back; 0 for all.
    pub limit: usize,
    /// Beyond the limit come back all that have this share of the best score; none if it is
    /// above 1.
    pub share: f64,
}

/// Terms whose contexts are summed up side by side.
const LANES: usize = 4;
/// How many transcripts are scored before others are left out that cannot come near them.
const SCORED_FIRST: usize = 16;
/// Above what is reckoned to be the best that a transcript can reach, a score may be rounded.
const ROUNDED: f64 = 1.0 + 1e-9;
/// Distances between passages up to which the kernels are tabled, in half words.
const TABLED: usize = 1024;

/// Scores passages for a question, best first.
///
/// A passage's counts are its own and, fading with the words between, those
/// of the passages around it: what a turn is about stands in the turns around
/// it. Only passages with a score above 0 come back; ties stand in the order
/// of the study.
///
/// # Formula
/// Inside a passage `x[t] = tf (k1 + 1) / (tf + k1 (1 - b + b l / mean l))`, as
/// in BM25. In context `c[t] = Σ x[t][q] ((1 - far_share) e^(-d / near) +
/// far_share e^(-d / far))` over the passages `q` of the transcript, `d` words
/// away from middle to middle, `far` being `far_before` or `far_after`; the passage
/// itself counts `own` times. The score is `Σ weight[t] idf[t] c[t] (k_context + 1) /
/// (c[t] + k_context)` with `idf = ln(1 + (n - df + 0.5) / (df + 0.5))` over the
/// study (`df` counts a passage that holds less than one word as that much), times `l / (l + half_words)`.
///
/// # Source
/// Robertson and Zaragoza (2009), "The probabilistic relevance framework",
/// <https://doi.org/10.1561/1500000019>. The context is ours.
pub fn rank(
    terms: &[RankedTerm],
    lengths: PassageLengths<'_>,
    scope: &RankScope<'_>,
    params: &RankParams,
) -> Vec<(usize, f64)> {
    let ranges = &lengths.transcripts[scope.within.clone()];
    let start = ranges.first().map_or(0, |range| range.start);
    let within = &lengths.n_words[start..ranges.last().map_or(start, |range| range.end)];
    let n_words: u64 = within.iter().map(|&n| u64::from(n)).sum();
    let n_all = lengths.n_words.len() as f64;
    let ranker = Ranker {
        terms: terms.par_iter().map(|term| Placed::new(term, ranges, n_all)).collect(),
        ranges,
        n_words: lengths.n_words,
        mean: (n_words as f64 / within.len().max(1) as f64).max(1.0),
        kernels: [params.near, params.far_before, params.far_after].map(Fading::new),
        scope,
        params,
    };
    // The best first, as far as is known before they are scored; what comes then is left out
    // where it cannot reach what was found.
    let mut waiting = ranker.reachable();
    let (mut ranked, mut least) = (Vec::new(), 0.0);
    let mut n = if scope.limit == 0 { waiting.len() } else { SCORED_FIRST };
    while !waiting.is_empty() {
        if n < waiting.len() {
            waiting.select_nth_unstable_by(n, best_first);
        }
        let later = waiting.split_off(n.min(waiting.len()));
        let scored = waiting.par_iter().map_init(Lanes::default, |lanes, (transcript, _)| {
            ranker.scored(*transcript, least, lanes)
        });
        ranked.extend(scored.flatten_iter().collect::<Vec<_>>());
        least = keep_best(&mut ranked, scope);
        waiting = later;
        waiting.retain(|(_, most)| most * ROUNDED >= least);
        n *= 4;
    }
    ranked.sort_unstable_by(best_first);
    ranked
}

fn best_first(a: &(usize, f64), b: &(usize, f64)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// Drops what does not come back, in any order; the least score of what comes back, or 0 where
/// all does.
fn keep_best(ranked: &mut Vec<(usize, f64)>, scope: &RankScope<'_>) -> f64 {
    if scope.limit == 0 || ranked.len() < scope.limit {
        return 0.0;
    }
    let (_, last, _) = ranked.select_nth_unstable_by(scope.limit - 1, best_first);
    let last = last.1;
    let best = ranked[..scope.limit].iter().fold(last, |best, (_, score)| best.max(*score));
    let least = best * scope.share;
    let more = ranked.split_off(scope.limit);
    ranked.extend(more.into_iter().filter(|(_, score)| *score >= least));
    last.min(least)
}

/// What scoring one transcript writes over, kept for the next.
#[derive(Default)]
struct Lanes {
    own: Vec<[f64; LANES]>,
    spread: Vec<[f64; LANES]>,
    scores: Vec<f64>,
}

/// `e^(-d / reach)` for distances in half words.
struct Fading {
    reach: f64,
    tabled: Vec<f64>,
}

impl Fading {
    fn new(reach: f64) -> Self {
        let mut fading = Self { reach, tabled: Vec::new() };
        fading.tabled = (0..TABLED).map(|half_words| fading.exact(half_words)).collect();
        fading
    }

    fn exact(&self, half_words: usize) -> f64 {
        (-(half_words as f64) / 2.0 / self.reach).exp()
    }

    fn at(&self, half_words: usize) -> f64 {
        self.tabled.get(half_words).copied().unwrap_or_else(|| self.exact(half_words))
    }
}

/// A term, and which of its postings are in which transcript.
struct Placed<'a> {
    postings: &'a [Posting],
    /// By transcript: its first posting; and the end of all.
    starts: Vec<usize>,
    /// Its weight and its rarity.
    weight: f64,
}

impl<'a> Placed<'a> {
    fn new(term: &'a RankedTerm, ranges: &[Range<usize>], n_all: f64) -> Self {
        let postings = &term.postings;
        let df: f64 = postings.iter().map(|posting| posting.count.min(1.0)).sum();
        let is_before = |end: usize| move |posting: &Posting| (posting.passage as usize) < end;
        let mut at = ranges.first().map_or(0, |it| postings.partition_point(is_before(it.start)));
        let mut starts = Vec::with_capacity(ranges.len() + 1);
        starts.push(at);
        for range in ranges {
            at += postings[at..].iter().take_while(|it| is_before(range.end)(it)).count();
            starts.push(at);
        }
        let weight = term.weight * (1.0 + (n_all - df + 0.5) / (df + 0.5)).ln();
        Self { postings, starts, weight }
    }

    /// Its postings in a transcript.
    fn within(&self, transcript: usize) -> &'a [Posting] {
        &self.postings[self.starts[transcript]..self.starts[transcript + 1]]
    }
}

/// A term in a transcript.
struct Held<'a> {
    term: &'a Placed<'a>,
    /// The places of passages that hold it, and for how much it counts in each.
    counts: Vec<(usize, f64)>,
}

impl Held<'_> {
    fn most(&self) -> f64 {
        self.counts.iter().fold(0.0, |most, (_, count)| most.max(*count))
    }

    fn all(&self) -> f64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// All that scoring needs; transcripts are counted from the first that is looked in.
struct Ranker<'a> {
    terms: Vec<Placed<'a>>,
    ranges: &'a [Range<usize>],
    n_words: &'a [u32],
    /// Mean words of a passage.
    mean: f64,
    /// Near, far before, far after.
    kernels: [Fading; 3],
    scope: &'a RankScope<'a>,
    params: &'a RankParams,
}

impl Ranker<'_> {
    /// The transcripts that hold a term, each with a score that none of its passages exceeds.
    fn reachable(&self) -> Vec<(usize, f64)> {
        let mut most = vec![0.0; self.ranges.len()];
        for term in &self.terms {
            for (most, pair) in most.iter_mut().zip(term.starts.windows(2)) {
                // A term counts for less than `k1 + 1` in each passage that holds it.
                let counts = (pair[1] - pair[0]) as f64 * (self.params.k1 + 1.0);
                if counts > 0.0 {
                    *most += self.most_of(term, self.params.k1 + 1.0, counts);
                }
            }
        }
        let gain = self.scope.gains.map_or(1.0, |gains| gains.most);
        let all = most.into_iter().map(|most| most * gain).enumerate();
        all.filter(|(_, most)| *most > 0.0).collect()
    }

    /// What a term can add to a score where it counts for so much in one passage at most, and
    /// in all passages around: nearer than beside it none of them is.
    fn most_of(&self, term: &Placed<'_>, most: f64, all: f64) -> f64 {
        let (own, k) = (self.params.own, self.params.k_context);
        let c = (own - 1.0).max(0.0) * most + all;
        term.weight * c * (k + 1.0) / (c + k)
    }

    /// The passages of a transcript that may come back, with their scores: none where none
    /// reaches `least`.
    fn scored(&self, transcript: usize, least: f64, lanes: &mut Lanes) -> Vec<(usize, f64)> {
        let range = &self.ranges[transcript];
        let gains = self.scope.gains.map(|gains| {
            let own = gains.own.get(&(self.scope.within.start + transcript));
            own.map_or(&gains.all[range.clone()], Vec::as_slice)
        });
        let words = &self.n_words[range.clone()];
        let held: Vec<Held<'_>> = self
            .terms
            .iter()
            .filter(|term| !term.within(transcript).is_empty())
            .map(|term| {
                let counts = |posting: &Posting| {
                    let at = posting.passage as usize - range.start;
                    (at, self.saturated(posting.count, words[at]))
                };
                Held { term, counts: term.within(transcript).iter().map(counts).collect() }
            })
            .collect();
        let most: f64 =
            held.iter().map(|held| self.most_of(held.term, held.most(), held.all())).sum();
        let gain =
            gains.map_or(1.0, |gains| gains.iter().fold(0.0_f64, |most, gain| most.max(*gain)));
        if most * gain * ROUNDED < least {
            return Vec::new();
        }
        self.score(words, &held, lanes);
        let scores = lanes.scores.iter().enumerate();
        let scores = scores.filter(|(_, score)| **score > 0.0);
        let scores = scores
            .map(|(at, score)| (range.start + at, gains.map_or(*score, |gains| score * gains[at])));
        let allowed = |passage| self.scope.allowed.is_none_or(|allowed| allowed.contains(passage));
        scores.filter(|(passage, score)| *score >= least && allowed(*passage)).collect()
    }

    /// Scores the passages of a transcript, each of so many words.
    fn score(&self, words: &[u32], held: &[Held<'_>], lanes: &mut Lanes) {
        let Lanes { own, spread, scores } = lanes;
        scores.clear();
        scores.resize(words.len(), 0.0);
        spread.resize(words.len(), [0.0; LANES]);
        for chunk in held.chunks(LANES) {
            own.clear();
            own.resize(words.len(), [0.0; LANES]);
            let mut weights = [0.0; LANES];
            for (lane, Held { term, counts }) in chunk.iter().enumerate() {
                weights[lane] = term.weight;
                for (at, count) in counts {
                    own[*at][lane] = *count;
                }
            }
            self.spread(words, own, spread);
            let k = self.params.k_context;
            for (score, c) in scores.iter_mut().zip(spread.iter()) {
                let mut parts = [0.0; LANES];
                for lane in 0..LANES {
                    parts[lane] = weights[lane] * c[lane] * (k + 1.0) / (c[lane] + k);
                }
                *score += parts.iter().fold(0.0, |sum, part| sum + part);
            }
        }
        for (score, &n) in scores.iter_mut().zip(words) {
            *score *= f64::from(n) / (f64::from(n) + self.params.half_words);
        }
    }

    /// A term's count inside a passage, as BM25 counts it.
    fn saturated(&self, tf: f64, n_words: u32) -> f64 {
        let RankParams { k1, b, .. } = *self.params;
        tf * (k1 + 1.0) / (tf + k1 * (1.0 - b + b * f64::from(n_words) / self.mean))
    }

    /// Counts in context, [`LANES`] terms at once. An exponential kernel needs
    /// one pass each way, however far it reaches.
    fn spread(&self, words: &[u32], own: &[[f64; LANES]], spread: &mut [[f64; LANES]]) {
        let RankParams { own: of_own, far_share, .. } = *self.params;
        let near_share = 1.0 - far_share;
        for (target, own) in spread.iter_mut().zip(own) {
            for lane in 0..LANES {
                target[lane] = of_own * own[lane];
            }
        }
        let [near, far_before, far_after] = &self.kernels;
        let shares = (near_share, far_share);
        pass(0..words.len(), words, own, spread, (near, far_before), shares);
        pass((0..words.len()).rev(), words, own, spread, (near, far_after), shares);
    }
}

/// Adds to every passage what fades towards it from one side.
fn pass(
    order: impl Iterator<Item = usize>,
    words: &[u32],
    own: &[[f64; LANES]],
    spread: &mut [[f64; LANES]],
    (near, far): (&Fading, &Fading),
    (near_share, far_share): (f64, f64),
) {
    let (mut near_sum, mut far_sum) = ([0.0; LANES], [0.0; LANES]);
    let mut before: Option<usize> = None;
    for at in order {
        if let Some(before) = before {
            let half_words = words[before] as usize + words[at] as usize;
            let (fade_near, fade_far) = (near.at(half_words), far.at(half_words));
            let (own, target) = (&own[before], &mut spread[at]);
            for lane in 0..LANES {
                near_sum[lane] = (near_sum[lane] + own[lane]) * fade_near;
                far_sum[lane] = (far_sum[lane] + own[lane]) * fade_far;
                target[lane] += near_share * near_sum[lane] + far_share * far_sum[lane];
            }
        }
        before = Some(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Seed;

    fn posting(passage: u32, count: u32) -> Posting {
        Posting { passage, count: count.into() }
    }

    fn all(n_transcripts: usize) -> RankScope<'static> {
        RankScope { within: 0..n_transcripts, allowed: None, gains: None, limit: 0, share: 2.0 }
    }

    fn order(
        terms: &[RankedTerm],
        n_words: &[u32],
        transcripts: &[Range<usize>],
        params: &RankParams,
    ) -> Vec<usize> {
        let lengths = PassageLengths { n_words, transcripts };
        rank(terms, lengths, &all(transcripts.len()), params)
            .into_iter()
            .map(|(passage, _)| passage)
            .collect()
    }

    #[test]
    fn what_stands_around_a_passage_counts_less_than_what_it_says() {
        let term = RankedTerm { postings: vec![posting(2, 1)], weight: 1.0 };
        // Passage 5 is in another transcript, where nobody says the word.
        let found = order(&[term], &[50; 6], &[0..5, 5..6], &RankParams::ACROSS);
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
            ..RankParams::ACROSS
        };
        let term = RankedTerm { postings: vec![posting(0, 2)], weight: 1.0 };
        let one = [Range { start: 0, end: 2 }];
        let lengths = PassageLengths { n_words: &[10, 10], transcripts: &one };
        let found = rank(&[term], lengths, &all(1), &params);
        // idf = ln(1 + 1.5/1.5) = 0.693147; x = 2·2.2/(2 + 1.2) = 1.375; x·4/(x + 3) = 1.257143.
        assert_eq!(found.len(), 1);
        assert!((found[0].1 - 2.0_f64.ln() * 1.257_142_857_142_857_2).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn gains_and_limits_shift_a_ranking() {
        let term = RankedTerm { postings: vec![posting(0, 1), posting(1, 1)], weight: 1.0 };
        let lengths = PassageLengths { n_words: &[30, 30], transcripts: &[0..1, 1..2] };
        let gains = Gains { all: &[1.0, 1.5], own: BTreeMap::new(), most: 1.5 };
        let scope = RankScope { gains: Some(&gains), ..all(2) };
        let found = rank(std::slice::from_ref(&term), lengths, &scope, &RankParams::ACROSS);
        assert_eq!(found.iter().map(|(passage, _)| *passage).collect::<Vec<_>>(), [1, 0]);
        let scope = RankScope { limit: 1, ..scope };
        let best = rank(std::slice::from_ref(&term), lengths, &scope, &RankParams::ACROSS);
        assert_eq!(best, found[..1]);
        let mut allowed = FixedBitSet::with_capacity(2);
        allowed.insert(0);
        let scope = RankScope { allowed: Some(&allowed), ..scope };
        assert_eq!(rank(&[term], lengths, &scope, &RankParams::ACROSS)[0].0, 0);
    }

    #[test]
    fn terms_beyond_one_row_of_lanes_count_the_same() {
        // The same six terms in any order give the same scores.
        let term = |passage| RankedTerm { postings: vec![posting(passage, 1)], weight: 1.0 };
        let terms: Vec<RankedTerm> = [0, 1, 2, 3, 1, 0].map(term).to_vec();
        let one = [Range { start: 0, end: 5 }];
        let lengths = PassageLengths { n_words: &[40; 5], transcripts: &one };
        let run = |terms: &[RankedTerm]| rank(terms, lengths, &all(1), &RankParams::ACROSS);
        let turned: Vec<RankedTerm> = terms.iter().rev().cloned().collect();
        for ((a, x), (b, y)) in run(&terms).into_iter().zip(run(&turned)) {
            assert!(a == b && (x - y).abs() < 1e-9, "{a} {x} {b} {y}");
        }
    }

    #[test]
    fn what_is_left_out_unscored_could_not_come_back() {
        let mut random = Seed(7).numbers();
        for _ in 0..30 {
            let sizes: Vec<usize> = (0..60).map(|_| 1 + random.next_below(30)).collect();
            let mut end = 0;
            let ranges = sizes.iter().map(|size| {
                end += size;
                end - size..end
            });
            let ranges: Vec<Range<usize>> = ranges.collect();
            let n_words: Vec<u32> =
                (0..end).map(|_| u32::try_from(random.next_below(120)).unwrap()).collect();
            let terms: Vec<RankedTerm> = (0..6)
                .map(|n| {
                    let holds = (0..end).filter(|_| random.next_below(4 << n) == 0);
                    let postings = holds.map(|it| u32::try_from(it).unwrap()).collect::<Vec<_>>();
                    let postings = postings.into_iter().map(|passage| posting(passage, 1));
                    RankedTerm { postings: postings.collect(), weight: 1.0 }
                })
                .collect();
            let gains: Vec<f64> = (0..end).map(|at| if at % 3 == 0 { 0.6 } else { 1.0 }).collect();
            let own = BTreeMap::from([(7, vec![3.0; sizes[7]])]);
            let gains = Gains { all: &gains, own, most: 3.0 };
            let lengths = PassageLengths { n_words: &n_words, transcripts: &ranges };
            let scope = RankScope { gains: Some(&gains), ..all(60) };
            let found = rank(&terms, lengths, &scope, &RankParams::ACROSS);
            for (limit, share) in [(1, 2.0), (10, 2.0), (10, 0.5), (3, 0.9)] {
                let least = found[0].1 * share;
                let n = found.iter().take_while(|(_, score)| *score >= least).count();
                let scope = RankScope { limit, share, ..scope.clone() };
                let best = rank(&terms, lengths, &scope, &RankParams::ACROSS);
                assert_eq!(best, found[..n.max(limit)]);
            }
        }
    }
}
