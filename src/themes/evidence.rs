//! Which passages of a theme are evidence of it, and which only stand beside.
//!
//! Passages are put into themes with the talk around them in mind, so that "yes, that
//! too" goes where it belongs. As evidence counts only a passage whose own words say
//! it. Counts of terms, themes and what sets these apart come in; the passages that are
//! evidence go out.
//!
//! # Method
//! A passage is compared (cosine of TF-IDF weights, without context) with the theme as
//! *other* people speak of it: the passages of its own case are left out. It is evidence
//! if it lies nearer than four fifths of the passages outside the theme do. Where a theme
//! is nearly all that is said, the few outside tell little: as many passages that share
//! no word with it are added as twenty lack.
//!
//! And it says one of the terms that the theme is shown with, so that whoever reads them
//! sees why it counts: of evidence of two studies that did not, nearly all was beside the
//! point, and the error of prevalence is the same without (`benches/RESULTS.md`).

use std::collections::{BTreeMap, BTreeSet};

use super::describe::{ThemeTerm, only_of};
use crate::corpus::ParticipantPassage;
use crate::features::counts::CountMatrix;
use crate::features::space::SpaceParams;
use crate::features::tfidf::Rarity;

/// The share of passages outside a theme that lie farther from it than its evidence
/// does. Between .7 and .9 the mean error of prevalence over four coded data sets hardly
/// changes; its bias falls from .06 to .00 (`benches/RESULTS.md`).
const QUANTILE: f64 = 0.8;

/// The fewest passages outside a theme that tell by themselves how near to it one may lie
/// by chance.
const OUTSIDE: usize = 20;

/// Parts of one in which the weights of a theme's words are added up, so that no order of sums
/// changes them and what is taken away again leaves nothing behind.
const PARTS: f64 = (1_u64 << 40) as f64;

/// A passage's words: columns and weights, of length 1.
type Weighed = Vec<(u32, f64)>;

/// The own words of all passages, by their places in the input.
pub(super) struct OwnWords {
    rows: Vec<Weighed>,
    case_of: Vec<u32>,
    /// The passages of each case.
    of_case: BTreeMap<u32, Vec<usize>>,
    n_terms: usize,
}

/// The quantile `q`, `0.0..=1.0`, of numbers, the lower of two between which it lies; 0 of
/// none. Puts them into another order.
fn quantile(numbers: &mut [f64], q: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count is a count"
    )]
    let place = (q * numbers.len().saturating_sub(1) as f64).floor() as usize;
    if place < numbers.len() {
        *numbers.select_nth_unstable_by(place, f64::total_cmp).1
    } else {
        0.0
    }
}

