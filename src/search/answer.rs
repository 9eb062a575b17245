//! Quotes of a study: where is this said, and what is said about this?

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fixedbitset::FixedBitSet;

use super::SearchError;
use super::boilerplate::is_boilerplate;
use super::evaluate::{Evaluator, Sought};
use super::fields::Fields;
use super::finder::{Finder, Prepared, Searcher};
use super::hits::Marks;
use super::matches::any_of;
use super::naming::{Named, Names, smoothed};
use super::near::StandIns;
use super::paired::Pairs;
use super::rank::{Gains, RankParams, RankScope, RankedTerm, rank};
use crate::answers::{SearchAnswer, Totals};
use crate::query::Query;
use crate::query::meant::question_with_names;
use crate::terms::{Language, fold};

/// How a query is answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchParams {
    /// The transcript to look in, if not all.
    pub transcript: Option<usize>,
    /// The most hits; 0 for all.
    pub limit: usize,
    /// Turns to show before and after each hit.
    pub n_context: usize,
    /// What comes first.
    pub order: HitOrder,
    /// Which words are found for a bare word.
    pub forms: Forms,
}

/// The order of the hits of a ranked query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HitOrder {
    /// The best first.
    #[default]
    Score,
    /// The best passage of each person first, then the others.
    People,
}

/// Which words are found for a bare word of a ranked query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forms {
    /// All its forms, and where it is rare, words of its family.
    #[default]
    Family,
    /// All its forms.
    Own,
}

/// Weight of the words that any question about talk may hold.
const BOILERPLATE_WEIGHT: f64 = 0.15;
/// The share of the best score from which a person's best passage comes before others'
/// second ones.
const PERSON_SHARE: f64 = 0.5;
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
    also: Vec<String>,
    n_of_people: Option<usize>,
}

impl Finder<'_> {
    /// Finds passages, best first; see [`query`](crate::query) for what a query may
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
            let named = self.named(query, prepared);
            let may_widen = |word: &str| {
                params.forms == Forms::Family && word_weight(word, &named).total_cmp(&1.0).is_eq()
            };
            let mut lists = Vec::new();
            for part in &sought {
                if let Query::Word(words) = part {
                    evaluator.note_word(words, &may_widen)?;
                } else {
                    lists.push(evaluator.find(part)?.matches);
                }
            }
            let rank_params = rank_params(params);
            let pairs = pairs(&sought, &evaluator, &rank_params)?;
            let mut sought = evaluator.take_sought();
            let kin: BTreeSet<String> =
                sought.iter().flat_map(|sought| sought.kin.iter().cloned()).collect();
            let stand_ins = self.stand_ins(&sought, &may_widen)?;
            let near = stand_ins.iter().flat_map(|stand_ins| &stand_ins.stems);
            let mut also = Vec::new();
            for stem in kin.iter().chain(near.clone()) {
                also.extend(evaluator.spoken(stem)?);
            }
            let stems = sought.iter().flat_map(|sought| &sought.stems).chain(&kin).chain(near);
            let stems = stems.cloned().collect();
            lists.extend(sought.iter_mut().map(|sought| std::mem::take(&mut sought.apart)));
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
            let gains = self.gains(&named);
            let is_empty = sought.is_empty();
            let mut terms = ranked_terms(sought, &named);
            terms.extend(pairs);
            terms.extend(stand_ins.into_iter().map(|stand_ins| stand_ins.term));
            let by_people = params.order == HitOrder::People && params.transcript.is_none();
            let scope = RankScope {
                within: prepared.within.clone(),
                allowed: allowed.as_ref(),
                gains: Some(&gains),
                limit: params.limit,
                // The best passage of each person is among these.
                share: if by_people { PERSON_SHARE } else { f64::INFINITY },
            };
            let mut passages = rank(&terms, self.lengths(), &scope, &rank_params);
            let mut n_of_people = None;
            if by_people {
                n_of_people = self.people_first(&mut passages);
                passages.truncate(if params.limit == 0 { usize::MAX } else { params.limit });
            }
            let marks = Marks { stems, matches: any_of(lists) };
            let totals = None;
            return Ok(Ranked { passages, marks, totals, nowhere, is_empty, also, n_of_people });
        }
        let mut found = evaluator.find(&prepared.query)?;
        prepared.keep_within(&mut found);
        let terms = ranked_terms(evaluator.take_sought(), &Named::default());
        let gains = self.gains_by_role();
        let scope = RankScope {
            within: prepared.within.clone(),
            allowed: Some(&found.passages),
            gains: Some(&gains),
            limit: 0,
            share: f64::INFINITY,
        };
        let mut passages = rank(&terms, self.lengths(), &scope, &rank_params(params));
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
        Ok(Ranked {
            passages,
            marks,
            totals: Some(totals),
            nowhere,
            is_empty: false,
            also: Vec::new(),
            n_of_people: None,
        })
    }

    /// What was found, read out of the texts.
    ///
    /// # Errors
    /// [`SearchError::Corpus`] if a text is gone.
    pub fn answer(&self, found: Ranked, n_context: usize) -> Result<SearchAnswer, SearchError> {
        let Ranked { passages, marks, totals, nowhere, is_empty, also, n_of_people } = found;
        let hits = self.hits(&passages, &marks, n_context)?;
        Ok(SearchAnswer { hits, totals, nowhere, is_empty, also, n_of_people })
    }

    /// What stands in for the bare words of a question that are rare.
    fn stand_ins(
        &self,
        sought: &[Sought],
        may_widen: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<StandIns>, SearchError> {
        let Searcher { index, analyzers, .. } = self.searcher;
        let english = analyzers.iter().find(|analyzer| analyzer.language() == Language::English);
        let Some(english) = english else { return Ok(Vec::new()) };
        let is_sought = |stem: &str| {
            sought.iter().any(|it| it.stems.iter().chain(&it.kin).any(|known| known == stem))
        };
        let mut stand_ins = Vec::new();
        for Sought { words, postings, .. } in sought {
            if let [word] = words.as_slice()
                && may_widen(word)
            {
                let said = self.searcher.said_words()?;
                let (word, n_holding) = (word.to_lowercase(), postings.len());
                stand_ins.extend(said.stand_ins((index, english), &word, n_holding, &is_sought)?);
            }
        }
        Ok(stand_ins)
    }

    /// What each passage gains from the part of its speaker.
    fn gains_by_role(&self) -> Gains<'_> {
        Gains { all: &self.searcher.gains, own: BTreeMap::new(), most: 1.0 }
    }

    /// What each passage gains from its speaker, whom the question may name.
    fn gains(&self, named: &Named) -> Gains<'_> {
        let mut gains = self.gains_by_role();
        if named.shares.is_empty() {
            return gains;
        }
        gains.most *= 1.0 + SPEAKER_GAIN;
        let mut shares: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (share, speakers) in named.shares.values() {
            for &(t, speaker) in speakers {
                let nobody = || vec![0.0; self.corpus.transcripts[t].speakers.len()];
                shares.entry(t).or_insert_with(nobody)[speaker] = *share;
            }
        }
        for (t, shares) in shares {
            let passages = &self.corpus.transcripts[t].passages;
            let own: Vec<f64> = passages.iter().map(|p| shares[usize::from(p.speaker)]).collect();
            let by_role = &gains.all[self.searcher.ranges[t].clone()];
            let own = by_role.iter().zip(smoothed(&own));
            let own = own.map(|(gain, share)| gain * (1.0 + SPEAKER_GAIN * share));
            gains.own.insert(t, own.collect());
        }
        gains
    }

    /// Whom a question names among those who talk where it looks.
    fn named(&self, query: &str, prepared: &Prepared<'_>) -> Named {
        let labels = |within: Range<usize>| {
            let speakers = within.flat_map(|t| {
                let speakers = self.corpus.transcripts[t].speakers.iter().enumerate();
                speakers.map(move |(s, speaker)| ((t, s), speaker.label.as_str()))
            });
            Names::new(speakers)
        };
        let question = question_with_names(query, self.pseudonyms);
        let all = &self.corpus.transcripts;
        if prepared.within.len() == all.len() {
            self.searcher.names.get_or_init(|| labels(0..all.len())).named_in(&question)
        } else {
            labels(prepared.within.clone()).named_in(&question)
        }
    }

    /// Puts the best passage of each case first, as long as it comes near the best of
    /// all; tells how many these are, if any.
    fn people_first(&self, passages: &mut Vec<(usize, f64)>) -> Option<usize> {
        let least = PERSON_SHARE * passages.first().map_or(0.0, |(_, score)| *score);
        let mut seen = BTreeSet::new();
        let (mut first, rest): (Vec<_>, Vec<_>) = passages.iter().partition(|(passage, score)| {
            let (t, place) = self.corpus.place_of(*passage);
            let speaker = self.corpus.transcripts[t].passages[place].speaker;
            let case = self.corpus.cases.of_speaker[t][usize::from(speaker)];
            *score >= least && case.is_some_and(|case| seen.insert(case))
        });
        let n_of_people = first.len();
        first.extend(rest);
        *passages = first;
        (n_of_people > 0).then_some(n_of_people)
    }
}

