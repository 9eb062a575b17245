//! Brings derived data up to date, reading only what changed.
//!
//! The texts and their words when a study is opened; the index only when something is
//! sought, so that nothing else ever depends on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::catalogue::{Catalogue, Content, Entry};
use super::{Settings, Snapshot, StageTimes, StudyError};
use crate::base::{Diagnose as _, Diagnostic, Progress, Warned, files};
use crate::files::SourceError;
use crate::files::find::{FoundFile, id_of, matches};
use crate::ingest::{self, Ingested, Known, Params};
use crate::search::SearchError;
use crate::search::index::{Held, PassageIndex};
use crate::store::cache::{Alone, InUse, load, save};
use crate::terms::{Analysis, Language};
use crate::transcripts::Transcript;

/// What bringing derived data up to date did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateReport {
    /// Transcripts that were read: new or changed.
    pub n_read: usize,
    /// Transcripts whose remembered reading still holds.
    pub n_kept: usize,
    /// Transcripts that are gone.
    pub n_removed: usize,
    /// Ids of the transcripts that were read.
    pub read: Vec<String>,
}

/// A file whose remembered reading may be older than its content if the file
/// changed this shortly before it was read, in nanoseconds: the clock of a file
/// system ticks slowly.
const TICK_NS: i128 = 20_000_000;
/// The same for file systems that count whole seconds.
const COARSE_TICK_NS: i128 = 2_000_000_000;

/// What the settings say of single files.
pub fn params_of(settings: &Settings) -> Params {
    Params {
        declared: settings.declared_labels(),
        told: settings.told.clone(),
        language: settings.language(),
        analyzer: settings.analyzer(),
    }
}

