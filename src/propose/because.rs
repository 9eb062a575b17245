//! Why a passage is proposed: words that led there, and the quotations that it is like.

use std::collections::{BTreeMap, BTreeSet};

use super::coded::Coded;
use super::learning::Learnt;
use super::name::Query;
use super::wording::Wording;
use crate::codebook::QuotationId;
use crate::terms::{Analysis, TokenKind};

/// The most words of the passage that are told.
const N_WORDS: usize = 5;
/// The most words around it that are told.
const N_AROUND: usize = 3;
/// The most words that are told against a code.
const N_AGAINST: usize = 3;
/// The most quotations that are told.
const N_QUOTATIONS: usize = 2;

/// The share of the strongest word's strength under which a word led nowhere.
const TELLING_SHARE: f64 = 0.25;

/// Words as spoken, each with its stem, strongest first.
type Told = Vec<(String, String)>;

/// Why a passage is proposed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reasons {
    /// What tells the code, said in the passage.
    pub words: Told,
    /// What tells the code, said around the passage and not in it.
    pub around: Told,
    /// What the passage or the talk around it says of the code's own words.
    pub name: Told,
    /// What in the passage tells against the code.
    pub against: Told,
    /// The quotations that it is most like, with their cosine.
    pub quotations: Vec<(QuotationId, f64)>,
}

/// What tells reasons, of one code.
#[derive(Clone, Copy)]
pub struct Reasoner<'a> {
    /// The words of all passages.
    pub wording: &'a Wording,
    /// What was learnt about the code.
    pub learnt: &'a Learnt,
    /// What was decided about it.
    pub coded: &'a Coded,
    /// Its own words.
    pub query: &'a Query,
}

impl Reasoner<'_> {
    /// Why a passage is proposed. `analysis` are the words of its transcript, and `first` the
    /// transcript's first passage among all of the study.
    pub fn reasons(&self, passage: usize, analysis: &Analysis, first: usize) -> Reasons {
        let own = spoken(analysis, [passage - first].into_iter());
        let near = self.wording.neighbours[passage].iter().map(|(near, _)| near - first);
        let around = spoken(analysis, near);
        let mut strengths = self.strengths(passage);
        strengths.retain(|stem, _| own.contains_key(&**stem) || around.contains_key(&**stem));
        let most = most_of(&strengths);
        strengths.retain(|_, strength| strength.abs() >= TELLING_SHARE * most);
        let words = strongest(&strengths, &own, N_WORDS);
        let mut only_around = around.clone();
        only_around.retain(|stem, _| !own.contains_key(stem));
        let told_around = strongest(&strengths, &only_around, N_AROUND);
        let of_name = |said: &BTreeMap<&str, &str>| -> Told {
            let is_of_name = |(stem, _): &(&&str, &&str)| self.query.contains_key(**stem);
            said.iter()
                .filter(is_of_name)
                .map(|(s, w)| ((*s).to_owned(), (*w).to_owned()))
                .collect()
        };
        let mut name = of_name(&own);
        if name.is_empty() {
            name = of_name(&around);
        }
        let mut against: BTreeMap<String, f64> = strengths;
        for strength in against.values_mut() {
            *strength = -*strength;
        }
        Reasons {
            words,
            around: told_around,
            name,
            against: strongest(&against, &own, N_AGAINST),
            quotations: self.nearest(passage),
        }
    }

    /// By stem, what a passage's words add to its score, said by itself or around it.
    fn strengths(&self, passage: usize) -> BTreeMap<String, f64> {
        let mut strengths: BTreeMap<String, f64> = BTreeMap::new();
        let blocks = [&self.wording.own, &self.wording.around];
        for (block, weights) in blocks.into_iter().zip(&self.learnt.weights) {
            if weights.is_empty() {
                continue;
            }
            for (column, &x) in block.outer_view(passage).iter().flat_map(|row| row.iter()) {
                let stem = self.wording.counts.vocabulary[column].clone();
                *strengths.entry(stem).or_default() += weights[column] * f64::from(x);
            }
        }
        strengths
    }

    /// The quotations that a passage is most like.
    fn nearest(&self, passage: usize) -> Vec<(QuotationId, f64)> {
        let Some(row) = self.wording.around.outer_view(passage) else { return Vec::new() };
        let mut likeness: BTreeMap<QuotationId, f64> = BTreeMap::new();
        for (&with, &quotation) in &self.coded.with {
            let other = self.wording.around.outer_view(with);
            let cosine = other.map_or(0.0, |other| f64::from(row.dot(&other)));
            let most = likeness.entry(quotation).or_default();
            *most = most.max(cosine);
        }
        let mut nearest: Vec<(QuotationId, f64)> = likeness.into_iter().collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        nearest.truncate(N_QUOTATIONS);
        nearest
    }
}

/// The content words of passages, by stem, as they are first spoken there.
fn spoken(analysis: &Analysis, places: impl Iterator<Item = usize>) -> BTreeMap<&str, &str> {
    let mut spoken = BTreeMap::new();
    for place in places {
        let content = analysis.passages[place]
            .iter()
            .filter(|token| token.is_own && token.kind == TokenKind::Content);
        for token in content {
            let form = token.form as usize;
            spoken.entry(&analysis.stems[form]).or_insert(&analysis.forms[form]);
        }
    }
    spoken
}

/// The strength of the strongest word, for the code or against it.
fn most_of(strengths: &BTreeMap<String, f64>) -> f64 {
    strengths.values().fold(0.0, |most: f64, strength| most.max(strength.abs()))
}

/// The strongest of the words that are said, if they are strong at all.
fn strongest(strengths: &BTreeMap<String, f64>, said: &BTreeMap<&str, &str>, n: usize) -> Told {
    let mut told: Vec<(f64, &str, &str)> = said
        .iter()
        .filter_map(|(stem, word)| Some((*strengths.get(*stem)?, *stem, *word)))
        .filter(|(strength, ..)| *strength > 0.0)
        .collect();
    told.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    told.into_iter().take(n).map(|(_, stem, word)| (stem.to_owned(), word.to_owned())).collect()
}

impl Reasons {
    /// The stems of all that speaks for the code.
    pub fn stems(&self) -> BTreeSet<&str> {
        self.words.iter().chain(&self.name).map(|(stem, _)| stem.as_str()).collect()
    }
}
