//! The study as data: tables for people who go on in R, Python or a database.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::codebook::QuotationFilter;
use crate::answers::{
    CaseData, CaseInfo, CodedData, DataAnswer, EvidenceData, PassageData, QuotedData, ThemesAnswer,
    Unshown, round,
};
use crate::base::Warned;
use crate::base::files::{FolderWritten, write_folder};
use crate::listing::{Listed, Numbering};
use crate::study::WriteError;
use crate::study::{Snapshot, StudyError};
use crate::themes::{CandidateTheme, ThemeParams};
use crate::tidy::{self, FileFormat, TidyTable};

impl Snapshot {
    pub(crate) fn data(
        &self,
        params: &ThemeParams,
        themes: ThemesAnswer,
    ) -> Result<Unshown<Warned<DataAnswer>>, StudyError> {
        let listed = self.listed(params, Numbering::CarriedOn)?;
        let Warned { value: codes, warnings } = self.code_answers()?.unseen();
        let quotations = self.quotation_answers(&QuotationFilter::default())?.unseen().value;
        let participants = self.corpus.participants();
        let cases = self.corpus.cases.cases.iter().enumerate();
        let cases = cases.map(|(at, case)| CaseData {
            case: CaseInfo { id: case.id.clone(), attributes: case.attributes.clone() },
            is_participant: participants.contains(&at),
        });
        let ids = self.corpus.transcripts.iter().map(|known| known.id.clone());
        let value = DataAnswer {
            study: self.name(),
            themes,
            evidence: evidence(&listed),
            transcripts: self.transcript_infos(&ids.collect::<Vec<_>>()).unseen(),
            cases: cases.collect(),
            passages: self.all_passages()?,
            quoted: self.quoted()?,
            coded: self.coded()?,
            codes,
            quotations,
        };
        Ok(Unshown::new(Warned { value, warnings }))
    }

    fn all_passages(&self) -> Result<Vec<PassageData>, StudyError> {
        let counted: BTreeSet<usize> =
            self.corpus.participant_passages().iter().map(|known| known.passage).collect();
        let passage = |at: usize| {
            Ok(PassageData {
                hit: self.corpus.passage_hit(at, 0)?,
                number: self.corpus.place_of(at).1 + 1,
                n_words: self.corpus.passage(at).n_words,
                is_counted: counted.contains(&at),
            })
        };
        (0..self.corpus.n_passages()).map(passage).collect()
    }

    fn quoted(&self) -> Result<Vec<QuotedData>, StudyError> {
        let standings = self.standings()?;
        let mut quoted = Vec::new();
        for quotation in self.codebook()?.quotations.values() {
            let Some(place) = standings.place_of(quotation) else { continue };
            let touched = self.corpus.passages_at(place);
            quoted.extend(touched.map(|passage| QuotedData { quotation: quotation.id.0, passage }));
        }
        Ok(quoted)
    }

    /// Every case by every code, those of no quotation too.
    fn coded(&self) -> Result<Vec<CodedData>, StudyError> {
        let (codebook, standings) = (self.codebook()?, self.standings()?);
        let mut speaking = BTreeMap::new();
        for quotation in codebook.quotations.values() {
            let place = standings.place_of(quotation);
            speaking.insert(quotation.id, self.corpus.cases_at(place.into_iter())?);
        }
        let mut coded = Vec::new();
        for (_, code) in codebook.tree() {
            let quotations = codebook.quotations_of(&codebook.family(code.id));
            for case in 0..self.corpus.cases.cases.len() {
                let says = |it: &&&crate::codebook::Quotation| speaking[&it.id].contains(&case);
                let n_quotations = quotations.iter().filter(says).count();
                coded.push(CodedData { case, code: code.id.0, n_quotations });
            }
        }
        Ok(coded)
    }

    /// The tables of data.
    ///
    /// # Errors
    /// [`StudyError::Write`] if two transcripts or cases are shown under one name.
    pub fn tables(&self, data: &DataAnswer) -> Result<Vec<TidyTable>, StudyError> {
        check_names(data)?;
        Ok(tidy::tables(data))
    }

    /// Writes data as a folder of tables, and says how many. Nobody ever sees half of it.
    ///
    /// # Errors
    /// [`StudyError::Write`] if the folder would be inside the study, is there already and
    /// `overwrite` is false, holds something else, or cannot be written.
    pub fn write_tables(
        &self,
        data: &DataAnswer,
        path: &Path,
        format: FileFormat,
        overwrite: bool,
    ) -> Result<usize, StudyError> {
        self.check_free(path, overwrite)?;
        check_names(data)?;
        let failed = |error: std::io::Error| {
            let problem = crate::files::find::plain(&error);
            WriteError::Failed { path: path.to_owned(), problem }
        };
        let files = tidy::files(data, format, self.pseudonyms().is_some()).map_err(failed)?;
        match write_folder(path, &files, tidy::is_ours).map_err(failed)? {
            FolderWritten::Whole => Ok(tidy::n_tables()),
            FolderWritten::HoldsOther(other) => {
                Err(WriteError::OtherFiles { path: path.to_owned(), other }.into())
            }
        }
    }
}

/// Refuses data in which two are shown under one name: rows about them could not be told
/// apart.
fn check_names(data: &DataAnswer) -> Result<(), StudyError> {
    match tidy::same_names(data) {
        Some((what, name)) => Err(WriteError::SameName { what, name }.into()),
        None => Ok(()),
    }
}

/// Which passages belong to each candidate of a list.
fn evidence(listed: &Listed) -> Vec<EvidenceData> {
    let numbered = &listed.numbered;
    let mut evidence = Vec::new();
    let mut add = |candidate: &CandidateTheme, at: usize, code: Option<usize>| {
        let mut passages = candidate.passages.clone();
        passages.sort_unstable();
        evidence.extend(passages.into_iter().map(|row| {
            let place = &numbered.suggestion.places[row];
            let second = place.second.filter(|(theme, _)| *theme == at).map(|(_, share)| share);
            let weight = if place.theme == Some(at) { Some(place.weight) } else { second };
            EvidenceData {
                theme: numbered.ids[at],
                code,
                passage: numbered.passages[row].passage,
                is_evidence: candidate.evidence.contains(&row),
                weight: weight.filter(|_| code.is_none()).map(round),
            }
        }));
    };
    for (at, theme) in numbered.suggestion.themes.iter().enumerate() {
        add(theme, at, None);
        for (&number, code) in numbered.code_ids[at].iter().zip(&theme.codes) {
            add(code, at, Some(number));
        }
    }
    evidence
}
