//! Finds a quote in the transcripts: word for word, with gaps, or the nearest place.

use super::parts::{Marks, Quoted};
use super::words::Corpus;
use crate::answers::Difference;
use crate::base::one_line;

/// Words that may be left out at a mark within a passage; within a turn, any number.
const MAX_GAP: usize = 250;
/// Places of one quote beyond which no more are sought.
const MAX_PLACES: usize = 64;
/// Places of a word beyond which it says little about where a quote is from.
const COMMON: usize = 4_000;
/// Words of a quote that are looked up at least, the most seldom first.
const MIN_TELLING: usize = 6;
/// Words of a quote that are aligned; nobody reads a longer one as a quote.
const MAX_WORDS: usize = 1_500;
/// Stretches of the transcripts that a quote is aligned with.
const N_WINDOWS: usize = 8;
/// The share of a quote's words that its nearest place has, at least.
const MIN_SHARE: f64 = 0.5;
/// The same where a proof says that it is the place.
const MIN_SHARE_PROVED: f64 = 0.25;

/// Where a quote stands: the words of each part among all words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundAt {
    pub(super) source: usize,
    /// First word, and the one after the last, of each part.
    pub(super) parts: Vec<[usize; 2]>,
}

/// Finds all places where a quote stands word for word. The flag tells whether
/// something is left out or put in, and marked.
pub(super) fn find_exact(corpus: &Corpus<'_>, text: &str) -> Option<(Vec<FoundAt>, bool)> {
    let mut last: Option<Quoted> = None;
    for marks in [Marks::None, Marks::Brackets, Marks::Dots] {
        let quoted = Quoted::new(text, corpus, marks);
        let is_new = last.as_ref().is_none_or(|last| last.parts != quoted.parts);
        if is_new {
            let places = find_parts(corpus, &quoted);
            if !places.is_empty() {
                return Some((places, quoted.is_marked));
            }
        }
        last = Some(quoted);
    }
    None
}

fn find_parts(corpus: &Corpus<'_>, quoted: &Quoted) -> Vec<FoundAt> {
    let Some(ids) = quoted.words.iter().map(|word| word.id).collect::<Option<Vec<u32>>>() else {
        return Vec::new();
    };
    // The word that is said most seldom leads to the fewest places.
    let n_places = |at: &usize| corpus.places_of(ids[*at]).len();
    let Some(rarest) = (0..ids.len()).min_by_key(n_places) else { return Vec::new() };
    let Some(anchor) = quoted.parts.iter().position(|part| part.contains(&rarest)) else {
        return Vec::new();
    };
    let offset = rarest - quoted.parts[anchor].start;
    let mut found = Vec::new();
    for &place in corpus.places_of(ids[rarest]) {
        let Some(first) = (place as usize).checked_sub(offset) else { continue };
        let source = corpus.source_of(place as usize);
        if is_at(corpus, quoted, &ids, anchor, source, first)
            && let Some(parts) = chain(corpus, quoted, &ids, anchor, source, first)
        {
            found.push(FoundAt { source, parts });
            if found.len() == MAX_PLACES {
                break;
            }
        }
    }
    found
}

/// Whether a part stands at a word, in every letter and mark.
fn is_at(
    corpus: &Corpus<'_>,
    quoted: &Quoted,
    ids: &[u32],
    part: usize,
    source: usize,
    first: usize,
) -> bool {
    let range = quoted.parts[part].clone();
    if first < corpus.starts[source] || first + range.len() > corpus.starts[source + 1] {
        return false;
    }
    let words = &corpus.words[first..first + range.len()];
    words.iter().zip(&ids[range.clone()]).all(|(word, id)| word.id == *id)
        && range.clone().zip(first..).all(|(at, place)| {
            quoted.is_same_word(at, corpus.word(source, place))
                && (at + 1 == range.end
                    || quoted.is_same_between(at, &corpus.between(source, place)))
        })
}

