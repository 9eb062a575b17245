//! The list of proposals that a person reads and decides on.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::because::{Reasoner, Reasons};
use super::coded::{Coded, Decisions};
use super::learning::{ENOUGH_QUOTATIONS, Learnt, LeftOut, Lessons, Passages, learn};
use super::name::{Query, WORD_WEIGHTS};
use super::ranking::{Proposed, in_order, percent_of};
use super::rule::words_at;
use super::wording::Wording;
use crate::answers::{
    Because, CodeStanding, Hit, LikeQuotation, ProposalAnswer, ProposalsAnswer, round,
};
use crate::base::Lines;
use crate::codebook::standing::Standings;
use crate::codebook::{CodeId, Codebook, QuotationId};
use crate::corpus::{Corpus, CorpusError, Matching, in_characters};
use crate::terms::TokenKind;

/// The judgements that tell how a code goes lately.
const N_LAST: usize = 10;
/// The percent from which on a passage carries a code more probably than not.
pub const PROBABLE: u8 = 50;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProposeParams {
    /// The code; every code with three quotations or more if left out.
    pub code: Option<CodeId>,
    /// The only transcript to look in.
    pub transcript: Option<usize>,
    /// Whether to look only in transcripts without any quotation.
    pub is_uncoded_only: bool,
    /// The most passages; 0 for all.
    pub limit: usize,
}

/// What a person decided on a passage that was proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The code that it was proposed for.
    pub code: CodeId,
    /// Whether it carries it.
    pub is_accepted: bool,
}

/// Lines that a passage is proposed for already, with their transcripts.
#[derive(Debug, Default)]
pub struct TakenLines(BTreeSet<(usize, u32)>);

impl TakenLines {
    /// Takes lines of a transcript if all are free; whether they were.
    pub fn take(&mut self, t: usize, Lines { first, last }: Lines) -> bool {
        let is_free = (first..=last).all(|line| !self.0.contains(&(t, line)));
        if is_free {
            self.0.extend((first..=last).map(|line| (t, line)));
        }
        is_free
    }
}

/// The study that proposals are made from.
pub struct Proposer<'a> {
    corpus: &'a Corpus,
    codebook: &'a Codebook,
    standings: &'a Standings,
    wording: &'a Wording,
    decisions: Decisions<'a>,
    participants: Vec<usize>,
    /// By passage of the study.
    transcripts: Vec<u32>,
    rules: &'a BTreeMap<CodeId, Matching>,
}

/// Where a code occurs, by the places of transcripts in the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcripts {
    /// Probably.
    pub proposed: BTreeSet<usize>,
    /// By a person's quotation.
    pub quoted: BTreeSet<usize>,
    /// The passages in which it probably occurs, among all of the study.
    pub passages: Vec<usize>,
}

/// What was learnt about a code, and its passages in order.
struct Ranked {
    code: CodeId,
    query: Query,
    coded: Coded,
    learnt: Learnt,
    proposed: Vec<Proposed>,
    n_probable: usize,
}

impl<'a> Proposer<'a> {
    /// Prepares a study; `wording` are the words of all its passages, and `rules` what the
    /// rules find that people keep with codes.
    pub fn new(
        corpus: &'a Corpus,
        codebook: &'a Codebook,
        standings: &'a Standings,
        wording: &'a Wording,
        rules: &'a BTreeMap<CodeId, Matching>,
    ) -> Self {
        let decisions = Decisions::new(corpus, codebook, standings);
        let participants = decisions.passages().iter().map(|known| known.passage).collect();
        let transcripts = corpus.talk().iter().map(|passage| passage.transcript).collect();
        Self { corpus, codebook, standings, wording, decisions, participants, transcripts, rules }
    }

    /// Proposes passages. `judged` is what was decided on earlier ones, oldest first.
    ///
    /// # Errors
    /// [`CorpusError`] if a text is not remembered any more.
    pub fn propose(
        &self,
        params: &ProposeParams,
        judged: &[Judged],
    ) -> Result<ProposalsAnswer, CorpusError> {
        let codes = params.code.map_or_else(|| self.codes_with_enough(), |code| vec![code]);
        let ranked: Vec<Ranked> = codes
            .into_par_iter()
            .map(|code| self.rank(code, params))
            .collect::<Result<_, CorpusError>>()?;
        let mut places: Vec<(u8, usize, usize)> = Vec::new();
        for (of, ranked) in ranked.iter().enumerate() {
            places
                .extend(ranked.proposed.iter().enumerate().map(|(at, one)| (one.percent, at, of)));
        }
        places.sort_by_key(|&(percent, at, of)| (std::cmp::Reverse(percent), at, of));
        if params.limit > 0 {
            places.truncate(params.limit);
        }
        let answer = |(rank, &(_, at, of)): (usize, &(u8, usize, usize))| {
            self.answer(rank + 1, &ranked[of], ranked[of].proposed[at])
        };
        Ok(ProposalsAnswer {
            proposals: places.iter().enumerate().map(answer).collect::<Result<_, _>>()?,
            standings: ranked
                .iter()
                .map(|ranked| self.standing(ranked, judged))
                .collect::<Result<_, _>>()?,
        })
    }

