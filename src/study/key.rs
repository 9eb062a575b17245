//! The key of names of a study: where it is kept, how it is read and written.
//!
//! It is `pseudonyms.csv` in the store (`.leitmotif`), beside what is derived and apart from
//! the transcripts, or the file that study.toml names. It is never exported and never read as
//! a transcript.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::own_files::read_own;
use super::{STORE, Settings, StudyError};
use crate::base::files::{self, FileStamp, Lasting, stamp_of};
use crate::corpus::Corpus;
use crate::files::decode_text;
use crate::files::find::plain;
use crate::pseudonyms::{PseudonymEntry, PseudonymList, Pseudonyms, Rule};

/// The name of the key's file.
pub(super) const KEY_FILE: &str = "pseudonyms.csv";

/// The key of a study, and what follows from it.
#[derive(Clone, Default)]
pub(crate) struct Key {
    pub(crate) file: PathBuf,
    /// What the file was like before it was read.
    stamp: Option<FileStamp>,
    pub(crate) list: PseudonymList,
    pub(super) pseudonyms: Arc<Pseudonyms>,
    pub(super) shows_originals: bool,
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
        let cannot = StudyError::cannot_write(file);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(&cannot)?;
        }
        files::write_whole(file, list.write().as_bytes(), Lasting::Synced).map_err(cannot)?;
        let pseudonyms = Arc::new(ready(&list, corpus));
        let stamp = stamp_of(file);
        Ok(Self { file: file.clone(), stamp, list, pseudonyms, ..*self })
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
