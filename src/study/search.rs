//! Quotes of a study: where is this said, and what is said about this?

use std::cell::LazyCell;

use super::{Snapshot, StudyError};
use crate::answers::{Concordance, Hit, SearchAnswer, Unshown};
use crate::base::Diagnose as _;
use crate::codebook::CodeId;
use crate::search::answer::SearchParams;
use crate::search::concordance::ConcordanceOrder;
use crate::search::finder::{Finder, KnownCode};
use crate::search::similar::SimilarParams;

impl Snapshot {
    pub(super) fn finder(&self) -> Result<Finder<'_>, StudyError> {
        Ok(Finder {
            corpus: &self.corpus,
            searcher: self.searching()?,
            pseudonyms: self.every_pseudonym(),
            themes: LazyCell::new(Box::new(|| self.last_themes())),
            codes: LazyCell::new(Box::new(|| {
                self.known_codes().map_err(|error| error.diagnostic())
            })),
        })
    }

    /// The passages that people coded, code by code.
    fn known_codes(&self) -> Result<Vec<KnownCode>, StudyError> {
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        let known = |&id: &CodeId| {
            let quotations = codebook.quotations_of(&codebook.family(id));
            let places = standings.here(&quotations).into_iter().map(|(_, place)| place);
            let passages = places.flat_map(|place| self.corpus.passages_at(place)).collect();
            KnownCode { path: codebook.path(id), passages }
        };
        Ok(codebook.codes.keys().map(known).collect())
    }

    /// Finds passages, best first; see [`query`](crate::search::query) for what
    /// a query may hold.
    ///
    /// # Errors
    /// [`StudyError::Search`] for a query that cannot be read or that names
    /// what the study does not have, or if the index is gone.
    pub fn search(
        &self,
        query: &str,
        params: &SearchParams,
    ) -> Result<Unshown<SearchAnswer>, StudyError> {
        let times = &self.derived.times;
        let rank = || -> Result<_, StudyError> {
            let finder = self.finder()?;
            let found = finder.ranked(query, params)?;
            Ok((finder, found))
        };
        let (finder, found) = times.run("rank", rank)?;
        let answer = times.run("quotes", || finder.answer(found, params.n_context))?;
        Ok(Unshown::new(answer))
    }

    /// The places of passages among all passages, best first, with their
    /// scores: what [`search`](Self::search) makes its answer of.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn rank_passages(
        &self,
        query: &str,
        params: &SearchParams,
    ) -> Result<Vec<(usize, f64)>, StudyError> {
        Ok(self.finder()?.ranked(query, params)?.passages)
    }

    /// Lists every match of a query, bare words in all their forms. `limit` is
    /// the most lines; 0 for all. The totals count all matches.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn concordance(
        &self,
        query: &str,
        transcript: Option<usize>,
        order: ConcordanceOrder,
        limit: usize,
    ) -> Result<Unshown<Concordance>, StudyError> {
        let mut found = self.finder()?.concordance(query, transcript, order, limit)?;
        let places = found.lines.iter().map(|line| (line.at.transcript.as_str(), line.span));
        let codes = self.codes_at(places)?;
        for (line, codes) in found.lines.iter_mut().zip(codes) {
            line.codes = codes;
        }
        Ok(Unshown::new(found))
    }

    /// Finds the passages that are most like a quote and its context, best first; see
    /// [`Finder::similar`].
    ///
    /// # Errors
    /// As there.
    pub fn similar(&self, params: &SimilarParams) -> Result<Unshown<Vec<Hit>>, StudyError> {
        let space = self.space()?;
        let find = || -> Result<_, StudyError> { Ok(self.finder()?.similar(params, &space)?) };
        Ok(Unshown::new(self.derived.times.run("rank", find)?))
    }
}