/// The other parts around one that stands at `first`: each the nearest that can be.
fn chain(
    corpus: &Corpus<'_>,
    quoted: &Quoted,
    ids: &[u32],
    anchor: usize,
    source: usize,
    first: usize,
) -> Option<Vec<[usize; 2]>> {
    let length = |part: usize| quoted.parts[part].len();
    let mut parts = vec![[0, 0]; quoted.parts.len()];
    parts[anchor] = [first, first + length(anchor)];
    let (start, end) = (corpus.starts[source], corpus.starts[source + 1]);
    for part in anchor + 1..parts.len() {
        let from = parts[part - 1][1];
        let turn = corpus.words[from - 1].turn;
        let of_turn = corpus.words[from..end].partition_point(|word| word.turn <= turn);
        let limit = (from + of_turn.max(MAX_GAP)).min(end);
        let at = (from..limit).find(|&at| is_at(corpus, quoted, ids, part, source, at))?;
        parts[part] = [at, at + length(part)];
    }
    for part in (0..anchor).rev() {
        let to = parts[part + 1][0];
        let turn = corpus.words[to].turn;
        let before_turn = start + corpus.words[start..to].partition_point(|word| word.turn < turn);
        let limit = before_turn.min(to.saturating_sub(MAX_GAP)).max(start);
        let last = to.checked_sub(length(part))?;
        let at = (limit..=last).rev().find(|&at| is_at(corpus, quoted, ids, part, source, at))?;
        parts[part] = [at, at + length(part)];
    }
    Some(parts)
}

/// The nearest place of a quote that stands nowhere word for word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nearest {
    pub(super) place: FoundAt,
    pub(super) differences: Vec<Difference>,
    share: f64,
    score: i32,
}

/// Finds the nearest place. `proved` is where a proof says that the quote stands.
pub(super) fn find_nearest(
    corpus: &Corpus<'_>,
    text: &str,
    proved: Option<[usize; 2]>,
) -> Option<Nearest> {
    let mut quoted = Quoted::new(text, corpus, Marks::Dots);
    quoted.words.truncate(MAX_WORDS);
    let n = quoted.words.len();
    if n == 0 {
        return None;
    }
    quoted.parts.retain_mut(|part| {
        part.end = part.end.min(n);
        part.start < part.end
    });
    let mut best: Option<Nearest> = None;
    let mut offer = |found: Option<Nearest>, min_share: f64, min_score: i32| {
        let is_near = |found: &Nearest| found.share >= min_share && found.score >= min_score;
        if let Some(found) = found.filter(is_near)
            && best.as_ref().is_none_or(|best| found.score > best.score)
        {
            best = Some(found);
        }
    };
    if let Some([first, end]) = proved {
        let source = corpus.source_of(first);
        let from = first.saturating_sub(10).max(corpus.starts[source]);
        let to = (end + 10).min(corpus.starts[source + 1]);
        offer(align(corpus, &quoted, source, [from, to]), MIN_SHARE_PROVED, i32::MIN);
    }
    // Common words are found scattered anywhere; the place of a quote has them together.
    let min_score = i32::try_from(n).unwrap_or(i32::MAX);
    for (source, window) in windows(corpus, &quoted) {
        offer(align(corpus, &quoted, source, window), MIN_SHARE, min_score);
    }
    best
}

