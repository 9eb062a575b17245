//! The rules of codes: queries that find a code's quotations and little else.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::{CodeRuleAnswer, Hit, MissedQuotation, RuleFound, Unshown};
use crate::base::Span;
use crate::codebook::{CodeId, Codebook, Place, Quotation};
use crate::corpus::{CorpusError, Matching, in_characters};
use crate::propose::coded::{Coded, Decisions};
use crate::propose::rule::suggest;
use crate::study::refused;
use crate::study::{Snapshot, StudyError};

impl Snapshot {
    /// The rule that is kept with a code and the one that its quotations suggest, each with
    /// what it finds and misses; of either as many as `limit`, 0 for all.
    ///
    /// # Errors
    /// [`StudyError::Search`] if a rule that is kept cannot be asked of the study any more;
    /// others if remembered data are gone, or decisions cannot be read.
    pub fn code_rule(
        &self,
        code: CodeId,
        limit: usize,
    ) -> Result<Unshown<CodeRuleAnswer>, StudyError> {
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        let decisions = Decisions::new(&self.corpus, codebook, &standings);
        let coded = decisions.about(code)?;
        let quotations = codebook.quotations_of(&coded.family);
        let quotations = standings.here(&quotations);
        let found = |query: &str| -> Result<RuleFound, StudyError> {
            let matches = self.rule_matches(query)?;
            Ok(self.rule_found(query, &matches, &coded, &quotations, limit)?)
        };
        let kept = codebook.codes.get(&code).map_or("", |code| &code.rule);
        let kept = if kept.is_empty() { None } else { Some(found(kept)?) };
        let is_name = |word: &str| {
            let shown = self.every_pseudonym().shown_term(word);
            matches!(shown, std::borrow::Cow::Owned(_))
        };
        let suggest = || suggest(&self.corpus, &decisions, &coded, &is_name);
        let suggested = self.derived.times.run("suggest a rule", suggest)?;
        let suggested = suggested.as_deref().map(found).transpose()?;
        // What the index finds is what counts: a rule that covers nothing is none.
        let suggested = suggested.filter(|found| found.n_covered > 0);
        let code = CodeRuleAnswer { code: codebook.path(code), code_id: code.0, kept, suggested };
        Ok(Unshown::new(code))
    }

    /// The passages that a rule finds, with the places of its words.
    ///
    /// # Errors
    /// [`StudyError::Search`] if it cannot be read, or asks for what the study does not have.
    pub(crate) fn rule_matches(&self, query: &str) -> Result<Matching, StudyError> {
        Ok(self.finder()?.matching(query)?)
    }

    /// Refuses a rule that asks for a code which holds what its `own` codes hold, or whose
    /// own rule asks for one of them: it would be proved by what it has found.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] with the way round.
    pub(crate) fn check_circle(
        &self,
        codebook: &Codebook,
        own: &BTreeSet<CodeId>,
        rule: &str,
    ) -> Result<(), StudyError> {
        let known: Vec<CodeId> = self.codebook()?.codes.keys().copied().collect();
        let finder = self.finder()?;
        let mut followed: BTreeSet<CodeId> = BTreeSet::new();
        let mut open: Vec<(&str, Option<CodeId>)> = vec![(rule, None)];
        while let Some((rule, of)) = open.pop() {
            // A rule that is kept and cannot be asked any more finds nothing.
            let asked = finder.codes_asked_for(rule).unwrap_or_default();
            for code in asked.into_iter().map(|at| known[at]) {
                if own.contains(&code) {
                    let asks = format!("the rule asks for “{}”", codebook.path(code));
                    let problem = match of {
                        None => format!("{asks}, which its own code is part of, or is itself"),
                        Some(of) => format!(
                            "the rule asks for “{}”, whose rule asks for “{}”",
                            codebook.path(of),
                            codebook.path(code)
                        ),
                    };
                    return Err(refused(problem, "ask for words, or for another code"));
                }
                for member in codebook.family(code) {
                    if let Some(kept) = codebook.codes.get(&member)
                        && followed.insert(member)
                        && !kept.rule.is_empty()
                    {
                        open.push((kept.rule.as_str(), Some(of.unwrap_or(member))));
                    }
                }
            }
        }
        Ok(())
    }

