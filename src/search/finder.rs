//! What every question is asked of, and a query made ready for it.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::SearchError;
use super::evaluate::{Evaluator, FieldSet, Found};
use super::index::{IndexReader, PassageIndex};
use super::matches::outermost;
use super::naming::Names;
use super::near::SaidWords;
use super::rank::PassageLengths;
use crate::query::Query;
use crate::query::meant::with_names;
use crate::query::parse::parse;
use serde::{Deserialize, Serialize};

use crate::answers::Totals;
use crate::base::{Diagnostic, Span};
use crate::corpus::{Corpus, CorpusError};
use crate::pseudonyms::Pseudonyms;
use crate::terms::{Analysis, Analyzer};
use crate::transcripts::Transcript;
use crate::transcripts::roles::Role;

/// What the passages of interviewers are worth: people look for what is answered.
const INTERVIEWER_GAIN: f64 = 0.6;

/// The index, opened, and the passages as far as ranking goes: all that follows from
/// the texts and need be made once.
pub struct Searcher {
    pub(super) index: IndexReader,
    /// Words of each passage.
    n_words: Vec<u32>,
    /// The passages of each transcript among all passages.
    pub(super) ranges: Vec<Range<usize>>,
    /// The transcript of each passage.
    pub(super) transcript_of: Vec<u32>,
    /// By what each passage's score is multiplied, for who says it.
    pub(super) gains: Vec<f64>,
    /// The languages spoken, and what stems their words.
    pub(super) analyzers: Vec<Analyzer>,
    /// The labels of all speakers, once a question may name one.
    pub(super) names: OnceLock<Names>,
    /// The words that may stand in for others, once a question needs them.
    said: OnceLock<SaidWords>,
}

impl Searcher {
    /// Opens the index of a corpus for reading.
    ///
    /// # Errors
    /// [`SearchError`] if it cannot be read.
    pub fn new(index: &PassageIndex, corpus: &Corpus) -> Result<Self, SearchError> {
        let transcripts = &corpus.transcripts;
        let n_numbers = transcripts.iter().map(|t| t.number as usize + 1).max().unwrap_or(0);
        let mut offsets = vec![None; n_numbers];
        for (transcript, &offset) in transcripts.iter().zip(&corpus.offsets) {
            offsets[transcript.number as usize] = Some(offset);
        }
        let passages = || {
            (0..).zip(transcripts).flat_map(|(t, known)| known.passages.iter().map(move |p| (t, p)))
        };
        Ok(Self {
            index: index.reader(&offsets)?,
            n_words: passages().map(|(_, passage)| passage.n_words).collect(),
            ranges: (0..transcripts.len()).map(|t| corpus.passages_of(t)).collect(),
            transcript_of: passages().map(|(t, _)| t).collect(),
            gains: passages()
                .map(|(t, passage)| {
                    let guess = &corpus.roles[t as usize][usize::from(passage.speaker)];
                    // Where the talk leaves it open, nobody's words are held back.
                    let asks = guess.role == Role::Interviewer && !guess.is_doubtful;
                    if asks { INTERVIEWER_GAIN } else { 1.0 }
                })
                .collect(),
            analyzers: corpus.languages().into_iter().map(|it| corpus.analyzer_of(it)).collect(),
            names: OnceLock::new(),
            said: OnceLock::new(),
        })
    }

    /// The words that may stand in for others.
    pub(super) fn said_words(&self) -> Result<&SaidWords, SearchError> {
        if let Some(known) = self.said.get() {
            return Ok(known);
        }
        let said = SaidWords::new(&self.index)?;
        Ok(self.said.get_or_init(|| said))
    }
}

/// The themes as they were last suggested.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KnownThemes {
    /// The themes that every passage of the study is evidence of, by their numbers.
    pub themes_of: Vec<Vec<u32>>,
    /// The number and the label of each theme.
    pub labels: Vec<(u32, String)>,
    /// The candidate codes under them.
    pub codes: Vec<KnownPart>,
}

/// A candidate code under a theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPart {
    /// The number of the theme, and its own under it: `1.2`.
    pub number: String,
    /// Its label.
    pub label: String,
    /// The passages of the study that are evidence of it.
    pub passages: Vec<usize>,
}

/// [`KnownThemes`], if there are any, once they are needed.
pub type LazyThemes<'a> =
    LazyCell<Option<KnownThemes>, Box<dyn FnOnce() -> Option<KnownThemes> + 'a>>;

/// What people coded with a code or one under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCode {
    /// The code's path: `A > B`.
    pub path: String,
    /// The passages that its quotations touch, among all passages.
    pub passages: Vec<usize>,
}

