//! Agreement of coders over the transcripts that they have coded.

use std::path::Path;

use super::{Snapshot, StudyError};
use crate::answers::{AgreementAnswer, Unshown};
use crate::base::{Diagnose as _, Diagnostic, Warned};
use crate::compare::coders::{
    AgreementParams, CodeNames, Coder, agreement, chosen_coders, coder, suggestion,
};
use crate::exchange::coder::coder_of_table;
use crate::exchange::codings;
use crate::exchange::placing::Here;
use crate::files::find::plain;

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
        let chosen = chosen_coders(codebook, params)?;
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

    /// Reads the table of somebody who codes apart.
    fn coder_of_file(
        &self,
        file: &Path,
        params: &AgreementParams,
        names: &mut CodeNames,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Coder, StudyError> {
        let path = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|error| StudyError::Unreadable {
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
