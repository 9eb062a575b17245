//! Quotes of a study: where is this said, and what is said about this?

use std::borrow::Cow;
use std::collections::BTreeSet;

use fixedbitset::FixedBitSet;

use super::SearchError;
use super::boilerplate::is_boilerplate;
use super::evaluate::Sought;
use super::fields::Fields;
use super::finder::{Finder, Prepared};
use super::hits::Marks;
use super::matches::any_of;
use super::meant::question_with_names;
use super::naming::{Named, Names, name_words, smoothed};
use super::query::Query;
use super::rank::{RankParams, RankScope, RankedTerm, rank};
use crate::answers::{SearchAnswer, Totals};
use crate::ingest::Known;
use crate::terms::fold;
use crate::transcripts::Speaker;

/// How a query is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchParams {
    /// The transcript to look in, if not all.
    pub transcript: Option<usize>,
    /// The most hits; 0 for all.
    pub limit: usize,
    /// Turns to show before and after each hit.
    pub n_context: usize,
}

/// Weight of the words that any question about talk may hold.
const BOILERPLATE_WEIGHT: f64 = 0.15;
/// Weight of a speaker's name.
const NAME_WEIGHT: f64 = 0.2;
/// What the passages gain, at most, of a speaker whom a question names.
const SPEAKER_GAIN: f64 = 2.0;

/// What a query finds, before it is read out of the texts.
pub struct Ranked {
    /// The places of passages among all passages, best first, with their scores.
    pub passages: Vec<(usize, f64)>,
    marks: Marks,
    totals: Option<Totals>,
    nowhere: Vec<String>,
    is_empty: bool,
}

impl Finder<'_> {
    /// Finds passages, best first; see [`query`](super::query) for what a query may
    /// hold.
    ///
    /// # Errors
    /// [`SearchError::Query`] for a query that cannot be read or that names what the
    /// study does not have; others if the index is gone.
    pub fn ranked(&self, query: &str, params: &SearchParams) -> Result<Ranked, SearchError> {
        let prepared = &self.prepare(query, params.transcript)?;
        let fields = Fields { finder: self, query };
        let field_set = |test: &_| fields.passages(test);
        let mut evaluator = prepared.evaluator(&field_set);
        if let Some((sought, filters)) = prepared.query.ranked() {
            let mut lists = Vec::new();
            for part in sought {
                if let Query::Word(words) = part {
                    evaluator.note_word(words)?;
                } else {
                    lists.push(evaluator.find(part)?.matches);
                }
            }
            let sought = evaluator.take_sought();
            let stems = sought.iter().flat_map(|sought| sought.stems.iter().cloned()).collect();
            let mut nowhere = evaluator.take_empty();
            let mut allowed: Option<FixedBitSet> = None;
            for filter in filters {
                let passages = evaluator.find(filter)?.passages;
                match &mut allowed {
                    None => allowed = Some(passages),
                    Some(allowed) => allowed.intersect_with(&passages),
                }
            }
            nowhere.extend(evaluator.take_empty());
            let named = self.named(query, prepared);
            let gains = self.gains(prepared, &named);
            let is_empty = sought.is_empty();
            let terms = ranked_terms(sought, &named);
            let passages = self.rank(prepared, &terms, allowed.as_ref(), &gains, params.limit);
            let marks = Marks { stems, matches: any_of(lists) };
            return Ok(Ranked { passages, marks, totals: None, nowhere, is_empty });
        }
        let mut found = evaluator.find(&prepared.query)?;
        prepared.keep_within(&mut found);
        let terms = ranked_terms(evaluator.take_sought(), &Named::default());
        let mut passages =
            self.rank(prepared, &terms, Some(&found.passages), &self.searcher.gains, 0);
        // What matches by a negation or by fields alone has no score.
        let mut others = found.passages.clone();
        for (passage, _) in &passages {
            others.remove(*passage);
        }
        passages.extend(others.ones().map(|passage| (passage, 0.0)));
        let totals = self.totals(&found);
        if params.limit > 0 {
            passages.truncate(params.limit);
        }
        let nowhere = evaluator.take_empty();
        let marks = Marks { stems: BTreeSet::new(), matches: found.matches };
        Ok(Ranked { passages, marks, totals: Some(totals), nowhere, is_empty: false })
    }

    /// What was found, read out of the texts.
    ///
    /// # Errors
    /// [`SearchError::Corpus`] if a text is gone.
    pub fn answer(&self, found: Ranked, n_context: usize) -> Result<SearchAnswer, SearchError> {
        let Ranked { passages, marks, totals, nowhere, is_empty } = found;
        let hits = self.hits(&passages, &marks, n_context)?;
        Ok(SearchAnswer { hits, totals, nowhere, is_empty })
    }

    /// What each passage gains from its speaker, whom the question may name.
    fn gains(&self, prepared: &Prepared<'_>, named: &Named) -> Cow<'_, [f64]> {
        let by_role = self.searcher.gains.as_slice();
        if named.shares.is_empty() {
            return Cow::Borrowed(by_role);
        }
        let mut gains = by_role.to_vec();
        for t in prepared.within.clone() {
            let known = &self.corpus.transcripts[t];
            let share = |speaker: &Speaker| named.shares.get(&name_words(&speaker.label)).copied();
            let shares: Vec<f64> =
                known.speakers.iter().map(|speaker| share(speaker).unwrap_or(0.0)).collect();
            if shares.iter().any(|share| *share > 0.0) {
                let own: Vec<f64> =
                    known.passages.iter().map(|p| shares[usize::from(p.speaker)]).collect();
                let of_transcript = &mut gains[self.searcher.ranges[t].clone()];
                for (gain, share) in of_transcript.iter_mut().zip(smoothed(&own)) {
                    *gain *= 1.0 + SPEAKER_GAIN * share;
                }
            }
        }
        Cow::Owned(gains)
    }

    /// Whom a question names among those who talk where it looks.
    fn named(&self, query: &str, prepared: &Prepared<'_>) -> Named {
        let labels = |transcripts: &[Known]| {
            Names::new(transcripts.iter().flat_map(|t| t.speakers.iter().map(|s| s.label.as_str())))
        };
        let question = question_with_names(query, self.pseudonyms);
        let all = &self.corpus.transcripts;
        if prepared.within.len() == all.len() {
            self.searcher.names.get_or_init(|| labels(all)).named_in(&question)
        } else {
            labels(&all[prepared.within.clone()]).named_in(&question)
        }
    }

    fn rank(
        &self,
        prepared: &Prepared<'_>,
        terms: &[RankedTerm],
        allowed: Option<&FixedBitSet>,
        gains: &[f64],
        limit: usize,
    ) -> Vec<(usize, f64)> {
        let within = prepared.within.clone();
        let scope = RankScope { within, allowed, gains: Some(gains), limit };
        rank(terms, self.lengths(), &scope, &RankParams::default())
    }
}

/// What is sought, weighed: words that any question may hold say little, and
/// a speaker's name says who, not what.
fn ranked_terms(sought: Vec<Sought>, named: &Named) -> Vec<RankedTerm> {
    let weight = |words: &[String]| {
        let all = |test: &dyn Fn(&str) -> bool| {
            !words.is_empty() && words.iter().all(|word| test(&word.to_lowercase()))
        };
        if all(&|word| named.words.contains(fold(word).as_ref())) {
            NAME_WEIGHT
        } else if all(&is_boilerplate) {
            BOILERPLATE_WEIGHT
        } else {
            1.0
        }
    };
    sought
        .into_iter()
        .map(|sought| RankedTerm { weight: weight(&sought.words), postings: sought.postings })
        .collect()
}
