//! What no code covers: where a researcher who has begun to code may go on.
//!
//! The passages of a list come in, with the codebook and where its quotations stand; what
//! goes out is told of all talk, and of each candidate beside its evidence. Nothing that is
//! counted elsewhere changes by it.

use std::collections::BTreeSet;

use super::Talk;
use crate::answers::{UncodedEvidence, UncodedTalk};
use crate::corpus::ParticipantPassage;
use crate::themes::CandidateTheme;

/// Which passages carry a code.
pub(super) struct Coded<'a> {
    passages: &'a [ParticipantPassage],
    /// Those with a code, by their rows among all of the study.
    touched: BTreeSet<usize>,
}

impl<'a> Coded<'a> {
    /// Finds the passages that quotations with a code touch, and tells what is left; `None`
    /// if nothing is coded.
    pub(super) fn find(
        talk: &Talk<'_>,
        passages: &'a [ParticipantPassage],
    ) -> Option<(Self, UncodedTalk)> {
        let quotations = talk.codebook.quotations.values().filter(|it| !it.codings.is_empty());
        let places: Vec<_> = quotations.filter_map(|it| talk.standings.place_of(it)).collect();
        if places.is_empty() {
            return None;
        }
        let touched: BTreeSet<usize> =
            places.iter().flat_map(|place| talk.corpus.passages_at(place)).collect();
        let coded = Self { passages, touched };
        let read: BTreeSet<usize> =
            places.iter().filter_map(|place| talk.corpus.with_id(&place.transcript)).collect();
        let unread: BTreeSet<usize> = passages
            .iter()
            .map(|known| known.row.transcript as usize)
            .filter(|t| !read.contains(t))
            .collect();
        let uncoded = UncodedTalk {
            n_passages: passages.iter().filter(|known| !coded.covers(known)).count(),
            of_passages: passages.len(),
            transcripts: unread.iter().map(|&t| talk.corpus.transcripts[t].id.clone()).collect(),
        };
        Some((coded, uncoded))
    }

    /// Whether a passage carries a code.
    pub(super) fn covers(&self, passage: &ParticipantPassage) -> bool {
        self.touched.contains(&passage.passage)
    }

    /// What of the evidence of a theme or code no code covers, without quotes.
    pub(super) fn left_of(&self, theme: &CandidateTheme) -> UncodedEvidence {
        let evidence = theme.evidence.iter().map(|&at| &self.passages[at]);
        let left: Vec<&ParticipantPassage> = evidence.filter(|known| !self.covers(known)).collect();
        let cases: BTreeSet<u32> = left.iter().map(|known| known.row.case).collect();
        UncodedEvidence { n_passages: left.len(), n_cases: cases.len(), quotes: Vec::new() }
    }
}
