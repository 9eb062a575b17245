//! What people decided about a code, passage by passage.
//!
//! The codebook comes in, with where its quotations stand now; for a code, the passages
//! that carry it, those that do not, and the lines that are not proposed go out. Talk that
//! nobody has read says nothing about a code, so passages without it count only in
//! transcripts that hold a quotation, and not if all of those were proposed.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Lines, Span};
use crate::codebook::standing::{Standing, Standings};
use crate::codebook::{CodeId, Codebook, Place, Quotation, QuotationId};
use crate::corpus::{Corpus, CorpusError, ParticipantPassage};

/// What people decided, as far as proposals go.
pub struct Decisions<'a> {
    corpus: &'a Corpus,
    codebook: &'a Codebook,
    standings: &'a Standings,
    /// The passages of participants, in the order of the study.
    passages: Vec<ParticipantPassage>,
    /// The places among these of each transcript's first passage, and the number of all.
    starts: Vec<usize>,
    /// Transcripts that somebody has read for quotations.
    read: BTreeSet<usize>,
    /// Transcripts that hold a quotation.
    quoted: BTreeSet<usize>,
}

/// A quotation of a code, where it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// Its transcript, by its place in the study.
    pub transcript: usize,
    /// Its bytes there.
    pub span: Span,
    /// The cases of the participants' passages that it touches.
    pub cases: BTreeSet<u32>,
}

/// What people decided about one code. Passages are rows among all of the study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coded {
    /// The code, and those under it.
    pub family: BTreeSet<CodeId>,
    /// Participants' passages that carry it, in order, each with the first quotation that
    /// says so.
    pub with: BTreeMap<usize, QuotationId>,
    /// Those that do not: rejected, or read by somebody who did not code them so.
    pub without: BTreeSet<usize>,
    /// Those among them that were rejected for it.
    pub refused: BTreeSet<usize>,
    /// Its quotations, in the order of the codebook.
    pub quoted: Vec<Quoted>,
    /// How many quotations the code and those under it have whose place is certain.
    pub n_quotations: usize,
    /// How many of them each case says, by the places of their passages.
    pub by_case: BTreeMap<u32, usize>,
    /// Lines that are quoted with it or rejected for it, by transcript.
    pub decided_lines: BTreeMap<usize, Vec<Lines>>,
}

impl<'a> Decisions<'a> {
    /// Gathers what people decided.
    pub fn new(corpus: &'a Corpus, codebook: &'a Codebook, standings: &'a Standings) -> Self {
        let passages = corpus.participant_passages();
        let start =
            |t: usize| passages.partition_point(|passage| (passage.row.transcript as usize) < t);
        let starts = (0..=corpus.transcripts.len()).map(start).collect();
        let (mut read, mut quoted) = (BTreeSet::new(), BTreeSet::new());
        for quotation in codebook.quotations.values() {
            let place = standings.place_of(quotation);
            let Some(t) = place.and_then(|place| corpus.with_id(&place.transcript)) else {
                continue;
            };
            quoted.insert(t);
            if quotation.codings.iter().any(|coding| !coding.is_proposed) {
                read.insert(t);
            }
        }
        Self { corpus, codebook, standings, passages, starts, read, quoted }
    }

    /// The passages of participants, in the order of the study.
    pub fn passages(&self) -> &[ParticipantPassage] {
        &self.passages
    }

    /// Whether somebody has read a transcript for quotations: what is not coded there was
    /// judged too.
    pub fn is_read(&self, t: usize) -> bool {
        self.read.contains(&t)
    }

    /// Whether a transcript holds a quotation.
    pub fn is_quoted(&self, t: usize) -> bool {
        self.quoted.contains(&t)
    }

    /// What was decided about a code and those under it.
    ///
    /// # Errors
    /// [`CorpusError::TextGone`] if a text is not remembered any more.
    pub fn about(&self, code: CodeId) -> Result<Coded, CorpusError> {
        let mut coded = Coded { family: self.codebook.family(code), ..Coded::default() };
        let quotations = self.codebook.quotations_of(&coded.family);
        for (quotation, place) in self.standings.here(&quotations) {
            self.take_quotation(&mut coded, quotation, place)?;
        }
        for refusal in self.codebook.refusals.values() {
            if !coded.family.contains(&refusal.code) {
                continue;
            }
            let place = match self.corpus.standing(&refusal.place, &refusal.text)? {
                Standing::Here => refusal.place.clone(),
                Standing::Moved(place) => place,
                Standing::Stale(_) => continue,
            };
            if let Some(t) = self.corpus.with_id(&place.transcript) {
                coded.refused.extend(self.touched(t, place.span).map(|at| at.passage));
                self.close(&mut coded, t, place.span)?;
            }
        }
        coded.without.extend(&coded.refused);
        for &t in &self.read {
            let lines = coded.decided_lines.get(&t);
            let unlabelled = self
                .of_transcript(t)
                .iter()
                .filter(|known| !is_in(lines, self.corpus.passage(known.passage).lines));
            coded.without.extend(unlabelled.map(|known| known.passage));
        }
        coded.without.retain(|passage| !coded.with.contains_key(passage));
        coded.refused.retain(|passage| !coded.with.contains_key(passage));
        Ok(coded)
    }

    fn take_quotation(
        &self,
        coded: &mut Coded,
        quotation: &Quotation,
        place: &Place,
    ) -> Result<(), CorpusError> {
        let Some(t) = self.corpus.with_id(&place.transcript) else { return Ok(()) };
        coded.n_quotations += 1;
        let mut cases = BTreeSet::new();
        for known in self.touched(t, place.span) {
            coded.with.entry(known.passage).or_insert(quotation.id);
            cases.insert(known.row.case);
        }
        for &case in &cases {
            *coded.by_case.entry(case).or_default() += 1;
        }
        coded.quoted.push(Quoted { transcript: t, span: place.span, cases });
        self.close(coded, t, place.span)
    }

    /// Keeps that the lines of a stretch are not proposed.
    fn close(&self, coded: &mut Coded, t: usize, span: Span) -> Result<(), CorpusError> {
        let lines = self.corpus.text(t)?.lines.lines_of(span);
        coded.decided_lines.entry(t).or_default().push(lines);
        Ok(())
    }

    /// Participants' passages of a transcript.
    fn of_transcript(&self, t: usize) -> &[ParticipantPassage] {
        &self.passages[self.starts[t]..self.starts[t + 1]]
    }

    /// Participants' passages that a stretch of a transcript touches.
    fn touched(&self, t: usize, span: Span) -> impl Iterator<Item = &ParticipantPassage> {
        self.of_transcript(t).iter().filter(move |known| {
            let of = self.corpus.passage(known.passage).span;
            of.start < span.end && span.start < of.end
        })
    }
}

impl Coded {
    /// Whether a passage may be proposed: it touches no line that was decided on.
    pub fn is_open(&self, t: usize, lines: Lines) -> bool {
        !is_in(self.decided_lines.get(&t), lines)
    }
}

/// Whether lines touch some that were decided on.
pub fn is_in(decided: Option<&Vec<Lines>>, lines: Lines) -> bool {
    let touches = |known: &Lines| known.first <= lines.last && lines.first <= known.last;
    decided.is_some_and(|decided| decided.iter().any(touches))
}
