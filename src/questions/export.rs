//! A study goes out to other tools: what stands now of its transcripts, cases and codebook.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use crate::base::files::{Lasting, write_whole};
use crate::base::{Warned, count};
use crate::exchange::{Bundle, BundleCase, Counts, SourceText, refi};
use crate::ingest::Known;
use crate::sources;
use crate::study::{Snapshot, StudyError, now};
use crate::transcripts::Transcript;

/// A kind of file that other tools read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeFormat {
    /// A project of REFI-QDA.
    Qdpx,
    /// A codebook of REFI-QDA.
    Qdc,
}

impl ExchangeFormat {
    /// The format that files with this ending have, if it is one of these.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "qdpx" => Some(Self::Qdpx),
            "qdc" => Some(Self::Qdc),
            _ => None,
        }
    }
}

/// What went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// How much of each kind.
    pub counts: Counts,
    /// What the format has no place for, for people.
    pub stays: Vec<String>,
}

impl Snapshot {
    /// All that travels: texts, cases, and the codebook with quotations where
    /// they stand now.
    ///
    /// # Errors
    /// [`StudyError::Unreadable`] if a transcript's text is gone.
    pub fn bundle(&self) -> Result<Warned<Bundle>, StudyError> {
        let mut sources = Vec::with_capacity(self.corpus.transcripts.len());
        for (t, known) in self.corpus.transcripts.iter().enumerate() {
            let text = self.corpus.text(t)?.text.clone();
            let is_markdown = known.layout.starts_with("Markdown,");
            sources.push(SourceText { id: known.id.clone(), text, is_markdown });
        }
        let case = |(c, case): (usize, &crate::transcripts::cases::Case)| {
            // A file has one value a case: what differs between its interviews is none.
            let mut attributes = case.attributes.clone();
            attributes.retain(|name, _| !self.corpus.cases.differs(name, c));
            let speaks = |t: &usize| self.corpus.cases.of_speaker[*t].contains(&Some(c));
            let sources = (0..self.corpus.transcripts.len()).filter(speaks);
            BundleCase {
                id: case.id.clone(),
                attributes,
                sources: sources.map(|t| self.corpus.transcripts[t].id.clone()).collect(),
            }
        };
        let standings = self.standings()?;
        let mut codebook = self.codebook()?.clone();
        for quotation in codebook.quotations.values_mut() {
            if let Some(place) = standings.place_of(quotation) {
                quotation.place = place.clone();
            }
        }
        let root = fs::canonicalize(&self.folder.root).unwrap_or_else(|_| self.folder.root.clone());
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned());
        let bundle = Bundle {
            name: name.unwrap_or_else(|| "study".to_owned()),
            sources,
            cases: self.corpus.cases.cases.iter().enumerate().map(case).collect(),
            codebook,
        };
        Ok(Warned { value: bundle, warnings: standings.warnings })
    }

    /// What a project has no place for of the transcripts, whose plain texts alone
    /// travel, for people.
    fn stays(&self, sources: &[SourceText]) -> Vec<String> {
        let is_lost = |(known, source): &(&Known, &SourceText)| {
            known.duration_ms.is_some() && !tells_times(source)
        };
        let n_times = self.corpus.transcripts.iter().zip(sources).filter(is_lost).count();
        let n_roles = self.settings.declared_labels().len();
        let cases = &self.corpus.cases;
        let varies = |name: &&String| (0..cases.cases.len()).any(|case| cases.differs(name, case));
        let varying: Vec<String> =
            cases.varying.keys().filter(varies).map(|name| format!("`{name}`")).collect();
        let varying = (!varying.is_empty()).then(|| {
            format!("{} where they differ between interviews of one case", varying.join(", "))
        });
        let times =
            (n_times > 0).then(|| format!("the times of {}", count(n_times as u64, "transcript")));
        let roles =
            (n_roles > 0).then(|| format!("{} from study.toml", count(n_roles as u64, "role")));
        times.into_iter().chain(roles).chain(varying).collect()
    }

    /// Writes the study as a file that other tools read.
    ///
    /// # Errors
    /// [`StudyError::Write`] if the file would be inside the study, or is there already
    /// and `overwrite` is false; [`StudyError::Exchange`] if it cannot be written.
    pub fn export_exchange(
        &self,
        path: &Path,
        format: ExchangeFormat,
        overwrite: bool,
    ) -> Result<Warned<Exported>, StudyError> {
        self.check_free(path, overwrite)?;
        let (bytes, exported) = self.exchange_bytes(path, format)?;
        write_whole(path, &bytes, Lasting::Synced).map_err(|error| {
            let path = path.to_owned();
            StudyError::Exchange { path, error: error.into() }
        })?;
        Ok(exported)
    }

    /// The bytes of such a file, and what went into it; warnings and errors call it `path`.
    ///
    /// # Errors
    /// [`StudyError::Exchange`] if it cannot be made.
    pub fn exchange_bytes(
        &self,
        path: &Path,
        format: ExchangeFormat,
    ) -> Result<(Vec<u8>, Warned<Exported>), StudyError> {
        let failed = |error| StudyError::Exchange { path: path.to_owned(), error };
        let Warned { value: bundle, warnings } = self.bundle()?;
        let bundle = self.shown_bundle(bundle);
        let mut warnings = self.hidden(warnings);
        let mut bytes = Cursor::new(Vec::new());
        let exported = match format {
            ExchangeFormat::Qdpx => {
                let written = refi::write_project(&mut bytes, &bundle, &now()).map_err(failed)?;
                warnings.extend(written.warnings);
                let mut stays = refi::stays(&bundle);
                stays.extend(self.stays(&bundle.sources));
                Exported { counts: written.value, stays }
            }
            ExchangeFormat::Qdc => {
                let counts = refi::write_codebook(&mut bytes, &bundle).map_err(failed)?;
                Exported { counts, stays: Vec::new() }
            }
        };
        Ok((bytes.into_inner(), Warned { value: exported, warnings }))
    }
}

/// Whether a text still holds the times of its transcript: those of captions and of
/// some tables stand beside the words, and a plain text has only the words.
fn tells_times(source: &SourceText) -> bool {
    let name = format!("source.{}", ending_of(source));
    let read = sources::read(source.text.as_bytes(), &name).map(Transcript::new);
    read.is_ok_and(|transcript| transcript.duration_ms().is_some())
}

/// The ending of the file of a source: Markdown must be read as such.
pub(crate) fn ending_of(source: &SourceText) -> &'static str {
    if source.is_markdown { "md" } else { "txt" }
}
