//! More like a quote: who else says something like it?

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fixedbitset::FixedBitSet;
use ndarray::{Array1, ArrayView1};
use unicode_segmentation::UnicodeSegmentation as _;

use super::SearchError;
use super::answer::pairs;
use super::evaluate::Evaluator;
use super::finder::{Finder, Searcher, Text};
use super::hits::Marks;
use super::index::WordField;
use super::rank::{RankParams, RankScope, RankedTerm, rank};
use crate::answers::Hit;
use crate::base::Lines;
use crate::features::context::TalkPassage;
use crate::features::space::{SpaceParams, StudySpace, add_words};
use crate::query::{FieldTest, Query};
use crate::terms::{Analysis, AnalyzedToken, Language, TokenKind, fold};
use crate::transcripts::roles::Role;

/// What to find more of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimilarTo {
    /// Lines of a transcript.
    Lines {
        /// The transcript.
        transcript: usize,
        /// The lines.
        lines: Lines,
    },
    /// Words that need not stand anywhere.
    Text(String),
}

/// What `similar` looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarParams {
    /// The quote.
    pub quote: SimilarTo,
    /// Whether to look in other transcripts only.
    pub elsewhere: bool,
    /// Whether to look in the talk of other groups only.
    pub from_other_groups: bool,
    /// The most hits; 0 for all.
    pub limit: usize,
    /// Turns to show before and after each hit.
    pub n_context: usize,
}

/// Words at which a passage's own length gives it half its likeness: "Yeah."
/// is like everything around it.
const HALF_WORDS: f64 = 2.0;
/// Words that are shown to tie a hit to the quote.
const N_TIES: usize = 5;
/// How much the talk around a quote counts, beside that around a passage: the
/// quote was chosen for its own words.
const QUOTE_CONTEXT: f64 = 0.8;
/// Leading directions by which a quote and a passage are compared; the fainter
/// ones hold what is particular to one interview.
const N_LEADING: usize = 60;
/// The share of likeness by words themselves, beside that by what they go with.
const WORD_SHARE: f64 = 0.35;
/// The same for a text of one's own.
const TEXT_SHARE: f64 = 0.85;
/// The most words of a quote that are looked for themselves.
const N_WORDS: usize = 40;
/// How words themselves are looked for: near a passage only.
const WORD_RANK: RankParams =
    RankParams { near: 50.0, far_share: 0.0, own: 1.5, ..RankParams::ACROSS };

/// The same for a text of one's own.
const TEXT_RANK: RankParams = RankParams { far_share: 0.0, ..RankParams::ACROSS };

