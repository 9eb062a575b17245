//! Passages proposed for codes, and what was decided on them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::answers::{CodeGrowth, Hit, ProposalsAnswer, RefusalAnswer, Unshown};
use crate::base::{Lines, Remedy, Task};
use crate::codebook::act::Pick;
use crate::codebook::decision::{Change, Verb};
use crate::codebook::standing::Standing;
use crate::codebook::{CodeId, CodebookError, QuotationId, Refusal};
use crate::corpus::CorpusError;
use crate::propose::wording::Wording;
use crate::propose::{Judged, ProposeParams, Proposer};
use crate::store::cache::load;
use crate::study::derived::Derived;
use crate::study::{Snapshot, StudyError};

/// A proposal by its place in the list that a person was shown last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownProposal {
    /// The passage.
    pub pick: Pick,
    /// The code that it was proposed for.
    pub code: CodeId,
    /// The checksum of the transcript as it was shown: its lines may be others now.
    pub(crate) checksum: String,
}

impl Snapshot {
    /// Proposes passages for codes from what people decided, most probable first.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone, or decisions cannot be read.
    pub fn propose(&self, params: &ProposeParams) -> Result<Unshown<ProposalsAnswer>, StudyError> {
        let (wording, judged) = (self.wording()?, self.judged()?);
        let (codebook, standings, rules) =
            (self.codebook()?, self.standings()?, self.kept_rules()?);
        let propose = || {
            let proposer = Proposer::new(&self.corpus, codebook, &standings, &wording, &rules);
            proposer.propose(params, &judged)
        };
        Ok(Unshown::new(self.derived.times.run("propose", propose)?))
    }

    /// In which of some new transcripts each code with enough quotations is proposed, and in
    /// which it is quoted already.
    pub(crate) fn codes_in(&self, added: &[String]) -> Result<Vec<CodeGrowth>, StudyError> {
        let new: BTreeSet<usize> = added.iter().filter_map(|id| self.corpus.with_id(id)).collect();
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        if new.is_empty() || codebook.codes.is_empty() {
            return Ok(Vec::new());
        }
        let (wording, rules) = (self.wording()?, self.kept_rules()?);
        let proposer = Proposer::new(&self.corpus, codebook, &standings, &wording, &rules);
        let growth = |code: CodeId| -> Result<Option<CodeGrowth>, CorpusError> {
            let Some(found) = proposer.transcripts_of(code)? else { return Ok(None) };
            let ids = |of: &BTreeSet<usize>| {
                of.intersection(&new).map(|&t| self.corpus.transcripts[t].id.clone()).collect()
            };
            Ok(Some(CodeGrowth {
                code: codebook.path(code),
                code_id: code.0,
                proposed_in: ids(&found.proposed),
                quoted_in: ids(&found.quoted),
                of_new: new.len(),
            }))
        };
        let found: Result<Vec<_>, CorpusError> = self
            .derived
            .times
            .run("propose", || proposer.codes_with_enough().into_par_iter().map(growth).collect());
        Ok(found?.into_iter().flatten().collect())
    }

    /// All words of all passages, weighed.
    pub(crate) fn wording(&self) -> Result<Arc<Wording>, StudyError> {
        let Derived { times, wording, .. } = &*self.derived;
        if let Some(wording) = wording.get() {
            return Ok(Arc::clone(wording));
        }
        let (terms, talk) = (self.terms()?, self.corpus.talk());
        let found = times.run("weigh words", || Wording::of(&terms.analyses, &talk));
        Ok(Arc::clone(wording.get_or_init(|| Arc::new(found))))
    }

    /// What was decided on proposals and holds, oldest first.
    fn judged(&self) -> Result<Vec<Judged>, StudyError> {
        let mut judged = Vec::new();
        let mut known: BTreeSet<(QuotationId, CodeId)> = BTreeSet::new();
        for (decision, _) in self.history()?.decisions().filter(|(_, holds)| *holds) {
            for change in &decision.changes {
                match (decision.verb, change) {
                    (Verb::RejectProposal, Change::PutRefusal(refusal)) => {
                        judged.push(Judged { code: refusal.code, is_accepted: false });
                    }
                    (verb, Change::PutQuotation(quotation)) => {
                        for coding in quotation.codings.iter().filter(|it| it.is_proposed) {
                            let is_new = known.insert((quotation.id, coding.code));
                            if is_new && verb == Verb::AcceptProposal {
                                judged.push(Judged { code: coding.code, is_accepted: true });
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(judged)
    }

    /// The rejected proposals, by number.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn refusal_answers(&self) -> Result<Unshown<Vec<RefusalAnswer>>, StudyError> {
        let codebook = self.codebook()?;
        let answer = |refusal: &Refusal| -> Result<RefusalAnswer, StudyError> {
            let at = match self.corpus.standing(&refusal.place, &refusal.text)? {
                Standing::Here => Some(self.corpus.provenance_at(&refusal.place)?),
                Standing::Moved(place) => Some(self.corpus.provenance_at(&place)?),
                Standing::Stale(_) => None,
            };
            Ok(RefusalAnswer {
                id: refusal.id.0,
                code: codebook.path(refusal.code),
                at,
                text: refusal.text.clone(),
                reason: refusal.reason.clone(),
                coder: refusal.coder.clone(),
            })
        };
        let answers: Result<Vec<_>, _> = codebook.refusals.values().map(answer).collect();
        Ok(Unshown::new(answers?))
    }

    /// The proposal with this number in the list that was shown last.
    ///
    /// # Errors
    /// [`StudyError::Codebook`] if none is remembered under it, or its transcript has changed.
    pub fn proposal_shown_as(&self, number: usize) -> Result<ShownProposal, StudyError> {
        let shown: Vec<ShownProposal> = load(&self.shown_proposals()).unwrap_or_default();
        let found = number.checked_sub(1).and_then(|at| shown.into_iter().nth(at));
        let found = found.ok_or_else(|| {
            let remedy = Remedy::by(Task::Propose, "numbers are those of the list shown last");
            CodebookError::Unknown { what: "proposal", name: number.to_string(), remedy }
        })?;
        let t = self.corpus.with_id(&found.pick.transcript);
        if t.is_none_or(|t| self.corpus.transcripts[t].checksum != found.checksum) {
            let id = &found.pick.transcript;
            let problem = format!("`{id}` has changed since proposal {number} was listed");
            let remedy = Remedy::by(Task::Propose, "list the proposals again");
            return Err(CodebookError::Refused { problem, remedy }.into());
        }
        Ok(found)
    }

    pub(crate) fn shown_proposals(&self) -> PathBuf {
        self.folder.store.join("cache").join("proposals")
    }

    /// A passage as a person picks it: by its words where others are said in its lines.
    pub(crate) fn pick(&self, hit: &Hit) -> Result<Pick, StudyError> {
        let transcript = hit.at.transcript.clone();
        let gone = || CorpusError::TextGone { id: transcript.clone() };
        let t = self.corpus.with_id(&transcript).ok_or_else(gone)?;
        let [first, last] = hit.at.lines;
        let lines = Lines { first, last };
        let whole = self.quote_at(t, lines, None)?;
        let words = (whole.place.span != hit.span).then(|| hit.text.clone());
        Ok(Pick { transcript, lines, words })
    }
}
