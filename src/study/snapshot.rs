//! Everything that is true of a study at one moment.
//!
//! A [`Snapshot`] never changes: what people decide makes another one. All questions
//! are methods on it, one file each. It is cheap to clone and may be asked from any
//! thread; what questions work out is kept for the next ones, and nothing that only
//! asks writes a file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::derived::Derived;
use super::key::Key;
use super::{Settings, StudyError};
use crate::answers::Unshown;
use crate::base::{Diagnostic, Remedy, Task};
use crate::codebook::history::History;
use crate::corpus::Corpus;
use crate::search::finder::Searcher;
use crate::store::cache::InUse;
use crate::transcripts::stem_of;

/// A study at one moment.
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) folder: Arc<Folder>,
    /// What `study.toml` says.
    pub settings: Arc<Settings>,
    /// The transcripts, with who speaks in them.
    pub corpus: Arc<Corpus>,
    /// Files that are no transcripts by their names, and copies of others, with the reason.
    pub not_transcripts: Arc<[(String, String)]>,
    /// The key of pseudonyms.
    pub(crate) key: Arc<Key>,
    /// Stands for the texts and their words.
    pub(crate) revision: Arc<str>,
    /// When each transcript's file was last changed, in nanoseconds since 1970.
    pub(crate) modified_ns: Arc<[i128]>,
    /// What follows from the texts alone; it outlives decisions.
    pub(crate) derived: Arc<Derived>,
    /// What people decided, once it has been asked for.
    pub(crate) history: Arc<OnceLock<History>>,
    /// What could not be used when the files were read.
    pub(crate) found: Arc<[Diagnostic]>,
}

/// Where a study is.
pub(crate) struct Folder {
    /// The folder of the transcripts.
    pub(crate) root: PathBuf,
    /// The folder of derived data and decisions.
    pub(crate) store: PathBuf,
    /// Keeps texts and words on the disk that this study may still need.
    pub(crate) in_use: Option<InUse>,
}

impl Snapshot {
    /// Where the study's files are.
    pub fn root(&self) -> &Path {
        &self.folder.root
    }

    /// What could not be used when the files were read, and what cannot be told apart
    /// when it is shown.
    pub fn found(&self) -> Vec<Diagnostic> {
        let mut found = self.shown(Unshown::new(self.found.to_vec()));
        found.extend(self.shown(self.same_when_shown()));
        found
    }

    /// Whether two snapshots hold the same reading of the same files.
    pub fn reads_the_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.corpus, &other.corpus)
    }

    /// How long the stages took that were run for this snapshot and those before it
    /// with the same texts.
    pub fn times(&self) -> Vec<(&'static str, Duration)> {
        self.derived.times.so_far()
    }

    /// The place of the transcript with this id, or with this file name if
    /// only one has it.
    ///
    /// # Errors
    /// [`StudyError::UnknownTranscript`] with the nearest known id; [`StudyError::Copy`] if it
    /// is left out for another whose lines are others.
    pub fn transcript_named(&self, id: &str) -> Result<usize, StudyError> {
        let found = self.corpus.named(id, self.every_pseudonym());
        if let Some(t) = found
            && self.corpus.is_copy_with_other_lines(id)
        {
            let of = self.hidden(self.corpus.transcripts[t].id.clone());
            return Err(StudyError::Copy { id: id.to_owned(), of });
        }
        found.ok_or_else(|| {
            let ids = self.corpus.transcripts.iter().flat_map(|t| [t.id.as_str(), stem_of(&t.id)]);
            let list = || Remedy::by(Task::ListTranscripts, "see which there are");
            StudyError::UnknownTranscript {
                id: id.to_owned(),
                remedy: Remedy::nearest(id, ids, list),
            }
        })
    }

    /// Opens the index for reading, once.
    pub(crate) fn searching(&self) -> Result<&Searcher, StudyError> {
        if let Some(searching) = self.derived.searching.get() {
            return Ok(searching);
        }
        let index = self.open_index(&|_, _| {})?.value;
        let searching = Searcher::new(&index, &self.corpus)?;
        Ok(self.derived.searching.get_or_init(|| searching))
    }
}