impl Finder<'_> {
    /// Finds the passages that are most like a quote and its context, best first.
    ///
    /// # Formula
    /// `n / (n + 2) (0.65 cos + 0.35 w / max w)`, with `n` the words of the
    /// passage, `cos` the cosine between the points of quote and passage over
    /// the 60 leading directions, and `w` the score of the passage for the
    /// quote's 40 weightiest words (see [`rank`]). Either alone finds fewer
    /// quotes that people gave the same code. A text of one's own has no talk around it
    /// that would place it well: 0.15 and 0.85, and `w` is the score for the text as a
    /// question, with families of rare words and words that follow each other.
    ///
    /// # Errors
    /// [`SearchError`] for lines that do not exist, for a quote of nobody's
    /// group where other groups are asked for, or if remembered data are gone.
    pub fn similar(
        &self,
        params: &SimilarParams,
        space: &StudySpace,
    ) -> Result<Vec<Hit>, SearchError> {
        let talk = self.corpus.talk();
        let mut point = Array1::<f64>::zeros(space.directions.ncols());
        let mut bag = BTreeMap::new();
        let mut own = 0..0;
        let mut here = None;
        match &params.quote {
            SimilarTo::Text(text) => self.place_text(text, space, &mut point, &mut bag),
            SimilarTo::Lines { transcript, lines } => {
                here = Some(*transcript);
                let place = (*transcript, *lines);
                own = self.place_lines(place, &talk, space, &mut point, &mut bag)?;
            }
        }
        let groups =
            if params.from_other_groups { self.groups_in(params, &own)? } else { BTreeSet::new() };
        let (word_share, by_words) = match &params.quote {
            SimilarTo::Text(text) => (TEXT_SHARE, self.by_text(text)?),
            SimilarTo::Lines { .. } => (WORD_SHARE, self.by_words(&bag)?),
        };
        let mut ranked: Vec<(usize, f64)> = Vec::new();
        for (t, range) in self.searcher.ranges.iter().cloned().enumerate() {
            if params.elsewhere && here == Some(t) {
                continue;
            }
            for passage in range.filter(|passage| !own.contains(passage)) {
                let known = self.corpus.passage(passage);
                if self.corpus.case_of(t, known.speaker).is_none() {
                    continue;
                }
                let group = self.corpus.cases.group(t, usize::from(known.speaker));
                if params.from_other_groups && group.is_none_or(|group| groups.contains(group)) {
                    continue;
                }
                let row = space.points.row(passage);
                let likeness = (1.0 - word_share) * leading_cosine(&row, &point)
                    + word_share * by_words[passage];
                let n = f64::from(known.n_words);
                ranked.push((passage, likeness * n / (n + HALF_WORDS)));
            }
        }
        ranked.retain(|(_, score)| *score > 0.0);
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        if params.limit > 0 {
            ranked.truncate(params.limit);
        }
        let mut hits = Vec::with_capacity(ranked.len());
        for (at, &(passage, score)) in ranked.iter().enumerate() {
            let ties = self.ties(passage, &talk, space, &bag)?;
            let stems = ties.iter().map(|(stem, _)| fold(stem).into_owned()).collect();
            let marks = Marks { stems, matches: Vec::new() };
            let found = self.hits(&[(passage, score)], &marks, params.n_context)?;
            hits.extend(found.into_iter().map(|hit| Hit {
                rank: at + 1,
                ties: ties.iter().map(|(_, word)| word.clone()).collect(),
                ..hit
            }));
        }
        Ok(hits)
    }

    /// How much of the quote's weightiest words each passage holds itself or
    /// has near, `0.0..=1.0`.
    fn by_words(&self, bag: &BTreeMap<String, f64>) -> Result<Vec<f64>, SearchError> {
        let mut weightiest: Vec<(&String, f64)> = bag.iter().map(|(stem, w)| (stem, *w)).collect();
        weightiest.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        weightiest.truncate(N_WORDS);
        let terms: Result<Vec<RankedTerm>, SearchError> = weightiest
            .into_iter()
            .map(|(stem, weight)| {
                let postings = self.searcher.index.postings(WordField::Stem, &fold(stem))?;
                Ok(RankedTerm { postings, weight })
            })
            .collect();
        Ok(self.shares(&terms?, &WORD_RANK))
    }

    /// How well each passage answers a text, asked as a question, `0.0..=1.0`.
    fn by_text(&self, text: &str) -> Result<Vec<f64>, SearchError> {
        let words = text.unicode_words().map(|word| Query::Word(vec![word.to_owned()]));
        let words: Vec<Query> = words.collect();
        let no_field = |_: &FieldTest| Ok(FixedBitSet::new());
        let Searcher { index, analyzers, transcript_of, .. } = self.searcher;
        let mut evaluator = Evaluator::new(index, analyzers, transcript_of, &no_field);
        for word in &words {
            if let Query::Word(word) = word {
                evaluator.note_word(word, &|_| true)?;
            }
        }
        let mut terms = pairs(&words.iter().collect::<Vec<_>>(), &evaluator, &TEXT_RANK)?;
        let sought = evaluator.take_sought().into_iter();
        terms.extend(sought.map(|sought| RankedTerm { postings: sought.postings, weight: 1.0 }));
        Ok(self.shares(&terms, &TEXT_RANK))
    }

    /// The score of each passage beside the best one.
    fn shares(&self, terms: &[RankedTerm], params: &RankParams) -> Vec<f64> {
        let within = 0..self.corpus.transcripts.len();
        let scope = RankScope { within, allowed: None, gains: None, limit: 0, share: 1.0 };
        let found = rank(terms, self.lengths(), &scope, params);
        let best = found.first().map_or(1.0, |(_, score)| *score);
        let mut shares = vec![0.0; self.corpus.n_passages()];
        for (passage, score) in found {
            shares[passage] = score / best;
        }
        shares
    }

    /// Groups of the cases that speak in the quote.
    fn groups_in(
        &self,
        params: &SimilarParams,
        own: &Range<usize>,
    ) -> Result<BTreeSet<String>, SearchError> {
        let SimilarTo::Lines { transcript, .. } = params.quote else { return Ok(BTreeSet::new()) };
        let cases = own.clone().filter_map(|passage| {
            let speaker = self.corpus.passage(passage).speaker;
            self.corpus.cases.group(transcript, usize::from(speaker))
        });
        let groups: BTreeSet<String> = cases.map(str::to_owned).collect();
        if groups.is_empty() {
            return Err(SearchError::NoGroup {
                id: self.corpus.transcripts[transcript].id.clone(),
            });
        }
        Ok(groups)
    }

    /// Adds the words of lines and, fading, of the passages around them to a
    /// point; tells the passages that the lines touch.
    fn place_lines(
        &self,
        (t, lines): (usize, Lines),
        talk: &[TalkPassage],
        space: &StudySpace,
        point: &mut Array1<f64>,
        bag: &mut BTreeMap<String, f64>,
    ) -> Result<Range<usize>, SearchError> {
        let text = Text::of(self.corpus, t)?;
        let span = self.corpus.lines_span(t, lines)?;
        let passages = &self.corpus.transcripts[t].passages;
        let first = passages.partition_point(|passage| passage.span.end <= span.start);
        let last = passages.partition_point(|passage| passage.span.start < span.end);
        // Interviewers' words in the lines are context, unless nobody else speaks.
        let is_evidence =
            |place: usize| self.corpus.role_of(t, passages[place].speaker) != Role::Interviewer;
        let any_evidence = (first..last).any(is_evidence);
        let mut counts = BTreeMap::new();
        let mut n_words = 0;
        for place in (first..last).filter(|place| !any_evidence || is_evidence(*place)) {
            for token in text.analysis.passages[place].iter().filter(|token| token.is_own) {
                let is_inside = span.start <= token.span.start && token.span.end <= span.end;
                if is_inside {
                    n_words += 1;
                    count(&text.analysis, token, &mut counts);
                }
            }
        }
        let mut add = |counts: &BTreeMap<String, u32>, n_words: u32, weight: f64| {
            let terms = space.weigh(counts);
            add_words(&mut point.view_mut(), &space.directions.view(), &terms, n_words, weight);
            for (term, of_term) in terms {
                *bag.entry(space.vocabulary[term as usize].clone()).or_default() +=
                    weight * of_term;
            }
        };
        add(&counts, n_words, 1.0);
        let offset = self.corpus.offsets[t] as usize;
        let own = offset + first..offset + last;
        for (near, weight) in SpaceParams::default().context.around(own.clone(), talk) {
            let mut counts = BTreeMap::new();
            for token in text.analysis.passages[near - offset].iter().filter(|token| token.is_own) {
                count(&text.analysis, token, &mut counts);
            }
            add(&counts, talk[near].n_words, QUOTE_CONTEXT * weight);
        }
        Ok(own)
    }

    /// Adds words that stand nowhere to a point, as each language would stem them.
    fn place_text(
        &self,
        text: &str,
        space: &StudySpace,
        point: &mut Array1<f64>,
        bag: &mut BTreeMap<String, f64>,
    ) {
        let mut counts = BTreeMap::new();
        let languages: BTreeMap<Language, usize> = self
            .corpus
            .transcripts
            .iter()
            .enumerate()
            .map(|(t, known)| (known.language, t))
            .collect();
        for t in languages.into_values() {
            let analyzer = self.corpus.analyzer(t);
            let mut of_language: BTreeMap<String, u32> = BTreeMap::new();
            for token in analyzer.tokens(text) {
                if token.kind == TokenKind::Content {
                    *of_language.entry(analyzer.stem(token.span.of(text))).or_default() += 1;
                }
            }
            for (stem, n) in of_language {
                let known: &mut u32 = counts.entry(stem).or_default();
                *known = n.max(*known);
            }
        }
        let terms = space.weigh(&counts);
        let n_words = u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX);
        add_words(&mut point.view_mut(), &space.directions.view(), &terms, n_words, 1.0);
        bag.extend(
            terms.iter().map(|&(term, weight)| (space.vocabulary[term as usize].clone(), weight)),
        );
    }

    /// The stems that tie a passage and its context to the quote, strongest
    /// first, each with a word as spoken.
    fn ties(
        &self,
        passage: usize,
        talk: &[TalkPassage],
        space: &StudySpace,
        quote: &BTreeMap<String, f64>,
    ) -> Result<Vec<(String, String)>, SearchError> {
        let (t, place) = self.corpus.place_of(passage);
        let analysis = &*self.corpus.words(t)?;
        let mut strengths: BTreeMap<String, (f64, String)> = BTreeMap::new();
        let first = passage - place;
        let around = SpaceParams::default().context.around(passage..passage + 1, talk);
        for (near, weight) in std::iter::once((passage, 1.0)).chain(around) {
            let tokens = &analysis.passages[near - first];
            let mut counts = BTreeMap::new();
            let mut spoken: BTreeMap<&str, &str> = BTreeMap::new();
            for token in tokens.iter().filter(|token| token.is_own) {
                count(analysis, token, &mut counts);
                let form = token.form as usize;
                spoken.entry(&analysis.stems[form]).or_insert(&analysis.forms[form]);
            }
            for (term, of_term) in space.weigh(&counts) {
                let stem = &space.vocabulary[term as usize];
                if let Some(of_quote) = quote.get(stem) {
                    let word = spoken.get(stem.as_str()).copied().unwrap_or(stem);
                    let tie =
                        strengths.entry(stem.clone()).or_insert_with(|| (0.0, word.to_owned()));
                    tie.0 += weight * of_term * of_quote;
                }
            }
        }
        let mut ties: Vec<(String, (f64, String))> = strengths.into_iter().collect();
        ties.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
        ties.truncate(N_TIES);
        Ok(ties.into_iter().map(|(stem, (_, word))| (stem, word)).collect())
    }
}

/// The cosine between a row and a point over the leading directions; 0 if
/// either is empty there.
fn leading_cosine(row: &ArrayView1<'_, f32>, point: &Array1<f64>) -> f64 {
    let (mut dot, mut of_row, mut of_point) = (0.0, 0.0, 0.0);
    for (&x, &y) in row.iter().zip(point).take(N_LEADING) {
        let x = f64::from(x);
        dot += x * y;
        of_row += x * x;
        of_point += y * y;
    }
    let lengths: f64 = of_row * of_point;
    if lengths > 0.0 { dot / lengths.sqrt() } else { 0.0 }
}

/// Counts the stem of a word that passages are placed by: names are, though no terms.
fn count(analysis: &Analysis, token: &AnalyzedToken, counts: &mut BTreeMap<String, u32>) {
    if matches!(token.kind, TokenKind::Content | TokenKind::Name) {
        *counts.entry(analysis.stems[token.form as usize].to_owned()).or_default() += 1;
    }
}