/// Stretches of transcripts that share the most telling words with a quote.
fn windows(corpus: &Corpus<'_>, quoted: &Quoted) -> Vec<(usize, [usize; 2])> {
    let n = quoted.words.len();
    let n_gaps = quoted.parts.len().saturating_sub(1);
    let reach = n + n / 2 + 30 + (80 * n_gaps).min(600);
    let n_places = |at: usize| quoted.words[at].id.map(|id| corpus.places_of(id).len());
    let mut telling: Vec<(usize, usize)> =
        (0..n).filter_map(|at| Some((n_places(at)?, at))).collect();
    telling.sort_unstable();
    // Common words count only where there are too few others.
    let n_seldom = telling.partition_point(|(n_places, _)| *n_places <= COMMON);
    telling.truncate(n_seldom.max(MIN_TELLING));
    // Place, place in the quote, weight.
    let mut hits: Vec<(usize, usize, f64)> = Vec::new();
    for (n_places, at) in telling {
        let Some(id) = quoted.words[at].id else { continue };
        let weight = (1.0 + corpus.words.len() as f64 / n_places.max(1) as f64).ln();
        hits.extend(corpus.places_of(id).iter().map(|&place| (place as usize, at, weight)));
    }
    add_runs(corpus, quoted, &mut hits);
    hits.sort_by_key(|&(place, at, _)| (place, at));
    let mut found: Vec<(usize, [usize; 2])> = Vec::new();
    for _ in 0..N_WINDOWS {
        let mut best: Option<(f64, usize)> = None;
        let (mut right, mut sum) = (0, 0.0);
        // A word that is said again and again in a stretch counts once.
        let mut n_inside = vec![0_u32; 3 * n];
        for left in 0..hits.len() {
            while right < hits.len() && hits[right].0 < hits[left].0 + reach {
                let (_, at, weight) = hits[right];
                if n_inside[at] == 0 {
                    sum += weight;
                }
                n_inside[at] += 1;
                right += 1;
            }
            if best.is_none_or(|(known, _)| sum > known + 1e-9) {
                best = Some((sum, left));
            }
            let (_, at, weight) = hits[left];
            n_inside[at] -= 1;
            if n_inside[at] == 0 {
                sum -= weight;
            }
        }
        let Some((_, left)) = best else { break };
        let (place, at, _) = hits[left];
        let at = at % n;
        let source = corpus.source_of(place);
        let (start, end) = (corpus.starts[source], corpus.starts[source + 1]);
        let from = place.saturating_sub(at + 10).max(start);
        found.push((source, [from, (place + reach + 10).min(end)]));
        hits.retain(|hit| hit.0 < from || hit.0 >= place + reach);
    }
    found
}

/// Adds where two and three words of a quote stand together: what common words cannot
/// tell alone, they tell in a row. Pairs are numbered from `n`, triples from `2n`.
fn add_runs(corpus: &Corpus<'_>, quoted: &Quoted, hits: &mut Vec<(usize, usize, f64)>) {
    let n = quoted.words.len();
    let n_words = corpus.words.len();
    let id = |at: usize| quoted.words.get(at).and_then(|word| word.id);
    let is_at = |place: usize, id: u32| corpus.words.get(place).is_some_and(|word| word.id == id);
    for at in 0..n.saturating_sub(1) {
        let (Some(first), Some(second)) = (id(at), id(at + 1)) else { continue };
        let (of_first, of_second) = (corpus.places_of(first), corpus.places_of(second));
        let places: Vec<usize> = if of_first.len() <= of_second.len() {
            let places = of_first.iter().map(|&place| place as usize);
            places.filter(|&place| is_at(place + 1, second)).collect()
        } else {
            let places = of_second.iter().filter_map(|&place| (place as usize).checked_sub(1));
            places.filter(|&place| is_at(place, first)).collect()
        };
        let weight = |n: usize| (1.0 + n_words as f64 / n.max(1) as f64).ln();
        if let Some(third) = id(at + 2) {
            let triples: Vec<usize> =
                places.iter().copied().filter(|&place| is_at(place + 2, third)).collect();
            let weight = weight(triples.len());
            if triples.len() <= COMMON {
                hits.extend(triples.into_iter().map(|place| (place, 2 * n + at, weight)));
            }
        }
        if places.len() <= COMMON {
            let weight = weight(places.len());
            hits.extend(places.into_iter().map(|place| (place, n + at, weight)));
        }
    }
}

/// A step of an alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Start,
    /// The same word.
    Same,
    /// Another word.
    Other,
    /// A word that only the report has.
    Added,
    /// A word that only the transcript has.
    LeftOut,
}