    /// What is learnt of the passages that people judged for a code, each without its
    /// transcript: those of transcripts that somebody has read.
    ///
    /// # Errors
    /// [`CorpusError`] if a text is not remembered any more.
    pub fn left_out(&self, code: CodeId) -> Result<Vec<LeftOut>, CorpusError> {
        let (coded, query) = (self.decisions.about(code)?, self.query(code));
        let mut left_out = learn(self.passages(), &query, &coded, None).left_out;
        left_out.retain(|one| self.decisions.is_read(self.corpus.place_of(one.passage).0));
        Ok(left_out)
    }

    /// What the examples of a code teach; what was decided about it, and its own words.
    ///
    /// # Errors
    /// [`CorpusError`] if a text is not remembered any more.
    pub fn lessons(&self, code: CodeId) -> Result<(Lessons, Coded, Query), CorpusError> {
        let coded = self.decisions.about(code)?;
        let lessons = Lessons::new(self.wording, &self.transcripts, &coded);
        Ok((lessons, coded, self.query(code)))
    }

    /// The transcripts in which a code is proposed, as probable as not or more, and those in
    /// which it is quoted; `None` where probabilities are a rough guess.
    ///
    /// # Errors
    /// [`CorpusError`] if a text is not remembered any more.
    pub fn transcripts_of(&self, code: CodeId) -> Result<Option<Transcripts>, CorpusError> {
        let ranked = self.rank(code, &ProposeParams::default())?;
        let probable = ranked.proposed.iter().filter(|one| one.percent >= PROBABLE);
        let passages: Vec<usize> = probable.map(|one| one.passage).collect();
        let transcripts = Transcripts {
            proposed: passages.iter().map(|&passage| self.corpus.place_of(passage).0).collect(),
            passages,
            quoted: ranked.coded.quoted.iter().map(|quoted| quoted.transcript).collect(),
        };
        Ok((!ranked.learnt.is_rough).then_some(transcripts))
    }