impl OwnWords {
    /// Weighs the words of passages; `counts` has a row for each passage of the study. Those
    /// of `small_talk` say nothing.
    pub(super) fn new(
        counts: &CountMatrix,
        passages: &[ParticipantPassage],
        small_talk: &BTreeSet<usize>,
    ) -> Self {
        let rarity = Rarity::of(counts, SpaceParams::default().min_passages);
        let weigh = |(at, passage): (usize, &ParticipantPassage)| {
            let row = counts.outer_view(passage.passage).filter(|_| !small_talk.contains(&at));
            row.map_or_else(Vec::new, |row| rarity.weigh(row.iter().map(|(term, &n)| (term, n))))
        };
        let mut of_case: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, passage) in passages.iter().enumerate() {
            of_case.entry(passage.row.case).or_default().push(at);
        }
        let rows = passages.iter().enumerate().map(weigh).collect();
        let case_of = passages.iter().map(|passage| passage.row.case).collect();
        Self { rows, case_of, of_case, n_terms: counts.cols() }
    }

    /// The passages of a theme that are evidence of it.
    pub(super) fn evidence(&self, members: &[usize]) -> BTreeSet<usize> {
        let (near, bar) = self.near_and_bar(members);
        members.iter().copied().filter(|&at| near[at] > bar).collect()
    }

    /// Leaves out what says none of the terms that were found in this evidence.
    pub(super) fn keep_said(&self, evidence: &mut BTreeSet<usize>, terms: &mut Vec<ThemeTerm>) {
        let columns = columns_of(terms);
        evidence.retain(|&at| is_said(&columns, &self.rows[at]));
        only_of(terms, evidence, |at| self.case_of[at]);
    }

    /// What makes further passages evidence of a theme of these members and terms.
    pub(super) fn test(&self, members: &[usize], terms: &[ThemeTerm]) -> EvidenceTest {
        let (_, bar) = self.near_and_bar(members);
        let theme = self.theme_words(members.iter().copied());
        let length = theme.length();
        let narrow = |term| u32::try_from(term).expect("columns fit 21 bits");
        let words = theme.terms.iter().map(|&term| (narrow(term), theme.weight(term) / length));
        let words = words.collect();
        EvidenceTest { words, bar, terms: columns_of(terms) }
    }

    /// How near each passage is to a theme of these members, and how near is not enough to
    /// be evidence of it.
    fn near_and_bar(&self, members: &[usize]) -> (Vec<f64>, f64) {
        let mut is_inside = vec![false; self.rows.len()];
        for &at in members {
            is_inside[at] = true;
        }
        let near = self.nearness(&is_inside);
        let mut outside: Vec<f64> =
            near.iter().zip(&is_inside).filter(|(_, inside)| !**inside).map(|(x, _)| *x).collect();
        outside.resize(outside.len().max(OUTSIDE), 0.0);
        // Who shares no word with it is no evidence, even where nobody outside does.
        let bar = quantile(&mut outside, QUANTILE).max(0.0);
        (near, bar)
    }

    /// What these passages say together.
    fn theme_words(&self, members: impl Iterator<Item = usize>) -> ThemeWords {
        let mut weights = vec![0; self.n_terms];
        for &(term, weight) in members.flat_map(|at| &self.rows[at]) {
            weights[term as usize] += in_parts(weight);
        }
        let terms = (0..self.n_terms).filter(|&term| weights[term] != 0).collect();
        ThemeWords { weights, terms }
    }

    /// How near each passage is to a theme as other people speak of it, `0.0..=1.0`.
    fn nearness(&self, is_member: &[bool]) -> Vec<f64> {
        let mut theme = self.theme_words((0..self.rows.len()).filter(|&at| is_member[at]));
        let length = theme.length();
        let n_speaking = self.of_case.values().filter(|of| of.iter().any(|&at| is_member[at]));
        let is_one_voice = n_speaking.count() < 2;
        let mut near = vec![0.0; self.rows.len()];
        for passages in self.of_case.values() {
            // Where nobody else speaks of it, each passage is compared with the others.
            let at_once = if is_one_voice { 1 } else { passages.len() };
            for passages in passages.chunks(at_once) {
                let own = passages.iter().copied().filter(|&at| is_member[at]);
                self.compare(&mut theme, length, own, passages, &mut near);
            }
        }
        near
    }

    /// Compares passages with the theme, of that length, without its passages `left_out`.
    fn compare(
        &self,
        theme: &mut ThemeWords,
        whole_length: f64,
        left_out: impl Iterator<Item = usize>,
        passages: &[usize],
        near: &mut [f64],
    ) {
        let left_out: Vec<usize> = left_out.collect();
        let words = left_out.iter().flat_map(|&at| &self.rows[at]);
        let words = words.map(|&(term, weight)| (term as usize, in_parts(weight)));
        words.clone().for_each(|(term, parts)| theme.weights[term] -= parts);
        let length = if left_out.is_empty() { whole_length } else { theme.length() };
        for &at in passages {
            let of_word = |&(term, weight): &(u32, f64)| weight * theme.weight(term as usize);
            let both = self.rows[at].iter().fold(0.0, |sum, word| sum + of_word(word));
            near[at] = if length > 0.0 { both / length } else { 0.0 };
        }
        words.for_each(|(term, parts)| theme.weights[term] += parts);
    }
}

/// What makes a further passage evidence of a theme: its own words, against those of all
/// members, for nobody knows which of them are of the same case.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct EvidenceTest {
    /// Columns rising, and weights, of length 1.
    words: Vec<(u32, f64)>,
    bar: f64,
    /// The columns of the theme's terms.
    terms: Vec<Vec<u32>>,
}

/// The columns of the stems of terms; of particles alone there are none.
fn columns_of(terms: &[ThemeTerm]) -> Vec<Vec<u32>> {
    let narrow = |column| u32::try_from(column).expect("columns fit 21 bits");
    let columns = terms.iter().map(|term| term.columns().map(narrow).collect());
    columns.filter(|columns: &Vec<u32>| !columns.is_empty()).collect()
}

/// Whether weighed words, the columns rising, hold all words of one of these terms, or there
/// is none.
fn is_said(terms: &[Vec<u32>], weighed: &[(u32, f64)]) -> bool {
    let holds = |column: &u32| weighed.binary_search_by_key(column, |(known, _)| *known).is_ok();
    terms.is_empty() || terms.iter().any(|columns| columns.iter().all(holds))
}

