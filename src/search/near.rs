//! Words of near meaning that are said in a study: who asks for exhaustion is shown
//! "tired", too.

use std::collections::BTreeMap;

use super::SearchError;
use super::index::{IndexReader, Posting, WordField};
use super::rank::RankedTerm;
use crate::terms::{Analyzer, NearWord, TokenKind, fold};

/// From which nearness on a word stands in for another.
const MIN_NEARNESS: f64 = 0.5;
/// How near a word is that has little to do with it: nearness counts from there, so that weed
/// stands for cannabis more than a cigarette does.
const FAR: f64 = 0.4;
/// The most words that stand in for one.
const MAX_NEAR: usize = 20;
/// What all that stands in for a word counts beside the word itself.
const WEIGHT: f64 = 0.7;
/// A word that so many passages hold needs half of what one needs that is said nowhere.
const HALF_KNOWN: f64 = 10.0;
/// Below this share of that it needs nothing: a word that thirty passages hold.
const MIN_NEED: f64 = 0.25;

/// The words that are said in a study and in the table of near words.
pub(super) struct SaidWords {
    words: Vec<(NearWord, String)>,
}

/// What stands in for a word of a question.
pub(super) struct StandIns {
    /// Their stems, the nearest first.
    pub(super) stems: Vec<String>,
    /// Where they stand, each counting as much as it is near.
    pub(super) term: RankedTerm,
}

impl SaidWords {
    pub(super) fn new(index: &IndexReader) -> Result<Self, SearchError> {
        let said = index.vocabulary()?.iter();
        Ok(Self {
            words: said.filter_map(|word| Some((NearWord::of(word)?, word.clone()))).collect(),
        })
    }

    /// What stands in for an English word that `n_holding` passages hold; nothing for one
    /// that is said often. What `is_sought` anyhow does not.
    pub(super) fn stand_ins(
        &self,
        (index, english): (&IndexReader, &Analyzer),
        word: &str,
        n_holding: usize,
        is_sought: &dyn Fn(&str) -> bool,
    ) -> Result<Option<StandIns>, SearchError> {
        let need = 1.0 / (1.0 + n_holding as f64 / HALF_KNOWN);
        let Some(sought) = NearWord::of(word).filter(|_| need >= MIN_NEED) else { return Ok(None) };
        let mut nearness_of: BTreeMap<String, f64> = BTreeMap::new();
        for (near, word) in &self.words {
            let nearness = sought.nearness(*near);
            if nearness >= MIN_NEARNESS && is_content(english, word) {
                let stem = fold(&english.stem(word)).into_owned();
                if !is_sought(&stem) {
                    let best = nearness_of.entry(stem).or_insert(nearness);
                    *best = best.max(nearness);
                }
            }
        }
        let mut nearest: Vec<(String, f64)> = nearness_of.into_iter().collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1));
        nearest.truncate(MAX_NEAR);
        let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
        for (stem, nearness) in &nearest {
            for posting in index.postings(WordField::Stem, stem)? {
                let counts = counts.entry(posting.passage).or_default();
                *counts += (nearness - FAR) / (1.0 - FAR) * posting.count;
            }
        }
        let postings =
            counts.into_iter().map(|(passage, count)| Posting { passage, count }).collect();
        let stems: Vec<String> = nearest.into_iter().map(|(stem, _)| stem).collect();
        let term = RankedTerm { postings, weight: WEIGHT * need };
        Ok((!stems.is_empty()).then_some(StandIns { stems, term }))
    }
}

fn is_content(analyzer: &Analyzer, word: &str) -> bool {
    analyzer.tokens(word).iter().all(|token| token.kind == TokenKind::Content)
}
