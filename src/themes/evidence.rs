//! Which passages of a theme are evidence of it, and which only stand beside.
//!
//! Passages are put into themes with the talk around them in mind, so that "yes, that
//! too" goes where it belongs. As evidence counts only a passage whose own words say
//! it. Counts of terms and themes come in; the passages that are evidence go out.
//!
//! # Method
//! A passage is compared (cosine of TF-IDF weights, without context) with the theme as
//! *other* people speak of it: the passages of its own case are left out. Its tail `p`
//! is the share of passages outside the theme that are at least as near. As evidence
//! count all passages with `p` up to the bar at which, over all themes, at most a fifth of
//! them is expected to be as near by chance.
//!
//! # Source
//! The bar is that of Benjamini and Hochberg (1995),
//! <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>, with the share of chance
//! passages estimated as Storey (2002) does, <https://doi.org/10.1111/1467-9868.00346>,
//! at λ = 1/2.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::CandidateTheme;
use crate::corpus::ParticipantPassage;
use crate::features::counts::CountMatrix;
use crate::features::space::SpaceParams;
use crate::features::tfidf::Rarity;

/// The share of passages that may be called evidence by chance. Between .15 and .3 the
/// mean error of prevalence over three coded data sets hardly changes, though that of
/// each does (`benches/RESULTS.md`).
const FALSE_SHARE: f64 = 0.2;
/// The tail above which passages are taken to be near by chance alone.
const CHANCE_TAIL: f64 = 0.5;

/// What is evidence of a theme, by the places of passages in the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThemeEvidence {
    /// Of the theme.
    pub whole: BTreeSet<usize>,
    /// Of each of its sub-themes.
    pub parts: Vec<BTreeSet<usize>>,
}

/// By passage of a theme: the share of passages outside that are as near to it.
type Tails = BTreeMap<usize, f64>;

/// A passage's words: columns and weights, of length 1.
type Weighed = Vec<(u32, f64)>;

/// Finds the evidence of each theme. `counts` has a row for each passage of the study.
pub fn find_evidence(
    counts: &CountMatrix,
    passages: &[ParticipantPassage],
    themes: &[CandidateTheme],
) -> Vec<ThemeEvidence> {
    let rarity = Rarity::of(counts, SpaceParams::default().min_passages);
    let weigh = |passage: &ParticipantPassage| {
        let row = counts.outer_view(passage.passage);
        row.map_or_else(Vec::new, |row| rarity.weigh(row.iter().map(|(term, &n)| (term, n))))
    };
    let rows: Vec<Weighed> = passages.iter().map(weigh).collect();
    let mut of_case: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, passage) in passages.iter().enumerate() {
        of_case.entry(passage.row.case).or_default().push(at);
    }
    let talk = Talk { rows: &rows, of_case: &of_case, n_terms: counts.cols() };
    // Themes share no state, and `collect` keeps their order.
    let tails: Vec<(Tails, Vec<Tails>)> = themes
        .par_iter()
        .map(|theme| {
            let parts = theme.subthemes.iter().map(|part| talk.tails(&part.passages)).collect();
            (talk.tails(&theme.passages), parts)
        })
        .collect();
    let pooled: Vec<f64> = tails.iter().flat_map(|(whole, _)| whole.values().copied()).collect();
    let Some(bar) = bar(pooled) else {
        let none = |theme: &CandidateTheme| ThemeEvidence {
            whole: BTreeSet::new(),
            parts: vec![BTreeSet::new(); theme.subthemes.len()],
        };
        return themes.iter().map(none).collect();
    };
    let below = |tails: &Tails| -> BTreeSet<usize> {
        tails.iter().filter(|(_, tail)| **tail <= bar).map(|(at, _)| *at).collect()
    };
    let evidence = |(whole, parts): &(Tails, Vec<Tails>)| ThemeEvidence {
        whole: below(whole),
        parts: parts.iter().map(below).collect(),
    };
    tails.iter().map(evidence).collect()
}

/// The greatest tail that is evidence; `None` if none is.
fn bar(mut tails: Vec<f64>) -> Option<f64> {
    tails.sort_by(f64::total_cmp);
    let n = tails.len() as f64;
    let n_chance = tails.iter().filter(|tail| **tail > CHANCE_TAIL).count() as f64;
    let by_chance = (n_chance / ((1.0 - CHANCE_TAIL) * n.max(1.0))).min(1.0);
    let is_evidence = |(at, tail): &(usize, &f64)| {
        // Of equal tails the last counts how many there are.
        let n_up_to = tails.partition_point(|other| other <= *tail).max(at + 1) as f64;
        **tail <= CHANCE_TAIL && by_chance * **tail * n <= FALSE_SHARE * n_up_to
    };
    tails.iter().enumerate().filter(is_evidence).map(|(_, tail)| *tail).next_back()
}

/// The words of all passages.
struct Talk<'a> {
    rows: &'a [Weighed],
    /// The passages of each case.
    of_case: &'a BTreeMap<u32, Vec<usize>>,
    n_terms: usize,
}

