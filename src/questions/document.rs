//! The report of a study: what people decided, with its evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::answers::document::{Candidate, Document, Drawn, Parts, PictureKind, Prevalence};
use crate::answers::{ThemeAnswer, ThemeSize, ThemesAnswer, Unshown, VerifyAnswer};
use crate::base::files::{self, Lasting};
use crate::base::proportions::wilson;
use crate::base::{Diagnostic, Remedy, Task, Warned};
use crate::codebook::{Code, CodeId, Codebook, Origin};
use crate::compare::interviews::SaturationParams;
use crate::listing::Numbering;
use crate::listing::numbering::{Version, VersionTheme};
use crate::report::gather::{Gathering, gather};
use crate::report::methods::SuggestionFacts;
use crate::report::{Contents, FileKind, write_document};
use crate::study::inside::is_inside;
use crate::study::{Snapshot, StudyError, WriteError};

/// What a report is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentParams {
    /// The title; the name of the study's folder if `None`.
    pub title: Option<String>,
    /// Whether memos are shown: they are often not meant for readers.
    pub with_memos: bool,
    /// Whether candidates that nobody has decided on are named.
    pub with_candidates: bool,
    /// What is written beside the themes.
    pub parts: Parts,
    /// The pictures in it.
    pub pictures: BTreeSet<PictureKind>,
}

impl Default for DocumentParams {
    /// All that people decided, with the one picture of who is quoted, so that it stays short.
    fn default() -> Self {
        Self {
            title: None,
            with_memos: false,
            with_candidates: false,
            parts: Parts::default(),
            pictures: BTreeSet::from([PictureKind::Quoted]),
        }
    }
}

impl Snapshot {
    /// The report of what people have decided.
    ///
    /// # Errors
    /// [`StudyError::Decisions`] if the decisions cannot be read.
    pub fn document(
        &self,
        params: &DocumentParams,
    ) -> Result<Unshown<Warned<Document>>, StudyError> {
        let candidates = if params.with_candidates { self.open_candidates()? } else { Vec::new() };
        let (history, standings) = (self.history()?, self.standings()?);
        let mut warnings = standings.warnings.clone();
        if history.codebook().is_empty() {
            let problem = "there are no decisions yet, so the report has no themes and no quotes";
            let remedy = Remedy::by(Task::AcceptCandidate, "keep quotes, or accept candidates");
            warnings.push(Diagnostic::new(problem).in_file(self.name(), None).with(remedy));
        }
        let gathering = Gathering {
            corpus: &self.corpus,
            history,
            standings: &standings,
            pseudonyms: self.pseudonyms().map(Arc::as_ref),
            stop_words: self.settings.stop_words.iter().cloned().collect(),
            never_merge: self.settings.never_merge.iter().cloned().collect(),
            suggestion: self.suggestion_facts(),
            candidates,
            sizes: self.accepted_sizes(history.codebook()),
        };
        let title = params.title.clone().unwrap_or_else(|| self.name());
        let mut document = gather(gathering, title, params.with_memos)?;
        document.parts = params.parts;
        document.drawn = self.drawn(params, &mut warnings)?;
        Ok(Unshown::new(Warned { value: document, warnings }))
    }

