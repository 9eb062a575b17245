//! A study goes out to other tools, and their work comes in.
//!
//! Out goes what stands now: transcripts, cases, codebook. What comes in is one
//! decision, so that it can be undone as a whole; transcripts that the study does
//! not have become new files of its folder, and no file that is there is touched.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use super::codebook::placed;
use super::{Decided, Opened, Person, Session, now};
use super::{Snapshot, StudyError};
use crate::answers::{HideNames, Unshown};
use crate::base::{Diagnose as _, Diagnostic, Remedy, Span, Warned};
use crate::codebook::decision::{Change, Verb};
use crate::codebook::standing::talk_in;
use crate::codebook::{
    Code, CodeId, CodeKind, Codebook, Coding, Memo, MemoId, MemoTarget, Place, Quotation,
    QuotationId, checksum_of, normal_path,
};
use crate::exchange::{
    Bundle, BundleCase, CodedLines, Counts, ExchangeError, Received, SourceText, Words, refi,
    tables, taguette,
};
use crate::pseudonyms::Pseudonyms;
use crate::sources;
use crate::transcripts::cases::stem_of;
use crate::transcripts::normal_label;

/// A kind of file that other tools read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
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

/// A kind of file that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ImportFormat {
    /// A project of REFI-QDA
    Qdpx,
    /// A codebook of REFI-QDA
    Qdc,
    /// A project of Taguette
    Taguette,
    /// A table of codes, or of quotes with their codes
    Csv,
}

impl ImportFormat {
    /// The format that files with this ending have.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "qdpx" => Some(Self::Qdpx),
            "qdc" => Some(Self::Qdc),
            "sqlite3" | "sqlite" | "db" => Some(Self::Taguette),
            "csv" | "tsv" | "tab" => Some(Self::Csv),
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
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
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
            sources.push(SourceText { id: known.id.clone(), text });
        }
        let case = |(c, case): (usize, &crate::transcripts::cases::Case)| {
            let speaks = |t: &usize| self.corpus.cases.of_speaker[*t].contains(&Some(c));
            let sources = (0..self.corpus.transcripts.len()).filter(speaks);
            BundleCase {
                id: case.id.clone(),
                attributes: case.attributes.clone(),
                sources: sources.map(|t| self.corpus.transcripts[t].id.clone()).collect(),
            }
        };
        let standings = self.standings()?;
        let mut codebook = self.codebook()?.clone();
        for quotation in codebook.quotations.values_mut() {
            *quotation = placed(quotation, &standings);
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
        let failed = |error| StudyError::Exchange { path: path.to_owned(), error };
        self.check_free(path, overwrite)?;
        let Warned { value: bundle, warnings } = self.bundle()?;
        let bundle = self.shown_bundle(bundle);
        let mut warnings = self.hidden(warnings);
        let mut bytes = Cursor::new(Vec::new());
        let exported = match format {
            ExchangeFormat::Qdpx => {
                let written = refi::write_project(&mut bytes, &bundle, &now()).map_err(failed)?;
                warnings.extend(written.warnings);
                Exported { counts: written.value, stays: refi::stays(&bundle) }
            }
            ExchangeFormat::Qdc => {
                let counts = refi::write_codebook(&mut bytes, &bundle).map_err(failed)?;
                Exported { counts, stays: Vec::new() }
            }
        };
        write_whole(path, bytes.get_ref()).map_err(|error| failed(error.into()))?;
        Ok(Warned { value: exported, warnings })
    }
}

/// Writes a file so that it is there as a whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    });
    if written.is_err() {
        // What cannot be written cannot always be removed; the error above says more.
        fs::remove_file(&part).ok();
    }
    written
}

