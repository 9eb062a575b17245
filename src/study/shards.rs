//! The index of a study that many machines have read: searched on one, without the study.
//!
//! Each machine writes shards, each of other transcripts ([`ShardWriter`]); one of them says
//! then what holds for all ([`Archive`]). [`Snapshot::of_index`] opens the whole as a study
//! that can be searched, so that ranking, hits and fields are those of any study.
//!
//! # Files
//!
//! | Path | Holds |
//! | --- | --- |
//! | `archive` | [`Archive`]; nothing as long as shards are being written |
//! | `shards/NAME/words/` | the index of some transcripts ([`PassageIndex`]) |
//! | `shards/NAME/passages` | their passages, with their themes |
//! | `cache/` | texts, words and themes, as in the store of a study |
//!
//! A shard is named after what it holds and takes its name when it is whole, so that it does
//! not matter whether a lost machine's work is done again, or twice at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::derived::Derived;
use super::key::Key;
use super::open::Cached;
use super::own_files::read_own;
use super::remembered::{LastThemes, who_is_who};
use super::snapshot::Folder;
use super::update::{sweep, terms_path, text_path};
use super::{STORE, Settings, Snapshot, StudyError, WhoIsWho};
use crate::corpus::{Corpus, CorpusError};
use crate::ingest::Known;
use crate::passages::Passage;
use crate::search::finder::{KnownThemes, Searcher};
use crate::search::index::{Held, PassageIndex};
use crate::store::cache::{InUse, is_stored, load, save};
use crate::terms::Analysis;
use crate::transcripts::Transcript;

const ARCHIVE: &str = "archive";
const SHARDS: &str = "shards";
/// How long the name of a shard is.
const NAME: usize = 32;

/// What holds for all shards of an index.
#[derive(Serialize, Deserialize)]
pub struct Archive {
    /// The text of `study.toml`.
    pub settings: String,
    /// Whether the study has a key of names, which are then not shown without it.
    pub hides_names: bool,
    /// The transcripts without their passages, in natural order of their ids; the number of
    /// each in the index is its place.
    pub transcripts: Vec<Known>,
    /// Who speaks in them.
    pub who: WhoIsWho,
    /// The number and the label of each theme.
    pub labels: Vec<(u32, String)>,
    /// The names of the shards.
    pub shards: Vec<String>,
}

/// What a shard holds of a transcript beside its words.
#[derive(Serialize, Deserialize)]
struct Spoken {
    number: u32,
    passages: Vec<Passage>,
    /// By passage, the themes that it is evidence of.
    themes: Vec<Vec<u32>>,
}

/// Writes a shard.
pub struct ShardWriter {
    folder: PathBuf,
    held: Held,
    spoken: Vec<Spoken>,
}

impl ShardWriter {
    /// A shard of the index in `folder`.
    ///
    /// # Errors
    /// [`StudyError::Store`] if nothing can be written there.
    pub fn new(folder: &Path) -> Result<Self, StudyError> {
        for part in [SHARDS, "cache/texts", "cache/terms"] {
            let part = folder.join(part);
            fs::create_dir_all(&part).map_err(StudyError::cannot_write(&part))?;
        }
        Ok(Self { folder: folder.to_owned(), held: Held::new(), spoken: Vec::new() })
    }

    /// Adds a transcript: its place among all, its text and its words, and by passage the
    /// themes that it is evidence of.
    ///
    /// # Errors
    /// [`StudyError::Store`] if it cannot be written.
    pub fn add(
        &mut self,
        number: u32,
        known: &Known,
        (passages, themes): (Vec<Passage>, Vec<Vec<u32>>),
        text: &Transcript,
        words: &Analysis,
    ) -> Result<(), StudyError> {
        let path = text_path(&self.folder, &known.text_key);
        save(&path, text).map_err(StudyError::cannot_write(&path))?;
        let path = terms_path(&self.folder, &known.terms_key);
        save(&path, words).map_err(StudyError::cannot_write(&path))?;
        self.held.insert(number, known.terms_key.clone());
        self.spoken.push(Spoken { number, passages, themes });
        Ok(())
    }