    /// What the pictures of a report are drawn from. Candidates are in them only if the report
    /// names candidates.
    fn drawn(
        &self,
        params: &DocumentParams,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Vec<Drawn>, StudyError> {
        let asked = self.theme_params(None);
        let mut drawn = Vec::new();
        let is_empty = self.codebook()?.is_empty();
        let mut n_without_themes = 0;
        for kind in &params.pictures {
            if *kind == PictureKind::Saturation {
                let of = SaturationParams::default();
                drawn.push(Drawn::Saturation(self.saturation(&of, &asked)?.unseen()));
                continue;
            }
            if *kind == PictureKind::Quoted {
                drawn.extend((!is_empty).then_some(Drawn::Quoted));
                continue;
            }
            let listed = self.listed(&asked, Numbering::CarriedOn)?;
            let is_meant = |theme: &ThemeAnswer| theme.accepted.is_some() || params.with_candidates;
            let mut themes = listed.answer.themes.clone();
            themes.retain(is_meant);
            if themes.is_empty() {
                n_without_themes += 1;
                continue;
            }
            match kind {
                PictureKind::Matrix => {
                    let answer = ThemesAnswer { themes, ..ThemesAnswer::default() };
                    let voices = self.voices(&asked)?.unseen();
                    drawn.push(Drawn::Matrix(Box::new(answer), voices));
                }
                PictureKind::Map => {
                    let map = self.theme_map(&asked)?.unseen();
                    let is_in = |id: usize| themes.iter().any(|theme| theme.id == id);
                    drawn.push(Drawn::Map(map.only(&is_in)));
                }
                _ => {
                    for theme in &themes {
                        let code = theme.accepted.as_ref().map(|accepted| accepted.code);
                        let found = self.dispersion(&asked, theme.id)?;
                        let both = code.zip(found.map(Unshown::unseen));
                        drawn.extend(both.map(|(code, of)| Drawn::Dispersion(code, of)));
                    }
                }
            }
        }
        if n_without_themes > 0 {
            let problem = "no candidate is accepted yet, so that pictures of themes are left out";
            let remedy = Remedy::by(Task::AcceptCandidate, "accept candidates first");
            warnings.push(Diagnostic::new(problem).in_file(self.name(), None).with(remedy));
        }
        Ok(drawn)
    }

    /// The candidates that are listed and that nobody has accepted; what was rejected is not
    /// listed.
    fn open_candidates(&self) -> Result<Vec<Candidate>, StudyError> {
        let listed = self.listed(&self.theme_params(None), Numbering::CarriedOn)?;
        let is_open = |theme: &&ThemeAnswer| theme.accepted.is_none();
        let candidate = |theme: &ThemeAnswer| Candidate {
            id: theme.id,
            label: theme.label.clone(),
            prevalence: Prevalence {
                n: theme.n_cases,
                of: theme.of_cases,
                interval: wilson(theme.n_cases, theme.of_cases),
            },
            n_passages: theme.n_passages,
        };
        Ok(listed.answer.themes.iter().filter(is_open).map(candidate).collect())
    }

    /// How large the candidates were that themes were accepted from, as their versions list
    /// them: the interviews of then may have changed since.
    fn accepted_sizes(&self, codebook: &Codebook) -> BTreeMap<CodeId, ThemeSize> {
        let mut versions: BTreeMap<u32, Option<Version>> = BTreeMap::new();
        let size = |code: &Code| {
            let Origin { version, candidate, .. } = code.origin.as_ref()?;
            let listed = versions.entry(*version).or_insert_with(|| self.version(*version));
            let mut themes = listed.as_ref()?.themes.iter();
            let theme = themes.find(|theme| theme.id == *candidate as usize)?;
            let VersionTheme { n_cases, of_cases, n_passages, .. } = *theme;
            Some((code.id, ThemeSize { n_cases, of_cases, n_passages }))
        };
        codebook.codes.values().filter_map(size).collect()
    }

    fn suggestion_facts(&self) -> Option<SuggestionFacts> {
        let numbers = self.version_numbers();
        let version = numbers.iter().rev().find_map(|&number| self.version(number))?;
        Some(SuggestionFacts {
            version: version.number,
            n_versions: numbers.len(),
            n_candidates: version.themes.len(),
            count: version.params.count.map(std::num::NonZeroUsize::get),
            links: version.params.links,
            unassigned: version.params.unassigned,
            seed: version.params.seed.0,
        })
    }

    /// The name of the study: that of its folder.
    pub fn name(&self) -> String {
        let real = fs::canonicalize(&self.folder.root).unwrap_or_else(|_| self.folder.root.clone());
        real.file_name().map_or_else(|| "Study".to_owned(), |n| n.to_string_lossy().into_owned())
    }

    /// Writes a report to a file whose ending says of which kind it is. Nobody ever
    /// sees half of it.
    ///
    /// # Errors
    /// [`StudyError::Write`] if the file would be read as a transcript, is there
    /// already and `overwrite` is false, or cannot be written.
    pub fn write_document(
        &self,
        document: &Document,
        path: &Path,
        (kind, contents): (FileKind, Option<Contents>),
        overwrite: bool,
    ) -> Result<(), StudyError> {
        let contents = contents.unwrap_or_else(|| kind.usual());
        if !kind.holds(contents) {
            let name = match contents {
                Contents::Report => return Err(WriteError::WholeTable.into()),
                Contents::Quotes => "quotes",
                Contents::Codebook => "the codebook",
                Contents::Matrix => "the matrix",
            };
            let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            return Err(WriteError::Contents { ending, contents: name }.into());
        }
        self.check_free(path, overwrite)?;
        let mut bytes = Cursor::new(Vec::new());
        write_document(&mut bytes, document, kind, contents)
            .and_then(|()| files::write_whole(path, bytes.get_ref(), Lasting::Synced))
            .map_err(|error| {
                let problem = crate::files::find::plain(&error);
                WriteError::Failed { path: path.to_owned(), problem }.into()
            })
    }

    /// Writes a picture to a file. Nobody ever sees half of it.
    ///
    /// # Errors
    /// As [`write_document`](Self::write_document).
    pub fn write_picture(&self, path: &Path, svg: &str, overwrite: bool) -> Result<(), StudyError> {
        self.check_free(path, overwrite)?;
        files::write_whole(path, svg.as_bytes(), Lasting::Synced).map_err(|error| {
            let problem = crate::files::find::plain(&error);
            WriteError::Failed { path: path.to_owned(), problem }.into()
        })
    }

    /// A report as the bytes of a file, and its quotes found again in them: nothing is
    /// handed over unread.
    ///
    /// # Errors
    /// [`StudyError::Write`] if it cannot be made; [`StudyError::Report`] if it cannot be
    /// read again.
    pub fn checked_document(
        &self,
        document: &Document,
        (kind, name): (FileKind, &str),
    ) -> Result<(Vec<u8>, VerifyAnswer), StudyError> {
        let mut bytes = Cursor::new(Vec::new());
        write_document(&mut bytes, document, kind, kind.usual()).map_err(|error| {
            let problem = crate::files::find::plain(&error);
            WriteError::Failed { path: PathBuf::from(name), problem }
        })?;
        let bytes = bytes.into_inner();
        let checked = self.verify_bytes(&bytes, name)?;
        Ok((bytes, checked))
    }

    /// Whether an export may write here: nowhere inside the study and to no pipe or device,
    /// whatever is asked for, and over another file only if that is meant.
    ///
    /// # Errors
    /// [`StudyError::Write`] if it may not.
    pub fn check_free(&self, path: &Path, overwrite: bool) -> Result<(), StudyError> {
        // A pipe must not be waited for, and a device not be replaced.
        if path.exists() {
            files::check_file(path).map_err(|error| WriteError::Failed {
                path: path.to_owned(),
                problem: crate::files::find::plain(&error),
            })?;
        }
        if is_inside(path, &[&self.folder.root, &self.folder.store, &self.key.file]) {
            return Err(WriteError::InsideStudy(path.to_owned()).into());
        }
        if !overwrite && path.exists() {
            return Err(WriteError::Exists(path.to_owned()).into());
        }
        Ok(())
    }
}