/// Takes a file of another tool in.
///
/// # Errors
/// [`StudyError::Exchange`] if the file cannot be read; [`StudyError::NoTranscripts`]
/// if the folder has no transcript and the file brings none.
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
    let mut opened = match open(target) {
        Ok(opened) => Some(opened),
        Err(StudyError::NoTranscripts { .. }) if !received.bundle.sources.is_empty() => None,
        Err(error) => return Err(without_texts(error, warnings)),
    };
    let sources = &received.bundle.sources;
    let written = {
        let study = opened.as_ref().map(|opened| opened.session.snapshot());
        write_sources(target.root, study.as_ref(), sources, &mut warnings)?
    };
    if !written.is_empty() {
        files.extend(written.values().cloned());
        opened = None;
    }
    let opened = match opened {
        Some(opened) => opened,
        None => match open(target) {
            Ok(opened) => opened,
            Err(error) => return Err(without_texts(error, warnings)),
        },
    };
    let places = places(&opened.session.snapshot(), sources, &written)?;
    let (opened, with_cases) = take_cases(opened, target, &received, &places, &mut warnings)?;
    files.extend(with_cases);
    let session = opened.session;
    let study = session.snapshot();

    let mut incoming = Incoming::default();
    incoming.place_quotations(&study, &received.bundle, &places)?;
    incoming.place_loose(&study, &received)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let coded = incoming.place_coded(&study, &mut received, &stem)?;
    name_file(&mut incoming.warnings, &file);
    warnings.append(&mut incoming.warnings);
    warnings.splice(0..0, opened.warnings.unseen());
    let at = now();
    let merged = merge(study.codebook()?, &study, &received, &incoming, &places, &at);
    warnings.extend(merged.warnings);
    let mut new = merged.new;
    new.sources = written.len();
    let decided = if merged.changes.is_empty() {
        None
    } else {
        let about = format!("“{file}”: {}", Counts { sources: 0, ..new });
        let decided = session.write(person, |history, now| {
            let merged = merge(history.codebook(), &study, &received, &incoming, &places, &at);
            Ok(history.decide((Verb::Import, about), merged.changes, (&person.coder, now)))
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

/// What the file holds.
fn read(path: &Path, format: ImportFormat) -> Result<Warned<Received>, StudyError> {
    let failed = |error| StudyError::Exchange { path: path.to_owned(), error };
    let bytes = || fs::read(path).map_err(|error| failed(plain(&error)));
    match format {
        ImportFormat::Qdpx => refi::read_project(&bytes()?).map_err(failed),
        ImportFormat::Qdc => refi::read_codebook(&bytes()?).map_err(failed),
        ImportFormat::Csv => tables::read(&bytes()?).map_err(failed),
        ImportFormat::Taguette => {
            // A missing file is told as such, not as a database that cannot be opened.
            fs::metadata(path).map_err(|error| failed(plain(&error)))?;
            taguette::read_project(path).map_err(failed)
        }
    }
}

/// An error of the file system in plain words.
fn plain(error: &io::Error) -> ExchangeError {
    ExchangeError::Unreadable(sources::find::plain(error))
}

/// Adds what is wrong with a file to the error that a folder has no transcript.
fn without_texts(error: StudyError, mut warnings: Vec<Diagnostic>) -> StudyError {
    match error {
        StudyError::NoTranscripts { folder, looked_for, refused } if !warnings.is_empty() => {
            warnings.extend(refused);
            StudyError::NoTranscripts { folder, looked_for, refused: warnings }
        }
        error => error,
    }
}

fn open(target: &Target<'_>) -> Result<Opened, StudyError> {
    Session::open(target.root, target.store, target.progress)
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

/// Folds what may differ between two spellings of one name: case, and accents
/// written as one sign or two.
fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

/// The transcript that a source is, with whether its text is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Match {
    t: usize,
    is_same: bool,
}

/// The transcripts of a study by checksum, id and file name.
struct Index {
    checksums: BTreeMap<String, usize>,
    ids: BTreeMap<String, usize>,
    /// Those whose file name only one has.
    stems: BTreeMap<String, Option<usize>>,
}

impl Index {
    fn new(study: &Snapshot) -> Result<Self, StudyError> {
        let (mut checksums, mut ids) = (BTreeMap::new(), BTreeMap::new());
        let mut stems: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (t, known) in study.corpus.transcripts.iter().enumerate() {
            checksums.entry(checksum_of(&study.corpus.text(t)?.text)).or_insert(t);
            ids.entry(folded(&known.id)).or_insert(t);
            stems
                .entry(folded(stem_of(&known.id)))
                .and_modify(|only| *only = None)
                .or_insert(Some(t));
        }
        Ok(Self { checksums, ids, stems })
    }

    fn named(&self, name: &str) -> Option<usize> {
        let id = folded(name);
        let stems = || self.stems.get(stem_of(&id)).copied().flatten();
        self.ids.get(&id).copied().or_else(stems)
    }

    fn find(&self, source: &SourceText) -> Option<Match> {
        let named = self.named(&source.id);
        match (self.checksums.get(&checksum_of(&source.text)), named) {
            (Some(&t), _) => Some(Match { t, is_same: true }),
            (None, Some(t)) => Some(Match { t, is_same: false }),
            (None, None) => None,
        }
    }
}

/// Writes the sources that the study does not have as new files; by the id of the
/// source, the path of its file inside the study.
fn write_sources(
    root: &Path,
    study: Option<&Snapshot>,
    sources: &[SourceText],
    warnings: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, String>, StudyError> {
    let index = study.map(Index::new).transpose()?;
    let mut written = BTreeMap::new();
    for source in sources {
        if index.as_ref().is_some_and(|index| index.find(source).is_some()) {
            continue;
        }
        // What would be no transcript afterwards is no file to leave behind.
        if let Err(error) = sources::read(source.text.as_bytes(), "source.txt") {
            warnings.push(
                Diagnostic::new(format!("it is not written as a transcript: {error}"))
                    .in_file(source.id.clone(), None)
                    .with(Remedy::new(error.problem.hint().to_owned())),
            );
            continue;
        }
        match write_source(root, source) {
            Ok(path) => {
                written.insert(source.id.clone(), path);
            }
            Err(error) => {
                let path = root.join(format!("{}.txt", source.id));
                let problem = sources::find::plain(&error);
                return Err(StudyError::Store { path, problem });
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
        let path = root.join(format!("{id}.txt"));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
            if is_taken(folder, stem_of(&id))? {
                continue;
            }
        }
        match fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(source.text.as_bytes())?;
                return Ok(format!("{id}.txt"));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether a file of this folder would have this name as a transcript: two that
/// differ in their ending alone would be one, and so would two that differ in
/// case on many systems.
fn is_taken(folder: &Path, stem: &str) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if sources::is_transcript_ending(ending)
            && folded(sources::find::id_of(&name)) == folded(stem)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The transcript of each source, by the source's id.
fn places(
    study: &Snapshot,
    sources: &[SourceText],
    written: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Match>, StudyError> {
    let index = Index::new(study)?;
    let mut places = BTreeMap::new();
    for source in sources {
        let own = written.get(&source.id).map(|path| sources::find::id_of(path));
        let own = own.and_then(|id| index.ids.get(&folded(id)).copied());
        let found = match own {
            Some(t) => {
                let is_same = study.corpus.text(t)?.text == source.text;
                Some(Match { t, is_same })
            }
            None => index.find(source),
        };
        if let Some(found) = found {
            places.insert(source.id.clone(), found);
        }
    }
    Ok(places)
}

// Cases

/// A row of a `cases.csv` that is to be written.
struct CaseRow<'a> {
    transcript: &'a str,
    speaker: Option<&'a str>,
    case: Option<&'a str>,
    attributes: &'a BTreeMap<String, String>,
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
    let rows = case_rows(&study, &received.bundle.cases, places, warnings);
    if rows.is_empty() {
        return Ok((opened, None));
    }
    let path = target.root.join("cases.csv");
    let text = case_table(&rows);
    let n_cases: BTreeSet<_> = rows.iter().map(|row| (row.transcript, row.speaker)).collect();
    let n_cases = n_cases.len();
    match fs::File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let problem = format!(
                "it is there already, so attributes of {n_cases} {} are not taken over",
                if n_cases == 1 { "case" } else { "cases" }
            );
            warnings.push(warn(problem, "import into an empty folder to get them as a table"));
            return Ok((opened, None));
        }
        Err(error) => {
            return Err(StudyError::Store { path, problem: sources::find::plain(&error) });
        }
    }
    match open(target) {
        Ok(opened) => Ok((opened, Some("cases.csv".to_owned()))),
        Err(StudyError::Cases(error)) => {
            // A table that stops every command must not stay.
            fs::remove_file(&path).map_err(|error| StudyError::Store {
                path,
                problem: sources::find::plain(&error),
            })?;
            let problem = format!("attributes of cases are not taken over: {}", error.problem);
            warnings.push(warn(problem, ""));
            Ok((open(target)?, None))
        }
        Err(error) => Err(error),
    }
}

/// The rows that tell the study what it does not know yet.
fn case_rows<'a>(
    study: &'a Snapshot,
    cases: &'a [BundleCase],
    places: &BTreeMap<String, Match>,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<CaseRow<'a>> {
    let mut rows = Vec::new();
    for case in cases {
        for source in &case.sources {
            let Some(&Match { t, .. }) = places.get(source) else { continue };
            let known = &study.corpus.transcripts[t];
            let id_of = |s: usize| {
                study.corpus.cases.of_speaker[t][s].map(|c| &study.corpus.cases.cases[c])
            };
            let speakers = || 0..known.speakers.len();
            let is_case = |s: &usize| {
                let wanted = normal_label(&case.id);
                id_of(*s).is_some_and(|known| normal_label(&known.id) == wanted)
            };
            let label = stem_of(&case.id);
            let is_named = |s: &usize| {
                id_of(*s).is_some()
                    && normal_label(&known.speakers[*s].label) == normal_label(label)
            };
            let is_alone = cases.iter().filter(|other| other.sources.contains(source)).count() == 1;
            let row = if let Some(s) = speakers().find(is_case) {
                let has = |(name, value): (&String, &String)| {
                    id_of(s).and_then(|known| known.attributes.get(name)) == Some(value)
                };
                if case.attributes.iter().all(has) {
                    continue;
                }
                let is_only = speakers().filter(|s| id_of(*s).is_some()).count() == 1;
                let speaker = (!is_only).then_some(known.speakers[s].label.as_str());
                (speaker, None)
            } else if let Some(s) = speakers().find(is_named) {
                (Some(known.speakers[s].label.as_str()), Some(case.id.as_str()))
            } else if is_alone && speakers().any(|s| id_of(s).is_some()) {
                (None, Some(case.id.as_str()))
            } else {
                warnings.push(Diagnostic::new(format!("the case `{}` is not taken over: it is not known who of the speakers it is", case.id)).in_file(known.id.clone(), None).with(Remedy::new("write it into cases.csv with a column `speaker`")));
                continue;
            };
            rows.push(CaseRow {
                transcript: &known.id,
                speaker: row.0.filter(|label| !label.is_empty()),
                case: row.1,
                attributes: &case.attributes,
            });
        }
    }
    rows
}

/// The text of `cases.csv`.
fn case_table(rows: &[CaseRow<'_>]) -> String {
    /// Columns that say whom a row is about cannot be attributes.
    const KEYS: &[&str] = &[
        "transcript",
        "file",
        "interview",
        "filename",
        "speaker",
        "name",
        "case",
        "id",
        "participant",
    ];
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.attributes.keys()).collect();
    let heading = |name: &String| {
        // Marks that could be taken for what separates columns.
        let name = name.replace([';', ',', '\t', '\n', '\r', '"'], " ");
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if KEYS.contains(&name.to_lowercase().as_str()) {
            format!("{name} (attribute)")
        } else {
            name
        }
    };
    let has_speakers = rows.iter().any(|row| row.speaker.is_some());
    let has_cases = rows.iter().any(|row| row.case.is_some());
    let mut header = vec!["transcript".to_owned()];
    header.extend(has_speakers.then(|| "speaker".to_owned()));
    header.extend(has_cases.then(|| "case".to_owned()));
    header.extend(names.iter().map(|name| heading(name)));
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut records = vec![header];
    for row in rows {
        let mut record = vec![row.transcript.to_owned()];
        record.extend(has_speakers.then(|| row.speaker.unwrap_or_default().to_owned()));
        record.extend(has_cases.then(|| row.case.unwrap_or_default().to_owned()));
        let value = |name: &&String| row.attributes.get(*name).cloned().unwrap_or_default();
        record.extend(names.iter().map(value));
        records.push(record);
    }
    for record in records {
        table.write_record(record).expect("a vector takes all that is written");
    }
    let bytes = table.into_inner().expect("a vector takes all that is written");
    String::from_utf8(bytes).expect("all cells are text")
}

// Quotations

/// A quotation that comes in, at its place in the study.
struct PlacedQuotation {
    /// Its number in the file; `None` for a quote that came without its text.
    id: Option<QuotationId>,
    place: Place,
    text: String,
    /// The codes by their numbers in the file.
    codings: Vec<Coding>,
    coder: String,
}

#[derive(Default)]
struct Incoming {
    quotations: Vec<PlacedQuotation>,
    n_found_again: usize,
    warnings: Vec<Diagnostic>,
}

impl Incoming {
    fn place_quotations(
        &mut self,
        study: &Snapshot,
        bundle: &Bundle,
        places: &BTreeMap<String, Match>,
    ) -> Result<(), StudyError> {
        let mut by_source: BTreeMap<&str, Vec<&Quotation>> = BTreeMap::new();
        for quotation in bundle.codebook.quotations.values() {
            by_source.entry(&quotation.place.transcript).or_default().push(quotation);
        }
        for (source, quotations) in by_source {
            let found = places.get(source);
            let text = match found {
                Some(found) => study.corpus.text(found.t)?.text.clone(),
                None => String::new(),
            };
            let checksum = checksum_of(&text);
            // Only a text that differs needs to be searched.
            let words = found.filter(|found| !found.is_same).map(|_| Words::new(&text));
            for quotation in quotations {
                let span = match (found, &words) {
                    (Some(_), None) => Ok(quotation.place.span),
                    (Some(_), Some(words)) => {
                        let span = once(words, &quotation.text);
                        self.n_found_again += usize::from(span.is_ok());
                        span
                    }
                    (None, _) => Err("its text is not among the transcripts".to_owned()),
                };
                match (span, found) {
                    (Ok(span), Some(found)) => self.quotations.push(PlacedQuotation {
                        id: Some(quotation.id),
                        place: Place {
                            transcript: study.corpus.transcripts[found.t].id.clone(),
                            checksum: checksum.clone(),
                            span,
                        },
                        text: span.of(&text).to_owned(),
                        codings: quotation.codings.clone(),
                        coder: quotation.coder.clone(),
                    }),
                    (Err(reason), _) => self.lose(source, &quotation.text, &reason),
                    (Ok(_), None) => {}
                }
            }
        }
        Ok(())
    }

    /// Finds quotes again that came without their texts.
    fn place_loose(&mut self, study: &Snapshot, received: &Received) -> Result<(), StudyError> {
        if received.loose.is_empty() {
            return Ok(());
        }
        let index = Index::new(study)?;
        let mut read: BTreeMap<usize, (String, Words)> = BTreeMap::new();
        for quote in &received.loose {
            let named = index
                .named(&quote.source)
                .or_else(|| index.named(sources::find::id_of(&quote.source)));
            let within: Vec<usize> =
                named.map_or_else(|| (0..study.corpus.transcripts.len()).collect(), |t| vec![t]);
            let mut found: Vec<(usize, Span)> = Vec::new();
            for t in within {
                let (_, words) = match read.entry(t) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => {
                        let text = study.corpus.text(t)?.text.clone();
                        let words = Words::new(&text);
                        place.insert((text, words))
                    }
                };
                found.extend(words.find(&quote.words, 2).into_iter().map(|span| (t, span)));
            }
            let name = if quote.source.is_empty() { "quotes" } else { &quote.source };
            let (t, span) = match found[..] {
                [one] => one,
                [] => {
                    self.lose(name, &quote.words, "its words stand nowhere");
                    continue;
                }
                [_, _, ..] => {
                    self.lose(name, &quote.words, "its words stand in several places");
                    continue;
                }
            };
            self.n_found_again += 1;
            let code = |path: &Vec<String>| {
                received.bundle.codebook.code_named(&path.join(" > ")).ok().map(|code| Coding {
                    code: code.id,
                    coder: quote.coder.clone(),
                    is_pinned: false,
                })
            };
            let text = &read[&t].0;
            self.quotations.push(PlacedQuotation {
                id: None,
                place: Place {
                    transcript: study.corpus.transcripts[t].id.clone(),
                    checksum: checksum_of(text),
                    span,
                },
                text: span.of(text).to_owned(),
                codings: quote.codes.iter().filter_map(code).collect(),
                coder: quote.coder.clone(),
            });
        }
        Ok(())
    }

    /// Places lines that were coded, and says how much that is. Their codes join
    /// those that came in; a row that has no place is told with its line.
    fn place_coded(
        &mut self,
        study: &Snapshot,
        received: &mut Received,
        file: &str,
    ) -> Result<Counts, StudyError> {
        let mut by_place: BTreeMap<(Place, String), usize> = BTreeMap::new();
        let mut placed = Counts::default();
        for row in received.coded.iter().filter(|row| !row.code.is_empty()) {
            let codebook = &mut received.bundle.codebook;
            let coded = coded_at(study, row)?.and_then(|coded| {
                let code = tables::put(codebook, &coded.path).map_err(|it| it.diagnostic())?;
                Ok((code, coded))
            });
            let (code, Coded { place, text, .. }) = match coded {
                Ok(found) => found,
                Err(problem) => {
                    self.warnings.push(problem.on_line(row.line));
                    continue;
                }
            };
            placed.codings += 1;
            let coder = if row.coder.is_empty() { file } else { &row.coder }.to_owned();
            let coding = Coding { code, coder: coder.clone(), is_pinned: false };
            let next = self.quotations.len();
            let at = *by_place.entry((place.clone(), coder.clone())).or_insert(next);
            if let Some(known) = self.quotations.get_mut(at) {
                known.codings.push(coding);
                continue;
            }
            let codings = vec![coding];
            self.quotations.push(PlacedQuotation { id: None, place, text, codings, coder });
        }
        let places: BTreeSet<&Place> = by_place.keys().map(|(place, _)| place).collect();
        placed.quotations = places.len();
        Ok(placed)
    }

    fn lose(&mut self, source: &str, words: &str, reason: &str) {
        let mut short = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((cut, _)) = short.char_indices().nth(60) {
            short.truncate(cut);
            short.push('…');
        }
        self.warnings.push(
            Diagnostic::new(format!("quotation “{short}” is not taken over: {reason}"))
                .in_file(source.to_owned(), None),
        );
    }
}

/// A row of a table of codings, at its place in the study.
struct Coded {
    /// The names of its code, from the root.
    path: Vec<String>,
    place: Place,
    /// The talk in its lines.
    text: String,
}

/// What a row of a table of codings says of the study, or what is wrong with the row.
fn coded_at(study: &Snapshot, row: &CodedLines) -> Result<Result<Coded, Diagnostic>, StudyError> {
    let t = match study.transcript_named(&row.transcript) {
        Ok(t) => t,
        Err(error) => return Ok(Err(problem_of(&error))),
    };
    let path = match row.path(study.codebook()?) {
        Ok(path) => path,
        Err(error) => return Ok(Err(error.diagnostic())),
    };
    let lines = match row.lines() {
        Ok(lines) => lines,
        Err(problem) => return Ok(Err(problem)),
    };
    let transcript = study.corpus.text(t)?;
    let lines = match study.corpus.lines_span(t, lines) {
        Ok(lines) => lines,
        Err(error) => return Ok(Err(error.diagnostic())),
    };
    let Some(span) = talk_in(&transcript, lines) else {
        let problem = format!("nobody speaks in these lines of `{}`", row.transcript);
        return Ok(Err(Diagnostic::new(problem)));
    };
    let place = study.place(t, &transcript, span);
    Ok(Ok(Coded { path, place, text: span.of(&transcript.text).to_owned() }))
}

/// What is wrong, apart from what helps.
fn problem_of(error: &StudyError) -> Diagnostic {
    let text = error.to_string();
    let (problem, hint) = text.split_once("\n  hint: ").unwrap_or((&text, ""));
    Diagnostic::new(problem).with(Remedy::new(hint))
}

/// The only place where words stand.
fn once(words: &Words, wanted: &str) -> Result<Span, String> {
    match words.find(wanted, 2)[..] {
        [span] => Ok(span),
        [] => {
            Err("the transcript of this name differs, and its words do not stand there".to_owned())
        }
        _ => Err("the transcript of this name differs, and its words stand there more than once"
            .to_owned()),
    }
}

// The codebook

/// What an import changes.
struct Merged {
    changes: Vec<Change>,
    new: Counts,
    warnings: Vec<Diagnostic>,
}

/// Adds what came in to a codebook: codes of one name under one parent are one,
/// and so are quotations of one place.
fn merge(
    codebook: &Codebook,
    study: &Snapshot,
    received: &Received,
    incoming: &Incoming,
    places: &BTreeMap<String, Match>,
    at: &str,
) -> Merged {
    let mut merger = Merger {
        after: codebook.clone(),
        merged: Merged { changes: Vec::new(), new: Counts::default(), warnings: Vec::new() },
    };
    let codes = merger.codes(&received.bundle.codebook);
    let quotations = merger.quotations(incoming, &codes);
    let numbers = Numbers { codes, quotations };
    merger.memos(study, &received.bundle, &numbers, places, at);
    merger.merged
}

/// By number in the file, the number in the study.
struct Numbers {
    codes: BTreeMap<CodeId, CodeId>,
    quotations: BTreeMap<QuotationId, QuotationId>,
}

struct Merger {
    after: Codebook,
    merged: Merged,
}

impl Merger {
    fn put(&mut self, change: Change) {
        self.after.apply(&change);
        self.merged.changes.push(change);
    }

    /// By number in the file, the number in the study.
    fn codes(&mut self, from: &Codebook) -> BTreeMap<CodeId, CodeId> {
        let mut codes: BTreeMap<CodeId, CodeId> = BTreeMap::new();
        for (_, code) in from.tree() {
            let parent = code.parent.and_then(|parent| codes.get(&parent).copied());
            let wanted = normal_path(&code.name);
            let known = self
                .after
                .codes
                .values()
                .find(|known| known.parent == parent && normal_path(&known.name) == wanted);
            if let Some(known) = known {
                let mut filled = known.clone();
                for (own, theirs) in [
                    (&mut filled.definition, &code.definition),
                    (&mut filled.include, &code.include),
                    (&mut filled.exclude, &code.exclude),
                ] {
                    if own.is_empty() {
                        own.clone_from(theirs);
                    } else if !theirs.is_empty() && own != theirs {
                        self.merged.warnings.push(
                            Diagnostic::new(format!(
                                "the code `{}` is described otherwise in the file",
                                known.name
                            ))
                            .with(Remedy::new("the description here is kept")),
                        );
                    }
                }
                filled.color = filled.color.or_else(|| code.color.clone());
                codes.insert(code.id, known.id);
                if filled != *known {
                    self.put(Change::PutCode(filled));
                }
                continue;
            }
            let id = CodeId(self.after.last.code + 1);
            let may_be =
                parent.is_none_or(|parent| self.after.codes[&parent].kind == CodeKind::Theme);
            let kind = if may_be { code.kind } else { CodeKind::Code };
            let counted = match kind {
                CodeKind::Theme => &mut self.merged.new.themes,
                CodeKind::Code => &mut self.merged.new.codes,
            };
            *counted += 1;
            codes.insert(code.id, id);
            self.put(Change::PutCode(Code { id, kind, parent, ..code.clone() }));
        }
        codes
    }

    /// By number in the file, the number in the study.
    fn quotations(
        &mut self,
        incoming: &Incoming,
        codes: &BTreeMap<CodeId, CodeId>,
    ) -> BTreeMap<QuotationId, QuotationId> {
        let mut at: BTreeMap<Place, QuotationId> = self
            .after
            .quotations
            .values()
            .map(|quotation| (quotation.place.clone(), quotation.id))
            .collect();
        let mut numbers = BTreeMap::new();
        for quotation in &incoming.quotations {
            let given = quotation.codings.iter().filter_map(|coding| {
                Some(Coding { code: *codes.get(&coding.code)?, ..coding.clone() })
            });
            let next = QuotationId(self.after.last.quotation + 1);
            let id = *at.entry(quotation.place.clone()).or_insert(next);
            numbers.extend(quotation.id.map(|old| (old, id)));
            let known = self.after.quotations.get(&id);
            let mut codings: Vec<Coding> =
                known.map_or_else(Vec::new, |known| known.codings.clone());
            let n_known = codings.len();
            for coding in given {
                let is_same =
                    |known: &Coding| known.code == coding.code && known.coder == coding.coder;
                if !codings.iter().any(is_same) {
                    codings.push(coding);
                }
            }
            if known.is_some() && codings.len() == n_known {
                continue;
            }
            codings.sort();
            self.merged.new.quotations += usize::from(known.is_none());
            self.merged.new.codings += codings.len() - n_known;
            let coder = known.map_or(&quotation.coder, |known| &known.coder).clone();
            self.put(Change::PutQuotation(Quotation {
                id,
                place: quotation.place.clone(),
                text: quotation.text.clone(),
                codings,
                coder,
            }));
        }
        numbers
    }

    fn memos(
        &mut self,
        study: &Snapshot,
        bundle: &Bundle,
        numbers: &Numbers,
        places: &BTreeMap<String, Match>,
        at: &str,
    ) {
        let id_of = |source: &String| {
            places.get(source).map(|found| study.corpus.transcripts[found.t].id.clone())
        };
        let mut known: BTreeSet<(MemoTarget, String, String)> = self
            .after
            .memos
            .values()
            .map(|memo| (memo.about.clone(), memo.text.clone(), memo.coder.clone()))
            .collect();
        for memo in bundle.codebook.memos.values() {
            let about = match &memo.about {
                MemoTarget::Study => Some(MemoTarget::Study),
                MemoTarget::Code(code) => numbers.codes.get(code).copied().map(MemoTarget::Code),
                MemoTarget::Quotation(quotation) => {
                    numbers.quotations.get(quotation).copied().map(MemoTarget::Quotation)
                }
                MemoTarget::Transcript(source) => id_of(source).map(MemoTarget::Transcript),
                MemoTarget::Case(case) => {
                    let mut known = study.corpus.cases.cases.iter();
                    let wanted = normal_label(case);
                    if let Some(known) = known.find(|known| normal_label(&known.id) == wanted) {
                        Some(MemoTarget::Case(known.id.clone()))
                    } else {
                        // A case that the study does not have is told by its transcript.
                        let of = bundle.cases.iter().find(|known| known.id == *case);
                        match of.map(|of| of.sources.as_slice()) {
                            Some([only]) => id_of(only).map(MemoTarget::Transcript),
                            _ => None,
                        }
                    }
                }
            };
            let about = about.unwrap_or_else(|| {
                let short: String =
                    memo.text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
                self.merged.warnings.push(
                    Diagnostic::new(format!(
                        "the memo “{short} …” is about something that is not taken over"
                    ))
                    .with(Remedy::new("it is kept as a memo about the whole study")),
                );
                MemoTarget::Study
            });
            if !known.insert((about.clone(), memo.text.clone(), memo.coder.clone())) {
                continue;
            }
            let written = if memo.at.is_empty() { at } else { &memo.at };
            self.merged.new.memos += 1;
            let id = MemoId(self.after.last.memo + 1);
            let at = written.to_owned();
            self.put(Change::PutMemo(Memo { id, about, at, ..memo.clone() }));
        }
    }
}

impl Imported {
    /// The program that wrote the file, shortened: `ATLAS.ti 8.4.0`.
    pub fn origin_name(&self) -> &str {
        self.origin.split([',', '(']).next().unwrap_or_default().trim()
    }
}
