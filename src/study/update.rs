//! Brings derived data up to date, reading only what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::catalogue::{Catalogue, Content, Entry};
use super::{Settings, StageTimes, StudyError};
use crate::base::{Diagnose, Diagnostic, Remedy};
use crate::ingest::Known;
use crate::passages;
use crate::search::index::{IndexedTranscript, PassageIndex};
use crate::sources::find::{FoundFile, id_of, plain};
use crate::sources::{self, SourceError};
use crate::store::cache::{load, save};
use crate::terms::{Analysis, Analyzer, Language, analyze};
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

/// Compares the files with what is remembered, reads what changed, and writes
/// what is then remembered.
pub(super) fn bring_up_to_date(
    files: &[FoundFile],
    store: &Path,
    settings: &Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
    times: &StageTimes,
) -> Result<(Catalogue, UpdateReport), StudyError> {
    let cannot = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| StudyError::Store { path, problem: plain(&error) }
    };
    let place = store.join("cache").join("catalogue");
    let fingerprint = fingerprint(settings);
    let declared = settings.declared_labels();
    if let Some(catalogue) = current(files, store, &place, &fingerprint, &declared) {
        let report = UpdateReport { n_kept: files.len(), ..UpdateReport::default() };
        return Ok((catalogue, report));
    }
    for folder in [store, &store.join("cache").join("texts"), &store.join("cache").join("terms")] {
        fs::create_dir_all(folder).map_err(cannot(folder))?;
    }
    // One process at a time writes; the next one finds the work done.
    let lock_path = store.join("cache").join("lock");
    let lock = fs::File::create(&lock_path).map_err(cannot(&lock_path))?;
    lock.lock().map_err(cannot(&lock_path))?;
    if let Some(catalogue) = current(files, store, &place, &fingerprint, &declared) {
        let report = UpdateReport { n_kept: files.len(), ..UpdateReport::default() };
        return Ok((catalogue, report));
    }
    let old: Catalogue = load(&place).unwrap_or_default();
    // Other labels may make other turns of the same bytes.
    let is_usable = old.declared == declared;
    let remembered: BTreeMap<&str, &Entry> = old
        .entries
        .iter()
        .filter(|_| is_usable)
        .map(|entry| (entry.path.as_str(), entry))
        .collect();

    // Reading, cutting and analysing share nothing between files.
    let n_done = AtomicUsize::new(0);
    let done = || progress(n_done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
    let read: Vec<FileState> = times.run("read", || {
        files
            .par_iter()
            .map(|file| {
                let state =
                    read_file(file, remembered.get(file.path.as_str()).copied(), &place, settings);
                done();
                state
            })
            .collect()
    });
    let mut languages: BTreeMap<Language, usize> = BTreeMap::new();
    for state in &read {
        match state {
            FileState::Fresh(fresh) => {
                *languages.entry(fresh.detected.unwrap_or(Language::English)).or_default() +=
                    usize::from(fresh.detected.is_some());
            }
            FileState::Kept(Entry { content: Content::Transcript(known), .. }) => {
                *languages.entry(known.language).or_default() += 1;
            }
            FileState::Kept(_) => {}
        }
    }
    let most = languages.iter().max_by_key(|(language, n)| (**n, std::cmp::Reverse(**language)));
    let usual = most.filter(|(_, n)| **n > 0).map(|(language, _)| *language);

    let mut next_number = old.next_number;
    let mut removed: Vec<u32> = Vec::new();
    let mut kept_numbers: BTreeSet<u32> = BTreeSet::new();
    let mut jobs: Vec<(u32, FileState)> = Vec::with_capacity(read.len());
    for state in read {
        let number = match &state {
            FileState::Kept(Entry { content: Content::Transcript(known), .. })
                if known.terms_key.ends_with(&fingerprint) =>
            {
                kept_numbers.insert(known.number);
                known.number
            }
            FileState::Kept(Entry { content: Content::Refused(_), .. }) => 0,
            _ => {
                next_number += 1;
                next_number - 1
            }
        };
        jobs.push((number, state));
    }
    for entry in &old.entries {
        if let Content::Transcript(known) = &entry.content
            && !kept_numbers.contains(&known.number)
        {
            removed.push(known.number);
        }
    }
    let mut entries: Vec<(Entry, Option<Analysis>)> = times.run("analyse", || {
        jobs.into_par_iter()
            .map(|(number, state)| finish(number, state, store, settings, usual, &fingerprint))
            .collect::<Result<Vec<_>, StudyError>>()
    })?;

    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let report = UpdateReport {
        n_read: entries.iter().filter(|(_, analysis)| analysis.is_some()).count(),
        n_kept: entries.iter().filter(|(_, analysis)| analysis.is_none()).count(),
        n_removed: old.entries.iter().filter(|entry| !paths.contains(entry.path.as_str())).count(),
        read: entries
            .iter()
            .filter(|(_, a)| a.is_some())
            .map(|(entry, _)| id_of(&entry.path).to_owned())
            .collect(),
    };
    let revision = revision(&entries);
    let index_folder = store.join("index");
    times.run("index", || -> Result<(), StudyError> {
        let (index, is_new) = PassageIndex::open_or_create(&index_folder, &old.revision)?;
        if is_new {
            // Whatever was kept must go in again.
            for (entry, analysis) in &mut entries {
                if let (Content::Transcript(known), None) = (&entry.content, &analysis) {
                    *analysis = load(&terms_path(store, &known.terms_key));
                }
            }
        }
        let added: Vec<IndexedTranscript<'_>> = entries
            .iter()
            .filter_map(|(entry, analysis)| match (&entry.content, analysis) {
                (Content::Transcript(known), Some(analysis)) => {
                    Some(IndexedTranscript { number: known.number, analysis })
                }
                _ => None,
            })
            .collect();
        if is_new || !removed.is_empty() || !added.is_empty() || revision != old.revision {
            index.update(if is_new { &[] } else { &removed }, &added, &revision)?;
        }
        Ok(())
    })?;
    let catalogue = Catalogue {
        revision,
        next_number,
        declared,
        entries: entries.into_iter().map(|(entry, _)| entry).collect(),
    };
    save(&place, &catalogue).map_err(cannot(&place))?;
    sweep(store, &catalogue);
    Ok((catalogue, report))
}

