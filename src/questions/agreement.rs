//! Agreement of coders over the transcripts that they have coded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::answers::{AgreementAnswer, ProposalAgreementAnswer, Unshown};
use crate::base::files::read_file;
use crate::base::{Diagnose as _, Diagnostic, Progress, Remedy, Task, Warned};
use crate::codebook::{CodeId, Codebook};
use crate::compare::coders::{
    AgreementError, AgreementParams, CodeNames, Coder, agreement, chosen_coders, coder, suggestion,
};
use crate::compare::proposals::{proposal_agreement, proposal_notes};
use crate::exchange::coder::coder_of_table;
use crate::exchange::codings;
use crate::exchange::placing::Here;
use crate::files::find::plain;
use crate::propose::learning::LeftOut;
use crate::propose::ranking::percent_of;
use crate::propose::{PROBABLE, Proposer};
use crate::study::{Snapshot, StudyError};

impl Snapshot {
    /// Compares what coders have coded.
    ///
    /// # Errors
    /// [`StudyError::NoAgreement`] if there are not two coders or no transcript in
    /// which two have coded; others if a table or a text cannot be read.
    pub fn agreement(
        &self,
        params: &AgreementParams,
    ) -> Result<Unshown<Warned<AgreementAnswer>>, StudyError> {
        let (codebook, corpus) = (self.codebook()?, &*self.corpus);
        let mut names = CodeNames::new();
        let mut coders = Vec::new();
        let mut warnings = Vec::new();
        let shown = |coder: &str| self.shown_text(coder).into_owned();
        let chosen = chosen_coders(codebook, params, shown)?;
        if !chosen.is_empty() {
            let standings = self.standings()?;
            warnings.extend(standings.warnings.iter().cloned());
            for name in chosen {
                coders.push(coder(corpus, codebook, &name, &standings, params, &mut names));
            }
        }
        for file in &params.files {
            coders.push(self.coder_of_file(file, params, &mut names, &mut warnings)?);
        }
        if params.with_suggestion {
            coders.push(suggestion(corpus, codebook, &mut names, &mut warnings)?);
        }
        let answer = agreement(corpus, codebook, coders, &names, params)?;
        Ok(Unshown::new(Warned { value: answer, warnings }))
    }

    /// Compares what would be proposed for each code with what people coded, each passage
    /// judged by what is learnt from other transcripts. With `coders`, only their codings
    /// count; with `transcripts`, only passages in these. `progress` is told the codes done
    /// and the codes to do, and may stop it.
    ///
    /// # Errors
    /// [`StudyError`] if one of the coders has coded nothing, no code has three quotations
    /// in transcripts that somebody has coded by hand, or remembered data are gone.
    pub fn proposal_agreement(
        &self,
        params: &AgreementParams,
        progress: &dyn Progress,
    ) -> Result<Unshown<ProposalAgreementAnswer>, StudyError> {
        let mut codebook = self.codebook()?.clone();
        if !params.coders.is_empty() {
            let shown = |coder: &str| self.shown_text(coder).into_owned();
            keep_coders(&mut codebook, &chosen_coders(self.codebook()?, params, shown)?);
        }
        let (wording, standings) = (self.wording()?, self.standings()?);
        let rules = BTreeMap::new();
        let proposer = Proposer::new(&self.corpus, &codebook, &standings, &wording, &rules);
        let enough = proposer.codes_with_enough();
        let mut compared = BTreeSet::new();
        let mut codes = Vec::new();
        for (n_learnt, &code) in (1..).zip(&enough) {
            progress.go_on()?;
            let left_out = proposer.left_out(code)?;
            progress.tell(n_learnt, enough.len());
            let is_meant = |one: &&LeftOut| {
                let t = self.corpus.place_of(one.passage).0;
                params.transcripts.is_empty() || params.transcripts.contains(&t)
            };
            let left_out: Vec<&LeftOut> = left_out.iter().filter(is_meant).collect();
            compared.extend(left_out.iter().map(|one| self.corpus.place_of(one.passage).0));
            let judged: Vec<[bool; 2]> = left_out
                .iter()
                .map(|one| [one.is_coded, percent_of(one.probability) >= PROBABLE])
                .collect();
            if !judged.is_empty() {
                codes.push(proposal_agreement((codebook.path(code), code.0), &judged));
            }
        }
        if codes.is_empty() {
            return Err(AgreementError::NoAgreement {
                problem: "no code has three quotations that were made by hand".to_owned(),
                remedy: Remedy::by(Task::AddQuotation, "code some transcripts first"),
            }
            .into());
        }
        let is_used = |id: &CodeId| {
            let codings = codebook.quotations.values().flat_map(|quotation| &quotation.codings);
            codings.into_iter().any(|coding| coding.code == *id)
        };
        let tree = codebook.tree().into_iter().map(|(_, code)| code.id);
        let too_few = tree.filter(|id| !enough.contains(id) && is_used(id));
        Ok(Unshown::new(ProposalAgreementAnswer {
            transcripts: compared
                .into_iter()
                .map(|t| self.corpus.transcripts[t].id.clone())
                .collect(),
            codes,
            too_few: too_few.map(|id| codebook.path(id)).collect(),
            notes: proposal_notes(),
        }))
    }

    /// Reads the table of somebody who codes apart.
    fn coder_of_file(
        &self,
        file: &Path,
        params: &AgreementParams,
        names: &mut CodeNames,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Coder, StudyError> {
        let path = file.display().to_string();
        let bytes = read_file(file).map_err(|error| StudyError::Unreadable {
            path: path.clone(),
            problem: plain(&error),
        })?;
        let rows = codings::read(&bytes)
            .map_err(|error| StudyError::Exchange { path: file.to_owned(), error })?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let named = |name: &str| self.transcript_named(name).map_err(|error| error.diagnostic());
        let here = Here { corpus: &self.corpus, codebook: self.codebook()?, named: &named };
        Ok(coder_of_table((&name, &path), &rows, &here, params, names, warnings)?)
    }
}

/// Leaves of a codebook what these people coded and rejected.
fn keep_coders(codebook: &mut Codebook, coders: &[String]) {
    let is_kept = |coder: &String| coders.contains(coder);
    for quotation in codebook.quotations.values_mut() {
        quotation.codings.retain(|coding| is_kept(&coding.coder));
    }
    codebook.quotations.retain(|_, quotation| !quotation.codings.is_empty());
    codebook.refusals.retain(|_, refusal| is_kept(&refusal.coder));
}