impl EvidenceTest {
    /// Whether a passage of these weighed words is.
    pub(super) fn holds(&self, weighed: &[(u32, f64)]) -> bool {
        let of_word = |(term, weight): &(u32, f64)| {
            let at = self.words.binary_search_by_key(term, |(known, _)| *known);
            at.map_or(0.0, |at| weight * self.words[at].1)
        };
        weighed.iter().map(of_word).fold(0.0, |sum, both| sum + both) > self.bar
            && is_said(&self.terms, weighed)
    }
}

/// The words of a theme.
struct ThemeWords {
    /// By term, in parts of one.
    weights: Vec<u64>,
    /// The terms that it has, rising.
    terms: Vec<usize>,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "weights lie between 0 and 1"
)]
fn in_parts(weight: f64) -> u64 {
    (weight * PARTS).round() as u64
}

impl ThemeWords {
    fn weight(&self, term: usize) -> f64 {
        self.weights[term] as f64 / PARTS
    }

    fn length(&self) -> f64 {
        let squares = self.terms.iter().map(|&term| self.weight(term) * self.weight(term));
        squares.fold(0.0, |sum, square| sum + square).sqrt()
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
        let words = OwnWords::new(&triplets.to_csr(), &rows, &BTreeSet::new());
        let found = themes.iter().map(|members| words.evidence(members).into_iter().collect());
        assert_eq!(found.collect::<Vec<Vec<usize>>>(), expected);
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
    fn one_passage_outside_takes_nobodys_evidence_away() {
        // All speak of 0 in one theme; the one passage that was left out does so more.
        let mut passages: Vec<(u32, &[usize])> = vec![(0, &[0, 1]); 2];
        for case in 0..6 {
            passages.push((case, &[0, 2, 3]));
            passages.push((case, &[0, 4, 5]));
        }
        passages.push((2, &[0]));
        let theme: Vec<usize> = (0..passages.len() - 1).collect();
        check(&passages, &[&theme], &[&theme]);
    }

    #[test]
    fn evidence_says_one_of_the_terms_that_are_shown() {
        // Passages 0 and 1 say a term of one word or all of one of two; 2 says half of it.
        let weighed = [vec![(0, 0.8), (3, 0.6)], vec![(1, 0.6), (2, 0.8)], vec![(1, 1.0)]];
        let words = OwnWords {
            rows: weighed.to_vec(),
            case_of: vec![0, 0, 1],
            of_case: BTreeMap::new(),
            n_terms: 4,
        };
        let mut terms = vec![ThemeTerm::of_columns(&[0]), ThemeTerm::of_columns(&[1, 2])];
        let mut evidence = BTreeSet::from([0, 1, 2]);
        words.keep_said(&mut evidence, &mut terms);
        assert_eq!(evidence, BTreeSet::from([0, 1]));
        // One of two cases is left, and says both.
        assert!(terms.iter().all(|term| term.cases == [0] && term.of_cases == 1), "{terms:?}");
        assert!((terms[0].weight - 1.0).abs() < 1e-9, "{terms:?}");
        let test = EvidenceTest { words: vec![(1, 1.0)], bar: 0.5, terms: columns_of(&terms) };
        assert!(test.holds(&weighed[1]) && !test.holds(&weighed[2]));
        // Particles alone are no words that a passage could be held to.
        assert!(is_said(&columns_of(&[ThemeTerm::of_columns(&[])]), &weighed[2]));
    }

    #[test]
    fn a_quantile_is_that_of_a_case_worked_by_hand() {
        let mut rising = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5];
        // .8 of five steps is the fourth.
        assert!((quantile(&mut rising, 0.8) - 0.4).abs() < 1e-9);
        assert!((quantile(&mut rising[..4], 0.8) - 0.2).abs() < 1e-9);
        assert!(quantile(&mut [], 0.8).abs() < 1e-9);
    }

    #[test]
    fn what_lies_no_nearer_than_most_of_the_rest_is_no_evidence() {
        // 4 stands in the theme, but shares with it only what everybody says.
        check(
            &[
                (0, &[0, 1]),
                (1, &[0, 1]),
                (2, &[0, 1]),
                (3, &[4, 5]),
                (0, &[4, 2]),
                (1, &[4, 2]),
                (2, &[4, 2]),
                (4, &[4, 2]),
            ],
            &[&[0, 1, 2, 3]],
            &[&[0, 1, 2]],
        );
    }
}