fn rank_params(params: &SearchParams) -> RankParams {
    if params.transcript.is_some() { RankParams::WITHIN } else { RankParams::ACROSS }
}

/// The words of a question that follow each other there: "in person" is neither "in" nor
/// "person".
pub(super) fn pairs(
    sought: &[&Query],
    evaluator: &Evaluator<'_>,
    params: &RankParams,
) -> Result<Vec<RankedTerm>, SearchError> {
    let runs = sought.split(|part| !matches!(part, Query::Word(_)));
    let mut known = BTreeSet::new();
    let mut found = Pairs::new(evaluator);
    let mut terms = Vec::new();
    for run in runs {
        let words = run.iter().flat_map(|part| match part {
            Query::Word(words) => words.as_slice(),
            _ => &[],
        });
        let words: Vec<&String> = words.collect();
        for pair in words.windows(2).filter(|pair| known.insert([pair[0], pair[1]])) {
            let postings = found.find(pair[0], pair[1])?;
            if !postings.is_empty() {
                terms.push(RankedTerm { postings, weight: params.pairs });
            }
        }
    }
    Ok(terms)
}

/// What is sought, weighed: words that any question may hold say little, and
/// a speaker's name says who, not what.
fn ranked_terms(sought: Vec<Sought>, named: &Named) -> Vec<RankedTerm> {
    let weight = |words: &[String]| {
        let weights = words.iter().map(|word| word_weight(word, named));
        weights.reduce(f64::max).unwrap_or(1.0)
    };
    sought
        .into_iter()
        .map(|sought| RankedTerm { weight: weight(&sought.words), postings: sought.postings })
        .collect()
}

fn word_weight(word: &str, named: &Named) -> f64 {
    let word = word.to_lowercase();
    if named.words.contains(fold(&word).as_ref()) {
        NAME_WEIGHT
    } else if is_boilerplate(&word) {
        BOILERPLATE_WEIGHT
    } else {
        1.0
    }
}