/// What people coded, once it is needed, or why it cannot be read.
pub type LazyCodes<'a> = LazyCell<
    Result<Vec<KnownCode>, Diagnostic>,
    Box<dyn FnOnce() -> Result<Vec<KnownCode>, Diagnostic> + 'a>,
>;

/// What a question is asked of.
pub struct Finder<'a> {
    /// The talk.
    pub corpus: &'a Corpus,
    /// Its index.
    pub searcher: &'a Searcher,
    /// What people may type in place of names.
    pub pseudonyms: &'a Pseudonyms,
    /// What is shown beside a hit, and what a field may name.
    pub themes: LazyThemes<'a>,
    /// What a field may name.
    pub codes: LazyCodes<'a>,
}

/// A text that answers are cut from, and its words.
pub(super) struct Text {
    pub(super) transcript: Arc<Transcript>,
    pub(super) analysis: Arc<Analysis>,
}

impl Text {
    pub(super) fn of(corpus: &Corpus, t: usize) -> Result<Self, CorpusError> {
        Ok(Self { transcript: corpus.text(t)?, analysis: corpus.words(t)? })
    }

    /// The bytes of a run of words, from a passage on.
    pub(super) fn span_of(&self, place: usize, (first, last): (u32, u32)) -> Option<Span> {
        let tokens = || self.analysis.passages[place..].iter().flatten();
        let start = tokens().find(|token| token.position == first)?.span.start;
        let end = tokens().find(|token| token.position == last)?.span.end;
        Some(Span { start, end })
    }
}

/// A query over one study, ready to be evaluated.
pub(super) struct Prepared<'q> {
    pub(super) query: Query,
    searcher: &'q Searcher,
    /// The transcripts to look in.
    pub(super) within: Range<usize>,
    /// Whether a pseudonym in it stands for several names.
    is_widened: bool,
}

impl<'q> Prepared<'q> {
    /// Words are stemmed as each language spoken in the study would stem them.
    pub(super) fn evaluator(&self, field_set: &'q FieldSet<'q>) -> Evaluator<'q> {
        let Searcher { index, analyzers, transcript_of, .. } = self.searcher;
        Evaluator::new(index, analyzers, transcript_of, field_set)
    }

    /// Takes out what is found outside the transcripts to look in.
    pub(super) fn keep_within(&self, found: &mut Found) {
        let ranges = &self.searcher.ranges[self.within.clone()];
        let start = ranges.first().map_or(0, |range| range.start);
        let end = ranges.last().map_or(start, |range| range.end);
        found.passages.set_range(..start, false);
        found.passages.set_range(end.., false);
        found.matches.retain(|found| (start..end).contains(&(found.passage as usize)));
        if self.is_widened {
            // "Siân" in "Siân Powell" is the same place of the same pseudonym.
            let transcript_of = &self.searcher.transcript_of;
            found.matches = outermost(std::mem::take(&mut found.matches), transcript_of);
        }
    }
}

impl<'a> Finder<'a> {
    /// The lengths by which passages are ranked.
    pub(super) fn lengths(&self) -> PassageLengths<'a> {
        let Searcher { n_words, ranges, .. } = self.searcher;
        PassageLengths { n_words, transcripts: ranges }
    }

    pub(super) fn prepare(
        &self,
        query: &str,
        transcript: Option<usize>,
    ) -> Result<Prepared<'a>, SearchError> {
        let within = transcript.map_or(0..self.corpus.transcripts.len(), |t| t..t + 1);
        let parsed = parse(query, &self.corpus.attribute_names())?;
        let widened = with_names(parsed.clone(), query, self.pseudonyms);
        let is_widened = widened != parsed;
        Ok(Prepared { query: widened, searcher: self.searcher, within, is_widened })
    }

    pub(super) fn totals(&self, found: &Found) -> Totals {
        let (mut cases, mut transcripts) = (BTreeSet::new(), BTreeSet::new());
        for passage in found.passages.ones() {
            let (t, place) = self.corpus.place_of(passage);
            let speaker = self.corpus.transcripts[t].passages[place].speaker;
            transcripts.insert(t);
            cases.extend(self.corpus.cases.of_speaker[t][usize::from(speaker)]);
        }
        Totals {
            n_matches: found.matches.len(),
            n_passages: found.passages.count_ones(..),
            n_cases: cases.len(),
            of_cases: self.corpus.cases.cases.len(),
            n_transcripts: transcripts.len(),
        }
    }
}
