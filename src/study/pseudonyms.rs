//! Pseudonyms of a study: where the key is kept, what is shown, what leaks.
//!
//! The façade's answers hold names, since decisions, anchors and other answers
//! are made of them; [`Snapshot::shown`] is the door through which every answer goes
//! before anybody sees it.
//!
//! The key is `pseudonyms.csv` in the store (`.leitmotif`), beside what is
//! derived and apart from the transcripts, or the file that study.toml names. It
//! is never exported and never read as a transcript.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::own_files::read_own;
use super::{STORE, Settings, Snapshot, StudyError};
use crate::answers::{HideNames, KeyAnswer, KeyRow, Leak, ScanAnswer, Unshown};
use crate::base::files::{self, FileStamp, Lasting, stamp_of};
use crate::base::{Diagnostic, Remedy, Span};
use crate::codebook::standing::words_in;
use crate::corpus::Corpus;
use crate::corpus::scanning::Scanning;
use crate::exchange::Bundle;
use crate::exchange::hiding::with_pseudonyms;
use crate::files::decode_text;
use crate::files::find::plain;
use crate::pseudonyms::identifying::folded;
use crate::pseudonyms::{PseudonymEntry, PseudonymList, Pseudonyms, Rule};
use crate::transcripts::Transcript;

/// The name of the key's file.
pub const KEY_FILE: &str = "pseudonyms.csv";

/// The key of a study, and what follows from it.
#[derive(Clone, Default)]
pub(crate) struct Key {
    pub(crate) file: PathBuf,
    /// What the file was like before it was read.
    stamp: Option<FileStamp>,
    pub(crate) list: PseudonymList,
    pseudonyms: Arc<Pseudonyms>,
    shows_originals: bool,
}

impl Key {
    /// Reads the key.
    pub(crate) fn read(
        root: &Path,
        store: &Path,
        settings: &Settings,
        corpus: &Arc<Corpus>,
    ) -> Result<Self, StudyError> {
        let (file, is_named) = file_of(root, store, settings);
        let stamp = stamp_of(&file);
        let list = read_list(&file, is_named)?;
        let pseudonyms = Arc::new(ready(&list, corpus));
        Ok(Self { file, stamp, list, pseudonyms, shows_originals: false })
    }

    /// Whether the file is another one than was read.
    pub(crate) fn is_behind(&self) -> bool {
        stamp_of(&self.file) != self.stamp
    }

    /// The key as its file is now; names that were hidden are not shown because it is gone.
    pub(crate) fn again(&self, corpus: &Arc<Corpus>) -> Result<Self, StudyError> {
        let stamp = stamp_of(&self.file);
        let list = read_list(&self.file, !self.is_empty())?;
        let pseudonyms = Arc::new(ready(&list, corpus));
        Ok(Self { file: self.file.clone(), stamp, list, pseudonyms, ..*self })
    }
}

/// The file of the key of a study, and whether study.toml names it.
fn file_of(root: &Path, store: &Path, settings: &Settings) -> (PathBuf, bool) {
    let named = settings.pseudonyms.as_ref().map(|path| root.join(path));
    let is_named = named.is_some();
    (named.unwrap_or_else(|| store.join(KEY_FILE)), is_named)
}

/// The names on the key of a study.
fn list_of(root: &Path, store: &Path, settings: &Settings) -> Result<PseudonymList, StudyError> {
    let (file, is_named) = file_of(root, store, settings);
    read_list(&file, is_named)
}

/// The names in the file of a key; none where there is no file, if it need not be there.
fn read_list(file: &Path, is_needed: bool) -> Result<PseudonymList, StudyError> {
    let unreadable =
        |problem: String| StudyError::Unreadable { path: file.display().to_string(), problem };
    match files::read_file(file) {
        Ok(bytes) => {
            let text = decode_text(&bytes).map_err(|e| unreadable(e.to_string()))?;
            Ok(PseudonymList::parse(&text)?)
        }
        // A key that is named and missing must not let names be shown.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_needed => {
            Err(StudyError::NoKey { file: file.to_owned() })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(PseudonymList::default()),
        Err(error) => Err(unreadable(plain(&error))),
    }
}

/// Whether a study has a key with names on it, or one that cannot be read.
pub fn has_key(root: &Path) -> bool {
    let settings = read_own(root, "study.toml")
        .and_then(|text| Ok(Settings::parse(&text.unwrap_or_default())?));
    let list = settings.and_then(|settings| list_of(root, &root.join(STORE), &settings));
    !list.is_ok_and(|list| list.entries.is_empty())
}

/// The pseudonyms of a study that cannot be opened, so that why not is told without names;
/// `None` if there is no name on its key, or if the key cannot be read either.
pub fn pseudonyms_of_unopened(root: &Path, store: Option<&Path>) -> Option<Arc<Pseudonyms>> {
    let text = read_own(root, "study.toml").ok().flatten().unwrap_or_default();
    let settings = Settings::parse(&text).unwrap_or_default();
    let list = list_of(root, &store.unwrap_or(root).join(STORE), &settings).ok()?;
    let pseudonyms = Pseudonyms::new(&list, &[]);
    (!pseudonyms.is_empty()).then(|| Arc::new(pseudonyms))
}