/// The remembered catalogue, if every file is as it was and nothing is missing.
fn current(
    files: &[FoundFile],
    store: &Path,
    place: &Path,
    fingerprint: &str,
    declared: &[String],
) -> Option<Catalogue> {
    let catalogue: Catalogue = load(place)?;
    if catalogue.declared != declared {
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
    let is_current = files.len() == catalogue.entries.len()
        && files.iter().zip(&catalogue.entries).all(same)
        && PassageIndex::open(&store.join("index"), &catalogue.revision).is_some();
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
    Fresh(Box<Fresh>),
}

/// A transcript that was read in this run.
struct Fresh {
    file: FoundFile,
    hash: [u8; 32],
    transcript: Transcript,
    warnings: Vec<Diagnostic>,
    detected: Option<Language>,
    language_reason: String,
}

fn read_file(
    file: &FoundFile,
    remembered: Option<&Entry>,
    place: &Path,
    settings: &Settings,
) -> FileState {
    if let Some(entry) = remembered
        && is_unchanged(file, entry, written_ns(place))
    {
        return FileState::Kept(entry.clone());
    }
    let refuse = |hash: [u8; 32], error: SourceError| {
        let warning = error.diagnostic().of_file(file.path.clone());
        FileState::Kept(Entry {
            path: file.path.clone(),
            n_bytes: file.n_bytes,
            modified_ns: file.modified_ns,
            hash,
            content: Content::Refused(warning),
        })
    };
    let bytes = match file.read() {
        Ok(bytes) => bytes,
        Err(problem) => return refuse([0; 32], SourceError::whole(problem)),
    };
    let hash = *blake3::hash(&bytes).as_bytes();
    if let Some(entry) = remembered
        && entry.hash == hash
    {
        return FileState::Kept(Entry {
            n_bytes: file.n_bytes,
            modified_ns: file.modified_ns,
            ..entry.clone()
        });
    }
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let raw = match sources::read_with(&bytes, name, &settings.declared_labels()) {
        Ok(raw) => raw,
        Err(error) => return refuse(hash, error),
    };
    let of_file = |warning: &Diagnostic| warning.clone().of_file(&file.path);
    let warnings = raw.warnings.iter().map(of_file).collect();
    let transcript = Transcript::new(raw);
    let named = transcript.language.as_deref().and_then(Language::parse);
    let (detected, language_reason) = if let Some(language) = settings.language() {
        (Some(language), "study.toml".to_owned())
    } else if let Some(language) = named {
        (Some(language), "the file says so".to_owned())
    } else {
        let talk: Vec<&str> =
            transcript.turns.iter().map(|turn| turn.span.of(&transcript.text)).collect();
        (Language::detect(&talk.join(" ")), "detected".to_owned())
    };
    FileState::Fresh(Box::new(Fresh {
        file: file.clone(),
        hash,
        transcript,
        warnings,
        detected,
        language_reason,
    }))
}

/// Cuts and analyses what was read, and stores it.
fn finish(
    number: u32,
    state: FileState,
    store: &Path,
    settings: &Settings,
    usual: Option<Language>,
    fingerprint: &str,
) -> Result<(Entry, Option<Analysis>), StudyError> {
    let keep = |path: &Path, error: std::io::Error| StudyError::Store {
        path: path.to_owned(),
        problem: plain(&error),
    };
    let fresh = match state {
        FileState::Fresh(fresh) => *fresh,
        FileState::Kept(mut entry) => {
            if let Content::Transcript(known) = &mut entry.content
                && !known.terms_key.ends_with(fingerprint)
            {
                // The study's words changed, not the text.
                let path = text_path(store, &known.text_key);
                let Some(transcript) = load::<Transcript>(&path) else {
                    let problem =
                        "the remembered text is gone; delete the folder `cache` beside it"
                            .to_owned();
                    return Err(StudyError::Store { path, problem });
                };
                if let Some(language) = settings.language() {
                    (known.language, known.language_reason) = (language, "study.toml".to_owned());
                } else if known.language_reason == "study.toml" {
                    let talk: Vec<&str> = transcript
                        .turns
                        .iter()
                        .map(|turn| turn.span.of(&transcript.text))
                        .collect();
                    known.language =
                        Language::detect(&talk.join(" ")).or(usual).unwrap_or(Language::English);
                    "detected".clone_into(&mut known.language_reason);
                }
                known.number = number;
                known.terms_key =
                    format!("{}-{}{fingerprint}", known.text_key, known.language.code());
                let analyzer = Analyzer::new(known.language, &settings.analyzer());
                let analysis = analyze(&transcript, &known.passages, &analyzer);
                let path = terms_path(store, &known.terms_key);
                save(&path, &analysis).map_err(|error| keep(&path, error))?;
                return Ok((entry, Some(analysis)));
            }
            return Ok((entry, None));
        }
    };
    let Fresh { file, hash, transcript, mut warnings, detected, mut language_reason } = fresh;
    let language = detected.or(usual).unwrap_or(Language::English);
    if detected.is_none() {
        let reason =
            if usual.is_some() { "as most transcripts here" } else { "not told by the talk" };
        reason.clone_into(&mut language_reason);
        if usual.is_none() {
            warnings.push(
                Diagnostic::new("the language cannot be told; English is assumed")
                    .in_file(file.path.clone(), None)
                    .with(Remedy::new("set `language` in study.toml")),
            );
        }
    }
    let text_key = text_key(hash, &settings.declared_labels());
    let passages = passages::cut(&transcript);
    let analyzer = Analyzer::new(language, &settings.analyzer());
    let analysis = analyze(&transcript, &passages, &analyzer);
    let terms_key = format!("{text_key}-{}{fingerprint}", language.code());
    let path = text_path(store, &text_key);
    save(&path, &transcript).map_err(|error| keep(&path, error))?;
    let path = terms_path(store, &terms_key);
    save(&path, &analysis).map_err(|error| keep(&path, error))?;
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let known = Known {
        number,
        id: id_of(&file.path).to_owned(),
        layout: transcript.layout.clone(),
        n_turns: narrow(transcript.turns.len()),
        n_words: narrow(transcript.n_words()),
        duration_ms: transcript.duration_ms(),
        speakers: transcript.speakers.clone(),
        language,
        language_reason,
        passages,
        warnings,
        attributes: transcript.attributes.clone(),
        text_key,
        terms_key,
    };
    let entry = Entry {
        path: file.path,
        n_bytes: file.n_bytes,
        modified_ns: file.modified_ns,
        hash,
        content: Content::Transcript(Box::new(known)),
    };
    Ok((entry, Some(analysis)))
}

/// The name under which a text is kept: what it was made from.
fn text_key(hash: [u8; 32], declared: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&hash);
    for label in declared {
        hasher.update(label.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

pub(super) fn text_path(store: &Path, key: &str) -> PathBuf {
    store.join("cache").join("texts").join(key)
}

pub(super) fn terms_path(store: &Path, key: &str) -> PathBuf {
    store.join("cache").join("terms").join(key)
}

/// What the words of a transcript depend on beside its text: the end of the
/// name under which they are kept.
fn fingerprint(settings: &Settings) -> String {
    let params = (settings.analyzer(), settings.language().map(Language::code), Analyzer::lists());
    let bytes = postcard::to_stdvec(&params).unwrap_or_default();
    format!(".{}", &blake3::hash(&bytes).to_hex()[..16])
}

/// Changes whenever the index must.
fn revision(entries: &[(Entry, Option<Analysis>)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (entry, _) in entries {
        if let Content::Transcript(known) = &entry.content {
            hasher.update(&known.number.to_le_bytes());
            hasher.update(known.terms_key.as_bytes());
            hasher.update(known.id.as_bytes());
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Deletes what no transcript needs any more.
fn sweep(store: &Path, catalogue: &Catalogue) {
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for entry in &catalogue.entries {
        if let Content::Transcript(known) = &entry.content {
            needed.extend([known.text_key.as_str(), known.terms_key.as_str()]);
        }
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