    /// Ends it; its name. `attempt` is a word that nobody else writes a shard under.
    ///
    /// # Errors
    /// [`StudyError`] if it cannot be written.
    pub fn finish(mut self, attempt: &str) -> Result<String, StudyError> {
        self.spoken.sort_by_key(|one| one.number);
        let content = postcard::to_stdvec(&(&self.held, &self.spoken));
        let content = content.expect("places and numbers can be written");
        let name = blake3::hash(&content).to_hex()[..NAME].to_owned();
        let place = self.folder.join(SHARDS).join(&name);
        let half = self.folder.join(SHARDS).join(format!("{name}.{attempt}"));
        let mut words = |number: u32| -> Result<Analysis, StudyError> {
            let key = &self.held[&number];
            let gone = || CorpusError::TextGone { id: key.clone() };
            Ok(load(&terms_path(&self.folder, key)).ok_or_else(gone)?)
        };
        PassageIndex::bring_up_to_date(&half.join("words"), &self.held, &mut words)?;
        save(&half.join("passages"), &self.spoken).map_err(StudyError::cannot_write(&half))?;
        if fs::rename(&half, &place).is_ok() {
            return Ok(name);
        }
        // Somebody was faster, with the same; unless it was damaged since.
        if self.is_sound(&place) {
            fs::remove_dir_all(&half).map_err(StudyError::cannot_write(&half))?;
        } else {
            fs::remove_dir_all(&place).map_err(StudyError::cannot_write(&place))?;
            fs::rename(&half, &place).map_err(StudyError::cannot_write(&place))?;
        }
        Ok(name)
    }

    /// Whether there is a shard at a place that holds the same and can be opened.
    fn is_sound(&self, place: &Path) -> bool {
        let spoken: Option<Vec<Spoken>> = load(&place.join("passages"));
        spoken.is_some() && PassageIndex::open(&place.join("words"), &self.held).is_some()
    }
}

impl Archive {
    /// Makes ready for shards in a folder: a new or empty one, or one that holds an index.
    ///
    /// # Errors
    /// [`StudyError::NoIndex`] if it holds anything else; [`StudyError::Store`] if it cannot be
    /// written to.
    pub fn begin(folder: &Path) -> Result<(), StudyError> {
        fs::create_dir_all(folder).map_err(StudyError::cannot_write(folder))?;
        let place = folder.join(ARCHIVE);
        // What the system keeps for itself in a folder is nothing of anybody's.
        let mut files = fs::read_dir(folder).map_err(StudyError::cannot_write(folder))?.flatten();
        let is_empty = files.all(|file| file.file_name().to_string_lossy().starts_with('.'));
        if !is_empty && !is_stored(&place) {
            let problem = "it holds files of something else";
            return Err(StudyError::NoIndex { folder: folder.to_owned(), problem });
        }
        save(&place, &None::<Self>).map_err(StudyError::cannot_write(&place))
    }

    /// Ends the index in a folder once all shards are written, and deletes what is left there
    /// of an earlier one.
    ///
    /// # Errors
    /// [`StudyError::NoIndex`] if a shard is not there; [`StudyError::Store`] if it cannot be
    /// written.
    pub fn end(self, folder: &Path) -> Result<(), StudyError> {
        let mut transcripts = self.transcripts.clone();
        let (_, themes_of) = self.open_shards(folder, &mut transcripts)?;
        let labels = self.labels.clone();
        let themes = KnownThemes { themes_of, labels, codes: Vec::new() };
        let who = who_is_who(&self.who.roles, &self.who.cases);
        let last = LastThemes { revision: self.revision(), who, themes };
        let place = folder.join("cache").join("themes");
        save(&place, &last).map_err(StudyError::cannot_write(&place))?;
        let place = folder.join(ARCHIVE);
        save(&place, &Some(&self)).map_err(StudyError::cannot_write(&place))?;
        for found in fs::read_dir(folder.join(SHARDS)).into_iter().flatten().flatten() {
            let name = found.file_name().to_string_lossy().into_owned();
            if is_shard(&name) && !self.shards.contains(&name) {
                // What stays costs space and nothing else.
                fs::remove_dir_all(found.path()).ok();
            }
        }
        sweep(folder, &self.transcripts);
        Ok(())
    }