impl Key {
    /// Whether no name is on it.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.entries.is_empty()
    }

    /// The same key, with names shown as they are.
    pub(crate) fn showing_originals(&self) -> Self {
        Self { shows_originals: true, ..self.clone() }
    }

    /// The same key, with names shown or hidden as with another one.
    pub(crate) fn shown_as(&self, other: &Self) -> Self {
        Self { shows_originals: other.shows_originals, ..self.clone() }
    }

    /// The key with other names on it, once they are written: whoever reads meanwhile
    /// sees the old ones or the new ones.
    pub(crate) fn with_names(
        &self,
        list: PseudonymList,
        corpus: &Arc<Corpus>,
    ) -> Result<Self, StudyError> {
        let file = &self.file;
        let cannot = |error: std::io::Error| StudyError::Store {
            path: file.clone(),
            problem: plain(&error),
        };
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        files::write_whole(file, list.write().as_bytes(), Lasting::Synced).map_err(cannot)?;
        let pseudonyms = Arc::new(ready(&list, corpus));
        let stamp = stamp_of(file);
        Ok(Self { file: file.clone(), stamp, list, pseudonyms, ..*self })
    }
}

/// The names, ready to be found in what is said in the study. A file whose name holds a word of
/// a name is hidden as that name is: its name is one more.
fn ready(list: &PseudonymList, corpus: &Arc<Corpus>) -> Pseudonyms {
    let listed = with_talk(list, corpus);
    let ids = corpus.transcripts.iter().map(|known| known.id.as_str());
    let parts: BTreeSet<&str> =
        ids.chain(corpus.copies().map(String::as_str)).flat_map(|id| id.split('/')).collect();
    let entry = |part: &str| {
        let pseudonym = listed.shown_term(part);
        (pseudonym != listed.apply(part)).then(|| PseudonymEntry {
            name: part.to_owned(),
            pseudonym: pseudonym.into_owned(),
            rule: Rule::AnyCase,
        })
    };
    let of_files: Vec<PseudonymEntry> = parts.into_iter().filter_map(entry).collect();
    if of_files.is_empty() {
        return listed;
    }
    let mut list = list.clone();
    list.entries.extend(of_files);
    with_talk(&list, corpus)
}

/// The names on a list, with what is said beside them.
fn with_talk(list: &PseudonymList, corpus: &Arc<Corpus>) -> Pseudonyms {
    let texts = Arc::clone(corpus);
    Pseudonyms::new(list, &corpus.languages()).with_talk(Box::new(move |read| {
        for t in 0..texts.transcripts.len() {
            // A text that is gone shows no word that would have to stay.
            if let Ok(transcript) = texts.text(t) {
                read(&transcript.text);
            }
        }
    }))
}

impl Snapshot {
    /// The pseudonyms of the study; none if originals are shown.
    pub fn pseudonyms(&self) -> Option<&Arc<Pseudonyms>> {
        let is_used = !self.key.shows_originals && !self.key.pseudonyms.is_empty();
        is_used.then_some(&self.key.pseudonyms)
    }

    /// An answer as it is shown: with pseudonyms.
    pub fn shown<T: HideNames>(&self, answer: Unshown<T>) -> T {
        answer.shown(self.pseudonyms().map(Arc::as_ref))
    }

    /// An answer with pseudonyms, if they are shown: for what is made of shown texts.
    pub(crate) fn hidden<T: HideNames>(&self, answer: T) -> T {
        self.shown(Unshown::new(answer))
    }