/// Aligns all words of a quote with a stretch of a transcript, whose ends are free.
///
/// Needleman and Wunsch (1970), <https://doi.org/10.1016/0022-2836(70)90057-4>: a
/// match counts 3, a difference -1; what is left out at a mark costs nothing.
fn align(
    corpus: &Corpus<'_>,
    quoted: &Quoted,
    source: usize,
    [from, to]: [usize; 2],
) -> Option<Nearest> {
    let (n, m) = (quoted.words.len(), to.checked_sub(from)?);
    let mut is_gap_after = vec![false; n + 1];
    for part in &quoted.parts {
        is_gap_after[part.end] = true;
    }
    // The ends of the stretch are free: row 0 and row n.
    is_gap_after[0] = true;
    is_gap_after[n] = true;
    let width = m + 1;
    let mut scores = vec![0_i32; (n + 1) * width];
    let mut steps = vec![Step::Start; (n + 1) * width];
    for i in 0..=n {
        for j in 0..=m {
            let mut best = if i == 0 { (0, Step::Start) } else { (i32::MIN, Step::Start) };
            let mut offer = |score: i32, step: Step| {
                if score > best.0 {
                    best = (score, step);
                }
            };
            if i > 0 && j > 0 {
                let is_same = quoted.words[i - 1].id == Some(corpus.words[from + j - 1].id);
                let diagonal = scores[(i - 1) * width + j - 1];
                if is_same {
                    offer(diagonal + 3, Step::Same);
                } else {
                    offer(diagonal - 1, Step::Other);
                }
            }
            if i > 0 {
                offer(scores[(i - 1) * width + j] - 1, Step::Added);
            }
            if j > 0 && i > 0 {
                let cost = i32::from(!is_gap_after[i]);
                offer(scores[i * width + j - 1] - cost, Step::LeftOut);
            }
            (scores[i * width + j], steps[i * width + j]) = best;
        }
    }
    let (mut i, mut j) = (n, m);
    let mut path: Vec<(Step, usize, usize)> = Vec::with_capacity(n + m);
    while i > 0 {
        let step = steps[i * width + j];
        match step {
            Step::Start => break,
            Step::Same | Step::Other => (i, j) = (i - 1, j - 1),
            Step::Added => i -= 1,
            Step::LeftOut => j -= 1,
        }
        // What is left out at a mark, or beyond the ends, is no difference.
        if step != Step::LeftOut || !is_gap_after[i] {
            path.push((step, i, from + j));
        }
    }
    path.reverse();
    let n_same = path.iter().filter(|(step, ..)| *step == Step::Same).count();
    if n_same < 2 {
        return None;
    }
    let in_transcript = path.iter().filter(|(step, ..)| *step != Step::Added);
    let first = in_transcript.clone().map(|(.., place)| *place).min()?;
    let last = in_transcript.map(|(.., place)| *place).max()?;
    Some(Nearest {
        place: FoundAt { source, parts: vec![[first, last + 1]] },
        differences: differences(corpus, quoted, source, &path, &is_gap_after),
        share: n_same as f64 / n as f64,
        score: scores[n * width + m],
    })
}

/// Runs of steps that are not the same word in every letter, as people read them.
fn differences(
    corpus: &Corpus<'_>,
    quoted: &Quoted,
    source: usize,
    path: &[(Step, usize, usize)],
    is_gap_after: &[bool],
) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < path.len() {
        let (step, i, place) = path[at];
        if step == Step::Same && quoted.is_same_word(i, corpus.word(source, place)) {
            // The words agree; what stands between them and the next may not.
            if let Some(&(Step::Same, next, next_place)) = path.get(at + 1)
                && next_place == place + 1
                && !is_gap_after[next]
                && !quoted.is_same_between(i, &corpus.between(source, place))
            {
                found.push(Difference {
                    report: one_line(&format!(
                        "{}{}{}",
                        quoted.word(i),
                        quoted.between(i),
                        quoted.word(next)
                    )),
                    transcript: one_line(&format!(
                        "{}{}{}",
                        corpus.word(source, place),
                        corpus.between(source, place),
                        corpus.word(source, next_place)
                    )),
                });
            }
            at += 1;
            continue;
        }
        let (mut report, mut transcript) = (Vec::new(), Vec::new());
        while let Some(&(step, i, place)) = path.get(at) {
            if step == Step::Same && quoted.is_same_word(i, corpus.word(source, place)) {
                break;
            }
            if step != Step::LeftOut {
                report.push(quoted.word(i));
            }
            if step != Step::Added {
                transcript.push(corpus.word(source, place));
            }
            at += 1;
        }
        found.push(Difference { report: report.join(" "), transcript: transcript.join(" ") });
    }
    found
}
