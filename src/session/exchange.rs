//! The work of other tools comes into a study.
//!
//! What comes in is one decision, so that it can be undone as a whole; transcripts that the study does
//! not have become new files of its folder, and no file that is there is touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self};
use std::path::Path;

use super::{Decided, Opened, Person, Session};
use crate::answers::{HideNames, Unshown};
use crate::base::files::{Lasting, check_file, read_file, write_new, write_whole};
use crate::base::{Diagnose as _, Diagnostic, Progress, Remedy, Warned, count};
use crate::codebook::{Change, FileChange, Verb};
use crate::exchange::cases::{case_rows, case_table};
use crate::exchange::matching::{Index, Match, folded, places};
use crate::exchange::merging::merge;
use crate::exchange::placing::{Here, Incoming};
use crate::exchange::{
    Counts, ExchangeError, Received, SourceText, qualcoder, refi, tables, taguette,
};
use crate::files;
use crate::pseudonyms::Pseudonyms;
use crate::questions::export::ending_of;
use crate::sources;
use crate::study::{Snapshot, StudyError, now};
use crate::transcripts::stem_of;

/// A kind of file that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// A project of REFI-QDA.
    Qdpx,
    /// A codebook of REFI-QDA.
    Qdc,
    /// A project of Taguette.
    Taguette,
    /// A project of `QualCoder`.
    QualCoder,
    /// A table of codes, or of quotes or lines with their codes.
    Csv,
}

impl ImportFormat {
    /// The format that files with this ending have.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "qdpx" => Some(Self::Qdpx),
            "qdc" => Some(Self::Qdc),
            "sqlite3" | "sqlite" | "db" => Some(Self::Taguette),
            "qda" => Some(Self::QualCoder),
            "csv" | "tsv" | "tab" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The program that wrote the file, in its own words; may be empty.
    pub origin: String,
    /// What the file holds, as far as it could be taken over.
    pub held: Counts,
    /// What is new in the study.
    pub new: Counts,
    /// Files that were written into the study's folder.
    pub files: Vec<String>,
    /// How the positions in each text were read, for people.
    pub readings: Vec<String>,
    /// How many quotations were found again by their words in a text that differs.
    pub n_found_again: usize,
    /// The decision; `None` if nothing of the codebook would change.
    pub decided: Option<Decided>,
}

impl HideNames for Imported {
    fn hide_names(&mut self, pseudonyms: &Pseudonyms) {
        let Self { origin, held: _, new: _, files, readings, n_found_again: _, decided } = self;
        origin.hide_names(pseudonyms);
        files.hide_names(pseudonyms);
        readings.hide_names(pseudonyms);
        decided.hide_names(pseudonyms);
    }
}

/// Where an import goes.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// The study's folder; it may be empty.
    pub root: &'a Path,
    /// The folder of `.leitmotif`, if not the study's own.
    pub store: Option<&'a Path>,
    /// Is told the files done and the files to do.
    pub progress: &'a dyn Progress,
}