    fn passages(&self) -> Passages<'_> {
        Passages {
            wording: self.wording,
            participants: &self.participants,
            transcripts: &self.transcripts,
        }
    }

    /// Codes that have enough quotations of their own, in the order of the codebook.
    pub fn codes_with_enough(&self) -> Vec<CodeId> {
        let mut counts: BTreeMap<CodeId, usize> = BTreeMap::new();
        for quotation in self.codebook.quotations.values() {
            let codes = quotation.codings.iter().map(|coding| coding.code);
            for code in codes.collect::<BTreeSet<_>>() {
                *counts.entry(code).or_default() += 1;
            }
        }
        let tree = self.codebook.tree().into_iter().map(|(_, code)| code.id);
        tree.filter(|code| counts.get(code).is_some_and(|n| *n >= ENOUGH_QUOTATIONS)).collect()
    }

    /// Learns a code, and puts the passages that may be proposed for it in order.
    fn rank(&self, code: CodeId, params: &ProposeParams) -> Result<Ranked, CorpusError> {
        let coded = self.decisions.about(code)?;
        let query = self.query(code);
        let rule = self.rules.get(&code);
        let learnt = learn(self.passages(), &query, &coded, rule);
        let mut proposed = Vec::new();
        for known in self.decisions.passages() {
            let t = known.row.transcript as usize;
            let is_meant = params.transcript.is_none_or(|only| only == t)
                && !(params.is_uncoded_only && self.decisions.is_quoted(t));
            // Without a passage to learn from, only what says the code's words is like it.
            let is_like = !coded.with.is_empty()
                || learnt.by_name[known.passage] > 0.0
                || rule.is_some_and(|rule| rule.contains_key(&known.passage));
            if is_meant && is_like && coded.is_open(t, self.corpus.passage(known.passage).lines) {
                let score = learnt.scores[known.passage];
                let percent = percent_of(learnt.curve.at(score));
                proposed.push(Proposed {
                    passage: known.passage,
                    case: known.row.case,
                    score,
                    percent,
                });
            }
        }
        let proposed = self.one_a_line(in_order(proposed, &coded.by_case));
        let n_probable = proposed.iter().filter(|one| one.percent >= PROBABLE).count();
        Ok(Ranked { code, query, coded, learnt, proposed, n_probable })
    }

    /// Leaves out what touches a line of something before it: people decide on lines, and a
    /// long line holds several passages.
    fn one_a_line(&self, mut ordered: Vec<Proposed>) -> Vec<Proposed> {
        let mut taken = TakenLines::default();
        ordered.retain(|one| {
            let (t, place) = self.corpus.place_of(one.passage);
            taken.take(t, self.corpus.transcripts[t].passages[place].lines)
        });
        ordered
    }

    /// The words of a code: of its name, of those above it, and of what it means.
    fn query(&self, code: CodeId) -> Query {
        let Some(known) = self.codebook.codes.get(&code) else { return Query::new() };
        let mut above = Vec::new();
        let mut next = known.parent;
        while let Some(parent) = next.and_then(|id| self.codebook.codes.get(&id)) {
            above.push(parent.name.as_str());
            next = parent.parent;
        }
        let meaning = format!("{} {}", known.definition, known.include);
        let texts = [known.name.clone(), above.join(" "), meaning];
        let mut query = Query::new();
        for language in self.corpus.languages() {
            let analyzer = self.corpus.analyzer_of(language);
            for (text, weight) in texts.iter().zip(WORD_WEIGHTS) {
                let tokens = analyzer.tokens(text);
                let content = tokens.iter().filter(|token| token.kind == TokenKind::Content);
                for token in content {
                    let most = query.entry(analyzer.stem(token.span.of(text))).or_insert(weight);
                    *most = most.max(weight);
                }
            }
        }
        query
    }

    fn answer(
        &self,
        rank: usize,
        ranked: &Ranked,
        proposed: Proposed,
    ) -> Result<ProposalAnswer, CorpusError> {
        let (t, place) = self.corpus.place_of(proposed.passage);
        let analysis = &*self.corpus.words(t)?;
        let Ranked { coded, learnt, query, .. } = ranked;
        let reasoner = Reasoner { wording: self.wording, learnt, coded, query };
        let reasons = reasoner.reasons(proposed.passage, analysis, proposed.passage - place);
        let text = &*self.corpus.text(t)?;
        let stems = reasons.stems();
        let is_told = |form: u32| stems.contains(&analysis.stems[form as usize]);
        let told = analysis.passages[place]
            .iter()
            .filter(|token| token.is_own && is_told(token.form))
            .map(|token| token.span);
        let of_rule = self.rules.get(&ranked.code).and_then(|rule| rule.get(&proposed.passage));
        let of_rule = of_rule.map_or(&[][..], Vec::as_slice);
        let marked = told.chain(of_rule.iter().copied()).collect();
        let rule = words_at(of_rule, &text.text);
        let probability = f64::from(proposed.percent) / 100.0;
        let hit = self.corpus.passage_hit(proposed.passage, rank)?;
        let highlights = in_characters(&text.text, hit.span, marked);
        let hit = Hit { score: probability, highlights, ..hit };
        Ok(ProposalAnswer {
            hit,
            code: self.codebook.path(ranked.code),
            code_id: ranked.code.0,
            probability,
            is_rough: learnt.is_rough,
            because: Because { rule, ..self.because(reasons, proposed.percent)? },
        })
    }

    fn because(&self, reasons: Reasons, percent: u8) -> Result<Because, CorpusError> {
        let words = |told: Vec<(String, String)>| told.into_iter().map(|(_, word)| word).collect();
        let quotations = reasons.quotations.into_iter();
        let quotations: Vec<LikeQuotation> = quotations
            .map(|(id, likeness)| self.like(id, likeness))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        let against = if percent < PROBABLE { words(reasons.against) } else { Vec::new() };
        Ok(Because {
            words: words(reasons.words),
            around: words(reasons.around),
            name: words(reasons.name),
            rule: Vec::new(),
            quotations,
            against,
        })
    }

    /// A quotation that a passage is like.
    fn like(&self, id: QuotationId, likeness: f64) -> Result<Option<LikeQuotation>, CorpusError> {
        let known = self.codebook.quotations.get(&id);
        let Some((known, place)) =
            known.and_then(|known| Some((known, self.standings.place_of(known)?)))
        else {
            return Ok(None);
        };
        Ok(Some(LikeQuotation {
            id: id.0,
            at: self.corpus.provenance_at(place)?,
            text: known.text.clone(),
            likeness: round(likeness),
        }))
    }

    fn standing(&self, ranked: &Ranked, judged: &[Judged]) -> Result<CodeStanding, CorpusError> {
        let quotations = self.codebook.quotations_of(&ranked.coded.family);
        let here = self.standings.here(&quotations);
        let Ranked { code, coded, learnt, n_probable, .. } = ranked;
        let of_code: Vec<bool> = judged
            .iter()
            .filter(|judged| coded.family.contains(&judged.code))
            .map(|judged| judged.is_accepted)
            .collect();
        let last = &of_code[of_code.len().saturating_sub(N_LAST)..];
        let accepted = |judged: &[bool]| judged.iter().filter(|is_accepted| **is_accepted).count();
        Ok(CodeStanding {
            code: self.codebook.path(*code),
            code_id: code.0,
            n_quotations: coded.n_quotations,
            n_cases: self.corpus.cases_at(here.iter().map(|(_, place)| *place))?.len(),
            of_cases: self.corpus.participants().len(),
            n_accepted: accepted(&of_code),
            n_rejected: of_code.len() - accepted(&of_code),
            n_last: last.len(),
            n_last_accepted: accepted(last),
            n_probable: *n_probable,
            is_rough: learnt.is_rough,
        })
    }
}