    /// A text as it is shown: with pseudonyms.
    pub fn shown_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.pseudonyms().map_or(Cow::Borrowed(text), |pseudonyms| pseudonyms.apply(text))
    }

    /// All pseudonyms, whatever is shown: what people may type.
    pub(crate) fn every_pseudonym(&self) -> &Pseudonyms {
        &self.key.pseudonyms
    }

    /// Where words stand in lines of a transcript that are written there as they are
    /// shown, with pseudonyms; `None` unless once.
    pub(crate) fn shown_words(
        &self,
        transcript: &Transcript,
        lines: Span,
        words: &str,
    ) -> Option<Span> {
        let original = lines.of(&transcript.text);
        let shown = self.pseudonyms()?.show(original);
        let [(from, to)] = words_in(&shown.text, words)[..] else { return None };
        let n_chars = |at: usize| shown.text[..at].chars().count();
        let [start, end] = shown.original([n_chars(from), n_chars(to)]);
        let byte = |n: usize| original.char_indices().nth(n).map_or(original.len(), |(at, _)| at);
        let from = lines.start as usize;
        Some(Span::new(from + byte(start), from + byte(end)))
    }

    /// Transcripts that pseudonyms leave with one id: quotes could not be told apart.
    pub fn same_when_shown(&self) -> Unshown<Vec<Diagnostic>> {
        let mut by_shown: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for known in &self.corpus.transcripts {
            by_shown.entry(self.shown_text(&known.id).into_owned()).or_default().push(&known.id);
        }
        Unshown::new(
            by_shown
                .into_iter()
                .filter(|(_, ids)| ids.len() > 1)
                .map(|(shown, ids)| {
                    Diagnostic::new(format!("{} transcripts are shown as `{shown}`", ids.len()))
                        .with(Remedy::new("give their names different pseudonyms"))
                })
                .collect(),
        )
    }

    /// A key where nobody reads it: names would be shown that people think hidden.
    pub(crate) fn key_out_of_place(&self) -> Option<Diagnostic> {
        let other = self.folder.root.join(KEY_FILE);
        (other.is_file() && self.key.file != other).then(|| {
            Diagnostic::new("there is a key of names in a place where it is not used")
                .in_file(KEY_FILE, None)
                .with(Remedy::new(format!(
                    "move it to `{}`, or write `pseudonyms = \"{KEY_FILE}\"` into study.toml",
                    self.folder.store.join(KEY_FILE).display()
                )))
        })
    }

    /// In how many places a name on the key stands in the talk.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn n_places(&self, name: &str) -> Result<usize, StudyError> {
        Ok(self.count_names()?.remove(name).unwrap_or(0))
    }

    /// The entry of the key for a name, however it is spelt.
    pub fn key_entry(&self, name: &str) -> Option<&PseudonymEntry> {
        let wanted = folded(name.trim());
        self.key.list.entries.iter().find(|entry| folded(&entry.name) == wanted)
    }

    /// How often a name is taken to stand in the talk in small letters.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn n_small(&self, name: &str) -> Result<usize, StudyError> {
        let entry = PseudonymEntry {
            name: name.to_owned(),
            pseudonym: "[ ]x".to_owned(),
            rule: Rule::AnyCase,
        };
        let list = PseudonymList { entries: vec![entry] };
        let alone = Pseudonyms::new(&list, &self.corpus.languages());
        let mut n_small = 0;
        for t in 0..self.corpus.transcripts.len() {
            let text = &self.corpus.text(t)?.text;
            let is_small = |found: &crate::pseudonyms::FoundName| {
                !text[found.at.clone()].contains(char::is_uppercase)
            };
            n_small += alone.find(text).iter().filter(|found| is_small(found)).count();
        }
        Ok(n_small)
    }

    /// The key, with how often each name is said. It is for those who keep it: names
    /// are shown in it.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn key(&self) -> Result<KeyAnswer, StudyError> {
        let counts = self.count_names()?;
        let row = |entry: &PseudonymEntry| {
            KeyRow::new(entry, counts.get(&entry.name).copied().unwrap_or(0))
        };
        Ok(KeyAnswer {
            file: self.key.file.display().to_string(),
            names: self.key.list.entries.iter().map(row).collect(),
        })
    }

    fn count_names(&self) -> Result<BTreeMap<String, usize>, StudyError> {
        let mut counts = BTreeMap::new();
        for t in 0..self.corpus.transcripts.len() {
            let text = &self.corpus.text(t)?.text;
            for found in self.key.pseudonyms.find(text) {
                *counts.entry(self.key.pseudonyms.name_of(&found).to_owned()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    /// What in the transcripts may give somebody away and is not on the key; with
    /// `leaks`, what is left of it in what is shown.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn scan(&self, leaks: bool) -> Result<ScanAnswer, StudyError> {
        Ok(self.scanning().scan(leaks)?)
    }

    /// What in a text that is to be shared may give somebody away: names on the
    /// key, words near them, proposals of [`scan`](Self::scan), addresses,
    /// numbers, dates. Lines count in the text.
    ///
    /// # Errors
    /// [`StudyError`] if remembered data are gone.
    pub fn leaks(&self, text: &str) -> Result<Vec<Leak>, StudyError> {
        Ok(self.scanning().leaks(text)?)
    }

    fn scanning(&self) -> Scanning<'_> {
        Scanning::new(&self.corpus, &self.key.list, &self.key.pseudonyms)
    }

    /// What goes to another tool, as it is shown.
    pub(crate) fn shown_bundle(&self, bundle: Bundle) -> Bundle {
        match self.pseudonyms() {
            Some(pseudonyms) => with_pseudonyms(bundle, pseudonyms),
            None => bundle,
        }
    }

    /// A transcript as it is shown.
    pub(crate) fn shown_transcript(&self, t: usize) -> Result<Arc<Transcript>, StudyError> {
        let transcript = self.corpus.text(t)?;
        Ok(match self.pseudonyms() {
            Some(pseudonyms) => Arc::new(pseudonyms.shown_transcript(&transcript, &mut [])),
            None => transcript,
        })
    }

    /// The same of a text that is none of the study's transcripts.
    pub(crate) fn shown_text_of(&self, transcript: Transcript) -> Transcript {
        match self.pseudonyms() {
            Some(pseudonyms) => pseudonyms.shown_transcript(&transcript, &mut []),
            None => transcript,
        }
    }
}