/// Takes a file of another tool in.
///
/// # Errors
/// [`StudyError::Exchange`] if the file cannot be read. A folder without transcripts is
/// none: a codebook may come before the interviews.
pub fn import(
    target: &Target<'_>,
    person: &Person,
    path: &Path,
    format: ImportFormat,
) -> Result<(Session, Unshown<Warned<Imported>>), StudyError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Warned { value: mut received, mut warnings } = read(path, format)?;
    name_file(&mut warnings, &file);
    let mut files = Vec::new();
    let mut opened = open(target)?;
    let sources = &received.bundle.sources;
    let written = write_sources(target.root, &opened.session.snapshot(), sources, &mut warnings)?;
    if !written.is_empty() {
        files.extend(written.values().cloned());
        opened = open(target)?;
    }
    let places = places(&opened.session.snapshot().corpus, sources, &written)?;
    let (opened, with_cases) = take_cases(opened, target, &received, &places, &mut warnings)?;
    files.extend(with_cases);
    let session = opened.session;
    let study = session.snapshot();

    let mut incoming = Incoming::default();
    incoming.place_quotations(&study.corpus, &received.bundle, &places)?;
    incoming.place_loose(&study.corpus, &received)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let named = |name: &str| study.transcript_named(name).map_err(|error| error.diagnostic());
    let here = Here { corpus: &study.corpus, codebook: study.codebook()?, named: &named };
    let coded = incoming.place_coded(&here, &mut received, &stem);
    name_file(&mut incoming.warnings, &file);
    warnings.append(&mut incoming.warnings);
    warnings.splice(0..0, opened.warnings.unseen());
    let at = now();
    // What comes in stands in the texts of now, and so must what is there already.
    let here = study.corpus.as_it_stands(study.codebook()?)?;
    let merged = merge(&here, &study.corpus, &received, &incoming, &places, &at);
    warnings.extend(merged.warnings);
    let mut new = merged.new;
    new.sources = written.len();
    // The files are there; with the decision they can be taken away again.
    let placed: Vec<Change> = files
        .iter()
        .map(|path| {
            Ok(Change::PutFile(FileChange::added(path, &read_file(&target.root.join(path))?)))
        })
        .collect::<io::Result<_>>()
        .map_err(|error| StudyError::Exchange { path: path.to_owned(), error: plain(&error) })?;
    let decided = if merged.changes.is_empty() && placed.is_empty() {
        None
    } else {
        let about = if merged.changes.is_empty() {
            format!("“{file}”: {}", count(files.len() as u64, "file"))
        } else {
            format!("“{file}”: {}", Counts { sources: 0, ..new })
        };
        let decided = session.write(person, |_study, history, now| {
            let here = study.corpus.as_it_stands(history.codebook())?;
            let merged = merge(&here, &study.corpus, &received, &incoming, &places, &at);
            let changes = placed.into_iter().chain(merged.changes).collect();
            Ok(history.decide((Verb::Import, about), changes, (&person.coder, now)))
        })?;
        Some(decided.unseen())
    };
    let held = Counts::of(&received.bundle);
    let imported = Imported {
        origin: received.origin.clone(),
        held: Counts {
            quotations: held.quotations + coded.quotations,
            codings: held.codings + coded.codings,
            ..held
        },
        new,
        files,
        readings: received.readings.iter().map(ToString::to_string).collect(),
        n_found_again: incoming.n_found_again,
        decided,
    };
    Ok((session, Unshown::new(Warned { value: imported, warnings })))
}

/// The same of a file that is handed over, with its name and all of it.
///
/// # Errors
/// As [`import`].
pub fn import_bytes(
    target: &Target<'_>,
    person: &Person,
    (name, bytes): (&str, &[u8]),
    format: ImportFormat,
) -> Result<(Session, Unshown<Warned<Imported>>), StudyError> {
    let failed =
        |error: io::Error| StudyError::Exchange { path: name.into(), error: plain(&error) };
    // Projects are read where they lie; the file has its own name there, which is told.
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join(name.rsplit(['/', '\\']).next().unwrap_or(name));
    write_whole(&path, bytes, Lasting::Derived).map_err(failed)?;
    import(target, person, &path, format).map_err(|error| match error {
        StudyError::Exchange { error, .. } => StudyError::Exchange { path: name.into(), error },
        error => error,
    })
}

/// What the file holds.
fn read(path: &Path, format: ImportFormat) -> Result<Warned<Received>, StudyError> {
    let failed = |error| StudyError::Exchange { path: path.to_owned(), error };
    let bytes = || read_file(path).map_err(|error| failed(plain(&error)));
    match format {
        ImportFormat::Qdpx => refi::read_project(&bytes()?).map_err(failed),
        ImportFormat::Qdc => refi::read_codebook(&bytes()?).map_err(failed),
        ImportFormat::Csv => tables::read(&bytes()?).map_err(failed),
        ImportFormat::Taguette => {
            check_file(path).map_err(|error| failed(plain(&error)))?;
            taguette::read_project(path).map_err(failed)
        }
        ImportFormat::QualCoder => {
            check_file(path).map_err(|error| failed(plain(&error)))?;
            qualcoder::read_project(path).map_err(failed)
        }
    }
}

/// An error of the file system in plain words.
fn plain(error: &io::Error) -> ExchangeError {
    ExchangeError::Unreadable(files::find::plain(error))
}

fn open(target: &Target<'_>) -> Result<Opened, StudyError> {
    Session::open_to_fill(target.root, target.store, target.progress)
}