    /// What the rules find that are kept with codes. One that cannot be asked any more
    /// finds nothing: what it names may have gone from the study.
    pub(crate) fn kept_rules(&self) -> Result<BTreeMap<CodeId, Matching>, StudyError> {
        let codebook: &Codebook = self.codebook()?;
        let with_rule = codebook.codes.values().filter(|code| !code.rule.is_empty());
        let mut rules = BTreeMap::new();
        for code in with_rule {
            match self.rule_matches(&code.rule) {
                Ok(matches) => drop(rules.insert(code.id, matches)),
                Err(StudyError::Search(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(rules)
    }

    fn rule_found(
        &self,
        query: &str,
        matches: &Matching,
        coded: &Coded,
        quotations: &[(&Quotation, &Place)],
        limit: usize,
    ) -> Result<RuleFound, CorpusError> {
        let limit = if limit == 0 { usize::MAX } else { limit };
        let mut spans: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for (&passage, matched) in matches {
            let (t, place) = self.corpus.place_of(passage);
            let of_transcript = spans.entry(t).or_default();
            match matched.as_slice() {
                // Fields and negations are about the whole passage.
                [] => of_transcript.push(self.corpus.transcripts[t].passages[place].span),
                matched => of_transcript.extend(matched),
            }
        }
        let is_covered = |place: &Place| {
            let t = self.corpus.with_id(&place.transcript);
            t.and_then(|t| spans.get(&t)).is_some_and(|spans| {
                spans.iter().any(|span| span.start < place.span.end && place.span.start < span.end)
            })
        };
        let (covered, missed): (Vec<_>, Vec<_>) =
            quotations.iter().copied().partition(|(_, place)| is_covered(place));
        let cases = |of: &[(&Quotation, &Place)]| self.corpus.cases_at(of.iter().map(|it| it.1));
        let others: Vec<(usize, u32)> = self
            .corpus
            .participant_passages()
            .iter()
            .filter(|known| matches.contains_key(&known.passage))
            .filter(|known| !coded.with.contains_key(&known.passage))
            .map(|known| (known.passage, known.row.case))
            .collect();
        let is_refused = |(passage, _): &&(usize, u32)| coded.refused.contains(passage);
        let of_cases: BTreeSet<u32> = others.iter().map(|(_, case)| *case).collect();
        let missed_answer = |(quotation, place): &(&Quotation, &Place)| {
            Ok(MissedQuotation {
                id: quotation.id.0,
                at: self.corpus.provenance_at(place)?,
                text: quotation.text.clone(),
            })
        };
        let shown = of_different_cases(&others).into_iter().take(limit);
        Ok(RuleFound {
            query: query.to_owned(),
            n_covered: covered.len(),
            n_quotations: quotations.len(),
            n_cases_covered: cases(&covered)?.len(),
            n_cases: cases(quotations)?.len(),
            n_others: others.len(),
            n_other_cases: of_cases.len(),
            n_refused: others.iter().filter(is_refused).count(),
            missed: missed
                .iter()
                .take(limit)
                .map(missed_answer)
                .collect::<Result<_, CorpusError>>()?,
            others: (1..)
                .zip(shown)
                .map(|(rank, passage)| self.rule_hit(rank, passage, &matches[&passage]))
                .collect::<Result<_, _>>()?,
        })
    }

    fn rule_hit(&self, rank: usize, passage: usize, spans: &[Span]) -> Result<Hit, CorpusError> {
        let hit = self.corpus.passage_hit(passage, rank)?;
        let text = self.corpus.text(self.corpus.place_of(passage).0)?;
        Ok(Hit { highlights: in_characters(&text.text, hit.span, spans.to_vec()), ..hit })
    }
}

/// Passages in the order of the study, the first of every case before the second of any.
fn of_different_cases(passages: &[(usize, u32)]) -> Vec<usize> {
    let mut told: BTreeMap<u32, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, usize)> = passages
        .iter()
        .map(|&(passage, case)| {
            let turn = told.entry(case).or_default();
            *turn += 1;
            (*turn, passage)
        })
        .collect();
    turns.sort_unstable();
    turns.into_iter().map(|(_, passage)| passage).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_shown_before_anybody_is_shown_twice() {
        assert_eq!(of_different_cases(&[(1, 0), (2, 0), (3, 1), (9, 2)]), [1, 3, 9, 2]);
    }
}