    fn revision(&self) -> String {
        blake3::hash(self.shards.join(" ").as_bytes()).to_hex()[..32].to_owned()
    }

    /// Opens all shards: gives the transcripts their passages; the index, and by passage of
    /// all the themes that it is evidence of.
    fn open_shards(
        &self,
        folder: &Path,
        transcripts: &mut [Known],
    ) -> Result<(PassageIndex, Vec<Vec<u32>>), StudyError> {
        let lost = || StudyError::NoIndex {
            folder: folder.to_owned(),
            problem: "a shard of it is missing or damaged",
        };
        let mut themes = vec![None; transcripts.len()];
        let mut parts = Vec::with_capacity(self.shards.len());
        for name in &self.shards {
            let shard = folder.join(SHARDS).join(name);
            let spoken: Vec<Spoken> = load(&shard.join("passages")).ok_or_else(lost)?;
            let mut held = Held::new();
            for Spoken { number, passages, themes: of } in spoken {
                let known = transcripts.get_mut(number as usize).ok_or_else(lost)?;
                held.insert(number, known.terms_key.clone());
                (known.number, known.passages) = (number, passages);
                themes[number as usize] = Some(of);
            }
            parts.push(PassageIndex::open(&shard.join("words"), &held).ok_or_else(lost)?);
        }
        let themes: Option<Vec<Vec<_>>> = themes.into_iter().collect();
        let themes_of = themes.ok_or_else(lost)?.into_iter().flatten().collect();
        Ok((PassageIndex::of_parts(parts), themes_of))
    }
}

/// Whether a folder has the name of a shard, or of an attempt at one.
fn is_shard(folder: &str) -> bool {
    let name = folder.split('.').next().unwrap_or_default();
    name.len() == NAME && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Snapshot {
    /// Opens an index that many machines have written as a study that can be searched. If its
    /// names are on a key, that of the study in `key_in` hides them: its folder, and the one
    /// in which its store is; without `key_in` names are shown.
    ///
    /// # Errors
    /// [`StudyError::NoIndex`] if there is none that is whole and of this version;
    /// [`StudyError::NamesHidden`] if its names are on a key, and there is none.
    pub fn of_index(
        folder: &Path,
        key_in: Option<(&Path, Option<&Path>)>,
    ) -> Result<Self, StudyError> {
        let no_index = |problem| StudyError::NoIndex { folder: folder.to_owned(), problem };
        // Held before it is read, so that nothing of it is deleted meanwhile.
        let in_use = InUse::hold(folder);
        let archive: Option<Option<Archive>> = load(&folder.join(ARCHIVE));
        let archive = archive.ok_or_else(|| no_index("this version has written none there"))?;
        let archive = archive.ok_or_else(|| no_index("it was not finished"))?;
        let mut transcripts = archive.transcripts.clone();
        let (index, _) = archive.open_shards(folder, &mut transcripts)?;
        let revision = archive.revision().into();
        let settings = Settings::parse(&archive.settings)?;
        let WhoIsWho { people, roles, cases } = archive.who;
        let store = folder.to_owned();
        let cached = Box::new(Cached { store: store.clone() });
        let corpus = Corpus::new(transcripts, people, roles, cases, settings.analyzer(), cached);
        let corpus = Arc::new(corpus);
        let key = match key_in.filter(|_| archive.hides_names) {
            Some((root, store)) => {
                let settings = Settings::parse(&read_own(root, "study.toml")?.unwrap_or_default())?;
                let store = store.unwrap_or(root).join(STORE);
                let key = Key::read(root, &store, &settings, &corpus)?;
                if key.is_empty() {
                    return Err(StudyError::NamesHidden);
                }
                key
            }
            None => Key::default(),
        };
        let derived = Derived::default();
        derived.searching.set(Searcher::new(&index, &corpus)?).ok();
        Ok(Self {
            folder: Arc::new(Folder { root: store.clone(), store, in_use }),
            settings: Arc::new(settings),
            modified_ns: vec![0; corpus.transcripts.len()].into(),
            corpus,
            not_transcripts: Arc::default(),
            key: Arc::new(key),
            revision,
            derived: Arc::new(derived),
            history: Arc::default(),
            found: Arc::default(),
        })
    }
}