impl Talk<'_> {
    /// By passage of a theme: the share of passages outside that are as near to it.
    /// Passages that share no word with it have 1.
    fn tails(&self, members: &[usize]) -> Tails {
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let near = self.nearness(&inside);
        let mut outside: Vec<f64> =
            (0..near.len()).filter(|at| !inside.contains(at)).map(|at| near[at]).collect();
        outside.sort_by(f64::total_cmp);
        let tail = |at: &usize| {
            if near[*at] <= 0.0 {
                return (*at, 1.0);
            }
            let n_as_near = outside.len() - outside.partition_point(|other| *other < near[*at]);
            let n = outside.len();
            (*at, if n == 0 { 0.0 } else { (n_as_near + 1) as f64 / (n + 1) as f64 })
        };
        inside.iter().map(tail).collect()
    }

    /// How near each passage is to a theme as other people speak of it, `0.0..=1.0`.
    fn nearness(&self, members: &BTreeSet<usize>) -> Vec<f64> {
        let mut theme = vec![0.0; self.n_terms];
        for (term, weight) in members.iter().flat_map(|&at| &self.rows[at]) {
            theme[*term as usize] += weight;
        }
        let n_speaking =
            self.of_case.values().filter(|of| of.iter().any(|at| members.contains(at)));
        let is_one_voice = n_speaking.count() < 2;
        let mut near = vec![0.0; self.rows.len()];
        for passages in self.of_case.values() {
            let own = passages.iter().filter(|at| members.contains(at)).copied();
            if is_one_voice {
                // Nobody else speaks of it: each passage is compared with the others.
                for &at in passages {
                    let own: Vec<usize> =
                        Some(at).filter(|at| members.contains(at)).into_iter().collect();
                    self.compare(&mut theme, &own, &[at], &mut near);
                }
            } else {
                let own: Vec<usize> = own.collect();
                self.compare(&mut theme, &own, passages, &mut near);
            }
        }
        near
    }

    /// Compares passages with the theme without its passages `left_out`.
    fn compare(&self, theme: &mut [f64], left_out: &[usize], passages: &[usize], near: &mut [f64]) {
        let mut known: BTreeMap<u32, f64> = BTreeMap::new();
        for (term, weight) in left_out.iter().flat_map(|&at| &self.rows[at]) {
            let value = &mut theme[*term as usize];
            known.entry(*term).or_insert(*value);
            // What is left of a word that nobody else says is rounding.
            *value = if *value - weight < 1e-9 { 0.0 } else { *value - weight };
        }
        let length = theme.iter().fold(0.0, |sum, value| sum + value * value).sqrt();
        for &at in passages {
            let both = self.rows[at].iter().fold(0.0, |sum, (t, w)| sum + w * theme[*t as usize]);
            near[at] = if length > 0.0 { both / length } else { 0.0 };
        }
        for (term, value) in known {
            theme[term as usize] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Row;
    use sprs::TriMatI;

    /// Passages of cases with their terms, and the themes that they are in.
    fn check(passages: &[(u32, &[usize])], themes: &[&[usize]], expected: &[&[usize]]) {
        let mut triplets = TriMatI::<u32, u32>::new((passages.len(), 12));
        for (row, (_, terms)) in passages.iter().enumerate() {
            for &term in *terms {
                triplets.add_triplet(row, term, 1);
            }
        }
        let rows: Vec<ParticipantPassage> = passages
            .iter()
            .zip(0..)
            .map(|((case, _), place)| ParticipantPassage {
                passage: place as usize,
                row: Row { transcript: *case, place, case: *case },
                n_words: 20,
            })
            .collect();
        let theme = |members: &&[usize]| CandidateTheme {
            label: String::new(),
            terms: Vec::new(),
            passages: members.to_vec(),
            stability: None,
            subthemes: Vec::new(),
            accepted: None,
        };
        let themes: Vec<CandidateTheme> = themes.iter().map(theme).collect();
        let found = find_evidence(&triplets.to_csr(), &rows, &themes);
        let found: Vec<Vec<usize>> =
            found.into_iter().map(|of| of.whole.into_iter().collect()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_passage_that_shares_no_word_with_others_is_no_evidence() {
        // Terms 0 and 1 are the first theme's, 2 and 3 the second's. Passage 4 stands
        // in the first among words that nobody else says; so does 9 in the second.
        check(
            &[
                (0, &[0, 1]),
                (1, &[0, 1]),
                (2, &[0, 1]),
                (3, &[0, 1]),
                (4, &[5, 6]),
                (0, &[2, 3]),
                (1, &[2, 3]),
                (2, &[2, 3]),
                (3, &[2, 3]),
                (4, &[6, 5]),
            ],
            &[&[0, 1, 2, 3, 4], &[5, 6, 7, 8, 9]],
            &[&[0, 1, 2, 3], &[5, 6, 7, 8]],
        );
    }

    #[test]
    fn what_one_person_alone_repeats_is_no_evidence_of_what_others_say() {
        // Case 3 says 5 and 6 in two passages of the theme: near each other, not to
        // what others say there.
        check(
            &[
                (0, &[0, 1]),
                (1, &[0, 1]),
                (2, &[0, 1]),
                (3, &[5, 6]),
                (3, &[5, 6]),
                (0, &[2, 3]),
                (1, &[2, 3]),
                (2, &[2, 3]),
                (3, &[2, 3]),
            ],
            &[&[0, 1, 2, 3, 4], &[5, 6, 7, 8]],
            &[&[0, 1, 2], &[5, 6, 7, 8]],
        );
    }

    #[test]
    fn the_bar_lets_in_as_many_false_ones_as_it_may() {
        // Half of eight tails are above one half: all are taken to be of chance. At .1
        // four of eight are expected to be .8 by chance: .8 <= .2 * 4; at .4 3.2 > .2 * 5.
        let bar = |tails: &[f64]| bar(tails.to_vec());
        assert_eq!(bar(&[0.1, 0.1, 0.1, 0.1, 0.6, 0.7, 0.8, 0.9]), Some(0.1));
        assert_eq!(bar(&[0.1, 0.1, 0.1, 0.4, 0.6, 0.7, 0.8, 0.9]), None);
        assert_eq!(bar(&[]), None);
        assert_eq!(bar(&[0.5, 0.2]), Some(0.5));
    }
}