/// Compares the files with what is remembered, reads what changed, and writes what
/// is then remembered. The texts and words of the catalogue stay on the disk for as
/// long as what is returned with it is held.
///
/// # Errors
/// [`StudyError::Store`] if the store cannot be written; [`StudyError::Stopped`]
/// between two files if `progress` says so: what was read until then stays
/// remembered, as far as it was written, and nothing is half there.
pub(crate) fn bring_up_to_date(
    files: &[FoundFile],
    store: &Path,
    settings: &Settings,
    progress: &(impl Progress + ?Sized),
    times: &StageTimes,
) -> Result<(Catalogue, UpdateReport, Option<InUse>), StudyError> {
    let place = store.join("cache").join("catalogue");
    let params = params_of(settings);
    let fingerprint = params.fingerprint();
    let unchanged = || UpdateReport { n_kept: files.len(), ..UpdateReport::default() };
    // Held before the catalogue is read: what it names must not go meanwhile.
    let in_use = InUse::hold(store);
    if let Some(catalogue) = current(files, &place, &fingerprint, &params) {
        return Ok((catalogue, unchanged(), in_use));
    }
    drop(in_use);
    for folder in [store, &store.join("cache").join("texts"), &store.join("cache").join("terms")] {
        fs::create_dir_all(folder).map_err(StudyError::cannot_write(folder))?;
    }
    // One process at a time writes; the next one finds the work done. Nothing is
    // swept while this is held.
    let _lock = lock_cache(store)?;
    if let Some(catalogue) = current(files, &place, &fingerprint, &params) {
        return Ok((catalogue, unchanged(), InUse::hold(store)));
    }
    let old: Catalogue = load(&place).unwrap_or_default();
    let remembered: BTreeMap<&str, &Entry> =
        old.entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
    let others = other_labels(&old.declared, &params.declared);
    let is_told_anew = |path: &str| matches(path, &old.told) != matches(path, &params.told);

    // Reading, cutting and analysing share nothing between files.
    let written = written_ns(&place);
    let n_done = AtomicUsize::new(0);
    let read: Vec<FileState> = times.run("read", || {
        files
            .par_iter()
            .map(|file| {
                progress.go_on()?;
                let known = remembered.get(file.path.as_str());
                let known = known.map(|&entry| Remembered {
                    entry,
                    may_differ: is_told_anew(&entry.path) || may_differ(entry, &others, store),
                });
                let state = read_file(file, known.as_ref(), written, &params);
                progress.tell(n_done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
                Ok(state)
            })
            .collect::<Result<_, StudyError>>()
    })?;
    let usual = ingest::usual_language(read.iter().filter_map(told_language));

    let mut next_number = old.next_number;
    let mut number_of = |state: &FileState| match state {
        FileState::Kept(Entry { content: Content::Transcript(known), .. })
            if known.terms_key.ends_with(&fingerprint) =>
        {
            known.number
        }
        FileState::Kept(Entry { content: Content::Refused(_), .. }) => 0,
        _ => {
            next_number += 1;
            next_number - 1
        }
    };
    let jobs: Vec<(u32, FileState)> =
        read.into_iter().map(|state| (number_of(&state), state)).collect();
    let entries: Vec<(Entry, bool)> = times.run("analyse", || {
        jobs.into_par_iter()
            .map(|(number, state)| {
                progress.go_on()?;
                finish((number, usual), state, store, &params)
            })
            .collect::<Result<_, StudyError>>()
    })?;

    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let is_read = |(entry, is_read): &(Entry, bool)| is_read.then(|| id_of(&entry.path).to_owned());
    let read: Vec<String> = entries.iter().filter_map(is_read).collect();
    let report = UpdateReport {
        n_read: read.len(),
        n_kept: entries.len() - read.len(),
        n_removed: old.entries.iter().filter(|entry| !paths.contains(entry.path.as_str())).count(),
        read,
    };
    let entries: Vec<Entry> = entries.into_iter().map(|(entry, _)| entry).collect();
    let Params { declared, told, .. } = params;
    let revision = revision(&entries);
    let catalogue = Catalogue { revision, next_number, declared, told, entries };
    save(&place, &catalogue).map_err(StudyError::cannot_write(&place))?;
    for folder in ["cache/texts", "cache/terms"] {
        files::sweep(&store.join(folder));
    }
    sweep(store, catalogue.entries.iter().filter_map(|entry| entry.content.transcript()));
    Ok((catalogue, report, InUse::hold(store)))
}

fn lock_cache(store: &Path) -> Result<fs::File, StudyError> {
    let path = store.join("cache").join("lock");
    let lock = fs::File::create(&path).map_err(StudyError::cannot_write(&path))?;
    lock.lock().map_err(StudyError::cannot_write(&path))?;
    Ok(lock)
}

/// The language that a file tells.
fn told_language(state: &FileState) -> Option<Language> {
    match state {
        FileState::Fresh(_, ingested) => ingested.language,
        FileState::Kept(Entry { content: Content::Transcript(known), .. }) => known.told_language(),
        FileState::Kept(_) => None,
    }
}

impl Snapshot {
    /// Opens the index over the texts, brought up to date first where it is not; with
    /// a warning if it had to be built anew.
    ///
    /// # Errors
    /// [`StudyError`] if it cannot be written, or remembered words are gone;
    /// [`StudyError::Stopped`] if `progress` says so, and the index is as it was then.
    pub(crate) fn open_index(
        &self,
        progress: &(impl Progress + ?Sized),
    ) -> Result<Warned<PassageIndex>, StudyError> {
        let store = &self.folder.store;
        let folder = store.join("index");
        let transcripts = &self.corpus.transcripts;
        let wanted: Held =
            transcripts.iter().map(|known| (known.number, known.terms_key.clone())).collect();
        if let Some(index) = PassageIndex::open(&folder, &wanted) {
            return Ok(Warned { value: index, warnings: Vec::new() });
        }
        let places: BTreeMap<u32, usize> =
            (0..).zip(transcripts).map(|(t, known)| (known.number, t)).collect();
        let mut n_done = 0;
        let mut words = |number: u32| -> Result<Analysis, StudyError> {
            progress.go_on()?;
            n_done += 1;
            progress.tell(n_done, transcripts.len());
            let t = places[&number];
            // Not through the corpus, which would keep all of them in memory.
            match load(&terms_path(store, &transcripts[t].terms_key)) {
                Some(words) => Ok(words),
                None => Ok(Arc::unwrap_or_clone(self.corpus.words(t)?)),
            }
        };
        self.derived.times.run("index", || {
            let _lock = lock_cache(store)?;
            let (value, problem) = PassageIndex::bring_up_to_date(&folder, &wanted, &mut words)?;
            let rebuilt = |problem: SearchError| {
                let problem = problem.to_string();
                let why = problem.lines().next().unwrap_or_default();
                Diagnostic::new(format!("the index could not be used and was built anew ({why})"))
            };
            Ok(Warned { value, warnings: problem.map(rebuilt).into_iter().collect() })
        })
    }

    /// Brings the index up to date; with a warning if it had to be built anew. What is
    /// sought does the same first, without a word.
    ///
    /// # Errors
    /// [`StudyError`] if it cannot be written, or if `progress` says to stop.
    pub fn bring_index_up_to_date(
        &self,
        progress: &(impl Progress + ?Sized),
    ) -> Result<Vec<Diagnostic>, StudyError> {
        Ok(self.open_index(progress)?.warnings)
    }
}

/// The remembered catalogue, if every file is as it was and nothing is missing.
fn current(
    files: &[FoundFile],
    place: &Path,
    fingerprint: &str,
    params: &Params,
) -> Option<Catalogue> {
    let catalogue: Catalogue = load(place)?;
    if catalogue.declared != params.declared || catalogue.told != params.told {
        return None;
    }
    let written = written_ns(place);
    let same = |(file, entry): (&FoundFile, &Entry)| {
        let is_analysed = match &entry.content {
            Content::Transcript(known) => known.terms_key.ends_with(fingerprint),
            Content::Refused(_) => true,
        };
        file.path == entry.path && is_unchanged(file, entry, written) && is_analysed
    };
    let is_current =
        files.len() == catalogue.entries.len() && files.iter().zip(&catalogue.entries).all(same);
    is_current.then_some(catalogue)
}

/// When the catalogue was written, by the clock of the file system.
fn written_ns(place: &Path) -> i128 {
    let modified = fs::metadata(place).and_then(|data| data.modified()).ok();
    let since = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.and_then(|since| i128::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

/// Whether a file's length and time say that its content is the remembered one.
fn is_unchanged(file: &FoundFile, entry: &Entry, written_ns: i128) -> bool {
    let tick = if file.modified_ns % 1_000_000_000 == 0 { COARSE_TICK_NS } else { TICK_NS };
    file.n_bytes == entry.n_bytes
        && file.modified_ns == entry.modified_ns
        && !(written_ns - tick..=written_ns).contains(&file.modified_ns)
}

/// A file, remembered or read anew.
enum FileState {
    Kept(Entry),
    Fresh(Seen, Box<Ingested>),
}

/// A file as it was when it was last read.
struct Remembered<'a> {
    entry: &'a Entry,
    /// Whether the same bytes may be read otherwise now.
    may_differ: bool,
}

/// Labels that are declared and were not, or were and are not, in lower case.
fn other_labels(before: &[String], now: &[String]) -> Vec<String> {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let these = these.iter().filter(|label| !those.contains(label));
        these.map(|label| label.trim().to_lowercase()).collect()
    };
    [only(before, now), only(now, before)].concat()
}

/// Whether other turns may be made of a file now that these labels are declared, or no
/// longer: it must hold one of them.
fn may_differ(entry: &Entry, labels: &[String], store: &Path) -> bool {
    let Content::Transcript(known) = &entry.content else { return !labels.is_empty() };
    let holds = |transcript: Transcript| {
        let text = transcript.text.to_lowercase();
        labels.iter().any(|label| text.contains(label))
    };
    !labels.is_empty() && load(&text_path(store, &known.text_key)).is_none_or(holds)
}

/// What tells whether a file is the one that was read.
struct Seen {
    n_bytes: u64,
    modified_ns: i128,
    hash: [u8; 32],
}

fn read_file(
    file: &FoundFile,
    remembered: Option<&Remembered<'_>>,
    written_ns: i128,
    params: &Params,
) -> FileState {
    let known = remembered.filter(|known| !known.may_differ).map(|known| known.entry);
    if let Some(entry) = known.filter(|entry| is_unchanged(file, entry, written_ns)) {
        return FileState::Kept(entry.clone());
    }
    let (n_bytes, modified_ns) = (file.n_bytes, file.modified_ns);
    let refuse = |hash: [u8; 32], error: SourceError| {
        let content = Content::Refused(error.diagnostic().of_file(file.path.clone()));
        FileState::Kept(Entry { path: file.path.clone(), n_bytes, modified_ns, hash, content })
    };
    let bytes = match file.read() {
        Ok(bytes) => bytes,
        Err(problem) => return refuse([0; 32], SourceError::whole(problem)),
    };
    let hash = *blake3::hash(&bytes).as_bytes();
    let kept = |entry: &Entry| FileState::Kept(Entry { n_bytes, modified_ns, ..entry.clone() });
    if let Some(entry) = known.filter(|entry| entry.hash == hash) {
        return kept(entry);
    }
    // Most labels that are declared make no other turns.
    let is_as_before = |entry: &Entry, ingested: &Ingested| match &entry.content {
        Content::Transcript(known) => known.text_key == ingested.text_key(),
        Content::Refused(_) => false,
    };
    match ingest::read(&bytes, &file.path, params) {
        Ok(ingested) => match remembered.filter(|it| is_as_before(it.entry, &ingested)) {
            Some(remembered) => kept(remembered.entry),
            None => FileState::Fresh(Seen { n_bytes, modified_ns, hash }, Box::new(ingested)),
        },
        Err(error) => refuse(hash, error),
    }
}

/// Analyses what was read or must be analysed anew, and stores it; whether there
/// was anything to do.
fn finish(
    (number, usual): (u32, Option<Language>),
    state: FileState,
    store: &Path,
    params: &Params,
) -> Result<(Entry, bool), StudyError> {
    let keep = |known: &Known, analysis: &Analysis| {
        let path = terms_path(store, &known.terms_key);
        save(&path, analysis).map_err(StudyError::cannot_write(&path))
    };
    match state {
        FileState::Kept(mut entry) => {
            let Content::Transcript(known) = &mut entry.content else { return Ok((entry, false)) };
            if known.terms_key.ends_with(&params.fingerprint()) {
                return Ok((entry, false));
            }
            // The study's words changed, not the text.
            let path = text_path(store, &known.text_key);
            let Some(transcript) = load::<Transcript>(&path) else {
                let problem =
                    "the saved text is missing; delete the folder `cache` beside it".to_owned();
                return Err(StudyError::Store { path, problem });
            };
            let analysis = known.analyse_again(&transcript, (number, usual), params);
            keep(known, &analysis)?;
            Ok((entry, true))
        }
        FileState::Fresh(Seen { n_bytes, modified_ns, hash }, ingested) => {
            let (known, analysis) = ingested.analyse(number, usual, params);
            let path = text_path(store, &known.text_key);
            save(&path, &ingested.transcript).map_err(StudyError::cannot_write(&path))?;
            keep(&known, &analysis)?;
            let content = Content::Transcript(Box::new(known));
            Ok((Entry { path: ingested.path, n_bytes, modified_ns, hash, content }, true))
        }
    }
}

pub(crate) fn text_path(store: &Path, key: &str) -> PathBuf {
    store.join("cache").join("texts").join(key)
}

pub(crate) fn terms_path(store: &Path, key: &str) -> PathBuf {
    store.join("cache").join("terms").join(key)
}

/// Changes whenever the passages or their words do.
fn revision(entries: &[Entry]) -> String {
    let mut hasher = blake3::Hasher::new();
    for entry in entries {
        if let Content::Transcript(known) = &entry.content {
            hasher.update(&known.number.to_le_bytes());
            hasher.update(known.terms_key.as_bytes());
            hasher.update(known.id.as_bytes());
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Deletes what no transcript needs any more, unless a study is open somewhere: it
/// may still need what this catalogue does not name.
pub(crate) fn sweep<'a>(store: &Path, transcripts: impl IntoIterator<Item = &'a Known>) {
    let Some(_alone) = Alone::take(store) else { return };
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for known in transcripts {
        needed.extend([known.text_key.as_str(), known.terms_key.as_str()]);
    }
    for folder in ["texts", "terms"] {
        for file in fs::read_dir(store.join("cache").join(folder)).into_iter().flatten().flatten() {
            if !file.file_name().to_str().is_some_and(|name| needed.contains(name)) {
                // A file that stays costs space and nothing else.
                fs::remove_file(file.path()).ok();
            }
        }
    }
}