/// Says of which file warnings are that know its lines alone.
fn name_file(warnings: &mut [Diagnostic], file: &str) {
    for warning in warnings {
        if let Some(place) = &mut warning.place
            && place.path.is_empty()
        {
            file.clone_into(&mut place.path);
        }
    }
}

/// Writes the sources that the study does not have as new files; by the id of the
/// source, the path of its file inside the study.
fn write_sources(
    root: &Path,
    study: &Snapshot,
    sources: &[SourceText],
    warnings: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, String>, StudyError> {
    let index = Index::new(&study.corpus)?;
    let mut written = BTreeMap::new();
    for source in sources {
        if index.find(source).is_some() {
            continue;
        }
        // What would be no transcript afterwards is no file to leave behind.
        if let Err(error) =
            sources::read(source.text.as_bytes(), &format!("source.{}", ending_of(source)))
        {
            warnings.push(
                Diagnostic::new(format!("it was not saved as a transcript: {error}"))
                    .in_file(source.id.clone(), None)
                    .with(error.remedy()),
            );
            continue;
        }
        match write_source(root, source) {
            Ok(path) => {
                written.insert(source.id.clone(), path);
            }
            Err(error) => {
                let path = root.join(format!("{}.{}", source.id, ending_of(source)));
                return Err(StudyError::cannot_write(&path)(error));
            }
        }
    }
    Ok(written)
}

/// Writes a source under its own name, or with a number if a file has that.
fn write_source(root: &Path, source: &SourceText) -> io::Result<String> {
    let mut number = 1;
    loop {
        let id = match number {
            1 => source.id.clone(),
            n => format!("{} ({n})", source.id),
        };
        number += 1;
        let path = root.join(format!("{id}.{}", ending_of(source)));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
            if is_taken(folder, stem_of(&id))? {
                continue;
            }
        }
        if write_new(&path, source.text.as_bytes(), Lasting::Synced)? {
            return Ok(format!("{id}.{}", ending_of(source)));
        }
    }
}

/// Whether a file of this folder would have this name as a transcript: two that
/// differ in their ending alone would be one, and so would two that differ in
/// case on many systems.
pub(super) fn is_taken(folder: &Path, stem: &str) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if files::is_transcript_ending(ending) && folded(files::find::id_of(&name)) == folded(stem)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes what the file knows of cases into a new `cases.csv`; returns the study
/// opened again, and the file's name if it was written.
fn take_cases(
    opened: Opened,
    target: &Target<'_>,
    received: &Received,
    places: &BTreeMap<String, Match>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<(Opened, Option<String>), StudyError> {
    let warn = |problem: String, hint: &str| {
        Diagnostic::new(problem).in_file("cases.csv", None).with(Remedy::new(hint.to_owned()))
    };
    let study = opened.session.snapshot();
    let rows = case_rows(&study.corpus, &received.bundle.cases, places, warnings);
    if rows.is_empty() {
        return Ok((opened, None));
    }
    let path = target.root.join("cases.csv");
    let text = case_table(&rows);
    let n_cases: BTreeSet<_> = rows.iter().map(|row| (row.transcript, row.speaker)).collect();
    let n_cases = n_cases.len();
    match write_new(&path, text.as_bytes(), Lasting::Synced) {
        Ok(true) => {}
        Ok(false) => {
            let problem = format!(
                "it already exists, so attributes of {n_cases} {} are not imported",
                if n_cases == 1 { "case" } else { "cases" }
            );
            warnings.push(warn(problem, "import into an empty folder to get them as a table"));
            return Ok((opened, None));
        }
        Err(error) => return Err(StudyError::cannot_write(&path)(error)),
    }
    match open(target) {
        Ok(opened) => Ok((opened, Some("cases.csv".to_owned()))),
        Err(StudyError::Cases(error)) => {
            // A table that stops every command must not stay.
            fs::remove_file(&path).map_err(StudyError::cannot_write(&path))?;
            let problem = format!("attributes of cases are not imported: {}", error.problem);
            warnings.push(warn(problem, ""));
            Ok((open(target)?, None))
        }
        Err(error) => Err(error),
    }
}

impl Imported {
    /// The program that wrote the file, shortened: `ATLAS.ti 8.4.0`.
    pub fn origin_name(&self) -> &str {
        self.origin.split([',', '(']).next().unwrap_or_default().trim()
    }
}
