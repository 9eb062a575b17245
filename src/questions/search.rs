//! Quotes of a study: where is this said, and what is said about this?

use std::cell::LazyCell;
use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use crate::answers::{Concordance, Hit, SearchAnswer, Unshown};
use crate::base::Diagnose as _;
use crate::codebook::CodeId;
use crate::search::answer::SearchParams;
use crate::search::concordance::ConcordanceOrder;
use crate::search::finder::{Finder, KnownCode};
use crate::search::similar::SimilarParams;
use crate::study::{Snapshot, StudyError};

impl Snapshot {
    pub(crate) fn finder(&self) -> Result<Finder<'_>, StudyError> {
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

    /// Words that are said in the study and are written almost as this one, the nearest first
    /// and of equals those that more transcripts have.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn words_like(&self, word: &str, n: usize) -> Result<Vec<String>, StudyError> {
        let word = word.to_lowercase();
        // A letter of four may be another one.
        let most = (word.chars().count() / 4).clamp(1, 3);
        let mut known: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for t in 0..self.corpus.transcripts.len() {
            for form in self.corpus.words(t)?.forms.iter() {
                let form = form.to_lowercase();
                if let Some((_, n_transcripts)) = known.get_mut(&form) {
                    *n_transcripts += 1;
                } else {
                    known.insert(form.clone(), (damerau_levenshtein(&word, &form), 1));
                }
            }
        }
        let mut near: Vec<(usize, usize, String)> = known
            .into_iter()
            .filter(|(form, (distance, _))| *distance <= most && *form != word)
            .map(|(form, (distance, n_transcripts))| (distance, n_transcripts, form))
            .collect();
        near.sort_by(|(a, m, x), (b, o, y)| a.cmp(b).then(o.cmp(m)).then_with(|| x.cmp(y)));
        Ok(near.into_iter().take(n).map(|(.., form)| self.hidden(form)).collect())
    }

    /// Finds passages, best first; see [`query`](crate::query) for what
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
        let space = self.space(&|_, _| {})?;
        let find = || -> Result<_, StudyError> { Ok(self.finder()?.similar(params, &space)?) };
        Ok(Unshown::new(self.derived.times.run("rank", find)?))
    }
}
