//! Everything that is true of a study at one moment.
//!
//! A [`Snapshot`] never changes: what people decide makes another one. All questions
//! are methods on it, one file each. It is cheap to clone and may be asked from any
//! thread; what questions work out is kept for the next ones, and nothing that only
//! asks writes a file.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::features::{StudySpace, StudyTerms};
use super::groundwork::Remembered;
use super::pseudonyms::Key;
use super::search;
use super::{Settings, StudyError};
use crate::base::{Remedy, Task};
use crate::codebook::history::History;
use crate::corpus::Corpus;
use crate::ingest::Known;
use crate::search::index::IndexReader;
use crate::search::naming::Names;
use crate::sources;
use crate::store::cache::InUse;
use crate::terms::{Analyzer, Language};
use crate::transcripts::roles::Role;

/// A study at one moment.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) folder: Arc<Folder>,
    /// What `study.toml` says.
    pub settings: Arc<Settings>,
    /// The transcripts, with who speaks in them.
    pub corpus: Arc<Corpus>,
    /// Files that are no transcripts by their names, with the reason.
    pub not_transcripts: Arc<[(String, &'static str)]>,
    /// The key of pseudonyms.
    pub(super) key: Arc<Key>,
    /// Stands for the texts and their words.
    pub(super) revision: Arc<str>,
    /// When each transcript's file was last changed, in nanoseconds since 1970.
    pub(super) modified_ns: Arc<[i128]>,
    /// What follows from the texts alone; it outlives decisions.
    pub(super) derived: Arc<Derived>,
    /// What people decided, once it has been asked for.
    pub(super) history: Arc<OnceLock<History>>,
}

/// Where a study is.
pub(super) struct Folder {
    /// The folder of the transcripts.
    pub(super) root: PathBuf,
    /// The folder of derived data and decisions.
    pub(super) store: PathBuf,
    /// Keeps texts and words on the disk that this study may still need.
    pub(super) in_use: Option<InUse>,
}

/// What is worked out of the texts, each once.
#[derive(Default)]
pub(super) struct Derived {
    pub(super) times: StageTimes,
    pub(super) terms: OnceLock<Arc<StudyTerms>>,
    pub(super) space: OnceLock<Arc<StudySpace>>,
    /// What suggestions rest on.
    pub(super) groundworks: Remembered,
    /// The labels of all speakers.
    pub(super) names: OnceLock<Names>,
    /// What every search needs.
    pub(super) searching: OnceLock<Searching>,
}

/// How long each stage took, in the order in which they ended.
#[derive(Debug, Default)]
pub struct StageTimes(Mutex<Vec<(&'static str, Duration)>>);

impl StageTimes {
    /// Runs a stage and notes how long it took.
    pub(crate) fn run<T>(&self, name: &'static str, stage: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = stage();
        // A panic elsewhere leaves whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((name, start.elapsed()));
        value
    }

    /// Names and durations so far.
    pub fn so_far(&self) -> Vec<(&'static str, Duration)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The index, opened, and the passages as far as ranking goes.
pub(super) struct Searching {
    pub(super) index: IndexReader,
    /// Words of each passage.
    pub(super) n_words: Vec<u32>,
    /// The passages of each transcript among all passages.
    pub(super) ranges: Vec<Range<usize>>,
    /// The transcript of each passage.
    pub(super) transcript_of: Vec<u32>,
    /// By what each passage's score is multiplied, for who says it.
    pub(super) gains: Vec<f64>,
    /// The languages spoken, and what stems their words.
    pub(super) analyzers: Vec<Analyzer>,
}

impl Snapshot {
    /// Where the study's files are.
    pub fn root(&self) -> &Path {
        &self.folder.root
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
    /// [`StudyError::UnknownTranscript`] with the nearest known id.
    pub fn transcript_named(&self, id: &str) -> Result<usize, StudyError> {
        let stem = crate::transcripts::cases::stem_of;
        let bare = sources::find::id_of(id);
        let by = |test: &dyn Fn(&str) -> bool| {
            let mut found = (0..self.corpus.transcripts.len())
                .filter(|&t| test(&self.corpus.transcripts[t].id));
            found.next().filter(|_| found.next().is_none())
        };
        let found = by(&|known| known == id)
            .or_else(|| by(&|known| known == bare))
            .or_else(|| by(&|known| stem(known) == id))
            .or_else(|| by(&|known| self.as_pseudonym(known) == id))
            .or_else(|| by(&|known| self.as_pseudonym(stem(known)) == id));
        found.ok_or_else(|| {
            let ids = self.corpus.transcripts.iter().flat_map(|t| [t.id.as_str(), stem(&t.id)]);
            let list = || Remedy::by(Task::ListTranscripts, "see which there are");
            StudyError::UnknownTranscript {
                id: id.to_owned(),
                remedy: Remedy::nearest(id, ids, list),
            }
        })
    }

    /// Opens the index for reading, once.
    pub(super) fn searching(&self) -> Result<&Searching, StudyError> {
        if let Some(searching) = self.derived.searching.get() {
            return Ok(searching);
        }
        let index = self.open_index(&|_, _| {})?.value;
        let n_numbers =
            self.corpus.transcripts.iter().map(|t| t.number as usize + 1).max().unwrap_or(0);
        let mut offsets = vec![None; n_numbers];
        for (transcript, &offset) in self.corpus.transcripts.iter().zip(&self.corpus.offsets) {
            offsets[transcript.number as usize] = Some(offset);
        }
        let range = |(known, &offset): (&Known, &u32)| {
            offset as usize..offset as usize + known.passages.len()
        };
        let passages = || {
            (0..)
                .zip(&self.corpus.transcripts)
                .flat_map(|(t, known)| known.passages.iter().map(move |p| (t, p)))
        };
        let languages: BTreeSet<Language> =
            self.corpus.transcripts.iter().map(|t| t.language).collect();
        let analyzer = |language| Analyzer::new(language, &self.settings.analyzer());
        let searching = Searching {
            index: index.reader(&offsets)?,
            n_words: passages().map(|(_, passage)| passage.n_words).collect(),
            ranges: self.corpus.transcripts.iter().zip(&self.corpus.offsets).map(range).collect(),
            transcript_of: passages().map(|(t, _)| t).collect(),
            gains: passages()
                .map(|(t, passage)| match self.corpus.role_of(t as usize, passage.speaker) {
                    Role::Interviewer => search::INTERVIEWER_GAIN,
                    Role::Participant | Role::Other => 1.0,
                })
                .collect(),
            analyzers: languages.into_iter().map(analyzer).collect(),
        };
        Ok(self.derived.searching.get_or_init(|| searching))
    }
}
