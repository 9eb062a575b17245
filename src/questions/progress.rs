//! How far the codes of people have come: what is coded, and what is proposed beside it.
//!
//! Learning a code takes a tenth of a second, so what is proposed is remembered by code, in
//! memory and under `cache`, for as long as nothing changes that it is learnt from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::answers::{CodeAnswer, CodeProgress, ProposedMore, ThemesAnswer, Unshown};
use crate::base::Progress;
use crate::codebook::{Code, CodeId, Codebook, checksum_of};
use crate::propose::Proposer;
use crate::store::cache::load;
use crate::study::remembered::{LastProgress, Learnt};
use crate::study::{Snapshot, StudyError};

impl Snapshot {
    pub(crate) fn with_codes(
        &self,
        answer: Unshown<ThemesAnswer>,
        progress: &dyn Progress,
    ) -> Result<Unshown<ThemesAnswer>, StudyError> {
        let coded = self.code_answers()?.unseen().value;
        let coded: Vec<CodeAnswer> =
            coded.into_iter().filter(|code| code.n_quotations > 0).collect();
        if coded.is_empty() {
            return Ok(answer);
        }
        let learnt = self.proposed_for(&coded, progress)?;
        let of_code = |code: CodeAnswer| CodeProgress {
            proposed: learnt.get(&code.code.id.0).and_then(|(_, proposed)| *proposed),
            code: code.path,
            code_id: code.code.id.0,
            depth: code.depth,
            n_quotations: code.n_quotations,
            n_cases: code.n_cases,
            of_cases: code.of_cases,
        };
        let codes = coded.into_iter().map(of_code).collect();
        Ok(answer.map(|answer| ThemesAnswer { codes, ..answer }))
    }

    /// What is proposed for codes: remembered, or learnt now.
    fn proposed_for(
        &self,
        codes: &[CodeAnswer],
        progress: &dyn Progress,
    ) -> Result<Learnt, StudyError> {
        let mut last = self.derived.last_progress.lock().unwrap_or_else(PoisonError::into_inner);
        let kept =
            || load(&self.progress_path()).map(|learnt| LastProgress { learnt, is_new: false });
        let known = last.take().or_else(kept).unwrap_or_default();
        let codebook = self.codebook()?;
        let talk = self.key_of_talk()?;
        let (mut learnt, mut new) = (Learnt::new(), Vec::new());
        for answer in codes {
            let id = answer.code.id;
            let key = checksum_of(&format!("{talk} {}", key_of(codebook, &answer.code)));
            match known.learnt.get(&id.0).filter(|(of, _)| *of == key) {
                Some(found) => drop(learnt.insert(id.0, found.clone())),
                None => new.push((id, key)),
            }
        }
        let is_new = known.is_new || !new.is_empty();
        if !new.is_empty() {
            learnt.extend(self.learn(new, progress)?);
        }
        *last = Some(LastProgress { learnt: learnt.clone(), is_new });
        Ok(learnt)
    }

    fn learn(
        &self,
        codes: Vec<(CodeId, String)>,
        progress: &dyn Progress,
    ) -> Result<Learnt, StudyError> {
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        let (wording, rules) = (self.wording()?, self.kept_rules()?);
        let proposer = Proposer::new(&self.corpus, codebook, &standings, &wording, &rules);
        let enough: BTreeSet<CodeId> = proposer.codes_with_enough().into_iter().collect();
        let case_of: BTreeMap<usize, usize> = (self.corpus.participant_passages().iter())
            .map(|known| (known.passage, known.row.case as usize))
            .collect();
        let (n_codes, n_learnt) = (codes.len(), AtomicUsize::new(0));
        let found = |(code, key): (CodeId, String)| -> Result<_, StudyError> {
            progress.go_on()?;
            let found = if enough.contains(&code) { proposer.transcripts_of(code)? } else { None };
            progress.tell(n_learnt.fetch_add(1, Ordering::Relaxed) + 1, n_codes);
            let Some(found) = found else { return Ok((code.0, (key, None))) };
            let quotations = codebook.quotations_of(&codebook.family(code));
            let here = standings.here(&quotations);
            let quoted = self.corpus.cases_at(here.iter().map(|(_, place)| *place))?;
            let cases: BTreeSet<usize> = found.passages.iter().map(|at| case_of[at]).collect();
            let proposed = ProposedMore {
                n_passages: found.passages.len(),
                n_more_cases: cases.difference(&quoted).count(),
            };
            Ok((code.0, (key, Some(proposed))))
        };
        let learn = || codes.into_par_iter().map(found).collect::<Result<Vec<_>, _>>();
        Ok(self.derived.times.run("propose", learn)?.into_iter().collect())
    }

    /// Stands for all that every code is learnt from: the texts, who speaks, and which
    /// transcripts somebody has read.
    fn key_of_talk(&self) -> Result<String, StudyError> {
        let coded = self.codebook()?.quotations.values();
        let read: BTreeSet<&str> = coded
            .filter(|quotation| quotation.codings.iter().any(|coding| !coding.is_proposed))
            .map(|quotation| quotation.place.transcript.as_str())
            .collect();
        let passages = self.corpus.participant_passages();
        let who: Vec<(usize, u32)> =
            passages.iter().map(|known| (known.passage, known.row.case)).collect();
        let program = env!("CARGO_PKG_VERSION");
        Ok(serde_json::json!([program, &*self.revision, read, who]).to_string())
    }

    pub(crate) fn progress_path(&self) -> PathBuf {
        self.folder.store.join("cache").join("progress")
    }
}

/// Stands for what a code is learnt from beside that: its words and those above it, its
/// rule, its quotations and what was rejected for it.
fn key_of(codebook: &Codebook, code: &Code) -> String {
    let family = codebook.family(code.id);
    let quotations = codebook.quotations_of(&family);
    let mut quoted: Vec<_> = quotations.iter().map(|it| (it.id, &it.place)).collect();
    quoted.sort_unstable_by_key(|(id, _)| *id);
    let refusals = codebook.refusals.values().filter(|it| family.contains(&it.code));
    let refused: Vec<_> = refusals.map(|it| &it.place).collect();
    let own = quotations.iter().filter(|it| it.codings.iter().any(|of| of.code == code.id));
    let path = codebook.path(code.id);
    let words = [&path, &code.definition, &code.include, &code.rule];
    serde_json::json!([words, quoted, refused, own.count()]).to_string()
}
